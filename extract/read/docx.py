"""Word files (.docx, .docm, strict or transitional) to a Document: one walk over the main part.

What counts is what Word shows: numbers drawn by lists are put in, tracked changes are taken as accepted,
hidden text, contents lists, headers, footers and notes are left out, a text box comes once, after its
paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from extract.errors import UnreadableFile
from extract.read.bounds import TableTooLarge, within_bounds
from extract.read.docx_clean import accept_changes
from extract.read.docx_numbers import Numbers, Style, W, read_styles
from extract.read.docx_objects import MOST_READ, add_annexes, find_object, read_object
from extract.read.docx_paragraph import find_rich, read_paragraph, read_plain, to_number
from extract.read.docx_pictures import find_large_picture
from extract.read.evidence import BLANK
from extract.read.flow import add_lines, finish
from extract.read.layout import (
    MAX_CELLS,
    MAX_COLUMNS,
    Block,
    Cell,
    Picture,
    join_lines,
    settle_table,
)
from extract.read.ooxml import Package
from extract.report import Document, Paragraph

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_P, _TBL, _TR, _TC, _SDT, _CHUNK = (W + name for name in ("p", "tbl", "tr", "tc", "sdt", "altChunk"))
_TCPR, _TRPR, _TBL_GRID = W + "tcPr", W + "trPr", W + "tblGrid"
_GRID_SPAN, _V_MERGE, _H_MERGE, _VAL = W + "gridSpan", W + "vMerge", W + "hMerge", W + "val"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_HEADING_STYLE = re.compile(r"heading \d|title|subtitle|标题", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(r"toc \d|目录 ?\d", re.IGNORECASE)
# Of a cell: its columns, its vertical and its (old style) horizontal merge: restart, continue or "".
Merges = tuple[int, str, str]
_UNMERGED: Merges = (1, "", "")
_MAX_DEPTH = 40  # tables in tables
_MAX_CHAIN = 20  # styles based on styles


def read_docx(data: bytes, path: str, *, inside: bool = False) -> Document:
    """The paragraphs and tables of a Word file as Word shows them.

    `inside` says that it is an object in another, whose own objects are left alone.

    Raises `UnreadableFile` where the file is damaged, locked, no Word file, or holds nothing to read.
    """
    package = Package(data, path)
    main = _find_main_part(package)
    root = package.parse(main)
    body = root.find(W + "body") if root.tag == W + "document" else None
    if body is None:
        raise UnreadableFile(path, "holds no Word document (a workbook or slides under another name?)")
    reader = _Reader(package, main, root, inside=inside)
    with within_bounds(path):
        blocks = reader.read(body)
    if reader.objects:
        blocks = add_annexes(blocks, package)
    said = Document((), media_type=MEDIA_TYPE, title=_read_title(package), pictures=reader.pictures)
    return finish(said, blocks, package, path)


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


class _Reader:
    """The state of one walk: lists that count on, the text boxes by their paragraph, pictures met."""

    def __init__(self, package: Package, main: str, root: Any, *, inside: bool) -> None:
        self.pictures = 0
        self.objects = MOST_READ if inside else 0  # read so far
        self._package = package
        self._relations = package.read_relations(main)
        self._boxes = accept_changes(root)
        roots = [root, *(box for boxes in self._boxes.values() for box in boxes)]
        self._rich = find_rich(roots) | self._boxes.keys()
        self._merges = _find_merges(roots)
        styles, self._default_style = read_styles(self._parse_related("styles"))
        self._styles = styles
        self._numbers = Numbers(self._parse_related("numbering"), styles)
        self._kinds: dict[str | None, tuple[bool, bool]] = {}
        # of paragraphs that name no style: whether they are headings, whether they are more than their text
        self._default_heading, listed = self._look_up_style(self._default_style)
        self._default_counts = listed or self._numbers.counts(self._default_style)
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
                if child in self._rich or self._carried or self._default_counts:
                    self._read_paragraph(child, blocks, gap=gap)
                elif text := read_plain(child).strip(BLANK):
                    add_lines(blocks, text, gap=gap, heading=self._default_heading)
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
        if self._carried:  # nothing follows in here that it could go on in
            blocks.append(Paragraph(self._carried))
            self._carried = ""
        return blocks

    # -- paragraphs

    def _read_paragraph(self, element: Any, blocks: list[Block], *, gap: bool) -> None:
        shown = read_paragraph(element)
        text = self._carried + shown.text
        self._carried = text if shown.joined else ""
        if shown.joined:
            return
        style_id = shown.style_id or self._default_style
        drawn = self._numbers.draw(shown.list_id, shown.level, style_id) if shown.list_id or style_id else ""
        heading, contents = self._look_up_style(style_id)
        if shown.listed or contents:
            return
        if text := text.strip(BLANK):
            marked = shown.outline < 9 if shown.outline is not None else heading
            add_lines(blocks, drawn + text, gap=gap, heading=marked)
        if shown.pictures:
            self.pictures += len(shown.pictures)
            blocks.extend(Picture(part=self._relations.get(one, ("", ""))[1]) for one in shown.pictures)
        for one in shown.objects:
            blocks.extend(self._read_object(one))
        for box in self._boxes.pop(element, ()) if self._boxes else ():
            blocks.extend(self.read(box))

    def _read_object(self, element: Any) -> Sequence[Block]:
        """The tables that an object shows; else its picture, where that may be a table."""
        embedded = find_object(element, self._relations)
        if embedded is not None and self.objects < MOST_READ:
            self.objects += 1
            if embedded.icon:
                return (embedded,)
            if found := read_object(embedded, self._package):
                return found
        picture = find_large_picture(element)
        if picture is None:
            return ()
        self.pictures += 1
        return (Picture(part=self._relations.get(picture, ("", ""))[1]),)

    def _look_up_style(self, style_id: str | None) -> tuple[bool, bool]:
        """Whether a style marks headings, and whether it is one of contents lists."""
        found = self._kinds.get(style_id)
        if found is None:
            chain = list(self._chain(style_id or ""))
            found = self._kinds[style_id] = (
                any(style.outline is not None and style.outline < 9 for style in chain)
                or any(_HEADING_STYLE.match(style.name) for style in chain),
                any(_CONTENTS_STYLE.match(style.name) for style in chain[:1]),
            )
        return found

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
        column = _read_grid_before(element)
        for tc in _find_all(element, _TC):
            span, down, across = self._merges.get(tc, _UNMERGED)
            self._count_cell(column + span)
            if across == "continue" and cells and cells[-1].row == row:
                cells[-1] = replace(cells[-1], column_span=cells[-1].column_span + span)
            elif down == "continue" and column in above:
                upper = cells[above[column]]
                cells[above[column]] = replace(upper, row_span=row - upper.row + 1)
            else:
                if above:
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


def _find_merges(roots: Sequence[Any]) -> dict[Any, Merges]:
    """The cells below `roots` that are merged with others, found in one pass: most are not."""
    merges: dict[Any, Merges] = {}
    merged = False  # what was told last: a cell may tell its columns twice, and means what it says last
    for one in (one for root in roots for one in root.iter(_GRID_SPAN, _V_MERGE, _H_MERGE)):
        tag, value = one.tag, one.get(_VAL)
        single = tag == _GRID_SPAN and value == "1"
        if single and not merged:
            continue
        merged = not single
        cell = one.getparent().getparent()
        span, down, across = merges.get(cell, _UNMERGED)
        if tag == _GRID_SPAN:
            span = min(max(to_number(value) or 1, 1), MAX_COLUMNS)
        elif tag == _V_MERGE:
            down = value or "continue"
        else:
            across = value or "continue"
        merges[cell] = span, down, across
    return merges


def _read_grid_before(row: Any) -> int:
    """The columns that a row leaves free at its start."""
    for child in row:
        if child.tag == _TRPR:
            before = child.find(W + "gridBefore")
            return (to_number(before.get(_VAL)) or 0) if before is not None else 0
        if child.tag == _TC:
            break
    return 0


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
