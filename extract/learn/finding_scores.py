"""Recall and precision of the findings, rule by rule: what was expected against what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extract.report import Finding, Value


class Expected(Value, frozen=True):
    """A finding that must be there: its rule, and a place that it names.

    `place` is a cell id, the surface of a span, or "" where the finding has no place or any will do. A rule
    in `allowed` may be found besides, because it follows from the same fault.
    """

    rule: str
    place: str = ""


class RuleScore(Value, frozen=True):
    """Counts of one rule over many reports."""

    rule: str
    right: int = 0
    false: int = 0
    missed: int = 0

    @property
    def recall(self) -> float | None:
        wanted = self.right + self.missed
        return self.right / wanted if wanted else None

    @property
    def precision(self) -> float | None:
        given = self.right + self.false
        return self.right / given if given else None

    def __add__(self, other: RuleScore) -> RuleScore:
        return RuleScore(
            self.rule, self.right + other.right, self.false + other.false, self.missed + other.missed
        )


def compare_findings(
    expected: Sequence[Expected],
    found: Sequence[Finding],
    text: str,
    *,
    allowed: frozenset[str] = frozenset(),
) -> tuple[dict[str, RuleScore], list[Expected], list[Finding]]:
    """Scores by rule of one report, with what was missed and what was found falsely.

    Each finding answers at most one expectation and each expectation at most one finding.
    """
    left = list(found)
    scores: dict[str, RuleScore] = {}
    missed: list[Expected] = []
    for one in expected:
        match = next((other for other in left if answers(other, one, text)), None)
        if match is None:
            missed.append(one)
            _count(scores, RuleScore(one.rule, missed=1))
        else:
            left.remove(match)
            _count(scores, RuleScore(one.rule, right=1))
    false = [one for one in left if one.rule not in allowed]
    for finding in false:
        _count(scores, RuleScore(finding.rule, false=1))
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


def _count(scores: dict[str, RuleScore], more: RuleScore) -> None:
    scores[more.rule] = scores.get(more.rule, RuleScore(more.rule)) + more


def add_scores(many: Iterable[dict[str, RuleScore]]) -> dict[str, RuleScore]:
    """The sums, rule by rule."""
    total: dict[str, RuleScore] = {}
    for scores in many:
        for score in scores.values():
            _count(total, score)
    return total


def score_rows(scores: dict[str, RuleScore]) -> list[tuple[str, ...]]:
    """Rows of a table: rule, right, false, missed, precision, recall; the sum of all in the last row."""
    everything = sum(scores.values(), RuleScore("all"))
    return [
        (
            one.rule,
            str(one.right),
            str(one.false),
            str(one.missed),
            *("—" if rate is None else f"{rate:.3f}" for rate in (one.precision, one.recall)),
        )
        for one in (*scores.values(), everything)
    ]
