"""The pictures on a page of fixed layout, set in their places, as one picture of a box on it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from extract.read.fixed_page import Edge
from extract.read.frames import MAX_BYTES, MAX_PIXELS, find_scale
from extract.read.matrix import Matrix, move_box

_PAPER = "white"


def paint(pictures: Iterable[tuple[bytes, Matrix]], box: Edge) -> Any:
    """What the pictures show in a box, as (height, width, 3), RGB; None where none of them can be opened.

    Each comes with the matrix that sets its square (y downwards from the top left) on the page, in points.
    """
    import numpy
    from PIL import Image

    left, top, right, bottom = box
    scale = find_scale(right - left, bottom - top)
    canvas = Image.new("RGB", (_measure(scale * (right - left)), _measure(scale * (bottom - top))), _PAPER)
    painted = False
    for data, matrix in pictures:
        x0, y0, x1, y1 = move_box(matrix, (0.0, 0.0, 1.0, 1.0))
        if x1 <= left or x0 >= right or y1 <= top or y0 >= bottom:
            continue
        picture = _open(data)
        if picture is None:
            continue
        wide, high = _measure(scale * (x1 - x0)), _measure(scale * (y1 - y0))
        if wide * high > MAX_PIXELS:
            continue
        shown = _turn(picture, matrix).resize((wide, high), Image.Resampling.BICUBIC)
        place = round(scale * (x0 - left)), round(scale * (y0 - top))
        canvas.paste(shown, place, shown if shown.mode == "RGBA" else None)
        painted = True
    return numpy.asarray(canvas) if painted else None


def _measure(length: float) -> int:
    return max(1, round(length))


def _open(data: bytes) -> Any:
    """The picture, with its transparency where it has one; None where it is damaged or too large."""
    from PIL import Image

    if len(data) > MAX_BYTES:
        return None
    try:
        picture = Image.open(io.BytesIO(data))
        if picture.width * picture.height > MAX_PIXELS:
            return None
        clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        return picture.convert("RGBA" if clear else "RGB")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None


def _turn(picture: Any, matrix: Matrix) -> Any:
    """A picture as its matrix turns it: by quarters."""
    from PIL import Image

    a, b, c, d, _, _ = matrix
    if abs(b) + abs(c) > abs(a) + abs(d):
        turned = Image.Transpose.ROTATE_270 if b > 0 else Image.Transpose.ROTATE_90
        return picture.transpose(turned)
    return picture.transpose(Image.Transpose.ROTATE_180) if a < 0 and d < 0 else picture
