"""What is to be done: which sources are new, changed or read by another version, and in which chunks.

Nothing is held for each source but some numbers: new ones wait in a temporary file, known ones in arrays.
Files that may be halves of one report (`family_of`) are a family: they come into one chunk, and where one
changes all are read again.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from array import array
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import numpy as np

from extract.bulk.known import CHANGED, SAME, UNSEEN, Known
from extract.bulk.sources import MISSING, Roots, SourceFile, folder_of, stat_source
from extract.bulk.task import Job, Task, families, family_of
from extract.read.annex import may_be_pair, name_place
from extract.store.files import Place, in_temporary_files
from extract.store.journal import Entry, read_entry
from extract.store.rows import hash_text

LARGEST, LEAST = 1_000, 16  # sources of a chunk
CHUNKS_A_JOB = 2  # at least, so that the last chunks end at about the same time


class Plan:
    """What a run has to do: `fresh` new sources, `stale` known ones to read again, `same` that stay."""

    def __init__(
        self, out: Place, roots: Roots, known: Known, job: Job, torn: Collection[str] = frozenset()
    ) -> None:
        self.out, self.roots, self.known, self.job = out, roots, known, job
        self.fresh = 0
        self.met: set[str] = set()  # the first folder in the paths of all sources that are there
        self.dropped = 0  # sources that are gone and whose rows `tasks` drops
        self.lost = 0  # of parts in `torn`, those that cannot be read again
        self._torn = torn  # parts of which files are gone
        self._reread = 0  # of the sources that are `same`, those that `tasks` has read again
        self._families = array("Q")  # of every source that is there, in the order of the listing
        self._rows = array("q")  # in `known`; -1 where it is new
        self._sizes: dict[int, int] = {}  # new sources of each family of several members that is no pair
        self._homes: dict[int, int] = {}  # the part where such a family lies already
        self._pairs = array("Q")  # the family of every source of a pair
        self._paired = np.empty(0, dtype=np.uint64)  # the same, in order, each once
        with in_temporary_files():
            self._spool = tempfile.TemporaryFile("w+", encoding="ascii", prefix="gongkai-")  # noqa: SIM115

    def close(self) -> None:
        """Give the temporary file back; what could not be written to it has been told."""
        with contextlib.suppress(OSError):
            self._spool.close()

    def look(self, sources: Iterable[SourceFile]) -> None:
        """Take note of every source that is there."""
        for name, folder in groupby(sources, key=folder_of):
            self.met.add(name.partition("/")[0])
            self._look_into(folder)
        with in_temporary_files():
            self._spool.flush()
        self._paired = np.unique(np.array(self._pairs, dtype=np.uint64))
        self._keep_together()

    def _look_into(self, folder: Iterable[SourceFile]) -> None:
        """Take note of the sources of a folder.

        Two that were a pair are read again, apart, where others come; those go into the same part with them,
        so that a run which is killed leaves both as they were or neither.
        """
        before: list[tuple[str, int]] = []
        new: list[int] = []
        stirred = False
        for source in folder:
            row = self._note(source)
            stirred = stirred or row is None or self.known.state[row] == CHANGED
            if row is not None and len(before) < 3:
                before.append((source.path, row))
            elif row is None and len(new) < LARGEST:
                new.append(self._families[-1])
        if not stirred or len(before) != 2 or not may_be_pair(before[0][0], before[1][0]):
            return
        rows = [row for _, row in before]
        first, second = self.known.part[rows].tolist()
        if first == second:
            self.known.state[rows] = CHANGED
            self._homes.update(dict.fromkeys(new, first))

    def _note(self, source: SourceFile) -> int | None:
        """Take note of a source; its row, None where it is new."""
        row = self.known.see(source)
        family = _family(source.path, paired=source.paired)
        self._families.append(family)
        self._rows.append(-1 if row is None else row)
        if source.paired:
            self._pairs.append(family)
        if row is None:
            with in_temporary_files():
                json.dump(msgspec.to_builtins(source), self._spool)
                self._spool.write("\n")
            self.fresh += 1
        return row

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
        found, sizes = np.unique(numbers[new & ~np.isin(numbers, self._paired)], return_counts=True)
        self._sizes = dict(zip(found.tolist(), sizes.tolist(), strict=True))
        joined = again & np.isin(numbers, numbers[new])
        self._homes.update(zip(numbers[joined].tolist(), self.known.part[rows[joined]].tolist(), strict=True))

    @property
    def same(self) -> int:
        """Known sources that need not be read again; once all `tasks` are made, those that none reads."""
        return int(np.count_nonzero((self.known.state == SAME) & ~self._in_old_part())) - self._reread

    @property
    def stale(self) -> int:
        """Known sources that have changed, or that another version has read."""
        state = self.known.state
        return int(np.count_nonzero((state == CHANGED) | ((state == SAME) & self._in_old_part())))

    @property
    def outdated(self) -> int:
        """Those of them that another version, model or set of rules has read."""
        return int(np.count_nonzero((self.known.state == SAME) & self._in_old_part()))

    def _in_old_part(self) -> np.ndarray[Any, Any]:
        want = (self.job.version, self.job.settings)
        old = np.array([one[:2] != want for one in self.known.versions], dtype=bool)
        return old[self.known.part] if len(old) else np.zeros(0, dtype=bool)

    def tasks(self, jobs: int, *, prune: bool = False, retry: bool = False) -> Iterator[Task]:
        """The chunks: parts to be renewed first, then new sources in the order in which they were listed.

        `prune` drops the rows of sources that are gone; `retry` reads again what could not be read.
        """
        if prune:
            self._stir_pairs_left()
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
            yield _family(source.path, paired=source.paired), source

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
        for family, following in groupby(self._read_spool(), key=itemgetter(0)):
            if family in self._homes:
                continue
            found = [source for _, source in following]
            if family not in self._sizes:
                yield found
                continue
            together = waiting.setdefault(family, [])
            together += found
            if len(together) == self._sizes[family]:
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
        torn = np.array([part in self._torn for part in self.known.parts])
        again = (changed > 0) | (old & (same > 0)) | listed | (prune & (unseen > 0)) | retry | torn
        result: list[bool] = again.tolist()
        return result

    def _is_listed_anew(self, joined: str) -> bool:
        """Whether the user's list is another than the one whose columns a part has."""
        return bool(self.job.joined) and joined != self.job.joined

    def _renew(self, entry: Entry, joining: list[SourceFile], *, prune: bool, retry: bool) -> Task | None:
        """What is to be done to a part, or None where it stays as it is; `joining` are read with it."""
        if entry.part in self._torn:
            return self._make_anew(entry, joining)
        old = (entry.version, entry.settings) != (self.job.version, self.job.settings)
        states = {origin.path: self._state_of(origin.path) for origin in entry.sources}
        gone = {path for path, state in states.items() if state == UNSEEN and prune and self._is_gone(path)}
        bereft = _find_bereft(states, gone)
        again = [
            one.path
            for one in entry.sources
            if states[one.path] == CHANGED
            or (states[one.path] == SAME and (old or (retry and one.failed) or one.path in bereft))
        ]
        self._reread += 0 if old else sum(states[path] == SAME for path in again)
        read = [self._stat(path) for path in again]
        read += self._find_unlisted({path for path in states if states[path] == UNSEEN} - gone, read)
        left = gone | {source.path for source in read}
        read += joining
        kept = tuple(path for path in states if path not in left)
        self.dropped += len(gone)
        if not read and not gone and not self._is_listed_anew(entry.joined):
            return None
        sources = tuple(source for family in families(read) for source in family)
        return Task(sources, replaces=entry.part, kept=kept)

    def _make_anew(self, entry: Entry, joining: list[SourceFile]) -> Task | None:
        """All sources of a part that has lost files, as far as they can be had; None where none can."""
        paths = [one.path for one in entry.sources]
        wanted = [path for path in paths if self._state_of(path) != UNSEEN or self.roots.cover(path)]
        read = [source for source in map(self._stat, wanted) if source.size != MISSING]
        if not read:
            self.lost += len(paths)
            return None
        self.lost += len(paths) - len(read)
        sources = tuple(source for family in families([*read, *joining]) for source in family)
        return Task(sources, replaces=entry.part)

    def _is_gone(self, path: str) -> bool:
        """Whether a source that was not met is gone; a folder that is empty may be a disk that is away."""
        label = path.partition("/")[0]
        return self.roots.cover(path) and (label in self.met or label not in self.roots.folder_of)

    def _stat(self, path: str) -> SourceFile:
        source = stat_source(path, self.roots.locate(path))
        return msgspec.structs.replace(source, paired=self._is_paired(path))

    def _find_unlisted(self, unseen: Collection[str], read: Iterable[SourceFile]) -> list[SourceFile]:
        """The others of families that are read, which a limit has cut off: they lie in their place still."""
        wanted = {_family(one.path, paired=one.paired) for one in read} if unseen else set()
        found = (
            self._stat(path)
            for path in sorted(unseen)
            if _family(path, paired=self._is_paired(path)) in wanted
        )
        return [source for source in found if source.size != MISSING]

    def _is_paired(self, path: str) -> bool:
        """Whether a source is one of the only two of its folder, by what was listed."""
        number = _family(path, paired=True)
        at = int(np.searchsorted(self._paired, np.uint64(number)))
        return at < len(self._paired) and int(self._paired[at]) == number

    def _stir_pairs_left(self) -> None:
        """Two that are left alone in a folder of which others are dropped are read again."""
        left: set[int] = set()
        unseen = set(self.known.part[self.known.state == UNSEEN].tolist()) if self._pairs else ()
        for number in unseen:
            for one in read_entry(self.out, self.known.parts[number]).sources:
                if self._state_of(one.path) == UNSEEN and self._is_gone(one.path):
                    left.add(_family(one.path, paired=True))
        if left and self._rows:
            rows = np.frombuffer(self._rows, dtype=np.int64)
            stirred = np.isin(np.frombuffer(self._families, dtype=np.uint64), np.array([*left], np.uint64))
            self.known.state[rows[stirred & (rows >= 0)]] = CHANGED

    def _state_of(self, path: str) -> int:
        row = self.known.find(path)
        return UNSEEN if row is None else int(self.known.state[row])


def _family(path: str, *, paired: bool) -> int:
    return hash_text("\0".join(family_of(path, paired=paired)))


def _find_bereft(paths: Iterable[str], gone: Collection[str]) -> set[str]:
    """Of the paths of a part those that were read as one report with one that is gone."""
    if not gone:
        return set()
    names = {name_place(path) for path in gone}
    folders: dict[str, list[str]] = {path.rpartition("/")[0]: [] for path in gone}
    bereft: set[str] = set()
    for path in paths:
        if name_place(path) in names:
            bereft.add(path)
        if (folder := path.rpartition("/")[0]) in folders:
            folders[folder].append(path)
    for together in folders.values():
        if len(together) == 2 and may_be_pair(*together):
            bereft.update(together)
    return bereft
