"""Choose the units to label next: half uncertain, a quarter unlike the rest, a quarter at random."""

from __future__ import annotations

import argparse

from extract.commands.arguments import count


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="reports, or JSON lines of `gongkai parse`")
    parser.add_argument("-n", type=count, default=200, help="how many units (default: 200)")
    parser.add_argument("--model", metavar="NAME|PATH|rules")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--weak", action="store_true", help="labels by the votes of rules, for no model at all"
    )


def run(options: argparse.Namespace) -> int:
    import sys

    import msgspec

    from extract.learn.suggest import run_suggest
    from extract.learn.weak import run_weak

    chosen = (
        run_weak(options.files)[: options.n]
        if options.weak
        else run_suggest(options.model, options.files, options.n, options.seed)
    )
    for one in chosen:
        sys.stdout.buffer.write(msgspec.json.encode(one) + b"\n")
    return 0
