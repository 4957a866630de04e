"""What the checks look things up in: the cells of one report by id, and which of them were read surely."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from extract.check.layout import Layout, lay_out
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
)


class Evidence:
    """One report with its tables, indexed once for all rules; what only some of them ask for is lazy.

    `cells` and `values`, their numbers, lie in the order of `layout`.
    """

    def __init__(
        self, report: Report, tables: Tables, text: Text, cells: Sequence[Cell], layout: Layout
    ) -> None:
        self.report = report
        self.tables = tables
        self.text = text
        self.cells = cells
        self.layout = layout
        self.values = [cell.value for cell in cells]
        self.sections: dict[str, list[Section]] = {}
        for section in report.sections:
            self.sections.setdefault(section.id, []).append(section)

    @cached_property
    def blank(self) -> list[int]:
        """The places of the cells that hold no number."""
        return [place for place, value in enumerate(self.values) if value is None]

    @cached_property
    def whole_rows(self) -> dict[str, dict[str, list[Any]]]:
        """Table → row → its numbers, of the tables in which no cell is blank and all rows are alike.

        The last number of a row is its total.
        """
        found = {}
        for name, table in self.layout.tables.items():
            first, last, width = table.places[0], table.places[-1] + 1, table.width
            if width and not any(first <= place < last for place in self.blank):
                starts = range(first, last, width)
                found[name] = {row: self.values[at : at + width] for row, at in zip(table.rows, starts)}
        return found

    @cached_property
    def shaky(self) -> frozenset[str]:
        """The ids of cells whose reading is in doubt: a torn layout, or optical recognition."""
        shaky = {one for doubt in self.tables.doubts for one in doubt.cells}
        shaky.update([cell.id for cell in self.tables.cells if cell.read_by == "ocr"])
        # of a torn row nothing is sure: the one number left may be any column's (reports/002)
        if torn := {one.rpartition(".")[0] for one in shaky}:
            shaky.update(one for one in self.layout.ids if one.rpartition(".")[0] in torn)
        return frozenset(shaky)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """The figures of the narrative in their clauses, in text order."""
        return find_mentions(self.report, self.year)

    @cached_property
    def year(self) -> int | None:
        """The year that most places name, a stale title outvoted."""
        return reporting_year(self.report, self.year_places)

    @cached_property
    def year_places(self) -> list[Place]:
        return [] if self.report.year is None else list(find_year_places(self.report))

    @cached_property
    def platforms(self) -> list[Platform]:
        """The platforms in text order."""
        return sorted(self.report.platforms, key=lambda one: one.start)

    def cell(self, cell_id: str) -> Cell | None:
        """The cell of an id, None where the form has no such cell."""
        place = self.layout.places.get(cell_id)
        return None if place is None else self.cells[place]

    def value(self, cell_id: str) -> Number | None:
        """The number in a cell, None where it is blank or the form has no such cell."""
        return self.at(self.layout.places.get(cell_id))

    def at(self, place: int | None) -> Number | None:
        """The number at a place of the layout, None where there is no such place."""
        return None if place is None else self.values[place]

    def of_table(self, table: str) -> list[Cell]:
        """The cells of one table, in the order of the form."""
        found = self.layout.tables.get(table)
        return [self.cells[place] for place in found.places] if found else []

    def origin(self, cell_ids: Iterable[str]) -> Origin:
        """`reading` where one of the cells was not read surely, else `report`."""
        return "report" if self.shaky.isdisjoint(cell_ids) else "reading"


def gather_evidence(report: Report, tables: Tables, text: Text) -> Evidence:
    """The cells of a report laid out for the rules; of cells with one id the last counts."""
    cells: Sequence[Cell] = tables.cells
    layout = _lay_out(cells)
    if len(layout.places) < len(cells):
        cells = list({cell.id: cell for cell in cells}.values())
        layout = _lay_out(cells)
    return Evidence(report, tables, text, cells, layout)


def _lay_out(cells: Sequence[Cell]) -> Layout:
    return lay_out(
        tuple([cell.table for cell in cells]),
        tuple([cell.row for cell in cells]),
        tuple([cell.column for cell in cells]),
    )


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
