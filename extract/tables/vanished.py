"""Rows whose empty cells left no trace: which numbers belong to which columns, where sums leave one way.

A table that prints nothing for nought, copied without its cells, gives `（一）予以公开 5 2 7`: three numbers
for seven columns. The last is the total where it is the sum of the others. Those stand in the order of the
columns; of all such places only some agree with the sums of the columns, and where one is left it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from extract.tables.plan import Places

_TABLE = "requests"
_IN, _OUT = ("received", "carried_over"), ("total", "carried_forward")
_FEWEST = 2  # rows that lack cells: one alone may have lost a number
Way = tuple[int, ...]  # the numbers of a row by column, noughts where there is none


def settle_loose(places: Places, texts: Sequence[str | None]) -> Sequence[int]:
    """The spots of the cells, with those of the loose numbers that have one place only."""
    loose = {at: found for at, found in places.loose.items() if places.tables[at] == _TABLE}
    numbers = {at: [texts[spot] or "" for spot in found] for at, found in loose.items()}
    printed = [texts[spot] for spot, table in zip(places.spots, places.tables) if table == _TABLE]
    if len(loose) < _FEWEST or "0" in printed or not all(map(_adds_up, numbers.values())):
        return places.spots
    size = sum(row == places.rows[next(iter(loose))] for row in places.rows)
    settled = list(places.spots)
    for at, found in loose.items():
        settled[at + size - 1] = found[-1]
    known = dict(_list_ways(places, texts, numbers, size))
    rows = {row for row, table in zip(places.rows, places.tables) if table == _TABLE}
    ways = _narrow(known) if known.keys() == rows else {}
    for at, found in loose.items():
        left = ways.get(places.rows[at], [])
        spots = [_place(way, found[:-1]) for way in left]
        for column in range(size - 1):
            told = {one[column] for one in spots}
            if len(told) == 1 and None not in told:
                settled[at + column] = told.pop() or 0
    return settled


def _adds_up(numbers: Sequence[str]) -> bool:
    """Whether all are numbers above nought, and the last is the sum of the others."""
    if len(numbers) < 2 or not all(number.isdecimal() for number in numbers):
        return False
    *parts, total = map(int, numbers)
    return min(parts) > 0 and sum(parts) == total


def _list_ways(
    places: Places, texts: Sequence[str | None], numbers: Mapping[int, Sequence[str]], size: int
) -> Iterator[tuple[str, list[Way]]]:
    """For each row of the table the ways in which its numbers may stand."""
    for at, (table, row) in enumerate(zip(places.tables, places.rows)):
        if table != _TABLE or (at and places.rows[at - 1] == row):
            continue
        if at in numbers:
            parts = list(map(int, numbers[at][:-1]))
            yield row, [_fill(taken, parts, size) for taken in combinations(range(size - 1), len(parts))]
            continue
        raws = [texts[spot] or "" for spot in places.spots[at : at + size - 1]]
        if places.labels[at] is not None and all(raw.isdecimal() or not raw for raw in raws):
            yield row, [tuple(int(raw or 0) for raw in raws)]


def _fill(taken: Sequence[int], parts: Sequence[int], size: int) -> Way:
    by_column = dict(zip(taken, parts))
    return tuple(by_column.get(column, 0) for column in range(size - 1))


def _narrow(ways: dict[str, list[Way]]) -> dict[str, list[Way]]:
    """The ways that agree with the sums of the columns; nothing where none of a row does."""
    outcomes = [row for row in ways if row not in _IN and row not in _OUT]
    sums = [(outcomes, [_OUT[0]]), (list(_IN), list(_OUT))]
    changed = True
    while changed:
        changed = False
        for left, right in sums:
            for column in range(len(ways[_IN[0]][0])):
                changed = _narrow_column(ways, left, right, column) or changed
        if not all(ways.values()):
            return {}
    return ways


def _narrow_column(
    ways: dict[str, list[Way]], left: Sequence[str], right: Sequence[str], column: int
) -> bool:
    """Drop the ways that cannot be part of one side of a sum; whether there were any."""
    lows = {row: min((way[column] for way in ways[row]), default=0) for row in (*left, *right)}
    highs = {row: max((way[column] for way in ways[row]), default=0) for row in (*left, *right)}
    changed = False
    for side, other in ((left, right), (right, left)):
        least = sum(lows[row] for row in other) - sum(highs[row] for row in side)
        most = sum(highs[row] for row in other) - sum(lows[row] for row in side)
        for row in side:
            fitting = [way for way in ways[row] if least + highs[row] <= way[column] <= most + lows[row]]
            changed = changed or len(fitting) < len(ways[row])
            ways[row] = fitting
    return changed


def _place(way: Way, spots: Sequence[int]) -> list[int | None]:
    """The spot in each column."""
    left = iter(spots)
    return [next(left) if number else None for number in way]
