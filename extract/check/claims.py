"""Figures of the narrative that repeat cells of the tables, and contradict them.

A figure agrees if it equals any admissible value of its wording, an approximation if the value lies within
its bounds; it contradicts only if none fits and every admissible value is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from extract.check.evidence import Evidence, find, show_number
from extract.check.formulas import add_cells, cells_of, has_cells
from extract.check.knowledge import Claim, absence_fits, any_clue, any_word, claim_fits, load_knowledge
from extract.check.mentions import FIGURE, Mention, by_paragraph, fold_years
from extract.check.pairing import pair_names
from extract.check.scope import (
    is_annual,
    is_foreign,
    is_own_total,
    is_reviewer,
    names_a_cause,
    of_all_matters,
    of_one_channel,
)
from extract.patterns import late
from extract.report import Finding, Number, Value

COUNT_UNITS = frozenset(["件", "份", "条", "起", "次", "宗", "例", "项", "个", "件次", "桩", "部", None])
_REQUEST_WORDS = late(r"申请|答复|依申请")
_DISCLOSURE = late(r"信息公开|依申请|公开申请|申请公开|政务公开")
_JUDGING = late(r"办理|审理|审结|受理|承办")
_EACH = late(r"均|各|都")
_BARE_DISCLOSED = late(r"^(?:其中)?(?:依法|已)?公开(?:的)?$")
_APPLICANT_CLAUSE = late(r"^(?:其中)?(?:来自|由|为|属于|系|收到|受理|涉及)?$")
_APPLICANT_TAIL = late(
    r"^(?:的|类)?(?:提出|提交|递交|发起)?(?:的)?(?:政府信息公开|信息公开|公开)?(?:申请)?(?:的|共|为|有)*$"
)
_APPLICANT_FOLLOWS = late(r"(?:其中|有|另|另有)*")
_REVIEWED = late(r"申请|复议|诉讼")
_SUIT_ALONE = late(r"复议后|未经复议|直接起诉")
_NO_RESULT = late(r"驳回|撤诉|率|决定书")
_CLAUSE_END = late(r"[，。；;,\n]")
_IN_PART = late(r"上半年|季度|月份|个别|部分")
_OTHER_PAPERS = late(
    r"决定书|处罚|双公示|招投标|许可(?!申请)"
)  # published with exceptions: no outcomes of requests
_BARE_ACT = late(r"^、?(?:其中)?(?:行政)?(?:许可|处罚|强制|规范性文件|规章|政府规章)")
_ISSUED = late(r"制发|制定|印发|出台|制作")
_PUBLISHED = late(r"公开|公示|公布|发布|上网|归集")
_SUM_UP = late(r"^(?:两项)?(?:总共|共计|合计|总计|共|累计)(?:为|有|达|收到|受理)?(?:申请)?$")
_EXTENDED = late(
    r"[件份宗起]?[，,、；;][^。；;\d]{0,12}(?:延期|延长)[^。；;，,\d]{0,8}\d"
)  # 答复57件，延期答复3件
_CONSULTED = late(r"第三方[^，。；]{0,6}同意|征求")  # an opinion asked for, not an outcome
_SHARE = late(
    r"^(?P<both>(?:二者|两者|两项|这两类|公开类(?:的)?(?:答复|申请|决定)?)(?:合计|共计|共|之和)?|合计|共计)?(?:约)?"
    r"占(?:比|总数|总量|总申请量|(?:申请|答复|办结|办理|受理)(?:总数|总量|量)|全部(?:申请|答复)?)?(?:的|为|比为|达)*$"
)
_NAMED_SHARE = late(
    r"^(?:其中)?(?P<whose>[\u4e00-\u9fff]{2,8}?)(?:提出)?(?:的)?(?:申请)?(?:数量|数)?(?:约)?"
    r"占(?:比)?(?:总数|总量|总申请量|申请总量)?(?:的|为|比为|达)*$"
)
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


def check_narrative(evidence: Evidence) -> Iterator[Finding]:
    """A figure of the narrative that contradicts the tables."""
    for mention, match in match_figures(evidence):
        yield from _compare(evidence, mention, match)


def match_figures(evidence: Evidence) -> Iterator[tuple[Mention, Match]]:
    """Each figure that repeats cells, and which; in text order."""
    if not evidence.cells or not evidence.report.figures:
        return
    for paragraph in by_paragraph(evidence.mentions):
        before: tuple[Match | None, ...] = (None, None)
        asked = False  # requests of this agency were counted earlier in the paragraph
        for mention in pair_names(paragraph):
            match = match_figure(evidence, mention, before, asked=asked)
            if match is not None:
                asked = asked or match.claim in ("received", "received_bare", "answered")
                yield mention, match
            before = (before[1], match) if mention.figure.unit != "%" else before


def match_figure(
    evidence: Evidence,
    mention: Mention,
    before: Sequence[Match | None] = (None, None),
    *,
    asked: bool = False,
) -> Match | None:
    """The cells that a figure repeats, or None where it repeats none.

    `before` is what the two figures before it repeat; `asked` says that requests were counted before.
    """
    if mention.section == "problems" or mention.figure.bound == "about":
        return None
    if mention.figure.negated:
        return _match_absence(evidence, mention)
    if mention.figure.unit == "%":
        return _match_share(mention, before)
    if mention.figure.unit not in COUNT_UNITS:
        return None
    match = (
        _match_result(mention)
        or _match_outcome(mention, asked=asked)
        or _match_applicant(mention, asked=asked)
        or _match_sum(mention, before)
        or _match_claim(evidence, mention)
    )
    if match is None or not is_own_total(evidence, mention) or _is_of_answered(mention, match, before):
        return None
    return match


def _is_of_answered(mention: Mention, match: Match, before: Sequence[Match | None]) -> bool:
    """答复60件，其中当年受理55件: those received among the answered, not all."""
    last = before[-1]
    return (
        match.claim.startswith("received")
        and mention.before.startswith("其中")
        and last is not None
        and last.claim == "answered"
    )


def _match_sum(mention: Mention, before: Sequence[Match | None]) -> Match | None:
    """新收58件，上年结转5件，合计63件: the sum of the two before."""
    if None in before or not _SUM_UP.match(mention.before):
        return None
    claims = {one.claim.removesuffix("_bare") for one in before if one is not None}
    if claims != {"received", "carried_over"}:
        return None
    return Match("to_answer", ("requests.received.total + requests.carried_over.total",))


def _match_claim(evidence: Evidence, mention: Mention) -> Match | None:
    frame = mention.frame.removeprefix("、")
    if not any_clue().search(frame):
        return None
    for claim in load_knowledge().claims:
        if claim_fits(claim, frame) and _topic_fits(claim.needs, mention):
            if _is_part(evidence, mention, claim):
                return None
            if claim.id == "received" and (values := _of_applicant(mention)):
                return Match("applicant", (*values, *claim.values))
            both = claim.id == "review_both" and _EACH.search(mention.before)
            return Match(claim.id, claim.values[1:] if both else claim.values, all_of=bool(both))
    return None


def _of_applicant(mention: Mention) -> tuple[str, ...]:
    """The cells of the one kind of applicant that a count of requests names: 收到来自公民的申请46件."""
    pattern, cells = any_word("applicants")
    named = {cells[word] for word in pattern.findall(mention.before)}
    return named.pop() if len(named) == 1 and "组织" not in mention.before else ()


def _is_part(evidence: Evidence, mention: Mention, claim: Claim) -> bool:
    """Whether a count in the words of a claim is of a part of it, or of more."""
    if claim.id.startswith("received"):
        return of_one_channel(evidence, mention)
    if claim.id in ("answered", "on_time"):
        return bool(_EXTENDED.match(evidence.report.text, mention.figure.end))
    if claim.id in ("reconsiderations", "litigations"):
        return is_reviewer(mention) or of_all_matters(evidence, mention)
    if not _BARE_ACT.match(mention.before):
        return False
    among = mention.before.startswith(("其中规范性", "其中行政规范性"))
    issued = _ISSUED.search(mention.lead.rpartition("；")[2])
    return bool(_PUBLISHED.search(mention.lead)) or (among and not issued)


def _topic_fits(needs: str | None, mention: Mention) -> bool:
    if needs is None:
        return True
    if needs == "disclosure":
        return _on_disclosure(mention)
    on_requests = bool(_REQUEST_WORDS.search(mention.path)) or mention.section == "requests"
    if needs == "requests_named":
        return (
            "公开" in mention.frame or mention.topic == "requests" or (mention.topic is None and on_requests)
        )
    if needs == "request_heading":
        return on_requests and mention.topic in (None, "requests")
    return mention.topic == "requests" or (mention.topic is None and on_requests)


def _on_disclosure(mention: Mention) -> bool:
    """Whether reviews and suits are those about disclosure, and not the cases that an agency judges."""
    if mention.section in ("review", "requests") or _DISCLOSURE.search(mention.lead):
        return True
    if _JUDGING.search(mention.before):
        return False
    return bool(_REVIEWED.search(mention.path)) or mention.section == "preamble"


def _match_outcome(mention: Mention, *, asked: bool) -> Match | None:
    """Outcomes of requests, one or a list of them before a number (不予公开2件) or after it (3件予以公开)."""
    if not _topic_fits("requests", mention):
        return None
    pattern, cells = any_word("outcomes")
    words = pattern.findall(mention.before) or pattern.findall(mention.after)
    if words:
        if any_word("applicants")[0].search(mention.before) or "主动公开" in mention.before:
            return None
        if "等" in mention.before or _CONSULTED.search(mention.frame):
            return None
        if _OTHER_PAPERS.search(mention.lead) and "申请" not in mention.lead:
            return None
        return Match("outcome", _sums([cells[word] for word in words]), all_of=False)
    if asked and _BARE_DISCLOSED.match(mention.before):
        return Match("outcome", cells["予以公开"])
    return None


def _sums(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Each way to add one value of each list; also each alone, where a row stands with its group."""
    if len(lists) == 1:
        return lists[0]
    total: tuple[str, ...] = ("",)
    for values in lists[:4]:
        total = tuple(f"{left} + {value}".removeprefix(" + ") for left in total for value in values)
    return (*total, *(value for values in lists for value in values))


def _match_applicant(mention: Mention, *, asked: bool) -> Match | None:
    """Applicants of what was received: 其中自然人10件, 2件为企业申请."""
    if not asked or not _topic_fits("requests", mention):
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
    found = re.match(rf"(?:申请)?(?:为|系|是|由|来自|属于|属)({pattern.pattern})", mention.after)
    if found:
        return Match("applicant", cells[found.group(1)])
    return None


def _match_result(mention: Mention) -> Match | None:
    """Results of the reviews or suits under way: 行政复议5件，其中维持3件、纠正1件."""
    rows = REVIEW_ROWS.get(mention.topic or "")
    if rows is None or not _on_disclosure(mention):
        return None
    clause = mention.before + FIGURE + mention.after
    if _SUIT_ALONE.search(clause):
        return None
    pattern, cells = any_word("results")
    words = set(pattern.findall(mention.before) or pattern.findall(mention.after))
    if len(words) != 1 or _NO_RESULT.search(clause):
        return None
    values = cells[words.pop()]
    return Match("result", tuple(value.replace("@", row) for row in rows for value in values))


def _match_share(mention: Mention, before: Sequence[Match | None]) -> Match | None:
    """占N% of what was just counted, 二者占N% of the last two: of the outcomes, or of what was received."""
    if "占" not in mention.before:
        return None
    said = mention.before.rpartition("、")[2]  # 30件予以公开、占50%
    found = _SHARE.match(said)
    if found is None and (named := _NAMED_SHARE.match(mention.before)):
        cells = any_word("applicants")[1] | any_word("outcomes")[1]
        values = cells.get(named["whose"])
        return Match("share", values) if values and _topic_fits("requests", mention) else None
    shared = [one for one in (before if found and found["both"] else before[-1:]) if one is not None]
    if found is None or not shared or any(one.claim not in ("outcome", "applicant") for one in shared):
        return None
    if found["both"] is None:
        return replace(shared[0], claim="share")
    if len(shared) < 2:
        return None
    left, right = (one.values for one in shared)
    return Match("share", tuple(f"{one} + {other}" for one in left for other in right))


def _match_absence(evidence: Evidence, mention: Mention) -> Match | None:
    """A denial: 未收到政府信息公开申请, 未发生行政诉讼."""
    named = mention.figure.object or mention.after
    tail = evidence.report.text[mention.figure.end : mention.figure.end + 60]
    # 没有结转至下年度的申请: the verb may stand in the denial itself
    denial = fold_years(mention.figure.text + _CLAUSE_END.split(tail, maxsplit=1)[0], evidence.year)
    clause = mention.before + denial
    if _IN_PART.search(clause):
        return None
    for absence in load_knowledge().absences:
        carried = absence.id.startswith("carried")
        if absence_fits(absence, named, denial if carried else clause):
            if absence.id != "received" and not carried and not _denies_reviews(mention, clause):
                return None
            if not is_annual(mention) or is_foreign(evidence, mention):
                return None
            return Match(f"no {absence.id}", absence.values)
    return None


def _denies_reviews(mention: Mention, clause: str) -> bool:
    """Whether a denial of reviews or suits is of all those about disclosure."""
    return not names_a_cause(clause) and (_on_disclosure(mention) or "复议" in clause)


def _compare(evidence: Evidence, mention: Mention, match: Match) -> Iterator[Finding]:
    known = [(one, add_cells(evidence, one)) for one in match.values if has_cells(evidence, one)]
    if not known or any(value is None for _, value in known):
        return
    numbers = [value for _, value in known if value is not None]
    shown = numbers[:1]
    if match.claim == "share":
        agrees = _share_agrees(evidence, mention, numbers)
    else:
        fits = [fits_bounds(mention, number) for number in numbers]
        agrees = all(fits) if match.all_of else any(fits)
    if not agrees:
        yield _contradiction(evidence, mention, known[0][0], shown[0])


def _contradiction(evidence: Evidence, mention: Mention, formula: str, number: Number) -> Finding:
    cells = cells_of(evidence, formula)
    share = mention.figure.unit == "%"
    if share:
        cells.append("requests.total.total")
    says = f"{mention.before}{mention.figure.text}{mention.after}"
    message = (
        f"The narrative says “{says}”, but the table has {'a count of ' if share else ''}"
        f"{show_number(number)} for {formula}."
    )
    return find(
        "narrative_mismatch",
        message,
        [mention.place, *cells],
        severity="error",
        origin=evidence.origin(cells),
    )


def fits_bounds(mention: Mention, number: Number) -> bool:
    """Whether a number lies within the bounds that the figure states."""
    low, high = mention.figure.low, mention.figure.high
    return (low is None or number >= low - 1e-6) and (high is None or number <= high + 1e-6)


def _share_agrees(evidence: Evidence, mention: Mention, numbers: Sequence[Number]) -> bool:
    wholes = [
        add_cells(evidence, one)
        for one in (
            "requests.total.total",
            "requests.received.total",
            "requests.received.total + requests.carried_over.total",
            "statistics.answered.count",
        )
        if has_cells(evidence, one)
    ]
    if not wholes or None in wholes:
        return True
    decimals = len(mention.figure.text.rstrip("%％").partition(".")[2])
    slack = max(0.1, 0.5 * 10**-decimals) + 1e-9
    shares = [100 * number / whole for number in numbers for whole in wholes if whole]
    low, high = mention.figure.low, mention.figure.high
    return not shares or any(
        (low is None or share >= low - slack) and (high is None or share <= high + slack) for share in shares
    )
