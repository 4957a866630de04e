"""A PDF page as PDFium reads it: its characters, its ruling lines and its pictures, upright.

All measures are points (1/72 inch), x to the right and y down from the top left corner of the page as it is
read: a page whose text stands on its side is turned first. PDFium is not thread-safe.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from extract.read import pdf_calls as calls
from extract.read.pdf_glyphs import Glyph, GlyphReader
from extract.read.pdf_shapes import THIN, Edge, ShapeReader

MAX_CHARACTERS = 40_000  # of one page; a full page of six-point type has some 12,000
_STRAIGHT = 1.0  # a line may rise so much over its length
_SAMPLE = 48  # characters whose angle is asked for


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
    pictures: list[tuple[float, float, float, float]]
    unmapped: int  # characters that the font does not name
    hidden: bool  # the text is there to be searched and not seen, over the picture of a scan


def read_page(page: Any) -> Page:
    """All that a page shows; `page` is a raw PDFium page, which stays open."""
    textpage = pdfium.FPDFText_LoadPage(page)
    try:
        glyphs = _read_characters(textpage) if textpage else []
        address, sample = calls.find_address(textpage), _sample_orders(glyphs)
        quarter = _find_quarter(address, sample) if glyphs else _find_rotation(page)
        hidden, unmapped = _is_hidden(address, sample), _count_unmapped(address, sample, len(glyphs))
    finally:
        if textpage:
            pdfium.FPDFText_ClosePage(textpage)
    left, bottom, right, top = _read_box(page)
    turn = _Turn(quarter, left, bottom, right, top)
    shapes = ShapeReader()
    shapes.read(page)
    level, upright = _split_rules([turn.box(*edge) for edge in shapes.edges])
    width, height = (top - bottom, right - left) if quarter % 2 else (right - left, top - bottom)
    pictures = [turn.box(*box) for box in shapes.pictures]
    chars = _drop_doubles(_drop_cut_off(turn.set_upright(glyphs), width, height))
    return Page(width, height, chars, level, upright, pictures, unmapped, hidden)


class _Turn:
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


# ---- characters ------------------------------------------------------------------------------------------


def _read_characters(textpage: Any) -> list[Glyph]:
    """What is printed, in the order of the content; blanks that PDFium adds are left out.

    So is what stands aslant, watermarks mostly, unless it is most of the page.
    """
    reader = GlyphReader(textpage)
    found = reader.read(min(pdfium.FPDFText_CountChars(textpage), MAX_CHARACTERS))
    slanted = reader.slanted
    if not slanted or 2 * len(slanted) > len(found):
        return found
    return [glyph for glyph in found if glyph[0] not in slanted]


def _sample_orders(glyphs: Sequence[Glyph]) -> list[int]:
    return [glyph[0] for glyph in glyphs[:: max(1, len(glyphs) // _SAMPLE)] if glyph[1] != 32]


def _find_quarter(textpage: int, sample: Sequence[int]) -> int:
    """By how many quarters against the clock most of the text is turned in the page's own space."""
    turns: Counter[int] = Counter()
    for order in sample:
        angle: float = calls.get_angle(textpage, order)
        quarter = round(-angle / (math.pi / 2)) % 4  # PDFium counts with the clock
        turns[quarter] += 1
        if 2 * turns[quarter] > len(sample):
            return quarter
    return turns.most_common(1)[0][0] if turns else 0


def _find_rotation(page: Any) -> int:
    """The turn that a page without text asks for, as the quarter its text would have."""
    return int(-pdfium.FPDFPage_GetRotation(page) % 4)


def _is_hidden(textpage: int, sample: Sequence[int]) -> bool:
    """Whether most of the text is invisible."""
    unseen = seen = 0
    for order in sample:
        item = calls.get_text_object(textpage, order)
        mode = calls.get_render_mode(item) if item else 0
        if mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
            unseen += 1
        else:
            seen += 1
            if 2 * seen >= len(sample):
                return False
    return unseen > seen


def _count_unmapped(textpage: int, sample: Sequence[int], count: int) -> int:
    """How many of `count` characters the fonts do not name (about)."""
    if not sample:
        return 0
    unmapped = [order for order in sample if calls.is_unmapped(textpage, order) == 1]
    return round(len(unmapped) / len(sample) * count)


def _drop_cut_off(chars: list[Char], width: float, height: float) -> list[Char]:
    """Without what stands beyond the edge of the page, unless that is much: then the box says nothing.

    A table wider than the paper runs out of it, printers' marks stand outside; either would widen the text.
    """
    shown = [
        char for char in chars if 0 < char[0] + char[2] < 2 * width and 0 < char[1] + char[3] < 2 * height
    ]
    return shown if 10 * (len(chars) - len(shown)) < len(chars) else chars


def _drop_doubles(chars: list[Char]) -> list[Char]:
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


# ---- the page and its lines -------------------------------------------------------------------------------


def _read_box(page: Any) -> Edge:
    """The visible part of the page, in its own space."""
    sides = [ctypes.c_float() for _ in range(4)]
    for read in (pdfium.FPDFPage_GetCropBox, pdfium.FPDFPage_GetMediaBox):
        if read(page, *map(ctypes.byref, sides)):
            left, bottom, right, top = (side.value for side in sides)
            if right > left and top > bottom:
                return left, bottom, right, top
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    return (0.0, 0.0, height, width) if pdfium.FPDFPage_GetRotation(page) % 2 else (0.0, 0.0, width, height)


def _split_rules(edges: Sequence[Edge]) -> tuple[list[Rule], list[Rule]]:
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
