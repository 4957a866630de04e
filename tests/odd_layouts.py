"""Whole reports as publishers' systems make files of them, in ways that no reader was written for.

Each writer takes a report of whole_reports and gives the bytes of one file; `ODD` lists them. First-run scores
stand beside the test.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Sequence

from layouts import HEADS, OUTCOMES, bands, request_rows, review_numbers
from renderings import (
    body,
    docx_body,
    docx_paragraph,
    docx_table,
    grid_rows,
    pack_docx,
    plain_cell,
    site,
    word_cell,
    word_page,
    word_paragraph,
)
from whole_reports import Whole, write_text

from extract.report import Document, Grid, GridCell, Paragraph

Rows = list[list[str]]


def _lines(whole: Whole) -> list[str]:
    return [block.text for block in whole.document.blocks if isinstance(block, Paragraph)]


def _with_tables(whole: Whole, tables: Sequence[str], line: Callable[[str], str]) -> str:
    """The lines of a report, each `tables` put where its first table of a section stands."""
    parts, left, inside = [], list(tables), False
    for block in whole.document.blocks:
        if isinstance(block, Grid):
            if not inside and left:
                parts.append(left.pop(0))
            inside = True
        else:
            inside = False
            parts.append(line(block.text))
    return "\n".join([*parts, *left])


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _table(rows: Rows, cell: str = "<td>{}</td>") -> str:
    drawn = ("".join(cell.format(html.escape(one) or "&nbsp;") for one in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in drawn) + "</table>"


# ---- HTML -------------------------------------------------------------------------------------------------


def word_filtered(whole: Whole) -> bytes:
    """Word's filtered page: source lines broken inside the text, letters of a narrow cell one under another."""

    def cell(one: GridCell) -> str:
        narrow = one.row_span > 4 and len(one.text) < 12
        text = "\n<br>".join(one.text) if narrow else html.escape(one.text)
        return word_cell(GridCell("", *(one.row, one.column, one.row_span, one.column_span))).replace(
            "<o:p>&nbsp;</o:p>", f"<span style='font-family:宋体'>{text}</span>"
        )

    parts = []
    for block in whole.document.blocks:
        if isinstance(block, Grid):
            parts.append(f"<table class=MsoTableGrid border=1>{grid_rows(block, cell)}</table>")
        else:
            words = html.escape(block.text)
            broken = "\n".join(words[at : at + 38] for at in range(0, len(words), 38))
            parts.append(
                f"<p class=MsoNormal style='text-indent:24.0pt'><span\nlang=EN-US>{broken}</span></p>"
            )
    head = "<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'></head><body>"
    return (head + "<div class=Section1>" + "\n\n".join(parts) + "</div></body></html>").encode("gb18030")


def word_lists(whole: Whole) -> bytes:
    """A page of Word with numbers of headings as list marks between conditional comments."""
    page = word_page(whole.document)
    mark = (
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span\nlang=EN-US>"
        "<span style='mso-list:Ignore'>{}<span style='font:7.0pt'>&nbsp;&nbsp;</span></span></span><![endif]>"
    )
    for line in _lines(whole):
        if found := re.fullmatch(r"([一二三四五六]、|（[一二三四五六]）)([^。]{3,40})", line):
            page = page.replace(word_paragraph(line), mark.format(found[1]) + f"<span>{found[2]}</span></p>")
    return page.encode("gb18030")


def city_platform(whole: Whole) -> bytes:
    """A page of a city's platform: its own elements, the text once more for telephones, links below."""
    title, *rest = whole.document.blocks
    assert isinstance(title, Paragraph)
    inner = (
        body(Document(tuple(rest)))
        .replace("<table", "<div class='table-wrapper'><table")
        .replace("</table>", "</table></div>")
    )
    info = (
        "<ul class='xxgk-head'><li><b>索引号：</b>0001/2024-00012</li><li><b>发布机构：</b>市政府办公室</li>"
    )
    info += "<li><b>公开日期：</b>2024-01-31</li><li><b>有效性：</b>有效</li></ul>"
    text = f"<ucapcontent><zoom id='zoom'>{inner}</zoom></ucapcontent>"
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府信息公开年报-{title.text}</title></head><body>
<header><nav><a href=/>首页</a><a href=/zwgk>政务公开</a></nav></header>{info}
<article class="pc"><h1>{title.text}</h1>{text}</article>
<article class="wap m-only"><h1>{title.text}</h1>{text}</article>
<div class="fj"><p>相关附件：<a href="/a.pdf">{title.text}.pdf</a></p></div>
<footer>版权所有：某市人民政府办公室 政府网站标识码：1234567890</footer></body></html>""".encode()


def wrong_charset(whole: Whole) -> bytes:
    """A GBK page that says it is UTF-8."""
    return site(whole.document).encode("gb18030")


def all_in_one_table(whole: Whole) -> bytes:
    """The three forms as one table of fifteen columns, a caption row before each."""
    rows = []
    for block in whole.document.blocks:
        if isinstance(block, Grid):
            wide = max(cell.column + cell.column_span for cell in block.cells)
            last = 15 - wide + 1
            fitted = [
                cell if cell.column + cell.column_span < wide else _widened(cell, last)
                for cell in block.cells
            ]
            rows.append(grid_rows(Grid(tuple(fitted), exact=True)))
    lines = "".join(map(_paragraph, _lines(whole)))
    return f"<html><body><div>{lines}</div><table border=1>{''.join(rows)}</table></body></html>".encode()


def _widened(cell: GridCell, by: int) -> GridCell:
    return GridCell(cell.text, cell.row, cell.column, cell.row_span, cell.column_span + by - 1)


def table_a_group(whole: Whole) -> bytes:
    """A table for each group of rows, each with the column heads again."""
    filled = whole.filled
    first = [
        _table([["信息内容", *names], *([label, *numbers] for label, numbers in rows)])
        for _, names, rows in bands(filled)
    ]
    second, current = [], []
    for _, group, label, numbers in request_rows(filled):
        if group or not label[:1].isdigit():
            current = [[group or "", "", *HEADS]]
            second.append(current)
        current.append(["", label, *numbers])
    third = [
        _table([[name, *OUTCOMES], ["数量", *numbers]])
        for name, numbers in zip(("行政复议", "未经复议直接起诉", "复议后起诉"), review_numbers(filled))
    ]
    tables = ["".join(first), "".join(map(_table, second)), "".join(third)]
    return _with_tables(whole, tables, _paragraph).encode()


def joined_labels(whole: Whole) -> bytes:
    """Every label whole in its row's first cell: group and row with a dash between."""
    filled, rows, group = whole.filled, [["项目", *HEADS]], ""
    for _, own, label, numbers in request_rows(filled):
        group = own or group
        inside = label[:1].isdigit()
        rows.append([f"{group}—{label}" if inside else label, *numbers])
    first = [[caption, *names] for caption, names, _ in bands(filled)]
    tables = []
    for head, (_, _, lines) in zip(first, bands(filled)):
        tables.append(_table([head, *([label, *numbers] for label, numbers in lines)]))
    names = ["行政复议", "行政诉讼—未经复议直接起诉", "行政诉讼—复议后起诉"]
    third = [["类别", *OUTCOMES], *([name, *numbers] for name, numbers in zip(names, review_numbers(filled)))]
    return _with_tables(whole, ["".join(tables), _table(rows), _table(third)], _paragraph).encode()


def filled_inputs(whole: Whole) -> bytes:
    """Numbers in the fields of a form, as a reporting system shows them."""

    def cell(one: GridCell) -> str:
        if not re.fullmatch(r"[\d.]+", one.text):
            return plain_cell(one)
        spans = f" rowspan={one.row_span} colspan={one.column_span}"
        return f"<td{spans}><input type=text readonly value='{one.text}'></td>"

    return f"<html><body><form>{body(whole.document, cell)}</form></body></html>".encode()


def markdown_with_tables(whole: Whole) -> bytes:
    """Markdown whose tables are HTML, as converters write merged cells."""
    parts = []
    for block in whole.document.blocks:
        if isinstance(block, Grid):
            parts.append(f"<table>\n{grid_rows(block).replace('<tr>', chr(10) + '<tr>')}\n</table>")
        else:
            parts.append(("## " if re.match("[一二三四五六]、", block.text) else "") + block.text)
    return "\n\n".join(parts).encode()


# ---- Word -------------------------------------------------------------------------------------------------

_NUMBERING = """<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>"""
_BOX = (
    '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>{}'
    "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)


def drawn_numbers(whole: Whole) -> bytes:
    """Numbers of headings drawn by Word, the title in a text box, a head and a page number."""
    parts = []
    for place, block in enumerate(whole.document.blocks):
        if isinstance(block, Grid):
            parts.append(docx_table(block) + "<w:p/>")
        elif place == 0:
            parts.append(_BOX.format(docx_paragraph(block.text)))
        elif found := re.fullmatch(r"(?:([一二三四五六]、)|（[一二三四五六]）)([^。]{3,40})", block.text):
            level = 0 if found[1] else 1
            number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
            parts.append(docx_paragraph(found[2], number))
        else:
            parts.append(docx_paragraph(block.text))
    return pack_docx("".join(parts), numbering=_NUMBERING)


def table_in_table(whole: Whole) -> bytes:
    """All in the one cell of a frame that is itself a table, a run for each letter or number."""
    inside = docx_body(whole.document)
    inside = re.sub(
        r'<w:t xml:space="preserve">([^<]{2,30})</w:t>',
        lambda found: "</w:r><w:r>".join(
            f'<w:t xml:space="preserve">{part}</w:t>' for part in re.findall(r"\d+|[^\d]{1,3}", found[1])
        ),
        inside,
    )
    frame = f'<w:tbl><w:tblPr/><w:tr><w:tc><w:tcPr><w:tcW w:w="9000" w:type="dxa"/></w:tcPr>{inside}</w:tc></w:tr></w:tbl>'
    return pack_docx(frame + "<w:p/>")


def columns_between(whole: Whole) -> bytes:
    """A Word file with a narrow empty column after each column, and empty paragraphs in every cell."""
    blocks: list[Paragraph | Grid] = []
    for block in whole.document.blocks:
        if isinstance(block, Grid):
            cells = [
                GridCell(one.text, one.row, 2 * one.column, one.row_span, 2 * one.column_span - 1)
                for one in block.cells
            ]
            cells += [
                GridCell("", one.row, 2 * (one.column + one.column_span) - 1, one.row_span)
                for one in block.cells
            ]
            block = Grid(tuple(sorted(cells, key=lambda one: (one.row, one.column))), exact=True)
        blocks.append(block)
    return pack_docx(docx_body(Document(tuple(blocks))).replace("</w:p></w:tc>", "</w:p><w:p/></w:tc>"))


# ---- others -----------------------------------------------------------------------------------------------


def sheet_a_table(whole: Whole) -> bytes:
    """A workbook: the text in the first sheet, each table in one of its own, last year's hidden."""
    import openpyxl
    from renderings import add_sheet, xlsx

    book = openpyxl.load_workbook(io.BytesIO(xlsx(Document(tuple(map(Paragraph, _lines(whole)))))))
    for number, block in enumerate(one for one in whole.document.blocks if isinstance(one, Grid)):
        add_sheet(book, f"表{number + 1}", block)
    old = book.create_sheet("上年")
    old.append(["规章", 999, 999, 999])
    old.sheet_state = "hidden"
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def utf16_text(whole: Whole) -> bytes:
    """Text as Windows' editor saves Unicode without its mark, carriage returns, tabs after each cell."""
    text = write_text(whole.document).decode()
    text = "\r\n".join(line + "\t" if "\t" in line else "　　" + line for line in text.split("\n"))
    return text.encode("utf-16-le")


def values_with_units(whole: Whole) -> bytes:
    """The table of 2014 as a list of two columns: label, and number with its unit."""
    rows = [["统计指标", "统计数"]]
    for table in whole.filled.form.tables:
        for band in table.bands:
            for row in band.rows:
                number = whole.filled.printed[f"{table.id}.{row.id}.count"]
                rows.append(
                    [f"{row.label}（{row.unit}）" if row.unit else row.label, number + (row.unit or "")]
                )
    return _with_tables(whole, [_table(rows)], _paragraph).encode()


def saved_by_word(whole: Whole) -> bytes:
    """Word's single file page: quoted-printable, a frame of links beside the page."""
    import quopri

    page = quopri.encodestring(word_page(whole.document).encode("gb18030")).replace(b"\n", b"\r\n")
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_NextPart_01"\r\n\r\n'
    part = b"------=_NextPart_01\r\nContent-Location: file:///C:/a.htm\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    part += b'Content-Type: text/html; charset="gb2312"\r\n\r\n' + page
    other = b"\r\n------=_NextPart_01\r\nContent-Location: file:///C:/a.files/filelist.xml\r\n"
    other += b'Content-Type: text/xml; charset="utf-8"\r\n\r\n<xml/>\r\n------=_NextPart_01--\r\n'
    return head + part + other


ODD: dict[str, tuple[str, Callable[[Whole], bytes]]] = {
    "word_filtered": ("city_review3", word_filtered),
    "word_lists": ("blind/cut_labels", word_lists),
    "city_platform": ("city_pipe_rows", city_platform),
    "wrong_charset": ("district_subtotals", wrong_charset),
    "all_in_one_table": ("ministry_markdown", all_in_one_table),
    "table_a_group": ("dept_ragged", table_a_group),
    "joined_labels": ("blind/word_auto", joined_labels),
    "filled_inputs": ("county_paragraphs", filled_inputs),
    "markdown_with_tables": ("blind/br_multi", markdown_with_tables),
    "drawn_numbers": ("district_pdf", drawn_numbers),
    "table_in_table": ("office_blanks", table_in_table),
    "columns_between": ("bureau_pipe_lines", columns_between),
    "sheet_a_table": ("street_tabcells", sheet_a_table),
    "utf16_text": ("town_slash", utf16_text),
    "values_with_units": ("stat2014", values_with_units),
    "saved_by_word": ("blind/paren_top", saved_by_word),
}
