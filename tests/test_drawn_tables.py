"""Tables of a page without <table>: boxes shown as rows and cells, or named so; what only lays out stays so."""

from __future__ import annotations

import time

import pytest

from extract.read.html import read_html
from extract.report import Document, Grid, Paragraph

ROWS = [
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["规章", "3", "", "41"],
    ["行政规范性文件", "12", "5", "67"],
]
HEAD = "<h1>柳坪镇2023年政府信息公开工作年度报告</h1><p>二、主动公开政府信息情况</p>"
TAIL = "<p>三、收到和处理政府信息公开申请情况</p>"
RULES = """<style>/* .no{display:table-cell} */ .form{width:100%; display: table}
@media screen { div.line, .other { display:table-row } }
.line > b, .none:after {padding:2px;display : table-cell}</style>"""


def draw(table: tuple[str, str], row: tuple[str, str], cell: tuple[str, str], gap: str = "") -> str:
    lines = (row[0] + gap.join(cell[0] + text + cell[1] for text in line) + row[1] for line in ROWS)
    return table[0] + gap.join(lines) + table[1]


DRAWN = {
    "styles": draw(
        ("<div style='display:table'>", "</div>"),
        ("<p style='display: table-row'>", "</p>"),
        ("<span style='color:red;DISPLAY: table-cell;'>", "</span>"),
    ),
    "rules": RULES
    + draw(("<div class=form>", "</div>"), ("<div class='line x'>", "</div>"), ("<b>", "</b>"), "\n"),
    "roles": draw(
        ('<section role="table"><div role="rowgroup">', "</div></section>"),
        ('<div role="row">', "</div>"),
        ('<div role="cell">', "</div>"),
        " ",
    ),
    "no table": draw(
        ("", ""), ("<ul style='display:table-row'>", "</ul>"), ("<li style='display:table-cell'>", "</li>")
    ),
    "no row": draw(("<div>", "</div>"), ("<div>", "</div>"), ("<i style='display:table-cell'>", "</i>")),
    "wrapped": draw(
        ("<div style='display:table'>", "</div>"),
        ("<div style='display:table-row'><span>", "</span></div>"),
        ("<em style='display:table-cell'><p>", "</p></em>"),
    ),
}


def page(text: str) -> Document:
    return read_html(text.encode(), "page.html")


def grids(document: Document) -> list[list[list[str]]]:
    found = []
    for grid in document.blocks:
        if isinstance(grid, Grid):
            rows: dict[int, dict[int, str]] = {}
            for cell in grid.cells:
                rows.setdefault(cell.row, {})[cell.column] = cell.text
            found.append([list(row.values()) for row in rows.values()])
    return found


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("way", DRAWN)
def test_boxes_shown_as_cells_are_a_table(way):
    document = page(HEAD + DRAWN[way] + TAIL)
    assert grids(document) == [ROWS]
    assert isinstance(document.blocks[-2], Grid)
    assert lines(document) == [
        "柳坪镇2023年政府信息公开工作年度报告",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
    ]


@pytest.mark.parametrize(
    "span",
    ['aria-colspan="2" aria-rowspan="1"', "style='grid-column: span 2'", "style='grid-column:1 / span 2'"],
)
def test_spans_are_read(span):
    rows = (("现行有效", "规章", "行政许可"), ("自然人", "1"), ("7", "8", "9"))
    made = "".join(
        '<div role="row">'
        + "".join(
            f'<span role="cell" {span if len(row) == 2 and not at else ""}>{text}</span>'
            for at, text in enumerate(row)
        )
        + "</div>"
        for row in rows
    )
    document = page(HEAD + f'<div role="grid">{made}</div>' + TAIL)
    grid = next(block for block in document.blocks if isinstance(block, Grid))
    assert [(cell.row, cell.column, cell.column_span) for cell in grid.cells[3:5]] == [(1, 0, 2), (1, 2, 1)]


def test_what_lays_out_the_page_or_holds_no_form_is_no_table():
    menu = draw(("<div style='display:table'>", "</div>"), ("<div>", "</div>"), ("<u>", "</u>"))
    cell, row = "<div style='display:table-cell'>", "<div style='display:table-row'>"
    columns = f"<div style='display:table'>{row}{cell}栏目</div>{cell}{HEAD}<p>全年发布信息。</p>{TAIL}</div></div></div>"
    plain = columns.replace("table-row", "block").replace("table-cell", "block")
    assert page(columns).blocks == page(plain.replace("display:table", "display:block")).blocks
    assert not grids(page(HEAD + menu + TAIL))
    names = f"{row}{cell}科室</div>{cell}电话</div></div>{row}{cell}办公室</div>{cell}12</div></div>"
    assert not grids(page(HEAD + names + TAIL))


def test_true_tables_with_such_styles_stay_as_they_are():
    table = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in ROWS)
    plain = page(f"{HEAD}<table>{table}</table>{TAIL}").blocks
    styles = "<style>table{display:table} tr{display:table-row} td{display:table-cell}</style>"
    assert page(f"{styles}{HEAD}<table role=table>{table}</table>{TAIL}").blocks == plain
    both = page(f"{HEAD}<table>{table}</table>{TAIL}{DRAWN['styles']}")
    assert grids(both) == [ROWS, ROWS]


@pytest.mark.parametrize(
    "made",
    [
        "<div style='display:table-cell'>" * 9_000,
        "<div style='display:table'><p style='display:table-row'><b style='display:table-cell'>" * 2_500,
        "<style>" + ("display" + " " * 50) * 30_000 + "/*" * 50_000 + "table-cell</style>",
        "<style>" + ".a div div .b{display:table-cell}" * 900 + "</style>" + "<div class='a b'>" * 3_000,
        "<i style='display:table-cell'>自然人</i><i style='display:table-cell'>规章</i>" * 20_000,
    ],
)
def test_endless_ones_end_soon(made):
    began = time.process_time()
    assert "二、主动公开政府信息情况" in lines(page(HEAD + "<p>全年发布信息。</p>" + made))
    assert time.process_time() - began < 6
