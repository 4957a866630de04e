"""Tables of a cell a line that print nothing for nought: what the blank lines say of the blank cells."""

from __future__ import annotations

import layouts
import pytest
from layouts import Filled, fill_form, some_noughts
from test_tables import lost_cells, read, wrong_cells

from extract.read.blank_lines import lay_out_blanks

# What stands behind a cell, and what a blank cell leaves.
MANNERS = {
    "a line each": ("\n", "\n"),
    "a blank line each": ("\n\n", "\n"),
    "an empty paragraph each": ("\n\n", "\n\n"),
    "a paragraph of a blank": ("\n\n", " \n\n"),
    "a paragraph of a no-break space": ("\n\n", "\xa0\n\n"),
}


def print_cells(filled: Filled, manner: str) -> str:
    """The form a cell a line, blank cells as lines without a word."""
    behind, blank = MANNERS[manner]
    lines = layouts.one_line(filled).split("\n")
    for at in (4, 6, 8):
        lines[at] = "".join(cell + behind if cell else blank for cell in lines[at].split(" ")).rstrip("\n")
    return "\n\n".join(lines)


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("manner", MANNERS)
def test_blank_lines_are_the_blank_cells(edition: str, manner: str) -> None:
    """Every number stands in its own column."""
    for seed in range(3):
        filled = some_noughts(fill_form(edition, seed, most=90), "", share=0.7, seed=seed)
        _, tables = read(print_cells(filled, manner))
        assert not wrong_cells(filled, tables)
        assert not {cell for cell in lost_cells(filled, tables) if cell.startswith("requests")}


@pytest.mark.parametrize(("manner", "share"), [("a blank line each", 0.3), ("a paragraph of a blank", 0.95)])
def test_the_row_of_the_review_may_begin_and_end_with_blank_cells(manner: str, share: float) -> None:
    filled = some_noughts(fill_form("2021", 4), "", share=share, seed=2)
    filled.printed["review.reconsideration.upheld"] = ""
    filled.values["review.reconsideration.upheld"] = None
    _, tables = read(print_cells(filled, manner))
    assert not wrong_cells(filled, tables)
    assert not {cell for cell in lost_cells(filled, tables) if cell.startswith("review")}


def test_two_rows_of_a_report_cut_short_are_enough() -> None:
    text = (
        "枫桥街道办事处2020年政府信息公开工作年度报告\n\n三、收到和处理政府信息公开申请情况\n\n申请人情况\n\n自然人\n\n"
        "法人或其他组织\n\n总计\n\n商业企业\n\n科研机构\n\n社会公益组织\n\n法律服务机构\n\n其他\n\n\n"
        "一、本年新收政府信息公开申请数量\n\n4\n\n\n\n\n\n\n4\n\n"
        "二、上年结转政府信息公开申请数量\n\n\n\n\n\n\n\n1\n\n三、本年度办理结果\n\n（一）予以公开\n\n\n\n\n\n"
    )
    values = {cell.id: cell.value for cell in read(text)[1].cells if cell.value is not None}
    assert values == {
        "requests.received.natural_person": 4,
        "requests.received.total": 4,
        "requests.carried_over.total": 1,
    }


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("torn", ["lost", "more", "page"])
def test_torn_rows_are_not_guessed(manner: str, torn: str) -> None:
    """A line that is gone, or one too many, moves no number into another column."""
    filled = some_noughts(fill_form("2021", 7, most=90), "", share=0.7, seed=3)
    whole = print_cells(filled, manner)
    begins = whole.index("一、本年新收")
    for at in range(begins, begins + 600, 37):
        end = whole.index("\n", at)
        text = {
            "lost": whole[:end] + whole[end + 1 :],
            "more": whole[:end] + "\n" + whole[end:],
            "page": whole[:end] + "\n\n- 3 -\n\n" + whole[end:],
        }[torn]
        assert not wrong_cells(filled, read(text)[1])


def test_full_tables_and_prose_stay_as_they_are() -> None:
    for text in (
        layouts.cell_paragraphs(fill_form("2021", 1)),
        layouts.cell_paragraphs(fill_form("2019", 1), "\n"),
        "现行有效件数\n\n\n规章\n\n行政规范性文件\n\n\n全年公开信息12条。\n\n\n一、总体情况",
    ):
        lines = text.split("\n")
        assert lay_out_blanks(lines, text) is lines
