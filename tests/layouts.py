"""One filled form laid out in many ways: what publishing systems make of the same tables.

`fill_form` makes distinct, balanced numbers; a layout turns them into a text file or a Document. A fault
takes the filled form and changes what is printed, not what is expected beyond it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from extract.forms import Form, FormBand, FormRow, FormTable, load_forms
from extract.report import Document, Grid, GridCell, Paragraph

HEADINGS = {
    "overview": "一、总体情况",
    "proactive": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "review": "四、政府信息公开行政复议、行政诉讼情况",
    "problems": "五、存在的主要问题及改进情况",
    "other": "六、其他需要报告的事项",
}
PROSE = "全年共收到政府信息公开申请12件，予以公开5件，办理行政许可事项38项，下一步将继续做好各项工作。"
RULE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
SPAN = "三、本年度办理结果"
OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
HEADS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
PARTS = {"社会公益组织": ["社会公益", "组织"], "法律服务机构": ["法律服务", "机构"]}


@dataclass(frozen=True)
class Filled:
    """A form with its numbers as printed, by cell id; `values` is what reading should give."""

    form: Form
    printed: dict[str, str]
    values: dict[str, float | None]
    notes: dict[str, str] = field(default_factory=dict)  # cell or row label → the label as printed
    subtotal: bool = False
    groups: bool = False
    group_end: str | None = None  # the label of a row with the sums of a group, below it
    extra: bool = False
    missing: frozenset[str] = frozenset()  # row ids that are not printed

    def row(self, table: str, row: str, columns: list[str]) -> list[str]:
        return [self.printed[f"{table}.{row}.{column}"] for column in columns]

    def label(self, printed: str) -> str:
        return self.notes.get(printed, printed)


def form(edition: str) -> Form:
    return next(one for one in load_forms() if one.edition == edition)


def table(filled: Filled, name: str) -> FormTable:
    return next(one for one in filled.form.tables if one.id == name)


# ---- numbers ----------------------------------------------------------------------------------------------


def fill_form(edition: str, seed: int, *, most: int = 900) -> Filled:
    """Distinct numbers above nought that balance as the form wants."""
    chosen = random.Random(seed)
    filled: dict[str, float] = {}
    one = form(edition)
    for part in one.tables:
        if part.id == "requests":
            filled |= _fill_requests(part, chosen, most)
        else:
            for row, column in part.cells():
                filled[f"{part.id}.{row}.{column}"] = chosen.randint(1, most)
            if part.id == "review":
                _fill_review(part, filled)
    if "proactive.fees.amount" in filled:
        filled["proactive.fees.amount"] = round(chosen.uniform(1, 500), 4)
    if "proactive.procurement.amount" in filled:
        filled["proactive.procurement.amount"] = round(chosen.uniform(1, 500), 4)
    return Filled(one, {key: str(value) for key, value in filled.items()}, dict(filled))


def _fill_requests(part: FormTable, chosen: random.Random, most: int) -> dict[str, float]:
    columns = [column.id for column in part.bands[0].columns]
    rows = [row.id for row in part.bands[0].rows]
    filled: dict[str, float] = {}
    for column in columns[:-1]:
        outcomes = [
            row for row in rows if row not in ("received", "carried_over", "total", "carried_forward")
        ]
        for row in outcomes:
            filled[f"requests.{row}.{column}"] = chosen.randint(1, most)
        total = sum(filled[f"requests.{row}.{column}"] for row in outcomes)
        carried, left = chosen.randint(1, most), chosen.randint(1, most)
        filled[f"requests.total.{column}"] = total
        filled[f"requests.carried_forward.{column}"] = left
        filled[f"requests.carried_over.{column}"] = carried
        filled[f"requests.received.{column}"] = total + left - carried
    for row in rows:
        filled[f"requests.{row}.total"] = sum(filled[f"requests.{row}.{column}"] for column in columns[:-1])
    return filled


def _fill_review(part: FormTable, filled: dict[str, float]) -> None:
    for row in part.bands[0].rows:
        keys = [f"review.{row.id}.{column.id}" for column in part.bands[0].columns]
        filled[keys[-1]] = sum(filled[key] for key in keys[:-1])


# ---- faults -----------------------------------------------------------------------------------------------


def some_noughts(filled: Filled, mark: str = "", *, share: float = 0.5, seed: int = 1) -> Filled:
    """Some parts become nought and are printed as `mark`; totals follow, so that the form still balances."""
    chosen = random.Random(seed)
    values = dict(filled.values)
    for key in values:
        rest = key.partition(".")[2]
        if not rest.endswith(".total") and not rest.startswith("total.") and chosen.random() < share:
            values[key] = 0
    values = _rebalance(filled, values)
    printed = {key: (mark if value == 0 else _number(value)) for key, value in values.items()}
    expected = {
        key: (0 if mark in ("无", "0") else None) if value == 0 else value for key, value in values.items()
    }
    return replace(filled, printed=printed, values=expected)


def _rebalance(filled: Filled, values: dict[str, float]) -> dict[str, float]:
    part = table(filled, "requests")
    columns = [column.id for column in part.bands[0].columns]
    rows = [row.id for row in part.bands[0].rows]
    outcomes = [row for row in rows if row not in ("received", "carried_over", "total", "carried_forward")]
    for column in columns[:-1]:
        cell = lambda row: f"requests.{row}.{column}"  # noqa: B023, E731
        values[cell("total")] = sum(values[cell(row)] for row in outcomes)
        values[cell("carried_over")] = min(values[cell("carried_over")], values[cell("total")])
        values[cell("received")] = (
            values[cell("total")] + values[cell("carried_forward")] - values[cell("carried_over")]
        )
    for row in rows:
        values[f"requests.{row}.total"] = sum(values[f"requests.{row}.{column}"] for column in columns[:-1])
    _fill_review(table(filled, "review"), values)
    return values


def thousands(filled: Filled) -> Filled:
    """Numbers above a thousand with separators."""
    values = {
        key: value * 7001 if "amount" not in key else value
        for key, value in filled.values.items()
        if value is not None
    }
    return replace(filled, printed={key: f"{value:,}" for key, value in values.items()}, values=dict(values))


def full_width(filled: Filled) -> Filled:
    """Digits in full width."""
    return replace(filled, printed={key: _wide(text) for key, text in filled.printed.items()})


def signed_changes(filled: Filled) -> Filled:
    """本年增/减 in words and signs."""
    printed, values = dict(filled.printed), dict(filled.values)
    for number, key in enumerate(key for key in printed if key.endswith(".change")):
        value = 3 + number
        text, expected = [
            (f"增{value}", value),
            (f"减{value}", -value),
            (f"-{value}", -value),
            (f"+{value}", value),
            (f"{value}/0", value),
        ][number % 5]
        printed[key], values[key] = text, expected
    return replace(filled, printed=printed, values=values)


def total_renamed(filled: Filled) -> Filled:
    """总计 printed as 合计, over the last column and beside the last outcome."""
    return replace(filled, notes={"总计": "合计", "（七）总计": "（七）合计"})


def row_missing(filled: Filled, table_id: str, row: str) -> Filled:
    """A row that is not printed at all."""
    values = {
        key: (None if key.startswith(f"{table_id}.{row}.") else value) for key, value in filled.values.items()
    }
    return replace(filled, missing=filled.missing | {f"{table_id}.{row}"}, values=values)


def local_notes(filled: Filled) -> Filled:
    """Labels with the notes of a local circular, digits in them."""
    notes = {
        "规章": "规章（设区的市、自治州人民政府应提供2018年以来数据）",
        "规范性文件": "规范性文件（含办公室文件）",
        "行政规范性文件": "行政规范性文件（指现行的3类文件）",
        "上一年项目数量": "上一年项目数量（指2018年事项数）",
        "本年增/减": "本年增/减（与上年相比增加用正值表示，减用负值表示，如-8）",
        "采购总金额": "采购总金额（单位：万元，保留4位小数）",
        "1.属于国家秘密": "1、属于国家秘密",
        "（七）总计": "七、总计",
        "3.其他": "3、其它",
        "其他": "其它",
        "3.危及“三安全一稳定”": "3.危及「三安全一稳定」",
    }
    return replace(filled, notes=notes)


def _number(value: float) -> str:
    return str(value)


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isdecimal() else char for char in text)


# ---- rows as cells ----------------------------------------------------------------------------------------


def bands(filled: Filled) -> list[tuple[str, list[str], list[tuple[str, list[str]]]]]:
    """Caption, header cells, and rows (label, numbers) of each band of the first table."""
    found = []
    for band in table(filled, "proactive").bands:
        rows = [
            (filled.label(row.label), filled.row("proactive", row.id, [column.id for column in band.columns]))
            for row in band.rows
            if f"proactive.{row.id}" not in filled.missing
        ]
        if filled.extra and len(rows) > 1:
            rows.insert(1, ("行政检查" if len(rows[0][1]) > 1 else "行政奖励", ["7"] * len(band.columns)))
        heads = [filled.label(column.label) for column in band.columns]
        found.append((band.label or "", heads, rows))
    return found


def request_rows(filled: Filled) -> list[tuple[str | None, str | None, str, list[str]]]:
    """Span label, group label (at its first row only), label, numbers of each row of the second table."""
    band = table(filled, "requests").bands[0]
    columns = [column.id for column in band.columns]
    found: list[tuple[str | None, str | None, str, list[str]]] = []
    group: str | None = None
    for row in band.rows:
        if group and row.group != group and filled.group_end:
            sums = with_subtotal(filled, group_sums(filled, band, group))
            found.append((None, None, filled.group_end, sums))
        span = SPAN if row.id == "granted" else None
        if row.group and row.group != group and filled.groups:
            found.append((None, None, row.group, with_subtotal(filled, group_sums(filled, band, row.group))))
        if f"requests.{row.id}" in filled.missing:
            continue
        first = row.group if row.group != group and not filled.groups else None
        group = row.group
        numbers = with_subtotal(filled, filled.row("requests", row.id, columns))
        found.append((span, first, filled.label(row.label), numbers))
    return found


def group_sums(filled: Filled, band: FormBand, group: str) -> list[str]:
    rows = [row.id for row in band.rows if row.group == group]
    sums = []
    for column in band.columns:
        sums.append(str(sum(int(filled.values[f"requests.{row}.{column.id}"] or 0) for row in rows)))
    return sums


def with_subtotal(filled: Filled, numbers: list[str]) -> list[str]:
    return [*numbers[:-1], "999999", numbers[-1]] if filled.subtotal else numbers


def heads(filled: Filled) -> list[str]:
    """The column labels of the second table."""
    names = [filled.label(name) for name in HEADS]
    return [*names[:-1], "小计", names[-1]] if filled.subtotal else names


def depth(row: FormRow) -> int:
    return 0 if row.label[1] == "、" else 1 if row.group is None else 2


def review_numbers(filled: Filled) -> list[list[str]]:
    part = table(filled, "review").bands[0]
    return [filled.row("review", row.id, [column.id for column in part.columns]) for row in part.rows]


def frame(proactive: str, requests: str, review: str) -> str:
    """A report as a text file round its three tables."""
    return "\n".join(
        [
            "云溪县青石镇2022年政府信息公开工作年度报告",
            HEADINGS["overview"],
            PROSE,
            HEADINGS["proactive"],
            proactive,
            HEADINGS["requests"],
            requests,
            HEADINGS["review"],
            review,
            HEADINGS["problems"],
            "存在公开内容不够全面的问题，2项制度尚未更新，今后将逐项补齐。",
            HEADINGS["other"],
            "无",
        ]
    )


# ---- text layouts -----------------------------------------------------------------------------------------


def cells_behind_tabs(filled: Filled) -> str:
    """One cell a line behind a tab, a blank line after each row (reports/000 and 001)."""

    def rows(lines: list[list[str]]) -> str:
        return "\n" + "\n\n".join("\n".join("\t" + cell for cell in line) for line in lines) + "\n\n"

    first = []
    for caption, names, lines in bands(filled):
        first += [[caption], ["信息内容", *(name.replace("本年新", "本年新\n") for name in names)]]
        first += [[label, *numbers] for label, numbers in lines]
    second = [
        [RULE, "申请人情况"],
        ["", "自然人", "法人或其他组织", "总计"],
        ["", "", *heads(filled)[1:-1], ""],
    ]
    for span, group, label, numbers in request_rows(filled):
        lead = [span] if span else [] if label[1] == "、" and label[0] in "一二四" else [""]
        if "（" not in label[:1] and lead == [""]:
            lead.append(group or "")
        second.append([*lead, label, *numbers])
    third = [
        ["行政复议", "行政诉讼"],
        [*OUTCOMES, "未经复议直接起诉", "复议后起诉"],
        [*[""] * 5, *OUTCOMES, *OUTCOMES],
    ]
    third.append([number for block in review_numbers(filled) for number in block])
    return frame(rows(first), rows(second), rows(third))


def tab_rows(filled: Filled, *, trailing: int = 0, shifted: bool = False, trim: bool = False) -> str:
    """Tab rows as an extractor writes merged cells (reports/002 and 004).

    `trailing` spare cells; `shifted` rows that lost cells before their label; `trim` no blanks at line ends.
    """
    width = 1 + max(len(names) for _, names, _ in bands(filled))
    first = []
    for caption, names, lines in bands(filled):
        first += [[caption], ["信息内容", *names], *([label, *numbers] for label, numbers in lines)]
    second = _tab_requests(filled, shifted=shifted)
    third = [
        ["行政复议", "", "", "", "", "行政诉讼"],
        [*OUTCOMES, "未经复议直接起诉", "", "", "", "", "复议后起诉"],
        [*[""] * 5, *OUTCOMES, *OUTCOMES],
        [number for block in review_numbers(filled) for number in block],
    ]
    parts = []
    for lines, size in ((first, width), (second, 10 + trailing + filled.subtotal), (third, 15)):
        padded = [line + [""] * (size - len(line)) for line in lines]
        parts.append("\n".join("\t".join(line).rstrip("\t" if trim else "") for line in padded))
    return frame(*parts)


def _tab_requests(filled: Filled, *, shifted: bool) -> list[list[str]]:
    names = heads(filled)
    size = len(names)
    lines = [
        [RULE, "", "", "申请人情况", *[""] * (size - 1)],
        ["", "", "", names[0], "法人或其他组织", *[""] * (size - 3), names[-1]],
        ["", "", "", "", *names[1:-1], ""],
    ]
    for number, (span, group, label, numbers) in enumerate(request_rows(filled)):
        outer = label[:2] in ("一、", "二、", "四、")
        inner = not outer and not label.startswith(("（", "七"))
        lead = (
            [label, "", ""]
            if outer
            else [span or "", group or "", label]
            if inner
            else [span or "", label, ""]
        )
        if shifted and number in (4, 9, 17) and not any(lead[:2]):
            lead = [label, "", ""][: 3 - number % 2]
        lines.append([*lead, *numbers])
    return lines


def pdf_lines(filled: Filled, *, pages: bool = False, gap: str = "\n\n") -> str:
    """Lines of words, header cells in reading order, group labels on lines of their own (reports/003)."""
    first: list[str] = []
    for caption, names, lines in bands(filled):
        first += [caption, " ".join(["信息内容", *names])]
        first += [" ".join([label, *numbers]) for label, numbers in lines]
    names = heads(filled)
    second = [RULE, "申请人情况", names[0], "法人或其他组织", names[-1], " ".join(names[1:3])]
    second += [part for name in names[3:-1] for part in PARTS.get(name, [name])]
    for number, (span, group, label, numbers) in enumerate(request_rows(filled)):
        second += [one for one in (span, group) if one]
        second.append(" ".join([label, *numbers]))
        if pages and number in (6, 15):
            second.append(f"- {number} -" if number == 6 else f"—{number}—")
    third = [
        "行政复议 行政诉讼",
        " ".join(OUTCOMES),
        "未经复议直接起诉 复议后起诉",
        " ".join([*OUTCOMES, *OUTCOMES]),
    ]
    third.append(" ".join(number for block in review_numbers(filled) for number in block))
    return frame(gap.join(first), gap.join(second), gap.join(third))


def pdf_wrapped(filled: Filled) -> str:
    """Labels of two lines with their numbers between, group labels broken beside rows, letters on lines."""
    first: list[str] = []
    for caption, names, lines in bands(filled):
        first += [caption.replace("条第", "条 第"), " ".join(["信息内容", *names])]
        for label, numbers in lines:
            first += _wrap(label, numbers)
    names = heads(filled)
    second = ["申请人情况", f"{RULE[:16]} 法人或其他组织", RULE[16:] + " " + names[0] + " " + names[-1]]
    second += [
        "商业 科研 社会公益 法律服务 其他" + (" 小计" if filled.subtotal else ""),
        "企业 机构 组织 机构",
    ]
    letters = list(SPAN)
    for number, (_, group, label, numbers) in enumerate(request_rows(filled)):
        lines = _wrap(label, numbers)
        if group:
            lines[0] = f"{group[:4]} {lines[0]}"
            lines.append(group[4:])
        second += lines
        if 3 < number < 16 and letters:
            second.append(letters.pop(0))
    third = [
        "行政复议 行政诉讼",
        "结果 结果 其他 尚未 总计 未经复议直接起诉 复议后起诉",
        "维持 纠正 结果 审结",
    ]
    third += ["结果 结果 其他 尚未 总计 结果 结果 其他 尚未 总计", "维持 纠正 结果 审结 维持 纠正 结果 审结"]
    third.append(" ".join(number for block in review_numbers(filled) for number in block))
    return frame("\n".join(first), "\n".join(second), "\n".join(third))


def _wrap(label: str, numbers: list[str]) -> list[str]:
    if len(label) < 14:
        return [" ".join([label, *numbers])]
    half = len(label) // 2
    return [label[:half], " ".join(numbers), label[half:]]


def letters_under_letters(filled: Filled) -> str:
    """The letters of narrow header cells one under another: a line holds one letter of each."""
    names = heads(filled)
    head = []
    for number in range(max(map(len, names))):
        head.append(" ".join(name[number] for name in names if len(name) > number))
    lines = [" ".join([label, *numbers]) for _, _, label, numbers in request_rows(filled)]
    first = [
        line
        for caption, names, rows in bands(filled)
        for line in (
            caption,
            " ".join(["信息内容", *names]),
            *(" ".join([label, *numbers]) for label, numbers in rows),
        )
    ]
    return frame("\n".join(first), "\n".join(["申请人情况", *head, *lines]), _review_rows(filled))


def _review_rows(filled: Filled) -> str:
    labels = ["行政复议", "行政诉讼 未经复议直接起诉", "复议后起诉"]
    lines = [" ".join([label, *numbers]) for label, numbers in zip(labels, review_numbers(filled))]
    return "\n".join(["本年度复议诉讼情况见下表。", " ".join(OUTCOMES), *lines])


def one_line(filled: Filled) -> str:
    """Everything of a table on one line."""
    first, second = [], [RULE, "申请人情况", "自然人", "法人或其他组织", "总计", *heads(filled)[1:-1]]
    for caption, names, lines in bands(filled):
        first += [caption, "信息内容", *names]
        for label, numbers in lines:
            first += [label, *numbers]
    for span, group, label, numbers in request_rows(filled):
        second += [one for one in (span, group, label) if one] + numbers
    third = ["行政复议", "行政诉讼", *OUTCOMES, "未经复议直接起诉", "复议后起诉", *OUTCOMES, *OUTCOMES]
    third += [number for block in review_numbers(filled) for number in block]
    return frame(" ".join(first), " ".join(second), " ".join(third))


def cell_paragraphs(filled: Filled, gap: str = "\n\n") -> str:
    """One cell a paragraph, blank lines between; blank cells leave no trace."""
    return frame(*(part.replace(" ", gap) for part in _one_line_parts(filled)))


def _one_line_parts(filled: Filled) -> list[str]:
    lines = one_line(
        replace(filled, notes={key: note.replace(" ", "") for key, note in filled.notes.items()})
    ).split("\n")
    return [lines[4], lines[6], lines[8]]


def cell_bars(filled: Filled) -> str:
    """One cell a line, each ended by a bar, rows not told."""
    return frame(*("\n".join(cell + " |" for cell in part.split(" ")) for part in _one_line_parts(filled)))


def bar_rows(filled: Filled, *, markdown: bool = False) -> str:
    """Rows of cells parted by bars, spare bars at the end for merged columns."""
    text = tab_rows(filled)
    lines = []
    for line in text.split("\n"):
        if "\t" in line:
            line = line.replace("\t", " | ") + " |"
            line = "| " + line if markdown else line
        lines.append(line)
    if markdown:
        at = next(number for number, line in enumerate(lines) if "|" in line)
        lines.insert(at + 1, "|" + "---|" * (lines[at].count("|") - 1))
    return "\n".join(lines)


def merged_repeated(filled: Filled) -> str:
    """Tab rows in which merged cells are repeated in every row and column that they cover."""
    first = []
    for caption, names, lines in bands(filled):
        width = len(names) + 1
        first += [[caption] * width, ["信息内容", *names], *([label, *numbers] for label, numbers in lines)]
    names = heads(filled)
    middle = len(names) - 2
    second = [
        [RULE] * 3 + ["申请人情况"] * len(names),
        [RULE] * 3 + [names[0], *["法人或其他组织"] * middle, names[-1]],
        [RULE] * 3 + names,
    ]
    last_group = ""
    for _, group, label, numbers in request_rows(filled):
        last_group = group or last_group
        if label[:2] in ("一、", "二、", "四、"):
            lead = [label] * 3
        elif label.startswith(("（", "七")):
            lead = [SPAN, label, label]
        else:
            lead = [SPAN, last_group, label]
        second.append([*lead, *numbers])
    third = [
        ["行政复议"] * 5 + ["行政诉讼"] * 10,
        [*OUTCOMES, *["未经复议直接起诉"] * 5, *["复议后起诉"] * 5],
        OUTCOMES * 3,
        [number for block in review_numbers(filled) for number in block],
    ]
    return frame(*("\n".join("\t".join(line) for line in lines) for lines in (first, second, third)))


def stretched(filled: Filled, *, at: int = -1, trailing: int = 0) -> str:
    """Markdown whose bands are as wide as the widest: one label of each, with its numbers, is repeated."""
    width = 1 + max(len(names) for _, names, _ in bands(filled)) + 1
    lines: list[list[str]] = []
    for caption, names, rows in bands(filled):
        lines.append([caption] * width)
        for label, cells in [("信息内容", names), *rows]:
            chosen = at % len(cells)
            repeated = [cells[chosen]] * (width - len(cells))
            lines.append([label, *cells[:chosen], *repeated, *cells[chosen + 1 :]])
    drawn = ["| " + " | ".join(line + [""] * trailing) + " |" for line in lines]
    drawn.insert(1, "|" + " --- |" * (width + trailing))
    text = merged_repeated(filled)
    start, end = (
        text.index(HEADINGS["proactive"]) + len(HEADINGS["proactive"]),
        text.index(HEADINGS["requests"]),
    )
    return text[:start] + "\n\n" + "\n".join(drawn) + "\n\n" + text[end:]


def review_by_rows(filled: Filled) -> str:
    """The third table as three lines of five, under its whole header."""
    text = pdf_lines(filled, gap="\n")
    joined = " ".join(number for block in review_numbers(filled) for number in block)
    return text.replace(joined, "\n".join(" ".join(block) for block in review_numbers(filled)))


def review_turned(filled: Filled, corner: str = "") -> str:
    """The third table with a row for each outcome."""
    text = pdf_lines(filled, gap="\n")
    start = text.index("行政复议 行政诉讼\n")
    end = text.index(HEADINGS["problems"])
    blocks = review_numbers(filled)
    lines = [f"{corner}\t行政复议\t未经复议直接起诉\t复议后起诉"]
    lines += ["\t".join([name, *(block[number] for block in blocks)]) for number, name in enumerate(OUTCOMES)]
    return text[:start] + "\n".join(lines) + "\n" + text[end:]


def review_listed(filled: Filled, joint: str, parted: str) -> str:
    """The third table as fifteen lines, each naming row and column before its number."""
    text = pdf_lines(filled, gap="\n")
    start = text.index("行政复议 行政诉讼\n")
    end = text.index(HEADINGS["problems"])
    names = ("行政复议", "未经复议直接起诉", "复议后起诉")
    lines = [
        f"{name}{joint}{filled.label(outcome)}{parted}{number}"
        for name, numbers in zip(names, review_numbers(filled))
        for outcome, number in zip(OUTCOMES, numbers)
    ]
    return text[:start] + "\n".join(lines) + "\n" + text[end:]


def rows_counted(filled: Filled) -> str:
    """Tab rows behind a column 序号 that counts them, in each table."""
    lines: list[str] = []
    count = 0
    for line in tab_rows(filled).split("\n"):
        if "\t" not in line:
            count = 0
        elif "信息内容" in line or RULE in line or line.startswith("行政复议"):
            line, count = "序号\t" + line, 0
        elif re.search(r"\t\S*[0-9]", line):
            count += 1
            line = f"{count}\t{line}"
        else:
            line = line if line.startswith("第") else "\t" + line
        lines.append(line)
    return "\n".join(lines)


def review_in_parts(filled: Filled) -> str:
    """The third table as three small tables, each with its own header."""
    text = pdf_lines(filled, gap="\n")
    start = text.index("行政复议 行政诉讼\n")
    end = text.index(HEADINGS["problems"])
    names = ["行政复议", "行政诉讼 未经复议直接起诉", "行政诉讼 复议后起诉"]
    lines = []
    for name, block in zip(names, review_numbers(filled)):
        lines += [name, " ".join(OUTCOMES), " ".join(block)]
    return text[:start] + "\n".join(lines) + "\n" + text[end:]


def review_named(filled: Filled, names: tuple[str, str, str], parted: str = "\t") -> str:
    """The third table as three rows of five, each with its whole name, under one header."""
    text = pdf_lines(filled, gap="\n")
    start = text.index("行政复议 行政诉讼\n")
    end = text.index(HEADINGS["problems"])
    lines = [["" if parted == "\t" else "类型", *OUTCOMES]]
    lines += [[name, *block] for name, block in zip(names, review_numbers(filled))]
    return text[:start] + "\n".join(parted.join(line) for line in lines) + "\n" + text[end:]


def review_broken_heads(filled: Filled, *, vertical: bool = False) -> str:
    """The third table's outcomes broken over two lines, or set one letter a line."""
    text = pdf_lines(filled, gap="\n")
    start, end = text.index("行政复议 行政诉讼\n"), text.index(HEADINGS["problems"])
    if vertical:
        broken = [" ".join(name[number : number + 1] for name in OUTCOMES * 3).strip() for number in range(4)]
    else:
        broken = ["结果 结果 其他 尚未 总", "维持 纠正 结果 审结 计"]
        broken = [" ".join([line] * 3) for line in broken]
    numbers = " ".join(number for block in review_numbers(filled) for number in block)
    lines = ["行政复议 行政诉讼", "未经复议直接起诉 复议后起诉", *broken, numbers]
    return text[:start] + "\n".join(lines) + "\n" + text[end:]


def with_notes(filled: Filled) -> str:
    """Captions before and notes with digits after the tables, a sentence before and after."""
    text = tab_rows(filled)
    text = text.replace(
        HEADINGS["proactive"],
        HEADINGS["proactive"] + "\n该部分以表格形式报告，共4类7项。表格如下：\n表一：单位：件",
    )
    text = text.replace(
        HEADINGS["requests"],
        "注：1.本表统计截至12月31日；2.合计含3件。\n"
        + HEADINGS["requests"]
        + "\n2022年共收到申请12件，其中自然人5件。",
    )
    return text.replace(
        HEADINGS["problems"], "2022年发生行政复议3件，结果维持2件，结果纠正1件。\n" + HEADINGS["problems"]
    )


def printed_twice(filled: Filled) -> str:
    """The tables again in an annex, all cells blank."""
    text = tab_rows(filled)
    blank = tab_rows(replace(filled, printed=dict.fromkeys(filled.printed, "")))
    start, end = blank.index(HEADINGS["proactive"]), blank.index(HEADINGS["problems"])
    lines = [line for line in blank[start:end].split("\n") if "\t" in line]
    return text + "\n附件：统计表样式\n" + "\n".join(lines)


def flat_rows(filled: Filled, *, order: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6), parted: str = "\t") -> str:
    """The second table with one header row, its columns in some other order, rows of cells numbered."""
    plain = replace(filled, subtotal=False)
    text = tab_rows(plain) if parted == "\t" else pdf_lines(plain, gap="\n")
    names = heads(plain)
    lines = [["项目", *(names[one] for one in order)]]
    lines += [[label, *(numbers[one] for one in order)] for _, _, label, numbers in request_rows(plain)]
    if parted == "\t":
        lines = [[str(number) if number else "序号", *line, ""] for number, line in enumerate(lines)]
    start = text.index(RULE)
    end = text.index(HEADINGS["review"])
    return text[:start] + "\n".join(parted.join(line) for line in lines) + "\n" + text[end:]


def no_headings(text: str) -> str:
    """A report whose headings are lost."""
    for heading in HEADINGS.values():
        text = text.replace(heading + "\n", "")
    return text


def review_seven(filled: Filled) -> str:
    """The third table under a header of seven cells: the outcomes of suits are not printed."""
    text = tab_rows(filled)
    return text.replace("\t".join([*[""] * 5, *OUTCOMES, *OUTCOMES]) + "\n", "")


def misprinted_tabs(filled: Filled) -> str:
    """Tab rows with slips of the pen in rows, columns and groups."""
    text = tab_rows(filled)
    for right, slip in SLIPS.items():
        text = text.replace(right, slip)
    return text


SLIPS = {
    "属于四类过程性信息": "属于四类过程信息",
    "无正当理由大量反复申请": "无正当理由大量重复申请",
    "结转下年度": "结转下一年度",
    "法律服务机构": "法律服物机构",
    "行政强制": "行政强置",
    "不予处理": "不与处理",
}


# ---- exact grids ------------------------------------------------------------------------------------------

Cells = list[tuple[str, int, int]]  # text, columns, rows


def make_grid(rows: list[Cells], *, exact: bool = True) -> Grid:
    """A grid whose cells take the first free columns, as HTML lays tables out."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for number, row in enumerate(rows):
        column = 0
        for text, across, down in row:
            while (number, column) in taken:
                column += 1
            cells.append(GridCell(text, number, column, down, across))
            taken |= {(number + one, column + two) for one in range(down) for two in range(across)}
            column += across
    return Grid(tuple(cells), exact=exact)


def exact_grids(
    filled: Filled, *, apart: bool = False, uneven: bool = False, pages: bool = False
) -> Document:
    """Tables with rows, columns and spans as in the official form.

    `apart`: a table a band · `uneven`: bands do not line up · `pages`: the second table cut in two.
    """
    lists: list[list[Cells]] = []
    for number, (caption, names, lines) in enumerate(bands(filled)):
        spans = [1] * len(names)
        spans[-1] = 12 - len(names) if not uneven or number % 2 else 1
        spans[0] = 12 - len(names) if uneven and number % 2 == 0 and len(names) > 1 else spans[0]
        rows: list[Cells] = [[(caption, 12, 1)]]
        rows.append([("信息内容", 1, 1), *((name, span, 1) for name, span in zip(names, spans))])
        rows += [
            [(label, 1, 1), *((one, span, 1) for one, span in zip(numbers, spans))]
            for label, numbers in lines
        ]
        lists.append(rows)
    tables = lists if apart else [[row for rows in lists for row in rows]]
    head, body = _request_cells(filled)
    second = [[*head, *body]] if not pages else [[*head, *body[:9]], body[9:]]
    return _document(
        [make_grid(rows) for rows in tables], [make_grid(rows) for rows in second], [_review_grid(filled)]
    )


def _request_cells(filled: Filled) -> tuple[list[Cells], list[Cells]]:
    names = heads(filled)
    middle = len(names) - 2
    head: list[Cells] = [
        [(RULE, 3, 3), ("申请人情况", len(names), 1)],
        [(names[0], 1, 2), ("法人或其他组织", middle, 1), (names[-1], 1, 2)],
        [(name, 1, 1) for name in names[1:-1]],
    ]
    rows = request_rows(filled)
    inside = [
        number for number, (_, _, label, _) in enumerate(rows) if label[:2] not in ("一、", "二、", "四、")
    ]
    body: list[Cells] = []
    for number, (_, group, label, numbers) in enumerate(rows):
        cells: Cells = []
        if number == inside[0]:
            cells.append((SPAN, 1, len(inside)))
        if number not in inside:
            cells.append((label, 3, 1))
        elif label.startswith(("（", "七")):
            cells.append((label, 2, 1))
        else:
            size = 1
            while (
                number + size < len(rows)
                and rows[number + size][1] is None
                and not rows[number + size][2].startswith(("（", "七", "四"))
            ):
                size += 1
            cells += [(group, 1, size)] if group else []
            cells.append((label, 1 if group or _grouped(rows, number) else 2, 1))
        body.append([*cells, *((one, 1, 1) for one in numbers)])
    return head, body


def _grouped(rows: list[tuple[str | None, str | None, str, list[str]]], number: int) -> bool:
    """Whether a group label over this row stands in a row above."""
    while number >= 0 and not rows[number][2].startswith(("（", "七")):
        if rows[number][1]:
            return True
        number -= 1
    return False


def _review_grid(filled: Filled) -> Grid:
    rows: list[Cells] = [
        [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
        [*((name, 1, 2) for name in OUTCOMES), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        [(name, 1, 1) for name in OUTCOMES * 2],
        [(number, 1, 1) for block in review_numbers(filled) for number in block],
    ]
    return make_grid(rows)


def _document(first: list[Grid], second: list[Grid], third: list[Grid]) -> Document:
    blocks: list[Paragraph | Grid] = [
        Paragraph("云溪县青石镇2022年政府信息公开工作年度报告"),
        Paragraph(HEADINGS["overview"]),
    ]
    blocks += [Paragraph(PROSE), Paragraph(HEADINGS["proactive"]), *first]
    blocks += [Paragraph(HEADINGS["requests"]), *second, Paragraph(HEADINGS["review"]), *third]
    blocks += [
        Paragraph(HEADINGS["problems"]),
        Paragraph("公开内容不够全面。"),
        Paragraph(HEADINGS["other"]),
        Paragraph("无"),
    ]
    return Document(tuple(blocks))


def turn_grid(grid: Grid) -> Grid:
    """The grid with its rows as columns, merged cells and all."""
    cells = [GridCell(c.text, c.column, c.row, c.column_span, c.row_span) for c in grid.cells]
    return Grid(tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))), exact=grid.exact)


def requests_turned(filled: Filled) -> Document:
    """Exact grids, the second table turned: a row for each kind of applicant."""
    blocks = exact_grids(filled).blocks
    return Document(
        tuple(
            turn_grid(block) if isinstance(block, Grid) and block.cells[0].text == RULE else block
            for block in blocks
        )
    )


def bands_turned(filled: Filled) -> Document:
    """Exact grids, each band of the first table turned, all in one grid."""
    blocks: list[Paragraph | Grid] = []
    for block in exact_grids(filled).blocks:
        if isinstance(block, Grid) and any(cell.text == "信息内容" for cell in block.cells):
            rows: list[Cells] = []
            for caption, names, lines in bands(filled):
                rows.append([(caption, 1 + len(lines), 1)])
                rows.append([("信息内容", 1, 1), *((label, 1, 1) for label, _ in lines)])
                rows += [
                    [(name, 1, 1), *((numbers[number], 1, 1) for _, numbers in lines)]
                    for number, name in enumerate(names)
                ]
            block = make_grid(rows)
        blocks.append(block)
    return Document(tuple(blocks))


def requests_turned_tabs(filled: Filled, parted: str = "\t") -> str:
    """Tab rows, the second table turned, blanks where merged cells reach."""
    grid = next(
        block
        for block in requests_turned(filled).blocks
        if isinstance(block, Grid) and block.cells[0].text == RULE
    )
    wide = max(cell.column + cell.column_span for cell in grid.cells)
    rows = [[""] * wide for _ in range(max(cell.row + cell.row_span for cell in grid.cells))]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text
    text = tab_rows(filled)
    start, end = text.index(RULE), text.index(HEADINGS["review"])
    lines = [parted.join(row if parted == "\t" else filter(None, row)) for row in rows]
    return text[:start] + "\n".join(lines) + "\n" + text[end:]


Layout = Callable[[Filled], str | Document]
KEEPS_BLANKS: dict[str, Layout] = {
    "cells_behind_tabs": cells_behind_tabs,
    "tab_rows": tab_rows,
    "tab_rows_trailing": lambda filled: tab_rows(filled, trailing=1),
    "tab_rows_shifted": lambda filled: tab_rows(filled, shifted=True),
    "tab_rows_shifted_trailing": lambda filled: tab_rows(filled, shifted=True, trailing=1),
    "tab_rows_trimmed": lambda filled: tab_rows(filled, trim=True),
    "cell_bars": cell_bars,
    "bar_rows": bar_rows,
    "markdown": lambda filled: bar_rows(filled, markdown=True),
    "merged_repeated": merged_repeated,
    "stretched": stretched,
    "stretched_first": lambda filled: stretched(filled, at=0),
    "stretched_trailing": lambda filled: stretched(filled, trailing=2),
    "rows_counted": rows_counted,
    "with_notes": with_notes,
    "printed_twice": printed_twice,
    "flat_rows": lambda filled: flat_rows(filled, order=(6, 0, 1, 2, 3, 4, 5)),
    "no_headings": lambda filled: no_headings(tab_rows(filled)),
    "review_seven": review_seven,
    "misprinted_tabs": misprinted_tabs,
    "exact": exact_grids,
    "exact_apart": lambda filled: exact_grids(filled, apart=True),
    "exact_uneven": lambda filled: exact_grids(filled, uneven=True),
    "exact_pages": lambda filled: exact_grids(filled, pages=True),
    "requests_turned": requests_turned,
    "requests_turned_tabs": requests_turned_tabs,
    "bands_turned": bands_turned,
}
LOSES_BLANKS: dict[str, Layout] = {
    "pdf_lines": pdf_lines,
    "pdf_lines_close": lambda filled: pdf_lines(filled, gap="\n"),
    "pdf_pages": lambda filled: pdf_lines(filled, pages=True),
    "pdf_wrapped": pdf_wrapped,
    "letters_under_letters": letters_under_letters,
    "one_line": one_line,
    "cell_paragraphs": cell_paragraphs,
    "cell_lines": lambda filled: cell_paragraphs(filled, "\n"),
    "flat_lines": lambda filled: flat_rows(filled, parted=" "),
    "no_headings_lines": lambda filled: no_headings(pdf_lines(filled, gap="\n")),
    "review_by_rows": review_by_rows,
    "review_turned": review_turned,
    "review_turned_corner": lambda filled: review_turned(filled, "结果"),
    "review_in_parts": review_in_parts,
    "review_named": lambda filled: review_named(
        filled, ("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")
    ),
    "review_named_lines": lambda filled: review_named(
        filled, ("行政复议", "行政诉讼—未经复议直接起诉", "行政诉讼：复议后起诉"), " "
    ),
    "review_named_turned": lambda filled: review_named(
        filled, ("1.行政复议", "2.未经复议直接起诉的行政诉讼", "3.复议后起诉的行政诉讼")
    ),
    "review_listed": lambda filled: review_listed(filled, "", "："),
    "review_listed_joint": lambda filled: review_listed(filled, "—", ": "),
    "review_listed_words": lambda filled: review_listed(filled, " ", " "),
    "review_listed_tabs": lambda filled: review_listed(filled, "", "\t"),
    "review_broken_heads": review_broken_heads,
    "review_letters": lambda filled: review_broken_heads(filled, vertical=True),
}
LAYOUTS: dict[str, Layout] = KEEPS_BLANKS | LOSES_BLANKS
