"""Scans: pages askew, sideways, stamped and noisy give their cells; what is misread is flagged, not accused."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy
import pytest
from layouts import exact_grids, fill_form
from pdf_writer import Layout, lay_out
from scanner import Fate, draw_fate, pack_pages, scan_pdf

from extract.pipeline import parse
from extract.read import ocr
from extract.read.fixed_page import Rule
from extract.read.lattice import Lattice, find_lattices
from extract.read.mending import Stamped, find_faint_rules, mend_rules
from extract.read.ocr import read_sheet
from extract.read.ruled_tables import TableCell
from extract.read.scan import Words, find_rules, grey_page, lay_words
from extract.read.turning import find_turn, is_sideways
from extract.report import Report

cv2 = pytest.importorskip("cv2")
pytest.importorskip("rapidocr")

FILLED = fill_form("2021", 3)
SMALL = lay_out(exact_grids(FILLED), Layout(size=7, top=40))
needs_fonts = pytest.mark.skipif(shutil.which("fc-list") is None, reason="needs fonts-noto-cjk to draw pages")


def draw_table(shape: tuple[int, int] = (1300, 1000), dark: int = 0) -> numpy.ndarray:
    """A ruled table of three rows and four columns, white, its lines `dark`."""
    page = numpy.full(shape, 255, numpy.uint8)
    for y in (100, 300, 500, 700):
        page[y : y + 3, 100:903] = dark
    for x in (100, 300, 500, 700, 900):
        page[100:703, x : x + 3] = dark
    return page


def lattice_of(page: numpy.ndarray) -> Lattice:
    level, upright, _ = find_rules(page)
    (lattice,) = find_lattices(level, upright, scale=3.0)
    return lattice


# ---- whole pages ------------------------------------------------------------------------------------------


@pytest.mark.system
@needs_fonts
def test_a_page_askew_sideways_and_stamped_gives_its_numbers():
    page = scan_pdf(SMALL, [Fate(turn=-1.7, quarters=1, stamp=(0.7, 0.3))])[0]
    sheet = read_sheet(numpy.asarray(page))
    texts = {cell.text for table in sheet.tables for cell in table.cells}
    wanted = [
        FILLED.printed[f"{row}.{column}"]
        for row in ("requests.received", "requests.granted", "requests.denied.state_secret")
        for column in ("natural_person", "commercial", "research", "other", "total")
    ]
    assert sum(one in texts for one in wanted) >= len(wanted) - 1


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.parametrize("sideways", [0.0, 1.0])
def test_ten_scanned_reports(sideways):
    """At least 98 % of the cells; all that break a sum flagged; no error that accuses the agency."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from test_formats_office import make_report

    from benchmarks.scans import Score, print_reports, scan_report, score_report

    whole = Score()
    numbers = range(10) if not sideways else range(2)
    printed = print_reports({f"report{number}": make_report(number) for number in numbers}, "office")
    for number, (_, pdf) in enumerate(sorted(printed.items())):
        data, _ = scan_report(pdf, 50 + number, sideways, ("PDF", "TIFF")[number % 2])
        whole.add(score_report({cell.id: cell.value for cell in parse(pdf).cells}, parse(data)))
    assert whole.right >= 0.98 * (whole.right + whole.wrong + whole.null), whole
    assert whole.flagged == whole.breaking, whole
    assert not whole.accusing, whole


@pytest.mark.slow
@pytest.mark.system
@needs_fonts
def test_a_wrong_sum_on_a_scan_is_a_doubt_of_the_reading():
    printed = FILLED.printed | {"requests.granted.total": "4197"}  # read surely: a doubt would be null
    document = exact_grids(type(FILLED)(FILLED.form, printed, FILLED.values))
    pages = scan_pdf(lay_out(document, Layout(size=9)), [draw_fate(4)])
    report = parse(pack_pages(pages, "TIFF"))
    sums = [one for one in report.findings if one.rule in ("row_sum", "column_sum")]
    assert any("requests.granted.total" in one.where for one in sums)
    assert not accusing(report)


def accusing(report: Report) -> list[str]:
    return [one.message for one in report.findings if one.severity == "error" and one.origin == "report"]


# ---- lines, stamps, turns ---------------------------------------------------------------------------------


def test_a_page_says_how_it_lies():
    page = draw_table()
    for y in range(780, 1200, 60):
        for x in range(100, 900, 40):
            page[y : y + 28, x : x + 30 : 6] = 0
    assert not is_sideways(page)
    assert is_sideways(numpy.ascontiguousarray(numpy.rot90(page)))
    high, wide = page.shape
    turned = cv2.warpAffine(
        page, cv2.getRotationMatrix2D((wide / 2, high / 2), 1.5, 1.0), (wide, high), borderValue=255
    )
    assert find_turn(turned) == pytest.approx(-1.5, abs=0.1)


def test_a_stamp_goes_and_what_is_under_it_stays():
    page = numpy.stack([draw_table()] * 3, axis=-1)
    ink = page.copy()
    cv2.circle(ink, (500, 400), 150, (214, 38, 44), 14)
    cv2.circle(ink, (500, 400), 40, (214, 38, 44), -1)
    stamped = numpy.minimum(page, ink)
    grey = grey_page(stamped)
    assert (grey[draw_table() == 255] > 230).mean() > 0.99
    assert (grey[draw_table() == 0] < 100).all()
    assert len(lattice_of(grey).fields) == 12


def test_a_line_that_a_stamp_hides_is_mended_and_a_merged_cell_stays_merged():
    page = draw_table()
    stamps = numpy.zeros_like(page)
    cv2.circle(stamps, (500, 400), 60, 1, -1)
    page[(stamps > 0) & (page == 0)] = 255  # nothing is left of the lines under it
    page[104:300, 300:303] = 255  # a cell over two columns, far from the stamp
    level, upright, _ = find_rules(page)
    under = Stamped(page, stamps)
    level = mend_rules(level, upright, under, level=True)
    upright = mend_rules(upright, level, under, level=False)
    (lattice,) = find_lattices(level, upright, scale=3.0)
    assert len(lattice.fields) == 11
    assert lattice.fields[0].column_span == 2


def test_a_faint_line_between_strong_ones_is_found_and_no_letter_is_a_line():
    page = draw_table()
    page[104:299, 500:503] = 235  # faint in the first row
    page[304:499, 700:703] = 255  # gone in the second, where a letter has a stroke
    page[320:470, 700:704] = 0
    level, upright, _ = find_rules(page)
    upright = [rule for rule in upright if rule.end - rule.start > 150]
    lattices = find_lattices(level, upright, scale=3.0)
    faint = find_faint_rules(lattices, page)
    assert not faint[0]
    assert [round(rule.at) for rule in faint[1] if rule.end < 350] == [502]
    assert not [rule for rule in faint[1] if rule.start > 250]


LATTICE = find_lattices(
    [Rule(0, 0, 400), Rule(100, 0, 400), Rule(200, 0, 400)],
    [Rule(0, 0, 200), Rule(100, 100, 200), Rule(200, 0, 200), Rule(300, 100, 200), Rule(400, 0, 200)],
)[0]


def test_numbers_of_several_columns_are_never_one_number():
    field = LATTICE.fields[0]
    assert field.column_span == 2
    words = [Words(20, 60, 20, 50, "12"), Words(120, 160, 20, 50, "345")]
    assert lay_words(LATTICE, field, words) == [
        TableCell(0, 0, 1, 1, (), "12"),
        TableCell(0, 1, 1, 1, (), "345"),
    ]
    head = [Words(20, 60, 20, 50, "甲"), Words(120, 160, 20, 50, "乙")]
    assert [cell.text for cell in lay_words(LATTICE, field, head)] == ["甲 乙"]


def test_a_number_in_doubt_is_read_twice_alike_or_not_at_all(monkeypatch):
    readings = iter(
        [
            [("17", 0.99), ("8", 0.4), ("6", 0.5), ("结呆", 0.6)],
            [("8", 0.7), ("5", 0.9), ("结果", 0.9)],
        ]
    )
    monkeypatch.setattr(ocr, "_recognise", lambda crops: next(readings))
    crops = [numpy.full((30, 60), 255, numpy.uint8)] * 4
    assert ocr.read_lines(crops) == ["17", "8", ocr.UNREADABLE, "结果"]
