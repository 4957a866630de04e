"""Text and Markdown files: paragraphs as lines, and tables where they are visibly such."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.errors import UnreadableFile
from extract.read.lone_labels import join_lone_labels
from extract.read.text import read_blocks, read_text
from extract.report import Grid, Paragraph


def rows_of(grid: Grid) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    return list(rows.values())


def read(content: str, *, markdown: bool = False) -> list[str | list[list[str]]]:
    """Paragraphs as strings, grids as their rows."""
    blocks = read_blocks(content, markdown=markdown)
    return [rows_of(block) if isinstance(block, Grid) else block.text for block in blocks]


def test_document_says_what_it_was() -> None:
    document = read_text("一、总体情况\n平稳。".encode("gbk"), "a.txt")
    assert (document.media_type, document.encoding) == ("text/plain", "gb18030")
    assert read_text("# 题\n![图](a.png)\n正文".encode(), "A.MD").pictures == 1
    assert read_text("正文".encode(), "a.md").media_type == "text/markdown"


def test_lines_are_paragraphs_that_may_go_on() -> None:
    blocks = list(read_blocks("甲\n\n\n  乙\n丙"))
    assert blocks == [
        Paragraph("甲", wrapped=True),
        Paragraph("  乙", wrapped=True, gap=True),
        Paragraph("丙", wrapped=True),
    ]


def test_empty_file_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        read_text(b"\n", "a.txt")


TABLES = {
    "one cell a line, tab before, blank lines between rows": (
        "\t第二十条第（一）项\n\n\t信息内容\n\t本年新\n制作数量\n\t本年新\n公开数量\n\n"
        "\t规章\n\t0\n\t\n\n\t文件\n\t1\n\t 2\xa0\n",
        [
            ["第二十条第（一）项"],
            ["信息内容", "本年新\n制作数量", "本年新\n公开数量"],
            ["规章", "0", ""],
            ["文件", "1", "2"],
        ],
    ),
    "tab rows, ragged": (
        "第二十条第(一)项\t\t\t\n信息内容\t制作\t公开\t总数\n规章\t0\t1\t2\n\n\t3\t4\n",
        [
            ["第二十条第(一)项", "", "", ""],
            ["信息内容", "制作", "公开", "总数"],
            ["规章", "0", "1", "2"],
            ["", "3", "4"],
        ],
    ),
    "tab rows with a caption between": (
        "规章\t0\t1\n第二十条第（五）项\n行政许可\t2\t\n",
        [["规章", "0", "1"], ["第二十条第（五）项"], ["行政许可", "2", ""]],
    ),
    "rows with pipes behind": (
        "第二十条第(一)项 | |||\n信息内容 | 制发 | 废止 | 有效 |\n规章 | 0 | | 3 |\n",
        [["第二十条第(一)项", "", "", ""], ["信息内容", "制发", "废止", "有效"], ["规章", "0", "", "3"]],
    ),
    "Markdown table": (
        "| 信息内容 | 本年<br>制发 |\n|:---|---:|\n| 规章 | **0** |\n| a\\|b | 1 |\n",
        [["信息内容", "本年\n制发"], ["规章", "0"], ["a|b", "1"]],
    ),
    "Markdown row broken in a cell": (
        "| 信息内容 | 本年新\n制作数量 |\n| 规章 | 0 |\n| 文件 | 1 |\n",
        [["信息内容", "本年新\n制作数量"], ["规章", "0"], ["文件", "1"]],
    ),
    "one cell a line, pipe behind, blank lines between rows": (
        "信息内容 |\n制发 |\n\n规章 |\n0 |\n\n文件 |\n|\n",
        [["信息内容", "制发"], ["规章", "0"], ["文件", ""]],
    ),
    "one cell a line, pipe behind, rows not told": (
        "信息内容 |\n制发 |\n规章\n|\n0 |\n||\n",
        [["信息内容"], ["制发"], ["规章"], ["0"], [""], [""]],
    ),
    "one cell a line, pipe on a line of its own": (
        "信息内容\n|\n商业\n企业\n|\n规章\n|\n0\n|\n",
        [["信息内容"], ["商业\n企业"], ["规章"], ["0"]],
    ),
    "box drawing": (
        "┌──┬──┐\n│规章│0 │\n├──┼──┤\n│文件│1 │\n└──┴──┘\n",
        [["规章", "0"], ["文件", "1"]],
    ),
    "comma-separated hundreds": (
        "指标,新收,结转\n自然人,100,200\n企业,300,400\n",
        [["指标", "新收", "结转"], ["自然人", "100", "200"], ["企业", "300", "400"]],
    ),
    "comma-separated": (
        '指标,单位,数\n主动公开,条,"1,234"\n文件,件,5\n回应,次,\n',
        [["指标", "单位", "数"], ["主动公开", "条", "1,234"], ["文件", "件", "5"], ["回应", "次", ""]],
    ),
}


@pytest.mark.parametrize("layout", TABLES)
@pytest.mark.parametrize(
    "around", ["", "二、主动公开政府信息情况\n{}\n三、收到和处理政府信息公开申请情况\n未收到。\n"]
)
def test_visible_tables(layout: str, around: str) -> None:
    content, rows = TABLES[layout]
    found = read(around.format(content) if around else content)
    assert [one for one in found if isinstance(one, list)] == [rows]
    if around:
        assert found[0] == "二、主动公开政府信息情况"
        assert found[-2:] == ["三、收到和处理政府信息公开申请情况", "未收到。"]


def test_grids_told_by_marks_are_inexact() -> None:
    grid = next(block for block in read_blocks("规章\t0\t1\n文件\t2\t3") if isinstance(block, Grid))
    assert not grid.exact
    assert [(cell.row, cell.column) for cell in grid.cells] == [
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 0),
        (1, 1),
        (1, 2),
    ]


def test_heading_that_touches_the_table_after_it() -> None:
    heading = "四、政府信息公开行政复议、行政诉讼情况"
    content = f"\t规章\n\t0\n\t1\n\n\t文件\n\t2\n\t3\n{heading}\n\t结果维持\n\t0\n\t0\n\t0\n"
    found = read(content)
    assert found[1] == heading
    assert found[2] == [["结果维持", "0", "0", "0"]]


@pytest.mark.parametrize(
    "content",
    [
        "\t一、总体情况\n\t2020年，我镇认真贯彻落实条例，全年公开信息120条，成效较好，群众满意。\n"
        "\t二、主动公开情况\n\t见表。",
        "首页 | 新闻 | 公开",
        "|六、其他需要报告的事项",
        "存在不足,内容不全,更新慢\n改进措施,加强培训,严格考核\n今后,继续努力,做好工作",
        "规章 0 0 0\n规范性文件 0 0 0",
        "信息内容\n规章\n0\n0",
        "1,708,244\n2,100,305\n12,300,118",
        "新收 1,708,244 0 2,100\n结转 2,100,305 7 1,300\n办结 12,300,118 0 4,500",
        "（一）主动公开情况。\t2020年，我镇认真贯彻落实条例，全年公开信息120条，成效较好，群众满意，未发生泄密。",
    ],
    ids=[
        "indented text",
        "menu",
        "dirty heading",
        "half-width commas",
        "blanks",
        "bare cells",
        "thousands",
        "rows of thousands",
        "one tab",
    ],
)
def test_what_is_no_visible_table_stays_lines(content: str) -> None:
    assert all(isinstance(block, Paragraph) for block in read_blocks(content))


def test_headings_of_markdown() -> None:
    content = "# 题\n## 一、总体情况 ##\n**二、主动公开**\n**公开**了信息\n副题\n====\n正文\n"
    found = {block.text: block.heading for block in read_blocks(content) if isinstance(block, Paragraph)}
    assert found == {
        "题": True,
        "一、总体情况 ": True,
        "二、主动公开": True,
        "公开了信息": False,
        "副题": True,
        "正文": False,
    }


def test_marks_of_plain_text_stay() -> None:
    """Without a sign of Markdown, asterisks, hyphens and brackets are the report's own."""
    content = "- 3 -\n* 注：见附表\n[2020]12号(见附件)\n1\\2"
    assert read(content) == ["- 3 -", "* 注：见附表", "[2020]12号(见附件)", "1\\2"]


@given(st.text(max_size=300) | st.text("一、|\t\n ,0-#*│：。", max_size=300), st.booleans())
@settings(max_examples=400, deadline=None)
def test_no_string_crashes_and_no_character_is_lost(content: str, markdown: bool) -> None:
    parts: list[str] = []
    for block in read_blocks(content, markdown=markdown):
        parts.extend(cell.text for cell in block.cells) if isinstance(block, Grid) else parts.append(
            block.text
        )
        if isinstance(block, Grid):
            assert block.cells
            assert len({(cell.row, cell.column) for cell in block.cells}) == len(block.cells)
    wanted = [character for character in content if character.isalnum() and character < "\uf000"]
    if (
        "&" not in content
        and "~" not in content
        and "`" not in content
        and "[" not in content
        and "<" not in content
    ):
        found = "".join(parts)
        assert sorted(wanted) == sorted(c for c in found if c.isalnum() and c < "\uf000")


def test_labels_alone_above_their_numbers_are_at_their_head() -> None:
    """A label with a pipe of its own, its numbers on the next line; cells that stand one a line stay so."""
    source = (
        "行政许可 |\n31 | ||\n第二十条第(六)项 | |||\n信息内容 |\n本年处理决定数量 | ||\n"
        "行政处罚 |\n7 | ||\n行政强制 |\n0 | ||\n"
    )
    found = [cell.text for block in read_blocks(source) if isinstance(block, Grid) for cell in block.cells]
    assert [one for one in found if one][-4:] == ["行政处罚", "7", "行政强制", "0"]
    cells = ["规章 |", "0 |", "2 |", "5 |", "规范性文件 |", "1 |", "0 |", "4 |"]
    assert join_lone_labels(cells) == cells
