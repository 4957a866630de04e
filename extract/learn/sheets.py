"""Units to and from tables that people code in: CSV, XLSX; a row a unit, all columns of the corpus.

`path` is written with `|` between headings, themes with commas, `hard` as 1 or 0; an empty marker is none.
Themes are read with `|` between them too, as every other table of ours writes lists. Columns that the corpus
does not have, such as those that `suggest` adds, are passed over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import msgspec

from extract.errors import BadData
from extract.learn.corpus import UnitRow, find_faults, sort_themes
from extract.user_files import decode_text, find_delimiter, read_sheet

COLUMNS = UnitRow.__struct_fields__
LONGEST_CELL = 32_767  # of a spreadsheet; longer text would be cut without a word
Notes = Sequence[Mapping[str, str]]  # more to show of each unit, under the same names for all; or none


def write_csv(units: Sequence[UnitRow], notes: Notes = ()) -> bytes:
    """The units as CSV, UTF-8 with a byte-order mark so that Excel reads it; `notes` are further columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows(_lay_out(units, notes))
    return out.getvalue().encode("utf-8-sig")


def read_csv(data: bytes, where: str) -> list[UnitRow]:
    """The units of a CSV file, as Excel saves it too: GB 18030, `;` between fields.

    Raises `BadData` naming line and column.
    """
    text = decode_text(data, where)
    return _read_table(csv.reader(io.StringIO(text, newline=""), delimiter=find_delimiter(text)), where)


def write_xlsx(units: Sequence[UnitRow], notes: Notes = ()) -> bytes:
    """The units as one sheet, `notes` beside. Raises `BadData` where a text is longer than a cell may be."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {**options, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("units")
        sheet.freeze_panes(1, 0)
        for line, cells in enumerate(_lay_out(units, notes)):
            for column, cell in enumerate(cells):
                if len(cell) > LONGEST_CELL:
                    raise BadData(f"unit {cells[0]}: column {column + 1}: too long for a cell")
                sheet.write_string(line, column, cell)
    return out.getvalue()


def read_xlsx(data: bytes, where: str) -> list[UnitRow]:
    """The units of the first sheet. Raises `BadData` naming line and column."""
    rows = read_sheet(io.BytesIO(data), where)
    return _read_table(([_as_text(cell) for cell in row] for row in rows), where)


def _lay_out(units: Sequence[UnitRow], notes: Notes) -> Iterator[list[str]]:
    """The header, then the cells of each unit, those of the corpus first."""
    yield [*COLUMNS, *(notes[0] if notes else ())]
    for number, unit in enumerate(units):
        yield [*_as_cells(unit), *(notes[number].values() if notes else ())]


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a year that a person typed anew
    return str(cell)


def _as_cells(unit: UnitRow) -> list[str]:
    cells = msgspec.to_builtins(unit)
    cells["path"] = "|".join(name.replace("\\", "\\\\").replace("|", "\\|") for name in unit.path)
    cells["themes"] = ",".join(unit.themes)
    cells["hard"] = "1" if unit.hard else "0"
    cells["marker"] = unit.marker or ""
    return [str(cells[column]) for column in COLUMNS]


def split_path(cell: str) -> tuple[str, ...]:
    r"""The headings of a `path` cell.

    >>> split_path(r"（一）公开|1.网站\|微信")
    ('（一）公开', '1.网站|微信')
    """
    if not cell:
        return ()
    parts = re.findall(r"(?:[^|\\]|\\.)+", cell)
    return tuple(re.sub(r"\\(.)", r"\1", part) for part in parts)


def _read_table(rows: Iterable[Sequence[str]], where: str) -> list[UnitRow]:
    reading = iter(rows)
    header = [name.strip() for name in next(reading, [])]
    if missing := [column for column in COLUMNS if column not in header and column != "source"]:
        raise BadData(
            f"{where}:1: no column {missing[0]!r}: `gongkai suggest --to csv` writes a table with all"
        )
    units = []
    for line, row in enumerate(reading, 2):
        if any(row[len(header) :]):
            raise BadData(f"{where}:{line}: {len(row)} fields where the header has {len(header)}")
        if any(row):  # a spreadsheet may leave out the cells at the end that are empty
            units.append(
                _as_unit(dict(zip_longest(header, row[: len(header)], fillvalue="")), f"{where}:{line}")
            )
    return units


def _as_unit(cells: dict[str, str], where: str) -> UnitRow:
    row: dict[str, Any] = {column: cells[column] for column in COLUMNS if column in cells}
    row["path"] = split_path(cells["path"])
    row["themes"] = sort_themes(
        name.strip() for name in re.split("[,，;；、|]", cells["themes"]) if name.strip()
    )
    row["hard"] = cells["hard"].strip().lower() in ("1", "true", "yes", "是")
    row["marker"] = cells["marker"] or None
    row["kind"] = cells["kind"].strip()
    try:
        unit = msgspec.convert(row, UnitRow, strict=False)
    except msgspec.ValidationError as error:
        raise BadData(f"{where}: {error}") from error
    for field, fault in find_faults(unit):
        raise BadData(f"{where}: {field}: {fault}")
    return unit
