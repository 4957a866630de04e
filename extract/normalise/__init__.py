"""Document to Text: everything that is folded is folded here, once, and offsets count from the result.

Characters first (`characters`), then whole lines (`BLOCK_STEPS`), then the text is laid out. Punctuation
stays as found. A step folds only what is certain; what it takes out goes to `Text.removed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import attrgetter

from msgspec.structs import replace

from extract.normalise.broken_lines import join_broken_lines
from extract.normalise.characters import fold_characters
from extract.normalise.copies import find_copy
from extract.normalise.furniture import (
    TITLE_LINE,
    Draft,
    find_kept_furniture,
    take_out_furniture,
    take_out_page_numbers,
    take_out_running_heads,
)
from extract.normalise.parted_numbers import join_parted_numbers
from extract.normalise.spaced_words import close_spaced_words
from extract.normalise.torn_heads import join_torn_heads
from extract.patterns import late
from extract.report import Document, Grid, GridCell, Line, Paragraph, Text, TextCell, TextGrid

_CELL_BREAK = late(r"[ ]*\n[ \n]*")
_BLANK_RUN = late(r"[ ]{2,}")
_PLACE = attrgetter("row", "column")
_WIDEST = 1000  # columns; a table that claims more is damaged


def normalise(document: Document) -> Text:
    """The text that all offsets point into, with its lines and tables."""
    return normalise_all([document])[0]


def normalise_all(documents: Sequence[Document]) -> list[Text]:
    """As `normalise`, for each of the documents: all take a step before any takes the next."""
    drafts = [Draft(fold_characters(document.blocks)) for document in documents]
    for step in BLOCK_STEPS:
        drafts = [step(draft) for draft in drafts]
    texts = map(lay_out, drafts)
    return [
        replace(text, pictures=document.pictures) if document.pictures else text
        for text, document in zip(texts, documents)
    ]


# ---- lines -----------------------------------------------------------------------------------------------


def split_paragraphs(draft: Draft) -> Draft:
    """Paragraphs with line ends inside (<br>, text boxes) as several; empty ones only as a gap."""
    lines = [block.text for block in draft.blocks if isinstance(block, Paragraph)]
    if all(map(str.strip, lines)) and "\n" not in "".join(lines):
        return draft
    blocks: list[Paragraph | Grid] = []
    gap = False
    for block in draft.blocks:
        if isinstance(block, Grid):
            blocks.append(block)
            gap = False
            continue
        for index, line in enumerate(block.text.split("\n")):
            if not line.strip():
                gap = True
                continue
            blocks.append(replace(block, text=line, gap=gap or (block.gap and index == 0)))
            gap = False
    return replace(draft, blocks=tuple(blocks))


def unwrap_layout_tables(draft: Draft) -> Draft:
    """A table that only lays out the page, with running text in a cell, as the paragraphs it holds."""
    if not any(isinstance(block, Grid) and _is_layout(block) for block in draft.blocks):
        return draft
    blocks: list[Paragraph | Grid] = []
    for block in draft.blocks:
        if isinstance(block, Grid) and _is_layout(block):
            lines = (line for cell in block.cells for line in cell.text.split("\n"))
            blocks.extend(Paragraph(line) for line in lines if line.strip())
        else:
            blocks.append(block)
    return replace(draft, blocks=tuple(blocks))


def _is_layout(grid: Grid) -> bool:
    """One column, and a cell with the sentences of several paragraphs, or the report's title."""
    if any(cell.column > 0 for cell in grid.cells):
        return False
    for cell in grid.cells:
        text = cell.text.strip()
        if len(text) > 150 and "\n" in text and text.count("。") > 1:
            return True
        if 10 < len(text) < 150 and TITLE_LINE.search(text):
            return True
    return False


BLOCK_STEPS: tuple[Callable[[Draft], Draft], ...] = (
    unwrap_layout_tables,
    split_paragraphs,
    take_out_furniture,
    take_out_page_numbers,
    take_out_running_heads,
    close_spaced_words,
    join_torn_heads,
    join_parted_numbers,
    join_broken_lines,
)


# ---- the text --------------------------------------------------------------------------------------------


def lay_out(draft: Draft) -> Text:
    """One line a paragraph, one line a table row with tabs between its cells, each ended by \\n.

    Lines stand without the blanks at their ends; empty ones are left out.
    """
    parts: list[str] = []
    lines: list[Line] = []
    surfaces: list[str] = []
    grids: list[TextGrid] = []
    at = 0
    for block in draft.blocks:
        if isinstance(block, Paragraph):
            if surface := block.text.strip():
                end = at + len(surface)
                lines.append(Line(at, end, block.heading, block.gap))
                surfaces.append(surface)
                parts += surface, "\n"
                at = end + 1
        elif block.cells:
            text, grid = lay_out_grid(block, at)
            parts.append(text)
            grids.append(grid)
            at += len(text)
    text = "".join(parts)
    removed = tuple(map(str.strip, draft.removed))
    apart = find_kept_furniture(lines, surfaces) + find_copy(text, lines)
    return Text(text, tuple(lines), tuple(grids), apart, removed)


def lay_out_grid(grid: Grid, at: int) -> tuple[str, TextGrid]:
    """The rows of `grid` as text that begins at `at`, and where its cells then stand.

    Columns that no cell begins in (covered by a span, or left out) stand as empty cells; rows likewise.
    """
    contents = _fold_cells(grid.cells)
    return (None if grid.exact else _lay_out_rows(grid, contents, at)) or _lay_out_places(grid, contents, at)


def _lay_out_rows(grid: Grid, contents: Sequence[str], at: int) -> tuple[str, TextGrid] | None:
    """As `lay_out_grid`, at two thirds of the cost, where no place is left out; else None."""
    cells: list[TextCell] = []
    lines: list[str] = []
    start, first = at, 0  # first: of the row, the cell it begins with
    row, column = grid.cells[0].row, -1
    for cell, length in zip(grid.cells, map(len, contents)):
        column += 1
        if cell.column != column or cell.row != row:
            if cell.column != 0 or cell.row != row + 1:
                return None
            lines.append("\t".join(contents[first : len(cells)]))
            row, column, first = cell.row, 0, len(cells)
        end = at + length
        cells.append(TextCell(at, end, row, column, cell.row_span, cell.column_span))
        at = end + 1
    lines += "\t".join(contents[first:]), ""
    return "\n".join(lines), TextGrid(start, at, tuple(cells), grid.exact, grid.read_by)


def _lay_out_places(grid: Grid, contents: Sequence[str], at: int) -> tuple[str, TextGrid]:
    """As `lay_out_grid`, where places are left out or cells not in order."""
    cells: list[TextCell] = []
    parts: list[str] = []
    start = at
    width = _width(grid.cells) if grid.exact else 0
    row, column = grid.cells[0].row, 0  # the place reached
    for cell, content in zip(grid.cells, contents):
        if cell.row == row and cell.column == column + 1 < _WIDEST:
            parts.append("\t")
            at, column = at + 1, column + 1
        else:
            if cells and (cell.row, cell.column) < (row, cells[-1].column):
                in_order = tuple(sorted(grid.cells, key=_PLACE))
                return lay_out_grid(Grid(in_order, grid.exact, grid.read_by), start)
            if cell.row != row:
                ended = cell.row - row
                between = "\n" if ended == 1 and width == 0 else _end_rows(ended, width, column)
                row, column = cell.row, max(0, min(cell.column, _WIDEST))
                between += "\t" * column
            else:
                tabs = max(1 if cells else 0, min(cell.column, _WIDEST) - column)
                between = "\t" * tabs
                column += tabs
            parts.append(between)
            at += len(between)
        end = at + len(content)
        parts.append(content)
        cells.append(TextCell(at, end, row, cell.column, cell.row_span, cell.column_span))
        at = end
    parts.append(_end_rows(1, width, column))
    return "".join(parts), TextGrid(start, at + len(parts[-1]), tuple(cells), grid.exact, grid.read_by)


def _width(cells: Sequence[GridCell]) -> int:
    return min(_WIDEST, max(cell.column + max(1, cell.column_span) for cell in cells))


def _end_rows(count: int, width: int, column: int) -> str:
    """What ends a row that has come to `column`, and the blank rows up to the next row with a cell."""
    blank = "\t" * max(0, width - 1) + "\n"
    return "\t" * max(0, width - 1 - column) + "\n" + blank * min(count - 1, _WIDEST)


def _fold_cells(cells: Sequence[GridCell]) -> Sequence[str]:
    """The contents of the cells, each on one line; blanks are plain ones by now."""
    texts = [cell.text for cell in cells]
    joined = "\t".join(("", *texts, ""))
    if "\n" in joined or (" " in joined and ("  " in joined or "\t " in joined or " \t" in joined)):
        return [fold_cell(text) for text in texts]
    return texts


def fold_cell(text: str) -> str:
    """The content of a cell on one line: a line break is nothing beside a Chinese character, else a blank.

    >>> fold_cell(" 本年新\\n制作数量 ")
    '本年新制作数量'
    """
    text = text.strip()
    if len(text) < 3:
        return text.replace("\n", "")
    if "\n" in text:
        text = _CELL_BREAK.sub(_mend_break, text)
    return _BLANK_RUN.sub(" ", text) if "  " in text else text


def _mend_break(found: re.Match[str]) -> str:
    before, after = found.string[found.start() - 1], found.string[found.end()]
    return " " if before < "\u2e80" and after < "\u2e80" else ""
