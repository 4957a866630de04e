"""Title, agency and year: what reports of every hand say of themselves, and what they leave unsaid."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linear import assert_linear
from msgspec.structs import replace

from extract.normalise import normalise
from extract.read.text import read_text
from extract.report import Document, Paragraph, Text
from extract.title import Heading, is_report, read_heading, read_title
from extract.title.agency import load_titles, trim_agency

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared" / "reports"
BODY = (
    "\n一、总体情况\n全年公开各类信息，工作平稳有序。\n二、主动公开政府信息情况\n见附表。\n"
    "三、收到和处理政府信息公开申请情况\n未收到申请。\n四、政府信息公开行政复议、行政诉讼情况\n未发生。\n"
    "五、存在的主要问题及改进情况\n公开还不够及时，今后将及时更新。\n六、其他需要报告的事项\n无其他事项。\n"
)
CASES = tomllib.loads((HERE / "cases" / "title.toml").read_text("utf-8"))["case"]


def read(content: str, **hints: str | None) -> tuple[Text, Document]:
    document = replace(read_text(content.encode(), "report.txt"), **hints)
    return normalise(document), document


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    content = case["text"] + ("" if case.get("whole") else BODY + case.get("tail", ""))
    text, document = read(content, title=case.get("document"), publisher=case.get("publisher"))
    heading = read_heading(text, document)
    assert (heading.agency, heading.year) == (case.get("agency"), case.get("year"))
    if "title" in case:
        assert heading.title == (case["title"] or None)
    if "published" in case:
        assert heading.published == case["published"]
    assert case.get("whole") or is_report(text) is None


def test_spans_are_the_lines_of_the_title() -> None:
    text, document = read("柳溪县教育局\n2021年政府信息公开\n工作年度报告" + BODY)
    heading = read_heading(text, document)
    assert [text.text[start:end] for start, end in heading.spans] == [
        "柳溪县教育局",
        "2021年政府信息公开",
        "工作年度报告",
    ]


def test_every_title_word_has_its_examples() -> None:
    titles = load_titles()["title"]
    for example in titles["examples"]:
        assert read_title("柳溪县教育局2021年" + example) is not None, example
    for example in titles["never"]:
        assert read_title("柳溪县教育局2021年" + example) is None, example
    assert all(trim_agency(name) is None for name in load_titles()["agency"]["bare"])
    report = load_titles()["report"]
    assert all(re.search(report["statement"], sentence) for sentence in report["statements"])
    assert not any(re.search(report["statement"], sentence) for sentence in report["no_statements"])


# By the file's hash: title present, agency, year.
REAL = {
    "000": ("新郑市新村镇", 2020),
    "001": ("寒葱沟镇人民政府", 2020),
    "002": ("夏邑县王集乡人民政府", 2020),
    "003": ("鸦岭镇政府", 2020),
    "004": ("新密市岳村镇", 2023),
}


@pytest.mark.shared
def test_a_sentence_that_names_a_form_of_reports_is_no_title() -> None:
    line = "根据《条例》和《政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）规定，现发布我办2024年政府信息公开工作年度报告。"
    assert read_title(line) is None


def test_the_number_of_a_paper_before_a_title_is_no_part_of_the_name() -> None:
    title = read_title("溪政发（2020）7号云岭乡人民政府2019年政府信息公开工作年度报告")
    assert title is not None
    assert (title.agency, title.year) == ("云岭乡人民政府", 2019)


@pytest.mark.parametrize("number", sorted(REAL))
def test_real_reports(number: str) -> None:
    found = sorted(SHARED.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip("the five real reports are not here")
    data = found[0].read_bytes()
    document = read_text(data, found[0].name)
    text = normalise(document)
    heading = read_heading(text, document)
    assert (heading.agency, heading.year) == REAL[number], hashlib.sha256(data).hexdigest()
    assert is_report(text) is None
    assert (heading.title is None) == (number == "003")


@pytest.mark.parametrize(
    "content",
    [
        "二、主动公开政府信息情况\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n",
        "五、存在的主要问题及改进情况\n政府信息公开内容不够全面，主动公开不及时。\n"
        "六、其他需要报告的事项\n未收取信息处理费。\n",
        "某镇2021年政府信息公开工作年度报告\n（图片版）\n",
        "本年度报告是按照《高等学校信息公开办法》要求编制而成。\n一、信息公开工作概述\n本学年公开信息20条。\n",
        "根据《关于做好高校信息公开年度报告工作的通知》要求，现将我校信息公开工作总结如下：\n一、总体情况\n平稳。\n",
        "一、总体情况\n我局执法公开有新进展。\n(二)(一)主动公开。公布罚单41张。\n"
        "(三)依申请公开情况。受理政府信息公开申请0件。\n",
        "引 言\n根据《条例》规定,现编制并公布本单位2019年政府信息公开工作年度报告。\n一、信息公开工作基本概况\n平稳。\n",
        "现将我乡2021年政务公开工作报告如下： 一、主要做法 （一）组织机构。成立专班。 1、主动公开情况。公布信息60条。 "
        "2、依申请公开情况。没有收到政府信息公开申请，未发生行政复议、行政诉讼。",
    ],
    ids=[
        "table alone",
        "two sections",
        "title alone",
        "a sentence that says so",
        "a college's lead",
        "first section alone",
        "an introduction",
        "one line without title",
    ],
)
def test_parts_of_a_report_are_reports(content: str) -> None:
    assert is_report(read(content)[0]) is None


@pytest.mark.parametrize(
    "content",
    [
        "柳溪县召开秋粮收购会议\n本报讯 昨日，县粮食局召开会议，部署收购工作。会议要求各乡镇压实责任。\n",
        "柳溪县教育局2021年度工作总结\n一、主要工作\n全年新建学校3所。\n二、存在问题\n师资不足。\n"
        "三、下一步打算\n加强招聘，推进政务公开。\n",
        "柳溪县教育局2021年度部门决算\n第一部分 部门概况\n一、部门职责\n二、机构设置\n"
        "第二部分 2021年度部门决算表\n收入支出决算总表\n",
        "中华人民共和国政府信息公开条例\n"
        + "".join(
            f"第{n}条 行政机关公开政府信息，应当遵循公正、公平、合法、便民的原则，依法处理申请。\n"
            for n in "一二三四五六七八九"
        ),
        "Annual report on access to information 2021. The agency received 14 requests and answered 12.\n",
        "柳溪县政务公开领导小组会议纪要\n一、总体情况\n会议听取主动公开工作汇报。\n"
        "二、下步工作\n做好主动公开，办好信息公开申请。\n",
        "柳溪县水务局信息公开指南\n根据《中华人民共和国政府信息公开条例》，编制本指南。\n一、公开范围\n机构职能。\n",
        "关于做好2019年度政府信息公开工作年度报告编制的通知\n各乡镇：\n根据《政府信息公开条例》，现就有关事项通知"
        "如下：\n一、编制内容\n总体情况、存在的主要问题。\n二、时间要求\n1月15日前报送。\n",
        "柳溪县举办政务公开培训班\n1月5日，县政务公开办举办培训班，各乡镇信息公开负责人参加。\n",
    ],
    ids=[
        "news",
        "work report",
        "accounts",
        "the law",
        "English",
        "minutes",
        "a guide",
        "a circular",
        "news on training",
    ],
)
def test_other_texts_are_not(content: str) -> None:
    assert is_report(read(content)[0]) is not None


@given(
    st.text(max_size=400) | st.text("年度报告政府信息公开2021二〇县局由编制，。《》（）\n \t", max_size=400)
)
@settings(max_examples=200, deadline=None)
def test_no_string_crashes(content: str) -> None:
    if not content.strip("\0 \t\r\n"):
        return
    text = normalise(Document((), title=content, publisher=content))
    assert isinstance(read_heading(text, Document((), title=content, publisher=content)), Heading)
    document = Document(tuple(Paragraph(line, wrapped=True) for line in content.split("\n")))
    text = normalise(document)
    heading = read_heading(text, document)
    assert heading.year is None or 2000 <= heading.year < 2050
    is_report(text)


@pytest.mark.parametrize(
    "seed",
    [
        "由",
        "公布",
        "请与",
        "县",
        "2021年",
        "信息公开",
        "由县",
        "领导下，县",
        "《",
        "第一条",
        "20",
        "政府",
        "镇政府",
        "（",
    ],
)
def test_time_is_linear(seed: str) -> None:
    def prepare(length: int):
        content = "柳溪县教育局2021年政府信息公开工作年度报告\n" + seed * (length // len(seed))
        text = normalise(read_text(content.encode(), "x.txt"))
        return lambda: (read_heading(text, Document(())), is_report(text))

    assert_linear(prepare, 200_000)
