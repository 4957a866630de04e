"""Word files whose tables are workbooks set into them as objects, as Word, WPS and LibreOffice do."""

from __future__ import annotations

import io
import shutil
import struct

import pytest
from cfb_writer import write_compound
from layouts import exact_grids, fill_form
from odf_writer import ods
from renderings import (
    add_sheet,
    bordered_docx,
    docx_body,
    docx_paragraph,
    docx_table,
    office,
    pack_docx,
    pack_objects,
    set_in,
    xlsx,
)

from extract.pipeline import describe_source, parse, parse_document
from extract.read import read_document
from extract.read.docx_objects import unwrap
from extract.report import Document, Grid, Paragraph

openpyxl = pytest.importorskip("openpyxl")
FILLED = fill_form("2021", 11)
WHOLE = exact_grids(FILLED)


def split() -> tuple[str, list[Grid]]:
    """The body with objects in the place of its tables, and these."""
    parts, grids = [], []
    for block in WHOLE.blocks:
        if isinstance(block, Grid):
            parts.append(set_in(len(grids)))
            grids.append(block)
        else:
            parts.append(docx_paragraph(block.text))
    return "".join(parts), grids


def cells_of(data: bytes) -> dict[str, float | None]:
    return {cell.id: cell.value for cell in parse(data).cells}


def book(*grids: Grid, top: int = 0, window: str = "") -> bytes:
    """A workbook of a sheet a table, one of them on top; `window` is what is shown of that."""
    made = openpyxl.load_workbook(io.BytesIO(xlsx(Document((grids[0],)))))
    for number, grid in enumerate(grids[1:], 1):
        add_sheet(made, f"表{number}", grid)
    made.active = top
    packed = io.BytesIO()
    made.save(packed)
    return _set_window(packed.getvalue(), window) if window else packed.getvalue()


def _set_window(data: bytes, window: str) -> bytes:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as made:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/workbook.xml":
                content = content.replace(b"</workbook>", f'<oleSize ref="{window}"/></workbook>'.encode())
            made.writestr(name, content)
    return packed.getvalue()


def test_tables_that_are_workbooks_are_read():
    body, grids = split()
    assert (
        cells_of(pack_objects(body, {f"Book{at}.xlsx": book(grid) for at, grid in enumerate(grids)}))
        == FILLED.values
    )


def test_each_object_shows_the_sheet_on_top():
    """Word keeps the whole workbook behind each table that is copied from it."""
    body, grids = split()
    files = {f"Book{at}.xlsx": book(*grids, top=at) for at in range(len(grids))}
    assert cells_of(pack_objects(body, files)) == FILLED.values


def test_what_lies_outside_the_window_is_not_shown():
    body, grids = split()
    with_notes = openpyxl.load_workbook(io.BytesIO(book(grids[-1])))
    with_notes.active.cell(40, 1, "上年数")
    with_notes.active.cell(40, 2, 77)
    packed = io.BytesIO()
    with_notes.save(packed)
    files = {f"Book{at}.xlsx": book(grid) for at, grid in enumerate(grids)}
    files[f"Book{len(grids) - 1}.xlsx"] = _set_window(packed.getvalue(), "$A$1:$P$12")
    data = pack_objects(body, files)
    assert cells_of(data) == FILLED.values
    assert "上年数" not in parse(data).text


@pytest.mark.parametrize("stream", ["Package", "\x01Ole10Native"])
def test_workbooks_in_compound_files(stream):
    body, grids = split()
    files = {}
    for at, grid in enumerate(grids):
        data = book(grid)
        native = struct.pack("<I", len(data) + 40) + b"\2\0sheet.xlsx\0c:\\sheet.xlsx\0" + data
        files[f"oleObject{at}.bin"] = write_compound(
            {"\x01CompObj": b"x", stream: native if "Native" in stream else data, "\x03ObjInfo": b"y"}
        )
    assert cells_of(pack_objects(body, files)) == FILLED.values


@pytest.mark.system
def test_old_workbooks_are_read_of_the_object_itself(tmp_path):
    pytest.importorskip("xlrd")
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice: install libreoffice-calc-nogui")
    body, grids = split()
    made = office({f"b{at}.xlsx": book(*grids, top=at) for at in range(len(grids))}, "xls", tmp_path)
    assert (
        cells_of(pack_objects(body, {f"oleObject{at}.bin": made[f"b{at}"] for at in range(len(grids))}))
        == FILLED.values
    )


def test_a_text_that_is_set_in_gives_its_tables():
    body, grids = split()
    files = {f"Doc{at}.docx": pack_docx(docx_table(grid)) for at, grid in enumerate(grids)}
    assert cells_of(pack_objects(body, files)) == FILLED.values


def test_a_file_behind_an_icon_is_an_annex():
    _, grids = split()
    lines = "".join(docx_paragraph(block.text) for block in WHOLE.blocks if isinstance(block, Paragraph))
    files = {"附表.xlsx": book(*grids)}
    assert cells_of(pack_objects(lines + set_in(0, icon=True), files)) == FILLED.values
    whole = pack_objects(docx_body(WHOLE) + set_in(0, icon=True), {"附表.xlsx": book(*reversed(grids))})
    assert parse(whole).text == parse(pack_objects(docx_body(WHOLE), {})).text


def test_other_workbooks_behind_icons_are_left_alone():
    other = openpyxl.Workbook()
    other.active.append(["序号", "姓名"])
    other.active.append([1, "张三"])
    packed = io.BytesIO()
    other.save(packed)
    body = docx_paragraph("青石镇2022年政府信息公开工作年度报告") + docx_paragraph("一、总体情况")
    assert "张三" not in parse(pack_objects(body + set_in(0, icon=True), {"a.xlsx": packed.getvalue()})).text


@pytest.mark.parametrize(
    "file",
    [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"%PDF-1.4", xlsx(WHOLE)[:900]],
)
def test_damaged_objects_cost_only_themselves(file):
    body = docx_paragraph("青石镇2022年政府信息公开工作年度报告") + docx_paragraph("一、总体情况")
    document = read_document(
        pack_objects(body + set_in(0) + docx_paragraph("全年公开12条。"), {"a.bin": file}), "x.docx"
    )
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)][-1] == "全年公开12条。"
    assert document.pictures == 1


def test_links_and_objects_of_objects_are_not_followed():
    _, grids = split()
    lines = docx_paragraph("青石镇2022年政府信息公开工作年度报告") + docx_paragraph("一、总体情况")
    inner = pack_objects(docx_paragraph("一、总体情况") + set_in(0), {"a.xlsx": book(grids[0])})
    for body, file in ((set_in(0, kind="Link"), book(grids[0])), (set_in(0), inner)):
        found = read_document(pack_objects(lines + body, {"a.xlsx": file}), "x.docx")
        assert not any(isinstance(block, Grid) for block in found.blocks)


def test_a_compound_file_of_nothing_else_is_nothing():
    assert unwrap(write_compound({"Contents": b"x"})) == b""
    assert unwrap(write_compound({"Package": b"x" * 9000})) == b""
    assert unwrap(ods(WHOLE)).startswith(b"PK")
    assert unwrap(bordered_docx(WHOLE)).startswith(b"PK")


def test_the_report_is_that_of_its_blocks():
    body, grids = split()
    report = parse(pack_objects(body, {f"Book{at}.xlsx": book(grid) for at, grid in enumerate(grids)}))
    wanted = parse_document(WHOLE, describe_source(b"", "x", WHOLE))
    assert [section.heading for section in report.sections] == [
        section.heading for section in wanted.sections
    ]
    assert {cell.read_by for cell in report.cells} == {"grid"}
