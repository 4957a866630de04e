"""Ruling lines of a scanned page that were not seen whole: hidden by a stamp, or faint between strong ones.

Lines are mended where something of them is to be seen, never for the sake of a fitting table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from extract.read.fixed_page import Rule
from extract.read.lattice import Lattice
from extract.read.scan import find_strokes

_STAMP = 260  # pixels of a line that the ring or star of a stamp may cover (a stamp is 42 mm wide)
_LARGE = 2_500  # square pixels from which red is a stamp and no speck
_UNDER = 0.6  # of a gap in a line that a stamp covers, and along which something shows, to be the stamp's
_LOOSE = 10  # pixels that a line's end is away from the next one across to be loose
_ONE_LINE = 6  # pixels by which two ends of one line may differ in height
_ASIDE = 5  # pixels that a line may run beside where other rows have it
_ALONG = 5  # pixels along a line that are looked at together
_FAINT = 12  # grey values by which they are darker than what is beside them
_WHOLE = 0.9  # of a field's height or width along which a line shows,
_END = 6  # and of so many pixels at either end, where no stroke of a letter comes


def mend_rules(rules: Sequence[Rule], across: Sequence[Rule], stamped: Stamped, *, level: bool) -> list[Rule]:
    """The rules, and what a stamp took out of them: between two of a line, or up to the next across."""
    mends = []
    ordered = sorted(rules, key=lambda rule: (rule.start, rule.end))
    for number, rule in enumerate(ordered):
        for after in ordered[number + 1 :]:
            if after.start - rule.end > _STAMP:
                break
            if after.start > rule.end and abs(after.at - rule.at) <= _ONE_LINE:
                mends.append(Rule((rule.at + after.at) / 2, rule.end, after.start))
        mends.extend(_reach_across(rule, across))
    return [*rules, *(mend for mend in mends if stamped.hides(mend, level=level))]


def _reach_across(rule: Rule, across: Sequence[Rule]) -> Iterator[Rule]:
    """What a rule with a loose end lacks to the next rule across."""
    crossed = [one.at for one in across if one.start - _LOOSE <= rule.at <= one.end + _LOOSE]
    if not any(abs(at - rule.end) <= _LOOSE for at in crossed):
        after = min((at for at in crossed if at > rule.end), default=rule.end)
        if 0 < after - rule.end <= _STAMP:
            yield Rule(rule.at, rule.end, after)
    if not any(abs(at - rule.start) <= _LOOSE for at in crossed):
        before = max((at for at in crossed if at < rule.start), default=rule.start)
        if 0 < rule.start - before <= _STAMP:
            yield Rule(rule.at, before, rule.start)


class Stamped:
    """Where the stamps of a page lie, and what of lines shows under them."""

    def __init__(self, grey: Any, stamps: Any) -> None:
        self.ink = stamps
        self.area = _fill_stamps(stamps)
        self.strokes = {level: find_strokes(grey, level=level) for level in (True, False)}

    def hides(self, rule: Rule, *, level: bool) -> bool:
        """Whether most of a stretch lies under a stamp and shows a line, or the stamp's ink."""
        at, start, end = round(rule.at), round(rule.start), round(rule.end)
        if end <= start:
            return False
        beside = slice(max(0, at - 2), at + 3)
        strip = (beside, slice(start, end)) if level else (slice(start, end), beside)
        seen = (self.strokes[level][strip] > 0) | (self.ink[strip] > 0)
        along = seen.any(axis=0 if level else 1)
        return bool(along.size and self.area[strip].mean() > _UNDER and along.mean() > _UNDER)


def _fill_stamps(stamps: Any) -> Any:
    """The stamps with what their rings hold (1)."""
    import cv2
    import numpy

    area = numpy.zeros_like(stamps)
    near = cv2.dilate(stamps, numpy.ones((15, 15), numpy.uint8))
    contours, _ = cv2.findContours(near, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hulls = [cv2.convexHull(contour) for contour in contours if cv2.contourArea(contour) > _LARGE]
    cv2.fillPoly(area, hulls, 1)
    return area


def find_faint_rules(lattices: Sequence[Lattice], grey: Any) -> tuple[list[Rule], list[Rule]]:
    """Level and upright lines that run through fields of several rows or columns, where others have them."""
    level: list[Rule] = []
    upright: list[Rule] = []
    for lattice in lattices:
        xs, ys = lattice.xs, lattice.ys
        for row, column, row_span, column_span in lattice.fields:
            for x in xs[column + 1 : column + column_span]:
                upright.append(Rule(x, ys[row], ys[row + row_span]))
            for y in ys[row + 1 : row + row_span]:
                level.append(Rule(y, xs[column], xs[column + column_span]))
    return (
        [rule for rule in level if _shows(rule, grey, level=True)],
        [rule for rule in upright if _shows(rule, grey, level=False)],
    )


def _shows(rule: Rule, grey: Any, *, level: bool) -> bool:
    """Whether a straight line, be it faint, is to be seen along the whole of a rule."""
    import cv2
    import numpy

    at, start, end = round(rule.at), round(rule.start) + 2, round(rule.end) - 1
    beside = slice(max(0, at - 3 * _ASIDE), at + 3 * _ASIDE + 1)
    strip = grey[beside, start:end].T if level else grey[start:end, beside]
    if min(strip.shape) < 3 * _ASIDE:
        return False
    smooth = cv2.blur(strip, (1, _ALONG))
    contrast = cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, numpy.ones((1, 2 * _ASIDE + 3), numpy.uint8))
    seen = (contrast > _FAINT)[:, 2 * _ASIDE : 4 * _ASIDE + 1]
    straight = seen[:, 1:] | seen[:, :-1]
    ends = numpy.minimum(straight[:_END].mean(axis=0), straight[-_END:].mean(axis=0))
    return bool(((straight.mean(axis=0) >= _WHOLE) & (ends >= _WHOLE)).any())
