"""Which way up the picture of a page lies: sideways, upside down, or askew by some degrees.

Pictures are grey, (height, width), 0 black to 255 white, at `scan.DPI`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_INK = 150  # values below are ink, once the paper is white
_WHITE = 255
_LARGEST_TURN = 3.0  # degrees by which a page may lie askew
_LONG = 40  # pixels of a page at half its size from which a stroke is a ruling line
_BETWEEN = 9  # the same, that letters of one line stand apart at most
_FEWEST = 12  # groups of letters from which a page tells how it lies
_SAMPLE = 10  # lines that tell what is up
_LINE = (14, 70)  # pixels that a line of text is high
_SURER = (
    0.05  # by which the recogniser must be surer of lines upside down; it is by 0.3 (pages of ten reports)
)


def is_sideways(grey: Any) -> bool:
    """Whether lines of text run up or down the page: letters of one line stand closer than lines do."""
    import cv2
    import numpy

    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ink = ((small < _INK + 20) * _WHITE).astype(numpy.uint8)
    around = numpy.ones((3, 3), numpy.uint8)
    for along in ((1, _LONG), (_LONG, 1)):
        rules = cv2.morphologyEx(cv2.dilate(ink, around), cv2.MORPH_OPEN, numpy.ones(along, numpy.uint8))
        ink = cv2.subtract(ink, cv2.dilate(rules, around))
    level, upright = (
        cv2.connectedComponents(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, numpy.ones(along, numpy.uint8)))[0]
        for along in ((1, _BETWEEN), (_BETWEEN, 1))
    )
    return max(level, upright) > _FEWEST and upright < level


def is_upside_down(bare: Any, rate: Callable[[Sequence[Any]], Sequence[float]]) -> bool:
    """Whether a page without its ruling lines is to be turned by half.

    `rate` says how sure the recogniser is of pictures of single lines, 0 to 1 each.
    """
    import cv2

    lines = _cut_sample(bare)
    if not lines:
        return False
    scores = rate([*lines, *(cv2.rotate(line, cv2.ROTATE_180) for line in lines)])
    upright, turned = sum(scores[: len(lines)]), sum(scores[len(lines) :])
    return turned > upright + _SURER * len(lines)


def _cut_sample(bare: Any) -> list[Any]:
    """The longest lines of text, as pictures."""
    import cv2
    import numpy

    ink = ((bare < _INK) * _WHITE).astype(numpy.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, numpy.ones((1, 2 * _BETWEEN), numpy.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    lines = [box for box in boxes[1:].tolist() if _LINE[0] <= box[3] <= _LINE[1] and box[2] > 2 * box[3]]
    lines.sort(key=lambda box: -box[2])
    cut = [bare[max(0, top - 4) : top + high + 4, left : left + wide] for left, top, wide, high, _ in lines]
    return [line[:, : 12 * line.shape[0]] for line in cut[:_SAMPLE]]


def straighten(grey: Any, stamps: Any) -> tuple[Any, Any]:
    """The page and the mask of its stamps, turned so that the lines are level."""
    import cv2

    angle = find_turn(grey)
    if abs(angle) < 0.04:
        return grey, stamps
    high, wide = grey.shape
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    turned = cv2.warpAffine(grey, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=_WHITE)
    return turned, cv2.warpAffine(stamps, matrix, (wide, high), flags=cv2.INTER_NEAREST)


def find_turn(grey: Any) -> float:
    """The turn in degrees, against the clock, that makes the lines level: where rows differ most in ink."""
    import cv2
    import numpy

    small = cv2.resize(
        (grey < _INK).astype(numpy.float32), None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA
    )
    high, wide = small.shape

    def sharpness(angle: float) -> float:
        matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
        rows = cv2.warpAffine(small, matrix, (wide, high)).sum(axis=1)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    best = 0.0
    for step, reach in ((0.5, _LARGEST_TURN), (0.1, 0.5), (0.025, 0.1)):
        angles = numpy.arange(best - reach, best + reach + step / 2, step)
        best = float(max(angles, key=sharpness))
    return best
