"""What is read right from every kind of file, and in what time: the table of formats in the README.

    python -m benchmarks.formats [--reports N] [--scans N] [--markdown]

The reports are those of tests/whole_reports.py, rendered to each kind by writers that share nothing with the
readers. Right are cells as drawn; sections and units that the same report has without any file.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from extract.errors import UnreadableFile
from extract.pipeline import describe_source, parse_document
from extract.report import Report

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from scanner import draw_fate, pack_pages, scan_pdf
from whole_reports import (
    OFFICE_WRITERS,
    POORER_WRITERS,
    WHOLE,
    WRITERS,
    Whole,
    load_all,
    read_back,
    write_by_office,
)

# Kinds in the order of the table, each with what it is and by which library it is read.
KINDS: dict[str, tuple[str, str]] = {
    "txt": ("text, cells parted by tabs", "own reader"),
    "txt by LibreOffice": ("text, a cell a line (LibreOffice)", "own reader"),
    "md": ("Markdown", "own reader"),
    "html": ("page of a publishing system", "selectolax"),
    "html gbk": ("bare page, GB18030, no charset", "selectolax"),
    "html word": ("page saved by Word", "selectolax"),
    "html by LibreOffice": ("page saved by LibreOffice", "selectolax"),
    "mht": ("`.mht`, GB18030", "selectolax"),
    "docx": ("`.docx`", "lxml"),
    "docx by LibreOffice": ("`.docx` (LibreOffice)", "lxml"),
    "doc": ("`.doc`", "LibreOffice, lxml"),
    "rtf": ("`.rtf`", "LibreOffice, lxml"),
    "odt": ("`.odt` (LibreOffice)", "lxml"),
    "pdf": ("PDF, ruled tables (own writer)", "pypdfium2"),
    "pdf by LibreOffice": ("PDF, ruled tables (LibreOffice)", "pypdfium2"),
    "pdf no lines": ("PDF, tables without lines", "pypdfium2"),
    "ofd": ("OFD, ruled tables", "lxml"),
    "ofd letters": ("OFD, an object a letter", "lxml"),
    "xlsx": ("`.xlsx`, all in one sheet", "openpyxl"),
    "ods": ("`.ods`, all in one sheet", "lxml"),
    "txt + xlsx": ("`.zip`: text, tables in `.xlsx`", "openpyxl"),
    "tgz": ("`.tar.gz`: the same two files", "openpyxl"),
    "scan": ("scan, 150 dpi, askew, JPEG, stamp", "rapidocr"),
}


class Row(NamedTuple):
    """One kind of file: reports read of those made, cells right of all, sections and units equal.

    `seconds` of the processors' time that a report takes (median).
    """

    kind: str
    read: int
    made: int
    cells: tuple[int, int]
    sections: tuple[int, int]
    units: tuple[int, int]
    seconds: float


def make_files(
    reports: Mapping[str, Whole], scans: int, folder: Path
) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Each kind with its files by the name of the report, less those that need what is not installed."""
    office: dict[str, dict[str, bytes]] = {}
    writers = WRITERS | POORER_WRITERS
    if shutil.which("soffice"):
        for kind in OFFICE_WRITERS:
            office[kind] = write_by_office(kind, reports.values(), _new_folder(folder))
    for kind in KINDS:
        if kind in writers:
            yield kind, {whole.name: writers[kind](whole.document) for whole in reports.values()}
        elif kind in office:
            yield kind, office[kind]
        elif kind == "scan" and scans and "pdf by LibreOffice" in office and find_spec("rapidocr"):
            printed = list(office["pdf by LibreOffice"].items())[:scans]
            yield kind, {name: _scan(data, seed) for seed, (name, data) in enumerate(printed)}


def _scan(pdf: bytes, seed: int) -> bytes:
    return pack_pages(scan_pdf(pdf, [draw_fate(100 * seed + page) for page in range(40)]), "PDF")


def _new_folder(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=folder))


def score_kind(kind: str, files: Mapping[str, bytes], reports: Mapping[str, Whole]) -> Row:
    """What comes out of the files of one kind beside what went in."""
    read, seconds, sums = 0, [], [[0, 0], [0, 0], [0, 0]]
    for name, data in files.items():
        whole = reports[name]
        wanted = parse_document(whole.document, describe_source(b"", name, whole.document))
        begin = _processor_seconds()
        report = _read(data)
        seconds.append(_processor_seconds() - begin)
        read += report is not None
        for total, (right, count) in zip(sums, _compare(whole, wanted, report)):
            total[0] += right
            total[1] += count
    cells, sections, units = ((right, count) for right, count in sums)
    return Row(kind, read, len(files), cells, sections, units, statistics.median(seconds))


def _processor_seconds() -> float:
    """Of this process and of those that it started and that have ended (LibreOffice)."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _read(data: bytes) -> Report | None:
    try:
        return read_back(data)
    except UnreadableFile as error:
        print(error, file=sys.stderr)
        return None


def _compare(whole: Whole, wanted: Report, report: Report | None) -> Sequence[tuple[int, int]]:
    """Right and all, of cells, sections and units; one that is there twice or too much counts as wrong."""
    cells = {cell.id: cell.value for cell in report.cells} if report else {}
    return (
        (
            sum(name in cells and cells[name] == value for name, value in whole.cells.items()),
            len(whole.cells),
        ),
        _count_equal(_list_sections(wanted), _list_sections(report) if report else []),
        _count_equal(_list_units(wanted), _list_units(report) if report else []),
    )


def _count_equal(wanted: Sequence[object], found: Sequence[object]) -> tuple[int, int]:
    equal = sum(one in found for one in wanted)
    return equal, max(len(wanted), len(found))


def _list_sections(report: Report) -> list[object]:
    return [(section.id, section.heading) for section in report.sections]


def _list_units(report: Report) -> list[object]:
    return [(unit.section, unit.path, unit.marker, unit.text, unit.kind) for unit in report.units]


HEAD = (
    "format",
    "library that reads it",
    "reports",
    "cells right",
    "sections equal",
    "units equal",
    "processor s a report",
)


def write_row(row: Row) -> tuple[str, ...]:
    what, library = KINDS[row.kind]
    reports = f"{row.read}" if row.read == row.made else f"{row.read} of {row.made}"
    return (
        what,
        library,
        reports,
        *map(_write_share, (row.cells, row.sections, row.units)),
        f"{row.seconds:.3f}",
    )


def _write_share(pair: tuple[int, int]) -> str:
    right, count = pair
    return f"{right:,} of {count:,}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--reports", type=int, default=len(WHOLE), help="how many of the reports (default: all)"
    )
    parser.add_argument("--scans", type=int, default=2, help="how many of them as scans, some 60 s each")
    parser.add_argument("--markdown", action="store_true", help="print the table as it stands in the README")
    options = parser.parse_args()
    reports = {whole.name: whole for whole in load_all(WHOLE[: options.reports]).values()}
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        for kind, files in make_files(reports, options.scans, Path(folder)):
            rows.append(write_row(score_kind(kind, files, reports)))
            print(*rows[-1], sep="\t", file=sys.stderr)
    if options.markdown:
        lines = [HEAD, ("---", "---", *["--:"] * (len(HEAD) - 2)), *rows]
        print("\n".join(f"| {' | '.join(line)} |" for line in lines))
        return
    table = Table(title=f"{len(reports)} whole reports", title_justify="left")
    for number, column in enumerate(HEAD):
        table.add_column(column, justify="left" if number < 2 else "right")
    for row in rows:
        table.add_row(*row)
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
