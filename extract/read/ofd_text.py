"""The characters of a text object of OFD and where each stands.

A text object holds runs (TextCode), each with the place of its first character on the base line and the
steps to the next ones. Source: GB/T 33190-2016, 11.2 to 11.4.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import chain, islice, repeat
from typing import Any

from extract.read.fixed_page import DEPTH, Edge, Glyph
from extract.read.matrix import Matrix, move_box, multiply
from extract.read.ofd_values import list_children, read_numbers

MAX_RUN = 20_000  # characters of one run
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{4})")
_NARROW = 0.5  # of its size that a letter or digit is wide
_WIDEST = 1.05  # of its size; a step beyond is a gap
_LEAST = 0.15  # of its size; i and 1 have some .2
_FIRST_WIDE = "\u0250"  # from here on characters are taken to be as wide as high where no step tells
_PRIVATE = "\ue000", "\uf8ff"  # shapes of a font that are no characters
_FARTHEST = 1e6  # points from the corner of a page; no paper is as large
_QUARTERS = {90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}  # cosine and sine


def read_glyphs(element: Any, matrix: Matrix, order: int) -> tuple[list[Glyph], tuple[float, float]]:
    """The characters of a text object as boxes in the space that `matrix` leads to, counted from `order` on.

    With them, the direction in which they stand upright there (that of the base line of a single one).
    """
    size = (read_numbers(element.get("Size")) or (0.0,))[0]
    if not 0 < size < 1e4:
        return [], (1.0, 0.0)
    scale = (read_numbers(element.get("HScale")) or (1.0,))[0]
    scale = scale if 0.05 < scale < 20 else 1.0
    down = _read_quarter(element, "ReadDirection") in (90, 270)
    cosine, sine = _QUARTERS.get(_read_quarter(element, "CharDirection"), (1.0, 0.0))
    a, b, c, d, e, f = matrix
    upright = multiply((cosine, sine, -sine, cosine, 0.0, 0.0), (a, b, c, d, 0.0, 0.0))
    boxes: dict[float, Edge] = {}  # by width: the box of a character from the place of its origin
    glyphs: list[Glyph] = []
    for char, x, y, wide in _place_runs(element, size, scale, down=down):
        box = boxes.get(wide)
        if box is None:
            box = boxes[wide] = move_box(upright, (0.0, (DEPTH - 1) * size, wide, DEPTH * size))
        x, y = a * x + c * y + e, b * x + d * y + f
        if -_FARTHEST < x < _FARTHEST and -_FARTHEST < y < _FARTHEST:
            x0, y0, x1, y1 = box
            glyphs.append((order + len(glyphs), ord(char), x + x0, y + y0, x + x1, y + y1))
    return glyphs, (upright[0], upright[1])


def _read_quarter(element: Any, name: str) -> int:
    numbers = read_numbers(element.get(name))
    return round(numbers[0]) % 360 if numbers else 0


def _place_runs(
    element: Any, size: float, scale: float, *, down: bool
) -> Iterator[tuple[str, float, float, float]]:
    """(character, x, y, width) of all runs of a text object, in its own space; blanks are left out."""
    x = y = 0.0
    runs = list(list_children(element, "TextCode"))
    room = _measure_room(element) if len(runs) == 1 else 0.0
    for run in runs:
        x = (read_numbers(run.get("X")) or (x,))[0]  # a later run may leave out what stays the same
        y = (read_numbers(run.get("Y")) or (y,))[0]
        text = read_text(run)
        across, along = read_steps(run.get("DeltaX")), read_steps(run.get("DeltaY"))
        given = run.get("DeltaX") is not None, run.get("DeltaY") is not None
        at_x, at_y = x, y
        for char in text[:MAX_RUN]:
            wide = scale * size * (_NARROW if char < _FIRST_WIDE else 1.0)
            step_x, step_y = next(across, None), next(along, None)
            told = step_x if step_x is not None else room if len(text) == 1 else 0.0
            if _LEAST * scale * size < told <= _WIDEST * scale * size:
                wide = told
            if _is_inked(char):
                yield char, at_x, at_y, wide
            if step_x is None and step_y is None:  # none given, or fewer than characters
                step_x, step_y = (0.0, size) if down or given == (False, True) else (wide, 0.0)
            at_x += step_x or 0.0
            at_y += step_y or 0.0


def _measure_room(element: Any) -> float:
    """The width of an object's box in its own space: that of its letter where each has an object."""
    box, matrix = read_numbers(element.get("Boundary")), read_numbers(element.get("CTM"))
    scale = math.hypot(*matrix[:2]) if len(matrix) >= 6 else 1.0
    return box[2] / scale if len(box) >= 4 and scale > 0 else 0.0


def _is_inked(char: str) -> bool:
    return (char.isprintable() and not char.isspace()) or _PRIVATE[0] <= char <= _PRIVATE[1]


def read_text(run: Any) -> str:
    """What a run says; \\ and four hexadecimal digits stand for a character that XML cannot hold."""
    text = "".join(run.itertext())
    if "\n" in text:
        text = text.strip()
    return _ESCAPE.sub(lambda found: _unescape(found[1]), text) if "\\" in text else text


def _unescape(code: str) -> str:
    point = int(code, 16)
    return "" if 0xD800 <= point < 0xE000 else chr(point)


def read_steps(value: str | None) -> Iterator[float]:
    """The steps from each character to the next; `g 3 2.5` is three of 2.5.

    >>> list(read_steps("4.2 g 2 3 1")), list(read_steps("g 2 3 g")), list(read_steps(None))
    ([4.2, 3.0, 3.0, 1.0], [3.0, 3.0], [])
    """
    return chain.from_iterable(_list_steps(value or ""))


def _list_steps(value: str) -> Iterator[Iterator[float]]:
    words = iter(value.replace(",", " ").split())
    for word in words:
        if word not in ("g", "G"):
            yield iter(read_numbers(word)[:1])
            continue
        counted = [(read_numbers(one) or (0.0,))[0] for one in islice(words, 2)]
        if len(counted) == 2 and counted[0] > 0:
            yield repeat(counted[1], int(min(counted[0], MAX_RUN)))
