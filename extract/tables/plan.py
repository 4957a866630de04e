"""Outline → plan: which piece of the text is which cell, the same for all reports with that outline.

Made once an outline, with the numbers hidden, and kept for the next report that has it: the tables of one
publishing system differ in nothing but their numbers. Where a row can be placed only by what its numbers add
up to, the plan keeps what was asked of them, and serves where the answers are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from extract.forms import ColumnKind, Form, load_forms
from extract.report import PrintedLabel, ReadBy, Section, Text
from extract.tables.ahead import move_back
from extract.tables.beside import part_bands
from extract.tables.cells import Planned, plan_cells
from extract.tables.composed import across_tables
from extract.tables.edition import choose_editions, form_table
from extract.tables.entries import Found, build_entries
from extract.tables.floating import give_back
from extract.tables.marks import Marker
from extract.tables.outline import Outline
from extract.tables.questions import Asked, Question
from extract.tables.rows import Piece, Row, split_rows
from extract.tables.spans import find_labels, find_stretches, keep_tables
from extract.tables.turned import turn_grids
from extract.tables.values import hide, is_value

KEPT = 128  # outlines; one takes about 50 kB
VARIANTS = 3  # plans of one outline, but for the newest
NOWHERE, BLANK = -1, -2


class Places(NamedTuple):
    """The planned cells, what is told of each in a column of its own, as `cells.Planned` has it.

    `spots` are the numbers of their pieces in the outline: `NOWHERE` without, `BLANK` where empty. `unlike`
    are the cells that are no mere count: of another kind, or in doubt. `loose` are the numbers of rows in
    which nobody knows whose they are, by the place of the row's first cell.
    """

    tables: Sequence[str] = ()
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    kinds: Sequence[ColumnKind] = ()
    labels: Sequence[str | None] = ()
    units: Sequence[str | None] = ()
    doubts: Sequence[str | None] = ()
    read_by: Sequence[ReadBy] = ()
    spots: Sequence[int] = ()
    unlike: frozenset[int] = frozenset()
    loose: Mapping[int, tuple[int, ...]] = {}


class LabelPlaces(NamedTuple):
    """The printed labels in columns, and the numbers of the first and last piece of each."""

    tables: Sequence[str] = ()
    ids: Sequence[str] = ()
    printed: Sequence[str] = ()
    statutory: Sequence[str] = ()
    misprinted: Sequence[bool] = ()
    first: Sequence[int] = ()
    last: Sequence[int] = ()


class Reach(NamedTuple):
    """Where a span begins or ends: at a `grid`, a `row` or a `spot` of that number."""

    kind: str
    number: int


class Guard(NamedTuple):
    """A question that was asked of the numbers, and the answer on which the plan rests."""

    question: Question
    names: tuple[str, ...]
    spots: tuple[int, ...]
    answer: bool


class Plan(NamedTuple):
    """All that reading found but the numbers."""

    form: str | None
    forms: dict[str, str]
    places: Places
    labels: LabelPlaces
    spans: tuple[tuple[Reach, Reach], ...]
    guards: tuple[Guard, ...]


@cache
def _plans() -> dict[tuple[object, ...], tuple[Plan, ...]]:
    return {}


def find_plan(text: Text, sections: Sequence[Section], outline: Outline) -> Plan:
    """The plan of a text with that outline."""
    plans = _plans()
    known = plans.pop(outline.key, ())
    plan = next((one for one in known if _serves(one, outline)), None)
    if plan is None:
        plan = make_plan(text, sections, outline)
        known = (*known[-VARIANTS:], plan)
        if len(plans) >= KEPT:
            plans.pop(next(iter(plans)), None)
    plans[outline.key] = known
    return plan


def _serves(plan: Plan, outline: Outline) -> bool:
    """Whether the numbers of this text answer as those did that the plan was made from."""
    for guard in plan.guards:
        texts = [outline.texts[spot] if spot >= 0 else "" for spot in guard.spots]
        if guard.question(texts, guard.names) is not guard.answer:
            return False
    return True


def make_plan(text: Text, sections: Sequence[Section], outline: Outline) -> Plan:
    """The plan made from the text itself."""
    forms = load_forms()
    marker = Marker(sections)
    rows = list(marker.mark(turn_grids(part_bands(map(_hide, split_rows(text))))))
    found = build_entries(rows, across_tables())
    move_back(found)
    give_back(found)
    stretches = find_stretches(text, rows, found)
    found = keep_tables(found, stretches)
    editions, overall = choose_editions(found, forms)
    refer = _Reference(outline)
    return Plan(
        overall,
        editions,
        refer.place(_cells(found, editions, forms)),
        refer.label(find_labels(text.text, found, editions)),
        tuple((refer.start(one.start), refer.end(one.end)) for one in stretches if one.kept),
        tuple(map(refer.guard, marker.asked)),
    )


def _hide(row: Row) -> Row:
    pieces, start, end, layout, grid, read_by = row
    if len(pieces) == 1 and not (pieces[0].text and is_value(pieces[0].text)):
        return row
    hidden = [
        Piece(hide(piece.text), piece.start, piece.end, piece.column, piece.span, piece.row_span)
        if piece.text and is_value(piece.text)
        else piece
        for piece in pieces
    ]
    return Row(tuple(hidden), start, end, layout, grid, read_by)


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
        filled = [
            (spot.start, spot.end, number) for number, spot in enumerate(spots) if spot.end > spot.start
        ]
        self.starts = {start: number for start, _, number in filled}
        self.ends = {end: number for _, end, number in filled}
        self.row_starts = {start: number for number, (start, _) in enumerate(outline.rows)}
        self.row_ends = {end: number for number, (_, end) in enumerate(outline.rows)}
        self.grid_starts = {start: number for number, (start, end) in enumerate(outline.grids)}
        self.grid_ends = {end: number for number, (start, end) in enumerate(outline.grids)}

    def place(self, cells: Iterable[Planned]) -> Places:
        planned = list(cells)
        if not planned:
            return Places()
        tables, rows, columns, kinds, labels, units, doubts, read_by, pieces, numbers = zip(*planned)
        spots = [
            NOWHERE if piece is None else self.starts[piece.start] if piece.text else BLANK
            for piece in pieces
        ]
        unlike = [at for at, (kind, doubt) in enumerate(zip(kinds, doubts)) if doubt or kind != "count"]
        loose = {
            at: tuple([self.starts[piece.start] for piece in found])
            for at, found in enumerate(numbers)
            if found and (at == 0 or rows[at - 1] != rows[at])
        }
        return Places(
            tables, rows, columns, kinds, labels, units, doubts, read_by, spots, frozenset(unlike), loose
        )

    def guard(self, asked: Asked) -> Guard:
        spots = tuple(self.starts[piece.start] if piece.text else BLANK for piece in asked.pieces)
        return Guard(asked.question, asked.names, spots, asked.answer)

    def label(self, labels: Iterable[PrintedLabel]) -> LabelPlaces:
        told = [
            (
                label.table,
                label.id,
                label.printed,
                label.statutory,
                label.misprinted,
                self.starts[label.start],
                self.ends[label.end],
            )
            for label in labels
        ]
        return LabelPlaces(*zip(*told))

    def start(self, offset: int) -> Reach:
        if offset in self.grid_starts:
            return Reach("grid", self.grid_starts[offset])
        if offset in self.row_starts:
            return Reach("row", self.row_starts[offset])
        return Reach("spot", self.starts[offset])

    def end(self, offset: int) -> Reach:
        if offset in self.grid_ends:
            return Reach("grid", self.grid_ends[offset])
        if offset in self.row_ends:
            return Reach("row", self.row_ends[offset])
        return Reach("spot", self.ends[offset])
