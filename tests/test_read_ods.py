"""OpenDocument workbooks: counts of rows and cells, merged and hidden ones, values, and what is made to be slow."""

from __future__ import annotations

import shutil
import time

import pytest
from odf_writer import SPREADSHEET, cell, ods, pack_odf, sheet, workbook
from renderings import office, xlsx
from whole_reports import WHOLE, essence, load_all, load_whole, read_back

from extract.errors import UnreadableFile
from extract.pipeline import describe_source, parse_document
from extract.read import read_document
from extract.report import Document, Grid


def grid_of(rows: str, styles: str = "", attributes: str = "") -> dict[tuple[int, int], str]:
    """The filled cells of the one table that comes of a sheet."""
    (grid,) = [block for block in document_of(rows, styles, attributes).blocks if isinstance(block, Grid)]
    return {(one.row, one.column): one.text for one in grid.cells if one.text}


def document_of(rows: str, styles: str = "", attributes: str = "") -> Document:
    return read_document(pack_odf(workbook(sheet(rows, attributes=attributes), styles=styles)), "附表.ods")


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


HEAD = row(cell("信息内容"), cell("本年制发件数"), cell("本年废止件数"))


@pytest.mark.parametrize("name", WHOLE)
def test_a_report_in_a_workbook_is_the_report(name):
    document = load_whole(name).document
    report = read_back(ods(document))
    wanted = essence(parse_document(document, describe_source(b"", "x", document)))
    assert essence(report) == wanted
    assert report.source.media_type == SPREADSHEET


@pytest.mark.system
def test_workbooks_of_libreoffice_agree(tmp_path):
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice: install libreoffice-calc-nogui")
    names = ("city_review3", "stat2014")
    books = {f"{whole.name}.xlsx": xlsx(whole.document) for whole in load_all(names).values()}
    for kind in ("ods", "fods"):
        folder = tmp_path / kind
        folder.mkdir()
        made = office(books, kind, folder)
        for whole in load_all(names).values():
            wanted = parse_document(whole.document, describe_source(b"", "x", whole.document))
            assert essence(read_back(made[whole.name])) == essence(wanted)


def test_cells_and_rows_that_come_again():
    rows = (
        HEAD
        + row(cell("规章"), cell("3", repeated=2))
        + row(cell("行政规范性文件"), cell("0", repeated=2), attributes='table:number-rows-repeated="2"')
    )
    found = grid_of(rows)
    assert [found[1, 1], found[1, 2], found[2, 2], found[3, 1]] == ["3", "3", "0", "0"]
    assert found[3, 0] == "行政规范性文件"


def test_what_stands_under_a_merged_cell_is_not_shown():
    under = '<table:covered-table-cell office:value-type="float" office:value="9"><text:p>9</text:p>'
    rows = HEAD + row(cell("规章", columns=2), under + "</table:covered-table-cell>", cell("4"))
    assert grid_of(rows) == {
        (0, 0): "信息内容",
        (0, 1): "本年制发件数",
        (0, 2): "本年废止件数",
        (1, 0): "规章",
        (1, 2): "4",
    }


@pytest.mark.parametrize("how", ["collapse", "filter"])
def test_hidden_rows_and_columns_are_left_out(how):
    columns = f'<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="{how}"/>'
    hidden = row(cell("上年数"), cell("77"), cell("7"), attributes=f'table:visibility="{how}"')
    table = f"<table:table>{columns}{HEAD}{hidden}{row(cell('规章'), cell('5'), cell('6'))}</table:table>"
    (grid,) = read_document(pack_odf(workbook(table)), "x").blocks
    assert isinstance(grid, Grid)
    assert [one.text for one in grid.cells] == ["信息内容", "本年制发件数", "规章", "5"]


def test_hidden_sheets_are_left_out():
    styles = (
        '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    hidden = sheet(HEAD + row(cell("规章"), cell("1"), cell("2")), "旧表", 'table:style-name="ta1"')
    shown = sheet(HEAD + row(cell("规章"), cell("3"), cell("4")))
    (grid,) = read_document(pack_odf(workbook(hidden, shown, styles=styles)), "x").blocks
    assert isinstance(grid, Grid)
    assert grid.cells[-1].text == "4"


def test_rows_in_groups_and_heads_are_rows():
    grouped = (
        f"<table:table-header-rows>{HEAD}</table:table-header-rows><table:table-row-group><table:table-rows>"
        f"{row(cell('规章'), cell('8'), cell('9'))}</table:table-rows></table:table-row-group>"
    )
    assert grid_of(grouped)[1, 2] == "9"


def test_values_are_those_and_not_what_is_shown_of_them():
    rounded = '<table:table-cell office:value-type="currency" office:value="5.419"><text:p>5.42</text:p></table:table-cell>'
    share = '<table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50%</text:p></table:table-cell>'
    day = '<table:table-cell office:value-type="date" office:date-value="2023-01-15T00:00:00"><text:p>15/1</text:p></table:table-cell>'
    found = grid_of(HEAD + row(rounded, share, day))
    assert [found[1, 0], found[1, 1], found[1, 2]] == ["5.419", "50%", "2023年1月15日"]


def test_text_of_a_cell_has_its_blanks_and_lines_and_no_comments():
    rich = (
        '<table:table-cell><office:annotation><text:p>批注：已核</text:p></office:annotation><text:p>规<text:s text:c="2"/>'
        "<text:span>章</text:span><text:line-break/>（件）</text:p><text:p>合计</text:p></table:table-cell>"
    )
    assert grid_of(HEAD + row(rich, cell("1"), cell("2")))[1, 0] == "规  章\n（件）\n合计"


def test_a_locked_workbook_says_so():
    data = pack_odf("cipher", manifest="<m><encryption-data/></m>")
    with pytest.raises(UnreadableFile, match="password"):
        read_document(data, "x.ods")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<a", "well-formed"),
        ("<a/>", "holds no spreadsheet"),
        (workbook(), "empty"),
        (workbook(sheet("")), "empty"),
        (
            '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + workbook(sheet(row(cell("&e;")))),
            "empty|XML",
        ),
    ],
)
def test_what_cannot_be_read_says_why(content, reason):
    with pytest.raises(UnreadableFile, match=reason):
        read_document(pack_odf(content.replace("&amp;e;", "&e;")), "x.ods")


def test_endless_counts_end():
    """Each a small file that stands for a sheet of billions of cells."""
    many = 'table:number-rows-repeated="999999999"'
    wide = HEAD + row(cell("1", repeated=16_384), attributes=many)
    merged = HEAD + row(cell("1", 999_999, 999_999, repeated=100), attributes=many)
    nested = "<table:table-row-group>" * 200 + HEAD + "</table:table-row-group>" * 200
    began = time.process_time()
    for rows in (wide, merged):
        with pytest.raises(UnreadableFile):
            document_of(rows * 3)
    assert len(grid_of(nested)) == 3
    with pytest.raises(UnreadableFile, match="XML"):
        document_of(nested.replace("<table:table-row-group>", "<table:table-row-group>" * 2))
    assert time.process_time() - began < 8
