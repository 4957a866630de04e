"""What is told of a count made before: outcomes, applicants, results of reviews, shares, sums of two."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from extract.check.knowledge import any_word, load_knowledge
from extract.check.mentions import FIGURE, Mention
from extract.check.wording import wording
from extract.report import Value

_REQUEST_WORDS = wording("on_requests")
_DISCLOSURE = wording("on_disclosure")
_JUDGING = wording("judging")
_BARE_DISCLOSED = wording("bare_disclosed")
_APPLICANT_CLAUSE = wording("before_applicant")
_APPLICANT_TAIL = wording("behind_applicant")
_FORM_APPLICANT = wording("form_applicant")
_APPLICANT_FOLLOWS = wording("applicant_follows")
_LEADS_TO_APPLICANT = wording("leads_to_applicant")
_REVIEWED = wording("on_reviews")
_SUIT_ALONE = wording("suit_alone")
_NO_RESULT = wording("no_result")
_OTHER_PAPERS = wording("other_papers")
_SUM_UP = wording("sum_up")
_CONSULTED = wording("consulted")
_PAPERS_OF = wording("papers")
_COMMON_RESULT = wording("common_result")
_JUDGES = wording("judges")
_MARKED_PAPERS = wording("marked_papers")
_BEFORE_STOCK = wording("before_stock")
_AFTER_STOCK = wording("after_stock")
_SIFTED = wording("sifted")
_SHARE = wording("share")
_NAMED_SHARE = wording("named_share")
REVIEW_ROWS = {
    "reconsideration": ("review.reconsideration",),
    "litigation": (
        "review.litigation*",
        "review.litigation_direct",
        "review.litigation_after_reconsideration",
    ),
}


class Match(Value, frozen=True, gc=False):
    """What the tables say of a figure: the admissible sums of cells, and what it claims to be."""

    claim: str
    values: tuple[str, ...]
    all_of: bool = False  # each value by itself must agree (均为3件)
    part: bool = False  # a part of what the cells count: it contradicts them only where it is more


def topic_fits(needs: str | None, mention: Mention) -> bool:
    """Whether a figure stands among what a claim must be told of: `Claim.needs`, None for anything."""
    if needs is None:
        return True
    if needs == "disclosure":
        return on_disclosure(mention)
    on_requests = bool(_REQUEST_WORDS.search(mention.path)) or mention.section == "requests"
    if needs == "requests_named":
        return (
            "公开" in mention.frame or mention.topic == "requests" or (mention.topic is None and on_requests)
        )
    if needs == "request_heading":
        return on_requests and mention.topic in (None, "requests")
    return mention.topic == "requests" or (mention.topic is None and on_requests)


def on_disclosure(mention: Mention) -> bool:
    """Whether reviews and suits are those about disclosure, and not the cases that an agency judges."""
    if mention.section in ("review", "requests") or _DISCLOSURE.search(mention.lead):
        return True
    if _JUDGING.search(mention.before):
        return False
    return bool(_REVIEWED.search(mention.path)) or mention.section == "preamble"


def match_outcome(mention: Mention, *, asked: bool) -> Match | None:
    """Outcomes of requests, one or a list of them before a number (不予公开2件) or after it (3件予以公开)."""
    if not topic_fits("requests", mention) or marks_papers(mention):
        return None
    pattern, cells = any_word("outcomes")
    words = pattern.findall(mention.before) or pattern.findall(mention.after)
    if words:
        if any_word("applicants")[0].search(mention.before) or "主动公开" in mention.before:
            return None
        if _PAPERS_OF.match(mention.after):
            return None
        if "等" in mention.before or _CONSULTED.search(mention.frame):
            return None
        if _OTHER_PAPERS.search(mention.lead) and "申请" not in mention.lead:
            return None
        return Match("outcome", _sums([cells[word] for word in words]))
    if asked and _BARE_DISCLOSED.match(mention.before):
        return Match("outcome", cells["予以公开"])
    return None


def marks_papers(mention: Mention) -> bool:
    """Whether the sentence tells how the agency's own papers were marked for disclosure."""
    return "主动公开" in mention.lead and bool(_MARKED_PAPERS.search(mention.lead))


def _sums(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Each way to add one value of each list; also each alone, where a row stands with its group."""
    if len(lists) == 1:
        return lists[0]
    total: tuple[str, ...] = ("",)
    for values in lists[:4]:
        total = tuple(f"{left} + {value}".removeprefix(" + ") for left in total for value in values)
    return (*total, *(value for values in lists for value in values))


def match_applicant(mention: Mention, *, asked: bool) -> Match | None:
    """Applicants of what was received: 其中自然人10件, 2件为企业申请."""
    if not (asked or _FORM_APPLICANT.match(mention.before)) or not topic_fits("requests", mention):
        return None
    pattern, cells = any_word("applicants")
    found = pattern.search(mention.before)
    if found:
        head, tail = mention.before[: found.start()], mention.before[found.end() :]
        if _APPLICANT_CLAUSE.match(head.strip("、和及")) and _APPLICANT_TAIL.match(tail):
            return Match("applicant", cells[found.group()])
        return None
    if not _APPLICANT_FOLLOWS.fullmatch(mention.before):
        return None
    lead = _LEADS_TO_APPLICANT.match(mention.after)
    found = pattern.match(mention.after, lead.end()) if lead else None
    return Match("applicant", cells[found.group()]) if found else None


def match_result(mention: Mention) -> Match | None:
    """Results of the reviews or suits under way: 行政复议5件，其中维持3件、纠正1件."""
    rows = REVIEW_ROWS.get(mention.topic or "")
    if rows is None or not on_disclosure(mention):
        return None
    clause = mention.before + FIGURE + mention.after
    if _SUIT_ALONE.search(clause):
        return None
    pattern, cells = any_word("results")
    words = set(pattern.findall(mention.before) or pattern.findall(mention.after))
    if len(words) != 1 or _NO_RESULT.search(clause) or _JUDGES.search(mention.lead):
        return None
    values = cells[words.pop()]
    return Match("result", tuple(value.replace("@", row) for row in rows for value in values))


def match_common_result(text: str, mention: Mention, match: Match) -> Match | None:
    """被申请行政复议2件，均被维持: the result that all the cases just counted had."""
    rows = {"reconsiderations": "reconsideration", "litigations": "litigation"}.get(match.claim)
    figure = mention.figure
    if rows is None or figure.bound != "exact" or not figure.value:
        return None
    found = _COMMON_RESULT.match(text, figure.end, figure.end + 40)
    if found is None or (figure.value > 1 and not found["all"]):
        return None
    values = any_word("results")[1].get(found["what"], ())
    return Match("result", tuple(value.replace("@", row) for row in REVIEW_ROWS[rows] for value in values))


def match_share(mention: Mention, before: Sequence[Match | None]) -> Match | None:
    """占N% of what was just counted, 二者占N% of the last two: of the outcomes, or of what was received."""
    if "占" not in mention.before:
        return None
    said = mention.before.rpartition("、")[2]  # 30件予以公开、占50%
    found = _SHARE.match(said)
    if found is None and (named := _NAMED_SHARE.match(mention.before)):
        cells = any_word("applicants")[1] | any_word("outcomes")[1]
        values = cells.get(named["whose"])
        return Match("share", values) if values and topic_fits("requests", mention) else None
    shared = [one for one in (before if found and found["both"] else before[-1:]) if one is not None]
    if found is None or not shared or any(one.claim not in ("outcome", "applicant") for one in shared):
        return None
    if found["both"] is None:
        return replace(shared[0], claim="share")
    if len(shared) < 2:
        return None
    left, right = (one.values for one in shared)
    return Match("share", tuple(f"{one} + {other}" for one in left for other in right))


def match_sum(mention: Mention, before: Sequence[Match | None]) -> Match | None:
    """新收58件，上年结转5件，合计63件: the sum of the two before."""
    if None in before or not _SUM_UP.match(mention.before):
        return None
    claims = {one.claim.removesuffix("_bare").removesuffix("_or_given") for one in before if one is not None}
    if claims != {"received", "carried_over"}:
        return None
    return Match("to_answer", ("requests.received.total + requests.carried_over.total",))


def match_stock(text: str, mention: Mention, before: Sequence[Match | None]) -> Match | None:
    """制定规范性文件3件，废止2件，现行有效21件: what became of the documents counted before."""
    claims = {one.claim.partition("_")[0] for one in before if one is not None}
    if len(claims) != 1 or not mention.before:
        return None
    about = claims.pop()
    said = _AFTER_STOCK.sub("", mention.before).lstrip("、和及与")
    # 废止2件、宣布失效3件: the cell may count both
    lapsed = "失效" in text[mention.figure.end : mention.figure.end + 10]
    sifted = lapsed or _SIFTED.search(mention.lead)
    for stock in load_knowledge().stocks:
        for word in stock.words if stock.of == about else ():
            if said.endswith(word) and _BEFORE_STOCK.match(said.removesuffix(word)):
                return None if sifted else Match(f"{about}_stock", stock.values)
    return None
