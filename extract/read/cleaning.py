"""What lies on the paper of a page and is no print: specks of a fax, words in grey under the text.

Pictures are grey, (height, width), 0 black to 255 white, at `scan.DPI`, the paper white.
"""

from __future__ import annotations

from typing import Any

_WHITE = 255
_INK = 175  # values below are ink, or a speck that may be one
_SPECK = 8  # pixels that a speck is wide and high at most; the points of a page's print lie close to letters
_LETTER = 12  # square pixels from which ink is no speck
_LARGEST = 150  # pixels that a letter is wide and high at most; ruling lines are larger
_NEAR = 21  # pixels within which a point belongs to a letter
_DOTS = 4  # specks so close together are a dotted line
_MANY = 250  # specks that stand alone from which a page is full of them; clean pages have up to 40
_TINY = 4  # square pixels that specks have then; the point of a decimal has 6
_THICK = 5  # pixels: print and ruling lines are thinner, unless they are as dark as print is
_PRINT = 165  # values of thick strokes below which they are print
_GREY = (150, 238)  # values between print and paper
_EVEN = 30  # grey values by which an even stretch differs within `_THICK` pixels at most
_DARK = 60  # values of common print
_FAINTEST = 190  # values of what may be print
_MOST_GAIN = 1.8
_MARKED = 0.004  # share of a page that is even and grey where it bears words in grey, shading or shadows


def clean_page(grey: Any) -> Any:
    """The page without specks and without words in grey under its text, its print dark."""
    return clear_specks(darken_print(lift_watermark(grey)))


def lift_watermark(grey: Any) -> Any:
    """The page with what is faint and thick taken for paper; print on it stays as dark beside it."""
    import cv2
    import numpy

    around = numpy.ones((_THICK, _THICK), numpy.uint8)
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    between = (smooth > _GREY[0]) & (smooth < _GREY[1])
    even = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, around) < _EVEN
    if (between & even).mean() < _MARKED:  # on clean pages it is below 0.0005 (scans of eight reports)
        return grey
    thick = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, around)
    paper = cv2.erode(thick, numpy.ones((3, 3), numpy.uint8))  # the outlines as well
    return cv2.divide(grey, numpy.maximum(paper, _PRINT), scale=_WHITE)


def darken_print(grey: Any) -> Any:
    """The page with its print as dark as it commonly is, where it is faint."""
    import cv2
    import numpy

    strokes = cv2.erode(grey, numpy.ones((_THICK, _THICK), numpy.uint8))[grey < _FAINTEST]
    if strokes.size < _LETTER:
        return grey
    print_level = float(numpy.median(strokes))
    gain = min((_WHITE - _DARK) / max(_WHITE - print_level, 1), _MOST_GAIN)
    if gain <= 1:
        return grey
    table = numpy.clip(_WHITE - (_WHITE - numpy.arange(256)) * gain, 0, _WHITE).astype(numpy.uint8)
    return cv2.LUT(grey, table)


def clear_specks(grey: Any) -> Any:
    """The page without points of ink that stand alone: none belongs to a letter or to a dotted line.

    Where there are many, as on a fax, the smallest go from beside the letters as well.
    """
    import cv2
    import numpy

    ink = (grey < _INK).astype(numpy.uint8)
    joined = cv2.dilate(ink, numpy.ones((3, 3), numpy.uint8))  # broken strokes of a letter are one
    count, labels, boxes, middles = cv2.connectedComponentsWithStats(joined, connectivity=8)
    size, area = boxes[:, 2:4].max(axis=1) - 2, numpy.bincount(labels[ink > 0], minlength=count)
    small = (size <= _SPECK) & (area < _LETTER)
    if not small.any():
        return grey
    letter = ~small & (size <= _LARGEST)
    letter[0] = False
    near = cv2.dilate(letter[labels].astype(numpy.uint8), numpy.ones((_NEAR, _NEAR), numpy.uint8))
    rows, columns = middles[:, 1].round().astype(int), middles[:, 0].round().astype(int)
    points = numpy.zeros(grey.shape, numpy.float32)
    points[rows[small], columns[small]] = 1
    crowd = cv2.boxFilter(points, -1, (_NEAR, _NEAR), normalize=False)
    alone = small & (near[rows, columns] == 0) & (crowd[rows, columns] < _DOTS)
    if alone.sum() > _MANY:
        alone |= small & (area <= _TINY)
    return numpy.where(alone[labels], numpy.uint8(_WHITE), grey)
