"""A page of fixed layout (PDF, OFD): its characters, its ruling lines and its pictures, upright.

All measures are points (1/72 inch), x to the right and y down from the top left corner of the page as it is
read: a page whose text stands on its side is turned first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import repeat
from typing import NamedTuple

THIN = 3.0  # a filled shape up to this width is a line
MAX_CHARACTERS = 40_000  # of one page; a full page of six-point type has some 12,000
MAX_PAGES = 300  # of a file; a province's report has some twenty
MAX_TEXT = 600_000  # characters of all its pages
DEPTH = 0.12  # of the size that a type reaches below its base line; above it the rest
_SLANT = math.radians(8)  # off the level or the upright; paper goes into a scanner less askew
_STRAIGHT = 1.0  # a line may rise so much over its length

Edge = tuple[float, float, float, float]  # a box: x0, y0, x1, y1; of a line, as thin as it is
Glyph = tuple[int, int, float, float, float, float]  # place in the page's content, code point, box, y upwards


class Char(NamedTuple):
    """A character and its box; `order` is its place in the content of the page."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    order: int


class Rule(NamedTuple):
    """A ruling line at `at` (y of a level one, x of an upright one) from `start` to `end`."""

    at: float
    start: float
    end: float


class Page(NamedTuple):
    """What stands on a page; `level` and `upright` are ruling lines, `pictures` boxes (x0, y0, x1, y1)."""

    width: float
    height: float
    chars: list[Char]
    level: list[Rule]
    upright: list[Rule]
    pictures: list[Edge]
    unmapped: int  # characters that the font does not name
    hidden: bool  # the text is there to be searched and not seen, over the picture of a scan


class Turn:
    """Turns boxes of the page's own space, y upwards, into those of the page as it is read, y downwards."""

    def __init__(self, quarter: int, left: float, bottom: float, right: float, top: float) -> None:
        self.quarter, self.left, self.bottom, self.right, self.top = quarter, left, bottom, right, top

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Edge:
        if self.quarter == 0:
            return (x0 - self.left, self.top - y1, x1 - self.left, self.top - y0)
        if self.quarter == 1:  # text runs upwards
            return (y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left)
        if self.quarter == 2:
            return (self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom)
        return (self.top - y1, self.right - x1, self.top - y0, self.right - x0)

    def set_upright(self, glyphs: Sequence[Glyph]) -> list[Char]:
        """The characters of the page as it is read."""
        left, top = self.left, self.top
        if self.quarter:
            parts = [(*self.box(*box), chr(code), order) for order, code, *box in glyphs]
        else:
            parts = [
                (x0 - left, top - y1, x1 - left, top - y0, chr(code), order)
                for order, code, x0, y0, x1, y1 in glyphs
            ]
        return list(map(tuple.__new__, repeat(Char), parts))  # half the cost of calling Char


def is_slanted(a: float, b: float) -> bool:
    """Whether text whose matrix begins with `a`, `b` runs neither level nor upright."""
    return a != 0 != b and abs(math.remainder(math.atan2(b, a), math.pi / 2)) > _SLANT


def drop_cut_off(chars: list[Char], width: float, height: float) -> list[Char]:
    """Without what stands beyond the edge of the page, unless that is much: then the box says nothing.

    A table wider than the paper runs out of it, printers' marks stand outside; either would widen the text.
    """
    shown = [
        char for char in chars if 0 < char[0] + char[2] < 2 * width and 0 < char[1] + char[3] < 2 * height
    ]
    return shown if 10 * (len(chars) - len(shown)) < len(chars) else chars


def drop_doubles(chars: list[Char]) -> list[Char]:
    """Without the second print of a character that is set twice, a hair apart, to look bold."""
    seen: dict[tuple[str, int], list[float]] = {}  # by text and height: where the last ones begin
    kept = []
    for char in chars:
        place, y0, _, y1, text, _ = char
        key = text, round(y0)
        near = seen.get(key)
        if near is None:
            seen[key] = [place]
            kept.append(char)
            continue
        reach = 0.2 * (y1 - y0) if text != " " else 0.0
        for other in near[-8:]:
            if abs(other - place) < reach:
                break
        else:
            near.append(place)
            kept.append(char)
    return kept


def split_rules(edges: Sequence[Edge]) -> tuple[list[Rule], list[Rule]]:
    """Level and upright lines; slanted edges and dots are neither."""
    level, upright = [], []
    for x0, y0, x1, y1 in edges:
        wide, high = x1 - x0, y1 - y0
        if not math.isfinite(x0 + x1 + y0 + y1):
            continue
        if wide > high:
            if high <= (THIN if wide > 2 * high else _STRAIGHT):
                level.append(Rule((y0 + y1) / 2, x0, x1))
        elif high > wide and wide <= (THIN if high > 2 * wide else _STRAIGHT):
            upright.append(Rule((x0 + x1) / 2, y0, y1))
    return level, upright
