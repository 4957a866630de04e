"""Atoms → labels: a probability a kind and the themes, by a trained model or by the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from extract.report import Atom, Label
from extract.rules import label_atoms as label_by_rules


class Classifier(Protocol):
    """What gives kinds and themes to the atoms of whole reports."""

    @property
    def name(self) -> str:
        """What stands in `source.version`: name and version of the release, or `rules`."""

    def label_reports(self, reports: Sequence[tuple[str, Sequence[Atom]]]) -> tuple[tuple[Label, ...], ...]:
        """The labels of the atoms of each report (its text, its atoms), in one batch."""


class Rules:
    """The keyword rules as a classifier: the baseline, and the fallback where no model is installed."""

    name = "rules"

    def label_reports(self, reports: Sequence[tuple[str, Sequence[Atom]]]) -> tuple[tuple[Label, ...], ...]:
        """The labels of the atoms of each report, one report after the other."""
        return tuple(label_by_rules(text, atoms) for text, atoms in reports)


def classify_atoms(text: str, atoms: Sequence[Atom], model: Classifier | None = None) -> tuple[Label, ...]:
    """A label for each atom of one report, in order; `scores` in the order of labels.toml, summing to 1."""
    return classify_reports([(text, atoms)], model)[0]


def classify_reports(
    reports: Sequence[tuple[str, Sequence[Atom]]], model: Classifier | None = None
) -> tuple[tuple[Label, ...], ...]:
    """The labels of the atoms of several reports, scored in one batch."""
    return (model or Rules()).label_reports(reports)


def load_model(name: str | None = None) -> Classifier:
    """The classifier that `name` means: `rules`, a release by name or folder, or (None) the default.

    Where no release is installed the default is the rules. Raises `BadData` where a named one is not there.
    """
    if name == Rules.name:
        return Rules()
    from extract.release import load_release

    return load_release(name) or Rules()
