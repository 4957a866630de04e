"""DuckDB: one file, a table for each, comments that say what columns mean, and the views of the data file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from extract.export.source import Sheet
from extract.export.views import load_views, quote

NAME = "gongkai.duckdb"
MEMORY = "512MB"  # DuckDB would take four fifths of what there is; beyond this it spills to disk
THREADS = (
    1  # each further one doubles the memory for the wide panel and saves no time (16,000 reports, 2026-11)
)


def write(sheets: Sequence[Sheet], folder: Path) -> dict[str, int]:
    """`gongkai.duckdb`; the rows of each table."""
    with duckdb.connect(
        str(folder / NAME),
        config={"temp_directory": str(folder / "spill"), "memory_limit": MEMORY, "threads": THREADS},
    ) as database:
        rows = {sheet.name: _write_table(database, sheet) for sheet in sheets}
        for view in load_views():
            if set(view.needs) <= rows.keys():
                _run(database, f"create view {view.name} as {view.sql}")
                _run(database, f"comment on view {view.name} is {quote(f'{view.zh} / {view.en}')}")
    return rows


def _write_table(database: Any, sheet: Sheet) -> int:
    reader = pa.RecordBatchReader.from_batches(sheet.schema, sheet.batches())
    database.register("incoming", reader)
    _run(database, f'create table "{sheet.name}" as select * from incoming')
    database.unregister("incoming")
    _run(database, "begin")  # a comment by itself is a transaction of its own, and slow
    for column, (zh, en) in sheet.labels.items():
        if column in sheet.schema.names:
            said = quote(f"{zh} / {en}")
            _run(database, f'comment on column "{sheet.name}"."{column}" is {said}')
    _run(database, "commit")
    counted: int = _run(database, f'select count(*) from "{sheet.name}"')[0][0]
    return counted


def _run(database: Any, sql: str) -> list[Any]:
    """Run one statement to its end: a connection takes the next only then."""
    rows: list[Any] = database.execute(sql).fetchall()
    return rows
