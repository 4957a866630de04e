"""Show a report in the terminal: sections, units by kind, figures and platforms, tables, findings."""

from __future__ import annotations

import argparse

from extract.commands.arguments import add_model, media_type


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE", help="a report, or - for stdin")
    parser.add_argument(
        "--type", type=media_type, metavar="TYPE", help="kind of the content if not found out"
    )
    add_model(parser)


def run(options: argparse.Namespace) -> int:
    import sys

    from extract.classify import load_model
    from extract.pipeline import parse, read_bytes
    from extract.show import show_report

    data = sys.stdin.buffer.read() if options.source == "-" else read_bytes(options.source)
    name = "<stdin>" if options.source == "-" else options.source
    show_report(parse(data, name=name, media_type=options.type, model=load_model(options.model)))
    return 0
