"""Signs of symbol fonts and pictures in a Word document."""

from __future__ import annotations

import re
from typing import Any

from extract.read.docx_numbers import W

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_IMAGE_DATA = "{urn:schemas-microsoft-com:vml}imagedata"

_WINGDINGS = {
    **{0x81 + offset: chr(ord("①") + offset) for offset in range(10)},
    **{0x8C + offset: chr(ord("①") + offset) for offset in range(10)},
    **dict.fromkeys((0x6C, 0x6E, 0x75, 0x76, 0x9F, 0xA7, 0xA8, 0xD8, 0xF0), "•"),
    0xFC: "√",
    0xFE: "√",
    0xFB: "×",
    0xFD: "×",
}
_PRIVATE = 0xF000  # symbol fonts stand in the private area from here on
_EMU_A_PIXEL = 9525
_LEAST_WIDTH, _LEAST_HEIGHT = 300, 60  # pixels of a picture that may be a table of the form
_SHAPE_SIZE = re.compile(
    r"(?:^|;)\s*(width|height)\s*:\s*(\d{1,5})(?:\.\d*)?(pt|in|cm|mm|px)?", re.IGNORECASE
)
_PIXELS = {"pt": 4 / 3, "in": 96.0, "cm": 37.8, "mm": 3.78, "px": 1.0}


def read_symbol(element: Any) -> str:
    """The character that w:sym shows; "" for a sign of a symbol font that has none in Unicode."""
    code = element.get(W + "char") or ""
    if not re.fullmatch(r"[0-9A-Fa-f]{1,5}", code):
        return ""
    point = int(code, 16)
    font = (element.get(W + "font") or "").lower()
    if point >= _PRIVATE and point < _PRIVATE + 256:
        point -= _PRIVATE
    elif "wingdings" not in font and "symbol" not in font:
        return "" if 0xD800 <= point < 0xE000 or point < 0x20 else chr(point)
    if "wingdings" in font:
        return _WINGDINGS.get(point, "")
    return "•" if point == 0xB7 else chr(point) if 0x20 <= point < 0x7F else ""


def find_large_picture(element: Any) -> str | None:
    """The relation of a drawing, an old-style picture or an embedded object that may be a table of the form.

    "" where it names none, None where it is no picture or a small one.
    """
    if not _is_large(element):
        return None
    for name, attribute in ((A + "blip", "embed"), (_IMAGE_DATA, "id")):
        for image in element.iter(name):
            return image.get(_RELATIONS + attribute) or ""
    return ""


def _is_large(element: Any) -> bool:
    if element.tag == W + "drawing":
        if next(element.iter(A + "blip"), None) is None:
            return False
        for extent in element.iter("{*}extent"):
            wide, high = (_to_emu(extent.get(name)) for name in ("cx", "cy"))
            return wide >= _LEAST_WIDTH * _EMU_A_PIXEL and high >= _LEAST_HEIGHT * _EMU_A_PIXEL
        return False
    if next(element.iter(_IMAGE_DATA), None) is None:
        return False
    for shape in element.iter("{urn:schemas-microsoft-com:vml}shape", "{urn:schemas-microsoft-com:vml}rect"):
        sizes = {
            name.lower(): int(number) * _PIXELS.get((unit or "px").lower(), 1.0)
            for name, number, unit in _SHAPE_SIZE.findall(shape.get("style") or "")
        }
        if sizes:
            return sizes.get("width", 0) >= _LEAST_WIDTH and sizes.get("height", 0) >= _LEAST_HEIGHT
    return True


def _to_emu(value: str | None) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,12}", value, re.ASCII) else 0
