"""OpenDocument workbooks (.ods, .fods) to a Document: each sheet a table, as of Excel's.

A sheet tells a row or cell that comes again once, with a count; what is empty is often told a million times.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from extract.errors import UnreadableFile
from extract.read.bounds import check_length, within_bounds
from extract.read.kind import FLAT_ODS
from extract.read.layout import Block
from extract.read.odf import OFFICE, STYLE, TABLE, find_body, open_root, read_count, read_paragraphs
from extract.read.spreadsheet import (
    MAX_BYTES,
    MAX_CELLS,
    MAX_ROWS,
    MAX_WIDTH,
    Spans,
    Values,
    check_size,
    drop_hidden,
    lay_out,
    make_document,
    write_value,
)
from extract.report import Document

ODS = "application/vnd.oasis.opendocument.spreadsheet"
_CELL = TABLE + "table-cell"
_NUMBERS = ("float", "currency")
_HIDDEN = ("collapse", "filter")


def read_ods(data: bytes, path: str) -> Document:
    """The visible sheets of a workbook in order. Raises `UnreadableFile` where it is damaged or too large."""
    check_length(data, MAX_BYTES, "a workbook", path)
    root, package = open_root(data, path)
    with within_bounds(path):
        blocks = list(read_sheets(root, path))
    return make_document(blocks, ODS if package else FLAT_ODS, path)


def read_sheets(root: Any, path: str) -> Iterator[Block]:
    """The blocks of the visible sheets below a root."""
    hidden = _find_hidden_styles(root)
    filled = 0
    for table in find_body(root, "spreadsheet", path).iterchildren(TABLE + "table"):
        if table.get(TABLE + "style-name") in hidden:
            continue
        values, spans = _read_sheet(table, path)
        filled += len(values)
        if filled > MAX_CELLS:
            raise UnreadableFile(path, f"more than {MAX_CELLS:,} cells: no report has as many")
        yield from lay_out(values, spans)


def _find_hidden_styles(root: Any) -> set[str]:
    """The styles of sheets that are not shown."""
    return {
        style.get(STYLE + "name")
        for style in root.iter(STYLE + "style")
        for properties in style.iterchildren(STYLE + "table-properties")
        if properties.get(TABLE + "display") == "false"
    }


class _Place(NamedTuple):
    """A row, column or cell: where it first stands, how many times it stands there, and its element."""

    at: int
    times: int
    element: Any


def _read_sheet(table: Any, path: str) -> tuple[Values, Spans]:
    values: dict[tuple[int, int], str] = {}
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    columns = _find_hidden(_number(_find_all(table, "column"), "columns"), MAX_WIDTH)
    rows = list(_number(_find_all(table, "row"), "rows"))
    for row in rows:
        cells = list(_read_row(row.element))
        for at in range(row.at, min(row.at + row.times, MAX_ROWS) if cells else row.at):
            for column, text, span in cells:
                if text:
                    values[at, column] = text
                if span != (1, 1):
                    spans[at, column] = span
            check_size(values, path)
    return drop_hidden(values, spans, _find_hidden(rows, MAX_ROWS), columns), spans


def _read_row(row: Any) -> Iterator[tuple[int, str, tuple[int, int]]]:
    """(column, text, spans) of the cells that hold anything, or reach over others."""
    for first, times, element in _number(row.iterchildren(_CELL, TABLE + "covered-table-cell"), "columns"):
        if first >= MAX_WIDTH:
            return
        text = read_cell(element)
        span = tuple(read_count(element, f"{TABLE}number-{what}-spanned") for what in ("rows", "columns"))
        if text or span != (1, 1):
            for column in range(first, min(first + times, MAX_WIDTH)):
                yield column, text, (span[0], span[1])


def _find_all(table: Any, what: str) -> Iterator[Any]:
    """The rows or columns of a sheet, also those in groups and heads."""
    wanted = f"{TABLE}table-{what}"
    groups = (f"{wanted}s", f"{wanted}-group", f"{TABLE}table-header-{what}s")
    for child in table:
        if child.tag == wanted:
            yield child
        elif child.tag in groups:
            yield from _find_all(child, what)


def _number(elements: Iterable[Any], what: str) -> Iterator[_Place]:
    """Rows, columns or cells with their places from 0."""
    at = 0
    for element in elements:
        times = read_count(element, f"{TABLE}number-{what}-repeated")
        yield _Place(at, times, element)
        at += times


def _find_hidden(places: Iterable[_Place], most: int) -> set[int]:
    return {
        at
        for place in places
        if place.element.get(TABLE + "visibility") in _HIDDEN
        for at in range(place.at, min(place.at + place.times, most))
    }


def read_cell(cell: Any) -> str:
    """A cell's value as it is printed; nothing of one that another covers."""
    if cell.tag != _CELL:
        return ""
    kind = cell.get(OFFICE + "value-type")
    if kind in _NUMBERS:
        with contextlib.suppress(ValueError, OverflowError):
            return write_value(float(cell.get(OFFICE + "value") or ""))
    if kind == "date":
        day = (cell.get(OFFICE + "date-value") or "")[:10]
        with contextlib.suppress(ValueError):
            return write_value(datetime.datetime.fromisoformat(day))
    text = read_paragraphs(cell)
    return write_value(text or cell.get(OFFICE + "string-value") or "")
