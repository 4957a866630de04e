"""Numbers of a row that run into one another, parted where there is one way to part them.

    （一）予以公开12000012        →   （一）予以公开 12 0 0 0 0 0 12

So the text of a page comes from programs that put cells end to end. It is parted only where rows of noughts
show that every cell has a digit. Then as many digits as the row has cells are a number each, if the last is
the sum of the others. More digits are parted where of all ways that end in such a sum one alone agrees with
the sums of the columns. Rows of the first table have no sum: there noughts alone are sure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice, product
from typing import NamedTuple

from extract.forms import FormTable, load_forms
from extract.patterns import late
from extract.read.form_labels import Sizes, find_rows, find_sizes

_WORD = late(r"\S+")
_GLUED = late(r"(?P<label>\S*[^\s\d.．])?(?P<digits>\d{2,24})")
_FEWEST = 2  # rows of noughts that show that noughts are printed
_MOST = 100  # rows of two printings of the form; parting one may take 20 ms
_WAYS = 12  # of one row that are looked at
_TRIED = 1024  # ways of all rows together
_BALANCE = ("received", "carried_over", "total", "carried_forward")
_TORN = 8  # rows that can be parted, for each that cannot
_LONGEST = 9  # digits of a number


class _Run(NamedTuple):
    """Digits behind a label: their line and place there, and the cells of their row.

    `blocks`: the numbers of cells that end in their own sum, one block behind another; none where none does.
    `rows`: the rows of a form, by edition and id, that the label names in a table of rows one under another.
    """

    line: int
    start: int
    digits: str
    cells: int
    blocks: tuple[int, ...]
    rows: frozenset[tuple[str, str]] = frozenset()

    @property
    def is_single(self) -> bool:
        """Whether there is a digit for each cell."""
        return len(self.digits) == self.cells

    @property
    def is_nought(self) -> bool:
        return self.is_single and not self.digits.strip("0")


Numbers = tuple[str, ...]


def part_digits(lines: list[str], content: str) -> list[str]:
    """The lines, runs of digits behind labels of the form parted into the numbers of the row."""
    named = [part_labels(line) for line in lines]
    sizes = find_sizes(content)
    runs = [run for at, line in enumerate(named) for run in _find_runs(line, at, sizes)]
    if not _FEWEST <= len(runs) <= _MOST:
        return lines
    ways = {run: _part(run.digits, run.blocks) for run in runs if run.blocks}
    torn = sum(not each for each in ways.values())
    if sum(run.is_nought for run in runs) < _FEWEST or torn * _TORN > len(ways):
        return lines
    settled = _settle(ways)
    for run in reversed(runs):
        numbers = settled.get(run) or (tuple(run.digits) if run.is_nought else ())
        if numbers:
            line, end = named[run.line], run.start + len(run.digits)
            named[run.line] = f"{line[: run.start].rstrip()} {' '.join(numbers)}{line[end:]}"
    return named


def _settle(ways: Mapping[_Run, Sequence[Numbers]]) -> dict[_Run, Numbers]:
    """The numbers of the runs of which there is one way, all ways of the rows of a table taken together."""
    settled = {
        run: each[0] for run, each in ways.items() if len(each) == 1 and (run.is_single or not run.rows)
    }
    for form in load_forms():
        for table in form.tables:
            rows = [row.id for band in table.bands for row in band.rows]
            named = {
                next(iter(ids)): run
                for run in ways
                if len(ids := {ident for edition, ident in run.rows if edition == form.edition}) == 1
            }
            if named.keys() == set(rows):
                settled |= _agree([(named[ident], ways[named[ident]]) for ident in rows], rows)
    return settled


def _agree(ways: Sequence[tuple[_Run, Sequence[Numbers]]], rows: Sequence[str]) -> dict[_Run, Numbers]:
    """The one way to part all rows by which every column adds up; nothing where there is none or another."""
    tried = math.prod(len(each) for _, each in ways)
    if not 0 < tried <= _TRIED or any(len(each) > _WAYS for _, each in ways):
        return {}
    found = [chosen for chosen in product(*(each for _, each in ways)) if _adds_up(dict(zip(rows, chosen)))]
    return dict(zip((run for run, _ in ways), found[0])) if len(found) == 1 else {}


def _adds_up(numbers: Mapping[str, Numbers]) -> bool:
    """Whether what came in and what went out, and the outcomes and their total, agree in every column."""
    columns = {row: list(map(int, each)) for row, each in numbers.items()}
    received, carried, total, left = (columns.pop(row) for row in _BALANCE)
    outcomes = [sum(column) for column in zip(*columns.values())]
    balanced = all(one + two == three + four for one, two, three, four in zip(received, carried, total, left))
    return balanced and outcomes == total


def part_labels(line: str) -> str:
    """The line, labels of the form that run into one another parted by blanks.

    >>> part_labels("信息内容本年制发件数本年废止件数现行有效件数规章000")
    '信息内容 本年制发件数 本年废止件数 现行有效件数 规章000'
    """
    several, one = _label_patterns()
    return several.sub(lambda found: " ".join(one.findall(found.group())), line)


@cache
def _label_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Several labels of the form in one word, and one."""
    labels = {label for form in load_forms() for table in form.tables for label in _list_labels(table)}
    words = "|".join(map(_spell, sorted(labels, key=lambda label: (-len(label), label))))
    return re.compile(rf"(?<!\S)(?:{words}){{2,}}(?=\d*(?!\S))"), re.compile(words)


def _list_labels(table: FormTable) -> Iterator[str]:
    yield from (*table.corners, *table.spans, *table.subtotals)
    for band in table.bands:
        yield from (row.label for row in band.rows)
        yield from (column.label for column in band.columns)
        groups = [row.group for row in band.rows] + [column.group for column in band.columns]
        yield from filter(None, (band.label, *groups))


def _spell(label: str) -> str:
    """A pattern of the label, with signs of both widths."""
    return (
        re.escape(label)
        .replace("（", "[（(]")
        .replace("）", "[)）]")
        .replace("：", "[：:]")
        .replace("，", "[，,]")
    )


@cache
def _read_across() -> tuple[frozenset[str], int, int]:
    """Of the table whose rows stand side by side: the words over its sums, its rows, the cells of each."""
    table = next(table for form in load_forms() for table in form.tables if table.rows_across)
    (band,) = table.bands
    last = band.columns[-1]
    return frozenset((last.label, *last.variants)), len(band.rows), len(band.columns)


def _find_runs(line: str, at: int, sizes: Sizes) -> Iterator[_Run]:
    """The runs of digits of a line behind the labels of rows, or behind the header of the table across."""
    totals, rows, width = _read_across()
    seen, label = 0, ""
    for word in _WORD.finditer(line):
        found = _GLUED.fullmatch(word.group())
        label = (found["label"] or label) if found else word.group()
        seen += label in totals and not (found and not found["label"])
        if found is None:
            continue
        start = word.start() + found.start("digits")
        if seen == rows and label in totals:
            yield _Run(at, start, found["digits"], rows * width, (width,) * rows)
        elif size := _size(label, sizes):
            yield _Run(
                at, start, found["digits"], *size, frozenset((one, row) for one, _, row in _list_rows(label))
            )
        label = ""


@lru_cache(maxsize=1024)
def _list_rows(label: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((row.edition, row.table, row.id) for row in find_rows(label))


def _size(label: str, sizes: Sizes) -> tuple[int, tuple[int, ...]] | None:
    """The cells of the row that a label names, and its one block if the last of them is a sum."""
    named = {(row[1], sizes[row][0]) for row in _list_rows(label) if sizes.get(row)}
    if len(named) != 1:
        return None
    ((table, width),) = named
    return width, (width,) if table in _summed() else ()


@cache
def _summed() -> frozenset[str]:
    """The tables of which each row ends in its sum."""
    tables = [table for form in load_forms() for table in form.tables]
    return frozenset(one.id for one in tables if all(band.columns[-1].id == "total" for band in one.bands))


@lru_cache(maxsize=1024)
def _part(digits: str, blocks: tuple[int, ...]) -> tuple[Numbers, ...]:
    """The ways to part digits into blocks of so many numbers, each ending in its sum; not all of many."""
    return tuple(islice(_list_ways(digits, blocks), _WAYS + 1))


def _list_ways(digits: str, blocks: tuple[int, ...]) -> Iterator[Numbers]:
    if not blocks:
        if not digits:
            yield ()
        return
    first, *rest = blocks
    ends = range(first, len(digits) - sum(rest) + 1) if rest else (len(digits),)
    for end in ends:
        for block in _list_blocks(digits[:end], first):
            for others in _list_ways(digits[end:], tuple(rest)):
                yield (*block, *others)


def _list_blocks(digits: str, count: int) -> Iterator[Numbers]:
    """The ways to part digits into so many numbers of which the last is the sum of the others."""
    for length in range(1, min(_LONGEST, len(digits) - count + 1) + 1):
        last = digits[len(digits) - length :]
        if length == 1 or last[0] != "0":
            for parts in _list_parts(digits[: len(digits) - length], count - 1, int(last)):
                yield (*parts, last)


def _list_parts(digits: str, count: int, total: int) -> Iterator[Numbers]:
    """The ways to part digits into so many numbers with that sum."""
    if count == 0:
        if not digits and total == 0:
            yield ()
        return
    most = len(str(total))
    longest = 1 if digits[:1] == "0" else min(most, len(digits) - count + 1)
    for length in range(max(1, len(digits) - most * (count - 1)), longest + 1):
        number = digits[:length]
        if number and int(number) <= total:
            for others in _list_parts(digits[length:], count - 1, total - int(number)):
                yield (number, *others)
