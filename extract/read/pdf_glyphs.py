"""The box of each character of a PDF page, as high as its type, and whether the character stands aslant.

PDFium gives the loose box of a character: as high as the type is, so that a line's characters stand side by
side. Fonts drawn in the file itself (Type 3, as browsers print) state no height, and their characters come in
boxes as small as their ink: 一 would lie between two lines. There the size of the type tells the height.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from itertools import repeat
from typing import Any

from extract.read import pdf_calls as calls
from extract.read.fixed_page import DEPTH, Glyph, is_slanted

Box = tuple[float, float, float, float]
_SQUEEZED = 0.95  # of the size under which a box is that of the ink alone
_FIRST_WIDE = 0x2E80  # from here on characters are as wide as they are high
_LAST_WIDE = 0xFFEF
_HYPHEN = 0xFFFE  # what PDFium gives for a hyphen at a line's end


# Whether it is aslant and level, and the sides of a character's square from its origin, in two parts.
_Type = tuple[bool, bool, Box, Box]


class GlyphReader:
    """Reads the boxes of one text page; the type is asked for only where a box differs from those before.

    A character that comes again in the same size is stretched as far as before. `slanted` are those, by
    order, that stand aslant.
    """

    def __init__(self, textpage: Any) -> None:
        self._textpage = calls.find_address(textpage)
        self.slanted: set[int] = set()
        floats, doubles = (ctypes.c_float * 6)(), (ctypes.c_double * 2)()  # where PDFium puts its answers
        self._floats = memoryview(floats).cast("B").cast("f")
        self._doubles = memoryview(doubles).cast("B").cast("d")
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
        textpage, place, origin = self._textpage, self._place, self._origin
        known = calls.get_matrix(textpage, order, place)
        a, b, c, d, _, _ = self._floats
        size = calls.get_size(textpage, order)
        if not known or size <= 0:
            return box
        kind = self._types.get((a, b, c, d, size))
        if kind is None:
            kind = self._types[a, b, c, d, size] = _describe_type(a, b, c, d, size)
        slanted, level, (left, bottom, right, top), (more_left, more_bottom, more_right, more_top) = kind
        if slanted:
            self.slanted.add(order)
            return box
        if not calls.get_origin(textpage, order, origin, origin + 8):
            return box
        x, y = self._doubles
        full = x + left + more_left, y + bottom + more_bottom, x + right + more_right, y + top + more_top
        high, own = (full[3] - full[1], box[3] - box[1]) if level else (full[2] - full[0], box[2] - box[0])
        if own >= _SQUEEZED * high:
            self._sound, self._slack = (own, 0.01 * own) if level else (0.0, -1.0)
            return box
        return _stretch(box, full, level=level, wide=_FIRST_WIDE <= code <= _LAST_WIDE)


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


def _describe_type(a: float, b: float, c: float, d: float, size: float) -> _Type:
    """How text of this matrix and size is set."""
    slanted, level = is_slanted(a, b), abs(a) >= abs(b)
    a, b, c, d = a * size, b * size, c * size, d * size
    deep, high = -DEPTH, 1 - DEPTH
    across = min(0.0, a), min(0.0, b), max(0.0, a), max(0.0, b)
    along = min(c * deep, c * high), min(d * deep, d * high), max(c * deep, c * high), max(d * deep, d * high)
    return slanted, level, across, along


def _stretch(box: Box, full: Box, *, level: bool, wide: bool) -> Box:
    """A box of ink as high as its type, and as wide where the character fills the square."""
    x0, y0, x1, y1 = box
    left, bottom, right, top = full
    if wide or not level:
        x0, x1 = left if left < x0 else x0, right if right > x1 else x1
    if wide or level:
        y0, y1 = bottom if bottom < y0 else y0, top if top > y1 else y1
    return x0, y0, x1, y1
