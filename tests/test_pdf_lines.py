"""Lines of a PDF to paragraphs: what makes a line full, page numbers beside tables."""

from __future__ import annotations

from pdf_writer import PdfPage, write_pdf

from extract.read.pdf import read_pdf
from extract.report import Grid, Paragraph

LEFT = [
    "一、总体情况",
    "　　本机关今年按照条例的要求认真编制",
    "并公布年度报告，报告所列数据的统计期",
    "限为全年。",
    "二、主动公开政府信息的总体情况以及",
    "分析",
    "　　全年公开信息三百二十条，其中财政",
    "类信息占四成。",
]
RIGHT = [
    "　　规范性文件的解读材料与文件一同在",
    "网站上登出。",
    "　　公开栏更换六次，每次均留有照片存",
    "档备查，群众反映较好。",
    "三、存在问题",
    "　　个别科室对公开的认识还不够深，报",
    "送的材料有时迟于时限。",
]


def test_in_columns_below_a_wide_title_a_line_is_full_where_its_column_ends():
    page = PdfPage()
    page.text(70, 60, 22, "青石镇人民政府政府信息公开工作年度报告")
    for x, lines in ((60, LEFT), (320, RIGHT)):
        for number, line in enumerate(lines):
            shown = line.lstrip("\u3000")
            page.text(x + 12 * (len(line) - len(shown)), 120 + 20 * number, 12, shown)
    lines = [block.text for block in read_pdf(write_pdf([page]), "x").blocks if isinstance(block, Paragraph)]
    assert "本机关今年按照条例的要求认真编制并公布年度报告，报告所列数据的统计期限为全年。" in lines
    assert "二、主动公开政府信息的总体情况以及分析" in lines
    assert "个别科室对公开的认识还不够深，报送的材料有时迟于时限。" in lines


def test_a_page_number_inside_a_table_that_the_page_cuts_is_no_part_of_it():
    """Browsers draw the sides of a table down to the page's end, at times beside the page number."""
    pages = []
    for number in (1, 2, 3):
        page = PdfPage()
        for x in (60, 160, 260):
            page.line(x, 100, x, 825)
        for row in range(18):
            page.line(60, 100 + 40 * row, 260, 100 + 40 * row)
            page.text(70, 125 + 40 * row, 11, f"第{'甲乙丙'[number - 1]}项")
            page.text(170, 125 + 40 * row, 11, f"{number}{row}")
        page.text(70, 818, 11, f"— {number} —")
        pages.append(page)
    grids = [block for block in read_pdf(write_pdf(pages), "x").blocks if isinstance(block, Grid)]
    assert {cell.text for grid in grids for cell in grid.cells if cell.column == 0} == {
        "第甲项",
        "第乙项",
        "第丙项",
    }
