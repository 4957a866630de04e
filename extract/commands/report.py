"""One self-contained page on a dataset: coverage, findings, indicators and problem themes as plots."""

from __future__ import annotations

import argparse
import sys

from extract.commands.targets import write_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="OUT", help="the folder that `gongkai parse -o` wrote")
    parser.add_argument("-o", "--output", metavar="PAGE.html", help="default: standard output")
    parser.add_argument(
        "--lang", choices=["zh", "en"], default="zh", help="language of the page; default: zh"
    )


def run(options: argparse.Namespace) -> int:
    from extract.web.panel import render_panel

    page = render_panel(options.dataset, language=options.lang)
    if options.output:
        write_text(options.output, page)
        print(f"{options.output}: {len(page.encode()):,} bytes", file=sys.stderr)
    else:
        print(page)
    return 0
