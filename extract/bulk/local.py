"""Chunks on the cores of this machine: one process a lane, each with its own model.

A process that dies or hangs costs its own chunk, which is halved until the source that did it stands alone;
the other lanes go on.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from importlib.abc import MetaPathFinder
from itertools import islice

from extract.bulk.ordered import end_with_parent, no_workers
from extract.bulk.stop import PATIENCE, SIGNALS, Stop
from extract.bulk.task import Done, Job, Task, halve

Work = Callable[[Task, Job], Done]
MEMORY = 4 * 2**30  # bytes that a worker may hold: a text that needs more is damaged or made to be


def work_here(task: Task, job: Job) -> Done:
    """The work of a chunk; the parser is imported in the worker alone."""
    from extract.bulk.work import work

    return work(task, job)


def run_local(
    tasks: Iterator[Task], job: Job, stop: Stop, jobs: int, work: Work = work_here
) -> Iterator[Done]:
    """What becomes of each task, in the order in which they end; `jobs` run at a time."""
    again = deque(islice(tasks, 1))
    if not again:  # no process is started for nothing
        return
    lanes = [_Lane(job, work) for _ in range(jobs)]
    running: dict[Future[Done], tuple[_Lane, Task]] = {}
    try:
        while True:
            for lane in (one for one in lanes if one.idle):
                task = again.popleft() if again else next(tasks, None)
                if task is None:
                    break
                running[lane.start(task)] = (lane, task)
            if not running:
                return
            stop.heed()
            ended, _ = wait(running, timeout=PATIENCE, return_when=FIRST_COMPLETED)
            for future in ended:
                lane, task = running.pop(future)
                lane.idle = True
                try:
                    done = future.result()
                except BrokenProcessPool:
                    lane.replace()
                    again.extend(halve(task))
                    continue
                if done.left:
                    again.append(Task(done.left))
                yield done
    finally:
        for lane in lanes:
            lane.end()


def run_apart(function: Callable[[str], int], argument: str, job: Job, stop: Stop) -> int:
    """What a function gives in a process of its own, which is ended where the run is asked to stop."""
    pool = ProcessPoolExecutor(1, mp_context=_context(), initializer=begin, initargs=(job,))
    try:
        future = pool.submit(function, argument)
        while not future.done():
            stop.heed()
            wait([future], timeout=PATIENCE)
        return future.result()
    finally:
        _end(pool)


class _Lane:
    """One worker process, replaced when it dies."""

    def __init__(self, job: Job, work: Work) -> None:
        self.job, self.work = job, work
        self.idle = True
        self._pool = self._make()

    def _make(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=_context(), initializer=begin, initargs=(self.job,))

    def start(self, task: Task) -> Future[Done]:
        self.idle = False
        try:
            return self._pool.submit(self.work, task, self.job)
        except (BrokenProcessPool, EOFError, OSError):  # it died while it had nothing to do
            self.replace()
        try:
            return self._pool.submit(self.work, task, self.job)
        except (RuntimeError, EOFError, OSError) as error:
            raise no_workers(error) from error

    def replace(self) -> None:
        self.end()
        self._pool = self._make()

    def end(self) -> None:
        """The worker ended at once, whatever it is doing."""
        _end(self._pool)


def _end(pool: ProcessPoolExecutor) -> None:
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        with contextlib.suppress(OSError, ValueError):
            process.kill()
    pool.shutdown(wait=True, cancel_futures=True)


def _context() -> multiprocessing.context.BaseContext:
    """Workers forked from a clean server that has loaded the parser once; spawned where there is no fork."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["extract.bulk.work"])
    if threading.current_thread() is not threading.main_thread():
        forkserver.ensure_running()
        return context
    # Ignored while the server starts, which takes that over: a scheduler's SIGTERM goes to all processes, and
    # it is this one that ends the others.
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    try:
        forkserver.ensure_running()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return context


def begin(job: Job) -> None:
    """What a worker does first: leave signals to the parent, end with it, and keep within its memory."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    from extract.bulk.work import watch_over

    if job.agencies is None:
        # pyarrow looks for pandas at its first array; a worker has no use for it: half a second, 40 MiB
        sys.meta_path.insert(0, _WithoutPandas())
    # The allocator of the system gives back what a part has used: a fifth less at the peak than Arrow's own.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    _limit_memory()
    watch_over()
    threading.Thread(target=end_with_parent, daemon=True).start()


class _WithoutPandas(MetaPathFinder):
    """Has a worker go without pandas, as where it is not installed."""

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("not in a worker", name=name)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
