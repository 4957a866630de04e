"""What the dataset folder holds: tables and columns, their types and meaning, from data/store.toml."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from extract.datafiles import read_as
from extract.errors import BadData

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = "gongkai-dataset"
FORMAT_VERSION = 2  # 1 had the year in the names of folders alone
ELEMENTS = ("sections", "units", "platforms", "figures", "cells", "findings")
TABLES = ("reports", *ELEMENTS, "errors")
JOINED = ("region_code", "level", "publication_day")  # columns that the user's own list may fill
EMPTY = "{}/empty.parquet"  # of a table that has no rows
OWN = "x_"  # how the names of the user's own columns begin


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column; `type` as in store.toml, `zh` and `en` say what it means."""

    name: str
    type: str
    zh: str
    en: str


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table and its own columns; those of `Schema.keys` come before them."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]


class Schema(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All tables, and the key columns that each of them begins with."""

    keys: tuple[Column, ...]
    table: tuple[Table, ...]
    beside: tuple[Table, ...]  # single files that are written later; without the keys but those they name

    def columns(self, table: str) -> tuple[Column, ...]:
        """Every column of a table, keys first. Raises `KeyError` where there is no such table."""
        for one in self.table:
            if one.name == table:
                return (*self.keys, *one.columns)
        for one in self.beside:
            if one.name == table:
                return one.columns
        raise KeyError(table)


@functools.cache
def load_schema() -> Schema:
    """The schema of data/store.toml."""
    schema = read_as("store.toml", Schema)
    if tuple(table.name for table in schema.table) != TABLES:
        raise BadData(f"data/store.toml: the tables must be {', '.join(TABLES)}")
    return schema


def arrow_schema(table: str, own: Mapping[str, str] | None = None) -> pa.Schema:
    """The Arrow schema of a table; `own` names the user's columns of `reports` and their types."""
    import pyarrow as pa

    types = arrow_types()
    fields = [pa.field(column.name, types[column.type]) for column in load_schema().columns(table)]
    if table == "reports":
        fields += [pa.field(name, types[type_]) for name, type_ in (own or {}).items()]
    return pa.schema(fields)


def digest_columns() -> str:
    """The same as long as every table has the same columns of the same types, whatever is said of them."""
    tables = {table: [(one.name, one.type) for one in load_schema().columns(table)] for table in TABLES}
    return hashlib.sha256(json.dumps(tables).encode()).hexdigest()[:16]


@functools.cache
def arrow_types() -> dict[str, pa.DataType]:
    """The Arrow type of each type name in store.toml."""
    import pyarrow as pa

    return {
        "string": pa.string(),
        "large_string": pa.large_string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "double": pa.float64(),
        "bool": pa.bool_(),
        "strings": pa.list_(pa.string()),
    }


def describe_json(own: Mapping[str, str] | None = None) -> bytes:
    """The content of schema.json: format, tables, columns, and the user's own columns of `reports`."""
    schema = load_schema()
    tables = [
        {
            "name": table.name,
            "zh": table.zh,
            "en": table.en,
            "columns": [msgspec.to_builtins(column) for column in schema.columns(table.name)],
        }
        for table in schema.table
    ]
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "partitioned_by": "year",
        "tables": tables,
        "own_columns": dict(own or {}),
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def describe_markdown(own: Mapping[str, str] | None = None) -> bytes:
    """The content of README.md: every table and column in words, Chinese and English."""
    schema = load_schema()
    configs = "\n".join(_CONFIG.format(name=table.name) for table in schema.table)
    lines = [_HEAD % configs]
    for table in schema.table:
        lines += [f"\n## {table.name}\n", f"{table.zh}。{table.en[0].upper()}{table.en[1:]}.\n"]
        lines += ["| column | type | 含义 | meaning |", "|---|---|---|---|"]
        lines += [f"| {one.name} | {one.type} | {one.zh} | {one.en} |" for one in schema.columns(table.name)]
        if table.name == "reports":
            lines += [
                f"| {name} | {type_} | 自带名单的列 | of your own list |"
                for name, type_ in (own or {}).items()
            ]
    return "\n".join(lines).encode() + b"\n"


_CONFIG = """- config_name: {name}
  data_files: {name}/**/*.parquet"""
_HEAD = """---
configs:
%s
---
# 政府信息公开工作年度报告数据集

A dataset of Chinese government annual reports on information disclosure, as read by gongkai: one folder a
table, in it one folder a year (`unknown`: null), in it Parquet files. The year is a column of the files like
any other: a table is read by the name of its folder, and a filter on `year` passes over the other years.
`schema.json` says the same as this page for programs. Folders that begin with `_` are bookkeeping.

```python
extract.store.Store("OUT").table("units")                     # pyarrow; .reports() gives Report objects
pandas.read_parquet("OUT/units", filters=[("year", "=", 2023)])
polars.scan_parquet("OUT/units")                              # pyarrow.dataset.dataset("OUT/units") likewise
duckdb.sql("select year, kind, count(*) from read_parquet('OUT/units/**/*.parquet') group by all")
datasets.load_dataset("OUT", "units", split="train")
spark.read.option("recursiveFileLookup", True).parquet("OUT/units")
```

A table without rows is the file `empty.parquet`, which says its columns; `datasets` finds no data in it.

All tables join on `report_key`. Elements (units, figures, cells …) of one report are in the order of
`number`. `duplicates.parquet` names reports that are there twice: `report_key` is a copy of `duplicate_of`,
by `how` (same_file, same_text, near) and `similarity`; no row is dropped for it. Near copies are compared
with names of places and agencies, days and numbers masked: one of similarity 1.0 may differ in those."""
