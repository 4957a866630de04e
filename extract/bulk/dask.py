"""Chunks on a cluster of Dask workers: the same function as on one machine, sent through its scheduler.

Sources and output must be paths that every worker can open: a shared file system, or URLs (s3://, hdfs://).
Dask itself repeats the chunks of a worker that is lost; a chunk that has brought several workers down comes
back as `KilledWorker` and is halved, until the source that did it stands alone.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from typing import Any

import msgspec

from extract.bulk.local import Work
from extract.bulk.rules import check_reading
from extract.bulk.sources import is_url
from extract.bulk.stop import PATIENCE, Stop
from extract.bulk.task import Done, Job, Task, halve
from extract.errors import GongkaiError

_one_at_a_time = threading.Lock()  # of the chunks in one worker process, however many threads it has
TIMEOUT = "20s"  # for the scheduler to answer
FAREWELL = 5  # seconds at most for the scheduler to take leave
AHEAD = 2  # chunks a worker thread that are with the scheduler at a time: memory stays flat, no worker waits


def work_in_turn(task: Task, job: Job) -> Done:
    """The work of a chunk in a worker of Dask; one that hangs ends its process, which Dask starts anew."""
    from extract.bulk.work import watch_over, work

    with _one_at_a_time:
        watch_over()
        check_reading(job.model, job.media_type, (job.version, job.settings))
        return work(task, job)


class Cluster:
    """An engine: the workers of a Dask scheduler at `address`."""

    def __init__(self, address: str, work: Work = work_in_turn) -> None:
        self.address, self.work = address, work

    def __call__(self, tasks: Iterator[Task], job: Job, stop: Stop) -> Iterator[Done]:
        """What becomes of each task, in the order in which they end."""
        job = _reachable(job)
        again: deque[Task] = deque()
        running: dict[Any, Task] = {}
        with connected(self.address, running) as client:
            while True:
                while len(running) < AHEAD * max(count_threads(client), 1):
                    task = again.popleft() if again else next(tasks, None)
                    if task is None:
                        break
                    running[client.submit(self.work, _absolute(task), job, pure=False)] = task
                if not running:
                    return
                stop.heed()
                for future in _wait(client, running):
                    task = running.pop(future)
                    yield from _take(future, task, again)


class _Gone(Exception):
    """The scheduler does not answer any more."""


@contextlib.contextmanager
def connected(address: str, running: Iterable[Any]) -> Iterator[Any]:
    """A client of the scheduler at `address`; what is still `running` at the end is called off.

    Raises `GongkaiError` where the scheduler or its workers are missing, and where it goes away meanwhile.
    """
    dask = load_dask()
    with _quiet():
        client = _connect(address)
        try:
            if not count_threads(client):
                raise GongkaiError(f"{address}: the scheduler has no workers: start `dask worker {address}`")
            yield client
        except (CancelledError, dask.comm.CommClosedError, _Gone) as error:
            raise GongkaiError(
                f"the scheduler at {address} went away: start it again, with its workers, "
                "and give the same command again"
            ) from error
        finally:
            with contextlib.suppress(CancelledError, OSError, TimeoutError):
                client.cancel(list(running), force=True)
            _close(client)


def _connect(address: str) -> Any:
    """A client of the scheduler. Raises `GongkaiError` where there is none."""
    dask = load_dask()
    client = dask.Client.__new__(dask.Client)  # held here: one that fails in `__init__` must be closed too
    try:
        client.__init__(address, timeout=TIMEOUT, set_as_default=False)
    except (ValueError, TypeError) as error:  # of an address of no known form
        _close(client)
        raise GongkaiError(
            f"{address}: no address of a Dask scheduler ({error}): say tcp://HOST:8786"
        ) from error
    except (OSError, TimeoutError) as error:
        _close(client)
        raise GongkaiError(
            f"the scheduler at {address} does not answer ({error}): start it, with its workers, "
            "and give the same command again"
        ) from error
    return client


def _close(client: Any) -> None:
    """Let the client go; from a scheduler that is gone there is no farewell to wait for."""
    with contextlib.suppress(OSError, TimeoutError, AttributeError):
        client.close(timeout=FAREWELL)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what Dask's client logs of a lost connection, a traceback: what happened is told in a line."""
    logger = logging.getLogger("distributed.client")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def load_dask() -> Any:
    """The package `distributed`, whose functions say nothing of their types."""
    try:
        import distributed
    except ImportError:
        raise GongkaiError('--engine dask needs Dask: pip install "gongkai[cluster]"') from None
    return distributed


def _wait(client: Any, running: dict[Any, Task]) -> list[Any]:
    """The futures that have ended, after `PATIENCE` at most."""
    try:
        with client.as_current():
            ended = load_dask().wait(list(running), timeout=PATIENCE, return_when="FIRST_COMPLETED")
    except TimeoutError:
        return []
    return list(ended.done)


def _take(future: Any, task: Task, again: deque[Task]) -> Iterator[Done]:
    """The result of a chunk; one that was lost with its workers is halved and waits again."""
    dask = load_dask()
    try:
        done: Done = future.result()
    except dask.KilledWorker:
        again.extend(halve(task))
        return
    finally:
        future.release()
    if done.left:
        again.append(Task(done.left))
    yield done


def count_threads(client: Any) -> int:
    """Of all workers together."""
    try:
        return sum(client.nthreads().values())
    except (OSError, TimeoutError) as error:
        raise _Gone from error


def _absolute(task: Task) -> Task:
    """The task with places that do not depend on the folder in which a worker was started."""
    sources = tuple(
        source
        if is_url(source.place)
        else msgspec.structs.replace(source, place=os.path.abspath(source.place))
        for source in task.sources
    )
    return msgspec.structs.replace(task, sources=sources)


def _reachable(job: Job) -> Job:
    """The same of the paths that the job names; a model that is no folder is a name."""
    places = {name: getattr(job, name) for name in ("out", "agencies", "model")}
    changed = {
        name: os.path.abspath(place)
        for name, place in places.items()
        if place is not None and not is_url(place) and (name != "model" or os.path.isdir(place))
    }
    return msgspec.structs.replace(job, **changed)
