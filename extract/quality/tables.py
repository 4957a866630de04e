"""The tables that `gongkai quality` writes, from data/quality.toml, and rows of them as Arrow tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from extract.datafiles import read_as
from extract.quality.measure import Measure
from extract.report import Value

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "quality"


class Column(Value, frozen=True):
    """A column: its type as in the data file, and its meaning in both languages."""

    name: str
    type: str
    zh: str
    en: str


class Table(Value, frozen=True):
    """A table of OUT/quality and its columns in order."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]


class RuleLabel(Value, frozen=True):
    """A rule between reports; `mutual` where a finding is one of both, not of the one it stands under."""

    id: str
    severity: str
    zh: str
    en: str
    mutual: bool = False


class _File(Value, frozen=True):
    tables: tuple[Table, ...] = msgspec.field(name="table")
    rules: tuple[RuleLabel, ...] = msgspec.field(name="rule")


@cache
def _load() -> _File:
    return read_as("quality.toml", _File)


def describe_tables() -> Mapping[str, Table]:
    """Every table of OUT/quality by name; `scores` is only there where weights were given."""
    return {table.name: table for table in _load().tables}


def describe_rules() -> Mapping[str, RuleLabel]:
    """The rules between reports by id."""
    return {rule.id: rule for rule in _load().rules}


def mutual_rules() -> list[str]:
    """The rules whose findings are those of both reports."""
    return [rule.id for rule in describe_rules().values() if rule.mutual]


class Head(NamedTuple):
    """What the tables say of a report on every row, what groups it, and its place in a shard."""

    report_key: str
    report_id: str
    agency: str | None
    year: int | None
    level: str | None
    shard: str
    row: int
    same: str | None = None  # the name that stands for the agency in all its years

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
    return pa.schema([pa.field(one.name, types[one.type]) for one in describe_tables()[table].columns])


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
