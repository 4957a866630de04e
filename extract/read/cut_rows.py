"""Rows of cells parted by tabs that a program cut at a fixed width, also within a number, made whole again.

    （一）予以公开	12	3	0	1	→   （一）予以公开	12	3	0	15	1	31
    5	1	31

A cut row is as wide as the page and has fewer cells than the others; with what stands below it has as many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

_FEWEST = 2  # rows that were cut in a text; one, where its numbers then add up
_FEWEST_TABS = 4  # in a row of the table
_MOST_LINES = 4  # of one row
_MOST_LABELS = 3  # before its numbers


def join_cut_rows(lines: list[str]) -> list[str]:
    """The lines, rows that were cut at the width of the page joined."""
    tabs = [line.count("\t") for line in lines]
    counts = Counter([count for count in tabs if count >= _FEWEST_TABS])
    if not counts:
        return lines
    usual = counts.most_common(1)[0][0]
    pairs = [
        at
        for at, (above, count) in enumerate(pairwise(tabs), 1)
        if above + count == usual
        and (count > 0 < above or _ends_number(lines, at))
        and _may_go_on(lines[at - 1], lines[at])
    ]
    if not pairs:
        return lines
    best = max((_find_full(lines, pairs, measure) for measure in (_columns, len)), key=len)
    if len(best) < _FEWEST and not any(_adds_up(lines[at - 1] + lines[at]) for at in pairs):
        return lines
    return _join(lines, tabs, usual, best)


def _find_full(lines: Sequence[str], pairs: Sequence[int], measure: Callable[[str], int]) -> set[int]:
    """The lines among the pairs and between them that are as wide as the widest."""
    widths = [measure(line) for line in lines[pairs[0] - 1 : pairs[-1] + 1]]
    first, page = pairs[0] - 1, max(widths)
    return {first + number for number, width in enumerate(widths) if width >= page - 1}


def _may_go_on(row: str, rest: str) -> bool:
    """Whether what stands below a row may be its rest, and is no row with a label and numbers of its own."""
    cells = list(filter(None, map(str.strip, rest.split("\t"))))
    if not cells or all(map(str.isdecimal, cells)) or not any(map(str.isdecimal, cells)):
        return bool(cells)
    before = list(filter(None, map(str.strip, row.split("\t"))))
    return len(before) <= _MOST_LABELS and not any(map(str.isdecimal, before))


def _ends_number(lines: Sequence[str], at: int) -> bool:
    """Whether a line is the rest of the last number of the row above it."""
    return lines[at].isdecimal() and _adds_up(lines[at - 1] + lines[at])


def _adds_up(row: str) -> bool:
    """Whether the last number of a row is the sum of the others."""
    numbers = [int(cell) for cell in row.split("\t") if cell.isdecimal()]
    return len(numbers) > 3 and sum(numbers[:-1]) == numbers[-1] > 0


def _join(lines: Sequence[str], tabs: Sequence[int], usual: int, full: set[int]) -> list[str]:
    """The lines, those as wide as the page joined with those below that complete a row."""
    joined: list[str] = []
    at = 0
    while at < len(lines):
        end, count = at + 1, tabs[at]
        last = min(len(lines), at + _MOST_LINES)
        while (
            count < usual
            and end < last
            and end - 1 in full
            and _may_go_on("".join(lines[at:end]), lines[end])
        ):
            count += tabs[end]
            end += 1
        if (
            count == usual
            and end < last
            and lines[end].isdecimal()
            and _adds_up("".join(lines[at : end + 1]))
        ):
            end += 1
        whole = count == usual and any(tabs[at:end])
        joined += ["".join(lines[at:end])] if whole else lines[at:end]
        at = end
    return joined


def _columns(text: str) -> int:
    """The columns that a text takes up on a terminal, a tab being one: letters of three bytes take two."""
    return len(text) + (len(text.encode()) - len(text)) // 2
