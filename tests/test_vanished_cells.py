"""Rows whose empty cells left no trace: read where the sums of the table leave one place for a number."""

from __future__ import annotations

from extract.forms import form_of
from extract.pipeline import parse

TOP = """石门滩镇人民政府2023年政府信息公开工作年度报告
一、总体情况
全年主动公开政府信息61条。
三、收到和处理政府信息公开申请情况
	自然人	商业企业	科研机构	社会公益组织	法律服务机构	其他	总计
{rows}
五、存在的主要问题及改进情况
更新不够及时，下一步专人跟进。"""
NUMBERS = {
    "received": [14, 6, 2, 1, 3, 5, 31],
    "carried_over": [1, 1],
    "granted": [9, 9],
    "granted_in_part": [4, 1, 5],
    "denied.internal_affairs": [5, 5],
    "unavailable.not_held": [2, 3, 5],
    "not_processed.repeated": [2, 2],
    "not_processed.petition": [1, 1],
    "total": [13, 7, 2, 1, 2, 5, 30],
    "carried_forward": [1, 1, 2],
}


def read(numbers: dict[str, list[int]]) -> dict[str, object]:
    form = form_of("2021")
    assert form is not None
    table = next(table for table in form.tables if table.id == "requests")
    rows = [
        "\t".join([row.label, *map(str, numbers.get(row.id, []))]) for row in table.bands[0].rows
    ]  # fmt: skip
    cells = parse(TOP.format(rows="\n".join(rows))).cells
    return {f"{cell.row}.{cell.column}": cell.value for cell in cells if cell.value is not None}


def test_totals_and_numbers_with_one_place_are_read():
    found = read(NUMBERS)
    assert {key: value for key, value in found.items() if key.startswith("granted.")} == {
        "granted.natural_person": 9,
        "granted.total": 9,
    }
    assert found["carried_over.commercial"] == 1
    assert found["carried_forward.legal_service"] == 1
    assert found["denied.internal_affairs.total"] == 5


def test_a_number_with_two_places_stays_null():
    found = read(NUMBERS)
    assert found["not_processed.petition.total"] == 1
    ones = [key for key, value in found.items() if key.startswith("not_processed.petition.") and value == 1]
    assert len(ones) < 3


def test_where_noughts_are_printed_a_short_row_has_lost_cells():
    found = read({**NUMBERS, "not_processed.publication": [0, 0, 0, 0, 0, 0, 0]})
    assert not [key for key in found if key.startswith("granted.")]


def test_sums_that_do_not_hold_place_nothing_but_totals():
    found = read({**NUMBERS, "total": [13, 7, 2, 1, 2, 6, 31]})
    assert found["granted.total"] == 9
    assert "granted.natural_person" not in found


def test_a_row_that_is_not_its_total_is_left():
    found = read({**NUMBERS, "granted_in_part": [4, 1, 6]})
    assert not [key for key in found if key.startswith("granted_in_part.")]


def test_a_row_cut_short_is_told_by_its_noughts():
    """Without one, numbers of several columns may be meant, and a total that is wrong."""
    rows = {"received": [5, 4, 3, 2, 1, 1, 16], "total": [5, 4, 3, 2, 1, 1, 16]}
    assert "granted.natural_person" not in read({**rows, "granted": [5, 4, 3]})


def test_lines_of_the_review_header_that_changed_places_are_not_trusted():
    """The suits stand above 行政复议 then, as if their numbers came first."""
    top = "行政复议\t\t\t\t\t行政诉讼" + "\t" * 9
    outcomes = "结果维持\t结果纠正\t其他结果\t尚未审结\t总计"
    middle = f"{outcomes}\t未经复议直接起诉\t\t\t\t\t复议后起诉\t\t\t\t"
    low = "\t" * 5 + f"{outcomes}\t{outcomes}"
    numbers = "1\t0\t0\t0\t1\t2\t0\t0\t0\t2\t3\t0\t0\t0\t3"
    for lines, wanted in (([top, middle, low], [1, 2, 3]), ([middle, top, low], [None, None, None])):
        for blank in ("\t", " "):
            table = "\n".join([*lines, numbers]).replace("\t", blank)
            report = parse(TOP.format(rows="四、政府信息公开行政复议、行政诉讼情况\n" + table))
            found = [cell.value for cell in report.cells if cell.table == "review" and cell.column == "total"]
            assert found == wanted
