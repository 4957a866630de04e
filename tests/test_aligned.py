"""Tables whose columns only stand under one another: the place of a number says which column it is in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extract.read.aligned import FEWEST_ROWS, find_aligned_rows

LABELS = [f"第{number}行" for number in "一二三四五六七八"]


def lay(rows: list[list[str]], width: int, *, right: bool) -> list[str]:
    """Labels to the left, then cells of `width` columns, filled from the left or the right."""
    lines = []
    for label, cells in zip(LABELS, rows):
        laid = [cell.rjust(width) if right else cell.ljust(width) for cell in cells]
        lines.append((label + "    " + "   ".join(laid)).rstrip())
    return lines


@given(
    st.lists(
        st.lists(st.sampled_from(["", "1", "23", "456"]), min_size=5, max_size=5), min_size=6, max_size=8
    ),
    st.booleans(),
)
def test_blank_cells_keep_their_places(rows, right):
    rows[0] = ["10", "20", "30", "40", "50"]  # one full row says where the columns are
    lines = lay(rows, 4, right=right)
    found, _ = find_aligned_rows(lines, 0)
    if found is None:  # nothing missing, or too little left: the lines stay lines
        filled = [row for row in rows if any(row)]
        assert all(all(row) for row in rows) or len(filled) < FEWEST_ROWS or any(not any(row) for row in rows)
        return
    for wanted, cells in zip(rows, found):
        assert cells[-5:] == wanted


def test_full_tables_and_prose_stay_lines():
    full = lay([["1", "2", "3", "4", "5"]] * 7, 4, right=False)
    assert find_aligned_rows(full, 0)[0] is None
    prose = ["　　全年公开信息12条，　　其中政策3条。"] * 8
    assert find_aligned_rows(prose, 0)[0] is None


def test_two_numbers_in_one_place_tell_nothing():
    lines = lay([["1", "2345", "3", "4", "5"], ["1", "", "3", "", "5"]] * 4, 4, right=False)
    lines[3] = "第四行    1      3  4   5      6"
    assert find_aligned_rows(lines, 0) == (None, len(lines))
