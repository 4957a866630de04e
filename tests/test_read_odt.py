"""OpenDocument texts: numbers of lists, what is not shown, boxes and workbooks set in; no office is asked."""

from __future__ import annotations

import pytest
from odf_writer import SPACES, cell, ods_rows, pack_odf, sheet, workbook
from whole_reports import WHOLE, essence, load_whole, read_back

from extract.errors import UnreadableFile
from extract.pipeline import describe_source, parse_document
from extract.read import read_document
from extract.report import Document, Grid, Paragraph

ODT = "application/vnd.oasis.opendocument.text"
LEVELS = (
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." '
    'style:num-suffix="、"/><text:list-level-style-number text:level="2" style:num-prefix="（" style:num-suffix="）" '
    'style:num-format="一, 二, 三, ..."/><text:list-level-style-number text:level="3" style:num-format="1" '
    'style:num-suffix="." text:display-levels="2"/></text:list-style>'
    '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>'
)


def text(body: str, styles: str = "", *, root: str = "document-content") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:{root} {SPACES} xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3" '
        f'office:mimetype="{ODT}"><office:automatic-styles>{styles}</office:automatic-styles><office:body>'
        f"<office:text>{body}</office:text></office:body></office:{root}>"
    )


def lines_of(body: str, styles: str = "", extra: dict[str, bytes] | None = None) -> list[str]:
    found = read_document(pack_odf(text(body, styles), ODT, extra), "年报.odt")
    return [
        block.text if isinstance(block, Paragraph) else "|".join(one.text for one in block.cells)
        for block in found.blocks
    ]


def p(words: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{words}</text:p>'


def items(*inner: str, attributes: str = 'text:style-name="L1"') -> str:
    return f"<text:list {attributes}>{''.join(f'<text:list-item>{one}</text:list-item>' for one in inner)}</text:list>"


def write(document: Document) -> bytes:
    """A report as a text: paragraphs, and tables with their cells merged."""
    parts = []
    for block in document.blocks:
        if isinstance(block, Grid):
            parts.append(f"<table:table>{ods_rows(block.cells)}</table:table>")
        else:
            parts.append(p(block.text))
    return pack_odf(text("".join(parts)), ODT)


@pytest.mark.parametrize("name", WHOLE)
def test_a_report_is_the_report(name, monkeypatch):
    monkeypatch.setattr("extract.read.office.find_office", lambda: pytest.fail("an office was looked for"))
    document = load_whole(name).document
    report = read_back(write(document))
    assert essence(report) == essence(parse_document(document, describe_source(b"", "x", document)))
    assert report.source.media_type == ODT


def test_numbers_of_lists_are_drawn_and_count_on():
    first = items(
        p("总体情况") + items(p("主动公开"), p("依申请公开"), attributes=""),
        attributes='text:style-name="L1" xml:id="a"',
    )
    later = items(p("主动公开政府信息情况"), attributes='text:style-name="L1" text:continue-list="a"')
    same = items(p("存在问题"), attributes='text:style-name="L1" text:continue-numbering="true"')
    assert lines_of(first + p("全年公开12条。") + later + same, LEVELS) == [
        "一、总体情况",
        "（一）主动公开",
        "（二）依申请公开",
        "全年公开12条。",
        "二、主动公开政府信息情况",
        "三、存在问题",
    ]


def test_lists_begin_anew_or_where_they_say():
    deep = items(items(items(p("甲"), p("乙"), attributes=""), attributes=""))
    begun = '<text:list text:style-name="L1"><text:list-item text:start-value="5"><text:p>五</text:p></text:list-item></text:list>'
    bullets = items(p("公开栏"), attributes='text:style-name="L2"')
    head = '<text:list text:style-name="L1"><text:list-header><text:p>无号</text:p></text:list-header></text:list>'
    assert lines_of(items(p("一")) + items(p("二")) + begun + deep + bullets + head, LEVELS) == [
        "一、一",
        "一、二",
        "五、五",
        "一.1. 甲",
        "一.2. 乙",
        "• 公开栏",
        "无号",
    ]


def test_only_the_first_paragraph_of_an_item_has_its_number():
    assert lines_of(items(p("总体情况") + p("全年公开12条。"), p("其他")), LEVELS) == [
        "一、总体情况",
        "全年公开12条。",
        "二、其他",
    ]


def test_headings_may_be_numbered_by_their_outline():
    outline = '<text:outline-style><text:outline-level-style text:level="1" style:num-format="一, 二" style:num-suffix="、"/></text:outline-style>'
    heading = '<text:h text:outline-level="1">{}</text:h>'
    found = read_document(
        pack_odf(text(heading.format("总体情况") + heading.format("其他"), outline), ODT), "x"
    )
    assert [block.text for block in found.blocks if isinstance(block, Paragraph) and block.heading] == [
        "一、总体情况",
        "二、其他",
    ]


def test_what_is_not_shown_is_not_read():
    hidden = '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>已删</text:p></text:deletion></text:changed-region>"
        "</text:tracked-changes><text:table-of-content><text:index-body><text:p>一、总体情况 1</text:p></text:index-body>"
        '</text:table-of-content><text:section text:display="none"><text:p>隐藏的节</text:p></text:section>'
        + p(
            '全年公开<text:span text:style-name="H">旧数</text:span>12条<text:note><text:note-body><text:p>注</text:p></text:note-body>'
            "</text:note><office:annotation><text:p>批注</text:p></office:annotation>。"
        )
        + p("隐藏的段", "H")
        + "<text:section><text:p>显示的节</text:p></text:section>"
    )
    assert lines_of(body, hidden) == ["全年公开12条。", "显示的节"]


def test_a_text_box_comes_once_after_its_paragraph():
    box = "<draw:frame><draw:text-box><text:p>框内</text:p><text:p><draw:frame><draw:text-box><text:p>框中框</text:p></draw:text-box></draw:frame></text:p></draw:text-box></draw:frame>"
    assert lines_of(p(f"总体{box}情况") + p("其他")) == ["总体情况", "框内", "框中框", "其他"]


def test_a_workbook_that_is_set_in_is_its_table():
    rows = "".join(
        f"<table:table-row>{cell(label)}{cell(number)}</table:table-row>"
        for label, number in (("规章", "3"), ("合计", "4"))
    )
    body = p("一、总体情况") + p(
        '<draw:frame><draw:object xlink:href="./Object 1"/><draw:image xlink:href="./o.png"/></draw:frame>'
    )
    assert lines_of(body, extra={"Object 1/content.xml": workbook(sheet(rows)).encode()}) == [
        "一、总体情况",
        "规章|3|合计|4",
    ]
    assert lines_of(body, extra={"Object 1/content.xml": b"<broken"}) == ["一、总体情况"]


def test_large_pictures_are_counted():
    picture = (
        '<draw:frame svg:width="{}" svg:height="4cm"><draw:image xlink:href="Pictures/a.png"/></draw:frame>'
    )
    body = p("一、总体情况") + p(picture.format("15cm")) + p(picture.format("2cm"))
    assert read_document(pack_odf(text(body), ODT), "x").pictures == 1


def test_one_xml_file_is_a_text_too():
    found = read_document(text(p("一、总体情况"), root="document").encode(), "x.fodt")
    assert found.media_type.endswith("flat-xml")
    assert [block.text for block in found.blocks if isinstance(block, Paragraph)] == ["一、总体情况"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<a", "well-formed"),
        (workbook(sheet("")), "holds no text"),
        (text(""), "holds no text"),
        (text("<table:table>" * 60), "XML"),
        (text(f"<table:table><table:table-row>{cell('1', repeated=5000)}</table:table-row></table:table>"), "columns"),
        (text(f"<table:table>{('<table:table-row>' + cell('', repeated=900) + '</table:table-row>') * 300}</table:table>"), "cells"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(content, reason):
    with pytest.raises(UnreadableFile, match=reason):
        read_document(pack_odf(content, ODT), "x.odt")
