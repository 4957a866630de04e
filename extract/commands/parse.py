"""Read reports into JSON, one object a line on standard output; messages go to standard error."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extract.errors import UnreadableFile

if TYPE_CHECKING:
    from extract.pipeline import Read
    from extract.report import Report

_KINDS = {
    "txt": "text/plain",
    "md": "text/markdown",
    "mht": "multipart/related",
    "mhtml": "multipart/related",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources", nargs="+", metavar="FILE", help="files, folders, glob patterns, or - for stdin"
    )
    parser.add_argument("--format", choices=["json", "summary"], default="json", help="default: json")
    parser.add_argument(
        "--type", metavar="TYPE", help="kind of the content (txt, html, docx, pdf, …) if not to be found out"
    )
    parser.add_argument("--model", metavar="NAME|PATH|rules", help="model of kinds and themes")


def run(options: argparse.Namespace) -> int:
    from extract.classify import load_model
    from extract.pipeline import parse_batches
    from extract.progress import track
    from extract.sources import find_sources

    failures = 0
    sources = track(list(find_sources(options.sources)), "parsing")
    read = (one for source in sources for one in _read_source(source, options))
    for result in parse_batches(read, model=load_model(options.model)):
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
        members = read_isolated(data, name, media_type(options.type))
    except UnreadableFile as error:
        yield error
        return
    for member in members:
        yield describe(member, name)


def media_type(kind: str | None) -> str | None:
    """The media type that a short name such as `docx` or `.html` means; one that is written out stays."""
    if kind is None or "/" in kind:
        return kind
    import mimetypes

    return _KINDS.get(kind.lstrip(".").lower()) or mimetypes.guess_type(f"a.{kind.lstrip('.')}")[0] or kind


def _write(report: Report, form: str) -> None:
    if form == "json":
        sys.stdout.buffer.write(report.to_json() + b"\n")
    else:
        from extract.show import summary_line

        print(summary_line(report))
