"""The table whose rows stand side by side in the header (行政复议 | 行政诉讼): its runs as entries.

In paper form it is one row of fifteen numbers under three header rows; reports also print three rows of five,
a row a block, a row an outcome, or three tables one below the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from extract.forms import FormTable
from extract.tables.columns import Column, is_torn
from extract.tables.entries import Entry, Header, HeaderCell, Run, Slot
from extract.tables.marks import Mark, MarkedRow


class Across(NamedTuple):
    """Numbers in a row, the columns over them (ids `row|column`), and the mark of each row's label."""

    entry: Entry
    columns: list[Column]
    marks: dict[str, Mark]


def read_runs(runs: Iterable[Run], table: FormTable) -> Iterator[Across]:
    """The rows of numbers, with row and column of each place; none where the labels do not tell."""
    runs = [run for run in runs if run.table == table.id]
    listed = _is_listed(runs, table)
    runs = runs if listed else _join_blank(runs)
    outcomes: list[HeaderCell] = []
    names: list[str] = []
    used = False
    all_rows = [row.id for band in table.bands for row in band.rows]
    marks: dict[str, Mark] = {}
    for run in runs:
        own_outcomes = _beside(run) if listed and run.slots else _outcomes(run, len(all_rows))
        own_blocks = expand_blocks(run.labels, table)
        marks |= {block: cell.mark for block, cell in own_blocks}
        if len(own_outcomes) > 1 and not own_blocks and used:
            names = []  # a header of its own, whose row is not named
        names = _name_all([block for block, _ in own_blocks] or names, len(_cycles(own_outcomes)), all_rows)
        outcomes = own_outcomes if len(own_outcomes) > 1 else outcomes
        if not run.slots:
            continue
        pairs = (
            _pair_listed(run, names)
            if listed and len(own_outcomes) == 1
            else _pair(run, names, own_outcomes, outcomes)
        )
        used = True
        named = [cell for _, cell in own_blocks]
        if pairs and (listed or _is_whole(pairs, table)) and _is_ordered(pairs, named, runs, table):
            yield Across(
                _entry(run, table, pairs),
                [Column(f"{row}|{cell.terms[0].id}", cell if own_outcomes else None) for row, cell in pairs],
                dict(marks),
            )


def _is_listed(runs: list[Run], table: FormTable) -> bool:
    """Whether outcomes stand one below the other, each with numbers of its own: all of them but one.

    Where fewer have numbers the lines of a header may have come between those of the row below it.
    """
    own = [
        run for run in runs if run.labels[-1].role == "column" and any(not slot.blank for slot in run.slots)
    ]
    outcomes = {run.labels[-1].terms[0].id for run in own}
    size = max(len(band.columns) for band in table.bands)
    return len(outcomes) >= size - 1 and all(len(_beside(run)) == 1 for run in own)


def _beside(run: Run) -> list[HeaderCell]:
    """The outcomes in the row of the first number: a corner above them may be called after them (结果)."""
    first = next((slot for slot in run.slots if not slot.blank), run.slots[0])
    return [cell for cell in _cells(run.labels, "column") if cell.mark.row == first.row.number]


def _join_blank(runs: list[Run]) -> list[Run]:
    """The runs, those with nothing but blank cells put before the next: cells under a span leave such."""
    joined: list[Run] = []
    for run in runs:
        if joined and all(slot.blank for slot in joined[-1].slots):
            rows = joined[-1].rows + [row for row in run.rows if row is not joined[-1].rows[-1]]
            joined[-1] = Run(run.table, joined[-1].labels + run.labels, rows, run.slots)
        else:
            joined.append(run)
    return joined


def expand_blocks(labels: list[HeaderCell], table: FormTable) -> list[tuple[str, HeaderCell]]:
    """The rows that the header names, in order; 行政诉讼 stands for those under it where none is named."""
    members: dict[str, list[str]] = {}
    for band in table.bands:
        for row in band.rows:
            if row.group is not None:
                members.setdefault(row.group, []).append(row.id)
    named = [(cell.terms[0].id, cell) for cell in labels if cell.role == "row"]
    ids = {name for name, _ in named}
    found: list[tuple[str, HeaderCell]] = []
    for cell in labels:
        if cell.role == "row" and cell.terms[0].id not in {name for name, _ in found}:
            found.append((cell.terms[0].id, cell))
        elif cell.role == "stem":
            under = members.get(cell.terms[0].id, [])
            if not ids.intersection(under):
                found.extend((one, cell) for one in under)
    return found


def _name_all(names: list[str], cycles: int, all_rows: list[str]) -> list[str]:
    """All rows of the form where the header has the outcomes of all and lost the label of one."""
    return all_rows if len(names) < cycles == len(all_rows) and set(names) <= set(all_rows) else names


def _cells(labels: list[HeaderCell], role: str) -> list[HeaderCell]:
    return [cell for cell in labels if cell.role == role]


def _is_whole(pairs: list[tuple[str, HeaderCell]], table: FormTable) -> bool:
    """Whether each row has all its columns: where the header lost one, no count of numbers can be trusted."""
    size = max(len(band.columns) for band in table.bands)
    counts = Counter(row for row, _ in pairs).values()
    return all(count == size for count in counts)


def _is_ordered(
    pairs: list[tuple[str, HeaderCell]], named: list[HeaderCell], runs: list[Run], table: FormTable
) -> bool:
    """Whether rows, and the outcomes of each, lie in the form's order, or in a header that tells its own."""
    rows = [row for run in runs for row in run.rows]
    ids = list(dict.fromkeys(row for row, _ in pairs))
    in_form = [row.id for band in table.bands for row in band.rows if row.id in ids]
    if ids != in_form and not _tells_order(named, rows):
        return False
    wanted = [column.id for band in table.bands for column in band.columns]
    for one in ids:
        cells = [cell for row, cell in pairs if row == one]
        outcomes = [cell.terms[0].id for cell in cells]
        if len(outcomes) > 1 and outcomes != wanted and is_torn(cells, rows):
            return False
    return True


def _tells_order(named: list[HeaderCell], rows: list[MarkedRow]) -> bool:
    """Whether rows stand in the order of their labels: those of one line of cells do.

    Lines of a header may have changed places, and a line of words may be made of several.
    """
    lines = {cell.mark.row for cell in named}
    return len(lines) == 1 and not any(row.number in lines and row.row.layout == "loose" for row in rows)


def _outcomes(run: Run, size: int) -> list[HeaderCell]:
    """The outcomes in the header; only those of its last row where this has them for all rows."""
    cells = _cells(run.labels, "column")
    last = [cell for cell in cells if cell.mark.row == cells[-1].mark.row]
    cycles = _cycles(last)
    even = len(cycles) == size and len({len(cycle) for cycle in cycles}) == 1
    return last if len(last) < len(cells) and even else cells


def _pair(
    run: Run, blocks: list[str], own: list[HeaderCell], outcomes: list[HeaderCell]
) -> list[tuple[str, HeaderCell]]:
    """Row and column of each place, where numbers follow a whole header or a row's label."""
    cycles = _cycles(own or outcomes)
    last = run.labels[-1] if run.labels else None
    if last is not None and last.role == "row" and not _follows_header(run):
        return [(last.terms[0].id, cell) for cell in cycles[0]] if cycles else []
    if len(cycles) == len(blocks):
        return [(block, cell) for block, cycle in zip(blocks, cycles) for cell in cycle]
    if len(cycles) == 1:
        return [(block, cell) for block in blocks for cell in cycles[0]]
    return []


def _follows_header(run: Run) -> bool:
    """Whether a label at the end of the header (复议后起诉) belongs to it, not to the numbers after it."""
    filled = [slot for slot in run.slots if not slot.blank] or run.slots
    rows = [cell for cell in run.labels if cell.role == "row"]
    if len(rows) < 2 or (filled and rows[-1].mark.row == filled[0].row.number):
        return False
    return len(filled) > len(_first_cycle(run)) or len(run.slots) > 2 * len(_first_cycle(run))


def _first_cycle(run: Run) -> list[HeaderCell]:
    cycles = _cycles(_cells(run.labels, "column"))
    return cycles[0] if cycles else []


def _pair_listed(run: Run, blocks: list[str]) -> list[tuple[str, HeaderCell]]:
    """Row and column where each outcome has a row of its own, with a number a block or one alone."""
    outcome = _beside(run)[0]
    if run.labels[-1] is not outcome:
        return []
    filled = [slot for slot in run.slots if not slot.blank]
    if len(filled) == len(blocks) or len(run.slots) == len(blocks):
        return [(block, outcome) for block in blocks]
    return [(blocks[-1], outcome)] if blocks and len(run.slots) == 1 else []


def _cycles(outcomes: list[HeaderCell]) -> list[list[HeaderCell]]:
    """The outcomes in reading order, parted where one comes again."""
    cycles: list[list[HeaderCell]] = []
    for cell in outcomes:
        ident = cell.terms[0].id
        if not cycles or any(one.terms[0].id == ident for one in cycles[-1]):
            cycles.append([])
        cycles[-1].append(cell)
    return cycles


def _entry(run: Run, table: FormTable, pairs: list[tuple[str, HeaderCell]]) -> Entry:
    header = Header(table.id, [cell for _, cell in pairs], run.rows, used=True)
    mark = run.labels[0].mark if run.labels else pairs[0][1].mark
    return Entry(table.id, mark, (), header, run.slots[0].row, _trim(run.slots, len(pairs)))


def _trim(slots: list[Slot], size: int) -> list[Slot]:
    """Without the blank cells that a header row leaves before the row of numbers."""
    rows: dict[int, list[Slot]] = {}
    for slot in slots:
        rows.setdefault(slot.row.number, []).append(slot)
    kept = [
        row for row in rows.values() if len(row[0].row.row.pieces) == 1 or any(not slot.blank for slot in row)
    ]
    if not kept:
        kept = [row for row in rows.values() if len(row) == size][-1:]
    return [slot for row in kept for slot in row]
