"""One chunk of sources → the files of one part: a plain function of plain values that runs anywhere.

The part does not count yet: whoever asked for it writes its entry. A chunk that takes long or grows large is
cut short; the sources that are left come back.
"""

from __future__ import annotations

import contextlib
import faulthandler
import hashlib
import os
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from extract.bulk.join import join_columns
from extract.bulk.known import digest, to_origin
from extract.bulk.merging import merge
from extract.bulk.sources import SourceFile, read_source
from extract.bulk.task import Done, Job, Task, families
from extract.errors import UnreadableFile
from extract.pipeline import BATCH, Read, describe, parse_safely
from extract.read.annex import join_beside
from extract.store.files import Place
from extract.store.journal import Entry, Origin, PartFile, read_entry
from extract.store.reading import read_part
from extract.store.rows import Failure
from extract.store.schema import ELEMENTS
from extract.store.tables import compact, to_tables
from extract.store.writing import write_tables

if TYPE_CHECKING:
    import pyarrow as pa

    from extract.classify import Classifier
    from extract.report import Report

SECONDS = 60.0  # after which a chunk is cut short: what a kill may cost
BYTES = 8 * 2**20  # of the tables of a part, with which it is cut short: what a worker may hold
_READING = 900.0  # seconds for one source: a scan of many pages; the readers themselves have narrower limits
_PARSING = 120.0  # seconds for a batch of documents, of which each takes some milliseconds
_GONE = -2  # size of a source that was not there when its part was renewed: whatever comes back is new


class _Found(NamedTuple):
    """A document of a source, on its way."""

    path: str
    member: str | None
    read: Read


def work(task: Task, job: Job) -> Done:
    """Read the sources of a chunk and write the files of its part. Raises `CannotWrite`."""
    place = Place(job.out)
    if task.merges:
        return merge(place, task.merges, job.own)
    chunk = _Chunk(job)
    for source, reason in task.poison:
        chunk.give_up(source, reason)
    left = chunk.read_all(task.sources)
    part = _name_part(task, job, chunk.origins)
    files, batches, origins = _keep(place, task, job)
    batches += chunk.batches
    for batch in batches:
        batch["reports"] = join_columns(batch["reports"], job.agencies, regions=job.regions, own=job.own)
    files += write_tables(place, part, batches, job.own)
    replaces = () if task.replaces is None else (task.replaces,)
    sources = (*origins, *chunk.origins)
    entry = Entry(part, job.version, job.settings, sources, files, replaces, job.joined)
    return Done(entry, len(chunk.origins), chunk.reports, tuple(chunk.failures), left)


def _name_part(task: Task, job: Job, origins: Sequence[Origin]) -> str:
    """The same for the same work; another for work that replaces a part, whatever that part was."""
    content = (job.version, job.settings, job.joined, job.taken, task.replaces, task.kept, tuple(origins))
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:16]


# ---- reading ---------------------------------------------------------------------------------------------


class _Chunk:
    """The rows of a chunk while it is read."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.model = _load_model(job.model)
        self.batches: list[dict[str, pa.Table]] = []
        self.origins: list[Origin] = []
        self.failures: list[tuple[str, str]] = []
        self.reports = 0

    def read_all(self, sources: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
        """Read source after source, a batch at a time, while there is time and room; what is left."""
        end = time.monotonic() + SECONDS
        waiting = deque(families(sources))
        while waiting:
            found: list[_Found] = []
            group: dict[SourceFile, str | None] = {}
            while waiting and len(found) < BATCH and (not group or time.monotonic() < end):
                for source in waiting.popleft():
                    group[source], documents = _read(source, self.job.media_type)
                    found += documents
            self._add(_join_halves(found, group), group)
            if time.monotonic() > end or sum(map(_size, self.batches)) > BYTES:
                break
        return tuple(chain.from_iterable(waiting))

    def _add(self, found: Sequence[_Found], group: Mapping[SourceFile, str | None]) -> None:
        """Parse the documents of some sources, given with the hash of their bytes, and keep their rows."""
        failed: set[str] = set()
        for start in range(0, len(found), BATCH):
            batch = found[start : start + BATCH]
            results = _parse([one.read for one in batch], self.model)
            rows = [self._to_row(one, result) for one, result in zip(batch, results, strict=True)]
            failed.update(row.path for row in rows if isinstance(row, Failure))
            self.reports += sum(not isinstance(row, Failure) for row in rows)
            self.batches.append(compact(to_tables(rows, own=self.job.own)))
        for source, content in group.items():
            self.origins.append(to_origin(source, content, failed=source.path in failed))

    def _to_row(self, found: _Found, result: Report | UnreadableFile) -> Report | Failure:
        if not isinstance(result, UnreadableFile):
            return result
        shown = found.path if found.member is None else f"{found.path}!{found.member}"
        self.failures.append((shown, result.reason))
        return Failure(found.path, found.member, result.reason, self.job.version)

    def give_up(self, source: SourceFile, reason: str) -> None:
        """Note a source that cannot be read without harm."""
        found = [_Found(source.path, None, UnreadableFile(source.path, reason))]
        try:
            content: str | None = digest(read_source(source.place))
        except UnreadableFile:
            content = None
        self._add(found, {source: content})


def _read(source: SourceFile, media_type: str | None) -> tuple[str | None, list[_Found]]:
    """The hash of a source's bytes, None where it cannot be read, and its documents."""
    from extract.read.sandbox import read_isolated

    try:
        with _watch(_READING):
            data = read_source(source.place)
            members = read_isolated(data, source.path, media_type)
    except UnreadableFile as error:
        return None, [_Found(source.path, None, error)]
    return digest(data), [
        _Found(source.path, member.name, describe(member, source.path)) for member in members
    ]


def _join_halves(found: Sequence[_Found], sources: Iterable[SourceFile]) -> list[_Found]:
    """The documents, each annex put into the report that lies beside it among `sources`.

    Only of the folders of pairs is it known that there is nothing else in them.
    """
    errors = {id(one.read): one for one in found if isinstance(one.read, UnreadableFile)}
    paths: dict[bool, list[str]] = {False: [], True: []}
    for source in sources:
        paths[source.paired].append(source.path)
    paired = set(paths[True])
    joined = chain.from_iterable(
        join_beside((one.read for one in found if (one.path in paired) == whole), paths[whole], whole=whole)
        for whole in paths
    )
    return [
        errors[id(read)] if isinstance(read, UnreadableFile) else _Found(read[1].path, read[1].member, read)
        for read in joined
    ]


def _parse(reads: Sequence[Read], model: Classifier) -> list[Report | UnreadableFile]:
    """A report for each document, in order, or its error."""
    with _watch(_PARSING):
        return parse_safely(reads, model=model)


@contextlib.contextmanager
def _watch(seconds: float) -> Iterator[None]:
    """End this process where the work takes longer: even one that hangs in C, whose task is then halved."""
    if not _watched:
        yield
        return
    faulthandler.dump_traceback_later(seconds, exit=True, file=_watched[0])
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


_watched: list[int] = []  # where a worker process writes its last words; empty where there is no worker


def watch_over() -> None:
    """From here on this process may be ended by `_watch`; nobody is there to read its last words."""
    if not _watched:
        _watched.append(os.open(os.devnull, os.O_WRONLY))


@lru_cache(maxsize=1)
def _load_model(name: str | None) -> Classifier:
    from extract.classify import load_model

    return load_model(name)


def _size(tables: dict[str, pa.Table]) -> int:
    return sum(int(table.nbytes) for table in tables.values())


# ---- what stays of a part that is renewed ----------------------------------------------------------------

Kept = tuple[tuple[PartFile, ...], list[dict[str, "pa.Table"]], tuple[Origin, ...]]


def _keep(place: Place, task: Task, job: Job) -> Kept:
    """Of the part that is replaced: files that stay, rows to be written anew, and their sources."""
    if task.replaces is None:
        return (), [], ()
    entry = read_entry(place, task.replaces)
    names = set(task.kept)
    origins = tuple(one for one in entry.sources if one.path in names)
    if entry.version != job.version or entry.settings != job.settings:
        origins = tuple(msgspec.structs.replace(one, size=_GONE) for one in origins)
    if not names:
        return (), [], ()
    tables = read_part(place, entry, job.own, blank=job.agencies is not None)
    if len(names) == len(entry.sources) and not task.sources and not task.poison:
        files = tuple(file for file in entry.files if file.table != "reports")
        return files, [compact(_empty_but_reports(tables))], origins
    return (), [compact(_only(tables, names))], origins


def _empty_but_reports(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    return {name: table if name == "reports" else table.slice(0, 0) for name, table in tables.items()}


def _only(tables: dict[str, pa.Table], paths: set[str]) -> dict[str, pa.Table]:
    """The rows of some sources."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(sorted(paths), type=pa.string())
    kept = {name: tables[name] for name in ("reports", "errors")}
    kept = {name: table.filter(pc.is_in(table.column("path"), wanted)) for name, table in kept.items()}
    keys = kept["reports"].column("report_key").combine_chunks()
    for name in ELEMENTS:
        kept[name] = tables[name].filter(pc.is_in(tables[name].column("report_key"), keys))
    return kept
