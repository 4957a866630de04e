"""PDF: ruled tables with their spans, over page ends, turned; tables without lines; page furniture."""

from __future__ import annotations

import io
import logging

import pytest
from layouts import exact_grids, fill_form
from pdf_writer import LAYOUTS as WRITTEN
from pdf_writer import Layout, PdfPage, lay_out, write_pdf

from extract.errors import UnreadableFile
from extract.pipeline import parse
from extract.read.fixed_page import Rule
from extract.read.lattice import Field, find_lattices
from extract.read.pdf import read_pdf
from extract.report import Document, Grid, GridCell, Paragraph

HEAD = "云溪县青石镇2022年政府信息公开工作年度报告"
LAYOUTS = {
    "plain": Layout(),
    "turned_left": Layout(rotate=90),
    "turned_right": Layout(rotate=270, numbers="{}"),
    "upside_down": Layout(rotate=180),
    "running_head": Layout(head=HEAD, numbers="第{}页"),
    "large": Layout(size=11.5),
}


def cells_of(data: bytes) -> dict[str, float | None]:
    return {cell.id: cell.value for cell in parse(data).cells}


def lines_of(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_cell_of_ruled_tables_is_read(edition, name):
    filled = fill_form(edition, 7)
    assert cells_of(lay_out(exact_grids(filled), LAYOUTS[name])) == filled.values


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_bands_that_do_not_line_up_are_read(edition):
    filled = fill_form(edition, 8)
    assert cells_of(lay_out(exact_grids(filled, uneven=True))) == filled.values


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("name", [name for name in WRITTEN if name.startswith("no lines")])
def test_cells_of_tables_without_lines_are_read_and_none_wrong(edition, name):
    """Centred or not, at the top of their rows or in the middle, rows far apart or as close as lines."""
    filled = fill_form(edition, 9)
    found = cells_of(lay_out(exact_grids(filled), WRITTEN[name]))
    right = sum(found.get(ident) == value for ident, value in filled.values.items())
    assert right >= 0.98 * len(filled.values)
    wrong = [one for one, value in found.items() if value is not None and value != filled.values.get(one)]
    assert not wrong


def bare_lines(rows: list[list[tuple[float, str]]], pitch: float = 12.0) -> list[str]:
    """The lines of a page whose words stand at the given x, a row of them a line, after reading."""
    page = PdfPage()
    for number, row in enumerate(rows):
        for x, words in row:
            page.text(x, 100 + pitch * number, 9, words)
    return lines_of(read_pdf(write_pdf([page]), "x"))


def test_a_group_label_is_not_glued_to_the_label_of_the_row_beside_it():
    lines = bare_lines(
        [
            [(60, "（三）不予"), (150, "1.属于国家秘密"), (260, "12"), (320, "7"), (380, "19")],
            [(60, "公开")],
            [(150, "2.其他法律行政"), (260, "8"), (320, "30"), (380, "38")],
            [(150, "法规禁止公开")],
        ]
    )
    assert lines == ["（三）不予公开", "1.属于国家秘密 12 7 19", "2.其他法律行政法规禁止公开 8 30 38"]


def test_heads_are_read_in_the_order_of_their_columns():
    lines = bare_lines(
        [
            [(260, "法人或其他组织")],
            [(200, "自然人"), (260, "商业"), (320, "科研"), (380, "总计")],
            [(260, "企业"), (320, "机构")],
            [(60, "一、本年新收"), (200, "12"), (260, "30"), (320, "7"), (380, "49")],
            [(60, "二、上年结转"), (200, "1"), (260, "2"), (320, "3"), (380, "6")],
        ],
        pitch=12.0,
    )
    assert lines[:2] == ["法人或其他组织", "自然人 商业企业 科研机构 总计"]


def test_a_number_that_a_narrow_cell_broke_is_whole_and_rows_of_numbers_stay_apart():
    heads = [[(60, "维持"), (90, "纠正"), (120, "其他"), (150, "未审"), (180, "总计")]]
    broken = [
        [(60, "842"), (90, "53"), (120, "122"), (150, "9"), (180, "102")],
        [(180, "6")],
        [(60, "一是公开内容还不够全面，个别股室信息更新不及时，公众参与的渠道不多。")],
    ]
    assert "842 53 122 9 1026" in bare_lines(heads + broken)
    apart = [
        [(60, "84"), (90, "53"), (120, "12"), (150, "22")],
        [(60, "1"), (90, "2"), (120, "3"), (150, "6")],
    ]
    assert {"84 53 12 22", "1 2 3 6"} <= set(bare_lines(heads + apart))


def test_page_numbers_and_running_heads_are_left_out():
    filled = fill_form("2021", 7)
    lines = lines_of(read_pdf(lay_out(exact_grids(filled), LAYOUTS["running_head"]), "x"))
    assert lines.count(HEAD) == 1
    assert not any("页" in line for line in lines)


def test_a_paragraph_broken_over_lines_and_pages_is_one():
    text = "全年公开政府信息一千二百条，涉及民生保障、乡村振兴、财政预算等重点领域，及时回应群众关切。" * 3
    document = Document(tuple(Paragraph(text) for _ in range(30)))
    lines = [line.strip() for line in lines_of(read_pdf(lay_out(document), "x"))]
    assert lines == [text] * 30


def test_two_columns_are_read_one_after_the_other():
    text = "公开栏每月更新一次，内容由各股室提供并经审查后张贴，群众可随时查阅。" * 4
    document = Document(tuple(Paragraph(f"{number}号村" + text) for number in range(12)))
    lines = [line.strip() for line in lines_of(read_pdf(lay_out(document, Layout(columns=2)), "x"))]
    assert lines == [f"{number}号村" + text for number in range(12)]


def test_letters_one_under_another_are_one_label():
    cells = [GridCell(word, 0, column) for column, word in enumerate("甲乙丙")]
    cells[0] = GridCell("三\n、\n本\n年\n度", 0, 0)
    cells += [GridCell(str(number), 1, number) for number in range(3)]
    (grid,) = (
        b for b in read_pdf(lay_out(Document((Grid(tuple(cells)),))), "x").blocks if isinstance(b, Grid)
    )
    assert grid.cells[0].text.replace("\n", "") == "三、本年度"


def test_lattice_gives_merged_cells_and_open_sides():
    level = [Rule(0, 0, 90), Rule(20, 30, 90), Rule(40, 0, 90)]
    upright = [Rule(30, 0, 40), Rule(60, 20, 40), Rule(90, 0, 40)]
    (lattice,) = find_lattices(level, upright)
    assert lattice.fields == [Field(0, 0, 2, 1), Field(0, 1, 1, 2), Field(1, 1, 1, 1), Field(1, 2, 1, 1)]


def test_columns_of_two_tables_a_hair_apart_stay_their_own():
    """Browsers print tables of percentages: columns of the table above are no measure for the one below."""
    above = [Rule(0, 0, 200), Rule(20, 0, 200)]
    below = [Rule(60, 0, 200), Rule(80, 0, 200)]
    upright = [Rule(x, 0, 20) for x in (0, 103.5, 200)] + [Rule(x, 60, 80) for x in (0, 100, 200)]
    first, second = find_lattices([*above, *below], upright)
    assert first.xs == [0, 103.5, 200]
    assert second.xs == [0, 100, 200]


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_pdfplumber_sees_the_same_cells(edition):
    """On ruled pages pdfplumber is right: every text of its cells is in ours, page by page."""
    pdfplumber = pytest.importorskip("pdfplumber")
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    data = lay_out(exact_grids(fill_form(edition, 5)), Layout(size=9))
    ours = "".join(
        cell.text for block in read_pdf(data, "x").blocks if isinstance(block, Grid) for cell in block.cells
    ).replace("\n", "")
    with pdfplumber.open(io.BytesIO(data)) as pages:
        tables = [table for page in pages.pages for table in page.extract_tables()]
    theirs = [cell.replace("\n", "") for table in tables for row in table for cell in row if cell]
    assert len(theirs) > 200
    assert not [cell for cell in theirs if cell not in ours]


def test_a_pdf_without_text_or_pictures_says_so():
    with pytest.raises(UnreadableFile, match="neither text nor pictures"):
        read_pdf(write_pdf([PdfPage()]), "x")
