"""Tables that stand in one column of a page, text beside them: read where they stand in that column."""

from __future__ import annotations

from collections.abc import Sequence

from extract.read.page_columns import Column
from extract.read.pdf_lines import PdfLine
from extract.read.ruled_tables import RuledTable

_FEWEST = 2  # lines beside such a table
_SLACK = 8.0  # points by which its sides may stand out of the column

Item = RuledTable | list[PdfLine]


def find_column(table: RuledTable, lines: Sequence[PdfLine], known: Sequence[Column]) -> Column | None:
    """The columns to which a table keeps, text standing beside it in the other; None for a wide table."""
    for column in known:
        right = _is_right(table, column)
        if not right and table.xs[-1] > column.start:
            continue
        beside = [line for line in lines if table.top < (line.y0 + line.y1) / 2 < table.bottom]
        if sum((line.x0 < column.start) is right for line in beside) >= _FEWEST:
            return column
    return None


def _is_right(table: RuledTable, column: Column) -> bool:
    return table.xs[0] >= column.start - _SLACK


def insert_table(
    items: Sequence[Item], table: RuledTable, column: Column, lines: Sequence[PdfLine]
) -> list[Item]:
    """The items of a page in reading order with a table after the last line above it in its column.

    Where there is none, before the first below it; else last. `lines` are those of the page as they stand.
    """
    right = _is_right(table, column)
    chars = [char for line in lines for char in line.chars if (char.x0 >= column.start - 1) is right]
    above = {char.order for char in chars if char.y1 <= table.top + 1}
    below = {char.order for char in chars if char.y0 >= table.bottom - 1}
    places = [
        (number, at, line.chars[0].order)
        for number, item in enumerate(items)
        if isinstance(item, list)
        for at, line in enumerate(item)
    ]
    before = [(number, at + 1) for number, at, order in places if order in above]
    after = [(number, at) for number, at, order in places if order in below]
    if not before and not after:
        return [*items, table]
    number, at = before[-1] if before else after[0]
    split = items[number]
    assert isinstance(split, list)
    parts: list[Item] = [part for part in (split[:at], table, split[at:]) if part]
    return [*items[:number], *parts, *items[number + 1 :]]
