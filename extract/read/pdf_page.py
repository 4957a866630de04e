"""A PDF page as PDFium reads it: its characters, its ruling lines and its pictures, upright.

All measures are points (1/72 inch), x to the right and y down from the top left corner of the page as it is
read: a page whose text stands on its side is turned first. PDFium is not thread-safe.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from extract.read.pdf_glyphs import GlyphReader

MAX_CHARACTERS = 40_000  # of one page; a full page of six-point type has some 12,000
MAX_OBJECTS = 60_000  # of one page
MAX_DEPTH = 4  # forms within forms
MAX_SEGMENTS = 20_000  # of one path
THIN = 3.0  # a filled shape up to this width is a line
_STRAIGHT = 1.0  # a line may rise so much over its length
_SAMPLE = 48  # characters whose angle is asked for
_WHITE = 250  # colour values from which nothing is to be seen on paper
_HYPHEN = 0xFFFE  # what PDFium gives for a hyphen at a line's end


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


Matrix = tuple[float, float, float, float, float, float]
Edge = tuple[float, float, float, float]
_UNTURNED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_page(page: Any) -> Page:
    """All that a page shows; `page` is a raw PDFium page, which stays open."""
    textpage = pdfium.FPDFText_LoadPage(page)
    try:
        raw = _read_characters(textpage) if textpage else []
        quarter = _find_quarter(textpage, raw) if raw else _find_rotation(page)
        hidden, unmapped = _sample_text(textpage, raw) if raw else (False, 0)
    finally:
        if textpage:
            pdfium.FPDFText_ClosePage(textpage)
    left, bottom, right, top = _read_box(page)
    turn = _Turn(quarter, left, bottom, right, top)
    shapes = _Shapes([], [])
    _collect(page, pdfium.FPDFPage_CountObjects(page), pdfium.FPDFPage_GetObject, shapes, _UNTURNED, 0)
    level, upright = _split_rules([turn.box(*edge) for edge in shapes.edges])
    width, height = (top - bottom, right - left) if quarter % 2 else (right - left, top - bottom)
    chars = [Char(*turn.box(*box), chr(code), order) for order, (code, box) in raw]
    pictures = [turn.box(*box) for box in shapes.pictures]
    return Page(width, height, _drop_doubles(chars), level, upright, pictures, unmapped, hidden)


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


# ---- characters ------------------------------------------------------------------------------------------


def _read_characters(textpage: Any) -> list[tuple[int, tuple[int, Edge]]]:
    """(order, (code point, box)) of what is printed; blanks that PDFium adds have no box and are left out.

    So is what stands aslant, watermarks mostly, unless it is most of the page.
    """
    reader = GlyphReader(textpage)
    found = list(_read_glyphs(textpage, reader))
    slanted = reader.slanted
    if not slanted or 2 * len(slanted) > len(found):
        return found
    return [one for one in found if one[0] not in slanted]


def _read_glyphs(textpage: Any, reader: GlyphReader) -> Iterator[tuple[int, tuple[int, Edge]]]:
    """(order, (code point, box)) of all that has a box."""
    lead = 0
    for order in range(min(pdfium.FPDFText_CountChars(textpage), MAX_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(textpage, order)
        if code < 32 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            if 0xD800 <= code < 0xDC00:
                lead = code
                continue
            if not (lead and 0xDC00 <= code < 0xE000):
                continue
            code = 0x10000 + ((lead - 0xD800) << 10) + (code - 0xDC00)
        lead = 0
        box = reader.read(order, code)
        if box is not None:
            yield order, (0x2D if code == _HYPHEN else code, box)


def _sample_orders(raw: list[tuple[int, tuple[int, Edge]]]) -> list[int]:
    return [order for order, (code, _) in raw[:: max(1, len(raw) // _SAMPLE)] if code != 32]


def _find_quarter(textpage: Any, raw: list[tuple[int, tuple[int, Edge]]]) -> int:
    """By how many quarters against the clock most of the text is turned in the page's own space."""
    turns: Counter[int] = Counter()
    for order in _sample_orders(raw):
        angle = pdfium.FPDFText_GetCharAngle(textpage, order)
        turns[round(-angle / (math.pi / 2)) % 4] += 1  # PDFium counts with the clock
    return turns.most_common(1)[0][0] if turns else 0


def _find_rotation(page: Any) -> int:
    """The turn that a page without text asks for, as the quarter its text would have."""
    return int(-pdfium.FPDFPage_GetRotation(page) % 4)


def _sample_text(textpage: Any, raw: list[tuple[int, tuple[int, Edge]]]) -> tuple[bool, int]:
    """Whether most of the text is invisible, and how many characters in all the fonts do not name (about)."""
    orders = _sample_orders(raw)
    unseen = unmapped = 0
    for order in orders:
        item = pdfium.FPDFText_GetTextObject(textpage, order)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(item) if item else 0
        unseen += mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        unmapped += pdfium.FPDFText_HasUnicodeMapError(textpage, order) == 1
    share = unmapped / len(orders) if orders else 0.0
    return bool(orders) and unseen * 2 > len(orders), round(share * len(raw))


def _drop_doubles(chars: list[Char]) -> list[Char]:
    """Without the second print of a character that is set twice, a hair apart, to look bold."""
    seen: dict[tuple[str, int], list[float]] = {}  # by text and height: where the last ones begin
    kept = []
    for char in chars:
        place, text = char.x0, char.text
        near = seen.setdefault((text, round(char.y0)), [])
        if near and text != " ":
            reach = 0.2 * (char.y1 - char.y0)
            if min([abs(other - place) for other in near[-8:]]) < reach:
                continue
        near.append(place)
        kept.append(char)
    return kept


# ---- lines and pictures ----------------------------------------------------------------------------------


class _Shapes(NamedTuple):
    """Straight edges and pictures in the page's own space, as boxes (x0, y0, x1, y1)."""

    edges: list[Edge]
    pictures: list[Edge]


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


def _collect(holder: Any, count: int, get: Any, shapes: _Shapes, matrix: Matrix, depth: int) -> None:
    """The edges and pictures of a page or form, those of forms in it included."""
    for index in range(min(count, MAX_OBJECTS - len(shapes.edges))):
        item = get(holder, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            shapes.edges.extend(_read_path(item, matrix))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = _move_box(matrix, _read_bounds(item))
            thin = min(box[2] - box[0], box[3] - box[1]) <= THIN
            (shapes.edges if thin else shapes.pictures).append(box)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            inner = _multiply(_read_matrix(item), matrix)
            _collect(
                item,
                pdfium.FPDFFormObj_CountObjects(item),
                pdfium.FPDFFormObj_GetObject,
                shapes,
                inner,
                depth + 1,
            )


def _read_path(item: Any, outer: Matrix) -> Iterator[Edge]:
    """The straight edges that a path draws: its strokes, and filled shapes as thin as lines."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke)):
        return
    if stroke.value:
        if _is_white(item, pdfium.FPDFPageObj_GetStrokeColor):
            return
        yield from _read_segments(item, _multiply(_read_matrix(item), outer))
    elif fill.value and not _is_white(item, pdfium.FPDFPageObj_GetFillColor):
        count = pdfium.FPDFPath_CountSegments(item)
        if count <= 6:
            box = _move_box(outer, _read_bounds(item))
            if min(box[2] - box[0], box[3] - box[1]) <= THIN:
                yield box
        else:  # several bars in one path
            yield from _read_bars(item, _multiply(_read_matrix(item), outer))


def _read_points(item: Any, matrix: Matrix) -> Iterator[tuple[int, float, float, bool]]:
    """(kind of segment, x, y, whether it closes its figure) in order."""
    x, y = ctypes.c_float(), ctypes.c_float()
    a, b, c, d, e, f = matrix
    for index in range(min(pdfium.FPDFPath_CountSegments(item), MAX_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        kind = pdfium.FPDFPathSegment_GetType(segment)
        closes = bool(pdfium.FPDFPathSegment_GetClose(segment))
        yield kind, a * x.value + c * y.value + e, b * x.value + d * y.value + f, closes


def _read_segments(item: Any, matrix: Matrix) -> Iterator[Edge]:
    """The straight strokes of a path."""
    start = last = (0.0, 0.0)
    for kind, x, y, closes in _read_points(item, matrix):
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = last = (x, y)
            continue
        if kind == pdfium.FPDF_SEGMENT_LINETO:
            yield (min(last[0], x), min(last[1], y), max(last[0], x), max(last[1], y))
        last = (x, y)
        if closes:
            yield (min(x, start[0]), min(y, start[1]), max(x, start[0]), max(y, start[1]))


def _read_bars(item: Any, matrix: Matrix) -> Iterator[Edge]:
    """The thin figures of a filled path, each as a line."""
    figure: list[tuple[float, float]] = []
    for kind, x, y, _ in _read_points(item, matrix):
        if kind == pdfium.FPDF_SEGMENT_MOVETO and figure:
            yield from _read_bar(figure)
            figure = []
        figure.append((x, y))
    yield from _read_bar(figure)


def _read_bar(figure: list[tuple[float, float]]) -> Iterator[Edge]:
    xs, ys = [x for x, _ in figure], [y for _, y in figure]
    box = (min(xs, default=0.0), min(ys, default=0.0), max(xs, default=0.0), max(ys, default=0.0))
    if min(box[2] - box[0], box[3] - box[1]) <= THIN:
        yield box


def _read_bounds(item: Any) -> Edge:
    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(item, *map(ctypes.byref, sides))
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top


def _read_matrix(item: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix)):
        return _UNTURNED
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _is_white(item: Any, read: Any) -> bool:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not read(item, *map(ctypes.byref, parts)):
        return False
    return parts[3].value == 0 or all(part.value >= _WHITE for part in parts[:3])


def _multiply(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does `first`, then `second`."""
    if second is _UNTURNED:
        return first
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _move_box(matrix: Matrix, box: Edge) -> Edge:
    if matrix is _UNTURNED:
        return box
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs = [a * x + c * y + e for x, y in corners]
    ys = [b * x + d * y + f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _split_rules(edges: list[Edge]) -> tuple[list[Rule], list[Rule]]:
    """Level and upright lines; slanted edges and dots are neither."""
    level, upright = [], []
    for x0, y0, x1, y1 in edges:
        if not all(map(math.isfinite, (x0, y0, x1, y1))):
            continue
        wide, high = x1 - x0, y1 - y0
        if high <= max(_STRAIGHT, THIN if wide > 2 * high else 0) and wide > high:
            level.append(Rule((y0 + y1) / 2, x0, x1))
        elif wide <= max(_STRAIGHT, THIN if high > 2 * wide else 0) and high > wide:
            upright.append(Rule((x0 + x1) / 2, y0, y1))
    return level, upright
