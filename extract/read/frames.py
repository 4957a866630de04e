"""Picture files and pages of PDFs to the pictures that are read: of the size of a page at `scan.DPI`.

A picture is (height, width, 3), RGB. Long ones (a web page saved as one picture) come in pieces.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from extract.errors import UnreadableFile
from extract.read.bounds import check_length
from extract.read.fixed_page import Page
from extract.read.long_pictures import LONG, cut_long

MAX_BYTES = 64 * 2**20
MAX_PIXELS = 60_000_000  # of one picture; A4 at 600 dpi has 35 million
MAX_FRAMES = 60
_SIDE = 2600  # pixels of the longer side of a page as it is read: A4 at 220 dpi
_PAGE_WIDE = 1840  # pixels of the shorter side of A4 then
_CUT_WIDE = 600  # pixels of the width of a long page in which the places to cut are looked for
_LARGEST = 8.0  # pixels a point: more shows no more of a picture that a report holds

Box = tuple[float, float, float, float]  # left, top, right, bottom


def open_pictures(data: bytes, path: str) -> Iterator[Any]:
    """The pages of a picture file; `UnreadableFile` where it is damaged or too large."""
    import numpy
    from PIL import Image, ImageSequence

    check_length(data, MAX_BYTES, "a scan", path)
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if getattr(picture, "n_frames", 1) > MAX_FRAMES:
                raise UnreadableFile(path, f"more than {MAX_FRAMES} pages in one picture file: part it")
            if picture.width * picture.height > MAX_PIXELS:
                raise UnreadableFile(path, f"more than {MAX_PIXELS:,} pixels: scan it at 300 dpi")
            for frame in ImageSequence.Iterator(picture):
                if frame.width * frame.height > MAX_PIXELS:
                    raise UnreadableFile(path, f"more than {MAX_PIXELS:,} pixels: scan it at 300 dpi")
                for piece in _cut_pages(frame.convert("RGB"), path):
                    yield numpy.asarray(piece)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise UnreadableFile(path, "the picture is damaged: fetch or scan it again") from error


def _cut_pages(frame: Any, path: str) -> Iterator[Any]:
    """A picture in the size that is read; a long one in pieces of one scale."""
    import numpy
    from PIL import Image

    if frame.height > MAX_FRAMES * frame.width:
        raise UnreadableFile(path, f"a picture longer than {MAX_FRAMES} pages: cut it into pages")
    pieces = cut_long(numpy.asarray(frame.convert("L")))
    longer = max(frame.size) if len(pieces) == 1 else round(_SIDE / _PAGE_WIDE * frame.width)
    for top, bottom in pieces:
        size = (max(1, frame.width * _SIDE // longer), max(1, (bottom - top) * _SIDE // longer))
        yield frame.resize(size, Image.Resampling.BICUBIC, box=(0, top, frame.width, bottom))


def render_page(page: Any, path: str) -> Iterator[Any]:
    """An open page of a PDF as a picture, a long one in pieces of one scale; the page is closed."""
    wide, high = max(page.get_width(), 1.0), max(page.get_height(), 1.0)
    try:
        if high < LONG * wide:
            yield _render(page, _SIDE / max(wide, high))
            return
        if high > MAX_FRAMES * wide:
            raise UnreadableFile(path, f"a page longer than {MAX_FRAMES} pages: cut it into pages")
        scale = _CUT_WIDE / wide
        for top, bottom in cut_long(_render(page, scale).min(axis=2)):
            yield _render(page, _PAGE_WIDE / wide, (0, top / scale, wide, bottom / scale))
    finally:
        page.close()


def render_box(page: Any, found: Page, box: Box) -> Any:
    """What a page of a PDF shows in a box (points of the page `found` on it); the page is closed.

    None where the page is read turned otherwise than it is shown.
    """
    wide, high = page.get_width(), page.get_height()
    left, top, right, bottom = max(0.0, box[0]), max(0.0, box[1]), min(wide, box[2]), min(high, box[3])
    shown = abs(wide - found.width) < 1 and abs(high - found.height) < 1 and right - left > 1 < bottom - top
    scale = find_scale(right - left, bottom - top)
    picture = _render(page, scale, (left, top, right, bottom)) if shown else None
    page.close()
    return picture


def find_scale(wide: float, high: float) -> float:
    """The pixels a point in which a box of that size is read."""
    return min(_LARGEST, _SIDE / max(wide, high, 1.0))


def _render(page: Any, scale: float, box: Box | None = None) -> Any:
    """A page, or a box on it (points from its top left corner), as a picture; `scale` in pixels a point."""
    left, top, right, bottom = box or (0.0, 0.0, page.get_width(), page.get_height())
    crop = (left, page.get_height() - bottom, page.get_width() - right, top)
    bitmap = page.render(scale=scale, rev_byteorder=True, crop=crop)
    return bitmap.to_numpy()[:, :, :3].copy()
