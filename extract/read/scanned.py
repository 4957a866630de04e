"""Pages of a file of fixed layout (PDF, OFD) to a Document, those that are pictures read as scans are.

Without the extra for OCR what is there as text is read all the same; a file of nothing but pictures is an
error that names the extra.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from extract.errors import UnreadableFile
from extract.read.fixed_page import Edge
from extract.read.sheets import Sheet, assemble_pages, find_pictures, has_text, is_scan, take_apart
from extract.report import Document


class Pages(Protocol):
    """The pages of an open file as pictures: (height, width, 3), RGB."""

    kind: str  # how messages name it: PDF
    draws_letters: bool  # also those that its fonts do not name; else the pictures on its pages alone

    def draw_page(self, number: int) -> Iterator[Any]:
        """A page, a long one in pieces."""

    def draw_box(self, number: int, box: Edge) -> Any:
        """What a page shows in a box (points of the page as it is read); None where that cannot be told."""


def settle_pages(sheets: Sequence[Sheet], pages: Pages, path: str, title: str) -> Document:
    """The sheets as one Document, what is on them as pictures read.

    Raises `UnreadableFile` where nothing is to be read, or only by the extra that is missing.
    """
    scanned = [number for number, sheet in enumerate(sheets) if is_scan(sheet.page)]
    if scanned and (len(scanned) == len(sheets) or not has_text(sheets)):
        return _read_all(sheets, pages, path, f"the {pages.kind} holds page images and no text")
    if not has_text(sheets):
        raise UnreadableFile(
            path,
            f"the {pages.kind} holds neither text nor pictures of pages: print it to PDF anew",
        )
    if 2 * sum(sheet.page.unmapped for sheet in sheets) > sum(len(sheet.page.chars) for sheet in sheets):
        why = f"the {pages.kind} does not say which characters its letters are"
        if not pages.draws_letters:
            raise UnreadableFile(path, f"{why}: save it as PDF")
        return _read_all(sheets, pages, path, why)
    if any(sheet.page.hidden and not sheet.tables for sheet in sheets):
        sheets = _add_rules(sheets, pages)
    if scanned:
        sheets = _add_pages(sheets, pages, scanned)
    elif pictured := find_pictures(sheets):
        sheets = _add_pictures(sheets, pages, pictured)
    return assemble_pages(sheets, title)


def _read_all(sheets: Sequence[Sheet], pages: Pages, path: str, why: str) -> Document:
    from extract.read.ocr import read_scanned_pages

    drawn = (picture for number in range(len(sheets)) for picture in pages.draw_page(number))
    return read_scanned_pages(drawn, path, why)


def _add_pages(sheets: Sequence[Sheet], pages: Pages, scanned: Sequence[int]) -> Sequence[Sheet]:
    """The sheets with those of scanned pages read, where the extra is installed; else as they are."""
    from extract.read.ocr import load_engine, read_sheet

    try:
        load_engine()
    except ImportError:
        return sheets
    read: list[Sheet] = []
    for number, sheet in enumerate(sheets):
        if number in scanned:
            read.extend(map(read_sheet, pages.draw_page(number)))
        else:
            read.append(sheet)
    return read


def _add_rules(sheets: Sequence[Sheet], pages: Pages) -> Sequence[Sheet]:
    """The sheets, those whose text is hidden over a scan taken apart by the lines that the scan shows.

    The text tells the words and where they stand, so nothing is recognised; as they are without the extra.
    """
    from extract.read.ocr import find_drawn_rules

    read = list(sheets)
    try:
        for number, sheet in enumerate(sheets):
            page = sheet.page
            if page.hidden and not sheet.tables:
                picture = pages.draw_box(number, (0.0, 0.0, page.width, page.height))
                if picture is not None:
                    level, upright = find_drawn_rules(picture, page)
                    read[number] = take_apart(page._replace(level=level, upright=upright))
    except ImportError:
        return sheets
    return read


def _add_pictures(
    sheets: Sequence[Sheet], pages: Pages, boxes: Sequence[tuple[int, Edge]]
) -> Sequence[Sheet]:
    """The sheets with the tables of the form that pictures on them show; as they are without the extra.

    `boxes` are the pictures' places: (number of the sheet and the page, box in points).
    """
    from extract.read.ocr import load_engine, read_sheet, shows_table
    from extract.read.placing import place_sheet
    from extract.read.ruled_tables import shows_form

    read = list(sheets)
    try:
        for number, box in boxes:
            picture = pages.draw_box(number, box)
            if picture is None or not shows_table(picture):
                continue
            load_engine()
            found = place_sheet(read_sheet(picture), box)
            if any(map(shows_form, found.tables)):
                tables, lines = [*read[number].tables, *found.tables], [*read[number].lines, *found.lines]
                read[number] = read[number]._replace(tables=tables, lines=lines)
    except ImportError:
        return sheets
    return read
