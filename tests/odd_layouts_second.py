"""A second round of odd layouts, written after the first was mended; as `odd_layouts`."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable

from layouts import HEADS, OUTCOMES, bands, request_rows, review_numbers
from odd_layouts import _lines, _paragraph, _table, _with_tables
from renderings import W, body, docx_body, docx_paragraph, docx_table, pack_docx, plain_cell, site, xlsx
from whole_reports import Whole, _rows, write_text

from extract.report import Document, Grid, GridCell


def _repeated(grid: Grid) -> list[list[str]]:
    """The rows of a grid, merged cells repeated in all that they cover."""
    wide = max(cell.column + cell.column_span for cell in grid.cells)
    high = max(cell.row + cell.row_span for cell in grid.cells)
    rows = [[""] * wide for _ in range(high)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            rows[row][cell.column : cell.column + cell.column_span] = [cell.text] * cell.column_span
    return rows


def _grids(whole: Whole) -> list[Grid]:
    return [block for block in whole.document.blocks if isinstance(block, Grid)]


def wide_blanks(whole: Whole) -> bytes:
    """Text whose columns are set under one another with blanks, every cell filled."""
    tables = []
    for grid in _grids(whole):
        lines = []
        for row in _rows(grid):
            cells = [cell for cell in row if cell]
            lines.append("　　".join(cells))
        tables.append("\n".join(lines))
    return _with_tables(whole, tables, str).encode()


def covered_cells_filled(whole: Whole) -> bytes:
    """A page without spans: the text of a merged cell in every cell that it would cover."""
    tables = [_table(_repeated(grid)) for grid in _grids(whole)]
    return _with_tables(whole, tables, _paragraph).encode()


def commas(whole: Whole) -> bytes:
    """Tables as comma-separated values in quotes, as spreadsheets write them."""
    tables = ["\n".join(",".join(f'"{one}"' for one in row) for row in _rows(grid)) for grid in _grids(whole)]
    return _with_tables(whole, tables, str).encode("gb18030")


def bold_headings(whole: Whole) -> bytes:
    """Markdown with bold lines for headings, rows of pipes with <br> in labels, an indent of entities."""
    parts = []
    for block in whole.document.blocks:
        if isinstance(block, Grid):
            rows = [
                [one.replace("本年", "本年<br>").replace("组织", "<br>组织") for one in row]
                for row in _rows(block)
            ]
            lines = [f"|{'|'.join(row)}|" for row in rows]
            parts.append("\n".join([lines[0], "|" + ":-:|" * len(rows[0]), *lines[1:]]))
        else:
            short = len(block.text) < 40 and "。" not in block.text
            parts.append(f"**{block.text}**" if short else f"&emsp;&emsp;{block.text}")
    return "\n\n".join(parts).encode()


def turned(whole: Whole) -> bytes:
    """The second table turned: a row for each kind of applicant, a column for each outcome."""
    rows = request_rows(whole.filled)
    first = [
        _table([["信息内容", *names], *([label, *numbers] for label, numbers in lines)])
        for _, names, lines in bands(whole.filled)
    ]
    groups, group = [""], ""
    for _, own, label, _ in rows:
        group = own or group if label[:1].isdigit() else ""
        groups.append(group)
    second = [groups, ["", *(label for _, _, label, _ in rows)]]
    second += [[name, *(numbers[place] for *_, numbers in rows)] for place, name in enumerate(HEADS)]
    third = [["", "行政复议", "未经复议直接起诉", "复议后起诉"]]
    third += [
        [name, *(block[place] for block in review_numbers(whole.filled))]
        for place, name in enumerate(OUTCOMES)
    ]
    return _with_tables(whole, ["".join(first), _table(second), _table(third)], _paragraph).encode()


def numeric_entities(whole: Whole) -> bytes:
    """A page all of whose Chinese is written as numeric entities."""
    return site(whole.document).encode("ascii", "xmlcharrefreplace")


def xhtml_gbk(whole: Whole) -> bytes:
    """XHTML with an XML declaration in GBK, elements with a prefix, cells as paragraphs of one letter."""
    head = '<?xml version="1.0" encoding="GBK"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "x">\n'
    head += (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:o="urn:o"><head><title>年报</title></head><body>'
    )

    def cell(one: GridCell) -> str:
        tall = one.row_span > 4
        text = (
            "".join(f"<p>{letter}</p>" for letter in one.text)
            if tall
            else f"<p>{html.escape(one.text)}<o:p/></p>"
        )
        return f'<td rowspan="{one.row_span}" colspan="{one.column_span}">{text}</td>'

    return (head + body(whole.document, cell) + "</body></html>").encode("gb18030")


def preformatted(whole: Whole) -> bytes:
    """A page whose text stands in one <pre>, tabs and all."""
    text = html.escape(write_text(whole.document).decode())
    return f"<html><body><div><pre>{text}</pre></div></body></html>".encode()


def pages_of_text(whole: Whole) -> bytes:
    """Text of a printout: form feeds, a running head and a page number at every page, CRLF, a mark in front."""
    lines = write_text(whole.document).decode().split("\n")
    title, pages = lines[0], [lines[at : at + 24] for at in range(0, len(lines), 24)]
    count = len(pages)
    made = [
        "\r\n".join(([title, ""] if number else []) + page + ["", f"第 {number + 1} 页 共 {count} 页"])
        for number, page in enumerate(pages)
    ]
    return ("\ufeff" + "\r\n\f".join(made)).encode()


def spaced_headings(whole: Whole) -> bytes:
    """Title and headings with blanks between their letters, digits in full width in the tables."""
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    parts = []
    for block in whole.document.blocks:
        if isinstance(block, Grid):
            parts += [
                "\t".join(cell.translate(wide) if re.fullmatch(r"[\d.]+", cell) else cell for cell in row)
                for row in _rows(block)
            ]
        else:
            parts.append(block.text)
    return "\n".join(parts).encode("utf-16")


def controls_in_cells(whole: Whole) -> bytes:
    """Word's cells with content controls, form fields, tracked changes and comments round the numbers."""
    text = docx_body(whole.document)
    kinds = (
        "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:ins w:id='1' w:author='x'>{}</w:ins><w:del w:id='2' w:author='x'><w:r><w:delText>77</w:delText></w:r></w:del>",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> FORMTEXT </w:instrText></w:r><w:r>'
        '<w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        "<w:commentRangeStart w:id='3'/>{}<w:commentRangeEnd w:id='3'/><w:r><w:commentReference w:id='3'/></w:r>",
        "<w:proofErr w:type='spellStart'/><w:smartTag w:element='x'>{}</w:smartTag><w:bookmarkStart w:id='4' w:name='a'/>",
    )
    count = iter(range(10**6))
    text = re.sub(
        r'<w:r><w:rPr><w:sz w:val="32"/></w:rPr><w:t xml:space="preserve">\d+</w:t></w:r>',
        lambda found: kinds[next(count) % len(kinds)].format(found[0]),
        text,
    )
    head = f'<w:hdr xmlns:w="{W}">{docx_paragraph("内部资料 第99号")}</w:hdr>'
    return pack_docx(text, extra={"word/header1.xml": head.encode()})


def standing_letters(whole: Whole) -> bytes:
    """Word's labels of tall cells a letter a paragraph, heads of columns broken, tables cut in two by pages."""
    parts = []
    for block in whole.document.blocks:
        if not isinstance(block, Grid):
            parts.append(docx_paragraph(block.text))
            continue
        tall = {one.text for one in block.cells if one.row_span > 4 and len(one.text) < 14}
        drawn = docx_table(block)
        for label in tall:
            drawn = drawn.replace(docx_paragraph(label), "".join(map(docx_paragraph, label)))
        rows = re.findall(r"<w:tr>.*?</w:tr>", drawn, re.S)
        if len(rows) > 20:
            half = drawn.replace("".join(rows[12:]), ""), "".join(rows[12:])
            drawn = f"{half[0]}<w:p><w:r><w:br w:type='page'/></w:r></w:p><w:tbl><w:tblPr/>{half[1]}</w:tbl>"
        parts.append(drawn + "<w:p/>")
    return pack_docx("".join(parts))


def units_in_heads(whole: Whole) -> bytes:
    """Heads with units, numbers with theirs, thousands parted, a note below each table."""

    def cell(one: GridCell) -> str:
        text = one.text
        if re.fullmatch(r"\d+", text):
            text = f"{int(text):,}件" if one.row % 2 else f"{int(text):,}"
        elif text.endswith("总计") or text in ("自然人", "商业企业"):
            text += "（件）"
        return plain_cell(GridCell(text, one.row, one.column, one.row_span, one.column_span))

    page = body(whole.document, cell).replace(
        "</table>", "</table><p>注：本表数据截至2023年12月31日，共3页。</p>"
    )
    return page.encode()


def text_cells_in_sheet(whole: Whole) -> bytes:
    """A workbook whose numbers are text with blanks, formulas with their last value, an empty first column."""
    import openpyxl

    source = openpyxl.load_workbook(io.BytesIO(xlsx(whole.document))).active
    book = openpyxl.Workbook()
    sheet = book.active
    for row in source.iter_rows():
        for one in row:
            if one.value is not None:
                value = f" {one.value:.12g} " if isinstance(one.value, float) else one.value
                sheet.cell(one.row + 2, one.column + 1, value)
    for area in source.merged_cells.ranges:
        area.shift(1, 2)
        sheet.merge_cells(str(area))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def title_in_table(whole: Whole) -> bytes:
    """A page whose data and title stand in a table, the report in paragraphs of spans with blanks."""
    title = _lines(whole)[0]
    head = f"<table><tr><td>索引号</td><td>0012/2024-1</td><td>发布日期</td><td>2024-01-31</td></tr><tr><td colspan=4><b>{title}</b></td></tr></table>"
    inner = body(Document(whole.document.blocks[1:]))
    inner = re.sub(r"<p>([^<]*)</p>", r"<p>　　<span>\1</span>&nbsp;</p><p><br></p>", inner)
    return f"<html><meta charset=gbk><body>{head}<div id=zoom>{inner}</div><p>【打印】【关闭】</p></body></html>".encode(
        "gb18030"
    )


ODD_SECOND: dict[str, tuple[str, Callable[[Whole], bytes]]] = {
    "wide_blanks": ("city_review3", wide_blanks),
    "covered_cells_filled": ("district_subtotals", covered_cells_filled),
    "commas": ("dept_ragged", commas),
    "bold_headings": ("blind/cut_labels", bold_headings),
    "turned": ("county_paragraphs", turned),
    "numeric_entities": ("blind/br_multi", numeric_entities),
    "xhtml_gbk": ("ministry_markdown", xhtml_gbk),
    "preformatted": ("office_blanks", preformatted),
    "pages_of_text": ("bureau_pipe_lines", pages_of_text),
    "spaced_headings": ("town_slash", spaced_headings),
    "controls_in_cells": ("blind/word_auto", controls_in_cells),
    "standing_letters": ("city_pipe_rows", standing_letters),
    "units_in_heads": ("street_tabcells", units_in_heads),
    "text_cells_in_sheet": ("district_pdf", text_cells_in_sheet),
    "title_in_table": ("stat2014", title_in_table),
}
