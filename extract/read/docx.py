"""Word files (.docx, .docm, strict or transitional) to a Document: one walk over the main part.

What counts is what Word shows: numbers drawn by lists are put in, tracked changes are taken as accepted,
hidden text, contents lists, headers, footers and notes are left out, a text box comes once, after its
paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from extract.errors import UnreadableFile
from extract.read.docx_clean import accept_changes
from extract.read.docx_numbers import Numbers, Style, W, read_styles
from extract.read.docx_pictures import is_large_picture, read_symbol
from extract.read.evidence import BLANK
from extract.read.layout import (
    MAX_CELLS,
    MAX_COLUMNS,
    Block,
    Cell,
    Picture,
    TableTooLarge,
    find_words_apart,
    join_lines,
    settle_table,
)
from extract.read.ooxml import Package
from extract.report import Document, Grid, Paragraph

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_P, _TBL, _TR, _TC, _SDT = W + "p", W + "tbl", W + "tr", W + "tc", W + "sdt"
_PPR, _TCPR, _TRPR = W + "pPr", W + "tcPr", W + "trPr"
_T, _TAB, _BR, _CR, _SYM = W + "t", W + "tab", W + "br", W + "cr", W + "sym"
_HYPHEN, _DRAWING, _PICT, _OBJECT = W + "noBreakHyphen", W + "drawing", W + "pict", W + "object"
_INSTRUCTION, _CHUNK = W + "instrText", W + "altChunk"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHOWN = (_T, _TAB, _BR, _CR, _SYM, _HYPHEN, _DRAWING, _PICT, _OBJECT, _INSTRUCTION, _MATH_TEXT)
_VAL = W + "val"
_P_STYLE = W + "pStyle"
_NUM_PR = W + "numPr"
_NUM_ID = W + "numId"
_ILVL = W + "ilvl"
_OUTLINE_LVL = W + "outlineLvl"
_R_PR = W + "rPr"
_DEL = W + "del"
_MOVE_FROM = W + "moveFrom"
_GRID_SPAN = W + "gridSpan"
_V_MERGE = W + "vMerge"
_H_MERGE = W + "hMerge"
_TBL_GRID = W + "tblGrid"
_MAX_DEPTH = 40  # tables in tables
_MAX_CHAIN = 20  # styles based on styles


def read_docx(data: bytes, path: str) -> Document:
    """The paragraphs and tables of a Word file as Word shows them.

    Raises `UnreadableFile` where the file is damaged, locked, no Word file, or holds nothing to read.
    """
    package = Package(data, path)
    main = _find_main_part(package)
    root = package.parse(main)
    body = root.find(W + "body") if root.tag == W + "document" else None
    if body is None:
        raise UnreadableFile(path, "holds no Word document (a workbook or slides under another name?)")
    reader = _Reader(package, main, root)
    try:
        blocks = reader.read(body)
    except TableTooLarge as error:
        raise UnreadableFile(path, f"holds {error}: no report has such a table") from error
    except RecursionError as error:
        raise UnreadableFile(path, "its elements are nested deeper than any report's") from error
    pictures = reader.pictures
    shown = tuple(_set_tabbed_tables(list(_set_words_apart(blocks))))
    if not shown:
        what = "holds pictures and no text: run OCR on them" if pictures else "holds no text"
        raise UnreadableFile(path, what)
    return Document(blocks=shown, media_type=MEDIA_TYPE, title=_read_title(package), pictures=pictures)


def _find_main_part(package: Package) -> str:
    for kind, target in package.read_relations("").values():
        if kind == "officeDocument" and target in package:
            return target
    if "word/document.xml" not in package:
        raise UnreadableFile(package.path, "is a ZIP archive, but no Word file")
    return "word/document.xml"


def _read_title(package: Package) -> str | None:
    """The title among the document's properties; many are left over from an older document."""
    for kind, target in package.read_relations("").values():
        if kind == "core-properties" and target in package:
            try:
                title = package.parse(target).find("{http://purl.org/dc/elements/1.1/}title")
            except UnreadableFile:  # a report is not lost for its properties
                return None
            return (title.text or "").strip(BLANK)[:300] or None if title is not None else None
    return None


def _set_words_apart(blocks: Sequence[Block]) -> Iterator[Paragraph | Grid]:
    """The blocks less the pictures, tables of two words as lines."""
    for block in blocks:
        if isinstance(block, Grid) and (words := find_words_apart(block)):
            yield from map(Paragraph, words)
        elif not isinstance(block, Picture):
            yield block


def _set_tabbed_tables(blocks: Sequence[Paragraph | Grid]) -> Iterator[Paragraph | Grid]:
    """The blocks with tables that were typed with tabs, a row a paragraph, as grids."""
    if not any(isinstance(block, Paragraph) and "\t" in block.text for block in blocks):
        yield from blocks
        return
    from extract.read.rows import find_grid

    lines = [block.text if isinstance(block, Paragraph) else "" for block in blocks]
    at = 0
    while at < len(blocks):
        end = at
        while end < len(blocks) and "\t" in lines[end]:
            end += 1
        grid, count = find_grid(lines[at:end], 0) if end > at + 1 else (None, 0)
        if grid is not None:
            yield grid
            at += count
        else:
            yield blocks[at]
            at += 1


class _Reader:
    """The state of one walk: lists that count on, the text boxes by their paragraph, pictures met."""

    def __init__(self, package: Package, main: str, root: Any) -> None:
        self.pictures = 0
        self._package = package
        self._relations = package.read_relations(main)
        self._boxes = accept_changes(root)
        styles, self._default_style = read_styles(self._parse_related("styles"))
        self._styles = styles
        self._numbers = Numbers(self._parse_related("numbering"), styles)
        self._headings: dict[str, bool] = {}
        self._carried = ""  # text of a paragraph whose end was deleted
        self._depth = 0
        self._cells = 0

    def _parse_related(self, kind: str) -> Any | None:
        for found, target in self._relations.values():
            if found == kind and target in self._package:
                return self._package.parse(target)
        return None

    def read(self, container: Any) -> list[Block]:
        """The blocks in an element that holds paragraphs and tables."""
        blocks: list[Block] = []
        gap = False
        for child in container:
            tag = child.tag
            if tag == _P:
                before = len(blocks)
                self._read_paragraph(child, blocks, gap=gap)
                gap = len(blocks) == before
            elif tag == _TBL:
                blocks.extend(self._read_table(child))
                gap = True
            elif tag == _CHUNK:
                blocks.extend(self._read_chunk(child))
            elif tag == _SDT:
                if not _is_contents_list(child):
                    blocks.extend(self.read(child))
            elif isinstance(tag, str) and not tag.endswith("Pr"):
                blocks.extend(self.read(child))
        return blocks

    # -- paragraphs

    def _read_paragraph(self, element: Any, blocks: list[Block], *, gap: bool) -> None:
        style_id, list_id, level, outline, mark_deleted = self._default_style, None, None, None, False
        first = element[0] if len(element) else None
        if first is not None and first.tag == _PPR:
            style_id, list_id, level, outline, mark_deleted = _read_properties(first, self._default_style)
        text, pictures, listed = self._gather(element)
        if self._carried:
            text, self._carried = self._carried + text, ""
        if mark_deleted:
            self._carried = text
            return
        number = self._numbers.draw(list_id, level, style_id) if list_id or style_id else ""
        if listed or self._is_contents_style(style_id):
            return
        if text and (text := text.strip(BLANK)):
            heading = outline < 9 if outline is not None else self._is_heading_style(style_id)
            for line in (number + text).split("\n"):
                if line := line.strip(BLANK):
                    blocks.append(Paragraph(line, gap=gap, heading=heading))
                    gap = False
                else:
                    gap = True
        self.pictures += pictures
        blocks.extend([Picture()] * pictures)
        for box in self._boxes.pop(element, ()) if self._boxes else ():
            blocks.extend(self.read(box))

    def _gather(self, element: Any) -> tuple[str, int, bool]:
        """A paragraph's text as shown, its large pictures, and whether it is an entry of a contents list."""
        pieces = []
        pictures, listed = 0, False
        for one in element.iter(*_SHOWN):
            tag = one.tag
            if tag in (_T, _MATH_TEXT):
                pieces.append(one.text or "")
            elif tag == _TAB:
                if not one.attrib:  # a tab stop among the properties has attributes
                    pieces.append("\t")
            elif tag in (_BR, _CR):
                pieces.append("\n")
            elif tag == _SYM:
                pieces.append(read_symbol(one))
            elif tag == _HYPHEN:
                pieces.append("-")
            elif tag == _INSTRUCTION:
                listed = listed or "PAGEREF" in (one.text or "")
            else:
                pictures += is_large_picture(one)
        return pieces[0] if len(pieces) == 1 else "".join(pieces), pictures, listed

    def _is_heading_style(self, style_id: str | None) -> bool:
        if style_id is None:
            return False
        if style_id not in self._headings:
            self._headings[style_id] = any(
                (style.outline is not None and style.outline < 9)
                or re.match(r"(?:heading \d|title|subtitle|标题)", style.name, re.IGNORECASE) is not None
                for style in self._chain(style_id)
            )
        return self._headings[style_id]

    def _is_contents_style(self, style_id: str | None) -> bool:
        style = self._styles.get(style_id or "")
        return style is not None and re.match(r"toc \d|目录 ?\d", style.name, re.IGNORECASE) is not None

    def _chain(self, style_id: str) -> Iterator[Style]:
        for _ in range(_MAX_CHAIN):
            style = self._styles.get(style_id)
            if style is None:
                return
            yield style
            style_id = style.based_on or ""

    # -- tables

    def _read_table(self, table: Any) -> list[Block]:
        if self._depth >= _MAX_DEPTH:
            raise TableTooLarge(f"tables nested more than {_MAX_DEPTH} deep")
        self._depth += 1
        cells: list[Cell] = []
        above: dict[int, int] = {}  # column → the cell (by number) that merges downwards from there
        for row, element in enumerate(_find_all(table, _TR)):
            self._read_row(element, row, cells, above)
        self._depth -= 1
        return settle_table(cells)

    def _read_row(self, element: Any, row: int, cells: list[Cell], above: dict[int, int]) -> None:
        """Add the cells of a row; one that continues a merge lengthens the cell above instead."""
        properties = element.find(_TRPR)
        column = _read_number(properties, "gridBefore", 0)
        for tc in _find_all(element, _TC):
            span, down, across = _read_merges(tc)
            self._count_cell(column + span)
            if across == "continue" and cells and cells[-1].row == row:
                cells[-1] = cells[-1]._replace(column_span=cells[-1].column_span + span)
            elif down == "continue" and column in above:
                upper = cells[above[column]]
                cells[above[column]] = upper._replace(row_span=row - upper.row + 1)
            else:
                for covered in range(column, column + span):
                    above.pop(covered, None)
                if down:
                    above[column] = len(cells)
                blocks = self.read(tc)
                cells.append(Cell(blocks, join_lines(blocks), row, column, 1, span))
            column += span

    def _count_cell(self, columns: int) -> None:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise TableTooLarge(f"tables with more than {MAX_CELLS:,} cells")
        if columns > MAX_COLUMNS:
            raise TableTooLarge(f"a table with more than {MAX_COLUMNS:,} columns")

    # -- parts in other formats

    def _read_chunk(self, element: Any) -> Sequence[Block]:
        """The blocks of a page that is set in whole (w:altChunk), as some systems export."""
        _, target = self._relations.get(element.get(_RELATION_ID, ""), ("", ""))
        if target not in self._package or self._depth:
            return ()
        from extract.read.html import read_html
        from extract.read.kind import find_kind
        from extract.read.mht import read_mht

        data = self._package.read(target)
        kind = find_kind(data)
        if kind == "multipart/related":
            return read_mht(data, self._package.path).blocks
        return read_html(data, self._package.path).blocks if kind == "text/html" else ()


def _read_properties(
    properties: Any, default_style: str | None
) -> tuple[str | None, str | None, int | None, int | None, bool]:
    """Of a paragraph: style, list, level and outline level (both from 0), whether its end was deleted."""
    style_id, list_id, level, outline, deleted = default_style, None, None, None, False
    for one in properties:
        tag = one.tag
        if tag == _P_STYLE:
            style_id = one.get(_VAL)
        elif tag == _NUM_PR:
            for part in one:
                if part.tag == _NUM_ID:
                    list_id = part.get(_VAL)
                elif part.tag == _ILVL:
                    level = _to_number(part.get(_VAL), 0)
        elif tag == _OUTLINE_LVL:
            outline = _to_number(one.get(_VAL), 9)
        elif tag == _R_PR:
            deleted = one.find(_DEL) is not None or one.find(_MOVE_FROM) is not None
    return style_id, list_id, level, outline, deleted


def _read_merges(tc: Any) -> tuple[int, str, str]:
    """Of a cell: columns spanned, vertical and (old style) horizontal merge: restart, continue or ""."""
    span, down, across = 1, "", ""
    first = tc[0] if len(tc) else None
    if first is not None and first.tag == _TCPR:
        for one in first:
            tag = one.tag
            if tag == _GRID_SPAN:
                span = min(max(_to_number(one.get(_VAL), 1), 1), MAX_COLUMNS)
            elif tag == _V_MERGE:
                down = one.get(_VAL) or "continue"
            elif tag == _H_MERGE:
                across = one.get(_VAL) or "continue"
    return span, down, across


def _find_all(container: Any, wanted: str) -> Iterator[Any]:
    """The rows of a table, or cells of a row, also those inside content controls and the like."""
    for child in container:
        if child.tag == wanted:
            yield child
        elif isinstance(child.tag, str) and not child.tag.endswith("Pr") and child.tag != _TBL_GRID:
            yield from _find_all(child, wanted)


def _is_contents_list(sdt: Any) -> bool:
    gallery = sdt.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and "Contents" in (gallery.get(_VAL) or "")


def _read_number(properties: Any | None, name: str, default: int) -> int:
    element = properties.find(W + name) if properties is not None else None
    return _to_number(element.get(_VAL), default) if element is not None else default


def _to_number(value: str | None, default: int) -> int:
    return int(value) if value and len(value) < 7 and value.isascii() and value.isdigit() else default
