"""Text whose cells were put end to end, numbers too: parted where there is one way to part them."""

from __future__ import annotations

import layouts
import pytest
from layouts import Filled, fill_form, some_noughts
from test_tables import lost_cells, read, wrong_cells

from extract.read.glued_digits import part_digits, part_labels


def glue(filled: Filled) -> str:
    """The form with each table in one line and no blank in it."""
    return "\n".join(line.replace(" ", "") for line in layouts.one_line(filled).split("\n"))


def few(edition: str, seed: int, *, most: int = 9, share: float = 0.85) -> Filled:
    return some_noughts(fill_form(edition, seed, most=most), "0", share=share, seed=seed)


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_noughts_and_small_numbers_are_read(edition: str) -> None:
    """Rows of seven digits have one way; longer ones mostly have."""
    for seed in range(6):
        filled = few(edition, seed)
        _, tables = read(glue(filled))
        assert not wrong_cells(filled, tables)
        lost = {cell.rpartition(".")[0] for cell in lost_cells(filled, tables) if cell.startswith("requests")}
        assert len(lost) < 5


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_a_form_of_noughts_is_read_whole(edition: str) -> None:
    filled = some_noughts(fill_form(edition, 1), "0", share=1.0)
    lost = lost_cells(filled, read(glue(filled))[1])
    assert {cell for cell in lost if not cell.endswith(".amount")} == set()


def test_what_has_two_ways_stays_null() -> None:
    """1 1 0 0 0 0 2 with another digit may be 11 1 0 …, and no row of the first table has a sum."""
    filled = few("2021", 3)
    rows = {row: ["11", "1", "0", "0", "0", "0", "12"] for row in ("received", "granted")}
    rows["total"] = ["1", "10", "0", "0", "0", "0", "11"]
    for row, numbers in rows.items():
        for column, number in zip(layouts.table(filled, "requests").bands[0].columns, numbers):
            filled.printed[f"requests.{row}.{column.id}"] = number
            filled.values[f"requests.{row}.{column.id}"] = float(number)
    for column, number in zip(("issued", "repealed", "in_force"), "230"):
        filled.printed[f"proactive.regulations.{column}"] = number
        filled.values[f"proactive.regulations.{column}"] = float(number)
    _, tables = read(glue(filled))
    assert not wrong_cells(filled, tables)
    assert "proactive.regulations.issued" in lost_cells(filled, tables)


@pytest.mark.parametrize("change", [-1, 1, 4])
def test_wrong_sums_move_no_number(change: int) -> None:
    """A row whose total is wrong has no way, or the table none at all."""
    for seed in range(8):
        filled = few("2021", seed)
        for row in ("received", "total", "denied.state_secret"):
            cell = f"requests.{row}.total"
            value = max(0, int(filled.values[cell] or 0) + change)
            filled.printed[cell], filled.values[cell] = str(value), float(value)
        assert not wrong_cells(filled, read(glue(filled))[1])


def test_where_blanks_are_printed_nothing_is_parted() -> None:
    """Without rows of noughts nobody knows whether every cell left a digit."""
    for seed in range(4):
        filled = some_noughts(fill_form("2021", seed, most=40), "", share=0.8, seed=seed)
        _, tables = read(glue(filled))
        assert not wrong_cells(filled, tables)


def test_prose_and_other_tables_stay() -> None:
    lines = ["（一）予以公开 0000000", "联系电话8830000000。", "邮编0000000", "行政许可 120"]
    assert part_digits(lines, "\n".join(lines)) is lines
    assert part_labels("全年主动公开规章 12 件") == "全年主动公开规章 12 件"


def test_labels_are_parted_up_to_their_number() -> None:
    assert part_labels("行政复议行政诉讼结果维持总计000") == "行政复议 行政诉讼 结果维持 总计000"
