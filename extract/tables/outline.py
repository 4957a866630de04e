"""The text as an outline: its tables without their numbers, its running text as nothing but that.

Two reports with the same outline are read alike, number for number; so what is found in one (`plan`) holds
for the other. Numbers, their marks for none and running text leave no trace in it; labels, blank cells,
sections and the geometry of grids do. Line by line it mirrors `rows.split_rows` and `marks.Marker`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from extract.report import Line, Section, Text, TextCell, TextGrid
from extract.tables.composed import Part, find_parts
from extract.tables.fold import open_bracket
from extract.tables.marks import LONGEST_LABEL, LONGEST_NAME
from extract.tables.rows import NOUGHTS, Piece, is_page_number, line_row
from extract.tables.values import is_value
from extract.tables.vocabulary import guess_label, is_fragment, is_sentence, load_vocabulary, read_label

NUMBER, LONG, PROSE, SHORT_PROSE = "\x00#", "\x00long", "\x00prose", "\x00short"


class Spot(Protocol):
    """What has a place in the text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Outline(NamedTuple):
    """What the reading of the tables depends on (`key`), and where its pieces, rows and grids stand."""

    key: tuple[object, ...]
    spots: list[Spot]
    rows: list[tuple[int, int]]
    grids: list[tuple[int, int]]


def draw_outline(text: Text, sections: Sequence[Section]) -> Outline:
    """The outline of a text that is cut into these sections."""
    drawer = _Drawer(text.text, sections)
    grids = iter(text.grids)
    upcoming = next(grids, None)
    for line in text.lines:
        while upcoming is not None and upcoming.start <= line.start:
            drawer.add_grid(upcoming)
            upcoming = next(grids, None)
        drawer.add_line(line)
    while upcoming is not None:
        drawer.add_grid(upcoming)
        upcoming = next(grids, None)
    return Outline(tuple(drawer.parts), drawer.spots, drawer.rows, drawer.grids)


@lru_cache(maxsize=8192)
def _sign(piece: str) -> str:
    """What of a piece counts: that it is a number, or its words."""
    if len(piece) > LONGEST_LABEL:
        return LONG
    return NUMBER if is_value(piece) else piece


@lru_cache(maxsize=8192)
def _read_cell(piece: str) -> tuple[str, tuple[Part, ...]]:
    """What counts of a cell, and its parts where it names row and column at once."""
    return _sign(piece), find_parts(piece)


class _State:
    """What reading may know since the last heading: whether a table has begun, which, and an open bracket."""

    def __init__(self, section: str | None) -> None:
        own = {section} if section in load_vocabulary().pieces else set()
        self.tables: frozenset[str] = frozenset(one for one in own if one is not None)
        self.zone = False
        self.noted = False
        self.seen = 0  # parts of the outline that are told already

    def take(self, parts: Sequence[object]) -> None:
        """Take note of the parts that are new."""
        for number in range(self.seen, len(parts)):
            part = parts[number]
            if part in _ROWS:
                self.zone = True
            elif isinstance(part, str) and part and part[0] != "\x00":
                self.tables |= {term.table for term in read_label(part).terms}
                self.noted = self.noted or open_bracket(part)
        self.seen = len(parts)


class _Drawer:
    """Goes over the text once, keeping what reading may know."""

    def __init__(self, text: str, sections: Sequence[Section]) -> None:
        self.text = text
        self.parts: list[object] = []
        self.spots: list[Spot] = []
        self.rows: list[tuple[int, int]] = []
        self.grids: list[tuple[int, int]] = []
        self.sections = sections
        self.number = 0
        self.next_start = sections[0].start if sections else len(text) + 1
        self.state = _State(None)

    def add_grid(self, grid: TextGrid) -> None:
        """Add the rows of a grid; one that is surely not of the form is running text."""
        text, parts, spots = self.text, self.parts, self.spots
        if grid.cells and grid.cells[0].start >= self.next_start:
            self._cross(grid.cells[0].start)
        before = len(parts), len(spots), len(self.rows), self.number
        parts.append((grid.exact, grid.read_by))
        row, column, first = -1, 0, 0
        for cell in grid.cells:
            start = cell.start
            if cell.row != row:
                if row >= 0:
                    self.rows.append((first, spots[-1].end))
                row, column, first = cell.row, 0, start
                parts.append("\n")
                if start >= self.next_start:
                    self._cross(start)
            if cell.column != column or cell.column_span != 1:
                parts.append((cell.column, cell.column_span))
            if cell.row_span != 1:
                parts.append(cell.row_span)
            column = cell.column + 1
            piece = text[start : cell.end]
            sign, composed = (NUMBER, ()) if piece.isdecimal() else _read_cell(piece)
            if composed:
                self._add_parts(piece, cell, composed)
            else:
                parts.append(sign)
                spots.append(cell)
        if row >= 0:
            self.rows.append((first, spots[-1].end))
        if before[3] == self.number and not _may_be_form(parts[before[0] + 1 :]):
            self._replace_by_prose(before[:3])
        else:
            self.grids.append((grid.start, grid.end))

    def _add_parts(self, piece: str, cell: TextCell, composed: tuple[Part, ...]) -> None:
        """Add the parts of a cell that names row and column at once."""
        for first, end in composed:
            self.parts.append(_sign(piece[first:end]))
            self.spots.append(Piece(piece, cell.start + first, cell.start + end, cell.column))

    def _replace_by_prose(self, before: tuple[int, int, int]) -> None:
        start, end = self.rows[before[2]] if len(self.rows) > before[2] else (0, 0)
        del self.parts[before[0] :], self.spots[before[1] :], self.rows[before[2] :]
        self._add_prose(end - start)

    def add_line(self, line: Line) -> None:
        """Add a line: a heading, a row, or running text."""
        start = line.start
        words = self.text[start : line.end]
        if words.isdecimal() and start < self.next_start:
            self.parts += ("\v", NUMBER)
            self.spots.append(line)
            self.rows.append((start, line.end))
            return
        if not words or words.isspace() or (len(words) < 24 and is_page_number(words)):
            return
        heading = start >= self.next_start and self._cross(start)
        if not heading and len(words) > LONGEST_LABEL and "|" not in words and len(words.split(None, 1)) == 1:
            self._add_prose(len(words))
            return
        pieces = _split(words, start)
        if heading:
            if len(pieces) == 1 and read_label(pieces[0].text).whole:
                self._add_row(pieces, line)
        elif pieces and self._is_prose(pieces):
            self._add_prose(len(words))
        elif pieces:
            self._add_row(pieces, line)

    def _add_prose(self, length: int) -> None:
        self.state.take(self.parts)
        kind = SHORT_PROSE if length < LONGEST_NAME and self.state.zone else PROSE
        if not self.parts or self.parts[-1] is not kind:
            self.parts.append(kind)

    def _add_row(self, pieces: list[Piece], line: Line) -> None:
        words = self.text[line.start : line.end]
        self.parts.append("\r" if "\t" in words or "|" in words else "\v")
        for piece in pieces:
            self.parts.append(NUMBER if piece.text.isdecimal() else _sign(piece.text))
            self.spots.append(piece)
        self.rows.append((line.start, line.end))

    def _cross(self, start: int) -> bool:
        """Enter the sections that begin up to here; whether here is the heading of the last of them."""
        heading = False
        while start >= self.next_start:
            section = self.sections[self.number]
            self.number += 1
            more = self.number < len(self.sections)
            self.next_start = self.sections[self.number].start if more else len(self.text) + 1
            heading = section.heading is not None and start < section.start + len(section.heading)
            self.parts.append((section.id, heading))
            self.state = _State(section.id)
        self.state.seen = len(self.parts)
        return heading

    def _is_prose(self, pieces: list[Piece]) -> bool:
        """Whether a line is no table line in any state that reading may be in here."""
        words = [piece.text for piece in pieces if not piece.text.isdecimal()]
        open_ones = [text for text in words if not _is_plain_part(text)]
        if not open_ones:
            return False
        state = self.state
        state.take(self.parts)
        if state.noted:
            return False
        kinds = [_kind(text, state.tables) for text in open_ones]
        labels = kinds.count("label") + sum(read_label(text).whole for text in words)
        sentence = "sentence" in kinds
        return labels < 3 and (sentence or ("other" in kinds and not state.zone))


_ROWS = frozenset(["\n", "\r", "\v"])


def _may_be_form(parts: Sequence[object]) -> bool:
    """Whether a grid holds two labels, or numbers with one label at most: else it is not read."""
    labels = words = 0
    for part in parts:
        if isinstance(part, str) and part and part != NUMBER and part not in _ROWS:
            words += 1
            labels += part[0] != "\x00" and read_label(part).whole
            if labels > 1:
                return True
    return not words or (words == 1 and NUMBER in parts)


@lru_cache(maxsize=4096)
def _is_plain_part(text: str) -> bool:
    """Whether a piece is blank, a number or a whole label, whatever stands around it."""
    if not text:
        return True
    return len(text) <= LONGEST_LABEL and (is_value(text) or read_label(text).whole)


@lru_cache(maxsize=1024)
def _kind(piece: str, tables: frozenset[str]) -> str:
    """What a piece of a line may be in any of these tables."""
    if len(piece) > LONGEST_LABEL:
        return "sentence"
    reading = read_label(piece)
    if reading.whole:
        return "label"
    if not reading.folded.flat or any(is_fragment(reading.folded.flat, table) for table in tables):
        return "part"
    if any(guess_label(piece, table).how == "near" for table in tables):
        return "label"
    return "sentence" if is_sentence(piece) or len(piece) > LONGEST_NAME else "other"


def _split(line: str, start: int) -> list[Piece]:
    """The pieces of a line as `rows.line_row` parts them; at once where only numbers follow a word."""
    words = line.split()
    if "\t" not in line and "|" not in line and _is_plain(words):
        pieces, at = [], 0
        for number, word in enumerate(words):
            at = line.index(word, at)
            pieces.append(Piece(word, start + at, start + at + len(word), number))
            at += len(word)
        return pieces
    row = line_row(line, start)
    return list(row.pieces) if row is not None else []


def _is_plain(words: list[str]) -> bool:
    """Whether no two of these words belong together and none is to be parted."""
    first = words[0]
    if not all(word.isdecimal() for word in words[1:]) or find_parts(first):
        return False
    return first.isdecimal() or not (first[-1].isdecimal() or first[-1] in NOUGHTS)
