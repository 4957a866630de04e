"""What is read of whole reports that were printed and scanned, and whether misreadings are flagged as such.

    python -m benchmarks.scans [--only printed|lots] [--lot WORD] [--seed 1] [--list]
                               [--n 10] [--first 0] [--sideways 0.2] [--writer office|own]

Two tables. The first: reports printed to PDF, each page scanned at 150 dpi after a fate drawn from the seed
(askew by 1 to 2 degrees, a stamp, noise, JPEG; some turned sideways). The second: the lots of
tests/scan_lots.py, reports in several hands that each meet one harm (stamps over heads and numbers, words in
grey, uneven light, fax, photograph). A misreading is a cell with another
number than printed; it breaks a relation where a sum that holds in print does not hold as read (what was not
read taken as printed). Each that does must be in a finding of origin `reading`; none may accuse the report.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from extract import parse
from extract.report import Document, Number, Report

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))  # the reports and the writers of files are the tests' own

Cells = Mapping[str, Number | None]
KINDS = ("PDF", "PDF", "TIFF")  # what a report of several pages comes as, in turn
SUMS = ("balance", "column_sum", "row_sum", "review_sum")


@dataclass
class Score:
    """Counts of cells, of misreadings that break a relation, and of findings; `seconds` of all `pages`."""

    pages: int = 0
    right: int = 0
    wrong: int = 0
    null: int = 0
    breaking: int = 0
    flagged: int = 0
    accusing: int = 0  # errors of origin `report`, of which there must be none
    seconds: float = 0.0
    misread: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def relations(cells: Cells) -> Iterator[tuple[list[str], list[str]]]:
    """The sums of the form as (parts, parts) that must be equal: columns and rows of requests, reviews."""
    rows: dict[str, dict[str, list[str]]] = {"requests": {}, "review": {}}
    for ident in cells:
        table, _, rest = ident.partition(".")
        if table in rows:
            row, _, column = rest.rpartition(".")
            rows[table].setdefault(row, []).append(column)
    for table, columns in rows.items():
        for row, found in columns.items():
            yield [f"{table}.{row}.{one}" for one in found if one != "total"], [f"{table}.{row}.total"]
    apart = ("received", "carried_over", "total", "carried_forward")
    outcomes = [row for row in rows["requests"] if row not in apart]
    for column in rows["requests"].get("total", ()):
        name = "requests.{}.{}".format
        yield [name(row, column) for row in apart[:2]], [name(row, column) for row in apart[2:]]
        yield [name(row, column) for row in outcomes], [name("total", column)]


def holds(relation: tuple[list[str], list[str]], cells: Cells) -> bool:
    """Whether a sum holds; blanks count as nought."""
    left, right = (sum(cells.get(one) or 0 for one in side) for side in relation)
    return abs(left - right) < 1e-6


def score_report(printed: Cells, report: Report) -> Score:
    """The cells of a report that was read beside those that are printed."""
    read = {cell.id: cell.value for cell in report.cells}
    score = Score()
    wrong = set()
    for ident, value in printed.items():
        found = read.get(ident)
        score.right += found == value
        score.null += found is None and value is not None
        if found is not None and found != value:
            wrong.add(ident)
            score.misread.append(f"{ident}: {value} read {found}")
    score.wrong = len(wrong)
    known = {ident: printed[ident] if read.get(ident) is None else read[ident] for ident in printed}
    broken = [one for one in relations(printed) if holds(one, printed) and not holds(one, known)]
    breaking = {ident for left, right in broken for ident in (*left, *right)} & wrong
    named = {one for find in report.findings if find.origin == "reading" for one in find.where}
    score.breaking, score.flagged = len(breaking), len(breaking & named)
    score.accusing = sum(one.severity == "error" and one.origin == "report" for one in report.findings)
    return score


def scan_report(pdf: bytes, seed: int, sideways: float, kind: str) -> tuple[bytes, int]:
    """A printed report as a scanned file, and its pages."""
    from scanner import draw_fate, pack_pages, scan_pdf

    lot = random.Random(seed)
    fates = [draw_fate(1000 * seed + page, quarters=lot.random() < sideways) for page in range(40)]
    pages = scan_pdf(pdf, fates)
    return pack_pages(pages, kind), len(pages)


def print_reports(documents: Mapping[str, Document], writer: str) -> dict[str, bytes]:
    """The documents as PDF of LibreOffice or of the tests' own writer, by name."""
    from pdf_writer import Layout, lay_out
    from renderings import bordered_docx, office

    if writer == "own":
        return {name: lay_out(document, Layout(size=9)) for name, document in documents.items()}
    with TemporaryDirectory() as folder:
        files = {f"{name}.docx": bordered_docx(document) for name, document in documents.items()}
        return office(files, "pdf", Path(folder))


def read_lots(word: str, seed: int, *, listed: bool) -> Iterator[tuple[str, Score]]:
    """(name, score) of each lot whose name holds `word`; `seed` makes its numbers and its harms."""
    from scan_lots import LOTS, make_files
    from scanner import pack_pages

    for lot in LOTS:
        if word not in lot.name:
            continue
        whole = Score()
        for name, filled, pages in make_files(lot, seed):
            data = pack_pages(pages, lot.kind, lot.dpi)
            start = time.perf_counter()
            score = score_report(filled.values, parse(data))
            score.seconds, score.pages = time.perf_counter() - start, len(pages)
            whole.add(score)
            print(lot.name, name, *_row(score), *(score.misread if listed else ()), sep="\t", file=sys.stderr)
        yield lot.name, whole


def read_printed(options: argparse.Namespace) -> Iterator[tuple[str, Score]]:
    """(name, score) of each report that was printed and scanned."""
    from test_formats_office import make_report

    documents = {f"report{n}": make_report(n) for n in range(options.first, options.first + options.n)}
    printed_reports = sorted(print_reports(documents, options.writer).items())
    for number, (name, pdf) in enumerate(printed_reports, options.first):
        data, pages = scan_report(pdf, options.seed + number, options.sideways, KINDS[number % len(KINDS)])
        printed = {cell.id: cell.value for cell in parse(pdf).cells}
        start = time.perf_counter()
        score = score_report(printed, parse(data))
        score.seconds, score.pages = time.perf_counter() - start, pages
        print(name, *_row(score), *(score.misread if options.list else ()), sep="\t", file=sys.stderr)
        yield name, score


def print_scores(title: str, scores: Iterator[tuple[str, Score]]) -> None:
    """A table of the scores, the last row their sum."""
    counted = (one.name for one in fields(Score) if one.name not in ("seconds", "misread"))
    table = Table("", *counted, "s/page", title=title, title_justify="left")
    whole = Score()
    for name, score in scores:
        whole.add(score)
        table.add_row(name, *_row(score))
    table.add_row("all", *_row(whole))
    Console(width=120).print(table)
    print(f"{whole.right / max(1, whole.right + whole.wrong + whole.null):.2%} of the cells are right")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--n", type=int, default=10, help="reports")
    parser.add_argument("--first", type=int, default=0, help="number of the first of them")
    parser.add_argument("--sideways", type=float, default=0.2, help="share of pages turned by quarters")
    parser.add_argument("--writer", choices=("office", "own"), default="office", help="who prints the PDF")
    parser.add_argument("--seed", type=int, default=1, help="of what befalls the pages")
    parser.add_argument("--list", action="store_true", help="list every misread cell")
    parser.add_argument("--only", choices=("printed", "lots"), help="one of the two tables")
    parser.add_argument("--lot", default="", help="a word in the names of the lots to be read")
    options = parser.parse_args()
    if options.only != "lots":
        title = f"scans at 150 dpi, seed {options.seed}, {options.writer}"
        print_scores(title, read_printed(options))
    if options.only != "printed":
        title = f"lots of scans, seed {options.seed}"
        print_scores(title, read_lots(options.lot, options.seed, listed=options.list))


def _row(score: Score) -> list[str]:
    counts = (getattr(score, one.name) for one in fields(Score) if one.name not in ("seconds", "misread"))
    return [*map(str, counts), f"{score.seconds / max(1, score.pages):.1f}"]


if __name__ == "__main__":
    main()
