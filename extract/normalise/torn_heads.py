"""Heads of a table that a page's end or a program tore into lines, told to be the form's in the form's order.

Where the rows of a table stand side by side, its heads come several times over, broken over lines that do not
begin together. The lines are believed to be those heads in the form's order where every word of theirs is a
part of one, in that order on each line, and nothing is missing; and the totals of the row below are sums of
what stands before them, which no other place of theirs would give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from msgspec.structs import replace

from extract.forms import FormTable, load_forms
from extract.normalise.furniture import Draft
from extract.patterns import late
from extract.report import Grid, Paragraph

_ROW = late(r"\s*(?:\d[\d,]*|[/—–-]+)(?:\s+(?:\d[\d,]*|[/—–-]+))+\s*")
_MOST_LINES = 12  # of heads and of the labels above them
_LONGEST = 200  # characters of a line of heads, its blanks aside
_MOST_TRIALS = 5_000  # words placed before the search is given up


class Heads(NamedTuple):
    """Heads of a table whose rows stand side by side; the labels over them, each with the row it begins."""

    leaves: tuple[str, ...]
    labels: dict[str, int]
    size: int  # heads of each row; the last is the total


def join_torn_heads(draft: Draft) -> Draft:
    """The draft, torn heads on one line below the labels that stood among them."""
    blocks: list[Grid | Paragraph] | None = None  # once a head was joined
    for first, row in _find_rows(draft.blocks):
        values = " ".join(one.text for one in row).split()
        above = draft.blocks[max(0, first - _MOST_LINES) : first]
        count, lines = _find_torn(above, values, apart=len(row) > 1)
        if count:
            blocks = list(draft.blocks) if blocks is None else blocks
            told = [Paragraph(line, wrapped=row[0].wrapped) for line in lines]
            last = row if len(row) == 1 else [Paragraph(" ".join(values), wrapped=row[0].wrapped)]
            blocks[first - count : first + len(row)] = [*told, *last]
    return draft if blocks is None else replace(draft, blocks=tuple(blocks))


def _find_rows(blocks: Sequence[Grid | Paragraph]) -> Iterator[tuple[int, list[Paragraph]]]:
    """The rows of numbers, the last first, each on a line or a number a line, and where each begins."""
    alone: list[Paragraph] = []  # paragraphs of one number behind the one at hand
    for at in range(len(blocks) - 1, 1, -1):
        block = blocks[at]
        if isinstance(block, Paragraph) and block.text.isdecimal():
            alone.append(block)
            continue
        if len(alone) in _sizes():
            yield at + 1, alone[::-1]
        alone = []
        if isinstance(block, Paragraph) and " " in block.text and _is_row(block.text):
            yield at, [block]


@cache
def _sizes() -> frozenset[int]:
    """How many numbers a row under torn heads may have."""
    return frozenset(len(heads.leaves) for heads in _list_heads())


def _is_row(line: str) -> bool:
    """Whether a line has nothing but numbers, and several."""
    return len(line) <= _LONGEST and _ROW.fullmatch(line) is not None


def _find_torn(
    above: Sequence[Grid | Paragraph], values: Sequence[str], *, apart: bool
) -> tuple[int, list[str]]:
    """How many of the blocks above a row are torn heads of any table, and the lines to put in their place.

    `apart`: the row's numbers stand in a line each, which is read under no heads but whole ones.
    """
    for heads in _list_heads():
        if len(values) == len(heads.leaves) and _adds_up(values, heads.size):
            count, lines = _find_parts(above, heads)
            told = apart or any(value != "0" for value in values)
            if lines and (told or _is_shattered(above[-count:])):
                return count, lines
    return 0, []


def _is_shattered(above: Sequence[Grid | Paragraph]) -> bool:
    """Whether most words are single letters: no heads that anything else could read."""
    words = [word for block in above if isinstance(block, Paragraph) for word in block.text.split()]
    return 2 * sum(len(word) == 1 for word in words) > len(words)


def _list_heads() -> Iterator[Heads]:
    """The heads of each table of any edition whose rows stand side by side."""
    tables = [table for form in load_forms() for table in form.tables if table.rows_across]
    seen: set[tuple[str, ...]] = set()
    for heads in map(_read_heads, tables):
        if heads.leaves not in seen:
            seen.add(heads.leaves)
            yield heads


def _read_heads(table: FormTable) -> Heads:
    rows = [row for band in table.bands for row in band.rows]
    columns = [column.label for column in table.bands[0].columns]
    labels: dict[str, int] = {}
    for number, row in enumerate(rows):
        labels[row.label] = number
        if row.group is not None:
            labels.setdefault(row.group, number)
    return Heads(tuple(columns) * len(rows), labels, len(columns))


def _adds_up(values: Sequence[str], size: int) -> bool:
    """Whether the last of each `size` numbers is the sum of the others, as noughts are in any order."""
    counts = [int(value.replace(",", "")) if value[0].isdigit() else 0 for value in values]
    rows = [counts[start : start + size] for start in range(0, len(counts), size)]
    told = any(counts) or all(value == "0" for value in values)
    return told and all(sum(row[:-1]) == row[-1] for row in rows)


def _find_parts(above: Sequence[Grid | Paragraph], heads: Heads) -> tuple[int, list[str]]:
    """How many of the blocks are parts of these heads, and the lines to put in their place."""
    words: list[list[str]] = []
    for block in reversed(above):
        if not isinstance(block, Paragraph) or len(block.text.split()) > len(heads.leaves) + len(
            heads.labels
        ):
            break
        words.insert(0, block.text.split())
        leaves = [[word for word in line if word not in heads.labels] for line in words]
        if len(words) > 1 and leaves[0] and _are_parts(leaves, heads.leaves):
            labels = [word for line in words for word in line if word in heads.labels]
            rest = above[: len(above) - len(words)]
            before = [block.text.split() for block in rest if isinstance(block, Paragraph)]
            if not _keep_order([*before, *words], heads.labels):
                break
            return len(words), [*(["  ".join(labels)] if labels else []), "  ".join(heads.leaves)]
    return 0, []


def _keep_order(lines: Sequence[Sequence[str]], labels: dict[str, int]) -> bool:
    """Whether the labels over the heads are all there, once, and in the form's order on each line."""
    found = [[word for word in line if word in labels] for line in lines]
    places = [[labels[word] for word in line] for line in found]
    named = [word for line in found for word in line]
    return sorted(named) == sorted(labels) and all(line == sorted(line) for line in places)


def _are_parts(lines: Sequence[Sequence[str]], heads: Sequence[str]) -> bool:
    """Whether the words are the heads broken over lines, each line from left to right, nothing left over."""
    if "".join(sorted("".join(map("".join, lines)))) != "".join(sorted("".join(heads))):
        return False
    words = [(word, number == 0) for line in lines for number, word in enumerate(line)]
    trials = iter(range(_MOST_TRIALS))
    return _place_words(words, 0, -1, ("",) * len(heads), heads, trials)


def _place_words(
    words: Sequence[tuple[str, bool]],
    at: int,
    last: int,
    done: tuple[str, ...],
    heads: Sequence[str],
    trials: Iterator[int],
) -> bool:
    """Whether the words from `at` on find heads, right of that numbered `last`; `done` is what heads have."""
    if at == len(words):
        return all(part == head for part, head in zip(done, heads, strict=True))
    word, begins = words[at]
    fitting = [
        number
        for number in range(0 if begins else last + 1, len(heads))
        if heads[number].startswith(done[number] + word)
    ]
    fitting.sort(key=lambda number: (done[number] != "", number))  # new heads before those begun
    for number in fitting:
        if next(trials, None) is None:
            return False
        placed = (*done[:number], done[number] + word, *done[number + 1 :])
        if _place_words(words, at + 1, number, placed, heads, trials):
            return True
    return False
