"""A file packed by gzip, as a web server sends pages and a crawler keeps them, to the Document in it."""

from __future__ import annotations

import zlib

from extract.errors import UnreadableFile
from extract.report import Document

MAX_BYTES = 100 * 2**20  # unpacked
MAX_RATIO = 200  # unpacked to packed bytes, beyond 4 MB
_HEAD = 65_536  # bytes that tell a kind
_SMALL = 4 * 2**20
_GZIP = 16 + zlib.MAX_WBITS  # tells zlib that a gzip head stands before
_ARCHIVES = ("application/gzip", "application/x-tar", "application/zip")


def read_gzip(data: bytes, path: str) -> Document:
    """The one file that is packed; `UnreadableFile` where it is damaged, a bomb, or an archive itself."""
    from extract.read import read_document
    from extract.read.kind import find_kind

    content = unpack(data, path)
    kind = find_kind(content) if content else ""
    if kind in _ARCHIVES:
        raise UnreadableFile(
            path, "is an archive packed by gzip, with files in it: give it to the command, or unpack it"
        )
    return read_document(content, path, kind=kind or None)


def peek(data: bytes) -> bytes:
    """The beginning of what was packed, enough to tell its kind; nothing where that is damaged."""
    try:
        return zlib.decompressobj(_GZIP).decompress(data[:_HEAD], _HEAD)
    except zlib.error:
        return b""


def unpack(data: bytes, path: str) -> bytes:
    """What was packed, within bounds; of a file that is cut off, what is there."""
    limit = max(_SMALL, min(MAX_BYTES, MAX_RATIO * len(data)))
    parts: list[bytes] = []
    size = 0
    while data.startswith(b"\x1f\x8b"):  # several packed files one after another are one
        unpacker = zlib.decompressobj(_GZIP)
        try:
            part = unpacker.decompress(data, limit + 1 - size)
        except zlib.error as error:
            raise UnreadableFile(path, "the gzip file is damaged: fetch it again") from error
        size += len(part)
        if size > limit:
            raise UnreadableFile(path, f"unpacks to more than {limit:,} bytes: taken for a bomb")
        parts.append(part)
        data = unpacker.unused_data
    return b"".join(parts)
