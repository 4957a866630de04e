"""What a reading asks of the numbers of a table: yes-or-no questions, kept so that they can be asked again.

While labels are read the numbers are hidden; a question alone sees them. A reading made for one report
serves another of the same outline if all its questions have the same answers there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from extract.tables.rows import Piece
from extract.tables.values import read_lookalike, read_value, shown

Question = Callable[[Sequence[str], tuple[str, ...]], bool]


class Asked(NamedTuple):
    """A question, the names of its numbers, the pieces they stand in, and the answer."""

    question: Question
    names: tuple[str, ...]
    pieces: tuple[Piece, ...]
    answer: bool


def ask(question: Question, names: Sequence[str], pieces: Sequence[Piece], asked: list[Asked]) -> bool:
    """The answer; question and answer are added to `asked`."""
    answer = question([shown(piece.text) for piece in pieces], tuple(names))
    asked.append(Asked(question, tuple(names), tuple(pieces), answer))
    return answer


def add_up(texts: Sequence[str], names: tuple[str, ...]) -> bool:
    """Whether each total that has a place is printed and is the sum of the numbers, blanks as nothing.

    Names may name a row too (`row|column`): each row has its total.
    """
    groups: dict[str, dict[str, str]] = {}
    for name, text in zip(names, texts, strict=True):
        row, _, column = name.rpartition("|")
        groups.setdefault(row, {})[column] = text
    return all(_sums(group) for group in groups.values() if any(group.values()))


def _sums(texts: dict[str, str]) -> bool:
    if not texts.get("total"):
        return False
    if all(text.isdecimal() or not text for text in texts.values()):
        whole = {name: int(text or 0) for name, text in texts.items()}
        return whole.pop("total") == sum(whole.values())
    values = {name: read_value(text).value or read_lookalike(text) or 0 for name, text in texts.items()}
    return values.pop("total") == sum(values.values())


def end_in_middle(texts: Sequence[str], _: tuple[str, ...]) -> bool:
    """Whether all are numbers, one nought, and the last less than the sum of those before it: no total.

    Where no nought is printed empty cells may have left no trace, and a total may be wrong.
    """
    known = [value for value in (read_value(text).value for text in texts) if value is not None]
    return len(known) == len(texts) > 1 and 0 in known and known[-1] < sum(known[:-1])


def say_the_same(texts: Sequence[str], _: tuple[str, ...]) -> bool:
    """Whether no two of the texts differ, blanks aside."""
    return len({text for text in texts if text}) < 2


def are_above_nought(texts: Sequence[str], _: tuple[str, ...]) -> bool:
    """Whether a number is not nought, so that its total says something."""
    return any(text.strip("0") for text in texts)


def balance(texts: Sequence[str], names: tuple[str, ...]) -> bool:
    """Whether in every column the first two rows, by name, are together what the other two are."""
    rows: dict[str, list[int]] = {}
    for name, text in zip(names, texts, strict=True):
        if not text.isdecimal():
            return False
        rows.setdefault(name, []).append(int(text))
    if len(rows) != 4 or len(set(map(len, rows.values()))) > 1:
        return False
    return all(one + two == three + four for one, two, three, four in zip(*rows.values()))


def count_up(texts: Sequence[str], _: tuple[str, ...]) -> bool:
    """Whether the texts are numbers one after another, as over columns that are counted: 1 2 3 4 5 6 7."""
    first = int(texts[0]) if texts[0].isdecimal() else 0
    return first > 0 and [*texts] == [str(first + at) for at in range(len(texts))]
