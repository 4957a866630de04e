"""A PDF page as PDFium reads it: its characters, its ruling lines and its pictures, upright.

All measures are points (1/72 inch), x to the right and y down from the top left corner of the page as it is
read: a page whose text stands on its side is turned first. PDFium is not thread-safe.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdfium

from extract.read import pdf_calls as calls
from extract.read.fixed_page import (
    MAX_CHARACTERS,
    Edge,
    Glyph,
    Page,
    Turn,
    drop_cut_off,
    drop_doubles,
    split_rules,
)
from extract.read.pdf_glyphs import GlyphReader
from extract.read.pdf_shapes import ShapeReader

_SAMPLE = 48  # characters whose angle is asked for


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
    turn = Turn(quarter, left, bottom, right, top)
    shapes = ShapeReader()
    shapes.read(page)
    level, upright = split_rules([turn.box(*edge) for edge in shapes.edges])
    width, height = (top - bottom, right - left) if quarter % 2 else (right - left, top - bottom)
    pictures = [turn.box(*box) for box in shapes.pictures]
    chars = drop_doubles(drop_cut_off(turn.set_upright(glyphs), width, height))
    return Page(width, height, chars, level, upright, pictures, unmapped, hidden)


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
