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
from extract.store.schema import TABLES

T = TypeVar("T")
FOLDER = "_journal"
DUPLICATES = "duplicates.parquet"


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
    for part in _parts(place):
        with contextlib.suppress(Torn):
            yield read_entry(place, part)


def _parts(place: Place) -> list[str]:
    """The parts that have an entry, replaced ones too, in the order of their names."""
    return sorted(name.removesuffix(".json") for name in place.names(FOLDER) if name.endswith(".json"))


def read_entry(place: Place, part: str) -> Entry:
    """The entry of a part. Raises `Torn` where it is not whole, `GongkaiError` where it cannot be read."""
    return _read(place, part, Entry)


def read_contents(place: Place, part: str) -> Contents:
    """The same without its sources."""
    return _read(place, part, Contents)


def _read(place: Place, part: str, type_: type[T]) -> T:
    name = entry_name(part)
    try:
        return msgspec.json.decode(place.read(name), type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Torn(f"{place.show(name)}: is damaged: take it away and run again") from error
    except OSError as error:
        raise GongkaiError(f"{place.show(name)}: {error.strerror or error}") from error


def live_parts(place: Place) -> tuple[str, ...]:
    """The parts that count, in the order of their names."""
    parts: list[str] = []
    replaced: set[str] = set()
    for part in _parts(place):
        with contextlib.suppress(Torn):
            contents = read_contents(place, part)
            parts.append(part)
            replaced.update(contents.replaces)
    return tuple(part for part in parts if part not in replaced)


def sweep(place: Place) -> tuple[str, ...]:
    """Take away what no part counts as its own (left by a run that was killed); the parts that count."""
    live = set(live_parts(place))
    keep = {file.name for part in live for file in read_entry(place, part).files}
    for table in TABLES:
        for name in list(place.files(table)):
            if name not in keep:
                place.remove(name)
    for name in list(place.files(FOLDER)):
        if name.startswith(f"{FOLDER}/tmp/") or (name.endswith(".json") and _part_of(name) not in live):
            place.remove(name)
    return tuple(sorted(live))


def _part_of(name: str) -> str:
    return name[len(FOLDER) + 1 : -len(".json")]
