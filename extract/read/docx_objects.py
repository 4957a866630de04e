"""Workbooks and texts that are set into a Word file as objects: the tables that they show.

Word keeps the whole file behind each object, and a picture of what it shows. Of a workbook that is the sheet
on top, and of it the part in its window; a file behind an icon shows nothing, and counts as an annex does.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from extract.errors import UnreadableFile
from extract.read.evidence import is_form
from extract.read.kind import DOCX, XLS, XLSX, find_kind
from extract.read.layout import Block, Embedded
from extract.read.ooxml import Package
from extract.read.pictures import TABLES
from extract.report import Grid, Paragraph

MOST_READ = 20  # objects of one file
_OLE_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = ("Package", "\x01Ole10Native", "CONTENTS")  # of a compound file that hold another file
_HEAD = 4096  # bytes of a stream in which the file in it begins: what stands before is its name
# What xlrd lets through on a damaged compound file.
_DAMAGE = (AssertionError, AttributeError, LookupError, OSError, TypeError, ValueError, struct.error)


def find_object(element: Any, relations: Mapping[str, tuple[str, str]]) -> Embedded | None:
    """The file behind w:object; None where it is a link, or a drawing that only looks like one."""
    for one in element.iter(_OLE_OBJECT):
        _, part = relations.get(one.get(_RELATION_ID) or "", ("", ""))
        if part and one.get("Type") != "Link":
            return Embedded(part=part, icon=one.get("DrawAspect") == "Icon")
    return None


def read_object(embedded: Embedded, package: Package) -> Sequence[Paragraph | Grid]:
    """What an object shows, where that is a table; nothing where it is damaged or of another kind."""
    try:
        data = unwrap(package.read(embedded.part))
        found = _read_file(data, package.path, whole=embedded.icon)
    except UnreadableFile:  # a report is not lost for an object in it
        return ()
    return found if any(isinstance(block, Grid) for block in found) else ()


def _read_file(data: bytes, path: str, *, whole: bool) -> Sequence[Paragraph | Grid]:
    from extract.read.docx import read_docx
    from extract.read.spreadsheet import read_top_sheet, read_xls, read_xlsx

    kind = find_kind(data) if data else ""
    if kind == DOCX:
        return read_docx(data, path, inside=True).blocks
    if kind not in (XLSX, XLS):
        return ()
    if whole:
        return (read_xlsx if kind == XLSX else read_xls)(data, path).blocks
    return read_top_sheet(data, path, kind)


def add_annexes(blocks: Sequence[Block], package: Package) -> list[Block]:
    """The blocks, files behind icons read where they hold tables of the form that the document lacks."""
    lacking = sum(isinstance(block, Grid) and is_form(block) for block in blocks) < TABLES
    read: list[Block] = []
    for block in blocks:
        if not isinstance(block, Embedded):
            read.append(block)
        elif lacking:
            grids = [one for one in read_object(block, package) if isinstance(one, Grid)]
            read += grids if any(map(is_form, grids)) else []
    return read


def unwrap(data: bytes) -> bytes:
    """The file in a compound file that only carries it; the bytes themselves where they are that file."""
    if not data.startswith(_OLE) or find_kind(data) == XLS:
        return data
    try:
        from xlrd.compdoc import CompDoc, CompDocError
    except ImportError:
        return b""
    try:
        compound = CompDoc(data, logfile=io.StringIO())
        streams = [compound.get_named_stream(name) for name in _STREAMS]
    except (CompDocError, *_DAMAGE):
        return b""
    held = bytes(next((stream for stream in streams if stream), b""))
    starts = [at for mark in (b"PK\x03\x04", _OLE) if (at := held.find(mark, 0, _HEAD)) >= 0]
    return held[min(starts) :] if starts else b""
