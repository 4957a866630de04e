"""Atoms → labels: a probability a kind and the themes, by a trained model or by the rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from extract.classify.rules import label_atoms as label_by_rules
from extract.classify.settled import settle
from extract.report import Atom, Label, SectionId

Reports = Sequence[tuple[str, Sequence[Atom]]]
Alone = tuple[str, str | None, tuple[str, ...]]  # text, section where known, headings above it


class Classifier(Protocol):
    """What gives kinds and themes to the atoms of whole reports, and to units that come without a report."""

    @property
    def name(self) -> str:
        """What stands in `source.version`: name and version of the release, or `rules`."""

    def label_reports(self, reports: Reports) -> tuple[tuple[Label, ...], ...]:
        """The labels of the atoms of each report (its text, its atoms), in one batch."""

    def label_alone(self, texts: Sequence[Alone]) -> tuple[Label, ...]:
        """The labels of texts that are each one unit and no neighbour of the next."""


class Rules:
    """The keyword rules as a classifier: the baseline, and the fallback where no model is installed."""

    @property
    def name(self) -> str:
        """`rules`."""
        return "rules"

    def label_reports(self, reports: Reports) -> tuple[tuple[Label, ...], ...]:
        """The labels of the atoms of each report, one report after the other."""
        return tuple(label_by_rules(text, atoms) for text, atoms in reports)

    def label_alone(self, texts: Sequence[Alone]) -> tuple[Label, ...]:
        """The labels of single units; one without its section is read as of 总体情况."""
        labels = []
        for text, section, path in texts:
            place = cast(SectionId, section or "overview")
            labels.append(label_by_rules(text, [Atom(place, path, None, 0, len(text), 0)])[0])
        return tuple(labels)


def classify_atoms(text: str, atoms: Sequence[Atom], model: Classifier | None = None) -> tuple[Label, ...]:
    """A label for each atom of one report, in order; `scores` in the order of labels.toml, summing to 1.

    `model` None is the default release, or the rules where none is installed.
    """
    return classify_reports([(text, atoms)], model)[0]


def classify_reports(reports: Reports, model: Classifier | None = None) -> tuple[tuple[Label, ...], ...]:
    """The labels of the atoms of several reports, scored in one batch; what is beyond doubt is settled."""
    labelled = (model or load_model()).label_reports(reports)
    return tuple(settle(text, atoms, labels) for (text, atoms), labels in zip(reports, labelled))


def load_model(name: str | None = None) -> Classifier:
    """The classifier that `name` means: `rules`, a release by name or folder, or (None) the default.

    Where no release is installed the default is the rules. Raises `BadData` where a named one is not there.
    """
    if name == Rules().name:
        return Rules()
    from extract.classify.release import load_release

    return load_release(name) or Rules()
