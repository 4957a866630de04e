"""ZIP archives to the documents of their members, in the order of their names.

A report whose tables come in a file of their own is joined with them. Nothing is unpacked to disk, so a
member's name is a name and never a place.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from extract.errors import UnreadableFile
from extract.read.member import ARCHIVE, Member

MAX_MEMBERS = 2_000
MAX_MEMBER = 100 * 2**20  # bytes of a member unpacked
MAX_TOTAL = 1_000 * 2**20  # bytes of all members unpacked; one is held at a time
MAX_RATIO = 200  # unpacked to packed bytes, of a member beyond 4 MB
MAX_DEPTH = 3  # archives within archives
_SMALL = 4 * 2**20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    struct.error,
)
# Files that lie beside a saved page or are made by a system: not reports, and not worth a message each.
_BESIDE = (
    *(".css", ".js", ".ico", ".gif", ".svg", ".woff", ".ttf"),
    *(".db", ".ini", ".url", ".lnk", ".ds_store", ".tmp", ".bak", ".crdownload"),
)
# hidden ones and resource forks; the lock file that Word, Excel and WPS leave beside an open document
_BESIDE_STARTS = (".", "~$", "~wrl", "~wrd")
_UNICODE_PATH = 0x7075  # extra field with the name in UTF-8. Source: APPNOTE.TXT, 4.6.9


@dataclass(slots=True)
class _Budget:
    members: int = MAX_MEMBERS
    total: int = MAX_TOTAL


def read_archive(data: bytes, path: str) -> Iterator[Member]:
    """The members of an archive as documents, an error in the place of each that cannot be read.

    Raises `UnreadableFile` where the archive itself is damaged, or beyond bounds.
    """
    from extract.read.annex import join_annexes

    found = list(_read_members(data, path, "", 1, _Budget()))
    if not found:
        raise UnreadableFile(path, "the archive holds no file that could be a report")
    yield from join_annexes(found)


def _read_members(data: bytes, path: str, within: str, depth: int, budget: _Budget) -> Iterator[Member]:
    """The members of an archive: the one at `path`, or the member `within` of it, named with its /."""
    place = f"{path}!{within.rstrip('/')}" if within else path
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except _DAMAGE as error:
        raise UnreadableFile(place, "the ZIP archive is damaged or cut off: fetch it again") from error
    budget.members -= len(infos)
    if budget.members < 0:
        raise UnreadableFile(place, f"more than {MAX_MEMBERS:,} files in the archive: unpack it first")
    named = sorted((within + decode_name(info), number, info) for number, info in enumerate(infos))
    for name, _, info in named:
        if not _is_beside(name):
            yield from _read_member(archive, info, path, name, depth, budget)


def _read_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, name: str, depth: int, budget: _Budget
) -> Iterator[Member]:
    from extract.read import read_document
    from extract.read.kind import find_kind

    place = f"{path}!{name}"
    digest = hashlib.sha256(b"").hexdigest()
    try:
        content = _unpack(archive, info, place, budget)
        digest = hashlib.sha256(content).hexdigest()
        if content and find_kind(content) == ARCHIVE:
            if depth >= MAX_DEPTH:
                raise UnreadableFile(place, f"archives within archives, more than {MAX_DEPTH} deep")
            yield from _read_members(content, path, f"{name}/", depth + 1, budget)
        else:
            yield Member(name, digest, read_document(content, place))
    except UnreadableFile as error:
        yield Member(name, digest, error)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str, budget: _Budget) -> bytes:
    """The bytes of a member, within bounds."""
    if info.flag_bits & 1:
        raise UnreadableFile(place, "is protected by a password: unpack it first")
    bomb = info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1)
    if bomb or info.file_size > MAX_MEMBER:
        raise UnreadableFile(place, f"unpacks to {info.file_size:,} bytes: taken for a bomb")
    limit = min(MAX_MEMBER, budget.total, info.file_size)
    try:
        with archive.open(info) as member:
            content = member.read(limit + 1)
    except _DAMAGE as error:
        raise UnreadableFile(place, "is damaged in its archive: fetch it again") from error
    budget.total -= len(content)
    if len(content) > limit:
        raise UnreadableFile(place, "unpacks to more than it says or than is read at once: unpack it first")
    return content


def decode_name(info: zipfile.ZipInfo) -> str:
    """The name of a member as its maker wrote it: UTF-8 where it says so or is so, else GB18030.

    Line ends and other controls in it become blanks.
    """
    name = _find_unicode_path(info.extra) or info.orig_filename
    if not info.flag_bits & 0x800 and name == info.orig_filename and not name.isascii():
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding) or name
                break
            except UnicodeDecodeError:
                continue
    name = "".join(char if char.isprintable() else " " for char in name.replace("\\", "/"))
    return "/".join(part for part in name.split("/") if part not in ("", ".", "..")) or "unnamed"


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


def _is_beside(name: str) -> bool:
    """Whether a file is none that was published: made by a system, hidden, or a part of a saved page."""
    *folders, leaf = name.split("/")
    leaf = leaf.lower()
    return leaf.startswith(_BESIDE_STARTS) or leaf.endswith(_BESIDE) or "__MACOSX" in folders
