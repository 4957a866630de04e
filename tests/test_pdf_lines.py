"""Lines of a PDF to paragraphs: what makes a line full, page numbers beside tables."""

from __future__ import annotations

import pytest
from pdf_writer import PdfPage, width_of, wrap, write_pdf

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


STORY = (
    "　　根据条例的规定，现公布青石镇人民政府全年的政府信息公开工作情况，所列数据截至十二月底，欢迎监督。",
    "一、总体情况",
    "　　一年来，本镇把信息公开同老旧小区改造一起谋划、一起落实，服务群众的能力有了新的提高，群众较为满意。",
    "　　（一）主动公开。按照基本目录更新机构职能、领导分工和财政预决算，图文解读占到一半以上，方便了老年群众。",
    "　　（二）依申请公开。完善收件、登记、会办、审核、答复、归档六个环节，所有申请都在法定期限之内答复。",
    "　　（三）平台建设。关停长期不更新的账号，栏目由四十个并为十二个，手机端打开的速度明显加快，留言都有回音。",
)


def set_column(page: PdfPage, x: float, y: float, lines: list[str], pitch: float = 20) -> None:
    for number, line in enumerate(lines):
        shown = line.lstrip("\u3000")
        page.text(x + 12 * (len(line) - len(shown)), y + pitch * number, 12, shown)


def break_lines(paragraphs: tuple[str, ...], room: float) -> list[str]:
    return [line for paragraph in paragraphs for line in wrap(paragraph, room, 12)]


def read_lines(*pages: PdfPage) -> list[str]:
    blocks = read_pdf(write_pdf(list(pages)), "x").blocks
    return [block.text for block in blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("left", [7, 9, 12, 14])
@pytest.mark.parametrize("gutter", [14, 24, 40])
def test_columns_of_unequal_length_are_read_one_after_the_other(left, gutter):
    """However many lines the left one has; below it a heading over both, above a table, is read last."""
    room = (475 - gutter) / 2
    lines = break_lines(STORY, room)
    page = PdfPage()
    set_column(page, 60, 120, lines[:left])
    set_column(page, 60 + room + gutter, 120, lines[left:])
    below = 120 + 20 * max(left, len(lines) - left)
    page.text(84, below + 12, 12, "二、主动公开政府信息情况")
    for y in (below + 20, below + 50, below + 80):
        page.line(60, y, 535, y)
    for x in (60, 300, 535):
        page.line(x, below + 20, x, below + 80)
    page.text(70, below + 40, 12, "规章")
    page.text(310, below + 40, 12, "12")
    assert read_lines(page) == [*(part.strip("\u3000") for part in STORY), "二、主动公开政府信息情况"]


def test_three_columns_are_read_from_left_to_right():
    lines = break_lines(STORY * 2, 145)
    third = -(-len(lines) // 3)
    page = PdfPage()
    for number in range(3):
        set_column(page, 60 + 165 * number, 100, lines[third * number : third * (number + 1)])
    assert read_lines(page) == [part.strip("\u3000") for part in STORY * 2]


def test_rows_of_a_table_beside_one_another_are_no_columns():
    page = PdfPage()
    rows = [
        [f"{number}.申请人没有补正也没有说明", "的申请件数", 115 + number, 1395 + number]
        for number in range(1, 9)
    ]
    for number, (label, more, first, second) in enumerate(rows):
        y = 100 + 30 * number
        page.text(60, y, 12, label)
        page.text(60, y + 13, 12, more)
        for x, value in ((280, first), (340, second), (400, first), (460, second)):
            page.text(x, y, 12, str(value))
    read = " ".join(read_lines(page))
    for _, _, first, second in rows:
        assert f"{first} {second} {first} {second}" in read


def test_numbers_without_room_between_are_parted_by_the_columns_of_other_rows():
    page = PdfPage()
    for row in range(6):
        page.text(60, 100 + 30 * row, 12, f"第{'甲乙丙丁戊己'[row]}项申请")
        for column in range(7):
            value = str((1850 if row == 2 else 30) + 7 * column + row)
            middle = 220 + 26.5 * column
            page.text(middle - width_of(value, 12) / 2, 100 + 30 * row, 12, value)
    lines = read_lines(page)
    assert any(" ".join(str(1852 + 7 * column) for column in range(7)) in line for line in lines)


def test_columns_of_a_line_or_two_are_told_by_those_of_another_page():
    """A heading over both columns, which read on before it, and a page's end leave stretches of two lines."""
    lines = break_lines(STORY, 225)
    first, second = PdfPage(), PdfPage()
    set_column(first, 60, 100, lines[:8])
    set_column(first, 310, 100, lines[8:])
    short = "　　五、六两个月人手较少，对申请的答复不够及时，下一步将增加人手，落实专人办理。"
    broken = wrap(short, 225, 12)
    set_column(second, 60, 100, broken[:1])
    set_column(second, 310, 100, broken[1:])
    second.text(84, 150, 12, "六、其他事项")
    set_column(
        second, 60, 174, wrap("　　本年度没有收取信息处理费，也没有其他需要报告的事项，特此报告。", 225, 12)
    )
    read = read_lines(first, second)
    assert read[-3:] == [
        short.strip("\u3000"),
        "六、其他事项",
        "本年度没有收取信息处理费，也没有其他需要报告的事项，特此报告。",
    ]


def test_text_over_the_whole_width_stays_whole_beside_a_page_part_in_columns():
    page = PdfPage()
    wide = "　　根据条例的规定，本机关编制了年度报告，所列数据的统计期限自一月一日起至十二月三十一日止，如有疑问，请与我们联系，电话见公告，来信亦可，一并致谢，欢迎公众对我们的工作进行监督。"
    lines = wrap(wide, 475, 12)
    set_column(page, 60, 100, lines)
    set_column(page, 60, 200, break_lines(STORY[2:4], 225))
    set_column(page, 310, 200, break_lines(STORY[4:], 225))
    assert read_lines(page) == [part.strip("\u3000") for part in (wide, *STORY[2:])]


def test_rows_as_close_as_the_lines_of_a_cell_keep_their_numbers():
    page = PdfPage()
    rows = [("一、新收件数", 1601), ("二、结转件数", 28), ("三、办结件数", 1624), ("四、结转下年", 25)]
    for number, (label, value) in enumerate(rows):
        page.text(60, 100 + 19.5 * number, 9, label)
        for column in range(7):
            words = str(value + column)
            page.text(216 + 32 * column - width_of(words, 9) / 2, 100 + 19.5 * number, 9, words)
    read = " ".join(read_lines(page))
    for _, value in rows:
        assert " ".join(str(value + column) for column in range(7)) in read


@pytest.mark.parametrize("right", [True, False])
def test_a_table_in_one_column_is_read_where_it_stands_there(right):
    lines = break_lines(STORY + STORY[2:], 225)
    page = PdfPage()
    held, free = (310, 60) if right else (60, 310)
    set_column(page, held, 100, lines[12:18] if right else lines[:6])
    set_column(page, held, 300, lines[18:] if right else lines[6:12])
    set_column(page, free, 100, lines[:12] if right else lines[12:])
    for y in (230, 255, 280):
        page.line(held, y, held + 225, y)
    for x in (held, held + 120, held + 225):
        page.line(x, 230, x, 280)
    for row, (label, value) in enumerate((("规章", "21"), ("规范性文件", "36"))):
        page.text(held + 10, 246 + 25 * row, 12, label)
        page.text(held + 140, 246 + 25 * row, 12, value)
    blocks = read_pdf(write_pdf([page]), "x").blocks
    at = next(number for number, block in enumerate(blocks) if isinstance(block, Grid))
    before, after = (
        "".join(block.text for block in part if isinstance(block, Paragraph))
        for part in (blocks[:at], blocks[at + 1 :])
    )
    place = 18 if right else 6
    assert before == "".join(lines[:place]).replace("\u3000", "")
    assert after == "".join(lines[place:]).replace("\u3000", "")


@pytest.mark.parametrize(
    ("lines", "apart"),
    [
        (["北屏区卫生健康委员会二〇二四年政府信息公开工作年度报告", "一、总体情况"], True),
        (["五、存在的主要问题及改进情况", "普法信息形式单一，点击量低。"], True),
        (["五、存在的主要问题", "及改进情况"], False),
        (["本机关按照条例第二十条第", "（一）项的规定公开规章。"], False),
    ],
)
def test_a_heading_stands_alone_however_short_the_other_lines_of_its_page_are(lines: list[str], apart: bool):
    page = PdfPage()
    for number, line in enumerate(lines):
        page.text(60, 100 + 20 * number, 12, line)
    found = [block.text for block in read_pdf(write_pdf([page]), "x").blocks if isinstance(block, Paragraph)]
    assert found == (lines if apart else ["".join(lines)])


def test_a_label_that_runs_over_the_side_of_its_cell_stays_whole():
    """So spreadsheets print what is longer than its column; the number beside it keeps its cell."""
    page = PdfPage()
    for x in (60, 124, 184, 244):
        page.line(x, 100, x, 160)
    for y in (100, 120, 140, 160):
        page.line(60, y, 244, y)
    for row, (label, *numbers) in enumerate(
        [("甲乙", "丙", "丁"), ("规章", "17", "4"), ("规范性文件数", "63", "279")]
    ):
        page.text(62, 114 + 20 * row, 12, label)
        for x, number in zip((182, 242), numbers, strict=True):
            page.text(x - width_of(number, 12), 114 + 20 * row, 12, number)
    (grid,) = (block for block in read_pdf(write_pdf([page]), "x").blocks if isinstance(block, Grid))
    assert [cell.text for cell in grid.cells if cell.row == 2] == ["规范性文件数", "63", "279"]


def test_words_beyond_the_edge_of_the_page_do_not_widen_its_text():
    """A table wider than the paper runs out of it; the lines of the text above end where they always did."""
    page = PdfPage()
    prose = (
        "（一）主动公开。本年通过县政府门户网站发布乡村振兴、养老托育、粮食收储等方面的信息一百五十余条。" * 2
    )
    lines = wrap(prose, 420, 10)
    for number, line in enumerate(lines):
        page.text(60, 100 + 18 * number, 10, line)
    page.text(592, 400, 10, "尚未审结")
    assert read_lines(page) == [prose]
