"""Header → columns: the columns that a header prints, each by its id, in the order of their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extract.tables.entries import Header, HeaderCell
from extract.tables.marks import MarkedRow
from extract.tables.vocabulary import Term


class Column(NamedTuple):
    """A column in its place: its id (None for one that the form lacks), and where it is printed.

    `width` is the number of cells side by side that repeat its label, as merged cells are written out.
    """

    id: str | None
    cell: HeaderCell | None
    width: int = 1


def order_columns(header: Header, wanted: Sequence[str]) -> list[Column]:
    """The columns that a header names, in the order they stand in; `wanted` are the ids of the form in order.

    By their place in the grid where that is told. Else by reading order, which is not column order where a
    label stands over several columns (自然人 法人或其他组织 总计, then 商业企业 …): those under it take its
    place, and columns in other lines than that label are put in by the order of the form.
    """
    cells = _name_total(_drop_stems(header.cells))
    columns = _complete(cells, wanted)
    stem = next((cell for cell in cells if cell.role == "stem"), None)
    under = _take_unknown([column for column in columns if _is_under(column, stem)], columns, stem)
    if _is_placed(columns, under, stem, header):
        return sorted(columns, key=_place)
    if stem is None or not under:
        return columns
    beside = [cell for cell in cells if cell is stem or cell.mark.row == stem.mark.row]
    at = beside.index(stem)
    order = [column for column in columns if column not in under and column.cell in beside[:at]] + under
    order += [column for column in columns if column not in under and column.cell in beside[at:]]
    for column in columns:
        if column not in order:
            order.insert(_rank_among(order, column, wanted), column)
    return order


def _drop_stems(cells: list[HeaderCell]) -> list[HeaderCell]:
    """The header's cells without those nobody knows that stand over a column: labels of several columns."""
    if all(cell.terms for cell in cells):
        return cells
    below = {(cell.layout, cell.mark.pieces[0].column): cell.mark.row for cell in cells if cell.terms}
    return [
        cell
        for cell in cells
        if cell.terms or below.get((cell.layout, cell.mark.pieces[0].column), -1) <= cell.mark.row
    ]


def fill_gaps(columns: list[Column], wanted: Sequence[str]) -> list[Column]:
    """The columns, with one that nobody knows in each place of the grid that the header leaves out.

    Only where these are as many as the columns of the form that lack a label.
    """
    lacking = len(wanted) - len(columns)
    places = [column.cell.mark.pieces[0].column for column in columns if column.cell is not None]
    if lacking < 1 or len(places) < max(2, len(columns)) or places != sorted(set(places)):
        return columns
    if places[-1] - places[0] + 1 != len(wanted) or any(_is_loose_cell(column) for column in columns):
        return columns
    by_place = dict(zip(places, columns))
    return [by_place.get(place, Column(None, None)) for place in range(places[0], places[-1] + 1)]


def _is_loose_cell(column: Column) -> bool:
    return column.cell is None or column.cell.layout == "loose"


def is_scattered(columns: Sequence[Column], wanted: Sequence[str]) -> bool:
    """Whether columns that nobody knows stand in a header of several lines whose order may not be theirs."""
    cells = [column.cell for column in columns if column.cell is not None]
    if all(cell.terms for cell in cells) or len({cell.mark.row for cell in cells}) < 2:
        return False
    places = [cell.mark.pieces[0].column for cell in cells]
    if places == sorted(set(places)) and all(cell.layout != "loose" for cell in cells):
        return False
    in_order = iter(wanted)
    return not all(column.id in in_order for column in columns if column.id is not None)


def is_torn(cells: Sequence[HeaderCell], rows: Sequence[MarkedRow]) -> bool:
    """Whether a header of text lines has columns in several lines, or a label that goes on in another line.

    Then the order of reading may not be that of the columns, unless it is the form's.
    """
    ends = {marked.number: marked.row.end for marked in rows if marked.row.layout == "loose"}
    lines = {cell.mark.row for cell in cells}
    if not lines <= ends.keys():
        return False
    return len(lines) > 1 or any(cell.mark.pieces[-1].start > ends[cell.mark.row] for cell in cells)


def _name_total(cells: list[HeaderCell]) -> list[HeaderCell]:
    """The header's cells; a label of a subtotal or the total (合计) is the total where there is no other."""
    open_ones = [cell for cell in cells if {"subtotal", "column"} == {term.role for term in cell.terms}]
    meant = dict.fromkeys(term for cell in open_ones for term in cell.terms if term.role == "column")
    named = any(cell.role == "column" and not _same(cell).isdisjoint(meant) for cell in cells)
    places = {(cell.layout, cell.mark.pieces[0].column) for cell in open_ones}
    single = len(open_ones) == 1 or (len(places) == 1 and open_ones[0].layout != "loose")
    if named or not single:
        return cells
    total = tuple(meant)
    return [HeaderCell(cell.mark, total, cell.layout) if cell in open_ones else cell for cell in cells]


def _same(cell: HeaderCell) -> frozenset[Term]:
    return frozenset(term for term in cell.terms if term.role == "column")


def _complete(cells: list[HeaderCell], wanted: Sequence[str]) -> list[Column]:
    """Every header cell as a column; those cut short (本年新) take the ids left, in the form's order."""
    sure = {cell.terms[0].id for cell in cells if cell.role == "column" and len(_ids(cell, wanted)) == 1}
    columns: list[Column] = []
    for cell in cells:
        if cell.role == "stem":
            continue
        ids = _ids(cell, wanted) if cell.role == "column" else []
        if len(ids) > 1:
            alike = [one for one in cells if _ids(one, wanted) == ids]
            ids = [one for one in ids if one not in sure]
            ids = ids[:1] if len(alike) == len(ids) or len(ids) == 1 else []
            sure.update(ids)
        columns.append(Column(ids[0] if ids else None, cell))
    return _drop_repeats(columns)


def _ids(cell: HeaderCell, wanted: Sequence[str]) -> list[str]:
    """The column ids that a header cell may name; those of the form at hand, where it names any of them."""
    ids = list(dict.fromkeys(term.id for term in cell.terms if term.role == "column"))
    fitting = [one for one in wanted if one in ids]
    return fitting or ids


def _drop_repeats(columns: list[Column]) -> list[Column]:
    """Each column once, where it stands lowest: merged cells and whole headers may be repeated."""
    last: dict[object, Column] = {}
    for column in columns:
        key = column.id or (_place(column), column.cell and column.cell.mark.printed)
        known = last.get(key)
        if known is not None and _is_beside(known, column):
            last[key] = known._replace(width=known.width + 1)
        else:
            last.pop(key, None)
            last[key] = column
    return list(last.values())


def _is_beside(known: Column, column: Column) -> bool:
    """Whether a cell goes on with the one to its left, which says the same."""
    if known.id is None or known.cell is None or column.cell is None:
        return False
    left, right = known.cell.mark, column.cell.mark
    if left.row != right.row or left.printed != right.printed or len(left.pieces) > 1:
        return False
    return right.pieces[0].column == left.pieces[0].column + known.width


def _is_placed(columns: list[Column], under: list[Column], stem: HeaderCell | None, header: Header) -> bool:
    """Whether the grid tells where columns stand: no two in one place, none among those under the stem."""
    wide = {
        marked.number for marked in header.rows if marked.row.layout != "loose" and len(marked.row.pieces) > 1
    }
    if not columns or any(column.cell is None or column.cell.mark.row not in wide for column in columns):
        return False
    if len({_place(column) for column in columns}) < len(columns):
        return False
    if stem is None or not under:
        return True
    places = [_place(column) for column in under]
    beside = [
        column
        for column in columns
        if column not in under and column.cell and column.cell.mark.row == stem.mark.row
    ]
    left = [_place(column) for column in beside if _place(column) < stem.mark.pieces[0].column]
    right = [_place(column) for column in beside if _place(column) > stem.mark.pieces[0].column]
    return min(places) > max(left, default=-1) and max(places) < min(right, default=10**6)


def _rank_among(order: list[Column], column: Column, wanted: Sequence[str]) -> int:
    """Where in `order` a column belongs by the form: before the first that comes later there."""
    if column.id not in wanted:
        return len(order)
    rank = wanted.index(column.id)
    later = (number for number, one in enumerate(order) if one.id in wanted and wanted.index(one.id) > rank)
    return next(later, len(order))


def _is_under(column: Column, stem: HeaderCell | None) -> bool:
    if stem is None or column.cell is None:
        return False
    return column.cell.role == "subtotal" or any(term.group == stem.terms[0].id for term in column.cell.terms)


def _take_unknown(under: list[Column], columns: list[Column], stem: HeaderCell | None) -> list[Column]:
    """The columns under a stem and those among them that nobody knows, in reading order."""
    rows = {column.cell.mark.row for column in under if column.cell is not None} - {stem and stem.mark.row}
    return [
        column
        for column in columns
        if column in under
        or (column.cell is not None and not column.cell.terms and column.cell.mark.row in rows)
    ]


def _place(column: Column) -> int:
    return column.cell.mark.pieces[0].column if column.cell is not None else -1
