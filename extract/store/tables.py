"""Reports → Arrow tables, column by column: no row is ever built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from extract.report import Report
from extract.store.rows import Failure, report_key
from extract.store.schema import ELEMENTS, JOINED, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

# The attributes of an element in the order of its columns in store.toml, after the keys and `number`.
_FIELDS = {
    "sections": ("id", "heading", "start", "end"),
    "units": ("id", "section", "path", "marker", "text", "start", "end", "kind", "score", "themes"),
    "platforms": ("text", "start", "end", "type", "name", "unit_id"),
    "figures": (
        *("text", "start", "end", "value", "unit", "bound", "low", "high"),
        *("negated", "object", "metric", "channel", "unit_id"),
    ),
    "cells": ("table", "row", "column", "value", "raw", "label", "start", "end", "read_by"),
    "findings": ("rule", "severity", "origin", "message", "where"),
}
_OF_REPORT = attrgetter(
    *("id", "agency", "year", "source.version", "source.path", "source.member", "source.sha256"),
    *("source.media_type", "source.encoding", "title", "form", "published", "text"),
)
_KEYS = ("report_key", "report_id", "agency", "year", "version")
DISTINCT = ("text", "message", "reason")  # columns whose values hardly repeat
Extras = Sequence[Mapping[str, Any]]


def to_tables(
    reports: Iterable[Report | Failure], extras: Extras = (), own: Mapping[str, str] | None = None
) -> dict[str, pa.Table]:
    """Every table of the dataset by name, rows in the order of `reports`.

    `extras` gives for each Report, in order, the values of the columns that a user's list joins; `own` the
    types of those that are the user's own.
    """
    found: list[Report] = []
    failed: list[Failure] = []
    for one in reports:
        if isinstance(one, Failure):
            failed.append(one)
        else:
            found.append(one)
    heads = list(zip(*map(_OF_REPORT, found))) or [()] * 13
    keys = [[report_key(report) for report in found], *heads[:4]]
    tables = {"reports": _reports_table(found, keys, heads[4:], extras, own or {})}
    for name in ELEMENTS:
        tables[name] = _element_table(name, found, tables["reports"])
    tables["errors"] = _errors_table(failed)
    return tables


def compact(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The same rows in a third of the memory: of what repeats down a column each value is held once.

    The types of the columns change; the files that are written of them do not.
    """
    return {name: _compact_table(table) if name in ELEMENTS else table for name, table in tables.items()}


def _compact_table(table: pa.Table) -> pa.Table:
    import pyarrow as pa

    columns = [
        column.dictionary_encode() if column.type == pa.string() and name not in DISTINCT else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return pa.table(columns, names=table.column_names)


def _reports_table(
    found: Sequence[Report], keys: list[Any], heads: list[Any], extras: Extras, own: Mapping[str, str]
) -> pa.Table:
    characters = [sum(len(unit.text) for unit in report.units) for report in found]
    counts = [list(map(len, map(attrgetter(name), found))) for name in ELEMENTS]
    rows = extras or [{}] * len(found)
    joined = [[row.get(name) for row in rows] for name in (*JOINED, *own)]
    return _table("reports", [*keys, *heads, characters, *counts, *joined], own)


def _element_table(name: str, found: Sequence[Report], reports: pa.Table) -> pa.Table:
    """The elements of all reports; keys are taken from the table of reports, not built anew."""
    import numpy as np
    import pyarrow as pa

    lists = list(map(attrgetter(name), found))
    counts = np.fromiter(map(len, lists), np.int64, len(lists))
    rows = pa.array(np.repeat(np.arange(len(lists)), counts))
    firsts = np.repeat(np.cumsum(counts) - counts, counts)
    number = pa.array((np.arange(len(rows)) - firsts).astype(np.int32))
    keys = [reports.column(key).combine_chunks().take(rows) for key in _KEYS]
    elements = list(chain.from_iterable(lists))
    # One pass a column: zip(*rows) over 200 cells a report costs five times as much.
    values = [list(map(attrgetter(field), elements)) for field in _FIELDS[name]]
    return _table(name, [*keys, number, *values])


def _errors_table(failed: Sequence[Failure]) -> pa.Table:
    nothing = [None] * len(failed)
    fields = [list(map(attrgetter(name), failed)) for name in ("version", "path", "member", "reason")]
    return _table("errors", [nothing, nothing, nothing, nothing, *fields])


def _table(name: str, columns: Sequence[Any], own: Mapping[str, str] | None = None) -> pa.Table:
    import pyarrow as pa

    schema = arrow_schema(name, own)
    arrays = [_array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Any, type_: pa.DataType) -> pa.Array:
    """The values as Arrow; what Arrow has no room for is mended here, the seldom case last."""
    import pyarrow as pa

    if isinstance(values, pa.Array):
        return values
    try:
        return pa.array(values, type=type_)
    except UnicodeEncodeError:  # half of a surrogate pair, in a file name or from a PDF
        return pa.array(_map(values, _mend_text), type=type_)
    except pa.ArrowInvalid:  # an integer beyond 2 ** 53 among the numbers
        return pa.array(_map(values, _to_double), type=type_)


def _map(values: Iterable[Any], change: Callable[[Any], Any]) -> list[Any]:
    return [tuple(map(change, one)) if isinstance(one, tuple) else change(one) for one in values]


def _mend_text(text: str | None) -> str | None:
    """Half a surrogate pair becomes one replacement character, so that offsets still hold."""
    if text is None or text.isascii():
        return text
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


def _to_double(number: float | None) -> float | None:
    """The nearest double; None where there is none."""
    try:
        return None if number is None else float(number)
    except OverflowError:
        return None
