"""One report in several formats: the same cells, sections and units from each."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from renderings import bare, docx_body, pack_docx, site

from extract.errors import NotAReport
from extract.normalise import normalise
from extract.pipeline import describe_source, parse_document
from extract.read import read_document
from extract.report import Document, Grid, GridCell, Paragraph, Report, Text

REPORTS = sorted((Path(__file__).parent / "reports").glob("*.txt"))


def flowing(text: Text) -> Document:
    """The report as a writer types it: a line of the normalised text a paragraph, its grids as tables."""
    lines = ((line.start, text.text[line.start : line.end].strip()) for line in text.lines)
    blocks: list[tuple[int, Paragraph | Grid]] = [(start, Paragraph(line)) for start, line in lines if line]
    for grid in text.grids:
        places = [(cell.row, cell.column, cell.row_span, cell.column_span) for cell in grid.cells]
        words = [text.text[cell.start : cell.end] for cell in grid.cells]
        cells = (GridCell(word, *place) for word, place in zip(words, places))
        blocks.append((grid.start, Grid(tuple(cells), exact=grid.exact)))
    ordered = (block for _, block in sorted(blocks, key=lambda pair: pair[0]))
    return Document(tuple(ordered))


def parse_bytes(data: bytes) -> Report:
    document = read_document(data, "report")
    return parse_document(document, describe_source(data, "report", document))


def essence(report: Report, *, heading: bool = True) -> dict[str, object]:
    """What must agree; title and agency may be told better by a page that names them itself."""
    return {
        "cells": {cell.id: cell.value for cell in report.cells},
        "sections": [(section.id, section.heading) for section in report.sections],
        "units": [(unit.section, unit.path, unit.marker, unit.text, unit.kind) for unit in report.units],
        "heading": (report.agency, report.year, report.title) if heading else None,
        "form": report.form,
    }


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_formats_agree(path):
    data = path.read_bytes()
    read = read_document(data, str(path))
    document = replace(flowing(normalise(read)), encoding=read.encoding)
    try:
        report = parse_document(document, describe_source(data, str(path), document))
    except NotAReport:
        pytest.skip("not read as a report from its own format either")
    html, docx = bare(document).encode(), pack_docx(docx_body(document))
    assert essence(parse_bytes(html)) == essence(report)
    assert essence(parse_bytes(docx)) == essence(report)
    if isinstance(document.blocks[0], Paragraph):
        page = parse_bytes(site(document).encode("gb18030"))
        assert essence(page, heading=False) == essence(report, heading=False)
        assert page.published == "2023-01-19"
