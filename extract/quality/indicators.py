"""All indicators by name, and what data/indicators.toml says of them.

A new indicator is a function in the module of its subject, its name in `INDICATORS` and an entry in the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Literal

import msgspec

import extract.quality.arithmetic as arithmetic
import extract.quality.completeness as completeness
import extract.quality.language as language
import extract.quality.problems as problems
import extract.quality.requests as requests
import extract.quality.timeliness as timeliness
import extract.quality.wording as wording
from extract.datafiles import read_as
from extract.quality.facts import Facts
from extract.quality.measure import Measure
from extract.report import Report, Value

Level = Literal["report", "pair", "peers"]
Reads = Literal["better", "worse", "none"]

INDICATORS: Mapping[str, Callable[[Report | Facts], Measure]] = {
    function.__name__: function
    for function in (
        completeness.sections_present,
        completeness.cells_filled,
        completeness.topics_covered,
        completeness.form_ok,
        arithmetic.arith_pass,
        arithmetic.narrative_agree,
        arithmetic.breakdown_agree,
        wording.figure_density,
        wording.specificity,
        wording.hard_unit_share,
        wording.self_repetition,
        problems.problem_units,
        problems.measure_units,
        problems.vague_problem_share,
        problems.checkable_measure_share,
        problems.theme_alignment,
        problems.pair_alignment,
        requests.grant_rate,
        requests.full_grant_rate,
        requests.merits_grant_rate,
        requests.denial_rate,
        requests.unavailable_rate,
        requests.not_processed_rate,
        requests.other_rate,
        requests.clearance_rate,
        requests.backlog_rate,
        requests.dispute_rate,
        requests.reversal_rate,
        requests.reversal_rate_reconsideration,
        requests.reversal_rate_litigation,
        requests.natural_person_share,
        timeliness.days_early,
        language.clause_length,
        language.function_word_rate,
    )
}


class Indicator(Value, frozen=True):
    """What the codebook says of an indicator: labels, formula, source, range, and which way is better."""

    id: str
    level: Level
    zh: str
    en: str
    formula: str
    source: str
    range: str
    reads: Reads
    caution_zh: str = ""  # what it does not mean
    caution_en: str = ""


class ReasonLabel(Value, frozen=True):
    """Why a value is missing, in both languages."""

    id: str
    zh: str
    en: str


class _File(Value, frozen=True):
    indicators: tuple[Indicator, ...] = msgspec.field(name="indicator")
    reasons: tuple[ReasonLabel, ...] = msgspec.field(name="reason")


@cache
def _load() -> _File:
    return read_as("indicators.toml", _File)


def describe_indicators() -> Mapping[str, Indicator]:
    """Every indicator by id, also those of pairs and peers, in the order of the tables."""
    return {one.id: one for one in _load().indicators}


def describe_reasons() -> Mapping[str, ReasonLabel]:
    """Every reason for a missing value by id."""
    return {one.id: one for one in _load().reasons}


def measure_report(report: Report) -> dict[str, Measure]:
    """All indicators of one report by itself, in the order of `INDICATORS`."""
    facts = Facts(report)
    return {name: measure(facts) for name, measure in INDICATORS.items()}
