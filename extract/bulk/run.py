"""A run: look at what there is, have it read by an engine, and count each part as it is done."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial

import msgspec

from extract.bulk.join import digest_join, faults, own_columns, survey_list, widen_own
from extract.bulk.known import Known
from extract.bulk.local import run_apart, run_local
from extract.bulk.merging import plan_merges
from extract.bulk.plan import Plan
from extract.bulk.rules import describe_reading, digest_likeness
from extract.bulk.sources import Roots, choose
from extract.bulk.stop import Stop, stoppable
from extract.bulk.task import Done, Job, Task
from extract.bulk.watch import Watch
from extract.errors import GongkaiError
from extract.sources import tell
from extract.store.files import CannotWrite, Place
from extract.store.journal import DUPLICATES, FOLDER, FOUND_BY, entry_name, read_contents, write_entry
from extract.store.ledger import Ledger
from extract.store.output import open_output
from extract.store.reading import read_own_columns
from extract.store.writing import write_description, write_empty_tables

FEW = 1_000  # sources below which one worker is quicker than several (PERFORMANCE: a worker's start)
FEW_MERGES = 8  # for one worker
FEW_FAULTS = 20  # of the user's list, told one by one
_LOST = "could not be had again: name the folders where they lie, and they are read"
Engine = Callable[[Iterator[Task], Job, Stop], Iterator[Done]]


class Wish(msgspec.Struct, frozen=True):
    """What the user asked for, beside sources and output. `jobs` None: as many as pay."""

    jobs: int | None = None
    limit: int | None = None
    sample: int | None = None
    prune: bool = False
    retry: bool = False
    model: str | None = None
    media_type: str | None = None
    agencies: str | None = None
    regions: bool = False


class Summary(msgspec.Struct, frozen=True):
    """What a run came to: sources read and left alone, reports and errors that the dataset now has."""

    read: int
    same: int
    gone: int
    reports: int
    errors: int
    duplicates: int | None = None  # None where nothing has changed since they were counted
    dropped: int = 0  # sources that are gone, with their rows
    pruned: bool = False  # whether the rows of files that are gone were dropped
    missing: int = 0  # names that stood for nothing: they have no row

    def tell(self) -> str:
        """The run and the dataset in one line."""
        said = [f"{self.read:,} source{_s(self.read)} read", f"{self.same:,} unchanged"]
        if self.dropped:
            said.append(f"{self.dropped:,} that {'is' if self.dropped == 1 else 'are'} gone dropped")
        if self.gone:
            why = "in no folder that was named now" if self.pruned else "--prune drops those that are gone"
            said.append(f"{self.gone:,} not met this time, their rows kept ({why})")
        said.append(f"{self.reports:,} report{_s(self.reports)} in the dataset")
        if self.duplicates:
            said.append(f"{self.duplicates:,} of them there twice, or nearly: see duplicates.parquet")
        if self.errors:
            said.append(f"{self.errors:,} could not be read: see the table `errors`")
        if not (self.read or self.same or self.missing):
            said.insert(0, "no file was found there")
        return ", ".join(said)


def _s(count: int) -> str:
    """The plural's ending."""
    return "" if count == 1 else "s"


def run(names: Sequence[str], out: str, wish: Wish, engine: Engine | None = None) -> Summary:
    """Bring the dataset `out` up to date with the sources that `names` stand for.

    Raises `CannotWrite` where the output cannot be written, `KeyboardInterrupt` where the run is stopped; in
    either case, and where the process is killed, the same call goes on from there.
    """
    place = open_output(out)
    roots = Roots(names, leave=wish.agencies)
    missing = _check_names(place, roots)
    with _alone(place), stoppable() as stop, contextlib.ExitStack() as stack:
        before = read_own_columns(place) if place.exists("schema.json") else {}
        job = _make_job(place, wish, before)
        write_description(place, widen_own(before, job.own))  # until every part is joined as of now
        roots.check(place)
        ledger = Ledger(place)
        known = Known(ledger.read())
        ledger.sweep()
        known.forget(torn := ledger.torn())
        job = msgspec.structs.replace(job, taken=_digest(ledger.replaced))
        plan = stack.enter_context(contextlib.closing(Plan(place, roots, known, job, torn)))
        plan.look(choose(stop.during(roots.list()), wish.limit, wish.sample))
        _tell_plan(place, plan, torn=len(torn), prune=wish.prune)
        jobs = wish.jobs or (1 if plan.fresh + plan.stale < FEW else os.cpu_count() or 1)
        tasks = plan.tasks(jobs, prune=wish.prune, retry=wish.retry)
        with _swept(ledger):
            read = _carry_out(ledger, plan, _choose(engine, jobs)(tasks, job, stop))
        if plan.lost:
            tell(place.url, f"{plan.lost:,} source{_s(plan.lost)} of parts whose files are gone {_LOST}")
        write_description(place, job.own)
        write_empty_tables(place, ledger.filled(), job.own)
        duplicates = _mark_duplicates(place, job, stop, apart=engine is None)
        if merges := plan_merges(ledger):
            jobs = wish.jobs or min(-(-len(merges) // FEW_MERGES), os.cpu_count() or 1)
            with _swept(ledger):
                _merge(ledger, len(merges), _choose(engine, jobs)(iter(merges), job, stop))
        for said in survey_list(place, wish.agencies):
            print(f"gongkai: {said}", file=sys.stderr)
        summary = _sum_up(ledger, plan, read, duplicates)
        return msgspec.structs.replace(summary, pruned=wish.prune, missing=missing)


def _tell_plan(place: Place, plan: Plan, *, torn: int, prune: bool) -> None:
    """What the user may not expect of a run: that known sources are read again, that gone ones stay."""
    if plan.outdated:
        tell(
            place.url,
            f"{plan.outdated:,} source{_s(plan.outdated)} read by another version, model, rules or code than "
            "now: read again",
        )
    if torn:
        tell(place.url, f"files of {torn:,} part{_s(torn)} are gone: their sources are read again")
    for label, folder in plan.roots.folder_of.items() if prune else ():
        if label not in plan.met:
            tell(folder, "no file is there now: nothing of it is dropped (is it another disk, and away?)")


def _choose(engine: Engine | None, jobs: int) -> Engine:
    """The engine that was asked for, or so many processes of this machine."""
    return engine or partial(run_local, jobs=jobs)


@contextlib.contextmanager
def _swept(ledger: Ledger) -> Iterator[None]:
    """However it ends, what was written and does not count is taken away."""
    try:
        yield
    finally:
        with contextlib.suppress(GongkaiError, OSError):
            ledger.sweep()


def _check_names(place: Place, roots: Roots) -> int:
    """Say which names stand for nothing; how many.

    Raises `GongkaiError` where none is there, before an empty dataset is made of nothing.
    """
    missing = roots.missing
    if missing and len(missing) == len(roots.names) and not place.exists("schema.json"):
        raise GongkaiError(f"{', '.join(missing)}: no such file or folder; nothing was written")
    for name in missing:
        print(f"gongkai: {name}: no such file or folder", file=sys.stderr)
    return len(missing)


def _carry_out(ledger: Ledger, plan: Plan, results: Iterator[Done]) -> int:
    """Count each part as it is done; how many sources were read."""
    place = ledger.place
    with contextlib.closing(results), Watch(plan.fresh + plan.stale) as watch:  # type: ignore[type-var]
        for done in results:
            if not watch.done:
                place.remove(DUPLICATES)  # which holds no longer, and is made anew even after a kill
            commit(ledger, done)
            for path, reason in done.failures:
                watch.say(f"gongkai: {path}: {reason}")
            watch.add(done.read, len(done.failures))
        return watch.done


def _merge(ledger: Ledger, count: int, results: Iterator[Done]) -> None:
    """Count each merged part as it is done."""
    with contextlib.closing(results), Watch(count, "merging", "parts") as watch:  # type: ignore[type-var]
        for done in results:
            commit(ledger, done)
            watch.add(1, 0)


def commit(ledger: Ledger, done: Done) -> None:
    """Make a part count, then take away what it replaces."""
    place = ledger.place
    write_entry(place, done.entry)
    ledger.count(done.entry)
    names = {file.name for file in done.entry.files}
    for part in done.entry.replaces:
        for file in read_contents(place, part).files:
            if file.name not in names:
                place.remove(file.name)
        place.remove(entry_name(part))


def _digest(parts: Collection[str]) -> str:
    """Of the names of some parts; empty where there are none."""
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16] if parts else ""


def _are_marked(place: Place) -> bool:
    """Whether the duplicates are there, as they would be found now."""
    if not (place.exists(DUPLICATES) and place.exists(FOUND_BY)):
        return False
    return place.read(FOUND_BY) == digest_likeness().encode()


def _mark_duplicates(place: Place, job: Job, stop: Stop, *, apart: bool) -> int | None:
    """How many reports are there twice, None where nothing has changed; `apart`: in a process of its own."""
    if _are_marked(place):
        return None
    from extract.bulk.dedup import mark_duplicates

    if not apart:
        return mark_duplicates(place.url)
    try:
        return run_apart(mark_duplicates, place.url, job, stop)
    except BrokenProcessPool:
        raise GongkaiError(
            f"{place.url}: the search for duplicates was ended: run the same command again"
        ) from None


def _make_job(place: Place, wish: Wish, before: dict[str, str]) -> Job:
    """What holds for every chunk; columns that an earlier run joined stay where no list is given now."""
    for line in _shorten(faults(wish.agencies)):
        print(f"gongkai: {wish.agencies}: {line}", file=sys.stderr)
    version, settings = describe_reading(wish.model, wish.media_type)
    return Job(
        out=place.url,
        version=version,
        model=wish.model,
        media_type=wish.media_type,
        agencies=wish.agencies,
        regions=wish.regions,
        settings=settings,
        joined=digest_join(wish.agencies, regions=wish.regions),
        own=own_columns(wish.agencies) if wish.agencies else before,
    )


def _shorten(said: Sequence[str]) -> list[str]:
    """The first of what there is to say, and how much more there is."""
    more = len(said) - FEW_FAULTS
    return [*said[:FEW_FAULTS], *([f"and {more:,} more"] if more > 0 else [])]


def _sum_up(ledger: Ledger, plan: Plan, read: int, duplicates: int | None) -> Summary:
    sums = ledger.sums.values()
    sources, reports, errors = (
        sum(getattr(one, name) for one in sums) for name in ("sources", "reports", "errors")
    )
    gone = sources - plan.same - read
    return Summary(read, plan.same, gone, reports, errors, duplicates, plan.dropped)


@contextlib.contextmanager
def _alone(place: Place) -> Iterator[None]:
    """No second run writes to the same folder; a lock that ends with its process. Local folders only."""
    if not place.local:
        yield
        return
    import fcntl

    path = place.at(f"{FOLDER}/lock")
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise CannotWrite(f"{place.url}: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise GongkaiError(f"{place.url}: another run is writing to it") from None
    finally:
        os.close(handle)
