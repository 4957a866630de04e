"""Bytes to Document: one module a container format, listed in READERS."""

from __future__ import annotations

import hashlib
from importlib import import_module
from typing import TYPE_CHECKING

from extract.errors import UnreadableFile, blame_program
from extract.read.kind import find_kind
from extract.read.member import Member

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from extract.report import Document

_OFFICE = "application/vnd.openxmlformats-officedocument"

# Media type → module and function (data: bytes, path: str) -> Document; the module loads at first use.
READERS = {
    "text/plain": "extract.read.text:read_text",
    "text/markdown": "extract.read.text:read_text",
    "text/html": "extract.read.html:read_html",
    "application/xhtml+xml": "extract.read.html:read_html",
    "multipart/related": "extract.read.mht:read_mht",
    f"{_OFFICE}.wordprocessingml.document": "extract.read.docx:read_docx",
    "application/pdf": "extract.read.pdf:read_pdf",
    "application/ofd": "extract.read.ofd:read_ofd",
    "application/msword": "extract.read.office:read_doc",
    "application/vnd.ms-works": "extract.read.office:read_doc",
    "application/rtf": "extract.read.office:read_rtf",
    "application/vnd.oasis.opendocument.text": "extract.read.odt:read_odt",
    "application/vnd.oasis.opendocument.text-template": "extract.read.odt:read_odt",
    "application/vnd.oasis.opendocument.text-flat-xml": "extract.read.odt:read_odt",
    f"{_OFFICE}.spreadsheetml.sheet": "extract.read.spreadsheet:read_xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "extract.read.ods:read_ods",
    "application/vnd.oasis.opendocument.spreadsheet-template": "extract.read.ods:read_ods",
    "application/vnd.oasis.opendocument.spreadsheet-flat-xml": "extract.read.ods:read_ods",
    "application/vnd.ms-excel": "extract.read.spreadsheet:read_xls",
    "application/vnd.ms-word.2003-xml": "extract.read.office:read_word_xml",
    "application/vnd.ms-word.flat-opc": "extract.read.office_xml:read_flat_docx",
    "application/vnd.ms-excel.2003-xml": "extract.read.office_xml:read_spreadsheet_xml",
    "application/gzip": "extract.read.gzipped:read_gzip",
    "image/png": "extract.read.ocr:read_picture",
    "image/jpeg": "extract.read.ocr:read_picture",
    "image/tiff": "extract.read.ocr:read_picture",
    "image/bmp": "extract.read.ocr:read_picture",
}

ARCHIVES = ("application/zip", "application/x-tar", "application/gzip")  # of the last, those that hold one

# Kinds that are told apart only to say what to do about them.
_REASONS = {
    "application/x-ole-encrypted": "is protected by a password: save it without one",
    "application/vnd.rar": "is a RAR archive: unpack it and read the files in it",
    "application/x-7z-compressed": "is a 7z archive: unpack it and read the files in it",
    "application/zip": "is a ZIP archive with files in it: give it to the command, or unpack it",
    "application/x-tar": "is a tar archive with files in it: give it to the command, or unpack it",
    "application/x-executable": "is a program, not a report",
    f"{_OFFICE}.presentationml.presentation": "holds slides, not a report: save it as PDF",
}

_BINARY = (
    ".doc",
    ".docx",
    ".wps",
    ".pdf",
    ".xls",
    ".xlsx",
    ".ofd",
    ".odt",
    ".ods",
    ".rtf",
)  # what such names promise
_LEAST = 200  # bytes; a longer text under such a name may be one that was saved as text


def read_document(
    data: bytes, path: str, media_type: str | None = None, *, kind: str | None = None
) -> Document:
    """What the reader for this kind of file makes of it.

    The kind is found by content, unless `kind` says what that shows; `media_type` overrides it. Raises
    `UnreadableFile` where the file is empty, of a kind that no reader is for, or not to be read as that.
    """
    if not data:
        raise UnreadableFile(path, "the file is empty: fetch it again")
    if media_type is None:
        media_type = kind or find_kind(data)
        if media_type == "application/octet-stream":  # the text reader says best why it is no text
            media_type = "text/plain"
        if (
            media_type in ("text/plain", "application/zip")
            and len(data) < _LEAST
            and path.lower().endswith(_BINARY)
        ):
            raise UnreadableFile(
                path, f"is damaged or cut off: {len(data)} bytes, and none of its kind of file"
            )
    return load_reader(media_type, path)(data, path)


def read_documents(
    data: bytes, path: str, media_type: str | None = None
) -> Iterator[tuple[str | None, Document | UnreadableFile]]:
    """(name inside the archive, document) of each document in a file; one with None where it is no archive.

    What cannot be read comes as its error, in its place.
    """
    for member in read_members(data, path, media_type):
        yield member.name, member.document


def read_members(
    data: bytes, path: str, media_type: str | None = None, *, kind: str | None = None
) -> Iterator[Member]:
    """As `read_documents`, with the hash of each document's bytes; `kind` as for `read_document`."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        kind = media_type or kind or find_kind(data)
        archive = _find_archive(data, kind, path) if kind in ARCHIVES and data else None
        if archive is not None:
            from extract.read.archive import read_archive

            yield from read_archive(archive[0], path, archive[1])
        else:
            yield Member(None, digest, read_document(data, path, media_type, kind=kind))
    except UnreadableFile as error:
        yield Member(None, digest, error)
    except MemoryError:  # of this process, which has a limit: that is told by who set it
        raise
    except Exception as error:  # noqa: BLE001 - one file must not end a batch
        yield Member(None, digest, blame_program(path, error))


def _find_archive(data: bytes, kind: str, path: str) -> tuple[bytes, str] | None:
    from extract.read.packed import find_archive

    return find_archive(data, kind, path)


def load_reader(media_type: str, path: str) -> Callable[[bytes, str], Document]:
    """The reader of a kind of file; `UnreadableFile` where there is none."""
    home = READERS.get(media_type)
    if home is None:
        raise UnreadableFile(
            path, _REASONS.get(media_type, f"is of a kind that is not read here ({media_type})")
        )
    module, _, function = home.partition(":")
    reader: Callable[[bytes, str], Document] = getattr(import_module(module), function)
    return reader
