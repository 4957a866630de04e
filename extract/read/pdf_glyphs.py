"""The box of each character of a PDF page, as high as its type, and whether the character stands aslant.

PDFium gives the loose box of a character: as high as the type is, so that a line's characters stand side by
side. Fonts drawn in the file itself (Type 3, as browsers print) state no height, and their characters come in
boxes as small as their ink: 一 would lie between two lines. There the size of the type tells the height.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple

from extract.read import pdf_calls as calls

Box = tuple[float, float, float, float]
Glyph = tuple[int, int, float, float, float, float]  # place in the page's content, code point, box, y upwards
_DEPTH = 0.12  # of the size that a type reaches below its base line; above it the rest
_SQUEEZED = 0.95  # of the size under which a box is that of the ink alone
_FIRST_WIDE = 0x2E80  # from here on characters are as wide as they are high
_LAST_WIDE = 0xFFEF
_SLANT = math.radians(8)  # off the level or the upright; paper goes into a scanner less askew
_HYPHEN = 0xFFFE  # what PDFium gives for a hyphen at a line's end


class _Type(NamedTuple):
    """How a type of one size is set: `corners` of the square of a character, each a sum from its origin."""

    slanted: bool
    level: bool
    corners: tuple[tuple[float, float], ...]


class GlyphReader:
    """Reads the boxes of one text page; the type is asked for only where a box differs from those before.

    A character that comes again in the same size is stretched as far as before. `slanted` are those, by
    order, that stand aslant.
    """

    def __init__(self, textpage: Any) -> None:
        self._textpage = calls.find_address(textpage)
        self.slanted: set[int] = set()
        floats, doubles = (ctypes.c_float * 6)(), (ctypes.c_double * 2)()  # where PDFium puts its answers
        self._floats, self._doubles = (
            memoryview(floats).cast("B").cast("f"),
            memoryview(doubles).cast("B").cast("d"),
        )
        self._place, self._origin = ctypes.addressof(floats), ctypes.addressof(doubles)
        self._sound, self._slack = 0.0, -1.0  # a height that is known to be that of the type; none is as yet
        self._reaches: dict[tuple[int, float], Box] = {}  # by character and height (in 1/1000)
        self._types: dict[tuple[float, ...], _Type] = {}  # by matrix and size

    def read(self, count: int) -> list[Glyph]:
        """The first `count` characters; what has no box (a blank that PDFium adds) is left out."""
        textpage, get_box, place = self._textpage, calls.get_loose_box, self._place
        rect, reaches = self._floats[:4], self._reaches
        codes = list(map(calls.get_code, repeat(textpage, count), range(count)))
        if [code for code in codes if 0xD800 <= code < 0xE000 or code > 0x10FFFF]:
            codes = _join_surrogates(codes)
        found: list[Glyph] = []
        for order, code in enumerate(codes):
            if code < 32 or not get_box(textpage, order, place):
                continue
            left, top, right, bottom = rect
            if right <= left or top <= bottom:
                continue
            high = top - bottom
            if not abs(high - self._sound) <= self._slack:
                key = code, (1000 * high + 0.5) // 1
                reach = reaches.get(key)
                if reach is not None:
                    x0, y0, x1, y1 = reach
                    left, bottom, right, top = left + x0, bottom + y0, right + x1, top + y1
                else:
                    x0, y0, x1, y1 = self._measure(order, code, (left, bottom, right, top))
                    if order not in self.slanted:
                        reaches[key] = x0 - left, y0 - bottom, x1 - right, y1 - top
                    left, bottom, right, top = x0, y0, x1, y1
            found.append((order, 0x2D if code == _HYPHEN else code, left, bottom, right, top))
        return found

    def _measure(self, order: int, code: int, box: Box) -> Box:
        """A box set against the size and direction of its type."""
        kind = self._find_type(order)
        if kind is None:
            return box
        if kind.slanted:
            self.slanted.add(order)
            return box
        if not calls.get_origin(self._textpage, order, self._origin, self._origin + 8):
            return box
        x, y = self._doubles
        full = _place_square(kind.corners, x, y)
        high, own = (
            (full[3] - full[1], box[3] - box[1]) if kind.level else (full[2] - full[0], box[2] - box[0])
        )
        if own >= _SQUEEZED * high:
            self._sound, self._slack = (own, 0.01 * own) if kind.level else (0.0, -1.0)
            return box
        return _stretch(box, full, level=kind.level, wide=_FIRST_WIDE <= code <= _LAST_WIDE)

    def _find_type(self, order: int) -> _Type | None:
        """The type of a character; None where PDFium does not know it."""
        known = calls.get_matrix(self._textpage, order, self._place)
        size = calls.get_size(self._textpage, order)
        if not known or size <= 0:
            return None
        a, b, c, d, _, _ = self._floats
        kind = self._types.get((a, b, c, d, size))
        if kind is None:
            kind = self._types[a, b, c, d, size] = _describe_type(a, b, c, d, size)
        return kind


def _join_surrogates(codes: Sequence[int]) -> list[int]:
    """Code points, the two halves of one as the second; 0 in place of what is none."""
    joined, lead = [], 0
    for code in codes:
        if 0xD800 <= code < 0xDC00:
            lead, code = code, 0
        elif 0xDC00 <= code < 0xE000 and lead:
            lead, code = 0, 0x10000 + ((lead - 0xD800) << 10) + (code - 0xDC00)
        elif code >= 0xDC00 and (code < 0xE000 or code > 0x10FFFF):
            code = 0
        elif code >= 32:
            lead = 0
        joined.append(code)
    return joined


def _is_slanted(a: float, b: float) -> bool:
    """Whether text whose matrix begins with `a`, `b` runs neither level nor upright."""
    return a != 0 != b and abs(math.remainder(math.atan2(b, a), math.pi / 2)) > _SLANT


def _describe_type(a: float, b: float, c: float, d: float, size: float) -> _Type:
    slanted, level = _is_slanted(a, b), abs(a) >= abs(b)
    a, b, c, d = a * size, b * size, c * size, d * size
    deep, high = -_DEPTH, 1 - _DEPTH
    corners = (
        (min(0.0, a), min(c * deep, c * high)),
        (min(0.0, b), min(d * deep, d * high)),
        (max(0.0, a), max(c * deep, c * high)),
        (max(0.0, b), max(d * deep, d * high)),
    )
    return _Type(slanted, level, corners)


def _place_square(corners: Sequence[tuple[float, float]], x: float, y: float) -> Box:
    """The square that a character has from its origin."""
    (a, b), (c, d), (e, f), (g, h) = corners
    return x + a + b, y + c + d, x + e + f, y + g + h


def _stretch(box: Box, full: Box, *, level: bool, wide: bool) -> Box:
    """A box of ink as high as its type, and as wide where the character fills the square."""
    across = (min(box[0], full[0]), max(box[2], full[2])) if wide or not level else (box[0], box[2])
    along = (min(box[1], full[1]), max(box[3], full[3])) if wide or level else (box[1], box[3])
    return across[0], along[0], across[1], along[1]
