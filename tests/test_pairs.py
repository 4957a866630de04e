"""Problems and the measures that answer them, against links made by a reader."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tiny import make_report

from extract.quality.pairs import find_answers, link_units
from extract.report import Unit

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "cases" / "pairs.toml").read_text("utf-8"))["report"]
FLOORS = {"gold": (0.95, 0.95), "corpus": (0.8, 0.8)}  # precision, recall


@cache
def corpus_units() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for split in ("test", "validation"):
        for path in sorted((HERE.parent / "corpus" / "units" / split).glob("*.jsonl")):
            for line in path.read_text("utf-8").splitlines():
                unit = json.loads(line)
                found.setdefault(unit["report_id"], []).append(unit)
    return found


def units_of(case: dict[str, Any]) -> list[Unit]:
    """The units of a case with the kinds and themes that readers gave them."""
    if "gold" in case:
        rows = json.loads((HERE / "reports" / f"{case['gold']}.json").read_text("utf-8"))["units"]
    else:
        rows = corpus_units()[case["corpus"]]
    units, at = [], 0
    for number, row in enumerate(rows, 1):
        text = row["text"]
        path, themes = tuple(row.get("path") or ()), tuple(row.get("themes") or ())
        section, end = row.get("section") or "problems", at + len(text)
        units.append(
            Unit(f"u{number}", section, path, row.get("marker"), text, at, end, row["kind"], 1.0, themes)
        )
        at = end + 1
    return units


def score(key: str) -> tuple[int, int, int]:
    """Links found and right, found, wanted over the cases of one source."""
    right = found = wanted = 0
    for case in (one for one in CASES if key in one):
        pairs = link_units(units_of(case)).pairs
        links = {(pair.problem.text[:14], pair.measure.text[:14]) for pair in pairs}
        gold = {tuple(link) for link in case["links"]}
        right, found, wanted = right + len(links & gold), found + len(links), wanted + len(gold)
    return right, found, wanted


@pytest.mark.parametrize("key", sorted(FLOORS))
def test_links_of_a_reader(key: str) -> None:
    right, found, wanted = score(key)
    precision, recall = right / found, right / wanted
    print(f"{key}: {wanted} links, precision {precision:.3f}, recall {recall:.3f}")
    assert (precision, recall) >= (FLOORS[key][0], 0)
    assert recall >= FLOORS[key][1]


def test_a_measure_that_names_its_problem_is_its_answer() -> None:
    report = make_report(
        [
            ("problems", "problem", "公示照片未遮盖证件号码。", ["security"]),
            ("problems", "problem", "季度数据更新拖沓。", ["timeliness"]),
            ("problems", "measure", "针对上述第二个问题，由分管局长督办。", ["mechanism"]),
        ]
    )
    answers = find_answers(report)
    assert [(pair.problem.id, pair.measure.id, pair.signs) for pair in answers.pairs] == [
        ("u2", "u3", ("named",))
    ]
    assert [unit.id for unit in answers.unanswered] == ["u1"]


def test_a_measure_of_another_matter_answers_nothing() -> None:
    report = make_report(
        [
            ("problems", "problem", "水质数据每季度才更新一次。", ["timeliness"]),
            ("problems", "problem", "答复文书格式不一。", ["request_handling"]),
            ("problems", "problem", "联络员一年换了三人。", ["staffing"]),
            ("problems", "measure", "举办开放日活动，邀请居民参观。", ["interaction"]),
        ]
    )
    answers = find_answers(report)
    assert not answers.pairs
    assert len(answers.unanswered) == 3
    assert len(answers.unasked) == 1


def test_lead_ins_are_neither_problem_nor_measure() -> None:
    report = make_report(
        [
            ("problems", "problem", "主要问题有："),
            ("problems", "problem", "公告栏更新不及时。", ["timeliness"]),
            ("problems", "measure", "下一步将采取以下措施："),
            ("problems", "measure", "每月更新公告栏。", ["timeliness"]),
        ]
    )
    answers = find_answers(report)
    assert [(pair.problem.id, pair.measure.id) for pair in answers.pairs] == [("u2", "u4")]
    assert not answers.unanswered
    assert not answers.unasked
