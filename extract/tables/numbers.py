"""Plan → cells: the numbers in the form's unit, doubts named, labels and spans where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from extract.report import Cell, Doubt, Number, PrintedLabel, Tables, Text
from extract.tables.cells import Planned
from extract.tables.outline import Outline
from extract.tables.plan import BLANK, Plan, Reach
from extract.tables.spans import take_notes
from extract.tables.values import DIGITS, in_unit, read_value

_MONEY = ("元", "万元", "亿元")


def read_numbers(text: Text, outline: Outline, plan: Plan) -> Tables:
    """The tables of the text by the plan of its outline."""
    doubts: dict[tuple[str, str], list[str]] = {}
    unitless: list[str] = []
    cells: list[Cell] = []
    source, spots = text.text, outline.spots
    for planned, number in plan.places:
        table, row, column, kind, label, _, doubt, read_by, _ = planned
        if doubt:
            doubts.setdefault((table, doubt), []).append(f"{table}.{row}.{column}")
        if number >= 0:
            spot = spots[number]
            start, end = spot.start, spot.end
            raw = source[start:end]
            if kind == "count" and raw.isdecimal() and raw.isascii() and end - start <= DIGITS:
                value: Number | None = int(raw)  # nearly every cell there is
            else:
                value = _read(raw, planned, doubts, unitless)
            cells.append(Cell(table, row, column, value, raw, label, start, end, read_by))
        else:
            blank = "" if number == BLANK else None
            cells.append(Cell(table, row, column, None, blank, label, None, None, read_by))
    return Tables(
        form=plan.form,
        cells=tuple(cells),
        spans=tuple(take_notes(text, _spans(outline, plan))),
        labels=tuple(_labels(outline, plan)),
        doubts=tuple(Doubt(tuple(idents), reason) for (_, reason), idents in doubts.items()),
        unitless=tuple(unitless),
        forms=dict(plan.forms),
    )


def _read(
    raw: str, planned: Planned, doubts: dict[tuple[str, str], list[str]], unitless: list[str]
) -> Number | None:
    """The value of a cell that is no plain number, with what there is to say of it."""
    ident = f"{planned.table}.{planned.row}.{planned.column}"
    reading = read_value(raw, planned.kind)
    value = in_unit(reading, planned.kind, planned.unit)
    if reading.state == "unreadable" or (reading.state == "number" and value is None):
        reason = "what stands there is no number of the form"
        doubts.setdefault((planned.table, reason), []).append(ident)
    elif not reading.sure:
        doubts.setdefault((planned.table, "the digits stand apart"), []).append(ident)
    if planned.kind == "money" and value and planned.unit is None and reading.unit not in _MONEY:
        unitless.append(ident)
    return value


def _labels(outline: Outline, plan: Plan) -> Iterator[PrintedLabel]:
    spots = outline.spots
    for label, first, last in plan.labels:
        start, end = spots[first].start, spots[last].end
        if label.start == start and label.end == end:
            yield label
        else:
            table, ident, printed, statutory, misprinted = _parts(label)
            yield PrintedLabel(table, ident, printed, statutory, start, end, misprinted)


def _parts(label: PrintedLabel) -> tuple[str, str, str, str, bool]:
    return label.table, label.id, label.printed, label.statutory, label.misprinted


def _spans(outline: Outline, plan: Plan) -> Iterator[tuple[int, int]]:
    for first, last in plan.spans:
        yield _reach(outline, first)[0], _reach(outline, last)[1]


def _reach(outline: Outline, reach: Reach) -> tuple[int, int]:
    if reach.kind == "row":
        return outline.rows[reach.number]
    if reach.kind == "grid":
        return outline.grids[reach.number]
    spot = outline.spots[reach.number]
    return spot.start, spot.end
