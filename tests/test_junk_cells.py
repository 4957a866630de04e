"""A cell that holds something other than a number keeps its place: its neighbours are not moved."""

from __future__ import annotations

import pytest

from extract.pipeline import parse

ROWS = {
    "received": ("一、本年新收政府信息公开申请数量", (11, 12, 13, 14, 15, 16, 81)),
    "carried_over": ("二、上年结转政府信息公开申请数量", (1, 2, 3, 4, 5, 6, 21)),
    "carried_forward": ("四、结转下年度继续办理", (38, 28, 39, 5, 27, 8, 145)),
}
COLUMNS = ("natural_person", "commercial", "research", "public_welfare", "legal_service", "other", "total")
HEAD = (
    "<tr><td colspan=3 rowspan=3></td><td colspan=7>申请人情况</td></tr>"
    "<tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td><td rowspan=2>总计</td></tr>"
    "<tr><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td></tr>"
)
JUNK = [
    "?",
    "？？",
    "�",
    "··",
    "、",
    "）",
    "。",
    "！",
    "x",
    "见附件",
    "若干",
    "——",
    "*",
    "&nbsp;",
    "：",
    "No",
    "'",
]


def as_html(rows: dict[str, list[str]]) -> str:
    lines = [
        f"<tr><td colspan=3>{ROWS[row][0]}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for row, cells in rows.items()
    ]
    return (
        "<html><meta charset=utf-8><body><p>云岭县2023年政府信息公开工作年度报告</p><p>一、总体情况</p>"
        "<p>全年公开信息12条，工作平稳推进，各项任务按期完成。</p><p>三、收到和处理政府信息公开申请情况</p>"
        f"<table>{HEAD}{''.join(lines)}</table><p>五、存在的主要问题及改进情况</p><p>更新不及时。</p></body></html>"
    )


def as_tabs(rows: dict[str, list[str]]) -> str:
    head = ["\t\t\t申请人情况", "\t\t\t自然人\t法人或其他组织\t\t\t\t\t总计"]
    head.append("\t\t\t\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t")
    lines = [f"{ROWS[row][0]}\t\t\t" + "\t".join(cells) for row, cells in rows.items()]
    return "\n".join(
        ["云岭县2023年政府信息公开工作年度报告", "一、总体情况", "全年公开信息12条，工作平稳推进，任务完成。"]
        + ["三、收到和处理政府信息公开申请情况", *head, *lines]
        + ["五、存在的主要问题及改进情况", "更新不及时。", ""]
    )


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("write", [as_html, as_tabs])
def test_no_neighbour_is_moved(write, junk: str) -> None:
    for row, (_, numbers) in ROWS.items():
        for place in range(len(COLUMNS)):
            rows = {one: [str(number) for number in ROWS[one][1]] for one in ROWS}
            rows[row][place] = junk if write is as_html else junk.replace("&nbsp;", "")
            text = write(rows)
            report = parse(text.encode())
            found = {cell.column: cell.value for cell in report.cells if cell.row == row}
            wrong = {
                column: found.get(column)
                for column, number in zip(COLUMNS, numbers)
                if found.get(column) not in (number, None)
            }
            assert not wrong, (row, place, wrong)
            assert found.get(COLUMNS[place]) is None
