"""Labels without labels: rules and vocabularies vote, their votes are combined, a person checks.

Each voter names a kind or abstains. How far a voter is to be believed is learnt from how the voters agree
(Dawid and Skene's model with one accuracy a voter), so that no labelled unit is needed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import numpy as np
from msgspec.structs import replace

from extract.classify.cues import load_kind_cues, load_labels
from extract.classify.features import Array
from extract.classify.rules import find_themes, heading_evidence, label_atoms
from extract.learn.corpus import UnitRow
from extract.learn.examples import group_reports, read_units
from extract.learn.incoming import read_incoming
from extract.report import Value

ABSTAIN = -1
PLACES = {"preamble": "overview", "requests": "request", "review": "request", "other": "other"}


class WeakLabel(Value, frozen=True):
    """A unit with the kind that the votes make likeliest, its probability, and who voted for what."""

    unit: UnitRow
    score: float
    votes: dict[str, str]


def vote_by_heading(unit: UnitRow) -> str | None:
    """The kind that the headings above name."""
    found = heading_evidence(unit.path)
    return max(found, key=lambda kind: found[kind]) if found else None


def vote_by_section(unit: UnitRow) -> str | None:
    """The kind of sections that hold one kind for the most part."""
    return PLACES.get(unit.section)


def vote_by_strongest_word(unit: UnitRow) -> str | None:
    """The kind of the strongest word, where no other kind has one as strong."""
    vocabulary = load_kind_cues()
    strongest: dict[str, float] = {}
    for hit in vocabulary.find(unit.text):
        cue = vocabulary.cues[hit.cue]
        if not cue.sections or unit.section in cue.sections:
            strongest[cue.label] = max(strongest.get(cue.label, 0.0), cue.weight)
    return _only_best(strongest)


def vote_by_commonest_words(unit: UnitRow) -> str | None:
    """The kind with the most words, where it has twice as many as the next."""
    vocabulary = load_kind_cues()
    counts: dict[str, float] = {}
    for hit in vocabulary.find(unit.text):
        label = vocabulary.cues[hit.cue].label
        counts[label] = counts.get(label, 0.0) + 1
    ordered = sorted(counts.values(), reverse=True)
    if len(ordered) > 1 and ordered[0] < 2 * ordered[1]:
        return None
    return _only_best(counts)


def _only_best(weights: dict[str, float]) -> str | None:
    best = [kind for kind, weight in weights.items() if weight == max(weights.values())]
    return best[0] if len(best) == 1 else None


VOTERS: dict[str, Callable[[UnitRow], str | None]] = {
    "heading": vote_by_heading,
    "section": vote_by_section,
    "strongest word": vote_by_strongest_word,
    "commonest words": vote_by_commonest_words,
}


def run_weak(files: Sequence[str | os.PathLike[str]]) -> list[WeakLabel]:
    """Weak labels of all units of new reports, least certain first: there a person's eye is worth most."""
    return sorted(label_weakly(read_incoming(files)), key=lambda label: label.score)


def label_weakly(units: Sequence[UnitRow]) -> list[WeakLabel]:
    """The units with the kinds and themes that the votes make likeliest, in the order of reports and text."""
    kinds = load_labels().kinds
    examples = [read_units(report) for report in group_reports(units)]
    rows = [unit for example in examples for unit in example.units]
    ballots: dict[str, list[str | None]] = {"rules": []}
    for example in examples:
        for label in label_atoms(example.text, example.atoms):
            ballots["rules"].append(kinds[label.scores.index(max(label.scores))])
    for name, voter in VOTERS.items():
        ballots[name] = [voter(unit) for unit in rows]
    votes = np.array(
        [[ABSTAIN if kind is None else kinds.index(kind) for kind in ballot] for ballot in ballots.values()]
    ).T
    scores, _ = combine_votes(votes, len(kinds))
    labels = []
    for place, unit in enumerate(rows):
        kind = kinds[int(scores[place].argmax())]
        themes = find_themes(unit.text) if kind in ("problem", "measure") else ()
        named = {name: vote for name, ballot in ballots.items() if (vote := ballot[place]) is not None}
        score = round(float(scores[place].max()), 4)
        labels.append(WeakLabel(replace(unit, kind=kind, themes=themes), score, named))
    return labels


def combine_votes(votes: Array, kinds: int, rounds: int = 30) -> tuple[Array, Array]:
    """Probabilities `(units, kinds)` and the accuracy of each voter, by expectation and maximisation.

    `votes` is `(units, voters)`, `ABSTAIN` where a voter says nothing. A voter is taken to be right with one
    probability whatever the kind, and else to name any other kind alike.
    """
    said = votes != ABSTAIN
    accuracy = np.full(votes.shape[1], 0.7)
    prior = np.full(kinds, 1 / kinds)
    scores = np.zeros((len(votes), kinds))
    for _ in range(rounds):
        log = np.tile(np.log(prior), (len(votes), 1))
        for voter in range(votes.shape[1]):
            rows = np.nonzero(said[:, voter])[0]
            log[rows] += np.log((1 - accuracy[voter]) / (kinds - 1))
            log[rows, votes[rows, voter]] += np.log(accuracy[voter] * (kinds - 1) / (1 - accuracy[voter]))
        scores = np.exp(log - log.max(axis=1, keepdims=True))
        scores /= scores.sum(axis=1, keepdims=True)
        prior = (scores.sum(axis=0) + 1) / (len(votes) + kinds)
        for voter in range(votes.shape[1]):
            rows = np.nonzero(said[:, voter])[0]
            right = scores[rows, votes[rows, voter]].sum() if len(rows) else 0.0
            # drawn toward 0.7 by ten votes: a voter heard rarely is neither sure nor worthless
            accuracy[voter] = min(0.99, (right + 7) / (len(rows) + 10))
    return scores, accuracy
