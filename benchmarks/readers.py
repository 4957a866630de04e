"""Goals 4 to 6: what web pages, Word files and PDFs cost beside the usual libraries, in one process.

    python -m benchmarks.readers [--n 60] [--pairs 5] [--seeds FOLDER]

Ours is measured twice: the reader alone, and the whole parse; the peer extracts tables (and text) only. The
PDFs are of six pages each, ruled, with embedded fonts, by LibreOffice; without it there are none.
"""

from __future__ import annotations

import argparse
import gc
import io
import logging
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
PDFS = 4  # reports; pdfplumber needs a second for each
Work = Callable[[Sequence[bytes]], object]


def read_only(files: Sequence[bytes]) -> object:
    from extract.read import read_document

    return [read_document(data, "report") for data in files]


def parse_whole(files: Sequence[bytes]) -> object:
    from extract import parse_many

    return [report.to_json() for report in parse_many(files) if not isinstance(report, Exception)]


def pandas_tables(files: Sequence[bytes]) -> object:
    import pandas

    return [pandas.read_html(io.StringIO(data.decode()), flavor="lxml") for data in files]


def python_docx(files: Sequence[bytes]) -> object:
    import docx

    read = []
    for data in files:
        document = docx.Document(io.BytesIO(data))
        paragraphs = [paragraph.text for paragraph in document.paragraphs]
        read.append(
            (
                paragraphs,
                [[cell.text for cell in row.cells] for table in document.tables for row in table.rows],
            )
        )
    return read


def pdfplumber_tables(files: Sequence[bytes]) -> object:
    import pdfplumber

    read = []
    for data in files:
        with pdfplumber.open(io.BytesIO(data)) as document:
            read.append([(page.extract_text(), page.extract_tables()) for page in document.pages])
    return read


def make_pdfs(reports: int) -> list[bytes]:
    """Ruled reports of six pages as PDF; none where LibreOffice is missing."""
    if not shutil.which("soffice"):
        return []
    sys.path.insert(0, str(ROOT / "tests"))  # the reports and the writers of files are the tests' own
    from renderings import bordered_docx, office
    from test_formats_office import make_report

    files = {f"{number}.docx": bordered_docx(make_report(2 * number), 24) for number in range(reports)}
    with tempfile.TemporaryDirectory() as folder:
        return list(office(files, "pdf", Path(folder)).values())


def measure(files: Sequence[bytes], ours: Work, theirs: Work, pairs: int) -> tuple[float, float, float]:
    """Ratio of processor time (median of the pairs' ratios), and milliseconds a file of each."""
    ours(files[:1])
    theirs(files[:1])
    gc.collect()
    gc.freeze()  # what the libraries of all rows hold is no part of what one of them costs
    ratios, mine, others = [], [], []
    for _ in range(pairs):
        first, second = (_seconds(files, work) for work in (ours, theirs))
        ratios.append(first / second)
        mine.append(first)
        others.append(second)
    scale = 1000 / len(files)
    return statistics.median(ratios), statistics.median(mine) * scale, statistics.median(others) * scale


def _seconds(files: Sequence[bytes], work: Work) -> float:
    start = time.process_time()
    work(files)
    return time.process_time() - start


GOALS = (  # goal, format, peer, most that the whole parse may cost
    ("4", "html", pandas_tables, "0.80"),
    ("5", "docx", python_docx, "0.25"),
    ("6", "pdf", pdfplumber_tables, "0.25"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=60, help="reports in the benchmark corpus")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs for each ratio")
    parser.add_argument("--seeds", type=Path, default=ROOT / "samples", help="reports that the corpus varies")
    options = parser.parse_args()
    table = Table(title=f"{options.n} reports, medians of {options.pairs} pairs", title_justify="left")
    for column in ("goal", "format", "ours", "ms", "peer", "ms", "ratio", "must"):
        table.add_column(column)
    with tempfile.TemporaryDirectory() as folder:
        maker = ROOT / "benchmarks" / "make_corpus.py"
        arguments = ["--seeds", str(options.seeds), "--n", str(options.n), "--out", folder]
        subprocess.run(
            [sys.executable, str(maker), *arguments, "--formats", "html,docx"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        logging.getLogger("pdfminer").setLevel(logging.ERROR)
        made = {"pdf": make_pdfs(PDFS)}
        for kind in ("html", "docx"):
            made[kind] = [path.read_bytes() for path in sorted(Path(folder).rglob(f"*.{kind}"))]
        for goal, kind, peer, must in GOALS:
            files = made[kind]
            if not files:
                continue
            for ours in (read_only, parse_whole):
                ratio, mine, other = measure(files, ours, peer, options.pairs)
                table.add_row(
                    goal,
                    kind,
                    ours.__name__,
                    f"{mine:.2f}",
                    peer.__name__,
                    f"{other:.2f}",
                    f"{ratio:.2f}",
                    must if ours is parse_whole else "",
                )
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
