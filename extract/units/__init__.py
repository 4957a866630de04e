"""The narrative of a report as units: split into atoms by form, then, once labelled, joined by what they do.

Source of the rules: corpus/GUIDELINES.md §1. Items and lead-ins stay as they are; the sentences of a
paragraph are joined while the kind stays the same.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, chain
from typing import NamedTuple

from extract.datafiles import read_data
from extract.enumerators import parse_leading
from extract.headings.lines import match_core
from extract.report import Atom, Label, Omitted, Section, Text, Unit
from extract.units.blocks import Left, Paragraph, find_paragraphs, split_blocks
from extract.units.outline import read_outline

# Cost of a change of kind between two sentences of one paragraph, in nats. Measured with the trained model,
# November 2026: on 21 reports of another hand exact units F1 is 0.948 at 2, 0.967 at 3 and 4, 0.960 at 5; on
# the corpus's own reports, where paragraphs change their kind more often than real ones do, 2 is best.
SWITCH_COST = 3.0
Run = tuple[int, int]  # places of the first atom of a unit and of the one behind its last
_THEMED = frozenset(("problem", "measure"))  # kinds whose units have themes
# Below which share an overview, problem or measure gives way to the topic that its heading names, and the
# share that this needs.
# On 75 real reports, November 2026, seven overviews gave way to a tenth: six were right then, none had been
# before. Half of that, and problems and measures, made four more right on 90 others, and none wrong.
DOUBT, HINT = 0.8, 0.05
_GIVES_WAY = ("overview", "problem", "measure")
_FLOOR = 1e-4  # no label is surer than this of what a sentence is not


def split_atoms(
    text: Text, sections: Sequence[Section], table_spans: Sequence[tuple[int, int]]
) -> tuple[tuple[Atom, ...], tuple[Omitted, ...]]:
    """The atoms of all sections, in text order, and every other stretch of them with the reason.

    Each character of a section that is not white space lies in exactly one atom or one omitted stretch.
    `table_spans` are the stretches that the table step has taken; a grid is left out as well.
    """
    return split_all_atoms([(text, sections, table_spans)])[0]


def split_all_atoms(
    reports: Sequence[tuple[Text, Sequence[Section], Sequence[tuple[int, int]]]],
) -> list[tuple[tuple[Atom, ...], tuple[Omitted, ...]]]:
    """As `split_atoms`, for each of the reports: all take a step before any takes the next."""
    parted = [_find_narratives(*one) for one in reports]
    narratives = list(chain.from_iterable(parted))
    blocks = [split_blocks(one.text, one.paragraphs) if one.paragraphs else [] for one in narratives]
    outlines = [
        read_outline(one.text, one.section.id, its, one.paragraphs_before)
        for one, its in zip(narratives, blocks)
    ]
    omitted = [
        _complete(one.text, one.section, atoms, one.left + left)
        for one, (atoms, left) in zip(narratives, outlines)
    ]
    ends = list(accumulate(map(len, parted)))
    return [
        (
            tuple([atom for atoms, _ in outlines[end - len(its) : end] for atom in atoms]),
            tuple(chain.from_iterable(omitted[end - len(its) : end])),
        )
        for end, its in zip(ends, parted)
    ]


class _Narrative(NamedTuple):
    """The running text of a section, and what of the section is none."""

    text: str
    section: Section
    paragraphs: list[Paragraph]
    left: list[Left]
    paragraphs_before: int


def _find_narratives(
    text: Text, sections: Sequence[Section], table_spans: Sequence[tuple[int, int]]
) -> list[_Narrative]:
    tables = _merge([*table_spans, *((grid.start, grid.end) for grid in text.grids)])
    starts = [line.start for line in text.lines]
    ends = [line.end for line in text.lines]
    table_starts, table_ends = [start for start, _ in tables], [end for _, end in tables]
    furniture = {line.start: line.reason for line in text.furniture}
    found: list[_Narrative] = []
    before = 0
    for section in sections:
        lines = text.lines[bisect_right(ends, section.start) : bisect_left(starts, section.end)]
        inside = tables[bisect_right(table_ends, section.start) : bisect_left(table_starts, section.end)]
        paragraphs, left = find_paragraphs(text.text, section, lines, inside, furniture)
        left += [(max(start, section.start), min(end, section.end), "table") for start, end in inside]
        found.append(_Narrative(text.text, section, paragraphs, left, before))
        before += len(paragraphs)
    return found


def _merge(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _complete(text: str, section: Section, atoms: Sequence[Atom], left: Sequence[Left]) -> list[Omitted]:
    """The omitted stretches in order, without overlaps, and whatever else no atom holds."""
    omitted: list[Omitted] = []
    taken = sorted([(atom.start, atom.end, "") for atom in atoms] + [*left])
    at = section.start
    for start, end, reason in [*taken, (section.end, section.end, "")]:
        if start > at:
            rest = text[at:start]
            if not rest.isspace():
                begin = at + len(rest) - len(rest.lstrip())
                omitted.append(Omitted(begin, begin + len(rest.strip()), "marker"))
            at = start
        if end > at:
            if reason:
                omitted.append(Omitted(at, end, reason))
            at = end
    return omitted


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
    labels = _lead_as_led(atoms, labels)
    runs: list[Run] = []
    start, last = 0, len(atoms) - 1
    for place, atom in enumerate(atoms):
        if place < last and _may_join(atom, atoms[place + 1]):
            continue
        runs += [(start, place + 1)] if start == place else _split_runs(atoms, labels, start, place + 1)
        start = place + 1
    kinds = load_kinds()
    return tuple(
        [_make_unit(text.text, atoms, labels, run, f"u{number}", kinds) for number, run in enumerate(runs, 1)]
    )


def _lead_as_led(atoms: Sequence[Atom], labels: Sequence[Label]) -> Sequence[Label]:
    """The labels; a lead-in whose kind none of its items has takes the first item's.

    Source: corpus/GUIDELINES.md §1.5.
    """
    led = list(labels)
    for place in range(len(atoms) - 2, -1, -1):
        atom = atoms[place]
        if not atom.lead_in or not atoms[place + 1].item:
            continue
        kinds = {_kind(labels[at]) for at in _find_items(atoms, place)}
        if kinds and _kind(labels[place]) not in kinds:
            led[place] = labels[place + 1]
    return led


def _find_items(atoms: Sequence[Atom], place: int) -> Iterator[int]:
    """The places of the items that stand under the same headings right behind the lead-in at `place`."""
    lead = atoms[place]
    for at in range(place + 1, len(atoms)):
        if not (atoms[at].item and atoms[at].section == lead.section and atoms[at].path == lead.path):
            return
        yield at


def _kind(label: Label) -> int:
    return label.scores.index(max(label.scores))


def _may_join(one: Atom, following: Atom) -> bool:
    """Whether two neighbours may be one unit."""
    return (
        one.paragraph == following.paragraph
        and not one.item
        and not (one.lead_in or following.item or following.lead_in)
        and one.path == following.path
        and one.section == following.section
    )


def _split_runs(atoms: Sequence[Atom], labels: Sequence[Label], start: int, end: int) -> list[Run]:
    """The atoms of a group of several, cut where the kind changes."""
    kinds = _decode([label.scores for label in labels[start:end]])
    if kinds.count(kinds[0]) == len(kinds):
        return [(start, end)]
    changes = [start + at for at in range(1, len(kinds)) if kinds[at] != kinds[at - 1]]
    merged: list[Run] = []
    for run in zip([start, *changes], [*changes, end]):
        # the mean may name the kind of the run before
        if merged and _best(atoms, labels, merged[-1])[0] == _best(atoms, labels, run)[0]:
            merged[-1] = (merged[-1][0], run[1])
        else:
            merged.append(run)
    return merged


def _decode(sentences: Sequence[Sequence[float]]) -> list[int]:
    """The kinds, one a sentence, whose scores less the cost of their changes are highest."""
    best_ones = [scores.index(max(scores)) for scores in sentences]
    if best_ones.count(best_ones[0]) == len(best_ones):  # nothing to weigh
        return best_ones
    log, floor = math.log, _FLOOR
    costs = [-log(score if score > floor else floor) for score in sentences[0]]
    before: list[tuple[list[float], float]] = []  # the costs up to a sentence, and the least to change from
    for scores in sentences[1:]:
        switch = min(costs) + SWITCH_COST
        before.append((costs, switch))
        costs = [
            (switch if switch < cost else cost) - log(score if score > floor else floor)
            for cost, score in zip(costs, scores)
        ]
    kind = costs.index(min(costs))
    kinds = [kind]
    for costs, switch in reversed(before):
        if switch < costs[kind]:
            kind = costs.index(min(costs))
        kinds.append(kind)
    return kinds[::-1]


def _best(atoms: Sequence[Atom], labels: Sequence[Label], run: Run) -> tuple[int, float]:
    """The kind with the best mean score over a run, weighted by length, and that mean.

    What is doubtful under the bare name of a topic (（四）平台建设情况) is of that topic.
    """
    start, end = run
    means: Sequence[float] = labels[start].scores
    if end > start + 1:
        lengths = [atom.end - atom.start for atom in atoms[start:end]]
        total = sum(lengths)
        means = [0.0] * len(means)
        for label, length in zip(labels[start:end], lengths):
            share = length / total
            means = [mean + share * score for mean, score in zip(means, label.scores)]
    best = max(means)
    kind = means.index(best)
    if best < DOUBT and atoms[start].section == "overview" and load_kinds()[kind] in _GIVES_WAY:
        topic = _find_topic(atoms[start].path[-1]) if atoms[start].path else None
        if topic is not None and means[topic] >= HINT:
            return topic, best + means[topic]
    return kind, best


@cache
def _find_topic(heading: str) -> int | None:
    """The kind whose part of 总体情况 a heading is by its bare name, as a place in `load_kinds`."""
    entry = parse_leading(heading, 0, len(heading))
    name = heading[entry.body if entry else 0 :].strip().replace("“", "").replace("”", "")
    core = match_core(name)
    return load_kinds().index(core[0]) if core is not None and core[1] == len(name) else None


def _make_unit(
    text: str, atoms: Sequence[Atom], labels: Sequence[Label], run: Run, name: str, kinds: Sequence[str]
) -> Unit:
    first, start, end = atoms[run[0]], atoms[run[0]].start, atoms[run[1] - 1].end
    best, score = _best(atoms, labels, run)
    kind = kinds[best]
    themes: tuple[str, ...] = ()
    if kind in _THEMED and not first.lead_in:
        said = [theme for label in labels[run[0] : run[1]] for theme in label.themes]
        themes = tuple(dict.fromkeys(said))
    score = round(score, 4) if score < 1.0 else 1.0
    words = text[start:end]
    return Unit(name, first.section, first.path, first.marker, words, start, end, kind, score, themes)
