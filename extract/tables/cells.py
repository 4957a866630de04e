"""Rows of places → planned cells of the form: which piece each is, duplicates settled, doubts named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field

from extract.forms import ColumnKind, FormBand, FormRow, FormTable
from extract.patterns import late
from extract.report import ReadBy
from extract.tables.across import read_runs
from extract.tables.alignment import Aligned, Siblings, adds_up, align
from extract.tables.columns import Column, fill_gaps, is_scattered, is_torn, order_columns
from extract.tables.entries import Entry, Found, Header, Slot
from extract.tables.marks import Mark
from extract.tables.questions import are_above_nought, ask
from extract.tables.rows import Piece

_UNIT = late("亿元|万元|(?<![\ufffd?□])元")  # ?元 may be either
_FULL = 0.6  # share of the numbers of the fullest printing that one has which was not left blank or torn
# One cell of the form before its number is read: table, row, column, kind, the row's label as printed, the
# unit of the header or the row, doubt, how it was read, its piece, None where nothing could be placed, and
# the numbers of its row of which nobody knows which is whose.
Planned = tuple[
    str, str, str, ColumnKind, str | None, str | None, str | None, ReadBy, Piece | None, tuple[Piece, ...]
]
Ordered = dict[tuple[int, str], tuple[list[Column], str | None]]  # header and band → columns, doubt


class Place(Struct, frozen=True, gc=False):
    """What stands at one cell of the form: the slot (None where there is none), the row's label and unit."""

    slot: Slot | None
    label: str | None
    unit: str | None
    doubt: str | None
    lost: bool
    loose: tuple[Piece, ...] = ()  # the numbers of a row that was not placed


class Printing(Struct, gc=False):
    """One printing of a table: a report may hold it twice. Its rows by id, each with its places by column."""

    rows: dict[str, dict[str, Place]] = field(default_factory=dict)
    misprinted: dict[str, bool] = field(default_factory=dict)
    order: int = -1

    @property
    def filled(self) -> int:
        return sum(
            len([True for place in row.values() if place.slot and place.slot.piece.text])
            for row in self.rows.values()
        )


def plan_cells(found: Found, table: FormTable) -> Iterator[Planned]:
    """Every cell of a table that is there, in paper order."""
    rows = _across_rows(found, table) if table.rows_across else _down_rows(found, table)
    printing = _settle(_printings(rows, table))
    for band in table.bands:
        for row in band.rows:
            places = printing.rows.get(row.id, {})
            for column in band.columns:
                kind = column.kind if row.kind == "count" else row.kind
                yield _plan(table.id, row.id, column.id, kind, places.get(column.id))


def _plan(table: str, row: str, column: str, kind: ColumnKind, place: Place | None) -> Planned:
    if place is None:
        return table, row, column, kind, None, None, None, "text", None, ()
    slot = place.slot
    read_by: ReadBy = slot.row.row.read_by if slot else "text"
    piece = None if place.lost or slot is None else slot.piece
    return table, row, column, kind, place.label, place.unit, place.doubt, read_by, piece, place.loose


def _down_rows(found: Found, table: FormTable) -> Iterator[tuple[str, Mark, dict[str, Place]]]:
    """Row id, label and places of each entry of the table, in text order."""
    bands = {row.id: (band, row) for band in table.bands for row in band.rows}
    entries = [
        (entry, *bands[ident])
        for entry in found.entries
        if entry.table == table.id and (ident := _row_id(entry, bands)) is not None
    ]
    named_by = _order_headers([(entry, band) for entry, band, _ in entries])
    columns = [_columns(entry, band, named_by) for entry, band, _ in entries]
    siblings = Siblings([(entry, len(named)) for (entry, _, _), (named, _) in zip(entries, columns)])
    for (entry, band, row), (named, doubt) in zip(entries, columns):
        aligned = align(entry, named, siblings) if named else Aligned({}, doubt, lost=True)
        yield row.id, entry.mark, _places(entry, band, row, aligned, doubt, named)


def _row_id(entry: Entry, bands: dict[str, tuple[FormBand, FormRow]]) -> str | None:
    ids = [term.id for term in entry.terms if term.id in bands]
    return ids[0] if len(set(ids)) == 1 else None


def _columns(entry: Entry, band: FormBand, known_by: Ordered) -> tuple[list[Column], str | None]:
    """The columns over an entry, and the doubt where the header does not name them all."""
    wanted = [column.id for column in band.columns]
    plain = [Column(ident, None) for ident in wanted]
    if entry.header is None or not entry.header.cells:  # of a table's caption alone
        return (plain, "no header was found") if _is_certain(entry, plain) else ([], "no header was found")
    columns, unsure = known_by[id(entry.header), band.id]
    known = [column.id for column in columns if column.id is not None]
    if len(known) == len(wanted):
        return columns, unsure
    doubt = "the header does not name all columns of this row"
    if entry.row.row.layout != "loose":
        return columns, doubt
    in_order = iter(wanted)
    if all(ident in in_order for ident in known) and _is_certain(entry, plain):
        return plain, doubt
    return ([] if entry.filled else columns), doubt


def _order_headers(entries: list[tuple[Entry, FormBand]]) -> Ordered:
    """The columns of each header for each band under it, and the doubt where their order is in doubt."""
    under: dict[tuple[int, str], list[Entry]] = {}
    ordered: Ordered = {}
    for entry, band in entries:
        if entry.header is None:
            continue
        key = (id(entry.header), band.id)
        under.setdefault(key, []).append(entry)
        if key not in ordered:
            wanted = [column.id for column in band.columns]
            columns = fill_gaps(order_columns(entry.header, wanted), wanted)
            named = [column if column.id in wanted else Column(None, column.cell) for column in columns]
            ordered[key] = (named, None)
    bands = {band.id: band for _, band in entries}
    for key, (columns, _) in ordered.items():
        wanted = [column.id for column in bands[key[1]].columns]
        if is_scattered(columns, wanted):
            ordered[key] = [], "the header has labels that nobody knows, and its lines need not lie in order"
        elif [column.id for column in columns if column.id is not None] != wanted and len(wanted) > 1:
            ordered[key] = _confirm(columns, wanted, under[key])
    return ordered


def _confirm(
    columns: list[Column], wanted: list[str], entries: list[Entry]
) -> tuple[list[Column], str | None]:
    """Columns in another order than the form's, if the totals of the rows bear it out.

    A header of several lines that came apart may be put together wrongly; where the totals fit the form's
    order and not this one, it was. Totals say nothing of the order of the parts: under labels of two levels
    that must be the form's, or that of the grid.
    """
    known = [column.id for column in columns if column.id is not None]
    if set(known) != set(wanted):
        return _name_unknown(columns, wanted, entries)
    doubt = "the order of the header's columns is not borne out by the totals"
    parts = [ident for ident in known if ident != "total"]
    moved = parts != [ident for ident in wanted if ident != "total"]
    if moved and _is_loose(columns, entries[0].header) and not _stand_over(columns, entries):
        return [], doubt
    if "total" not in wanted:
        return columns, None
    rows = [entry for entry in entries if len(entry.filled) == len(columns) and _counts(entry)]
    if 2 * sum(_is_certain(entry, columns) for entry in rows) > len(rows):
        return columns, None
    plain = [Column(ident, None) for ident in wanted]
    if rows and 2 * sum(_is_certain(entry, plain) for entry in rows) > len(rows):
        return plain, doubt
    return ([] if rows else columns), doubt


def _name_unknown(
    columns: list[Column], wanted: list[str], entries: list[Entry]
) -> tuple[list[Column], str | None]:
    """Columns of which some have labels that nobody knows, named by their places if the totals bear it out.

    So it is where every other column stands in the place that the form gives it.
    """
    in_order = iter(wanted)
    if None in {one.id for one in columns} and not all(one.id in in_order for one in columns if one.id):
        return [], "the header has labels that nobody knows, and others that stand elsewhere in the form"
    unlike = [one.id for one, ident in zip(columns, wanted) if one.id not in (None, ident)]
    if len(columns) != len(wanted) or unlike or 2 * sum(one.id is None for one in columns) > len(wanted):
        return columns, None
    named = [one._replace(id=ident) for one, ident in zip(columns, wanted)]
    rows = [entry for entry in entries if len(entry.filled) == len(named) and _counts(entry)]
    if "total" not in wanted or 2 * sum(_is_certain(entry, named) for entry in rows) <= len(rows):
        return columns, None
    return named, "a column has a label that the form lacks; its place and the totals tell which it is"


def _is_loose(columns: list[Column], header: Header | None) -> bool:
    """Whether a header has labels of two levels, or lines that need not lie in the order of the columns."""
    if header is None:
        return False
    cells = [column.cell for column in columns if column.cell is not None]
    return any(cell.role == "stem" for cell in header.cells) or is_torn(cells, header.rows)


def _stand_over(columns: list[Column], entries: list[Entry]) -> bool:
    """Whether the header's cells stand in the very places of the numbers in most rows of the grid."""
    cells = [column.cell for column in columns if column.cell is not None]
    places = [cell.mark.pieces[0].column for cell in cells if cell.layout != "loose"]
    if len(places) < len(columns) or len(set(places)) < len(places):
        return False
    alike = [entry for entry in entries if [slot.piece.column for slot in entry.filled] == places]
    return 2 * len(alike) > len(entries)


def _counts(entry: Entry) -> bool:
    """Whether a row has a number above nought, so that its total says something."""
    return ask(are_above_nought, (), [slot.piece for slot in entry.filled], entry.row.asked)


def _is_certain(entry: Entry, columns: list[Column]) -> bool:
    """Whether the numbers can lie under these columns alone although no header says so.

    There is one number and one column, or there is a number for each column and the total is their sum.
    """
    filled = entry.filled
    if len(filled) != len(columns):
        return False
    return len(columns) == 1 or adds_up({column.id or "": slot for column, slot in zip(columns, filled)})


def _places(
    entry: Entry, band: FormBand, row: FormRow, aligned: Aligned, doubt: str | None, columns: list[Column]
) -> dict[str, Place]:
    filled = bool(entry.filled)
    doubt = aligned.doubt or (doubt if filled else None)
    places: dict[str, Place] = {}
    label = entry.mark.printed
    loose = tuple([slot.piece for slot in entry.filled]) if aligned.lost else ()
    for column in band.columns:
        unit = None
        if column.kind == "money" or row.kind == "money":
            unit = _unit(entry, row, next((one for one in columns if one.id == column.id), None))
        slot = aligned.slots.get(column.id)
        lost = aligned.lost or (slot is None and filled)
        reason = doubt or ("the row has no such cell" if lost and not aligned.lost else None)
        places[column.id] = Place(slot, label, unit, reason if filled else None, lost, loose)
    return places


def _unit(entry: Entry, row: FormRow, column: Column | None) -> str | None:
    """The unit of money that the header or the row prints."""
    printed = "".join(entry.units) + (entry.mark.printed if row.unit else "")
    if column is not None and column.cell is not None:
        printed = column.cell.mark.printed + printed
    match = _UNIT.search("".join(printed.split()))  # 万 元 is not 元
    return match.group() if match else None


def _across_rows(found: Found, table: FormTable) -> Iterator[tuple[str, Mark, dict[str, Place]]]:
    """Row id, label and places of each row of a table whose rows stand side by side."""
    across = list(read_runs(found.runs, table))
    siblings = Siblings([(one.entry, len(one.columns)) for one in across])
    for entry, columns, marks in across:
        aligned = align(entry, columns, siblings)
        rows: dict[str, dict[str, Place]] = {}
        for column in columns:
            row, _, outcome = (column.id or "").partition("|")
            slot = aligned.slots.get(column.id or "")
            place = Place(
                slot,
                marks[row].printed if row in marks else None,
                None,
                aligned.doubt,
                aligned.lost or slot is None,
            )
            rows.setdefault(row, {})[outcome] = place
        for row, places in rows.items():
            yield row, marks.get(row, entry.mark), places


def _printings(rows: Iterable[tuple[str, Mark, dict[str, Place]]], table: FormTable) -> list[Printing]:
    """The rows parted into printings: one begins where a row comes again that does not follow on paper."""
    rank = {row.id: number for number, row in enumerate(row for band in table.bands for row in band.rows)}
    printings = [Printing()]
    for ident, mark, places in rows:
        known = printings[-1].rows.get(ident)
        if known is not None and _adds(known, places):
            known.update({column: place for column, place in places.items() if _holds(place)})
            continue
        if known is not None and rank[ident] <= printings[-1].order and not _empty(places):
            printings.append(Printing())
        elif known is not None:
            continue
        printings[-1].rows[ident] = places
        printings[-1].misprinted[ident] = mark.misprinted
        printings[-1].order = rank[ident]
    return printings


def _adds(known: dict[str, Place], places: dict[str, Place]) -> bool:
    """Whether the row's numbers fill what was empty before: a row printed in parts, or its label repeated."""
    return not [column for column, place in places.items() if _holds(place) and _holds(known.get(column))]


def _holds(place: Place | None) -> bool:
    return place is not None and place.slot is not None and not place.slot.blank


def _empty(places: dict[str, Place]) -> bool:
    return not any(_holds(place) for place in places.values())


def _settle(printings: Sequence[Printing]) -> Printing:
    """Of a table printed twice the first, unless that is much the emptier: the second may be another year's.

    Parts of one table together; exact labels before misprints.
    """
    if len(printings) == 1:
        return printings[0]
    most = max(printing.filled for printing in printings)
    best = next(printing for printing in printings if printing.filled >= _FULL * most)
    for printing in printings:
        if printing is best:
            continue
        shared = best.rows.keys() & printing.rows.keys()
        if 2 * len(shared) >= min(len(best.rows), len(printing.rows)) and len(shared) > 1:
            continue
        for ident, places in printing.rows.items():
            exact = best.misprinted.get(ident, False) and not printing.misprinted[ident]
            if ident not in best.rows or exact:
                best.rows[ident] = places
                best.misprinted[ident] = printing.misprinted[ident]
    return best
