"""The sources that a dataset has, as arrays: some forty bytes each, however long their paths."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from extract.bulk.sources import MISSING, SourceFile, read_source
from extract.errors import UnreadableFile
from extract.store.journal import Entry, Origin

FRESH = 2_000_000_000  # ns: a file younger than this when it is read may change again within its clock's tick
UNSEEN, SAME, CHANGED = range(3)


class Known:
    """The sources of a dataset as arrays, found by the hash of their path."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.parts: list[str] = []
        self.versions: list[tuple[str, str, str]] = []
        columns: list[list[np.ndarray[Any, Any]]] = [[], [], [], [], []]
        for number, entry in enumerate(entries):
            self.parts.append(entry.part)
            self.versions.append((entry.version, entry.settings, entry.joined))
            found = _to_arrays(entry.sources, number)
            for column, array in zip(columns, found, strict=True):
                column.append(array)
        none = _to_arrays((), 0)
        joined = [np.concatenate([empty, *column]) for empty, column in zip(none, columns, strict=True)]
        order = np.argsort(joined[0], kind="stable")
        self.key, self.size, self.modified, self.content, self.part = (one[order] for one in joined)
        self.state = np.full(len(order), UNSEEN, dtype=np.uint8)

    def find(self, path: str) -> int | None:
        """The row of a source, or None where it is not known."""
        key = hash_text(path)
        row = int(np.searchsorted(self.key, np.uint64(key)))
        return row if row < len(self.key) and int(self.key[row]) == key else None

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


def _to_arrays(sources: Sequence[Origin], number: int) -> tuple[np.ndarray[Any, Any], ...]:
    """Hash of the path, size, time, hash of the content, number of the part."""
    return (
        np.array([hash_text(one.path) for one in sources], dtype=np.uint64),
        np.array([one.size for one in sources], dtype=np.int64),
        np.array([one.modified for one in sources], dtype=np.int64),
        np.array([int(one.content or "0", 16) for one in sources], dtype=np.uint64),
        np.full(len(sources), number, dtype=np.int32),
    )


def hash_text(text: str) -> int:
    """A number of 64 bits, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def digest(data: bytes) -> str:
    """What `Origin.content` holds of the bytes of a source."""
    return hashlib.sha256(data).hexdigest()[:16]


def to_origin(source: SourceFile, content: str | None, *, failed: bool) -> Origin:
    """A source as the journal remembers it; a time that is too fresh to be trusted is left out."""
    trusted = time.time_ns() - source.modified > FRESH
    return Origin(source.path, source.size, source.modified if trusted else 0, content or "", failed)
