"""Grids that print a table turned, its rows as columns, set upright again before they are read.

Told by labels alone: heads of the form's rows stand in lines without numbers, and below them each line of
numbers has the head of a column before it. Where it is in doubt which row a column of numbers belongs to, the
grid stays as it is, and nothing is read from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from msgspec.structs import replace

from extract.forms import FormTable, load_forms
from extract.tables.composed import across_tables
from extract.tables.marks import LONGEST_LABEL
from extract.tables.rows import Piece, Row
from extract.tables.values import is_value
from extract.tables.vocabulary import read_label

_ACROSS = frozenset(("column", "stem"))
_DOWN = frozenset(("row", "group", "span"))


class _Line(NamedTuple):
    """A row of a grid: whether it holds numbers, and what its labels can be."""

    row: Row
    numbers: bool
    columns: bool  # a label of a column that is nothing else
    rows: bool  # a label of a row that is nothing else
    either: bool  # a label that may be of a column

    @property
    def is_head(self) -> bool:
        """Whether it can only stand above numbers."""
        return not self.numbers and (self.rows or not self.either)


def turn_grids(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows in order, those of turned parts of grids upright."""
    for grid, members in groupby(rows, key=lambda row: row.grid):
        if grid < 0:
            yield from members
            continue
        lines = [_read_line(row) for row in members]
        for block in _split_blocks(lines):
            upright = (_turn(block) or _turn_listed(block)) if _is_turned(block) else None
            yield from upright or [line.row for line in block]


def _read_line(row: Row) -> _Line:
    numbers = columns = rows = either = False
    for piece in row.pieces:
        text = piece.text
        if text and is_value(text):
            numbers = True
        elif text and (roles := _roles(text)):
            columns = columns or roles <= _ACROSS
            rows = rows or roles <= _DOWN
            either = either or "column" in roles
    return _Line(row, numbers, columns, rows, either)


@lru_cache(maxsize=4096)
def _roles(text: str) -> frozenset[str]:
    """What a label may be in the tables whose rows stand one below the other."""
    if len(text) > LONGEST_LABEL:
        return frozenset()
    reading = read_label(text)
    if not reading.whole:
        return frozenset()
    return frozenset(term.role for term in reading.terms if term.table not in across_tables())


def _split_blocks(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """The lines parted where heads follow other lines: they begin a block."""
    block: list[_Line] = []
    for line in lines:
        if block and not block[-1].is_head and line.is_head:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _is_turned(block: Sequence[_Line]) -> bool:
    """Whether rows are named in the heads and columns beside the numbers, and never the other way."""
    heads = [line for line in block if line.is_head]
    lines = [line for line in block if not line.is_head]
    if not any(line.rows for line in heads) or any(line.columns for line in heads):
        return False
    named = any(line.columns and line.numbers for line in lines)
    return named and not any(line.rows for line in lines)


def _turn(block: Sequence[_Line]) -> list[Row] | None:
    """The block with rows and columns changed over; None where it does not show what belongs together."""
    rows = [line.row for line in block]
    exact = rows[0].layout == "exact"
    if not exact and len({len(line.row.pieces) for line in block if not line.is_head}) > 1:
        return None  # one of them lost a cell, nobody knows where
    columns = sorted({piece.column for row in rows for piece in row.pieces})
    cells = [{piece.column: piece for piece in row.pieces} for row in rows]
    upright = []
    for column in columns:
        pieces = []
        for number, found in enumerate(cells):
            piece = found.get(column)
            if piece is None and not exact:
                piece = Piece("", rows[number].end, rows[number].end, column)
            if piece is not None:
                pieces.append(replace(piece, column=number, span=piece.row_span, row_span=piece.span))
        upright.append(pieces)
    if any(_is_doubtful(pieces) for pieces in upright) or not _are_single(upright):
        return None
    first, last = rows[0], rows[-1]
    return [first._replace(pieces=tuple(pieces), end=last.end) for pieces in upright if pieces]


def _turn_listed(block: Sequence[_Line]) -> list[Row] | None:
    """The block upright where its heads lost their places but name every row of the form, in its order.

    So a page's text gives them: each line holds its labels one behind another, whatever they stood over.
    """
    heads = [line.row.pieces for line in block if line.is_head]
    lines = [line.row for line in block if not line.is_head]
    if lines[0].layout == "exact":
        return None
    for form in load_forms():
        for table in form.tables:
            if len(table.bands) == 1 and not table.rows_across:
                leaves = _order_heads(heads, form.edition, table)
                if leaves and (parted := [_part_line(line, len(leaves)) for line in lines]) and all(parted):
                    return _set_upright(
                        leaves, [found for found in parted if found], block[0].row, lines[-1].end
                    )
    return None


def _order_heads(
    heads: Sequence[Sequence[Piece]], edition: str, table: FormTable
) -> list[list[Piece]] | None:
    """The heads of the table's rows in the form's order, each behind its group's; None if any is missing."""
    rows = [row.id for row in table.bands[0].rows]
    found: dict[str, list[Piece]] = {}
    groups: dict[str, Piece] = {}
    for pieces in heads:
        last = -1
        for piece in pieces:
            for term in read_label(piece.text).terms if len(piece.text) <= LONGEST_LABEL else ():
                if term.table != table.id or edition not in term.editions:
                    continue
                if term.role == "group":
                    groups.setdefault(term.id, piece)
                elif term.role == "row" and term.id in rows:
                    if rows.index(term.id) <= last or term.id in found:
                        return None
                    last = rows.index(term.id)
                    found[term.id] = [piece]
    if len(found) < len(rows) or len({id(piece) for (piece,) in found.values()}) < len(rows):
        return None
    for row in table.bands[0].rows:
        group = groups.pop(row.group, None) if row.group else None
        found[row.id].insert(0, group or Piece("", found[row.id][0].start, found[row.id][0].start, 0))
    return [found[row] for row in rows]


def _part_line(row: Row, count: int) -> tuple[Piece, tuple[Piece, ...]] | None:
    """The last label of a line of numbers and its numbers; None if it has more or fewer than `count`."""
    pieces = row.pieces
    label = pieces[len(pieces) - count - 1] if len(pieces) > count else None
    numbers = pieces[len(pieces) - count :]
    if label is None or "column" not in _roles(label.text):
        return None
    return (label, numbers) if all(not piece.text or is_value(piece.text) for piece in numbers) else None


def _set_upright(
    leaves: Sequence[Sequence[Piece]],
    lines: Sequence[tuple[Piece, tuple[Piece, ...]]],
    first: Row,
    end: int,
) -> list[Row]:
    """A row of the columns' labels, and one for each head with the numbers that stood below it."""
    corner = [Piece("", first.start, first.start, column) for column in range(2)]
    upright = [[*corner, *(label for label, _ in lines)]]
    upright += [[*leaf, *(numbers[at] for _, numbers in lines)] for at, leaf in enumerate(leaves)]
    return [
        first._replace(
            pieces=tuple(
                replace(piece, column=column, span=1, row_span=1) for column, piece in enumerate(row)
            ),
            end=end,
        )
        for row in upright
    ]


def _is_doubtful(pieces: Sequence[Piece]) -> bool:
    """Whether numbers have no label before them, or the labels of two rows."""
    labels = [piece.text for piece in pieces if piece.text and not is_value(piece.text)]
    if not any(piece.text and is_value(piece.text) for piece in pieces):
        return False
    roles = [_roles(label) for label in labels]
    return not labels or sum("row" in one and "group" not in one for one in roles) > 1


def _are_single(upright: Sequence[Sequence[Piece]]) -> bool:
    """Whether no number stands in cells over several rows: whose it is would be open."""
    return not any(
        piece.row_span > 1 and piece.text and is_value(piece.text) for pieces in upright for piece in pieces
    )
