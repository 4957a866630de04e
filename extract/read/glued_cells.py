"""Cells of a text table that ran together where a tab became a blank: "5 12" where other rows have two.

A number broken by blanks ("1 2" for 12) looks the same; the row tells them apart, which lacks cells in the
one case and has all of them in the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extract.patterns import late

# By itself: a blank behind it parts no labels, as in （一） 予以公开.
_ENUMERATOR = late(r"[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．]")
_FEWEST = 3  # numbers of a row that says how many a row has
_FEWEST_ROWS = 3
_PLAIN = str.maketrans("", "", ",，.．-件条项次个万元")


def part_glued_cells(rows: list[list[str]]) -> list[list[str]]:
    """The rows, cells parted where that gives a row that lacks cells as many numbers as the others have.

    Labels are parted where each blank must part two for the row to have as many cells as the others.
    """
    blank = [number for number, row in enumerate(rows) if " " in "".join(row)]
    most = max(map(len, rows), default=0)
    if not any(len(rows[number]) < most for number in blank):
        return rows
    glued = {number for number in blank if any(map(_is_glued, rows[number]))}
    clean = [row for number, row in enumerate(rows) if number not in glued]
    counted = [(len(row), count) for row in clean if (count := sum(map(_is_number, row))) >= _FEWEST]
    known = len(counted) >= _FEWEST_ROWS
    if known:
        width, count = Counter(counted).most_common(1)[0][0]
    else:  # one row of numbers under its header
        width, count = max(map(len, clean), default=0), 0
    parted = list(rows)
    for number in blank:
        row = rows[number]
        cells = [part for cell in row for part in (_part(cell) if _is_glued(cell) else [cell])]
        full = sum(map(_is_number, cells)) == count if known else len(cells) == width
        if number not in glued:
            cells = [part for cell in row for part in cell.split(" ")]
            full = known and len(cells) == width and not any(map(_ENUMERATOR.fullmatch, cells))
        if full and len(row) < width:
            parted[number] = cells
    return parted


def _is_glued(cell: str) -> bool:
    """Whether a number stands behind a blank at the end of a cell."""
    return " " in cell and cell[-1].isdecimal() and _is_number(cell.rpartition(" ")[2])


def _is_number(cell: str) -> bool:
    if cell.isdecimal() or "\u2e80" <= cell[:1] <= "\u9fff":  # most cells, and cheaply
        return cell.isdecimal()
    return cell.translate(_PLAIN).strip().isdecimal()


def _part(cell: str) -> list[str]:
    """The numbers at the end of a cell, and before them what else it holds."""
    words: Sequence[str] = cell.split(" ")
    first = len(words)
    while first and _is_number(words[first - 1]):
        first -= 1
    label = " ".join(words[:first]).strip()
    return [label] * bool(label) + list(words[first:])
