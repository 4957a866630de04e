"""Pages of fixed layout (PDF, OFD, scans) to a Document.

page → tables and lines → page numbers and running heads out → tables over page ends joined → paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extract.read.bare_tables import join_row_labels
from extract.read.column_tables import find_column, insert_table
from extract.read.evidence import load_page_words
from extract.read.fixed_page import Edge, Page
from extract.read.lattice import find_lattices
from extract.read.layout import Picture
from extract.read.page_breaks import carry_heads
from extract.read.page_columns import Column, find_columns, order_columns
from extract.read.pdf_lines import (
    Margins,
    PdfLine,
    find_parts,
    group_lines,
    join_paragraphs,
    measure_margins,
    split_at_gaps,
)
from extract.read.pictures import MOST_READ, TABLES
from extract.read.ruled_tables import RuledTable, fill_lattices, join_tables, settle_ruled, shows_form
from extract.report import Document, Grid, Paragraph, ReadBy

_EDGE = 0.13  # of the page's height at either end, where page numbers and running heads stand
_EDGE_LINES = 3  # lines at either end of a page that may be such
_PICTURE = 0.05  # of the page that a picture covers to be large enough for a table
_SCAN = 0.5  # of the page that the picture of a scan covers
_PAGE_NUMBER = re.compile(
    r"[-—–－·~\s]*(?:第\s*)?(?P<number>\d{1,3})(?:\s*页)?(?:\s*[/／，,]?\s*共?\s*\d{1,3}\s*页?)?[-—–－·~\s]*|[Pp](?:age|\.)\s*(?P<named>\d{1,3}).*"
)

_DRESSED_NUMBER = re.compile(
    r"[-—–]\s*\d{1,3}\s*[-—–]|第\s*\d{1,3}\s*页(?:\s*[/／，,]?\s*共\s*\d{1,3}\s*页)?"
)

_DRESS = frozenset("-—–第")  # what such numbers begin with


class Sheet(NamedTuple):
    """A page taken apart: its tables and the lines outside them, from top to bottom."""

    page: Page
    tables: list[RuledTable]
    lines: list[PdfLine]


def take_apart(page: Page) -> Sheet:
    """A page as tables and lines."""
    lattices = find_lattices(page.level, page.upright)
    number = _find_number(page) if lattices else frozenset()
    chars = [char for char in page.chars if char.order not in number] if number else page.chars
    tables, outside = fill_lattices(lattices, chars)
    numbers = [char for char in page.chars if char.order in number] if number else []
    return Sheet(page, tables, group_lines([*outside, *numbers]))


def is_scan(page: Page) -> bool:
    """Whether a page is a picture: hardly a character, or only hidden ones, over a picture of its size."""
    if len(page.chars) > 20 and not page.hidden:
        return False
    return not page.hidden and any(_share(page, picture) >= _SCAN for picture in page.pictures)


def _share(page: Page, box: Edge) -> float:
    return (box[2] - box[0]) * (box[3] - box[1]) / (page.width * page.height or 1.0)


def find_pictures(sheets: Sequence[Sheet]) -> list[tuple[int, Edge]]:
    """The pictures that may be tables, by page, where the pages lack tables of the form.

    Not the picture of a scan whose hidden text has been read as tables already.
    """
    found = [
        (number, box)
        for number, sheet in enumerate(sheets)
        for box in sheet.page.pictures
        if _share(sheet.page, box) >= _PICTURE and not (sheet.page.hidden and sheet.tables)
    ]
    if not found or sum(shows_form(table) for sheet in sheets for table in sheet.tables) >= TABLES:
        return []
    return found[:MOST_READ]


def has_text(sheets: Sequence[Sheet]) -> bool:
    return any(not char.text.isspace() for sheet in sheets for char in sheet.page.chars)


# ---- page numbers and running heads ----------------------------------------------------------------------


def drop_edges(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without their numbers and running heads, told by their place and by coming again."""
    edges = [_find_edges(sheet) for sheet in sheets]
    numbers = [[_page_number(line.text) for line in lines] for lines in edges]
    steps = Counter(
        number - index for index, found in enumerate(numbers) for number in set(found) if number is not None
    )
    common = steps.most_common(1)
    counted = common[0][0] if common and (common[0][1] > 1 or len(sheets) == 1) else None
    heads = Counter(head for lines in edges for head in {_running_head(line) for line in lines})
    kept = []
    for index, sheet in enumerate(sheets):
        gone = {
            line.y0
            for line, number in zip(edges[index], numbers[index], strict=True)
            if (number is not None and number - index == counted)
            or (heads[_running_head(line)] >= max(2, 0.4 * len(sheets)) and _may_run(line))
        }
        kept.append(sheet._replace(lines=[line for line in sheet.lines if line.y0 not in gone]))
    return kept


def _find_number(page: Page) -> frozenset[int]:
    """The characters (by `order`) of a page number – 2 –; a table cut by the page’s end may hold it."""
    top, bottom = _EDGE * page.height, (1 - _EDGE) * page.height
    edge = [char for char in page.chars if not top < char.y0 < bottom]
    found: set[int] = set()
    if _DRESS.isdisjoint("".join([char.text for char in edge])):
        return frozenset()
    for line in group_lines(edge):
        for part in split_at_gaps(line):
            if _DRESSED_NUMBER.fullmatch(part.text):
                found.update(char.order for char in part.chars)
    return frozenset(found)


def _find_edges(sheet: Sheet) -> list[PdfLine]:
    """The lines at either end of a page that stand outside its tables."""
    top = min((table.top for table in sheet.tables), default=sheet.page.height)
    bottom = max((table.bottom for table in sheet.tables), default=0.0)
    height = sheet.page.height
    dressed = [line for line in sheet.lines if _DRESSED_NUMBER.fullmatch(line.text)]
    first = [line for line in sheet.lines[:_EDGE_LINES] if line.y1 < min(top + 2, _EDGE * height)]
    last = [line for line in sheet.lines[-_EDGE_LINES:] if line.y0 > max(bottom - 2, (1 - _EDGE) * height)]
    first += [line for line in dressed if line.y1 < _EDGE * height and line not in first]
    return first + last + [line for line in dressed if line.y0 > (1 - _EDGE) * height and line not in last]


def _page_number(text: str) -> int | None:
    found = _PAGE_NUMBER.fullmatch(text)
    return int(found["number"] or found["named"]) if found else None


def _running_head(line: PdfLine) -> tuple[str, int]:
    """What makes a line the same on every page: its words without numbers, and its height on the page."""
    return re.sub(r"[\d\s]", "", line.text), round(line.y0 / 6)


def _may_run(line: PdfLine) -> bool:
    """Whether a line that comes again may be a running head, and not the heads of a table printed anew."""
    words = _running_head(line)[0]
    return len(words) > 1 and len(find_parts(line)) < 3 and not load_page_words().form.search(words)


# ---- together --------------------------------------------------------------------------------------------


def assemble_pages(sheets: Sequence[Sheet], title: str) -> Document:
    """The pages of a file as one Document, which says whether most of its text stands over scans."""
    hidden = sum(sheet.page.hidden for sheet in sheets)
    read_by: ReadBy = "ocr" if 2 * hidden > len(sheets) else "text"
    return assemble(sheets, title=title, read_by=read_by)


def assemble(sheets: Sequence[Sheet], *, title: str = "", read_by: ReadBy = "text") -> Document:
    """The pages as one Document."""
    sheets = drop_edges(sheets)
    known = find_columns(lines for sheet in sheets for _, lines in _part_page(sheet))
    pages = _join_labels([_order_items(sheet, known) for sheet in sheets])
    # of the columns, the right moved under the left: a line is full where its column ends
    margins = measure_margins(
        [line for page in pages for item in page if isinstance(item, list) for line in item]
    )
    blocks: list[Paragraph | Grid] = []
    for item in _join_items(pages):
        if isinstance(item, RuledTable):
            settled = settle_ruled(item, "ocr" if read_by == "ocr" else item.read_by)
            blocks.extend(block for block in settled if not isinstance(block, Picture))
        else:
            blocks.extend(_to_blocks(item, margins))
    pictures = sum(_share(sheet.page, box) >= _PICTURE for sheet in sheets for box in sheet.page.pictures)
    return Document(
        blocks=tuple(blocks),
        title=title if "公开" in title else None,
        pictures=pictures,
        read_by=read_by,
    )


def _to_blocks(lines: Sequence[PdfLine], margins: Margins) -> list[Paragraph | Grid]:
    own = measure_margins(lines)
    narrow = own.right - own.left < 0.6 * (margins.right - margins.left) and len(lines) > 3
    return list(join_paragraphs(lines, own if narrow else margins))


def _order_items(sheet: Sheet, known: Sequence[Column]) -> list[RuledTable | list[PdfLine]]:
    """The tables and stretches of lines of a page in reading order; `known` are its columns."""
    if not known:
        return [item for table, lines in _part_page(sheet) for item in (table, lines) if item]
    inside = [(table, find_column(table, sheet.lines, known)) for table in sheet.tables]
    wide = sheet._replace(tables=[table for table, column in inside if column is None])
    items: list[RuledTable | list[PdfLine]] = []
    for number, (table, lines) in enumerate(_part_page(wide)):
        items.extend([table] if table else [])
        items.extend(order_columns(lines, known=known, followed=number < len(wide.tables)))
    for table, column in inside:
        if column is not None:
            items = insert_table(items, table, column, sheet.lines)
    return items


def _part_page(sheet: Sheet) -> Iterator[tuple[RuledTable | None, list[PdfLine]]]:
    """The tables of a page from top to bottom, each with the lines below it; first the lines above all."""
    lines = sorted(sheet.lines, key=lambda line: (line.y0 + line.y1) / 2)
    tables = sorted(sheet.tables, key=lambda table: table.top)
    at = 0
    for number, table in enumerate([None, *tables]):
        end = len(lines)
        if number < len(tables):
            bottom = tables[number].top + 1
            end = next((n for n in range(at, end) if (lines[n].y0 + lines[n].y1) / 2 >= bottom), end)
        yield table, lines[at:end]
        at = end


def _join_labels(pages: list[list[RuledTable | list[PdfLine]]]) -> list[list[RuledTable | list[PdfLine]]]:
    """The pages, rows of tables without lines put together, heads of such a table on the page of its rows."""
    carried = [0] * len(pages)
    for number in range(1, len(pages)):
        last = pages[number - 1][-1] if pages[number - 1] else None
        first = pages[number][0] if pages[number] else None
        if isinstance(last, list) and isinstance(first, list):
            pages[number - 1][-1], pages[number][0], carried[number] = carry_heads(last, first)
    return [
        [
            join_row_labels(item, 0 if place else count) if isinstance(item, list) else item
            for place, item in enumerate(items)
        ]
        for items, count in zip(pages, carried, strict=True)
    ]


def _join_items(pages: Sequence[list[RuledTable | list[PdfLine]]]) -> list[RuledTable | list[PdfLine]]:
    """The items of all pages, a table that goes on over a page's end as one, and running text likewise."""
    joined: list[RuledTable | list[PdfLine]] = []
    for items in pages:
        for number, item in enumerate(items):
            last = joined[-1] if joined else None
            if number == 0 and isinstance(last, RuledTable) and isinstance(item, RuledTable):
                whole = join_tables(last, item)
                if whole is not None:
                    joined[-1] = whole
                    continue
            if number == 0 and isinstance(last, list) and isinstance(item, list):
                joined[-1] = last + item
                continue
            joined.append(item)
    return joined
