"""Numbers of text laid out in columns that narrow cells broke over two lines, put together again.

    （七）总计      124  98  103        →   （七）总计      1245  98  1037
                    5        7

The rest of a number stands under it, alone in its line; every number that has one is as long as the longest
of its row. Where that does not hold for all of a line, the lines stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from extract.patterns import late

_RESTS = late(r"\s{4,}\d{1,2}(?:\s+\d{1,2})*\s*")
_WORD = late(r"\S+")
_FEWEST = 4  # numbers of a row: a pair of numbers one over another may be anything
_WIDEST = 600  # characters of a line
_WIDE = frozenset("WF")


def join_wrapped_numbers(lines: list[str]) -> list[str]:
    """The lines, numbers whose rests stand in the line below made whole; that line is blank then."""
    joined = lines
    for at in range(1, len(lines)):
        line = lines[at]
        if line[:4] != "    " or len(line) > _WIDEST or not _RESTS.fullmatch(line):
            continue
        row = _make_whole(lines[at - 1], line)
        if row is not None:
            joined = list(lines) if joined is lines else joined
            joined[at - 1 : at + 1] = row, ""
    return joined


def _make_whole(row: str, rests: str) -> str | None:
    """The row with the rests of its numbers behind them; None where a rest is under none of them."""
    words = list(_WORD.finditer(row)) if len(row) <= _WIDEST else []
    numbers = [word for word in words if word.group().isdecimal()]
    if len(numbers) < _FEWEST or len(numbers) == len(words):
        return None
    below = list(_WORD.finditer(rests))
    for measure in (len, _columns):
        found = [_find_above(rest, rests, numbers, row, measure) for rest in below]
        if None not in found and len(set(found)) == len(found) and _fill_cells(found, numbers):
            for place, rest in sorted(zip(found, below, strict=True), key=lambda pair: -(pair[0] or 0)):
                end = numbers[place or 0].end()
                row = row[:end] + rest.group() + row[end:]
            return row
    return None


def _find_above(
    rest: re.Match[str],
    rests: str,
    numbers: Sequence[re.Match[str]],
    row: str,
    measure: Callable[[str], int],
) -> int | None:
    """The number of the row that a rest stands under."""
    start, end = measure(rests[: rest.start()]), measure(rests[: rest.end()])
    above = [
        place
        for place, word in enumerate(numbers)
        if measure(row[: word.start()]) <= start and end <= measure(row[: word.end()])
    ]
    return above[0] if above else None


def _fill_cells(found: Sequence[int | None], numbers: Sequence[re.Match[str]]) -> bool:
    """Whether the numbers that go on below are as long as the longest, and have two digits at least."""
    longest = max(len(word.group()) for word in numbers)
    return longest > 1 and {len(numbers[place or 0].group()) for place in found} == {longest}


def _columns(text: str) -> int:
    """The columns that a text takes up on a terminal."""
    return len(text) + sum(map(_WIDE.__contains__, map(unicodedata.east_asian_width, text)))
