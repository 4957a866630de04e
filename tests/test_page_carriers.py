"""Web pages in other things: answers of a site's interface, frames of saved pages, tabs, Markdown made of pages."""

from __future__ import annotations

import base64
import io
import json
import zipfile

import pytest

from extract import parse
from extract.read import read_document, read_documents
from extract.read.html import read_html
from extract.read.kind import find_kind
from extract.report import Document, Paragraph
from extract.title import measure_report

TITLE = "桦皮沟镇2023年政府信息公开工作年度报告"
BODY = (
    "<p>一、总体情况</p><p>2023年，全镇通过县政府网站公开信息216条，微信公众号推送94条。</p>"
    "<p>二、主动公开政府信息情况</p><table><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td>"
    "<td>现行有效件数</td></tr><tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr><tr><td>行政规范性文件</td>"
    "<td>3</td><td>1</td><td>8</td></tr></table><p>五、存在的主要问题及改进情况</p>"
    "<p>个别栏目信息更新不够及时。下一步，将逐月核对栏目更新情况。</p><p>六、其他需要报告的事项</p><p>无。</p>"
)


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def answer(**more: str) -> str:
    article = {"docTitle": TITLE, "docPubTime": "2024-01-26 09:00:00", "docHtmlCon": BODY, **more}
    return json.dumps({"code": 200, "data": article}, ensure_ascii=False)


@pytest.mark.parametrize("wrapped", ["{}", "jsonpBack({});"])
@pytest.mark.parametrize("escaped", [False, True])
def test_an_answer_of_the_sites_interface_is_read_as_its_article(wrapped, escaped):
    text = answer()
    if escaped:
        text = json.dumps(json.loads(text)).replace("<", r"\u003c").replace(">", r"\u003e")
    data = wrapped.format(text).encode()
    assert find_kind(data) == "text/html"
    report = parse(data)
    assert (report.agency, report.year, report.published) == ("桦皮沟镇", 2023, "2024-01-26")
    cells = {cell.id: cell.value for cell in report.cells}
    assert cells["proactive.normative_documents.in_force"] == 8
    assert not any("{" in unit.text or "\\n" in unit.text for unit in report.units)


def test_braces_in_a_text_make_no_json_of_it():
    assert find_kind("{一、总体情况}\n全年公开12条。".encode()) == "text/plain"


def saved(outer: str, inner: str, source: str) -> bytes:
    """A page and the one in its frame as a browser saves them."""
    parts = []
    for address, content in (("https://x.gov.cn/a/index.htm", outer), (source, inner)):
        name = (
            f"Content-ID: <{address[4:]}>" if address.startswith("cid:") else f"Content-Location: {address}"
        )
        packed = base64.b64encode(content.encode()).decode()
        parts.append(
            f'--b\r\nContent-Type: text/html; charset="utf-8"\r\n{name}\r\nContent-Transfer-Encoding: base64\r\n'
            f"\r\n{packed}\r\n"
        )
    return f"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n{''.join(parts)}--b--".encode()


@pytest.mark.parametrize(
    ("source", "address"),
    [("cid:frame-1@mhtml.blink", "cid:frame-1@mhtml.blink"), ("con_7.htm", "https://x.gov.cn/a/con_7.htm")],
)
def test_the_page_around_a_frame_says_title_and_day(source, address):
    outer = f'<h1>{TITLE}</h1><p>发布日期：2024-02-02</p><iframe id="f" src="{source}"></iframe><p>打印</p>'
    document = read_document(saved(outer, f"<body>{BODY}</body>", address), "x.mht")
    assert document.published == "2024-02-02"
    assert lines(document)[0] == TITLE
    assert "一、总体情况" in lines(document)


def test_a_frame_with_something_else_leaves_the_page_alone():
    outer = f"<h1>{TITLE}</h1>{BODY}<iframe src='https://x.gov.cn/count.htm'></iframe>"
    document = read_document(saved(outer, "<p>访问量统计</p>", "https://x.gov.cn/other.htm"), "x.mht")
    assert "访问量统计" not in "".join(lines(document))


@pytest.mark.parametrize(("pane", "shown"), [("tab-pane", "active"), ("layui-tab-item", "layui-show")])
def test_tabs_of_other_years_are_not_shown(pane, shown):
    older = BODY.replace("216", "187").replace("2023", "2022")
    page = f'<div><div class="{pane}">{older}</div><div class="{pane} fade {shown}"><h2>{TITLE}</h2>{BODY}</div></div>'
    words = "".join(lines(read_html(page.encode(), "x")))
    assert "216条" in words
    assert "187条" not in words


def test_a_report_in_another_tab_than_the_one_shown_is_read():
    page = f'<div class="tab-pane active"><p>公开指南</p></div><div class="tab-pane"><h2>{TITLE}</h2>{BODY}</div>'
    assert "216条" in "".join(lines(read_html(page.encode(), "x")))


@pytest.mark.parametrize(
    ("style", "seen"),
    [
        ("font-size:0px", False),
        ("FONT-SIZE: 0;color:#fff", False),
        ("font-size:0.9em", True),
        ("font-size:10px", True),
    ],
)
def test_words_of_no_size_are_not_shown(style, seen):
    page = BODY.replace("2023年，", f"2023年，<i style='{style}'>转自某网</i>", 1)
    assert ("转自某网" in "".join(lines(read_html(page.encode(), "x")))) is seen


def test_a_page_that_a_service_made_markdown_of_has_its_head_read_and_left_out():
    text = (
        f"Title: {TITLE}\n\nURL Source: https://x.gov.cn/t20240118_3.html\n\nPublished Time: 2024-01-18T08:00:00+08:00"
        "\n\nMarkdown Content:\n一、总体情况\n\n全年公开信息31条。\n\n[打印](javascript:window.print%28%29)\n"
    )
    document = read_document(text.encode(), "x.txt")
    assert (document.title, document.published) == (TITLE, "2024-01-18")
    assert lines(document) == ["一、总体情况", "全年公开信息31条。", "打印"]


def test_a_table_of_values_is_a_sheet():
    """Rows of one filled cell are lines of the report, in quotes or not."""
    rows = [TITLE, "一、总体情况", "全年公开信息31条，其中图解4份。", "二、主动公开政府信息情况"]
    text = "".join(f'"{row}",,,\n' for row in rows)
    text += "信息内容,本年制发件数,本年废止件数,现行有效件数\n规章,0,0,0\n行政规范性文件,3,1,8\n"
    document = read_document(("\ufeff" + text).encode(), "附表.csv")
    assert lines(document) == rows
    assert document.blocks[-1] != document.blocks[0]


def test_an_annex_in_an_archive_of_its_own_is_joined():
    text = f"{TITLE}\n一、总体情况\n" + "全年在县政府网站公开涉农补贴、村级财务、危房改造等信息216条。" * 8
    table = "第二十条第（一）项\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n行政规范性文件\t3\t1\t8\n"
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("附表.txt", table)
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("桦皮沟镇年报正文.txt", text)
        archive.writestr("附件.zip", inner.getvalue())
    assert [name for name, _ in read_documents(outer.getvalue(), "x.zip")] == ["桦皮沟镇年报正文.txt"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (
            "关于报送桦皮沟镇2023年政府信息公开工作年度报告的函\n县政府办：\n现将我镇2023年政府信息公开工作年度报告随文报送。",
            False,
        ),
        (
            "关于做好2023年政府信息公开工作年度报告编制工作的通知\n各镇：\n请于1月20日前报送政府信息公开工作年度报告。",
            False,
        ),
        (
            "关于桦皮沟镇2023年政府信息公开工作情况的报告\n一、主动公开情况\n全年公开216条。\n二、存在的问题\n更新不及时。",
            True,
        ),
        (
            f"关于报送年报的函\n{TITLE}\n一、总体情况\n全年公开216条。\n五、存在的主要问题及改进情况\n更新不及时。",
            True,
        ),
    ],
)
def test_a_letter_about_a_report_is_none(text, is_one):
    from extract.normalise import normalise_all

    (normal,) = normalise_all([read_document(text.encode(), "x.txt")])
    assert (measure_report(normal) >= 3) is is_one
