"""Text files as they come: of a wrong encoding, quoted in e-mails, exported from sheets, with lost characters."""

from __future__ import annotations

import random

import layouts
import pytest
from layouts import fill_form

from extract.pipeline import parse
from extract.read.encoding import decode
from extract.read.glued_cells import part_glued_cells
from extract.report import Report

FILLED = fill_form("2021", 5)
TITLE = "柏溪县林业局2022年政府信息公开工作年度报告"
TABS = f"{TITLE}\n一、总体情况\n全年主动公开政府信息88条，报送及时、内容完整。\n{layouts.tab_rows(FILLED)}"
STATISTICS = """柏溪县林业局2016年政府信息公开工作年度报告
一、概述
全年公开政府信息88条。
二、存在的主要问题和改进措施
公开时效有待提高。
三、其他
无。
统计指标   单位   统计数
一、主动公开情况
（一）主动公开政府信息数   条   88
二、回应解读情况
（一）回应公众关注热点或重大舆情数   次   4
三、依申请公开情况
（一）收到申请数   件   17
四、行政复议数量   件   3
（一）维持具体行政行为数   件   2
五、行政诉讼数量   件   1
六、举报投诉数量   件   6
"""


def read(source: str | bytes) -> tuple[Report, dict[str, float | None]]:
    report = parse(source)
    return report, {cell.id: cell.value for cell in report.cells}


def read_as_windows(data: bytes) -> str:
    """The bytes as browsers read what claims to be Latin-1: as Windows-1252, what that lacks as itself."""
    return "".join(bytes([one]).decode("cp1252", "ignore") or chr(one) for one in data)


MISREAD = {
    "UTF-8 as Latin-1": TABS.encode().decode("latin-1"),
    "UTF-8 as Windows-1252": read_as_windows(TABS.encode()),
    "GBK as Latin-1": TABS.encode("gbk").decode("latin-1"),
    "UTF-8 as GBK": TABS.encode().decode("gb18030", "replace"),
}


@pytest.mark.parametrize("accident", MISREAD)
def test_what_was_read_in_a_wrong_encoding_is_put_back(accident: str) -> None:
    report, values = read(MISREAD[accident].encode())
    assert values == FILLED.values
    assert report.title == TITLE
    assert [one for one in report.findings if one.rule == "misprinted_label" and one.origin == "report"] == []


@pytest.mark.parametrize("script", [30, 9_000])
@pytest.mark.parametrize("accident", ["UTF-8 as Latin-1", "UTF-8 as Windows-1252", "GBK as Latin-1"])
def test_scripts_before_the_first_chinese_character_do_not_hide_it(accident: str, script: int) -> None:
    head = "<script>" + "count += 1;\n" * script + "</script>"
    data = f"<html><head>{head}</head><body><pre>{MISREAD[accident]}</pre></body></html>".encode()
    assert read(data)[1] == FILLED.values


def test_what_a_second_mistake_took_away_is_not_made_up() -> None:
    """UTF-8 read as GBK and written as GBK: what GBK lacks is ? by then, in one character of six."""
    once = TABS.encode().decode("gbk", "replace")
    _, values = read(once.encode("gbk", "replace").decode("gbk"))
    assert not {key for key, value in values.items() if value is not None and FILLED.values[key] != value}


@pytest.mark.parametrize(
    "text",
    ["Über die Veröffentlichung amtlicher Auskünfte für 2022. " * 9, "全年公开88条，锛（一种工具）3件。" * 9],
)
def test_true_text_is_no_accident(text: str) -> None:
    assert decode(text.encode(), "a.txt")[0] == text


def test_the_quotes_of_an_e_mail_are_none_of_the_table() -> None:
    mail = "发件人：局办公室\n主题：回复：年报\n\n请审阅。\n\n"
    for mark in ("> ", ">", ">> ", "> > "):
        _, values = read(mail + "\n".join(mark + line for line in TABS.split("\n")))
        assert values == FILLED.values


def test_arrows_before_a_few_lines_stay() -> None:
    report, _ = read(TABS.replace("全年主动", "> 首页\n> 年报\n全年主动"))
    assert report.text.count(">") == 2


def test_cells_of_a_sheet_may_hold_line_ends() -> None:
    wrapped = [
        ("本年制发件数", "本年\n制发件数"),
        ("社会公益组织", "社会公益\n组织"),
        ("行政规范性文件", "行政规范性\n文件"),
    ]
    for joint in ("\n", "\r\n"):
        lines = "\n".join(
            ",".join(f'"{cell}"' for cell in line.split("\t")) if "\t" in line else line
            for line in TABS.split("\n")
        )
        for word, broken in wrapped:
            lines = lines.replace(word, broken.replace("\n", joint))
        assert read(lines)[1] == FILLED.values


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("7①", 7),
        ("7*", 7),
        ("7（见注）", 7),
        ("7件（其中1件转办）", 7),
        ("7[2]", 7),
        ("7（3）", None),
        ("①", None),
    ],
)
def test_a_note_behind_a_number_is_no_part_of_it(printed: str, value: int | None) -> None:
    line = next(line for line in TABS.split("\n") if "2.重复申请" in line)
    first = line.split("\t")[-7:][0]
    _, values = read(TABS.replace(line, line.replace(f"\t{first}\t", f"\t{printed}\t", 1)))
    assert values["requests.not_processed.repeated.natural_person"] == value


@pytest.mark.parametrize(("printed", "value"), [("（单位：万 元）", 12.5), ("（单 位：元）", 0.00125)])
def test_blanks_in_the_unit_of_the_header_change_nothing(printed: str, value: float) -> None:
    table = f"{TITLE}\n二、主动公开政府信息情况\n信息内容\t本年收费金额{printed}\n行政事业性收费\t12.5\n"
    assert read(table)[1]["proactive.fees.amount"] == value


def test_a_column_whose_label_nobody_knows_is_told_by_its_place_and_the_totals() -> None:
    report, values = read(TABS.replace("商业企业", "公司类"))
    assert values == FILLED.values
    doubtful = [one for one in report.findings if one.rule == "missing_cell"]
    assert doubtful == []
    _, values = read(TABS.replace("商业企业", "公司类").replace("总计\t", "备注\t"))
    assert not {key for key, value in values.items() if value is not None and FILLED.values[key] != value}


def test_a_label_cut_to_a_letter_keeps_its_numbers_from_the_row_above() -> None:
    _, values = read(TABS.replace("（七）总计", "（七）总?"))
    assert values == FILLED.values


def test_rows_of_the_statistics_are_no_headings() -> None:
    report, values = read(STATISTICS)
    assert [one.id for one in report.sections] == ["overview", "problems", "other"]
    assert values["statistics.reconsiderations.count"] == 3
    assert values["statistics.litigations.count"] == 1
    assert values["statistics.complaints.count"] == 6


@pytest.mark.parametrize("share", [0.03, 0.06, 0.1])
@pytest.mark.parametrize("seed", range(6))
def test_lost_characters_put_no_number_under_another_label(share: float, seed: int) -> None:
    """A label that cannot be told leaves its numbers unread; it gives them to no other row and column."""
    chance = random.Random(seed)
    damaged = ["\ufffd" if char > "\u4e00" and chance.random() < share else char for char in TABS]
    _, values = read("".join(damaged))
    assert not {key for key, value in values.items() if value is not None and FILLED.values[key] != value}


def test_a_lost_character_is_no_reason_to_lose_a_label() -> None:
    _, values = read(
        TABS.replace("自然人", "\ufffd然人").replace("科研机构", "科\ufffd机构").replace("规章", "规\ufffd")
    )
    assert {key for key, value in values.items() if value is None} <= {
        "proactive.regulations.issued",
        "proactive.regulations.repealed",
        "proactive.regulations.in_force",
    }


@pytest.mark.parametrize("seed", range(4))
def test_a_tab_that_became_a_blank_joins_no_numbers(seed: int) -> None:
    chance = random.Random(seed)
    damaged = "".join(" " if char == "\t" and chance.random() < 0.05 else char for char in TABS)
    _, values = read(damaged)
    assert not {key for key, value in values.items() if value is not None and FILLED.values[key] != value}
    assert sum(value is not None for value in values.values()) > 150


def test_digits_that_blanks_part_are_one_number_where_no_cell_is_missing() -> None:
    line = next(line for line in TABS.split("\n") if "2.重复申请" in line)
    *before, number, total = line.split("\t")
    _, values = read(TABS.replace(line, "\t".join([*before, " ".join(number), total])))
    assert values == FILLED.values


def test_a_row_broken_before_a_tab_gives_no_number_to_another_column() -> None:
    line = next(line for line in TABS.split("\n") if "上年结转" in line)
    cells = line.split("\t")
    for cut in range(-7, 0):
        _, values = read(TABS.replace(line, "\t".join(cells[:cut]) + "\n\t" + "\t".join(cells[cut:])))
        assert not {key for key, value in values.items() if value is not None and FILLED.values[key] != value}


def test_a_note_that_tells_two_rows_apart_may_be_misread() -> None:
    head = "四、政府信息公开行政复议、行政诉讼情况\n\t结果维持\t结果纠正\t其他结果\t尚未审结\t总计\n"
    rows = "行政复议\t1\t2\t3\t4\t10\n行政诉讼（未经复议直接起诉）\t2\t0\t0\t1\t3\n行政诉讼（{}议后起诉）\t0\t5\t0\t0\t5\n"
    for letter in "复夏\ufffd":
        _, values = read(
            f"{TITLE}\n{head}{rows.format(letter)}五、存在的主要问题及改进情况\n时效有待提高。\n"
        )
        assert values["review.litigation_direct.upheld"] == 2
        assert values["review.litigation_after_reconsideration.corrected"] == 5


def test_letters_that_look_like_digits_hold_their_place() -> None:
    """A round letter is nought; which number l2 is only a sum can say, and its neighbours keep their columns."""
    lines = [
        "三、收到和处理政府信息公开申请情况",
        "自然人  法人或其他组织  总计",
        "商业企业  科研机构  社会公益组织  法律服务机构  其他",
    ]
    row = "一、本年新收政府信息公开申请数量  7  {}  3  O  5  {}  l{}"
    for first, second, third, values, total in (
        ("o", "1", "6", (0, 1), 16),
        ("o", "1", "8", (0, 1), None),
        ("l", "○", "6", (1, 0), 16),
        ("l", "○", "7", (None, 0), None),
    ):
        told = row.format(first, second, third)
        _, cells = read("\n".join([TITLE, *lines, told, "五、存在的问题", "时效有待提高。", ""]))
        found = [
            cells[f"requests.received.{column}"]
            for column in ("natural_person", "commercial", "other", "total")
        ]
        assert found == [7, *values, total]


def test_round_letters_in_a_number() -> None:
    """O beside a digit can be nothing but nought; a stroke may be none."""
    lines = [
        "二、主动公开政府信息情况",
        "信息内容 本年处理决定数量",
        "行政许可 2O6",
        "行政处罚 l2",
        "行政强制 1o",
    ]
    _, cells = read("\n".join([TITLE, *lines, "五、存在的问题", "时效有待提高。", ""]))
    found = [cells[f"proactive.{row}.decisions"] for row in ("licences", "penalties", "coercive_measures")]
    assert found == [206, None, 10]


def test_the_title_of_a_report_without_line_ends() -> None:
    report, _ = read(" ".join(TABS.split("\n")) + "\n")
    assert report.title == TITLE


def test_columns_in_an_order_of_their_own_are_read_where_the_grid_shows_their_places() -> None:
    """Applicants swapped under 法人或其他组织; the same header torn from its grid says nothing."""
    swapped = []
    for line in TABS.split("\n"):
        cells = line.split("\t")
        if len(cells) > 9 and (
            "科研机构" in cells or (cells[-2:-1] != [""] and cells[-1].isdecimal() and len(cells) == 10)
        ):
            cells[4], cells[7] = cells[7], cells[4]
        swapped.append("\t".join(cells))
    _, values = read("\n".join(swapped))
    assert {key: value for key, value in values.items() if key.startswith("requests.")} == {
        key: value for key, value in FILLED.values.items() if key.startswith("requests.")
    }


@pytest.mark.parametrize("mark", ["\x07", "\r\x07"])
def test_the_cell_marks_of_word_end_cells(mark: str) -> None:
    text = layouts.cell_paragraphs(FILLED, "\n")
    head, heading, rest = text.partition("二、主动公开政府信息情况\n")
    _, values = read(f"{TITLE}\n{head}{heading}" + rest.replace("\n", mark))
    _, plain = read(f"{TITLE}\n{head}{heading}{rest}")
    assert values == plain
    assert sum(value is not None for value in values.values()) > 100


def test_a_hundredth_of_bad_bytes_leaves_a_report_readable() -> None:
    data = bytearray(TABS.encode("gbk"))
    for at in range(300, len(data), 300):
        while at < len(data) and data[at] < 0x81:
            at += 1
        data[at : at + 1] = b"\xff"
    _, values = read(bytes(data))
    assert not {key for key, value in values.items() if value is not None and FILLED.values[key] != value}
    assert sum(value is not None for value in values.values()) > 150


def test_labels_that_a_blank_joined_are_parted_where_the_row_lacks_cells() -> None:
    _, values = read(
        TABS.replace("商业企业\t科研机构", "商业企业 科研机构").replace("自然人\t法人", "自然人 法人")
    )
    assert values == FILLED.values


def test_last_year_s_table_below_is_not_taken_for_the_fuller_printing() -> None:
    other = fill_form("2021", 6)
    start = "三、收到和处理政府信息公开申请情况"
    below = layouts.tab_rows(other).partition(start)[2].partition("四、政府信息公开行政复议")[0]
    damaged = TABS.replace("2.重复申请", "\ufffd\ufffd复\ufffd\ufffd")
    _, values = read(f"{damaged}\n附：2021年度收到和处理政府信息公开申请情况\n{below}")
    assert not {key for key, value in values.items() if value is not None and FILLED.values[key] != value}


def test_a_column_whose_label_is_gone_keeps_its_place_in_the_grid() -> None:
    lost = TABS.replace("\t其他\t", "\t\t")
    _, values = read(lost)
    assert values == FILLED.values
    blank = layouts.some_noughts(FILLED, "", share=0.6, seed=3)
    _, values = read(f"{TITLE}\n" + layouts.tab_rows(blank).replace("\t其他\t", "\t\t"))
    assert not {key for key, value in values.items() if value is not None and blank.values[key] != value}


@pytest.mark.parametrize("mark", ["（一） ", "(一) ", "1. ", "一、 "])
def test_a_blank_behind_an_enumerator_parts_no_labels(mark: str) -> None:
    rows = [["一、本年新收"] + ["3"] * 8, ["二、上年结转"] + ["2"] * 8, ["（三）不予公开"] + ["1"] * 8]
    torn = ["办理结果", f"{mark}予以公开", "", "", "", "", "", "5"]
    assert part_glued_cells([*rows, torn])[-1] == torn
