"""Numbers of neighbouring columns so close that they read as one, parted by the columns of other rows.

Numbers as wide as their cells leave hardly more room between them than their digits do. Where the other rows
show two columns and the digits a gap between them, the numbers are two; else they stay one, which no column
takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from extract.read.bare_words import Word
from extract.read.pdf_lines import PdfLine

_FEWEST_ROWS = 2  # with all their numbers, before they show columns
_FEWEST_COLUMNS = 3
_GAP = 0.12  # of the digits' height between two numbers, at least
_WIDER = 0.08  # of it, by which that gap is wider than any other between the digits


def part_numbers(
    lines: Sequence[PdfLine], words: Sequence[list[Word]], rows: Sequence[int]
) -> tuple[list[PdfLine], list[list[Word]]]:
    """The lines and their words, numbers that reach over several columns parted; `rows` hold the numbers."""
    parted, told = list(words), list(lines)
    numbers = {row: [word for word in words[row] if word.is_number] for row in rows}
    most = max(map(len, numbers.values()), default=0)
    full = [found for found in numbers.values() if len(found) == most]
    if most < _FEWEST_COLUMNS or len(full) < _FEWEST_ROWS:
        return told, parted
    middles = [median((row[column].x0 + row[column].x1) / 2 for row in full) for column in range(most)]
    for row, found in numbers.items():
        if len(found) == most:
            continue
        whole = [part for word in words[row] for part in _part(word, middles)]
        if len(words[row]) < len(whole) and sum(word.is_number for word in whole) <= most:
            parted[row] = whole
            told[row] = lines[row]._replace(text=" ".join(word.text for word in whole))
    return told, parted


def _part(word: Word, middles: Sequence[float]) -> list[Word]:
    """The numbers that a number over several columns is; the word itself where its gaps do not say."""
    inside = [middle for middle in middles if word.x0 <= middle <= word.x1]
    if len(inside) < 2 or not word.is_number:
        return [word]
    gaps = [after.x0 - before.x1 for before, after in pairwise(word.chars)]
    cuts: list[int] = []
    for left, right in pairwise(inside):
        between = [
            number
            for number, (before, after) in enumerate(pairwise(word.chars))
            if left <= (before.x1 + after.x0) / 2 <= right
        ]
        cuts.append(max(between, key=lambda number: gaps[number], default=0))
    others = [gap for number, gap in enumerate(gaps) if number not in cuts]
    least = min(gaps[cut] for cut in cuts)
    if least < max(_GAP * word.size, max(others, default=0.0) + _WIDER * word.size):
        return [word]
    edges = [0, *(cut + 1 for cut in cuts), len(word.chars)]
    return [_take(word, first, end) for first, end in pairwise(edges)]


def _take(word: Word, first: int, end: int) -> Word:
    chars = word.chars[first:end]
    text = "".join(char.text for char in chars)
    return word._replace(x0=chars[0].x0, x1=chars[-1].x1, text=text, chars=chars)
