"""A function over chunks in several processes: results in the order of the chunks, few chunks in memory.

A process that dies costs nothing but its chunk, which is tried again alone and halved until the one entry
that kills it stands by itself; that entry is handed to `poisoned`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Generic, TypeVar

from extract.errors import GongkaiError

Entry = TypeVar("Entry")
Answer = TypeVar("Answer")
_Waiting = deque[tuple[Sequence[Entry], Future[list[Answer]]]]
AHEAD = 3  # chunks a process may be ahead of the one that is waited for
_STARTS = 2  # of a process: one may be ended for no fault of its own


class Workers(Generic[Entry, Answer]):
    """Processes that turn a chunk of entries into as many answers, an empty one into none.

    `start(*settings)` runs once in each process; both functions must be importable there.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Entry]], list[Answer]],
        poisoned: Callable[[Entry], Answer],
        jobs: int,
        start: tuple[Callable[..., None], tuple[Any, ...]],
    ) -> None:
        self._work = work
        self._poisoned = poisoned
        self._jobs = jobs
        self._start = start

    def run(self, chunks: Iterable[Sequence[Entry]]) -> Iterator[list[Answer]]:
        """The answers to each chunk, in the order of the chunks.

        Raises `GongkaiError` where no process can be started, or none lives until it is asked for anything.
        """
        stream = iter(chunks)
        pool = self._pool(self._jobs)
        waiting: _Waiting[Entry, Answer] = deque()
        try:
            while True:
                while len(waiting) < self._jobs * AHEAD and (chunk := next(stream, None)) is not None:
                    waiting.append((chunk, _submit(pool, self._work, chunk)))
                if not waiting:
                    return
                try:
                    answers = waiting[0][1].result()
                except BrokenProcessPool:
                    pool.shutdown(wait=False, cancel_futures=True)
                    yield from self._again(waiting)
                    waiting.clear()
                    pool = self._pool(self._jobs)
                    continue
                waiting.popleft()
                yield answers
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _again(self, waiting: _Waiting[Entry, Answer]) -> Iterator[list[Answer]]:
        """The answers of the chunks under way when a process died: nobody knows which of them did it."""
        lone = _Lone(self._pool, self._work)
        try:
            for chunk, future in waiting:
                unharmed = future.done() and not future.cancelled() and future.exception() is None
                yield future.result() if unharmed else self._alone(chunk, lone)
        finally:
            lone.end()

    def _alone(self, chunk: Sequence[Entry], lone: _Lone) -> list[Answer]:
        """The answers of a chunk, halved where a process dies of it."""
        try:
            answers: list[Answer] = lone.pool.submit(self._work, chunk).result()
            return answers
        except BrokenProcessPool:
            lone.replace()
        if len(chunk) == 1:
            return [self._poisoned(chunk[0])]
        half = len(chunk) // 2
        return [*self._alone(chunk[:half], lone), *self._alone(chunk[half:], lone)]

    def _pool(self, jobs: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=self._start)


class _Lone:
    """One process by itself, replaced when it dies."""

    def __init__(
        self, make: Callable[[int], ProcessPoolExecutor], work: Callable[[Sequence[Any]], list[Any]]
    ) -> None:
        self._make, self._work = make, work
        self.pool = self._begin()

    def _begin(self) -> ProcessPoolExecutor:
        """A process that has answered: what dies before it is asked says nothing against any entry."""
        for _ in range(_STARTS):
            pool = self._make(1)
            try:
                _submit(pool, self._work, []).result()
            except BrokenProcessPool:
                pool.shutdown(wait=True, cancel_futures=True)
            else:
                return pool
        raise GongkaiError(
            "the worker processes end before they have begun: too little memory? --jobs 1 takes least"
        )

    def replace(self) -> None:
        self.end()
        self.pool = self._begin()

    def end(self) -> None:
        self.pool.shutdown(wait=True, cancel_futures=True)


def _submit(
    pool: ProcessPoolExecutor, work: Callable[[Sequence[Entry]], list[Answer]], chunk: Sequence[Entry]
) -> Future[list[Answer]]:
    """A future; a broken one where the pool broke meanwhile, to be seen when its turn comes."""
    try:
        return pool.submit(work, chunk)
    except BrokenProcessPool as error:
        broken: Future[list[Answer]] = Future()
        broken.set_exception(error)
        return broken
    except (RuntimeError, OSError) as error:
        raise no_workers(error) from error


def no_workers(error: Exception) -> GongkaiError:
    """What to tell where the system starts no process: no thread, no memory, no right to run Python."""
    return GongkaiError(
        f"no worker process can be started ({error}): see the limits of this account, then run the "
        "same command again"
    )


def _begin(start: Callable[..., None], settings: tuple[Any, ...]) -> None:
    """What a new process does first; Ctrl-C and SIGTERM are the parent's to answer."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    start(*settings)


def end_with_parent() -> None:
    """End this process when its parent is gone: nobody is left who would ask it for anything."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
