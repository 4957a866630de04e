"""Rows tagged on a cluster of Dask workers: the same chunks as on one machine, their answers in order.

A chunk that has brought several workers down comes back as `KilledWorker` and is halved, until the row that
did it stands alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from extract.bulk.dask import connect, count_threads, load_dask
from extract.bulk_tag import Options, poisoned, tag_chunk
from extract.classify import load_model
from extract.errors import GongkaiError
from extract.tag_input import Row
from extract.tag_output import Tagged

AHEAD = 3  # chunks a worker thread that are with the scheduler at a time


def tag_on_cluster(chunks: Iterable[list[Row]], options: Options, address: str) -> Iterator[list[Tagged]]:
    """The answers to each chunk, in the order of the chunks. Raises `GongkaiError` where nobody answers."""
    client = connect(address)
    stream = iter(chunks)
    waiting: deque[tuple[list[Row], Any]] = deque()
    try:
        while True:
            while len(waiting) < AHEAD * max(count_threads(client), 1):
                chunk = next(stream, None)
                if chunk is None:
                    break
                waiting.append((chunk, client.submit(work, chunk, options, pure=False)))
            if not waiting:
                return
            chunk, future = waiting.popleft()
            yield _answers(client, chunk, options, future)
    finally:
        client.cancel([future for _, future in waiting], force=True)
        client.close()


def work(chunk: Sequence[Row], options: Options) -> list[Tagged]:
    """A chunk in a worker, which loads its model once."""
    return tag_chunk(chunk, options, load_model(options.model))


def _answers(client: Any, chunk: Sequence[Row], options: Options, future: Any) -> list[Tagged]:
    dask = load_dask()
    try:
        answers: list[Tagged] = future.result()
        return answers
    except dask.KilledWorker:
        pass
    except (dask.client.FutureCancelledError, dask.comm.CommClosedError) as error:
        raise GongkaiError(f"the scheduler has gone, or dropped the work: {error}") from error
    if len(chunk) == 1:
        return [poisoned(chunk[0])]
    half = len(chunk) // 2
    parts = [chunk[:half], chunk[half:]]
    again = [client.submit(work, part, options, pure=False) for part in parts]
    return [
        tagged
        for part, one in zip(parts, again, strict=True)
        for tagged in _answers(client, part, options, one)
    ]
