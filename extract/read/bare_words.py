"""Words of a page's lines, and where among the lines tables without ruling lines stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from extract.read.fixed_page import Char
from extract.read.pdf_lines import PdfLine

_NUMBER = re.compile(
    r"[-+−－]?[\d０-９][\d０-９,，.．]*(?:万元|元|件|条|个|项)?|[/／—－–-]{1,2}|无|零|[增减][\d０-９]+"
)
_NUMBERS = re.compile(r"[\d/／—－–\-无零]")  # one of which each of these has
_GAP = 0.6  # of a line's height between two words
_DIGIT_GAP = 0.38  # of it, where a number begins: the blank between thousands is a quarter
_LEVEL = 0.4  # of it, by which letters of one line may differ in height
_STEP = 0.3  # of it, from one of these letters to the next lower one
_FEWEST = 2  # rows that make a table; one, where it has
_MANY = 5  # numbers
_BETWEEN = 14  # lines that may stand between two rows of numbers: heads, captions, labels
_ABOVE = 12  # lines above the first row that may be heads of the table
_BELOW = 6  # lines below the last row that may be parts of its label
_LONG = 24  # characters from which a line without a gap is running text


class Word(NamedTuple):
    """Letters of a line with no wide gap between; `y` is their middle, `line` the number of the line."""

    x0: float
    x1: float
    y: float
    size: float
    text: str
    line: int
    chars: tuple[Char, ...] = ()

    @property
    def is_number(self) -> bool:
        return _NUMBER.fullmatch(self.text) is not None


def split_words(line: PdfLine, number: int = 0) -> list[Word]:
    """The words of a line, parted at wide gaps; letters of lines that overlap in height are no one word."""
    groups: list[list[Char]] = []
    narrow, wide = _DIGIT_GAP * line.size, _GAP * line.size
    for letters in _split_levels(line):
        end, before = -1e9, ""
        for char in letters:
            gap, text = char.x0 - end, char.text
            if gap <= narrow or (gap <= wide and not _begins_number(before, text)):
                groups[-1].append(char)
            else:
                groups.append([char])
            end, before = char.x1, text
    words = [_make_word(group, number) for group in groups]
    return sorted(words, key=lambda word: word.x0) if len(words) > 1 else words


def _begins_number(before: str, text: str) -> bool:
    """Whether a digit is at hand that a narrower gap parts from what stands before it."""
    return text.isdecimal() and (before.isdecimal() or not before.isascii())


def _split_levels(line: PdfLine) -> list[list[Char]]:
    """The letters of a line from left to right, apart where they stand at different heights."""
    levels: list[list[Char]] = []
    inked = [char for char in line.chars if not char.text.isspace()]
    middles = [(char.y0 + char.y1) / 2 for char in inked]
    if inked and max(middles) - min(middles) <= _STEP * line.size:
        return [sorted(inked)]
    first = last = -1e9
    for char in sorted(inked, key=lambda char: char.y0 + char.y1):
        middle = (char.y0 + char.y1) / 2
        if middle - first <= _LEVEL * line.size and middle - last <= _STEP * line.size:
            levels[-1].append(char)
        else:
            levels.append([char])
            first = middle
        last = middle
    return [sorted(letters) for letters in levels]


def _make_word(chars: Sequence[Char], number: int) -> Word:
    half = len(chars) // 2
    middle = sorted([(char.y0 + char.y1) / 2 for char in chars])[half]
    size = sorted([char.y1 - char.y0 for char in chars])[half]
    text = "".join([char.text for char in chars])
    return Word(chars[0].x0, chars[-1].x1, middle, size, text, number, tuple(chars))


def may_be_row(line: PdfLine) -> bool:
    """Whether a line has any character that numbers have: without one it is no row, whatever its words."""
    return _NUMBERS.search("".join([char.text for char in line.chars])) is not None


# ---- where a table is ------------------------------------------------------------------------------------


def is_row(words: Sequence[Word]) -> bool:
    """Whether a line holds a row's numbers, with or without its labels, which stand before them."""
    numbers = [word.is_number for word in words]
    if True not in numbers:
        return False
    labels = numbers.index(True)
    return labels <= 3 and all(numbers[labels:])


def find_zones(rows: Sequence[int], words: Sequence[Sequence[Word]]) -> list[list[int]]:
    """Rows of numbers that belong to one table; a number alone on its line makes none."""
    zones: list[list[int]] = []
    for row in rows:
        near = zones and row - zones[-1][-1] <= _BETWEEN
        if near and not any(is_prose(words[number]) for number in range(zones[-1][-1], row)):
            zones[-1].append(row)
        else:
            zones.append([row])

    def counts(zone: Sequence[int]) -> bool:
        whole = [row for row in zone if len(words[row]) > 1]
        return len(whole) >= _FEWEST or any(len(words[row]) >= _MANY for row in whole)

    return [zone for zone in zones if counts(zone)]


def is_prose(words: Sequence[Word]) -> bool:
    """Whether a line is running text."""
    return len(words) == 1 and (len(words[0].text) >= _LONG or "。" in words[0].text)


def find_reach(
    zone: Sequence[int], at: int, lines: Sequence[PdfLine], words: Sequence[Sequence[Word]]
) -> tuple[int, int]:
    """The first line of a table and the one after its last; `at` is the first that is free."""
    first = zone[0]
    while first > max(at, zone[0] - _ABOVE) and not is_prose(words[first - 1]):
        first -= 1
    end = zone[-1] + 1
    labels = min(word.x0 for word in words[zone[-1]] if word.is_number)
    while end < min(len(lines), zone[-1] + 1 + _BELOW) and lines[end].x1 <= labels:
        end += 1
    return first, end
