"""Tables whose columns only stand under one another, some of their cells blank.

A table with every cell filled needs no columns to be read, and stays lines. Where rows lack numbers, the
places of the others say which: each number stands under those of its column.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from extract.patterns import late

_TOKEN = late(r"\S+(?:[ \u3000\xa0]\S+)*")
_PART = late(r"[ \u3000\xa0]{2}|\u3000")
_NUMBER = late(r"[-+−]?[\d０-９][\d０-９,，.．]*(?:万?元|件)?|[/／—–-]+|无")
_WIDE = frozenset("WFA")
FEWEST_ROWS = 6  # rows of numbers before their places mean anything
FEWEST_NUMBERS = 3  # in the fullest row
MOST_COLUMNS = 20


class Token(NamedTuple):
    """What stands between two stretches of blanks; its place in columns, a Chinese character being two."""

    text: str
    start: int
    end: int
    number: bool


def find_aligned_rows(lines: Sequence[str], at: int) -> tuple[list[list[str]] | None, int]:
    """The rows of the aligned table that begins at a line, and the line after it; None for none."""
    end = at
    while end < len(lines) and _PART.search(lines[end].strip()):
        end += 1
    if end - at < FEWEST_ROWS:
        return None, end
    counts = [_count_numbers(line) for line in lines[at:end]]
    full = max(counts)
    if full < FEWEST_NUMBERS or all(count in (0, full) for count in counts):
        return None, end
    if sum(map(bool, counts)) < FEWEST_ROWS:
        return None, end
    rows = [_read_tokens(line) for line in lines[at:end]]
    numbers = [[token for token in row if token.number] for row in rows]
    columns = _join([(token.start, token.end) for row in numbers for token in row])
    if len(columns) > MOST_COLUMNS or any(_crowded(row, columns) for row in rows):
        return None, end
    if not all(_stand_under(number, numbers, columns) for number in range(len(columns))):
        return None, end
    return _lay_out(rows, columns), end


def _count_numbers(line: str) -> int:
    is_number = _NUMBER.fullmatch
    return len([token for token in _TOKEN.findall(line.replace("\u3000", "  ")) if is_number(token)])


def _read_tokens(line: str) -> list[Token]:
    tokens: list[Token] = []
    width = place = 0
    text = line.replace("\u3000", "  ")
    for found in _TOKEN.finditer(text):
        start = width + _columns(text[place : found.start()])
        width = start + _columns(found.group())
        place = found.end()
        tokens.append(Token(found.group(), start, width, _NUMBER.fullmatch(found.group()) is not None))
    return tokens


def _columns(text: str) -> int:
    """The columns that a text takes up on a Chinese terminal."""
    return len(text) + sum(map(_WIDE.__contains__, map(unicodedata.east_asian_width, text)))


def _join(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap as one, from left to right."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _crowded(row: Sequence[Token], columns: Sequence[tuple[int, int]]) -> bool:
    """Whether a number shares its column with anything else of its row: then the places say nothing."""
    places = [_place(token, columns) for token in row if token.end > columns[0][0]]
    return any(token.number for token in row) and len(places) != len(set(places))


def _place(token: Token, columns: Sequence[tuple[int, int]]) -> int:
    """The column that a token begins in or stands nearest to."""
    return min(range(len(columns)), key=lambda number: abs(columns[number][0] - token.start))


def _stand_under(number: int, rows: Sequence[Sequence[Token]], columns: Sequence[tuple[int, int]]) -> bool:
    """Whether the numbers of a column begin, end or have their middle in one place."""
    inside = [token for row in rows for token in row if _place(token, columns) == number]
    edges = ({t.start for t in inside}, {t.end for t in inside}, {(t.start + t.end) // 2 for t in inside})
    return min(map(len, edges)) == 1


def _lay_out(rows: Sequence[Sequence[Token]], columns: Sequence[tuple[int, int]]) -> list[list[str]]:
    """The rows with their labels in columns by where they begin, their numbers in those of the table."""
    first = columns[0][0]
    labels = [
        (start, start + 1) for start in sorted({t.start for row in rows for t in row if t.end <= first})
    ]
    laid = []
    for row in rows:
        cells = [""] * (len(labels) + len(columns))
        for token in row:
            left = token.end <= first and labels
            number = _place(token, labels) if left else len(labels) + _place(token, columns)
            cells[number] = f"{cells[number]}{token.text}"
        laid.append(cells)
    return laid
