"""Rows tagged on a cluster of Dask workers: the same chunks as on one machine, their answers in order.

A chunk that has brought several workers down comes back as `KilledWorker` and is halved, until the row that
did it stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from extract.bulk.dask import connected, count_threads, load_dask
from extract.bulk.rules import check_reading, describe_reading
from extract.bulk.tagging import Options, poisoned, tag_chunk
from extract.classify import load_model
from extract.tag.input import Row
from extract.tag.output import Tagged

AHEAD = 3  # chunks a worker thread that are with the scheduler at a time


def tag_on_cluster(chunks: Iterable[list[Row]], options: Options, address: str) -> Iterator[list[Tagged]]:
    """The answers to each chunk, in the order of the chunks. Raises `GongkaiError` where nobody answers."""
    stream = iter(chunks)
    asked = describe_reading(options.model, None)
    waiting: dict[Any, list[Row]] = {}  # in the order of the chunks
    with connected(address, waiting) as client:
        while True:
            while len(waiting) < AHEAD * max(count_threads(client), 1):
                chunk = next(stream, None)
                if chunk is None:
                    break
                waiting[client.submit(work, chunk, options, asked, pure=False)] = chunk
            if not waiting:
                return
            future = next(iter(waiting))
            yield _answers(client, waiting.pop(future), (options, asked), future)


def work(chunk: Sequence[Row], options: Options, asked: tuple[str, str]) -> list[Tagged]:
    """A chunk in a worker, which loads its model once and must read as the command does."""
    check_reading(options.model, None, asked)
    return tag_chunk(chunk, options, load_model(options.model))


def _answers(
    client: Any, chunk: Sequence[Row], how: tuple[Options, tuple[str, str]], future: Any
) -> list[Tagged]:
    dask = load_dask()
    try:
        answers: list[Tagged] = future.result()
        return answers
    except dask.KilledWorker:
        pass
    if len(chunk) == 1:
        return [poisoned(chunk[0])]
    half = len(chunk) // 2
    parts = [chunk[:half], chunk[half:]]
    again = [client.submit(work, part, *how, pure=False) for part in parts]
    return [
        tagged for part, one in zip(parts, again, strict=True) for tagged in _answers(client, part, how, one)
    ]
