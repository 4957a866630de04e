"""One report indexed once for all indicators: cells by id, units by kind, what is specific in each unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, wraps

from extract.check.evidence import Evidence, gather_evidence
from extract.quality.anchors import find_specifics
from extract.quality.measure import Measure
from extract.report import Cell, Figure, Number, Platform, Report, Tables, Text, Unit

_LEAD_IN = re.compile(
    r"(?:以下|如下|下面|下列|几个方面|几方面|[一二三四五六七八九两]个?方面|几点)[^。；]{0,14}$"
)
_BARE = re.compile(
    r"(?:存在|面临|暴露出)[^，。；]{0,18}(?:问题|不足|短板|弱项|差距|薄弱环节|困难)[^，。；]{0,6}[。；]?$"
)
_TAIL = 40  # characters in which an admission ends
NOT_OUTCOMES = frozenset(["received", "carried_over", "total", "carried_forward"])


class Facts:
    """A report and what the indicators look up in it, each computed when first asked for."""

    def __init__(self, report: Report) -> None:
        self.report = report

    @cached_property
    def cells(self) -> Mapping[str, Number | None]:
        """Cell id → number, None where the cell is blank."""
        return {f"{cell.table}.{cell.row}.{cell.column}": cell.value for cell in self.report.cells}

    @cached_property
    def tables(self) -> frozenset[str]:
        """The tables that the report has."""
        return frozenset(cell.table for cell in self.report.cells)

    @cached_property
    def characters(self) -> int:
        """N: the characters of all units."""
        return sum(len(unit.text) for unit in self.report.units)

    def may_have_lost(self, *sections: str) -> bool:
        """Whether the text breaks off, and the rest of it may have held one of these sections."""
        if not any(one.rule == "missing_section" and one.origin == "reading" for one in self.report.findings):
            return False
        return not {section.id for section in self.report.sections}.issuperset(sections)

    def units(self, kind: str) -> list[Unit]:
        """The units of a kind that say something: see `stated_units`."""
        return stated_units(self.report.units, kind)

    @cached_property
    def figures(self) -> Mapping[str, list[Figure]]:
        """Unit id → its figures, stated absences left out."""
        found: dict[str, list[Figure]] = {}
        for figure in self.report.figures:
            if figure.unit_id is not None and not figure.negated:
                found.setdefault(figure.unit_id, []).append(figure)
        return found

    @cached_property
    def platforms(self) -> Mapping[str, list[Platform]]:
        """Unit id → the platforms named in it."""
        found: dict[str, list[Platform]] = {}
        for platform in self.report.platforms:
            if platform.unit_id is not None:
                found.setdefault(platform.unit_id, []).append(platform)
        return found

    @cached_property
    def specifics(self) -> Mapping[str, int]:
        """Unit id → how many specific things it names: see `find_specifics`."""
        return {
            unit.id: len(
                find_specifics(
                    unit, self.figures.get(unit.id, ()), self.platforms.get(unit.id, ()), self.report.agency
                )
            )
            for unit in self.report.units
        }

    @cached_property
    def evidence(self) -> Evidence:
        """The index of the checks, without the doubts of the reading."""
        report = self.report
        return gather_evidence(report, Tables(report.form, report.cells, ()), Text(report.text, ()))

    # ---- the requests table: a blank is a nought only where the sums say so --------------------------------

    @cached_property
    def outcomes(self) -> Mapping[str, Number | None]:
        """Row of the requests table → this year's outcomes over all applicants."""
        rows = {
            cell.row: cell.value
            for cell in self.report.cells
            if cell.table == "requests" and cell.column == "total" and cell.row not in NOT_OUTCOMES
        }
        return _fill(rows, self.cells.get("requests.total.total"))

    def flow(self, row: str) -> Number | None:
        """A row of received, carried_over, total and carried_forward, over all applicants."""
        value = self.cells.get(f"requests.{row}.total")
        if value is not None or f"requests.{row}.total" not in self.cells:
            return value
        signs = {"received": 1, "carried_over": 1, "total": -1, "carried_forward": -1}
        known = [(sign, self.cells.get(f"requests.{one}.total")) for one, sign in signs.items()]
        stated = [sign * number for sign, number in known if number is not None]
        return 0 if len(stated) >= 2 and sum(stated) == 0 else None

    def review(self, row: str) -> Mapping[str, Number | None]:
        """Column → number, of a row of the review table."""
        cells: list[Cell] = [one for one in self.report.cells if one.table == "review" and one.row == row]
        values = {cell.column: cell.value for cell in cells}
        total = values.get("total")
        return _fill({name: value for name, value in values.items() if name != "total"}, total) | {
            "total": total
        }


def _fill(parts: Mapping[str, Number | None], total: Number | None) -> dict[str, Number | None]:
    """The parts, a blank one 0 where the known ones already make up the total."""
    known = sum(value for value in parts.values() if value is not None)
    if total is None or known != total:
        return dict(parts)
    return {name: value or 0 for name, value in parts.items()}


def is_lead_in(unit: Unit) -> bool:
    """Whether a unit only leads into others (存在以下问题：), so that it states nothing to count.

    >>> is_lead_in(Unit("u1", "problems", (), None, "主要存在以下问题：", 0, 9))
    True
    """
    text = unit.text.rstrip()
    if unit.themes and len(text) > 30:
        return False
    return text.endswith(("：", ":")) or (not unit.themes and bool(_LEAD_IN.search(text.rstrip("。"))))


def stated_units(units: Sequence[Unit], kind: str) -> list[Unit]:
    """The units of a kind that say something: without those that only lead into others.

    A bare admission (仍存在一些不足。) counts only where nothing else of its kind is said.
    """
    stated = [unit for unit in units if unit.kind == kind and not is_lead_in(unit)]
    told = [unit for unit in stated if unit.themes or not _BARE.search(unit.text[-_TAIL:])]
    return told or stated


def indicator(function: Callable[[Facts], Measure]) -> Callable[[Report | Facts], Measure]:
    """A function of `Facts` made one of a `Report`; many of them may share one `Facts`."""

    @wraps(function)
    def measured(subject: Report | Facts) -> Measure:
        return function(subject if isinstance(subject, Facts) else Facts(subject))

    return measured
