"""A text that breaks off: what it lacks at its end is a doubt of the reading, not a fault of the report."""

from __future__ import annotations

import pytest

from extract import parse
from extract.report import Finding

HEAD = "松溪镇人民政府2022年政府信息公开工作年度报告\n一、总体情况\n2022年，镇政府按要求做好公开工作。\n"
DISCLOSED = """二、主动公开政府信息情况
第二十条第（一）项
信息内容\t本年制发件数\t本年废止件数\t现行有效件数
规章\t0\t0\t0
行政规范性文件\t1\t0\t3
第二十条第（五）项
信息内容\t本年处理决定数量
行政许可\t5
第二十条第（六）项
信息内容\t本年处理决定数量
行政处罚\t2
行政强制\t0
"""
FEES = "第二十条第（八）项\n信息内容\t本年收费金额（单位：万元）\n行政事业性收费\t/\n"


def findings(text: str, rule: str) -> list[Finding]:
    return [one for one in parse(text).findings if one.rule == rule]


def origins(text: str, rule: str) -> set[str]:
    return {one.origin for one in findings(text, rule)}


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param(DISCLOSED, id="in a table"),
        pytest.param("二、主动公开政府信息情况\n", id="under a heading"),
        pytest.param(
            "（一）主动公开。全年通过县政府网站发布各类信息，内容涉及财政、民政", id="amid a sentence"
        ),
    ],
)
def test_sections_behind_the_end_of_a_text_that_breaks_off_are_a_doubt(tail: str) -> None:
    missing = findings(HEAD + tail, "missing_section")
    assert len(missing) >= 4
    assert {one.origin for one in missing} == {"reading"}
    assert all("break off" in one.message for one in missing)


def test_a_text_that_ends_with_its_sentence_lacks_its_sections() -> None:
    assert origins(HEAD + "（一）主动公开。全年通过县政府网站发布各类信息。\n", "missing_section") == {
        "report"
    }


def test_sections_that_the_report_announces_are_lost() -> None:
    preamble = "本报告由总体情况、主动公开政府信息情况、存在的主要问题及改进情况等部分组成。\n"
    title, rest = HEAD.split("\n", 1)
    missing = findings(f"{title}\n{preamble}{rest}", "missing_section")
    lost = {one.message.split("(")[1].split(")")[0] for one in missing if one.origin == "reading"}
    assert lost == {"proactive", "requests", "review", "problems", "other"}


@pytest.mark.parametrize("end", ["", "松溪镇人民政府\n2023年1月12日\n"])
def test_what_a_whole_report_announces_and_lacks_is_its_own_fault(end: str) -> None:
    preamble = "本报告由总体情况、存在的主要问题及改进情况、其他需要报告的事项等部分组成。\n"
    title, rest = HEAD.split("\n", 1)
    problems = "" if end else "五、存在的主要问题及改进情况\n公开的内容还不够丰富。\n"
    missing = findings(f"{title}\n{preamble}{rest}{problems}{end}", "missing_section")
    assert "(other)" in "".join(one.message for one in missing)
    assert {one.origin for one in missing} == {"report"}


def test_a_section_before_the_last_one_is_missing_wherever_the_text_ends() -> None:
    text = HEAD + "五、存在的主要问题及改进情况\n公开的内容还不够丰富，今后将加强业务培训并完善"
    by_origin = {
        one.message.split("(")[1].split(")")[0]: one.origin for one in findings(text, "missing_section")
    }
    assert by_origin == {"proactive": "report", "requests": "report", "review": "report", "other": "reading"}


def test_rows_behind_the_end_of_the_text_are_a_doubt_and_a_stroke_is_none() -> None:
    assert origins(HEAD + DISCLOSED, "missing_cell") == {"reading"}
    assert origins(HEAD + DISCLOSED + FEES, "missing_cell") == {"report"}


def test_a_table_of_which_only_the_caption_is_there_is_a_doubt() -> None:
    caption = "三、收到和处理政府信息公开申请情况\n（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）\n"
    found = parse(HEAD + DISCLOSED + FEES + caption).findings
    of_requests = [
        one for one in found if "requests" in one.message and one.rule in ("missing_cell", "missing_table")
    ]
    assert {one.origin for one in of_requests} == {"reading"}


def test_the_last_heading_of_a_text_that_breaks_off_is_not_empty_by_its_own_fault() -> None:
    assert origins(HEAD + "五、存在的主要问题及改进情况\n", "empty_section") == {"reading"}
    assert origins(HEAD + "五、存在的主要问题及改进情况\n六、其他需要报告的事项\n无\n", "empty_section") == {
        "report"
    }


def test_a_heading_that_was_cut_itself_is_no_part_left_empty() -> None:
    found = parse(HEAD + DISCLOSED + FEES + "三、收到和处理政府信\n").findings
    assert {one.origin for one in found if one.rule in ("empty_section", "missing_section")} == {"reading"}


def test_the_last_part_of_the_form_may_well_be_left_empty() -> None:
    text = HEAD + "五、存在的主要问题及改进情况\n公开的内容还不够丰富。\n六、其他需要报告的事项\n"
    assert origins(text, "empty_section") == {"report"}


def test_a_heading_at_the_very_end_lost_its_table() -> None:
    assert origins(HEAD + DISCLOSED + "三、收到和处理政府信息公开申请情况\n", "missing_table") == {"reading"}


def test_a_table_whose_labels_tell_no_edition_is_of_no_wrong_one() -> None:
    text = (
        HEAD.replace("2022", "2020")
        + """三、收到和处理政府信息公开申请情况
申请人情况
\t自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计
一、本年新收政府信息公开申请数量\t2\t0\t0\t0\t0\t0\t2
二、上年结转政府信息公开申请数量\t0\t0\t0\t0\t0\t0\t0
"""
    )
    report = parse(text)
    assert report.form is None
    assert "form_mismatch" not in {one.rule for one in report.findings}


def test_a_label_with_the_end_of_the_cell_before_it_is_no_misprint_of_the_report() -> None:
    text = (HEAD + DISCLOSED).replace("\n行政规范性文件", "0行政规范性文件")
    assert origins(text, "misprinted_label") <= {"reading"}
