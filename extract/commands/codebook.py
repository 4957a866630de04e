"""Every variable that the program writes, with its meaning in Chinese and English, its formula and source."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from extract.commands.targets import write_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="a .md or .csv file (default: standard output)"
    )
    parser.add_argument("--lang", choices=["zh", "en"], help="only in this language (default: both)")


def run(options: argparse.Namespace) -> int:
    from extract.export.codebook import all_entries, to_csv, to_markdown

    if options.output is None:
        sys.stdout.write(to_markdown(all_entries(), options.lang))
        return 0
    path = Path(options.output)
    ending = path.suffix.lower()
    if ending not in (".md", ".csv"):
        print(f"gongkai codebook: {path}: the ending must be .md or .csv", file=sys.stderr)
        return 2
    content = to_csv(all_entries()) if ending == ".csv" else to_markdown(all_entries(), options.lang)
    write_text(path, content)
    return 0
