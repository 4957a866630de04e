"""Numbers that narrow cells broke over two lines, put together again.

    （七）总计      124  98  103        →   （七）总计      1245  98  1037
                    5        7

The rests stand alone in the line below; every number that has one is as long as the longest of its row.
Which is whose shows where they stand under one another, or where as many rests as longest numbers make a row
whose last number is the sum of the others. Where neither holds for all of a line, the lines stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from extract.patterns import late

_RESTS = late(r"\s*\d{1,2}(?:\s+\d{1,2})*\s*")
_WORD = late(r"\S+")
_FEWEST = 4  # numbers of a row: a pair of numbers one over another may be anything
_BEGINS = frozenset(" 0123456789")
_WIDEST = 600  # characters of a line
_WIDE = frozenset("WF")


def join_wrapped_numbers(lines: list[str]) -> list[str]:
    """The lines, numbers whose rests stand in the line below made whole; that line is blank then."""
    joined = lines
    for at in [at for at, line in enumerate(lines) if line[:1] in _BEGINS]:
        line = lines[at]
        if not at or len(line) > _WIDEST or not _RESTS.fullmatch(line):
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
    longest = max(len(word.group()) for word in numbers)
    full = {place for place, word in enumerate(numbers) if len(word.group()) == longest > 1}
    for measure in (len, _columns):
        found = [_find_above(rest, rests, numbers, row, measure) for rest in below]
        if full.issuperset(found) and len(set(found)) == len(found):
            return _append(row, numbers, {place or 0: rest.group() for place, rest in zip(found, below)})
    if len(full) != len(below):
        return None
    parts = dict(zip(sorted(full), (rest.group() for rest in below)))
    *values, total = (int(word.group() + parts.get(place, "")) for place, word in enumerate(numbers))
    return _append(row, numbers, parts) if sum(values) == total > 0 else None


def _append(row: str, numbers: Sequence[re.Match[str]], rests: Mapping[int, str]) -> str:
    """The row with the rests behind the numbers of those places."""
    for place in sorted(rests, reverse=True):
        end = numbers[place].end()
        row = row[:end] + rests[place] + row[end:]
    return row


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


def _columns(text: str) -> int:
    """The columns that a text takes up on a terminal."""
    return len(text) + sum(map(_WIDE.__contains__, map(unicodedata.east_asian_width, text)))
