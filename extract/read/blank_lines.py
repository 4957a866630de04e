"""Tables of a cell a line whose blank cells left blank lines: their rows, as cells parted by tabs.

    一、本年新收…        →   一、本年新收…	3					1	4
                             二、上年结转…	2						2
    3





    1

    4

    二、上年结转…

So pages are copied that print nothing for nought. How many blank lines stand for a cell, and how many between
any two cells, differs from one copying program to the next. A manner of counting is believed where by it
nearly every row comes to as many cells as the form has columns, and where no other that does as well places a
number elsewhere; else the lines stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from extract.forms import UNITS, list_signs, load_forms
from extract.patterns import late
from extract.read.form_labels import Sizes, find_columns, find_rows, find_sizes, is_span

_VALUE = late(rf"[-+−－]?\d[\d,.]*\s*{UNITS}?|[-—－–/／]{{1,2}}|[无零]")
_ALONE = late(r"[ \t\xa0\u3000]*\n")  # behind a label that fills its line
_BLANK_LINE = late(r"\n[ \t\xa0\u3000]+\n")
_REACH = 4000  # characters of a table whose cells stand in a line each
_LONGEST = 100  # characters of a label with its note
_FEWEST = 2  # rows that have blank cells and come to as many as the form has columns
_TORN = 8  # rows that come to as many, for each that does not: a page's number stands in it
_MOST = 60  # blank lines between two cells: those of fifteen cells, four each


class Gap(NamedTuple):
    """The lines without a word between two others: those without a character, and those of blanks."""

    empty: int
    blank: int


class Manner(NamedTuple):
    """How cells are printed: lines between two cells, lines for a blank cell, further ones between rows.

    `told`: a blank cell is a line of blanks, whatever empty lines stand round it.
    """

    between: int
    each: int
    apart: int
    told: bool = False

    def count(self, gap: Gap, *, ends: bool = False) -> int:
        """The blank cells in a gap, between two rows or within one; -1 where it holds no whole number."""
        if self.told:
            return gap.blank
        lines = gap.empty + gap.blank - self.between - (self.apart if ends else 0)
        return lines // self.each if lines >= 0 and lines % self.each == 0 else -1


_MANNERS = (
    *(Manner(between, each, apart) for between in (0, 1) for each in (1, 2) for apart in (0, 1, 2)),
    Manner(0, 1, 0, told=True),
)


class _Row(NamedTuple):
    """A label, and the lines with the values behind it; the gap before each, and that behind the last.

    `sizes`: the cells that the row may have; the first is what the form gives it. `whole`: a label of the
    form stands behind it. `headed`: the label is the last of a header, and no cell of the row.
    """

    label: int
    values: tuple[int, ...]
    gaps: tuple[Gap, ...]
    end: int
    sizes: tuple[int, ...]
    whole: bool
    headed: bool


def lay_out_blanks(lines: list[str], content: str) -> list[str]:
    """The lines, rows whose blank cells are blank lines as cells parted by tabs."""
    if not any(_may_lack_cells(content, sign) for sign in list_signs()):
        return lines
    rows = list(_find_rows(lines, find_sizes(content)))
    if all(len(row.values) >= row.sizes[0] for row in rows):
        return lines
    fitting = {manner: _count_fitting(manner, rows) for manner in _MANNERS}
    most = max(fitting.values())
    laid = [_lay_out(lines, rows, manner) for manner, fits in fitting.items() if fits == most > 0]
    return laid[0] if laid and all(one == laid[0] for one in laid) else lines


def _may_lack_cells(content: str, sign: str) -> bool:
    """Whether the label that shows a table fills a line, and lines without a word stand unevenly below it."""
    at = content.find(sign)
    if at < 0 or _ALONE.match(content, at + len(sign)) is None or "\t" in content[max(0, at - 8) : at]:
        return False  # cells behind tabs are told from one another by these
    part = content[at : at + _REACH]
    return "\n\n\n" in part or _BLANK_LINE.search(part) is not None or _is_dense(part)


def _is_dense(part: str) -> bool:
    """Whether most lines follow one another with no line between them, and some do not."""
    return 0 < 3 * part.count("\n\n") < part.count("\n")


@cache
def _read_across() -> tuple[str, int]:
    """The table whose rows stand side by side, and the cells of its only line."""
    return next(
        (table.id, len(table.cells())) for form in load_forms() for table in form.tables if table.rows_across
    )


def _find_rows(lines: Sequence[str], sizes: Sizes) -> Iterator[_Row]:
    """The labels of rows that fill a line, with what follows them."""
    at = heads = 0
    _, across = _read_across()
    while at < len(lines):
        line = lines[at].strip()
        at += 1
        if len(line) < 2 or len(line) > _LONGEST or line.isdecimal() or line[-1] in "。；;":
            continue
        own = _size(line, sizes)
        _, column, row_across = _read_label(line)
        heads = heads + 1 if column else heads * row_across
        if own or heads == across:
            row = _read_row(lines, at - 1, own or (across,), sizes, headed=not own)
            at, heads = row.end, 0
            yield row


def _size(line: str, sizes: Sizes) -> tuple[int, ...]:
    """The cells that the row of a label may have; none where the line names no row, or rows of many sizes."""
    rows, _, _ = _read_label(line)
    found = {sizes.get(row, ()) for row in rows} - {()} if rows else ()
    return found.pop() if found and len(found) == 1 else ()


@lru_cache(maxsize=1024)
def _read_label(line: str) -> tuple[tuple[tuple[str, str, str], ...], bool, bool]:
    """The rows that a line may name, and whether it names a column, or a row or rows, of the table across."""
    across, _ = _read_across()
    rows = tuple([(row.edition, row.table, row.id) for row in find_rows(line)])
    column = any(table == across for table, _ in find_columns(line))
    return rows, column, is_span(line) or any(table == across for _, table, _ in rows)


def _read_row(
    lines: Sequence[str], label: int, sizes: tuple[int, ...], known: Sizes, *, headed: bool
) -> _Row:
    values: list[int] = []
    gaps: list[Gap] = []
    empty = blank = 0
    at = label + 1
    while at < len(lines) and empty + blank <= _MOST:
        if not lines[at]:
            empty += 1
        elif lines[at].isspace():
            blank += 1
        else:
            gaps.append(Gap(empty, blank))
            empty = blank = 0
            if not _VALUE.fullmatch(lines[at].strip()):
                break
            values.append(at)
        at += 1
    below = lines[at].strip() if at < len(lines) else ""
    whole = not headed and len(gaps) > len(values) and (is_span(below) or bool(_size(below, known)))
    return _Row(label, tuple(values), tuple(gaps), at, sizes, whole, headed)


def _count(manner: Manner, row: _Row) -> list[int]:
    """The blank cells before each value and, where a row or the table ends, behind the last; -1: none fit.

    Behind a table stand other blank lines than its own: they count where nothing else makes the row whole.
    """
    within = row.gaps[: len(row.values)]
    counts = [manner.count(gap, ends=row.headed and at == 0) for at, gap in enumerate(within)]
    if row.whole or (row.headed and len(row.gaps) > len(within) and not _is_row(row, counts)):
        counts.append(manner.count(row.gaps[-1], ends=True))
    return counts


def _count_fitting(manner: Manner, rows: Sequence[_Row]) -> int:
    """How many whole rows have as many cells as they may; 0 where not nearly all do, or none is short."""
    whole = [row for row in rows if row.whole]
    fitting = [row for row in whole if _is_row(row, _count(manner, row))]
    short = [row for row in fitting if len(row.values) < row.sizes[0]]
    torn = len(whole) - len(fitting)
    return len(fitting) if len(short) >= _FEWEST and torn * _TORN <= len(fitting) else 0


def _is_row(row: _Row, counts: Sequence[int]) -> bool:
    """Whether a row with these blank cells has as many as it may."""
    return -1 not in counts and sum(counts) + len(row.values) in row.sizes


def _lay_out(lines: Sequence[str], rows: Sequence[_Row], manner: Manner) -> list[str]:
    """The lines, rows that have all their cells on one line each."""
    laid: list[str] = []
    at = 0
    for row in rows:
        counts = _count(manner, row)
        if not _is_row(row, counts):
            continue
        cells = [] if row.headed else [lines[row.label].strip()]
        for blanks, value in zip(counts, row.values):
            cells += [""] * blanks + [lines[value].strip()]
        width = row.sizes[0] + (not row.headed)
        cells = (cells + [""] * width)[:width]
        laid += lines[at : row.label + row.headed]
        laid.append("\t".join(cells))
        at = row.end
    return [*laid, *lines[at:]]
