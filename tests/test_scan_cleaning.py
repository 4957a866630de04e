"""Scans: words in grey under the text, specks, faint print, dashed lines, and bars of numbers that are no lines."""

from __future__ import annotations

import shutil
from functools import partial

import numpy
import pytest
from layouts import fill_form
from scan_lots import KAI, LOTS, STORIES, TIMES, make_files, mark_page
from scan_pages import Hand, draw_pages, write_report
from scanner import Fate, pack_pages, scan_page

from extract.pipeline import parse
from extract.read.cleaning import clear_specks, darken_print, lift_watermark
from extract.read.dashes import bridge_dashes
from extract.read.fixed_page import Rule
from extract.read.lattice import find_lattices
from extract.read.scan import UNREADABLE, Words, find_cells, find_rules, lay_words
from extract.report import Document, Paragraph

cv2 = pytest.importorskip("cv2")
pytest.importorskip("rapidocr")

needs_fonts = pytest.mark.skipif(
    shutil.which("fc-match") is None, reason="needs fonts-noto-cjk to draw pages"
)


def blank(high: int = 400, wide: int = 600) -> numpy.ndarray:
    return numpy.full((high, wide), 255, numpy.uint8)


def write(page: numpy.ndarray, text: str, at: tuple[int, int], ink: int = 40, thick: int = 2) -> None:
    cv2.putText(page, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.0, ink, thick, cv2.LINE_AA)


def test_grey_words_go_and_print_on_them_stays():
    page = blank()
    cv2.putText(page, "COPY", (20, 260), cv2.FONT_HERSHEY_SIMPLEX, 7, 195, 28, cv2.LINE_AA)
    write(page, "4825", (200, 220))
    clean = lift_watermark(page)
    assert (clean < 215).sum() < 1.2 * (page < 120).sum()
    assert (clean[page < 60] < 120).all()


def test_a_page_without_grey_words_is_left_as_it_is():
    page = blank()
    write(page, "4825", (200, 220))
    assert (lift_watermark(page) == page).all()


def test_specks_go_and_points_of_print_stay():
    page = blank()
    write(page, "12", (200, 220))
    page[216:220, 246:250] = 40  # the point of a decimal
    write(page, "75", (256, 220))
    for x in range(20, 580, 60):
        page[40:42, x : x + 2] = 0
        page[360:361, x : x + 1] = 0
    clean = clear_specks(page)
    assert (clean[:100] == 255).all()
    assert (clean[300:] == 255).all()
    assert (clean[180:230] == page[180:230]).all()


def test_dots_of_a_line_are_no_specks():
    page = blank()
    page[200:203, 50:550:5] = 0
    page[200:203, 51:550:5] = 0
    page[200:203, 52:550:5] = 0
    assert (clear_specks(page) == page).all()


def test_faint_print_is_darkened_and_dark_print_is_not():
    faint, dark = blank(), blank()
    write(faint, "4825", (200, 220), ink=140)
    write(dark, "4825", (200, 220), ink=40)
    assert darken_print(faint).min() < 80
    assert (darken_print(dark) == dark).all()


@pytest.mark.parametrize("level", [True, False])
def test_dashes_make_a_line_and_letters_do_not(level: bool):
    page = blank(600, 600)
    for at in range(60, 540, 34):
        page[100:103, at : at + 14] = 0
    for row in range(3):
        write(page, "- EEE FFF 111 TTT", (60, 250 + 60 * row))
    found = bridge_dashes(page if level else page.T.copy(), level=level)
    found = found if level else found.T
    assert found[101, 60:520].all()
    assert not found[150:].any()


def test_bars_of_a_number_are_no_ruling_line():
    page = blank()
    for y in (100, 300):
        page[y : y + 3, 50:553] = 0
    for x in (50, 250, 550):
        page[100:303, x : x + 3] = 0
    page[200:204, 120:180] = 0  # as 444 has them at 220 dpi
    level, _, bare = find_rules(page)
    assert {round(rule.at, -1) for rule in level} == {100, 300}
    assert (bare[201, 122:178] == 0).all()


@pytest.mark.slow
@pytest.mark.system
@needs_fonts
def test_a_stamp_over_the_heads_of_the_review_table_over_grey_words():
    filled = fill_form("2021", 501, most=60)
    blocks = write_report(STORIES[1], filled, "official").blocks
    first = next(n for n, one in enumerate(blocks) if isinstance(one, Paragraph) and one.text[:2] == "四、")
    (page,) = draw_pages(Document((*blocks[:2], *blocks[first:])), Hand(KAI, TIMES, 9.0, grey=60, shade=235))
    fate = Fate(1.4, 0, (0.3, page.heads[0]), 60, 0.2, 3.0, 0.4)
    report = parse(pack_pages([scan_page(mark_page(page.picture, 3, 150), fate)], "PNG"))
    found = {cell.id: cell.value for cell in report.cells}
    wanted = {key: value for key, value in filled.values.items() if key.startswith("review.")}
    assert sum(found.get(key) == value for key, value in wanted.items()) >= len(wanted) - 1


@pytest.mark.slow
@pytest.mark.system
@needs_fonts
@pytest.mark.parametrize("lot", LOTS, ids=lambda lot: lot.name)
def test_a_report_of_each_lot(lot):
    """At least 98 % of the cells, all misreadings that break a relation flagged, none an accusation."""
    from benchmarks.scans import score_report

    _, filled, pages = next(iter(make_files(lot, 5)))
    score = score_report(filled.values, parse(partial(pack_pages, dpi=lot.dpi)(pages, lot.kind)))
    assert score.right >= 0.98 * len(filled.values), score
    assert score.flagged == score.breaking, score
    assert not score.accusing, score


def test_numbers_of_two_rows_are_never_one_number():
    lattice = find_lattices(
        [Rule(0, 0, 400), Rule(200, 0, 400)], [Rule(0, 0, 200), Rule(200, 0, 200), Rule(400, 0, 200)]
    )[0]
    far = [Words(80, 110, 20, 45, "80"), Words(80, 110, 120, 145, "24")]
    assert [cell.text for cell in lay_words(lattice, lattice.fields[0], far)] == [UNREADABLE]
    broken = [Words(10, 190, 20, 45, "123456"), Words(80, 110, 50, 75, "78")]
    assert [cell.text for cell in lay_words(lattice, lattice.fields[0], broken)] == ["12345678"]


def test_a_table_with_pieces_of_its_lines_left_among_the_numbers_is_none():
    page = blank(1200, 600)
    for y in range(0, 1200, 240):
        page[y : y + 3, 50:553] = 0
    for x in (50, 300, 550):
        page[:, x : x + 3] = 0
    for y in range(0, 960, 240):  # a row in two, its line lost to some dashes
        for x in (90, 340):
            write(page, "48", (x, y + 90))
            write(page, "25", (x, y + 210))
            for at in (0, 40, 80):
                page[y + 120 : y + 123, x + at : x + at + 14] = 0
    lattice = find_lattices(
        [Rule(y, 50, 553) for y in range(0, 1200, 240)], [Rule(x, 0, 960) for x in (50, 300, 550)]
    )[0]
    assert find_cells(lattice, page, page, lambda crops: ["48" for _ in crops]) is None
