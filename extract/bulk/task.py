"""A chunk as a plain value, and how it is cut: a report and its annex are never parted."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

import msgspec

from extract.bulk.sources import SourceFile
from extract.errors import GongkaiError
from extract.read.annex import name_place
from extract.store.journal import Entry


class Job(msgspec.Struct, frozen=True):
    """What holds for every chunk of a run: plain values, for they go to other processes and machines.

    `version` of program and model, `settings` and `joined` as in `Entry`; `own` are the names and types of
    the columns of the user's list; `agencies` is the path of that list.
    """

    out: str
    version: str
    model: str | None = None
    media_type: str | None = None
    agencies: str | None = None
    regions: bool = False
    settings: str = ""
    joined: str = ""
    own: dict[str, str] = {}
    taken: str = ""  # a digest of the names of parts that were replaced, which no new part may have


class Task(msgspec.Struct, frozen=True):
    """One chunk: the sources to read and, where it renews a part, which sources of that part stay.

    `poison` are sources that are given up, with the reason; `tries` how often this very task was lost. One
    that `merges` parts reads no source: it writes one part that replaces them.
    """

    sources: tuple[SourceFile, ...]
    replaces: str | None = None
    kept: tuple[str, ...] = ()
    poison: tuple[tuple[SourceFile, str], ...] = ()
    tries: int = 0
    merges: tuple[str, ...] = ()


class Done(msgspec.Struct, frozen=True):
    """What became of a chunk: the entry of its part, what could not be read, and what is left to do.

    `read` counts the sources that were read, `reports` the reports found in them.
    """

    entry: Entry
    read: int
    reports: int
    failures: tuple[tuple[str, str], ...]  # path (with the member of an archive), reason
    left: tuple[SourceFile, ...] = ()


def families(sources: Iterable[SourceFile]) -> list[list[SourceFile]]:
    """The sources by what they belong to (`family_of`), each such family at the place of its first."""
    found: dict[tuple[str, str], list[SourceFile]] = {}
    for source in sources:
        found.setdefault(family_of(source.path, paired=source.paired), []).append(source)
    return list(found.values())


def family_of(path: str, *, paired: bool) -> tuple[str, str]:
    """What a source shares with those it may be one report with: folder and name, a pair the folder alone."""
    return (path.rpartition("/")[0], "") if paired else name_place(path)


def _cut(sources: tuple[SourceFile, ...]) -> int:
    """Where to cut the sources of a chunk: near the middle, between families where there are several."""
    middle = len(sources) // 2
    ends = list(accumulate(len(family) for family in families(sources)))[:-1]
    return min(ends, key=lambda end: abs(end - middle), default=middle)


def halve(task: Task) -> list[Task]:
    """What to try after a task brought its worker down: halves; at last the one source is given up.

    A single source gets a second chance, for a worker may be ended for no fault of its own. Only the first
    half goes on to renew the part.
    """
    sources = task.sources
    if task.merges:
        return []  # the parts stay as they are
    if len(sources) > 1:
        middle = _cut(sources)
        first = msgspec.structs.replace(task, sources=sources[:middle], tries=0)
        return [first, Task(sources[middle:])]
    if not sources and task.tries > 1 and task.replaces is None:
        raise GongkaiError(
            "the worker processes end before they have begun: too little memory? --jobs 1 takes least"
        )
    if not sources and task.tries > 1:
        raise GongkaiError(
            f"part {task.replaces} of the dataset cannot be read: take part-{task.replaces}.parquet away"
        )
    if task.tries == 0 or not sources:
        return [msgspec.structs.replace(task, tries=task.tries + 1)]
    reason = "brings the program down or takes too long: it is damaged, or needs more memory than there is"
    return [msgspec.structs.replace(task, sources=(), poison=(*task.poison, (sources[0], reason)), tries=0)]
