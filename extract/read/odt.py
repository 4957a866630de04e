"""OpenDocument texts (.odt, .fodt) to a Document: one walk over the body.

What counts is what the file shows: numbers drawn by lists are put in, tracked changes are taken as accepted,
hidden text, contents lists, headers, footers and notes are left out, a text box comes once, after its
paragraph. Workbooks set in as objects are tables.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Any

from extract.errors import UnreadableFile
from extract.read.bounds import TableTooLarge, check_length, within_bounds
from extract.read.evidence import BLANK
from extract.read.flow import add_lines, finish
from extract.read.kind import FLAT_ODT
from extract.read.layout import (
    MAX_CELLS,
    MAX_COLUMN_SPAN,
    MAX_COLUMNS,
    MAX_ROW_SPAN,
    Block,
    Cell,
    Picture,
    join_lines,
    settle_table,
)
from extract.read.odf import (
    DRAW,
    OFFICE,
    STYLE,
    TABLE,
    TEXT,
    find_body,
    is_hidden,
    open_root,
    read_count,
    read_text,
)
from extract.read.odt_numbers import ListNumbers
from extract.read.ooxml import Package
from extract.report import Document

ODT = "application/vnd.oasis.opendocument.text"
MAX_BYTES = 64 * 2**20
_P, _H, _LIST, _TABLE, _FRAME = TEXT + "p", TEXT + "h", TEXT + "list", TABLE + "table", DRAW + "frame"
_ITEMS = (TEXT + "list-item", TEXT + "list-header")
_HREF = "{http://www.w3.org/1999/xlink}href"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_HEADING = re.compile(r"heading_20_\d|title|subtitle|heading \d|标题", re.IGNORECASE)
_LENGTH = re.compile(r"(\d{1,5}(?:\.\d{1,6})?)(cm|mm|in|pt|px)")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 0.0353, "px": 0.0265}
_LEAST_WIDTH, _LEAST_HEIGHT = 7.9, 1.6  # centimetres of a picture that may be a table of the form
_MAX_DEPTH = 40  # tables in tables


def read_odt(data: bytes, path: str) -> Document:
    """The paragraphs and tables of a text. Raises `UnreadableFile` where it is damaged, locked or empty."""
    check_length(data, MAX_BYTES, "a text file", path)
    root, package = open_root(data, path)
    body = find_body(root, "text", path)
    reader = _Reader(root, package, path)
    with within_bounds(path):
        blocks = list(reader.read(body))
    said = Document((), media_type=ODT if package else FLAT_ODT, pictures=reader.pictures)
    return finish(said, blocks, package, path)


class _Reader:
    """The state of one walk: styles, lists that count on, pictures met."""

    def __init__(self, root: Any, package: Package | None, path: str) -> None:
        self.pictures = 0
        self._package, self._path = package, path
        roots = [root]
        if package is not None and "styles.xml" in package:
            roots.insert(0, package.parse("styles.xml"))
        self._numbers = ListNumbers(roots)
        self._hidden: set[str | None] = set()
        self._parents: dict[str, str] = {}
        self._listed: dict[str, str] = {}  # paragraph styles that bring a list with them
        for style in (one for each in roots for one in each.iter(STYLE + "style")):
            self._read_style(style)
        self._cells = 0
        self._depth = 0

    def _read_style(self, style: Any) -> None:
        name = style.get(STYLE + "name") or ""
        if is_hidden(style):
            self._hidden.add(name)
        self._parents[name] = style.get(STYLE + "parent-style-name") or ""

    def read(self, container: Any) -> Iterator[Block]:
        """The blocks in an element that holds paragraphs, lists and tables."""
        for child in container:
            tag = child.tag
            if tag in (_P, _H):
                yield from self._read_paragraph(child, self._draw_heading(child))
            elif tag == _LIST:
                yield from self._read_list(child, 1, "", None)
            elif tag == _TABLE:
                yield from self._read_table(child)
            elif tag == _FRAME:
                yield from self._read_frame(child)
            elif tag == TEXT + "section" and child.get(TEXT + "display") != "none":
                yield from self.read(child)

    # -- paragraphs and lists

    def _read_paragraph(self, element: Any, drawn: str) -> Iterator[Block]:
        style = element.get(TEXT + "style-name") or ""
        if style not in self._hidden:
            blocks: list[Block] = []
            text = read_text(element, self._hidden).strip(BLANK)
            add_lines(
                blocks, drawn + text if text else "", gap=False, heading=self._is_heading(element, style)
            )
            yield from blocks
        for frame in _find_frames(element):
            yield from self._read_frame(frame)

    def _is_heading(self, element: Any, style: str) -> bool:
        if element.tag == _H:
            return True
        parent = self._parents.get(style, "")
        return _HEADING.match(style) is not None or _HEADING.match(parent) is not None

    def _draw_heading(self, element: Any) -> str:
        """The number of a heading that is in no list."""
        if element.tag != _H or element.get(TEXT + "is-list-header") == "true":
            return ""
        level = read_count(element, TEXT + "outline-level")
        return self._numbers.draw_heading(level, element.get(TEXT + "start-value"))

    def _read_list(
        self, element: Any, level: int, style: str, counts: dict[int, int] | None
    ) -> Iterator[Block]:
        style = element.get(TEXT + "style-name") or style
        counts = counts if counts is not None else self._numbers.begin(element, style)
        for item in element.iterchildren(*_ITEMS):
            numbered = item.tag != _ITEMS[0]
            for child in item:
                if child.tag in (_P, _H):
                    drawn = "" if numbered else self._numbers.draw(style, level, counts, item)
                    numbered = True
                    yield from self._read_paragraph(child, drawn)
                elif child.tag == _LIST:
                    yield from self._read_list(child, level + 1, style, counts)
                elif child.tag == _TABLE:
                    yield from self._read_table(child)

    # -- frames

    def _read_frame(self, frame: Any) -> Iterator[Block]:
        """A text box, a workbook or a picture."""
        for child in frame:
            if child.tag == DRAW + "text-box":
                yield from self.read(child)
                return
            if child.tag == DRAW + "object" and (found := self._read_object(child)):
                yield from found
                return
            if child.tag == DRAW + "image":
                if _is_large(frame):
                    self.pictures += 1
                    yield Picture(part=posixpath.normpath(child.get(_HREF) or "."))
                return

    def _read_object(self, element: Any) -> Sequence[Block]:
        """The tables of a workbook that is set in; nothing of another object."""
        from extract.read.ods import read_sheets

        try:
            inner = next(element.iterchildren(OFFICE + "document"), None)
            part = posixpath.normpath(posixpath.join(element.get(_HREF) or "", "content.xml"))
            if inner is None and self._package is not None and part in self._package:
                inner = self._package.parse(part)
            return list(read_sheets(inner, self._path)) if inner is not None else ()
        except (UnreadableFile, TableTooLarge):  # a report is not lost for an object in it
            return ()

    # -- tables

    def _read_table(self, table: Any) -> list[Block]:
        if self._depth >= _MAX_DEPTH:
            raise TableTooLarge(f"tables nested more than {_MAX_DEPTH} deep")
        self._depth += 1
        cells: list[Cell] = []
        for row, element in enumerate(_find_rows(table)):
            self._read_row(element, row, cells)
        self._depth -= 1
        return settle_table(cells)

    def _read_row(self, element: Any, row: int, cells: list[Cell]) -> None:
        column = 0
        for one in element.iterchildren(TABLE + "table-cell", TABLE + "covered-table-cell"):
            times = read_count(one, TABLE + "number-columns-repeated")
            if one.tag == TABLE + "table-cell":
                for _ in range(times):  # of too many the first that is too far ends it
                    self._add_cell(one, row, column, cells)
                    column += 1
            else:
                column += times

    def _add_cell(self, element: Any, row: int, column: int, cells: list[Cell]) -> None:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise TableTooLarge(f"tables with more than {MAX_CELLS:,} cells")
        high = min(read_count(element, TABLE + "number-rows-spanned"), MAX_ROW_SPAN)
        wide = min(read_count(element, TABLE + "number-columns-spanned"), MAX_COLUMN_SPAN)
        if column + wide > MAX_COLUMNS:
            raise TableTooLarge(f"a table with more than {MAX_COLUMNS:,} columns")
        blocks = list(self.read(element))
        cells.append(Cell(blocks, join_lines(blocks), row, column, high, wide))


def _find_rows(table: Any) -> Iterator[Any]:
    """The rows of a table, also those in heads and groups; what comes again is told once."""
    for child in table:
        if child.tag == TABLE + "table-row":
            yield child
        elif child.tag in (TABLE + "table-header-rows", TABLE + "table-rows", TABLE + "table-row-group"):
            yield from _find_rows(child)


def _find_frames(element: Any) -> Iterator[Any]:
    """The frames in a paragraph, but for those in another frame."""
    for child in element:
        if child.tag == _FRAME:
            yield child
        elif isinstance(child.tag, str) and child.tag != TEXT + "note":
            yield from _find_frames(child)


def _is_large(frame: Any) -> bool:
    wide, high = (_LENGTH.fullmatch(frame.get(_SVG + name) or "") for name in ("width", "height"))
    if wide is None or high is None:
        return True
    sizes = [float(one[1]) * _CENTIMETRES[one[2]] for one in (wide, high)]
    return sizes[0] >= _LEAST_WIDTH and sizes[1] >= _LEAST_HEIGHT
