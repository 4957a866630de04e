"""The files in an archive (ZIP, tar, either packed by gzip) with their names, each unpacked when asked for.

Nothing is written to disk, and a name is a name and never a place: links and devices are passed over.
"""

from __future__ import annotations

import contextlib
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

from extract.errors import UnreadableFile
from extract.read.gzipped import peek, unpack
from extract.read.kind import find_kind
from extract.read.ooxml import ZIP_DAMAGE

ZIP = "application/zip"
TAR = "application/x-tar"
GZIP = "application/gzip"
MAX_MEMBERS = 2_000
MAX_MEMBER = 100 * 2**20  # bytes of a member unpacked
MAX_RATIO = 200  # unpacked to packed bytes, of a member beyond 4 MB
_SMALL = 4 * 2**20
_TAR_DAMAGE = (tarfile.TarError, EOFError, OSError, ValueError, OverflowError, IndexError, struct.error)
_UNICODE_PATH = 0x7075  # extra field with the name in UTF-8. Source: APPNOTE.TXT, 4.6.9


class Entry(NamedTuple):
    """A file in an archive; `read` takes how messages name it, and the bytes that are read at most."""

    name: str
    read: Callable[[str, int], bytes]


def find_archive(data: bytes, kind: str, path: str) -> tuple[bytes, str] | None:
    """An archive and its kind: the bytes themselves, or what gzip packed in them; None where it is none."""
    if kind == GZIP:
        kind = find_kind(peek(data))
        return (unpack(data, path), kind) if kind in (ZIP, TAR) else None
    return (data, kind) if kind in (ZIP, TAR) else None


def list_entries(data: bytes, kind: str, place: str) -> list[Entry]:
    """The files of an archive; `UnreadableFile` where it is damaged or holds more than `MAX_MEMBERS`."""
    entries: list[Entry] = []
    for entry in _list_tar(data, place) if kind == TAR else _list_zip(data, place):
        entries.append(entry)
        if len(entries) > MAX_MEMBERS:
            raise UnreadableFile(place, f"more than {MAX_MEMBERS:,} files in the archive: unpack it first")
    return entries


# ---- ZIP --------------------------------------------------------------------------------------------------


def _list_zip(data: bytes, place: str) -> Iterator[Entry]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except ZIP_DAMAGE as error:
        raise UnreadableFile(place, "the ZIP archive is damaged or cut off: fetch it again") from error
    for info in infos:
        yield Entry(decode_name(info), _ZipMember(archive, info).read)


class _ZipMember(NamedTuple):
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    def read(self, place: str, limit: int) -> bytes:
        """The bytes of the member, within bounds."""
        archive, info = self
        if info.flag_bits & 1:
            raise UnreadableFile(place, "is protected by a password: unpack it first")
        bomb = info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        if bomb or info.file_size > MAX_MEMBER:
            raise UnreadableFile(place, f"unpacks to {info.file_size:,} bytes: taken for a bomb")
        limit = min(limit, info.file_size)
        try:
            with archive.open(info) as member:
                content = member.read(limit + 1)
        except ZIP_DAMAGE as error:
            raise UnreadableFile(place, "is damaged in its archive: fetch it again") from error
        if len(content) > limit:
            raise UnreadableFile(
                place, "unpacks to more than it says or than is read at once: unpack it first"
            )
        return content


def decode_name(info: zipfile.ZipInfo) -> str:
    """The name of a member as its maker wrote it: UTF-8 where it says so or is so, else GB18030.

    Line ends and other controls in it become blanks.
    """
    name = _find_unicode_path(info.extra) or info.orig_filename
    if not info.flag_bits & 0x800 and name == info.orig_filename and not name.isascii():
        with contextlib.suppress(UnicodeEncodeError):
            name = _decode(name.encode("cp437")) or name
    return _clean(name)


def _find_unicode_path(extra: bytes) -> str | None:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == _UNICODE_PATH and size > 5:
            try:
                return extra[at + 9 : at + 4 + size].decode("utf-8")
            except UnicodeDecodeError:
                return None
        at += 4 + size
    return None


# ---- tar --------------------------------------------------------------------------------------------------


def _list_tar(data: bytes, place: str) -> Iterator[Entry]:
    """The plain files of a tar archive; of one that is cut off, those before and one that says so."""
    reached = -1
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:", errors="surrogateescape") as archive:
            while (info := archive.next()) is not None:
                if archive.offset <= reached or info.size < 0:  # sizes below nought lead back for ever
                    raise UnreadableFile(place, "the tar archive is damaged or made to be endless")
                reached = archive.offset
                vars(archive)["members"] = []  # it keeps all that it has met
                if info.isreg():
                    yield Entry(_decode_tar_name(info.name), _TarMember(data, info).read)
    except _TAR_DAMAGE as error:
        if reached < 0:
            reason = "the tar archive is damaged or cut off: fetch it again"
            raise UnreadableFile(place, reason) from error
    if any(data[reached : reached + tarfile.BLOCKSIZE]):  # nothing but an empty block may follow
        yield Entry("(rest)", _read_rest)


def _read_rest(place: str, limit: int) -> bytes:
    raise UnreadableFile(place, "the archive is damaged or cut off from here on: fetch it again")


class _TarMember(NamedTuple):
    data: bytes
    info: tarfile.TarInfo

    def read(self, place: str, limit: int) -> bytes:
        """The bytes of the member, within bounds."""
        start, size = self.info.offset_data, self.info.size
        if self.info.issparse():
            raise UnreadableFile(place, "is a sparse file: unpack it first")
        if size > min(limit, MAX_MEMBER):
            raise UnreadableFile(
                place, f"unpacks to {size:,} bytes, more than is read at once: unpack it first"
            )
        if start < 0 or start + size > len(self.data):
            raise UnreadableFile(place, "is cut off in its archive: fetch it again")
        return self.data[start : start + size]


def _decode_tar_name(name: str) -> str:
    """The name as its maker wrote it; tar says of no name how it is encoded."""
    try:
        return _clean(_decode(name.encode("utf-8", "surrogateescape")) or name)
    except UnicodeEncodeError:
        return _clean(name)


# ---- names ------------------------------------------------------------------------------------------------


def _decode(raw: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _clean(name: str) -> str:
    """A name that is no place: without steps up, drives and controls."""
    name = "".join(char if char.isprintable() else " " for char in name.replace("\\", "/"))
    return "/".join(part for part in name.split("/") if part not in ("", ".", "..")) or "unnamed"
