"""What is read of whole reports as PDF, by writer and layout: cells right, wrong, not read.

    python -m benchmarks.pdfs [--n 10] [--office] [--list]

The tests' own writer sets each report ruled and without lines, in several sizes and manners; LibreOffice,
with `--office`, writes it ruled and without lines.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from extract import parse
from extract.report import Document, Number

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))  # the reports and the writers of files are the tests' own

Expected = Mapping[str, Number | None]


def own_writer(documents: Mapping[str, Document]) -> Iterator[tuple[str, str, bytes]]:
    """(layout, name, PDF) of each report in each layout of the tests' own writer."""
    from pdf_writer import LAYOUTS, lay_out

    for title, layout in LAYOUTS.items():
        for name, document in documents.items():
            yield title, name, lay_out(document, layout)


def office_writer(documents: Mapping[str, Document]) -> Iterator[tuple[str, str, bytes]]:
    """The same of LibreOffice."""
    from renderings import bordered_docx, docx_body, office, pack_docx

    def bare_docx(document: Document) -> bytes:
        wide = '<w:tblPr><w:tblW w:w="5000" w:type="pct"/></w:tblPr>'
        body = docx_body(document).replace("<w:tblPr/>", wide)
        return pack_docx(body.replace('<w:sz w:val="32"/>', '<w:sz w:val="18"/>'))

    for title, make in (("LibreOffice, ruled", bordered_docx), ("LibreOffice, no lines", bare_docx)):
        with TemporaryDirectory() as folder:
            files = {f"{name}.docx": make(document) for name, document in documents.items()}
            for name, data in office(files, "pdf", Path(folder)).items():
                yield title, name, data


def main() -> None:
    from test_formats_office import expected, make_report

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--n", type=int, default=10, help="reports")
    parser.add_argument("--office", action="store_true", help="LibreOffice's PDFs too")
    parser.add_argument("--list", action="store_true", help="name the rows that are not read right")
    options = parser.parse_args()
    documents = {f"report{number}": make_report(number) for number in range(options.n)}
    cells: dict[str, Expected] = {
        name: {cell.id: cell.value for cell in expected(document).cells}
        for name, document in documents.items()
    }
    counts: dict[str, Counter[str]] = {}
    failed: dict[str, Counter[str]] = {}
    for title, name, data in _write(documents, office=options.office):
        found = {cell.id: cell.value for cell in parse(data).cells}
        for ident, value in cells[name].items():
            how = _judge(value, found.get(ident))
            counts.setdefault(title, Counter())[how] += 1
            if how != "right":
                failed.setdefault(title, Counter())[f"{name} {ident.rpartition('.')[0]}"] += 1
    _show(counts, failed if options.list else {}, options.n)


def _write(documents: Mapping[str, Document], *, office: bool) -> Iterator[tuple[str, str, bytes]]:
    yield from own_writer(documents)
    if office:
        yield from office_writer(documents)


def _judge(value: Number | None, found: Number | None) -> str:
    return "right" if found == value else "not read" if found is None else "wrong"


def _show(counts: Mapping[str, Counter[str]], failed: Mapping[str, Counter[str]], reports: int) -> None:
    table = Table("layout", "right", "wrong", "not read", "share", title=f"{reports} reports as PDF")
    for title, found in counts.items():
        share = found["right"] / found.total()
        table.add_row(title, *(str(found[how]) for how in ("right", "wrong", "not read")), f"{share:.2%}")
    Console(width=100).print(table)
    for title, rows in failed.items():
        print(title, ", ".join(f"{row} ({count})" for row, count in rows.most_common(30)), sep="\t")


if __name__ == "__main__":
    main()
