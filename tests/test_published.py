"""The day of publication, from the page where it states one, whatever its publishing system calls it."""

from __future__ import annotations

import pytest
from pdf_writer import lay_out
from renderings import body, bordered_docx
from whole_reports import load_whole, write_markdown

from extract.pipeline import parse
from extract.report import Document

DOCUMENT = load_whole("city_review3").document
TITLE = DOCUMENT.blocks[0].text  # type: ignore[union-attr]
DAY = "2024-01-31"
STATED = (
    "<div>发布日期：2024-01-31</div>",
    "<div><span>时间：2024-01-31 10:22</span><span>来源：市政府办</span></div>",
    "<div>时间：2024-01-31 10:22</div>",
    "<div>来源：市政府办公室 发布时间：2024-01-31 浏览次数：123 次</div>",
    "<div>来源：市政府办公室 2024-01-31 10:22 浏览：123</div>",
    "<p>市政府办公室 2024-01-31 浏览次数：8</p>",
    "<div>发布时间：2024/1/31 10:22:05 | 来源：本站</div>",
    "<p>【发布时间：2024-01-31】【来源：办公室】【字号：大 中 小】</p>",
    "<p>[发布时间] 2024-01-31 [来源] 办公室</p>",
    "<div><span>发布时间</span><span>2024-01-31</span></div>",
    "<div><div>发布时间：</div><div>2024-01-31</div></div>",
    "<dl><dt>发布日期：</dt><dd>2024年01月31日</dd></dl>",
    "<ul><li>索引号：123</li><li>发文日期：2024-01-20</li><li>发布日期：2024-01-31</li></ul>",
    "<table><tr><td>成文日期</td><td>2024-01-20</td><td>发布日期</td><td>2024-01-31</td></tr></table>",
    "<div>发布时间：<script>write('2023-01-01')</script>2024-01-31</div>",
    "<div class=time>2024-01-31 10:22</div>",
    "<div class=time>2024-01-31</div>",
    "<div><em>2024-01-31</em> <em>来源：市政府办</em></div>",
    "<p>信息时间：2024-01-31 阅读次数：12</p>",
    "<p>发布于 2024-01-31 10:22</p>",
    "<p>发布&nbsp;时间：&nbsp;2024-01-31</p>",
    "<p>发 布 时 间：2024 - 01 - 31</p>",
    "<p>更新时间：2024-02-11 发布时间：2024-01-31</p>",
    "<p><b>发布时间：</b><i>2024-01-31 00:00:00</i>　<b>信息来源：</b>市政府</p>",
)
NOT_STATED = (
    "<p>更新时间：2024-02-11</p>",
    "<p>成文日期：2024-01-20</p>",
    "<p>成文日期：2024-01-20 浏览次数：12</p>",
    "<p>依据国务院令第711号（2019-05-15起施行）编制。</p>",
)
META = (
    '<meta name="PubDate" content="2024-01-31 10:22">',
    '<meta name="pubdate" content="2024年1月31日">',
    '<meta property="article:published_time" content="2024-01-31T10:22:00+08:00">',
    '<meta name="ContentSource" content="办"><meta name="PubDate" content="2024-01-31">',
)


def page(line: str = "", *, meta: str = "", below: str = "") -> bytes:
    report = body(Document(DOCUMENT.blocks[1:]))
    head = f"<head><meta charset=utf-8><title>{TITLE}</title>{meta}</head>"
    return f"<html>{head}<body><h1>{TITLE}</h1>{line}<div>{report}</div>{below}</body></html>".encode()


@pytest.mark.parametrize("line", STATED)
def test_a_page_that_states_its_day(line):
    report = parse(page(line))
    assert report.published == DAY
    assert "2024" not in report.text.replace("2024年", "")


@pytest.mark.parametrize("meta", META)
def test_a_page_whose_head_states_its_day(meta):
    assert parse(page(meta=meta)).published == DAY


@pytest.mark.parametrize("line", NOT_STATED)
def test_other_days_are_not_it(line):
    assert parse(page(line)).published is None


def test_the_day_below_a_report_counts_only_with_its_label():
    assert parse(page(below="<p>发布时间：2024-01-31</p>")).published == DAY
    assert parse(page(below="<p>2024-01-15</p>")).published is None


def test_word_files_and_pdfs_state_none():
    for data in (bordered_docx(DOCUMENT), lay_out(DOCUMENT), write_markdown(DOCUMENT)):
        assert parse(data).published is None


PERIODS = (
    "内容时间范围为2023年1月1日至2023年12月31日",
    "数据时间为2023年1月1日至2023年12月31日。",
    "统计起止日期为2023年1月1日",
    "数据时间：2023年1月1日—12月31日",
    "统计日期：2023-01-01 至 2023-12-31",
    "时间：2023-01-01至2023-12-31 10:22",
    "发布时间：2023年1月1日至2023年12月31日",
    "公开日期：2023-01-01 — 2023-12-31",
)


@pytest.mark.parametrize("line", PERIODS)
def test_a_period_is_no_day_of_publication(line):
    told = f"柳溪县教育局2023年政府信息公开工作年度报告\n{line}\n"
    narrative = "一、总体情况\n全年公开各类信息，工作平稳有序。\n二、主动公开政府信息情况\n见附表。\n"
    narrative += "三、收到和处理政府信息公开申请情况\n未收到申请。\n"
    assert parse((told + narrative).encode(), name="report.txt").published is None
    assert parse(page(f"<p>{line}</p>")).published is None
