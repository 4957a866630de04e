"""Tables that a program printed column by column, laid out again row by row.

    一、本年新收…        →   	自然人	商业企业	…	总计
    二、上年结转…            一、本年新收…	12	3	…	15
    …                        二、上年结转…	0	1	…	1
    自然人
    12
    0
    …

All labels come first, then the numbers: those of one column after those of the other, or those of one row.
They are laid out where there are exactly as many as the rows have cells and the sums that the form asks for
hold, so that no other arrangement is likely; else the lines stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extract.forms import UNITS, FormTable, list_last, list_sums, load_forms
from extract.patterns import late
from extract.read.evidence import is_heading_line
from extract.read.form_labels import RowLabel, find_columns, find_rows, is_span

# Numbers and nothing else, more than the review table's fifteen.
_RUN = late(r"\n(?:(?<=[^\d\s]\n)|(?<=[^\d\s]\r\n))[ \r\n]*(?:\d[\d,.]*[ \r\n]+){17}")
_UNIT = late(rf"\s+({UNITS})\s*$")
_NUMBERS = late(r"\s*\d[\d,.]*(?:\s+\d[\d,.]*)*\s*")
_FEWEST = 12  # labels one behind another without a number
_LONGEST = 100  # characters of a line that may be a label
_ABOVE = 36  # lines above the first label that may hold the names of columns, blank ones between
_FEWEST_SUMS = 3  # of the table of one column
_MOST_BROKEN = 1  # of its sums: reports have such errors, but numbers a row out of place break most


class _Label(NamedTuple):
    """A line that names a row; the lines before it that name none."""

    line: str
    rows: tuple[RowLabel, ...]
    before: list[str]


class _List(NamedTuple):
    """Labels, what stands between them and the numbers, and the numbers by lines."""

    labels: list[_Label]
    heads: list[str]
    numbers: list[list[str]]
    interleaved: bool  # the name of a column stands over the numbers of each
    end: int


def lay_out_columns(lines: list[str], content: str) -> list[str]:
    """The lines, tables that are printed column by column as rows of cells parted by tabs."""
    last = map(content.find, list_last())  # the numbers stand behind all labels
    if not any(_RUN.search(content, at) for at in last if at >= 0):
        return lines
    laid: list[str] = []
    at = 0
    while at < len(lines):
        if len(lines[at]) > _LONGEST or not find_rows(_UNIT.sub("", lines[at])):
            laid.append(lines[at])
            at += 1
            continue
        listed, end = _read_list(lines, at)
        laid += (_lay_out(listed) if listed else None) or lines[at:end]
        at = end
    return laid


def _read_list(lines: Sequence[str], at: int) -> tuple[_List | None, int]:
    """The labels from a line on and the numbers behind them, None where these are no list; the line after."""
    labels: list[_Label] = []
    before: list[str] = []
    heads = _heads_above(lines, at)
    while at < len(lines) and not _NUMBERS.fullmatch(lines[at]):
        line = lines[at].strip()
        line = _UNIT.sub(r"\t\1", line)
        rows = find_rows(line.partition("\t")[0])
        if len(line) > _LONGEST or "。" in line or "\t" in lines[at] or (not rows and _is_heading(line)):
            return None, at + 1
        if rows:
            labels.append(_Label(line, rows, before))
            before = []
        elif line:
            before.append(line)
        at += 1
    if len(labels) < _FEWEST:
        return None, at + 1
    listed = _read_numbers(lines, at, labels, [*heads, *_name_heads(before)])
    return listed, listed.end


def _is_heading(line: str) -> bool:
    """Whether a line is the heading of a part of the report: 三、依申请公开情况 is one, and a label too."""
    return is_heading_line(line) and not is_span(line)


def _heads_above(lines: Sequence[str], at: int) -> list[str]:
    """The names of columns in the lines above the first label, from the top."""
    heads: list[str] = []
    for number in range(at - 1, max(-1, at - _ABOVE), -1):
        if "。" in lines[number] or _is_heading(lines[number]):
            break
        heads[:0] = _name_heads([lines[number]])
    return heads


def _name_heads(lines: Sequence[str]) -> list[str]:
    return [word for line in lines for word in line.split() if find_columns(word)]


def _read_numbers(lines: Sequence[str], at: int, labels: list[_Label], heads: list[str]) -> _List:
    numbers: list[list[str]] = []
    end = at
    inside = 0
    while at < len(lines):
        line = lines[at].strip()
        at += 1
        if _NUMBERS.fullmatch(line):
            numbers.append(line.split())
            end = at
        elif line and (found := _name_heads([line])) and len(found) == len(line.split()):
            inside += bool(numbers)
            heads = [*heads, *found]
        elif line:
            break
    return _List(labels, heads, numbers, inside > 1, end)


def _lay_out(listed: _List) -> list[str] | None:
    """The rows of the table, or None where it is not sure which number belongs where."""
    for form in reversed(load_forms()):
        for table in form.tables:
            if table.rows_across or len(table.bands) != 1:
                continue
            labels = _drop_groups(listed.labels, form.edition)
            ids = _name_rows(labels, form.edition, table)
            if ids is None:
                continue
            values = [number for line in listed.numbers for number in line]
            width = len(table.bands[0].columns)
            if len(values) != width * len(ids):
                continue
            heads = _order_heads(listed.heads, table)
            if width == 1:
                rows = [[value] for value in values] if _holds(_name_cells(ids, table), values) else None
            else:
                rows = _arrange(listed, values, width) if heads else None
            if rows is not None:
                return list(_print(labels, heads or [], rows))
    return None


def _drop_groups(labels: Sequence[_Label], edition: str) -> list[_Label]:
    """The labels of rows; what is a group in this edition, 其他处理, stands before the row it begins."""
    kept: list[_Label] = []
    before: list[str] = []
    for label in labels:
        if not any(row.edition == edition for row in label.rows) and is_span(label.line):
            before += [*label.before, label.line]
        else:
            kept.append(label._replace(before=[*before, *label.before]))
            before = []
    return kept


def _name_rows(labels: Sequence[_Label], edition: str, table: FormTable) -> list[str] | None:
    """The rows that the labels name, in the form's order; None where they are not rows of that table."""
    ids: list[str] = []
    last = 0
    for label in labels:
        own = [row for row in label.rows if (row.edition, row.table) == (edition, table.id)]
        later = [row for row in own if row.order > last]
        if not later:
            return None
        last = later[0].order
        ids.append(later[0].id)
    return ids


def _order_heads(heads: Sequence[str], table: FormTable) -> list[str] | None:
    """The name of each column as printed, in the order of the form; None where one has none."""
    found = []
    for column in table.bands[0].columns:
        named = [head for head in heads if (table.id, column.id) in find_columns(head)]
        if not named:
            return None
        found.append(named[-1])
    return found


def _arrange(listed: _List, values: Sequence[str], width: int) -> list[list[str]] | None:
    """The numbers by rows: column after column, or row after row; the sums of the rows say which."""
    height = len(values) // width
    down = [list(values[row::height]) for row in range(height)]
    across = [list(values[row * width : (row + 1) * width]) for row in range(height)]
    if listed.interleaved:
        return down if _add_up(down) else None
    if _add_up(down) != _add_up(across):
        return down if _add_up(down) else across
    return down if down == across else None


def _add_up(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the last number of each row is the sum of the others."""
    whole = [[number.replace(",", "") for number in row] for row in rows]
    if not all(number.isdecimal() for row in whole for number in row):
        return False
    return all(sum(map(int, row[:-1])) == int(row[-1]) for row in whole)


def _name_cells(ids: Sequence[str], table: FormTable) -> list[str]:
    """The ids of the cells of these rows in the one column of their table."""
    return [f"{table.id}.{ident}.{table.bands[0].columns[0].id}" for ident in ids]


def _holds(cells: Sequence[str], values: Sequence[str]) -> bool:
    """Whether enough of the sums that the form asks of these cells hold, and say something."""
    if not all(map(_is_plain, values)):
        return False
    numbers = {cell: float(value.replace(",", "")) for cell, value in zip(cells, values)}
    asked = [one for one in list_sums() if all(map(numbers.__contains__, (one.whole, *one.parts)))]
    parts = {one.whole: sum(map(numbers.__getitem__, one.parts)) for one in asked}
    right = [whole for whole, added in parts.items() if numbers[whole] == added]
    broken = [
        one
        for one in asked
        if parts[one.whole] > numbers[one.whole] or not (one.at_most or one.whole in right)
    ]
    return len(right) >= _FEWEST_SUMS and len(broken) <= _MOST_BROKEN and any(map(numbers.get, right))


def _is_plain(value: str) -> bool:
    return value.replace(",", "").replace(".", "", 1).isdecimal()


def _print(labels: Sequence[_Label], heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if heads:
        yield "\t".join(["", *heads])
    for label, numbers in zip(labels, rows):
        yield from label.before
        yield "\t".join([label.line, *numbers])
