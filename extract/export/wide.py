"""The rows of the panel: one a report, built part by part, so that memory stays flat."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from extract.export.indicators import (
    FINDINGS,
    INDICATORS,
    finding_counts,
    finding_variables,
    indicator_variables,
)
from extract.export.panel import (
    MAX_NAME,
    Variable,
    VariableType,
    fixed_variables,
    load_panel,
)
from extract.export.source import Years, extra_batches, extra_tables, read_files, table_schema
from extract.export.wide_columns import (
    Marks,
    cell_columns,
    count_columns,
    made_columns,
    mark_years,
    measure_columns,
)
from extract.quality.tables import mutual_rules

if TYPE_CHECKING:
    import pyarrow as pa

    from extract.store import Store

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ARROW = {"string": "string", "int": "int32", "double": "float64"}
_OWN: dict[str, VariableType] = {"double": "double", "int32": "double", "int64": "double"}
_CELL_COLUMNS = ("report_key", "table", "row", "column", "value")


class Wide:
    """The panel of a dataset; `variables` in the order of its columns, the user's own columns last."""

    def __init__(self, store: Store, years: Years = None) -> None:
        self._store = store
        self._years = years
        self._own = own_names(store.own)
        later = extra_tables(store)
        measured = indicator_variables() if INDICATORS in later else {}
        found = finding_variables() if FINDINGS in later else ()
        self._indicators = {name: variable.name for name, variable in measured.items()}
        self._between = finding_counts() if found else None
        own = (
            Variable(name, _OWN.get(store.own[column], "string"), column, column, f"reports: {column}")
            for column, name in self._own.items()
        )
        self.variables = (*fixed_variables(), *measured.values(), *found, *own)

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the panel."""
        import pyarrow as pa

        types = {name: pa.type_for_alias(arrow) for name, arrow in _ARROW.items()}
        return pa.schema([(variable.name, types[variable.type]) for variable in self.variables])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows by year, within it by part: a batch a file of the table `reports`."""
        marks_of = mark_years(self._store)
        for year in self._all_years():
            marks = marks_of(year)
            later = self._later(year)
            for files in self._parts(year):
                columns = self._columns(files, marks)
                columns |= self._later_columns(later, columns["report_key"].combine_chunks())
                yield self._batch(columns)

    def _batch(self, columns: Mapping[str, Any]) -> pa.RecordBatch:
        import pyarrow as pa

        arrays = [_as_array(columns[field.name], field.type) for field in self.schema]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _all_years(self) -> list[int | None]:
        found: Collection[int | None] = {year for part in self._store.parts() for year in part.years}
        kept = [year for year in found if self._years is None or year in self._years]
        return sorted(kept, key=lambda year: (year is None, year or 0))

    def _parts(self, year: int | None) -> Iterator[dict[str, str]]:
        """Table → file, for each part that has reports of the year. A part's files are named alike."""
        tables = {"cells", *(counts.table for counts in load_panel().counts)}
        found = {
            table: {PurePosixPath(file).name: file for file in self._store.files(table, {year})}
            for table in ("reports", *sorted(tables))
        }
        for name in found["reports"]:
            yield {table: named[name] for table, named in found.items() if name in named}

    def _later(self, year: int | None) -> dict[str, pa.Table]:
        """What later runs wrote of one year's reports, by table."""
        wanted: dict[str, tuple[str, ...]] = {}
        if self._indicators:
            wanted[INDICATORS] = ("report_key", "indicator", "value")
        if self._between:
            wanted[FINDINGS] = ("report_key", "rule", "other_key")
        found = {name: _read_extra(self._store, name, columns, year) for name, columns in wanted.items()}
        if FINDINGS in found:
            found[FINDINGS] = _count_both(found[FINDINGS])
        return found

    def _later_columns(self, later: Mapping[str, pa.Table], keys: pa.Array) -> dict[str, Any]:
        measured = measure_columns(self._indicators, later[INDICATORS], keys) if INDICATORS in later else {}
        return measured | (count_columns(self._between, later[FINDINGS], keys) if self._between else {})

    def _columns(self, files: Mapping[str, str], marks: Marks) -> dict[str, Any]:
        """Every column of the reports in one part's files, by name of its variable."""
        taken = [one.name for one in load_panel().head if one.from_ == "reports"]
        reports = self._read("reports", files, (*taken, *self._own))
        keys = reports.column("report_key").combine_chunks()
        columns: dict[str, Any] = {name: reports.column(name) for name in taken}
        columns |= {name: reports.column(column) for column, name in self._own.items()}
        columns |= made_columns(reports, marks)
        columns |= cell_columns(self._read("cells", files, _CELL_COLUMNS), keys)
        for counts in load_panel().counts:
            rows = self._read(counts.table, files, ("report_key", counts.by, *counts.only))
            columns |= count_columns(counts, rows, keys)
        return columns

    def _read(self, table: str, files: Mapping[str, str], columns: tuple[str, ...]) -> pa.Table:
        return read_files(self._store, table, [files[table]] if table in files else [], columns)


def own_names(columns: Collection[str]) -> dict[str, str]:
    """The user's own columns → names that Stata takes: as they are where it does, else x_1, x_2 … in order.

    >>> own_names(["x_gdp", "x_人口"])
    {'x_gdp': 'x_gdp', 'x_人口': 'x_2'}
    """
    return {
        column: column if _PLAIN.fullmatch(column) and len(column) <= MAX_NAME else f"x_{number}"
        for number, column in enumerate(columns, 1)
    }


def _read_extra(store: Store, name: str, columns: tuple[str, ...], year: int | None) -> pa.Table:
    import pyarrow as pa

    whole = table_schema(store, name)
    schema = pa.schema([whole.field(column) for column in columns])
    return pa.Table.from_batches(extra_batches(store, name, columns, {year}), schema=schema)


def _count_both(findings: pa.Table) -> pa.Table:
    """The findings, those that two reports share once for each of the two."""
    import pyarrow as pa
    import pyarrow.compute as pc

    shared = findings.filter(pc.is_in(findings.column("rule"), pa.array(mutual_rules())))
    turned = shared.select(["other_key", "rule", "report_key"]).rename_columns(findings.column_names)
    return pa.concat_tables([findings, turned])


def panel_variables(store: Store) -> tuple[Variable, ...]:
    """The variables that the panel of this dataset has."""
    return Wide(store).variables


def _as_array(values: Any, type_: Any) -> pa.Array:
    import pyarrow as pa

    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    return values.cast(type_) if isinstance(values, pa.Array) else pa.array(values, type=type_)
