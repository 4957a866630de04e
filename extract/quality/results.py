"""The pieces that the steps wrote → the tables of OUT/quality, with percentiles by level and year."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from extract.quality.indicators import describe_indicators
from extract.quality.peers import percentile_ranks
from extract.quality.tables import FOLDER, arrow_schema, to_table

if TYPE_CHECKING:
    import pyarrow as pa

    from extract.store.files import Place

_QUANTILES = (10, 25, 50, 75, 90)
_ROWS = 200_000  # rows of a row group


# `percentiles` rests on what writing `indicators` found.
TABLES = ("indicators", "pairs", "followups", "twins", "findings", "percentiles")


def write_results(place: Place, work: Path) -> dict[str, int]:
    """Write every table to OUT/quality; the number of rows of each."""
    written = {}
    for name in TABLES:
        target = work / f"{name}.parquet"
        if name == "indicators":
            written[name], percentiles = _write_indicators(work, target)
        elif name == "percentiles":
            written[name] = _write(target, name, [to_table(name, percentiles)])
        else:
            written[name] = _write(target, name, _pieces(work, name))
        place.write(f"{FOLDER}/{name}.parquet", target.read_bytes())
        target.unlink()
    return written


def _pieces(work: Path, name: str) -> Iterator[pa.Table]:
    import pyarrow.parquet as pq

    for path in sorted(work.glob(f"*-*.{name}.parquet")):
        yield pq.read_table(path, partitioning=None)


def _write(target: Path, name: str, tables: Any) -> int:
    import pyarrow.parquet as pq

    rows = 0
    with pq.ParquetWriter(target, arrow_schema(name), compression="zstd") as writer:
        for table in tables:
            writer.write_table(table, row_group_size=_ROWS)
            rows += len(table)
    return rows


def _write_indicators(work: Path, target: Path) -> tuple[int, list[tuple[Any, ...]]]:
    """Indicator by indicator in the order of the codebook, so that one is in memory at a time."""
    percentiles: list[tuple[Any, ...]] = []
    split = _split_by_indicator(work)
    tables = (_with_ranks(split[name], name, percentiles) for name in describe_indicators() if name in split)
    rows = _write(target, "indicators", tables)
    for path in set(split.values()):
        os.unlink(path)
    return rows, percentiles


def _split_by_indicator(work: Path) -> Mapping[str, Path]:
    """The rows of each indicator in a file of its own."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    writers: dict[str, pq.ParquetWriter] = {}
    for table in _pieces(work, "indicators"):
        for name in pc.unique(table.column("indicator")).to_pylist():
            if name not in writers:
                writers[name] = pq.ParquetWriter(work / f"by.{name}.parquet", table.schema)
            writers[name].write_table(table.filter(pc.equal(table.column("indicator"), name)))
    for writer in writers.values():
        writer.close()
    return {name: work / f"by.{name}.parquet" for name in writers}


def _with_ranks(path: Path, name: str, percentiles: list[tuple[Any, ...]]) -> pa.Table:
    """The rows of one indicator by year and key, with the percentile of each among its level and year."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(path, partitioning=None).sort_by(
        [("year", "ascending"), ("report_key", "ascending")]
    )
    years, levels = table.column("year").to_pylist(), table.column("level").to_pylist()
    values = table.column("value").to_pylist()
    ranks: list[float | None] = [None] * len(values)
    groups: dict[tuple[int | None, str | None], list[int]] = {}
    for at, key in enumerate(zip(years, levels)):
        groups.setdefault(key, []).append(at)
    for (year, level), rows in groups.items():
        group = [values[at] for at in rows]
        percentiles.append((name, level, year, len(rows), *_describe(group)))
        for at, rank in zip(rows, percentile_ranks(group)):
            ranks[at] = rank
    column = table.schema.get_field_index("percentile")
    return table.set_column(column, table.schema.field(column), pa.array(ranks, type=pa.float64()))


def _describe(values: Sequence[float | None]) -> tuple[Any, ...]:
    known = np.array([value for value in values if value is not None])
    if not len(known):
        return (0, *[None] * (1 + len(_QUANTILES)))
    return (len(known), float(known.mean()), *np.percentile(known, _QUANTILES).tolist())
