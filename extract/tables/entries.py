"""Marked rows → headers and entries: which label names which numbers, told from the order of reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct, field

from extract.fold import fold_label
from extract.tables.marks import Mark, MarkedRow
from extract.tables.rows import Layout, Piece
from extract.tables.single import name_column
from extract.tables.values import is_measure
from extract.tables.vocabulary import Term, read_label

ORDINAL = frozenset(
    ("序号", "编号", "行次", "项次", "栏次", "代码", "指标代码")
)  # over a column that counts the rows
_ORDINAL_COLUMNS = 2  # the numbers that count rows stand first, or behind the name of a part
_LISTED = 4  # labels in a row without a number
LONGEST_COLUMN = 12  # characters of a column that the form lacks


class HeaderCell(Struct, gc=False):
    """A cell of the header: its mark and the column terms it may be; none for a column the form lacks."""

    mark: Mark
    terms: tuple[Term, ...]
    layout: Layout = "loose"

    @property
    def role(self) -> str:
        return self.terms[0].role if self.terms else "unknown"


class Header(Struct, gc=False):
    """The column labels over some rows, in reading order, and the physical rows they stand in."""

    table: str
    cells: list[HeaderCell] = field(default_factory=list)
    rows: list[MarkedRow] = field(default_factory=list)
    used: bool = False  # a row has followed
    ahead: list[Slot] = field(default_factory=list)  # numbers in lines of text before the first row's label


class Slot(Struct, gc=False):
    """A place for a number: blank, filled, or holding text; `row` is its physical row."""

    piece: Piece
    row: MarkedRow

    @property
    def blank(self) -> bool:
        return not self.piece.text


class Entry(Struct, gc=False):
    """A row as printed: its label, the terms this may be (none for rows the form lacks), and its places."""

    table: str
    mark: Mark
    terms: tuple[Term, ...]
    header: Header | None
    row: MarkedRow
    slots: list[Slot] = field(default_factory=list)
    units: list[str] = field(default_factory=list)

    @property
    def filled(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.piece.text]


class Run(Struct, gc=False):
    """In a table whose rows stand side by side: labels, and the numbers that follow them."""

    table: str
    labels: list[HeaderCell] = field(default_factory=list)
    rows: list[MarkedRow] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    closed: bool = False  # running text stands after its numbers


class Found(Struct):
    """What was found: entries in order, runs, and all label marks with the terms they were taken for."""

    entries: list[Entry] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    labels: list[tuple[Mark, tuple[Term, ...], MarkedRow]] = field(default_factory=list)


class Builder(Struct):
    """Goes over the marked rows once; knows whether it is in a header, and the row that numbers belong to."""

    across: frozenset[str]  # tables whose rows stand side by side
    found: Found = field(default_factory=Found)
    header: Header | None = None
    entry: Entry | None = None
    in_header: bool = False
    in_head_row: bool = False  # the physical row at hand holds labels of columns that can be nothing else
    band: str = ""
    group: str | None = None
    order: int = -1
    table: str | None = None
    numbered: tuple[int, int] | None = None  # grid and column of the numbers that only count the rows
    several: MarkedRow | None = None  # the header's line in which a table of one column has several

    def add(self, marked: MarkedRow) -> None:
        """Take in one physical row."""
        if marked.fresh:
            self.entry = None
            self._close_run()
        if len(marked.marks) > 2 and (named := name_column(marked.marks)):
            marked.marks, self.several = named, marked
        labels = [mark for mark in marked.marks if mark.kind == "label"]
        if not labels and not self._takes(marked):
            return
        self.in_head_row = any(map(_names_column, labels))
        self._note_numbered(marked)
        seen = False
        for mark in marked.marks:
            seen = seen or mark.kind != "slot"
            if mark.kind == "label":
                self._add_label(mark, marked)
            elif mark.kind == "text":
                self._add_text(mark, marked)
            elif seen or not labels:
                self._add_slot(Slot(mark.pieces[0], marked))
                self.in_head_row = self.in_head_row and marked.row.layout != "loose"

    def _note_numbered(self, marked: MarkedRow) -> None:
        """Keep in mind the column under 序号, whose numbers are none of the form's."""
        if marked.row.layout != "loose":
            for mark in marked.marks[:_ORDINAL_COLUMNS]:
                if (
                    mark.kind != "slot"
                    and len(mark.text) < 8
                    and read_label(mark.text).folded.flat in ORDINAL
                ):
                    self.numbered = marked.row.grid, mark.pieces[0].column

    def _add_slot(self, slot: Slot) -> None:
        if self.numbered == (slot.row.row.grid, slot.piece.column) and slot.row.row.layout != "loose":
            return
        if self.table in self.across and self.found.runs:
            if not self.found.runs[-1].closed:
                self.found.runs[-1].slots.append(slot)
        elif self.entry is not None:
            self.entry.slots.append(slot)
        elif self.header is not None and not self.header.used and slot.row.row.layout == "loose":
            self.header.ahead.append(slot)

    def _has_numbers(self, marked: MarkedRow) -> bool:
        slots = self.found.runs[-1].slots if self.found.runs else []
        return bool(slots) and slots[-1].row is marked

    def _close_run(self) -> None:
        if self.found.runs and any(not slot.blank for slot in self.found.runs[-1].slots):
            self.found.runs[-1].closed = True

    def _takes(self, marked: MarkedRow) -> bool:
        """Whether a row without label may go on with the entry in hand: not a second row of numbers."""
        filled = len([mark for mark in marked.marks if mark.kind == "slot" and mark.pieces[0].text])
        if self.entry is not None and self._is_complete(self.entry):
            self.entry = None
            return False
        if self.entry is None or filled < 2 or any(mark.kind == "text" for mark in marked.marks):
            return True
        if not self.entry.filled:
            return True
        columns = (
            sum(1 for cell in self.entry.header.cells if cell.role != "stem") if self.entry.header else 0
        )
        if len(self.entry.filled) + filled <= columns:
            return True
        if _is_ragged(self.entry) or self._ends_list(self.entry):
            self.entry.slots.clear()
        self.entry = None
        return False

    def _ends_list(self, entry: Entry) -> bool:
        """Whether a row ends a list of labels without numbers: those of all stand behind it."""
        above = [one for one in self.found.entries[-_LISTED - 1 : -1] if one.terms and not one.slots]
        return len(above) == _LISTED and entry is self.found.entries[-1]

    def _is_complete(self, entry: Entry) -> bool:
        """Whether a row of cells has a cell for each column, and numbers: what is below is not its own."""
        columns = sum(1 for cell in entry.header.cells if cell.role != "stem") if entry.header else 0
        wide = entry.row.row.layout != "loose" and len(entry.row.row.pieces) > 1
        cells = entry.slots if entry.slots and entry.slots[-1].row is entry.row else entry.filled
        return wide and bool(entry.filled) and len(cells) >= columns

    def _add_label(self, mark: Mark, marked: MarkedRow) -> None:
        terms = self._choose(mark)
        if terms and self._says_too_little(mark, terms[0], marked):
            terms = ()
        self.found.labels.append((mark, terms, marked))
        if not terms:
            self._add_text(mark, marked)
            return
        role = terms[0].role
        self._enter(terms[0].table)
        if terms[0].table in self.across:
            self._add_across(mark, terms, marked)
        elif role == "band":
            self.band, self.entry = terms[0].id, None
        elif role == "corner":
            self._head(terms[0].table, marked)
        elif role == "subtotal" and self._follows_rows():
            self.entry = Entry(terms[0].table, mark, (), self.header, marked)
        elif role in ("column", "stem", "subtotal"):
            self._head(terms[0].table, marked).cells.append(HeaderCell(mark, terms, marked.row.layout))
        elif role == "span" and len(mark.pieces) == 1:
            self.entry = None
        elif role in ("row", "group"):
            self._start(mark, terms, marked)

    def _says_too_little(self, mark: Mark, term: Term, marked: MarkedRow) -> bool:
        """Whether a word of two letters (数量) is the head of another table, with no other beside it."""
        if term.role != "column" or self.table in (None, term.table) or len(fold_label(mark.text).core) > 2:
            return False
        others = (
            one for one in marked.marks if one is not mark and one.kind == "label" and len(one.flat) > 2
        )
        return not any(beside.table == term.table for one in others for beside in one.terms)

    def _follows_rows(self) -> bool:
        """Whether a subtotal is a row: rows stand above it, and no column label beside it."""
        return not self.in_header and not self.in_head_row and self.header is not None and self.header.used

    def _add_across(self, mark: Mark, terms: tuple[Term, ...], marked: MarkedRow) -> None:
        runs = self.found.runs
        if not runs or runs[-1].slots or runs[-1].table != terms[0].table:
            runs.append(Run(terms[0].table))
        runs[-1].labels.append(HeaderCell(mark, terms))
        if not runs[-1].rows or runs[-1].rows[-1] is not marked:
            runs[-1].rows.append(marked)

    def _enter(self, table: str) -> None:
        if table != self.table:
            self.table, self.band, self.group, self.order = table, "", None, -1
            self.header, self.entry = None, None

    def _head(self, table: str, marked: MarkedRow) -> Header:
        """The header in hand, a new one where rows have followed it."""
        if self.header is None or self.header.used or self.header.table != table:
            self.header = Header(table)
        self.in_header, self.entry = True, None
        if not self.header.rows or self.header.rows[-1] is not marked:
            self.header.rows.append(marked)
        return self.header

    def _start(self, mark: Mark, terms: tuple[Term, ...], marked: MarkedRow) -> None:
        loose = marked.row.layout == "loose" or mark.number is None
        if not mark.whole and len(mark.flat) < 2 and loose:
            return  # a letter of a label that is set vertically beside the rows
        self.in_header = False
        if self.header is not None:
            self.header.used = True
        groups = [term.id for term in terms if term.role == "group"]
        rows = tuple(term for term in terms if term.role == "row")
        self.group = groups[0] if groups else rows[0].group if rows else self.group
        self.order = rows[0].order if rows else self.order
        if rows:
            self.band = rows[0].band
        elif self._stands_between(marked):
            return
        self.entry = Entry(terms[0].table, mark, rows, self.header, marked)
        self.found.entries.append(self.entry)

    def _stands_between(self, marked: MarkedRow) -> bool:
        """Whether a group's label stands beside a row whose own label begins above and goes on below."""
        above = self.entry
        if above is None or not above.terms or above.filled or marked.row.layout != "loose":
            return False
        return above.mark.interrupted and above.row.number == marked.number - 1

    def _add_text(self, mark: Mark, marked: MarkedRow) -> None:
        if self.table in self.across:
            if marked.row.layout != "loose" and self._has_numbers(marked):
                self._add_slot(Slot(mark.pieces[0], marked))
            return
        if self.in_header:
            if self.header is not None and mark.text and len(mark.text) <= LONGEST_COLUMN:
                known = marked is self.several or any(cell.mark.row == mark.row for cell in self.header.cells)
                if known or _is_under_stem(mark, marked, self.header):
                    self.header.cells.append(HeaderCell(mark, (), marked.row.layout))
            return
        if self.entry is not None and (self.entry.row is marked or is_measure(mark.text)) and mark.text:
            if is_measure(mark.text) and not self._is_under_numbers(mark, marked):
                self.entry.units.append(mark.text)
                return
            if marked.row.layout != "loose":
                self.entry.slots.append(Slot(mark.pieces[0], marked))
                return
        if self.table is not None:
            self.entry = Entry(self.table, mark, (), self.header, marked)

    def _is_under_numbers(self, mark: Mark, marked: MarkedRow) -> bool:
        """Whether a unit stands in a number's place: among three columns and more, which have one unit."""
        if self.header is None or marked.row.layout == "loose":
            return False
        heads = [cell.mark.pieces[0].column for cell in self.header.cells if cell.terms]
        return len(heads) > 2 and mark.pieces[0].column >= min(heads)

    def _choose(self, mark: Mark) -> tuple[Term, ...]:
        """The terms that the mark stands for here: columns in a header, rows under it, by their order."""
        if len(mark.terms) == 1:
            return mark.terms
        terms = tuple([term for term in mark.terms if term.table == self.table]) or mark.terms
        across = tuple([term for term in terms if term.role in ("column", "stem", "subtotal")])
        down = tuple([term for term in terms if term.role in ("row", "group")])
        if across and down:
            if across[0].role == "subtotal" and mark.number != down[0].number:
                return across  # 合计 below a group; （七）合计 is the form's own row
            return across if self._is_column(mark, down) else down
        if down:
            return self._choose_row(mark, down)
        return across or terms

    def _is_column(self, mark: Mark, down: tuple[Term, ...]) -> bool:
        if mark.number is not None:
            return False
        if self.in_header or self.in_head_row or down[0].table != self.table:
            return True
        return (self.order < 0 and self.header is None) or not any(term.order > self.order for term in down)

    def _choose_row(self, mark: Mark, down: tuple[Term, ...]) -> tuple[Term, ...]:
        """Rows of the same words are told apart by their band, then by what came before."""
        flats = {term.flat for term in down if term.role == "row"}
        rows = [term for term in down if term.role == "row"]
        if len({term.id for term in rows}) < 2:
            return down
        if not mark.whole and len(flats) > 1:
            fitting = [term for term in rows if term.number == mark.number and term.order > self.order]
            fitting = fitting or [term for term in rows if term.flat == mark.flat and term.order > self.order]
            return (fitting[0],) if len(fitting) == 1 else ()
        later = [term for term in rows if term.order > self.order] or rows
        return (min(later, key=lambda term: term.order),)


def _is_ragged(entry: Entry) -> bool:
    """Whether the numbers of a row stand some alone in a line and some together: broken cells leave such."""
    lines = Counter(slot.row.number for slot in entry.filled).values()
    return entry.row.row.layout == "loose" and len(lines) > 2 and min(lines) == 1 < max(lines)


def _is_under_stem(mark: Mark, marked: MarkedRow, header: Header) -> bool:
    """Whether a cell stands below a label over several columns or to the right of it, where columns begin."""
    if marked.row.layout == "loose" or len(marked.row.pieces) < 3:
        return False
    stem = next((cell for cell in header.cells if cell.role == "stem" and cell.layout != "loose"), None)
    return stem is not None and mark.pieces[0].column >= stem.mark.pieces[0].column


def _names_column(mark: Mark) -> bool:
    return mark.whole and not [term for term in mark.terms if term.role != "column"]


def build_entries(rows: Iterable[MarkedRow], across: frozenset[str]) -> Found:
    """Entries and runs of all marked rows; `across` names the tables whose rows stand side by side."""
    builder = Builder(across)
    for marked in rows:
        builder.add(marked)
    return builder.found
