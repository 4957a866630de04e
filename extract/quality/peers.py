"""A report against its peers: what all of them say, who says the same, whose name was left in.

Peers are the reports of the same level and year, one an agency.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from extract.quality.measure import Measure, rate, unknown
from extract.report import Report, Value
from extract.similarity.mask import agency_names, masked
from extract.similarity.places import find_places, load_masking, load_places
from extract.similarity.shingles import Hashes, shingle_hashes
from extract.similarity.words import UnitWords, are_in, runs_of, unit_words

RUN = 4  # words a run of boilerplate
COMMON = 0.30  # share of peers that makes a run boilerplate
LEAST_PEERS = 5  # peers beside the report itself
TWIN = 0.50  # Jaccard index from which two reports are twins: a copy with one word in fourteen changed

Sign = Literal["twin", "government"]


class CommonRuns(NamedTuple):
    """The runs that at least `COMMON` of the peers share, for a report among those counted and for others.

    A report does not count as its own peer: one that was counted needs one holder more.
    """

    counted: Hashes
    others: Hashes
    peers: int  # reports counted


class ForeignPlace(Value, frozen=True, gc=False):
    """A place named in a report that belongs to somebody else; `text[start:end]` is the name.

    `sign`: it is a place of a twin's agency, or stands as the name of the government that reports.
    """

    name: str
    start: int
    end: int
    sign: Sign


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
    `lengths` are those of the units, `counted` says that the report is among the peers that were counted.
    Source: after Lang and Stice-Lawrence (2015), Textual analysis and international financial reporting.
    """
    if common.peers - counted < LEAST_PEERS:
        return unknown("too_few_peers")
    runs, units = runs_of(words, RUN)
    held = np.unique(units[are_in(runs, common.counted if counted else common.others)])
    return rate(sum(lengths[unit] for unit in held.tolist()), sum(lengths), "no_units")


# ---- foreign places --------------------------------------------------------------------------------------

# Words after a place that make it the one that reports (云溪县人民政府门户网站), and before it a visitor's.
_GOVERNMENT = ("人民政府", "政府网站", "政府门户网站", "政府信息公开", "政务公开", "政府办公室")
_VISIT = ("赴", "到", "与", "和", "学习", "考察", "借鉴", "参照", "转发")
_BEFORE = 8


def find_foreign_places(report: Report, twins: Sequence[str] = ()) -> tuple[ForeignPlace, ...]:
    """Names of other places left in the narrative, in text order; `twins` are the agencies of its twins.

    Only sure signs: a place of a twin's own name, or a county, city or province that stands as the government
    that reports. Places that the agency lies in, or shares with its twin, are no foreign ones.
    """
    if report.agency is None:
        return ()
    own = _own_places(report.agency)
    foreign = [name for twin in twins for name in _places_of(twin) if not _belongs(name, report.agency, own)]
    found = {one.start: one for one in _of_twins(report, sorted(set(foreign), key=len, reverse=True))}
    for one in _governments(report, own):
        found.setdefault(one.start, one)
    return tuple(found[start] for start in sorted(found))


def _of_twins(report: Report, names: Sequence[str]) -> Iterator[ForeignPlace]:
    for unit in report.units:
        for name in names:
            at = unit.text.find(name)
            while at >= 0:
                yield ForeignPlace(name, unit.start + at, unit.start + at + len(name), "twin")
                at = unit.text.find(name, at + len(name))


def _governments(report: Report, own: frozenset[str]) -> Iterator[ForeignPlace]:
    """Places that stand as the reporting government; only where the agency's own place is known."""
    known = load_places()
    if not any(name in known for name in own):
        return
    for unit in report.units:
        for mention in find_places(unit.text):
            name = mention.place.name
            before = unit.text[max(0, mention.start - _BEFORE) : mention.start]
            if (
                unit.text.startswith(_GOVERNMENT, mention.end)
                and not any(word in before for word in _VISIT)
                and not _belongs(name, report.agency or "", own)
                and not own & mention.place.within
            ):
                start = unit.start + mention.start
                yield ForeignPlace(name, start, unit.start + mention.end, "government")


def _places_of(agency: str) -> list[str]:
    """The places in an agency's name, long enough and rare enough to tell it: 宝丰县, 石桥镇."""
    everyday = load_masking()["everyday_places"]
    endings = tuple("省市县区乡镇旗州盟") + ("街道", "苏木", "村", "社区")
    names = [name for name in agency_names(agency) if name.endswith(endings) and len(name) > 2]
    return [name for name in names if name not in everyday]


def _own_places(agency: str) -> frozenset[str]:
    """The places in the agency's name and all that they lie in."""
    known = load_places()
    names = set(agency_names(agency))
    above = {one for name in names if name in known for one in known[name].within}
    return frozenset(names | above)


def _belongs(name: str, agency: str, own: frozenset[str]) -> bool:
    """Whether a place is the agency's own, lies above it, or is part of its name."""
    return name in own or name in agency or any(place in name for place in own if len(place) > 2)


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
