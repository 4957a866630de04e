"""The narrative of a report as units: split into atoms by form, then, once labelled, joined by what they do.

Source of the rules: LABELS.md §1. Items and lead-ins stay as they are; the sentences of a paragraph are
joined while the kind stays the same.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

from extract.blocks import find_paragraphs, split_blocks
from extract.datafiles import read_data
from extract.outline import read_outline
from extract.report import Atom, Label, Omitted, Section, Text, Unit

# Cost of a change of kind between two sentences of one paragraph, in nats. Measured with the trained model,
# November 2026: on 21 reports of another hand exact units F1 is 0.948 at 2, 0.967 at 3 and 4, 0.960 at 5; on
# the corpus's own reports, where paragraphs change their kind more often than real ones do, 2 is best.
SWITCH_COST = 3.0
_FLOOR = 1e-4  # no label is surer than this of what a sentence is not


def split_atoms(
    text: Text, sections: Sequence[Section], table_spans: Sequence[tuple[int, int]]
) -> tuple[tuple[Atom, ...], tuple[Omitted, ...]]:
    """The atoms of all sections, in text order, and every other stretch of them with the reason.

    Each character of a section that is not white space lies in exactly one atom or one omitted stretch.
    `table_spans` are the stretches that the table step has taken; a grid is left out as well.
    """
    tables = _merge([*table_spans, *((grid.start, grid.end) for grid in text.grids)])
    starts = [line.start for line in text.lines]
    ends = [line.end for line in text.lines]
    table_starts, table_ends = [start for start, _ in tables], [end for _, end in tables]
    atoms: list[Atom] = []
    omitted: list[Omitted] = []
    paragraphs_before = 0
    for section in sections:
        lines = text.lines[bisect_right(ends, section.start) : bisect_left(starts, section.end)]
        inside = tables[bisect_right(table_ends, section.start) : bisect_left(table_starts, section.end)]
        paragraphs, left_out = find_paragraphs(text, section, lines, inside)
        blocks = split_blocks(text.text, paragraphs)
        found, more = read_outline(text.text, section.id, blocks, paragraphs_before)
        spans = [Omitted(max(a, section.start), min(b, section.end), "table") for a, b in inside]
        atoms.extend(found)
        omitted.extend(_complete(text.text, section, found, [*spans, *left_out, *more]))
        paragraphs_before += len(paragraphs)
    return tuple(atoms), tuple(omitted)


def _merge(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _complete(
    text: str, section: Section, atoms: Sequence[Atom], omitted: Sequence[Omitted]
) -> Iterator[Omitted]:
    """The omitted stretches in order, without overlaps, and whatever else no atom holds."""
    taken = sorted(
        [(atom.start, atom.end, "") for atom in atoms] + [(one.start, one.end, one.reason) for one in omitted]
    )
    at = section.start
    for start, end, reason in [*taken, (section.end, section.end, "")]:
        rest = text[at:start]
        if rest.strip():
            begin = at + len(rest) - len(rest.lstrip())
            yield Omitted(begin, begin + len(rest.strip()), "marker")
        if reason and max(start, at) < end:
            yield Omitted(max(start, at), end, reason)
        at = max(at, end)


# ---- joining ---------------------------------------------------------------------------------------------


@cache
def load_kinds() -> tuple[str, ...]:
    """The ids of the kinds in the order of every score vector, from data/labels.toml."""
    data = read_data("labels.toml")
    return tuple(data["kinds"])


def join_atoms(text: Text, atoms: Sequence[Atom], labels: Sequence[Label]) -> tuple[Unit, ...]:
    """The units that labelled atoms make, in order, named u1, u2, …

    `labels` holds one label an atom, its scores in the order of `load_kinds`. The kinds of the sentences of a
    paragraph are decided together: each change of kind costs `SWITCH_COST`. A unit's kind is the best of the
    mean of its atoms' scores, weighted by length, and its score is that mean.
    """
    units: list[Unit] = []
    numbered = range(len(atoms))
    for _, group in groupby(numbered, key=lambda place: _group_key(atoms[place], place)):
        places = list(group)
        for run in _split_runs(atoms, labels, places):
            units.append(_make_unit(text.text, atoms, labels, run, f"u{len(units) + 1}"))
    return tuple(units)


def _group_key(atom: Atom, place: int) -> tuple[object, ...]:
    """Equal for the atoms that may be one unit."""
    alone = place if atom.item or atom.lead_in else -1
    return (atom.section, atom.path, atom.paragraph, alone)


def _split_runs(atoms: Sequence[Atom], labels: Sequence[Label], places: Sequence[int]) -> list[list[int]]:
    """The places of one group cut where the kind changes."""
    if len(places) == 1:
        return [list(places)]
    kinds = _decode([labels[place].scores for place in places])
    if kinds.count(kinds[0]) == len(kinds):
        return [list(places)]
    runs = [[places[i] for i in run] for _, run in groupby(range(len(places)), key=kinds.__getitem__)]
    merged = [runs[0]]
    for run in runs[1:]:  # the mean may name the kind of the run before
        if _best(atoms, labels, merged[-1])[0] == _best(atoms, labels, run)[0]:
            merged[-1] = merged[-1] + run
        else:
            merged.append(run)
    return merged


def _decode(sentences: Sequence[Sequence[float]]) -> list[int]:
    """The kinds, one a sentence, whose scores less the cost of their changes are highest."""
    best_ones = [max(range(len(scores)), key=scores.__getitem__) for scores in sentences]
    if best_ones.count(best_ones[0]) == len(best_ones):  # nothing to weigh
        return best_ones
    costs = [0.0] * len(sentences[0])
    back: list[list[int]] = []
    for scores in sentences:
        best = min(range(len(costs)), key=costs.__getitem__)
        switch = costs[best] + (SWITCH_COST if back else 0.0)
        back.append([best if switch < cost else kind for kind, cost in enumerate(costs)])
        costs = [min(cost, switch) - math.log(max(score, _FLOOR)) for cost, score in zip(costs, scores)]
    kind = min(range(len(costs)), key=costs.__getitem__)
    kinds = [kind]
    for pointers in reversed(back[1:]):
        kind = pointers[kind]
        kinds.append(kind)
    return kinds[::-1]


def _best(atoms: Sequence[Atom], labels: Sequence[Label], run: Sequence[int]) -> tuple[int, float]:
    """The kind with the best mean score over a run, weighted by length, and that mean."""
    if len(run) == 1:
        scores = labels[run[0]].scores
        best = max(range(len(scores)), key=scores.__getitem__)
        return best, scores[best]
    total = sum(atoms[place].end - atoms[place].start for place in run)
    means = [0.0] * len(labels[run[0]].scores)
    for place in run:
        share = (atoms[place].end - atoms[place].start) / total
        for kind, score in enumerate(labels[place].scores):
            means[kind] += share * score
    best = max(range(len(means)), key=means.__getitem__)
    return best, means[best]


def _make_unit(
    text: str, atoms: Sequence[Atom], labels: Sequence[Label], run: Sequence[int], name: str
) -> Unit:
    first = atoms[run[0]]
    kind, score = _best(atoms, labels, run)
    start, end = first.start, atoms[run[-1]].end
    themes: list[str] = []
    if load_kinds()[kind] in ("problem", "measure") and not first.lead_in:
        themes = [theme for place in run for theme in labels[place].themes]
    return Unit(
        id=name,
        section=first.section,
        path=first.path,
        marker=first.marker,
        text=text[start:end],
        start=start,
        end=end,
        kind=load_kinds()[kind],
        score=round(min(1.0, score), 4),
        themes=tuple(dict.fromkeys(themes)),
    )
