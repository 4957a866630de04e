"""A dataset read again: its tables, or its reports as they were written."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from extract.errors import GongkaiError
from extract.report import Cell, Figure, Finding, Platform, Report, Section, Source, Unit
from extract.store.files import Place
from extract.store.journal import Contents, Entry, PartFile, read_every_contents
from extract.store.schema import ELEMENTS, FORMAT, FORMAT_VERSION, TABLES, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 4096
MEND = "the same `gongkai parse … -o` that made the dataset reads its sources again"
_UNKNOWN_LAST = 1 << 31
_TYPES: dict[str, type[Any]] = {
    "sections": Section,
    "units": Unit,
    "platforms": Platform,
    "figures": Figure,
    "cells": Cell,
    "findings": Finding,
}
# The columns of an element in the order of the fields of its type, where they are not named alike.
_RENAMED = {"sections": {"id": "section"}, "units": {"id": "unit_id"}}
_STATED = ("value", "low", "high")  # numbers as a report states them: whole ones are integers


class NotAStore(GongkaiError):
    """A path that is no dataset folder, or one that this version does not read."""


class DamagedDataset(GongkaiError):
    """A file of a dataset that is gone or cannot be read; the message names it and says what to do."""


class Part(NamedTuple):
    """What was written in one go: the unit of parallel work. `years` may hold None, the unknown year."""

    id: str
    years: tuple[int | None, ...]
    reports: int = 0  # how many it holds


class Store:
    """A dataset folder, finished or still being written; parts that come later are not seen."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.place = Place(path)
        self.own = read_own_columns(self.place)
        self._entries = {contents.part: contents for contents in read_every_contents(self.place)}

    def parts(self) -> tuple[Part, ...]:
        """The parts in the order of their ids, those without a report left out."""
        found = []
        for entry in self._entries.values():
            years = sorted({file.year for file in entry.files if file.table == "reports"}, key=_by_year)
            if years:
                found.append(Part(entry.part, tuple(years), entry.rows("reports")))
        return tuple(found)

    def files(self, table: str, years: Collection[int | None] | None = None) -> list[str]:
        """The paths of a table's files, years ascending; only of `years` where given."""
        return [self.place.at(file.name) for file in self._files(table, self._entries.values(), years)]

    def table(
        self, name: str, columns: Sequence[str] | None = None, years: Collection[int | None] | None = None
    ) -> pa.Table:
        """A whole table in memory; only some columns or years where given. Raises `KeyError`."""
        return self._read(name, self._files(name, self._entries.values(), years), columns)

    def batches(
        self, name: str, columns: Sequence[str] | None = None, years: Collection[int | None] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """A table piece by piece, each of some thousand rows at most: memory stays flat."""
        schema = _choose(arrow_schema(name, self.own), columns)
        for file in self._files(name, self._entries.values(), years):
            yield from _read_batches(self.place, file, schema)

    def reports(self, years: Collection[int | None] | None = None) -> Iterator[Report]:
        """Every report as it was written but for `omitted`, part by part."""
        for part in self.parts():
            for year in part.years:
                if years is None or year in years:
                    yield from self._reports_of(self._entries[part.id], year)

    def reports_of(self, part: Part) -> list[Report]:
        """The reports of one part."""
        return [report for year in part.years for report in self._reports_of(self._entries[part.id], year)]

    def _reports_of(self, entry: Contents, year: int | None) -> Iterator[Report]:
        """The reports of a part and year; one file a table, so that elements lie in the reports' order."""
        files = {file.table: [file] for file in self._files(None, [entry], {year})}
        heads = self._read("reports", files["reports"])
        found = {}
        for name in ELEMENTS:
            rows = self._read(name, files.get(name, []))
            found[name] = _split(_rebuild(name, rows), heads.column(f"n_{name}").to_pylist())
        for number, head in enumerate(heads.to_pylist()):
            yield _to_report(head, {name: found[name][number] for name in ELEMENTS})

    def _files(
        self, table: str | None, entries: Collection[Contents], years: Collection[int | None] | None
    ) -> list[PartFile]:
        if table is not None and table not in TABLES:
            raise KeyError(table)
        files = [
            file
            for entry in entries
            for file in entry.files
            if table in (None, file.table) and (years is None or file.year in years)
        ]
        return sorted(files, key=lambda file: (_by_year(file.year), file.name))

    def _read(self, name: str, files: Sequence[PartFile], columns: Sequence[str] | None = None) -> pa.Table:
        return _read_files(self.place, name, files, self.own, columns)


def read_part(
    place: Place, entry: Contents | Entry, own: Mapping[str, str], *, blank: bool = False
) -> dict[str, pa.Table]:
    """Every table of one part, years ascending; `blank`: the user's own columns null, to be joined anew."""
    unread = own if blank else ()
    return {name: read_part_table(place, entry, name, own=own, unread=unread) for name in TABLES}


def read_part_table(
    place: Place,
    entry: Contents | Entry,
    name: str,
    columns: Sequence[str] | None = None,
    own: Mapping[str, str] | None = None,
    unread: Collection[str] = (),
) -> pa.Table:
    """A table of one part, years ascending: its reports in the same order in every table.

    Columns of `unread` are null: what they held may be of another type than they have now.
    """
    files = [file for file in entry.files if file.table == name]
    files.sort(key=lambda file: _by_year(file.year))
    return _read_files(place, name, files, own or {}, columns, unread)


def _read_files(
    place: Place,
    name: str,
    files: Sequence[PartFile],
    own: Mapping[str, str],
    columns: Sequence[str] | None = None,
    unread: Collection[str] = (),
) -> pa.Table:
    """The rows of some files of a table as of its schema."""
    import pyarrow as pa

    schema = _choose(arrow_schema(name, own), columns)
    batches = (batch for file in files for batch in _read_batches(place, file, schema, unread))
    return pa.Table.from_batches(batches, schema)


def _read_batches(
    place: Place, file: PartFile, schema: pa.Schema, unread: Collection[str] = ()
) -> Iterator[pa.RecordBatch]:
    """The rows of one file; columns that an older part lacks, and those of `unread`, are null.

    By file and not by `pyarrow.dataset`, whose import brings in pandas and costs more than a small dataset.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with _open(place, file.name) as stream, pq.ParquetFile(stream) as source:
            held = set(source.schema_arrow.names) - set(unread)
            there = [name for name in schema.names if name in held]
            for batch in source.iter_batches(batch_size=BATCH_ROWS, columns=there):
                columns = {field.name: pa.nulls(len(batch), field.type) for field in schema}
                columns |= {name: batch.column(name).cast(schema.field(name).type) for name in there}
                yield pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)
    except (pa.ArrowException, FileNotFoundError) as error:
        said = "is gone" if isinstance(error, FileNotFoundError) else f"is damaged ({error}): take it away"
        raise DamagedDataset(f"{place.show(file.name)}: {said}; {MEND}") from error


def _choose(schema: pa.Schema, columns: Sequence[str] | None) -> pa.Schema:
    """The fields that are asked for, in that order. Raises `KeyError` where there is none of a name."""
    import pyarrow as pa

    return schema if columns is None else pa.schema([schema.field(name) for name in columns])


def _open(place: Place, name: str) -> Any:
    return open(place.at(name), "rb") if place.local else place.fs.open(place.at(name), "rb")


def read_own_columns(place: Place) -> dict[str, str]:
    """The user's own columns by schema.json. Raises `NotAStore` where that is missing or another's."""
    try:
        described = json.loads(place.read("schema.json"))
    except (FileNotFoundError, NotADirectoryError):
        raise NotAStore(
            f"{place.url}: no dataset there: `gongkai parse … -o {place.url}` makes one"
        ) from None
    except (ValueError, OSError) as error:
        raise NotAStore(f"{place.show('schema.json')}: cannot be read: {error}") from error
    if not isinstance(described, dict) or described.get("format") != FORMAT:
        raise NotAStore(f"{place.url}: its schema.json is not that of a dataset of gongkai")
    if described["format_version"] != FORMAT_VERSION:
        when = "a later" if described["format_version"] > FORMAT_VERSION else "an earlier"
        raise NotAStore(f"{place.url}: was written by {when} version of gongkai: write it anew elsewhere")
    own: dict[str, str] = described["own_columns"]
    return own


def _by_year(year: int | None) -> int:
    return _UNKNOWN_LAST if year is None else year


# ---- rows → reports --------------------------------------------------------------------------------------


def _rebuild(name: str, rows: pa.Table) -> list[Any]:
    """The elements of a table, in order."""
    type_ = _TYPES[name]
    renamed = _RENAMED.get(name, {})
    columns = [
        _values(rows.column(renamed.get(field, field)), whole=field in _STATED)
        for field in type_.__struct_fields__
    ]
    return [type_(*values) for values in zip(*columns, strict=True)]


def _values(column: pa.ChunkedArray, *, whole: bool) -> list[Any]:
    """The values as the types of a report have them: tuples for lists; `whole`: 12.0 is the integer 12."""
    import pyarrow.types as types

    values: list[Any] = column.to_pylist()
    if types.is_list(column.type):
        return [tuple(one) for one in values]
    if whole:
        return [int(one) if one is not None and one.is_integer() else one for one in values]
    return values


def _split(elements: Sequence[Any], counts: Sequence[int]) -> list[tuple[Any, ...]]:
    """The elements cut into one run a report."""
    ends = list(accumulate(counts))
    if ends and ends[-1] != len(elements):
        raise GongkaiError("the tables of a part do not agree: files were changed or lost; parse anew")
    return [tuple(elements[end - count : end]) for end, count in zip(ends, counts, strict=True)]


def _to_report(head: dict[str, Any], elements: dict[str, tuple[Any, ...]]) -> Report:
    fields = ("path", "member", "sha256", "media_type", "encoding", "version")
    plain = ("agency", "year", "title", "form", "published", "text")
    source = Source(*(head[field] for field in fields))
    values: dict[str, Any] = {field: head[field] for field in plain} | elements
    return Report(id=head["report_id"], source=source, **values)
