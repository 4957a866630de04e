"""Batches for formats that know no lists: several values in one text, parted by |."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from extract.export.source import Sheet

if TYPE_CHECKING:
    import pyarrow as pa

JOIN = "|"


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """The schema with text where it has lists."""
    import pyarrow as pa

    fields = [field.with_type(pa.string()) if _is_list(field.type) else field for field in schema]
    return pa.schema([field.remove_metadata() for field in fields])


def plain_batches(sheet: Sheet) -> Iterator[pa.RecordBatch]:
    """The rows of a sheet, lists as text; an empty list is null."""
    import pyarrow as pa

    schema = plain_schema(sheet.schema)
    for batch in sheet.batches():
        columns = [_joined(column) if _is_list(column.type) else column for column in batch.columns]
        yield pa.RecordBatch.from_arrays(
            [one.cast(to.type) for one, to in zip(columns, schema)], schema=schema
        )


def plain_rows(sheet: Sheet) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet one by one."""
    for batch in plain_batches(sheet):
        yield from zip(*(column.to_pylist() for column in batch.columns))


def _is_list(type_: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_list(type_) or pa.types.is_large_list(type_))


def _joined(lists: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    joined = pc.binary_join(lists.cast(pa.list_(pa.string())), JOIN)
    return pc.if_else(pc.equal(pc.list_value_length(lists), 0), None, joined)
