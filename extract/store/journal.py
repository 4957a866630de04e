"""Which parts a dataset consists of: one small file a part, written when all its tables are on disk.

A part counts from the moment at which its entry is there, and the parts that it replaces no longer do: so
that a run which is killed at any moment leaves a whole dataset. Entries are never changed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from extract.errors import GongkaiError
from extract.store.files import Place

T = TypeVar("T")
FOLDER = "_journal"
DUPLICATES = "duplicates.parquet"
FOUND_BY = f"{FOLDER}/likeness"  # a digest of what they were found by


class Torn(GongkaiError):
    """An entry that was not written to its end."""


class Origin(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A source of a part, as it was when it was read: `path` as in the tables, `content` of its bytes."""

    path: str
    size: int
    modified: int  # nanoseconds since 1970; 0 where the file system does not tell
    content: str  # first 16 hexadecimal digits of the SHA-256; empty where it could not be read
    failed: bool = False  # whether it, or a member of it, is among the errors


class PartFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file of a part. `year` None: the year is not known."""

    table: str
    year: int | None
    name: str
    rows: int


class Entry(msgspec.Struct, frozen=True):
    """A part: what was read into it, its files, and the parts that it replaces.

    `version` of program and model; `settings` is a digest of what else decides how a source is read, `joined`
    of the user's list whose columns stand beside the reports.
    """

    part: str
    version: str
    settings: str
    sources: tuple[Origin, ...]
    files: tuple[PartFile, ...]
    replaces: tuple[str, ...] = ()
    joined: str = ""

    def rows(self, table: str) -> int:
        """The rows of a table in this part."""
        return sum(file.rows for file in self.files if file.table == table)


class Contents(msgspec.Struct, frozen=True):
    """An entry without its sources, of which there may be many: what it takes to read a part."""

    part: str
    files: tuple[PartFile, ...]
    replaces: tuple[str, ...] = ()

    def rows(self, table: str) -> int:
        """The rows of a table in this part."""
        return sum(file.rows for file in self.files if file.table == table)


def entry_name(part: str) -> str:
    """The file of a part's entry."""
    return f"{FOLDER}/{part}.json"


def write_entry(place: Place, entry: Entry) -> None:
    """Make a part count: from here on it is in the dataset, and what it replaces is not."""
    place.sync({file.name.rpartition("/")[0] for file in entry.files})
    place.write(entry_name(entry.part), msgspec.json.encode(entry))
    place.sync([FOLDER])


def read_entries(place: Place) -> Iterator[Entry]:
    """Every entry, those that are replaced too, in the order of their names.

    One that is torn (not every file system puts a file there whole) does not count: its part is made anew.
    """
    return _read_all(place, Entry)


def read_every_contents(place: Place) -> tuple[Contents, ...]:
    """The parts that count, in the order of their names, without their sources."""
    found = tuple(_read_all(place, Contents))
    replaced = {part for contents in found for part in contents.replaces}
    return tuple(contents for contents in found if contents.part not in replaced)


def live_parts(place: Place) -> tuple[str, ...]:
    """The parts that count, in the order of their names."""
    parts: list[str] = []
    replaced: set[str] = set()
    for contents in _read_all(place, Contents):
        parts.append(contents.part)
        replaced.update(contents.replaces)
    return tuple(part for part in parts if part not in replaced)


def read_entry(place: Place, part: str) -> Entry:
    """The entry of a part. Raises `Torn` where it is not whole, `GongkaiError` where it cannot be read."""
    return _read(place, part, Entry)


def read_contents(place: Place, part: str) -> Contents:
    """The same without its sources."""
    return _read(place, part, Contents)


def entry_files(place: Place) -> list[str]:
    """The files that are entries, or were to be, in the order of their names."""
    return sorted(f"{FOLDER}/{name}" for name in place.names(FOLDER) if name.endswith(".json"))


def _read_all(place: Place, type_: type[T]) -> Iterator[T]:
    names = entry_files(place)
    try:
        for name, content in zip(names, place.read_many(names), strict=True):
            with contextlib.suppress(Torn):
                yield _decode(place, name, content, type_)
    except OSError as error:
        raise GongkaiError(f"{place.show(FOLDER)}: {error.strerror or error}") from error


def _read(place: Place, part: str, type_: type[T]) -> T:
    name = entry_name(part)
    try:
        return _decode(place, name, place.read(name), type_)
    except OSError as error:
        raise GongkaiError(f"{place.show(name)}: {error.strerror or error}") from error


def _decode(place: Place, name: str, content: bytes, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Torn(f"{place.show(name)}: is damaged: take it away and run again") from error
