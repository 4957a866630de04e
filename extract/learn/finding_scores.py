"""Recall and precision of the findings, rule by rule: what was expected against what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extract.learn.score import Score
from extract.report import Finding, Value


class Expected(Value, frozen=True):
    """A finding that must be there: its rule, and a place that it names.

    `place` is a cell id, the surface of a span, or "" where the finding has no place or any will do. A rule
    in `allowed` may be found besides, because it follows from the same fault.
    """

    rule: str
    place: str = ""


def compare_findings(
    expected: Sequence[Expected],
    found: Sequence[Finding],
    text: str,
    *,
    allowed: frozenset[str] = frozenset(),
) -> tuple[dict[str, Score], list[Expected], list[Finding]]:
    """Scores by rule of one report, with what was missed and what was found falsely.

    Each finding answers at most one expectation and each expectation at most one finding.
    """
    left = list(found)
    scores: dict[str, Score] = {}
    missed: list[Expected] = []
    for one in expected:
        match = next((other for other in left if answers(other, one, text)), None)
        if match is None:
            missed.append(one)
            _count(scores, one.rule, Score(missed=1))
        else:
            left.remove(match)
            _count(scores, one.rule, Score(right=1))
    false = [one for one in left if one.rule not in allowed]
    for finding in false:
        _count(scores, finding.rule, Score(false=1))
    return scores, missed, false


def answers(finding: Finding, expected: Expected, text: str) -> bool:
    """Whether a finding is the one expected: the rule is the same and the place is among those it names."""
    if finding.rule != expected.rule:
        return False
    return not expected.place or any(_names(where, expected.place, text) for where in finding.where)


def _names(where: str, place: str, text: str) -> bool:
    if where == place:
        return True
    start, colon, end = where.partition(":")
    if not (colon and start.isdecimal() and end.isdecimal()):
        return False
    surface = "".join(text[int(start) : int(end)].split())
    squeezed = "".join(place.split())
    return surface == squeezed or (len(squeezed) > 3 and squeezed in surface)


def _count(scores: dict[str, Score], rule: str, more: Score) -> None:
    scores[rule] = scores.get(rule, Score()) + more


def add_scores(many: Iterable[dict[str, Score]]) -> dict[str, Score]:
    """The sums, rule by rule."""
    total: dict[str, Score] = {}
    for scores in many:
        for rule, score in scores.items():
            _count(total, rule, score)
    return total
