"""Tag narrative text that comes without its report: JSON lines of {"id", "text"}, or a column of a table.

Tables are Parquet, CSV, TSV and Excel; `-o` writes Parquet, CSV, Excel or JSON lines. What cannot be tagged
is named on standard error, and the exit status is 1. A row of a table keeps its place, with an `error`, and
so does a bad line of JSON with -o; JSON lines from JSON lines on standard output leave a bad line out.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, BinaryIO

from extract.commands.arguments import add_model, count_or_zero, probability
from extract.commands.targets import refuse_target

if TYPE_CHECKING:
    from extract.tag.output import Tagged

_SHOWN = 20  # errors told one by one


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE", help="JSON lines, a table, or - for JSON lines on stdin")
    parser.add_argument("--split", action="store_true", help="each text is a narrative of any length")
    add_model(parser)
    parser.add_argument("--min-score", type=probability, metavar="P", help="kind null below this probability")
    parser.add_argument("-o", "--output", metavar="FILE", help="write .parquet, .csv, .xlsx or .jsonl")
    parser.add_argument(
        "--jobs", type=count_or_zero, default=1, metavar="N", help="processes; 0: one a core (default: 1)"
    )
    parser.add_argument("--engine", choices=["local", "dask"], default="local", help="default: local")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of Dask: tcp://HOST:8786 (gongkai[cluster])")
    parser.add_argument("--column", default="text", metavar="NAME", help="of the text (default: text)")
    for field, default in (
        ("id", "the row's number"),
        ("section", "none"),
        ("path", "none"),
        ("marker", "none"),
    ):
        parser.add_argument(
            f"--{field}-column", metavar="NAME", help=f"default: {field} where there is one, else {default}"
        )


def run(options: argparse.Namespace) -> int:
    if (options.engine == "dask") != bool(options.scheduler):
        print("gongkai: --engine dask and --scheduler ADDRESS go together", file=sys.stderr)
        return 2
    refused = refuse_target(options.output, options.source) if options.output else None
    if refused:
        print(f"gongkai: {refused}", file=sys.stderr)
        return 2
    from extract.tag.input import is_lines

    if not is_lines(options.source) or options.output or options.jobs != 1 or options.scheduler:
        return _run_rows(options)
    return _run_lines(options)


def _run_rows(options: argparse.Namespace) -> int:
    from extract.bulk.tagging import Options, tag_rows
    from extract.tag.input import Columns, is_lines, read_rows
    from extract.tag.output import write_tagged

    columns = Columns(
        options.column, options.id_column, options.section_column, options.path_column, options.marker_column
    )
    wish = Options(options.model, options.split, options.min_score)
    rows = read_rows(options.source, columns)
    failures: list[int] = []
    jobs = options.jobs or os.cpu_count() or 1
    chunks = _told(tag_rows(rows, wish, jobs, options.scheduler), failures)
    if options.output:
        write_tagged(chunks, options.output, split=options.split)
    else:
        _print(chunks, errors=not is_lines(options.source))
    if sum(failures) > _SHOWN:
        print(f"gongkai: {sum(failures):,} rows could not be tagged", file=sys.stderr)
    return 1 if sum(failures) else 0


def _told(chunks: Iterable[Sequence[Tagged]], failures: list[int]) -> Iterator[Sequence[Tagged]]:
    """The chunks, while the errors in them are counted and the first told."""
    for chunk in chunks:
        wrong = [one for one in chunk if one.error is not None]
        for one in wrong[: max(0, _SHOWN - sum(failures))]:
            print(f"gongkai: {one.place}: {one.error}", file=sys.stderr)
        failures.append(len(wrong))
        yield chunk


def _print(chunks: Iterable[Sequence[Tagged]], *, errors: bool) -> None:
    """The tagged rows as JSON lines; with `errors`, what could not be tagged says so in its place."""
    for chunk in chunks:
        shown = (one for one in chunk if errors or one.error is None)
        sys.stdout.buffer.writelines(one.json() + b"\n" for one in shown)


def _open(name: str) -> AbstractContextManager[BinaryIO]:
    from extract.errors import UnreadableFile

    if name == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return open(name, "rb")
    except OSError as error:
        raise UnreadableFile(name, error.strerror or str(error)) from error


def _run_lines(options: argparse.Namespace) -> int:
    from extract.classify import load_model
    from extract.errors import UnreadableFile
    from extract.tag import tag_lines

    model = load_model(options.model)
    failures = 0
    wish = {"split": options.split, "min_score": options.min_score}
    name = "<stdin>" if options.source == "-" else options.source
    with _open(options.source) as lines:
        for tagged in tag_lines(lines, model=model, name=name, **wish):
            if isinstance(tagged, UnreadableFile):
                failures += 1
                print(f"gongkai: {tagged}", file=sys.stderr)
            else:
                sys.stdout.buffer.write(tagged + b"\n")
    return 1 if failures else 0
