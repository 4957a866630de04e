"""A page of an OFD file: its characters, ruling lines and pictures, as its content draws them.

Measures in the file are millimetres, y downwards; each object has a space of its own, which its matrix (CTM)
turns and its box (Boundary) sets on the page. Source: GB/T 33190-2016, 7.7, 8.5, 9 to 11 and 13.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from extract.read.fixed_page import (
    MAX_CHARACTERS,
    THIN,
    Edge,
    Glyph,
    Page,
    Turn,
    drop_cut_off,
    drop_doubles,
    is_slanted,
    split_rules,
)
from extract.read.matrix import UNTURNED, Matrix, move_box, multiply
from extract.read.ofd_paths import find_edges
from extract.read.ofd_text import read_glyphs
from extract.read.ofd_values import find_child, is_off, local_name, read_numbers

POINT = 72 / 25.4  # points a millimetre
MAX_OBJECTS = 60_000  # of one page
_MAX_DEPTH = 40  # blocks in blocks
_MAX_DRAWINGS = 4  # drawings of the resources in one another
_COVER = 0.5  # of the page that a picture covers to be that of a scan
_FEW = 20  # characters that may be seen beside a hidden text: a page number, a stamp's date
_RULED = 8  # edges that a page has drawn which is no scan
_VISIBLE = 5  # of 255, below which the cover of a colour shows nothing


class Picture(NamedTuple):
    """A picture on a page: the resource it names, and the matrix of its square; `order` as of characters."""

    resource: str
    order: int
    matrix: Matrix


class Resources(NamedTuple):
    """What pages refer to by number: pen settings and drawings as elements, the parts that pictures are."""

    pens: Mapping[str, Any]
    drawings: Mapping[str, Any]
    media: Mapping[str, str]


class Drawn(NamedTuple):
    """A page as read; its pictures in points from its top left corner as it lies in the file.

    `turned` says that it is read otherwise than it lies.
    """

    page: Page
    pictures: list[Picture]
    turned: bool


def read_page(layers: Sequence[Any], box: Sequence[float], resources: Resources) -> Drawn:
    """What the layers of a page and of its templates draw, in order; `box` is the paper in millimetres."""
    reader = _PageReader(resources)
    for layer in layers:
        reader.read(layer, UNTURNED, None, 0)
    left, top, wide, high = (POINT * side for side in box)
    covers = [one.order for one in reader.pictures if _covers(one.matrix, wide, high)]
    if (
        len(reader.edges) >= _RULED
    ):  # no scan: what covers it is a watermark, or a frame that lets text through
        covers = []
    glyphs, hidden = _choose(reader.glyphs, reader.unseen, max(covers, default=-1))
    glyphs = _drop_slanted(glyphs, reader.slanted)
    quarter = max(reader.quarters, key=reader.quarters.__getitem__, default=0)
    turn = Turn(quarter, left, -top - high, left + wide, -top)
    boxes = [turn.box(*move_box(one.matrix, (0.0, 0.0, 1.0, 1.0))) for one in reader.pictures]
    thin = [one for one in boxes if min(one[2] - one[0], one[3] - one[1]) <= THIN]
    level, upright = split_rules([*(turn.box(*edge) for edge in reader.edges), *thin])
    if quarter % 2:
        wide, high = high, wide
    chars = drop_doubles(drop_cut_off(turn.set_upright(glyphs), wide, high))
    unnamed = sum(char.text in _UNNAMED or "\ue000" <= char.text <= "\uf8ff" for char in chars)
    pictures = [one for one in boxes if one not in thin]
    page = Page(wide, high, chars, level, upright, pictures, unnamed, hidden)
    lying = [
        one._replace(matrix=multiply(one.matrix, (1.0, 0.0, 0.0, -1.0, -left, -top)))
        for one in reader.pictures
    ]
    return Drawn(page, lying, quarter != 0)


_UNNAMED = "\u00a4\ufffd"  # what stands for a character that has only a shape


class _PageReader:
    """What is drawn, in points, y upwards.

    Glyphs are named by their order: `unseen` are there to be searched, `slanted` stand aslant. `quarters`
    counts how many are turned by so many quarters against the clock.
    """

    def __init__(self, resources: Resources) -> None:
        self.glyphs: list[Glyph] = []
        self.unseen: set[int] = set()
        self.slanted: set[int] = set()
        self.quarters: dict[int, int] = {}
        self.edges: list[Edge] = []
        self.pictures: list[Picture] = []
        self._resources = resources
        self._count = 0
        self._drawings = 0
        self._order = 0

    def read(self, element: Any, outer: Matrix, pen: str | None, depth: int) -> None:
        """All that a layer, block or drawing holds, `pen` being the setting that it names."""
        for child in element:
            kind = local_name(child)
            self._count += 1
            if self._count > MAX_OBJECTS or depth > _MAX_DEPTH:
                return
            own = child.get("DrawParam") or pen
            if kind in ("PageBlock", "Layer"):
                self.read(child, outer, own, depth + 1)
                continue
            reader = _READERS.get(kind)
            if reader is None:
                continue
            matrix = multiply(_place(child), outer)
            if all(map(math.isfinite, matrix)):
                reader(self, child, matrix, own)

    def read_text(self, element: Any, matrix: Matrix, pen: str | None) -> None:
        """The characters of a text object."""
        if len(self.glyphs) >= MAX_CHARACTERS:
            return
        unseen = is_off(element, "Visible") or not self._is_inked(element, pen)
        found, turn = read_glyphs(element, multiply(matrix, _TO_POINTS), self._order)
        if not found:
            return
        if unseen:
            self.unseen.update(glyph[0] for glyph in found)
        if is_slanted(*turn):
            self.slanted.update(glyph[0] for glyph in found)
        quarter = round(math.atan2(turn[1], turn[0]) / (math.pi / 2)) % 4
        self.quarters[quarter] = self.quarters.get(quarter, 0) + len(found)
        self.glyphs += found
        self._order = found[-1][0] + 1

    def _is_inked(self, element: Any, pen: str | None) -> bool:
        """Whether text is filled or stroked with anything."""
        filled = not is_off(element, "Fill") and self._shows(element, "FillColor", pen)
        stroked = element.get("Stroke") == "true" and self._shows(element, "StrokeColor", pen)
        return (filled or stroked) and element.get("Alpha", "255").strip() not in ("0", "0.0")

    def _shows(self, element: Any, name: str, pen: str | None) -> bool:
        colour = self._find_colour(element, name, pen)
        return colour is None or (read_numbers(colour.get("Alpha")) or (255.0,))[0] >= _VISIBLE

    def _find_colour(self, element: Any, name: str, pen: str | None) -> Any | None:
        """The colour that an object, or the setting of its pen, states; None where neither does."""
        colour = find_child(element, name)
        seen: set[str] = set()
        while colour is None and pen is not None and pen not in seen:
            seen.add(pen)
            setting = self._resources.pens.get(pen)
            if setting is None:
                return None
            colour, pen = find_child(setting, name), setting.get("Relative")
        return colour

    def read_path(self, element: Any, matrix: Matrix, pen: str | None) -> None:
        """The straight edges of a path that can be seen."""
        if is_off(element, "Visible") or len(self.edges) >= MAX_OBJECTS:
            return
        stroke = self._find_colour(element, "StrokeColor", pen)
        stroked = not is_off(element, "Stroke") and not (stroke is not None and _is_white(stroke))
        fill = self._find_colour(element, "FillColor", pen)
        filled = element.get("Fill") == "true" and not (fill is not None and _is_white(fill))
        if stroked or filled:
            data = find_child(element, "AbbreviatedData")
            text = (data.text or "") if data is not None else ""
            self.edges += find_edges(text, multiply(matrix, _TO_POINTS), stroked=stroked, filled=filled)

    def read_picture(self, element: Any, matrix: Matrix, pen: str | None) -> None:
        """The place of a picture."""
        if is_off(element, "Visible"):
            return
        if not element.get("CTM"):  # its square is as large as its box
            _, _, wide, high = _read_box(element)
            matrix = multiply((wide, 0.0, 0.0, high, 0.0, 0.0), matrix)
        resource = (element.get("ResourceID") or "").strip()
        self.pictures.append(Picture(resource, self._order, multiply(matrix, _TO_POINTS)))

    def read_drawing(self, element: Any, matrix: Matrix, pen: str | None) -> None:
        """A drawing of the resources, as it is placed here."""
        drawing = self._resources.drawings.get((element.get("ResourceID") or "").strip())
        content = find_child(drawing, "Content") if drawing is not None else None
        if content is None or self._drawings >= _MAX_DRAWINGS:
            return
        self._drawings += 1
        self.read(content, matrix, pen, 0)
        self._drawings -= 1


_READERS: dict[str, Callable[[_PageReader, Any, Matrix, str | None], None]] = {
    "TextObject": _PageReader.read_text,
    "PathObject": _PageReader.read_path,
    "ImageObject": _PageReader.read_picture,
    "CompositeObject": _PageReader.read_drawing,
    "CompositeGraphicUnit": _PageReader.read_drawing,
}
_TO_POINTS: Matrix = (POINT, 0.0, 0.0, -POINT, 0.0, 0.0)


def _read_box(element: Any) -> tuple[float, float, float, float]:
    found = read_numbers(element.get("Boundary"))[:4]
    left, top, wide, high = found if len(found) == 4 else (0.0, 0.0, 0.0, 0.0)
    return left, top, wide, high


def _place(element: Any) -> Matrix:
    """The matrix from an object's own space to that of the page."""
    left, top, _, _ = _read_box(element)
    numbers = read_numbers(element.get("CTM"))[:6]
    if len(numbers) < 6:
        return (1.0, 0.0, 0.0, 1.0, left, top)
    a, b, c, d, e, f = numbers
    return (a, b, c, d, e + left, f + top)


def _is_white(colour: Any) -> bool:
    """Whether nothing of a colour is to be seen on paper; grey, red green blue, or the four of print."""
    values = read_numbers(colour.get("Value"))
    cover = read_numbers(colour.get("Alpha")) or (255.0,)
    if cover[0] < _VISIBLE:
        return True
    if len(values) == 4:
        return max(values) <= 5
    return len(values) in (1, 3) and min(values) >= 250


# ---- which characters count ------------------------------------------------------------------------------


def _covers(matrix: Matrix, wide: float, high: float) -> bool:
    x0, y0, x1, y1 = move_box(matrix, (0.0, 0.0, 1.0, 1.0))
    return (x1 - x0) * (y1 - y0) >= _COVER * wide * high


def _choose(glyphs: list[Glyph], unseen: set[int], cover: int) -> tuple[list[Glyph], bool]:
    """The text of a page, and whether it is hidden over or under the picture of a scan.

    `cover` is the order of the last picture that covers the page, -1 where none does: what is drawn before it
    cannot be seen.
    """
    if cover < 0:
        return [glyph for glyph in glyphs if glyph[0] not in unseen], False
    seen = [glyph for glyph in glyphs if glyph[0] >= cover and glyph[0] not in unseen]
    if len(seen) > _FEW or len(seen) == len(glyphs):
        return seen, False
    return glyphs, True


def _drop_slanted(glyphs: list[Glyph], slanted: set[int]) -> list[Glyph]:
    """Without what stands aslant, watermarks mostly, unless it is most of the page."""
    level = [glyph for glyph in glyphs if glyph[0] not in slanted] if slanted else glyphs
    return level if 2 * len(level) >= len(glyphs) else glyphs


def list_layers(page: Any) -> Iterator[Any]:
    """The layers of a page from the lowest to the highest."""
    content = find_child(page, "Content")
    layers = [one for one in content if local_name(one) == "Layer"] if content is not None else []
    ranks = {"Background": 0, "Foreground": 2}
    yield from sorted(layers, key=lambda layer: ranks.get(layer.get("Type", ""), 1))
