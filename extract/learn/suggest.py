"""Which units to label next: uncertain ones, ones unlike all others, and a random part to measure with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal

import numpy as np
from msgspec.structs import replace

from extract.classify import Classifier, load_model
from extract.classify.cues import load_labels
from extract.classify.features import Array
from extract.learn.corpus import THEMED, UnitRow
from extract.learn.examples import group_reports, read_units
from extract.learn.incoming import read_incoming
from extract.learn.likeness import NEAR, shingles
from extract.learn.weak import WeakLabel
from extract.report import Value

SHARES = {"uncertain": 0.5, "different": 0.25, "random": 0.25}
Reason = Literal["uncertain", "different", "random"]


class Suggestion(Value, frozen=True):
    """A unit to label, with what the model says of it now, and why it was chosen."""

    unit: UnitRow
    kind: str
    score: float
    themes: tuple[str, ...]
    reason: Reason


def run_suggest(
    model: str | None, files: Sequence[str | os.PathLike[str]], n: int = 200, seed: int = 7
) -> list[Suggestion]:
    """`n` units of the new reports to label, in text order; the random part is a fair sample."""
    return suggest(load_model(model), read_incoming(files), n, seed)


def suggest(classifier: Classifier, units: Sequence[UnitRow], n: int, seed: int = 7) -> list[Suggestion]:
    """`n` of `units` to label: half uncertain, a quarter unlike the rest, a quarter at random."""
    examples = [read_units(report) for report in group_reports(units)]
    rows = [unit for example in examples for unit in example.units]
    labelled = classifier.label_reports([(example.text, example.atoms) for example in examples])
    labels = [label for report in labelled for label in report]
    scores = np.array([label.scores for label in labels])
    reasons = choose(scores, [unit.text for unit in rows], n, seed)
    kinds = load_labels().kinds
    chosen = []
    for place, reason in sorted(reasons.items()):
        kind = kinds[int(scores[place].argmax())]
        # themes are named of all that may be a problem or measure; of another kind the corpus refuses them
        themes = labels[place].themes if kind in THEMED else ()
        score = round(float(scores[place].max()), 4)
        chosen.append(Suggestion(unit=rows[place], kind=kind, score=score, themes=themes, reason=reason))
    return chosen


def as_proposals(chosen: Sequence[Suggestion | WeakLabel]) -> list[UnitRow]:
    """The units with the kinds and themes found as their labels, for a person to correct."""
    return [
        one.unit if isinstance(one, WeakLabel) else replace(one.unit, kind=one.kind, themes=one.themes)
        for one in chosen
    ]


def as_notes(chosen: Sequence[Suggestion | WeakLabel]) -> list[dict[str, str]]:
    """What stands beside each unit in a table to label in: the score, and why it was chosen or who voted."""
    return [
        {"score": f"{one.score:.4f}", "votes": ", ".join(f"{by}: {kind}" for by, kind in one.votes.items())}
        if isinstance(one, WeakLabel)
        else {"score": f"{one.score:.4f}", "reason": one.reason}
        for one in chosen
    ]


def choose(scores: Array, texts: Sequence[str], n: int, seed: int) -> dict[int, Reason]:
    """The places chosen and why. The random part is drawn first, from all, so that it stays a fair sample."""
    n = min(n, len(texts))
    random = np.random.default_rng(seed)
    drawn = random.permutation(len(texts))[: round(n * SHARES["random"])]
    chosen: dict[int, Reason] = dict.fromkeys((int(place) for place in drawn), "random")
    sets = [shingles(text) for text in texts]
    ordered = np.sort(scores, axis=1)
    margin = ordered[:, -1] - ordered[:, -2]
    uncertain = len(chosen) + round(n * SHARES["uncertain"])
    for place in np.argsort(margin, kind="stable").tolist():
        if len(chosen) >= uncertain:
            break
        if place not in chosen and not _repeats(sets[place], [sets[other] for other in chosen]):
            chosen[place] = "uncertain"
    for place in _most_different(sets, chosen, n - len(chosen)):
        chosen[place] = "different"
    return chosen


def _repeats(one: frozenset[str], others: Sequence[frozenset[str]]) -> bool:
    return any(len(one & other) >= NEAR * len(one | other) for other in others)


def _most_different(sets: Sequence[frozenset[str]], chosen: dict[int, Reason], n: int) -> list[int]:
    """`n` more places, each the one that shares least with all chosen before it."""
    covered: set[str] = set().union(*(sets[place] for place in chosen)) if chosen else set()
    free = [place for place in range(len(sets)) if place not in chosen and len(sets[place]) > 5]
    found: list[int] = []
    while free and len(found) < n:
        best = max(free, key=lambda place: (len(sets[place] - covered) / len(sets[place]), -place))
        free.remove(best)
        found.append(best)
        covered |= sets[best]
    return found
