"""A trained model of kinds and themes: plain arrays, scored in one batch over many reports.

Two heads: one for atoms of a report, one for text that comes alone, without neighbours and perhaps without
its section.

Scoring has two passes. The first is linear in hashed words and runs of characters of the atom, its section
and headings. The second corrects it by what the first says of the atoms before and after, and by
how they hang together (`LINKS` of features).

Of an atom of which the model is not sure the rules are asked too (`consult_rules`): learnt words fit the
hands that were learnt from, the order of the guideline's questions fits any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from extract.classify.cues import load_labels
from extract.classify.features import (
    LINKS,
    SECTIONS,
    Array,
    Embed,
    Features,
    Ragged,
    Reports,
    embed_texts,
    encodable,
    hash_pieces,
    read_features,
)
from extract.classify.rules import share_kinds
from extract.classify.signs import name_themes
from extract.patterns import late
from extract.report import Atom, Label

REPORT, ALONE, THEMES = 0, 1, 2  # the heads, and the group of columns after them
FIRST_SHARPNESS = 2.0  # decision values → shares that the second pass sees; of softmax
# Themes are looked for where the atom may be a problem or measure; the unit that it becomes part of decides.
THEMES_FROM = 0.2
# The probability from which on the model is believed alone: six atoms of ten, of which the rules then need
# not be asked.
SURE = 0.99
LEAST_SHARE = 1e-9  # what either is taken to say of a kind at least
# A unit without a theme is rare: the strongest one is named that far below its threshold too. Of 8 values
# tried over hands held out this one costs the even hands nothing that `LIFT` of training does not give back.
SLACK = 0.2
LOT = (
    500  # units that come alone scored together: 5,000 take twice the time a unit, out of the cache (2026-11)
)
STRETCH = 8192  # features whose weights are gathered at once
CLAUSE = late(r"[^。；;！？!?]*[。；;！？!?]+[”’）)]*|[^。；;！？!?]+")


class Table:
    """Weights of hashed features.

    `slot` gives each bucket, `(2 ** bits,)`, its row; row 0 is of buckets never learnt. `groups` are the
    weights for each head and for the themes, `(known + 1, columns)` of float16, apart so that what is read
    together lies together. `own`, `(known + 1,)`, is what the others of a feature are multiplied by.
    """

    def __init__(self, slot: Array, groups: Sequence[Array], own: Array) -> None:
        self.slot = slot
        self.own = own
        self._groups = list(groups)
        self._asked = 0  # rows so far

    def weights(self, group: int, slots: Array) -> Array:
        """The weights of a group in some rows, multiplied: all at once when that many were asked for."""
        weights = self._groups[group]
        self._asked += len(slots)
        if weights.dtype == np.float32:
            return np.take(weights, slots, axis=0)
        if self._asked > len(self.own):
            self._groups[group] = weights = weights.astype(np.float32)
            weights *= self.own[:, None]
            return np.take(weights, slots, axis=0)
        rows = np.take(weights, slots, axis=0).astype(np.float32)
        rows *= np.take(self.own, slots)[:, None]
        return rows

    def score(self, ragged: Ragged, group: int) -> Array:
        """The weighted sum of each row of features over its length; a row without known features is 0."""
        total = np.zeros((len(ragged.starts) - 1, self._groups[group].shape[1]), dtype=np.float32)
        first = 0
        while first < len(total):  # a stretch of rows at a time, so that what is gathered stays small
            last = int(np.searchsorted(ragged.starts, ragged.starts[first] + STRETCH, side="right")) - 1
            last = min(max(last, first + 1), len(total))
            self._score_rows(ragged, group, total, slice(first, last))
            first = last
        return total

    def _score_rows(self, ragged: Ragged, group: int, total: Array, rows: slice) -> None:
        bounds = ragged.starts[rows.start : rows.stop + 1]
        slots = np.take(self.slot, ragged.ids[bounds[0] : bounds[-1]])
        known = np.flatnonzero(slots)
        ends = np.searchsorted(known, bounds - bounds[0])
        full = np.flatnonzero(ends[1:] - ends[:-1])
        if not len(full):
            return
        slots = np.take(slots, known)
        own = np.take(self.own, slots)
        starts = ends[full]
        length = np.sqrt(np.add.reduceat(own * own, starts))
        total[rows][full] = np.add.reduceat(self.weights(group, slots), starts, axis=0) / length[:, None]


class Weights(NamedTuple):
    """All arrays of a model; k kinds, t themes. Columns in the order of labels.toml."""

    words: Table  # groups: each head (k columns), themes (t columns)
    chars: Table
    path: Table  # groups: each head
    section: Array  # (heads, sections, k)
    bias: Array  # (heads, k)
    second: Array  # (heads, k, k): from the first pass
    second_bias: Array  # (heads, sections, k)
    before: Array  # (links, k, k): from the first pass over the atom before
    after: Array  # (links, k, k)
    lexicon: Array  # (columns of `name_themes`, t): from the vocabulary of themes and its signs
    theme_bias: Array  # (t,)
    thresholds: Array  # (t,)
    rules: Array  # (1,): what the rules count beside the model; 0 where they are not asked
    vectors: Array  # (heads, d, k): of sentence embeddings; d is 0 without them
    theme_vectors: Array  # (d, t)


class Model:
    """A release that scores atoms; `meta` is what its `meta.json` says."""

    def __init__(self, meta: Mapping[str, Any], weights: Weights, embed: Embed | None = None) -> None:
        self.meta = dict(meta)
        self.weights = weights
        self.embed = embed
        self.name = f"{meta['name']}-{meta['version']}"

    def label_reports(self, reports: Reports) -> tuple[tuple[Label, ...], ...]:
        """The labels of the atoms of each report, scored in one batch."""
        features = read_features(reports, self.embed)
        scores = consult_rules(self.score_kinds(features), reports, float(self.weights.rules[0]))
        themes = self._find_themes(reports, features, scores)
        labels = [Label(tuple(row), found) for row, found in zip(scores.tolist(), themes)]
        ends = np.cumsum(features.counts).tolist()
        return tuple(tuple(labels[end - n : end]) for n, end in zip(features.counts, ends))

    def label_alone(self, texts: Sequence[tuple[str, str | None, tuple[str, ...]]]) -> tuple[Label, ...]:
        """The labels of units that come alone: each its text, its section or None, its headings."""
        lots = (texts[at : at + LOT] for at in range(0, len(texts), LOT))
        return tuple(chain.from_iterable(map(self._label_lot, lots)))

    def _label_lot(self, texts: Sequence[tuple[str, str | None, tuple[str, ...]]]) -> tuple[Label, ...]:
        reports: list[tuple[str, Sequence[Atom]]] = []
        for text, section, path in texts:
            known: Any = section or "overview"
            reports.append((text, [Atom(known, path, None, 0, len(text), 0)]))
        features = read_features(reports, self.embed)
        places = [SECTIONS.index(section or "unknown") for _, section, _ in texts]
        features = features._replace(section=np.array(places, dtype=np.int64))
        scores = consult_rules(self.score_kinds(features, ALONE), reports, float(self.weights.rules[0]))
        themes = self._find_themes(reports, features, scores)
        return tuple(Label(tuple(row), found) for row, found in zip(scores.tolist(), themes))

    def score_kinds(self, features: Features, head: int = REPORT) -> Array:
        """Probabilities of the kinds by what was learnt, `(atoms, kinds)`, rows summing to 1."""
        if not len(features.section):
            return np.zeros((0, self.weights.bias.shape[1]))
        first = self.score_first(features, head)
        return second_pass(first, features, self.weights, head)

    def score_first(self, features: Features, head: int = REPORT) -> Array:
        """Decision values of the first pass, `(atoms, kinds)`."""
        weights = self.weights
        first = weights.words.score(features.words, head) + weights.chars.score(features.chars, head)
        first += weights.path.score(features.path, head)[features.path_row]
        first += weights.section[head][features.section] + weights.bias[head]
        if features.vectors.shape[1]:
            first += features.vectors @ weights.vectors[head]
        return first

    def score_themes(self, texts: Sequence[str]) -> Array:
        """Decision values of the themes, `(texts, themes)`: of each theme that of its strongest clause."""
        pieces, rows = split_clauses(texts)
        return self._score_clauses(pieces, rows, *hash_pieces(pieces))

    def _score_clauses(self, pieces: Sequence[str], rows: Array, words: Ragged, chars: Ragged) -> Array:
        values = self.weights.words.score(words, THEMES) + self.weights.chars.score(chars, THEMES)
        values += name_themes(pieces) @ self.weights.lexicon + self.weights.theme_bias
        if self.embed is not None:
            values += embed_texts(pieces, self.embed) @ self.weights.theme_vectors
        return np.maximum.reduceat(values, rows, axis=0)

    def _find_themes(self, reports: Reports, features: Features, scores: Array) -> list[tuple[str, ...]]:
        """The themes of what may be a problem or measure; its clauses are stretches of what is hashed."""
        themes, kinds = load_labels().themes, load_labels().kinds
        found: list[tuple[str, ...]] = [()] * len(scores)
        share = scores[:, kinds.index("problem")] + scores[:, kinds.index("measure")]
        atoms = [(text, atom) for text, atoms in reports for atom in atoms]
        rows = [row for row in np.nonzero(share >= THEMES_FROM)[0].tolist() if not atoms[row][1].lead_in]
        if not rows:
            return found
        texts = [encodable(text[atom.start : atom.end]) for text, atom in (atoms[row] for row in rows)]
        clauses, first = split_clauses(texts)
        lengths = np.array([len(clause) for clause in clauses])
        passed = np.cumsum(lengths) - lengths  # characters of clauses before it
        begins = np.repeat(features.hashes.places[rows] - passed[first], np.diff(first, append=len(clauses)))
        begins += passed
        words, chars = features.hashes.rows(begins, begins + lengths)
        margins = self._score_clauses(clauses, first, words, chars) - self.weights.thresholds
        for row, present in zip(rows, choose_themes(margins, _stands_alone(features)[rows]).tolist()):
            found[row] = tuple(theme for theme, yes in zip(themes, present) if yes)
        return found


def choose_themes(margins: Array, alone: Array) -> Array:
    """Which themes are named, `(texts, themes)`, by how far each is above its threshold.

    The strongest of a text that is `alone` in its paragraph or item is named down to `SLACK` below it, where
    no other is: what is a mere sentence of a unit may leave its theme to the others.

    >>> choose_themes(np.array([[-0.1, -0.3], [0.1, -0.1]]), np.array([True, True])).tolist()
    [[True, False], [True, False]]
    """
    named: Array = margins >= 0
    strongest = margins.argmax(axis=1)
    weak = np.flatnonzero(alone & ~named.any(axis=1) & (margins.max(axis=1) >= -SLACK))
    named[weak, strongest[weak]] = True
    return named


def _stands_alone(features: Features) -> Array:
    """Of each atom whether no sentence of its paragraph stands beside it."""
    sentence = LINKS.index("sentence")
    alone: Array = (features.link_before != sentence) & (features.link_after != sentence)
    return alone


def split_clauses(texts: Sequence[str]) -> tuple[list[str], Array]:
    """The stretches of each text between full stops and semicolons, and where those of each text begin.

    >>> split_clauses(["人手不足；更新慢。", "无"])
    (['人手不足；', '更新慢。', '无'], array([0, 2]))
    """
    pieces: list[str] = []
    starts = []
    for text in texts:
        starts.append(len(pieces))
        pieces += CLAUSE.findall(text) or [text]
    return pieces, np.array(starts)


def second_pass(first: Array, features: Features, weights: Weights, head: int = REPORT) -> Array:
    """Probabilities from the first pass's decision values of each atom and its neighbours."""
    values: Array = first @ weights.second[head] + weights.second_bias[head][features.section]
    if head == ALONE:
        return softmax(values.astype(np.float64))
    shares = softmax(FIRST_SHARPNESS * first)
    for neighbour, links, learnt in (
        (features.before, features.link_before, weights.before),
        (features.after, features.link_after, weights.after),
    ):
        has = neighbour >= 0
        values[has] += np.einsum("nk,nkj->nj", shares[neighbour[has]], learnt[links[has]])
    return softmax(values.astype(np.float64))


def consult_rules(scores: Array, reports: Reports, weight: float) -> Array:
    """The probabilities `(atoms, kinds)` with what the rules say of those atoms of which no kind is `SURE`.

    Both are multiplied, the rules to the power `weight`, and the product is made flatter by half as much:
    two opinions that agree are no two proofs.
    """
    doubtful = np.flatnonzero(scores.max(axis=1, initial=0.0) < SURE)
    if not weight or not len(doubtful):
        return scores
    atoms = [(text, atom) for text, atoms in reports for atom in atoms]
    asked = [atoms[row] for row in doubtful.tolist()]
    told = np.array([share_kinds(text[atom.start : atom.end], atom) for text, atom in asked])
    both = np.log(np.maximum(scores[doubtful], LEAST_SHARE)) + weight * np.log(np.maximum(told, LEAST_SHARE))
    scores = scores.copy()
    scores[doubtful] = softmax(both / (1 + weight / 2))
    return scores


def softmax(values: Array) -> Array:
    """Shares that sum to 1 a row."""
    powers: Array = np.exp(values - values.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers
