"""What counts in a dataset, as numbers: read once when a run begins, and kept up with what the run does."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import islice

import msgspec
import numpy as np

from extract.store.files import TEMPORARY, Place
from extract.store.journal import Entry, entry_files, entry_name, read_entries, read_every_contents
from extract.store.rows import hash_text
from extract.store.schema import EMPTY, TABLES

_SIDE_BY_SIDE = 10_000  # names that are looked up in one go


class Sum(msgspec.Struct, frozen=True, gc=False):
    """A part in numbers; `rows` of all its tables, `tables` those of them that have any."""

    sources: int
    reports: int
    errors: int
    rows: int
    tables: int  # a bit each, in the order of TABLES


class Ledger:
    """The parts that count. Memory: some hundred bytes a part, and eight a file."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.sums: dict[str, Sum] = {}
        self.kinds: dict[str, tuple[str, str, str]] = {}  # of each part: version, settings, joined
        self.replaced: set[str] = set()  # parts that those which count name as replaced
        self._distinct: dict[tuple[str, str, str], tuple[str, str, str]] = {}
        self._files = np.empty(0, np.uint64)  # hashes of the names of files that count, ascending
        self._met = np.empty(0, np.bool_)  # which of them are there, as of the last sweep
        self._added: set[int] = set()

    def read(self) -> Iterator[Entry]:
        """Every entry once, those that are replaced too; when all are read, the ledger holds what counts."""
        names, parts = array("Q"), array("Q")
        numbers: dict[str, int] = {}
        for entry in read_entries(self.place):
            number = numbers[entry.part] = len(numbers)
            self._note(entry)
            for file in entry.files:
                names.append(hash_text(file.name))
                parts.append(number)
            yield entry
        dead = np.zeros(len(numbers) + 1, dtype=np.bool_)
        for part in self.replaced:
            dead[numbers.get(part, len(numbers))] = True
            self.sums.pop(part, None)
            self.kinds.pop(part, None)
        kept = ~dead[np.frombuffer(parts, dtype=np.uint64)] if len(parts) else slice(0)
        self._files = np.sort(np.frombuffer(names, dtype=np.uint64)[kept]) if len(names) else self._files

    def _note(self, entry: Entry) -> None:
        kind = (entry.version, entry.settings, entry.joined)
        filled = {file.table for file in entry.files}
        tables = sum(1 << number for number, table in enumerate(TABLES) if table in filled)
        rows = sum(file.rows for file in entry.files)
        found = Sum(len(entry.sources), entry.rows("reports"), entry.rows("errors"), rows, tables)
        self.sums[entry.part] = found
        self.kinds[entry.part] = self._distinct.setdefault(kind, kind)
        self.replaced.update(entry.replaces)

    def count(self, entry: Entry) -> None:
        """Note a part that counts from now on."""
        self._note(entry)
        self._added.update(hash_text(file.name) for file in entry.files)
        for part in entry.replaces:
            self.sums.pop(part, None)
            self.kinds.pop(part, None)

    def filled(self) -> frozenset[str]:
        """The tables that have rows."""
        tables = 0
        for one in self.sums.values():
            tables |= one.tables
        return frozenset(table for number, table in enumerate(TABLES) if tables >> number & 1)

    def sweep(self) -> None:
        """Take away what no part counts as its own: left by a run that was killed, or by a part replaced."""
        filled = self.filled()
        self._met = np.zeros(len(self._files), dtype=np.bool_)
        for table in TABLES:
            names = iter(list(self.place.files(table)))
            while few := list(islice(names, _SIDE_BY_SIDE)):
                for name in self._strays(few):
                    if table in filled or name != EMPTY.format(table):
                        self.place.remove(name)
        for name in list(self.place.files(TEMPORARY)):
            self.place.remove(name)
        entries = {entry_name(part) for part in self.sums}
        for name in entry_files(self.place):
            if name not in entries:
                self.place.remove(name)

    def torn(self) -> frozenset[str]:
        """The parts of which the last sweep, if nothing was counted since, did not find every file."""
        lost = set(self._files[~self._met].tolist())
        if not lost:
            return frozenset()
        return frozenset(
            contents.part
            for contents in read_every_contents(self.place)
            if any(hash_text(file.name) in lost for file in contents.files)
        )

    def _strays(self, names: list[str]) -> Iterator[str]:
        hashes = np.array([hash_text(name) for name in names], dtype=np.uint64)
        at = np.minimum(np.searchsorted(self._files, hashes), max(len(self._files) - 1, 0))
        known = self._files[at] == hashes if len(self._files) else np.zeros(len(names), dtype=np.bool_)
        self._met[at[known]] = True
        for place in np.flatnonzero(~known).tolist():
            if int(hashes[place]) not in self._added:
                yield names[place]


def read_ledger(place: Place) -> Ledger:
    """What counts in a dataset."""
    ledger = Ledger(place)
    for _ in ledger.read():
        pass
    return ledger


def sweep(place: Place) -> tuple[str, ...]:
    """Take away what no part counts as its own; the parts that count."""
    ledger = read_ledger(place)
    ledger.sweep()
    return tuple(sorted(ledger.sums))
