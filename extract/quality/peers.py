"""A report against its peers: what all of them say, and where it stands among them.

Peers are the reports of the same level and year, one an agency.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from extract.quality.measure import Measure, rate, unknown
from extract.report import Report
from extract.similarity.mask import masked
from extract.similarity.shingles import Hashes, shingle_hashes
from extract.similarity.words import UnitWords, are_in, runs_of, unit_words

RUN = 4  # words a run of boilerplate
COMMON = 0.30  # share of peers that makes a run boilerplate
LEAST_PEERS = 5  # peers beside the report itself
TWIN = 0.50  # Jaccard index from which two reports are twins: a copy with one word in fourteen changed


class CommonRuns(NamedTuple):
    """The runs that at least `COMMON` of the peers share, for a report among those counted and for others.

    A report does not count as its own peer: one that was counted needs one holder more.
    """

    counted: Hashes
    others: Hashes
    peers: int  # reports counted


def narrative(report: Report) -> str:
    """The text of all units, a line each."""
    return "\n".join(unit.text for unit in report.units)


def report_shingles(report: Report) -> Hashes:
    """The shingles of the masked narrative."""
    return shingle_hashes(masked(narrative(report), report.agency))


def report_words(report: Report) -> UnitWords:
    """The masked words of each unit."""
    return unit_words([unit.text for unit in report.units], report.agency)


def find_common_runs(reports: Iterable[UnitWords]) -> CommonRuns:
    """The boilerplate of a group of peers; each item holds the words of one report."""
    sets = [np.unique(runs_of(words, RUN)[0]) for words in reports]
    peers = len(sets)
    if not peers:
        nothing = np.empty(0, dtype=np.uint64)
        return CommonRuns(nothing, nothing, 0)
    hashes, counts = np.unique(np.concatenate(sets), return_counts=True)
    needed = COMMON * (peers - 1) + 1 - 1e-9
    return CommonRuns(hashes[counts >= needed], hashes[counts >= COMMON * peers - 1e-9], peers)


def boilerplate_share(
    words: UnitWords, lengths: Sequence[int], common: CommonRuns, *, counted: bool
) -> Measure:
    """Characters in units that hold a run of 4 words which ≥ 30 % of peers share / N. Range 0–1.

    Peers: same level and year; at least 5 beside the report itself. Masked words. `words` and
    `lengths` are those of the units, `counted` says that the report, or another of the same agency and year,
    is among the peers that were counted.
    Source: after Lang and Stice-Lawrence (2015), Textual analysis and international financial reporting.
    """
    if common.peers - counted < LEAST_PEERS:
        return unknown("too_few_peers")
    runs, units = runs_of(words, RUN)
    held = np.unique(units[are_in(runs, common.counted if counted else common.others)])
    return rate(sum(lengths[unit] for unit in held.tolist()), sum(lengths), "no_units")


# ---- percentiles -----------------------------------------------------------------------------------------


def percentile_ranks(values: Sequence[float | None]) -> list[float | None]:
    """For each value the share of the group below it, ties counted half, 0 to 100; None without a value.

    None for all where there are fewer than `LEAST_PEERS` + 1 values.

    >>> percentile_ranks([1.0, 2.0, 2.0, None, 4.0, 5.0])
    [None, None, None, None, None, None]
    >>> percentile_ranks([1.0, 2.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])[0]
    6.25
    """
    known = np.sort(np.array([value for value in values if value is not None], dtype=np.float64))
    if len(known) <= LEAST_PEERS:
        return [None] * len(values)
    ranks: list[float | None] = []
    for value in values:
        if value is None:
            ranks.append(None)
            continue
        below, upto = np.searchsorted(known, value, "left"), np.searchsorted(known, value, "right")
        ranks.append(float(100 * (below + upto) / 2 / len(known)))
    return ranks
