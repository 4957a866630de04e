"""A report against that of the year before: what is said again, what is new, what was mended.

Texts are compared with names, places, years and numbers masked. Measures take the earlier report first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Literal

import numpy as np

from extract.quality.done import done_measures, names_last_year
from extract.quality.facts import Facts
from extract.quality.measure import Measure, rate, unknown
from extract.quality.pairs import Pair, find_own_problems, is_closer, weigh_answer
from extract.quality.years import CrossFinding, carry_agree, find_year_faults, not_consecutive, stock_gap
from extract.report import Report, Unit, Value
from extract.similarity.mask import masked
from extract.similarity.words import UnitWords, are_in, runs_of, unit_words

RUN = 8  # words: shorter runs are set phrases of the field
REPEATED = 0.8  # likeness from which a problem is the same problem
LIKE = 0.5  # likeness from which a unit counts as a changed form of an old one
ANSWERED = 0.2  # score of themes and wording from which a measure may answer last year's problem

Fate = Literal["kept", "copied", "changed", "new"]


class Kept(Value, frozen=True, gc=False):
    """A unit of this year, the unit of last year that it is most like (None where none is), and how like.

    kept: word for word but for names and numbers · copied: holds a run of 8 words of last year's report ·
    changed: like one of its units · new: neither.
    """

    unit: Unit
    fate: Fate
    old: Unit | None
    likeness: float


class FollowUp(Value, frozen=True, gc=False):
    """A problem of last year, what was done this year that may answer it, and its return as a problem."""

    problem: Unit
    answers: tuple[Pair, ...]
    repeated: Unit | None
    likeness: float  # of the problem to its repetition

    @property
    def measures(self) -> tuple[Unit, ...]:
        """The measures done this year that may answer it."""
        return tuple(pair.measure for pair in self.answers)


class Comparison:
    """Two reports of one agency, the earlier first; everything is computed when first asked for.

    Of two agencies (`one_agency` False) only the texts are compared: no number carries over.
    """

    def __init__(
        self,
        old: Report | Facts,
        new: Report | Facts,
        words: tuple[UnitWords, UnitWords] | None = None,
        *,
        one_agency: bool = True,
    ) -> None:
        self.one_agency = one_agency
        self.old = old if isinstance(old, Facts) else Facts(old)
        self.new = new if isinstance(new, Facts) else Facts(new)
        self._words = words

    @cached_property
    def words(self) -> tuple[UnitWords, UnitWords]:
        """The masked words of both, unit by unit; those handed over where there are any."""
        if self._words is not None:
            return self._words
        old, new = self.old.report, self.new.report
        return (
            unit_words([unit.text for unit in old.units], old.agency),
            unit_words([unit.text for unit in new.units], new.agency),
        )

    @cached_property
    def copied(self) -> list[bool]:
        """For each new unit: whether it holds a run of `RUN` words of last year's units."""
        old, new = self.words
        known = np.unique(runs_of(old, RUN)[0])
        runs, units = runs_of(new, RUN)
        copied = set(units[are_in(runs, known)].tolist())
        return [number in copied for number in range(len(self.new.report.units))]

    @cached_property
    def kept(self) -> tuple[Kept, ...]:
        """Each unit of this year with its fate, in text order."""
        old, new = self.old.report, self.new.report
        olds = [_bare(unit, old) for unit in old.units]
        news = [_bare(unit, new) for unit in new.units]
        likeness = like_texts(news, olds)
        found = []
        for number, unit in enumerate(new.units):
            best = int(likeness[number].argmax()) if olds else 0
            like = float(likeness[number][best]) if olds else 0.0
            fate: Fate = "kept" if like == 1.0 else "changed" if like >= LIKE else "new"
            if fate != "kept" and self.copied[number]:
                fate = "copied"
            source = old.units[best] if olds and fate != "new" else None
            found.append(Kept(unit, fate, source, round(like, 4)))
        return tuple(found)

    @cached_property
    def dropped(self) -> tuple[Unit, ...]:
        """The units of last year that no unit of this year comes from."""
        used = {one.old.id for one in self.kept if one.old is not None}
        return tuple(unit for unit in self.old.report.units if unit.id not in used)

    @cached_property
    def follow_ups(self) -> tuple[FollowUp, ...]:
        """Each problem of last year and what became of it, in last year's order."""
        problems, again = self.old.units("problem"), self.new.units("problem")
        done = done_measures(self.new.report)
        likeness = self._like(again, problems)
        found = []
        for number, problem in enumerate(problems):
            best = int(likeness[:, number].argmax()) if again else 0
            like = float(likeness[best, number]) if again else 0.0
            repeated = again[best] if like >= REPEATED else None
            weighed = [self._weigh(problem, unit, len(problems)) for unit in done]
            answers = tuple(pair for pair in weighed if pair.score >= ANSWERED)
            found.append(FollowUp(problem, answers, repeated, round(like, 4)))
        return tuple(found)

    @cached_property
    def _backward(self) -> frozenset[str]:
        return names_last_year(self.new.report.units, self.new.report.year)

    @cached_property
    def _own(self) -> Mapping[str, tuple[Unit, ...]]:
        return find_own_problems(self.new.report.units)

    def _weigh(self, problem: Unit, unit: Unit, problems: int) -> Pair:
        """How well a measure answers a problem of last year; one of this year's is not credited to it."""
        back = unit.id in self._backward
        own = self._own.get(unit.id, ())
        if not back and own and not is_closer(unit, problem, own):
            return Pair(problem, unit, 0.0, ())
        return weigh_answer(problem, unit, problems, back=back)

    def _like(self, news: Sequence[Unit], olds: Sequence[Unit]) -> np.ndarray:
        return like_texts(
            [_bare(unit, self.new.report) for unit in news], [_bare(unit, self.old.report) for unit in olds]
        )

    @cached_property
    def faults(self) -> tuple[CrossFinding, ...]:
        """Numbers that do not carry over, none between two agencies."""
        return find_year_faults(self.old, self.new) if self.one_agency else ()

    # ---- measures ----------------------------------------------------------------------------------------

    def self_similarity(self) -> Measure:
        """Cosine of the counts of masked words of all units, t and t−1. Range 0–1.

        Source: Brown and Tucker (2011), Large-sample evidence on firms' year-over-year MD&A modifications.
        """
        if reason := not_consecutive(self.old.report, self.new.report):
            return unknown(reason)
        (left, left_counts), (right, right_counts) = (
            np.unique(words.codes, return_counts=True) for words in self.words
        )
        norm = math.sqrt(int(left_counts @ left_counts) * int(right_counts @ right_counts))  # alike is just 1
        if not norm:
            return unknown("no_units")
        _, at_left, at_right = np.intersect1d(left, right, assume_unique=True, return_indices=True)
        return Measure(float(left_counts[at_left] @ right_counts[at_right]) / norm)

    def copied_share(self) -> Measure:
        """Characters in units that hold a run of 8 words found in t−1, masked / N. Range 0–1."""
        if reason := not_consecutive(self.old.report, self.new.report):
            return unknown(reason)
        units = self.new.report.units
        copied = sum(len(unit.text) for unit, copied in zip(units, self.copied) if copied)
        return rate(copied, self.new.characters, "no_units")

    def problem_repeat(self) -> Measure:
        """Problem units whose best match among the problems of t−1 is ≥ 0.8 / problem units. Range 0–1.

        Likeness: 2 × longest common subsequence / both lengths, of the masked texts.
        """
        if reason := not_consecutive(self.old.report, self.new.report):
            return unknown(reason)
        problems, olds = self.new.units("problem"), self.old.units("problem")
        if not olds:
            return unknown("no_problems")
        likeness = self._like(problems, olds)
        return rate(
            int((likeness.max(axis=1) >= REPEATED).sum()) if problems else 0, len(problems), "no_problems"
        )

    def followed_up(self) -> Measure:
        """Themes of last year's problems with a measure done this year / themes of last year's problems.

        Range 0–1. Done: told as past (已…, 针对去年…), not promised. Source: 条例第五十条（改进情况）.
        """
        if reason := not_consecutive(self.old.report, self.new.report):
            return unknown(reason)
        themes = {theme for unit in self.old.units("problem") for theme in unit.themes}
        done = {theme for unit in done_measures(self.new.report) for theme in unit.themes}
        return rate(len(themes & done), len(themes), "no_themes")


def _bare(unit: Unit, report: Report) -> str:
    """The masked text of a unit without the mark it ends with: an item may move within its list."""
    return masked(unit.text, report.agency).rstrip("；;。，,、")


def like_texts(left: Sequence[str], right: Sequence[str]) -> np.ndarray:
    """Likeness of each text to each: 2 × longest common subsequence / both lengths, shape (left, right)."""
    from rapidfuzz import fuzz, process

    if not left or not right:
        return np.zeros((len(left), len(right)))
    scores: np.ndarray = process.cdist(left, right, scorer=fuzz.ratio, dtype=np.float64, workers=1)
    return scores / 100.0


def _carried(years: Comparison, measure: Callable[[Facts, Facts], Measure]) -> Measure:
    return measure(years.old, years.new) if years.one_agency else unknown("other_agency")


# ---- everything of two years -----------------------------------------------------------------------------

PAIR_INDICATORS: Mapping[str, Callable[[Comparison], Measure]] = {
    "carry_agree": lambda years: _carried(years, carry_agree),
    "stock_gap": lambda years: _carried(years, stock_gap),
    "self_similarity": Comparison.self_similarity,
    "copied_share": Comparison.copied_share,
    "problem_repeat": Comparison.problem_repeat,
    "followed_up": Comparison.followed_up,
}


def measure_years(years: Comparison) -> dict[str, Measure]:
    """All indicators of two consecutive reports, in the order of `PAIR_INDICATORS`."""
    return {name: measure(years) for name, measure in PAIR_INDICATORS.items()}
