"""A third round of odd layouts: tables turned, listed, cut and dressed as `odd_layouts` has none; as there."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from layouts import HEADS, OUTCOMES, Cells, bands, make_grid, request_rows, review_numbers
from pdf_writer import Layout, lay_out
from renderings import body, bordered_docx, plain_cell, xlsx
from whole_reports import Whole, _rows, write_text

from extract.report import Document, Grid, GridCell, Paragraph

BLOCKS = ("行政复议", "未经复议直接起诉", "复议后起诉")


def _replace_tables(whole: Whole, tables: dict[str, Sequence[Grid | str]]) -> Document:
    """The report with the tables of some sections (二, 三, 四) in place of its own; a string is a line."""
    blocks: list[Paragraph | Grid] = []
    left = dict(tables)
    section = ""
    for block in whole.document.blocks:
        if isinstance(block, Paragraph):
            heading = re.match(r"[#\s]*([二三四五六])、", block.text)
            section = heading[1] if heading else section
            blocks.append(block)
        elif section not in tables:
            blocks.append(block)
        else:
            for one in left.pop(section, ()):
                blocks.append(Paragraph(one) if isinstance(one, str) else one)
    assert not left, f"no tables in {list(left)}"
    return Document(tuple(blocks), encoding="utf-8")


def _own(whole: Whole, section: str) -> list[Grid]:
    """The tables of a section as the form has them."""
    found, own = [], ""
    for block in whole.document.blocks:
        if isinstance(block, Grid):
            found += [block] if own == section else []
        elif heading := re.match(r"[#\s]*([二三四五六])、", block.text):
            own = heading[1]
    return found


def _change(grid: Grid, change: Callable[[GridCell], str]) -> Grid:
    cells = (GridCell(change(c), c.row, c.column, c.row_span, c.column_span) for c in grid.cells)
    return Grid(tuple(cells), exact=grid.exact)


def _page(document: Document) -> bytes:
    return f'<html><meta charset="utf-8"><body><div>{body(document, plain_cell)}</div></body></html>'.encode()


# ---- turned -----------------------------------------------------------------------------------------------


def _turned_grid(whole: Whole) -> Grid:
    """Heads of rows over three rows, a row for each kind of applicant, 法人或其他组织 beside five of them."""
    (own,) = _own(whole, "三")
    cells = (GridCell(c.text, c.column, c.row, c.column_span, c.row_span) for c in own.cells)
    return Grid(tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))), exact=True)


def turned_page(whole: Whole) -> bytes:
    """A page whose second table is the form's own, turned, merged cells and all."""
    return _page(_replace_tables(whole, {"三": [_turned_grid(whole)]}))


def turned_word(whole: Whole) -> bytes:
    """The same in Word."""
    return bordered_docx(_replace_tables(whole, {"三": [_turned_grid(whole)]}))


def turned_text(whole: Whole) -> bytes:
    """The same as text with tabs, where merged cells leave blanks."""
    return write_text(_replace_tables(whole, {"三": [_turned_grid(whole)]}))


def turned_in_parts(whole: Whole) -> bytes:
    """The second table turned and cut in three, each part with the kinds of applicants again."""
    lines = request_rows(whole.filled)
    grids = []
    for first in range(0, len(lines), 9):
        part = lines[first : first + 9]
        rows: list[Cells] = [[("申请人", 1, 1), *((label, 1, 1) for _, _, label, _ in part)]]
        rows += [
            [(name, 1, 1), *((numbers[place], 1, 1) for *_, numbers in part)]
            for place, name in enumerate(HEADS)
        ]
        grids.append(make_grid(rows))
    return _page(_replace_tables(whole, {"三": grids}))


# ---- reviews as a list ------------------------------------------------------------------------------------


def review_lines(whole: Whole) -> bytes:
    """Fifteen lines, each with the whole label, a colon and its number."""
    listed = [
        f"{block}{name}：{number}件"
        for block, numbers in zip(BLOCKS, review_numbers(whole.filled))
        for name, number in zip(OUTCOMES, numbers)
    ]
    return write_text(_replace_tables(whole, {"四": listed}))


def review_lines_by_block(whole: Whole) -> bytes:
    """The three blocks named on lines of their own, five labelled numbers under each."""
    listed: list[str] = []
    names = ("（一）行政复议", "（二）行政诉讼（未经复议直接起诉）", "（三）行政诉讼（复议后起诉）")
    for block, numbers in zip(names, review_numbers(whole.filled)):
        listed += [block, *(f"{name}: {number}" for name, number in zip(OUTCOMES, numbers))]
    return write_text(_replace_tables(whole, {"四": listed}))


def review_two_columns(whole: Whole) -> bytes:
    """A table of two columns, label and number."""
    rows: list[Cells] = [[("项目", 1, 1), ("数量（件）", 1, 1)]]
    for block, numbers in zip(
        ("行政复议", "行政诉讼未经复议直接起诉", "行政诉讼复议后起诉"), review_numbers(whole.filled)
    ):
        rows += [[(f"{block}-{name}", 1, 1), (number, 1, 1)] for name, number in zip(OUTCOMES, numbers)]
    return bordered_docx(_replace_tables(whole, {"四": [make_grid(rows)]}))


def review_down(whole: Whole) -> bytes:
    """The third table turned as it is in the form: the blocks beside their five outcomes, suits in two levels."""
    (own,) = _own(whole, "四")
    cells = (GridCell(c.text, c.column, c.row, c.column_span, c.row_span) for c in own.cells)
    grid = Grid(tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))), exact=True)
    return _page(_replace_tables(whole, {"四": [grid]}))


def review_down_text(whole: Whole) -> bytes:
    """Blocks in rows of their own over their outcomes, in two columns of text."""
    rows: list[Cells] = []
    for block, numbers in zip(BLOCKS, review_numbers(whole.filled)):
        rows.append([(block, 1, 1), ("", 1, 1)])
        rows += [[(name, 1, 1), (number, 1, 1)] for name, number in zip(OUTCOMES, numbers)]
    return write_text(_replace_tables(whole, {"四": [make_grid(rows, exact=False)]}))


# ---- cut and dressed --------------------------------------------------------------------------------------


def column_blocks(whole: Whole) -> bytes:
    """The second table as three, each with the labels of all rows and some of the columns."""
    grids: list[Grid | str] = []
    for name, first, end in (("表2-1", 0, 3), ("表2-2", 3, 6), ("表2-3", 6, 7)):
        rows: list[Cells] = [[("项目", 1, 1), *((head, 1, 1) for head in HEADS[first:end])]]
        rows += [
            [(label, 1, 1), *((one, 1, 1) for one in numbers[first:end])]
            for _, _, label, numbers in request_rows(whole.filled)
        ]
        grids += [name, make_grid(rows)]
    return _page(_replace_tables(whole, {"三": grids}))


def units_in_all_heads(whole: Whole) -> bytes:
    """Every head with its unit on a line of its own, in Word."""

    def change(cell: GridCell) -> str:
        heads = {*HEADS, *OUTCOMES}
        return f"{cell.text}\n（单位：件）" if cell.text in heads or cell.text.endswith("件数") else cell.text

    tables = {part: [_change(grid, change) for grid in _own(whole, part)] for part in "二三四"}
    return bordered_docx(_replace_tables(whole, dict(tables)))


def total_first(whole: Whole) -> bytes:
    """总计 before the other columns, over three rows of heads."""
    rows: list[Cells] = [
        [("办理情况", 1, 3), ("总计", 1, 3), ("申请人情况", 6, 1)],
        [("自然人", 1, 2), ("法人或其他组织", 5, 1)],
        [(name, 1, 1) for name in HEADS[1:-1]],
    ]
    rows += [
        [(label, 1, 1), *((one, 1, 1) for one in (numbers[-1], *numbers[:-1]))]
        for _, _, label, numbers in request_rows(whole.filled)
    ]
    return _page(_replace_tables(whole, {"三": [make_grid(rows)]}))


def blanks_in_numbers(whole: Whole) -> bytes:
    """Digits in full width, set apart by blanks of several kinds, in Word."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    blanks = ("", " ", "\u2002", "\u3000", "\xa0")

    def change(cell: GridCell) -> str:
        if not cell.text.isdecimal():
            return cell.text
        return blanks[cell.row % 5].join(cell.text.translate(wide) if cell.column % 2 else cell.text)

    tables = {part: [_change(grid, change) for grid in _own(whole, part)] for part in "二三四"}
    return bordered_docx(_replace_tables(whole, dict(tables)))


def heads_repeated(whole: Whole) -> bytes:
    """The heads of the columns again over each group of rows, the group's name before them."""
    rows: list[Cells] = [[("情况", 1, 1), *((name, 1, 1) for name in HEADS)]]
    for span, group, label, numbers in request_rows(whole.filled):
        if span or group or label.startswith(("（七", "四")):
            rows.append([(group or span or "合计与结转", 1, 1), *((name, 1, 1) for name in HEADS)])
        rows.append([(label, 1, 1), *((one, 1, 1) for one in numbers)])
    return _page(_replace_tables(whole, {"三": [make_grid(rows)]}))


def rows_with_notes(whole: Whole) -> bytes:
    """Rows counted in a column and again in their labels, marks of notes behind labels and numbers' heads."""
    rows: list[Cells] = [[("行次", 1, 1), ("指标", 1, 1), *((name, 1, 1) for name in HEADS)]]
    rows.append([("", 1, 1), ("甲", 1, 1), *((str(one), 1, 1) for one in range(1, 8))])
    for number, (_, _, label, numbers) in enumerate(request_rows(whole.filled), 1):
        mark = "①" if number == 1 else "*" if number == 4 else "[2]" if number == 9 else ""
        rows.append([(str(number), 1, 1), (label + mark, 1, 1), *((one, 1, 1) for one in numbers)])
    notes = ["①含2022年12月收到的3件。", "*区分处理的只计这一情形。"]
    return bordered_docx(_replace_tables(whole, {"三": [make_grid(rows), *notes]}))


def broken_numbers(whole: Whole) -> bytes:
    """A page that breaks numbers of more than two digits and labels with <br>."""

    def change(cell: GridCell) -> str:
        if cell.text.isdecimal() and len(cell.text) > 2:
            return f"{cell.text[:-2]}\n{cell.text[-2:]}"
        return (
            cell.text
            if cell.text.replace(".", "").isdecimal()
            else re.sub(r"(.{6})", r"\1\n", cell.text, count=1)
        )

    tables = {part: [_change(grid, change) for grid in _own(whole, part)] for part in "二三四"}
    return _page(_replace_tables(whole, dict(tables))).replace(b"\n", b"<br>")


def collapsed_tabs(whole: Whole) -> bytes:
    """Text whose tabs have become single blanks, those of merged cells too."""
    lines: list[str] = []
    for block in whole.document.blocks:
        if isinstance(block, Grid):
            lines += [re.sub(" +", " ", " ".join(row)) for row in _rows(block)]
        else:
            lines.append(block.text)
    return "\n".join(lines).encode("gb18030")


def cut_by_pages(whole: Whole) -> bytes:
    """A page-maker's PDF with large letters: tables over page ends, group labels and numbers cut in two."""
    return lay_out(
        whole.document, Layout(size=11, head="政府信息公开年度报告", numbers="第{}页", padding=2.4)
    )


def bands_side_by_side(whole: Whole) -> bytes:
    """The bands of the first table two and two beside one another, a narrow empty column between."""
    drawn = []
    for caption, names, lines in bands(whole.filled):
        wide = 1 + len(names)
        drawn.append(
            [
                [(caption, wide, 1)],
                [("信息内容", 1, 1), *((name, 1, 1) for name in names)],
                *([(label, 1, 1), *((one, 1, 1) for one in numbers)] for label, numbers in lines),
            ]
        )
    grids = []
    for first in range(0, len(drawn), 2):
        left, right = drawn[first], drawn[first + 1] if first + 1 < len(drawn) else []
        high = max(len(left), len(right))
        blank = lambda part: [("", sum(cell[1] for cell in part[1]), 1)]  # noqa: E731
        rows: list[Cells] = []
        for row in range(high):
            cells = list(left[row] if row < len(left) else blank(left))
            if right:
                cells += [("", 1, 1), *(right[row] if row < len(right) else blank(right))]
            rows.append(cells)
        grids.append(make_grid(rows))
    return _page(_replace_tables(whole, {"二": grids}))


def sheet_with_units(whole: Whole) -> bytes:
    """A workbook whose numbers are text in full width or with 件, with a row of column numbers."""
    rows: list[Cells] = [
        [("栏次", 1, 1), *((name, 1, 1) for name in HEADS)],
        [("", 1, 1), *((f"（{one}）", 1, 1) for one in range(1, 8))],
    ]
    rows += [
        [(label, 1, 1), *((f"{one} 件", 1, 1) for one in numbers)]
        for _, _, label, numbers in request_rows(whole.filled)
    ]
    return xlsx(_replace_tables(whole, {"三": [make_grid(rows)]}))


ODD_THIRD: dict[str, tuple[str, Callable[[Whole], bytes]]] = {
    "turned_page": ("city_review3", turned_page),
    "turned_word": ("dept_ragged", turned_word),
    "turned_text": ("district_pdf", turned_text),
    "turned_in_parts": ("bureau_pipe_lines", turned_in_parts),
    "review_lines": ("city_pipe_rows", review_lines),
    "review_lines_by_block": ("county_paragraphs", review_lines_by_block),
    "review_two_columns": ("district_subtotals", review_two_columns),
    "review_down": ("office_blanks", review_down),
    "review_down_text": ("town_slash", review_down_text),
    "column_blocks": ("blind/br_multi", column_blocks),
    "units_in_all_heads": ("ministry_markdown", units_in_all_heads),
    "total_first": ("street_tabcells", total_first),
    "blanks_in_numbers": ("blind/cut_labels", blanks_in_numbers),
    "heads_repeated": ("bureau_pipe_lines", heads_repeated),
    "rows_with_notes": ("city_review3", rows_with_notes),
    "broken_numbers": ("district_subtotals", broken_numbers),
    "collapsed_tabs": ("dept_ragged", collapsed_tabs),
    "cut_by_pages": ("city_pipe_rows", cut_by_pages),
    "bands_side_by_side": ("county_paragraphs", bands_side_by_side),
    "sheet_with_units": ("blind/word_auto", sheet_with_units),
}
