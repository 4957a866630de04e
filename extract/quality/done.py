"""Which measures were taken, and which are only promised: by what a unit says and by what stands over it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.quality.anchors import pattern
from extract.quality.facts import is_lead_in
from extract.report import Report, Unit

# A year in the name of a plan, or at the end of a span of years, promises nothing.
_YEAR = re.compile(r"《[^《》]{1,80}》|(?<![\d—–－~～至-])(20\d\d)\s?年")


def done_measures(report: Report) -> list[Unit]:
    """The measures of a report that were taken, in text order.

    A promise governs what it leads into: an item of 2025年将从三方面改进 is promised, unless told itself
    as done.
    """
    return [
        unit
        for unit, head in _governed(report)
        if is_done(unit, report.year) and _is_done_under(unit, head, report.year)
    ]


def is_done(unit: Unit, year: int | None = None) -> bool:
    """Whether a unit by itself is a measure that was taken, not only promised; `year`: what it reports on.

    On 70 measures of the corpus read by a person (November 2026): 14 of 15 found, one false.

    >>> is_done(Unit("u1", "problems", (), None, "针对去年更新慢的问题，已增设预警。", 0, 17, "measure"))
    True
    """
    if unit.kind != "measure" or is_lead_in(unit):
        return False
    done, promised = pattern("done").search(unit.text), _promise(unit.text, year)
    if promised is not None:
        return done is not None and done.start() < promised
    # what mends a fault in 总体情况 is told as work of the year
    return bool(done or unit.section == "overview" or looks_back(unit))


def looks_back(unit: Unit) -> bool:
    """Whether a unit stands under a heading on what became of earlier problems."""
    return pattern("looks_back").search("/".join(unit.path)) is not None


def _promise(text: str, year: int | None) -> int | None:
    """Where a text begins to promise: at 下一步 and the like, or at a year after that of the report."""
    found = pattern("promised").search(text)
    starts = [found.start()] if found else []
    if year is not None:
        starts += [one.start() for one in _YEAR.finditer(text) if one[1] and int(one[1]) > year]
    return min(starts, default=None)


def _promises(unit: Unit, year: int | None) -> bool:
    promised, done = _promise(unit.text, year), pattern("done").search(unit.text)
    return promised is not None and (done is None or done.start() > promised)


def _governed(report: Report) -> Iterator[tuple[Unit, Unit | None]]:
    """Each unit with the promise that it stands under, None where it stands under none."""
    head: Unit | None = None
    before: Unit | None = None
    for unit in report.units:
        if head is not None and before is not None and _ends(head, before, unit, report.text):
            head = None
        yield unit, head
        if unit.marker is None or is_lead_in(unit):
            if _promises(unit, report.year):
                head = unit
            elif is_lead_in(unit) or pattern("done_itself").search(unit.text):
                head = None
        before = unit


def _ends(head: Unit, before: Unit, unit: Unit, text: str) -> bool:
    """Whether a promise no longer governs: elsewhere, at a problem, in a paragraph that is no item of it."""
    if (unit.section, unit.path) != (head.section, head.path) or unit.kind == "problem":
        return True
    if unit.marker is not None or "\n" not in text[before.end : unit.start]:
        return False
    return not (before is head and is_lead_in(head))


def _is_done_under(unit: Unit, head: Unit | None, year: int | None) -> bool:
    """Whether a unit is told as done in spite of a promise over it, a heading such as 下一步打算 too.

    An item must say so plainly; a sentence that only comes after a promise, by any sign.
    """
    heading = any(_promise(title, year) is not None for title in unit.path) and not looks_back(unit)
    if head is None and not heading:
        return True
    plainly = heading or unit.marker is not None or (head is not None and is_lead_in(head))
    return pattern("done_itself" if plainly else "done").search(unit.text) is not None


def names_last_year(units: Sequence[Unit], year: int | None) -> frozenset[str]:
    """The ids of the units that name the year before `year`, or stand under a heading that looks back."""
    stated = f"{year - 1}年" if year is not None else None
    return frozenset(
        unit.id
        for unit in units
        if looks_back(unit) or pattern("last_year").search(unit.text) or (stated and stated in unit.text)
    )
