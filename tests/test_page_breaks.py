"""Tables without ruling lines over page ends: heads cut in two, printed anew, rows that go on; none wrong."""

from __future__ import annotations

import pdf_writer
import pytest
from layouts import RULE, Cells, Filled, _request_cells, exact_grids, fill_form, make_grid
from pdf_writer import Layout, PdfPage, lay_out, write_pdf

from extract.pipeline import parse
from extract.read.pdf import read_pdf
from extract.report import Grid, Paragraph


def compare(filled: Filled, data: bytes) -> tuple[int, list[str]]:
    """How many cells are right, and those whose value is another."""
    found = {cell.id: cell.value for cell in parse(data).cells}
    right = sum(found.get(ident) == value for ident, value in filled.values.items())
    wrong = [one for one, value in found.items() if value is not None and value != filled.values.get(one)]
    return right, wrong


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("top", range(60, 200, 23))
@pytest.mark.parametrize(("size", "leading", "padding"), [(8, 1.25, 0.65), (9, 1.5, 1.0), (8, 2.0, 1.0)])
def test_heads_go_with_their_rows_wherever_a_page_ends(edition, top, size, leading, padding):
    filled = fill_form(edition, 9)
    layout = Layout(ruled=False, size=size, leading=leading, padding=padding, top=top)
    right, wrong = compare(filled, lay_out(exact_grids(filled), layout))
    assert not wrong
    assert right == len(filled.values)


def cut_part(rows: list[Cells], first: int, end: int) -> list[Cells]:
    """Some rows of a table; cells that reach over the cut are parted, their labels left above it."""
    part = [
        [(text, wide, min(high, end - first - at)) for text, wide, high in row]
        for at, row in enumerate(rows[first:end])
    ]
    reach = [
        ("", wide, min(at + high, end) - first)
        for at, row in enumerate(rows[:first])
        for _, wide, high in row
        if at + high > first
    ]
    return [[*reach, *part[0]], *part[1:]]


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("repeated", [True, False])
@pytest.mark.parametrize("cuts", [(3, 21), (9, 17), (12, 14), (5, 20)])
def test_rows_are_read_on_whatever_page_with_heads_or_without(ruled, repeated, cuts):
    filled = fill_form("2021", 4)
    head, body = _request_cells(filled)
    setter = pdf_writer._Setter(Layout(ruled=ruled, size=8, padding=1.0, leading=1.2), PdfPage)
    setter.turn()
    for block in exact_grids(filled).blocks:
        if isinstance(block, Paragraph):
            setter.set_paragraph(block)
        elif block.cells[0].text != RULE:
            setter.set_grid(block)
        else:
            for first, end in zip((0, *cuts), (*cuts, len(body))):
                if first:
                    setter.turn()
                rows = cut_part(body, first, end)
                setter.set_grid(make_grid([*head, *rows] if repeated or not first else rows))
    right, wrong = compare(filled, write_pdf(setter.pages))
    assert not wrong
    assert right == len(filled.values)


def lines_of(rows: list[list[tuple[float, str]]], pitch: float) -> list[str]:
    page = PdfPage()
    for number, row in enumerate(rows):
        for x, words in row:
            page.text(x, 100 + pitch * number, 9, words)
    blocks = read_pdf(write_pdf([page]), "x").blocks
    return [block.text for block in blocks if isinstance(block, Paragraph) and not isinstance(block, Grid)]


def test_the_rest_of_an_amount_is_no_line_of_its_own():
    heads = [(60, "信息内容"), (160, "采购项目"), (300, "采购总金额")]
    rows = [[(60, "其他对外管"), (160, "5"), (300, "77")], [(60, "理服务事项")]]
    broken = [[(60, "政府集中采购"), (160, "3630"), (300, "179.789")], [(313, "6")]]
    lines = lines_of([heads, *rows, *broken], 11.0)
    assert "政府集中采购 3630 179.7896" in lines


def test_full_numbers_of_rows_close_below_one_another_stay_apart():
    rows = [
        [(60, "规章"), (160, "2998"), (184, "3382"), (208, "2160")],
        [(60, "行政规范性文件"), (160, "609"), (184, "3182"), (208, "20")],
    ]
    assert [line.split(" ")[1] for line in lines_of(rows, 11.7)] == ["2998", "609"]
