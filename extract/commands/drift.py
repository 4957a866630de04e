"""How new reports differ from what a model learnt: unseen words, kinds, confidence, strange units."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="reports, or JSON lines of `gongkai parse`")
    parser.add_argument("--model", metavar="NAME|PATH")
    parser.add_argument("--format", choices=["table", "json"], default="table")


def run(options: argparse.Namespace) -> int:
    import sys

    from extract.commands.tables import print_mapping, print_rows
    from extract.learn.drift import run_drift

    drift = run_drift(options.model, options.files).to_dict()
    if options.format == "json":
        import msgspec

        sys.stdout.buffer.write(msgspec.json.encode(drift) + b"\n")
        return 0
    words, strange = drift.pop("unseen_words"), drift.pop("strange")
    print_mapping("drift", drift)
    print_rows("unseen words", ["word", "times"], [(word, str(count)) for word, count in words])
    print_rows(
        "strange units", ["unit", "share known", "text"], [(i, f"{s:.2f}", t[:60]) for i, s, t in strange]
    )
    return 0
