"""Rows whose labels are printed elsewhere: their numbers stand behind those of the row above."""

from __future__ import annotations

import layouts
import pytest
from layouts import Filled, fill_form, frame
from test_tables import lost_cells, read, wrong_cells

FIRST = [layouts.SPAN, "（一）予以公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"]


def print_requests(
    filled: Filled, floating: list[str], *, before: str, lost: str = "", number: str = ""
) -> str:
    """The second table a cell a line; labels of `floating` stand together before that label.

    `lost`: a label that is not printed at all; `number`: a label of which one number is lost.
    """
    cells = [layouts.RULE, "申请人情况", "自然人", "法人或其他组织", "总计", *layouts.heads(filled)[1:-1]]
    for span, group, label, numbers in layouts.request_rows(filled):
        if label == before:
            cells += [one for one in floating if one != lost]
        cells += [one for one in (span, group) if one and one not in floating]
        cells += [] if label in floating or label == lost else [label]
        cells += numbers[1:] if label == number else numbers
    return frame("", "\n".join(cells), "")


def of_requests(cells: set[str]) -> set[str]:
    return {cell for cell in cells if cell.startswith("requests")}


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_numbers_go_to_the_labels_that_lack_them(edition: str) -> None:
    for seed in range(3):
        filled = fill_form(edition, seed)
        _, tables = read(print_requests(filled, FIRST, before="3.危及“三安全一稳定”"))
        assert not wrong_cells(filled, tables)
        assert not of_requests(lost_cells(filled, tables))


def test_also_near_the_end() -> None:
    filled = fill_form("2021", 4)
    _, tables = read(print_requests(filled, ["（七）总计"], before="四、结转下年度继续办理"))
    assert not wrong_cells(filled, tables)
    assert not of_requests(lost_cells(filled, tables))


@pytest.mark.parametrize("lost", FIRST[1:])
def test_a_label_that_is_nowhere_leaves_its_numbers_to_none(lost: str) -> None:
    filled = fill_form("2021", 5)
    _, tables = read(print_requests(filled, FIRST, before="3.危及“三安全一稳定”", lost=lost))
    assert not wrong_cells(filled, tables)


@pytest.mark.parametrize("number", ["二、上年结转政府信息公开申请数量", *FIRST[1:], "（七）总计"])
def test_a_lost_number_gives_none(number: str) -> None:
    filled = fill_form("2021", 6)
    _, tables = read(print_requests(filled, FIRST, before="3.危及“三安全一稳定”", number=number))
    assert not wrong_cells(filled, tables)
    assert of_requests(lost_cells(filled, tables)) >= {"requests.granted.total"}


def scatter(filled: Filled, late: dict[str, str], *, cut: str = "") -> str:
    """The second table, some labels behind the numbers of a later row; cut off before a label."""
    cells = [layouts.RULE, "申请人情况", "自然人", "法人或其他组织", "总计", *layouts.heads(filled)[1:-1]]
    for _, group, label, numbers in layouts.request_rows(filled):
        if label == cut:
            break
        cells += [group] if group else []
        cells += [] if label in late else [label]
        cells += numbers
        cells += [one for one, behind in late.items() if behind == label]
    return frame("", "\n".join(cells), "")


LATE = {
    "2.其他法律行政法规禁止公开": "4.保护第三方合法权益",
    "3.危及“三安全一稳定”": "4.保护第三方合法权益",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "3.其他",
    "3.其他": "四、结转下年度继续办理",
}


def test_a_whole_table_is_read_in_its_order() -> None:
    """Also where a label stands before the numbers of the row below its own."""
    for seed in range(4):
        filled = fill_form("2021", seed)
        _, tables = read(scatter(filled, LATE))
        assert not wrong_cells(filled, tables)
        assert not of_requests(lost_cells(filled, tables))


@pytest.mark.parametrize("row", ["received", "denied.state_secret", "other.misc"])
def test_a_table_that_does_not_add_up_is_not_laid_out(row: str) -> None:
    """Rows whose numbers are not those in their place are not read; the others are."""
    filled = fill_form("2021", 7)
    filled.printed[f"requests.{row}.total"] = "5"
    filled.values[f"requests.{row}.total"] = 5.0
    _, tables = read(scatter(filled, LATE))
    assert not wrong_cells(filled, tables)
    assert "requests.other.fee_overdue.total" in lost_cells(filled, tables)
    assert "requests.granted.total" not in lost_cells(filled, tables)


def test_beside_floating_rows_of_a_table_cut_off_a_row_needs_a_neighbour() -> None:
    filled = fill_form("2021", 8)
    _, tables = read(scatter(filled, LATE, cut="四、结转下年度继续办理"))
    assert not wrong_cells(filled, tables)
    assert "requests.granted.total" not in lost_cells(filled, tables)
