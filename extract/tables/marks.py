"""Physical rows → marks: each piece told as label, number's place or other text, broken labels joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal

from msgspec import Struct, field

from extract.fold import fold_words, misprints_note, open_bracket
from extract.report import Section
from extract.tables.questions import Asked
from extract.tables.rows import Piece, Row
from extract.tables.values import is_measure, is_value
from extract.tables.vocabulary import (
    Reading,
    Term,
    guess_label,
    in_table,
    is_fragment,
    is_sentence,
    is_span_fragment,
    load_vocabulary,
    read_label,
)

Kind = Literal["label", "slot", "text"]
LONGEST_LABEL = 120  # characters of a label with its local note
LONGEST_NAME = 30  # characters of the name of a row that the form lacks
OPEN = 16  # unfinished labels kept in mind: a header whose letters stand one under another has 9


class Mark(Struct, gc=False):
    """A label (perhaps of several pieces), a number's place, or other text, in physical row `row`."""

    kind: Kind
    pieces: list[Piece]
    row: int
    terms: tuple[Term, ...] = ()
    whole: bool = False
    misprinted: bool = False
    flat: str = ""
    number: int | None = None
    bracketed: bool = False
    interrupted: bool = False  # numbers stand between its pieces

    @property
    def text(self) -> str:
        return self.pieces[0].text

    @property
    def printed(self) -> str:
        """The label as printed, its pieces put together."""
        if len(self.pieces) == 1:
            return self.pieces[0].text
        return "".join([piece.text for piece in self.pieces])


class MarkedRow(Struct, gc=False):
    """A physical row and its marks; `fresh` where running text or a heading stands before it."""

    row: Row
    marks: list[Mark]
    number: int
    section: str | None
    fresh: bool = False
    trimmed: bool = False  # its grid keeps blank cells but for those at line ends
    asked: list[Asked] = field(default_factory=list)  # of the numbers, while all rows are read


class Marker(Struct):
    """Goes over the rows once, keeping the table it is in and the labels that are not finished."""

    sections: Sequence[Section]
    table: str | None = None
    section: str | None = None
    zone: bool = False  # a table has begun and no running text since
    fresh: bool = True
    open: list[Mark] = field(default_factory=list)
    last: Mark | None = None
    upcoming: int = 0
    count: int = 0
    cells: bool = False  # the row at hand is one of cells
    numbered: bool = False  # the row at hand is one of cells, with numbers of its own
    asked: list[Asked] = field(default_factory=list)

    def mark(self, rows: Iterable[Row]) -> Iterator[MarkedRow]:
        """The rows that are table, marked."""
        for grid, members in groupby(rows, key=lambda row: row.grid):
            if grid >= 0:
                yield from self._mark_grid(list(members))
                continue
            for row in members:
                heading = self._enter_sections(row)
                if not heading and self._is_table_line(row):
                    yield self._mark_row(row)
                elif not heading:
                    self._leave(row)

    def _enter_sections(self, row: Row) -> bool:
        """Whether the row is the heading of a section; the table in hand follows the section."""
        heading = False
        while self.upcoming < len(self.sections) and self.sections[self.upcoming].start <= row.start:
            section = self.sections[self.upcoming]
            self.upcoming += 1
            heading = section.heading is not None and row.start < section.start + len(section.heading)
            if heading and len(row.pieces) == 1 and read_label(row.pieces[0].text).whole:
                return False
            self.section = section.id
            self.table = section.id if section.id in load_vocabulary().pieces else None
            self.zone, self.fresh, self.last = False, True, None
            self.open.clear()
        return heading

    def _leave(self, row: Row) -> None:
        """Running text ends the row in hand; a sentence ends the table."""
        self.fresh, self.last = True, None
        self.open.clear()
        self.zone = self.zone and row.end - row.start < LONGEST_NAME

    def _mark_grid(self, rows: list[Row]) -> Iterator[MarkedRow]:
        heading = self._enter_sections(rows[0])
        if not _is_of_form(rows) and not (self.zone and _continues(rows, self.table)):
            self._leave(rows[0])
            return
        trimmed = _is_trimmed(rows)
        for number, row in enumerate(rows):
            if not (heading and number == 0) and number and self._enter_sections(row):
                continue
            marked = self._mark_row(row)
            marked.trimmed = trimmed
            yield marked

    def _is_table_line(self, row: Row) -> bool:
        """Whether a line is table throughout: labels, parts of labels, and numbers."""
        labels = parts = values = others = 0
        sentence = False
        for piece in row.pieces:
            if not piece.text or is_value(piece.text):
                values += bool(piece.text)
            elif len(piece.text) > LONGEST_LABEL:
                others += 4
                sentence = True
            elif read_label(piece.text).whole:
                labels += 1
            elif is_measure(piece.text) or self._explains(piece.text):
                parts += 1
            elif self.table is not None and guess_label(piece.text, self.table).how == "near":
                labels += 1
            else:
                others += 1
                sentence = sentence or is_sentence(piece.text) or len(piece.text) > LONGEST_NAME
        if not others:
            return labels > 0 or self.zone or (parts > 0 and self.table is not None and len(row.pieces) > 1)
        if sentence or not self.zone:
            return labels >= 3 and labels + values >= 4 * others
        if others == 1 and len(row.pieces) == 1:
            return True
        return (
            values > 0 or labels + parts >= 2 * others or labels >= others
        ) and others <= labels + parts + 2

    def _explains(self, text: str) -> bool:
        if self._in_note():
            return True
        flat = read_label(text).folded.flat
        return not flat or is_fragment(flat, self.table)

    def _in_note(self) -> bool:
        return (
            self.last is not None
            and len(self.last.printed) < LONGEST_LABEL
            and open_bracket(self.last.printed)
        )

    def _mark_row(self, row: Row) -> MarkedRow:
        marked = MarkedRow(row, [], self.count, self.section, self.fresh, asked=self.asked)
        self.count += 1
        self.fresh = False
        self.cells = row.layout != "loose"
        self.numbered = self.cells and any(map(_holds_number, row.pieces))
        for piece in row.pieces:
            if not piece.text or piece.text.isdecimal():
                marked.marks.append(Mark("slot", [piece], marked.number))
                continue
            mark = self._mark_piece(piece, row, marked.number)
            if mark is None and row.layout != "loose" and _holds_place(piece, marked.marks):
                mark = Mark("slot", [piece], marked.number)
            if mark is not None:
                marked.marks.append(mark)
                self.last = mark if mark.kind == "label" else self.last
        self.zone = True
        if self.open and [mark for mark in marked.marks if mark.kind == "slot" and mark.pieces[0].text]:
            for label in self.open:
                label.interrupted = True
        return marked

    def _mark_piece(self, piece: Piece, row: Row, number: int) -> Mark | None:
        """The mark of a piece, or None where it only completes an earlier label or says nothing."""
        if is_value(piece.text):
            return Mark("slot", [piece], number)
        if len(piece.text) > LONGEST_LABEL:
            return Mark("text", [piece], number)
        reading = read_label(piece.text)
        if row.layout == "loose" and self.last is not None and self._in_note() and not reading.whole:
            self.last.pieces.append(piece)
            self._complete_note(self.last)
            return None
        if not reading.folded.flat:
            return self._begin_label(piece, reading, row, number)
        if self._join(piece, reading, number):
            return None
        if not reading.whole and reading.how == "none":
            reading = self._guess(piece, reading)
        return self._label(piece, reading, number)

    def _begin_label(self, piece: Piece, reading: Reading, row: Row, number: int) -> Mark | None:
        """A label's number with the numbers of its row behind it: the words stand in the lines below."""
        folded = reading.folded
        after = row.pieces[row.pieces.index(piece) + 1 :]
        if row.layout != "loose" or folded.number is None or not after or not is_value(after[0].text):
            return None
        if self.last is not None and self.last.whole and self.last.row == number:
            return None  # its words stand before it
        mark = Mark("label", [piece], number, number=folded.number, bracketed=folded.bracketed)
        self.open = [*self.open[-OPEN:], mark]
        return mark

    def _label(self, piece: Piece, reading: Reading, number: int) -> Mark | None:
        reading = in_table(reading, self.table)
        folded, terms = reading.folded, reading.terms
        if not terms:
            if is_span_fragment(folded.flat, self.table):
                return None
            return Mark("text", [piece], number, flat=folded.flat)
        mark = Mark(
            "label",
            [piece],
            number,
            terms,
            reading.whole,
            reading.misprinted,
            folded.flat,
            folded.number,
            folded.bracketed,
        )
        tables = {term.table for term in terms}
        if reading.whole and len(tables) == 1 and (self.table is None or len(folded.core) > 2):
            self.table = terms[0].table
        if not reading.whole or folded.flat in load_vocabulary().parts:
            self.open = [*self.open[-OPEN:], mark]
        return mark

    def _guess(self, piece: Piece, reading: Reading) -> Reading:
        """By edit distance, but not for what is visibly a piece of another label."""
        if is_span_fragment(reading.folded.flat, self.table) or is_sentence(piece.text):
            return reading
        if self.open and not self.open[-1].whole and is_fragment(reading.folded.flat, self.table):
            return reading
        return guess_label(piece.text, self.table)

    def _join(self, piece: Piece, reading: Reading, number: int) -> bool:
        """Whether the piece completes or prolongs an unfinished label; the oldest comes first."""
        if not self.open:
            return False
        words = load_vocabulary()
        flat, whole = fold_words(piece.text), reading.whole
        for label in self.open:
            if label is not self.last and (whole or label.whole or label.row == number):
                continue
            if label.interrupted and self.numbered:
                continue  # both have their numbers: they are two rows
            joined = label.flat + flat  # both are folded
            if joined.startswith("其中"):
                joined = fold_words(joined)
            terms = self._fitting(words.exact.get(joined, ()), label)
            if terms:
                self._finish(label, piece, terms, joined, number)
                self.open = [one for one in self.open if one is not label]
                return True
            parts = () if whole else words.parts.get(joined, ())
            if label.whole:  # 部分公开 says enough, and its note may stand in the lines below
                parts = tuple([term for term in parts if term in label.terms and not label.interrupted])
            terms = self._fitting(parts, label)
            if terms:
                label.pieces.append(piece)
                label.flat, label.terms = joined, terms
                return True
        return self._join_misprinted(piece, reading, number)

    def _fitting(self, terms: Iterable[Term], label: Mark) -> tuple[Term, ...]:
        """The terms of the table in hand; those so numbered where only the label's number is known."""
        own = [term for term in terms if term.table == self.table]
        return tuple([term for term in own if label.flat or term.number == label.number])

    def _join_misprinted(self, piece: Piece, reading: Reading, number: int) -> bool:
        if reading.how != "none" or not self.open or self.open[-1].whole or reading.folded.number is not None:
            return False
        if not self.open[-1].flat or is_measure(piece.text) or any(map(str.isdecimal, reading.folded.flat)):
            return False  # no label goes on with a unit, or a number that ran into its rest
        label = self.open[-1]
        if label.interrupted and self.numbered:
            return False
        if self.cells and piece.column != label.pieces[-1].column:
            return False  # a label that goes on in the next row of cells does so below
        guess = guess_label(label.printed + piece.text, self.table)
        if guess.how != "near":
            return False
        self._finish(label, piece, guess.terms, guess.folded.flat, number)
        label.misprinted = True
        self.open = [one for one in self.open if one is not label]
        return True

    def _finish(self, label: Mark, piece: Piece, terms: tuple[Term, ...], flat: str, number: int) -> None:
        label.pieces.append(piece)
        label.terms, label.flat, label.whole = terms, flat, True
        label.misprinted = label.misprinted or all(
            misprints_note(flat, term.core, term.note) for term in terms
        )

    def _complete_note(self, label: Mark) -> None:
        reading = in_table(read_label(label.printed[:LONGEST_LABEL]), self.table)
        if reading.terms and reading.whole:
            label.terms, label.whole, label.misprinted = reading.terms, True, reading.misprinted
            label.flat = reading.folded.flat
            self.open = [one for one in self.open if one is not label]


def _holds_number(piece: Piece) -> bool:
    return bool(piece.text) and is_value(piece.text)


def _is_of_form(rows: list[Row]) -> bool:
    """Whether a grid holds two labels of the form."""
    known = 0
    for row in rows:
        for piece in row.pieces:
            text = piece.text
            if text and not text.isdecimal() and len(text) < LONGEST_LABEL and read_label(text).whole:
                known += 1
                if known > 1:
                    return True
    return False


def _is_trimmed(rows: list[Row]) -> bool:
    """Whether blank cells stand inside rows and none at the end of a row."""
    if not all(row.pieces[-1].text for row in rows):
        return False
    return any(not piece.text for row in rows for piece in row.pieces[:-1])


def _continues(rows: list[Row], table: str | None) -> bool:
    """Whether a grid is a part of a torn table: numbers alone, or one row of `table` with its numbers."""
    words = [piece.text for row in rows for piece in row.pieces if piece.text and not is_value(piece.text)]
    if len(words) != 1:
        return not words
    numbers = any(is_value(piece.text) for row in rows for piece in row.pieces if piece.text)
    return numbers and any(term.role == "row" for term in _terms(words[0], table))


def _terms(text: str, table: str | None) -> tuple[Term, ...]:
    """What a piece of a grid means in `table`, whole or misprinted."""
    if table is None or len(text) > LONGEST_LABEL:
        return ()
    reading = read_label(text)
    reading = reading if reading.whole else guess_label(text, table)
    return in_table(reading, table).terms if reading.whole or reading.how == "near" else ()


def _holds_place(piece: Piece, marks: Sequence[Mark]) -> bool:
    """Whether a cell of signs without words stands among numbers: it has a number's place."""
    return not read_label(piece.text).folded.flat and any(mark.kind == "slot" for mark in marks)
