"""Office files that are one XML file: Word's flat package, workbooks of Excel 2003 (SpreadsheetML).

Office systems of agencies export them under the names .doc and .xls. Word 2003's own XML goes by way of
LibreOffice (`extract.read.office`).
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from extract.errors import UnreadableFile
from extract.read.bounds import check_length, within_bounds
from extract.read.kind import SPREADSHEET_XML
from extract.read.ooxml import make_parser
from extract.read.spreadsheet import (
    MAX_BYTES,
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

_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?(?:E[+-]?\d{1,2})?")


def read_flat_docx(data: bytes, path: str) -> Document:
    """A Word file whose parts stand in one XML file one after another."""
    from extract.read.docx import read_docx

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, content in _read_parts(_parse(data, path), path):
            package.writestr(name, content)
    return read_docx(packed.getvalue(), path)


def _read_parts(root: Any, path: str) -> Iterator[tuple[str, bytes]]:
    from lxml import etree

    seen: set[str] = set()
    for part in root.iterchildren(_PKG + "part"):
        name = (part.get(_PKG + "name") or "").lstrip("/")
        if not name or name in seen:
            continue
        seen.add(name)
        held = next(iter(part.iterchildren(_PKG + "xmlData")), None)
        if held is not None and len(held):
            yield name, etree.tostring(held[0])
            continue
        packed = part.findtext(_PKG + "binaryData") or ""
        try:
            yield name, base64.b64decode(packed)
        except binascii.Error as error:
            raise UnreadableFile(path, f"part {name} is damaged: fetch the file again") from error


def read_spreadsheet_xml(data: bytes, path: str) -> Document:
    """The visible sheets of a workbook in order."""
    root = _parse(data, path)
    with within_bounds(path):
        blocks = [
            block
            for sheet in root.iterchildren(_SS + "Worksheet")
            if sheet.find(f"{_EXCEL}WorksheetOptions/{_EXCEL}Visible") is None  # stands only where it is not
            for block in lay_out(*_read_sheet(sheet, path))
        ]
    return make_document(blocks, SPREADSHEET_XML, path)


def _read_sheet(sheet: Any, path: str) -> tuple[Values, Spans]:
    values: dict[tuple[int, int], str] = {}
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    for table in sheet.iterchildren(_SS + "Table"):
        for at, column in _number(table.iterchildren(_SS + "Column"), "Span"):
            if column.get(_SS + "Hidden") == "1":
                hidden_columns.update(range(at, at + 1 + _to_int(column.get(_SS + "Span"), 0)))
        for row, line in _number(table.iterchildren(_SS + "Row"), "Span"):
            if line.get(_SS + "Hidden") == "1":
                hidden_rows.update(range(row, row + 1 + _to_int(line.get(_SS + "Span"), 0)))
            for column, cell in _number(line.iterchildren(_SS + "Cell"), "MergeAcross"):
                if row >= MAX_ROWS or column >= MAX_WIDTH:
                    break
                if text := _read_cell(cell):
                    values[row, column] = text
                down = _to_int(cell.get(_SS + "MergeDown"), 0)
                across = _to_int(cell.get(_SS + "MergeAcross"), 0)
                if down or across:
                    spans[row, column] = (down + 1, across + 1)
            check_size(values, path)
    return drop_hidden(values, spans, hidden_rows, hidden_columns), spans


def _number(elements: Iterator[Any], span: str) -> Iterator[tuple[int, Any]]:
    """Rows, columns or cells with their places from 0: each follows the last, or says its own (from 1)."""
    at = 0
    for element in elements:
        at = _to_int(element.get(_SS + "Index"), at + 1) - 1
        yield at, element
        at += 1 + _to_int(element.get(_SS + span), 0)


def _read_cell(cell: Any) -> str:
    data = next(iter(cell.iterchildren(_SS + "Data")), None)
    if data is None:
        return ""
    text = "".join(data.itertext())
    if data.get(_SS + "Type") == "Number" and _NUMBER.fullmatch(text.strip()):
        return write_value(float(text))
    return "" if data.get(_SS + "Type") == "Error" else write_value(text)


def _to_int(text: str | None, default: int) -> int:
    return min(int(text), 100_000) if text and text.isascii() and text.isdigit() else default


def _parse(data: bytes, path: str) -> Any:
    from lxml import etree

    check_length(data, MAX_BYTES, "such a file", path)
    try:
        return etree.fromstring(data, make_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(
            path, f"is no well-formed XML ({error}): save it anew in the program that wrote it"
        ) from error
