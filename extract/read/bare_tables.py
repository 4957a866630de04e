"""Rows of tables without ruling lines: a label broken over lines is put together before its numbers.

The numbers of such a row stand beside the middle of its label, so that line by line one reads part of the
label, the numbers, the rest of the label. Told by place: the parts of a label lie as far above the numbers as
below them, one close under another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from extract.read.pdf_lines import PdfLine

_NUMBER = re.compile(r"[-+−－]?[\d０-９][\d０-９,，.．]*(?:万元|元|件|条)?|[/／—－-]")
_FEWEST = 3  # rows that make a table
_BETWEEN = 14  # lines that may stand between two rows of numbers: headers, captions, labels
_AROUND = 4  # lines above the first row and below the last that may be parts of their labels
_GAP = 0.9  # of a line's height between two words


class Word(NamedTuple):
    """Letters of a line with no wide gap between; `line` is the number of the line."""

    x0: float
    x1: float
    y: float
    text: str
    line: int


def join_row_labels(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """The lines with the parts of broken labels moved into the rows that they belong to."""
    words = [split_words(line, number) for number, line in enumerate(lines)]
    rows = [number for number, found in enumerate(words) if _is_row(found)]
    moved: dict[int, list[PdfLine]] = {}
    gone: set[int] = set()
    for zone in _find_zones(rows):
        _join_zone(lines, words, zone, moved, gone)
    joined = []
    for number, line in enumerate(lines):
        if number in moved:
            joined.append(_merge(moved[number], line))
        elif number not in gone:
            joined.append(line)
    return joined


def split_words(line: PdfLine, number: int = 0) -> list[Word]:
    """The words of a line, parted at wide gaps."""
    groups: list[list[int]] = []
    last = 0.0
    inked = [place for place, char in enumerate(line.chars) if not char.text.isspace()]
    for place in inked:
        char = line.chars[place]
        if groups and char.x0 - last <= _GAP * line.size:
            groups[-1].append(place)
        else:
            groups.append([place])
        last = char.x1
    middle = (line.y0 + line.y1) / 2
    return [
        Word(
            line.chars[group[0]].x0,
            line.chars[group[-1]].x1,
            middle,
            "".join(line.chars[place].text for place in group),
            number,
        )
        for group in groups
    ]


def _is_row(words: Sequence[Word]) -> bool:
    """Whether a line holds a row's numbers, three at least, with or without its label."""
    numbers = sum(_NUMBER.fullmatch(word.text) is not None for word in words)
    return numbers >= 3 and len(words) - numbers <= 3


def _find_zones(rows: Sequence[int]) -> list[list[int]]:
    """Rows of numbers that belong to one table."""
    zones: list[list[int]] = []
    for row in rows:
        if zones and row - zones[-1][-1] <= _BETWEEN:
            zones[-1].append(row)
        else:
            zones.append([row])
    return [zone for zone in zones if len(zone) >= _FEWEST]


def _join_zone(
    lines: Sequence[PdfLine],
    words: Sequence[Sequence[Word]],
    zone: Sequence[int],
    moved: dict[int, list[PdfLine]],
    gone: set[int],
) -> None:
    """Finds the parts of each row's label among the lines round it that hold one word left of the numbers."""
    first = max(0, zone[0] - _AROUND)
    near = range(first, min(len(lines), zone[-1] + _AROUND + 1))
    rows = set(zone)
    free = [number for number in near if number not in rows and len(words[number]) == 1]
    pitch = _find_pitch(
        [words[number][0] for number in free],
        [words[row] for row in zone],
        median(lines[row].size for row in zone),
    )
    for row in zone:
        parts = _find_parts(row, words, free, pitch)
        if parts:
            moved[row] = [lines[number] for number in parts]
            gone.update(parts)
            free = [number for number in free if number not in parts]


def _first_value(words: Sequence[Word]) -> float:
    return min(word.x0 for word in words if _NUMBER.fullmatch(word.text))


def _find_pitch(free: Sequence[Word], rows: Sequence[Sequence[Word]], size: float) -> float:
    """The usual distance from line to line inside a label: the least that comes more than once."""
    labels = [row[0] for row in rows if not _NUMBER.fullmatch(row[0].text)]
    placed = sorted([*free, *labels], key=lambda word: word.y)
    steps = Counter(
        round(2 * (below.y - above.y)) / 2
        for above, below in pairwise(placed)
        if _share_column(above, below) and below.y - above.y > 0.9 * size
    )
    often = [step for step, count in steps.items() if count > 1]
    return min(often, default=0.0)


def _find_parts(row: int, words: Sequence[Sequence[Word]], free: Sequence[int], pitch: float) -> list[int]:
    """The lines that hold the rest of a row's label, from top to bottom."""
    if not pitch:
        return []
    middle, values = words[row][0].y, _first_value(words[row])
    free = [number for number in free if words[number][0].x1 <= values + 2]
    labels = [word for word in words[row] if not _NUMBER.fullmatch(word.text)]
    above = sorted((n for n in free if words[n][0].y < middle), key=lambda n: -words[n][0].y)
    below = sorted((n for n in free if words[n][0].y > middle), key=lambda n: words[n][0].y)
    column = labels[-1] if labels else None
    reach = 0.0 if column else -0.5 * pitch
    parts: list[int] = []
    while True:
        reach += pitch
        pair = [_at(side, words, middle, reach, column, 0.2 * pitch) for side in (above, below)]
        if pair[0] is None or pair[1] is None:
            return sorted(parts)
        column = column or words[pair[0]][0]
        parts += [pair[0], pair[1]]


def _at(
    side: Sequence[int],
    words: Sequence[Sequence[Word]],
    middle: float,
    reach: float,
    column: Word | None,
    slack: float,
) -> int | None:
    """The line `reach` away from the middle of the row, in the label's column."""
    for number in side:
        word = words[number][0]
        if abs(abs(word.y - middle) - reach) <= slack and (column is None or _share_column(column, word)):
            return number
    return None


def _share_column(one: Word, other: Word) -> bool:
    shared = min(one.x1, other.x1) - max(one.x0, other.x0)
    return shared > 0.5 * min(one.x1 - one.x0, other.x1 - other.x0)


def _merge(parts: Sequence[PdfLine], row: PdfLine) -> PdfLine:
    """A row with the parts of its label before and after the label's middle part."""
    words = split_words(row)
    label = next((n for n, word in enumerate(words) if _NUMBER.fullmatch(word.text)), len(words))
    above = "".join(part.text for part in parts if part.y0 < row.y0)
    below = "".join(part.text for part in parts if part.y0 >= row.y0)
    before = [word.text for word in words[: max(0, label - 1)]]
    own = words[label - 1].text if label else ""
    numbers = [word.text for word in words[label:]]
    text = " ".join([*before, above + own + below, *numbers])
    return row._replace(text=text)


def is_tabular(line: PdfLine) -> bool:
    """Whether wide gaps part the words of a line, so that it is no running text."""
    return len(split_words(line)) > 1
