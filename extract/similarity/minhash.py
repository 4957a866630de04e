"""Near-duplicates among many texts without comparing all pairs: MinHash signatures, banded (LSH).

A candidate is only that: `jaccard` of the two sets of hashes settles it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from extract.similarity.shingles import Hashes

Key = TypeVar("Key")
Signature = NDArray[np.uint32]

PERMUTATIONS = 128
_SEED = 42
# Least chance that a pair just at the threshold becomes a candidate.
RECALL = 0.98
# A pair stays a candidate while its estimate is within this of the threshold: three standard deviations of
# an estimate of 0.5 from 128 permutations, 3 × √(0.25 / 128).
SLACK = 0.13
# Texts of one bucket that each text is paired with: of thousands of equal texts not every pair is wanted.
NEIGHBOURS = 64


def signature(hashes: Hashes) -> Signature:
    """The MinHash signature of a set of hashes, shape (128,); the same on every machine.

    An empty set has a signature too, equal to that of every other empty set.
    """
    first: Signature = signatures([hashes])[0]
    return first


def signatures(sets: Sequence[Hashes]) -> Signature:
    """The signatures of many sets, shape (sets, 128): faster than one by one."""
    from rensa import RMinHash

    if not sets:
        return np.empty((0, PERMUTATIONS), dtype=np.uint32)
    flat = np.concatenate([np.asarray(one, dtype=np.uint64) for one in sets])
    offsets = np.cumsum([0, *map(len, sets)], dtype=np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, PERMUTATIONS, _SEED)
    return np.array(matrix.to_rows(), dtype=np.uint32)


def jaccard(left: Hashes, right: Hashes) -> float:
    """Exact Jaccard index of two sorted sets of hashes, 0 to 1; 0 where both are empty.

    >>> jaccard(np.array([1, 2, 3], dtype=np.uint64), np.array([2, 3, 4], dtype=np.uint64))
    0.5
    """
    if not len(left) or not len(right):
        return 0.0
    if len(left) > len(right):
        left, right = right, left
    found = np.searchsorted(right, left)
    common = int(np.count_nonzero(right[np.minimum(found, len(right) - 1)] == left))
    return common / (len(left) + len(right) - common)


def estimate(left: Signature, right: Signature) -> Any:
    """Jaccard index as the signatures tell it, along the last axis; standard deviation at most 0.044."""
    return np.mean(left == right, axis=-1)


def candidates(
    keys: Sequence[Key], signatures: Sequence[Signature] | Signature, threshold: float
) -> Iterator[tuple[Key, Key]]:
    """Pairs of keys whose sets may have a Jaccard index of `threshold` or more, in the order of the keys.

    Of a pair just at the threshold fewer than 2 in 100 are missed. Where more than 64 texts are alike,
    each is paired with its next 64 in the order of the keys, which still links them all.
    """
    for first, second in candidate_rows(np.asarray(signatures, dtype=np.uint32), threshold):
        yield keys[first], keys[second]


def candidate_rows(matrix: Signature, threshold: float) -> NDArray[np.int64]:
    """The candidates as row numbers of `matrix`, shape (pairs, 2), sorted, the lesser first."""
    if not 0 < threshold <= 1:
        raise ValueError("a threshold lies above 0 and not above 1")
    count = len(matrix)
    if count < 2:
        return np.empty((0, 2), dtype=np.int64)
    rows = rows_per_band(threshold)
    found = [np.empty(0, dtype=np.int64)]
    for band in range(PERMUTATIONS // rows):
        buckets = buckets_of(matrix[:, band * rows : (band + 1) * rows])
        for first, second in pairs_in_buckets(buckets):
            near = estimate(matrix[first], matrix[second]) >= threshold - SLACK
            found.append(first[near] * count + second[near])
        found = [np.unique(np.concatenate(found))]
    return np.stack(np.divmod(found[0], count), axis=1)


def rows_per_band(threshold: float) -> int:
    """The most rows a band that still finds a pair at the threshold with a chance of `RECALL`.

    >>> [rows_per_band(one) for one in (0.3, 0.5, 0.8, 0.95)]
    [2, 3, 7, 16]
    """
    rows = 1
    for more in range(2, 17):
        if 1 - (1 - threshold**more) ** (PERMUTATIONS // more) >= RECALL:
            rows = more
    return rows


def buckets_of(band: Signature) -> NDArray[np.uint64]:
    """One number for each row of a band, the same for the same row and spread over all 64 bits."""
    mixed = np.full(len(band), 0x9E3779B97F4A7C15, dtype=np.uint64)
    for column in band.T:
        mixed = (mixed ^ column.astype(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
    return mixed


def pairs_in_buckets(buckets: NDArray[np.uint64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Row numbers that share a bucket, the lesser first, each with at most its next `NEIGHBOURS`."""
    order = np.argsort(buckets, kind="stable").astype(np.int64)
    ordered = buckets[order]
    places = np.arange(len(order))
    for step in range(1, min(NEIGHBOURS, len(order) - 1) + 1):
        places = places[places + step < len(order)]
        places = places[ordered[places] == ordered[places + step]]
        if not len(places):
            return
        yield order[places], order[places + step]
