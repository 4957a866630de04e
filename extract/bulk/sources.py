"""What the user named → the files to read, with what tells whether one has changed.

A source is known by its path from the name of the folder that was given (`reports/2023/a.html`), so that
a dataset is the same wherever the folder lies; a file that was named itself, by that name.
"""

from __future__ import annotations

import glob
import heapq
import json
import os
import posixpath
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from itertools import groupby, islice
from typing import Any

import msgspec

from extract.errors import GongkaiError
from extract.read.annex import may_be_pair
from extract.sources import find_sources, is_passed_over, is_there, tell
from extract.store.files import Place
from extract.store.journal import FOLDER
from extract.store.output import explain_place

MISSING = -1  # the size of a source that is not there
_ROOTS = f"{FOLDER}/roots"  # JSON: name of each folder that was read → where it lay


class SourceFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file to read: path in the dataset, place, bytes, nanoseconds since 1970 (0: unknown).

    `paired`: it and one other are the only two of their folder, and may by their names be halves of a report.
    """

    path: str
    place: str
    size: int
    modified: int
    paired: bool = False


class Roots:
    """The folders that were named, by the name that stands in paths; a file stands for itself.

    `leave` is a file that is no source though it lies among them: the user's list of agencies.
    """

    def __init__(self, names: Sequence[str], leave: str | None = None) -> None:
        self.names = tuple(names)
        self._leave = None if leave is None else _whole(leave)
        folders = {name: _whole(name) for name in names if _is_folder(name)}
        self.label_of = _label(folders)
        self.folder_of = {label: name for name, label in self.label_of.items()}
        self._odd: dict[str, str] = {}

    def list(self) -> Iterator[SourceFile]:
        """Every source, in a stable order, none twice, those of a folder one after another.

        A name that stands for nothing is none: see `missing`.
        """
        return mark_pairs(self._list_once())

    def _list_once(self) -> Iterator[SourceFile]:
        seen: set[bytes] = set()
        several, nested = len(self.names) > 1, self._are_nested
        absent = set(self.missing)
        for name in self.names:
            for source in () if name in absent else self._list_one(name):
                if several:
                    known = [source.path, os.path.realpath(source.place)] if nested else [source.path]
                    keys = {blake2b(os.fsencode(one), digest_size=8).digest() for one in known}
                    if seen & keys:
                        continue
                    seen |= keys
                yield source

    @cached_property
    def _are_nested(self) -> bool:
        """Whether a name of this machine lies within a folder that was named too."""
        folders = {_whole(name) for name in self.folder_of.values() if not is_url(name)}
        if not folders:
            return False
        local = (name for name in self.names if not is_url(name))
        return any(glob.has_magic(name) or _is_within(_whole(name), folders) for name in local)

    def _list_one(self, name: str) -> Iterator[SourceFile]:
        label = self.label_of.get(name)
        if is_url(name):
            yield from _list_remote(name, label)
            return
        places: Iterable[str] = find_sources([name])
        for place in sorted(places, key=os.path.dirname) if label is None else places:
            if self._is_left(place):
                continue
            path = os.path.normpath(place) if label is None else os.path.relpath(place, name)
            yield self._stat(_join(label, path.replace(os.sep, "/")), place)

    def _is_left(self, place: str) -> bool:
        if self._leave is None or os.path.basename(place) != os.path.basename(self._leave):
            return False
        return _whole(place) == self._leave

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The names that stand for nothing on this machine; what lies elsewhere is not asked for."""
        return tuple(name for name in self.names if not is_url(name) and not is_there(name))

    def _stat(self, path: str, place: str) -> SourceFile:
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        if shown != path:
            self._odd[shown] = place
        return stat_source(shown, place)

    def locate(self, path: str) -> str:
        """Where a source lies that is known by its path."""
        label, _, rest = path.partition("/")
        folder = self.folder_of.get(label)
        return self._odd.get(path) or (f"{folder.rstrip('/')}/{rest}" if folder and rest else path)

    def cover(self, path: str) -> bool:
        """Whether a path would have been listed if it were there: it, or its folder, was named."""
        if path.partition("/")[0] in self.folder_of:
            return True
        return path in self._missing_paths

    @cached_property
    def _missing_paths(self) -> frozenset[str]:
        return frozenset(os.path.normpath(name).replace(os.sep, "/") for name in self.missing)

    def check(self, out: Place) -> None:
        """Raises `GongkaiError` where another folder of the same name is in the dataset already."""
        known: dict[str, str] = json.loads(out.read(_ROOTS)) if out.exists(_ROOTS) else {}
        for label, folder in self.folder_of.items():
            before = known.get(label)
            if before and before != _whole(folder) and _is_folder(before):
                raise GongkaiError(
                    f"{folder}: the dataset has the reports of {before} under the same name {label!r}: "
                    "name the folder above it, or choose another output"
                )
        for label, folder in self.folder_of.items():
            for name, other in known.items():
                if not is_url(other) and _is_folder(other) and _overlap(_whole(folder), other):
                    tell(
                        folder,
                        f"the dataset has reports of {other} under the name {name!r}: "
                        f"what is in both is read again as {label!r} and stands in it twice",
                    )
        found = known | {label: _whole(folder) for label, folder in self.folder_of.items()}
        out.write(_ROOTS, json.dumps(found, indent=1).encode())


def mark_pairs(sources: Iterable[SourceFile]) -> Iterator[SourceFile]:
    """The sources, those marked that are alone with one other in their folder; three are held at most."""
    for _, folder in groupby(sources, key=folder_of):
        yield from _mark_pair(folder)


def _mark_pair(folder: Iterator[SourceFile]) -> Iterator[SourceFile]:
    first = list(islice(folder, 3))
    if len(first) == 2 and may_be_pair(first[0].path, first[1].path):
        first = [msgspec.structs.replace(source, paired=True) for source in first]
    yield from first
    yield from folder


def folder_of(source: SourceFile) -> str:
    """The folder in which a source lies, by its path in the dataset."""
    return source.path.rpartition("/")[0]


def choose(sources: Iterable[SourceFile], limit: int | None, sample: int | None) -> Iterable[SourceFile]:
    """The first `limit`, or `sample` drawn by lot: the same on every run, and part of a larger lot."""
    if sample is not None:
        numbered = enumerate(sources)
        drawn = heapq.nsmallest(sample, numbered, key=lambda one: (_lot(one[1].path), one[0]))
        sources = (source for _, source in sorted(drawn, key=lambda one: one[0]))
    return sources if limit is None else islice(sources, limit)


def _lot(path: str) -> bytes:
    return blake2b(path.encode(), digest_size=8, key=b"gongkai sample").digest()


def stat_source(path: str, place: str) -> SourceFile:
    """A source as it is now; of size `MISSING` where it is not there."""
    try:
        if is_url(place):
            found = _open(place)
            return _describe(path, place, found.fs.info(found.root))
        known = os.stat(place)
    except (OSError, ValueError):
        return SourceFile(path, place, MISSING, 0)
    return SourceFile(path, place, known.st_size, known.st_mtime_ns)


def read_source(place: str) -> bytes:
    """The bytes of a source. Raises `UnreadableFile` with the reason in words."""
    from extract.pipeline import read_bytes

    if not is_url(place):
        return read_bytes(place)
    from extract.errors import UnreadableFile

    try:
        found = _open(place)
        content: bytes = found.fs.cat_file(found.root)
    except FileNotFoundError:
        raise UnreadableFile(place, "no such file") from None
    except OSError as error:
        raise UnreadableFile(place, error.strerror or str(error)) from error
    return content


def is_url(name: str) -> bool:
    """Whether a name is one that fsspec opens rather than a path of this machine."""
    return "://" in name


def _open(name: str) -> Place:
    try:
        return Place(name)
    except (ImportError, ValueError) as error:  # an unknown protocol, or a package that is not installed
        raise GongkaiError(f"{name}: {error}") from error


def _is_folder(name: str) -> bool:
    if not is_url(name):
        return os.path.isdir(name)
    found = _open(name)
    try:
        return bool(found.fs.isdir(found.root))
    except Exception as error:  # every file system has its own: no credentials, no connection
        raise GongkaiError(f"{name}: {explain_place(error)}") from error


def _whole(name: str) -> str:
    return name.rstrip("/") if is_url(name) else os.path.realpath(name)


def _is_within(place: str, folders: Collection[str]) -> bool:
    """Whether a place lies below one of the folders; a folder is not below itself."""
    above = os.path.dirname(place)
    while above != place:
        if above in folders:
            return True
        place, above = above, os.path.dirname(above)
    return False


def _overlap(one: str, other: str) -> bool:
    return _is_within(one, (other,)) or _is_within(other, (one,))


def _label(folders: dict[str, str]) -> dict[str, str]:
    """The last part of each folder's path; more of it where two would be called the same."""
    depth, labels = 1, {}
    while True:
        labels = {name: "-".join(_parts(whole)[-depth:]) for name, whole in folders.items()}
        distinct = {(label, folders[name]) for name, label in labels.items()}
        if len({label for label, _ in distinct}) == len(distinct) or depth > 9:
            return labels
        depth += 1


def _parts(whole: str) -> list[str]:
    return [part for part in whole.split("://")[-1].replace(os.sep, "/").split("/") if part] or ["root"]


def _join(label: str | None, path: str) -> str:
    return path if label is None else f"{label}/{path}"


def _list_remote(name: str, label: str | None) -> Iterator[SourceFile]:
    found = _open(name)
    if label is None:
        matches = sorted(found.fs.glob(found.root), key=_by_folder) if "*" in name else [found.root]
        for path in matches:
            place = found.fs.unstrip_protocol(path)
            yield stat_source(place, place)
        return
    every = sorted(found.fs.find(found.root, detail=True).items(), key=lambda one: _by_folder(one[0]))
    datasets = _datasets([path for path, _ in every])
    for path, known in every:
        rest = path[len(found.root) :].lstrip("/")
        if not rest or is_passed_over(rest) or any(path.startswith(dataset) for dataset in datasets):
            continue
        if not any(part.startswith(".") for part in rest.split("/")):
            yield _describe(posixpath.join(label, rest), f"{name.rstrip('/')}/{rest}", known)


def _by_folder(path: str) -> tuple[str, str]:
    return path.rpartition("/")[0], path


def _datasets(paths: Sequence[str]) -> tuple[str, ...]:
    """The folders among `paths`, each with its slash, that are datasets and whose files are no reports."""
    held = {path.partition(f"/{FOLDER}/")[0] for path in paths if f"/{FOLDER}/" in path}
    there = set(paths)
    return tuple(f"{folder}/" for folder in held if f"{folder}/schema.json" in there)


def _describe(path: str, place: str, known: dict[str, Any]) -> SourceFile:
    when = next(
        (known[key] for key in ("mtime", "LastModified", "last_modified", "modified") if known.get(key)), 0
    )
    seconds = when.timestamp() if hasattr(when, "timestamp") else float(when)
    return SourceFile(path, place, int(known.get("size") or 0), int(seconds * 1e9))
