"""Rows whose numbers were printed ahead of their labels, as programs do that take the text of a page's cells.

    现行有效件数  244 607 558  规章  134 379 619  行政规范性文件  第二十条第（五）项 …

Read in order, each label would take the numbers of the row below it. It shows in the ends: a row of numbers
stands before the first label, and none behind the last. Where all parts of a table are so, each label gets
the numbers before it; where only some are, those parts are not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from extract.tables.entries import Entry, Found, Header


def move_back(found: Found) -> None:
    """Give the labels of such tables the numbers ahead of them; take the numbers where that is in doubt."""
    if not any(entry.header is not None and entry.header.ahead for entry in found.entries):
        return
    for _, members in groupby(found.entries, key=lambda entry: entry.table):
        parts = [list(part) for _, part in groupby(members, key=lambda entry: id(entry.header))]
        turned = [_is_turned(part) for part in parts]
        for part, is_turned in zip(parts, turned):
            if is_turned:
                _move(part, sure=all(turned) and len(parts) > 1)


def _header(entries: Sequence[Entry]) -> Header | None:
    return entries[0].header


def _is_turned(entries: Sequence[Entry]) -> bool:
    """Whether numbers for one row stand ahead of the first label, and none behind the last."""
    header = _header(entries)
    if header is None or not header.ahead or entries[-1].slots:
        return False
    return all(len(entry.slots) == len(header.ahead) for entry in entries[:-1])


def _move(entries: Sequence[Entry], *, sure: bool) -> None:
    header = _header(entries)
    assert header is not None
    ahead = header.ahead
    for entry in entries:
        entry.slots, ahead = (ahead if sure else []), entry.slots
