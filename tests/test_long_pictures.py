"""A page saved as one long picture: cut between its lines, never through them."""

from __future__ import annotations

import itertools

import pytest

numpy = pytest.importorskip("numpy")

from extract.read.long_pictures import cut_long  # noqa: E402


def draw_lines(high: int, wide: int = 400, step: int = 30) -> numpy.ndarray:
    """White with black stripes, 14 rows of each `step`, as lines of text have them."""
    page = numpy.full((high, wide), 255, numpy.uint8)
    for top in range(10, high - step, step):
        page[top : top + 14, 40:360:2] = 0
    return page


def test_a_page_stays_whole():
    assert cut_long(draw_lines(640)) == [(0, 640)]


def test_pieces_lie_end_to_end_and_are_cut_where_nothing_is():
    page = draw_lines(5000)
    pieces = cut_long(page)
    assert pieces[0][0] == 0
    assert pieces[-1][1] == 5000
    assert all(one[1] == after[0] for one, after in itertools.pairwise(pieces))
    assert all(200 <= bottom - top <= 580 for top, bottom in pieces[:-1])
    assert all((page[bottom - 3 : bottom + 3] == 255).all() for _, bottom in pieces[:-1])


def test_a_table_longer_than_a_page_is_cut_below_a_ruling_line():
    page = draw_lines(3000)
    page[:, 20:23] = page[:, 377:380] = 0
    page[::60, 20:380] = 0
    assert all(bottom % 60 == 1 for _, bottom in cut_long(page)[:-1])


def test_ink_throughout_is_cut_all_the_same():
    assert len(cut_long(numpy.zeros((4000, 400), numpy.uint8))) == 7
