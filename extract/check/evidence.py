"""What the checks look things up in: the cells of one report by id, and which of them were read surely."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import attrgetter

from extract.check.mentions import Mention, find_mentions
from extract.check.years import Place, find_year_places, reporting_year
from extract.report import (
    Cell,
    Finding,
    Number,
    Origin,
    Platform,
    Report,
    Section,
    Severity,
    Tables,
    Text,
    Unit,
    Value,
)

_TABLE: Callable[[Cell], str] = attrgetter("table")
_ROW: Callable[[Cell], str] = attrgetter("row")


class Evidence(Value, frozen=True, gc=False):
    """One report with its tables, indexed once for all rules.

    `shaky` holds the ids of cells whose reading is in doubt: a torn layout, or optical recognition.
    """

    report: Report
    tables: Tables
    text: Text
    cells: dict[str, Cell]
    shaky: frozenset[str]
    units: dict[str, Unit]
    by_table: dict[str, list[Cell]]
    by_row: dict[str, dict[str, list[Cell]]]  # table → row → cells
    mentions: tuple[Mention, ...]
    year: int | None  # the year that most places name, a stale title outvoted
    year_places: tuple[Place, ...]
    platforms: tuple[Platform, ...]  # in text order

    def value(self, cell_id: str) -> Number | None:
        """The number in a cell, None where it is blank or the form has no such cell."""
        cell = self.cells.get(cell_id)
        return None if cell is None else cell.value

    def of_table(self, table: str) -> list[Cell]:
        """The cells of one table, in the order of the form."""
        return self.by_table.get(table, [])

    def rows(self, table: str) -> list[str]:
        """The row ids of a table, in the order of the form, each once."""
        return list(self.by_row.get(table, ()))

    def origin(self, cell_ids: Iterable[str]) -> Origin:
        """`reading` where one of the cells was not read surely, else `report`."""
        return "report" if not self.shaky or self.shaky.isdisjoint(cell_ids) else "reading"

    def sections(self, section_id: str) -> list[Section]:
        return [section for section in self.report.sections if section.id == section_id]


def gather_evidence(report: Report, tables: Tables, text: Text) -> Evidence:
    """Index the cells and units of a report."""
    cells = {f"{cell.table}.{cell.row}.{cell.column}": cell for cell in tables.cells}
    shaky = {one for doubt in tables.doubts for one in doubt.cells}
    if any(cell.read_by == "ocr" for cell in tables.cells):
        shaky.update(cell.id for cell in tables.cells if cell.read_by == "ocr")
    # of a torn row nothing is sure: the one number left may be any column's (reports/002)
    if torn := {one.rpartition(".")[0] for one in shaky}:
        shaky.update(one for one in cells if one.rpartition(".")[0] in torn)
    units = {unit.id: unit for unit in report.units}
    places = () if report.year is None else tuple(find_year_places(report))
    year = reporting_year(report, list(places))
    platforms = tuple(sorted(report.platforms, key=lambda one: one.start))
    by_table = _group(cells.values(), _TABLE)
    by_row = {table: _group(rows, _ROW) for table, rows in by_table.items()}
    return Evidence(
        report,
        tables,
        text,
        cells,
        frozenset(shaky),
        units,
        by_table,
        by_row,
        find_mentions(report, units, year),
        year,
        places,
        platforms,
    )


def _group(cells: Iterable[Cell], key: Callable[[Cell], str]) -> dict[str, list[Cell]]:
    """The cells by table or row, in their order; they mostly come one group after the other."""
    groups: dict[str, list[Cell]] = {}
    for name, group in groupby(cells, key):
        groups.setdefault(name, []).extend(group)
    return groups


def find(
    rule: str,
    message: str,
    where: Iterable[str] = (),
    *,
    severity: Severity = "warning",
    origin: Origin = "report",
) -> Finding:
    """A finding; a warning on the report unless said otherwise."""
    return Finding(rule, severity, origin, message, tuple(where))


def show_number(value: Number | None) -> str:
    """A number as a person writes it.

    >>> show_number(12.0), show_number(5.419), show_number(None)
    ('12', '5.419', 'blank')
    """
    if value is None:
        return "blank"
    return str(int(value)) if value == int(value) else f"{value:g}"
