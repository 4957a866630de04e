"""The picture of a page as lines and cells: straightened, its ruling lines found and taken out.

All measures are pixels of a page at `DPI`; pictures are grey, (height, width), 0 black to 255 white.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from extract.read.lattice import Field, Lattice
from extract.read.pdf_page import Rule
from extract.read.ruled_tables import RuledTable, TableCell

DPI = 220
_INK = 150  # values below are ink, once the paper is white
_LARGEST_TURN = 3.0  # degrees by which a page may lie askew
_LONG = 52  # pixels from which a level stroke is a ruling line: half as long again as a letter is wide
_HIGH = 36  # the same of upright ones, which are as short as a row is low where a stamp cuts them
_MARGIN = 3  # pixels round a cell's content
_LOW = 9  # pixels that a line of text is high at least
_NARROW = 3
_SPECK = 10  # pixels of ink below which a cell is empty
_WHITE = 255
_RED = 50  # by which red exceeds green and blue in the ink of a stamp
_STAMPED = 130  # grey values from which a point under a stamp is the stamp's own
_STAMP = 260  # pixels of a line that the ring or star of a stamp may cover (a stamp is 42 mm wide)
_ONE_LINE = 6  # pixels by which two ends of one line may differ in height


def grey_page(picture: Any) -> Any:
    """An RGB picture in grey, its paper white, red stamps gone: red is bright where black under it is not."""
    import cv2
    import numpy

    red = numpy.ascontiguousarray(picture[:, :, 0])
    paper = cv2.medianBlur(cv2.dilate(cv2.resize(red, None, fx=0.25, fy=0.25), numpy.ones((9, 9))), 21)
    paper = cv2.resize(paper, (red.shape[1], red.shape[0]))
    grey = cv2.divide(red, numpy.maximum(paper, 60), scale=_WHITE)
    grey[(find_stamps(picture) > 0) & (grey > _STAMPED)] = _WHITE
    return grey


def find_stamps(picture: Any) -> Any:
    """Where an RGB picture is red (1) and not (0)."""
    import cv2
    import numpy

    red, green, blue = (picture[:, :, one].astype(numpy.int16) for one in range(3))
    mask = (red - numpy.maximum(green, blue) > _RED).astype(numpy.uint8)
    return cv2.dilate(mask, numpy.ones((7, 7), numpy.uint8))


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


def bridge_stamps(rules: Sequence[Rule], stamps: Any, *, level: bool) -> list[Rule]:
    """The rules, and what a stamp covers between two of them in one line."""
    bridges = []
    ordered = sorted(rules, key=lambda rule: (rule.start, rule.end))
    for number, rule in enumerate(ordered):
        for after in ordered[number + 1 :]:
            gap = after.start - rule.end
            if gap > _STAMP:
                break
            if gap <= 0 or abs(after.at - rule.at) > _ONE_LINE:
                continue
            side, at = (round(rule.end), round(after.start)), round((rule.at + after.at) / 2)
            strip = stamps[at, side[0] : side[1]] if level else stamps[side[0] : side[1], at]
            if strip.size and strip.mean() > 0.6:
                bridges.append(Rule(rule.at, rule.end, after.start))
    return [*rules, *bridges]


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


def find_rules(grey: Any) -> tuple[list[Rule], list[Rule], Any]:
    """Level and upright ruling lines, and the page without them."""
    import cv2
    import numpy

    ink = ((grey < 190) * 255).astype(numpy.uint8)
    found: list[list[Rule]] = []
    mask = numpy.zeros_like(ink)
    for wide, high in ((_LONG, 1), (1, _HIGH)):
        across = numpy.ones((3, 1) if high == 1 else (1, 3), numpy.uint8)
        thick = cv2.dilate(ink, across)  # a line that rises by a pixel stays whole
        lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, numpy.ones((high, wide), numpy.uint8))
        lines = _without_blocks(lines, level=high == 1)
        rules, lines = _list_rules(lines, None if high == 1 else found[0])
        found.append(rules)
        mask |= cv2.dilate(lines, numpy.ones((3, 3), numpy.uint8))
    bare = grey.copy()
    bare[mask > 0] = _WHITE
    return found[0], found[1], bare


def _without_blocks(lines: Any, *, level: bool) -> Any:
    """Strokes only: what is thick (shaded cells, black bars) is no line."""
    import cv2
    import numpy

    block = cv2.morphologyEx(lines, cv2.MORPH_OPEN, numpy.ones((13, 1) if level else (1, 13), numpy.uint8))
    return cv2.subtract(lines, cv2.dilate(block, numpy.ones((3, 3), numpy.uint8)))


def _list_rules(lines: Any, across: Sequence[Rule] | None) -> tuple[list[Rule], Any]:
    """The lines of a mask, and the mask without other strokes.

    `across` are level lines where the mask's are upright: short strokes count only from one to the next.
    """
    import cv2
    import numpy

    _, labels, boxes, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    rules = []
    wanted = numpy.zeros(len(boxes), numpy.uint8)
    for label, (left, top, wide, high, _) in enumerate(boxes.tolist()):
        if across is None:
            rule = Rule(top + high / 2, left, left + wide)
        else:
            rule = Rule(left + wide / 2, top, top + high)
        short = rule.end - rule.start < _LONG
        if label and not (short and not _spans(rule, across or ())):
            rules.append(rule)
            wanted[label] = _WHITE
    return rules, wanted[labels]


def _spans(upright: Rule, across: Sequence[Rule]) -> bool:
    """Whether an upright stroke begins and ends at level lines."""
    return all(
        any(abs(rule.at - end) <= _ONE_LINE and rule.start <= upright.at <= rule.end for rule in across)
        for end in (upright.start, upright.end)
    )


def find_cells(lattice: Lattice, bare: Any, read: Callable[[Sequence[Any]], list[str]]) -> RuledTable:
    """The table of a lattice; `read` gives the text of pictures of single lines, all cells' at once."""
    crops: list[Any] = []
    owners: list[int] = []
    for index, field in enumerate(lattice.fields):
        for crop in _cut_lines(_cut_field(lattice, field, bare)):
            crops.append(crop)
            owners.append(index)
    texts: list[list[str]] = [[] for _ in lattice.fields]
    widths: list[list[int]] = [[] for _ in lattice.fields]
    for owner, text, crop in zip(owners, read(crops), crops, strict=True):
        if text:
            texts[owner].append(text)
            widths[owner].append(crop.shape[1])
    cells = tuple(
        TableCell(*field, (), _join_lines(lines, wide, _room(lattice, field)))
        for field, lines, wide in zip(lattice.fields, texts, widths, strict=True)
    )
    scale = 72 / DPI
    return RuledTable(
        tuple(x * scale for x in lattice.xs),
        len(lattice.ys) - 1,
        cells,
        lattice.ys[0] * scale,
        lattice.ys[-1] * scale,
    )


def _room(lattice: Lattice, field: Field) -> float:
    return lattice.xs[field.column + field.column_span] - lattice.xs[field.column]


def _join_lines(lines: Sequence[str], widths: Sequence[int], room: float) -> str:
    """The lines of a cell, a number that the cell's width broke as one."""
    numeric = len(lines) > 1 and not "".join(lines).strip("0123456789.,")
    full = all(wide > 0.6 * room for wide in widths[:-1])
    return ("" if numeric and full else "\n").join(lines)


def _cut_field(lattice: Lattice, field: Field, bare: Any) -> Any:
    left, right = lattice.xs[field.column], lattice.xs[field.column + field.column_span]
    top, bottom = lattice.ys[field.row], lattice.ys[field.row + field.row_span]
    inset = 2
    return bare[
        max(0, round(top) + inset) : round(bottom) - inset, max(0, round(left) + inset) : round(right) - inset
    ]


def _cut_lines(cell: Any) -> list[Any]:
    """The lines of text in a cell, each cut close and set on white."""
    import numpy

    ink = cell < _INK
    if ink.size == 0 or ink.sum() < _SPECK:
        return []
    lines = []
    for top, bottom in _find_runs(ink.sum(axis=1), _LOW):
        columns = numpy.flatnonzero(ink[top:bottom].any(axis=0))
        if len(columns) < _NARROW or ink[top:bottom].sum() < _SPECK:
            continue
        cut = cell[
            max(0, top - _MARGIN) : bottom + _MARGIN, max(0, columns[0] - _MARGIN) : columns[-1] + 1 + _MARGIN
        ]
        around = max(4, (bottom - top) // 5)
        lines.append(numpy.pad(cut, ((around, around), (2 * around, 2 * around)), constant_values=_WHITE))
    return lines


def _find_runs(rows: Any, least: int) -> list[tuple[int, int]]:
    """Where rows hold ink: (first, end) of each line, strokes of one letter (二, 三, 一) kept together."""
    import numpy

    filled = numpy.flatnonzero(rows)
    if not len(filled):
        return []
    breaks = numpy.flatnonzero(numpy.diff(filled) > 1)
    starts = [int(filled[0]), *(int(filled[at + 1]) for at in breaks)]
    ends = [*(int(filled[at]) + 1 for at in breaks), int(filled[-1]) + 1]
    runs = list(zip(starts, ends, strict=True))
    tallest = max(end - start for start, end in runs)
    joined: list[tuple[int, int]] = []
    for start, end in runs:
        small = end - start < 0.6 * tallest or (
            bool(joined) and joined[-1][1] - joined[-1][0] < 0.6 * tallest
        )
        if joined and small and end - joined[-1][0] <= 1.25 * tallest:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [(start, end) for start, end in joined if end - start >= min(least, 0.5 * tallest)]
