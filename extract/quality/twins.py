"""For each report of one year the most similar report of another agency, and all twins.

In a small group all pairs are estimated from their signatures; in a large one only those that MinHash bands
bring together, and a report whose best match lies below `FLOOR` has no value. What is told is the exact
index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extract.quality.measure import Measure, unknown
from extract.quality.peers import TWIN
from extract.similarity.minhash import Signature, candidate_rows, estimate, jaccard
from extract.similarity.shingles import Hashes

ALL_PAIRS_UP_TO = 800  # reports of one year that are compared pair by pair
FLOOR = 0.50  # likeness from which a pair is looked for in a larger group
BEST = 3  # pairs by estimate, of each report, that are settled exactly


class Twin(NamedTuple):
    """Two reports of one year by their places in the group, the lesser first, and their Jaccard index."""

    first: int
    second: int
    jaccard: float


class Likeness(NamedTuple):
    """What one year's group gave: a measure a report, and the pairs that are twins."""

    measures: list[Measure]
    twins: list[Twin]


def compare_peers(
    signatures: Signature, agencies: Sequence[str | None], hashes: Callable[[int], Hashes]
) -> Likeness:
    """Highest likeness of each report to another agency's, and the twins. Range 0–1.

    `peer_max_similarity`: highest Jaccard index of masked 8-character shingles with another agency's report
    of the same year. `hashes` gives the shingles of a report. Reports without an agency have no peers.
    """
    count = len(signatures)
    names = _numbers(agencies)
    large = count > ALL_PAIRS_UP_TO
    pairs = candidate_rows(signatures, FLOOR) if large else _all_pairs(count)
    pairs = pairs[(names[pairs[:, 0]] != names[pairs[:, 1]]) & (names[pairs] >= 0).all(axis=1)]
    likely = _estimates(signatures, pairs)
    best = np.zeros(count)
    twins = []
    for (first, second), guess in zip(pairs.tolist(), likely):
        if guess < 0:
            continue
        exact = jaccard(hashes(first), hashes(second))
        best[first], best[second] = max(best[first], exact), max(best[second], exact)
        if exact >= TWIN:
            twins.append(Twin(first, second, round(exact, 4)))
    compared = np.zeros(count, dtype=bool)
    compared[pairs[likely >= 0].ravel()] = True
    measures = [
        _measure(float(best[at]), compared=bool(compared[at]), large=large and bool(names[at] >= 0))
        for at in range(count)
    ]
    return Likeness(measures, twins)


def _numbers(agencies: Sequence[str | None]) -> NDArray[np.int64]:
    """The same number for the same agency, -1 for none."""
    known: dict[str | None, int] = {None: -1}
    return np.array([known.setdefault(agency, len(known)) for agency in agencies], dtype=np.int64)


def _measure(best: float, *, compared: bool, large: bool) -> Measure:
    """In a large group what lies below the floor was found by chance, or not at all: no value."""
    if large and best < FLOOR:
        return unknown("below_floor")
    return Measure(best) if compared else unknown("too_few_peers")


def _all_pairs(count: int) -> NDArray[np.int64]:
    first, second = np.triu_indices(count, k=1)
    return np.stack([first, second], axis=1).astype(np.int64)


def _estimates(signatures: Signature, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """The estimate of each pair that is worth settling exactly, -1 for the others.

    Worth it: a pair that may be of twins, and the `BEST` of each report.
    """
    likely = np.zeros(len(pairs))
    for start, block in _blocks(pairs):
        likely[start : start + len(block)] = estimate(signatures[block[:, 0]], signatures[block[:, 1]])
    worth = likely >= TWIN - 0.13
    for side in (0, 1):
        worth |= _among_best(pairs[:, side], likely)
    return np.where(worth, likely, -1.0)


def _blocks(pairs: NDArray[np.int64], size: int = 50_000) -> Iterator[tuple[int, NDArray[np.int64]]]:
    for start in range(0, len(pairs), size):
        yield start, pairs[start : start + size]


def _among_best(reports: NDArray[np.int64], likely: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a pair is one of the `BEST` of the report on this side."""
    order = np.lexsort((-likely, reports))
    ordered = reports[order]
    starts = np.searchsorted(ordered, ordered, "left")
    among = np.zeros(len(reports), dtype=bool)
    among[order] = np.arange(len(order)) - starts < BEST
    return among
