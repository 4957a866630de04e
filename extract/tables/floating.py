"""Rows whose labels a program printed elsewhere, so that their numbers stand behind those of the row above.

    二、上年结转…  2 0 0 0 0 0 2  3 0 0 0 0 0 3  4 1 0 0 0 0 5  1.属于国家秘密  1 …  三、本年（一）予以公开 …

So it is where labels are set beside others that come first on the page. As many rows of numbers too many
stand behind a label as rows of the form without a number lie between it and the next one that has its own.
They are given to those rows if each ends in its sum and what came in and what went out agree then. Where the
table has all its rows and numbers, every row gets those in its place, and a row that has others is not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from extract.forms import FormTable, load_forms
from extract.tables.ahead import is_balanced
from extract.tables.entries import Entry, Found, Slot
from extract.tables.questions import add_up, ask

_FEWEST = 4  # rows, of which one at least has its own numbers
_UNNAMED = 6  # rows of a table whose labels nobody knows
Given = list[tuple[Entry, list[Slot]]]


def give_back(found: Found) -> None:
    """Give numbers behind those of another row to the labels that lack them."""
    tables = [
        table
        for form in load_forms()
        for table in form.tables
        if not table.rows_across and len(table.bands) == 1 and len(table.bands[0].columns) > 1
    ]
    for name in dict.fromkeys(table.id for table in tables):
        members = [entry for entry in found.entries if entry.table == name]
        editions = [table for table in tables if table.id == name]
        if any(len(entry.slots) > len(editions[0].bands[0].columns) for entry in members):
            _settle(members, editions)


def _settle(members: Sequence[Entry], editions: Sequence[FormTable]) -> None:
    rows = {entry.terms[0].id: entry for entry in members if len({term.id for term in entry.terms}) == 1}
    if not any(_lay_in_order(members, rows, table) for table in editions):
        for table in editions:
            _give(rows, list(_find_given(rows, table)))
        _drop_doubtful(members, rows, editions)


def _drop_doubtful(members: Sequence[Entry], rows: dict[str, Entry], editions: Sequence[FormTable]) -> None:
    """Take the numbers of rows that stand beside neither neighbour, where rows of numbers still float."""
    size = len(editions[0].bands[0].columns)
    if all(len(entry.slots) < 2 * size or entry.row.row.layout != "loose" for entry in members):
        return
    names = {id(entry): ident for ident, entry in rows.items()}
    printed = [names[id(entry)] for entry in members if id(entry) in names]
    pairs = {pair for table in editions for pair in pairwise(row.id for row in table.bands[0].rows)}
    firsts = {table.bands[0].rows[0].id for table in editions}
    pairs |= {(table.bands[0].rows[-1].id, "") for table in editions}  # nothing is printed below the last
    kept = {
        ident
        for above, ident, below in zip(["", *printed], printed, [*printed[1:], ""])
        if ident in firsts
        or ((above, ident) in pairs and len(rows[above].slots) == size)
        or (ident, below) in pairs
    }
    for ident, entry in rows.items():
        if ident not in kept:
            entry.slots = []


def _lay_in_order(members: Sequence[Entry], rows: dict[str, Entry], table: FormTable) -> bool:
    """Whether the table has all rows and as many numbers, so that each row can get those in its place."""
    (band,) = table.bands
    size, order = len(band.columns), [row.id for row in band.rows]
    slots = sorted((slot for entry in members for slot in entry.slots), key=lambda slot: slot.piece.start)
    if len(slots) != size * len(order) or len(set(order) - rows.keys()) > _UNNAMED:
        return False
    if any(slot.row.row.layout != "loose" for slot in slots):
        return False
    parts = [slots[start : start + size] for start in range(0, len(slots), size)]
    given = [(rows[ident], part) for ident, part in zip(order, parts) if ident in rows]
    apart = [entry for entry, part in given if entry.slots != part]
    if _FEWEST * (len(given) - len(apart)) < len(given):
        return False
    if all(_ends_in_sum(part, entry) for entry, part in given):
        named = {id(entry) for entry, _ in given}
        others: Given = [(entry, []) for entry in members if id(entry) not in named]
        if _give(rows, [*given, *others]):
            return True
    for entry in apart:
        entry.slots = []
    return True


def _give(rows: dict[str, Entry], given: Given) -> bool:
    """Give the entries these numbers, if then what came in agrees with what went out; whether it does."""
    told = {id(entry): slots for entry, slots in given}
    after = {ident: told.get(id(entry), entry.slots) for ident, entry in rows.items()}
    if not given or not is_balanced(after, given[0][0].row.asked):
        return False
    for entry, slots in given:
        entry.slots = slots
    return True


def _find_given(entries: dict[str, Entry], table: FormTable) -> Iterator[tuple[Entry, list[Slot]]]:
    """The rows that get other numbers than they have, and these."""
    (band,) = table.bands
    order = [row.id for row in band.rows]
    size = len(band.columns)
    for at, ident in enumerate(order):
        entry = entries.get(ident)
        rows, left = divmod(len(entry.slots), size) if entry else (0, 1)
        if entry is None or rows < 2 or left or entry.row.row.layout != "loose":
            continue
        lacking = [entries.get(one) for one in order[at + 1 : at + rows]]
        below = entries.get(order[at + rows]) if at + rows < len(order) else None
        if below is None or len(below.slots) != size or any(one is None or one.slots for one in lacking):
            continue
        parts = [entry.slots[start : start + size] for start in range(0, len(entry.slots), size)]
        if all(_ends_in_sum(part, entry) for part in parts):
            yield from zip([entry, *filter(None, lacking)], parts)


def _ends_in_sum(slots: Sequence[Slot], entry: Entry) -> bool:
    names = [*map(str, range(1, len(slots))), "total"]
    return ask(add_up, names, [slot.piece for slot in slots], entry.row.asked)
