"""Plan → cells: the numbers in the form's unit, doubts named, labels and spans where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.report import Cell, Doubt, Number, PrintedLabel, Tables, Text
from extract.tables.lookalikes import settle_lookalikes
from extract.tables.outline import Outline, Spot
from extract.tables.plan import LabelPlaces, Places, Plan, Reach
from extract.tables.spans import take_notes
from extract.tables.values import DIGITS, in_unit, read_value
from extract.tables.vanished import settle_loose

NO_NUMBER = "what stands there is no number of the form"
_MONEY = ("元", "万元", "亿元")
SMALL: dict[str | None, Number] = {str(number): number for number in range(100)}  # nearly every count
Doubts = dict[tuple[str, str], list[str]]  # table and reason → cells


class _Nowhere:
    """The spot of a cell for which nothing is printed."""

    start = end = None


def read_numbers(text: Text, outline: Outline, plan: Plan) -> Tables:
    """The tables of the text by the plan of its outline."""
    doubts: Doubts = {}
    unitless: list[str] = []
    return Tables(
        form=plan.form,
        cells=_read_cells(outline, plan.places, doubts, unitless),
        spans=tuple(take_notes(text, _spans(outline, plan))),
        labels=_place_labels(outline.spots, plan.labels),
        doubts=tuple(Doubt(tuple(idents), reason) for (_, reason), idents in doubts.items() if idents),
        unitless=tuple(unitless),
        forms=dict(plan.forms),
    )


def _read_cells(outline: Outline, places: Places, doubts: Doubts, unitless: list[str]) -> tuple[Cell, ...]:
    """The cells, made column by column; only where no mere small count stands is each looked at."""
    texts: list[str | None] = [*outline.texts, "", None]  # where BLANK and NOWHERE are, counted from the end
    where = settle_loose(places, texts) if places.loose else places.spots
    raws = [texts[number] for number in where]
    values: list[Number | None] = list(map(SMALL.get, raws))
    for at in sorted(places.unlike.union([at for at, value in enumerate(values) if value is None])):
        table, doubt = places.tables[at], places.doubts[at]
        if doubt:
            ident = f"{table}.{places.rows[at]}.{places.columns[at]}"
            doubts.setdefault((table, doubt), []).append(ident)
        value = values[at]
        if where[at] >= 0 and value != 0 and (value is None or places.kinds[at] != "count"):
            values[at] = _read(raws[at] or "", places, at, doubts, unitless)  # 0 is 0 in every unit
    _read_letters(raws, values, places, doubts)
    reaches: list[Spot | type[_Nowhere]] = [*outline.spots, _Nowhere, _Nowhere]
    spots = [reaches[number] for number in where]
    starts, ends = [spot.start for spot in spots], [spot.end for spot in spots]
    tables, rows, columns, _, labels, _, _, read_by, *_ = places
    return tuple(map(Cell, tables, rows, columns, values, raws, labels, starts, ends, read_by))


def _read_letters(
    raws: Sequence[str | None], values: list[Number | None], places: Places, doubts: Doubts
) -> None:
    """Numbers in which letters stand for digits, where that is beyond doubt."""
    if all(value is not None or not raw for raw, value in zip(raws, values)):
        return
    for at, number in settle_lookalikes(places, raws, values).items():
        table, ident = places.tables[at], f"{places.tables[at]}.{places.rows[at]}.{places.columns[at]}"
        values[at] = number
        doubts[table, NO_NUMBER].remove(ident)
        doubts.setdefault((table, "a letter stands for a digit"), []).append(ident)


def _place_labels(spots: Sequence[Spot], labels: LabelPlaces) -> tuple[PrintedLabel, ...]:
    starts = [spots[number].start for number in labels.first]
    ends = [spots[number].end for number in labels.last]
    tables, ids, printed, statutory, misprinted, *_ = labels
    return tuple(map(PrintedLabel, tables, ids, printed, statutory, starts, ends, misprinted))


def _read(raw: str, places: Places, at: int, doubts: Doubts, unitless: list[str]) -> Number | None:
    """The value of the cell in that place, with what there is to say of it."""
    kind, unit, table = places.kinds[at], places.units[at], places.tables[at]
    if kind == "count" and raw.isdecimal() and raw.isascii() and len(raw) <= DIGITS:
        return int(raw)
    ident = f"{table}.{places.rows[at]}.{places.columns[at]}"
    reading = read_value(raw, kind)
    value = in_unit(reading, kind, unit)
    if reading.state == "unreadable" or (reading.state == "number" and value is None):
        doubts.setdefault((table, NO_NUMBER), []).append(ident)
    elif not reading.sure:
        reason = "a letter stands for nought" if raw.strip().isalpha() else "the digits stand apart"
        doubts.setdefault((table, reason), []).append(ident)
    if kind == "money" and value and unit is None and reading.unit not in _MONEY:
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
