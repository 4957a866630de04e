"""What is to be done: which sources are new, changed or read by another version, and in which chunks.

Nothing is held for each source but some numbers: new ones wait in a temporary file, known ones in arrays.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np

from extract.bulk.sources import MISSING, Roots, SourceFile, read_source, stat_source
from extract.errors import GongkaiError, UnreadableFile
from extract.store.files import Place
from extract.store.journal import Entry, Origin, read_entry

FRESH = 2_000_000_000  # ns: a file younger than this when it is read may change again within its clock's tick
LARGEST, LEAST = 1_000, 16  # sources of a chunk
CHUNKS_A_JOB = 4  # at least, so that the last chunks end at about the same time
UNSEEN, SAME, CHANGED = range(3)


class Job(msgspec.Struct, frozen=True):
    """What holds for every chunk of a run: plain values, for they go to other processes and machines.

    `version` of program and model, `settings` and `joined` as in `Entry`; `own` are the names and types of
    the columns of the user's list; `agencies` is the path of that list.
    """

    out: str
    version: str
    model: str | None = None
    media_type: str | None = None
    agencies: str | None = None
    regions: bool = False
    settings: str = ""
    joined: str = ""
    own: dict[str, str] = {}


class Task(msgspec.Struct, frozen=True):
    """One chunk: the sources to read and, where it renews a part, which sources of that part stay.

    `poison` are sources that are given up, with the reason; `tries` how often this very task was lost.
    """

    sources: tuple[SourceFile, ...]
    replaces: str | None = None
    kept: tuple[str, ...] = ()
    poison: tuple[tuple[SourceFile, str], ...] = ()
    tries: int = 0


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
        key = _hash_path(path)
        row = int(np.searchsorted(self.key, np.uint64(key)))
        return row if row < len(self.key) and int(self.key[row]) == key else None

    def see(self, source: SourceFile) -> bool:
        """Note that a source is there, and whether it has changed; False where it is not known."""
        row = self.find(source.path)
        if row is None:
            return False
        self.state[row] = CHANGED if self._has_changed(row, source) else SAME
        return True

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
        np.array([_hash_path(one.path) for one in sources], dtype=np.uint64),
        np.array([one.size for one in sources], dtype=np.int64),
        np.array([one.modified for one in sources], dtype=np.int64),
        np.array([int(one.content or "0", 16) for one in sources], dtype=np.uint64),
        np.full(len(sources), number, dtype=np.int32),
    )


def _hash_path(path: str) -> int:
    return int.from_bytes(blake2b(path.encode(), digest_size=8).digest(), "big")


def digest(data: bytes) -> str:
    """What `Origin.content` holds of the bytes of a source."""
    return hashlib.sha256(data).hexdigest()[:16]


def to_origin(source: SourceFile, content: str | None, *, failed: bool) -> Origin:
    """A source as the journal remembers it; a time that is too fresh to be trusted is left out."""
    trusted = time.time_ns() - source.modified > FRESH
    return Origin(source.path, source.size, source.modified if trusted else 0, content or "", failed)


class Plan:
    """What a run has to do: `fresh` new sources, `stale` known ones to read again, `same` that stay."""

    def __init__(self, out: Place, roots: Roots, known: Known, job: Job) -> None:
        self.out, self.roots, self.known, self.job = out, roots, known, job
        self.fresh = 0
        self._spool = tempfile.TemporaryFile("w+", encoding="ascii", prefix="gongkai-")  # noqa: SIM115

    def look(self, sources: Iterable[SourceFile]) -> None:
        """Take note of every source that is there."""
        for source in sources:
            if not self.known.see(source):
                json.dump(msgspec.to_builtins(source), self._spool)
                self._spool.write("\n")
                self.fresh += 1

    @property
    def same(self) -> int:
        """Known sources that need not be read again."""
        return int(np.count_nonzero((self.known.state == SAME) & ~self._in_old_part()))

    @property
    def stale(self) -> int:
        """Known sources that have changed, or that another version has read."""
        state = self.known.state
        return int(np.count_nonzero((state == CHANGED) | ((state == SAME) & self._in_old_part())))

    def _in_old_part(self) -> np.ndarray[Any, Any]:
        want = (self.job.version, self.job.settings)
        old = np.array([one[:2] != want for one in self.known.versions], dtype=bool)
        return old[self.known.part] if len(old) else np.zeros(0, dtype=bool)

    def tasks(self, jobs: int, *, prune: bool = False, retry: bool = False) -> Iterator[Task]:
        """The chunks: parts to be renewed first, then new sources in the order in which they were listed.

        `prune` drops the rows of sources that are gone; `retry` reads again what could not be read.
        """
        changing = self._may_change(prune=prune, retry=retry)
        for number, part in enumerate(self.known.parts):
            if changing[number]:
                task = self._renew(read_entry(self.out, part), prune=prune, retry=retry)
                if task is not None:
                    yield task
        size = min(LARGEST, max(LEAST, -(-self.fresh // (jobs * CHUNKS_A_JOB))))
        self._spool.seek(0)
        chunk: list[SourceFile] = []
        for line in self._spool:
            chunk.append(SourceFile(*json.loads(line)))
            if len(chunk) == size:
                yield Task(tuple(chunk))
                chunk = []
        if chunk:
            yield Task(tuple(chunk))

    def _may_change(self, *, prune: bool, retry: bool) -> list[bool]:
        """Whether the entry of each part has to be looked at, told by the arrays alone."""
        parts = len(self.known.parts)
        unseen, same, changed = (
            np.bincount(self.known.part[self.known.state == state], minlength=parts)
            for state in (UNSEEN, SAME, CHANGED)
        )
        old = np.array([one[:2] != (self.job.version, self.job.settings) for one in self.known.versions])
        listed = np.array([self._is_listed_anew(one[2]) for one in self.known.versions])
        if not parts:
            return []
        again = (changed > 0) | (old & (same > 0)) | listed | (prune & (unseen > 0)) | retry
        result: list[bool] = again.tolist()
        return result

    def _is_listed_anew(self, joined: str) -> bool:
        """Whether the user's list is another than the one whose columns a part has."""
        return bool(self.job.joined) and joined != self.job.joined

    def _renew(self, entry: Entry, *, prune: bool, retry: bool) -> Task | None:
        """What is to be done to a part, or None where it stays as it is."""
        old = (entry.version, entry.settings) != (self.job.version, self.job.settings)
        listed = self._is_listed_anew(entry.joined)
        read: list[SourceFile] = []
        kept: list[str] = []
        for origin in entry.sources:
            row = self.known.find(origin.path)
            state = UNSEEN if row is None else int(self.known.state[row])
            again = state == CHANGED or (state == SAME and (old or (retry and origin.failed)))
            if again:
                read.append(stat_source(origin.path, self.roots.locate(origin.path)))
            elif state != UNSEEN or not (prune and self.roots.cover(origin.path)):
                kept.append(origin.path)
        if not read and not listed and len(kept) == len(entry.sources):
            return None
        return Task(tuple(read), replaces=entry.part, kept=tuple(kept))


def halve(task: Task) -> list[Task]:
    """What to try after a task brought its worker down: halves; at last the one source is given up.

    A single source gets a second chance, for a worker may be ended for no fault of its own. Only the first
    half goes on to renew the part.
    """
    sources = task.sources
    if len(sources) > 1:
        middle = len(sources) // 2
        first = msgspec.structs.replace(task, sources=sources[:middle], tries=0)
        return [first, Task(sources[middle:])]
    if not sources and task.tries > 1:
        raise GongkaiError(f"part {task.replaces} of the dataset cannot be read: take its files away")
    if task.tries == 0 or not sources:
        return [msgspec.structs.replace(task, tries=task.tries + 1)]
    reason = "brings the program down or takes too long: it is damaged, or needs more memory than there is"
    return [msgspec.structs.replace(task, sources=(), poison=(*task.poison, (sources[0], reason)), tries=0)]
