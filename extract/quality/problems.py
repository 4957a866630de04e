"""How a report speaks of its problems, and of what it does about them.

Units that only lead into others (存在以下问题：) are not counted.
"""

from __future__ import annotations

from extract.quality.anchors import find_bodies, find_instruments, pattern
from extract.quality.facts import Facts, indicator
from extract.quality.measure import Measure, count, rate, unknown
from extract.report import Unit
from extract.similarity.places import find_places


@indicator
def problem_units(facts: Facts) -> Measure:
    """Units that state a shortcoming. A count from 0 up; of a text cut before section 五 it is unknown.

    Source: 条例第五十条 (存在的主要问题).
    """
    if facts.may_have_lost("problems"):
        return unknown("cut")
    return count(len(facts.units("problem")))


@indicator
def measure_units(facts: Facts) -> Measure:
    """Units that say what is or was done to mend one. A count from 0 up; as for `problem_units`.

    Source: 条例第五十条 (改进情况).
    """
    if facts.may_have_lost("problems"):
        return unknown("cut")
    return count(len(facts.units("measure")))


@indicator
def vague_problem_share(facts: Facts) -> Measure:
    """Problem units with nothing specific and with a vague word (个别, 部分, 有待, 不够 …) / problem units.

    Range 0–1. What is specific: see `specificity`; the words are in data/wording.toml.
    """
    problems = facts.units("problem")
    vague = sum(not facts.specifics[unit.id] and is_vague(unit.text) for unit in problems)
    return rate(vague, len(problems), "no_problems")


def is_vague(text: str) -> bool:
    """Whether a problem is put in words that any agency could use.

    >>> is_vague("部分信息更新不够及时"), is_vague("网站有14条信息逾期未更新")
    (True, False)
    """
    return pattern("vague").search(text) is not None


@indicator
def checkable_measure_share(facts: Facts) -> Measure:
    """Measure units with a number, a day or rhythm, a named body, a place or an instrument / measure units.

    Range 0–1. Instruments are things that one can go and see (台账, 专栏, 培训班): data/wording.toml.
    """
    measures = facts.units("measure")
    return rate(sum(is_checkable(facts, unit) for unit in measures), len(measures), "no_measures")


def is_checkable(facts: Facts, unit: Unit) -> bool:
    """Whether somebody could find out later if the measure was taken."""
    text = unit.text
    return bool(
        facts.specifics[unit.id]
        or pattern("times").search(text)
        or find_bodies(text)
        or find_instruments(text)
        or find_places(text)
    )


@indicator
def theme_alignment(facts: Facts) -> Measure:
    """Themes of the problems that the measures take up too / themes of the problems. Range 0–1."""
    problems = {theme for unit in facts.units("problem") for theme in unit.themes}
    measures = {theme for unit in facts.units("measure") for theme in unit.themes}
    return rate(len(problems & measures), len(problems), "no_themes")


@indicator
def pair_alignment(facts: Facts) -> Measure:
    """Problem units with at least one measure unit that shares a theme / problem units. Range 0–1."""
    problems = facts.units("problem")
    measures = {theme for unit in facts.units("measure") for theme in unit.themes}
    return rate(sum(bool(measures & set(unit.themes)) for unit in problems), len(problems), "no_problems")
