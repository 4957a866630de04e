"""A Document written as files of other formats, to be read back: HTML in several dresses, DOCX from raw XML,
others by LibreOffice, scans."""

from __future__ import annotations

import html
import io
import re
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from extract.report import Document, Grid, GridCell, Paragraph

if TYPE_CHECKING:
    from openpyxl import Workbook

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCX_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


# ---- HTML -------------------------------------------------------------------------------------------------


def plain_cell(cell: GridCell) -> str:
    spans = f' rowspan="{cell.row_span}"' * (cell.row_span > 1) + f' colspan="{cell.column_span}"' * (
        cell.column_span > 1
    )
    return f"<td{spans}>{html.escape(cell.text).replace(chr(10), '<br>') or '&nbsp;'}</td>"


def word_cell(cell: GridCell) -> str:
    """As Word exports it: a paragraph, a span for each run of digits, o:p, line breaks in the source."""
    text = html.escape(cell.text).replace("\n", "<br>\n")
    inner = (
        f"<span lang=EN-US style='font-size:10.5pt'>{text}<o:p></o:p></span>" if text else "<o:p>&nbsp;</o:p>"
    )
    return (
        f"<td width=63 valign=top rowspan={cell.row_span} colspan={cell.column_span} style='width:47.3pt;border:"
        f"solid windowtext 1.0pt;padding:0cm 5.4pt'>\n  <p class=MsoNormal align=center>{inner}</p>\n  </td>"
    )


def grid_rows(grid: Grid, cell: Callable[[GridCell], str] = plain_cell) -> str:
    rows: dict[int, list[str]] = {}
    for one in grid.cells:
        rows.setdefault(one.row, []).append(cell(one))
    last = max(rows, default=-1)
    return "".join(f"<tr>{''.join(rows.get(row, []))}</tr>" for row in range(last + 1))


def body(document: Document, cell: Callable[[GridCell], str] = plain_cell) -> str:
    parts = []
    for block in document.blocks:
        if isinstance(block, Grid):
            parts.append(f"<table border=1>{grid_rows(block, cell)}</table>")
        else:
            parts.append(f"<p>{html.escape(block.text)}</p>")
    return "\n".join(parts)


def bare(document: Document) -> str:
    return body(document)


def fragment_in_spans(document: Document) -> str:
    return f"<div class=content><span><font>{body(document, word_cell)}</font></span></div>"


def _take_title(document: Document) -> tuple[str, list[Paragraph | Grid]]:
    """The title, which may stand on two lines, and the blocks after it."""
    first, second, *rest = document.blocks
    assert isinstance(first, Paragraph)
    if isinstance(second, Paragraph) and "报告" not in first.text and second.text.endswith("报告"):
        return first.text + second.text, rest
    return first.text, [second, *rest]


def site(document: Document) -> str:
    """A page of a publishing system: menus, path, data of the page, buttons, related titles, foot."""
    title, rest = _take_title(document)
    inner = body(Document(tuple(rest)))
    menu = "".join(
        f"<li><a href='/c{n}.html'>{name}</a></li>"
        for n, name in enumerate(("首页", "政务公开", "政府信息公开年报"))
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_某县人民政府</title>
<meta name="PubDate" content="2023-01-28 09:00"><style>.a{{color:red}}</style><script>var a="<p>一、总体情况</p>";</script></head>
<body><div class=top><ul>{menu}</ul><form><input value=x><select><option>2021年</option></select></form></div>
<div class=path>当前位置：<a href=/>首页</a> &gt; <a href=/x>政务公开</a> &gt; 政府信息公开年报</div>
<div class=side><h3>政府信息公开年报</h3><ul><li><a href=1>云溪县2019年政府信息公开工作年度报告</a></li></ul></div>
<div class=main><table class=t><tr><td>索 引 号：</td><td>0123-4567/2023-001</td><td>信息分类：</td><td>年报</td></tr>
<tr><td>发布机构：</td><td>云溪县青石镇人民政府</td><td>发文日期：</td><td>2023年1月18日</td></tr></table>
<h1>{title}</h1><div class=info><span>发布时间：2023-01-19 16:20</span> <span>来源：青石镇</span> <span>浏览次数：<i id=n>12</i></span>
<span>字体：【<a href=#>大</a> <a href=#>中</a> <a href=#>小</a>】</span></div>
<div class=text><!--正文开始-->{inner}<p style="display:none">隐藏的政府信息公开内容。</p></div>
<div class=tools><a href=#>打印</a> <a href=#>关闭</a></div><div>扫一扫在手机打开当前页</div>
<div class=next><p>上一篇：<a href=2>青石镇2021年政府信息公开工作年度报告</a></p><p>下一篇：没有了</p></div></div>
<div class=foot><p>主办：云溪县人民政府 承办：云溪县政务服务中心</p><p>某ICP备00000000号 网站标识码：0000000000</p></div></body></html>"""


def laid_out_in_tables(document: Document) -> str:
    """As pages were made before style sheets: the report in a cell of a table in a cell of a table."""
    return (
        "<html><body><table width=1000><tr><td colspan=2>云溪县人民政府门户网站</td></tr><tr><td width=200>"
        "<table><tr><td><a href=1>政务公开</a></td></tr><tr><td><a href=2>互动交流</a></td></tr></table></td>"
        f"<td><table><tr><td>{body(document)}</td></tr></table></td></tr><tr><td colspan=2>版权所有：云溪县</td>"
        "</tr></table></body></html>"
    )


def one_table(document: Document) -> str:
    """Everything in the rows of one table, prose and headings over its whole width."""
    rows = []
    for block in document.blocks:
        if isinstance(block, Grid):
            rows.append(grid_rows(block))
        else:
            rows.append(f"<tr><td colspan=20>{html.escape(block.text)}</td></tr>")
    return f"<table>{''.join(rows)}</table>"


def spacers(document: Document) -> str:
    """An empty narrow column after each cell and an empty row after each row."""

    parts = []
    for block in document.blocks:
        if not isinstance(block, Grid):
            parts.append(f"<p>{html.escape(block.text)}</p>")
            continue
        rows: dict[int, str] = {}
        for one in block.cells:
            high, wide = one.row_span * 2 - 1, one.column_span * 2 - 1
            spacer = f"<td width=1 rowspan={high}></td>"
            rows[one.row] = rows.get(one.row, "") + plain_cell(GridCell(one.text, 0, 0, high, wide)) + spacer
        parts.append(
            "<table>"
            + "".join(f"<tr>{rows[row]}</tr><tr height=1></tr>" for row in sorted(rows))
            + "</table>"
        )
    return "".join(parts)


_WORD_HEAD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><meta name=ProgId content=Word.Document>
<!--[if gte mso 9]><xml><o:DocumentProperties><o:Author>年报</o:Author></o:DocumentProperties>
<w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->
<style><!-- @font-face {font-family:仿宋_GB2312;} p.MsoNormal {mso-style-unhide:no; margin:0cm;} --></style>
<!--[if gte mso 10]><style>table.MsoNormalTable {mso-style-name:普通表格;}</style><![endif]--></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><div class=WordSection1>"""


def word_paragraph(text: str) -> str:
    """As Word exports it: a span for each run of letters, digits in spans of another language."""
    runs = []
    for run in re.findall(r"[!-~]+|[^!-~]+", text):
        kind = (
            "lang=EN-US style='font-size:16.0pt;\nmso-fareast-font-family:仿宋_GB2312'"
            if run.isascii()
            else ""
        )
        kind = kind or "style='font-size:16.0pt;font-family:\n仿宋_GB2312;mso-hansi-font-family:宋体'"
        runs.append(f"<span\n{kind}>{html.escape(run)}</span>")
    return f"<p class=MsoNormal style='text-indent:32.0pt'>{''.join(runs)}<span lang=EN-US><o:p></o:p></span></p>"


def word_page(document: Document) -> str:
    """A page as Word saves it, with all that it needs to open the page again."""
    parts = []
    for block in document.blocks:
        if isinstance(block, Grid):
            rows = grid_rows(block, word_cell).replace("<tr>", "<tr style='mso-yfti-irow:1;height:21.25pt'>")
            parts.append(f"<table class=MsoNormalTable border=1 cellspacing=0>\n{rows}\n</table>")
        else:
            parts.append(word_paragraph(block.text))
    return _WORD_HEAD + "\n".join(parts) + "</div></body></html>"


DRESSES: dict[str, Callable[[Document], str]] = {
    "bare": bare,
    "fragment": fragment_in_spans,
    "site": site,
    "layout_tables": laid_out_in_tables,
    "one_table": one_table,
    "spacers": spacers,
    "word": word_page,
}


# ---- DOCX -------------------------------------------------------------------------------------------------


def docx_paragraph(text: str, properties: str = "") -> str:
    runs = "<w:br/>".join(
        f'<w:t xml:space="preserve">{html.escape(line, quote=False)}</w:t>' for line in text.split("\n")
    )
    inside = f'<w:r><w:rPr><w:sz w:val="32"/></w:rPr>{runs}</w:r>' if text else ""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inside}</w:p>"


def docx_table(grid: Grid) -> str:
    """With gridSpan and vMerge, as Word writes merged cells."""
    width = max(one.column + one.column_span for one in grid.cells)
    height = max(one.row + one.row_span for one in grid.cells)
    at = {(one.row, one.column): one for one in grid.cells}
    covered = {
        (row, one.column): one for one in grid.cells for row in range(one.row + 1, one.row + one.row_span)
    }
    rows = []
    for row in range(height):
        cells, column = [], 0
        while column < width:
            one = at.get((row, column)) or covered.get((row, column))
            if one is None:
                column += 1
                continue
            merge = (
                "" if one.row_span == 1 else "<w:vMerge/>" if row > one.row else '<w:vMerge w:val="restart"/>'
            )
            text = docx_paragraph(one.text) if row == one.row else "<w:p/>"
            span = f'<w:gridSpan w:val="{one.column_span}"/>'
            wide = f'<w:tcW w:w="{600 * one.column_span}" w:type="dxa"/>'
            cells.append(f"<w:tc><w:tcPr>{wide}{span}{merge}</w:tcPr>{text}</w:tc>")
            column += one.column_span
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    grid_columns = '<w:gridCol w:w="600"/>' * width
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid_columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def docx_body(document: Document) -> str:
    return "".join(
        f"{docx_table(block)}<w:p/>" if isinstance(block, Grid) else docx_paragraph(block.text)
        for block in document.blocks
    )  # Word wants a paragraph after a table, and joins tables that touch


_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)

_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="400"/>'  # of sentences, by two letters


def bordered_docx(document: Document, half_points: int = 20) -> bytes:
    """With ruled tables as wide as the page, letters of the given size."""
    properties = (
        f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>'
    )
    body_xml = docx_body(document).replace("<w:tblPr/>", properties)
    body_xml = re.sub("<w:p>(?=<w:r>(?:(?!</w:p>).)*。)", f"<w:p><w:pPr>{_INDENT}</w:pPr>", body_xml)
    return pack_docx(body_xml.replace('<w:sz w:val="32"/>', f'<w:sz w:val="{half_points}"/>'))


def xlsx(document: Document) -> bytes:
    """Everything in one sheet of a workbook, numbers as numbers, merged cells merged."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    at = 1
    for block in document.blocks:
        if isinstance(block, Paragraph):
            sheet.cell(at, 1, block.text)
            at += 1
            continue
        for one in block.cells:
            number = one.text.replace(".", "", 1).isdecimal()
            sheet.cell(at + one.row, one.column + 1, float(one.text) if number else one.text)
            if one.row_span > 1 or one.column_span > 1:
                sheet.merge_cells(
                    start_row=at + one.row,
                    start_column=one.column + 1,
                    end_row=at + one.row + one.row_span - 1,
                    end_column=one.column + one.column_span,
                )
        at += max(one.row + one.row_span for one in block.cells)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def add_sheet(book: Workbook, title: str, grid: Grid) -> None:
    """One more sheet of a workbook, with what `xlsx` makes of a table."""
    import openpyxl

    made = openpyxl.load_workbook(io.BytesIO(xlsx(Document((grid,))))).active
    sheet = book.create_sheet(title)
    for row in made.iter_rows():
        for cell in row:
            if cell.value is not None:
                sheet.cell(cell.row, cell.column, cell.value)
    for area in made.merged_cells.ranges:
        sheet.merge_cells(str(area))


def office(files: dict[str, bytes], kind: str, folder: Path) -> dict[str, bytes]:
    """The files (.docx or .xlsx by name) as LibreOffice writes them in another kind, by stem."""
    end = kind.partition(":")[0]
    source = folder / f"to_{end}"
    source.mkdir()
    for name, data in files.items():
        (source / name).write_bytes(data)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(folder / end), *(str(source / name) for name in files)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {made.stem: made.read_bytes() for made in sorted((folder / end).iterdir())}


def scanned(pdf: bytes, *, turn: float = 1.3, dpi: int = 150, stamp: bool = True) -> bytes:
    """The pages of a PDF as a scanner gives them: pictures in a PDF, askew, JPEG, a red stamp over the text."""
    import pypdfium2
    from PIL import Image, ImageChops, ImageDraw

    pages = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf)):
        picture = page.render(scale=dpi / 72).to_pil().convert("RGB")
        picture = picture.rotate(turn, fillcolor=(250, 250, 248), resample=Image.Resampling.BICUBIC)
        if stamp:
            ink = Image.new("RGB", picture.size, "white")
            x, y = 300 + 170 * number % 600, 500 + 230 * number % 700
            ImageDraw.Draw(ink).ellipse((x, y, x + 250, y + 250), outline=(220, 40, 40), width=8)
            picture = ImageChops.multiply(picture, ink)
        packed = io.BytesIO()
        picture.save(packed, "JPEG", quality=70)
        pages.append(Image.open(packed).convert("RGB"))
    made = io.BytesIO()
    pages[0].save(made, "PDF", resolution=dpi, save_all=True, append_images=pages[1:])
    return made.getvalue()


def pack_docx(
    body_xml: str,
    *,
    styles: str = "",
    numbering: str = "",
    extra: dict[str, bytes] | None = None,
    namespaces: str = "",
) -> bytes:
    """A .docx with the given content of w:body, w:styles and w:numbering, and further parts."""
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{_RELATION}/{name}" Target="{name}.xml"/>'
        for name in ("styles", "numbering")
    )
    parts = {
        "[Content_Types].xml": DOCX_TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_RELATION}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONS}">{relations}</Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{W}" {namespaces}><w:body>{body_xml}<w:sectPr/></w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{W}">{numbering}</w:numbering>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | (extra or {})).items():
            archive.writestr(name, content)
    return packed.getvalue()


_OBJECT_SPACES = (
    'xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:v="urn:schemas-microsoft-com:vml" '
    f'xmlns:r="{_RELATION}"'
)


def set_in(number: int, *, icon: bool = False, kind: str = "Embed", program: str = "Excel.Sheet.12") -> str:
    """A paragraph with the object that relation `number` leads to."""
    shape = '<v:shape id="s1" style="width:415pt;height:130pt"><v:imagedata r:id="p1"/></v:shape>'
    aspect = "Icon" if icon else "Content"
    return (
        f'<w:p><w:r><w:object>{shape}<o:OLEObject Type="{kind}" ProgID="{program}" ShapeID="s1" '
        f'DrawAspect="{aspect}" ObjectID="_1" r:id="e{number}"/></w:object></w:r></w:p>'
    )


def pack_objects(body: str, files: dict[str, bytes]) -> bytes:
    """A Word file with the files below word/embeddings, related by their order."""
    listed = "".join(
        f'<Relationship Id="e{number}" Type="{_RELATION}/package" Target="embeddings/{name}"/>'
        for number, name in enumerate(files)
    )
    relations = f'<Relationships xmlns="{_RELATIONS}">{listed}</Relationships>'
    extra = {"word/_rels/document.xml.rels": relations.encode()}
    extra |= {f"word/embeddings/{name}": data for name, data in files.items()}
    return pack_docx(body, extra=extra, namespaces=_OBJECT_SPACES)


def write_tar(files: dict[str, bytes], *, encoding: str = "utf-8", form: int = tarfile.GNU_FORMAT) -> bytes:
    """The files in a tar archive, names in `encoding`."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form, encoding=encoding) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()
