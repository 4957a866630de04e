"""Plan → cells: the numbers in the form's unit, doubts named, labels and spans where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from extract.report import Cell, Doubt, Number, PrintedLabel, Tables, Text
from extract.tables.outline import Outline
from extract.tables.plan import BLANK, Place, Plan, Reach
from extract.tables.spans import take_notes
from extract.tables.values import DIGITS, in_unit, read_value

_MONEY = ("元", "万元", "亿元")
SMALL = {str(number): number for number in range(100)}  # nearly every count there is


def read_numbers(text: Text, outline: Outline, plan: Plan) -> Tables:
    """The tables of the text by the plan of its outline."""
    doubts: dict[tuple[str, str], list[str]] = {}
    unitless: list[str] = []
    cells: list[Cell] = []
    texts, spots = outline.texts, outline.spots
    for place in plan.places:
        table, row, column, kind, label, _, doubt, read_by, number = place
        if doubt:
            doubts.setdefault((table, doubt), []).append(f"{table}.{row}.{column}")
        if number >= 0:
            raw, spot = texts[number], spots[number]
            value: Number | None = SMALL.get(raw) if kind == "count" else None
            if value is None:
                value = _read(raw, place, doubts, unitless)
            cells.append(Cell(table, row, column, value, raw, label, spot.start, spot.end, read_by))
        else:
            blank = "" if number == BLANK else None
            cells.append(Cell(table, row, column, None, blank, label, None, None, read_by))
    return Tables(
        form=plan.form,
        cells=tuple(cells),
        spans=tuple(take_notes(text, _spans(outline, plan))),
        labels=tuple(
            [
                PrintedLabel(
                    table, ident, printed, statutory, spots[first].start, spots[last].end, misprinted
                )
                for table, ident, printed, statutory, misprinted, first, last in plan.labels
            ]
        ),
        doubts=tuple(Doubt(tuple(idents), reason) for (_, reason), idents in doubts.items()),
        unitless=tuple(unitless),
        forms=dict(plan.forms),
    )


def _read(
    raw: str, place: Place, doubts: dict[tuple[str, str], list[str]], unitless: list[str]
) -> Number | None:
    """The value of a cell, with what there is to say of it."""
    if place.kind == "count" and raw.isdecimal() and raw.isascii() and len(raw) <= DIGITS:
        return int(raw)
    ident = f"{place.table}.{place.row}.{place.column}"
    reading = read_value(raw, place.kind)
    value = in_unit(reading, place.kind, place.unit)
    if reading.state == "unreadable" or (reading.state == "number" and value is None):
        reason = "what stands there is no number of the form"
        doubts.setdefault((place.table, reason), []).append(ident)
    elif not reading.sure:
        doubts.setdefault((place.table, "the digits stand apart"), []).append(ident)
    if place.kind == "money" and value and place.unit is None and reading.unit not in _MONEY:
        unitless.append(ident)
    return value


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
