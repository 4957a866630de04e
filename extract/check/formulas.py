"""Formulas of cells, as data/checks.toml writes them: which cells they name, and what they come to."""

from __future__ import annotations

from extract.check.evidence import Evidence
from extract.check.layout import find_terms
from extract.report import Number


def cells_of(evidence: Evidence, formula: str) -> list[str]:
    """The ids of the cells in a formula, `*` and the column groups written out; only those the form has."""
    layout = evidence.layout
    places = [place for _, term in find_terms(layout, formula) for place in term]
    return [layout.ids[place] for place in dict.fromkeys(places)]


def has_cells(evidence: Evidence, formula: str) -> bool:
    """Whether the form of the report has every term of a formula."""
    return all(places for _, places in find_terms(evidence.layout, formula))


def add_cells(evidence: Evidence, formula: str) -> Number | None:
    """What a formula of cells comes to; None where one of them is blank."""
    total: Number = 0
    for sign, places in find_terms(evidence.layout, formula):
        for place in places:
            value = evidence.values[place]
            if value is None:
                return None
            total += sign * value
    return total
