"""Reports that a page holds and does not show before its script has run, wherever it holds them."""

from __future__ import annotations

import html
import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote

import pytest
from layouts import exact_grids, fill_form
from renderings import bare
from whole_reports import load_whole

from extract.errors import UnreadableFile
from extract.pipeline import parse
from extract.read import read_members
from extract.read.html import read_html
from extract.read.literals import read_literals
from extract.read.unshown import unfold
from extract.report import Document, Grid, Paragraph

SOURCE = load_whole("city_review3").document
TITLE = SOURCE.blocks[0].text  # type: ignore[union-attr]
YEAR = next(year for year in ("2020", "2021", "2022", "2023", "2024", "2019") if year in TITLE)
DAY = f"{int(YEAR) + 1}-01-19"
SECONDS = {"2024-01-19": "1705656600", "2023-01-19": "1674120600", "2022-01-19": "1642584600"}
BODY = bare(Document(SOURCE.blocks[1:]))
HEAD = f"<h1>{TITLE}</h1><div>发布时间：{DAY} 来源：办公室</div>"
FOOT = "<div>主办：某市人民政府办公室 某ICP备00000000号</div>"


def page(body: str, head: str = HEAD, title: str = TITLE) -> str:
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{head}{body}{FOOT}</body></html>"
    )


def script(source: str, kind: str = "") -> str:
    return f"<script{kind}>{source}</script>"


def js(text: str, mark: str = "'") -> str:
    """The text as a string of JavaScript."""
    text = text.replace("\\", "\\\\").replace(mark, "\\" + mark).replace("\n", "\\n")
    return mark + text.replace("</", "<\\/") + mark


def angles(text: str) -> str:
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def state(body: object = BODY, **fields: object) -> str:
    """A state as frameworks leave it, the report among menus and the reports of other years."""
    article = {"id": 8, "title": TITLE, "publishTime": f"{DAY} 08:00:00", "content": body, **fields}
    older = {"title": "某县2016年政府信息公开工作年度报告", "publishTime": "2017-02-01", "content": None}
    return json.dumps({"nav": ["首页", "政务公开"], "data": {"article": article, "list": [older]}})


def pushes(text: str, count: int = 5) -> str:
    """The state in pieces, each a string of a script of its own."""
    size = len(text) // count + 1
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    return "".join(script(f"self.__next_f.push([1,{json.dumps(part)}])") for part in parts)


def hexed(text: str) -> str:
    return "".join(f"\\x{ord(one):02x}" if one in "<>\"'\n&" else one for one in text)


HALF = BODY.rfind("<p>", 0, BODY.index("三、"))
PLAIN = re.sub("<[^>]*>", "\n", BODY)
ENTITIES = re.sub("[\u4e00-\u9fff]", lambda match: f"&#{ord(match[0])};", BODY)
BRACES = re.sub("[\u4e00-\u9fff]", lambda match: f"\\u{{{ord(match[0]):x}}}", BODY.replace("\n", ""))
OTHER_YEAR = BODY.replace(YEAR, str(int(YEAR) - 1))
PAGES: dict[str, str] = {
    "visibility_of_wechat": page(f'<div id=js_content style="visibility: hidden; opacity: 0;">{BODY}</div>'),
    "behind_a_notice": page(f'<p>正在加载，请稍候…</p><div style="display:none">{BODY}</div>'),
    "hidden_attribute": page(f"<div hidden>{BODY}</div>"),
    "all_tabs_hidden": page(
        f'<div style="display:none">{OTHER_YEAR}</div><div style="display: none">{BODY}</div>'
    ),
    "textarea": page(f"<textarea style='display:none'>{html.escape(BODY)}</textarea>"),
    "textarea_escaped_twice": page(f"<textarea hidden>{html.escape(html.escape(BODY))}</textarea>"),
    "template": page(f"<template>{BODY}</template>"),
    "noscript": page(f"<noscript>{BODY}</noscript>"),
    "script_of_html": page(script(BODY, " type='text/html'")),
    "cdata": page(script(f"<r><![CDATA[{BODY}]]></r>", " type='text/xml'")),
    "field": page(f"<input type=hidden value='{BODY.replace(chr(39), '&#39;')}'>"),
    "frame": page(f'<iframe srcdoc="{html.escape(BODY)}"></iframe>'),
    "string": page(script(f"var pagecontent={js(BODY)};\n$('#c').html(pagecontent);")),
    "string_in_double_quotes": page(script("var body=" + js(BODY, '"'))),
    "template_string": page(script(f"/* it's one */ var a=/[\"'`]/g; el.innerHTML=`{BODY}`", " type=module")),
    "pieces": page(
        script(
            "var s='';\n" + "\n".join(f"s += {js(one)};" for one in BODY.split("\n")) + "document.write(s)"
        )
    ),
    "sum": page(script("var s = " + "\n + ".join(js(one) for one in BODY.split("\n")))),
    "percent_signs": page(script(f'$("#x").html(decodeURIComponent("{quote(BODY)}"))')),
    "state": page("", head=script(f"window.__INITIAL_STATE__={state()};(function(){{}}())")),
    "state_as_json": page(script(state(), " type='application/json' id=__NEXT_DATA__"), head=""),
    "state_in_a_string": page(script(f"window.D=JSON.parse({js(angles(state()))})"), head="", title="某县"),
    "state_in_an_attribute": page(f'<div id=app data-page="{html.escape(state())}"></div>', head=""),
    "state_in_pieces": page(pushes(f'2:["$","div",null,{state()}]'), head=""),
    "state_of_blocks": page(
        script(
            "window.S="
            + state(
                [{"kind": "x", "data": one} for one in BODY.replace("</table>\n", "</table>").split("\n")]
            )
        ),
        head="",
    ),
    "strings_of_hex": page(
        script(
            f"window.cgiDataNew={{title:{js(TITLE)},create_time:'{DAY}',content_noencode:'{hexed(BODY)}'}}"
        ),
        head="",
        title="",
    ),
    "seconds": page(
        script(
            f"var msg_title={js(TITLE)}.html(false);var ct=\"{SECONDS[DAY]}\";var c=JsDecode('{hexed(BODY)}')"
        ),
        head="<p>微信扫一扫关注该公众号</p>",
        title="",
    ),
    "escaped_in_sight": page(f"<div id=zoom>{html.escape(BODY)}</div>"),
    "entities": page(f"<textarea hidden>{html.escape(ENTITIES)}</textarea>"),
    "state_of_entities": page(script(f"window.S={state(ENTITIES)}"), head=""),
    "two_fields": page(script(f"window.S={state(BODY[:HALF], rest=BODY[HALF:])}"), head=""),
    "plain_copy_beside": page(script(f"window.S={state(BODY, text=PLAIN, summary=PLAIN[:150])}"), head=""),
    "v_html": page(f'<div id=app><div v-html="{html.escape(js(BODY))}"></div></div>'),
    "bound_content": page(f'<art :content="{html.escape(json.dumps(BODY))}"></art>'),
    "title_hidden_too": page(f'<div style="display:none">{HEAD}{BODY}</div>', head="<p>载入中</p>"),
    "jsonp": page(script(f"callback({state()})"), head=""),
    "joined_array": page(
        script(
            "a=["
            + ",".join(js(one) for one in BODY.replace("</table>\n", "</table>").split("\n"))
            + "].join('')"
        )
    ),
    "comment_between": page(script(f"var a={js(BODY[:HALF])} + /* rest */ {js(BODY[HALF:])}")),
    "two_variables": page(script(f"var a={js(BODY[:HALF])}; var b={js(BODY[HALF:])};")),
    "braces": page(script(f"var a='{BRACES}'")),
    "menu_of_its_headings": page(
        "<ul>"
        + "".join(f"<li>{one}、{'总体情况' if one == '一' else '其他需要报告的事项'}</li>" for one in "一六")
        + f"</ul>{script('var c=' + js(BODY))}"
    ),
    "beginning_shown": page(
        "".join(
            f"<p>{one.text}</p>"
            for one in SOURCE.blocks[1:9]
            if isinstance(one, Paragraph) and "。" in one.text
        )
        + f"<a href=#>展开全文</a><div style='display:none'>{BODY}</div>"
    ),
}


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grids(document: Document) -> list[list[str]]:
    return [[cell.text for cell in one.cells] for one in document.blocks if isinstance(one, Grid)]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_report_comes_back(name, encoding):
    """Its lines, its tables and its day, and nothing of what stands round it."""
    data = PAGES[name].replace("charset=utf-8", f"charset={encoding}").encode(encoding)
    document = read_html(data, "page.html")
    source = read_html(bare(SOURCE).encode(), "bare.html")
    assert lines(document) == lines(source)
    assert grids(document) == grids(source)
    assert document.published == DAY


def test_what_is_hidden_beside_a_report_stays_hidden():
    shown = page(
        f"<div>{BODY}</div><div style='display:none'>{OTHER_YEAR * 2}</div>{script('var a=' + js(BODY))}"
    )
    assert lines(read_html(shown.encode(), "x")) == lines(read_html(bare(SOURCE).encode(), "x"))


def test_another_report_is_not_the_rest_of_the_one_that_is_shown():
    """Three sentences of a report without headings, and a whole one of another text hidden."""
    told = "<p>我局主动公开信息12条。</p><p>未收到依申请公开件。</p><p>开展政务公开培训3次。</p>"
    shown = page(f"{told}<div hidden>{BODY}</div>")
    assert lines(read_html(shown.encode(), "x"))[1:] == [
        "我局主动公开信息12条。",
        "未收到依申请公开件。",
        "开展政务公开培训3次。",
    ]


def test_a_page_without_its_report_accuses_nobody():
    """What is missing of a page that only names its report was not looked for in the report itself."""
    found = parse(page("<div>我局网站正在维护。</div>").encode(), name="page.html")
    assert {finding.rule for finding in found.findings} >= {"missing_section"}
    assert {finding.origin for finding in found.findings} == {"reading"}


def test_a_page_that_its_scripts_would_fill_says_so():
    text = "<title>x</title><div id=app>Loading...</div><script src=app.js></script>"
    with pytest.raises(UnreadableFile, match="save it from a browser"):
        read_html(text.encode(), "x")


@pytest.mark.parametrize(
    "day",
    [
        f"<em id=publish_time>{DAY} 17:30</em>",
        f'<script>var ct = "{SECONDS[DAY]}";</script>',
        f'<script>var createTime = "{DAY} 17:30";</script>',
        f'<script type="application/ld+json">{{"title":"x","pubDate":"{DAY}T08:00:00"}}</script>',
    ],
)
def test_the_day_that_only_a_script_or_an_id_states(day):
    text = page(f"<div><span>宣传股</span>{day}<em>某省</em></div>{BODY}", head=f"<h1>{TITLE}</h1>")
    assert read_html(text.encode(), "x").published == DAY


@pytest.mark.parametrize("mark", ["END", "— END —", "▼ THE END ▼", "（全文完）"])
def test_the_end_mark_of_an_article_and_what_follows_are_left_out(mark):
    text = page(f"{BODY}<p>{mark}</p><p>编辑：小陈　审核：老周</p><p>点击下方蓝字关注我们</p>")
    assert lines(read_html(text.encode(), "x")) == lines(read_html(bare(SOURCE).encode(), "x"))


# ---- strings of scripts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        (r"""a="\u516c\x3c\/p\n\'" """, ["公</p\n'"]),
        ("a='one' + \"two\" + `three`; b = 'four'", ["onetwothree", "four"]),
        ("s='<td>'+n+'</td>'", ["<td></td>"]),
        ("// don't\n/* \"no\" */ a='yes'", ["yes"]),
        ("x.replace(/[\"'\\/]/g, 'y')", ["y"]),
        ('{"key": "value", "other": ["a", "b"]}', ["value", "a", "b"]),
        ("a='not closed\nb='closed'", ["not closed", "closed"]),
        ("a='con\\\ntinued'", ["continued"]),
        ('"\\ud83d\\ude00 \\ud800"', ["😀 \ufffd"]),
        ("", []),
    ],
)
def test_strings_of_scripts(source, texts):
    assert [literal.text for literal in read_literals(source).found] == texts


def test_names_and_scopes_of_strings():
    found = read_literals("html += 'a'; document.write('b'); x = {k: 'c', \"q\": 'd', 'l': ['e']}")
    assert [(one.name, one.appended) for one in found.found][:4] == [
        ("html", True),
        ("document.write", True),
        ("k", False),
        ("q", False),
    ]
    assert found.path(found.found[4].scope)[1] == found.found[3].scope


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("&lt;p&gt;公开", "<p>公开"),
        ("&amp;lt;p&amp;gt;公开", "<p>公开"),
        ("%3Cp%3E%u516c%u5f00", "<p>公开"),
        (r"\u003cp\u003e公开", "<p>公开"),
        ("<p>5 &lt; 6，增长50%3C</p>", "<p>5 &lt; 6，增长50%3C</p>"),
        ("100%", "100%"),
    ],
)
def test_layers_are_taken_off(text, shown):
    assert unfold(text) == shown


# ---- hostile pages ----------------------------------------------------------------------------------------

WORDS = "政府信息公开 依申请 主动公开 "
HOSTILE: dict[str, Callable[[], str]] = {
    "escapes": lambda: script('var a="' + "\\u4e00" * 1_500_000 + '"'),
    "escapes_of_escapes": lambda: script('var a="' + WORDS + "\\\\\\\\u003cp" * 500_000 + '"'),
    "never_closed": lambda: script("var a='" + WORDS + "\\'" * 2_000_000),
    "never_closed_lines": lambda: script("\n'\"`\\" * 800_000),
    "json_in_json": lambda: script(
        "var a=" + json.dumps(json.dumps(json.dumps(json.dumps(state(BODY * 8)))))
    ),
    "brackets": lambda: script('a="' + WORDS * 20 + '";' + "[" * 2_000_000 + '"x"'),
    "deep_state": lambda: script('{"a":[' * 300_000 + json.dumps(WORDS * 20) + "]}" * 300_000),
    "many_strings": lambda: script("var a=[" + json.dumps(WORDS * 9) + "," * 1 + '"政府信息公开",' * 300_000),
    "many_reports": lambda: script(
        "var a=[" + (json.dumps(WORDS * 9 + "。", ensure_ascii=False) + ",") * 30_000 + "]"
    ),
    "regexes": lambda: script("=/[" * 1_000_000),
    "comments": lambda: script("/*" * 1_000_000),
    "sums": lambda: script("a=" + '"政"+' * 500_000),
    "hidden_in_hidden": lambda: f"<div hidden>{WORDS}" * 3_000,
    "many_hidden": lambda: f"<p hidden>{WORDS * 9}" * 20_000,
    "many_pages": lambda: f"<textarea>{html.escape(BODY)}</textarea>" * 60,
    "entities": lambda: f"<textarea>{WORDS}{'&amp;amp;lt;' * 500_000}</textarea>",
    "percent": lambda: script('a="' + "%u516c" * 700_000 + '"'),
    "days": lambda: script(f"var b={js(BODY)};" + 'publishTime:"2021-01-01",' * 100_000),
    "angles": lambda: script("a='" + WORDS + "<" * 900_000 + "'"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_scripts_end_soon(name):
    """A Document or a clear error, within the time that a page has."""
    text = page(HOSTILE[name]())
    began = time.process_time()
    with suppress(UnreadableFile):
        assert isinstance(read_html(text.encode(), "x"), Document)
    assert time.process_time() - began < 12


# ---- archives ---------------------------------------------------------------------------------------------


def test_lock_files_are_passed_over_and_an_inner_archive_is_named_once():
    report = bare(exact_grids(fill_form("2021", 3))).encode()
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("年报.html", report)
        archive.writestr("坏.docx", b"PK\x03\x04" + b"x" * 300)
        for name in ("~$年报.docx", "desktop.ini", ".DS_Store", "._年报.html", "Thumbs.db", "~WRL0001.tmp"):
            archive.writestr(name, b"\x05" * 162)
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("乡镇.zip", inner.getvalue())
        archive.writestr("~$总.xlsx", b"\x05" * 165)
    members = list(read_members(outer.getvalue(), "全.zip"))
    assert sorted(member.name or "" for member in members) == ["乡镇.zip/坏.docx", "乡镇.zip/年报.html"]
    (error,) = [one.document for one in members if isinstance(one.document, UnreadableFile)]
    assert str(error).count("乡镇.zip") == 1
