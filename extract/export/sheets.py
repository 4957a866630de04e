"""The tables of a dataset as sheets: with labels, and `reports` with its copies and duplicates marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from extract.export.panel import Variable, load_panel
from extract.export.source import Sheet, Years, table_batches, table_schema
from extract.export.wide import Wide
from extract.export.wide_columns import made_columns, mark_years
from extract.quality.tables import describe_tables
from extract.store.schema import TABLES, load_schema

if TYPE_CHECKING:
    import pyarrow as pa

    from extract.store import Store

PANEL = "panel"
NAME = "agency_name"  # stands right after `agency`; the other marks come last
MARKS = ("report_number", "reports_of_year", "duplicate_of", "duplicate_how")


def open_sheet(store: Store, name: str, years: Years = None) -> Sheet:
    """A table of the dataset or its panel, with what its columns mean. Raises `KeyError`."""
    if name == PANEL:
        wide = Wide(store, years)
        labels = {one.name: (one.zh, one.en) for one in wide.variables}
        return Sheet(PANEL, wide.schema, wide.batches, labels)
    schema = table_schema(store, name)
    if name == "reports":
        return Sheet(name, _marked(schema), lambda: _marked_batches(store, years), column_labels(name))
    return Sheet(name, schema, lambda: table_batches(store, name, years), column_labels(name))


def column_labels(table: str) -> dict[str, tuple[str, str]]:
    """Column → what it means."""
    if table in TABLES or any(one.name == table for one in load_schema().beside):
        labels = {column.name: (column.zh, column.en) for column in load_schema().columns(table)}
        return labels | ({one.name: (one.zh, one.en) for one in mark_columns()} if table == "reports" else {})
    quality = describe_tables().get(table.removeprefix("quality_"))
    return {column.name: (column.zh, column.en) for column in quality.columns} if quality else {}


def mark_columns() -> list[Variable]:
    """The columns that an exported `reports` has beside those of the dataset."""
    marks = [one for one in load_panel().head if one.name in (NAME, *MARKS)]
    return [Variable(one.name, one.type, one.zh, one.en, one.from_) for one in marks]


def _marked(schema: pa.Schema) -> pa.Schema:
    import pyarrow as pa

    types = {"int": pa.int32(), "string": pa.string()}
    for one in mark_columns():
        place = schema.get_field_index("agency") + 1 if one.name == NAME else len(schema)
        schema = schema.insert(place, pa.field(one.name, types[one.type]))
    return schema


def _marked_batches(store: Store, years: Years) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    schema = _marked(table_schema(store, "reports"))
    marks_of = mark_years(store)
    found = {year for part in store.parts() for year in part.years if years is None or year in years}
    for year in sorted(found, key=lambda year: (year is None, year or 0)):
        marks = marks_of(year)
        for batch in store.batches("reports", years={year}):
            made = made_columns(pa.Table.from_batches([batch]), marks)
            arrays = [
                pa.array(made[field.name], field.type)
                if field.name in (NAME, *MARKS)
                else batch.column(field.name)
                for field in schema
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)
