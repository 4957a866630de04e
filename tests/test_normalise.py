"""The normalised text: characters, lines, furniture, and offsets that hold."""

from __future__ import annotations

import random
import re
import time
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example as with_example
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.normalise import BLOCK_STEPS, fold_cell, normalise
from extract.normalise.characters import fold_text, load_radicals
from extract.normalise.furniture import find_published, is_furniture, load_furniture, load_furniture_data
from extract.normalise.spaced_words import close_spaced
from extract.read.text import read_text
from extract.report import Document, Grid, GridCell, Paragraph, Text

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "cases" / "normalise.toml").read_text("utf-8"))["case"]
BLANKS = " \n\t"

texts = st.text(max_size=60) | st.text(
    "（一二、。政府公开2021０％ 　\u00a0\u200b⼈⺠\n\t|\x1e\r", max_size=60
)
cells = st.builds(
    GridCell,
    text=texts,
    row=st.integers(0, 6),
    column=st.integers(0, 9),
    row_span=st.integers(1, 3),
    column_span=st.integers(1, 4),
)
blocks = st.builds(Paragraph, texts, st.booleans(), st.booleans(), st.booleans()) | st.builds(
    Grid, st.lists(cells, max_size=8).map(tuple), st.booleans()
)
paragraphs = st.builds(Paragraph, texts, st.booleans(), st.booleans())
plain = st.lists(paragraphs, max_size=8).map(tuple).map(Document)
documents = st.builds(Document, st.lists(blocks, max_size=8).map(tuple))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    text = normalise(read_text(case["text"].encode(), "report.txt"))
    assert [text.text[line.start : line.end] for line in text.lines] == case["lines"]
    if "headings" in case:
        assert [at for at, line in enumerate(text.lines) if line.heading] == case["headings"]


def check_offsets(text: Text) -> None:
    """Lines and grids lie end to end; each surface is what its offsets say, and no cell crosses a line."""
    spans = sorted([(one.start, one.end + 1) for one in text.lines] + [(g.start, g.end) for g in text.grids])
    at = 0
    for start, end in spans:
        assert start == at
        at = end
    assert at == len(text.text)
    for line in text.lines:
        surface = text.text[line.start : line.end]
        assert surface
        assert surface == surface.strip()
        assert "\n" not in surface
        assert "\t" not in surface
    for grid in text.grids:
        rest = list(text.text[grid.start : grid.end])
        for cell in grid.cells:
            content = text.text[cell.start : cell.end]
            assert content == content.strip()
            assert "\n" not in content
            assert "\t" not in content
            rest[cell.start - grid.start : cell.end - grid.start] = [""] * len(content)
        assert not "".join(rest).strip(BLANKS)


@given(documents)
@settings(max_examples=300, deadline=None)
def test_offsets_hold(document: Document) -> None:
    check_offsets(normalise(document))


@given(documents)
@settings(max_examples=300, deadline=None)
def test_grid_contents_survive(document: Document) -> None:
    """Every cell of a grid that stays is in the text, with its place and spans."""
    text = normalise(document)
    kept = [block for block in document.blocks if isinstance(block, Grid) and block.cells]
    if len(kept) != len(text.grids):
        return
    for block, grid in zip(kept, text.grids, strict=True):
        assert len(block.cells) == len(grid.cells)
        places = sorted((cell.row, cell.column, cell.row_span, cell.column_span) for cell in block.cells)
        found = sorted((cell.row, cell.column, cell.row_span, cell.column_span) for cell in grid.cells)
        assert places == found


def as_document(text: Text) -> Document:
    """A normalised text as a document again."""
    parts: list[tuple[int, Paragraph | Grid]] = [
        (line.start, Paragraph(text.text[line.start : line.end], gap=line.gap, heading=line.heading))
        for line in text.lines
    ]
    for grid in text.grids:
        grid_cells = tuple(
            GridCell(text.text[c.start : c.end], c.row, c.column, c.row_span, c.column_span)
            for c in grid.cells
        )
        parts.append((grid.start, Grid(grid_cells, grid.exact, grid.read_by)))
    return Document(tuple(block for _, block in sorted(parts, key=lambda part: part[0])))


@given(
    st.lists(st.builds(Paragraph, texts, st.booleans(), st.booleans()), max_size=8).map(tuple).map(Document)
)
@with_example(Document((Paragraph("、0", wrapped=True), Paragraph("％", wrapped=True))))
@settings(max_examples=300, deadline=None)
def test_normalising_twice_is_normalising_once(document: Document) -> None:
    once = normalise(document)
    again = normalise(as_document(once))
    # What stands round furniture moves together, and may be furniture itself then; so may lines once joined.
    if not once.removed and not again.removed:
        assert again.text == once.text


@given(st.text(max_size=500))
@settings(max_examples=300, deadline=None)
def test_characters_fold_once(content: str) -> None:
    assert fold_text(fold_text(content)) == fold_text(content)


def test_no_radical_is_left() -> None:
    table = load_radicals()
    for place in (*range(0x2E81, 0x2E9A), *range(0x2E9B, 0x2EF4), *range(0x2F00, 0x2FD6)):
        assert chr(place) in table, hex(place)
    assert table["⼾"] == "户"
    assert list(table) == sorted(table)
    assert not set(table) & set(table.values())
    for character, folded in table.items():
        if 0xF900 <= ord(character) < 0xFB00:
            assert folded == unicodedata.normalize("NFC", character)


def test_furniture_keeps_to_its_examples() -> None:
    data = load_furniture_data()
    for entry in data["word"] + data["line"]:
        if entry.get("keep"):
            continue
        place = "head" if entry.get("where") == "head" else "outside" if "where" in entry else ""
        for example in entry["examples"]:
            assert is_furniture(example, place), (entry["name"], example)
        for example in entry["never"]:
            assert not is_furniture(example, place), (entry["name"], example)
    kept = next(entry for entry in data["line"] if entry.get("keep"))
    assert all(load_furniture().kept.fullmatch(example) for example in kept["examples"])
    assert not any(load_furniture().kept.fullmatch(example) for example in kept["never"])
    assert all(" " not in close_spaced(example) for example in data["spaced"]["examples"])
    assert all(close_spaced(example) == example for example in data["spaced"]["never"])


def test_letterhead_is_kept_and_listed() -> None:
    content = "柳溪县林业局文件\n柳林〔2022〕3号\n柳溪县林业局2021年政府信息公开年报\n一、总体情况\n平稳。\n"
    text = normalise(read_text(content.encode(), "a.txt"))
    assert [text.text[one.start : one.end] for one in text.furniture] == [
        "柳溪县林业局文件",
        "柳林〔2022〕3号",
    ]


def test_catalogue_card_in_a_table_is_no_table() -> None:
    card = Grid(
        tuple(
            GridCell(text, row, column)
            for row, texts in enumerate(
                [["索引号：", "A1"], ["发布机构", "柳溪县林业局"], ["成文日期", "2022-01-10"]]
            )
            for column, text in enumerate(texts)
        ),
        exact=True,
    )
    text = normalise(Document((card, Paragraph("一、总体情况"), Paragraph("平稳。"))))
    assert not text.grids
    assert text.removed == ("索引号：A1", "发布机构：柳溪县林业局", "成文日期：2022-01-10")
    assert find_published(text.removed) is None  # the day on which it was made


def test_table_in_the_text_is_row_by_row() -> None:
    grid = Grid(
        (
            GridCell("申请人", 0, 0, 2, 1),
            GridCell("法人", 0, 1, 1, 2),
            GridCell("商业\n企业", 1, 1),
            GridCell("", 1, 2),
        ),
        exact=True,
    )
    text = normalise(Document((Paragraph("表："), grid)))
    assert text.text == "表：\n申请人\t法人\t\n\t商业企业\t\n"
    assert [text.text[c.start : c.end] for c in text.grids[0].cells] == ["申请人", "法人", "商业企业", ""]


def test_lost_indent_goes_from_every_text() -> None:
    blocks = ("????一、总体情况", "????全年公开12条，是否????不详。", "????")
    text = normalise(Document((*map(Paragraph, blocks), Grid((GridCell("??规章", 0, 0),)))))
    assert text.text == "一、总体情况\n全年公开12条，是否????不详。\n????\n规章\n"


def test_question_marks_before_a_digit_may_be_digits() -> None:
    text = normalise(Document((Grid((GridCell("规章", 0, 0), GridCell("???0", 0, 1))),)))
    assert text.text == "规章\t???0\n"


def test_layout_table_is_unwrapped() -> None:
    prose = "全年公开信息十二条，内容真实准确。" * 10
    grid = Grid((GridCell(f"一、总体情况\n{prose}\n二、主动公开政府信息情况", 0, 0),), exact=True)
    text = normalise(Document((grid,)))
    assert text.text.startswith("一、总体情况\n")
    assert not text.grids


def test_title_in_a_table_of_one_column_is_a_line() -> None:
    content = "首页 |\n|\n柳溪县2021年政府信息公开工作年度报告 |\n||||\n一、总体情况\n平稳。\n"
    text = normalise(read_text(content.encode(), "a.txt"))
    assert "柳溪县2021年政府信息公开工作年度报告\n一、总体情况\n平稳。\n" in text.text
    assert not text.grids


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("增加\n5", "增加5"),
        ("a\nb", "a b"),
        ("1\n2", "1 2"),
        ("\n", ""),
        ("  三  安全 ", "三 安全"),
        ("甲\n\n乙", "甲乙"),
    ],
)
def test_cell_content(found: str, expected: str) -> None:
    assert fold_cell(found) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["成文日期：2021-01-18", "发布时间：2021年1月20日 10:23"], "2021-01-20"),
        (["日期：2021/1/5"], "2021-01-05"),
        (["发布日期：2021-13-40", "公布日期：2021-02-03"], "2021-02-03"),
        (["成文日期：2021-02-03"], None),
        (["数据时间：2021-12-31", "统计日期：2022-01-01"], None),
        (["内容时间范围为2021年1月1日至2021年12月31日"], None),
        (["公开时间：2021年1月1日—12月31日"], None),
        (["发布日期：2021-01-01 至 2021-12-31"], None),
        (["统计起止日期为2021年1月1日"], None),
        (["2021年1月20日", "统计期限自2020年1月1日起"], None),
        ([], None),
    ],
)
def test_day_of_publication(lines: list[str], expected: str | None) -> None:
    assert find_published(lines) == expected


def test_steps_read_as_a_list() -> None:
    assert [step.__name__ for step in BLOCK_STEPS] == [
        "unwrap_layout_tables",
        "split_paragraphs",
        "take_out_furniture",
        "take_out_page_numbers",
        "take_out_running_heads",
        "close_spaced_words",
        "join_torn_heads",
        "join_parted_numbers",
        "join_broken_lines",
    ]


HOSTILE = [
    *[
        "（",
        "1",
        "公",
        "公 ",
        "，",
        "《",
        "首页 > ",
        "来源：",
        " ",
        "　",
        "1 ",
        "\t",
        "|",
        "a | ",
        "\t1\n",
        "\n",
    ],
    *["0\n", "\t甲\n", "\t甲\n\n", "甲|\n", "|\n", "甲\n|\n", "1,2,3\n", "a,b,c\n", "一、\n", "**a", "- "],
    *["公开，\n", "《甲\n", "?", "&nbsp;", "打印", "字体：", "http://a/", "[", "](", "—", "2021-01-01 "],
    "2021年政府信息公开年度报告\n",
]


@pytest.mark.parametrize("seed", HOSTILE)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_time_is_linear(seed: str, name: str) -> None:
    def seconds(length: int) -> float:
        data = ("# 一、总体情况\n" + seed * (length // len(seed))).encode()
        start = time.process_time()
        normalise(read_text(data, name))
        return time.process_time() - start

    seconds(1_000)
    assert seconds(100_000) < 1.5


def test_long_report_takes_its_time_and_no_more() -> None:
    random.seed(7)
    words = ["政府", "信息", "公开", "工作", "及时", "准确", "，", "、", "。", "网站", "12", "条", "《", "》"]
    lines = ["".join(random.choices(words, k=30)) for _ in range(4_000)]

    def seconds(count: int) -> float:
        data = "\n".join(lines[:count]).encode()
        start = time.process_time()
        normalise(read_text(data, "a.txt"))
        return time.process_time() - start

    seconds(100)
    assert seconds(4_000) < 20 * max(seconds(400), 0.002)


@pytest.mark.shared
def test_real_reports_read_as_their_paragraphs() -> None:
    found = sorted((HERE.parent.parent / "shared" / "reports").glob("*.txt"))
    if not found:
        pytest.skip("the five real reports are not here")
    grids = []
    for path in found:
        text = normalise(read_text(path.read_bytes(), path.name))
        check_offsets(text)
        grids.append(len(text.grids))
        assert not re.search("[\u2e80-\u2fdf\u00a0\u3000]", text.text)
        assert not text.removed
    assert grids == [3, 3, 3, 0, 3]
    wrapped = normalise(read_text(found[3].read_bytes(), found[3].name))
    prose = [wrapped.text[line.start : line.end] for line in wrapped.lines]
    # Its lines are broken at the page's width; put together they are nine paragraphs that end in a stop.
    assert sum(len(line) > 40 and line.endswith("。") for line in prose) == 9
