"""Heads of the third table, torn over lines and pages: the form's order, or nothing."""

from __future__ import annotations

import pytest

from extract.normalise.furniture import Draft
from extract.normalise.torn_heads import join_torn_heads
from extract.report import Paragraph

LABELS = "行政复议  行政诉讼"
OVER = "未经复议直接起诉  复议后起诉"
LEAVES = "  ".join(["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3)
ROW = "46 58 19 27 150 13 31 26 59 129 23 37 30 12 102"

# The first page ends after the upper half of the first five heads.
CUT = [
    LABELS,
    f"结果  结果  其他  尚未  总计  {OVER}",
    "结果  结果  其他  尚未  结果  结果  其他  尚未",
    "维持  纠正  结果  审结  总计  总计",
    "维持  纠正  结果  审结  维持  纠正  结果  审结",
]
# Cells of one width break after the third letter, those of two levels do not begin together.
UNEVEN = [
    LABELS,
    OVER,
    "结果维 结果纠 其他结 尚未审",
    "总计 结果维 结果纠 其他结 尚未审 结果维 结果纠 其他结 尚未审",
    "持 正 果 结 总计 总计",
    "持 正 果 结 持 正 果 结",
]
# Each letter on a line of its own, the totals between them.
LETTERS = [
    LABELS,
    OVER,
    "结 结 其 尚",
    "结 结 其 尚 结 结 其 尚",
    "果 果 他 未",
    "总计 果 果 他 未 总计 果 果 他 未 总计",
    "维 纠 结 审",
    "维 纠 结 审 维 纠 结 审",
    "持 正 果 结",
    "持 正 果 结 持 正 果 结",
]


def join(lines: list[str]) -> list[str]:
    draft = join_torn_heads(Draft(tuple(Paragraph(line, wrapped=True) for line in lines)))
    return [block.text for block in draft.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("lines", [CUT, UNEVEN, LETTERS])
def test_torn_heads_come_on_one_line_below_their_labels(lines):
    read = join(["四、复议和诉讼情况", *lines, ROW, "五、存在问题"])
    assert read == ["四、复议和诉讼情况", LABELS, OVER, LEAVES, ROW, "五、存在问题"]


def test_noughts_are_the_same_in_any_order():
    row = " ".join("0" * 15)
    assert join([*LETTERS, row]) == [LABELS, OVER, LEAVES, row]
    assert join([*CUT, row]) == [*CUT, row]  # words that are read as they stand
    strokes = " ".join("-" * 15)
    assert join([*LETTERS, strokes]) == [*LETTERS, strokes]


@pytest.mark.parametrize("row", [ROW, " ".join("0" * 15)])
@pytest.mark.parametrize("lines", [CUT, UNEVEN, LETTERS])
def test_the_numbers_may_stand_in_a_line_each(lines, row):
    """Under torn heads nothing else reads them."""
    assert join([*lines, *row.split(), "五、存在问题"])[-3:] == [LEAVES, row, "五、存在问题"]
    assert join([*lines, *row.split()[1:]]) == [*lines, *row.split()[1:]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("维持  纠正", "纠正  维持"),  # another order
        ("审结  总计  总计", "审结  总计"),  # one is missing
        ("行政复议  行政诉讼", "行政诉讼  行政复议"),  # the groups in another order
        ("150", "151"),  # the totals do not bear it out
    ],
)
def test_heads_that_are_not_surely_the_forms_stay(old, new):
    lines = "\n".join([*CUT, ROW]).replace(old, new).split("\n")
    assert join(lines) == lines


def test_many_ways_to_put_words_together_are_given_up():
    """Letter by letter, in the worst order."""
    lines = [LABELS, OVER, *("结果其他尚未总计维持纠正果审结" for _ in range(2)), " ".join("结" * 30), ROW]
    assert join(lines) == lines
