"""Rows whose cells are parted by semicolons, full-width commas or 、, as the same rows parted by tabs.

So sheets are saved where the comma parts decimals, and so pages are copied by programs that join cells. Also
rows of commas of which each lost its blank cells at the end. All of these signs stand in prose too: lines are
only changed where they are a table beyond doubt, labels of the form with nothing but numbers behind them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from extract.patterns import late
from extract.read.evidence import is_heading_line, load_page_words

_SIGNS = "；;，、,"
_FEWEST = 6  # of a sign in a text that is looked at
_LONGEST = 60  # characters of a cell
_FEWEST_ROWS = 3  # rows of numbers
_MANY_NUMBERS = 8  # in one row, which is then enough
_NUMBER = late(r"[-+−－]?[\d０-９]+(?:[,.．][\d０-９]+)*|[-—－–/／]{1,2}")
_COUNT = late(r"[-+]?\d+(?:[,.]\d+)*(?:件|条|项|宗|次|个|万?元)?|[-—－–/／]{1,2}")  # in sheets only
_ENDS = frozenset('0123456789０１２３４５６７８９件条项宗次个元"；;，、,')  # of a row of numbers
_LED = late(r"(.*\D)[：:]\s*(\d[\d.]*)")  # a label with the first number behind it
_DECIMAL = late(r"[-+]?\d+,(?:\d\d?|\d{4,})")
_PARTS = late(r"、(?=[（(][一二三四五六七][)）]|\d[.．])|(?<=情况)、")
_NUMBERING = late(r"[一二三四五六七八九十\d]{1,2}、")
_THOUSANDS = late(r"(?<![\d,，.])[1-9]\d{0,2}(?:[,，]\d{3}){1,3}(?![\d,，])")  # 1,834,262, no cells
_QUOTED = late(r'"[^"]*"')
_NO_LABEL = frozenset("。！？")


class _Line(NamedTuple):
    """A line parted by a sign: its cells, and how many numbers end it (-1: it is no row)."""

    cells: list[str]
    numbers: int


def part_rows(lines: list[str], content: str) -> list[str]:
    """The lines, tables whose cells are parted by a sign of prose with tabs in its place."""
    ends = [
        line
        for line in lines
        if (line[-1:] in _ENDS or (line[-1:] == "。" and line[-2:-1].isdecimal()))
        and "\t" not in line
        and not line.isdecimal()
    ]
    if not ends:
        return lines
    for sign in _SIGNS:
        if sign in content and content.count(sign) >= _FEWEST and _may_part(ends, sign):
            lines = _part_by(lines, sign)
    return lines


def _may_part(lines: Sequence[str], sign: str) -> bool:
    """Whether any line that has the sign is a row of numbers."""
    return any(
        sign in line
        and (sign in ",;" or line.rstrip(sign + "。")[-1:].isdecimal())
        and _read(line, sign).numbers > 0
        for line in lines
    )


def _part_by(lines: list[str], sign: str) -> list[str]:
    parted: list[str] = []
    for inside, members in groupby(lines, key=lambda line: _may_be_row(line, sign)):
        run = list(members)
        parted += _part_run(run, sign) if inside else run
    return parted


def _may_be_row(line: str, sign: str) -> bool:
    """Whether a line can be a row of the table, a caption between two, or blank."""
    if not line or line.isspace():
        return True
    if "\t" in line or "|" in line or _NO_LABEL.intersection(line[:-1] if line[-1] == "。" else line):
        return False
    return sign in line or (len(line) <= _LONGEST and not is_heading_line(line))


def _part_run(lines: list[str], sign: str) -> list[str]:
    """The lines of a run with tabs where the run is a table, else as they are."""
    run, lines = lines, [line for line in lines if line.strip()]
    read = [_read(line, sign) if sign in line else _Line([line], -1) for line in lines]
    if not _is_table(read) or (sign == "," and (not _is_ragged(read) or _breaks_in_quotes(lines))):
        return run
    if sign in ",，" and any(_THOUSANDS.search(_QUOTED.sub("", line)) for line in lines if sign in line):
        return run
    form = load_page_words().form
    ascii_sign = sign in ",;"
    width = max(len(line.cells) for line in read)
    pad = ascii_sign and not any(line.endswith(sign) for line in lines)
    decimals = sign == ";" and any(_DECIMAL.fullmatch(cell) for line in read for cell in line.cells)
    parted = []
    for text, line in zip(lines, read):
        cells = line.cells
        blank = ascii_sign and "" in cells
        if len(cells) < 2 or not (blank or line.numbers > 0 or form.search(text)):
            parted.append(text)
            continue
        if decimals:
            cells = [cell.replace(",", ".") if _NUMBER.fullmatch(cell) else cell for cell in cells]
        parted.append("\t".join(cells + [""] * (width - len(cells) if pad else 0)))
    return parted


def _is_table(lines: Sequence[_Line]) -> bool:
    """Whether enough rows of numbers stand in the run, most rows have some, and labels of the form do."""
    counts = [line.numbers for line in lines if line.numbers > 0]
    if len(counts) < _FEWEST_ROWS and max(counts, default=0) < _MANY_NUMBERS:
        return False
    form = load_page_words().form
    return len({found.group() for line in lines for found in form.finditer("\n".join(line.cells))}) > 1


def _is_ragged(lines: Sequence[_Line]) -> bool:
    """Whether rows of commas come in lengths so different that they are not read as they are."""
    lengths = [(length, len(list(same))) for length, same in groupby(len(line.cells) for line in lines)]
    return any(count < 3 for length, count in lengths)


def _breaks_in_quotes(lines: Sequence[str]) -> bool:
    """Whether a quoted cell goes on in the line below: such a sheet is read whole, not line by line."""
    return any(line.count('"') % 2 for line in lines)


def _read(line: str, sign: str) -> _Line:
    cells = [cell.strip() for cell in _split(line.removesuffix("。"), sign)]
    if any(len(cell) > _LONGEST for cell in cells):
        return _Line([line], -1)
    number = _COUNT if sign in ",;" else _NUMBER
    first = next((at for at, cell in enumerate(cells) if _is_count(cell, number)), len(cells))
    if 0 < first < len(cells) and (led := _LED.fullmatch(cells[first - 1])):
        cells[first - 1 : first] = led.groups()  # （一）予以公开：9、2、0
    rest = cells[first:]
    if not all(not cell or number.fullmatch(cell) for cell in rest):
        return _Line([line], -1)
    return _Line(cells, len(rest))


def _is_count(cell: str, number: re.Pattern[str]) -> bool:
    """Whether a cell is a number, and not only a mark for none."""
    return any(map(str.isdecimal, cell)) and number.fullmatch(cell) is not None


def _split(line: str, sign: str) -> list[str]:
    """The cells of a line; a sign in brackets or quotation marks parts none."""
    if sign in ",;":
        if '"' not in line:
            return line.split(sign)
        import csv

        return next(csv.reader([line], delimiter=sign), [])
    if sign == "、":
        return _split_list(line)
    cells, depth = [""], 0
    for letter in line:
        depth += (letter in "（(") - (letter in "）)")
        if letter == sign and depth == 0:
            cells.append("")
        else:
            cells[-1] += letter
    return cells


def _split_list(line: str) -> list[str]:
    """The cells of a line parted by 、, which also stands inside labels and behind their numbers."""
    words = line.split("、")
    last = len(words)
    while last and _NUMBER.fullmatch(words[last - 1].strip()):
        last -= 1
    label = "、".join(words[:last])
    if last == len(words):  # a line of heads
        number = _NUMBERING.match(label)
        start = number.end() if number else 0
        cells = label[start:].split("、")
        return [label[:start] + cells[0], *cells[1:]]
    return [*_PARTS.split(label), *words[last:]] if label else words
