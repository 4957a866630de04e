"""SQL over a dataset folder: DuckDB with a view a table, that reads these files and nothing else.

The view `reports` says in `duplicate_of` which reports repeat another. The tables of `gongkai quality` are
`quality_indicators` and so on, and, but for `findings`, go by their own names too; views.toml adds some.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from extract.errors import GongkaiError
from extract.export.source import extra_tables, table_names, table_schema
from extract.export.views import load_views, quote
from extract.store.reading import MEND, DamagedDataset
from extract.store.schema import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

    from extract.store import Store

T = TypeVar("T")
ROWS = 4096  # of a batch of the answer


class BadQuery(GongkaiError):
    """SQL that DuckDB refuses, or that does more than read."""


@contextmanager
def connect(store: Store) -> Iterator[Any]:
    """A DuckDB connection that sees the dataset's tables, and can neither read nor write any other file.

    Raises `GongkaiError` where DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise GongkaiError('queries need duckdb: pip install "gongkai[export]"') from error
    with (
        tempfile.TemporaryDirectory(prefix="gongkai-") as spill,
        duckdb.connect(config={"temp_directory": spill, "autoinstall_known_extensions": "false"}) as database,
    ):
        _make_views(database, store)
        _lock(database, store)
        yield database


def run_query(database: Any, sql: str) -> pa.RecordBatchReader:
    """The answer to one SELECT, in batches. Raises `BadQuery` with what DuckDB says of it."""
    import duckdb

    try:
        statements = duckdb.extract_statements(sql)
        if len(statements) != 1 or statements[0].type.name != "SELECT":
            raise BadQuery("one SELECT is asked for: the dataset is read here, never changed")
        reader: pa.RecordBatchReader = _stoppable(database, lambda: database.sql(sql).to_arrow_reader(ROWS))
        return reader
    except duckdb.CatalogException as error:
        raise BadQuery(f"the query: {error}{_say_unmeasured(str(error))}") from error
    except duckdb.Error as error:
        raise BadQuery(f"the query: {error}") from error


def _say_unmeasured(said: str) -> str:
    """What to do where a table is asked for that `gongkai quality` would have written."""
    from extract.quality.results import TABLES as MEASURED

    missing = re.search(r"Table with name (?:quality_)?(\w+) does not exist", said)
    if missing is None or missing[1] not in (*MEASURED, "scores"):
        return ""
    return f"\n{missing[1]} is written by `gongkai quality` of this dataset: run it first"


def answer(database: Any, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches of an answer; what fails only while rows are reckoned is a `BadQuery` too."""
    import duckdb
    import pyarrow as pa

    try:
        while (batch := _stoppable(database, lambda: next(reader, None))) is not None:
            yield batch
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise BadQuery(f"the query: {error}") from error


def _stoppable(database: Any, step: Callable[[], T]) -> T:
    """What `step` gives, in a thread of its own: while DuckDB reckons in this one it hears no Ctrl-C."""
    with ThreadPoolExecutor(1) as apart:
        found = apart.submit(step)
        try:
            return found.result()
        except KeyboardInterrupt:
            while not found.done():  # it may not have begun when it is first told
                database.interrupt()
                wait([found], timeout=0.1)
            raise


def describe(store: Store) -> list[tuple[str, str, int | None]]:
    """Every table and view with its columns and, for tables, its rows."""
    with connect(store) as database:
        found: list[tuple[str, str, int | None]] = []
        for name in (*table_names(store), *_views(store)):
            columns = _run(database, f'describe "{name}"')
            listed = ", ".join(f"{column[0]} {column[1].lower()}" for column in columns)
            rows = _run(database, f'select count(*) from "{name}"')[0][0]
            found.append((name, listed, rows))
        return found


# ---- the views -------------------------------------------------------------------------------------------


def _make_views(database: Any, store: Store) -> None:
    if not store.place.local:
        database.register_filesystem(store.place.fs)
    extras = extra_tables(store)
    for name, file in extras.items():
        _run(database, f'create view "{name}" as select * from read_parquet({quote(_url(store, file))})')
        alias = name.removeprefix("quality_")
        if alias not in TABLES and alias != name:  # `findings` alone is the table of findings within a report
            _run(database, f'create view "{alias}" as select * from "{name}"')
    for name in TABLES:
        body = _select(store, name, store.files(name))
        if name == "reports":
            body = _with_duplicates(body, extras)
        _run(database, f'create view "{name}" as {body}')
    for view in load_views():
        if view.name in _views(store):
            _run(database, f'create view "{view.name}" as {view.sql}')


def _views(store: Store) -> tuple[str, ...]:
    names = set(table_names(store))
    return tuple(view.name for view in load_views() if set(view.needs) <= names)


def _select(store: Store, name: str, files: list[str]) -> str:
    """The files of a table as one, columns in the order of the schema; no rows where there are no files."""
    schema = table_schema(store, name)
    columns = ", ".join(f'"{column}"' for column in schema.names)
    if not files:
        nothing = ", ".join(f'null::{_type(field.type)} as "{field.name}"' for field in schema)
        return f"select {nothing} where false"
    listed = ", ".join(quote(_url(store, file)) for file in files)
    return f"select {columns} from read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def _with_duplicates(reports: str, extras: dict[str, str]) -> str:
    if "duplicates" not in extras:
        return f"select *, null::VARCHAR as duplicate_of from ({reports})"
    return (
        f"select reports.*, duplicates.duplicate_of from ({reports}) as reports"
        " left join duplicates using (report_key)"
    )


def _type(type_: pa.DataType) -> str:
    import pyarrow as pa

    if pa.types.is_list(type_):
        return "VARCHAR[]"
    names = {pa.int32(): "INTEGER", pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN"}
    return names.get(type_, "VARCHAR")


def _url(store: Store, file: str) -> str:
    return file if store.place.local else str(store.place.fs.unstrip_protocol(file))


def _lock(database: Any, store: Store) -> None:
    """From here on nothing but the dataset's own folder can be read, and nobody can say otherwise."""
    _run(database, f"set allowed_directories = [{quote(_url(store, store.place.root))}]")
    _run(database, "set enable_external_access = false")
    _run(database, "set lock_configuration = true")


def _run(database: Any, sql: str) -> list[Any]:
    """The rows of our own SQL. Raises `DamagedDataset` where a file of the dataset cannot be read."""
    import duckdb

    try:
        rows: list[Any] = database.execute(sql).fetchall()
    except duckdb.Error as error:
        said = str(error).partition("\n")[0]
        raise DamagedDataset(f"{said}: where it is damaged take it away; {MEND}") from error
    return rows
