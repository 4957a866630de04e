"""The indicators of one report, on cases computed by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec.structs import replace
from tiny import make_report

from extract.cli import main
from extract.quality import INDICATORS, describe_indicators, measure_report
from extract.quality.anchors import find_specifics, load_wording
from extract.quality.done import is_done
from extract.quality.facts import Facts
from extract.quality.indicators import describe_reasons
from extract.quality.measure import Reason
from extract.quality.problems import is_checkable, is_vague
from extract.report import Report

CASES = tomllib.loads((Path(__file__).parent / "cases" / "indicators.toml").read_text("utf-8"))
ALL = [(name, number, case) for name, cases in CASES.items() for number, case in enumerate(cases)]


def report_of(case: dict[str, Any]) -> Report:
    """The tiny report of a case."""
    blank = dict.fromkeys(case.get("blank", ()))
    given = {key: case[key] for key in ("agency", "sections", "published", "without") if key in case}
    return make_report(
        case.get("units", ()),
        year=case.get("year", 2023) or None,
        form=None if case.get("form") == "none" else case.get("form", "2021"),
        cells={**case.get("cells", {}), **blank},
        **given,
    )


@pytest.mark.parametrize(("name", "number", "case"), ALL, ids=[f"{name}-{number}" for name, number, _ in ALL])
def test_indicator(name: str, number: int, case: dict[str, Any]) -> None:
    """Value, numerator and denominator, or the reason why there is none."""
    measure = INDICATORS[name](report_of(case))
    assert measure.few == case.get("few", False)
    if "is" not in case:
        assert (measure.value, measure.reason) == (None, case["reason"])
        return
    value, *parts = case["is"]
    assert measure.value == pytest.approx(value, abs=1e-5)
    assert [measure.numerator, measure.denominator][: len(parts)] == parts
    assert measure.reason is None


def test_every_indicator_has_three_cases_a_null_among_them() -> None:
    assert set(CASES) == set(INDICATORS)
    for name, cases in CASES.items():
        assert len(cases) >= 3, name
        assert any("is" not in case for case in cases), name


def test_the_codebook_knows_every_indicator_and_reason() -> None:
    described = describe_indicators()
    assert [one.id for one in described.values() if one.level == "report"] == list(INDICATORS)
    assert set(describe_reasons()) == set(get_args(Reason))
    for one in described.values():
        assert one.zh
        assert one.en
        assert one.formula
        assert one.source


def test_every_indicator_is_documented_with_its_range() -> None:
    for name, function in INDICATORS.items():
        says = function.__doc__ or ""
        assert any(word in says for word in ("ange 0–1", "From ", "count from", "in days", "1 where")), name


@pytest.mark.parametrize("example", load_wording().example, ids=lambda one: one["text"][:12])
def test_wording_holds_its_examples(example: dict[str, Any]) -> None:
    report = make_report([("problems", "problem", example["text"])])
    unit, facts = report.units[0], Facts(report)
    if "vague" in example:
        assert is_vague(unit.text) == example["vague"]
    if "specific" in example:
        assert bool(facts.specifics[unit.id]) == example["specific"]
    if "checkable" in example:
        assert is_checkable(facts, unit) == example["checkable"]
    if "done" in example:
        assert is_done(replace(unit, kind="measure", themes=("mechanism",))) == example["done"]


def test_specific_things_do_not_overlap_and_are_spans_of_the_unit() -> None:
    text = "宝丰县于3月5日印发《政务公开要点（2023年5月）》（宝政〔2023〕5号），县司法局推送12条。"
    report = make_report([("overview", "management", text)], agency="乌恰县教育局")
    unit = report.units[0]
    figures = Facts(report).figures.get(unit.id, [])
    spans = find_specifics(unit, figures, [], report.agency)
    assert [text[start:end] for start, end in spans] == [
        "宝丰县",
        "3月5日",
        "《政务公开要点（2023年5月）》",
        "〔2023〕5号",
        "司法局",
        "12条",
    ]


def test_a_report_without_anything_has_no_values_but_reasons() -> None:
    empty = make_report([], form=None, year=None, sections=(), checked=False)
    for name, measure in measure_report(empty).items():
        assert (measure.value is None) == (measure.reason is not None), name


def test_word_lists_are_free_of_repeats() -> None:
    wording = load_wording()
    for words in (wording.bodies, wording.instruments):
        assert len(set(words)) == len(words), {word for word in words if words.count(word) > 1}


def test_the_terminal_speaks_the_language_that_is_asked_for(tmp_path, capsys):
    report = tmp_path / "a.txt"
    report.write_text(
        "松溪镇人民政府2023年政府信息公开工作年度报告\n一、总体情况\n公开信息45条。\n"
        "五、存在的主要问题及改进情况\n一是更新不够及时。\n",
        encoding="utf-8",
    )
    assert main(["quality", str(report)]) == 0
    said = capsys.readouterr().out
    assert "指标" in said
    assert "没有对应措施" in said
    assert "indicator" not in said
    assert main(["quality", str(report), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "indicator" in said
    assert "unanswered" in said
    out = str(tmp_path / "out")
    assert main(["parse", str(report), "-o", out]) == 0
    assert main(["quality", out]) == 0
    assert "层级: 乡镇街道" in capsys.readouterr().out
    assert main(["show", str(report)]) == 0
    assert "缺少部分" in capsys.readouterr().out
