"""Text of tables whose numbers stand ahead of their labels, a cell a line, as programs print the cells of a page."""

from __future__ import annotations

import layouts
import pytest
from layouts import Filled, fill_form, frame
from test_tables import lost_cells, read, wrong_cells

COUNTED = ["1", "2", "3", "4", "5", "6", "7"]


def head(filled: Filled) -> list[str]:
    return [layouts.RULE, "申请人情况", "自然人", "法人或其他组织", "总计", *layouts.heads(filled)[1:-1]]


def print_form(filled: Filled, *, torn: str = "", over: tuple[str, ...] = (), ahead: bool = True) -> str:
    """The form a cell a line; `torn`: the label that has the first of its numbers in its line."""
    first: list[str] = []
    for caption, names, rows in layouts.bands(filled):
        first += [caption, "信息内容", *names]
        for label, numbers in rows:
            first += [*numbers, label] if ahead else [label, *numbers]
    second = [*head(filled), *over]
    for span, group, label, numbers in layouts.request_rows(filled):
        line = f"{label} {numbers[0]}" if label == torn else label
        rest = numbers[1:] if label == torn else numbers
        names = [one for one in (span, group, line) if one]
        second += [*rest, *names] if ahead else [*names, *rest]
    return frame("\n".join(first), "\n".join(second), "")


def of_review(cells: set[str]) -> set[str]:
    return {cell for cell in cells if cell.startswith("review")}


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_each_label_gets_the_numbers_before_it(edition: str) -> None:
    for seed in range(4):
        filled = fill_form(edition, seed)
        _, tables = read(print_form(filled))
        assert not wrong_cells(filled, tables)
        lost = lost_cells(filled, tables)
        assert lost == of_review(lost)


@pytest.mark.parametrize("torn", ["一、本年新收政府信息公开申请数量", "1.属于国家秘密", "（七）总计"])
def test_a_number_in_the_line_of_a_label_moves_none(torn: str) -> None:
    filled = fill_form("2021", 5)
    _, tables = read(print_form(filled, torn=torn))
    assert not wrong_cells(filled, tables)


def test_only_the_rows_beside_a_torn_one_are_lost() -> None:
    filled = fill_form("2021", 6)
    _, tables = read(print_form(filled, torn="2.重复申请"))
    assert not wrong_cells(filled, tables)
    lost = {cell.rpartition(".")[0] for cell in lost_cells(filled, tables) if cell.startswith("requests")}
    assert lost <= {"requests.not_processed.repeated", "requests.not_processed.publication"}


@pytest.mark.parametrize("share", [0.3, 0.45, 0.6])
def test_a_text_cut_off_is_not_read_from_the_wrong_side(share: float) -> None:
    """Its last label may have the numbers of a row behind it, whose own label is gone."""
    filled = fill_form("2021", 8)
    text = print_form(filled)
    assert not wrong_cells(filled, read(text[: int(len(text) * share)])[1])


def test_counted_columns_are_no_row() -> None:
    filled = fill_form("2021", 9)
    _, tables = read(print_form(filled, over=tuple(COUNTED), ahead=False))
    assert not wrong_cells(filled, tables)
    lost = lost_cells(filled, tables)
    assert lost == of_review(lost)
