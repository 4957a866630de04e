"""Tables → the files of one part: a file a table and year, each written whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from extract.report import Report
from extract.store.files import Place
from extract.store.journal import Entry, PartFile, write_entry
from extract.store.output import open_output
from extract.store.rows import report_key
from extract.store.schema import EMPTY, TABLES, arrow_schema, describe_json, describe_markdown
from extract.store.tables import DISTINCT, to_tables

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 256  # reports that `write_reports` puts into one part's tables at a time
# Folders by year have no `year=` in their names, and the column is in the files: of a null in such a name
# pandas and Arrow make an error ("Cannot yet unify dictionaries with nulls"), `datasets` no column at all.
NO_YEAR = "unknown"


def write_reports(reports: Iterable[Report], path: str | os.PathLike[str]) -> None:
    """A dataset of reports in memory; a dataset that is there gets them as a further part."""
    place = open_output(path)
    write_description(place)
    stream = iter(reports)
    while batch := list(islice(stream, BATCH)):
        digest = hashlib.sha256("\n".join(map(report_key, batch)).encode()).hexdigest()
        write_part(place, f"{digest[:12]}", [to_tables(batch)], version=batch[0].source.version)


def write_description(place: Place, own: Mapping[str, str] | None = None) -> None:
    """schema.json and README.md of a dataset."""
    place.write("README.md", describe_markdown(own))
    place.write("schema.json", describe_json(own))


def write_part(place: Place, part: str, batches: Sequence[Mapping[str, pa.Table]], *, version: str) -> Entry:
    """Write the tables of a part and, last, the entry that makes it count. Raises `CannotWrite`."""
    entry = Entry(part, version, "", (), write_tables(place, part, batches))
    write_entry(place, entry)
    return entry


def write_tables(
    place: Place,
    part: str,
    batches: Sequence[Mapping[str, pa.Table]],
    own: Mapping[str, str] | None = None,
) -> tuple[PartFile, ...]:
    """Write the tables of a part, of which `batches` are pieces in order; empty ones are left out."""
    import pyarrow as pa

    files: list[PartFile] = []
    for name in batches[0] if batches else ():
        schema = arrow_schema(name, own)
        table = pa.concat_tables([batch[name] for batch in batches]).select(schema.names)
        table = table.unify_dictionaries()
        for year, rows in _by_year(table):
            target = f"{name}/{NO_YEAR if year is None else year}/part-{part}.parquet"
            place.write(target, encode_parquet(rows), settle=False)
            files.append(PartFile(name, year, target, len(rows)))
    place.settle([file.name for file in files])
    return tuple(files)


def write_empty_tables(place: Place, filled: Collection[str], own: Mapping[str, str] | None = None) -> None:
    """A file without rows for each table that is not `filled`, so that readers of its folder see its columns.

    No part counts it as its own: it is swept away when the table has rows.
    """
    import pyarrow as pa

    for name in TABLES:
        if name not in filled:  # `Schema.empty_table` would import pandas: half a second, 80 MiB
            nothing = pa.Table.from_batches([], arrow_schema(name, own))
            place.write(EMPTY.format(name), encode_parquet(nothing))


def _by_year(table: pa.Table) -> Iterable[tuple[int | None, pa.Table]]:
    """The rows of each year, years ascending and the unknown one last, order within a year kept."""
    import numpy as np
    import pyarrow.compute as pc

    if not len(table):
        return
    years = pc.fill_null(table.column("year"), np.iinfo(np.int32).max).to_numpy()
    if years[0] != years[-1] or (years != years[0]).any():
        order = np.argsort(years, kind="stable")
        table, years = table.take(order), years[order]
    starts = np.flatnonzero(np.diff(years, prepend=years[0] - 1))
    for start, end in zip(starts, [*starts[1:], len(years)], strict=True):
        year = int(years[start])
        yield None if year == np.iinfo(np.int32).max else year, table.slice(start, end - start)


def encode_parquet(table: pa.Table) -> pa.Buffer:
    """The bytes of a Parquet file of the table; of one without rows, a file without row groups."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    repeating = [name for name in table.column_names if name not in DISTINCT]
    with pq.ParquetWriter(
        sink,
        table.schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=repeating,
        store_schema=False,  # plain strings to every reader, however they were held here
    ) as writer:
        if len(table):
            writer.write_table(table)
    return sink.getvalue()
