"""Numbers that narrow cells broke over two lines; how far the lines of one cell stand apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extract.read.bare_words import Word

# What begins a label of its own: 一、 （一） 1. and the like.
BEGINS = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、．.]|[（(]\d{1,2}[）)]|\d{1,2}\s{0,2}[、．.](?!\d)|第[一二三四五六七八九十]{1,3}条"
)
LARGEST = 2.3  # of the letters' height from line to line in a cell, at most
PADDING = 11.0  # points that a cell keeps free beside its text, both sides together (Word: 10.8)


def join_numbers(words: Sequence[list[Word]], rows: Sequence[int]) -> tuple[list[list[Word]], Sequence[int]]:
    """The words with numbers put together that narrow cells broke over two lines; and the rows that remain.

    That shows where every number of a line stands close under one that fills its cell, and all that do are
    as long, and none is longer.
    """
    joined = list(words)
    gone: set[int] = set()
    pitch = find_pitch([word for found in words for word in found if not word.is_number])
    for row, below in pairwise(rows):
        if row in gone:
            continue
        upper = [word for word in joined[row] if word.is_number]
        lower = [word for word in joined[below] if word.is_number]
        alone = len(joined[below]) == 1
        found = {whole: word for word in lower if (whole := _find_broken(word, upper, pitch * alone))}
        lengths = {len(whole.text) for whole in found}
        rests = len(found) == len(lower) and lengths == {max(len(one.text) for one in upper)}
        if rests and not _has_own_label(joined[row], joined[below], pitch):
            joined[row] = [_append(word, found[word]) if word in found else word for word in joined[row]]
            joined[below] = [word for word in joined[below] if not word.is_number]
            gone.add(below)
    return joined, [row for row in rows if row not in gone]


def _has_own_label(upper: Sequence[Word], lower: Sequence[Word], pitch: float) -> bool:
    """Whether what stands before the lower numbers is no rest of the label before the upper ones.

    It is none where that label had room to go on in its line, or the lines are farther apart than in a cell.
    """
    first, label = ([word for word in words if not word.is_number] for words in (upper, lower))
    if not first or not label:
        return any(BEGINS.match(word.text) for word in label)
    last, rest = first[-1], label[-1]
    start = next(word.x0 for word in upper if word.is_number)
    wide = rest.x1 - rest.x0 > last.x1 - last.x0 + 0.6 * last.size
    room = start - last.x1 > last.size + PADDING
    far = abs(rest.y - last.y - pitch) > 0.05 * pitch
    return wide or room or far or BEGINS.match(rest.text) is not None


def _find_broken(word: Word, upper: Sequence[Word], pitch: float) -> Word | None:
    """The number above that `word` is the rest of.

    It fills its column, or has a point and its rest alone in the next line (`pitch` below it; 0: not alone).
    """
    for place, whole in enumerate(upper):
        beside = upper[place + 1] if place + 1 < len(upper) else upper[place - 1]
        room = abs(beside.x0 - whole.x0) - (whole.x1 - whole.x0)
        close = 0.5 < (word.y - whole.y) / whole.size < LARGEST and is_aligned(whole, word)
        full = beside is not whole and room < PADDING + 0.8 * whole.size
        next_line = "." in whole.text and abs(word.y - whole.y - pitch) <= 0.05 * pitch
        if close and (full or next_line):
            digits = (word.text + whole.text.replace(".", "", 1)).isdecimal()
            return whole if digits and len(word.text) <= len(whole.text) else None
    return None


def _append(word: Word, rest: Word) -> Word:
    return word._replace(text=word.text + rest.text, chars=word.chars + rest.chars)


def find_pitch(words: Sequence[Word]) -> float:
    """The usual distance from line to line in a cell: the least that comes more than once."""
    steps: Counter[float] = Counter()
    for above, below in find_pairs(words):
        step = below.y - above.y
        if 0.9 * above.size < step < LARGEST * above.size:
            steps[round(2 * step) / 2] += 1
    often = [step for step, count in steps.items() if count > 1] or list(steps)
    return min(often, default=0.0)


def find_pairs(words: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """Each word and the next one under it in its column."""
    ordered = sorted(words, key=lambda word: word.y)
    for number, above in enumerate(ordered):
        for below in ordered[number + 1 :]:
            if below.y - above.y > LARGEST * above.size:
                break
            if below.y - above.y > 0.5 * above.size and share_column(above, below):
                yield above, below
                break


def share_column(one: Word, other: Word) -> bool:
    shared = min(one.x1, other.x1) - max(one.x0, other.x0)
    return shared > 0.5 * min(one.x1 - one.x0, other.x1 - other.x0)


def is_aligned(above: Word, below: Word) -> bool:
    """Whether two words begin at one place or have one middle."""
    slack = 0.6 * above.size
    return abs(above.x0 - below.x0) <= slack or abs(above.x0 + above.x1 - below.x0 - below.x1) <= 2 * slack
