"""All indicators of a dataset: parts read once, then groups compared, each piece of work a plain function.

parts → shards and rows of single reports → two years of an agency · one year's twins · peers' boilerplate →
tables. The pieces of one step run in processes side by side and share nothing but files.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, TypeVar

from extract.errors import GongkaiError
from extract.progress import track
from extract.quality import steps
from extract.quality.names import join_names
from extract.quality.results import write_results
from extract.quality.stores import open_store
from extract.quality.tables import Head
from extract.store.files import CannotWrite, explain

T = TypeVar("T")
R = TypeVar("R")
AGENCIES_A_PIECE = 200  # agencies whose years one piece of work compares


class Summary(NamedTuple):
    """What a run measured, and the tables it wrote with their rows."""

    reports: int
    tables: dict[str, int]


def measure_dataset(path: str, *, jobs: int = 1) -> Summary:
    """Measure every report of the dataset at `path` and write OUT/quality/*.parquet.

    `jobs` processes work side by side. Meanwhile a temporary folder holds some 20 kB a report. Raises
    `NotAStore` where there is no dataset, `CannotWrite` where a disk is full.
    """
    store = open_store(path)
    work = Path(tempfile.mkdtemp(prefix="gongkai-quality-"))
    try:
        with Pool(jobs) as pool:
            parts = [(path, number, str(work)) for number in range(len(store.parts()))]
            heads = [head for one in pool.map(steps.measure_part, parts, "reading") for head in one]
            heads = one_name_each(heads)
            pool.map(steps.compare_years, list(_agencies(heads, work)), "years")
            pool.map(steps.find_twins, list(_years(heads, work)), "twins")
            pool.map(steps.measure_boilerplate, list(_groups(heads, work)), "peers")
        return Summary(len(heads), write_results(store.place, work))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise CannotWrite(f"{work} (the temporary folder, TMPDIR sets it): {explain(error)}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


class Pool:
    """Runs a function over pieces of work, in this process or in several."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Pool:
        if self.jobs > 1:
            self._executor = ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn"))
        return self

    def __exit__(self, *_: object) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)

    def map(self, function: Callable[[T], R], pieces: Sequence[T], what: str) -> list[R]:
        """The results in the order of the pieces."""
        if self._executor is None or len(pieces) < 2:
            return [function(piece) for piece in track(pieces, what)]
        futures = [self._executor.submit(function, piece) for piece in pieces]
        try:
            return [future.result() for future in track(futures, what)]
        except BrokenProcessPool as error:
            reason = f"{what}: a process was killed, most often for want of memory: run it with fewer --jobs"
            raise GongkaiError(reason) from error


def one_name_each(heads: Iterable[Head]) -> list[Head]:
    """The heads with `same`, the name that stands for the agency in all its years.

    What the user's list calls an agency goes before what its reports do: after a merger, say, both are one.
    """
    found = [head._replace(same=head.same or head.agency) for head in heads]
    years: defaultdict[str, set[int]] = defaultdict(set)
    for head in found:
        if head.same is not None and head.year is not None:
            years[head.same].add(head.year)
    names = join_names(years)
    return [head._replace(same=names.get(head.same or "", head.same)) for head in found]


def _agencies(heads: Sequence[Head], work: Path) -> Iterator[tuple[str, str, list[list[Head]]]]:
    """The reports of some agencies, by agency; a report without agency or year is one by itself."""
    by_agency: defaultdict[str, list[Head]] = defaultdict(list)
    for head in heads:
        known = head.same is not None and head.year is not None
        by_agency[f"agency {head.same}" if known else head.report_key].append(head)
    groups = [found for _, found in sorted(by_agency.items())]
    for number, start in enumerate(range(0, len(groups), AGENCIES_A_PIECE)):
        yield str(work), f"years-{number:05}", groups[start : start + AGENCIES_A_PIECE]


def _years(heads: Sequence[Head], work: Path) -> Iterator[tuple[str, str, list[Head]]]:
    by_year: defaultdict[int, list[Head]] = defaultdict(list)
    for head in heads:
        by_year[head.year or 0].append(head)
    for year, found in sorted(by_year.items()):
        yield str(work), f"twins-{year}", sorted(found, key=lambda head: head.report_key)


def _groups(heads: Sequence[Head], work: Path) -> Iterator[tuple[str, str, list[Head]]]:
    groups: defaultdict[tuple[str, int], list[Head]] = defaultdict(list)
    for head in heads:
        groups[head.level or "", head.year or 0].append(head)
    for number, (_, found) in enumerate(sorted(groups.items())):
        yield str(work), f"peers-{number:05}", sorted(found, key=lambda head: head.report_key)
