"""The sources that a dataset has, as arrays: some forty bytes each, however long their paths."""

from __future__ import annotations

import hashlib
import time
from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from extract.bulk.sources import MISSING, SourceFile, read_source
from extract.errors import UnreadableFile
from extract.store.journal import Entry, Origin
from extract.store.rows import hash_text

FRESH = 2_000_000_000  # ns: a file younger than this when it is read may change again within its clock's tick
UNSEEN, SAME, CHANGED = range(3)
_NONE = -3  # a size that no source has


class Known:
    """The sources of a dataset as arrays, found by the hash of their path."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.parts: list[str] = []
        self.versions: list[tuple[str, str, str]] = []
        columns = [array(code) for code in "QqqQi"]
        replaced: set[str] = set()
        for number, entry in enumerate(entries):
            self.parts.append(entry.part)
            self.versions.append((entry.version, entry.settings, entry.joined))
            replaced.update(entry.replaces)
            for column, values in zip(columns, _to_numbers(entry.sources, number), strict=True):
                column.extend(values)
        live = np.array([part not in replaced for part in self.parts], dtype=np.bool_)
        self.parts = [part for part in self.parts if part not in replaced]
        self.versions = [
            version for version, counts in zip(self.versions, live.tolist(), strict=True) if counts
        ]
        order = np.argsort(_to_numpy(columns[0]), kind="stable")
        order = order[live[_to_numpy(columns[4])[order]]]
        ordered = (_to_numpy(columns.pop(0))[order] for _ in range(5))  # each let go before the next is made
        self.key, self.size, self.modified, self.content, part = ordered
        self.part = (np.cumsum(live) - 1).astype(np.int32)[part]
        self.state = np.full(len(order), UNSEEN, dtype=np.uint8)

    def find(self, path: str) -> int | None:
        """The row of a source, or None where it is not known."""
        key = hash_text(path)
        row = int(np.searchsorted(self.key, np.uint64(key)))
        return row if row < len(self.key) and int(self.key[row]) == key else None

    def forget(self, parts: Collection[str]) -> None:
        """Whatever is seen of the sources of these parts has changed."""
        numbers = [number for number, part in enumerate(self.parts) if part in parts]
        if numbers:
            self.size[np.isin(self.part, numbers)] = _NONE

    def see(self, source: SourceFile) -> int | None:
        """Note that a source is there, and whether it has changed; its row, None where it is not known."""
        row = self.find(source.path)
        if row is not None:
            self.state[row] = CHANGED if self._has_changed(row, source) else SAME
        return row

    def _has_changed(self, row: int, source: SourceFile) -> bool:
        """By size and time; where the time cannot tell, by the content."""
        if source.size != self.size[row]:
            return True
        if source.size == MISSING or (source.modified and source.modified == self.modified[row]):
            return False
        try:
            return int(digest(read_source(source.place)), 16) != int(self.content[row])
        except UnreadableFile:
            return True


def _to_numpy(column: array[int]) -> np.ndarray[Any, Any]:
    """The same numbers, not copied."""
    return np.frombuffer(column, dtype=column.typecode) if len(column) else np.empty(0, dtype=column.typecode)


def _to_numbers(sources: Sequence[Origin], number: int) -> tuple[list[int], ...]:
    """Hash of the path, size, time, hash of the content, number of the part."""
    return (
        [hash_text(one.path) for one in sources],
        [one.size for one in sources],
        [one.modified for one in sources],
        [int(one.content or "0", 16) for one in sources],
        [number] * len(sources),
    )


def digest(data: bytes) -> str:
    """What `Origin.content` holds of the bytes of a source."""
    return hashlib.sha256(data).hexdigest()[:16]


def to_origin(source: SourceFile, content: str | None, *, failed: bool) -> Origin:
    """A source as the journal remembers it; a time that is too fresh to be trusted is left out."""
    trusted = time.time_ns() - source.modified > FRESH
    return Origin(source.path, source.size, source.modified if trusted else 0, content or "", failed)
