"""Training of a model of kinds and themes: scikit-learn fits, the release holds plain arrays.

The first pass is a linear SVM over hashed words and characters with their place and neighbours; it also
learns copies of each unit without context, and the sentences of long units. The second pass, a multinomial
logistic regression, learns from what the first says of units of hands it was not trained on, which makes its
probabilities honest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from extract.cues import load_labels
from extract.features import SECTIONS, Array, Features, read_features
from extract.learn.config import Config
from extract.learn.corpus import THEMED, UnitRow, load_units
from extract.learn.design import (
    Own,
    block_weights,
    design_first,
    design_second,
    group_folds,
    scale,
    split_second,
    weigh_features,
)
from extract.learn.examples import (
    Example,
    group_reports,
    is_lead_in,
    kind_codes,
    read_sentences,
    read_units,
    theme_rows,
)
from extract.model import Model, Weights, name_themes, pick
from extract.release import TABLES, pack_weights, unpack_weights


class Lesson(NamedTuple):
    """All atoms to learn from, rows in the order of `features`."""

    examples: tuple[Example, ...]
    features: Features
    units: tuple[UnitRow, ...]  # of each row
    kinds: Array  # codes
    weight: Array  # 0 where a row stands here only as a neighbour
    whole: Array  # rows that are whole units


def select_units(config: Config, folder: str | None = None) -> list[UnitRow]:
    """The labelled units that the configuration asks for."""
    units = load_units(folder or config.corpus, config.splits)
    wanted = [unit for unit in units if not config.parts or unit.part in config.parts]
    return [unit for unit in wanted if not config.years or unit.year in config.years]


def prepare(units: Sequence[UnitRow], config: Config) -> Lesson:
    """The examples of `units` and their features."""
    examples: list[Example] = []
    for report in group_reports(units):
        whole, sentences = read_units(report), read_sentences(report)
        examples.append(whole)
        if len(sentences.atoms) > len(whole.atoms):
            examples.append(sentences)
    rows = [(example, unit, atom) for example in examples for unit, atom in zip(example.units, example.atoms)]
    weight = np.ones(len(rows))
    for row, (example, unit, atom) in enumerate(rows):
        if not example.whole:
            weight[row] = config.sentence if atom.end - atom.start < len(unit.text) else 0.0
    every = [unit for _, unit, _ in rows]
    return Lesson(
        examples=tuple(examples),
        features=read_features([(example.text, example.atoms) for example in examples]),
        units=tuple(every),
        kinds=np.array(kind_codes(every)),
        weight=weight,
        whole=np.array([example.whole for example, _, _ in rows]),
    )


# ---- fitting ---------------------------------------------------------------------------------------------


def fit(units: Sequence[UnitRow], config: Config) -> dict[str, Array]:
    """The arrays of a release, learnt from `units`; the same for the same units and configuration."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    lesson = prepare(units, config)
    with threadpool_limits(1):  # sums in one order, so that the bytes are the same
        own = weigh_features(lesson.features, np.nonzero(lesson.whole)[0], config.features.least_reports)
        copies = _copies(lesson, own, config)
        learnt = _fit_first(copies, lesson.weight > 0, lesson, config)
        second = _fit_second(copies, lesson, config)
        themes = _fit_themes(lesson, own, config)
    return _as_arrays(own, learnt, second, themes, config)


class Copies(NamedTuple):
    """The matrices of the same rows with all context, with the section alone, and with nothing."""

    full: Any
    placed: Any
    bare: Any


def _copies(lesson: Lesson, own: Own, config: Config) -> Copies:
    scheme = config.features
    bare = design_first(lesson.features, own, scheme, place=False, neighbours=False)
    placed = design_first(lesson.features, own, scheme, place=True, neighbours=False)
    return Copies(design_first(lesson.features, own, scheme), placed, bare)


def _fit_first(copies: Copies, chosen: Array, lesson: Lesson, config: Config) -> Any:
    """The fitted first pass over the rows of `chosen` and their copies without context."""
    import scipy.sparse as sp
    from sklearn.svm import LinearSVC

    rows = np.nonzero(chosen & (lesson.weight > 0))[0]
    weight, kinds = lesson.weight[rows], lesson.kinds[rows]
    matrices, weights = [copies.full[rows]], [weight]
    if config.bare:
        # every other row loses its neighbours, the others all context
        matrices += [copies.placed[rows[::2]], copies.bare[rows]]
        weights += [weight[::2] * config.bare, weight * config.bare]
        kinds = np.concatenate([kinds, kinds[::2], kinds])
    model = LinearSVC(C=config.cost, random_state=config.seed, max_iter=2000)
    return model.fit(sp.vstack(matrices, format="csr"), kinds, sample_weight=np.concatenate(weights))


def _decide(model: Any, matrix: Any) -> Array:
    """Decision values, a column a kind; a kind never learnt is far off."""
    values = np.full((matrix.shape[0], len(load_labels().kinds)), -2.0)
    decided = model.decision_function(matrix)
    if decided.ndim == 1:
        decided = np.stack([-decided, decided], axis=1)
    values[:, model.classes_] = decided
    return values


def _fit_second(copies: Copies, lesson: Lesson, config: Config) -> tuple[Array, Array]:
    """Coefficients `(kinds, columns)` and intercept of the second pass, from hands held out in turn."""
    from sklearn.linear_model import LogisticRegression

    full = np.zeros((len(lesson.kinds), len(load_labels().kinds)))
    bare, placed = full.copy(), full.copy()
    for held in group_folds(_groups(lesson), config.folds):
        model = _fit_first(copies, ~held, lesson, config)
        full[held] = _decide(model, copies.full[held])
        bare[held] = _decide(model, copies.bare[held])
        placed[held] = _decide(model, copies.placed[held])
    rows = np.nonzero(lesson.weight > 0)[0]
    features, section = lesson.features, lesson.features.section
    unknown = np.full(len(section), SECTIONS.index("unknown"))
    near = config.second_pass
    matrix = np.vstack(
        [
            design_second(full, features, section, neighbours=near)[rows],
            design_second(bare, features, unknown, neighbours=False)[rows],
            design_second(placed, features, section, neighbours=False)[rows],
        ]
    )
    kinds = np.tile(lesson.kinds[rows], 3)
    copy_weight = max(config.bare, 0.05)
    weight = np.concatenate([lesson.weight[rows] * w for w in (1.0, copy_weight, copy_weight)])
    model = LogisticRegression(C=config.second_cost, max_iter=3000, tol=1e-5)
    model.fit(matrix, kinds, sample_weight=weight)
    coefficients = np.zeros((full.shape[1], matrix.shape[1]))
    intercept = np.full(full.shape[1], -10.0)
    coefficients[model.classes_], intercept[model.classes_] = model.coef_, model.intercept_
    return coefficients, intercept


def _groups(lesson: Lesson) -> list[str]:
    """What is held out together: hands, or reports where there are too few hands."""
    hands = [unit.hand for unit in lesson.units]
    return hands if len(set(hands)) >= 3 else [unit.report_id for unit in lesson.units]


# ---- themes ----------------------------------------------------------------------------------------------


class Themes(NamedTuple):
    """Learnt weights of the themes over words, characters and the vocabulary's verdict, with thresholds."""

    words: Array
    chars: Array
    lexicon: Array
    bias: Array
    thresholds: Array


def _fit_themes(lesson: Lesson, own: Own, config: Config) -> Themes:
    import scipy.sparse as sp

    rows = [
        row
        for row, unit in enumerate(lesson.units)
        if lesson.whole[row] and unit.kind in THEMED and not is_lead_in(unit)
    ]
    scheme = config.features
    named = name_themes([lesson.units[row].text for row in rows])
    words = scale(pick(lesson.features.words, rows), own.words) * scheme.words
    chars = scale(pick(lesson.features.chars, rows), own.chars) * scheme.chars
    matrix = sp.hstack([words, chars, sp.csr_matrix(named * scheme.lexicon)], format="csr")
    truth = np.array(theme_rows([lesson.units[row] for row in rows]))
    groups = [_groups(lesson)[row] for row in rows]
    held_out = np.zeros(truth.shape)
    for held in group_folds(groups, config.folds):
        coefficients, bias = _fit_each_theme(matrix[~held], truth[~held], config)
        held_out[held] = matrix[held] @ coefficients.T + bias
    coefficients, bias = _fit_each_theme(matrix, truth, config)
    width = words.shape[1]
    return Themes(
        words=coefficients[:, :width].T * scheme.words,
        chars=coefficients[:, width : 2 * width].T * scheme.chars,
        lexicon=coefficients[:, 2 * width :].T * scheme.lexicon,
        bias=bias,
        thresholds=np.array([best_threshold(held_out[:, t], truth[:, t]) for t in range(truth.shape[1])]),
    )


def _fit_each_theme(matrix: Any, truth: Array, config: Config) -> tuple[Array, Array]:
    """Coefficients `(themes, columns)` and biases; a theme that never occurs is never found."""
    from sklearn.svm import LinearSVC

    coefficients = np.zeros((truth.shape[1], matrix.shape[1]))
    bias = np.full(truth.shape[1], -1.0)
    for theme in range(truth.shape[1]):
        if 0 < truth[:, theme].sum() < len(truth):
            model = LinearSVC(C=config.theme_cost, random_state=config.seed, max_iter=2000)
            model.fit(matrix, truth[:, theme])
            coefficients[theme], bias[theme] = model.coef_[0], model.intercept_[0]
    return coefficients, bias


def best_threshold(values: Array, truth: Array) -> float:
    """The threshold with the best F1 on values of held-out units, drawn toward 0 where few decide.

    F1 is smoothed over neighbouring thresholds: the peak of a theme with a dozen units is chance.
    """
    grid = np.arange(-0.6, 0.61, 0.05)
    scores = []
    for threshold in grid:
        found = values >= threshold
        right = float((found & (truth == 1)).sum())
        scores.append(2 * right / max(1.0, found.sum() + truth.sum()))
    smooth = np.convolve(np.pad(scores, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    return float(np.round(grid[int(np.argmax(smooth - 0.002 * np.abs(grid)))], 2))


# ---- arrays ----------------------------------------------------------------------------------------------


def _as_arrays(
    own: Own, first: Any, second: tuple[Array, Array], themes: Themes, config: Config
) -> dict[str, Array]:
    """The arrays of a release by name, weights as half floats, buckets without own weight left out."""
    kinds = len(load_labels().kinds)
    coefficients = np.zeros((kinds, first.coef_.shape[1]))
    coefficients[first.classes_] = first.coef_
    bias = np.full(kinds, -2.0)
    bias[first.classes_] = first.intercept_
    blocks = block_weights(coefficients, config.features)
    learnt = {
        "words": np.hstack([blocks["words"], themes.words]),
        "chars": np.hstack([blocks["chars"], themes.chars]),
        "side": np.hstack([blocks["side"], blocks["before"], blocks["after"]]),
        "path": blocks["path"],
    }
    arrays: dict[str, Array] = {}
    for name in TABLES:
        weights = getattr(own, name)
        buckets = np.nonzero(weights)[0]
        arrays[f"{name}_buckets"] = buckets.astype(np.uint32)
        arrays[f"{name}_own"] = weights[buckets].astype(np.float16)
        arrays[f"{name}_learnt"] = learnt[name][buckets].astype(np.float16)
    arrays |= {"section": blocks["section"], "bias": bias, **split_second(*second)}
    arrays |= {"lexicon": themes.lexicon, "theme_bias": themes.bias, "thresholds": themes.thresholds}
    return {
        name: array.astype(np.float32) if array.dtype == np.float64 else array
        for name, array in arrays.items()
    }


def as_weights(arrays: dict[str, Array]) -> Weights:
    """The weights as a release gives them back."""
    return unpack_weights(pack_weights(arrays))


def as_model(arrays: dict[str, Array], config: Config) -> Model:
    """A model from arrays that were not released."""
    return Model({"name": config.name, "version": config.version}, as_weights(arrays))
