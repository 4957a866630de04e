"""Labelled units → what a model learns from: the atoms of each report with their kinds and themes.

A report gives two examples: its units whole, and, where a unit outside enumerations has several sentences,
the sentences as the parser will see them, each with the label of its unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extract.classify.cues import load_labels
from extract.learn.corpus import UnitRow
from extract.report import Atom
from extract.sentences import find_sentence_ends


class Example(NamedTuple):
    """The atoms of one report in order, with the unit that each is (a part of)."""

    text: str
    atoms: tuple[Atom, ...]
    units: tuple[UnitRow, ...]
    whole: bool  # atoms are units; False: sentences


def group_reports(units: Iterable[UnitRow]) -> list[list[UnitRow]]:
    """The units of each report in text order, reports by id."""
    grouped: dict[str, list[UnitRow]] = {}
    for unit in units:
        grouped.setdefault(unit.report_id, []).append(unit)
    return [sorted(grouped[name], key=lambda unit: unit.start) for name in sorted(grouped)]


def read_units(report: Sequence[UnitRow]) -> Example:
    """The units of one report as atoms."""
    text, starts = _lay_out(report)
    paragraphs = _number_paragraphs(report)
    atoms = tuple(
        _as_atom(unit, start, start + len(unit.text), paragraph)
        for unit, start, paragraph in zip(report, starts, paragraphs)
    )
    return Example(text, atoms, tuple(report), whole=True)


def read_sentences(report: Sequence[UnitRow]) -> Example:
    """The sentences of one report as atoms; an enumerated item or a lead-in stays one atom."""
    text, starts = _lay_out(report)
    paragraphs = _number_paragraphs(report)
    atoms: list[Atom] = []
    units: list[UnitRow] = []
    for unit, start, paragraph in zip(report, starts, paragraphs):
        end = start + len(unit.text)
        alone = unit.marker is not None or is_lead_in(unit)
        ends = [end] if alone else find_sentence_ends(text, start, end)
        for begin, until in zip([start, *ends], ends):
            atoms.append(_as_atom(unit, begin, until, paragraph))
            units.append(unit)
    return Example(text, tuple(atoms), tuple(units), whole=False)


def is_lead_in(unit: UnitRow) -> bool:
    """Whether the unit is a clause that leads into others."""
    return unit.marker is None and unit.text[-1] in "：:" and len(unit.text) > 1


def _lay_out(report: Sequence[UnitRow]) -> tuple[str, list[int]]:
    """The texts of the units on lines of their own, and where each begins."""
    starts, at = [], 0
    for unit in report:
        starts.append(at)
        at += len(unit.text) + 1
    return "\n".join(unit.text for unit in report), starts


def _number_paragraphs(report: Sequence[UnitRow]) -> list[int]:
    """The paragraph of each unit: units that follow one another within a few characters share one.

    Between units of a paragraph stands at most a marker and a comma, between paragraphs a line end; which of
    both is not in the units, so a gap of one character and no marker counts as a line end.
    """
    numbers, number = [], 0
    for place, unit in enumerate(report):
        if place:
            before = report[place - 1]
            gap = unit.start - before.end - len(unit.marker or "")
            if gap != 0 or unit.path != before.path or unit.section != before.section:
                number += 1
        numbers.append(number)
    return numbers


def _as_atom(unit: UnitRow, start: int, end: int, paragraph: int) -> Atom:
    return Atom(
        section=unit.section,
        path=unit.path,
        marker=unit.marker,
        start=start,
        end=end,
        paragraph=paragraph,
        item=unit.marker is not None,
        lead_in=is_lead_in(unit),
    )


def kind_codes(units: Iterable[UnitRow]) -> list[int]:
    """The place of each unit's kind in labels.toml."""
    kinds = load_labels().kinds
    return [kinds.index(unit.kind) for unit in units]


def theme_rows(units: Iterable[UnitRow]) -> list[list[int]]:
    """For each unit 1 where it has the theme, in the order of labels.toml."""
    themes = load_labels().themes
    return [[int(theme in unit.themes) for theme in themes] for unit in units]
