"""Tables as containers hold them (rows of cells with spans) laid out as grids, layout tables unwrapped.

Publishing systems use tables for three things: data, page layout, and both at once (one table for the whole
report, with rows of prose and headings between the rows of numbers). So the question is put to each row: a
row whose cell holds running text, a section heading or another table is no data, and its content goes back
into the flow; the stretches of rows between become grids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from extract.read.bounds import TableTooLarge
from extract.read.evidence import BLANK, is_heading_line, is_title_line
from extract.report import Grid, GridCell, Paragraph, Value


class Picture(Value, frozen=True, gc=False):
    """A picture large enough to be a table.

    `place` is the number of the element it stands in (web pages), `part` the name of its part in a container.
    """

    place: int = 0
    part: str = ""


class Embedded(Picture, frozen=True, gc=False):
    """A file that is set into another as an object; one behind an `icon` shows nothing of itself."""

    icon: bool = False


Block = Paragraph | Grid | Picture

MAX_COLUMN_SPAN = 100  # the widest statutory table has 15 columns, its Word copies seldom 40
MAX_ROW_SPAN = 1000
MAX_COLUMNS = 1000
MAX_CELLS = 200_000  # of one file; the three statutory tables have some 330


class Cell(Value, frozen=True, gc=False):
    """A cell on its way into a grid: what it holds, its lines, its place and its spans, all from 0."""

    blocks: Sequence[Block]
    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


def join_lines(blocks: Sequence[Block]) -> str:
    """The lines among the blocks, parted by \\n."""
    if not blocks:
        return ""
    if len(blocks) == 1:
        return blocks[0].text if isinstance(blocks[0], Paragraph) else ""
    return "\n".join([block.text for block in blocks if isinstance(block, Paragraph)])


def place_cells(rows: Iterable[Iterable[tuple[Sequence[Block], int, int]]]) -> list[Cell]:
    """Cells in their columns, as a browser places them: (content, row span, column span) row by row.

    A cell goes to the first column that no cell above reaches down into. Spans are clamped; a row span of 0
    reaches to the end of the table. Source: HTML Living Standard, 4.9.12 "Forming a table".
    """
    listed = [list(row) for row in rows]
    left = len(listed)
    taken: list[int] = []  # by column: the first row that is free again
    lowest = 0  # the row from which on all columns are free
    cells = []
    for row, contents in enumerate(listed):
        column = 0
        for blocks, high, wide in contents:
            while row < lowest and column < len(taken) and taken[column] > row:
                column += 1
            if wide != 1 or high != 1:
                wide = min(max(wide, 1), MAX_COLUMN_SPAN)
                high = min(high if high > 0 else MAX_ROW_SPAN, MAX_ROW_SPAN, left)
            end = column + wide
            if end > MAX_COLUMNS:
                raise TableTooLarge(f"a table with more than {MAX_COLUMNS:,} columns")
            if high > 1:  # else the columns are free again in the row below
                taken.extend([0] * (end - len(taken)))
                taken[column:end] = [row + high] * wide
                lowest = max(lowest, row + high)
            first = blocks[0] if len(blocks) == 1 else None
            text = first.text if isinstance(first, Paragraph) else join_lines(blocks)
            cells.append(Cell(blocks, text, row, column, high, wide))
            column = end
        left -= 1
    return cells


def settle_table(cells: Sequence[Cell]) -> list[Block]:
    """The blocks that a table stands for: grids where it holds data, its content where it only lays out."""
    cells = _splice_nested(cells)
    blocks: list[Block] = []
    begin = at = 0  # begin: of the rows of data since the last row of prose
    while at < len(cells):
        end = _find_row_end(cells, at)
        if _is_prose_row(row := cells[at:end]):
            blocks.extend(_settle_rows(cells[begin:at]))
            blocks.extend([block for cell in row for block in cell.blocks])
            begin = end
        at = end
    blocks.extend(_settle_rows(cells[begin:]))
    return blocks


def _find_row_end(cells: Sequence[Cell], at: int) -> int:
    row, end = cells[at].row, at + 1
    while end < len(cells) and cells[end].row == row:
        end += 1
    return end


def _settle_rows(cells: Sequence[Cell]) -> Sequence[Block]:
    """Rows of data as one grid; as lines where there is only one column."""
    if not cells:
        return ()
    grid = build_grid(cells)
    first = next((cell.column for cell in grid.cells if cell.text), 0)
    if any(cell.column != first and cell.text for cell in grid.cells):
        return (grid,)
    return [block for cell in cells for block in cell.blocks]


def find_words_apart(grid: Grid) -> Sequence[str]:
    """The lines of a grid that only sets two words side by side (a date and a source, a name and a seal)."""
    filled = list(islice((cell for cell in grid.cells if cell.text), 3))
    if len(filled) > 2 or len({cell.row for cell in filled}) > 1:
        return ()
    texts = [cell.text for cell in filled]
    return () if any(_NUMBER.search(text) for text in texts) else "\n".join(texts).split("\n")


def build_grid(cells: Sequence[Cell]) -> Grid:
    """A grid of the cells, without the rows and columns in which no text begins (spacers of the page).

    A cell over a dropped row or column loses as much of its span.
    """
    if not cells:
        return Grid((), exact=True)
    texts = [cell.text.strip(BLANK) for cell in cells]
    top, deep = cells[0].row, cells[-1].row + 1 - cells[0].row
    wide = max([cell.column + cell.column_span for cell in cells])
    row_of = _renumber({cell.row - top for cell, text in zip(cells, texts) if text}, deep)
    column_of = _renumber({cell.column for cell, text in zip(cells, texts) if text}, wide)
    laid = []
    for cell, text in zip(cells, texts):
        at, column = cell.row - top, cell.column
        below = at + cell.row_span
        row = row_of[at]
        high = row_of[below if below < deep else deep] - row
        across = column_of[column + cell.column_span] - column_of[column]
        if high and across:
            laid.append(GridCell(text, row, column_of[column], high, across))
    return Grid(tuple(laid), exact=True)


def _renumber(kept: set[int], size: int) -> list[int]:
    """For each old number (and the end): how many kept ones come before it."""
    numbers, count = [], 0
    for old in range(size + 1):
        numbers.append(count)
        count += old in kept
    return numbers


# ---- what a row is --------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[\d０-９]")
_SENTENCE = re.compile(r"[^（(注※*][^\n]{7,}。\s*")  # a row of its own; no caption, no note to the table
_NUMERIC = re.compile(r"[\s+\-−－—/\d０-９,，.．%％]{1,20}(?:万元|元|件|条)?\s*")


def _is_prose_row(row: Sequence[Cell]) -> bool:
    """Whether the row holds running text, a heading of the report or another table."""
    filled = [cell for cell in row if cell.blocks]
    is_long = False
    for cell in filled:
        text = cell.text
        if (len(cell.blocks) > 1 or not text) and any(isinstance(block, Grid) for block in cell.blocks):
            return True
        is_long = is_long or (len(text) > 120 and text.count("。") > 1)
    if len(filled) == 1:
        text = filled[0].text
        if (len(text) > 40 and "。" in text) or _SENTENCE.fullmatch(text):
            return True
        return any(is_heading_line(line) or is_title_line(line) for line in text.split("\n"))
    if not is_long:
        return False  # labels with their local notes reach some 90 characters and one full stop
    return sum(_NUMERIC.fullmatch(cell.text) is not None for cell in filled) < 3


# ---- tables inside cells ---------------------------------------------------------------------------------


def _splice_nested(cells: Sequence[Cell]) -> Sequence[Cell]:
    """The table with the grids that fill cells beside a label set into it, their rows and columns its own.

    So a label with a table of its numbers in the next cell stays one row. Other nested tables are left alone.
    """
    nested = [cell for cell in cells if not cell.text and _holds_one_grid(cell)]
    if not nested:
        return cells
    labelled = {cell.row for cell in cells if _is_label(cell)}
    if not all(cell.row in labelled for cell in nested):
        return cells
    high = [1] * (max(cell.row + cell.row_span for cell in cells) + 1)
    wide = [1] * (max(cell.column + cell.column_span for cell in cells) + 1)
    for cell in nested:
        grid = cell.blocks[0]
        assert isinstance(grid, Grid)
        high[cell.row] = max(high[cell.row], max(inner.row + inner.row_span for inner in grid.cells))
        wide[cell.column] = max(
            wide[cell.column], max(inner.column + inner.column_span for inner in grid.cells)
        )
    row_at, column_at = _running_sum(high), _running_sum(wide)
    spread: list[Cell] = []
    for cell in cells:
        spread.extend(_spread_cell(cell, row_at, column_at))
    return sorted(spread, key=lambda cell: (cell.row, cell.column))


def _spread_cell(cell: Cell, row_at: Sequence[int], column_at: Sequence[int]) -> list[Cell]:
    """The cell at its place in the widened table; the cells of its grid where it holds one."""
    row, column = row_at[cell.row], column_at[cell.column]
    if not _holds_one_grid(cell):
        high, wide = (
            row_at[cell.row + cell.row_span] - row,
            column_at[cell.column + cell.column_span] - column,
        )
        return [Cell(cell.blocks, cell.text, row, column, high, wide)]
    grid = cell.blocks[0]
    assert isinstance(grid, Grid)
    return [
        Cell(
            [Paragraph(inner.text)] if inner.text else [],
            inner.text,
            row + inner.row,
            column + inner.column,
            inner.row_span,
            inner.column_span,
        )
        for inner in grid.cells
    ]


def _holds_one_grid(cell: Cell) -> bool:
    return len(cell.blocks) == 1 and isinstance(cell.blocks[0], Grid)


def _is_label(cell: Cell) -> bool:
    return 0 < len(cell.text) <= 60 and len(cell.blocks) == 1


def _running_sum(sizes: Sequence[int]) -> list[int]:
    sums = [0]
    for size in sizes:
        sums.append(sums[-1] + size)
    return sums
