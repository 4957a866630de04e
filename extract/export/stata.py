"""Stata 118 (Stata 14 and later; Chinese needs it): one file a table, labels on variables and values.

A .dta file is made in memory, so a long table goes into several: units_1.dta, units_2.dta … (`append` joins
them). The column `end` is `end_`, a word that Stata keeps for itself; long texts are strL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas

from extract.agencies.agency_types import load_agency_types
from extract.export.panel import MAX_LABEL, load_panel
from extract.export.plain import plain_batches, plain_schema
from extract.export.source import Sheet
from extract.export.wide import own_names

if TYPE_CHECKING:
    import pyarrow as pa

CELLS = 50_000_000  # values of one file: some 400 MB while it is made
MAX_ROWS = 250_000
_RENAMED = {"end": "end_"}  # a word that Stata keeps for itself
_LONG = ("units", "reports")  # tables whose texts are always strL; elsewhere they are short


def write(sheets: Sequence[Sheet], folder: Path, rows_a_file: int | None = None) -> dict[str, int]:
    """`NAME.dta` for each sheet, or `NAME_1.dta`, `NAME_2.dta` …; the rows of each table."""
    return {sheet.name: _write_table(sheet, folder, rows_a_file) for sheet in sheets}


def _write_table(sheet: Sheet, folder: Path, rows_a_file: int | None) -> int:
    limit = rows_a_file or max(1, min(MAX_ROWS, CELLS // max(1, len(sheet.schema))))
    counted = number = 0
    for number, table in enumerate(_tables(sheet, limit), 1):
        write_dta(sheet, table, folder / f"{sheet.name}_{number}.dta")
        counted += len(table)
    if number == 1:
        (folder / f"{sheet.name}_1.dta").rename(folder / f"{sheet.name}.dta")
    return counted


def _tables(sheet: Sheet, limit: int) -> Iterator[pa.Table]:
    """The rows in tables of `limit` at most; one without rows where there are none."""
    import pyarrow as pa

    schema = plain_schema(sheet.schema)
    held: list[pa.RecordBatch] = []
    rows, given = 0, False
    for batch in plain_batches(sheet):
        while rows + len(batch) > limit:
            yield pa.Table.from_batches([*held, batch.slice(0, limit - rows)], schema)
            batch, held, rows, given = batch.slice(limit - rows), [], 0, True
        held.append(batch)
        rows += len(batch)
    if rows or not given:
        yield pa.Table.from_batches(held, schema)


def write_dta(sheet: Sheet, table: pa.Table, path: Path) -> None:
    """One Stata file: labels of variables, coded columns with the ids as labels of their values."""
    own = own_names([name for name in table.column_names if name.startswith("x_")])
    names = {name: own.get(name, _RENAMED.get(name, name)) for name in table.column_names}
    frame = pandas.DataFrame({names[name]: _column(name, table.column(name)) for name in table.column_names})
    labels = {names[name]: sheet.label(name)[:MAX_LABEL] for name in table.column_names}
    frame.to_stata(
        path,
        version=118,
        write_index=False,
        variable_labels=labels,
        convert_strl=["text"] if sheet.name in _LONG else [],
        data_label=f"gongkai: {sheet.name}"[:MAX_LABEL],
    )


def _column(name: str, values: pa.ChunkedArray) -> Any:
    """A column as Stata has it: text without null, whole numbers without null as such, the rest as double."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    if pa.types.is_large_string(values.type) or pa.types.is_string(values.type):
        if name in coded() and len(values):  # pandas writes no codes for no rows
            known = coded()[name]
            others = sorted(set(pc.unique(values).to_pylist()) - {None, *known})
            return pandas.Categorical(values.to_pylist(), categories=[*known, *others])
        return pandas.Series(pc.fill_null(values, "").to_pylist(), dtype=object)
    if values.null_count or pa.types.is_floating(values.type) or pa.types.is_int64(values.type):
        values = values.cast(pa.float64())
    return values.to_numpy()


@cache
def coded() -> dict[str, tuple[str, ...]]:
    """Columns with few, fixed values → these values, in an order that never changes."""
    types = load_agency_types()
    kinds = next(tuple(one.values) for one in load_panel().counts if one.prefix == "u")
    return {
        "kind": kinds,
        "section": ("preamble", "overview", "proactive", "requests", "review", "problems", "other"),
        "bound": ("exact", "more", "less", "about", "range"),
        "severity": ("error", "warning"),
        "origin": ("report", "reading"),
        "read_by": ("text", "grid", "ocr"),
        "level_by_name": tuple(types["levels"]),
        "type_by_name": tuple(types["type_labels"]),
    }
