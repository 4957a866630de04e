"""Problems and measures as tables: pairs within one report, and what became of last year's problems."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extract.quality.across import Comparison
from extract.quality.pairs import find_answers
from extract.quality.tables import Head
from extract.report import Report, Unit

_NO_UNIT = (None, None, None, None)


def _unit(unit: Unit | None) -> tuple[Any, ...]:
    return _NO_UNIT if unit is None else (unit.id, unit.start, unit.end, unit.text)


def pair_rows(head: Head, report: Report) -> Iterator[tuple[Any, ...]]:
    """A row a pair; a problem without a measure, and a measure without a problem, have a row of their own.

    Themes: those that both share, of a lone unit its own.
    """
    answers = find_answers(report)
    for pair in answers.pairs:
        shared = [theme for theme in pair.problem.themes if theme in pair.measure.themes]
        sides = (*_unit(pair.problem), *_unit(pair.measure))
        yield (*head.keys, *sides, pair.score, list(pair.signs), shared)
    for problem in answers.unanswered:
        yield (*head.keys, *_unit(problem), *_NO_UNIT, None, [], list(problem.themes))
    for measure in answers.unasked:
        yield (*head.keys, *_NO_UNIT, *_unit(measure), None, [], list(measure.themes))


def followup_rows(old: Head, new: Head, years: Comparison) -> Iterator[tuple[Any, ...]]:
    """A row a problem of last year and measure done this year; one row where there is no measure.

    The keys are those of this year's report, `other_key` is last year's.
    """
    for one in years.follow_ups:
        for pair in one.answers or (None,):
            yield (
                *new.keys,
                old.report_key,
                *_unit(one.problem),
                list(one.problem.themes),
                bool(one.answers),
                *_unit(pair.measure if pair else None),
                pair.score if pair else None,
                one.repeated is not None,
                *_unit(one.repeated),
                one.likeness,
            )
