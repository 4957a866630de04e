"""The ink of a table's fields, cut into pictures of lines and words.

All measures are pixels of a page at `scan.DPI`; pictures are grey, (height, width), 0 black to 255 white.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from extract.read.lattice import Field, Lattice

_INK = 150  # values below are ink, once the paper is white
_MARGIN = 3  # pixels round a cell's content
_LOW = 9  # pixels that a line of text is high at least
_NARROW = 3
_SPECK = 10  # pixels of ink below which a cell is empty
_WHITE = 255
_INSET = 2  # pixels of a field that its ruling lines take on each side
_REMNANT = 4  # pixels that what is left of a ruling line is thick at most
_WORDS = 1.3  # of a line's height that words stand apart at least


class Piece(NamedTuple):
    """Words of one line of a cell: its place (pixels of the page) and its picture, set on white."""

    left: int
    right: int
    top: int
    bottom: int
    picture: Any


class Ink(NamedTuple):
    """The ink of a field, and where it begins on the page."""

    left: int
    top: int
    shown: Any


def find_ink(lattice: Lattice, field: Field, cleared: Any) -> Ink | None:
    """The ink of a field without its ruling lines; None where there is none to speak of."""
    left, right = lattice.xs[field.column], lattice.xs[field.column + field.column_span]
    top, bottom = lattice.ys[field.row], lattice.ys[field.row + field.row_span]
    x, y = max(0, round(left) + _INSET), max(0, round(top) + _INSET)
    clear = cleared[y : round(bottom) - _INSET, x : round(right) - _INSET]
    ink = _without_remnants(clear < _INK) if clear.size else clear
    return None if ink.size == 0 or ink.sum() < _SPECK else Ink(x, y, ink)


def measure_lines(inks: Sequence[Ink | None]) -> float:
    """The height that lines of the fields of a table commonly have."""
    heights = [
        end - first for ink in inks if ink for first, end in _find_runs(ink.shown.sum(axis=1), _LOW, 0)
    ]
    return statistics.median(heights) if heights else 0.0


def cut_pieces(bare: Any, found: Ink | None, usual: float) -> Iterator[Piece]:
    """What is written in a field, line by line, parted at wide gaps."""
    import numpy

    if found is None:
        return
    x, y, ink = found
    cell = bare[y : y + ink.shape[0], x : x + ink.shape[1]]
    for first, end in _find_runs(ink.sum(axis=1), _LOW, usual):
        filled = numpy.flatnonzero(ink[first:end].any(axis=0))
        if len(filled) < _NARROW or ink[first:end].sum() < _SPECK:
            continue
        for start, stop in _part_words(filled, _WORDS * (end - first)):
            cut = cell[max(0, first - _MARGIN) : end + _MARGIN, max(0, start - _MARGIN) : stop + _MARGIN]
            around = max(4, (end - first) // 5)
            shown = numpy.pad(cut, ((around, around), (2 * around, 2 * around)), constant_values=_WHITE)
            yield Piece(x + start, x + stop, y + first, y + end, shown)


def _part_words(filled: Any, gap: float) -> list[tuple[int, int]]:
    """(first, end) of the columns of a line that hold ink, parted where more than `gap` of them hold none."""
    import numpy

    breaks = numpy.flatnonzero(numpy.diff(filled) > gap)
    starts = [int(filled[0]), *(int(filled[at + 1]) for at in breaks)]
    ends = [*(int(filled[at]) + 1 for at in breaks), int(filled[-1]) + 1]
    return list(zip(starts, ends, strict=True))


def _without_remnants(ink: Any) -> Any:
    """The ink of a field without what is left of its ruling lines: thin, and at its very side."""
    import cv2
    import numpy

    count, labels, boxes, _ = cv2.connectedComponentsWithStats(ink.astype(numpy.uint8), connectivity=8)
    high, wide = ink.shape
    gone = numpy.zeros(count, bool)
    for number, (left, top, across, down, _) in enumerate(boxes.tolist()):
        at_side = left <= 1 or left + across >= wide - 1
        at_end = top <= 1 or top + down >= high - 1
        gone[number] = number > 0 and ((at_side and across <= _REMNANT) or (at_end and down <= _REMNANT))
    return ink & ~gone[labels]


def _find_runs(rows: Any, least: int, usual: float) -> list[tuple[int, int]]:
    """Where rows hold ink: (first, end) of each line, strokes of one letter (二, 三, 一) kept together.

    Lines are `usual` pixels high: what is less is a part of one.
    """
    import numpy

    filled = numpy.flatnonzero(rows)
    if not len(filled):
        return []
    breaks = numpy.flatnonzero(numpy.diff(filled) > 1)
    starts = [int(filled[0]), *(int(filled[at + 1]) for at in breaks)]
    ends = [*(int(filled[at]) + 1 for at in breaks), int(filled[-1]) + 1]
    runs = list(zip(starts, ends, strict=True))
    tallest = max(usual, *(end - start for start, end in runs))
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        small = end - start < 0.6 * tallest or (
            bool(joined) and joined[-1][1] - joined[-1][0] < 0.6 * tallest
        )
        if joined and small and end - joined[-1][0] <= 1.25 * tallest:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [(start, end) for start, end in joined if end - start >= min(least, 0.5 * tallest)]
