"""A web page saved as one long picture to pictures of the shape of a page.

It is cut between lines of text, between the rows of a table only where that is longer than a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

LONG = 1.8  # heights in widths from which a picture is no page: A4 has 1.41, the longest paper in use 1.65
_PAGE = 1.45  # heights in widths of a piece at most
_LEAST = 0.5  # heights in widths of a piece at least
_INK = 128  # grey below which a pixel is ink
_BLANK = 0.001  # share of a row's pixels that may be ink where the row is blank
_RULE = 0.5  # share from which a row of pixels is a ruling line
_APART = 0.006  # of the width: a band of blank rows as high parts two lines of text


def cut_long(grey: Any) -> list[tuple[int, int]]:
    """The pieces of a grey picture (height, width), end to end: their first row and the one after the last.

    One piece where the picture is no longer than a page.
    """
    high, wide = grey.shape
    if high < LONG * wide:
        return [(0, high)]
    ink = (grey < _INK).mean(axis=1)
    pieces: list[tuple[int, int]] = []
    top = 0
    while high - top > _PAGE * wide:
        cut = _find_cut(ink[top : top + round(_PAGE * wide)], wide) + top
        pieces.append((top, cut))
        top = cut
    return [*pieces, (top, high)]


def _find_cut(ink: Any, wide: int) -> int:
    """Where to cut a stretch: in its last blank band, else below its last ruling line, else at its end."""
    least = round(_LEAST * wide)
    bands = [band for band in _find_bands(ink) if band[0] > least and band[1] - band[0] >= _APART * wide]
    if bands:
        return sum(bands[-1]) // 2
    rules = [row for row in range(least, len(ink)) if ink[row] >= _RULE]
    return rules[-1] + 1 if rules else len(ink)


def _find_bands(ink: Any) -> Iterator[tuple[int, int]]:
    """The runs of blank rows: their first row and the one after the last."""
    start = None
    for row, share in enumerate(ink):
        if share <= _BLANK:
            start = row if start is None else start
        elif start is not None:
            yield start, row
            start = None
    if start is not None:
        yield start, len(ink)
