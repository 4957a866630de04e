"""How new reports differ from the text that a model learnt: words, kinds, confidence, strange units."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Sequence

import numpy as np

from extract.classify.cues import load_labels
from extract.classify.features import read_features
from extract.classify.model import Model
from extract.classify.release import load_release
from extract.errors import BadData
from extract.learn.corpus import UnitRow
from extract.learn.examples import group_reports, read_units
from extract.learn.incoming import read_incoming
from extract.learn.metrics import Verdict
from extract.report import Value
from extract.words import cut_words

MOST = 20  # words and units named


class Drift(Value, frozen=True):
    """New units beside the training text; shares are 0 to 1.

    `unseen` is the share of running words never met in training, `divergence` the Jensen-Shannon divergence
    (bits) of the kinds found from those labelled in training, `score` the mean probability of the kind found
    and `trained_score` the same on the model's own test units. `strange` are the units with the least known
    text: id, share known, text.
    """

    units: int
    unseen: float
    unseen_words: tuple[tuple[str, int], ...]
    kinds: dict[str, float]
    trained_kinds: dict[str, float]
    divergence: float
    score: float
    trained_score: float | None
    unsure: float
    strange: tuple[tuple[str, float, str], ...]


def run_drift(model: str | None, files: Sequence[str | os.PathLike[str]]) -> Drift:
    """The drift of `files` (reports, or JSON lines of `gongkai parse`) from a model's training."""
    release = None if model == "rules" else load_release(model)
    if release is None:
        raise BadData("no trained model to compare with: name one with --model (`gongkai models` lists them)")
    return measure_drift(release, read_incoming(files))


def measure_drift(model: Model, units: Sequence[UnitRow]) -> Drift:
    """The drift of labelled or unlabelled units from the training of `model`."""
    examples = [read_units(report) for report in group_reports(units)]
    rows = [unit for example in examples for unit in example.units]
    reports = [(example.text, example.atoms) for example in examples]
    labels = [label for report in model.label_reports(reports) for label in report]
    scores = np.array([label.scores for label in labels])
    kinds = load_labels().kinds
    found = Counter(kinds[place] for place in scores.argmax(axis=1))
    shares = {kind: found[kind] / len(rows) for kind in kinds}
    trained = {kind: float(model.meta["training"]["kinds"].get(kind, 0.0)) for kind in kinds}
    known = _known_share(model, reports)
    strange = sorted(range(len(rows)), key=lambda place: (known[place], rows[place].id))[:MOST]
    unseen = _unseen_words(rows, set(model.meta["training"]["words"]))
    return Drift(
        units=len(rows),
        unseen=unseen[0],
        unseen_words=unseen[1],
        kinds=shares,
        trained_kinds=trained,
        divergence=divergence(list(shares.values()), list(trained.values())),
        score=float(scores.max(axis=1).mean()),
        trained_score=model.meta.get("scores", {}).get("test", {}).get("mean_score"),
        unsure=float((scores.max(axis=1) < 0.5).mean()),
        strange=tuple((rows[at].id, round(float(known[at]), 3), rows[at].text) for at in strange),
    )


def _known_share(model: Model, reports: Sequence[tuple[str, Sequence[object]]]) -> np.ndarray:
    """The share of each unit's runs of characters that training knew."""
    features = read_features(reports)  # type: ignore[arg-type]
    known = model.weights.chars.slot[features.chars.ids] > 0
    row = np.repeat(np.arange(len(features.section)), features.chars.lengths)
    counts = np.bincount(row, minlength=len(features.section))
    share: np.ndarray = np.bincount(row, weights=known, minlength=len(counts)) / np.maximum(counts, 1)
    return np.where(counts < 6, 1.0, share)  # 无 is never strange


def _unseen_words(units: Sequence[UnitRow], known: set[str]) -> tuple[float, tuple[tuple[str, int], ...]]:
    words = Counter(
        word
        for unit in units
        for word in cut_words(unit.text)
        if len(word) > 1 and "\u4e00" <= word[0] <= "\u9fff"
    )
    unseen = {word: count for word, count in words.items() if word not in known}
    first = sorted(unseen.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]
    return sum(unseen.values()) / max(1, words.total()), tuple(first)


def divergence(first: Sequence[float], second: Sequence[float]) -> float:
    """The Jensen-Shannon divergence of two distributions, in bits (0 alike, 1 apart).

    >>> divergence([1, 0], [0, 1])
    1.0
    """
    total = 0.0
    for p, q in zip(first, second):
        mean = (p + q) / 2
        total += sum(x / 2 * math.log2(x / mean) for x in (p, q) if x > 0)
    return total


def mean_score(verdicts: Sequence[Verdict]) -> float:
    """The mean probability of the kinds found."""
    return sum(verdict.score for verdict in verdicts) / len(verdicts) if verdicts else 0.0
