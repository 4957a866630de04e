"""The whole parse: what holds for every report, whatever is in it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import Report, UnreadableFile, parse, parse_many
from extract.forms import load_forms

ROOT = Path(__file__).parent.parent
REPORTS = sorted(p for p in (ROOT / "tests" / "reports").iterdir() if p.suffix in (".txt", ".md"))
SAMPLE = ROOT / "samples" / "report.txt"


def check_offsets(report: Report) -> None:
    """Every quoted surface stands where it says, units do not overlap, and nothing of a section is lost."""
    text = report.text
    for unit in report.units:
        assert text[unit.start : unit.end] == unit.text
    for found in (*report.platforms, *report.figures):
        assert text[found.start : found.end] == found.text
        assert any(
            unit.id == found.unit_id and unit.start <= found.start <= found.end <= unit.end
            for unit in report.units
        )
    for cell in report.cells:
        if cell.start is not None:
            assert text[cell.start : cell.end] == cell.raw
    for before, after in zip(report.units, report.units[1:]):
        assert before.end <= after.start
    covered = bytearray(len(text))
    for span in (*report.units, *report.omitted):
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    for section in report.sections:
        lost = "".join(
            text[i] for i in range(section.start, section.end) if not covered[i] and text[i].isalnum()
        )
        assert lost == ""


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_offsets_and_coverage_of_whole_reports(path):
    check_offsets(parse(path))


@pytest.mark.parametrize("path", REPORTS[:6], ids=lambda path: path.name)
def test_parsing_twice_is_the_same(path):
    assert parse(path) == parse(path)


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_a_table_that_is_there_has_all_its_cells(path):
    report = parse(path)
    for form in load_forms():
        if form.edition != report.form:
            continue
        wanted = {
            id_ for id_ in form.cell_ids() if id_.split(".")[0] in {cell.table for cell in report.cells}
        }
        assert {cell.id for cell in report.cells} == wanted


WORDS = st.sampled_from(
    ["一、总体情况\n", "二、主动公开政府信息情况\n", "五、存在的主要问题及改进情况\n", "2023年", "规章\t0\t"]
    + ["行政许可", "一是", "；", "。", "（一）", "公开信息140余条", "未收到申请", "\n", "\t", "总计", "0 "]
    + ["第二十条第（一）项\n", "信息内容\t", "，", "某镇人民政府"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS | st.text(max_size=8), max_size=60).map("".join))
def test_no_text_whatever_crashes_the_parser(body):
    try:
        report = parse("某镇2023年政府信息公开工作年度报告\n" + body)
    except UnreadableFile:
        return
    check_offsets(report)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_whatever_crash_the_parser(data):
    with contextlib.suppress(UnreadableFile):
        parse(data)


def test_the_json_is_the_types_written_out():
    report = parse(SAMPLE)
    assert json.loads(report.to_json()) == json.loads(json.dumps(report.to_dict()))
    assert list(report.to_dict())[:6] == ["id", "source", "agency", "year", "title", "form"]


def test_the_same_from_path_bytes_and_text():
    data = SAMPLE.read_bytes()
    one, two, three = parse(SAMPLE), parse(data), parse(data.decode())
    assert one.id == two.id == three.id
    assert one.units == two.units == three.units


def test_parse_many_gives_the_error_in_the_files_place(tmp_path):
    found = list(parse_many([SAMPLE, tmp_path / "none.txt", SAMPLE]))
    assert [type(one) for one in found] == [Report, UnreadableFile, Report]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"   \n\n  ", ""),
        (bytes(range(256)) * 40, ""),
        ("关于召开防汛工作会议的通知\n各村：定于明日召开会议。".encode(), "no annual report"),
        (b"The annual report of a company, in English, about its sales.", "Chinese"),
    ],
)
def test_bad_input_is_refused_with_the_file_and_the_reason(data, says):
    with pytest.raises(UnreadableFile) as caught:
        parse(data, name="bad.txt")
    assert caught.value.path == "bad.txt"
    assert says in caught.value.reason


def test_frames_where_pandas_is_there():
    pytest.importorskip("pandas")
    from extract import cells_frame, figures_frame, units_frame

    report = parse(SAMPLE)
    cells = cells_frame(report).set_index(["table", "row", "column"])
    assert cells.loc[("requests", "received", "total"), "value"] == 33
    assert len(figures_frame([report, report])) == 2 * len(report.figures)
    assert set(units_frame(report)["kind"]) >= {"problem", "measure"}


def test_a_fault_of_the_program_costs_one_report(monkeypatch, tmp_path):
    """Whatever step trips up, the reports before and after it come out as ever, and `parse` says it plainly."""
    from extract import pipeline

    def trip(text, *more):
        if "三" in text.text[:30]:
            raise KeyError(7)
        return find(text, *more)

    find = pipeline.find_sections
    texts = [f"{name}县2020年政府信息公开工作年度报告\n一、总体情况\n公开信息12条。\n" for name in "一二三四"]
    plain = [one.to_json() for one in parse_many(texts)]
    monkeypatch.setattr(pipeline, "find_sections", trip)
    found = list(parse_many(texts))
    assert [one.to_json() for one in (*found[:2], found[3])] == [*plain[:2], plain[3]]
    assert "fault of this program" in str(found[2])
    assert "KeyError: 7" in str(found[2])
    with pytest.raises(KeyError):
        parse(texts[2])
    monkeypatch.setattr(pipeline, "read_document", lambda *_: 1 // 0)
    assert "ZeroDivisionError" in str(next(parse_many(texts)))


@pytest.mark.parametrize("source", ["reports", b"...", SAMPLE])
def test_one_source_is_no_list_of_sources(source):
    with pytest.raises(TypeError, match="several sources"):
        next(parse_many(source))
