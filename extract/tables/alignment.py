"""Entries → columns: which place in a row belongs to which column of its header.

Where geometry is exact, by the columns that cells share with the header. Else by the order of the header's
labels: a row that has as many numbers as the header has columns lies under it; a row with blank cells is
placed by what its neighbours of the same shape do, and by its header; where that leaves a choice, nothing is
read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from extract.tables.columns import Column
from extract.tables.entries import Entry, Header, Slot
from extract.tables.questions import add_up, ask, end_in_middle, say_the_same


class Aligned(NamedTuple):
    """The slots of a row by column id; `doubt` says why they are unsure, `lost` that they were not read."""

    slots: dict[str, Slot]
    doubt: str | None = None
    lost: bool = False


class Shape(NamedTuple):
    """What rows that are shifted alike have in common: the column of the label and the number of cells."""

    label: int
    width: int


class Siblings:
    """How the rows whose place is certain lie: shifts by shape, and by the label's column alone.

    Made from the entries of a table, each with its number of columns, once a row is in need of it.
    """

    def __init__(self, entries: Sequence[tuple[Entry, int]]) -> None:
        self._entries = entries

    @cached_property
    def by_shape(self) -> dict[Shape, Counter[int]]:
        """How often rows of each shape are shifted by how much."""
        votes: dict[Shape, Counter[int]] = {}
        for entry, size in self._entries:
            cells = _single_row(entry)
            shifts = _possible_shifts(cells, size) if cells and entry.filled else []
            if cells and len(shifts) == 1:
                votes.setdefault(_shape(cells), Counter())[shifts[0]] += 1
        return votes

    def has_others(self, cells: list[Slot], size: int) -> bool:
        """Whether rows of the same shape, but for this one, are certain."""
        counts = self.by_shape.get(_shape(cells))
        own = len(_possible_shifts(cells, size)) == 1
        return counts is not None and counts.total() > own

    @cached_property
    def by_label(self) -> dict[int, Counter[int]]:
        """The same by the column of the label, whatever the number of cells."""
        votes: dict[int, Counter[int]] = {}
        for shape, counts in self.by_shape.items():
            votes.setdefault(shape.label, Counter()).update(counts)
        return votes


def align(entry: Entry, columns: list[Column], siblings: Siblings) -> Aligned:
    """The places of an entry by column id."""
    if [column for column in columns if column.width > 1]:
        merged = _merge_repeats(entry, columns)
        if merged is not None:
            return merged
    filled = entry.filled
    if len(filled) == len(columns) == len(entry.slots) and entry.row.row.layout != "exact":
        return _by_order(filled, columns)
    if not filled:
        return _by_order(entry.slots, columns) if len(entry.slots) == len(columns) else Aligned({})
    if all(slot.row.row.layout == "exact" for slot in entry.slots):
        placed = _by_overlap(entry, columns)
        if placed is not None:
            return placed
    if len(entry.slots) == len(columns) and not _is_broken(entry):
        single = _single_row(entry)
        if single is None or len(filled) == len(columns):
            return _by_order(entry.slots, columns)
    if len(filled) == len(columns):
        return _by_order(filled, columns)
    if _single_row(entry) is not None:
        return _by_shift(entry, columns, siblings)
    known = [column for column in columns if column.id is not None]
    if len(filled) == len(known) == len({column.id for column in known}):
        return Aligned(_by_order(filled, known).slots, "a column of the header has no number in this row")
    return Aligned({}, "the row does not have as many numbers as the header has columns", lost=True)


def _merge_repeats(entry: Entry, columns: list[Column]) -> Aligned | None:
    """The slots of a row that repeats the number of a merged cell in each of the columns it covers.

    None where the row does not have as many cells, or the cells under one label differ.
    """
    size = sum(column.width for column in columns)
    spare = entry.slots[size:]
    one_row = len({slot.row.number for slot in entry.slots}) == 1 or _single_row(entry) is not None
    if len(entry.slots) < size or not all(slot.blank for slot in spare) or not one_row:
        return None
    at = 0
    slots: list[Slot] = []
    for column in columns:
        under = entry.slots[at : at + column.width]
        at += column.width
        if not ask(say_the_same, (), [slot.piece for slot in under], entry.row.asked):
            return None
        slots.append(next((slot for slot in under if not slot.blank), under[0]))
    return _by_order(slots, columns)


def _by_order(slots: Sequence[Slot], columns: Sequence[Column]) -> Aligned:
    return Aligned({column.id: slot for column, slot in zip(columns, slots) if column.id is not None})


def _by_overlap(entry: Entry, columns: list[Column]) -> Aligned | None:
    """By the grid columns that a cell shares with the header's; None where these do not lie alike."""
    taken: dict[int, Slot] = {}
    for slot in entry.slots:
        reach = range(slot.piece.column, slot.piece.column + slot.piece.span)
        under = [number for number, column in enumerate(columns) if _overlap(reach, column)]
        best = max((_overlap(reach, columns[number]) for number in under), default=0)
        under = [number for number in under if _overlap(reach, columns[number]) == best]
        if len(under) != 1 or under[0] in taken:
            if slot.blank:
                continue
            return None
        taken[under[0]] = slot
    if not _same_grid(entry, columns) or len(taken) < len(columns):
        return None
    return _by_order([taken[number] for number in range(len(columns))], columns)


def _overlap(reach: range, column: Column) -> int:
    if column.cell is None:
        return 0
    piece = column.cell.mark.pieces[0]
    return max(0, min(reach.stop, piece.column + piece.span) - max(reach.start, piece.column))


def _same_grid(entry: Entry, columns: list[Column]) -> bool:
    """Whether columns can be compared: the grid is the header's, or another that is as wide."""
    cells = [slot.piece for slot in entry.slots]
    heads = [column.cell.mark.pieces[0] for column in columns if column.cell is not None]
    return max(cell.column + cell.span for cell in cells) >= max(head.column + head.span for head in heads)


def _single_row(entry: Entry) -> list[Slot] | None:
    """The cells of an entry whose numbers stand in one row of cells, its own or the next; None for others."""
    rows = [list(slots) for _, slots in groupby(entry.slots, key=lambda slot: slot.row.number)]
    if len(rows) > 1 and all(slot.blank for slot in rows[0]):
        rows = rows[1:]
    if len(rows) != 1 or rows[0][0].row.row.layout == "loose" or len(rows[0][0].row.row.pieces) < 2:
        return None
    return rows[0]


def _is_broken(entry: Entry) -> bool:
    """Whether the cells of a row stand in several rows of cells: blank ones among them are no columns."""
    rows = {slot.row.number for slot in entry.slots if len(slot.row.row.pieces) > 1}
    return (
        len(rows) > 1 and len({slot.row.number for slot in entry.filled}) > 1 and _single_row(entry) is None
    )


def _possible_shifts(cells: list[Slot], size: int) -> list[int]:
    """Every number of cells that may stand before the first column so that each number has a column."""
    filled = [number for number, slot in enumerate(cells) if not slot.blank]
    first, last = filled[0], filled[-1]
    if len(cells) >= size:
        lowest, highest = 0, len(cells) - size
    else:
        lowest, highest = len(cells) - size, first
    return list(range(max(lowest, last - size + 1), min(highest, first) + 1))


def _shape(cells: list[Slot]) -> Shape:
    pieces = cells[0].row.row.pieces
    return Shape(cells[0].piece.column - 1, len(pieces))


def _by_shift(entry: Entry, columns: list[Column], siblings: Siblings) -> Aligned:
    cells = _single_row(entry) or []
    shifts = _possible_shifts(cells, len(columns))
    if not shifts:
        return Aligned({}, "the numbers lie outside the header's columns", lost=True)
    odd = _is_odd(entry, cells, siblings, columns)
    usual = _majority(siblings.by_label.get(_shape(cells).label))
    if odd and usual is not None and len(cells) - usual < len(columns) and not _lost_lead(cells, usual):
        return _by_cut(cells, columns, usual)
    if len(shifts) == 1 and not odd:
        return _shifted(cells, columns, shifts[0])
    chosen = shifts[0] if len(shifts) == 1 else _likely_shift(entry, cells, columns, siblings, shifts)
    adding = [shift for shift in shifts if adds_up(_shifted(cells, columns, shift).slots)]
    if chosen is not None and chosen not in adding and odd and _is_torn(cells, columns, chosen):
        chosen = None
    if chosen is not None and (not adding or chosen in adding or len(adding) > 1):
        doubt = "the row is shaped like no other" if odd and len(cells) != len(columns) else None
        return _shifted(cells, columns, chosen, doubt)
    if len(adding) == 1 and len(cells) >= len(columns):
        doubt = "blank cells leave the place of the row open; its sum settles it"
        return _shifted(cells, columns, adding[0], doubt)
    return Aligned({}, "blank cells leave the place of the row open", lost=True)


def _lost_lead(cells: list[Slot], usual: int) -> bool:
    """Whether a number stands where other rows have a cell before their numbers: that cell was lost."""
    return any(not slot.blank for slot in cells[: max(usual, 0)])


def _by_cut(cells: list[Slot], columns: list[Column], usual: int) -> Aligned:
    """A row with too few cells: read where it ends in the middle, not where a cell inside may be lost.

    A row that lost a cell inside still ends in its total; a number that is less than the sum of those before
    it is none. Where no column is a total only a grid that leaves out blank cells at line ends is sure.
    """
    if not (columns[-1].id or "").endswith("total"):
        sure = cells[0].row.trimmed
    else:
        pieces = [slot.piece for slot in cells[usual:]]
        sure = ask(end_in_middle, (), pieces, cells[0].row.asked)
    if sure:
        return _shifted(cells, columns, usual, "the row is cut short")
    return Aligned({}, "the row lacks a cell", lost=True)


def _is_odd(entry: Entry, cells: list[Slot], siblings: Siblings, columns: list[Column]) -> bool:
    """Whether a row is shaped neither as its header nor as another row whose place is certain."""
    shape = _shape(cells)
    if _under_header(shape, columns, entry.header) is not None:
        return False
    return not siblings.has_others(cells, len(columns))


def _is_torn(cells: list[Slot], columns: list[Column], shift: int) -> bool:
    """Whether a row of odd shape may have lost a cell: it is short, or has a total that says nothing.

    Where line ends are trimmed of blank cells a short row is none, unless its total is gone.
    """
    total = next(
        (number for number, column in enumerate(columns) if (column.id or "").endswith("total")), None
    )
    if total is None:
        return len(cells) < len(columns) and not cells[0].row.trimmed
    place = total + shift
    return not cells[0].row.trimmed or not 0 <= place < len(cells) or cells[place].blank


def _likely_shift(
    entry: Entry, cells: list[Slot], columns: list[Column], siblings: Siblings, shifts: list[int]
) -> int | None:
    """As rows of the same shape lie; else as the header says; else as rows with a label in the column do."""
    shape = _shape(cells)
    ways: list[Callable[[], int | None]] = [
        lambda: _majority(siblings.by_shape.get(shape)),
        lambda: _under_header(shape, columns, entry.header),
        lambda: _majority(siblings.by_label.get(shape.label)),
        lambda: 0 if len(cells) == len(columns) else None,
    ]
    for way in ways:
        shift = way()
        if shift is not None and shift in shifts:
            return shift
    return None


def _under_header(shape: Shape, columns: list[Column], header: Header | None) -> int | None:
    """The shift that puts the row under a header whose row has as many cells."""
    first, last = columns[0].cell, columns[-1].cell
    if first is None or last is None or header is None:
        return None
    widths = {row.number: len(row.row.pieces) for row in header.rows if row.row.layout != "loose"}
    if not widths.get(first.mark.row) == widths.get(last.mark.row) == shape.width:
        return None
    return first.mark.pieces[0].column - shape.label - 1


def _majority(votes: Counter[int] | None) -> int | None:
    if not votes:
        return None
    ((shift, count), *rest) = votes.most_common(2)
    return shift if not rest or rest[0][1] < count else None


def _shifted(cells: list[Slot], columns: list[Column], shift: int, doubt: str | None = None) -> Aligned:
    """The slots by column; of columns before the first cell or after the last there is none."""
    slots: dict[str, Slot] = {}
    for number, column in enumerate(columns):
        if column.id is not None and 0 <= number + shift < len(cells):
            slots[column.id] = cells[number + shift]
    return Aligned(slots, doubt)


def adds_up(slots: dict[str, Slot]) -> bool:
    """Whether the totals of a row, or of the rows side by side in it, are the sums of its numbers."""
    if not slots:
        return True
    pieces = [slot.piece for slot in slots.values()]
    return ask(add_up, list(slots), pieces, next(iter(slots.values())).row.asked)
