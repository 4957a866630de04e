"""A function over chunks in several processes: results in the order of the chunks, few chunks in memory.

A process that dies costs nothing but its chunk, which is tried again alone and halved until the one entry
that kills it stands by itself; that entry is handed to `poisoned`.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Generic, TypeVar

Entry = TypeVar("Entry")
Answer = TypeVar("Answer")
AHEAD = 3  # chunks a process may be ahead of the one that is waited for


class Workers(Generic[Entry, Answer]):
    """Processes that turn a chunk of entries into as many answers.

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
        """The answers to each chunk, in the order of the chunks."""
        stream = iter(chunks)
        pool = self._pool(self._jobs)
        waiting: deque[tuple[Sequence[Entry], Future[list[Answer]]]] = deque()
        try:
            while True:
                while len(waiting) < self._jobs * AHEAD and (chunk := next(stream, None)) is not None:
                    waiting.append((chunk, self._submit(pool, chunk)))
                if not waiting:
                    return
                chunk, future = waiting.popleft()
                try:
                    yield future.result()
                except BrokenProcessPool:
                    pool.shutdown(wait=False, cancel_futures=True)
                    pool = self._pool(self._jobs)
                    waiting = deque((one, self._submit(pool, one)) for one, _ in waiting)
                    yield self._alone(chunk)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, pool: ProcessPoolExecutor, chunk: Sequence[Entry]) -> Future[list[Answer]]:
        """A future; a broken one where the pool broke meanwhile, to be seen when its turn comes."""
        try:
            return pool.submit(self._work, chunk)
        except BrokenProcessPool as error:
            broken: Future[list[Answer]] = Future()
            broken.set_exception(error)
            return broken

    def _alone(self, chunk: Sequence[Entry]) -> list[Answer]:
        """The answers of a chunk that a process may have died of, without those of others at risk."""
        with self._pool(1) as pool:
            try:
                return pool.submit(self._work, chunk).result()
            except BrokenProcessPool:
                if len(chunk) == 1:
                    return [self._poisoned(chunk[0])]
        half = len(chunk) // 2
        return [*self._alone(chunk[:half]), *self._alone(chunk[half:])]

    def _pool(self, jobs: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=self._start)


def _begin(start: Callable[..., None], settings: tuple[Any, ...]) -> None:
    """What a new process does first; Ctrl-C is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    start(*settings)
