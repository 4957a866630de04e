"""Training of a model of kinds and themes: scikit-learn fits, the release holds plain arrays.

The first pass is a linear SVM over hashed words and characters, section and headings; it also learns the
sentences of long units. Words of the neighbours were tried there and brought nothing that the second pass
does not. The second pass, a multinomial
logistic regression, learns from what the first says of units of hands it was not trained on, which makes its
probabilities honest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from extract.classify.cues import load_labels
from extract.classify.features import (
    SECTIONS,
    Array,
    Embed,
    Features,
    embed_texts,
    hash_pieces,
    read_features,
)
from extract.classify.model import Model, Weights, split_clauses
from extract.classify.release import TABLES, pack_weights, unpack_weights
from extract.classify.signs import count_columns, name_themes
from extract.errors import BadData
from extract.learn.config import Config
from extract.learn.corpus import THEMED, UnitRow, load_units
from extract.learn.design import (
    Matrix,
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

# Where thresholds of themes are drawn to, and how hard: of 33 pairs tried over hands of the training and
# validation splits held out, this one and its neighbours gave themes 0.786, none 0.782, harder ones 0.77.
USUAL, DRAWN = -0.15, 0.05
# Where no theme reaches its threshold the strongest is named somewhat below it (`SLACK` of model), so that
# thresholds may stand higher: of 7 lifts, held out, this one gave the even hands .824 (none .819).
LIFT = 0.05


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
        if unit.part == "rough":
            weight[row] *= config.rough
    every = [unit for _, unit, _ in rows]
    return Lesson(
        examples=tuple(examples),
        features=read_features([(example.text, example.atoms) for example in examples], load_embed(config)),
        units=tuple(every),
        kinds=np.array(kind_codes(every)),
        weight=weight,
        whole=np.array([example.whole for example, _, _ in rows]),
    )


def load_embed(config: Config) -> Embed | None:
    """What gives the sentence embeddings that the configuration asks for; None where it asks for none."""
    if not config.features.embeddings:
        return None
    from extract.classify.embeddings import load_embedder

    return load_embedder(config.features.embeddings).encode


# ---- fitting ---------------------------------------------------------------------------------------------


def fit(units: Sequence[UnitRow], config: Config, *, alone: bool = True) -> dict[str, Array]:
    """The arrays of a release, learnt from `units`; the same for the same units and configuration.

    Without `alone` the head for text that comes alone is not learnt, in half the time: the other stands for
    it, which is enough to measure what a model makes of whole reports.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    lesson = prepare(units, config)
    _refuse_too_few(lesson, config)
    with threadpool_limits(1):  # sums in one order, so that the bytes are the same
        own = weigh_features(lesson.features, np.nonzero(lesson.whole)[0], config.features.least_reports)
        heads = _fit_heads(lesson, own, config, alone=alone)
        themes = _fit_themes(lesson, own, config)
    return _as_arrays(own, heads, themes, config)


def _refuse_too_few(lesson: Lesson, config: Config) -> None:
    """Raise `BadData` where what is left beside held-out reports (or hands) would not show two kinds."""
    for held in group_folds(_groups(lesson), config.folds):
        learnt = set(lesson.kinds[~held & (lesson.weight > 0)].tolist())
        if len(learnt) < 2:
            raise BadData(
                f"{config.corpus}: {len(lesson.units)} units are too few: "
                "a model is learnt from units of at least two kinds in each of several reports"
            )


class Head(NamedTuple):
    """The fitted passes of one head; coefficients `(kinds, columns)`."""

    first: Array
    bias: Array
    second: Array
    second_bias: Array


def _fit_heads(lesson: Lesson, own: Own, config: Config, *, alone: bool = True) -> list[Head]:
    """The head for atoms of a report, and the one for text alone (in the order of `model`).

    The second learns every atom twice: in its place but without neighbours, and without any context.
    """
    placed = design_first(lesson.features, own, config.features)
    report = _fit_head([placed], [1.0], lesson, config)
    if not alone:
        return [report, report]
    bare = design_first(lesson.features, own, config.features, place=False)
    return [report, _fit_head([placed, bare], [0.5, 0.5], lesson, config)]


def _fit_head(matrices: Sequence[Matrix], weights: Sequence[float], lesson: Lesson, config: Config) -> Head:
    """Both passes over copies of the same rows; the second learns from hands held out in turn."""
    everything = np.ones(len(lesson.kinds), dtype=bool)
    decided = [np.zeros((len(lesson.kinds), len(load_labels().kinds))) for _ in matrices]
    for held in group_folds(_groups(lesson), config.folds):
        fitted = _fit_first(matrices, weights, ~held, lesson, config)
        for values, matrix in zip(decided, matrices):
            values[held] = matrix[held] @ fitted[0].T + fitted[1]
    first = _fit_first(matrices, weights, everything, lesson, config)
    rows = np.nonzero(lesson.weight > 0)[0]
    unknown = np.full(len(lesson.kinds), SECTIONS.index("unknown"))
    sections = [lesson.features.section, unknown][: len(matrices)]
    near = config.features.neighbours if len(matrices) == 1 else 0.0
    dense = [
        design_second(values, lesson.features, section, near)[rows]
        for values, section in zip(decided, sections)
    ]
    weight = np.concatenate([lesson.weight[rows] * one for one in weights])
    second = _fit_second(np.vstack(dense), np.tile(lesson.kinds[rows], len(dense)), weight, config)
    return Head(*first, *second)


def _fit_first(
    matrices: Sequence[Matrix], weights: Sequence[float], chosen: Array, lesson: Lesson, config: Config
) -> tuple[Array, Array]:
    """Coefficients `(kinds, columns)` and biases over `chosen` rows; a kind never learnt is far off."""
    import scipy.sparse as sp
    from sklearn.svm import LinearSVC

    rows = np.nonzero(chosen & (lesson.weight > 0))[0]
    matrix = sp.vstack([one[rows] for one in matrices], format="csr")
    kinds = np.tile(lesson.kinds[rows], len(matrices))
    weight = np.concatenate([lesson.weight[rows] * one for one in weights])
    model = LinearSVC(C=config.cost, random_state=config.seed, max_iter=2000)
    return _spread(model.fit(matrix, kinds, sample_weight=weight), far=-2.0)


def _fit_second(matrix: Array, kinds: Array, weight: Array, config: Config) -> tuple[Array, Array]:
    """Coefficients `(kinds, columns)` and biases of the second pass."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=config.second_cost, max_iter=3000, tol=1e-5)
    return _spread(model.fit(matrix, kinds, sample_weight=weight), far=-10.0)


def _spread(model: Any, far: float) -> tuple[Array, Array]:
    """Coefficients and biases of all kinds; those of kinds that were not in the training are 0 and `far`."""
    kinds = len(load_labels().kinds)
    coefficients, bias = np.zeros((kinds, model.coef_.shape[1])), np.full(kinds, far)
    if len(model.classes_) == 2:
        model.coef_ = np.vstack([-model.coef_, model.coef_])
        model.intercept_ = np.concatenate([-model.intercept_, model.intercept_])
    coefficients[model.classes_], bias[model.classes_] = model.coef_, model.intercept_
    return coefficients, bias


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
    vectors: Array
    bias: Array
    thresholds: Array


def _fit_themes(lesson: Lesson, own: Own, config: Config) -> Themes:
    rows = [
        row
        for row, unit in enumerate(lesson.units)
        if lesson.whole[row] and unit.kind in THEMED and not is_lead_in(unit)
    ]
    texts = [lesson.units[row].text for row in rows]
    if not texts:
        raise BadData(f"{config.corpus}: no problem or measure among the units, and so no theme to learn")
    matrix = _design_themes(texts, own, config)
    pieces, starts = split_clauses(texts)
    parts = _design_themes(pieces, own, config)
    unit_of = np.repeat(np.arange(len(texts)), np.diff([*starts, len(pieces)]))
    truth = np.array(theme_rows([lesson.units[row] for row in rows]))
    groups = [_groups(lesson)[row] for row in rows]
    held_out = np.full((len(pieces), truth.shape[1]), -9.0)
    for held in group_folds(groups, config.folds):
        coefficients, bias = _fit_each_theme(matrix[~held], truth[~held], config)
        inside = held[unit_of]
        held_out[inside] = parts[inside] @ coefficients.T + bias
    strongest = np.maximum.reduceat(held_out, starts, axis=0)
    coefficients, bias = _fit_each_theme(matrix, truth, config)
    width, scheme = len(own.words), config.features
    named = 2 * width + count_columns()
    return Themes(
        words=coefficients[:, :width].T * scheme.words,
        chars=coefficients[:, width : 2 * width].T * scheme.chars,
        lexicon=coefficients[:, 2 * width : named].T * scheme.lexicon,
        vectors=coefficients[:, named:].T * scheme.vectors,
        bias=bias,
        thresholds=LIFT
        + np.array([best_threshold(strongest[:, t], truth[:, t]) for t in range(truth.shape[1])]),
    )


def _design_themes(texts: Sequence[str], own: Own, config: Config) -> Matrix:
    """Words, characters, the vocabulary's verdict and the embedding of each text."""
    import scipy.sparse as sp

    scheme = config.features
    words, chars = hash_pieces(texts)
    named = sp.csr_matrix(name_themes(texts) * scheme.lexicon)
    vectors = sp.csr_matrix(embed_texts(texts, load_embed(config)) * scheme.vectors)
    blocks = [scale(words, own.words) * scheme.words, scale(chars, own.chars) * scheme.chars, named, vectors]
    return sp.hstack(blocks, format="csr")


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
    """The threshold with the best F1 on values of held-out units, drawn toward `USUAL` where few decide.

    F1 is smoothed over neighbouring thresholds: the peak of a theme with a dozen units is chance.
    """
    grid = np.arange(-0.8, 0.61, 0.05)
    scores = []
    for threshold in grid:
        found = values >= threshold
        right = float((found & (truth == 1)).sum())
        scores.append(2 * right / max(1.0, found.sum() + truth.sum()))
    smooth = np.convolve(np.pad(scores, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    return float(np.round(grid[int(np.argmax(smooth - DRAWN * np.abs(grid - USUAL)))], 2))


# ---- arrays ----------------------------------------------------------------------------------------------


def _as_arrays(own: Own, heads: Sequence[Head], themes: Themes, config: Config) -> dict[str, Array]:
    """The arrays of a release by name, weights as half floats, buckets without own weight left out."""
    report, alone = (block_weights(head.first, config.features) for head in heads)
    learnt = {
        "words": np.hstack([report["words"], alone["words"], themes.words]),
        "chars": np.hstack([report["chars"], alone["chars"], themes.chars]),
        "path": np.hstack([report["path"], alone["path"]]),
    }
    arrays: dict[str, Array] = {}
    for name in TABLES:
        weights = getattr(own, name)
        buckets = np.nonzero(weights)[0]
        arrays[f"{name}_buckets"] = buckets.astype(np.uint32)
        arrays[f"{name}_own"] = weights[buckets].astype(np.float16)
        arrays[f"{name}_learnt"] = learnt[name][buckets].astype(np.float16)
    near = config.features.neighbours
    second = [split_second(head.second, head.second_bias, near) for head in heads]
    plain = {
        "section": np.stack([report["section"], alone["section"]]),
        "bias": np.stack([head.bias for head in heads]),
        "second": np.stack([one["second"] for one in second]),
        "second_bias": np.stack([one["second_bias"] for one in second]),
        "before": second[0]["before"],
        "after": second[0]["after"],
        "lexicon": themes.lexicon,
        "theme_bias": themes.bias,
        "thresholds": themes.thresholds,
        "rules": np.array([config.rules]),
    }
    if config.features.embeddings:
        plain["vectors"] = np.stack([report["vectors"], alone["vectors"]])
        plain["theme_vectors"] = themes.vectors
    return arrays | {name: array.astype(np.float32) for name, array in plain.items()}


def as_weights(arrays: dict[str, Array]) -> Weights:
    """The weights as a release gives them back."""
    return unpack_weights(pack_weights(arrays))


def as_model(arrays: dict[str, Array], config: Config) -> Model:
    """A model from arrays that were not released."""
    meta = {"name": config.name, "version": config.version}
    return Model(meta, as_weights(arrays), load_embed(config))
