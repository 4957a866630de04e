"""Choose the units to label next: half uncertain, a quarter unlike the rest, a quarter at random.

JSON lines, or a table to label in: `--to csv` and `--to xlsx` write every column that `gongkai corpus import`
asks for, `kind` and `themes` filled with what was found: correct them, save, and import the same file.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extract.commands.arguments import add_model, count
from extract.commands.targets import refuse_target

if TYPE_CHECKING:
    from extract.learn.suggest import Suggestion
    from extract.learn.weak import WeakLabel


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="reports, or JSON lines of `gongkai parse`")
    parser.add_argument("-n", type=count, default=200, help="how many units (default: 200)")
    add_model(parser, "has the doubts")
    parser.add_argument("--seed", type=int, default=7, help="of the random part (default: 7)")
    parser.add_argument(
        "--weak", action="store_true", help="labels by the votes of rules, for no model at all"
    )
    parser.add_argument("--to", choices=("jsonl", "csv", "xlsx"), default="jsonl", help="default: jsonl")
    parser.add_argument("-o", "--output", metavar="FILE", help="default: standard output")


def run(options: argparse.Namespace) -> int:
    import sys

    from extract.learn.suggest import run_suggest
    from extract.learn.weak import run_weak

    for source in options.files if options.output else ():
        if refused := refuse_target(options.output, source):
            print(f"gongkai: {refused}", file=sys.stderr)
            return 2
    chosen: Sequence[Suggestion | WeakLabel] = (
        run_weak(options.files)[: options.n]
        if options.weak
        else run_suggest(options.model, options.files, options.n, options.seed)
    )
    data = _write(chosen, options.to)
    if options.output:
        Path(options.output).write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
    return 0


def _write(chosen: Sequence[Suggestion | WeakLabel], form: str) -> bytes:
    import msgspec

    from extract.learn.bring import UNIT_FORMATS
    from extract.learn.suggest import as_notes, as_proposals

    if form == "jsonl":
        return b"".join(msgspec.json.encode(one) + b"\n" for one in chosen)
    return UNIT_FORMATS[form][0](as_proposals(chosen), as_notes(chosen))
