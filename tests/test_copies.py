"""A report that stands twice in its file is read once."""

from __future__ import annotations

import pytest
from linear import assert_linear
from whole_reports import essence, load_whole, write_markdown, write_text

from extract.normalise.copies import find_copy
from extract.pipeline import parse
from extract.report import Line, Report


def outcome(text: str) -> tuple[dict[str, object], Report]:
    report = parse(text.encode())
    return essence(report), report


@pytest.mark.parametrize("write", [write_text, write_markdown])
@pytest.mark.parametrize("name", ["city_review3", "district_subtotals", "town_slash", "stat2014"])
def test_a_second_copy_is_left_out_and_said_so(name, write):
    once = write(load_whole(name).document).decode()
    single, _ = outcome(once)
    double, report = outcome(f"{once}\n\n{once}")
    assert double == single
    assert {one.reason for one in report.omitted} >= {"copy"}
    assert not [finding for finding in report.findings if finding.rule == "narrative_conflict"]


def test_a_third_copy_and_one_cut_off_are_left_out():
    once = write_text(load_whole("city_review3").document).decode()
    single, _ = outcome(once)
    assert outcome("\n".join([once] * 3))[0] == single
    assert outcome(f"{once}\n{once[: len(once) * 3 // 4]}")[0]["cells"] == single["cells"]


def test_another_year_is_no_copy():
    once = write_text(load_whole("city_review3").document).decode()
    report = parse(f"{once}\n{once.replace('3', '5')}".encode())
    assert "copy" not in {one.reason for one in report.omitted}


def test_equal_lines_without_end_take_no_time():
    def prepare(length: int):
        text = "全年公开信息12条。\n" * length
        lines = [Line(at, at + 10) for at in range(0, len(text), 11)]
        return lambda: find_copy(text, lines)

    assert_linear(prepare, 60_000)
