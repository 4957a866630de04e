"""Pictures set into a document: the tables of the form that they show, read as scans are.

A picture is looked at only where the document lacks tables of the form, and read only where it shows ruling
lines. Without the extra for OCR all is left as it is.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar
from urllib.parse import unquote_to_bytes

from extract.errors import UnreadableFile
from extract.read.evidence import is_form
from extract.read.layout import Picture
from extract.report import Grid, Paragraph

TABLES = 3  # of the form: a report that has them all needs no picture read
MOST_READ = 8  # pictures of one file; the three tables over several pages are some six
MOST_PAGES = 40  # pictures of a file that holds nothing else

_DATA_PICTURE = re.compile(r"data:image/[\w.+-]{1,20};base64,([A-Za-z0-9+/=%\s]*)", re.IGNORECASE)

Other = TypeVar("Other")
Find = Callable[[str], bytes | None]


def read_pictures(
    blocks: Sequence[Other | Picture], find: Find, own: Callable[[Picture, Paragraph | Grid], Other]
) -> Iterator[Other | Picture]:
    """The blocks with the tables of the form that are there as pictures read, other pictures as they are.

    `find` gives the bytes of a picture by its `part`, None where the file does not hold it; `own` makes what
    was read a block of the document's own kind, in the place of its picture.
    """
    tables = sum(isinstance(block, Grid) and is_form(block) for block in blocks)
    left = MOST_READ if tables < TABLES else 0
    for block in blocks:
        found: Sequence[Paragraph | Grid] | None = None
        if left and isinstance(block, Picture) and block.part:
            found = _read_tables(find, block.part)
            left -= found is not None
        if found and isinstance(block, Picture):
            yield from (own(block, one) for one in found)
        else:
            yield block


def _read_tables(find: Find, part: str) -> Sequence[Paragraph | Grid] | None:
    """What a picture with a table of the form shows, nothing of any other; None where it is not held."""
    from extract.read.ocr import read_embedded

    try:
        data = find(part)
        if data is None:
            return None
        found = read_embedded(data, part)
    except UnreadableFile:  # a report is not lost for a picture in it
        return ()
    return found if any(isinstance(block, Grid) and is_form(block) for block in found) else ()


def read_as_pages(pictures: Sequence[Picture], find: Find, path: str) -> tuple[Paragraph | Grid, ...]:
    """What stands in the pictures of a document that has nothing else: the scanned pages of a report.

    Nothing where the document does not hold them. Raises `UnreadableFile` where the extra is missing or the
    pictures are damaged.
    """
    from extract.read.ocr import read_pages

    held = (find(picture.part) for picture in pictures[:MOST_PAGES] if picture.part)
    pages = [data for data in held if data is not None]
    return read_pages(pages, path) if pages else ()


def set_pictures_apart(text: str) -> tuple[Find, str]:
    """The pictures that are set into a page's source itself, by a short address; the source with these.

    >>> find, page = set_pictures_apart('<img src="data:image/png;base64,aGE=">')
    >>> page, find("data:0"), find("ha.png")
    ('<img src="data:0">', b'ha', None)
    """
    held: list[str] = []

    def shorten(match: re.Match[str]) -> str:
        held.append(match[1])
        return f"data:{len(held) - 1}"

    def find(address: str) -> bytes | None:
        number = address.removeprefix("data:")
        if number == address or not number.isdecimal() or int(number) >= len(held):
            return None
        try:
            return a2b_base64(unquote_to_bytes(held[int(number)]))
        except Error:
            return None

    return find, _DATA_PICTURE.sub(shorten, text) if "data:" in text else text
