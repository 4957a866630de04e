"""Texts of a table → tagged rows, on all cores, in order, in flat memory; the same answers as for JSON lines.

A row that cannot be tagged (no text, text of a wrong type, an unknown section) becomes a row with an error,
and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from extract.bulk.ordered import Workers
from extract.classify import Classifier, load_model
from extract.errors import UnreadableFile
from extract.report import Value
from extract.tag import tag_lines
from extract.tag.input import Row
from extract.tag.output import Tagged

CHUNK = 512  # rows that a process gets at a time


class Options(Value, frozen=True):
    """How rows are tagged; as the options of the command."""

    model: str | None = None
    split: bool = False
    min_score: float | None = None


def tag_rows(
    rows: Iterable[Row], options: Options, jobs: int = 1, scheduler: str | None = None
) -> Iterator[list[Tagged]]:
    """What becomes of the rows, in their order, some hundred at a time.

    In `jobs` processes where above 1; by the workers of a Dask `scheduler` where one is named. Raises
    `BadData` where the model is not there, before anything is read.
    """
    model = load_model(options.model)
    chunks = _chunks(rows)
    if scheduler is not None:
        from extract.bulk.tagging_dask import tag_on_cluster

        return tag_on_cluster(chunks, options, scheduler)
    if jobs <= 1:
        return (tag_chunk(chunk, options, model) for chunk in chunks)
    workers: Workers[Row, Tagged] = Workers(_work, poisoned, jobs, (_begin, (options,)))
    return workers.run(chunks)


def tag_chunk(chunk: Sequence[Row], options: Options, model: Classifier) -> list[Tagged]:
    """A tagged row for each row."""
    lines = (row.line for row in chunk)
    answers = tag_lines(lines, split=options.split, model=model, min_score=options.min_score)
    return [
        Tagged(row.id, None, row.explain(answer.reason), row.place)
        if isinstance(answer, UnreadableFile)
        else Tagged(row.id, answer, None, row.place)
        for row, answer in zip(chunk, answers, strict=True)
    ]


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    stream = iter(rows)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def poisoned(row: Row) -> Tagged:
    """What a row becomes that kills whoever tags it."""
    return Tagged(row.id, None, "the process that tagged this row died; the row is left out", row.place)


# ---- in a worker process ---------------------------------------------------------------------------------

_SETTINGS: dict[str, Options] = {}


def _begin(options: Options) -> None:
    """Each process keeps its options, and loads its model once."""
    _SETTINGS["options"] = options
    load_model(options.model)


def _work(chunk: Sequence[Row]) -> list[Tagged]:
    options = _SETTINGS["options"]
    return tag_chunk(chunk, options, load_model(options.model))
