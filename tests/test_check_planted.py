"""Each fault planted alone in clean reports: recall and precision rule by rule, as values and as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from planting import PLANTERS, plant
from planting_drafts import Draft, make_draft
from planting_write import write_text, write_values

from extract.check import check_report
from extract.learn.finding_scores import Expected, add_scores, compare_findings
from extract.learn.score import Score
from extract.pipeline import parse
from extract.report import Finding

FLOOR = 0.95
Read = Callable[[Draft], tuple[str, tuple[Finding, ...]]]


def as_values(draft: Draft) -> tuple[str, tuple[Finding, ...]]:
    report, tables, text = write_values(draft)
    return report.text, check_report(report, tables, text)


def as_text(draft: Draft) -> tuple[str, tuple[Finding, ...]]:
    report = parse(write_text(draft))
    return report.text, report.findings


def score(rule: str, count: int, read: Read) -> dict[str, Score]:
    """Scores of the first `count` reports that can bear a fault of the rule."""
    scores = []
    for seed in range(4 * count):
        planted = plant(rule, seed)
        if planted is None or len(scores) == count:
            continue
        text, found = read(planted.draft)
        expected = [Expected(*one) for one in planted.expected]
        scores.append(compare_findings(expected, found, text, allowed=planted.allowed)[0])
    assert len(scores) == count
    return add_scores(scores)


def assert_good(rule: str, scores: dict[str, Score]) -> None:
    total = sum(scores.values(), Score())
    assert (scores[rule].recall or 0) >= FLOOR, scores
    assert (total.precision or 0) >= FLOOR, scores


def test_clean_reports_raise_nothing() -> None:
    for seed in range(60):
        assert as_values(make_draft(seed))[1] == (), seed


@pytest.mark.parametrize("rule", PLANTERS)
def test_planted_faults_are_found(rule: str) -> None:
    assert_good(rule, score(rule, 40, as_values))


def test_clean_texts_accuse_nobody() -> None:
    for seed in range(30):
        found = as_text(make_draft(seed))[1]
        assert not [one for one in found if (one.severity, one.origin) == ("error", "report")], seed


@pytest.mark.parametrize("rule", PLANTERS)
def test_planted_faults_are_found_through_the_parser(rule: str) -> None:
    assert_good(rule, score(rule, 30, as_text))


REAL = {  # rule and what it names, of the real reports; no other finding but on their blank cells
    "000": [],
    "001": [("missing_section", ""), ("misprinted_label", "只记这一情形")],
    "002": [("missing_cell", "requests.granted.natural_person")],
    "003": [],
    "004": [("misprinted_label", "本年度止件数")],
}


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_the_real_reports(name: str, real_reports: dict[str, Path]) -> None:
    report = parse(real_reports[name])
    expected = [Expected(*one) for one in REAL[name]]
    _, missed, false = compare_findings(expected, report.findings, report.text)
    assert not missed
    assert not false
