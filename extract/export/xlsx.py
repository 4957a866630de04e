"""Excel: one workbook, a sheet a table, headers frozen; written row by row, so that memory stays flat.

A text is never a formula or a link. What Excel cannot hold is cut and said on the sheet `notes`: texts over
32,767 characters; a table over 1,048,576 rows goes on on a further sheet (units_2 …).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter

from extract.export.plain import plain_rows
from extract.export.source import Sheet

MAX_ROWS = 1_048_576  # of a sheet, the header among them
MAX_TEXT = 32_767  # of a cell, in UTF-16 code units
_SURE = MAX_TEXT // 2  # characters that are never too many, though each take two units
_NAME = 31  # characters of a sheet's name
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_WIDE = ("text", "title", "heading", "message", "reason", "path", "label")
Row = Sequence[Any]


class Cuts:
    """The cells that were cut, as rows of the sheet `notes`."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def cell(self, value: str, place: str) -> str:
        """The text as far as a cell holds it; what is cut is noted under the cell's `place`."""
        units = value.encode("utf-16-le", "replace")
        if len(units) <= 2 * MAX_TEXT:
            return value
        kept = units[: 2 * MAX_TEXT].decode("utf-16-le", "ignore")
        self.rows.append((place, len(value), len(kept)))
        return kept


def write(sheets: Sequence[Sheet], folder: Path) -> dict[str, int]:
    """`gongkai.xlsx` with a sheet a table, then `variables` and `notes`; the rows of each table."""
    counted, cut = {}, Cuts()
    with xlsxwriter.Workbook(folder / "gongkai.xlsx", OPTIONS) as book:
        for sheet in sheets:
            counted[sheet.name] = write_table(book, sheet.name, sheet.schema.names, plain_rows(sheet), cut)
        write_table(book, "variables", ("table", "variable", "中文", "English"), _labels(sheets), cut)
        write_notes(book, cut)
    return counted


def write_notes(book: Any, cut: Cuts) -> None:
    """The sheet `notes`, where cells were cut."""
    if cut.rows:
        write_table(book, "notes", ("cell", "characters", "characters kept"), list(cut.rows), cut)


def write_table(
    book: Any, name: str, header: Sequence[str], rows: Iterable[Row], cut: Cuts | None = None
) -> int:
    """The rows on a sheet, or on as many as they need; their number."""
    cut = cut or Cuts()
    stream, counted, part = iter(rows), 0, 1
    while True:
        title = name[:_NAME] if part == 1 else f"{name[: _NAME - 4]}_{part}"
        sheet = _new_sheet(book, title, header)
        at = 0
        for at, row in enumerate(islice(stream, MAX_ROWS - 1), 1):
            for column, value in enumerate(row):
                if value.__class__ is str and len(value) > _SURE:
                    value = cut.cell(value, f"{title}!{header[column]} {at + 1}")
                _write_cell(sheet, at, column, value)
        counted += at
        following = list(islice(stream, 1)) if at == MAX_ROWS - 1 else []
        if not following:
            return counted
        stream, part = _again(following, stream), part + 1


def _again(first: Iterable[Row], rest: Iterator[Row]) -> Iterator[Row]:
    yield from first
    yield from rest


def _new_sheet(book: Any, title: str, header: Sequence[str]) -> Any:
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.freeze_panes(1, 0)
    for column, label in enumerate(header):
        sheet.set_column(column, column, 40 if label in _WIDE else 14)
    for column, label in enumerate(header):
        sheet.write_string(0, column, label, bold)
    return sheet


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))


def _labels(sheets: Sequence[Sheet]) -> Iterator[Row]:
    for sheet in sheets:
        for name in sheet.schema.names:
            yield (sheet.name, name, *sheet.labels.get(name, (None, None)))
