"""The text as physical rows of pieces: a row of a grid, or a line that could be one, in text order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from extract.fold import CLOSING, OPENING, leaves_open
from extract.patterns import late
from extract.report import ReadBy, Text, TextGrid
from extract.tables.composed import SHORTEST, find_parts
from extract.tables.values import is_measure, is_number, is_value
from extract.tables.vocabulary import is_known, read_label

Layout = Literal["exact", "cells", "loose"]


class Piece(Struct, frozen=True, gc=False):
    """A cell of a grid, or a word of a line. `column` counts from 0; of a line it is the word's number."""

    text: str
    start: int
    end: int
    column: int
    span: int = 1
    row_span: int = 1


class Row(NamedTuple):
    """A grid row or a line.

    `exact`: columns and spans are known · `cells`: blank cells are kept, but rows may be shifted ·
    `loose`: words parted by blanks, a blank cell leaves no trace. `grid` numbers the grids, -1 for lines.
    """

    pieces: tuple[Piece, ...]
    start: int
    end: int
    layout: Layout
    grid: int
    read_by: ReadBy


# A word: letters and whole brackets with what they hold, blanks in the bracket included.
_OPEN, _CLOSE = re.escape(OPENING), re.escape(CLOSING)
_WORD = late(rf"(?:[^\s{_OPEN}]++|[{_OPEN}][^{_OPEN}{_CLOSE}\n]{{0,80}}[{_CLOSE}]|[{_OPEN}])+")
_NUMBERING = late(r"[（(][一二三四五六七八九十\d]{1,3}[）)]、?|[一二三四五六七八九十\d]{1,2}[、.．]|[①-⑳]")
_THOUSANDS = late(r"\d{1,3}(?:[,，]\d{3})*[,，]")
NOUGHTS = frozenset("无零/／-—－")
_PAGE = late(
    r"\s*(?:[-—–－·]+\s*\d{1,3}\s*[-—–－·]+|第\s*\d{1,3}\s*页(?:\s*[/，,]?\s*共\s*\d{1,3}\s*页)?|\d{1,2}\s+/\s+\d{1,3}|[Pp](?:age|\.)\s*\d{1,3})\s*"
)
_RULE = late(r"[\s|]*:?-{3,}[-:|\s]*")  # |---|---| of Markdown
LONGEST_WORDS = 20_000  # words of one line; a whole form on one line has about 700


def split_rows(text: Text) -> Iterator[Row]:
    """All rows of the text in order; page numbers, blank lines and pages' running lines are left out."""
    grids = iter([(grid.start, number, grid) for number, grid in enumerate(text.grids)])
    upcoming = next(grids, None)
    for line in text.lines:
        while upcoming is not None and upcoming[0] <= line.start:
            yield from grid_rows(text.text, upcoming[2], upcoming[1])
            upcoming = next(grids, None)
        row = line_row(text.text[line.start : line.end], line.start)
        if row is not None:
            yield row
    while upcoming is not None:
        yield from grid_rows(text.text, upcoming[2], upcoming[1])
        upcoming = next(grids, None)


def grid_rows(text: str, grid: TextGrid, number: int) -> Iterator[Row]:
    """The rows of a grid, with its blank cells."""
    rows: dict[int, list[Piece]] = {}
    for cell in grid.cells:
        start, end = cell.start, cell.end
        piece = Piece(text[start:end], start, end, cell.column, cell.column_span, cell.row_span)
        rows.setdefault(cell.row, []).extend(split_piece(piece))
    layout: Layout = "exact" if grid.exact else "cells"
    for pieces in rows.values():
        yield Row(tuple(pieces), pieces[0].start, pieces[-1].end, layout, number, grid.read_by)


def split_piece(piece: Piece) -> list[Piece]:
    """The piece, or the parts of a label that names row and column at once, perhaps with its number."""
    text = piece.text
    if len(text) < SHORTEST or text.isdecimal() or not (parts := find_parts(text)):
        return [piece]
    return [
        replace(piece, text=text[start:end], start=piece.start + start, end=piece.start + end)
        for start, end in parts
    ]


def is_page_number(line: str) -> bool:
    """Whether a line of the table is the page's number."""
    return _PAGE.fullmatch(line) is not None


def line_row(line: str, start: int) -> Row | None:
    """The row that the line from `start` on would be, or None for a blank line or a page number."""
    end = start + len(line)
    if not line or line.isspace():
        return None
    if len(line) < 24 and is_page_number(line):
        return None
    if "|" in line and _RULE.fullmatch(line):
        return None
    if "\t" in line or "|" in line:
        cells = [part for cell in _cells(line, start) for part in split_piece(cell)]
        return Row(tuple(cells), start, end, "cells", -1, "text")
    if len(line) < LONGEST_WORDS * 4:
        words = [part for word in _words(line, start) for part in split_piece(word)]
        return Row(tuple(words), start, end, "loose", -1, "text")
    return None


def _cells(line: str, start: int) -> Iterator[Piece]:
    """The cells of a line with tabs or pipes; the bars round it are none."""
    bar = "|" if "|" in line else "\t"
    place = start
    parts = line.split(bar)
    if bar == "|" and not parts[0].strip():
        place += len(parts[0]) + 1
        parts = parts[1:]
    if bar == "|" and len(parts) > 1 and not parts[-1].strip():
        parts = parts[:-1]
    for column, part in enumerate(parts):
        bare = part.strip()
        first = place + (len(part) - len(part.lstrip()) if bare else 0)
        yield Piece(bare, first, first + len(bare), column)
        place += len(part) + 1


def _words(line: str, start: int) -> list[Piece]:
    """The words of a line, with what belongs together joined: (一)|予以公开, 3|件, 1,|234; 数量0 parted."""
    words: list[Piece] = []
    for match in _WORD.finditer(line):
        word, place = match.group(), start + match.start()
        if words and _joins(words[-1].text, word):
            last = words[-1]
            words[-1] = Piece(
                line[last.start - start : match.end()], last.start, start + match.end(), last.column
            )
            continue
        glued = None
        if word[-1].isdecimal() and len(word) < 120 and not is_value(word):
            glued = _glued().fullmatch(word)
        if glued is not None:
            cut = place + glued.start("value")
            words.append(Piece(glued["label"], place, cut, len(words)))
            words.append(Piece(glued["value"], cut, place + len(word), len(words)))
            continue
        if word[-1] in NOUGHTS and len(word) > 2 and _is_glued(word):
            words.append(Piece(word[:-1], place, place + len(word) - 1, len(words)))
            word, place = word[-1], place + len(word) - 1
        words.append(Piece(word, place, place + len(word), len(words)))
    return words


@lru_cache(maxsize=2048)
def stands_alone(word: str) -> bool:
    """Whether a word without blanks is one piece, and stays so whatever words stand beside it.

    >>> [stands_alone(word) for word in ("规章", "1.属于国家秘密", "数量0", "件", "（一）", "部分公开（只计")]
    [True, True, False, False, False, False]
    """
    pieces = [piece for found in _words(word, 0) for piece in split_piece(found)]
    if len(pieces) != 1 or is_measure(word):
        return False
    return not (_NUMBERING.fullmatch(word) or _THOUSANDS.fullmatch(word) or leaves_open(word))


@cache
def _glued() -> re.Pattern[str]:
    """A label and the number after it, run together: 数量0."""
    return re.compile(r"(?P<label>\D*[一-鿿）)”\"」])(?P<value>[-+]?\d[\d,.]{0,15})")


def _is_glued(word: str) -> bool:
    """Whether a label, or the beginning of one, and a mark for nought were run together: 申请数量无."""
    label = read_label(word[:-1])
    if not word[-1].isalpha():
        return label.how == "exact"
    return is_known(label.folded.flat) and not is_known(read_label(word).folded.flat)


def _joins(last: str, word: str) -> bool:
    if len(last) > 24:
        return False
    if is_measure(word):
        return is_number(last)
    if _NUMBERING.fullmatch(last):
        return not word[0].isdecimal()
    return bool(_THOUSANDS.fullmatch(last)) and len(word) == 3 and word.isdecimal()
