"""Segmentation and kinds end to end: corpus reports read as text, units found against units labelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extract.classify import Classifier
from extract.learn.corpus import UnitRow
from extract.learn.markup import MarkedReport
from extract.normalise import normalise
from extract.report import Document, Paragraph, Unit, Value
from extract.sections import find_sections
from extract.units import join_atoms, split_atoms


class Span(NamedTuple):
    """A unit by its place among the characters of its report that are not white space."""

    start: int
    end: int
    kind: str


class SegmentScore(Value, frozen=True):
    """`boundary_f1` over starts and ends of units; `exact` is the share of gold units found whole.

    `exact_kind` is the share found exactly and of the right kind; `unread` are reports whose text the
    normalisation changed so that places cannot be compared.
    """

    reports: int
    units: int
    boundary_f1: float
    exact: float
    exact_kind: float
    unread: tuple[str, ...]


class Missed(NamedTuple):
    """A gold unit that was not found with both ends right."""

    unit: UnitRow
    found: tuple[str, ...]  # the texts of the units that overlap it


def segment(report: MarkedReport, classifier: Classifier) -> tuple[str, tuple[Unit, ...]]:
    """The normalised text of a corpus report and the units that the program finds in it."""
    lines = tuple(Paragraph(line) for line in report.report.text.split("\n"))
    text = normalise(Document(lines))
    sections = find_sections(text)
    atoms, _ = split_atoms(text, sections, ())
    labels = classifier.label_reports([(text.text, atoms)])[0]
    return text.text, join_atoms(text, atoms, labels)


def score_segments(
    reports: Iterable[MarkedReport], classifier: Classifier
) -> tuple[SegmentScore, list[Missed]]:
    """The scores over all reports and every gold unit that was missed."""
    counts = dict.fromkeys(("reports", "units", "exact", "kind", "right", "found", "gold"), 0)
    unread: list[str] = []
    missed: list[Missed] = []
    for report in reports:
        text, units = segment(report, classifier)
        if _bare(text) != _bare(report.report.text):
            unread.append(report.report.id)
            continue
        gold = _spans(report.report.text, report.units)
        found = _spans(text, units)
        places = {(span.start, span.end): span.kind for span in found}
        edges = {edge for span in found for edge in (span.start, span.end)}
        wanted = {edge for span in gold for edge in (span.start, span.end)}
        counts["reports"] += 1
        counts["units"] += len(gold)
        counts["right"] += len(edges & wanted)
        counts["found"] += len(edges)
        counts["gold"] += len(wanted)
        for span, unit in zip(gold, report.units):
            kind = places.get((span.start, span.end))
            counts["exact"] += kind is not None
            counts["kind"] += kind == span.kind
            if kind is None:
                near = [u.text for u, s in zip(units, found) if s.start < span.end and s.end > span.start]
                missed.append(Missed(unit, tuple(near)))
    total = max(1, counts["units"])
    score = SegmentScore(
        reports=counts["reports"],
        units=counts["units"],
        boundary_f1=round(2 * counts["right"] / max(1, counts["found"] + counts["gold"]), 4),
        exact=round(counts["exact"] / total, 4),
        exact_kind=round(counts["kind"] / total, 4),
        unread=tuple(unread),
    )
    return score, missed


def _bare(text: str) -> int:
    """How many characters of `text` are not white space."""
    return len("".join(text.split()))


def _spans(text: str, units: Sequence[UnitRow] | Sequence[Unit]) -> list[Span]:
    places, count = [], 0
    for character in text:
        places.append(count)
        count += not character.isspace()
    places.append(count)
    return [Span(places[unit.start], places[unit.end], unit.kind or "") for unit in units]
