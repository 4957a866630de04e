"""A table in pieces: rows that are tables of their own; what is said where a row was not found."""

from __future__ import annotations

from extract.pipeline import parse

HEAD = """<meta charset=utf-8><h1>柏溪县林业局2022年政府信息公开工作年度报告</h1><h2>一、总体情况</h2>
<p>全年主动公开政府信息88条。</p><h2>三、收到和处理政府信息公开申请情况</h2><table border=1>
<tr><td colspan=2 rowspan=3></td><td colspan=7>申请人情况</td></tr><tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td>
<td rowspan=2>总计</td></tr><tr><td>商业企业<td>科研机构<td>社会公益组织<td>法律服务机构<td>其他</tr>
<tr><td colspan=2>一、本年新收政府信息公开申请数量</td><td>5<td>4<td>3<td>2<td>1<td>0<td>15</tr></table>"""
ROWS = {
    "granted": ("三、本年度办理结果</td><td>（一）予以公开", [2, 1, 1, 1, 1, 0, 6]),
    "granted_in_part": ("（二）部分公开", [1, 2, 1, 1, 0, 0, 5]),
    "total": ("（七）总计", [3, 3, 2, 2, 1, 0, 11]),
    "carried_forward": ("四、结转下年度继续办理", [2, 1, 1, 0, 0, 0, 4]),
}
FOOT = "<h2>五、存在的主要问题及改进情况</h2><p>公开时效有待提高，下一步专人跟进。</p>"


def write_row(label: str, numbers: list[int]) -> str:
    return f"<tr><td>{label}</td>" + "".join(f"<td>{number}</td>" for number in numbers) + "</tr>"


def test_rows_that_are_tables_of_their_own_go_on_with_the_table():
    pieces = "".join(f"<table border=1>{write_row(*row)}</table>" for row in ROWS.values())
    found = {cell.id: cell.value for cell in parse((HEAD + pieces + FOOT).encode()).cells}
    for row, (_, numbers) in ROWS.items():
        assert [value for key, value in found.items() if key.startswith(f"requests.{row}.")] == numbers


def test_a_table_of_another_matter_does_not_go_on():
    other = "<p>乡镇报送情况如下。</p><table border=1><tr><td>青石镇</td><td>3</td><td>4</td></tr></table>"
    report = parse((HEAD + other + FOOT).encode())
    assert sum(cell.value is not None for cell in report.cells) == 7


def test_the_report_is_not_accused_of_a_row_whose_label_is_there():
    said = "<table><tr><td>（二）部分公开</td><td>详见本机关网站</td><td>1</td></tr></table>"
    for more, origin in (("", "report"), (said, "reading")):
        findings = parse((HEAD + more + FOOT).encode()).findings
        assert [one.origin for one in findings if one.rule == "missing_cell"] == [origin]


LINES = """柏溪县林业局2020年政府信息公开工作年度报告
一、总体情况
全年主动公开政府信息88条。
二、主动公开政府信息情况
第二十条第（一）项
{first}
规章 27 75 90
规范性文件 78 47 60
四、政府信息公开行政复议、行政诉讼情况
{third}
1 2 3 4 10 5 6 7 8 26 9 1 2 3 15
五、存在的主要问题及改进情况
公开时效有待提高，下一步专人跟进。"""
OUTCOMES = "结果维持 结果纠正 其他结果 尚未审结 总计"


def read_lines(first: str, third: str) -> dict[str, float | None]:
    return {cell.id: cell.value for cell in parse(LINES.format(first=first, third=third)).cells}


def test_heads_that_came_apart_never_put_numbers_under_one_another_s_label():
    """The order in which parts of heads are read is not that of the columns, where they stand in several lines."""
    whole = "信息内容 本年新制作数量 本年新公开数量 对外公开总数量"
    torn = "本年新\n信息内容 本年新制作数量 公开数量 对外公开总数量"
    names = "行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n"
    late = f"行政诉讼\n未经复议直接起诉 复议后起诉\n行政复议 {OUTCOMES} {OUTCOMES} {OUTCOMES}"
    right = read_lines(whole, f"{names}{OUTCOMES} {OUTCOMES} {OUTCOMES}")
    assert right["proactive.regulations.newly_disclosed"] == 75
    assert right["review.litigation_direct.total"] == 26
    for found in (
        read_lines(torn, late),
        read_lines(torn, f"{names}结果 其他 尚未\n结果维持 纠正 结果 审结 总计 {OUTCOMES} {OUTCOMES}"),
    ):
        assert all(value in (None, right[name]) for name, value in found.items())


def test_a_report_without_line_ends_keeps_what_stands_behind_its_last_table():
    head = "行政复议 行政诉讼 未经复议直接起诉 复议后起诉"
    first = "信息内容 本年新制作数量 本年新公开数量 对外公开总数量"
    lines = LINES.format(first=first, third=f"{head} {OUTCOMES} {OUTCOMES} {OUTCOMES}")
    report = parse(lines.replace("\n", " ") + "\n")
    assert sum(cell.value is not None for cell in report.cells) == 21
    assert any("下一步专人跟进" in unit.text for unit in report.units)
