"""Lattices and the characters in them to tables, and tables cut by a page's end to whole ones.

What a page's end does to a table: the heads may be printed again, a row may be cut in two (part of its label
below, its numbers above or below), and a cell that spans rows is closed above and opened anew below.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple

from msgspec.structs import replace

from extract.read.bounds import TableTooLarge
from extract.read.evidence import is_form
from extract.read.fixed_page import Char
from extract.read.lattice import Lattice
from extract.read.layout import Block, Cell, settle_table
from extract.read.pdf_lines import PdfLine, group_lines, join_paragraphs, measure_margins
from extract.report import Grid, Paragraph, ReadBy

_ALIKE = 5.0  # points by which the columns of one table may differ from page to page
_VALUE = re.compile(r"[\s+\-－—–/／\d０-９,，.．%％]{1,24}(?:万元|元|件|条|宗)?|无|零")
_BEGINS = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、．.]|[（(]\d{1,2}[）)]|\d{1,2}\s{0,2}[、．.](?!\d)|第[一二三四五六七八九十]{1,3}条|总计|合计|小计|[①-⑳]"
)
_DIGITS = re.compile(r"-?[\d.,]+")
_PADDING = 11.0  # points that a cell keeps free beside its text, both sides together (Word: 10.8)
_OVER = 0.5  # points by which a letter stands out over the side of its cell, at least
_LONG = 60  # characters from which a cell's lines are put together as running text
_FRAGMENT = 8  # characters that the rest of a head cut by a page's end has at most


class TableCell(NamedTuple):
    """A cell of a table on a page: place and spans from 0, and its lines."""

    row: int
    column: int
    row_span: int
    column_span: int
    lines: tuple[PdfLine, ...]
    text: str


class RuledTable(NamedTuple):
    """A table as ruled; `xs` are its columns' sides in points, `high` its rows; cells in reading order."""

    xs: tuple[float, ...]
    high: int
    cells: tuple[TableCell, ...]
    top: float
    bottom: float
    read_by: ReadBy = "grid"


def fill_lattices(
    lattices: Sequence[Lattice],
    chars: Sequence[Char],
    read: Callable[[Sequence[Char]], Sequence[PdfLine]] = group_lines,
) -> tuple[list[RuledTable], list[Char]]:
    """The tables on a page, and the characters outside them. Lattices without a character are left out."""
    held: list[dict[int, list[Char]]] = [{} for _ in lattices]
    outside = list(chars)
    for number in sorted(range(len(lattices)), key=lambda number: _area(lattices[number])):
        held[number], outside = _take_inside(lattices[number], outside)
    filled = [_fill(lattice, inside, read) for lattice, inside in zip(lattices, held, strict=True) if inside]
    return filled, outside


def _take_inside(lattice: Lattice, chars: Sequence[Char]) -> tuple[dict[int, list[Char]], list[Char]]:
    """The characters in each cell of a lattice, and those outside it, by where their middles lie.

    What runs over the right side of its cell belongs to that cell: a spreadsheet's page shows it cut off.
    """
    xs, ys, _, number = lattice
    wide, high = len(xs), len(ys)
    inside: dict[int, list[Char]] = defaultdict(list)
    outside = []
    over: list[Char] = []
    for char in chars:
        column, row = bisect_right(xs, (char.x0 + char.x1) / 2), bisect_right(ys, (char.y0 + char.y1) / 2)
        if 0 < column < wide and 0 < row < high:
            cell = number[row - 1][column - 1]
            inside[cell].append(char)
            if column > 1 and char.x0 < xs[column - 1] - _OVER and cell != number[row - 1][column - 2]:
                over.append(char)
        else:
            outside.append(char)
    return (_take_back(over, inside) if over else inside), outside


def _take_back(over: Sequence[Char], inside: dict[int, list[Char]]) -> dict[int, list[Char]]:
    """The characters of each cell, letters that stand out over a side, and those behind, where they began."""
    places = {char.order: (char, cell) for cell, held in inside.items() for char in held}
    if len(places) < sum(map(len, inside.values())):
        return inside
    for char in sorted(over, key=attrgetter("order")):
        before, home = places.get(char.order - 1, (None, -1))
        moved: Char | None = char
        own = places[char.order][1]
        while before is not None and moved is not None and own != home and _goes_on(before, moved):
            places[moved.order] = moved, home
            before = moved
            moved, own = places.get(moved.order + 1, (None, home))
    settled: dict[int, list[Char]] = defaultdict(list)
    for held in inside.values():
        for char in held:
            settled[places[char.order][1]].append(char)
    return settled


def _goes_on(before: Char, char: Char) -> bool:
    """Whether a letter stands right behind another, in its line; numbers may be set against either side."""
    size = before.x1 - before.x0
    if char.text.isdecimal() or before.text.isdecimal():
        return False
    return abs(char.x0 - before.x1) < 0.2 * size and abs(char.y0 - before.y0) < 0.2 * size


def _area(lattice: Lattice) -> float:
    return (lattice.xs[-1] - lattice.xs[0]) * (lattice.ys[-1] - lattice.ys[0])


def _fill(
    lattice: Lattice, inside: dict[int, list[Char]], read: Callable[[Sequence[Char]], Sequence[PdfLine]]
) -> RuledTable:
    cells = []
    for index, field in enumerate(lattice.fields):
        chars = inside.get(index, ())
        lines = tuple(read(chars)) if chars else ()
        room = lattice.xs[field.column + field.column_span] - lattice.xs[field.column]
        text = _read_upright(chars) or _read_number(lines, room) or "\n".join(line.text for line in lines)
        cells.append(TableCell(*field, lines, text))
    return RuledTable(tuple(lattice.xs), len(lattice.ys) - 1, tuple(cells), lattice.ys[0], lattice.ys[-1])


def _read_number(lines: Sequence[PdfLine], room: float) -> str:
    """A number that a narrow cell broke over lines, as one; else nothing. `room` is the width of the cell."""
    if len(lines) < 2 or not all(_DIGITS.fullmatch(line.text) for line in lines):
        return ""
    full = all(room - (line.x1 - line.x0) < _PADDING + 0.8 * line.size for line in lines[:-1])
    return "".join(line.text for line in lines) if full else ""


def _read_upright(chars: Sequence[Char]) -> str:
    """The text of a cell set from top to bottom, or turned on its side; else nothing.

    It shows in the content, whose next character stands above or below the last and not beside it.
    """
    inked = [char for char in chars if not char.text.isspace()]
    if len(inked) < 3 or "".join([char.text for char in inked]).isascii():
        return ""
    inked.sort(key=attrgetter("order"))
    steps = 0
    for last, char in itertools.pairwise(inked):
        beside = abs(char.x0 + char.x1 - last.x0 - last.x1) / 2 > 0.4 * (last.x1 - last.x0)
        steps += not beside
    return "".join([char.text for char in inked]) if steps >= 0.6 * (len(inked) - 1) else ""


# ---- over the end of a page ------------------------------------------------------------------------------


def join_tables(table: RuledTable, rest: RuledTable) -> RuledTable | None:
    """The table that goes on as `rest` on the next page; None where `rest` is another table.

    It is the same where its sides are the same distance apart.
    """
    shift = table.xs[0] - rest.xs[0]
    if abs(rest.xs[-1] + shift - table.xs[-1]) > _ALIKE:
        return None
    xs = _merge_places(table.xs, [x + shift for x in rest.xs])
    above = _set_columns(table.cells, table.xs, xs)
    below = _set_columns(rest.cells, [x + shift for x in rest.xs], xs)
    heads = _count_repeated(above, below)
    below = _move_rows([cell for cell in below if cell.row >= heads], -heads)
    cells, high = _join_rows(above, table.high, below, rest.high - heads, xs)
    read_by = table.read_by if table.read_by == rest.read_by else "ocr"
    return RuledTable(tuple(xs), high, tuple(cells), table.top, rest.bottom, read_by)


def _merge_places(first: Sequence[float], second: Sequence[float]) -> list[float]:
    places: list[float] = []
    for place in sorted([*first, *second]):
        if not places or place - places[-1] > _ALIKE:
            places.append(place)
    return places


def _set_columns(
    cells: Sequence[TableCell], own: Sequence[float], xs: Sequence[float]
) -> Sequence[TableCell]:
    """Cells with their columns counted in `xs`."""
    index = [min(range(len(xs)), key=[abs(place - x) for place in xs].__getitem__) for x in own]
    if index == list(range(len(own))):
        return cells
    placed = []
    for row, column, high, wide, lines, text in cells:
        left, right = index[column], index[column + wide]
        if right > left:
            placed.append(TableCell(row, left, high, right - left, lines, text))
    return placed


def _move_rows(cells: Sequence[TableCell], by: int) -> list[TableCell]:
    if not by:
        return list(cells)
    return [
        TableCell(row + by, column, high, wide, lines, text) for row, column, high, wide, lines, text in cells
    ]


def _count_repeated(above: Sequence[TableCell], below: Sequence[TableCell]) -> int:
    """How many rows at the top of `below` print the heads of the table again."""
    first, again = _list_rows(above), _list_rows(below)
    count = 0
    for row in range(len(again)):
        found = _fold_row(again.get(row, ()))
        if found != _fold_row(first.get(row, ())) or not any(text for _, text in found):
            break
        if any(_VALUE.fullmatch(text) for _, text in found):
            break
        count += 1
    return count


def _list_rows(cells: Sequence[TableCell]) -> dict[int, list[TableCell]]:
    rows: dict[int, list[TableCell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    return rows


def _fold_row(cells: Sequence[TableCell]) -> list[tuple[int, str]]:
    return [(cell.column, "".join(cell.text.split())) for cell in cells]


def _join_rows(
    above: Sequence[TableCell], high: int, below: Sequence[TableCell], more: int, xs: Sequence[float]
) -> tuple[list[TableCell], int]:
    """The cells of both parts as one table, and its rows."""
    ends = {(cell.column, cell.column_span): cell for cell in above if cell.row + cell.row_span == high}
    pairs = [(ends.get((cell.column, cell.column_span)), cell) for cell in below if cell.row == 0]
    cut = _is_cut_row(pairs, xs)
    offset = high - 1 if cut else high
    first_value = min((cell.column for cell in below if _is_value(cell)), default=10**6)
    joined: dict[tuple[int, int], TableCell] = {}  # by row and column above
    taken: set[int] = set()  # columns of the first row below
    for upper, lower in pairs:
        if upper is not None and (cut or _is_cut_cell(upper, lower, first_value)):
            joined[upper.row, upper.column] = _join_cells(upper, lower, offset)
            taken.add(lower.column)
    cells = [joined.get((cell.row, cell.column), cell) for cell in above] if joined else list(above)
    cells += _move_rows([cell for cell in below if cell.row or cell.column not in taken], offset)
    return sorted(cells, key=attrgetter("row", "column")), offset + more


def _join_cells(upper: TableCell, lower: TableCell, offset: int) -> TableCell:
    parts = [part for part in (upper.text, lower.text) if part]
    text = ("" if all(map(_DIGITS.fullmatch, parts)) else "\n").join(parts)
    span = offset + lower.row_span - upper.row
    return upper._replace(row_span=span, lines=upper.lines + lower.lines, text=text)


def _is_value(cell: TableCell) -> bool:
    return bool(cell.text) and _VALUE.fullmatch(cell.text) is not None


def _is_cut_row(pairs: Sequence[tuple[TableCell | None, TableCell]], xs: Sequence[float]) -> bool:
    """Whether the first row below is the rest of the last row above: alike in cells, its content parted.

    The numbers stand on one side only, and what label is below does not begin one.
    """
    matched = [(upper, lower) for upper, lower in pairs if upper is not None]
    if len(matched) < 2 or len(matched) < len(pairs):
        return False
    both = [(upper, lower) for upper, lower in matched if upper.text and lower.text]
    if any(
        (_is_value(upper) or _is_value(lower)) and not _is_cut_number(upper, lower, xs)
        for upper, lower in both
    ):
        return False
    words = [lower for _, lower in matched if lower.text and not _is_value(lower)]
    if any(_BEGINS.match(lower.text) for lower in words):
        return False
    if any(lower.text and not upper.text and not _is_value(lower) for upper, lower in matched):
        return False
    above = sum(_is_value(upper) for upper, _ in matched)
    below = sum(_is_value(lower) for _, lower in matched)
    if above and below:
        return all(_is_value(upper) for upper, lower in matched if _is_value(lower))
    if above or below:
        return bool(words) or any(upper.text and upper.row_span == 1 for upper, _ in matched)
    heads = sum(bool(upper.text) for upper, _ in matched)
    wrapped = all(_is_full(upper, xs) for upper, lower in matched if lower.text)
    return bool(words) and heads > 1 and wrapped and all(len(lower.text) <= _FRAGMENT for lower in words)


def _is_cut_number(upper: TableCell, lower: TableCell, xs: Sequence[float]) -> bool:
    """Whether a number that a narrow cell broke over lines goes on below."""
    return all(_DIGITS.fullmatch(cell.text) for cell in (upper, lower)) and _is_full(upper, xs)


def _is_full(cell: TableCell, xs: Sequence[float]) -> bool:
    """Whether the last line of a cell fills it, so that it may go on."""
    if not cell.lines:
        return False
    line = cell.lines[-1]
    return xs[cell.column + cell.column_span] - xs[cell.column] - (line.x1 - line.x0) < _PADDING + line.size


def _is_cut_cell(upper: TableCell, lower: TableCell, first_value: int) -> bool:
    """Whether a cell that spans rows goes on below: a group's label, whole above or cut in two."""
    if lower.column >= first_value or not upper.text or _is_value(upper) or _is_value(lower):
        return False
    if upper.row_span == 1 and lower.row_span == 1:
        return False
    return not lower.text or not _BEGINS.match(lower.text)


# ---- to blocks -------------------------------------------------------------------------------------------


def settle_ruled(table: RuledTable, read_by: ReadBy = "grid") -> list[Block]:
    """The blocks that a table stands for: grids, and paragraphs where it only frames running text."""
    try:
        blocks = settle_table([_lay_cell(cell) for cell in table.cells])
    except TableTooLarge:
        return [Paragraph(cell.text, wrapped=True) for cell in table.cells if cell.text]
    if read_by == "grid":
        return blocks
    return [replace(block, read_by=read_by) if isinstance(block, Grid) else block for block in blocks]


def shows_form(table: RuledTable) -> bool:
    """Whether a table is one of the form, or a part of it."""
    return any(isinstance(block, Grid) and is_form(block) for block in settle_ruled(table))


def _lay_cell(cell: TableCell) -> Cell:
    paragraphs: list[Paragraph]
    if len(cell.text) > _LONG and len(cell.lines) > 1:
        paragraphs = join_paragraphs(cell.lines, measure_margins(cell.lines))
    else:
        paragraphs = [Paragraph(line) for line in cell.text.split("\n") if line]
    return Cell(paragraphs, cell.text, cell.row, cell.column, cell.row_span, cell.column_span)
