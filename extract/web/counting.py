"""Counts over a dataset of any size: streamed through Arrow's own engine, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.dataset

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def open_files(
    files: Sequence[str], schema: pyarrow.Schema, filesystem: Any = None
) -> pyarrow.dataset.Dataset:
    """Parquet files of `schema` as one table, `year` from their folders; no files are an empty table."""
    import pyarrow.dataset

    if not files:
        return pyarrow.dataset.dataset(schema.empty_table())
    return pyarrow.dataset.dataset(
        list(files), schema=schema, format="parquet", partitioning="hive", filesystem=filesystem
    )


def count(
    rows: pyarrow.dataset.Dataset, keys: Sequence[str], where: pyarrow.dataset.Expression | None = None
) -> list[dict[str, Any]]:
    """How many rows there are for each value of `keys`, as `rows`."""
    return _aggregate(rows, keys, [], [([], "hash_count_all", None, "rows")], where)


def count_entries(
    rows: pyarrow.dataset.Dataset,
    entries: str,
    keys: Sequence[str],
    where: pyarrow.dataset.Expression | None = None,
) -> list[dict[str, Any]]:
    """The same for the entries of a list column (`themes`): each entry of a row counts once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts: list[pyarrow.Table] = []
    for batch in rows.to_batches(columns=[*keys, entries], filter=where):
        parents = pc.list_parent_indices(batch[entries])
        flat = {key: pc.take(batch[key], parents) for key in keys}
        table = pa.table({**flat, entries: pc.list_flatten(batch[entries])})
        parts.append(table.group_by([*keys, entries]).aggregate([([], "count_all")]))
    if not parts:
        return []
    whole = pa.concat_tables(parts).group_by([*keys, entries]).aggregate([("count_all", "sum")])
    return list(whole.rename_columns([*keys, entries, "rows"]).to_pylist())


def spread(
    rows: pyarrow.dataset.Dataset,
    value: str,
    keys: Sequence[str],
    where: pyarrow.dataset.Expression | None = None,
) -> list[dict[str, Any]]:
    """`quantiles` of a number (by t-digest) and how many `rows` have one, for each value of `keys`."""
    import pyarrow.compute as pc

    options = pc.TDigestOptions(q=list(QUANTILES))
    wanted = [(value, "hash_tdigest", options, "quantiles"), (value, "hash_count", None, "rows")]
    return [row for row in _aggregate(rows, keys, [value], wanted, where) if row["rows"]]


def _aggregate(
    rows: pyarrow.dataset.Dataset,
    keys: Sequence[str],
    values: Sequence[str],
    wanted: Sequence[tuple[Any, ...]],
    where: pyarrow.dataset.Expression | None,
) -> list[dict[str, Any]]:
    import pyarrow.acero as acero
    import pyarrow.compute as pc

    columns = {name: pc.field(name) for name in [*keys, *values]}
    steps = [acero.Declaration("scan", acero.ScanNodeOptions(rows, columns=columns, filter=where))]
    if where is not None:  # the scan only skips files by it; the rows themselves are filtered here
        steps.append(acero.Declaration("filter", acero.FilterNodeOptions(where)))
    steps.append(
        acero.Declaration("project", acero.ProjectNodeOptions(list(columns.values()), list(columns)))
    )
    steps.append(
        acero.Declaration("aggregate", acero.AggregateNodeOptions(list(wanted), keys=list(keys) or None))
    )
    return list(acero.Declaration.from_sequence(steps).to_table().to_pylist())
