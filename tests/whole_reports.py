"""Whole reports of the project, their tables drawn as in the official form, and the same in every kind of file.

The narrative is that of a report in tests/reports; the numbers are its own where nearly all of them are above
nought, else distinct ones that balance. A rendering is made without any reader, so that what the readers make
of it can be held against the report.
"""

from __future__ import annotations

import functools
import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from layouts import Filled, exact_grids, fill_form, form, make_grid, table
from odf_writer import ods
from ofd_writer import lay_out_ofd
from pdf_writer import Layout, lay_out
from renderings import bare, bordered_docx, office, site, word_page, xlsx

from extract.normalise import normalise
from extract.pipeline import parse_members
from extract.read import read_document, read_members
from extract.report import Document, Grid, Paragraph, Report, Text
from extract.sections import find_sections
from extract.tables import read_tables

FOLDER = Path(__file__).parent / "reports"
WHOLE = (
    "bureau_pipe_lines",
    "city_pipe_rows",
    "city_review3",
    "county_paragraphs",
    "dept_ragged",
    "district_pdf",
    "district_subtotals",
    "ministry_markdown",
    "office_blanks",
    "stat2014",
    "street_tabcells",
    "town_slash",
    "blind/br_multi",
    "blind/cut_labels",
    "blind/paren_top",
    "blind/word_auto",
)
_ENOUGH = 0.9  # of the numbers of a report are above nought, or it gets others


class Whole(NamedTuple):
    """A report: its name, its blocks, the numbers in its tables by cell id, and these as they are printed."""

    name: str
    document: Document
    cells: dict[str, float | None]
    filled: Filled


def load_all(names: Iterable[str] = WHOLE) -> dict[str, Whole]:
    return {name: load_whole(name) for name in names}


@functools.cache
def load_whole(name: str) -> Whole:
    """The report of that name in tests/reports, its tables drawn anew."""
    path = next(one for one in sorted(FOLDER.glob(f"{name}.*")) if one.suffix != ".json")
    gold = json.loads(path.with_suffix(".json").read_text("utf-8"))
    text = normalise(read_document(path.read_bytes(), str(path)))
    tables = read_tables(text, find_sections(text))
    filled = _fill(gold["form"], gold["cells"], name)
    document = Document(tuple(_set_tables(text, tables.spans, _draw(filled))), encoding="utf-8")
    return Whole(path.stem, document, filled.values, filled)


def _fill(edition: str, cells: dict[str, float | None], name: str) -> Filled:
    """The numbers of the report, or distinct ones above nought where it has too few."""
    if sum(bool(value) for value in cells.values()) < _ENOUGH * len(cells):
        return fill_form(edition, zlib.crc32(name.encode()))
    printed = {key: "" if value is None else str(value) for key, value in cells.items()}
    return Filled(form(edition), printed, dict(cells))


def _draw(filled: Filled) -> dict[str, list[Grid]]:
    """The tables by the section they belong to; `annex` for the one of the edition of 2014."""
    if filled.form.edition == "2014":
        return {"annex": [_draw_statistics(filled)]}
    drawn: dict[str, list[Grid]] = {"proactive": [], "requests": [], "review": []}
    place = iter(drawn)
    section = ""
    for block in exact_grids(filled).blocks:
        if isinstance(block, Grid):
            drawn[section].append(block)
        elif block.text.startswith(("二、", "三、", "四、")):
            section = next(place)
    return drawn


def _draw_statistics(filled: Filled) -> Grid:
    band = table(filled, "statistics").bands[0]
    spans = {
        "disclosed_items": "一、主动公开情况",
        "responses": "二、回应解读情况",
        "received": "三、依申请公开情况",
    }
    rows = [[("统计指标", 1, 1), ("单位", 1, 1), ("统计数", 1, 1)]]
    for row in band.rows:
        if row.id in spans:
            rows.append([(spans[row.id], 3, 1)])
        number = filled.printed[f"statistics.{row.id}.count"]
        rows.append([(row.label, 1, 1), (row.unit or "", 1, 1), (number, 1, 1)])
    return make_grid(rows)


def _set_tables(
    text: Text, spans: Sequence[tuple[int, int]], drawn: dict[str, list[Grid]]
) -> Iterator[Paragraph | Grid]:
    """The report as a writer types it: its lines, and the drawn tables where the first of each stood."""
    sections = find_sections(text)
    outside = [(one.start, one.end) for one in text.furniture] + list(spans)
    outside += [(grid.start, grid.end) for grid in text.grids]
    left = dict(drawn)
    blocks: list[tuple[int, Sequence[Paragraph | Grid]]] = []
    for start, _ in sorted(spans):
        within = next((one.id for one in reversed(sections) if one.start <= start), "")
        where = within if within in left else "annex"
        blocks.append((start, left.pop(where, ())))
    for line in text.lines:
        words = text.text[line.start : line.end].strip()
        if words and not any(start <= line.start < end for start, end in outside):
            blocks.append((line.start, [Paragraph(words)]))
    assert not left, f"no place for {list(left)}"
    for _, listed in sorted(blocks, key=lambda pair: pair[0]):
        yield from listed


# ---- the kinds of file ------------------------------------------------------------------------------------


def _rows(grid: Grid) -> list[list[str]]:
    """The cells of a grid row by row, blank where a cell above or before them reaches over."""
    wide = max(cell.column + cell.column_span for cell in grid.cells)
    high = max(cell.row + cell.row_span for cell in grid.cells)
    rows = [[""] * wide for _ in range(high)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text.replace("\n", "")
    return rows


def write_text(document: Document) -> bytes:
    """A text file: a line a paragraph, a row of cells parted by tabs a line."""
    lines: list[str] = []
    for block in document.blocks:
        lines += ["\t".join(row) for row in _rows(block)] if isinstance(block, Grid) else [block.text]
    return "\n".join(lines).encode()


def write_markdown(document: Document) -> bytes:
    """Markdown: the title and the sections as headings, tables of pipes."""
    parts: list[str] = []
    for number, block in enumerate(document.blocks):
        if isinstance(block, Grid):
            lines = ["| " + " | ".join(row) + " |" for row in _rows(block)]
            parts.append("\n".join([lines[0], "|" + " --- |" * len(_rows(block)[0]), *lines[1:]]))
        else:
            heading = (
                "# " if number == 0 else "## " if block.text[1:2] == "、" and "。" not in block.text else ""
            )
            parts.append(heading + block.text)
    return "\n\n".join(parts).encode()


def write_saved_page(document: Document) -> bytes:
    """A page saved with its parts (.mht), in quoted-printable GB18030."""
    from email.message import EmailMessage
    from email.policy import SMTP

    message = EmailMessage(policy=SMTP)
    message["From"] = "<Saved by a browser>"
    message["Subject"] = "年报"
    page = site(document).replace('charset="utf-8"', 'charset="gb2312"')
    message.set_content(page.encode("gb18030"), "text", "html", cte="quoted-printable")
    message.make_related()
    message.add_related(b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "image", "png", cid="logo")
    return message.as_bytes()


def write_apart(document: Document) -> bytes:
    """The text in one file and the tables in a workbook, both in an archive."""
    text = Document(tuple(block for block in document.blocks if isinstance(block, Paragraph)))
    tables = Document(tuple(block for block in document.blocks if isinstance(block, Grid)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("年报正文.txt", write_text(text))
        archive.writestr("年报附表.xlsx", xlsx(tables))
    return packed.getvalue()


def write_tarred(document: Document) -> bytes:
    """The same two files in a tar archive packed by gzip, their names in GB18030 as older systems write them."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_apart(document))) as apart,
        tarfile.open(fileobj=packed, mode="w:gz", encoding="gb18030", format=tarfile.GNU_FORMAT) as archive,
    ):
        for name in apart.namelist():
            info = tarfile.TarInfo(name)
            info.size = len(apart.read(name))
            archive.addfile(info, io.BytesIO(apart.read(name)))
    return packed.getvalue()


WRITERS: dict[str, Callable[[Document], bytes]] = {
    "txt": write_text,
    "md": write_markdown,
    "html": lambda document: site(document).encode(),
    "html gbk": lambda document: bare(document).encode("gb18030"),
    "html word": lambda document: word_page(document).encode("gb18030"),
    "mht": write_saved_page,
    "docx": bordered_docx,
    "pdf": lambda document: lay_out(document, Layout(size=9)),
    "ofd": lambda document: lay_out_ofd(document, Layout(size=9)),
    "ofd letters": lambda document: lay_out_ofd(document, Layout(size=9), "an object a letter, bars"),
    "xlsx": xlsx,
    "ods": ods,
    "txt + xlsx": write_apart,
    "tgz": write_tarred,
}
# Kinds that say less than the report does: what is lost with them must be lost, not wrong.
POORER_WRITERS: dict[str, Callable[[Document], bytes]] = {
    "pdf no lines": lambda document: lay_out(document, Layout(size=8, ruled=False, label=40)),
}

# What LibreOffice writes, by the name here: its kind and filter, and the end of the file's name.
OFFICE_WRITERS = {
    "doc": "doc",
    "rtf": "rtf",
    "odt": "odt",
    "pdf by LibreOffice": "pdf",
    "docx by LibreOffice": "docx",
    "html by LibreOffice": "html:HTML (StarWriter)",
    "txt by LibreOffice": "txt:Text (encoded):UTF8",
}


def write_by_office(kind: str, reports: Iterable[Whole], folder: Path) -> dict[str, bytes]:
    """The reports by name as LibreOffice writes them in one of `OFFICE_WRITERS`, in one run of it."""
    files = {f"{whole.name}.docx": bordered_docx(whole.document) for whole in reports}
    return office(files, OFFICE_WRITERS[kind], folder)


# ---- what must agree --------------------------------------------------------------------------------------


def read_back(data: bytes, name: str = "report") -> Report:
    """The one report in the bytes of a file or archive; the error where there is none."""
    (report,) = parse_members(read_members(data, name), name)
    if isinstance(report, Exception):
        raise report
    return report


def essence(report: Report) -> dict[str, object]:
    """What a report says, whatever kind of file it came in."""
    return {
        "cells": {cell.id: cell.value for cell in report.cells},
        "sections": [(section.id, section.heading) for section in report.sections],
        "units": [(unit.section, unit.path, unit.marker, unit.text, unit.kind) for unit in report.units],
        "heading": (report.agency, report.year, report.title, report.form),
    }
