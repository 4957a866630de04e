"""The text as an outline: its tables without their numbers, its running text as nothing but that.

Two reports with the same outline are read alike, number for number; so what is found in one (`plan`) holds
for the other. Numbers, their marks for none and running text leave no trace in it; labels, blank cells,
sections and the geometry of grids do. Line by line it mirrors `rows.split_rows` and `marks.Marker`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from extract.fold import leaves_open, open_bracket
from extract.report import Line, Section, Text, TextCell, TextGrid
from extract.tables.composed import LONGEST as LONGEST_COMPOSED
from extract.tables.composed import find_parts
from extract.tables.foreign import is_foreign
from extract.tables.marks import LONGEST_LABEL, LONGEST_NAME
from extract.tables.rows import is_page_number, line_row, stands_alone
from extract.tables.values import is_measure, is_value
from extract.tables.vocabulary import (
    guess_label,
    is_fragment,
    is_sentence,
    load_vocabulary,
    read_label,
)

LONGEST_PLAIN = 1_000  # characters of a line whose words are asked one by one
NUMBER, LONG, PROSE, SHORT_PROSE, COMPOSED = "\x00#", "\x00long", "\x00prose", "\x00short", "\x00parts"


class Spot(Protocol):
    """What has a place in the text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Outline(NamedTuple):
    """What the reading of the tables depends on (`key`), and where its pieces, lines and grids stand.

    `texts` are the pieces as printed, each with its place in `spots`; `rows` are the lines that are rows.
    """

    key: tuple[object, ...]
    texts: list[str]
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
    return Outline(tuple(drawer.parts), drawer.texts, drawer.spots, drawer.rows, drawer.grids)


NO_TABLES: frozenset[str] = frozenset()


@lru_cache(maxsize=8192)
def _sign(piece: str) -> str:
    """What of a piece counts: that it is a number, or its words."""
    if len(piece) > LONGEST_LABEL:
        return LONG
    return NUMBER if is_value(piece) else piece


@lru_cache(maxsize=4096)
def _sign_cell(piece: str) -> str:
    """What counts of a cell; `COMPOSED` where it names row and column at once."""
    return COMPOSED if find_parts(piece) else _sign(piece)


class _State:
    """What reading may know since the last heading: whether a table has begun, which, and an open bracket."""

    def __init__(self, section: str | None, seen: int) -> None:
        own = section is not None and section in load_vocabulary().pieces
        self.tables = frozenset((section,)) if own else NO_TABLES
        self.zone = False
        self.noted = False
        self.seen = seen  # parts of the outline that are told already, or of no account

    def take(self, parts: Sequence[object]) -> None:
        """Take note of the parts that are new."""
        for part in parts[self.seen :]:
            if isinstance(part, str) and part and part[0] not in "\x00\r\v":
                self.tables |= {term.table for term in read_label(part).terms}
                self.noted = self.noted or open_bracket(part)
        self.seen = len(parts)


class _Drawer:
    """Goes over the text once, keeping what reading may know."""

    def __init__(self, text: str, sections: Sequence[Section]) -> None:
        self.text = text
        self.parts: list[object] = []
        self.texts: list[str] = []
        self.spots: list[Spot] = []
        self.rows: list[tuple[int, int]] = []
        self.grids: list[tuple[int, int]] = []
        self.sections = sections
        self.number = 0
        self.next_start = sections[0].start if sections else len(text) + 1
        self.state = _State(None, 0)

    def add_grid(self, grid: TextGrid) -> None:
        """Add the rows of a grid; one that is surely not of the form is running text."""
        cells = grid.cells
        if cells and cells[0].start >= self.next_start:
            self._cross(cells[0].start)
        parts, pieces, crossed = len(self.parts), len(self.texts), False
        self.parts.append((grid.exact, grid.read_by))
        texts = _contents(self.text, grid)
        while cells and (cut := self._section_within(cells)):
            self._add_cells(cells[:cut], texts[:cut])
            self._cross(cells[cut].start)
            cells, texts, crossed = cells[cut:], texts[cut:], True
        signs = self._add_cells(cells, texts)
        if not crossed and not _may_be_form(signs):
            del self.parts[parts:], self.texts[pieces:], self.spots[pieces:]
            first = [cell for cell in cells if cell.row == cells[0].row]
            self._add_prose(first[-1].end - first[0].start)
            return
        self.grids.append((grid.start, grid.end))
        if cells and (not crossed or cells[0].row != cells[-1].row):
            self.state.zone = True

    def _section_within(self, cells: Sequence[TextCell]) -> int:
        """The number of the cell, first in a later row, at which a section has begun; 0 for none."""
        if cells[-1].start < self.next_start:
            return 0
        for number in range(1, len(cells)):
            cell = cells[number]
            if cell.start >= self.next_start and cell.row != cells[number - 1].row:
                return number
        return 0

    def _add_cells(self, cells: Sequence[TextCell], texts: list[str]) -> list[str]:
        """Add rows of a grid: their geometry, then what counts of each cell, which comes back."""
        signs = [NUMBER if text.isdecimal() else _sign_cell(text) if text else text for text in texts]
        self.parts += (
            tuple([cell.row for cell in cells]),
            tuple([cell.column for cell in cells]),
            tuple([_place(cell) for cell in cells if cell.column_span != 1 or cell.row_span != 1]),
        )
        if COMPOSED in signs:
            signs = self._add_composed(cells, texts)
        else:
            self.texts += texts
            self.spots += cells
        self.parts += signs
        return signs

    def _add_composed(self, cells: Sequence[TextCell], texts: Sequence[str]) -> list[str]:
        """Add the pieces of cells of which some name row and column at once; what counts of each."""
        first = len(self.texts)
        for cell, text in zip(cells, texts, strict=True):
            for start, end in find_parts(text) or ((0, len(text)),):
                self.texts.append(text[start:end])
                self.spots.append(Line(cell.start + start, cell.start + end))
        return [_sign(piece) for piece in self.texts[first:]]

    def add_line(self, line: Line) -> None:
        """Add a line: a heading, a row, or running text."""
        start = line.start
        text = self.text[start : line.end]
        if text.isdecimal() and start < self.next_start:
            self._add_row(line, [text], [line], "\v")
            return
        words = text.split()
        if not words or (len(text) < 24 and is_page_number(text)):
            return
        heading = start >= self.next_start and self._cross(start)
        if not heading and self._is_running_text(text, words):
            self._add_prose(len(text))
            return
        pieces, spots = _part(text, words, line)
        if heading:
            if len(pieces) != 1 or not read_label(pieces[0]).whole:
                return
        elif not pieces:
            return
        elif self._is_prose(pieces):
            self._add_prose(len(text))
            return
        self._add_row(line, pieces, spots, "\r" if "\t" in text or "|" in text else "\v")

    def _is_running_text(self, text: str, words: Sequence[str]) -> bool:
        """Whether a line is visibly no row: the longest word can be no label, and few others can."""
        if "|" in text:  # the cells of a row may be parted by that alone
            return False
        if len(words) == 1 and len(text) > LONGEST_LABEL:
            return True
        state = self.state
        if state.zone and not _may_be_sentence(text):
            return False
        longest = text if len(words) == 1 else max(words, key=len)
        if not is_foreign(longest, near=False) or (state.zone and not _may_be_sentence(longest)):
            return False
        state.take(self.parts)
        near = bool(state.tables)
        if state.noted or (near and not is_foreign(longest, near=True)):
            return False
        return len(words) == 1 or not _may_be_labels([word for word in words if word is not longest], near)

    def _add_prose(self, length: int) -> None:
        kind = SHORT_PROSE if length < LONGEST_NAME and self.state.zone else PROSE
        if not self.parts or self.parts[-1] is not kind:
            self.parts.append(kind)

    def _add_row(self, line: Line, pieces: Sequence[str], spots: Sequence[Spot], mark: str) -> None:
        self.parts.append(mark)
        self.parts += [NUMBER if piece.isdecimal() else _sign(piece) for piece in pieces]
        self.texts += pieces
        self.spots += spots
        self.rows.append((line.start, line.end))
        self.state.zone = True

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
            self.state = _State(section.id, len(self.parts))
        return heading

    def _is_prose(self, pieces: Sequence[str]) -> bool:
        """Whether a line is no table line in any state that reading may be in here."""
        words = [piece for piece in pieces if not piece.isdecimal()]
        open_ones = [text for text in words if not _is_plain_part(text)]
        if not open_ones:
            return False
        state = self.state
        state.take(self.parts)
        if state.noted:
            return False
        kinds = [_kind(text, state.tables) for text in open_ones]
        if "sentence" not in kinds and (state.zone or "other" not in kinds):
            return False
        whole = [text for text in words if read_label(text).whole] if len(words) > 2 else ()
        return kinds.count("label") + len(whole) < 3


def _may_be_sentence(text: str) -> bool:
    """Whether a text is longer than composed labels, or has a mark that parts sentences."""
    return len(text) > LONGEST_COMPOSED or "。" in text or "；" in text


def _may_be_labels(words: Sequence[str], near: bool) -> bool:
    """Whether three labels may be among words of a line, or a bracket that goes on behind its word."""
    known = [word for word in words if not word.isdecimal() and not is_foreign(word, near=near)]
    if len(known) > 2:
        return True
    return bool([word for word in known if leaves_open(word) or (len(known) > 1 and find_parts(word))])


def _place(cell: TextCell) -> tuple[int, int, int, int]:
    return cell.row, cell.column, cell.row_span, cell.column_span


def _contents(text: str, grid: TextGrid) -> list[str]:
    """What the cells of a grid hold: its text parted at tabs, but where blank columns stand in it."""
    parts = text[grid.start : grid.end].removesuffix("\n").replace("\n", "\t").split("\t")
    if len(parts) == len(grid.cells):
        return parts
    return [text[cell.start : cell.end] for cell in grid.cells]


def _may_be_form(signs: Sequence[str]) -> bool:
    """Whether a grid holds two labels, or numbers with one label at most: else it is not read."""
    labels = words = 0
    for sign in signs:
        if sign and sign != NUMBER:
            words += 1
            labels += sign[0] != "\x00" and read_label(sign).whole
            if labels > 1:
                return True
    return not words or (words == 1 and NUMBER in signs)


@lru_cache(maxsize=4096)
def _is_plain_part(text: str) -> bool:
    """Whether a piece is blank, a number, a unit or a whole label, whatever stands around it."""
    if not text or is_measure(text):
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


def _part(text: str, words: list[str], line: Line) -> tuple[list[str], Sequence[Spot]]:
    """The pieces of a line as `rows.line_row` parts them; at once where each word is one by itself."""
    plain = len(text) <= LONGEST_PLAIN and "\t" not in text and "|" not in text
    if plain and not [word for word in words if not word.isdecimal() and not stands_alone(word)]:
        whole = len(words) == 1 and len(words[0]) == len(text)
        return words, [line] if whole else _places(text, words, line.start)
    row = line_row(text, line.start)
    pieces = row.pieces if row is not None else ()
    return [piece.text for piece in pieces], pieces


def _places(text: str, words: Sequence[str], start: int) -> list[Spot]:
    """Where the words of a line stand that begins at `start`."""
    places: list[Spot] = []
    end = 0
    for word in words:
        at = text.find(word, end)
        end = at + len(word)
        places.append(Line(start + at, start + end))
    return places
