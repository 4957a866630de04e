"""How much the narrative says that could be checked, and how much of it is said twice."""

from __future__ import annotations

from extract.quality.facts import Facts, indicator
from extract.quality.measure import Measure, rate
from extract.similarity.mask import masked

THOUSAND = 1000
SHORTEST = 12  # characters from which a repeated unit is no mere 无 or set phrase


@indicator
def figure_density(facts: Facts) -> Measure:
    """1000 × figures that are no absences / N. From 0 up; per thousand characters of all units."""
    figures = sum(not figure.negated for figure in facts.report.figures)
    return rate(figures, facts.characters, "no_units", per=THOUSAND)


@indicator
def specificity(facts: Facts) -> Measure:
    """1000 × specific things / N. From 0 up; per thousand characters of all units.

    Figures (no absences), days and months, names in 《》 but that of the Regulation, document numbers,
    platforms with a name, bodies and places other than the agency's own; what overlaps counts once.
    Source: after Hope, Hu and Lu (2016), The benefits of specific risk-factor disclosures.
    """
    return rate(sum(facts.specifics.values()), facts.characters, "no_units", per=THOUSAND)


@indicator
def hard_unit_share(facts: Facts) -> Measure:
    """Units with at least one specific thing (see `specificity`) / units. Range 0–1."""
    return rate(sum(n > 0 for n in facts.specifics.values()), len(facts.report.units), "no_units")


@indicator
def self_repetition(facts: Facts) -> Measure:
    """Characters of units that repeat an earlier unit of the report, names and numbers aside / N. Range 0–1.

    Units below 12 characters are left out: 无 may well stand twice.
    """
    seen: set[str] = set()
    repeated = 0
    for unit in facts.report.units:
        text = masked(unit.text, facts.report.agency) if len(unit.text) >= SHORTEST else ""
        repeated += len(unit.text) if text in seen else 0
        seen |= {text} - {""}
    return rate(repeated, facts.characters, "no_units")
