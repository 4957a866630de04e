"""Tag narrative text that comes without its report: JSON lines of {"id", "text"} in, tagged lines out."""

from __future__ import annotations

import argparse
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import BinaryIO


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE.jsonl", help="a file of JSON lines, or - for stdin")
    parser.add_argument("--split", action="store_true", help="each text is a narrative of any length")
    parser.add_argument("--model", metavar="NAME|PATH|rules", help="model of kinds and themes")
    parser.add_argument("--min-score", type=float, metavar="P", help="kind null below this probability")


def _open(name: str) -> AbstractContextManager[BinaryIO]:
    from extract.errors import UnreadableFile

    if name == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return open(name, "rb")
    except OSError as error:
        raise UnreadableFile(name, error.strerror or str(error)) from error


def run(options: argparse.Namespace) -> int:
    from extract.classify import load_model
    from extract.errors import UnreadableFile
    from extract.tag import tag_lines

    model = load_model(options.model)
    failures = 0
    with _open(options.source) as lines:
        for tagged in tag_lines(lines, split=options.split, model=model, min_score=options.min_score):
            if isinstance(tagged, UnreadableFile):
                failures += 1
                print(f"gongkai: {tagged}", file=sys.stderr)
            else:
                sys.stdout.buffer.write(tagged + b"\n")
    return 1 if failures else 0
