"""Workbooks (.xlsx, .xls) to a Document: each sheet a table, lines of text in it as paragraphs."""

from __future__ import annotations

import datetime
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from extract.errors import UnreadableFile
from extract.read.bounds import TableTooLarge, check_length, within_bounds
from extract.read.kind import XLS, XLSX
from extract.read.layout import Block, Cell, Picture, settle_table
from extract.read.ooxml import Package
from extract.report import Document, Grid, Paragraph

MAX_BYTES = 64 * 2**20
MAX_ROWS = 3_000  # of one sheet; the three tables have some 60
MAX_WIDTH = 100  # columns of one sheet; the widest table has 15, cells at the far end are a slip of the hand
MAX_CELLS = 200_000
MAX_TEXT = 32_767  # characters of one cell, the most that Excel keeps

# What openpyxl and xlrd let through on damaged parts; SyntaxError is that of XML.
_DAMAGE = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError),
    *(RecursionError, SyntaxError, TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error),
)

Window = tuple[range, range]  # rows and columns that are shown
_WINDOW = re.compile(r"(?P<left>[A-Z]{1,3})(?P<top>\d{1,7}):(?P<right>[A-Z]{1,3})(?P<bottom>\d{1,7})")
Values = Mapping[tuple[int, int], str]
Spans = Mapping[tuple[int, int], tuple[int, int]]


def read_xlsx(data: bytes, path: str) -> Document:
    """The visible sheets of a workbook in order. Raises `UnreadableFile` where it is damaged or too large."""
    return make_document(_read_new(data, path, _list_visible), XLSX, path)


def read_xls(data: bytes, path: str) -> Document:
    """The visible sheets of a workbook as Excel wrote it until 2003."""
    return make_document(_read_old(data, path, _list_old_visible), XLS, path)


def read_top_sheet(data: bytes, path: str, kind: str) -> tuple[Paragraph | Grid, ...]:
    """What a workbook shows that is set into another file: the sheet on top, as far as its window reaches."""
    if kind == XLS:
        return make_document(_read_old(data, path, _list_old_top), XLS, path).blocks
    window = _find_window(data, path)
    blocks = _read_new(data, path, lambda book: [book.active] if book.active else [], window)
    return make_document(blocks, XLSX, path).blocks


def _read_new(
    data: bytes, path: str, choose: Callable[[Any], Sequence[Any]], window: Window | None = None
) -> list[Block]:
    """The blocks of the sheets that are chosen of a workbook."""
    try:
        import openpyxl
    except ImportError as error:
        raise UnreadableFile(path, "is a workbook: install gongkai[office] to read it") from error
    _check_parts(data, path)
    try:
        with within_bounds(path):
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
            sheets = [_read_sheet(sheet, path) for sheet in choose(book)]
            return [block for values, spans in sheets for block in lay_out(_cut(values, window), spans)]
    except (*_DAMAGE, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise UnreadableFile(
            path, "the workbook is damaged: open it in Excel or LibreOffice and save it anew"
        ) from error


def _list_visible(book: Any) -> list[Any]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _read_old(data: bytes, path: str, choose: Callable[[Any], Sequence[Any]]) -> list[Block]:
    try:
        import xlrd
    except ImportError as error:
        raise UnreadableFile(path, "is a workbook: install gongkai[office] to read it") from error
    check_length(data, MAX_BYTES, "a workbook", path)
    try:
        with within_bounds(path):
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
            sheets = choose(book)
            return [block for sheet in sheets for block in lay_out(*_read_old_sheet(sheet, book, path))]
    except (*_DAMAGE, xlrd.XLRDError, xlrd.compdoc.CompDocError) as error:
        reason = (
            "is protected by a password: save it without one"
            if "encrypt" in str(error)
            else "is damaged: open it in Excel or LibreOffice and save it anew"
        )
        raise UnreadableFile(path, f"the workbook {reason}") from error


def _list_old_visible(book: Any) -> list[Any]:
    return [sheet for sheet in book.sheets() if sheet.visibility == 0]


def _list_old_top(book: Any) -> list[Any]:
    """The sheet on top; the first where none says that it is."""
    sheets = _list_old_visible(book)
    return [sheet for sheet in sheets if sheet.sheet_visible][:1] or sheets[:1]


def _find_window(data: bytes, path: str) -> Window | None:
    """The rows and columns, from 0, that a workbook says are shown of it where it is set in; None: all."""
    package = Package(data, path)
    parts = (part for kind, part in package.read_relations("").values() if kind == "officeDocument")
    part = next((part for part in parts if part in package), None)
    size = package.parse(part).find("{*}oleSize") if part else None
    found = _WINDOW.fullmatch((size.get("ref") or "").replace("$", "")) if size is not None else None
    if found is None:
        return None
    left, top, right, bottom = found["left"], int(found["top"]), found["right"], int(found["bottom"])
    return range(top - 1, bottom), range(_count_letters(left) - 1, _count_letters(right))


def _count_letters(letters: str) -> int:
    """The number of a column, from 1: A, B … Z, AA.

    >>> _count_letters("A"), _count_letters("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _cut(values: Values, window: Window | None) -> Values:
    """The values in a window; all where nothing stands in it."""
    if window is None:
        return values
    rows, columns = window
    return {
        place: text for place, text in values.items() if place[0] in rows and place[1] in columns
    } or values


def _check_parts(data: bytes, path: str) -> None:
    """Raises `UnreadableFile` where a part is a bomb, damaged, or declares entities."""
    package = Package(data, path)
    for name in package.names():
        if name.endswith((".xml", ".rels")) and b"<!" in package.read(name)[:4096].replace(b"<!--", b""):
            raise UnreadableFile(path, f"part {name} declares entities, which no workbook does")


def make_document(blocks: Iterable[Block], media_type: str, path: str) -> Document:
    """The sheets as one; `UnreadableFile` where nothing stands in them."""
    kept = tuple(block for block in blocks if not isinstance(block, Picture))
    if not any(block.cells if isinstance(block, Grid) else block.text for block in kept):
        raise UnreadableFile(path, "the workbook is empty, hidden sheets aside")
    return Document(kept, media_type=media_type)


def _read_sheet(sheet: Any, path: str) -> tuple[Values, Spans]:
    values: dict[tuple[int, int], str] = {}
    high, wide = min(sheet.max_row, MAX_ROWS), min(sheet.max_column, MAX_WIDTH)
    for row in sheet.iter_rows(max_row=high, max_col=wide):
        for cell in row:
            if cell.value is not None and (text := write_value(cell.value)):
                values[cell.row - 1, cell.column - 1] = text
        check_size(values, path)
    spans = {
        (area.min_row - 1, area.min_col - 1): (
            area.max_row - area.min_row + 1,
            area.max_col - area.min_col + 1,
        )
        for area in sheet.merged_cells.ranges
    }
    rows = {at - 1 for at, row in sheet.row_dimensions.items() if row.hidden}
    columns = {
        at - 1
        for group in sheet.column_dimensions.values()
        if group.hidden and group.min and group.max
        for at in range(group.min, min(group.max, MAX_WIDTH) + 1)
    }
    return drop_hidden(values, spans, rows, columns), spans


def _read_old_sheet(sheet: Any, book: Any, path: str) -> tuple[Values, Spans]:
    import xlrd

    values: dict[tuple[int, int], str] = {}
    for row in range(min(sheet.nrows, MAX_ROWS)):
        for column, cell in enumerate(sheet.row(row)[:MAX_WIDTH]):
            value = cell.value
            if cell.ctype == xlrd.XL_CELL_DATE:
                value = xlrd.xldate_as_datetime(value, book.datemode)
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                value = ""
            if text := write_value(value):
                values[row, column] = text
        check_size(values, path)
    spans = {(top, left): (bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells}
    rows = {at for at, row in sheet.rowinfo_map.items() if row.hidden}
    columns = {at for at, column in sheet.colinfo_map.items() if column.hidden}
    return drop_hidden(values, spans, rows, columns), spans


def drop_hidden(values: Values, spans: Spans, rows: set[int], columns: set[int]) -> Values:
    """The values that are shown: sums to check by, last year's numbers stand in hidden rows and columns.

    A merged cell is shown while any row and any column of it is.
    """
    if not rows and not columns:
        return values
    shown = {}
    for (row, column), text in values.items():
        high, wide = spans.get((row, column), (1, 1))
        if rows.issuperset(range(row, row + high)) or columns.issuperset(range(column, column + wide)):
            continue
        shown[row, column] = text
    return shown


def check_size(values: Values, path: str) -> None:
    """Raises `UnreadableFile` where a sheet has more filled cells than are read."""
    if len(values) > MAX_CELLS:
        raise UnreadableFile(path, f"more than {MAX_CELLS:,} cells: no report has as many")


def write_value(value: object) -> str:
    """A cell's value as it is printed; whole numbers without a point.

    >>> write_value(5.419), write_value(12.0), write_value(" 规章 "), write_value(0.1 + 0.2)
    ('5.419', '12', '规章', '0.3')
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value).strip()[:MAX_TEXT]


def lay_out(values: Values, spans: Spans) -> Iterator[Block]:
    """The blocks of a sheet: its rows from the first to the last that is filled."""
    if not values:
        return
    high = max(row for row, _ in values) + 1
    wide = max(column for _, column in values) + 1
    covered = _find_covered(spans, high, wide)
    cells = []
    for row in range(high):
        for column in range(wide):
            if (row, column) in covered:
                continue
            rows, columns = spans.get((row, column), (1, 1))
            text = values.get((row, column), "")
            lines = [Paragraph(line.strip()) for line in text.split("\n") if line.strip()]
            cells.append(
                Cell(lines, text, row, column, min(rows, high - row), max(1, min(columns, wide - column)))
            )
    yield from settle_table(cells)


def _find_covered(spans: Spans, high: int, wide: int) -> set[tuple[int, int]]:
    """The places in a sheet of that size that merged cells cover; they may not cover one another for ever."""
    clamped = {
        (row, column): (min(rows, high - row), min(columns, wide - column))
        for (row, column), (rows, columns) in spans.items()
        if row < high and column < wide
    }
    if sum(rows * columns for rows, columns in clamped.values()) > MAX_ROWS * MAX_WIDTH:
        raise TableTooLarge("merged cells that cover one another")
    return {
        (row + down, column + right)
        for (row, column), (rows, columns) in clamped.items()
        for down in range(rows)
        for right in range(columns)
        if down or right
    }
