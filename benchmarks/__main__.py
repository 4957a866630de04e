"""Print what each stage costs beside its reference: `python -m benchmarks [--n N] [ROW ...]`."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.rows import ROWS, Corpus

ROOT = Path(__file__).parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=2000, help="reports in the benchmark corpus")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs for each ratio")
    parser.add_argument("--seeds", type=Path, default=ROOT / "samples", help="reports that the corpus varies")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)} (default: all)")
    options = parser.parse_args()
    table = Table(title=f"{options.n} reports, medians of {options.pairs} pairs", title_justify="left")
    for column in ("row", "what", "ours", "reference", "ratio", "must"):
        table.add_column(column)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(make_corpus(options.seeds, options.n, Path(folder)), options.n, options.pairs)
        for name in options.rows or ROWS:
            result = ROWS[name](corpus)
            table.add_row(name, *result)
            print(name, *result, sep="\t", file=sys.stderr)
    Console(width=120).print(table)


def make_corpus(seeds: Path, count: int, folder: Path) -> Path:
    """A folder of `count` text reports that vary the seeds."""
    maker = ROOT / "benchmarks" / "make_corpus.py"
    arguments = ["--seeds", str(seeds), "--n", str(count), "--out", str(folder), "--formats", "txt"]
    subprocess.run([sys.executable, str(maker), *arguments], check=True, stdout=subprocess.DEVNULL)
    return folder


if __name__ == "__main__":
    main()
