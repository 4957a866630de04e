"""Numbers that narrow cells broke over two lines, as programs lay the pages of a PDF out as text."""

from __future__ import annotations

from extract.pipeline import parse
from extract.read.wrapped_numbers import join_wrapped_numbers

ROW = "一、本年新收政府信息公开申请数量      214   9    187   35   402   61   908"
RESTS = "                        3          0         5"


def test_the_rest_of_a_number_under_it_goes_behind_it():
    assert join_wrapped_numbers([ROW, RESTS]) == [
        "一、本年新收政府信息公开申请数量      2143   9    1870   35   4025   61   908",
        "",
    ]


def test_in_the_columns_of_a_terminal_too():
    rests = " " * 16 + RESTS
    assert join_wrapped_numbers([ROW, rests])[0].split()[1:4] == ["2143", "9", "1870"]


def test_a_line_under_shorter_numbers_or_beside_them_stays():
    for below in ("                             4", "                          1", "    3          0"):
        assert join_wrapped_numbers([ROW, below]) == [ROW, below]


def test_a_row_without_label_stays():
    rows = ["    17   53   40   11   43", "    1    2    3    4    5 "]
    assert join_wrapped_numbers(rows) == rows


def test_where_nothing_stands_under_anything_the_sum_tells():
    row = "（七）总计 114 98 101 120 107 99 462"
    joined = join_wrapped_numbers([row, "0 2 5 1 5"])
    assert joined == ["（七）总计 1140 98 1012 1205 1071 99 4625", ""]
    for below in ("0 2 5 1 6", "0 2 5 1", "3"):
        assert join_wrapped_numbers([row, below]) == [row, below]


RAW = """白河口市民政局2022年政府信息公开工作年度报告
一、总体情况
全年主动公开政府信息88条。
三、收到和处理政府信息公开申请情况
自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计
一、本年新收政府信息公开申请数量 214
3
187 352 64
0
402 611
8
二、上年结转政府信息公开申请数量 1 2 3 4 5 6 21
五、存在的主要问题及改进情况
更新不够及时，下一步专人跟进。"""


def test_a_row_of_torn_numbers_is_not_guessed():
    cells = {cell.id: cell.value for cell in parse(RAW).cells}
    assert [value for key, value in cells.items() if ".received." in key] == [None] * 7
    assert [value for key, value in cells.items() if ".carried_over." in key] == [1, 2, 3, 4, 5, 6, 21]
