"""The picture of a page as lines and cells: its ruling lines found, mended and taken out.

All measures are pixels of a page at `DPI`; pictures are grey, (height, width), 0 black to 255 white.
"""

from __future__ import annotations

import re
import statistics
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from extract.read.dashes import bridge_dashes
from extract.read.lattice import Field, Lattice
from extract.read.pdf_page import Rule
from extract.read.ruled_tables import RuledTable, TableCell

DPI = 220
_INK = 150  # values below are ink, once the paper is white
_STROKE = 13  # pixels that a ruling line is thinner than
_FAINT = 30  # grey values by which it is darker than the paper beside it
_LONG = 52  # pixels from which a level stroke is a ruling line: half as long again as a letter is wide
_SURELY = 110  # pixels from which it is one wherever it ends: five digits are as wide
_LOOSE = 12  # pixels that a line's end may be away from the line across that it ends at
_HIGH = 36  # the same of upright ones, which are as short as a row is low where a stamp cuts them
_MARGIN = 3  # pixels round a cell's content
_LOW = 9  # pixels that a line of text is high at least
_NARROW = 3
_SPECK = 10  # pixels of ink below which a cell is empty
_WHITE = 255
_RED = 50  # by which red exceeds green and blue in the ink of a stamp
_PURE = 90  # the same of ink with nothing under it
_KEPT = (40, 185)  # grey values of print under a stamp, and from which it is the stamp's edge
_AROUND = 61  # pixels within which a stamp's ink is alike
_ONE_LINE = 6  # pixels by which two ends of one line may differ in height
_INSET = 2  # pixels of a field that its ruling lines take on each side
_REMNANT = 4  # pixels that what is left of a ruling line is thick at most
_WORDS = 1.3  # of a line's height that words stand apart at least
_NUMERIC = re.compile(r"[-+−]?[\d.,]+|[-—/]|无|\?")


def grey_page(picture: Any) -> Any:
    """An RGB picture in grey, its paper white, red stamps gone: black under them is dark in red too."""
    import cv2
    import numpy

    red = numpy.ascontiguousarray(picture[:, :, 0])
    paper = cv2.medianBlur(cv2.dilate(cv2.resize(red, None, fx=0.25, fy=0.25), numpy.ones((9, 9))), 21)
    paper = cv2.resize(paper, (red.shape[1], red.shape[0]))
    stamped = find_stamps(picture) > 0
    if stamped.any():
        paper = numpy.where(stamped, _find_ink_level(picture, stamped), paper)
    return cv2.divide(red, numpy.maximum(paper, 60), scale=_WHITE)


def clear_stamps(grey: Any, stamps: Any) -> Any:
    """The page with what is faint under its stamps gone: edges of the stamps' own letters."""
    import cv2
    import numpy

    dark, bright = _KEPT
    stretched = (numpy.arange(256) - dark) * _WHITE / (bright - dark)
    table = numpy.clip(stretched, 0, _WHITE).astype(numpy.uint8)
    return numpy.where(stamps > 0, cv2.LUT(grey, table), grey)


def _find_ink_level(picture: Any, stamped: Any) -> Any:
    """How bright a stamp's own ink is in red, by the ink around each point."""
    import cv2
    import numpy

    pure = ((_redness(picture) > _PURE) & stamped).astype(numpy.float32)
    around = (_AROUND, _AROUND)
    amount = cv2.boxFilter(pure, -1, around, normalize=False)
    bright = cv2.boxFilter(pure * picture[:, :, 0], -1, around, normalize=False)
    level = bright / numpy.maximum(amount, 1)
    return numpy.where(amount > 0, level, _WHITE).astype(numpy.uint8)


def find_stamps(picture: Any) -> Any:
    """Where an RGB picture is red (1) and not (0)."""
    import cv2
    import numpy

    mask = (_redness(picture) > _RED).astype(numpy.uint8)
    return cv2.dilate(mask, numpy.ones((7, 7), numpy.uint8))


def _redness(picture: Any) -> Any:
    """By how much red exceeds green and blue, (height, width)."""
    import cv2

    return cv2.subtract(picture[:, :, 0], cv2.max(picture[:, :, 1], picture[:, :, 2]))


def find_rules(grey: Any) -> tuple[list[Rule], list[Rule], Any]:
    """Level and upright ruling lines, and the page without them."""
    import cv2
    import numpy

    found: list[list[Rule]] = []
    masks = []
    for wide, high in ((_LONG, 1), (1, _HIGH)):
        across = numpy.ones((3, 1) if high == 1 else (1, 3), numpy.uint8)
        strokes = find_strokes(grey, level=high == 1) | bridge_dashes(grey, level=high == 1)
        thick = cv2.dilate(strokes, across)  # a line may rise by a pixel
        lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, numpy.ones((high, wide), numpy.uint8))
        lines = _without_blocks(lines, level=high == 1)
        rules, lines = _list_rules(lines, None if high == 1 else found[0])
        found.append(rules)
        masks.append(lines)
    level = [rule for rule in found[0] if not _is_within(rule, *found)]
    for rule in set(found[0]) - set(level):
        masks[0][max(0, round(rule.at) - _ONE_LINE) : round(rule.at) + _ONE_LINE, int(rule.start) : int(rule.end)] = 0
    bare = grey.copy()
    for mask in masks:
        bare[cv2.dilate(mask, numpy.ones((3, 3), numpy.uint8)) > 0] = _WHITE
    return level, found[1], bare


def _is_within(rule: Rule, level: Sequence[Rule], upright: Sequence[Rule]) -> bool:
    """Whether a level stroke is one of print: short, ending in the midst of a cell, of no longer line.

    Such are the bars of numbers (444) and of letters in a row.
    """
    if rule.end - rule.start >= _SURELY:
        return False
    if all(
        any(
            abs(one.at - end) <= _LOOSE and one.start - _LOOSE <= rule.at <= one.end + _LOOSE
            for one in upright
        )
        for end in (rule.start, rule.end)
    ):
        return False
    return not any(one.end - one.start >= _SURELY and abs(one.at - rule.at) <= _ONE_LINE for one in level)


def find_strokes(grey: Any, *, level: bool) -> Any:
    """Where a point is darker than what is above and below it (level), or left and right: however faint."""
    import cv2
    import numpy

    across = numpy.ones((_STROKE, 1) if level else (1, _STROKE), numpy.uint8)
    contrast = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, across)
    return ((contrast > _FAINT) * _WHITE).astype(numpy.uint8)


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


class Piece(NamedTuple):
    """Words of one line of a cell: its place (pixels of the page) and its picture, set on white."""

    left: int
    right: int
    top: int
    bottom: int
    picture: Any


def find_cells(
    lattice: Lattice, bare: Any, cleared: Any, read: Callable[[Sequence[Any]], list[str]]
) -> RuledTable:
    """The table of a lattice; `read` gives the text of pictures of single lines, all cells' at once.

    Where letters stand is told by the page `cleared` of stamps; they are read as they are on the `bare` one,
    which keeps the faint strokes under a stamp.
    """
    pieces: list[Piece] = []
    owners: list[int] = []
    inks = [_find_ink(lattice, field, cleared) for field in lattice.fields]
    usual = _measure_lines(inks)
    for index, ink in enumerate(inks):
        found = list(_cut_pieces(bare, ink, usual))
        pieces.extend(found)
        owners.extend([index] * len(found))
    held: list[list[Words]] = [[] for _ in lattice.fields]
    for owner, text, piece in zip(owners, read([piece.picture for piece in pieces]), pieces, strict=True):
        if text:
            held[owner].append(Words(*piece[:4], text))
    cells = [cell for field, words in zip(lattice.fields, held) for cell in lay_words(lattice, field, words)]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    scale = 72 / DPI
    return RuledTable(
        tuple(x * scale for x in lattice.xs),
        len(lattice.ys) - 1,
        tuple(cells),
        lattice.ys[0] * scale,
        lattice.ys[-1] * scale,
    )


class Words(NamedTuple):
    """A piece as read."""

    left: int
    right: int
    top: int
    bottom: int
    text: str


def lay_words(lattice: Lattice, field: Field, words: Sequence[Words]) -> list[TableCell]:
    """The cell of a field; cells, where a line between numbers of several was not found in the picture.

    That shows in numbers that stand each in a column, or each in a row, of its own: other rows tell where.
    """
    if len(words) > 1 and all(_NUMERIC.fullmatch(one.text) for one in words):
        places = [_place(lattice, one) for one in words]
        rows, columns = ({place[side] for place in places if place} for side in (0, 1))
        parted = len(set(places)) == len(places) and None not in places
        if parted and (len(columns) == len(words) > len(rows) or len(rows) == len(words) > len(columns)):
            texts = {place: one.text for place, one in zip(places, words)}
            return [
                TableCell(row, column, 1, 1, (), texts.get((row, column), ""))
                for row in range(field.row, field.row + field.row_span)
                for column in range(field.column, field.column + field.column_span)
            ]
    room = lattice.xs[field.column + field.column_span] - lattice.xs[field.column]
    return [TableCell(*field, (), _join_words(words, room))]


def _place(lattice: Lattice, words: Words) -> tuple[int, int] | None:
    """The row and column of the lattice that words stand in, where they stand in one."""
    column, row = bisect_right(lattice.xs, words.left + _MARGIN) - 1, bisect_right(lattice.ys, words.top) - 1
    if column < 0 or row < 0 or column + 1 >= len(lattice.xs) or row + 1 >= len(lattice.ys):
        return None
    inside = words.right - _MARGIN <= lattice.xs[column + 1] and words.bottom <= lattice.ys[row + 1] + _MARGIN
    return (row, column) if inside else None


def _join_words(words: Sequence[Words], room: float) -> str:
    """The text of a cell `room` pixels wide, a number that its width broke as one."""
    lines: list[list[Words]] = []
    for one in words:
        if lines and lines[-1][0].top == one.top:
            lines[-1].append(one)
        else:
            lines.append([one])
    texts = [" ".join(one.text for one in line) for line in lines]
    numeric = len(texts) > 1 and not "".join(texts).strip("0123456789.,")
    full = all(line[-1].right - line[0].left > 0.5 * room for line in lines[:-1])
    return ("" if numeric and full else "\n").join(texts)


class Ink(NamedTuple):
    """The ink of a field, and where it begins on the page."""

    left: int
    top: int
    shown: Any


def _find_ink(lattice: Lattice, field: Field, cleared: Any) -> Ink | None:
    """The ink of a field without its ruling lines; None where there is none to speak of."""
    left, right = lattice.xs[field.column], lattice.xs[field.column + field.column_span]
    top, bottom = lattice.ys[field.row], lattice.ys[field.row + field.row_span]
    x, y = max(0, round(left) + _INSET), max(0, round(top) + _INSET)
    clear = cleared[y : round(bottom) - _INSET, x : round(right) - _INSET]
    ink = _without_remnants(clear < _INK) if clear.size else clear
    return None if ink.size == 0 or ink.sum() < _SPECK else Ink(x, y, ink)


def _measure_lines(inks: Sequence[Ink | None]) -> float:
    """The height that lines of the fields of a table commonly have."""
    heights = [
        end - first for ink in inks if ink for first, end in _find_runs(ink.shown.sum(axis=1), _LOW, 0)
    ]
    return statistics.median(heights) if heights else 0.0


def _cut_pieces(bare: Any, found: Ink | None, usual: float) -> Iterator[Piece]:
    """What is written in a field, line by line, parted at wide gaps."""
    import numpy

    if found is None:
        return
    x, y, ink = found
    cell = bare[y : y + ink.shape[0], x : x + ink.shape[1]]
    for first, end in _find_runs(ink.sum(axis=1), _LOW, usual):
        filled = numpy.flatnonzero(ink[first:end].any(axis=0))
        if len(filled) < _NARROW or ink[first:end].sum() < _SPECK:
            continue
        for start, stop in _part_words(filled, _WORDS * (end - first)):
            cut = cell[max(0, first - _MARGIN) : end + _MARGIN, max(0, start - _MARGIN) : stop + _MARGIN]
            around = max(4, (end - first) // 5)
            shown = numpy.pad(cut, ((around, around), (2 * around, 2 * around)), constant_values=_WHITE)
            yield Piece(x + start, x + stop, y + first, y + end, shown)


def _part_words(filled: Any, gap: float) -> list[tuple[int, int]]:
    """(first, end) of the columns of a line that hold ink, parted where more than `gap` of them hold none."""
    import numpy

    breaks = numpy.flatnonzero(numpy.diff(filled) > gap)
    starts = [int(filled[0]), *(int(filled[at + 1]) for at in breaks)]
    ends = [*(int(filled[at]) + 1 for at in breaks), int(filled[-1]) + 1]
    return list(zip(starts, ends, strict=True))


def _without_remnants(ink: Any) -> Any:
    """The ink of a field without what is left of its ruling lines: thin, and at its very side."""
    import cv2
    import numpy

    count, labels, boxes, _ = cv2.connectedComponentsWithStats(ink.astype(numpy.uint8), connectivity=8)
    high, wide = ink.shape
    gone = numpy.zeros(count, bool)
    for number, (left, top, across, down, _) in enumerate(boxes.tolist()):
        at_side = left <= 1 or left + across >= wide - 1
        at_end = top <= 1 or top + down >= high - 1
        gone[number] = number > 0 and ((at_side and across <= _REMNANT) or (at_end and down <= _REMNANT))
    return ink & ~gone[labels]


def _find_runs(rows: Any, least: int, usual: float) -> list[tuple[int, int]]:
    """Where rows hold ink: (first, end) of each line, strokes of one letter (二, 三, 一) kept together.

    Lines are `usual` pixels high: what is less is a part of one.
    """
    import numpy

    filled = numpy.flatnonzero(rows)
    if not len(filled):
        return []
    breaks = numpy.flatnonzero(numpy.diff(filled) > 1)
    starts = [int(filled[0]), *(int(filled[at + 1]) for at in breaks)]
    ends = [*(int(filled[at]) + 1 for at in breaks), int(filled[-1]) + 1]
    runs = list(zip(starts, ends, strict=True))
    tallest = max(usual, *(end - start for start, end in runs))
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
