"""Web pages: grids laid out as browsers do, the report found among the furniture, hostile pages survived."""

from __future__ import annotations

import io
import re
import time
import tomllib
from contextlib import suppress
from pathlib import Path

import layouts
import pytest
import renderings
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from layouts import fill_form
from test_tables import check_offsets, lost_cells, read, wrong_cells

from extract.errors import UnreadableFile
from extract.read.evidence import load_page_words, squeeze
from extract.read.html import read_html
from extract.read.layout import build_grid, place_cells
from extract.read.mht import read_mht
from extract.report import Document, Grid, Paragraph

EDITIONS = ("2019", "2021")
FORMS = {
    "whole": layouts.exact_grids,
    "apart": lambda filled: layouts.exact_grids(filled, apart=True),
    "uneven": lambda filled: layouts.exact_grids(filled, uneven=True),
    "pages": lambda filled: layouts.exact_grids(filled, pages=True),
}
CASES = tomllib.loads((Path(__file__).parent / "cases" / "pages.toml").read_text("utf-8"))["case"]
PAGE_DATA = tomllib.loads(
    (Path(__file__).parent.parent / "extract" / "data" / "page.toml").read_text("utf-8")
)


def page(text: str, encoding: str = "utf-8") -> Document:
    return read_html(text.encode(encoding), "page.html")


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


# ---- the same report in every dress -----------------------------------------------------------------------


@pytest.mark.parametrize("dress", renderings.DRESSES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_cells_and_lines_come_back(edition, form, dress):
    """Every cell of the form and every line of the report, whatever stands round them, and nothing else."""
    filled = fill_form(edition, 3)
    source = FORMS[form](filled)
    document = page(renderings.DRESSES[dress](source))
    assert lines(document) == lines(source)
    text, tables = read(document)
    assert not wrong_cells(filled, tables)
    assert not lost_cells(filled, tables)
    check_offsets(text, tables)


@pytest.mark.parametrize("dress", [name for name in renderings.DRESSES if name != "one_table"])
def test_grids_come_back_with_their_spans(dress):
    source = layouts.exact_grids(fill_form("2019", 5), uneven=True)
    read_back = grids(page(renderings.DRESSES[dress](source)))
    # columns and rows in which no cell begins are left out of both
    assert [_tight(grid) for grid in read_back] == [_tight(grid) for grid in grids(source)]


def _tight(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    columns = sorted({cell.column for cell in grid.cells if cell.text})
    rows = sorted({cell.row for cell in grid.cells if cell.text})
    place = lambda kept, at: sum(one < at for one in kept)  # noqa: E731
    return [
        (
            cell.text,
            place(rows, cell.row),
            place(columns, cell.column),
            place(rows, cell.row + cell.row_span) - place(rows, cell.row),
            place(columns, cell.column + cell.column_span) - place(columns, cell.column),
        )
        for cell in grid.cells
    ]


@pytest.mark.parametrize("mark", ["", "/", "—"])
@pytest.mark.parametrize("dress", renderings.DRESSES)
def test_blank_cells_keep_their_place(dress, mark):
    filled = layouts.some_noughts(fill_form("2021", 8), mark)
    _, tables = read(page(renderings.DRESSES[dress](layouts.exact_grids(filled))))
    assert not wrong_cells(filled, tables)
    assert not lost_cells(filled, tables)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "big5", "utf-16"])
@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "iso-8859-1"])
def test_the_declared_charset_is_a_hint_only(encoding, declared):
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    text = "<p>一、主要工作</p>" + "<p>政府信息公平公正，明白清楚，不二不三。</p>" * 9
    if encoding == "big5":
        text = "<p>一、總體情況</p>" + "<p>政府資訊公開條例，明白清楚，依法辦理。</p>" * 9
    document = page(f"<html><head>{head}</head><body>{text}</body></html>", encoding)
    assert lines(document)[0] in text


def test_a_saved_page_reads_as_the_page():
    source = renderings.site(layouts.exact_grids(fill_form("2021", 4)))
    import quopri

    saved = (
        b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        b'\ttype="text/html"; boundary="----B"\r\n\r\n------B\r\nContent-Type: text/html\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + quopri.encodestring(source.encode())
        + b"\r\n------B\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n------B--\r\n"
    )
    assert read_mht(saved, "x.mht").blocks == page(source).blocks


# ---- cases ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_cases(case):
    document = page(case["html"])
    shown = [
        block.text if isinstance(block, Paragraph) else [[*row] for row in _rows(block)]
        for block in document.blocks
    ]
    assert shown == case["blocks"]
    for key in ("published", "publisher", "title", "pictures"):
        if key in case:
            assert getattr(document, key) == (case[key] or None if key != "pictures" else case[key])


def _rows(grid: Grid) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    return [rows[row] for row in sorted(rows)]


def test_data_holds_its_own_examples():
    """Every pattern of page.toml matches its examples and none of its counter-examples."""
    entries = [PAGE_DATA[name] for name in ("heading", "title", "vocabulary", "form")] + PAGE_DATA[
        "furniture"
    ]
    for entry in entries:
        pattern = re.compile(entry["pattern"])
        assert [one for one in entry["examples"] if not pattern.search(squeeze(one))] == []
        assert [one for one in entry["never"] if pattern.search(squeeze(one))] == []
    words = [word for label in PAGE_DATA["label"] for word in label["words"]]
    assert len(words) == len(set(words))
    assert load_page_words().means["发布时间"] == "published"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("<h1>柳泉镇2021年政府信息公开工作年度报告</h1><a href='P1.pdf'>柳泉镇年报.pdf</a>", "P1.pdf"),
        ("<h1>柳泉镇2021年政府信息公开年报（图片版）</h1><img src=1.jpg width=900 height=1200>", "OCR"),
        ("<div id=app></div><script>load()</script>", "script"),
        ("", "empty"),
    ],
)
def test_a_page_without_the_report_says_where_it_is(content, word):
    with pytest.raises(UnreadableFile, match=word):
        page(content)


def test_headings_of_the_page_are_marked():
    document = page("<h2>一、总体情况</h2><p>本年度未收到政府信息公开申请。</p>")
    assert [block.heading for block in document.blocks] == [True, False]


@pytest.mark.parametrize(
    "hiding",
    [
        *("hidden", "HIDDEN", "hidden=hidden", "style='display:none'", "STYLE='Display: NONE;color:red'"),
        *(
            "style='visibility:Hidden'",
            "style='font-size:0px'",
            "style='FONT-SIZE: 0;'",
            "style='mso-hide:all'",
        ),
    ],
)
def test_what_a_browser_hides_is_not_read(hiding):
    text = "本年度办结信息公开申请三件，均在期限内答复。"
    assert lines(page(f"<p>{text}<b {hiding}>复制于本站</b></p><div {hiding}><p>其他年份</p></div>")) == [
        text
    ]


@pytest.mark.parametrize(
    "around", ["{}", "<p>{}</p>", "<p><span><b>{}</b></span></p>", "<div>{}</div>", "<p>\n{}</p>\n"]
)
def test_a_cell_reads_the_same_however_it_is_wrapped(around):
    rows = [["规章", "3", "&nbsp;"], ["行政规范性文件", "0", ""], ["制发\n件数", "<br>", "12 "]]
    cells = ["".join(f"<td rowspan=1>{around.format(cell)}</td>" for cell in row) for row in rows]
    (grid,) = grids(page("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"))
    shown = ["规章", "3", "", "行政规范性文件", "0", "", "制发件数", "", "12"]
    assert [cell.text for cell in grid.cells] == shown


# ---- grids against pandas ---------------------------------------------------------------------------------


@st.composite
def tilings(draw):
    """Rows of (row span, column span) that cover a rectangle without gaps: a table as any program understands it."""
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    free = {(row, column) for row in range(height) for column in range(width)}
    rows = []
    for row in range(height):
        rows.append([])
        for column in range(width):
            if (row, column) not in free:
                continue
            high, wide = draw(st.integers(1, height - row)), draw(st.integers(1, 3))
            while not all((row, column + one) in free for one in range(wide)):
                wide -= 1
            free -= {(row + one, column + two) for one in range(high) for two in range(wide)}
            rows[-1].append((high, wide))
    return rows


@settings(max_examples=60, deadline=None)
@given(tilings())
def test_layout_agrees_with_pandas(rows):
    """Each place of the grid holds the text that pandas, an independent layout of spans, puts there."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("lxml")
    texts = [[f"c{row}x{number}" for number in range(len(cells))] for row, cells in enumerate(rows)]
    source = "".join(
        "<tr>"
        + "".join(
            f"<td rowspan={high} colspan={wide}>{text}</td>" for text, (high, wide) in zip(names, cells)
        )
        for names, cells in zip(texts, rows)
    )
    frame = pandas.read_html(io.StringIO(f"<table>{source}</table>"), header=None, flavor="lxml")[0]
    cells = place_cells(
        [([Paragraph(text)], high, wide) for text, (high, wide) in zip(names, spans)]
        for names, spans in zip(texts, rows)
    )
    ours = {
        (row, column): cell.text
        for cell in cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    }
    theirs = {
        (row, column): value for row in range(len(frame)) for column, value in enumerate(frame.iloc[row])
    }
    assume(len(frame) == len(rows))  # pandas drops rows without cells of their own
    assert {place: value for place, value in theirs.items() if isinstance(value, str)} == ours
    assert len(build_grid(cells).cells) == len(cells)


# ---- hostile pages ----------------------------------------------------------------------------------------

REPORT = "<p>一、总体情况</p><p>本年度未收到政府信息公开申请。</p>"
HOSTILE = {
    "deep": "<div>" * 200_000 + REPORT,
    "deep_closed": "<div>" * 100_000 + "</div>" * 100_000 + REPORT,
    "deep_tables": "<table><tr><td>" * 3_000 + REPORT,
    "deep_spans": "<p>" + "<span>" * 9_000 + "x" + REPORT,
    "wide_spans": "<table>"
    + "<tr>"
    + "<td colspan=99999999 rowspan=99999999>x</td>" * 9
    + "</tr></table>"
    + REPORT,
    "many_columns": "<table><tr>" + "<td colspan=1000>x" * 50 + "</table>" + REPORT,
    "many_cells": "<table>" + ("<tr>" + "<td>1" * 100) * 10_000 + "</table>" + REPORT,
    "many_attributes": "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">" + REPORT,
    "one_line": "<p>" + "政府信息" * 500_000 + "</p>" + REPORT,
    "open_tags": "<b>" * 300_000 + REPORT,
    "open_comment": REPORT + "<!--" + "x" * 1_000_000,
    "entities": REPORT + "&#x4e00;" * 200_000 + "&lt;" * 200_000 + "&#xD800;&#0;&#x110000;",
    "nuls": REPORT.replace("年", "\0年"),
    "data_uri": f"<img src='data:image/png;base64,{'A' * 5_000_000}'>" + REPORT,
    "unclosed_list": "<ul><li>" * 5_000 + REPORT,
    "spaces": "<p>" + " \n" * 1_000_000 + "</p>" + REPORT,
    "labels": "<p>" + "发布时间：" * 50_000 + "</p>" + REPORT,
    "breadcrumbs": "<p>" + "首页>" * 50_000 + "</p>" + REPORT,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_soon(name):
    """A Document with the report in it, or a clear error, within seconds."""
    began = time.process_time()
    with suppress(UnreadableFile):
        assert "本年度未收到政府信息公开申请。" in "\n".join(lines(page(HOSTILE[name])))
    assert time.process_time() - began < 8


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(
            st.sampled_from(
                [
                    "<table>",
                    "<tr>",
                    "<td>",
                    "<td rowspan=0>",
                    "<td colspan=3>",
                    "</td>",
                    "</tr>",
                    "</table>",
                    "<p>",
                    "</p>",
                    "<ol>",
                    "<li>",
                    "<pre>",
                    "a\tb\n",
                    "<div>",
                    "</div>",
                    "一、总体情况",
                    "索引号：",
                    "发布时间：2021-1-1",
                    "<h1>2021年政府信息公开年报</h1>",
                    "<br>",
                    "&nbsp;",
                    "。",
                    "<a href=x>",
                    "</a>",
                    "<img>",
                    "<!--",
                    "-->",
                    "<select>",
                    "<svg>",
                    "<o:p>",
                    "12",
                    "政府信息公开。",
                ]
            ),
            max_size=40,
        ).map(lambda parts: "".join(parts).encode()),
    )
)
def test_any_bytes_give_a_document_or_an_error(data):
    for reader in (read_html, read_mht):
        with suppress(UnreadableFile):
            assert isinstance(reader(data, "x"), Document)
