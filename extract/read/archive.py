"""Archives to the documents of their members, in the order of their names.

A report whose tables come in a file of their own is joined with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from extract.errors import UnreadableFile
from extract.read.member import Member
from extract.read.packed import MAX_MEMBER, MAX_MEMBERS, Entry, find_archive, list_entries

MAX_TOTAL = 1_000 * 2**20  # bytes of all members unpacked; one is held at a time
MAX_DEPTH = 3  # archives within archives
# Files that lie beside a saved page or are made by a system: not reports, and not worth a message each.
_BESIDE = (
    *(".css", ".js", ".ico", ".gif", ".svg", ".woff", ".ttf"),
    *(".db", ".ini", ".url", ".lnk", ".ds_store", ".tmp", ".bak", ".crdownload"),
)
# hidden ones and resource forks; the lock file that Word, Excel and WPS leave beside an open document
_BESIDE_STARTS = (".", "~$", "~wrl", "~wrd")


@dataclass(slots=True)
class _Budget:
    members: int = MAX_MEMBERS
    total: int = MAX_TOTAL


def read_archive(data: bytes, path: str, kind: str) -> Iterator[Member]:
    """The members of an archive of that kind as documents, an error in the place of each that cannot be read.

    Raises `UnreadableFile` where the archive itself is damaged, or beyond bounds.
    """
    from extract.read.annex import join_annexes

    found = list(_read_members(data, kind, path, "", 1, _Budget()))
    if not found:
        raise UnreadableFile(path, "the archive holds no file that could be a report")
    yield from join_annexes(found)


def _read_members(
    data: bytes, kind: str, path: str, within: str, depth: int, budget: _Budget
) -> Iterator[Member]:
    """The members of an archive: the one at `path`, or the member `within` of it, named with its /."""
    place = f"{path}!{within.rstrip('/')}" if within else path
    entries = list_entries(data, kind, place)
    budget.members -= len(entries)
    if budget.members < 0:
        raise UnreadableFile(place, f"more than {MAX_MEMBERS:,} files in the archive: unpack it first")
    named = sorted((within + entry.name, number, entry) for number, entry in enumerate(entries))
    for name, _, entry in named:
        if not _is_beside(name):
            yield from _read_member(entry, path, name, depth, budget)


def _read_member(entry: Entry, path: str, name: str, depth: int, budget: _Budget) -> Iterator[Member]:
    from extract.read import read_document
    from extract.read.kind import find_kind

    place = f"{path}!{name}"
    digest = hashlib.sha256(b"").hexdigest()
    try:
        content = entry.read(place, min(MAX_MEMBER, budget.total))
        budget.total -= len(content)
        digest = hashlib.sha256(content).hexdigest()
        inner = find_archive(content, find_kind(content), place) if content else None
        if inner is None:
            yield Member(name, digest, read_document(content, place))
            return
        if depth >= MAX_DEPTH:
            raise UnreadableFile(
                place, f"archives within archives, more than {MAX_DEPTH} deep: unpack them first"
            )
        if inner[0] is not content:
            budget.total -= len(inner[0])
        if budget.total < 0:
            raise UnreadableFile(
                place, f"unpacks, with the others, to more than {MAX_TOTAL:,} bytes: unpack it first"
            )
        yield from _read_members(*inner, path, f"{name}/", depth + 1, budget)
    except UnreadableFile as error:
        yield Member(name, digest, error)


def _is_beside(name: str) -> bool:
    """Whether a file is none that was published: made by a system, hidden, or a part of a saved page."""
    *folders, leaf = name.split("/")
    leaf = leaf.lower()
    return leaf.startswith(_BESIDE_STARTS) or leaf.endswith(_BESIDE) or "__MACOSX" in folders
