"""Ruling lines to lattices: which rows and columns they part, and which of their fields are one cell.

Works on lines of a PDF page and on lines found in the picture of a scan alike. A lattice is a set of lines
that touch one another; sides that are not drawn (a table open to the left, cut by a page's end) are where the
lines that cross them end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from extract.read.fixed_page import Rule

_TOGETHER = (
    4.2  # lines so close are one line (double borders, borders of neighbouring tables); text needs more
)
_GAP = 3.5  # a line goes on after a gap up to this (dots, dashes, corners left open)
_REACH = 3.0  # lines that come so close touch
_SHORTEST = 4.0  # lines below this are dots and marks
MAX_LINES = 3_000  # of one direction and page
MAX_FIELDS = 40_000  # of one lattice


class Field(NamedTuple):
    """One cell: its place and spans in the lattice, from 0."""

    row: int
    column: int
    row_span: int
    column_span: int


class Lattice(NamedTuple):
    """`xs` and `ys` are where its lines run, in order; `fields` its cells in reading order.

    `number[row][column]` is the index in `fields` of the cell at that place.
    """

    xs: list[float]
    ys: list[float]
    fields: list[Field]
    number: list[list[int]]


def find_lattices(
    level: Sequence[Rule],
    upright: Sequence[Rule],
    scale: float = 1.0,
    gaps: tuple[float, float] = (_GAP, _GAP),
) -> list[Lattice]:
    """The lattices of two or more cells, from top to bottom.

    `scale` is a point's size in the unit at hand; `gaps` are the points that a level and an upright line may
    leave out.
    """
    rows = merge_rules(level, scale, gaps[0])[:MAX_LINES]
    columns = merge_rules(upright, scale, gaps[1])[:MAX_LINES]
    lattices = []
    for some_level, some_upright in _group_touching(rows, columns, _REACH * scale):
        lattice = _build(some_level, some_upright, scale)
        if lattice is not None and len(lattice.fields) > 1:
            lattices.append(lattice)
    return sorted(lattices, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def merge_rules(rules: Iterable[Rule], scale: float = 1.0, gap: float = _GAP) -> list[Rule]:
    """Lines that lie on one another, or go on after a small gap, as one."""
    merged: list[Rule] = []
    for group in _cluster(sorted(rules), _TOGETHER * scale):
        run: list[Rule] = []
        end = 0.0
        for rule in sorted(group, key=_along):
            if run and rule.start > end + gap * scale:
                merged.append(_as_one(run))
                run = []
            end = max(end, rule.end) if run else rule.end
            run.append(rule)
        merged.append(_as_one(run))
    return sorted([rule for rule in merged if rule.end - rule.start >= _SHORTEST * scale])


def _along(rule: Rule) -> tuple[float, float]:
    return rule.start, rule.end


def _as_one(run: Sequence[Rule]) -> Rule:
    """Lines that go on from one another as one, where they run themselves.

    Not where all of the page do that are near that place: the columns of two tables may be a hair apart.
    """
    at = sum([rule.at for rule in run]) / len(run)
    return Rule(at, run[0].start, max([rule.end for rule in run]))


def _cluster(rules: Sequence[Rule], reach: float) -> Iterator[list[Rule]]:
    """Lines in order of their place, those within `reach` of the first of them together."""
    group: list[Rule] = []
    for rule in rules:
        if group and rule.at - group[0].at > reach:
            yield group
            group = []
        group.append(rule)
    if group:
        yield group


def _group_touching(
    level: list[Rule], upright: list[Rule], reach: float
) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The level and upright lines of each set that hangs together."""
    owner = list(range(len(level) + len(upright)))

    def root(one: int) -> int:
        while owner[one] != one:
            owner[one] = owner[owner[one]]
            one = owner[one]
        return one

    places = [rule.at for rule in level]
    for number, rule in enumerate(upright, len(level)):
        first = bisect_right(places, rule.start - reach)
        for index in range(first, bisect_right(places, rule.end + reach)):
            across = level[index]
            if across.start - reach <= rule.at <= across.end + reach:
                owner[root(index)] = root(number)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for index in range(len(owner)):
        rows, columns = groups.setdefault(root(index), ([], []))
        if index < len(level):
            rows.append(level[index])
        else:
            columns.append(upright[index - len(level)])
    for rows, columns in groups.values():
        if rows and columns:
            yield rows, columns


def _build(level: list[Rule], upright: list[Rule], scale: float) -> Lattice | None:
    """The lattice that lines which hang together draw; None where they are too many to be a table's."""
    reach = 2 * _REACH * scale
    xs, ys = _places(upright, level, reach, scale), _places(level, upright, reach, scale)
    high, wide = len(ys) - 1, len(xs) - 1
    if high < 1 or wide < 1 or high * wide > MAX_FIELDS:
        return None
    below = [[False] * wide for _ in range(high + 1)]  # a line above row `row` at `column`
    beside = [[False] * (wide + 1) for _ in range(high)]  # a line left of `column` in row `row`
    for rule in level:
        along = _covered(xs, rule)
        below[_nearest(ys, rule.at)][along] = [True] * (along.stop - along.start)
    for rule in upright:
        column = _nearest(xs, rule.at)
        for row in beside[_covered(ys, rule)]:
            row[column] = True
    fields, number = _join_fields(below, beside)
    return Lattice(xs, ys, fields, number)


def _places(lines: list[Rule], across: list[Rule], reach: float, scale: float) -> list[float]:
    """Where lines run, and, on either side beyond them, where those that cross them end."""
    groups = _cluster(sorted(lines), _TOGETHER * scale)
    places = [sum([rule.at for rule in group]) / len(group) for group in groups]
    first, last = min([rule.start for rule in across]), max([rule.end for rule in across])
    if first < places[0] - reach:
        places.insert(0, first)
    if last > places[-1] + reach:
        places.append(last)
    return places


def _nearest(places: list[float], at: float) -> int:
    index = bisect_right(places, at)
    if index == len(places) or (index and at - places[index - 1] <= places[index] - at):
        return index - 1
    return index


def _covered(places: list[float], rule: Rule) -> slice:
    """The stretches between places that the line runs along, but for less than half of them."""
    _, start, end = rule
    first = max(0, bisect_right(places, start) - 1)
    last = min(bisect_right(places, end), len(places) - 1)
    if first < last and not _covers(places, first, start, end):
        first += 1
    if first < last and not _covers(places, last - 1, start, end):
        last -= 1
    return slice(first, max(first, last))


def _covers(places: list[float], index: int, start: float, end: float) -> bool:
    left, right = places[index], places[index + 1]
    return min(end, right) - max(start, left) >= 0.5 * (right - left)


def _join_fields(below: list[list[bool]], beside: list[list[bool]]) -> tuple[list[Field], list[list[int]]]:
    """Fields without a line between them as cells; each a rectangle, as large as can be from its corner."""
    high, wide = len(beside), len(below[0])
    number = [[-1] * wide for _ in range(high)]
    fields: list[Field] = []
    for row in range(high):
        for column in range(wide):
            if number[row][column] >= 0:
                continue
            right = column + 1
            while right < wide and not beside[row][right] and number[row][right] < 0:
                right += 1
            bottom = row + 1
            while bottom < high and _goes_on(below, beside, number, bottom, column, right):
                bottom += 1
            for line in number[row:bottom]:
                line[column:right] = [len(fields)] * (right - column)
            fields.append(Field(row, column, bottom - row, right - column))
    return fields, number


def _goes_on(
    below: list[list[bool]],
    beside: list[list[bool]],
    number: list[list[int]],
    row: int,
    left: int,
    right: int,
) -> bool:
    """Whether the cell over columns `left` to `right` reaches down into `row`."""
    if True in below[row][left:right] or True in beside[row][left + 1 : right]:
        return False
    return max(number[row][left:right]) < 0
