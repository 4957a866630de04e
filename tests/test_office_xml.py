"""Office files that are one XML file, files packed by gzip, hidden parts of workbooks: as systems export them."""

from __future__ import annotations

import gzip
import io
import re
import zipfile

import pytest
from layouts import exact_grids, fill_form
from renderings import docx_paragraph, docx_table, pack_docx

from extract.errors import UnreadableFile
from extract.read import read_document
from extract.read.gzipped import unpack
from extract.read.kind import find_kind
from extract.report import Document, Grid, Paragraph

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "urn:schemas-microsoft-com:office:spreadsheet"
PAGE = "<html><body><h1>松坪乡2022年政府信息公开工作年度报告</h1><p>一、总体情况</p></body></html>"


def texts(document: Document) -> list[str]:
    """The lines of a document, rows of tables with a bar between cells."""
    found: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
            continue
        rows: dict[int, list[str]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, []).append(cell.text)
        found += ["|".join(row) for row in rows.values()]
    return found


def workbook(rows: str, *, options: str = "", columns: str = "") -> bytes:
    return (
        f'{HEAD}<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="{SHEET}" xmlns:ss="{SHEET}" '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel"><Worksheet ss:Name="年报"><Table>{columns}{rows}'
        f"</Table>{options}</Worksheet></Workbook>"
    ).encode()


def cell(text: str, more: str = "", kind: str = "String") -> str:
    return f'<Cell {more}><Data ss:Type="{kind}">{text}</Data></Cell>'


ROWS = (
    "<Row>" + cell("松坪乡2022年政府信息公开工作年度报告", 'ss:MergeAcross="3"') + "</Row>"
    "<Row>" + cell("信息内容") + cell("本年制发件数") + cell("现行有效件数", 'ss:Index="4"') + "</Row>"
    "<Row>" + cell("规章") + cell("3", kind="Number") + cell("1.25E1", 'ss:Index="4"', "Number") + "</Row>"
)


def test_a_workbook_in_xml_is_read_like_any_other():
    document = read_document(workbook(ROWS), "导出.xls")
    assert texts(document) == [
        "松坪乡2022年政府信息公开工作年度报告",
        "信息内容|本年制发件数|现行有效件数",
        "规章|3|12.5",
    ]


def test_its_hidden_rows_and_columns_are_left_out():
    hidden = '<Row ss:Index="9" ss:Hidden="1">' + cell("校验") + cell("77", kind="Number") + "</Row>"
    columns = '<Column ss:Index="4" ss:Hidden="1"/>'
    words = "".join(texts(read_document(workbook(ROWS + hidden, columns=columns), "导出.xls")))
    assert "校验" not in words
    assert "77" not in words
    assert "12.5" not in words
    assert "3" in words


def test_a_hidden_sheet_in_xml_is_empty():
    options = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    with pytest.raises(UnreadableFile, match="empty"):
        read_document(workbook(ROWS, options=options), "导出.xls")


def flat_package(packed: bytes) -> bytes:
    """A .docx with its parts one after another in one XML file."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in archive.namelist():
            content = re.sub(r"<\?xml[^>]*\?>", "", archive.read(name).decode())
            if name != "[Content_Types].xml":
                parts.append(f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{content}</pkg:xmlData></pkg:part>')
    space = "http://schemas.microsoft.com/office/2006/xmlPackage"
    note = '<?mso-application progid="Word.Document"?>'
    return f'{HEAD}{note}<pkg:package xmlns:pkg="{space}">{"".join(parts)}</pkg:package>'.encode()


def test_a_flat_package_of_word_is_read_as_the_file_that_it_is():
    grids = [block for block in exact_grids(fill_form("2021", 7)).blocks if isinstance(block, Grid)]
    packed = pack_docx(docx_paragraph("一、总体情况") + "".join(map(docx_table, grids)))
    data = flat_package(packed)
    assert "flat-opc" in find_kind(data)
    assert read_document(data, "x.xml").blocks == read_document(packed, "x.docx").blocks


def test_the_xml_of_word_2003_is_told():
    data = f'{HEAD}<!-- 模板 -->\n<w:wordDocument xmlns:w="x"><w:body/></w:wordDocument>'.encode()
    assert "2003" in find_kind(data)


def test_a_damaged_one_says_so():
    with pytest.raises(UnreadableFile, match="well-formed"):
        read_document(workbook(ROWS)[:-30], "导出.xls")


def test_a_page_packed_by_gzip_is_read():
    """As a server sends it and a crawler keeps it; in one piece, in two, or with its end lost."""
    page = PAGE.encode()
    whole = texts(read_document(gzip.compress(page), "content.html"))
    assert whole == texts(read_document(page, "content.html"))
    assert unpack(gzip.compress(page[:40]) + gzip.compress(page[40:]), "x") == page
    assert unpack(gzip.compress(page)[:-6], "x").startswith(page[:60])


def test_bombs_and_archives_in_gzip_are_refused():
    with pytest.raises(UnreadableFile, match="bomb"):
        read_document(gzip.compress(b" " * 5_000_000), "x.gz")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(UnreadableFile, match="unpack it"):
        read_document(gzip.compress(packed.getvalue()), "x.gz")


def test_hidden_rows_and_columns_of_a_workbook_are_left_out():
    """Sums to check by, last year's numbers; a merged cell is shown while any part of it is."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["松坪乡2022年政府信息公开工作年度报告"], ["规章", 3, 4, "核对"], ["去年", 81, 82, "核对"]):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet.column_dimensions["A"].width = 30
    packed = io.BytesIO()
    book.save(packed)
    lines = texts(read_document(packed.getvalue(), "x.xlsx"))
    assert lines[0] == "松坪乡2022年政府信息公开工作年度报告"
    assert "规章|3|4" in lines[1]
    assert not any(word in "".join(lines) for word in ("核对", "81", "去年"))
