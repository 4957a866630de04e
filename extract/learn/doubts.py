"""Labels that a model trained without them would not have given: where to look for errors in the corpus.

Confident learning: a label is doubtful where another kind's probability exceeds the mean that this kind has
on its own units, and that of the given label does not. The probabilities are of models that saw neither the
unit nor its report.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.classify.cues import load_labels
from extract.classify.features import Array
from extract.errors import BadData
from extract.learn.config import Config
from extract.learn.corpus import UnitRow
from extract.learn.design import group_folds
from extract.learn.examples import group_reports, kind_codes, read_units
from extract.report import Value


class Doubt(Value, frozen=True):
    """A unit whose label is doubtful: the kind that the model prefers, and both probabilities."""

    unit: UnitRow
    preferred: str
    given_score: float
    preferred_score: float


def score_held_out(units: Sequence[UnitRow], config: Config) -> tuple[list[UnitRow], Array]:
    """The units in the order of reports and, for each, its probabilities by a model without its agency."""
    from extract.learn.train import as_model, fit

    if len({unit.agency for unit in units}) < 2:
        raise BadData("a label is doubted by a model that has not seen its agency: one agency is too few")
    rows = [unit for report in group_reports(units) for unit in report]
    scores = np.zeros((len(rows), len(load_labels().kinds)))
    for held in group_folds([unit.agency for unit in rows], config.folds):
        model = as_model(fit([unit for unit, out in zip(rows, held) if not out], config), config)
        tested = [unit for unit, out in zip(rows, held) if out]
        examples = [read_units(report) for report in group_reports(tested)]
        labels = model.label_reports([(example.text, example.atoms) for example in examples])
        scores[held] = [label.scores for report in labels for label in report]
    return rows, scores


def find_doubts(units: Sequence[UnitRow], config: Config) -> list[Doubt]:
    """The doubtful labels, least likely first; by cleanlab where it is installed, else by the same rule."""
    rows, scores = score_held_out(units, config)
    given = np.array(kind_codes(rows))
    kinds = load_labels().kinds
    places = _by_cleanlab(given, scores)
    if places is None:
        places = find_unlikely(given, scores)
    return [
        Doubt(
            unit=rows[place],
            preferred=kinds[int(scores[place].argmax())],
            given_score=round(float(scores[place, given[place]]), 4),
            preferred_score=round(float(scores[place].max()), 4),
        )
        for place in places
    ]


def _by_cleanlab(given: Array, scores: Array) -> list[int] | None:
    try:
        from cleanlab.filter import find_label_issues
    except ImportError:
        return None
    present = np.unique(given)
    if len(present) < scores.shape[1]:
        return None  # it wants a unit of every kind
    found = find_label_issues(given, scores, return_indices_ranked_by="self_confidence", n_jobs=1)
    return [int(place) for place in found]


def find_unlikely(given: Array, scores: Array) -> list[int]:
    """The rows whose label is doubtful, the least likely first.

    >>> scores = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.95, 0.05]])
    >>> find_unlikely(np.array([0, 0, 1, 1, 1]), scores)
    [4]
    """
    kinds = scores.shape[1]
    usual = np.array(
        [scores[given == kind, kind].mean() if (given == kind).any() else 1.1 for kind in range(kinds)]
    )
    above = np.where(scores >= usual, scores, -1.0)
    preferred = above.argmax(axis=1)
    own = scores[np.arange(len(given)), given]
    doubtful = (above.max(axis=1) >= 0) & (preferred != given)
    return sorted(np.nonzero(doubtful)[0].tolist(), key=lambda place: float(own[place]))
