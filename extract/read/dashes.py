"""Ruling lines of dots and dashes, drawn so or left so by a fax, as whole strokes.

Pictures are grey, (height, width), 0 black to 255 white, at `scan.DPI`.
"""

from __future__ import annotations

from typing import Any

_INK = 175  # values below are ink
_THICK = 5  # pixels that a dash is thick at most
_BETWEEN = 37  # pixels that dashes of one line stand apart at most
_LONGEST = 220  # pixels of a dash; what is longer is a line already
_LEAST = 4  # dashes that make a line
_SHORTEST = 80  # pixels of such a line: less may be strokes of broken letters
_SLOPE = 150  # pixels along which it may rise by one
_FILLED = 0.2  # of the line's length that its dashes fill
_BESIDE = (1, 6)  # pixels beside a line (its crumbs within) where text keeps away from it
_CROWDED = 0.06  # share of ink there from which it is text
_WHITE = 255


def bridge_dashes(grey: Any, *, level: bool) -> Any:
    """A mask (255) of the level or upright lines that dashes make; letters, which are thicker, make none."""
    import cv2
    import numpy

    _, labels, boxes, _ = cv2.connectedComponentsWithStats((grey < _INK).astype(numpy.uint8), connectivity=8)
    along, across = (boxes[:, 2], boxes[:, 3]) if level else (boxes[:, 3], boxes[:, 2])
    dash = (across <= _THICK) & (along <= _LONGEST) & (along >= across - 1)
    dash[0] = False
    if dash.sum() < _LEAST:
        return numpy.zeros_like(grey)
    shown = (dash[labels] * _WHITE).astype(numpy.uint8)
    step = cv2.dilate(
        shown, numpy.ones((3, 1) if level else (1, 3), numpy.uint8)
    )  # a line may rise by a pixel
    joined = cv2.morphologyEx(
        step, cv2.MORPH_CLOSE, numpy.ones((1, _BETWEEN) if level else (_BETWEEN, 1), numpy.uint8)
    )
    lines = _keep_lines(joined, shown, level=level)
    return _without_text(lines, grey < _INK, level=level)


def _keep_lines(joined: Any, dashes: Any, *, level: bool) -> Any:
    """The lines of which enough dashes are seen."""
    import cv2
    import numpy

    count, labels, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    _, _, _, middles = cv2.connectedComponentsWithStats(dashes, connectivity=8)
    rows, columns = middles[1:, 1].round().astype(int), middles[1:, 0].round().astype(int)
    held = numpy.bincount(labels[rows, columns], minlength=count)
    filled = numpy.bincount(labels[dashes > 0], minlength=count)
    long, thick = (boxes[:, 2], boxes[:, 3]) if level else (boxes[:, 3], boxes[:, 2])
    straight = thick <= 3 * _THICK + long / _SLOPE  # crumbs of the lines across hang on it
    kept = (held >= _LEAST) & (filled >= _FILLED * long) & straight & (long >= _SHORTEST)
    kept[0] = False
    return (kept[labels] * _WHITE).astype(numpy.uint8)


def _without_text(lines: Any, ink: Any, *, level: bool) -> Any:
    """The lines with nothing close on either side: strokes of broken letters have the rest of them there."""
    import cv2
    import numpy

    seen, kept = (ink, lines.copy()) if level else (ink.T, lines.T.copy())
    _, _, boxes, _ = cv2.connectedComponentsWithStats(numpy.ascontiguousarray(kept), connectivity=8)
    for left, top, wide, high, _ in boxes[1:].tolist():
        along, near = slice(left, left + wide), (_BESIDE[0], _BESIDE[1])
        above = seen[max(0, top - near[1]) : max(0, top - near[0]), along]
        below = seen[top + high + near[0] : top + high + near[1], along]
        if any(strip.size and strip.mean() > _CROWDED for strip in (above, below)):
            kept[top : top + high, along] = 0
    return numpy.ascontiguousarray(kept if level else kept.T)
