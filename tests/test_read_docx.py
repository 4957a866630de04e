"""Word files: what Word shows and the XML hides, merged cells, tracked changes, hostile containers."""

from __future__ import annotations

import io
import time
import zipfile
from contextlib import suppress

import layouts
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layouts import fill_form
from renderings import W, docx_body, docx_paragraph, docx_table, pack_docx
from test_read_html import EDITIONS, FORMS, grids, lines
from test_tables import check_offsets, lost_cells, read, wrong_cells

from extract.errors import UnreadableFile
from extract.read.docx import read_docx
from extract.read.numbering import format_number
from extract.report import Document, Grid, GridCell, Paragraph


def word(body: str, **parts: object) -> Document:
    return read_docx(pack_docx(body, **parts), "report.docx")


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_cells_and_lines_come_back(edition, form):
    filled = fill_form(edition, 6)
    source = FORMS[form](filled)
    document = word(docx_body(source))
    assert lines(document) == lines(source)
    text, tables = read(document)
    assert not wrong_cells(filled, tables)
    assert not lost_cells(filled, tables)
    check_offsets(text, tables)


def test_python_docx_files_read_alike():
    """A file made by python-docx, with cells that it merged, holds the same grid."""
    docx = pytest.importorskip("docx")
    made = docx.Document()
    made.core_properties.title = "柳泉镇年报"
    made.add_heading("一、总体情况", 1)
    made.add_paragraph("本年度共收到申请2件。")
    table = made.add_table(3, 3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 0).merge(table.cell(1, 0)).text = "并"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "行"
    packed = io.BytesIO()
    made.save(packed)
    document = read_docx(packed.getvalue(), "x.docx")
    assert document.title == "柳泉镇年报"
    assert document.blocks[0] == Paragraph("一、总体情况", heading=True)
    places = {
        cell.text: (cell.row, cell.column, cell.row_span, cell.column_span)
        for cell in grids(document)[0].cells
    }
    assert places["并"] == (0, 0, 2, 1)
    assert places["行"] == (0, 1, 1, 2)
    assert places["22"] == (2, 2, 1, 1)


# ---- numbers that Word draws ------------------------------------------------------------------------------

LEVELS = (
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>'
    '<w:lvl w:ilvl="3"><w:start w:val="0"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%4"/></w:lvl>'
)
NUMBERING = (
    f'<w:abstractNum w:abstractNumId="0">{LEVELS}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)


def item(text: str, level: int, list_id: int = 1) -> str:
    return docx_paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def test_lists_count_by_level_and_restart():
    listed = [
        ("总体情况", 0),
        ("主动公开", 1),
        ("甲", 2),
        ("2024年", 2),
        ("依申请", 1),
        ("乙", 2),
        ("主动公开情况", 0),
    ]
    body = "".join(item(*one) for one in (*listed, ("平台", 1), ("丙", 3), ("问题", 0, 2), ("其他", 0)))
    assert lines(word(body, numbering=NUMBERING)) == [
        "一、总体情况",
        "（一）主动公开",
        "1. 甲",
        "2. 2024年",
        "（二）依申请",
        "1. 乙",
        "二、主动公开情况",
        "（一）平台",
        "2.0 丙",
        "五、问题",
        "六、其他",
    ]


def test_numbers_come_from_styles_and_what_they_are_based_on():
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="章"/><w:basedOn w:val="A"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="无号"/><w:basedOn w:val="A"/><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
    )
    styled = lambda text, style: docx_paragraph(text, f'<w:pStyle w:val="{style}"/>')  # noqa: E731
    document = word(
        styled("总体情况", "A") + styled("主动公开", "B") + styled("附注", "C") + docx_paragraph("正文。"),
        styles=styles,
        numbering=NUMBERING,
    )
    assert lines(document) == ["一、总体情况", "二、主动公开", "附注", "正文。"]
    assert [block.heading for block in document.blocks] == [True, True, True, False]


def test_a_level_is_found_by_the_style_that_it_names():
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:pStyle w:val="S"/><w:start w:val="1"/><w:numFmt w:val="decimalEnclosedCircle"/><w:lvlText w:val="%2"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    styles = '<w:style w:type="paragraph" w:styleId="S"><w:name w:val="项"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    body = docx_paragraph("甲", '<w:pStyle w:val="S"/>') + docx_paragraph("乙", '<w:pStyle w:val="S"/>')
    assert lines(word(body, styles=styles, numbering=numbering)) == ["①甲", "②乙"]


@pytest.mark.parametrize(
    ("number", "style", "drawn"),
    [
        (10, "chineseCounting", "十"),
        (12, "chineseCountingThousand", "十二"),
        (20, "japaneseCounting", "二十"),
        (105, "chineseCountingThousand", "一百零五"),
        (1010, "chineseCountingThousand", "一千零一十"),
        (21, "ideographDigital", "二一"),
        (3, "chineseLegalSimplified", "叁"),
        (11, "chineseLegalSimplified", "壹拾壹"),
        (2, "ideographTraditional", "乙"),
        (1, "ideographZodiac", "子"),
        (20, "decimalEnclosedCircle", "⑳"),
        (21, "decimalEnclosedCircle", "21"),
        (3, "decimalEnclosedParen", "⑶"),
        (7, "decimalZero", "07"),
        (7, "decimalFullWidth", "７"),
        (28, "lowerLetter", "bb"),
        (14, "upperRoman", "XIV"),
        (4, "none", ""),
        (4, "thaiCounting", "4"),
    ],
)
def test_number_formats(number, style, drawn):
    assert format_number(number, style) == drawn


# ---- what Word shows --------------------------------------------------------------------------------------


def test_tracked_changes_are_taken_as_accepted():
    body = (
        f"<w:p>{run('收到')}<w:del><w:r><w:delText>12</w:delText></w:r></w:del><w:ins>{run('13')}</w:ins>{run('件。')}</w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('上半')}</w:p><w:p>{run('段。')}</w:p>"
        f"<w:p><w:moveFrom>{run('移走。')}</w:moveFrom></w:p><w:p><w:moveTo>{run('移来。')}</w:moveTo></w:p>"
        "<w:p><w:pPr><w:pPrChange><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:pPrChange></w:pPr>"
        f"{run('原有编号。')}</w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>规章</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>删</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    )
    document = word(body, numbering=NUMBERING)
    assert lines(document) == ["收到13件。", "上半段。", "移来。", "原有编号。"]
    assert [cell.text for cell in grids(document)[0].cells] == ["规章", "1"]


def test_text_boxes_come_once_and_hidden_text_never():
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    box = f"<w:txbxContent><w:p>{run('框内文字')}</w:p></w:txbxContent>"
    body = (
        f"<w:p>{run('前')}<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        f"<w:p>{run('看得见')}{run('看不见', '<w:vanish/>')}{run('也看得见', '<w:vanish w:val=' + chr(34) + '0' + chr(34) + '/>')}</w:p>"
    )
    assert lines(word(body, namespaces=mc)) == ["前", "框内文字", "看得见也看得见"]


def test_breaks_tabs_symbols_and_fields():
    body = (
        f"<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='10'/></w:tabs></w:pPr>{run('第一行')}<w:r><w:br/></w:r>{run('第二行')}</w:p>"
        f"<w:p><w:r><w:sym w:font='Wingdings' w:char='F081'/></w:r>{run('项')}<w:r><w:noBreakHyphen/></w:r>{run('目')}</w:p>"
        f"<w:p><w:fldSimple w:instr=' PAGE '>{run('7')}</w:fldSimple></w:p>"
        f"<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGEREF _Toc1</w:instrText></w:r>{run('一、总体情况 1')}</w:p>"
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
        f"<w:sdtContent><w:p>{run('目录')}</w:p></w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtContent><w:p><w:hyperlink>{run('链接文字')}</w:hyperlink></w:p></w:sdtContent></w:sdt>"
    )
    assert lines(word(body)) == ["第一行", "第二行", "①项-目", "链接文字"]


def test_cells_shifted_by_the_grid_and_nested_tables():
    cell = lambda text, props="": f"<w:tc><w:tcPr>{props}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"  # noqa: E731
    body = (
        f"<w:tbl><w:tr>{cell('信息内容')}{cell('本年制发件数')}{cell('现行有效件数')}</w:tr>"
        f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{cell('3')}{cell('4')}</w:tr></w:tbl>"
        "<w:p/><w:tbl><w:tr><w:tc>"
        + docx_paragraph("一、总体情况")
        + docx_table(
            Grid((GridCell("规章", 0, 0), GridCell("5", 0, 1), GridCell("许可", 1, 0), GridCell("6", 1, 1)))
        )
        + "<w:p/></w:tc></w:tr></w:tbl>"
    )
    document = word(body)
    assert [(cell.text, cell.row, cell.column) for cell in grids(document)[0].cells][3:] == [
        ("3", 1, 1),
        ("4", 1, 2),
    ]
    assert lines(document) == ["一、总体情况"]
    assert [cell.text for cell in grids(document)[1].cells] == ["规章", "5", "许可", "6"]


def test_rows_typed_with_tabs_are_a_table():
    body = "".join(
        "<w:p>" + "<w:r><w:tab/></w:r>".join(run(text) for text in row) + "</w:p>"
        for row in (("信息内容", "制发", "废止"), ("规章", "1", "2"), ("规范性文件", "3", "4"))
    )
    assert [cell.text for cell in grids(word(body))[0].cells][-3:] == ["规范性文件", "3", "4"]


def test_large_pictures_are_counted():
    drawing = (
        '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<wp:extent cx="{}" cy="{}"/><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/></wp:inline></w:drawing>'
    )
    body = (
        docx_paragraph("一、总体情况")
        + f"<w:p><w:r>{drawing.format(5000000, 3000000)}{drawing.format(90000, 90000)}</w:r></w:p>"
    )
    assert word(body).pictures == 1


def test_strict_files_read_as_transitional_ones():
    strict = pack_docx(docx_paragraph("一、总体情况"))
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(strict)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            content = old.read(name).replace(W.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
            new.writestr(
                name,
                content.replace(
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            )
    assert lines(read_docx(packed.getvalue(), "x")) == ["一、总体情况"]


def test_a_page_set_in_whole_is_read():
    page = "<p>一、总体情况</p><p>本年度未收到政府信息公开申请。</p>".encode()
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="c1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk" Target="/word/a.html"/></Relationships>'
    )
    document = word(
        '<w:altChunk r:id="c1"/>',
        namespaces='xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
        extra={"word/a.html": page, "word/_rels/document.xml.rels": relations.encode()},
    )
    assert lines(document)[0] == "一、总体情况"


# ---- hostile and broken -----------------------------------------------------------------------------------


def bomb(size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * size)
    return packed.getvalue()


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "'
    + "b" * 1000
    + '">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "&a;" * 10}">' for n in range(9))
    + "]>"
)
GOOD = pack_docx(docx_paragraph("一、总体情况"))
HOSTILE = {
    "zip_bomb": lambda: bomb(400_000_000),
    "cut_off": lambda: GOOD[:300],
    "no_directory": lambda: GOOD[: len(GOOD) // 2],
    "encrypted": lambda: (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    ),
    "old_office": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "not_zip": lambda: b"<html>",
    "empty_zip": lambda: b"PK\x05\x06" + b"\0" * 18,
    "entities": lambda: _with_document(
        f"{ENTITIES}<w:document xmlns:w='{W}'><w:body><w:p><w:r><w:t>&a8;</w:t></w:r></w:p></w:body></w:document>"
    ),
    "external": lambda: _with_document(
        f"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><w:document xmlns:w='{W}'><w:body><w:p><w:r><w:t>一&e;二</w:t></w:r></w:p></w:body></w:document>"
    ),
    "deep": lambda: pack_docx("<w:sdt>" * 3000 + "<w:p/>" + "</w:sdt>" * 3000),
    "deep_tables": lambda: pack_docx("<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80),
    "many_cells": lambda: pack_docx(
        "<w:tbl>" + ("<w:tr>" + "<w:tc><w:p/></w:tc>" * 100 + "</w:tr>") * 10_000 + "</w:tbl>"
    ),
    "wide": lambda: pack_docx(
        "<w:tbl><w:tr>"
        + "<w:tc><w:tcPr><w:gridSpan w:val='999999'/></w:tcPr><w:p/></w:tc>" * 9
        + "</w:tr></w:tbl>"
    ),
    "circular_styles": lambda: pack_docx(
        docx_paragraph("一、总体情况", '<w:pStyle w:val="A"/>'),
        styles='<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="A"/></w:style>',
    ),
    "one_line": lambda: pack_docx(docx_paragraph("政府信息" * 500_000)),
    "bad_numbers": lambda: pack_docx(
        item("x", 0),
        numbering='<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="x"><w:start w:val="99999999999"/><w:lvlText w:val="%9%1"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    ),
}


def _with_document(xml: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
    return packed.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_soon(name):
    data = HOSTILE[name]()
    began = time.process_time()
    with suppress(UnreadableFile):
        assert isinstance(read_docx(data, "x.docx"), Document)
    assert time.process_time() - began < 10


def test_external_entities_are_never_fetched(tmp_path):
    (tmp_path / "secret").write_text("机密内容")
    document = read_docx(
        _with_document(
            f"<!DOCTYPE x [<!ENTITY e SYSTEM 'file://{tmp_path}/secret'>]><w:document xmlns:w='{W}'><w:body>"
            "<w:p><w:r><w:t>一、总体情况</w:t></w:r></w:p><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"
        ),
        "x.docx",
    )
    assert "机密" not in "".join(lines(document))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_files_give_a_document_or_an_error(data):
    """Bytes of a good file changed, cut or put in at random places."""
    damaged = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    with suppress(UnreadableFile):
        assert isinstance(read_docx(bytes(damaged), "x"), Document)


_FRAGMENTS = st.sampled_from(
    [
        "<w:p>",
        "</w:p>",
        "<w:r>",
        "</w:r>",
        "<w:t>12</w:t>",
        "<w:tbl>",
        "</w:tbl>",
        "<w:tr>",
        "</w:tr>",
        "<w:tc>",
        "</w:tc>",
        "<w:br/>",
        "<w:tab/>",
        "<w:del>",
        "</w:del>",
        "<w:vanish/>",
        "<w:tcPr><w:vMerge/></w:tcPr>",
        "<w:sdt>",
        "</w:sdt>",
        "<w:trPr><w:gridBefore w:val='-1'/></w:trPr>",
        "<w:txbxContent>",
        "</w:txbxContent>",
        "<w:sym w:char='ZZ'/>",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_FRAGMENTS, max_size=30))
def test_any_markup_gives_a_document_or_an_error(parts):
    from lxml import etree

    soup = etree.fromstring(f"<x xmlns:w='{W}'>{''.join(parts)}</x>", etree.XMLParser(recover=True))
    body = "" if soup is None else "".join(etree.tostring(child, encoding="unicode") for child in soup)
    with suppress(UnreadableFile):
        assert isinstance(word(body), Document)


def test_layouts_with_blanks_keep_their_places():
    filled = layouts.some_noughts(fill_form("2019", 2), "")
    _, tables = read(word(docx_body(layouts.exact_grids(filled))))
    assert not wrong_cells(filled, tables)
    assert not lost_cells(filled, tables)
