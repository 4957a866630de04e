"""Columns of running text on a page, read one after the other; a table's columns are no such columns.

lines → starts (where parts of lines begin) → bands (lines that leave a gutter free) → left, right.
A gutter parts columns where the text on either side reads on from line to line, full to its edge; never
where rows of numbers or of short cells stand beside one another. What runs over the whole width parts bands;
so does a heading that both columns make room for. All measures in points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from extract.read.pdf_lines import (
    PdfLine,
    begins_paragraph,
    ends_sentence,
    find_parts,
    is_short_heading,
    make_line,
    split_at_gaps,
    usual_size,
)

_FEWEST = 2  # lines that begin at one place, beside which others stand
_MOST_LINES = 400  # of a stretch; a page of six-point type has some 120
_MOST_STARTS = 6  # places that are tried as the beginning of a column
_MOST_INNER = 2  # of them in a column of a page
_MOST_COLUMNS = 8  # of a document
_DEEPEST = 24  # bands in what is left of a stretch without another band
_INNER = 10  # of these levels, for columns in columns
_GUTTER = 0.8  # of a line's height that a gutter is wide at least; a mark may hang over the column's edge
_BEFORE = 0.4  # of it before a column's beginning, where its gutter is looked for
_LETTERS = 7  # that lines of a column have on the average, at least
_READS_ON = (2, 1, 3)  # times that the left, the right and both together read on over a line's end, at least
_READS_ON_LONG = 4  # times that the left does, where the right one has but a line or two
_SHORT = 4  # lines
_FULL = 2.2  # of a line's height that a full line may end short of the column's edge
_ROWS = 0.2  # of the lines with something on both sides that may be rows of a table
_ROOM = 1.2  # of the usual distance between lines, from which a heading stands apart
_SAME = 3.0  # points by which the beginnings of one column may differ
_INDENT = 2.5  # of a line's height
_HOLE = 1.7  # of it, from which a column leaves room for a heading beside
_NUMBER = re.compile(r"[-+−－]?[\d０-９][\d０-９,，.．%％]*(?:万元|元|件|条|个|项)?|[/／—－–-]{1,2}|无")


class Split(NamedTuple):
    """A line parted at a gutter; `crosses` where it runs over it."""

    left: PdfLine | None
    right: PdfLine | None
    crosses: bool
    is_row: bool


class Column(NamedTuple):
    """A right column: where it begins, and where the one to its left begins and its full lines end."""

    start: float
    left: float
    edge: float


class Band(NamedTuple):
    """Lines `first` to before `end` as two columns; `start` is where the right one begins."""

    first: int
    end: int
    start: float
    left: list[PdfLine]
    right: list[PdfLine]


def find_columns(stretches: Iterable[Sequence[PdfLine]], depth: int = 0) -> list[Column]:
    """The right columns that stretches of a document's pages show by themselves, each once."""
    found: list[Column] = []
    for lines in stretches:
        place = 0
        while (band := _find_band(lines[place:], False, depth, ())) is not None:
            inner = find_columns((band.left, band.right), depth + _INNER) if depth < _DEEPEST else []
            for column in (_measure(band), *inner):
                if all(abs(column.start - one.start) > _SAME for one in found):
                    found.append(column)
            place += band.end
    return found[:_MOST_COLUMNS]


def order_columns(
    lines: Sequence[PdfLine], *, known: Sequence[Column] = (), followed: bool = False, depth: int = 0
) -> list[list[PdfLine]]:
    """The lines of a stretch of the page in reading order: columns left before right, what is wide by itself.

    `lines` are whole lines over the page's width; those that a gutter parts are cut, and the right column is
    moved under the left, so that a paragraph may go on. `known` are columns of the same document, to tell
    those of a few lines; `followed` says that a table stands below.
    """
    band = _find_band(lines, followed, depth, known)
    if band is None:
        return [_set_edges(lines, known)] if lines else []
    known = [*known, _measure(band)]
    before = order_columns(lines[: band.first], known=known, followed=True, depth=depth + 1)
    after = order_columns(lines[band.end :], known=known, followed=followed, depth=depth + 1)
    return [*before, _set_under(band, known, depth), *after]


def _set_edges(lines: Sequence[PdfLine], known: Sequence[Column]) -> list[PdfLine]:
    """The lines, with the edge of a left column where they all keep to it and the right one is empty."""
    for column in known:
        keep = all(line.x1 <= column.start - _BEFORE * line.size for line in lines)
        if keep and any(column.edge - line.x1 <= _ROOM * line.size for line in lines):
            return [line if line.full else line._replace(full=column.edge) for line in lines]
    return list(lines)


def _set_under(band: Band, known: Sequence[Column], depth: int) -> list[PdfLine]:
    """Two columns as one, every line with the edge that a full line of its column has."""
    columns = [
        [line for part in order_columns(side, known=known, depth=depth + _INNER) for line in part]
        for side in (band.left, band.right)
    ]
    left, right = (
        [line if line.full else line._replace(full=_edge(side)) for line in side] for side in columns
    )
    shift = next(one.left for one in known if abs(one.start - band.start) <= _SAME) - band.start
    return [*left, *(_move(line, shift) for line in right)]


def _measure(band: Band) -> Column:
    return Column(band.start, min(line.x0 for line in band.left), _edge(band.left))


def _edge(lines: Sequence[PdfLine]) -> float:
    """Where the full lines of a column end."""
    usual = usual_size(lines)
    return max(line.x1 for line in lines if abs(line.size - usual) <= 0.25 * usual)


def _move(line: PdfLine, shift: float) -> PdfLine:
    chars = [char._replace(x0=char.x0 + shift, x1=char.x1 + shift) for char in line.chars]
    return line._replace(x0=line.x0 + shift, x1=line.x1 + shift, chars=chars, full=line.full + shift)


# ---- bands -----------------------------------------------------------------------------------------------


def _find_band(lines: Sequence[PdfLine], followed: bool, depth: int, known: Sequence[Column]) -> Band | None:
    """The band of columns with most lines beside one another, if there is any."""
    best: Band | None = None
    most = 0
    if len(lines) > _MOST_LINES or depth > _DEEPEST:
        return None
    shown = _find_starts(lines)[: _MOST_INNER if depth >= _INNER else _MOST_STARTS]
    starts = [column.start for column in known]
    starts += [start for start in shown if all(abs(start - one) > _SAME for one in starts)]
    rows = [_is_row(line, starts) for line in lines] if starts else []
    for number, start in enumerate(starts):
        splits = [_split(line, start, is_row=is_row) for line, is_row in zip(lines, rows, strict=True)]
        for first, end in _find_runs(splits):
            for band in _find_bands(splits, (first, end), start, followed=followed):
                inside = splits[band.first : band.end]
                beside = sum(split.left is not None and split.right is not None for split in inside)
                if beside > most and _are_columns(band, inside, depth, known=number < len(known)):
                    best, most = band, beside
    return best


def _find_starts(lines: Sequence[PdfLine]) -> list[float]:
    """Where several lines begin, or go on after a gap, right of the page's edge; the commonest first."""
    if len(lines) < _FEWEST:
        return []
    slack = 0.4 * usual_size(lines)
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    inner = (left + 0.15 * (right - left), left + 0.85 * (right - left))
    begins = [min([char.x0 for char in part]) for line in lines for part in find_parts(line, _GUTTER)]
    places = sorted([place for place in begins if inner[0] < place < inner[1]])
    clusters: list[list[float]] = []
    for place in places:
        if clusters and place - clusters[-1][0] <= slack:
            clusters[-1].append(place)
        else:
            clusters.append([place])
    common = sorted((found for found in clusters if len(found) >= _FEWEST), key=len, reverse=True)
    return [found[0] for found in common]


def _split(line: PdfLine, start: float, *, is_row: bool) -> Split:
    """A line parted where the right column would begin."""
    gutter = start - _BEFORE * line.size
    inked = [char for char in line.chars if not char.text.isspace()]
    left = make_line(char for char in inked if char.x0 < gutter)
    right = make_line(char for char in inked if char.x0 >= gutter)
    crosses = left is not None and left.x1 > gutter
    crosses = crosses or bool(left and right and right.x0 - left.x1 < _GUTTER * line.size)
    return Split(left, right, crosses, is_row)


def _is_row(line: PdfLine, starts: Sequence[float]) -> bool:
    """Whether a line is a table's: it holds a number by itself, or parts that begin at no common place."""
    if len(find_parts(line)) < 2:
        return False
    parts = split_at_gaps(line)
    if len(parts) > 4 or any(_NUMBER.fullmatch(part.text) for part in parts):
        return True
    odd = sum(all(abs(part.x0 - start) > 2.5 * line.size for start in starts) for part in parts[1:])
    return odd > 0


def _find_runs(splits: Sequence[Split]) -> Iterator[tuple[int, int]]:
    """Stretches of lines that leave the gutter free, without rows of a table one under another."""
    first = 0
    for number in range(len(splits) + 1):
        ends = number == len(splits) or splits[number].crosses or _is_in_table(splits, number)
        if ends:
            if number > first:
                yield first, number
            first = number + 1


def _is_in_table(splits: Sequence[Split], number: int) -> bool:
    """Whether a line is a row and one beside it is, or runs over the gutter."""
    near = [splits[beside] for beside in (number - 1, number + 1) if 0 <= beside < len(splits)]
    return splits[number].is_row and any(split.is_row or split.crosses for split in near)


def _find_bands(
    splits: Sequence[Split], run: tuple[int, int], start: float, *, followed: bool
) -> Iterator[Band]:
    """The parts of a run of lines between headings over both columns; each begins with the right column.

    `followed` says that something stands below the stretch.
    """
    at, end = run
    followed = followed or end < len(splits)
    while at < end:
        filled = [number for number in range(at, end) if splits[number].right is not None]
        if not filled:
            return
        first, last = filled[0], filled[-1]
        own = splits[first:end]
        at = first + 1
        while at < end:
            heading = splits[at].left
            if heading is not None and splits[at].right is None and is_short_heading(heading.text):
                below = followed and at == end - 1
                if (
                    _parts_columns(own, at - first)
                    if at < last
                    else _ends_columns(own, at - first, followed, below)
                ):
                    break
            at += 1
        left, right = _list_sides(splits[first:at])
        if left and right:
            yield Band(first, at, start, left, right)


def _list_sides(splits: Sequence[Split]) -> tuple[list[PdfLine], list[PdfLine]]:
    left = [split.left for split in splits if split.left is not None]
    return left, [split.right for split in splits if split.right is not None]


def _parts_columns(splits: Sequence[Split], number: int) -> bool:
    """Whether a heading at the left stands over both columns: the right one leaves room, and what is above it
    in the left one reads on there, or the heading stands apart.
    """
    left, right = _list_sides(splits[:number])
    below = next(split.right for split in splits[number:] if split.right is not None)
    pitch = _find_pitch(_list_sides(splits)[0])
    if not left or not right or below.y0 - right[-1].y0 < _HOLE * pitch:
        return False
    heading = splits[number].left
    apart = heading is not None and heading.y0 - left[-1].y0 > _ROOM * pitch
    return _is_open(left) or (apart and ends_sentence(right[-1].text))


def _ends_columns(splits: Sequence[Split], number: int, followed: bool, last: bool) -> bool:
    """Whether a heading at the left, below the end of the right column, stands over both: what is above it
    reads on in the right column, or it is the heading of what follows, the `last` line or set apart.
    """
    left, right = _list_sides(splits[:number])
    heading = splits[number].left
    if heading is None or _is_open(left):
        return heading is not None
    step = heading.y0 - max(line.y0 for line in (*left[-1:], *right[-1:]))
    return last or (followed and step > _ROOM * _find_pitch(_list_sides(splits)[0]))


def _is_open(lines: Sequence[PdfLine]) -> bool:
    """Whether a column goes on after its last line, which is full and ends in mid-sentence."""
    if not lines or ends_sentence(lines[-1].text) or is_short_heading(lines[-1].text):
        return False
    return len(lines) == 1 or _edge(lines) - lines[-1].x1 <= _FULL * lines[-1].size


def _find_pitch(lines: Sequence[PdfLine]) -> float:
    steps = [below.y0 - above.y0 for above, below in pairwise(lines) if below.y0 > above.y0]
    return median(steps) if steps else 0.0


# ---- what makes a column ---------------------------------------------------------------------------------


def _are_columns(band: Band, splits: Sequence[Split], depth: int, *, known: bool) -> bool:
    """Whether running text stands on both sides; `splits` are the lines of the band.

    Where the document has such columns elsewhere, that no rows of a table stand beside one another is enough.
    """
    beside = [split for split in splits if split.left and split.right]
    if sum(split.is_row for split in beside) > _ROWS * len(beside):
        return False
    if known and _keep_places(band):
        return any(len(line.text) >= _LETTERS for line in (*band.left, *band.right))
    if len(beside) < _FEWEST:
        return False
    left, right = (_count_reading_on(side, depth) for side in (band.left, band.right))
    if left >= _READS_ON_LONG and len(band.right) < _SHORT:
        return any(len(line.text) >= _LETTERS for line in band.right)
    return left >= _READS_ON[0] and right >= _READS_ON[1] and left + right >= _READS_ON[2]


def _keep_places(band: Band) -> bool:
    """Whether every line of the right column begins at its left, or is indented by two letters."""
    return all(-_SAME <= line.x0 - band.start <= _INDENT * line.size for line in band.right)


def _count_reading_on(lines: Sequence[PdfLine], depth: int) -> int:
    """How often a full line of a column ends in mid-sentence and the next begins at the column's left."""
    if sum(len(line.text) for line in lines) < _LETTERS * len(lines):
        return 0
    left, edge = min(line.x0 for line in lines), _edge(lines)
    found = 0
    for line, after in pairwise(lines):
        full = edge - line.x1 <= _FULL * line.size and len(line.text) >= _LETTERS
        flush = after.x0 - left <= line.size and not begins_paragraph(after.text)
        whole = len(find_parts(line)) == 1 == len(find_parts(after))
        found += full and flush and whole and not ends_sentence(line.text)
    if found < 2 and _find_band(lines, False, depth + _INNER, ()) is not None:
        return _READS_ON[2]  # columns again
    return found
