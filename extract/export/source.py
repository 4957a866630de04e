"""What of a dataset can be exported: its tables, what later runs wrote beside them, and the panel.

The files beside the tables are `duplicates.parquet` and `quality/*.parquet`; they are tables too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from extract.store.schema import TABLES, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

    from extract.store import Store

ROWS = 4096  # of a batch
Years = Collection[int | None] | None
Language = Literal["zh", "en"]


class Sheet:
    """A table to be written: name, Arrow schema, and its rows in batches as often as they are asked for.

    `labels`: column → its meaning, Chinese and English; `language` is that of formats that hold but one.
    """

    def __init__(
        self,
        name: str,
        schema: pa.Schema,
        batches: Callable[[], Iterator[pa.RecordBatch]],
        labels: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        self.name = name
        self.schema = schema
        self.batches = batches
        self.labels = labels or {}
        self.language: Language = "zh"

    def label(self, column: str) -> str:
        """What a column means, in the sheet's language; its name where nobody said."""
        zh, en = self.labels.get(column, (column, column))
        return zh if self.language == "zh" else en


def table_names(store: Store) -> tuple[str, ...]:
    """Every table that the dataset has, those written later last."""
    return (*TABLES, *extra_tables(store))


def extra_tables(store: Store) -> dict[str, str]:
    """The tables beside the dataset's own → their files: `duplicates`, `quality_…`."""
    names = sorted(store.place.files("quality"))
    found = {f"quality_{PurePosixPath(name).stem}": name for name in names if name.endswith(".parquet")}
    if store.place.exists("duplicates.parquet"):
        found = {"duplicates": "duplicates.parquet", **found}
    return {table: store.place.at(name) for table, name in found.items()}


def table_schema(store: Store, name: str) -> pa.Schema:
    """The Arrow schema of a table. Raises `KeyError` where the dataset has none of that name."""
    if name in TABLES:
        return arrow_schema(name, store.own)
    schema: pa.Schema = open_files(store, [extra_tables(store)[name]]).schema
    return schema


def table_batches(store: Store, name: str, years: Years = None) -> Iterator[pa.RecordBatch]:
    """The rows of a table, of some years only where given; memory stays flat."""
    if name in TABLES:
        return store.batches(name, years=years)
    return extra_batches(store, name, years=years)


def extra_batches(
    store: Store, name: str, columns: Sequence[str] | None = None, years: Years = None
) -> Iterator[pa.RecordBatch]:
    """The rows of a table beside the dataset's own; of some years only where it has a year at all."""
    dataset = open_files(store, [extra_tables(store)[name]])
    chosen = _in_years(years) if years is not None and "year" in dataset.schema.names else None
    listed = list(columns) if columns else None
    batches: Iterator[pa.RecordBatch] = dataset.to_batches(
        columns=listed, filter=chosen, batch_size=ROWS, batch_readahead=1, fragment_readahead=1
    )
    return batches


def read_files(store: Store, table: str, names: Sequence[str], columns: Sequence[str]) -> pa.Table:
    """Some columns of some files of one of the dataset's own tables, whole; no files, no rows."""
    schema = arrow_schema(table, store.own)
    if not names:
        return schema.empty_table().select(list(columns))
    return open_files(store, names, schema).to_table(columns=list(columns))


def open_files(store: Store, names: Sequence[str], schema: pa.Schema | None = None) -> Any:
    """A pyarrow dataset of Parquet files of the folder."""
    import pyarrow.dataset as ds
    import pyarrow.fs

    system = pyarrow.fs.LocalFileSystem() if store.place.local else store.place.fs
    return ds.dataset(list(names), schema=schema, format="parquet", filesystem=system)


def _in_years(years: Collection[int | None]) -> Any:
    import pyarrow.compute as pc

    chosen = pc.field("year").isin([year for year in years if year is not None])
    return chosen | pc.field("year").is_null() if None in years else chosen
