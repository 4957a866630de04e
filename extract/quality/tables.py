"""The tables that `gongkai quality` writes: their columns, and rows of them as Arrow tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from extract.quality.measure import Measure

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "quality"
_KEYS = {"report_key": "string", "report_id": "string", "agency": "string", "year": "int32"}
_UNIT = {"unit_id": "string", "start": "int32", "end": "int32", "text": "string"}


def _units(prefix: str) -> dict[str, str]:
    return {f"{prefix}_{name}": type_ for name, type_ in _UNIT.items()}


# Table → column → type, in order. A unit is given by its id, its span in the report's text, and its words.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "indicators": {
        **_KEYS,
        "indicator": "string",
        "value": "double",
        "numerator": "double",
        "denominator": "double",
        "few": "bool",
        "reason": "string",
        "level": "string",
        "percentile": "double",
    },
    "pairs": {
        **_KEYS,
        **_units("problem"),
        **_units("measure"),
        "score": "double",
        "signs": "list<string>",
        "themes": "list<string>",
    },
    "followups": {
        **_KEYS,
        "other_key": "string",
        **_units("problem"),
        "themes": "list<string>",
        "answered": "bool",
        **_units("measure"),
        "repeated": "bool",
        **_units("repeated"),
        "likeness": "double",
    },
    "twins": {
        **_KEYS,
        "other_key": "string",
        "other_agency": "string",
        "similarity": "double",
        "foreign_places": "list<string>",
        "foreign_spans": "list<string>",
    },
    "findings": {
        **_KEYS,
        "rule": "string",
        "severity": "string",
        "origin": "string",
        "message": "string",
        "where": "list<string>",
        "other_key": "string",
        "other_where": "list<string>",
    },
    "percentiles": {
        "indicator": "string",
        "level": "string",
        "year": "int32",
        "reports": "int32",
        "with_value": "int32",
        "mean": "double",
        "p10": "double",
        "p25": "double",
        "p50": "double",
        "p75": "double",
        "p90": "double",
    },
}


class Head(NamedTuple):
    """What the tables say of a report on every row, what groups it, and its place in a shard."""

    report_key: str
    report_id: str
    agency: str | None
    year: int | None
    level: str | None
    shard: str
    row: int

    @property
    def keys(self) -> tuple[str, str, str | None, int | None]:
        """The first four columns of every table."""
        return self[:4]


def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of one table."""
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "double": pa.float64(),
        "int32": pa.int32(),
        "bool": pa.bool_(),
        "list<string>": pa.list_(pa.string()),
    }
    return pa.schema([pa.field(name, types[type_]) for name, type_ in COLUMNS[table].items()])


def to_table(name: str, rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Rows in the order of the columns as a table."""
    import pyarrow as pa

    schema = arrow_schema(name)
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def indicator_rows(head: Head, measures: Mapping[str, Measure]) -> Iterator[tuple[Any, ...]]:
    """One row an indicator; the percentile is filled when all reports are known."""
    for name, one in measures.items():
        value = (one.value, one.numerator, one.denominator, one.few, one.reason)
        yield (*head.keys, name, *value, head.level, None)
