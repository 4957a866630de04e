"""Many small parts → few: what many short runs leave behind is written anew as parts of a good size.

A merged part counts from the moment at which its entry is there, and those that it replaces no longer do: as
with any other part. A kill at any moment costs the work, never a row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from extract.bulk.signing import merge_signed
from extract.bulk.task import Done, Task
from extract.errors import GongkaiError
from extract.store.files import Place
from extract.store.journal import Entry, read_entry
from extract.store.ledger import Ledger
from extract.store.reading import read_part
from extract.store.tables import compact
from extract.store.writing import write_tables

if TYPE_CHECKING:
    import pyarrow as pa

PILE = 32  # small parts from which it pays to merge them
# A text report has some 260 rows in all tables, and a part of a long run some 300 reports.
SMALL = 20_000  # rows of a part that is a small one
ROWS, SOURCES = 60_000, 1_000  # of a merged part, at most


def plan_merges(ledger: Ledger) -> list[Task]:
    """What to merge: small parts of one version and one list of agencies, where many have piled up."""
    piles: dict[tuple[str, str, str], list[str]] = {}
    for part in sorted(ledger.sums):
        if ledger.sums[part].rows < SMALL and ledger.sums[part].sources < SOURCES // 4:
            piles.setdefault(ledger.kinds[part], []).append(part)
    return [
        Task((), merges=tuple(group))
        for pile in piles.values()
        if len(pile) >= PILE
        for group in _divide(pile, ledger)
        if len(group) > 1
    ]


def _divide(pile: Sequence[str], ledger: Ledger) -> Iterator[list[str]]:
    """The parts in groups that make parts of a good size."""
    group: list[str] = []
    rows = sources = 0
    for part in pile:
        one = ledger.sums[part]
        if group and (rows + one.rows > ROWS or sources + one.sources > SOURCES):
            yield group
            group, rows, sources = [], 0, 0
        group.append(part)
        rows, sources = rows + one.rows, sources + one.sources
    if group:
        yield group


def merge(place: Place, parts: Sequence[str], own: dict[str, str]) -> Done:
    """Write the rows of some parts, of one version, as one. Raises `CannotWrite`, or `GongkaiError`."""
    entries = [read_entry(place, part) for part in parts]
    name = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    batches = [_read(place, entry, own) for entry in entries]
    files = write_tables(place, name, batches, own)
    merge_signed(place, parts, name)
    first = entries[0]
    sources = tuple(source for entry in entries for source in entry.sources)
    entry = Entry(name, first.version, first.settings, sources, files, tuple(parts), first.joined)
    return Done(entry, 0, 0, ())


def _read(place: Place, entry: Entry, own: dict[str, str]) -> dict[str, pa.Table]:
    try:
        return compact(read_part(place, entry, own))
    except (OSError, ValueError) as error:  # a file that is gone, or that is damaged
        raise GongkaiError(f"{place.url}: part {entry.part} cannot be read: {error}") from error
