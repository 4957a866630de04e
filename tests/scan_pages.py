"""Reports drawn as pages in several hands: fonts, sizes, lines and layouts of the tables that offices use.

The pages are pictures, white and straight; scanner.py says what befalls them. Nothing here is shared with the
readers but the types.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from layouts import HEADINGS, OUTCOMES, Filled, exact_grids, make_grid, review_numbers
from PIL import Image, ImageDraw, ImageFont

from extract.report import Document, Grid, GridCell, Paragraph

A4 = (8.27, 11.69)  # inches


@dataclass(frozen=True)
class Hand:
    """How an office sets its report. Fonts are families, the first that is installed; sizes are points.

    `align` of numbers: "center", "left", "right"; `grey` and `weight` of the ruling lines (0 black, points);
    `labels` how many times wider than others the first columns are; `shade` the grey of head cells;
    `height` what is free above and below a cell's lines, in sizes; `latin` of digits.
    """

    fonts: tuple[str, ...] = ("Noto Serif CJK SC",)
    latin: tuple[str, ...] = ()
    size: float = 10.5
    align: str = "center"
    grey: int = 0
    weight: float = 0.7
    labels: float = 2.0
    shade: int = 255
    height: float = 0.6
    landscape: bool = False
    double: bool = False
    dotted: bool = False


@dataclass
class Drawn:
    """A page; at what height the heads (top rows) of its tables stand, and where its numbers do, in shares of
    the page."""

    picture: Image.Image
    heads: list[float]
    numbers: list[tuple[float, float]]


# ---- what is drawn ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Story:
    """A report's words; its tables are a filled form."""

    title: str
    overview: tuple[str, ...]
    problems: tuple[str, ...]
    other: str


def write_report(story: Story, filled: Filled, layout: str) -> Document:
    """The report with its tables laid out as "official", "apart", "uneven", "rows" or "turned"."""
    source = exact_grids(filled, apart=layout in ("apart", "rows"), uneven=layout in ("uneven", "turned"))
    parts: list[list[Grid]] = []
    for block in source.blocks:
        if isinstance(block, Paragraph):
            parts.append([])
        else:
            parts[-1].append(block)
    first, second, third = (part for part in parts if part)
    if layout in ("rows", "turned"):
        third = [_review_by_rows(filled, turned=layout == "turned")]
    blocks: list[Paragraph | Grid] = [Paragraph(story.title), Paragraph(HEADINGS["overview"])]
    blocks += map(Paragraph, story.overview)
    blocks += [Paragraph(HEADINGS["proactive"]), *first, Paragraph(HEADINGS["requests"]), *second]
    blocks += [Paragraph(HEADINGS["review"]), *third, Paragraph(HEADINGS["problems"])]
    blocks += map(Paragraph, story.problems)
    return Document((*blocks, Paragraph(HEADINGS["other"]), Paragraph(story.other)))


def _review_by_rows(filled: Filled, *, turned: bool) -> Grid:
    names = ("行政复议", "未经复议直接起诉", "复议后起诉")
    rows = [["类别", *OUTCOMES]]
    rows += [[name, *numbers] for name, numbers in zip(names, review_numbers(filled), strict=True)]
    if turned:
        rows = [list(row) for row in zip(*rows, strict=True)]
    return make_grid([[(text, 1, 1) for text in row] for row in rows])


# ---- drawing ----------------------------------------------------------------------------------------------


def draw_pages(document: Document, hand: Hand, dpi: int = 150) -> list[Drawn]:
    """The document as pages, RGB, white and straight."""
    return _Desk(hand, dpi).draw(document)


@cache
def find_font(families: tuple[str, ...]) -> tuple[str, int]:
    """The file and face of the first family that is installed."""
    for family in families:
        found = subprocess.run(
            [shutil.which("fc-match") or "fc-match", family, "family", "file", "index"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        if family in found:
            named = dict(part.split("=", 1) for part in found.strip().split(":") if "=" in part)
            return named["file"], int(named.get("index", "0"))
    raise LookupError(f"none of {families} is installed")


class _Desk:
    """A page that is being filled from the top."""

    def __init__(self, hand: Hand, dpi: int) -> None:
        self.hand, self.dot = hand, dpi / 72
        wide, high = reversed(A4) if hand.landscape else A4
        self.size = round(wide * dpi), round(high * dpi)
        self.margin = 56 * self.dot
        self.pages: list[Drawn] = []
        self._turn()

    def draw(self, document: Document) -> list[Drawn]:
        for number, block in enumerate(document.blocks):
            if isinstance(block, Grid):
                self._table(block)
            else:
                self._paragraph(block.text, 1.6 if number == 0 else 1.1)
        return self.pages

    def _turn(self) -> None:
        self.pages.append(Drawn(Image.new("RGB", self.size, "white"), [], []))
        self.pen = ImageDraw.Draw(self.pages[-1].picture)
        self.y = self.margin

    def _font(self, size: float, *, latin: bool) -> ImageFont.FreeTypeFont:
        families = self.hand.latin if latin and self.hand.latin else self.hand.fonts
        return _load(*find_font(families), round(size * self.dot))

    def _width(self, text: str, size: float) -> float:
        return sum(self._font(size, latin=one.isascii()).getlength(one) for one in text)

    def _line(self, x: float, y: float, text: str, size: float) -> None:
        """A line on the base line `y`."""
        for one in text:
            font = self._font(size, latin=one.isascii())
            self.pen.text((x, y), one, fill="black", font=font, anchor="ls")
            x += font.getlength(one)

    def _wrap(self, text: str, room: float, size: float) -> list[str]:
        lines = []
        for part in text.split("\n"):
            line = ""
            for char in part:
                if line and self._width(line + char, size) > room:
                    lines.append(line)
                    line = ""
                line += char
            lines.append(line)
        return lines

    def _paragraph(self, text: str, scale: float) -> None:
        size = self.hand.size * scale
        for line in self._wrap(text, self.size[0] - 2 * self.margin, size):
            if self.y + 2 * size * self.dot > self.size[1] - self.margin:
                self._turn()
            self.y += 1.7 * size * self.dot
            self._line(self.margin, self.y, line, size)
        self.y += 0.6 * size * self.dot

    def _table(self, grid: Grid) -> None:
        xs = self._columns(grid)
        heights = self._rows(grid, xs)
        first = 0
        while first < len(heights):
            end, room = first, self.size[1] - self.margin - self.y
            while end < len(heights) and sum(heights[first : end + 1]) <= room:
                end += 1
            if end == first and self.y > 2 * self.margin:
                self._turn()
                continue
            end = max(end, first + 1)
            self._stretch(grid, xs, heights, first, end)
            first = end
            if first < len(heights):
                self._turn()
        self.y += 8 * self.dot

    def _columns(self, grid: Grid) -> list[float]:
        count = max(cell.column + cell.column_span for cell in grid.cells)
        numeric = [cell.column for cell in grid.cells if _is_number(cell.text)]
        least = min(numeric, default=count)
        shares = [self.hand.labels if column < least else 1.0 for column in range(count)]
        if least == 3:  # the table of requests: the outer columns hold upright labels
            shares[:3] = [0.6, 1.3, self.hand.labels + 0.6]
        step = (self.size[0] - 2 * self.margin) / sum(shares)
        xs = [self.margin]
        for share in shares:
            xs.append(xs[-1] + share * step)
        return xs

    def _lines(self, cell: GridCell, xs: Sequence[float]) -> list[str]:
        room = xs[cell.column + cell.column_span] - xs[cell.column] - 5 * self.dot
        return self._wrap(cell.text, room, self.hand.size)

    def _rows(self, grid: Grid, xs: Sequence[float]) -> list[float]:
        line = 1.25 * self.hand.size * self.dot
        pad = 2 * self.hand.height * self.hand.size * self.dot
        heights = [0.0] * max(cell.row + cell.row_span for cell in grid.cells)
        for cell in sorted(grid.cells, key=lambda one: one.row_span):
            need = len(self._lines(cell, xs)) * line + pad
            rows = range(cell.row, cell.row + cell.row_span)
            lack = need - sum(heights[row] for row in rows)
            if lack > 0:
                for row in rows:
                    heights[row] += lack / cell.row_span
        return heights

    def _stretch(
        self, grid: Grid, xs: Sequence[float], heights: Sequence[float], first: int, end: int
    ) -> None:
        """Rows `first` to `end` of a table on this page."""
        ys = {first: self.y}
        for row in range(first, end):
            ys[row + 1] = ys[row] + heights[row]
        page = self.pages[-1]
        for cell in grid.cells:
            top, bottom = max(cell.row, first), min(cell.row + cell.row_span, end)
            if top >= bottom:
                continue
            box = (xs[cell.column], ys[top], xs[cell.column + cell.column_span], ys[bottom])
            if cell.row >= first:
                self._cell(cell, box, self._lines(cell, xs))
                if _is_number(cell.text):
                    page.numbers.append(
                        ((box[0] + box[2]) / 2 / self.size[0], (box[1] + box[3]) / 2 / self.size[1])
                    )
            self._frame(box)
        if self.hand.double:
            gap = 2.2 * self.dot
            self._frame((xs[0] - gap, ys[first] - gap, xs[-1] + gap, ys[end] + gap))
        if first == 0:
            page.heads.append((ys[0] + 0.3 * (ys[min(3, end)] - ys[0])) / self.size[1])
        self.y = ys[end]

    def _cell(self, cell: GridCell, box: tuple[float, ...], lines: list[str]) -> None:
        hand, step = self.hand, 1.25 * self.hand.size * self.dot
        if hand.shade < 255 and not _is_number(cell.text):
            self.pen.rectangle(box, fill=(hand.shade,) * 3)
        y = (box[1] + box[3] - len(lines) * step) / 2
        for line in lines:
            y += step
            wide, pad = self._width(line, hand.size), 4 * self.dot
            align = (
                hand.align
                if _is_number(cell.text)
                else "center"
                if cell.column_span > 1 or len(line) < 9
                else "left"
            )
            x = {"center": (box[0] + box[2] - wide) / 2, "left": box[0] + pad, "right": box[2] - wide - pad}[
                align
            ]
            self._line(x, y - 0.25 * step, line, hand.size)

    def _frame(self, box: tuple[float, ...]) -> None:
        wide, ink = max(1, round(self.hand.weight * self.dot)), (self.hand.grey,) * 3
        left, top, right, bottom = map(round, box)
        for ends in (
            (left, top, right, top),
            (left, bottom, right, bottom),
            (left, top, left, bottom),
            (right, top, right, bottom),
        ):
            if self.hand.dotted:
                self._dots(ends, wide, ink)
            else:
                self.pen.line(ends, fill=ink, width=wide)

    def _dots(self, ends: tuple[int, ...], wide: int, ink: tuple[int, ...]) -> None:
        left, top, right, bottom = ends
        step = max(4, round(2.4 * self.dot))
        for at in range(0, max(right - left, bottom - top), step):
            x, y = (left + at, top) if right > left else (left, top + at)
            far = (min(x + step // 2, right), y) if right > left else (x, min(y + step // 2, bottom))
            self.pen.line((x, y, *far), fill=ink, width=wide)


@cache
def _load(path: str, face: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=face)


def _is_number(text: str) -> bool:
    return bool(text) and not text.strip("0123456789.,-/")
