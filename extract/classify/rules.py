"""Kinds and themes by rules: the baseline that a trained model must beat.

The questions are asked in the order of the guideline: nothing to report? fees and proposals alone? a
shortcoming? its remedy? else the topic. Headings, section and the atom before count where words are few.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from extract.classify.cues import (
    Vocabulary,
    clause_ends,
    load_heading_cues,
    load_kind_cues_of,
    load_labels,
    load_theme_cues,
)
from extract.patterns import late
from extract.report import Atom, Label

# 无 · 本年度无。 · 我镇暂无其他需要报告的事项。: nothing but the absence itself.
NOTHING = late(r"^(?:[^，。；]{0,12}[，,])?[^，。；]{0,10}?(?:暂?无|没有)[^，。；]{0,14}[。．.；;]?$")
BARE = late(r"^(?:暂?无|没有|无此项|无此类情况|不涉及)[。．.；;]?$")
CLAUSE_CAP = 4.0  # what the words of one clause may weigh together, so that one list does not decide a unit
SHARE_OF_FEES = 0.6  # of the clauses; 未收费 at the end of a sentence on requests stays below it
SHARPNESS = 0.9  # evidence → probability; of softmax

Evidence = dict[str, float]


class Before(NamedTuple):
    """What was decided of the atom before: its kind, section, path and paragraph."""

    kind: str
    atom: Atom


def label_atoms(text: str, atoms: Sequence[Atom]) -> tuple[Label, ...]:
    """Kinds and themes of `atoms` of one report, whose offsets point into `text`."""
    kinds = load_labels().kinds
    labels: list[Label] = []
    before: Before | None = None
    waiting: list[int] = []  # lead-ins that say nothing of themselves take the kind of what follows
    for number, atom in enumerate(atoms):
        surface = text[atom.start : atom.end]
        weights = weigh(surface, atom, before)
        if atom.lead_in and max(weights.values(), default=0.0) < 2.0:
            waiting.append(number)
        label = _as_label(surface, weights, atom)
        labels.append(label)
        if not (waiting and waiting[-1] == number):
            for place in waiting:
                labels[place] = Label(label.scores)
            waiting = []
        before = Before(kinds[label.scores.index(max(label.scores))], atom)
    return tuple(labels)


def share_kinds(surface: str, atom: Atom) -> tuple[float, ...]:
    """What the rules make of an atom of which no neighbour is known: a share a kind, summing to 1."""
    return _as_shares(weigh(surface, atom))


def weigh(surface: str, atom: Atom, before: Before | None = None) -> Evidence:
    """What speaks for each kind, in the order of the guideline's questions; no number is a probability."""
    heading = heading_evidence(atom.path)
    if BARE.match(surface):
        return {_kind_of_nothing(atom, heading): 6.0}
    clauses = clause_evidence(surface, atom.section)
    whole = _add_up(clauses)
    if _is_fees(surface, clauses, atom):
        return {**whole, "other": 5.0 + max(whole.values(), default=0.0)}
    if atom.section == "problems":
        return _weigh_fault_or_remedy(clauses, heading, atom, before)
    fault = _fault_outside(clauses, atom)
    if fault is not None:
        return {**whole, fault: 3.0 + max(whole.values())}
    return _weigh_topic(clauses, heading, atom, before)


@lru_cache(4096)  # many atoms stand under one heading, and many reports have the same
def heading_evidence(path: tuple[str, ...]) -> Mapping[str, float]:
    """What the headings above say; the nearest that says anything counts."""
    vocabulary = load_heading_cues()
    for heading in reversed(path):
        found: Evidence = {}
        for hit in vocabulary.find(heading):
            cue = vocabulary.cues[hit.cue]
            found[cue.label] = max(found.get(cue.label, 0.0), cue.weight)
        if found:
            return found
    return {}


def clause_evidence(surface: str, section: str) -> list[Evidence]:
    """What the words of each clause of `surface` say, at most `CLAUSE_CAP` a kind and clause."""
    vocabulary = load_kind_cues_of(section)
    ends = clause_ends(surface)
    clauses: list[Evidence] = [{} for _ in range(len(ends) + 1)]
    taken: dict[tuple[int, str], int] = {}
    for start, end, number in sorted(vocabulary.find_words(surface, ends)):
        label, weight = vocabulary.told[number]
        place = bisect_right(ends, start)
        if taken.get((place, label), -1) >= end:
            continue  # 政务公开专区 and 公开专区 are one mention
        taken[place, label] = end
        clause = clauses[place]
        clause[label] = min(CLAUSE_CAP, clause.get(label, 0.0) + weight)
    if clauses and not clauses[-1] and len(clauses) > 1:
        clauses.pop()  # nothing stands after the last full stop
    return clauses


def _add_up(clauses: Sequence[Evidence]) -> Evidence:
    whole: Evidence = {}
    for clause in clauses:
        for kind, weight in clause.items():
            whole[kind] = whole.get(kind, 0.0) + weight
    return whole


def _kind_of_nothing(atom: Atom, heading: Mapping[str, float]) -> str:
    asks_requests = atom.section in ("requests", "review") or (
        atom.section != "problems" and heading.get("request", 0.0) > 0
    )
    return "request" if asks_requests else "other"


def _is_fees(surface: str, clauses: Sequence[Evidence], atom: Atom) -> bool:
    """Whether fees, proposals or "no other matters" are all that is told."""
    told = [clause for clause in clauses if clause]
    fees = [clause for clause in told if clause.get("other")]
    if not fees:
        return atom.section == "other" and bool(NOTHING.match(surface))
    rivals = [c for c in told if not c.get("other") and max(c.values()) >= 2.5]
    share = SHARE_OF_FEES if atom.section != "other" else 0.34
    return len(fees) / (len(fees) + len(rivals)) >= share


def _fault_outside(clauses: Sequence[Evidence], atom: Atom) -> str | None:
    """`problem` or `measure` outside 五、, where only plain words count; the last of the two decides."""
    found = None
    for clause in clauses:
        fault, remedy = clause.get("problem", 0.0), clause.get("measure", 0.0)
        topic = max((w for kind, w in clause.items() if kind not in ("problem", "measure")), default=0.0)
        if remedy >= 2.5 and remedy >= topic - 1.0:
            found = "measure"
        elif fault >= 3.0 and fault > topic - 1.5 and atom.section != "preamble":
            found = "problem"
    return found


def _weigh_fault_or_remedy(
    clauses: Sequence[Evidence], heading: Mapping[str, float], atom: Atom, before: Before | None
) -> Evidence:
    """五、: a fault or its remedy; praise without either is overview."""
    weights = {"problem": 0.6, "measure": 0.5}
    for number, clause in enumerate(clauses):
        last = 1.25 if number == len(clauses) - 1 else 1.0
        for kind in ("problem", "measure"):
            weights[kind] += last * clause.get(kind, 0.0)
    for kind in ("problem", "measure"):
        weights[kind] += heading.get(kind, 0.0)
    kept_on = before is not None and before.atom.section == "problems" and before.atom.path == atom.path
    if before is not None and kept_on and before.kind in weights:
        weights[before.kind] += 1.5
    praise = sum(clause.get("overview", 0.0) for clause in clauses)
    if praise >= 2.0 and weights["problem"] < 2.0 and weights["measure"] < 2.0 + praise / 2 and not atom.item:
        weights["overview"] = praise + 2.0
    return weights


SECTION_HINTS: dict[str, Evidence] = {
    "preamble": {"overview": 4.0},
    "overview": {"overview": 0.8},
    "proactive": {"proactive": 1.2},
    "requests": {"request": 2.5},
    "review": {"request": 3.0},
    "other": {"other": 1.0},
}


def _weigh_topic(
    clauses: Sequence[Evidence], heading: Mapping[str, float], atom: Atom, before: Before | None
) -> Evidence:
    """By what is done; the first clause, which tells the topic, counts half as much again."""
    weights: Evidence = dict(SECTION_HINTS.get(atom.section, {}))
    for kind, weight in heading.items():
        if kind not in ("problem", "measure"):
            weights[kind] = weights.get(kind, 0.0) + weight
    for number, clause in enumerate(clauses):
        weight_of_place = 1.5 if number == 0 else 1.0
        for kind, weight in clause.items():
            if kind not in ("problem", "measure"):
                weights[kind] = weights.get(kind, 0.0) + weight_of_place * weight
    same = before is not None and before.atom.paragraph == atom.paragraph and not atom.item
    if same and before is not None and before.kind in weights:
        weights[before.kind] += 0.8
    return weights or {"overview": 1.0}


def _as_label(surface: str, weights: Evidence, atom: Atom) -> Label:
    kinds = load_labels().kinds
    scores = _as_shares(weights)
    best = kinds[scores.index(max(scores))]
    themed = best in ("problem", "measure") and not atom.lead_in
    return Label(scores, find_themes(surface) if themed else ())


def _as_shares(weights: Evidence) -> tuple[float, ...]:
    """Evidence as shares of the kinds, in the order of labels.toml."""
    top = max(weights.values(), default=0.0)
    powers = [math.exp(SHARPNESS * (weights.get(kind, 0.0) - top)) for kind in load_labels().kinds]
    total = sum(powers)
    return tuple([power / total for power in powers])


def find_themes(surface: str) -> tuple[str, ...]:
    """The themes that the words of a problem or measure name, in the order of labels.toml.

    >>> find_themes("信息更新还不够及时，解读形式单一")
    ('timeliness', 'interpretation')
    """
    found = _theme_vocabulary().labels(surface)
    return tuple(theme for theme in load_labels().themes if theme in found)


@cache
def _theme_vocabulary() -> Vocabulary:
    return load_theme_cues()
