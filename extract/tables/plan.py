"""Outline → plan: which piece of the text is which cell, the same for all reports with that outline.

Made once an outline, with the numbers hidden, and kept for the next report that has it: the tables of one
publishing system differ in nothing but their numbers. Where a row can be placed only by what its numbers add
up to, the plan is made anew for each report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from extract.forms import Form, load_forms
from extract.report import PrintedLabel, Section, Text
from extract.tables.cells import Planned, plan_cells
from extract.tables.edition import choose_editions, form_table
from extract.tables.entries import Found, build_entries
from extract.tables.marks import Marker
from extract.tables.outline import Outline
from extract.tables.rows import Row, split_rows
from extract.tables.spans import find_labels, find_stretches, keep_tables
from extract.tables.values import HIDDEN, NumbersDecide, is_value

KEPT = 128  # plans; one takes about 50 kB
NOWHERE, BLANK = -1, -2


class Place(NamedTuple):
    """A planned cell, and the number of its piece in the outline: `NOWHERE` without, `BLANK` where empty."""

    cell: Planned
    spot: int


class Reach(NamedTuple):
    """Where a span begins or ends: at a `grid`, a `row` or a `spot` of that number."""

    kind: str
    number: int


class Plan(NamedTuple):
    """All that reading found but the numbers; labels carry the numbers of their first and last piece."""

    form: str | None
    forms: dict[str, str]
    places: tuple[Place, ...]
    labels: tuple[tuple[PrintedLabel, int, int], ...]
    spans: tuple[tuple[Reach, Reach], ...]


@cache
def _plans() -> dict[tuple[object, ...], Plan | None]:
    return {}


def find_plan(text: Text, sections: Sequence[Section], outline: Outline) -> Plan:
    """The plan of a text with that outline."""
    plans = _plans()
    if outline.key in plans:
        plan = plans.pop(outline.key)
    else:
        try:
            plan = make_plan(text, sections, outline, hidden=True)
        except NumbersDecide:
            plan = None
        if len(plans) >= KEPT:
            plans.pop(next(iter(plans)), None)
    plans[outline.key] = plan
    return plan if plan is not None else make_plan(text, sections, outline, hidden=False)


def make_plan(text: Text, sections: Sequence[Section], outline: Outline, *, hidden: bool) -> Plan:
    """The plan made from the text itself.

    Raises `NumbersDecide` where the numbers are hidden and the reading depends on them.
    """
    forms = load_forms()
    across = frozenset(table.id for form in forms for table in form.tables if table.rows_across)
    lines = split_rows(text)
    rows = list(Marker(sections).mark(map(_hide, lines) if hidden else lines))
    found = build_entries(rows, across)
    stretches = find_stretches(text, rows, found)
    found = keep_tables(found, stretches)
    editions, overall = choose_editions(found, forms)
    refer = _Reference(outline)
    return Plan(
        overall,
        editions,
        tuple(refer.place(cell) for cell in _cells(found, editions, forms)),
        tuple(map(refer.label, find_labels(text.text, found, editions))),
        tuple((refer.start(one.start), refer.end(one.end)) for one in stretches if one.kept),
    )


def _hide(row: Row) -> Row:
    pieces = row.pieces
    shown = tuple(
        piece._replace(text=HIDDEN) if piece.text and is_value(piece.text) else piece for piece in pieces
    )
    return row._replace(pieces=shown)


def _cells(found: Found, editions: dict[str, str], forms: tuple[Form, ...]) -> Iterator[Planned]:
    order = [table.id for form in reversed(forms) for table in form.tables]
    for name in sorted(editions, key=order.index):
        table = form_table(forms, editions[name], name)
        if table is not None:
            yield from plan_cells(found, table)


class _Reference:
    """Offsets of one text as numbers of pieces, rows and grids of its outline."""

    def __init__(self, outline: Outline) -> None:
        spots = outline.spots
        self.starts = {spot.start: number for number, spot in enumerate(spots) if spot.end > spot.start}
        self.ends = {spot.end: number for number, spot in enumerate(spots) if spot.end > spot.start}
        self.row_starts = {start: number for number, (start, _) in enumerate(outline.rows)}
        self.row_ends = {end: number for number, (_, end) in enumerate(outline.rows)}
        self.grid_starts = {start: number for number, (start, end) in enumerate(outline.grids)}
        self.grid_ends = {end: number for number, (start, end) in enumerate(outline.grids)}

    def place(self, cell: Planned) -> Place:
        if cell.piece is None:
            return Place(cell, NOWHERE)
        spot = self.starts[cell.piece.start] if cell.piece.text else BLANK
        return Place(cell._replace(piece=None), spot)

    def label(self, label: PrintedLabel) -> tuple[PrintedLabel, int, int]:
        return label, self.starts[label.start], self.ends[label.end]

    def start(self, offset: int) -> Reach:
        if offset in self.grid_starts:
            return Reach("grid", self.grid_starts[offset])
        if offset in self.row_starts:
            return Reach("row", self.row_starts[offset])
        return Reach("spot", self.starts[offset])

    def end(self, offset: int) -> Reach:
        if offset in self.grid_ends:
            return Reach("grid", self.grid_ends[offset])
        return Reach("row", self.row_ends[offset])
