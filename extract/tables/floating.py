"""Rows whose labels a program printed elsewhere, so that their numbers stand behind those of the row above.

    二、上年结转…  2 0 0 0 0 0 2  3 0 0 0 0 0 3  4 1 0 0 0 0 5  1.属于国家秘密  1 …  三、本年（一）予以公开 …

So it is where labels are set beside others that come first on the page. As many rows of numbers too many
stand behind a label as rows of the form without a number lie between it and the next one that has its own.
They are given to those rows if each ends in its sum and what came in and what went out agree then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.forms import FormTable, load_forms
from extract.tables.ahead import is_balanced
from extract.tables.entries import Entry, Found, Slot
from extract.tables.questions import add_up, ask

Given = list[tuple[Entry, list[Slot]]]


def give_back(found: Found) -> None:
    """Give numbers behind those of another row to the labels that lack them."""
    for form in load_forms():
        for table in form.tables:
            if table.rows_across or len(table.bands) > 1 or len(table.bands[0].columns) < 2:
                continue
            entries = {
                entry.terms[0].id: entry
                for entry in found.entries
                if entry.table == table.id and len({term.id for term in entry.terms}) == 1
            }
            given = list(_find_given(entries, table))
            if given and is_balanced(_apply(entries, given), given[0][0].row.asked):
                for entry, slots in given:
                    entry.slots = slots


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


def _apply(entries: dict[str, Entry], given: Given) -> dict[str, list[Slot]]:
    """The numbers of each row as they would be."""
    told = {id(entry): slots for entry, slots in given}
    return {ident: told.get(id(entry), entry.slots) for ident, entry in entries.items()}
