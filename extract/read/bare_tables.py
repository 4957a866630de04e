"""Rows of tables without ruling lines: what a cell holds is put together before the lines are read.

A label broken over lines has its numbers beside its middle, or its first line; the heads of columns are
broken likewise, and the label of a group of rows stands beside one of them. Line by line one would read part
of a label, the numbers, the rest of the label. Told by place alone:

lines → words → blocks (words one close under another: a cell) → rows (the blocks beside numbers).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from extract.read.bare_numbers import BEGINS, find_pairs, find_pitch, is_aligned, join_numbers, share_column
from extract.read.bare_words import Word, find_reach, find_zones, is_row, may_be_row, split_words
from extract.read.pdf_lines import PdfLine
from extract.read.tight_rows import part_numbers

_WHOLE = re.compile(  # a caption: nothing goes on
    r"第[一二三四五六七八九十]{1,3}条\s?第?\s?[（(].{1,3}[）)]项"
)
_SLACK = 0.14  # of the distance from line to line in a cell, by which it may differ
_BESIDE = 0.3  # of it, by which what stands in one row may differ in height
_HALF = 0.75  # of it, by which lines of cells of two and of three lines beside one another differ at most
_MOST = 1_000  # words of a table on one page; the form has some 350


class Block(NamedTuple):
    """The words of one cell from top to bottom; `row` is the line of the numbers it stands beside, if any."""

    words: tuple[Word, ...]
    row: int | None

    @property
    def y(self) -> float:
        return (self.words[0].y + self.words[-1].y) / 2

    @property
    def x0(self) -> float:
        return min(word.x0 for word in self.words)

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)


def join_row_labels(lines: Sequence[PdfLine], carried: int = 0) -> list[PdfLine]:
    """The lines of a stretch of one page, the cells of tables in them put together row by row.

    The first `carried` lines are heads that stood at the end of the page before.
    """
    parted = {number: split_words(line, number) for number, line in enumerate(lines) if may_be_row(line)}
    rows = [number for number, found in parted.items() if is_row(found)]
    if not rows:
        return list(lines)
    words = [parted.get(number) or split_words(line, number) for number, line in enumerate(lines)]
    joined: list[PdfLine] = []
    at = 0
    for zone in find_zones(rows, words):
        first, end = find_reach(zone, at, lines, words)
        lines, words = part_numbers(lines, words, zone)
        joined.extend(lines[at:first])
        zone = [row - first for row in zone]
        joined.extend(_lay_zone(lines[first:end], words[first:end], zone, cut=first < carried))
        at = end
    return [*joined, *lines[at:]]


# ---- words to blocks -------------------------------------------------------------------------------------


def _lay_zone(
    lines: Sequence[PdfLine], words: Sequence[Sequence[Word]], rows: Sequence[int], *, cut: bool
) -> list[PdfLine]:
    """The lines of a table anew: each row in one, what stands beside no row by its height.

    `cut` says that a page ends inside its heads.
    """
    if sum(map(len, words)) > _MOST:
        return list(lines)
    renamed = [[word._replace(line=number) for word in found] for number, found in enumerate(words)]
    renamed, kept = join_numbers(renamed, rows)
    broken, rows = len(kept) < len(rows), kept
    heights = {row: _height(renamed[row]) for row in rows}
    numbers = {row: [word for word in renamed[row] if word.is_number] for row in rows}
    free = [word for found in renamed for word in found if word not in numbers.get(word.line, ())]
    pitch = find_pitch(free)
    chains = _chain(free, pitch, _Heads([word for found in renamed for word in found], heights, pitch))
    blocks = [block for chain in chains for block in _split_chain(chain, heights, pitch)]
    if not broken and all(len(block.words) == 1 for block in blocks):
        return list(lines)
    return _list_lines(blocks, numbers, heights, pitch, cut=cut)


def _height(words: Sequence[Word]) -> float:
    """The middle of a row's numbers."""
    middles = sorted(word.y for word in words if word.is_number)
    return middles[len(middles) // 2]


class _Heads:
    """The words of a table, to tell the heads of several columns: what is close under is no part of them.

    That is asked of tables alone whose rows are no farther apart than the lines in a cell.
    """

    def __init__(self, words: Sequence[Word], heights: dict[int, float], pitch: float) -> None:
        self.pitch = pitch
        self.words = sorted(words, key=lambda word: word.y)
        self.heights = [word.y for word in self.words]
        numbers = [word for word in words if word.is_number and word.line in heights]
        first = {number.line: number.x0 for number in reversed(numbers)}
        self.starts = [(heights[row], first[row]) for row in heights]
        self.tight = any(
            share_column(number, other)
            for number in numbers
            for other in self._between(number.y - (1 + _SLACK) * pitch, number.y - 0.5 * number.size)
        )

    def _between(self, top: float, bottom: float) -> list[Word]:
        """The words whose middle lies between two heights."""
        return self.words[bisect_left(self.heights, top) : bisect_right(self.heights, bottom)]

    def spans(self, word: Word) -> bool:
        """Whether other heads stand below a word, in what is free to its right."""
        below = (start for height, start in self.starts if height > word.y - 0.5 * self.pitch)
        if not self.tight or word.x1 <= next(below, float("inf")):
            return False  # a label: it stands left of its numbers
        near = self._between(word.y - _HALF * self.pitch, word.y + 2.5 * self.pitch)
        right = [other for other in near if other.x0 >= word.x1 and not other.is_number]
        lower = [other for other in right if other.y - word.y > _HALF * self.pitch]
        end = min((other.x0 for other in right if other not in lower), default=float("inf"))
        return any(other.x0 < end for other in lower)


def _chain(words: Sequence[Word], pitch: float, heads: _Heads) -> list[list[Word]]:
    """Words one under another at the distance that lines of a cell have, as far as none begins a label."""
    after: dict[Word, Word] = {}
    taken: set[Word] = set()
    for above, below in find_pairs(words):
        close = abs(below.y - above.y - pitch) <= _SLACK * pitch
        apart = below in taken or BEGINS.match(below.text) or _WHOLE.fullmatch(above.text)
        wide = below.x1 - below.x0 > above.x1 - above.x0 + 0.6 * above.size
        if close and not apart and not wide and is_aligned(above, below) and not heads.spans(above):
            after[above] = below
            taken.add(below)
    chains = []
    for word in words:
        if word in taken:
            continue
        chain = [word]
        while chain[-1] in after:
            chain.append(after[chain[-1]])
        chains.append(chain)
    return chains


def _split_chain(chain: Sequence[Word], heights: dict[int, float], pitch: float) -> Iterator[Block]:
    """The cells that a chain is: one, but where words beside the numbers of several rows follow closely."""
    anchors = [number for number, word in enumerate(chain) if _is_beside(word, heights)]
    for first, end in pairwise([0, *_cut(anchors, len(chain)), len(chain)]):
        if end > first:
            yield _anchor(chain[first:end], heights, pitch)


def _is_beside(word: Word, heights: dict[int, float]) -> bool:
    """Whether a word stands beside the numbers of a row."""
    return word.line in heights and abs(word.y - heights[word.line]) <= _BESIDE * word.size


def _cut(anchors: Sequence[int], length: int) -> list[int]:
    """Where the cells of a chain begin and end: as many lines above a row's numbers as below them, or the
    numbers beside the first line. `anchors` are the lines beside numbers.
    """
    cuts: list[int] = []
    start = 0
    for anchor, following in pairwise([*anchors, length]):
        start = 2 * anchor - start + 1
        if not anchor < start <= following:
            return list(anchors)
        cuts.append(start)
    centred = not cuts or cuts[-1] == length or anchors[0] > 0
    return cuts if centred else list(anchors)


def _anchor(words: Sequence[Word], heights: dict[int, float], pitch: float) -> Block:
    """A block with the row that its middle, or its first line, stands beside."""
    block = Block(tuple(words), None)
    nearest = min(heights, key=lambda row: abs(heights[row] - block.y), default=None)
    if nearest is not None and abs(heights[nearest] - block.y) <= _BESIDE * (pitch or words[0].size):
        return block._replace(row=nearest)
    return block._replace(row=words[0].line) if _is_beside(words[0], heights) else block


# ---- blocks to lines -------------------------------------------------------------------------------------


def _list_lines(
    blocks: Sequence[Block],
    numbers: dict[int, list[Word]],
    heights: dict[int, float],
    pitch: float,
    *,
    cut: bool,
) -> list[PdfLine]:
    """A line a row and, above it, a line for each group whose label stands beside it; the rest by height."""
    placed: list[tuple[float, list[Block]]] = []
    rest = sorted((block for block in blocks if block.row is None), key=lambda block: block.y)
    before = -1e9
    for row, height in heights.items():
        labels = sorted((block for block in blocks if block.row == row), key=lambda block: block.x0)
        placed.extend((height - 0.5, [block]) for block in labels[:-1])
        placed.append((height, [*labels[-1:], *(Block((word,), row) for word in numbers[row])]))
        between = [block for block in rest if before < block.y < height]
        heads = _by_column(between, numbers[row]) if cut else _find_heads(between, numbers[row])
        if heads:
            placed.append((max(head.y for head in heads), heads))
            between = [block for block in between if block not in heads]
        whole = heads or _beside_labels(between, numbers[row])
        placed.extend(_by_height(between if whole else _unjoin(between), pitch))
        before, cut = height, False
    placed.extend(_by_height([block for block in rest if block.y >= before], pitch))
    placed.sort(key=lambda one: one[0])
    return [_make_row(found) for _, found in placed]


def _by_height(blocks: Sequence[Block], pitch: float) -> Iterator[tuple[float, list[Block]]]:
    """The blocks that stand at one height, from left to right, and the height."""
    rest = sorted(blocks, key=lambda block: block.y)
    while rest:
        height = rest[0].y
        beside = [block for block in rest if block.y - height <= _BESIDE * pitch]
        rest = rest[len(beside) :]
        yield height, sorted(beside, key=lambda block: block.x0)


def _beside_labels(blocks: Sequence[Block], numbers: Sequence[Word]) -> bool:
    """Whether all blocks stand left of the numbers: labels of groups, no heads."""
    return all(block.x1 <= numbers[0].x0 for block in blocks)


def _unjoin(blocks: Sequence[Block]) -> list[Block]:
    """The words of blocks each by itself: heads that name no columns are best left as they were."""
    return [Block((word,), None) for block in blocks for word in block.words]


def _find_heads(blocks: Sequence[Block], numbers: Sequence[Word]) -> list[Block]:
    """The heads of the columns of some numbers, the lowest block over each, from left to right.

    What stands left of them at their height comes first. Nothing where a column has none of its own.
    """
    heads: list[Block] = []
    for number in numbers:
        over = [block for block in blocks if block.x0 < number.x1 and number.x0 < block.x1]
        lowest = max(over, key=lambda block: block.words[-1].y, default=None)
        if lowest is None or lowest in heads:
            return []
        heads.append(lowest)
    if len(heads) < 2 or any(after.x0 <= head.x0 for head, after in pairwise(heads)):
        return []
    top = min(head.words[0].y for head in heads)
    left = [block for block in blocks if block.x1 <= heads[0].x0 and block.words[-1].y >= top - 1]
    return [*sorted(left, key=lambda block: block.x0), *heads]


def _by_column(blocks: Sequence[Block], numbers: Sequence[Word]) -> list[Block]:
    """All heads that a page's end cuts in two: those over each number downwards, from left to right."""
    left = [block for block in blocks if block.x1 <= numbers[0].x0]
    over = [block for block in blocks if block not in left]
    over.sort(key=lambda block: (_find_column(block, numbers), block.y))
    return [*sorted(left, key=lambda block: block.x0), *over]


def _find_column(block: Block, numbers: Sequence[Word]) -> int:
    """The number that a block stands over or nearest to."""
    shared = [min(block.x1, number.x1) - max(block.x0, number.x0) for number in numbers]
    best = max(shared)
    if best > 0 and shared.count(best) == 1:
        return shared.index(best)
    middle = block.x0 + block.x1
    apart = [abs(number.x0 + number.x1 - middle) for number in numbers]
    return apart.index(min(apart))


def _make_row(blocks: Sequence[Block]) -> PdfLine:
    """A line, as high as its last block's letters, that reads the blocks one after the other."""
    words = [word for block in blocks for word in block.words]
    x0, x1 = min(word.x0 for word in words), max(word.x1 for word in words)
    y, half = blocks[-1].y, words[-1].size / 2
    chars = [char for word in words for char in word.chars]
    return PdfLine(x0, y - half, x1, y + half, " ".join(block.text for block in blocks), chars)
