"""Show a report in the terminal: sections, units by kind, figures and platforms, tables, findings."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE", help="a report, or - for stdin")
    parser.add_argument("--type", metavar="TYPE", help="kind of the content if not to be found out")
    parser.add_argument("--model", metavar="NAME|PATH|rules", help="model of kinds and themes")


def run(options: argparse.Namespace) -> int:
    import sys

    from extract.classify import load_model
    from extract.commands.parse import media_type
    from extract.pipeline import parse, read_bytes
    from extract.show import show_report

    data = sys.stdin.buffer.read() if options.source == "-" else read_bytes(options.source)
    name = "<stdin>" if options.source == "-" else options.source
    show_report(parse(data, name=name, media_type=media_type(options.type), model=load_model(options.model)))
    return 0
