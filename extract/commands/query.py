"""Ask a dataset folder in SQL (DuckDB), read-only; without a question: its tables, columns and row counts.

Example: gongkai query OUT "select year, kind, count(*) as n from units group by all order by all"
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.commands.arguments import count
from extract.commands.targets import refuse_target

if TYPE_CHECKING:
    import pyarrow as pa

    from extract.store import Store

LIMIT = 40  # rows printed where nobody says how many
_MANY = 10  # columns: beyond these every row is a table of its own
_WIDTH = 60  # characters of a value in the terminal
_ENDINGS = (".csv", ".parquet", ".jsonl", ".xlsx")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="OUT", help="a dataset folder of `gongkai parse … -o OUT`")
    parser.add_argument("sql", nargs="?", metavar="SQL", help="one SELECT, or - to read it from stdin")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write the answer: .csv, .parquet, .jsonl, .xlsx"
    )
    parser.add_argument("--limit", type=count, default=LIMIT, help=f"rows printed (default: {LIMIT})")


def run(options: argparse.Namespace) -> int:
    from extract.query import answer, connect, run_query
    from extract.store import Store

    store = Store(options.dataset)
    if options.sql is None:
        return _describe(store)
    sql = sys.stdin.read() if options.sql == "-" else options.sql
    if options.output and not options.output.endswith(_ENDINGS):
        print(f"gongkai: {options.output}: the ending must be one of {', '.join(_ENDINGS)}", file=sys.stderr)
        return 2
    folder = store.place.root if store.place.local else None
    refused = refuse_target(options.output, dataset=folder) if options.output else None
    if refused:
        print(f"gongkai: {refused}", file=sys.stderr)
        return 2
    with connect(store) as database:
        reader = run_query(database, sql)
        if options.output:
            _write(Path(options.output), reader.schema, answer(database, reader))
        else:
            _print(reader.schema.names, answer(database, reader), options.limit)
    return 0


def _describe(store: Store) -> int:
    from rich.table import Table

    from extract.commands.tables import print_table
    from extract.query import describe

    table = Table(title=store.place.url, title_justify="left")
    table.add_column("table or view")
    table.add_column("rows", justify="right")
    table.add_column("columns")
    for name, columns, rows in describe(store):
        table.add_row(name, f"{rows:,}", columns)
    print_table(table)
    return 0


def _print(names: list[str], batches: Iterator[pa.RecordBatch], limit: int) -> None:
    """The first rows as a table, and on standard error that there are more."""
    rows = list(islice(_rows(batches), limit + 1))
    shown = [[_shown(value) for value in row] for row in rows[:limit]]
    if len(names) > _MANY:
        for number, row in enumerate(shown, 1):
            _print_table(["", f"row {number}"], list(zip(names, row)))
    else:
        _print_table(names, shown)
    if len(rows) > limit:
        print("gongkai: there are more rows: --limit N prints more, -o FILE writes all", file=sys.stderr)


def _rows(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns))


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from extract.commands.tables import print_table

    table = Table()
    for name in columns:
        table.add_column(escape(name), overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    print_table(table)


def _shown(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:,.2f}".rstrip("0").rstrip(".")
    text = "|".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _write(path: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> None:
    from extract.export.answers import write_answer
    from extract.export.source import Sheet

    rows = write_answer(Sheet("answer", schema, lambda: batches), path)
    print(f"{path}: {rows:,} rows", file=sys.stderr)
