"""Scores of whole reports against their gold: heading, sections, cells, units, findings, figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from extract.learn.gold import GoldReport
from extract.learn.score import Score
from extract.report import Report

Pair = tuple[GoldReport, Report | None]


def compare(found: Iterable[Any], expected: Iterable[Any]) -> Score:
    """Score of two multisets of hashable things."""
    have, want = Counter(found), Counter(expected)
    right = sum((have & want).values())
    return Score(right, sum(have.values()) - right, sum(want.values()) - right)


def score_cells(pair: Pair) -> Score:
    """A cell is right where its value is; `false` is a value that is not the expected one (null included)."""
    gold, report = pair
    want = gold.expected["cells"]
    have = {cell.id: cell.value for cell in report.cells} if report else {}
    right = sum(id_ in have and _same(have[id_], value) for id_, value in want.items())
    false = sum(value is not None and not _same(want.get(id_), value) for id_, value in have.items())
    return Score(right, false, len(want) - right)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < 1e-6


def score_heading(pair: Pair) -> Score:
    """One point each for agency, year, title, form and publication day, as far as the gold states them."""
    gold, report = pair
    names = [name for name in ("agency", "year", "title", "form", "published") if name in gold.expected]
    have = {(name, getattr(report, name)) for name in names} if report else set()
    want = {(name, gold.expected[name]) for name in names}
    return compare(have, want)


def score_sections(pair: Pair) -> Score:
    """A section is right with the right id, heading and place in the order."""
    gold, report = pair
    found = [(one.id, one.heading) for one in report.sections] if report else []
    want = [(one["id"], one["heading"]) for one in gold.expected["sections"]]
    return compare(_in_order(found), _in_order(want))


def _in_order(headings: Sequence[tuple[str, str | None]]) -> list[tuple[int, str, str | None]]:
    return [(number, id_, _squeeze(heading)) for number, (id_, heading) in enumerate(headings)]


def _squeeze(text: str | None) -> str | None:
    return None if text is None else "".join(text.split())


def score_units(pair: Pair) -> Score:
    """A unit is right with the right text and section, however it is labelled."""
    gold, report = pair
    want = [(unit["section"], _squeeze(unit["text"])) for unit in gold.expected["units"]]
    return compare([(unit.section, _squeeze(unit.text)) for unit in report.units] if report else [], want)


def score_kinds(pair: Pair) -> Score:
    """Of the units with the right text: is the kind right (or one that the gold accepts)?"""
    gold, report = pair
    want = {
        _squeeze(unit["text"]): [unit["kind"], *unit.get("kind_ok", ())] for unit in gold.expected["units"]
    }
    have = {_squeeze(unit.text): unit.kind for unit in report.units} if report else {}
    met = [text for text in want if text in have]
    right = sum(have[text] in want[text] for text in met)
    return Score(right, len(met) - right, len(met) - right)


def score_findings(pair: Pair) -> Score:
    """A finding is right with the right rule at the right place; those that `may` be raised do not count."""
    gold, report = pair
    found = [(one.rule, _found_places(report, one.where)) for one in report.findings] if report else []
    wanted = [(one["rule"], _places(one)) for one in gold.expected["findings"]]
    right, missed = _take(found, wanted)
    optional = [(one["rule"], _places(one)) for one in gold.expected.get("may", ())]
    _take(found, optional)
    return Score(right, len(found), missed)


def _take(found: list[tuple[str, list[str]]], wanted: list[tuple[str, list[str]]]) -> tuple[int, int]:
    """Remove from `found` what is wanted; how many there were, and how many were missed."""
    missed = 0
    for rule, places in wanted:
        fits = (one for one in found if one[0] == rule and _meet(one[1], places))
        match = next(fits, None)
        if match is None:
            missed += 1
        else:
            found.remove(match)
    return len(wanted) - missed, missed


def _meet(found: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(_overlap(one, other) for one in found for other in wanted)


def _overlap(found: str, wanted: str) -> bool:
    """Cells must be the same; of two quotations one may hold the other; no place stated fits any."""
    if found == wanted or not wanted:
        return True
    return "." not in wanted and bool(found) and (wanted in found or found in wanted)


def _places(finding: dict[str, Any]) -> list[str]:
    """The places where a finding may be said to be: its cells, or the quotations that fit."""
    quoted = [finding["text"], *finding.get("text_ok", ())] if finding.get("text") is not None else []
    return [_squeeze(text) or "" for text in quoted] or [" ".join(sorted(finding.get("where", ())))]


def _found_places(report: Report, where: Sequence[str]) -> list[str]:
    """The cells of a finding as one place, and the text of its first span as another."""
    spans = [one.split(":") for one in where if one.replace(":", "").isdigit()]
    cells = sorted(one for one in where if not one.replace(":", "").isdigit())
    quoted = [_squeeze(report.text[int(start) : int(end)]) or "" for start, end in spans[:1]]
    return [" ".join(cells), *quoted] if cells else quoted or [""]


def score_figures(pair: Pair) -> Score:
    """A figure is right with the right surface, value, unit, bound and negation; optional ones are free."""
    gold, report = pair
    names = ("text", "value", "unit", "bound", "negated")
    wanted, optional = Counter[Any](), Counter[Any]()
    for figure in gold.expected["figures"]:
        which = optional if figure.get("optional") else wanted
        which[tuple(_squeeze_if_text(figure.get(name)) for name in names)] += 1
    found = Counter(
        tuple(_squeeze_if_text(getattr(figure, name)) for name in names)
        for figure in (report.figures if report else ())
    )
    tolerated = (found - wanted) & optional
    return compare((found - tolerated).elements(), wanted.elements())


def _squeeze_if_text(value: Any) -> Any:
    return _squeeze(value) if isinstance(value, str) else value


SCORES: dict[str, tuple[str, Callable[[Pair], Score]]] = {
    "title": ("agency", score_heading),
    "sections": ("sections", score_sections),
    "cells": ("cells", score_cells),
    "units": ("units", score_units),
    "kinds": ("units", score_kinds),
    "findings": ("findings", score_findings),
    "figures": ("figures", score_figures),
}
