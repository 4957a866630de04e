"""PDF with a text layer to a Document; pages that are pictures go to the reader of scans.

PDFium reads the page (pypdfium2); what its characters and ruling lines make is told in `sheets`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from extract.errors import UnreadableFile
from extract.read.bounds import check_length
from extract.read.fixed_page import MAX_PAGES, MAX_TEXT, Edge
from extract.read.frames import render_box, render_page
from extract.read.pdf_page import read_page
from extract.read.scanned import settle_pages
from extract.read.sheets import Sheet, take_apart
from extract.report import Document

MEDIA_TYPE = "application/pdf"
MAX_BYTES = 100 * 2**20


def read_pdf(data: bytes, path: str) -> Document:
    """The text and tables of a PDF in reading order.

    Raises `UnreadableFile` where it is damaged, encrypted or too large, or holds only pictures of pages and
    the extra for OCR is missing.
    """
    check_length(data, MAX_BYTES, "a PDF", path)
    document = _open(data, path)
    try:
        sheets = list(_read_sheets(document, path))
        pages = _Pages(document, sheets, path)
        found = settle_pages(sheets, pages, path, document.get_metadata_value("Title") or "")
    finally:
        document.close()
    return replace(found, media_type=MEDIA_TYPE)


class _Pages:
    """The pages of an open PDF as pictures, as PDFium draws them."""

    kind = "PDF"
    draws_letters = True

    def __init__(self, document: Any, sheets: Sequence[Sheet], path: str) -> None:
        self._document, self._sheets, self._path = document, sheets, path

    def draw_page(self, number: int) -> Iterator[Any]:
        return render_page(self._document[number], self._path)

    def draw_box(self, number: int, box: Edge) -> Any:
        return render_box(self._document[number], self._sheets[number].page, box)


def _open(data: bytes, path: str) -> Any:
    import pypdfium2

    start = data.find(b"%PDF-", 0, 1024)
    try:
        document = pypdfium2.PdfDocument(data[start:] if start > 0 else data)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableFile(path, "is protected by a password: save it without one") from error
        if "security" in str(error).lower():
            raise UnreadableFile(
                path, "is encrypted in a way that is not read here: print it anew"
            ) from error
        raise UnreadableFile(
            path, "the PDF is damaged: no page of it can be opened: fetch it again"
        ) from error
    if not pages:
        raise UnreadableFile(path, "the PDF has no pages: fetch it again")
    if pages > MAX_PAGES:
        raise UnreadableFile(path, f"{pages:,} pages are more than the {MAX_PAGES} that a report may have")
    return document


def _read_sheets(document: Any, path: str) -> Iterator[Sheet]:
    import pypdfium2

    characters = 0
    filled_in = document.get_formtype() != pypdfium2.raw.FORMTYPE_NONE
    if filled_in:
        document.init_forms()
    for number in range(len(document)):
        try:
            page = document[number]
            if filled_in:
                page = _draw_fields(document, number, page)
        except pypdfium2.PdfiumError:
            continue  # a damaged page; the others are read
        found = read_page(page.raw)
        page.close()
        characters += len(found.chars)
        if characters > MAX_TEXT:
            raise UnreadableFile(path, f"more than {MAX_TEXT:,} characters: no report has as many")
        yield take_apart(found)
    if number < 0:
        raise UnreadableFile(path, "the PDF has no pages: fetch it again")


def _draw_fields(document: Any, number: int, page: Any) -> Any:
    """The page with what was typed into the fields of its form as text on it, opened anew."""
    import pypdfium2

    pypdfium2.raw.FPDFPage_Flatten(page.raw, pypdfium2.raw.FLAT_NORMALDISPLAY)
    page.close()
    return document[number]
