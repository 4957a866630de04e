"""Features → the sparse matrix that scikit-learn fits, in blocks; the same sums that the runtime forms.

A block of text features is scaled a row: own weights (idf) of the features as they occur, over their length.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp

from extract.classify.features import LINKS, PATH_BITS, SECTIONS, TEXT_BITS, Array, Features, Ragged
from extract.classify.model import FIRST_SHARPNESS, softmax
from extract.learn.config import Scheme

Matrix = Any  # scipy.sparse.csr_matrix
TEXT, HEADING = 2**TEXT_BITS, 2**PATH_BITS
BLOCKS = (
    ("words", TEXT),
    ("chars", TEXT),
    ("path", HEADING),
    ("section", len(SECTIONS)),
)


class Own(NamedTuple):
    """The own weight (idf) of every bucket of each table, 0 where it stands in too few units."""

    words: Array
    chars: Array
    path: Array


def weigh_features(features: Features, rows: Array, least: int) -> Own:
    """Own weights by how many of `rows` hold a feature; headings by how many different ones do."""
    words, chars = _matrix(features.words, TEXT)[rows], _matrix(features.chars, TEXT)[rows]
    path = _matrix(features.path, HEADING)
    return Own(*(_idf(counts, least) for counts in (words, chars, path)))


def _matrix(ragged: Ragged, width: int) -> Matrix:
    ones = np.ones(len(ragged.ids), dtype=np.float32)
    return sp.csr_matrix((ones, ragged.ids, ragged.starts), shape=(len(ragged.starts) - 1, width))


def _idf(counts: Matrix, least: int) -> Array:
    counts = counts.copy()
    counts.sum_duplicates()
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log((1 + counts.shape[0]) / (1 + held)) + 1
    # as the release keeps them, so that training and runtime weigh alike
    return np.where(held >= least, idf, 0).astype(np.float16).astype(np.float32)


def scale(ragged: Ragged, own: Array) -> Matrix:
    """The block of one table: each row its features' own weights over their length."""
    weights = own[ragged.ids]
    rows = len(ragged.starts) - 1
    row = np.repeat(np.arange(rows), ragged.lengths)
    length = np.sqrt(np.bincount(row, weights=weights.astype(np.float64) ** 2, minlength=rows))
    data = weights / np.maximum(length, 1e-6)[row]
    return sp.csr_matrix((data.astype(np.float32), ragged.ids, ragged.starts), shape=(rows, len(own)))


def design_first(features: Features, own: Own, scheme: Scheme, *, place: bool = True) -> Matrix:
    """The matrix of the first pass, one row an atom, columns as in `BLOCKS`.

    `place` False leaves out where the atom stands: section and headings.
    """
    rows = len(features.section)
    known = scheme.path if place else 0.0
    blocks = [
        scale(features.words, own.words) * scheme.words,
        scale(features.chars, own.chars) * scheme.chars,
        scale(features.path, own.path)[features.path_row] * known,
        _section_block(features.section if place else None, rows, scheme.section),
        sp.csr_matrix(features.vectors * scheme.vectors),
    ]
    matrix = sp.hstack(blocks, format="csr")
    matrix.eliminate_zeros()
    return matrix


def _section_block(section: Array | None, rows: int, weight: float) -> Matrix:
    column = np.full(rows, SECTIONS.index("unknown")) if section is None else section
    data = np.full(rows, weight, dtype=np.float32)
    return sp.csr_matrix((data, column, np.arange(rows + 1)), shape=(rows, len(SECTIONS)))


def block_weights(coefficients: Array, scheme: Scheme) -> dict[str, Array]:
    """The learnt weights of each block, `(width, classes)`, the block's scale multiplied in."""
    found, at = {}, 0
    for name, width in BLOCKS:
        found[name] = coefficients[:, at : at + width].T * getattr(scheme, name)
        at += width
    found["vectors"] = coefficients[:, at:].T * scheme.vectors
    return found


def design_second(first: Array, features: Features, section: Array, neighbours: float) -> Array:
    """The dense matrix of the second pass: first pass, section, first pass of neighbours by link.

    `neighbours` scales what stands of them: the less, the more it must explain to be believed; 0 is none.
    """
    rows, kinds = first.shape
    sections = np.eye(len(SECTIONS))[section]
    shares = softmax(FIRST_SHARPNESS * first)
    parts: list[Array] = [first, sections]
    for row, links in ((features.before, features.link_before), (features.after, features.link_after)):
        block = np.zeros((rows, len(LINKS), kinds))
        if neighbours:
            has = np.nonzero(row >= 0)[0]
            block[has, links[has]] = shares[row[has]] * neighbours
        parts.append(block.reshape(rows, -1))
    return np.hstack(parts)


def split_second(coefficients: Array, intercept: Array, neighbours: float) -> dict[str, Array]:
    """The learnt weights of the second pass, by their names in the release, scales multiplied in."""
    kinds = coefficients.shape[0]
    at = kinds + len(SECTIONS)
    width = len(LINKS) * kinds
    before = coefficients[:, at : at + width].T * neighbours
    after = coefficients[:, at + width :].T * neighbours
    return {
        "second": coefficients[:, :kinds].T,
        "second_bias": coefficients[:, kinds:at].T + intercept,
        "before": before.reshape(len(LINKS), kinds, kinds),
        "after": after.reshape(len(LINKS), kinds, kinds),
    }


def group_folds(groups: Sequence[str], folds: int) -> list[Array]:
    """For each fold the mask of its rows; no group stands in two, folds are about the same size."""
    names, counts = np.unique(np.array(groups), return_counts=True)
    order = sorted(range(len(names)), key=lambda place: (-counts[place], names[place]))
    totals = np.zeros(min(folds, len(names)))
    fold_of: dict[str, int] = {}
    for place in order:
        fold = int(np.argmin(totals))
        totals[fold] += counts[place]
        fold_of[str(names[place])] = fold
    numbers = np.array([fold_of[group] for group in groups])
    return [numbers == fold for fold in range(len(totals))]
