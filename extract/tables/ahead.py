"""Rows whose numbers were printed ahead of their labels, as programs do that take the text of a page's cells.

    现行有效件数  244 607 558  规章  134 379 619  行政规范性文件  第二十条第（五）项 …

Read in order, each label would take the numbers of the row below it. It shows in the ends: a row of numbers
stands before the first label, and none behind the last; or several numbers before the first label, which do
not just count the columns. Where all parts of a table are so, or what came in and what went out agree then,
each label gets the numbers before it; else such parts are not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from extract.tables.entries import Entry, Found, Header, Slot
from extract.tables.questions import Asked, ask, balance, count_up

_WIDE = 4  # numbers ahead of a label that are no accident
_TORN = 4  # labels, of which one may have no numbers of its own
_BALANCE = ("received", "carried_over", "total", "carried_forward")


def move_back(found: Found) -> None:
    """Give the labels of such tables the numbers ahead of them; take the numbers where that is in doubt."""
    if not any(entry.header is not None and entry.header.ahead for entry in found.entries):
        return
    for _, members in groupby(found.entries, key=lambda entry: entry.table):
        parts = [list(part) for _, part in groupby(members, key=lambda entry: id(entry.header))]
        turned = [_is_turned(part) for part in parts]
        for part, is_turned in zip(parts, turned):
            if is_turned:
                _move(part, sure=_is_balanced(part) or (all(turned) and len(parts) > 1))


def _header(entries: Sequence[Entry]) -> Header | None:
    return entries[0].header


def _is_turned(entries: Sequence[Entry]) -> bool:
    """Whether numbers for one row stand ahead of the first label, and none behind the last.

    Most labels have as many behind them; of the others some number came out of its row. Several numbers are
    enough, since a text that is cut off may end in those of a row whose label is gone.
    """
    header = _header(entries)
    if header is None or not header.ahead:
        return False
    if len(header.ahead) >= _WIDE and len(header.cells) > 1:  # 总计 alone is a row that is taken for a head
        pieces = [slot.piece for slot in header.ahead]
        return not ask(count_up, (), pieces, entries[0].row.asked)
    sizes = Counter(len(entry.slots) for entry in entries[:-1] if not _is_group(entry))
    return not entries[-1].slots and 2 * sizes[len(header.ahead)] >= sizes.total()


def _shift(entries: Sequence[Entry]) -> list[list[Slot]]:
    """For each label the numbers before it; none where they are no row, or one is in a label's line.

    The label of a group, which has no numbers of its own, may stand before or behind those of its first row.
    """
    header = _header(entries)
    assert header is not None
    shifted: list[list[Slot]] = []
    before = header.ahead
    for entry in entries:
        group = _is_group(entry)
        shifted.append(before if len(before) == len(header.ahead) and not group else [])
        if not group or not before:
            before = [slot for slot in entry.slots if slot.row is not entry.row]
        elif entry.slots:
            before = []
    return shifted


def _is_group(entry: Entry) -> bool:
    """Whether a label stands over rows; one that is a row in another edition has no numbers behind it."""
    return not entry.terms or (not entry.slots and any(term.role == "group" for term in entry.mark.terms))


def _is_balanced(entries: Sequence[Entry]) -> bool:
    """Whether the numbers before the labels agree, and but a few labels have none."""
    shifted = [(entry, slots) for entry, slots in zip(entries, _shift(entries)) if not _is_group(entry)]
    lacking = sum(not slots for _, slots in shifted)
    if lacking * _TORN > len(shifted):
        return False
    rows = {entry.terms[0].id: slots for entry, slots in shifted if len(entry.terms) == 1}
    return is_balanced(rows, entries[0].row.asked)


def is_balanced(rows: Mapping[str, Sequence[Slot]], asked: list[Asked]) -> bool:
    """Whether what came in agrees with what went out in every column; False where a row is not there."""
    told = [rows.get(row, ()) for row in _BALANCE]
    if not all(told):
        return False
    pieces = [slot.piece for slots in told for slot in slots]
    names = [row for row, slots in zip(_BALANCE, told) for _ in slots]
    return ask(balance, names, pieces, asked)


def _move(entries: Sequence[Entry], *, sure: bool) -> None:
    for entry, slots in zip(entries, _shift(entries)):
        entry.slots = slots if sure else []
