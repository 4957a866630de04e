"""Runs of text lines that are visibly a table → Grid: pipes, tabs, one cell a line, comma-separated values.

Each `_find_` function looks at one kind of run from a given line on and answers its rows and the line after
it, or None and the line up to which there surely is no such run, so that no line is looked at twice. No
function knows the statutory form: rows may come out ragged or shifted, and the grid says so (`exact` False).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from extract.patterns import late
from extract.read.aligned import find_aligned_rows
from extract.read.evidence import is_heading_line
from extract.read.glued_cells import part_glued_cells
from extract.report import Grid, GridCell

Rows = list[list[str]]
Found = tuple[Rows | None, int]

_PIPES = "|│┃┆┇┊┋║｜"
_CORNERS = "+┌┏╔"
_BOX = late(f"[{_PIPES[1:]}]")
_BOX_BORDER = late(r"[\s─━═┄┅┈┉┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├-╋╌-╳+=|-]+")
_DASHES = late(r"[\s|:+=-]*-[\s|:+=-]*")
_PIPE_ESCAPED = late(r"\\\|")
_BREAK_TAG = late(r"<br ?/?>", re.IGNORECASE)
_BOLD = late(r"(\*\*|__)(.+?)\1")
_NUMBER = late(r"[\s\u3000\xa0]*(?:[+-]?[\d０-９][\d０-９.,，．]*|[-/—－／]+)?[\s\u3000\xa0]*")
# 1,708,244 but not 规章,100,200; the first digit comes first, since it is what is searched for fast.
_THOUSANDS = late(r"[1-9](?<![\d.,].)(?<!, .)\d{0,2}(?:,\d{3})+(?![\d,])")
_NUMBERED = late(r"[\s\u3000\xa0#|*]*[一二三四五六七八九十⼀⼆⼋⼗]{1,2}[\s\u3000\xa0]*[、.．]")
_SENTENCE = 40  # a longer cell with a full stop inside is prose that happens to stand behind a tab
_MIN_ROWS = 2
_LONGEST_ROW = 30  # cells; a longer run without a blank line is a table whose rows are not told
_NUMERIC_SHARE = 0.2  # of the values; prose with half-width commas has less


def has_pipes(content: str) -> bool:
    """Whether a text has any of the signs that draw a table: pipes, or the lines and corners of boxes."""
    for sign in _PIPES + _CORNERS:  # noqa: SIM110
        if sign in content:
            return True
    return False


def find_grid(lines: Sequence[str], at: int, *, pipes: bool = True) -> tuple[Grid | None, int]:
    """The table that begins at line `at` and the line after it.

    Where none begins there: None, and the line before which none begins. `pipes` is what `has_pipes` says of
    the lines.
    """
    line = lines[at]
    if pipes and (
        "|" in line
        or _BOX.search(line)
        or (line[:1] in _CORNERS and _BOX_BORDER.fullmatch(line))
        or (at + 1 < len(lines) and lines[at + 1][:1] == "|" and _may_be_cell(line))
    ):
        rows, after = _find_pipe_rows(lines, at)
        if rows is None:
            rows, after = _find_pipe_cells(lines, at)
    elif "\t" in line:
        rows, after = _find_tabs(lines, at)
    elif "," in line and (line.count(",") > 1 or line.count('"') % 2):  # one character: ten times as fast
        rows, after = _find_comma_rows(lines, at)
    elif (" " in line and "   " in line) or ("\u3000" in line and "\u3000\u3000" in line):
        rows, after = find_aligned_rows(lines, at)
    else:
        return None, at + 1
    return (None if rows is None else make_grid(part_glued_cells(rows))), max(after, at + 1)


def make_grid(rows: Iterable[Sequence[str]]) -> Grid:
    """A grid whose cells have no spans, cell texts without the white space around."""
    cells = [
        GridCell(text.strip(), row, column)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    return Grid(tuple(cells))


# ---- pipes -----------------------------------------------------------------------------------------------


def _find_pipe_rows(lines: Sequence[str], at: int) -> Found:
    """Rows `a | b | c |` or `| a | b | c |`, with or without a |---| line, blank lines between allowed."""
    rows: Rows = []
    opened: list[bool] = []
    end, ruled = at, 0  # ruled: the first row below the last line drawn across
    while at < len(lines):
        line = _BOX.sub("|", lines[at])
        if not line.strip():
            at = _skip_blank(lines, at)
            if at >= len(lines) or _BOX.sub("|", lines[at]).count("|") < 2:
                break
            continue
        border = _BOX_BORDER.fullmatch(lines[at])
        if ("-" in line and "|" in line and _DASHES.fullmatch(line)) or (rows and border):
            _join_ruled(rows, opened, ruled)
            at, end, ruled = at + 1, at + 1, len(rows)
            continue
        if border:
            at += 1
            continue
        opened.append(line.lstrip().startswith("|"))
        row, at = _take_pipe_row(lines, at)
        if row is None:
            break
        rows.append(row)
        end = at
    _keep_first_blanks(rows, opened)
    return (rows if len(rows) >= _MIN_ROWS else None), end


def _join_ruled(rows: Rows, opened: list[bool], first: int) -> None:
    """Put lines between two rules together: one has the numbers and the others parts of its label."""
    block = [[cell.strip() for cell in row] for row in rows[first:]]
    if len(block) < 2 or len(set(map(len, block))) > 1:
        return
    numbered = [row for row in block if any(map(str.isdecimal, row))]
    if len(numbered) != 1:
        return
    start = next(place for place, cell in enumerate(numbered[0]) if cell.isdecimal())
    if any(cell for row in block if row is not numbered[0] for cell in row[start:]):
        return
    rows[first:] = [["\n".join(filter(None, column)) for column in zip(*block)]]
    del opened[first + 1 :]


def _keep_first_blanks(rows: Rows, opened: Sequence[bool]) -> None:
    """Give rows that begin with a pipe their blank first cell, where the pipes of this table only part cells.

    So it is where rows without a pipe before them have one cell more.
    """
    widths = [
        Counter(len(row) for row, pipe in zip(rows, opened) if pipe is which) for which in (True, False)
    ]
    if not all(widths):
        return
    (piped, _), (plain, _) = (width.most_common(1)[0] for width in widths)
    if piped + 1 == plain:
        for row, pipe in zip(rows, opened):
            if pipe:
                row.insert(0, "")


def _take_pipe_row(lines: Sequence[str], at: int) -> tuple[list[str] | None, int]:
    """The cells of one row, which may go on over line ends inside a cell, and the line after it."""
    line = _BOX.sub("|", _PIPE_ESCAPED.sub("\x1f", lines[at]) if "\\" in lines[at] else lines[at]).strip()
    if line.count("|") < 2:
        return None, at
    at += 1
    # A row of the closed style whose last cell was broken: the rest comes on lines that open with no pipe.
    while line.startswith("|") and not line.endswith("|") and at < len(lines):
        more = _BOX.sub("|", lines[at]).strip()
        if not more or more.startswith("|") or "|" not in more:
            break
        line, at = f"{line}\n{more}", at + 1
    closed = line.startswith("|")
    cells = line.removeprefix("|").split("|")
    if cells and not cells[-1].strip() and (closed or len(cells) > 1):
        cells.pop()
    return [_clean_cell(cell) for cell in cells], at


def _find_pipe_cells(lines: Sequence[str], at: int) -> Found:
    """Cells that each end in a pipe and a line end, the pipe on their last line or on a line of its own.

    A cell may go over short lines; ||| alone stands for the blank or covered cells at the end of a row. A
    blank line ends a row; where none does, every cell is a row of its own: the order is all that is known.
    """
    rows: Rows = [[]]
    end, start = at, at
    pending: list[str] = []
    while at < len(lines):
        line = _BOX.sub("|", lines[at]).strip()
        content = line.rstrip("|").rstrip()
        at += 1
        if not line:
            if pending:
                break
            if rows[-1]:
                rows.append([])
        elif "|" in content or len(content) > 4 * _SENTENCE:
            break
        elif line != content:
            rows[-1].extend(_close_cell(pending, line, content))
            pending, end = [], at
        elif len(pending) < 3 and _may_be_cell(line):
            pending.append(line)
        else:
            break
    rows = [row for row in rows if row]
    count = sum(map(len, rows))
    if count < 4:
        return None, max(end, start + 1)
    return ([[cell] for cell in rows[0]] if len(rows) == 1 else rows), end


def _close_cell(pending: Sequence[str], line: str, content: str) -> list[str]:
    """The cell that a line with pipes at its end closes, and the blank ones that further pipes stand for."""
    pipes = len(line) - len(line.rstrip("|"))
    parts = [*pending, content] if content else list(pending)
    blanks = pipes - 1 if parts else pipes
    return [_clean_cell("\n".join(parts))] * bool(parts) + [""] * min(blanks, _LONGEST_ROW)


def _may_be_cell(line: str) -> bool:
    """Whether a line without pipe could be (part of) a cell whose pipe comes on a later line."""
    if len(line) > 2 * _SENTENCE or line.endswith(("。", "；", "：", ":")):
        return False
    return not (_is_section(line) and line.endswith(("情况", "事项", "措施", "问题")))


def _clean_cell(cell: str) -> str:
    cell = cell.replace("\x1f", "|")
    cell = _BREAK_TAG.sub("\n", cell) if "<" in cell else cell
    return _BOLD.sub(r"\2", cell) if "**" in cell or "__" in cell else cell


# ---- tabs ------------------------------------------------------------------------------------------------


def _is_tab_cell(line: str) -> bool:
    return line.rfind("\t") == 0


def _find_tabs(lines: Sequence[str], at: int) -> Found:
    if not _is_tab_cell(lines[at]):
        return _find_tab_rows(lines, at)
    if at + 1 < len(lines) and lines[at + 1].count("\t") > 1:
        return _find_tab_rows(lines, at)
    return _find_tab_cells(lines, at)


def _find_tab_cells(lines: Sequence[str], at: int) -> Found:
    """One cell a line behind a leading tab, rows parted by blank lines (reports/000, 001).

    A line without tab that follows a cell at once goes on with it, if another cell follows.
    """
    rows: Rows = []
    end = at
    while at < len(lines) and _is_tab_cell(lines[at]):
        row, after = _take_tab_group(lines, at)
        if not row or (len(row) == 1 and _is_section(row[0])):
            break
        rows.append(row)
        end = after
        at = _skip_blank(lines, after)
    cells = [cell for row in rows for cell in row]
    if len(cells) < 4 or not _has_numbers(cells):
        return None, end
    if len(rows) == 1 and len(cells) > _LONGEST_ROW:
        return (None if all(map(str.strip, cells)) else [[cell] for cell in cells]), end
    return rows, end


def _has_numbers(cells: Sequence[str]) -> bool:
    """Whether a fifth of the cells are numbers or blank."""
    least = _NUMERIC_SHARE * len(cells)
    return sum(map(str.isdecimal, cells)) >= least or _count_numbers(cells) >= least


def _count_numbers(cells: Iterable[str]) -> int:
    return sum([_NUMBER.fullmatch(cell) is not None for cell in cells])


def _take_tab_group(lines: Sequence[str], at: int) -> tuple[list[str], int]:
    """The cells up to the next blank line or line that is no cell."""
    row: list[str] = []
    end = len(lines)
    while at < end and (line := lines[at]):
        if line.rfind("\t") == 0 and (len(line) <= _SENTENCE or not _is_prose(line)):
            row.append(line[1:])
        elif row and "\t" not in line and _goes_on(lines, at):
            row[-1] += "\n" + line
        else:
            break
        at += 1
    return row, at


def _goes_on(lines: Sequence[str], at: int) -> bool:
    """Whether the tabless line `at` is the rest of the cell before it, and not the heading after a table."""
    line = lines[at].strip()
    if not line or len(line) > _SENTENCE or _is_section(line) or line.endswith(("。", "；", "：")):
        return False
    after = _skip_blank(lines, at + 1)
    return after < len(lines) and _is_tab_cell(lines[after])


def _is_section(line: str) -> bool:
    """Whether a line is numbered as a part of the report, or named as one where （二） numbers the parts."""
    return _NUMBERED.match(line) is not None or is_heading_line(line)


def _is_prose(cell: str) -> bool:
    return len(cell) > _SENTENCE and ("。" in cell or len(cell) > 4 * _SENTENCE)


def _find_tab_rows(lines: Sequence[str], at: int) -> Found:
    """Rows of cells parted by tabs; a blank line or a lone label between two rows does not end them."""
    rows: Rows = []
    while at < len(lines):
        line = lines[at]
        if "\t" in line:
            cells = line.split("\t")
            if len(line) > _SENTENCE and any(map(_is_prose, cells)):
                break
            if rows or any(cells):
                rows.append(cells)
            at += 1
        elif rows and _is_lone_label(lines, at):
            rows.append([line])
            at += 1
        else:
            after = _skip_blank(lines, at)
            if after == at or after >= len(lines) or "\t" not in lines[after]:
                break
            at = after
    if not rows or (len(rows) < _MIN_ROWS and len(rows[0]) < 3):
        return None, at
    return rows, at


def _is_lone_label(lines: Sequence[str], at: int) -> bool:
    """A line without tab between two rows that touch it: a caption inside the table, a merged cell."""
    line = lines[at].strip()
    if not line or len(line) > _SENTENCE or line.endswith(("。", "；", "：")) or _is_section(line):
        return False
    return "\t" in lines[at - 1] and at + 1 < len(lines) and "\t" in lines[at + 1]


def _skip_blank(lines: Sequence[str], at: int) -> int:
    end = len(lines)
    while at < end and (not (line := lines[at]) or not line.strip(" \u3000\xa0")):
        at += 1
    return at


# ---- commas ----------------------------------------------------------------------------------------------


def _find_comma_rows(lines: Sequence[str], at: int) -> Found:
    """Comma-separated values: three or more lines of as many cells each, a fifth of them numbers or blank.

    Not lines whose commas part the digits of numbers (1,708,244), unless their other commas suffice.
    """
    rows: Rows = []
    while at < len(lines):
        line, after = _take_comma_line(lines, at)
        if line.count(",") - _count_thousands(line) < 2:
            break
        row = _read_commas(line)
        if len(row) < 3 or (rows and len(row) != len(rows[0])):
            break
        rows.append(row)
        at = after
    values = [cell for row in rows for cell in row]
    if len(rows) < 3 or not _has_numbers(values) or max(map(len, values)) > 2 * _SENTENCE:
        return None, at
    return rows, at


def _take_comma_line(lines: Sequence[str], at: int) -> tuple[str, int]:
    """The line at `at`, and those on which a quoted cell of it goes on, and the line after them."""
    open_ = lines[at].count('"') % 2 == 1
    end = at + 1
    while open_ and end < min(len(lines), at + _LONGEST_ROW):
        open_ = lines[end].count('"') % 2 == 0
        end += 1
    return (lines[at], at + 1) if open_ else ("\n".join(lines[at:end]), end)


def _count_thousands(line: str) -> int:
    """The commas of a line that stand between three digits of a number."""
    return sum(found.group().count(",") for found in _THOUSANDS.finditer(line))


def _read_commas(line: str) -> list[str]:
    import csv

    try:
        return next(csv.reader(line.splitlines(keepends=True)), [])
    except csv.Error:
        return []
