"""Figures of the narrative that repeat cells of the tables, and contradict them.

A figure agrees if it equals any admissible value of its wording, an approximation if the value lies within
its bounds; it contradicts only if none fits and every admissible value is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.check.evidence import Evidence, find, show_number
from extract.check.formulas import add_cells, cells_of, has_cells
from extract.check.knowledge import Claim, absence_fits, any_clue, any_word, claim_fits, load_knowledge
from extract.check.lists import (
    Match,
    marks_papers,
    match_applicant,
    match_common_result,
    match_outcome,
    match_result,
    match_share,
    match_stock,
    match_sum,
    on_disclosure,
    topic_fits,
)
from extract.check.mentions import Mention, by_paragraph, fold_years
from extract.check.pairing import pair_names
from extract.check.scope import (
    Whom,
    is_annual,
    is_area,
    is_foreign,
    is_own_total,
    is_reviewer,
    is_single_channel,
    names_a_cause,
    of_all_matters,
    of_one_channel,
    told_at_last,
)
from extract.check.wording import wording
from extract.patterns import late
from extract.report import Finding, Number

_OF_REQUESTS = ("carried_over", "carried_forward", "received", "received_or_given", "answered", "handled")
COUNT_UNITS = frozenset(["件", "份", "条", "起", "次", "宗", "例", "项", "个", "件次", "桩", "部", None])
_EACH = wording("each")
_CLAUSE_END = late(r"[，。；;,\n]")
_IN_PART = wording("in_part")
_BARE_ACT = wording("bare_act")
_ISSUED = wording("issued")
_PUBLISHED = wording("published")
_EXTENDED = wording("extended")
_RECOUNTED = wording("recounted")
_WHAT_FOR = wording("what_for")
_PLAIN_REQUEST = wording("plain_request")
_WITHDRAWN = wording("withdrawn")
_DONE_ALONE = wording("done_alone")


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
        whom: Whom = "self"
        untold: list[Mention] = []  # figures since the last that repeated cells
        for mention in pair_names(paragraph):
            untold.append(mention)
            match = match_figure(evidence, mention, before, asked=asked)
            if match is not None:
                whom = told_at_last(evidence, untold, whom)
                untold = []
            match = None if whom == "others" else match
            in_part = match is not None and (match.part or whom == "part")
            if match is not None and in_part and not _exceeds(evidence, mention, match):
                match = None
            if match is not None:
                asked = asked or match.claim in (
                    "received",
                    "received_bare",
                    "received_or_given",
                    "answered",
                    "handled",
                )
                yield mention, match
                result = None if in_part else match_common_result(evidence.report.text, mention, match)
                if result is not None and _agrees(evidence, mention, match):
                    yield mention, result
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
        return match_share(mention, before)
    if mention.figure.unit not in COUNT_UNITS:
        return None
    match = (
        match_result(mention)
        or match_outcome(mention, asked=asked)
        or match_applicant(mention, asked=asked)
        or match_sum(mention, before)
        or match_stock(evidence.report.text, mention, before)
        or _match_claim(evidence, mention, before)
    )
    if match is None or not is_own_total(evidence, mention) or _is_of_answered(mention, match, before):
        return None
    return match


def _exceeds(evidence: Evidence, mention: Mention, match: Match) -> bool:
    """Whether what is told of a part is more than the tables have of the whole, as it cannot be."""
    known = [add_cells(evidence, one) for one in match.values if has_cells(evidence, one)]
    low = mention.low
    return low is not None and all(one is not None and one < low for one in known)


def _is_of_answered(mention: Mention, match: Match, before: Sequence[Match | None]) -> bool:
    """答复60件，其中当年受理55件: those received among the answered, not all."""
    last = before[-1]
    return (
        match.claim.startswith("received")
        and mention.before.startswith("其中")
        and last is not None
        and last.claim in ("answered", "handled")
    )


def _match_claim(evidence: Evidence, mention: Mention, before: Sequence[Match | None]) -> Match | None:
    frame = mention.frame.removeprefix("、")
    if not any_clue().search(frame):
        return None
    for claim in load_knowledge().claims:
        if claim_fits(claim, frame) and (
            topic_fits(claim.needs, mention) or (claim.needs == "requests" and _goes_on(mention, before))
        ):
            if claim.id == "received" and _is_other_business(frame):
                return None
            if claim.id == "received" and _by_one_way(evidence, mention):
                return Match(claim.id, claim.values, part=True)
            if _is_part(evidence, mention, claim):
                return None
            if claim.id == "received" and (values := _of_applicant(mention)):
                return Match("applicant", (*values, *claim.values))
            both = claim.id == "review_both" and _EACH.search(mention.before)
            return Match(claim.id, claim.values[1:] if both else claim.values, all_of=bool(both))
    return None


def _goes_on(mention: Mention, before: Sequence[Match | None]) -> bool:
    """上年结转3件，办结42件: whether requests were just counted, though nobody has named them."""
    return mention.topic is None and any(one.claim in _OF_REQUESTS for one in before if one is not None)


def _is_other_business(frame: str) -> bool:
    """Whether the requests received are for something else than information: 受理房屋查询申请2.6万件."""
    if "公开" in frame:
        return False
    found = _WHAT_FOR.search(frame)
    return found is not None and _PLAIN_REQUEST.fullmatch(found["what"]) is None


def _of_applicant(mention: Mention) -> tuple[str, ...]:
    """The cells of the one kind of applicant that a count of requests names: 收到来自公民的申请46件."""
    pattern, cells = any_word("applicants")
    named = {cells[word] for word in pattern.findall(mention.before)}
    return named.pop() if len(named) == 1 and "组织" not in mention.before else ()


def _is_part(evidence: Evidence, mention: Mention, claim: Claim) -> bool:
    """Whether a count in the words of a claim is of a part of it, or of more."""
    text, end = evidence.report.text, mention.figure.end
    if claim.id.startswith("received"):
        one_channel = of_one_channel(evidence, mention)
        return one_channel or marks_papers(mention) or bool(_RECOUNTED.match(text, end))
    if claim.id in ("answered", "handled", "on_time"):
        alone = _DONE_ALONE.search(mention.before)
        return bool(alone or _EXTENDED.match(text, end) or _WITHDRAWN.search(mention.lead))
    if claim.id in ("reconsiderations", "litigations"):
        return is_reviewer(mention) or of_all_matters(evidence, mention)
    if not _BARE_ACT.match(mention.before):
        return False
    among = mention.before.startswith(("其中规范性", "其中行政规范性"))
    issued = _ISSUED.search(mention.lead.rpartition("；")[2])
    return bool(_PUBLISHED.search(mention.lead)) or (among and not issued)


def _by_one_way(evidence: Evidence, mention: Mention) -> bool:
    """Whether requests are counted that came by one way (信函, 当面), and as they were received."""
    recounted = _RECOUNTED.match(evidence.report.text, mention.figure.end)
    return is_single_channel(mention) and of_one_channel(evidence, mention) and not recounted


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
            on_reviews = absence.id.startswith(("reconsiderations", "litigations"))
            if on_reviews and not _denies_reviews(mention, clause):
                return None
            if not is_annual(mention) or is_foreign(evidence, mention) or is_reviewer(mention):
                return None
            if absence.id == "normative" and is_area(evidence):
                return None
            return Match(f"no {absence.id}", absence.values)
    return None


def _denies_reviews(mention: Mention, clause: str) -> bool:
    """Whether a denial of reviews or suits is of all those about disclosure."""
    return not names_a_cause(clause) and (on_disclosure(mention) or "复议" in clause)


def _compare(evidence: Evidence, mention: Mention, match: Match) -> Iterator[Finding]:
    if _agrees(evidence, mention, match) is False:
        formula = next(one for one in match.values if has_cells(evidence, one))
        yield _contradiction(evidence, mention, formula, add_cells(evidence, formula) or 0)


def _agrees(evidence: Evidence, mention: Mention, match: Match) -> bool | None:
    """Whether a figure fits the cells it repeats; None where one of them is blank or the form has none."""
    known = [add_cells(evidence, one) for one in match.values if has_cells(evidence, one)]
    numbers = [value for value in known if value is not None]
    if not known or len(numbers) < len(known):
        return None
    if match.claim == "share":
        return _share_agrees(evidence, mention, numbers)
    fits = [fits_bounds(mention, number) for number in numbers]
    return all(fits) if match.all_of else any(fits)


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
    low, high = mention.low, mention.high
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
