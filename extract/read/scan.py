"""The picture of a page as lines and cells: its ruling lines found, mended and taken out.

All measures are pixels of a page at `DPI`; pictures are grey, (height, width), 0 black to 255 white.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from extract.read.dashes import bridge_dashes
from extract.read.field_ink import Piece, cut_pieces, find_ink, measure_lines
from extract.read.fixed_page import Rule
from extract.read.lattice import Field, Lattice
from extract.read.ruled_tables import RuledTable, TableCell

DPI = 220
_STROKE = 13  # pixels that a ruling line is thinner than
_FAINT = 30  # grey values by which it is darker than the paper beside it
_LONG = 52  # pixels from which a level stroke is a ruling line: half as long again as a letter is wide
_SURELY = 110  # pixels from which it is one wherever it ends: five digits are as wide
_LOOSE = 12  # pixels that a line's end may be away from the line across that it ends at
_HIGH = 36  # the same of upright ones, which are as short as a row is low where a stamp cuts them
_MARGIN = 3  # pixels round a cell's content
_WHITE = 255
_RED = 50  # by which red exceeds green and blue in the ink of a stamp
_PURE = 90  # the same of ink with nothing under it
_KEPT = (40, 185)  # grey values of print under a stamp, and from which it is the stamp's edge
_AROUND = 61  # pixels within which a stamp's ink is alike
_ONE_LINE = 6  # pixels by which two ends of one line may differ in height
_REMNANT = 4  # pixels that what is left of a ruling line is thick at most
_ROOM = 34  # pixels that a cell keeps free beside a number that fills it, both sides together
_FEW, _TORN = 2, 0.04  # fields, and share of them, with pieces of lines in them up to which a table is one
_DIGIT = 20  # pixels that a digit is wide at most
_DASH = 10  # pixels that a piece of a ruling line is long at least
UNREADABLE = "?"  # stands for a number that is there and cannot be told: its cell is null
_JUNK = re.compile(r"[\d.,，．\s?？!！|｜/Il一二:;：·'-]+")
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
        paper = numpy.where(stamped, find_ink_level(picture, stamped), paper)
    return cv2.divide(red, numpy.maximum(paper, 60), scale=_WHITE)


def clear_stamps(grey: Any, stamps: Any) -> Any:
    """The page with what is faint under its stamps gone: edges of the stamps' own letters."""
    import cv2
    import numpy

    dark, bright = _KEPT
    stretched = (numpy.arange(256) - dark) * _WHITE / (bright - dark)
    table = numpy.clip(stretched, 0, _WHITE).astype(numpy.uint8)
    return numpy.where(stamps > 0, cv2.LUT(grey, table), grey)


def find_ink_level(picture: Any, stamped: Any) -> Any:
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
        masks[0][
            max(0, round(rule.at) - _ONE_LINE) : round(rule.at) + _ONE_LINE, int(rule.start) : int(rule.end)
        ] = 0
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


def find_cells(
    lattice: Lattice, bare: Any, cleared: Any, read: Callable[[Sequence[Any]], list[str]]
) -> RuledTable | None:
    """The table of a lattice, None where too much of its ruling is lost.

    `read` gives the text of pictures of single lines, all cells' at once. Where letters stand is told by the
    page `cleared` of stamps; they are read as on the `bare` one, with the faint strokes under a stamp.
    """
    pieces: list[Piece] = []
    owners: list[int] = []
    inks = [find_ink(lattice, field, cleared) for field in lattice.fields]
    usual = measure_lines(inks)
    for index, ink in enumerate(inks):
        found = list(cut_pieces(bare, ink, usual))
        pieces.extend(found)
        owners.extend([index] * len(found))
    held: list[list[Words]] = [[] for _ in lattice.fields]
    for owner, text, piece in zip(owners, read([piece.picture for piece in pieces]), pieces, strict=True):
        if text:
            held[owner].append(Words(*piece[:4], text))
    cells: list[TableCell] = []
    torn = 0
    for field, words, ink in zip(lattice.fields, held, inks):
        if ink is not None and words and _is_torn(field, ink.shown, words):
            torn += 1
            cells.append(TableCell(*field, (), UNREADABLE))
        else:
            cells += lay_words(lattice, field, words)
    if torn > max(_FEW, _TORN * len(cells)):  # which number is in which row cannot be told
        return None
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


def _is_torn(field: Field, ink: Any, words: Sequence[Words]) -> bool:
    """Whether pieces of ruling lines are left among the numbers of a field: it is more than one cell.

    Where the light is uneven the level strokes of digits come loose; these lie as high as what stands beside.
    """
    import cv2
    import numpy

    if not all(_JUNK.fullmatch(one.text) for one in words):
        return False
    _, _, boxes, _ = cv2.connectedComponentsWithStats(ink.astype(numpy.uint8), connectivity=8)
    x, y, wide, high = (boxes[1:, side] for side in range(4))
    level = (wide >= _DASH) & (high <= _REMNANT)
    for left, top, across, down in boxes[1:][(high >= _DASH) & (wide <= 2 * _DIGIT), :4].tolist():
        apart = (x + wide < left - _DIGIT) | (left + across + _DIGIT < x)
        level &= apart | (y < top - _REMNANT) | (top + down + _REMNANT < y + high)
    upright = (high >= _DASH) & (wide <= _REMNANT) & (field.column_span > 1)  # in one column it is a 1
    return bool((level | upright).sum() > 1)


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
    if len(texts) > 1 and not "".join(texts).strip("0123456789.,"):
        full = (
            room - (line[-1].right - line[0].left) < _ROOM + line[0].bottom - line[0].top
            for line in lines[:-1]
        )
        return "".join(texts) if all(full) else UNREADABLE  # else numbers of two rows
    return "\n".join(texts)
