"""The pieces of work of `gongkai quality` on a dataset: each reads files, writes rows, and knows no other.

A piece takes one argument, so that it can be sent to another process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from extract.quality.across import PAIR_INDICATORS, Comparison, measure_years
from extract.quality.followups import followup_rows, pair_rows
from extract.quality.foreign import ForeignPlace, Neighbours, find_foreign_places
from extract.quality.indicators import measure_report
from extract.quality.measure import Measure, count, unknown
from extract.quality.peers import boilerplate_share, find_common_runs
from extract.quality.shards import Shard, write_shard
from extract.quality.stores import read_part
from extract.quality.tables import Head, indicator_rows, to_table
from extract.quality.twins import Likeness, Twin, compare_peers
from extract.quality.years import CrossFinding, duplicate_report, find_year_faults
from extract.report import Report

# Peers that the boilerplate of a group is counted on: the standard error of a share of 0.3 is 0.01.
MOST_PEERS = 2_000


def measure_part(piece: tuple[str, int, str]) -> list[Head]:
    """Measure the reports of one part by themselves; their shard and rows go to the work folder."""
    path, number, work = piece
    found = read_part(path, number)
    reports = [report for _, report in found]
    write_shard(Path(work), str(number), reports)
    measured = [row for head, report in found for row in indicator_rows(head, measure_report(report))]
    _write(work, f"part-{number:06}", "indicators", measured)
    _write(work, f"part-{number:06}", "pairs", (row for one in found for row in pair_rows(*one)))
    return [head for head, _ in found]


def compare_years(piece: tuple[str, str, list[list[Head]]]) -> None:
    """Compare the reports of each agency with those of the year before."""
    work, name, agencies = piece
    shards = Shards(work)
    indicators: list[Any] = []
    followups: list[Any] = []
    findings: list[Any] = []
    for heads in agencies:
        by_year: dict[int, list[Head]] = {}
        for head in sorted(heads, key=lambda head: head.report_key):
            by_year.setdefault(head.year or 0, []).append(head)
        for year, same_year in sorted(by_year.items()):
            findings += _duplicates(shards, same_year)
            for new in same_year:
                if new.year is None or year - 1 not in by_year:
                    missing = unknown("no_year" if new.year is None else "no_earlier_report")
                    indicators += indicator_rows(new, dict.fromkeys(PAIR_INDICATORS, missing))
                    continue
                old = by_year[year - 1][0]
                years = shards.compare(old, new)
                indicators += indicator_rows(new, measure_years(years))
                followups += followup_rows(old, new, years)
                faults = find_year_faults(years.old, years.new)
                findings += [_finding_row(new, old, fault) for fault in faults]
    _write(work, name, "indicators", indicators)
    _write(work, name, "followups", followups)
    _write(work, name, "findings", findings)


def _duplicates(shards: Shards, heads: Sequence[Head]) -> list[Any]:
    first, *more = heads
    rows = []
    for head in more:
        one, other = (replace(shards.report(found), agency=found.same) for found in (first, head))
        fault = duplicate_report(one, other)
        if fault is not None:
            rows.append(_finding_row(head, first, fault))
    return rows


def _finding_row(head: Head, other: Head, fault: CrossFinding) -> tuple[Any, ...]:
    said = (fault.rule, fault.severity, "report", fault.message, list(fault.where))
    return (*head.keys, *said, other.report_key, list(fault.other_where))


def find_twins(piece: tuple[str, str, list[Head]]) -> None:
    """Find each report's most similar other agency in one year, the twins, and whose names were left in."""
    work, name, heads = piece
    shards = Shards(work)
    signatures = shards.signatures(heads)
    likeness = compare_peers(
        signatures, [head.same for head in heads], lambda at: shards.shard(heads[at]).shingles(heads[at].row)
    )
    if heads[0].year is None:  # reports of unknown years are nobody's peers
        likeness = Likeness([unknown("no_year")] * len(heads), [])
    neighbours = Neighbours(head.agency for head in heads)
    others: dict[int, list[str]] = {}
    for twin in likeness.twins:
        others.setdefault(twin.first, []).append(heads[twin.second].agency or "")
        others.setdefault(twin.second, []).append(heads[twin.first].agency or "")
    places = [
        find_foreign_places(shards.report(head), others.get(at, ()), neighbours)
        for at, head in enumerate(heads)
    ]
    rows: list[Any] = []
    for head, measure, left in zip(heads, likeness.measures, places):
        foreign = count(len({one.name for one in left}))
        rows += indicator_rows(head, {"peer_max_similarity": measure, "foreign_places": foreign})
    _write(work, name, "indicators", rows)
    _write(work, name, "twins", (row for twin in likeness.twins for row in _twin_rows(heads, places, twin)))
    findings = [_twin_finding(heads, places, twin) for twin in likeness.twins]
    findings += [_place_finding(head, left) for head, left in zip(heads, places) if left]
    _write(work, name, "findings", findings)


def _twin_rows(
    heads: Sequence[Head], places: Sequence[Sequence[ForeignPlace]], twin: Twin
) -> Iterable[tuple[Any, ...]]:
    """Two rows, one from each side: a report's own twins are found under its key."""
    for one, other in ((twin.first, twin.second), (twin.second, twin.first)):
        head, left = heads[one], places[one]
        names, spans = [place.name for place in left], [f"{place.start}:{place.end}" for place in left]
        yield (*head.keys, heads[other].report_key, heads[other].agency, twin.jaccard, names, spans)


def _twin_finding(
    heads: Sequence[Head], places: Sequence[Sequence[ForeignPlace]], twin: Twin
) -> tuple[Any, ...]:
    first, second = heads[twin.first], heads[twin.second]
    spans = [tuple(f"{one.start}:{one.end}" for one in places[at]) for at in (twin.first, twin.second)]
    names = "、".join(sorted({one.name for at in (twin.first, twin.second) for one in places[at]}))
    message = (
        f"{first.agency} and {second.agency} ({first.year}) have nearly the same text: Jaccard index "
        f"{twin.jaccard:.2f}" + (f"; names of other places left in: {names}." if names else ".")
    )
    fault = CrossFinding(
        "twin_report", "warning", message, first.report_id, spans[0], second.report_id, spans[1]
    )
    return _finding_row(first, second, fault)


def _place_finding(head: Head, left: Sequence[ForeignPlace]) -> tuple[Any, ...]:
    names = "、".join(dict.fromkeys(one.name for one in left))
    message = f"Names of other places stand in the report of {head.agency}: {names}."
    spans = [f"{one.start}:{one.end}" for one in left]
    return (*head.keys, "foreign_place", "warning", "report", message, spans, None, [])


def measure_boilerplate(piece: tuple[str, str, list[Head]]) -> None:
    """Measure the boilerplate of one group of peers: reports of one level and year."""
    work, name, heads = piece
    shards = Shards(work)
    known = _one_each(head for head in heads if head.year is not None and head.level is not None)
    drawn = sorted(known, key=lambda head: blake2b(head.report_key.encode()).digest())[:MOST_PEERS]
    common = find_common_runs(shards.shard(head).words(head.row) for head in drawn)
    counted = {_peer(head) for head in drawn}  # an agency's other report for the year is no peer of it
    rows: list[Any] = []
    for head in heads:
        shard = shards.shard(head)
        measure: Measure = boilerplate_share(
            shard.words(head.row),
            shard.lengths(head.row),
            common,
            counted=_peer(head) in counted,
        )
        rows += indicator_rows(head, {"boilerplate_share": measure})
    _write(work, name, "indicators", rows)


def _one_each(heads: Iterable[Head]) -> list[Head]:
    """The first report of each agency: a file that lies twice is one report."""
    first: dict[str, Head] = {}
    for head in heads:
        first.setdefault(_peer(head), head)
    return list(first.values())


def _peer(head: Head) -> str:
    """What makes a report a peer: its agency under all its names, of an unnamed one the report."""
    return f"agency {head.same}" if head.same is not None else head.report_key


class Shards:
    """The shards of a work folder, each opened once."""

    def __init__(self, work: str) -> None:
        self.folder = Path(work)
        self._open: dict[str, Shard] = {}

    def shard(self, head: Head) -> Shard:
        """The shard that a report lies in."""
        if head.shard not in self._open:
            self._open[head.shard] = Shard(self.folder, head.shard)
        return self._open[head.shard]

    def report(self, head: Head) -> Report:
        """The slim form of a report."""
        return self.shard(head).report(head.row)

    def compare(self, old: Head, new: Head) -> Comparison:
        """Two years of an agency."""
        words = [self.shard(head).words(head.row) for head in (old, new)]
        return Comparison(self.report(old), self.report(new), words=(words[0], words[1]))

    def signatures(self, heads: Sequence[Head]) -> Any:
        """The signatures of some reports, shape (reports, 128)."""
        import numpy as np

        rows = [self.shard(head).signatures[head.row] for head in heads]
        return np.array(rows, dtype=np.uint32).reshape(len(rows), -1)


def _write(work: str, name: str, table: str, rows: Iterable[Sequence[Any]]) -> None:
    import pyarrow.parquet as pq

    found = to_table(table, rows)
    if len(found):
        pq.write_table(found, Path(work) / f"{name}.{table}.parquet", compression="zstd", compression_level=1)
