"""A small writer of OpenDocument workbooks; it shares nothing with the reader."""

from __future__ import annotations

import html
import io
import itertools
import zipfile

from extract.report import Document, GridCell, Paragraph

SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
_URN = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{short}="{_URN}:{name}:1.0"'
    for short, name in (
        *(("office", "office"), ("text", "text"), ("table", "table"), ("style", "style")),
        *(("draw", "drawing"), ("fo", "xsl-fo-compatible")),
    )
)


def pack_odf(
    content: str,
    mimetype: str = SPREADSHEET,
    extra: dict[str, bytes] | None = None,
    manifest: str = "<manifest/>",
) -> bytes:
    """A container with that content.xml."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return packed.getvalue()


def workbook(*sheets: str, styles: str = "") -> str:
    """The content of a workbook."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f"{''.join(sheets)}</office:spreadsheet></office:body></office:document-content>"
    )


def sheet(rows: str, name: str = "附表", attributes: str = "") -> str:
    """A sheet as LibreOffice fills it up: empty rows to the last that there can be."""
    return (
        f'<table:table table:name="{name}" {attributes}><table:table-column table:number-columns-repeated="16384"/>'
        f'{rows}<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )


def cell(text: str, rows: int = 1, columns: int = 1, repeated: int = 1) -> str:
    """A cell; a number as a number."""
    attributes = f' table:number-columns-repeated="{repeated}"' * (repeated > 1)
    if rows > 1 or columns > 1:
        attributes += f' table:number-columns-spanned="{columns}" table:number-rows-spanned="{rows}"'
    if not text:
        return f"<table:table-cell{attributes}/>"
    number = text.replace(".", "", 1).isdecimal() and text.isascii()
    kind = f'office:value-type="float" office:value="{text}"' if number else 'office:value-type="string"'
    lines = "".join(f"<text:p>{html.escape(line, quote=False)}</text:p>" for line in text.split("\n"))
    return f"<table:table-cell {kind}{attributes}>{lines}</table:table-cell>"


def ods(document: Document) -> bytes:
    """Everything in one sheet, merged cells merged, what is alike told once."""
    rows: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            rows.append(f"<table:table-row>{cell(block.text)}</table:table-row>")
            continue
        rows.append(ods_rows(block.cells))
    return pack_odf(workbook(sheet("".join(rows))))


def ods_rows(cells: tuple[GridCell, ...]) -> str:
    """The rows of a table, what is merged merged."""
    high = max(one.row + one.row_span for one in cells)
    wide = max(one.column + one.column_span for one in cells)
    at = {(one.row, one.column): one for one in cells}
    under = {
        (one.row + down, one.column + right)
        for one in cells
        for down in range(one.row_span)
        for right in range(one.column_span)
        if down or right
    }
    rows = []
    for row in range(high):
        made: list[tuple[str, int, int]] = []
        for column in range(wide):
            one = at.get((row, column))
            if (row, column) in under:
                made.append(("<covered>", 1, 1))
            else:
                made.append((one.text, one.row_span, one.column_span) if one else ("", 1, 1))
        parts = []
        for (text, down, across), same in itertools.groupby(made):
            count = len(list(same))
            if text == "<covered>":
                parts.append(f'<table:covered-table-cell table:number-columns-repeated="{count}"/>')
            elif down == across == 1:
                parts.append(cell(text, repeated=count))
            else:
                parts += [cell(text, down, across)] * count
        rows.append(f"<table:table-row>{''.join(parts)}</table:table-row>")
    return "".join(rows)
