"""The box of each character of a PDF page, as high as its type, and whether the character stands aslant.

PDFium gives the loose box of a character: as high as the type is, so that a line's characters stand side by
side. Fonts drawn in the file itself (Type 3, as browsers print) state no height, and their characters come in
boxes as small as their ink: 一 would lie between two lines. There the size of the type tells the height.
"""

from __future__ import annotations

import ctypes
import math
from typing import Any

import pypdfium2.raw as pdfium

Box = tuple[float, float, float, float]
_DEPTH = 0.12  # of the size that a type reaches below its base line; above it the rest
_SQUEEZED = 0.95  # of the size under which a box is that of the ink alone
_FIRST_WIDE = 0x2E80  # from here on characters are as wide as they are high
_LAST_WIDE = 0xFFEF
_SLANT = math.radians(8)  # off the level or the upright; paper goes into a scanner less askew


class GlyphReader:
    """Reads the boxes of one text page; the type is asked for only where a box differs from those before.

    A character that comes again in the same size is stretched as before. `slanted` are those, by order,
    that stand aslant.
    """

    def __init__(self, textpage: Any) -> None:
        self._textpage = textpage
        self.slanted: set[int] = set()
        self._rect, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._place = ctypes.byref(self._rect)
        self._sound: Box | None = None  # a box that is known to be as high as its type
        self._reach: dict[tuple[int, float], Box] = {}  # by character and height: how far it was stretched

    def read(self, order: int, code: int) -> Box | None:
        """The box of a character, y upwards; None where it has none (a blank that PDFium adds)."""
        if not pdfium.FPDFText_GetLooseCharBox(self._textpage, order, self._place):
            return None
        box = self._rect.left, self._rect.bottom, self._rect.right, self._rect.top
        if box[2] <= box[0] or box[3] <= box[1]:
            return None
        if self._sound is not None and _is_alike(box, self._sound):
            return box
        key = code, round(box[3] - box[1], 3)
        reach = self._reach.get(key)
        if reach is not None:
            left, bottom, right, top = reach
            return box[0] + left, box[1] + bottom, box[2] + right, box[3] + top
        measured = self._measure(order, code, box)
        if order not in self.slanted:
            left, bottom, right, top = measured
            self._reach[key] = left - box[0], bottom - box[1], right - box[2], top - box[3]
        return measured

    def _measure(self, order: int, code: int, box: Box) -> Box:
        """A box set against the size and direction of its type."""
        matrix, x, y = self._matrix, ctypes.c_double(), ctypes.c_double()
        known = pdfium.FPDFText_GetMatrix(self._textpage, order, ctypes.byref(matrix))
        size = pdfium.FPDFText_GetFontSize(self._textpage, order)
        if not known or size <= 0:
            return box
        if _is_slanted(matrix.a, matrix.b):
            self.slanted.add(order)
            return box
        if not pdfium.FPDFText_GetCharOrigin(self._textpage, order, ctypes.byref(x), ctypes.byref(y)):
            return box
        full = _type_box((matrix.a, matrix.b, matrix.c, matrix.d), size, x.value, y.value)
        level = abs(matrix.a) >= abs(matrix.b)
        high, own = (full[3] - full[1], box[3] - box[1]) if level else (full[2] - full[0], box[2] - box[0])
        if own >= _SQUEEZED * high:
            self._sound = box if level else None
            return box
        wide = _FIRST_WIDE <= code <= _LAST_WIDE
        return _stretch(box, full, level=level, wide=wide)


def _is_alike(box: Box, other: Box) -> bool:
    """Whether two boxes are of one height."""
    high = other[3] - other[1]
    return abs(box[3] - box[1] - high) <= 0.01 * high


def _is_slanted(a: float, b: float) -> bool:
    """Whether text whose matrix begins with `a`, `b` runs neither level nor upright."""
    return a != 0 != b and abs(math.remainder(math.atan2(b, a), math.pi / 2)) > _SLANT


def _type_box(matrix: Box, size: float, x: float, y: float) -> Box:
    """The square that a character of that size has from its origin."""
    a, b, c, d = (side * size for side in matrix)
    deep, high = -_DEPTH, 1 - _DEPTH
    return (
        x + min(0.0, a) + min(c * deep, c * high),
        y + min(0.0, b) + min(d * deep, d * high),
        x + max(0.0, a) + max(c * deep, c * high),
        y + max(0.0, b) + max(d * deep, d * high),
    )


def _stretch(box: Box, full: Box, *, level: bool, wide: bool) -> Box:
    """A box of ink as high as its type, and as wide where the character fills the square."""
    across = (min(box[0], full[0]), max(box[2], full[2])) if wide or not level else (box[0], box[2])
    along = (min(box[1], full[1]), max(box[3], full[3])) if wide or level else (box[1], box[3])
    return across[0], along[0], across[1], along[1]
