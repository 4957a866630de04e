"""Reports that were pasted or crawled into one line: their lines come back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from extract import parse
from extract.datafiles import read_data
from extract.read.lost_line_ends import restore_line_ends
from extract.report import Report

REPORTS = Path(__file__).parent / "reports"
TOLD = "全年经门户网站公开信息312条，公众号推送86条，另有查阅点两处，群众可以随时翻看。"


def flatten(text: str, instead: str) -> str:
    return re.sub(r"\s*\n\s*", instead, text)


def squeeze(report: Report) -> list[str]:
    return [re.sub(r"\s", "", unit.text) for unit in report.units]


@pytest.mark.parametrize("instead", [" ", "|", " | "])
@pytest.mark.parametrize("name", ["bureau_units", "county_paragraphs", "street_tabcells", "bureau_vertical"])
def test_a_report_whose_line_ends_are_blanks_or_bars_is_read_like_itself(name: str, instead: str) -> None:
    text = (REPORTS / f"{name}.txt").read_text("utf-8")
    whole, flat = parse(text.encode()), parse(flatten(text, instead).encode())
    assert (flat.agency, flat.year) == (whole.agency, whole.year)
    assert [section.id for section in flat.sections] == [section.id for section in whole.sections]
    assert squeeze(flat) == squeeze(whole)
    assert {cell.id: cell.value for cell in flat.cells} == {cell.id: cell.value for cell in whole.cells}


def test_without_blanks_the_parts_come_apart_and_no_number_is_guessed() -> None:
    text = (REPORTS / "bureau_units.txt").read_text("utf-8")
    whole, flat = parse(text.encode()), parse(flatten(text, "").encode())
    parts = [section.id for section in whole.sections if section.id != "preamble"]
    assert [section.id for section in flat.sections if section.id != "preamble"] == parts
    read = {cell.id: cell.value for cell in whole.cells}
    assert not [cell.id for cell in flat.cells if cell.value not in (None, read[cell.id])]


def test_a_page_with_all_of_it_in_one_paragraph() -> None:
    said = f"甲县水利局2024年政府信息公开工作年度报告 一、总体情况 {TOLD * 9} （一）主动公开情况 {TOLD}"
    report = parse(f"<html><body><div>导航</div><p>{said}</p></body></html>".encode())
    assert (report.agency, report.year) == ("甲县水利局", 2024)
    assert report.sections[0].heading == "一、总体情况"


@pytest.mark.parametrize(
    "line",
    [
        f"本报告由一、总体情况；二、主动公开政府信息情况；三、其他需要报告的事项组成。{TOLD * 8}",
        f"按照“一、总体情况”“二、主动公开政府信息情况”的体例，{TOLD * 8}",
        f"问题有三：一、公开内容不全，{TOLD * 4}二、更新不及时，{TOLD * 4}三、培训偏少。",
        f"见上级通知第一、三、五条。{TOLD * 8}",
    ],
)
def test_running_text_stays_one_line(line: str) -> None:
    assert restore_line_ends([line, "二、主动公开政府信息情况"]) == [line, "二、主动公开政府信息情况"]


def test_a_heading_behind_the_last_stop_of_a_paragraph() -> None:
    line = f"{TOLD}其中通知公告41条。二、主动公开政府信息情况"
    assert restore_line_ends([line]) == [line[: -len("二、主动公开政府信息情况")], "二、主动公开政府信息情况"]
    said = f"{TOLD}详见下文的二、主动公开政府信息情况"
    assert restore_line_ends([said]) == [said]


def test_words_of_headings_match_their_examples() -> None:
    entry = read_data("line_ends.toml")["heading"]
    pattern = re.compile(re.sub(r"\s+", "", entry["pattern"]))
    assert [one for one in entry["examples"] if not pattern.fullmatch(one)] == []
    assert [one for one in entry["never"] if pattern.fullmatch(one)] == []
