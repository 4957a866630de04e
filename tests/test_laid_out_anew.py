"""Tables that a file has printed out of place, laid out as rows before they are read."""

from __future__ import annotations

import pytest

from extract.forms import form_of, list_sums
from extract.pipeline import parse

TOP = """柏溪县林业局{year}年政府信息公开工作年度报告
一、总体情况
全年主动公开政府信息88条。
三、收到和处理政府信息公开申请情况
{table}
五、存在的主要问题及改进情况
公开时效有待提高，下一步专人跟进。"""
HEADS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
COLUMNS = ["natural_person", "commercial", "research", "public_welfare", "legal_service", "other", "total"]


def form_rows(edition: str, table: str) -> list[tuple[str, str]]:
    """Id and label of each row."""
    form = form_of(edition)
    assert form is not None
    found = next(one for one in form.tables if one.id == table)
    return [(row.id, row.label) for band in found.bands for row in band.rows]


def numbers_of(row: int) -> list[int]:
    """Numbers that no other row has, with their sum."""
    parts = [row, 0, row % 4, 1, 0, row % 3]
    return [*parts, sum(parts)]


REQUESTS = {
    ident: (label, numbers_of(at + 10)) for at, (ident, label) in enumerate(form_rows("2021", "requests"))
}
STATISTICS = {ident: (label, at + 3) for at, (ident, label) in enumerate(form_rows("2014", "statistics"))}
for one in reversed(list_sums()):  # the parts of a part first
    total, *parts = [
        cell.removeprefix("statistics.").removesuffix(".count") for cell in (one.whole, *one.parts)
    ]
    STATISTICS[total] = STATISTICS[total][0], sum(STATISTICS[part][1] for part in parts)


def read(table: str, year: int = 2022) -> dict[str, object]:
    """The values of the cells that are not null."""
    cells = parse(TOP.format(year=year, table=table)).cells
    return {f"{cell.row}.{cell.column}": cell.value for cell in cells if cell.value is not None}


def wanted() -> dict[str, object]:
    return {
        f"{ident}.{column}": number
        for ident, (_, numbers) in REQUESTS.items()
        for column, number in zip(COLUMNS, numbers)
    }


def labels() -> list[str]:
    return [label for label, _ in REQUESTS.values()]


def test_numbers_column_by_column_behind_all_labels():
    columns = [
        [head, *(str(numbers[at]) for _, numbers in REQUESTS.values())] for at, head in enumerate(HEADS)
    ]
    assert read("\n\n".join(["\n".join(labels()), *map("\n".join, columns)])) == wanted()


def test_rows_of_numbers_behind_all_labels():
    rows = [" ".join(map(str, numbers)) for _, numbers in REQUESTS.values()]
    heads = ["申请人情况", *HEADS]
    assert read("\n".join([*heads, *labels(), "", *rows])) == wanted()


def test_a_list_that_lacks_a_row_of_numbers_is_not_read():
    rows = [" ".join(map(str, numbers)) for _, numbers in REQUESTS.values()]
    assert read("\n".join(["申请人情况", *HEADS, *labels(), "", *rows[:4], *rows[5:]])) == {}


@pytest.mark.parametrize(("wrong", "read_"), [([], True), (["staff"], True), (["staff", "received"], False)])
def test_statistics_in_one_list_are_read_where_their_sums_hold(wrong: list[str], read_: bool):
    """One sum may be the agency's own error; where two are wrong, numbers may stand at the wrong rows."""
    printed = {ident: 1 if ident in wrong else number for ident, (_, number) in STATISTICS.items()}
    numbers = [str(number) for number in printed.values()]
    table = "\n".join(["统计指标", *(label for label, _ in STATISTICS.values()), "统计数", *numbers])
    found = read(table, 2016)
    assert found == ({f"{ident}.count": number for ident, number in printed.items()} if read_ else {})


def test_a_row_cut_within_a_number():
    head = "\t".join(["", *HEADS])
    rows = [f"{label}\t" + "\t".join(map(str, numbers)) for label, numbers in REQUESTS.values()]
    lines = [part for row in [head, *rows] for part in (row[at : at + 31] for at in range(0, len(row), 31))]
    assert max(map(len, rows)) > 31
    assert read("\n".join(lines)) == wanted()


def test_a_header_is_not_joined_with_the_row_below_it():
    """Both together have as many cells as the review table below."""
    head = "\t".join(["", *HEADS])
    row = "一、本年新收政府信息公开申请数量\t2\t0\t0\t0\t0\t0\t2"
    review = "行政复议\t\t\t\t\t行政诉讼" + "\t" * 9
    assert read("\n".join([head, row, "", review, review]))["received.total"] == 2


def test_rows_told_in_words():
    lines = []
    for label, numbers in REQUESTS.values():
        told = [
            f"{head}{number}件"
            for head, number in zip(HEADS, numbers)
            if number or head in (HEADS[1], HEADS[4])
        ]
        lines.append(f"{label}：{'，'.join(told)}，其余均为0。")
    assert read("\n".join(lines)) == wanted()


def test_a_row_told_with_another_number_is_running_text():
    told = "，".join(f"{head}{number}件" for head, number in zip(HEADS, numbers_of(12)))
    assert read(f"一、本年新收政府信息公开申请数量：{told}，比上年增长5%。") == {}


def test_leaders_between_labels_and_numbers():
    table = "\n".join(
        ["规章（本年制发件数）……1件", "规章（本年废止件数）……0件", "规章（现行有效件数）……7件",
         "行政许可（本年处理决定数量）………52件", "行政处罚（本年处理决定数量）………8件"]
    )  # fmt: skip
    assert read(table) == {
        "regulations.issued": 1,
        "regulations.repealed": 0,
        "regulations.in_force": 7,
        "licences.decisions": 52,
        "penalties.decisions": 8,
    }


def test_statistics_in_sentences():
    table = "。\n".join(
        "，".join(f"{label.removeprefix('其中：')}{number}件" for label, number in list(STATISTICS.values())[at : at + 6])
        for at in range(0, len(STATISTICS), 6)
    )  # fmt: skip
    found = read("政府信息公开情况统计表\n" + table, 2015)
    assert found["disclosed_items.count"] == 3
    assert len(found) > 50


def test_a_sentence_with_a_few_statistics_stays_text():
    assert read("主动公开政府信息数88条，其中收到申请数3件，当面申请数1件。", 2015) == {}


def test_a_list_of_statistics_with_marks_at_its_ends():
    table = "\n".join(f"{label}：{number}；" for label, number in STATISTICS.values())
    assert read(table, 2017) == {f"{ident}.count": number for ident, (_, number) in STATISTICS.items()}


@pytest.mark.parametrize(
    ("heads", "place"),
    [
        (["2016年", "2015年"], 0),
        (["2014年度", "2015年度", "2016年度"], 2),
        (["本年数", "上年数", "增减"], 0),
        (["林场", "苗圃", "合计"], 2),
    ],
)
def test_statistics_of_several_columns(heads: list[str], place: int):
    rows = []
    for label, number in STATISTICS.values():
        cells = [str(number + 100 * abs(at - place)) for at in range(len(heads))]
        rows.append("\t".join([label, "件", *cells]))
    table = "\n".join(["\t".join(["统计指标", "单位", *heads]), *rows])
    assert read(table, 2016) == {f"{ident}.count": number for ident, (_, number) in STATISTICS.items()}


def test_statistics_of_two_columns_that_nobody_knows_are_not_read():
    rows = [f"{label}\t件\t{number}\t{number}" for label, number in STATISTICS.values()]
    assert read("\n".join(["统计指标\t单位\t林场\t苗圃", *rows]), 2016) == {}


def test_rows_of_commas_with_blank_lines_between():
    rows = [f"{label}；{'；'.join(map(str, numbers))}。" for label, numbers in REQUESTS.values()]
    assert read("\n\n".join(["；".join(["申请人情况", *HEADS]), *rows])) == wanted()


def test_labels_and_numbers_run_together_on_one_line():
    rows = "".join(f"{label}{' '.join(map(str, numbers))}" for label, numbers in REQUESTS.values())
    assert read(" ".join(["申请人情况", *HEADS]) + rows) == wanted()


def test_marks_of_a_word_processor():
    rows = [f"{label}→{'→'.join(map(str, numbers))}↵" for label, numbers in REQUESTS.values()]
    assert read("\n".join([f"→{'→'.join(HEADS)}↵", *rows, "↵", "↵", "↵"])) == wanted()


def test_a_ruled_grid_whose_labels_go_over_lines():
    rule = "+" + "+".join(["-" * 20, *["--------"] * 7]) + "+"
    lines = [rule, "|" + "|".join(["项目", *HEADS]) + "|", rule]
    for at, (label, numbers) in enumerate(REQUESTS.values()):
        parts = [label[:9], label[9:]] if len(label) > 12 else [label]
        cells = [[*map(str, numbers)], [""] * 7]
        for part, row in zip(
            parts, cells if at % 2 else cells[: len(parts)][::-1] if len(parts) > 1 else cells
        ):
            lines.append("|" + "|".join([part, *row]) + "|")
        lines.append(rule)
    assert read("\n".join(lines)) == wanted()


def test_a_group_before_its_row_in_one_cell():
    groups = {
        "denied": "（三）不予公开 ",
        "unavailable": "（四）无法提供",
        "not_processed": "（五）不予处理 ",
    }
    rows = [
        "\t".join([groups.get(ident.partition(".")[0], "") + label, *map(str, numbers)])
        for ident, (label, numbers) in REQUESTS.items()
    ]
    assert read("\n".join(["\t".join(["", *HEADS]), *rows])) == wanted()


def test_numbers_that_a_sheet_keeps_as_text():
    rows = ["\t".join([label, *(f"'{number}" for number in numbers)]) for label, numbers in REQUESTS.values()]
    assert read("\n".join(["\t".join(["", *HEADS]), *rows])) == wanted()


def test_short_labels():
    rows = {"新收申请": 21, "上年结转": 2, "予以公开": 9, "内部事务信息": 3, "公开出版物": 1, "结转下年度": 4}
    ids = ["received", "carried_over", "granted", "denied.internal_affairs"]
    ids += ["not_processed.publication", "carried_forward"]
    lines = [f"{label} {number} 0 0 0 0 0 {number}" for label, number in rows.items()]
    found = read("\n".join([" ".join(["申请人情况", *HEADS]), *lines]))
    assert [found.get(f"{ident}.natural_person") for ident in ids] == list(rows.values())


def test_years_side_by_side_without_tabs():
    rows = [f"{label}   件   {number}   {number + 7}   -3.1%" for label, number in STATISTICS.values()]
    found = read("\n".join(["统 计 指 标   单位   2018年   2017年   增长率", *rows]), 2018)
    assert found == {f"{ident}.count": number for ident, (_, number) in STATISTICS.items()}


def test_a_list_with_units_and_blank_lines():
    """The names of columns stand above all labels, blank lines between."""
    columns = ["\n".join(str(numbers[at]) for _, numbers in REQUESTS.values()) for at in range(len(HEADS))]
    assert read("\n\n".join(["申请人情况", *HEADS, *labels(), *columns])) == wanted()
    told = [f"{label} 件" for label, _ in STATISTICS.values()]
    numbers = [str(number) for _, number in STATISTICS.values()]
    found = read("\n".join(["统计指标 单位 统计数", *told, "", *numbers]), 2016)
    assert found == {f"{ident}.count": number for ident, (_, number) in STATISTICS.items()}


def test_statistics_one_sentence_a_row():
    told = [
        f"{label}为{number}{'万元' if '费' in label else '件'}。" for label, number in STATISTICS.values()
    ]
    assert read("\n".join(told), 2014) == {
        f"{ident}.count": number for ident, (_, number) in STATISTICS.items()
    }


REVIEW = [5, 0, 2, 1, 8, 1, 0, 0, 2, 3, 0, 1, 0, 0, 1]
OUTCOMES = "结果维持结果纠正其他结果尚未审结总计"


@pytest.mark.parametrize("joint", ["\n", ""])
def test_a_header_whose_cells_were_put_end_to_end(joint: str):
    header = ["行政复议行政诉讼", f"{OUTCOMES}未经复议直接起诉复议后起诉", OUTCOMES * 2]
    found = read(joint.join([*header, " ".join(map(str, REVIEW))]))
    assert list(found.values()) == REVIEW


def test_a_header_put_end_to_end_over_rows_of_their_own():
    rows = [f"{label} {' '.join(map(str, numbers))}" for label, numbers in REQUESTS.values()]
    header = "自然人法人或其他组织总计\n商业企业科研机构社会公益组织法律服务机构其他"
    assert read("\n".join(["申请人情况", header, *rows])) == wanted()


@pytest.mark.parametrize("joint", ["\n", ""])
def test_labels_that_run_into_their_numbers(joint: str):
    rows = [f"{label}{' '.join(map(str, numbers))}" for label, numbers in REQUESTS.values()]
    assert read(joint.join(["申请人情况" + "".join(HEADS), *rows])) == wanted()


def test_small_tables_in_one_line_without_blanks():
    table = (
        "第二十条第（一）项信息内容本年制发件数本年废止件数现行有效件数规章0 0 3行政规范性文件4 1 17"
        "第二十条第（五）项信息内容本年处理决定数量行政许可906第二十条第（六）项信息内容本年处理决定数量"
        "行政处罚21行政强制0第二十条第（八）项信息内容本年收费金额（单位：万元）行政事业性收费3.75"
    )
    assert list(read(table).values()) == [0, 0, 3, 4, 1, 17, 906, 21, 0, 3.75]


def test_running_text_keeps_its_numbers_beside_its_words():
    told = "本年新收政府信息公开申请数量12件，上年结转政府信息公开申请数量1件，予以公开3件，现行有效件数17"
    assert told in parse(TOP.format(year=2022, table=told)).text


def test_rows_of_a_list_whose_first_number_stands_behind_a_colon():
    rows = [f"{label}：{'、'.join(map(str, numbers))}" for label, numbers in REQUESTS.values()]
    assert read("\n".join(["申请人情况", "、".join(HEADS), *rows])) == wanted()


def test_a_label_whose_words_stand_under_its_number():
    """As a narrow column prints it: the numbers of the row stand beside the first line of the label."""
    table = """自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计
三、本 （一） 6 1 0 0 2 0 9
年度办 予以公
理结果 开
（二） 2 0 0 0 1 0 3
部分公
开（区
分处理
的，只
计这一
情形，
不计其
他情
形）
（七） 8 1 0 0 3 0 12
总计"""
    found = read(table)
    assert [found[f"{row}.total"] for row in ("granted", "granted_in_part", "total")] == [9, 3, 12]
    assert len(found) == 21


def test_a_label_whose_number_stands_behind_its_words():
    table = """自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计
（一）予以公开 6 1 0 0 2 0 9
没有现成信息需要另行制作 2. 1 0 0 0 0 0 1
3.补正后申请内容仍不明确 2 0 0 0 1 0 3"""
    found = read(table)
    rows = ("granted", "unavailable.needs_creation", "unavailable.still_unclear")
    assert [found[f"{row}.total"] for row in rows] == [9, 1, 3]


PARTS = (
    (
        ["第二十条第（一）项", "信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        {"规章": "0 0 3", "行政规范性文件": "4 1 17"},
    ),
    (["第二十条第（五）项", "信息内容", "本年处理决定数量"], {"行政许可": "906"}),
    (["第二十条第（六）项", "信息内容", "本年处理决定数量"], {"行政处罚": "21", "行政强制": "5"}),
)


def print_ahead(*, from_part: int = 0) -> str:
    """The table a cell a line; from that part on the numbers of each row stand ahead of its label."""
    lines: list[str] = []
    for at, (head, rows) in enumerate(PARTS):
        lines += head
        for label, numbers in rows.items():
            row = [label, *numbers.split()]
            lines += [*row[1:], row[0]] if at >= from_part else row
    return "\n".join(lines)


def test_numbers_ahead_of_their_labels():
    assert list(read(print_ahead()).values()) == [0, 0, 3, 4, 1, 17, 906, 21, 5]


def test_numbers_ahead_of_labels_in_some_parts_are_left():
    assert list(read(print_ahead(from_part=1)).values()) == [0, 0, 3, 4, 1, 17]


def test_numbers_between_the_lines_of_a_header_are_left():
    """Two of five outcomes with numbers behind them: parts of a row, no list of outcomes."""
    lines = ["行政复议", "结果", "维持", "其他", "结果", "总计 未经复议直接起诉", "尚未", "审结", "20 3 17"]
    lines += ["结果", "维持", "59 5", "结果", "纠正", "复议后起诉", "结果", "纠正", "总计", "14 2 18 1"]
    assert read("\n".join(["四、政府信息公开行政复议、行政诉讼情况", *lines])) == {}


def test_a_note_in_the_lines_under_a_label_that_says_enough():
    table = """自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计
（一）予以公开 6 1 0 0 2 0 9
（二）部分公开
（区分处理的，只
计这一情形，不计
其他情形）
2 0 0 0 1 0 3
（七）总计 8 1 0 0 3 0 12"""
    found = read(table)
    assert [found[f"{row}.total"] for row in ("granted", "granted_in_part", "total")] == [9, 3, 12]


def test_cells_that_go_over_several_columns_printed_in_each_of_them():
    """Blanks between the cells, as the libraries of tables print them."""
    rows = [" ".join([label, *map(str, numbers), str(numbers[-1])]) for label, numbers in REQUESTS.values()]
    assert read("\n".join([" ".join(["申请人情况", *HEADS, HEADS[-1]]), *rows])) == wanted()
    header = [
        ["行政复议"] * 5 + ["行政诉讼"] * 10,
        ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3,
    ]
    header.insert(1, header[1][:5] + ["未经复议直接起诉"] * 5 + ["复议后起诉"] * 5)
    lines = ["".join(f"{word:>10}" for word in map(str, row)) for row in (*header, REVIEW)]
    assert list(read("\n".join(["四、政府信息公开行政复议、行政诉讼情况", *lines])).values()) == REVIEW
