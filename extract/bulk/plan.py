"""What is to be done: which sources are new, changed or read by another version, and in which chunks.

Nothing is held for each source but some numbers: new ones wait in a temporary file, known ones in arrays.
Files that may be halves of one report (`name_place`) are a family: they come into one chunk, and where one
changes all are read again.
"""

from __future__ import annotations

import json
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import numpy as np

from extract.bulk.known import CHANGED, SAME, UNSEEN, Known
from extract.bulk.sources import Roots, SourceFile, stat_source
from extract.bulk.task import Job, Task, families
from extract.read.annex import name_place
from extract.store.files import Place, in_temporary_files
from extract.store.journal import Entry, read_entry
from extract.store.rows import hash_text

LARGEST, LEAST = 1_000, 16  # sources of a chunk
CHUNKS_A_JOB = 2  # at least, so that the last chunks end at about the same time


class Plan:
    """What a run has to do: `fresh` new sources, `stale` known ones to read again, `same` that stay."""

    def __init__(self, out: Place, roots: Roots, known: Known, job: Job) -> None:
        self.out, self.roots, self.known, self.job = out, roots, known, job
        self.fresh = 0
        self._families = array("Q")  # of every source that is there, in the order of the listing
        self._rows = array("q")  # in `known`; -1 where it is new
        self._sizes: dict[int, int] = {}  # new sources of each family that has several members
        self._homes: dict[int, int] = {}  # the part where such a family lies already
        with in_temporary_files():
            self._spool = tempfile.TemporaryFile("w+", encoding="ascii", prefix="gongkai-")  # noqa: SIM115

    def look(self, sources: Iterable[SourceFile]) -> None:
        """Take note of every source that is there."""
        for source in sources:
            row = self.known.see(source)
            self._families.append(_family(source.path))
            self._rows.append(-1 if row is None else row)
            if row is None:
                with in_temporary_files():
                    json.dump(msgspec.to_builtins(source), self._spool)
                    self._spool.write("\n")
                self.fresh += 1
        with in_temporary_files():
            self._spool.flush()
        self._keep_together()

    def _keep_together(self) -> None:
        """A family with a new or changed member is read whole; its new members go where the others lie."""
        if not self._rows:
            return
        rows = np.frombuffer(self._rows, dtype=np.int64)
        numbers = np.frombuffer(self._families, dtype=np.uint64)
        names, family, counts = np.unique(numbers, return_inverse=True, return_counts=True)
        several = counts[family] > 1
        new = several & (rows < 0)
        old = several & (rows >= 0)
        stirred = np.zeros(len(names), dtype=bool)
        stirred[family[new]] = True
        stirred[family[old][self.known.state[rows[old]] == CHANGED]] = True
        again = old & stirred[family]
        self.known.state[rows[again]] = CHANGED
        found, sizes = np.unique(numbers[new], return_counts=True)
        self._sizes = dict(zip(found.tolist(), sizes.tolist(), strict=True))
        homes = dict(zip(numbers[again].tolist(), self.known.part[rows[again]].tolist(), strict=True))
        self._homes = {number: homes[number] for number in self._sizes if number in homes}

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
        joining = self._find_joining()
        for number, part in enumerate(self.known.parts):
            if changing[number]:
                entry = read_entry(self.out, part)
                task = self._renew(entry, joining.get(number, []), prune=prune, retry=retry)
                if task is not None:
                    yield task
        size = min(LARGEST, max(LEAST, -(-self.fresh // (jobs * CHUNKS_A_JOB))))
        chunk: list[SourceFile] = []
        for together in self._new_families():
            chunk += together
            if len(chunk) >= size:
                yield Task(tuple(chunk))
                chunk = []
        if chunk:
            yield Task(tuple(chunk))

    def _read_spool(self) -> Iterator[tuple[int, SourceFile]]:
        """The new sources with their families, in the order in which they were listed."""
        self._spool.seek(0)
        for line in self._spool:
            source = SourceFile(*json.loads(line))
            yield _family(source.path), source

    def _find_joining(self) -> dict[int, list[SourceFile]]:
        """The new sources whose family lies in a part already, by that part."""
        found: dict[int, list[SourceFile]] = {}
        for family, source in self._read_spool() if self._homes else ():
            if family in self._homes:
                found.setdefault(self._homes[family], []).append(source)
        return found

    def _new_families(self) -> Iterator[list[SourceFile]]:
        """The other new sources: alone, or with all the new ones of their family."""
        waiting: dict[int, list[SourceFile]] = {}
        for family, source in self._read_spool():
            size = self._sizes.get(family, 1)
            if family in self._homes:
                continue
            if size == 1:
                yield [source]
                continue
            together = waiting.setdefault(family, [])
            together.append(source)
            if len(together) == size:
                yield waiting.pop(family)

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

    def _renew(self, entry: Entry, joining: list[SourceFile], *, prune: bool, retry: bool) -> Task | None:
        """What is to be done to a part, or None where it stays as it is; `joining` are read with it."""
        old = (entry.version, entry.settings) != (self.job.version, self.job.settings)
        states = {origin.path: self._state_of(origin.path) for origin in entry.sources}
        gone = {
            path for path, state in states.items() if state == UNSEEN and prune and self.roots.cover(path)
        }
        bereft = {name_place(path) for path in gone}  # a report is read again without its annex
        again = [
            one.path
            for one in entry.sources
            if states[one.path] == CHANGED
            or (
                states[one.path] == SAME
                and (old or (retry and one.failed) or (bool(bereft) and name_place(one.path) in bereft))
            )
        ]
        read = [stat_source(path, self.roots.locate(path)) for path in again] + joining
        left = gone | set(again)
        kept = tuple(path for path in states if path not in left)
        if not read and not gone and not self._is_listed_anew(entry.joined):
            return None
        sources = tuple(source for family in families(read) for source in family)
        return Task(sources, replaces=entry.part, kept=kept)

    def _state_of(self, path: str) -> int:
        row = self.known.find(path)
        return UNSEEN if row is None else int(self.known.state[row])


def _family(path: str) -> int:
    return hash_text("\0".join(name_place(path)))
