"""Read reports into JSON, one object a line on standard output, or (-o) into a dataset folder of Parquet.

Messages go to standard error. A run into a folder that was stopped goes on by the same command.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extract.commands.arguments import add_model, count, media_type
from extract.errors import UnreadableFile

if TYPE_CHECKING:
    from extract.pipeline import Read
    from extract.report import Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources", nargs="+", metavar="FILE", help="files, folders, glob patterns, or - for stdin"
    )
    parser.add_argument(
        "--format",
        choices=["json", "summary"],
        default="json",
        help="summary: a line a report, for a person; default: json",
    )
    parser.add_argument(
        "--type",
        type=media_type,
        metavar="TYPE",
        help="kind of the content (txt, docx, …) if not to be found out",
    )
    add_model(parser)
    _add_bulk_arguments(parser.add_argument_group("into a dataset folder"))


def _add_bulk_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-o", "--output", metavar="OUT", help="the folder; s3:// and the like with their package"
    )
    group.add_argument("--jobs", type=count, metavar="N", help="worker processes (default: as many as pay)")
    group.add_argument("--limit", type=count, metavar="N", help="only the first N files")
    group.add_argument("--sample", type=count, metavar="N", help="only N files drawn by lot, always the same")
    group.add_argument(
        "--agencies", metavar="TABLE", help="your list: file or agency → region code, level, …"
    )
    group.add_argument(
        "--regions", action="store_true", help="propose region codes by name (gongkai[regions])"
    )
    group.add_argument("--prune", action="store_true", help="drop the rows of files that are gone")
    group.add_argument("--retry", action="store_true", help="read again what could not be read")
    group.add_argument("--engine", choices=["local", "dask"], help="default: local")
    group.add_argument("--scheduler", metavar="ADDRESS", help="of Dask: tcp://HOST:8786 (gongkai[cluster])")


def run(options: argparse.Namespace) -> int:
    wrong = _find_misuse(options)
    if wrong is not None:
        print(f"gongkai parse: {wrong}", file=sys.stderr)
        return 2
    return _write_lines(options) if options.output is None else _write_dataset(options)


def _find_misuse(options: argparse.Namespace) -> str | None:
    """What is wrong with options that do not go together, or None."""
    bulk = ("jobs", "limit", "sample", "agencies", "regions", "prune", "retry", "engine", "scheduler")
    given = [name for name in bulk if getattr(options, name)]
    if options.output is None:
        return f"--{given[0]} needs -o OUT" if given else None
    if "-" in options.sources:
        return "-o reads files and folders, not standard input"
    if options.prune and (options.limit or options.sample):
        return "--prune needs all the files: leave out --limit and --sample"
    if (options.engine == "dask") != (options.scheduler is not None):
        return "--engine dask and --scheduler ADDRESS go together"
    return None


def _write_dataset(options: argparse.Namespace) -> int:
    from extract.bulk.run import Wish, run

    names = ("jobs", "limit", "sample", "prune", "retry", "model", "agencies", "regions")
    wish = Wish(media_type=options.type, **{name: getattr(options, name) for name in names})
    engine = None
    if options.engine == "dask":
        from extract.bulk.dask import Cluster

        engine = Cluster(options.scheduler)
    try:
        summary = run(options.sources, options.output, wish, engine)
    except KeyboardInterrupt:
        print("gongkai: stopped; what is done is kept: the same command goes on from there", file=sys.stderr)
        return 130
    print(f"gongkai: {options.output}: {summary.tell()}", file=sys.stderr)
    return 1 if summary.errors or summary.missing else 0


def _write_lines(options: argparse.Namespace) -> int:
    from extract.classify import load_model
    from extract.pipeline import parse_batches
    from extract.progress import track
    from extract.read.annex import join_beside
    from extract.sources import find_sources

    failures = 0
    sources = list(find_sources(options.sources))
    if not sources:
        print(f"gongkai: {', '.join(options.sources)}: no file was found there", file=sys.stderr)
    read = (one for source in track(sources, "parsing") for one in _read_source(source, options))
    for result in parse_batches(join_beside(read, sources, whole=True), model=load_model(options.model)):
        if isinstance(result, UnreadableFile):
            failures += 1
            print(f"gongkai: {result}", file=sys.stderr)
        else:
            _write(result, options.format)
    return 1 if failures else 0


def _read_source(source: str, options: argparse.Namespace) -> Iterator[Read]:
    """Every document of a file or archive; binary formats are read in a worker with limits of its own."""
    from extract.pipeline import describe, read_bytes
    from extract.read.sandbox import read_isolated

    name = "<stdin>" if source == "-" else source
    try:
        data = sys.stdin.buffer.read() if source == "-" else read_bytes(source)
        members = read_isolated(data, name, options.type)
    except UnreadableFile as error:
        yield error
        return
    for member in members:
        yield describe(member, name)


def _write(report: Report, form: str) -> None:
    if form == "json":
        sys.stdout.buffer.write(report.to_json() + b"\n")
    else:
        from extract.show import summary_line

        print(summary_line(report))
