"""A small PDF writer: text in the standard font STSong-Light, ruling lines, page numbers; nothing else.

It lays a Document out as a page-maker would: another hand than LibreOffice's to try the reader on.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from extract.report import Document, Grid, GridCell, Paragraph

WIDE, HIGH, MARGIN = 595.0, 842.0, 60.0


@dataclass
class PdfPage:
    """A page as drawing operators; y counts downwards from the top."""

    rotate: int = 0
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, size: float, words: str) -> None:
        code = words.encode("utf-16-be").hex()
        self.parts.append(f"BT /F1 {size} Tf {x:.2f} {HIGH - y:.2f} Td <{code}> Tj ET")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.parts.append(f".6 w {x0:.2f} {HIGH - y0:.2f} m {x1:.2f} {HIGH - y1:.2f} l S")

    def content(self) -> str:
        """The operators; of a page turned by a quarter or a half all that is drawn is turned back."""
        turns = {
            0: "1 0 0 1 0 0",
            90: f"0 1 -1 0 {HIGH} 0",
            180: f"-1 0 0 -1 {WIDE} {HIGH}",
            270: f"0 -1 1 0 0 {WIDE}",
        }
        return f"q {turns[self.rotate]} cm\n" + "\n".join(self.parts) + "\nQ"


class DrawnPage(Protocol):
    """What a page is set on: text on a base line, straight lines; points from the top left."""

    def text(self, x: float, y: float, size: float, words: str) -> None: ...

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None: ...


PageT = TypeVar("PageT", bound=DrawnPage)


def write_pdf(pages: list[PdfPage], *, extra: dict[str, str] | None = None) -> bytes:
    """The pages as a file. `extra` adds entries to the catalogue."""
    font = "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[4 0 R]>>"
    descendant = (
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        "/Supplement 4>>/DW 1000/W[1 95 500 814 939 500]/FontDescriptor 5 0 R>>"
    )
    descriptor = (
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        "/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
    )
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(pages)))
    more = "".join(f"/{key} {value}" for key, value in (extra or {}).items())
    objects: list[bytes] = [
        f"<</Type/Catalog/Pages 2 0 R{more}>>".encode(),
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        *(one.encode() for one in (font, descendant, descriptor)),
    ]
    for number, page in enumerate(pages):
        wide, high = (HIGH, WIDE) if page.rotate % 180 else (WIDE, HIGH)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {wide} {high}]/Rotate {page.rotate}"
            f"/Resources<</Font<</F1 3 0 R>>>>/Contents {7 + 2 * number} 0 R>>".encode()
        )
        packed = zlib.compress(page.content().encode())
        head = f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode()
        objects.append(head + packed + b"\nendstream")
    return _join_objects(objects)


def _join_objects(objects: list[bytes]) -> bytes:
    data = b"%PDF-1.5\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (count, table, trailer)


# ---- a report laid out ------------------------------------------------------------------------------------


@dataclass
class Layout:
    """How a report is set: `ruled` tables or none, pages turned by `rotate`, with a head or a page number."""

    ruled: bool = True
    rotate: int = 0
    head: str = ""
    numbers: str = "- {} -"
    size: float = 10.0
    columns: int = 1
    top: float = MARGIN
    label: float = 0.0  # points more for the first columns of a table
    leading: float = 1.25  # from line to line in a cell, in sizes
    padding: float = 0.65  # of a row above and below its lines together, in sizes
    at_top: bool = False  # cells begin at the top of their row and are else set in its middle
    left: bool = False  # lines begin at the left of their cell and are else set in its middle


def lay_out(document: Document, layout: Layout | None = None) -> bytes:
    """The document as a PDF."""
    return write_pdf(set_pages(document, layout or Layout(), PdfPage))


def set_pages(document: Document, layout: Layout, new_page: Callable[[int], PageT]) -> list[PageT]:
    """The document on pages; `new_page` makes an empty one that is turned by so many degrees."""
    return _Setter(layout, new_page).set(document)


def width_of(words: str, size: float) -> float:
    return sum(size / 2 if ord(char) < 127 else size for char in words)


def wrap(words: str, room: float, size: float) -> list[str]:
    """Lines of at most `room` points; numbers are not broken unless they must."""
    lines = []
    for part in words.split("\n"):
        line = ""
        for char in part:
            if line and width_of(line + char, size) > room:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines


class _Setter(Generic[PageT]):
    def __init__(self, layout: Layout, new_page: Callable[[int], PageT]) -> None:
        self.layout = layout
        self.new_page = new_page
        self.pages: list[PageT] = []
        self.column = layout.columns
        self.y = 0.0

    @property
    def page(self) -> PageT:
        return self.pages[-1]

    @property
    def room(self) -> float:
        count = self.layout.columns
        return (WIDE - 2 * MARGIN - 24 * (count - 1)) / count

    @property
    def left(self) -> float:
        return MARGIN + self.column * (self.room + 24)

    def set(self, document: Document) -> list[PageT]:
        self.turn()
        for block in document.blocks:
            if isinstance(block, Grid):
                self.set_grid(block)
            else:
                self.set_paragraph(block)
        return self.pages

    def turn(self) -> None:
        """To the next column or page."""
        self.column += 1
        self.y = self.layout.top
        if self.column < self.layout.columns:
            return
        self.column = 0
        self.pages.append(self.new_page(self.layout.rotate))
        if self.layout.head:
            self.page.text(MARGIN, 36, 9, self.layout.head)
        if self.layout.numbers:
            self.page.text(WIDE / 2 - 9, HIGH - 30, 9, self.layout.numbers.format(len(self.pages)))

    def set_paragraph(self, block: Paragraph) -> None:
        size = self.layout.size + 1
        short = len(block.text) < 40 and "。" not in block.text
        words = block.text if short else "\u3000\u3000" + block.text
        for line in wrap(words, self.room, size):
            if self.y + 1.6 * size > HIGH - MARGIN:
                self.turn()
            indent = len(line) - len(line.lstrip("\u3000"))
            self.page.text(self.left + indent * size, self.y + size, size, line[indent:])
            self.y += 1.6 * size

    def set_grid(self, grid: Grid) -> None:
        wide = max(cell.column + cell.column_span for cell in grid.cells)
        high = max(cell.row + cell.row_span for cell in grid.cells)
        share = (self.room - self.layout.label) / wide
        xs = [self.left, *(self.left + self.layout.label + share * (n + 1) for n in range(wide))]
        heights = self.measure(grid, xs, high)
        row = 0
        while row < high:
            end, total = row, 0.0
            while end < high and self.y + total + heights[end] <= HIGH - MARGIN:
                total += heights[end]
                end += 1
            if end == row:
                if self.y <= self.layout.top:
                    raise ValueError("a row is higher than the page")
                self.turn()
                continue
            self.set_rows(grid, xs, heights, row, end)
            row = end
            if row < high:
                self.turn()
        self.y += 12

    def measure(self, grid: Grid, xs: list[float], high: int) -> list[float]:
        size = self.layout.size
        leading, padding = self.layout.leading * size, self.layout.padding * size
        heights = [leading + padding] * high
        for cell in sorted(grid.cells, key=lambda cell: cell.row_span):
            lines = self.lines_of(cell, xs)
            need = leading * len(lines) + padding - sum(heights[cell.row : cell.row + cell.row_span])
            if need > 0:
                heights[cell.row + cell.row_span - 1] += need
        return heights

    def lines_of(self, cell: GridCell, xs: list[float]) -> list[str]:
        return wrap(cell.text, self.room_of(cell, xs), self.layout.size)

    def fit(self, height: float) -> int:
        """The lines that a part of a cell has room for, at least one."""
        return max(int((height - 0.4 * self.layout.size) / (1.25 * self.layout.size)), 1)

    def room_of(self, cell: GridCell, xs: list[float]) -> float:
        return xs[cell.column + cell.column_span] - xs[cell.column] - 6

    def set_rows(self, grid: Grid, xs: list[float], heights: list[float], first: int, end: int) -> None:
        """The rows of a table that stand on this page, cells that span the break cut in two."""
        size = self.layout.size
        ys = [self.y]
        for height in heights[first:end]:
            ys.append(ys[-1] + height)
        for cell in grid.cells:
            top, bottom = max(cell.row, first), min(cell.row + cell.row_span, end)
            if top >= bottom:
                continue
            y0, y1 = ys[top - first], ys[bottom - first]
            x0, x1 = xs[cell.column], xs[cell.column + cell.column_span]
            if self.layout.ruled:
                for line in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
                    self.page.line(*line)
            above = sum(heights[cell.row : top])  # of a cell cut by the page: what stood on the last one
            lines = self.lines_of(cell, xs)[self.fit(above) if above else 0 :]
            if bottom < cell.row + cell.row_span:
                lines = lines[: self.fit(y1 - y0)]
            leading = self.layout.leading * size
            free = self.layout.padding * size if self.layout.at_top else y1 - y0 - leading * len(lines)
            y = y0 + free / 2 + size
            for line in lines:
                x = x0 + 3 if self.layout.left else (x0 + x1 - width_of(line, size)) / 2
                self.page.text(x, y, size, line)
                y += leading
        self.y = ys[-1]


LAYOUTS = {
    "ruled, 9 pt": Layout(size=9),
    "ruled, 11 pt": Layout(size=11),
    "ruled, turned left": Layout(rotate=90),
    "ruled, turned right": Layout(rotate=270),
    "ruled, upside down": Layout(rotate=180, numbers="第{}页"),
    "ruled, at the top left": Layout(size=9, at_top=True, left=True),
    "no lines, 7 pt": Layout(ruled=False, size=7, label=60),
    "no lines, 8 pt": Layout(ruled=False, size=8),
    "no lines, 9 pt": Layout(ruled=False, size=9),
    "no lines, 10 pt": Layout(ruled=False, size=10),
    "no lines, 8 pt, turned left": Layout(ruled=False, size=8, rotate=90),
    "no lines, 8 pt, left": Layout(ruled=False, size=8, left=True),
    "no lines, 8 pt, top": Layout(ruled=False, size=8, at_top=True),
    "no lines, 8 pt, top left": Layout(ruled=False, size=8, at_top=True, left=True),
    "no lines, 8 pt, close rows": Layout(ruled=False, size=8, padding=0.3),
    "no lines, 8 pt, no padding": Layout(ruled=False, size=8, padding=0.0),
    "no lines, 8 pt, top, no padding": Layout(ruled=False, size=8, padding=0.0, at_top=True),
    "no lines, 9 pt, wide leading": Layout(ruled=False, size=9, leading=1.5, padding=1.0),
}
