"""Heads of columns that a program laid out as text, their parts one under another, put on one line.

    结果维 结果纠            →   结果维持  结果纠正  总计
      持     正   总计           17        53        70
      17     53    70

Parts belong together that stand over one another, in characters or in the columns of a terminal. That is
believed where as many heads come out as the row below has numbers, and no part stands over two; else the
lines stay as they are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from extract.patterns import late

_ROW = late(r"[\s\d０-９,，.．/／—–-]+")
_WORD = late(r"\S+")
_WIDE = frozenset("WF")
_LONGEST = 10  # characters of a part of a head
FEWEST = 5  # numbers in the row below; a row of labels and numbers is read by its labels
_MOST_LINES = 8  # of heads
_WIDEST = 600  # characters of a line
_MOST_BLANK = 3  # lines between heads, or between them and the row


class Stack(NamedTuple):
    """The parts of one head from bottom to top, and the stretch of the line that they take up."""

    start: int
    end: int
    parts: tuple[str, ...]


def join_stacked_heads(lines: Sequence[str]) -> list[str]:
    """The lines, heads over a row of numbers in one; the others of their lines are blank then."""
    joined = list(lines)
    for at, line in enumerate(lines):
        if "  " not in line or len(line) > _WIDEST or not _ROW.fullmatch(line) or len(line.split()) < FEWEST:
            continue
        above = _list_above(lines, at)
        for measure in (len, _columns):
            taken, stacks = _stack_up([lines[number] for number in above], len(line.split()), measure)
            if taken > 1:
                for number in above[:taken]:
                    joined[number] = ""
                joined[above[0]] = "  ".join("".join(reversed(stack.parts)) for stack in stacks)
                break
    return joined


def _list_above(lines: Sequence[str], at: int) -> list[int]:
    """The numbers of the lines above a row that may be heads, from the lowest up."""
    found: list[int] = []
    blank = 0
    for number in range(at - 1, -1, -1):
        line = lines[number]
        if not line.strip():
            blank += 1
            if blank > _MOST_BLANK:
                break
            continue
        if len(found) == _MOST_LINES or len(line) > _WIDEST or "。" in line or _ROW.fullmatch(line):
            break
        found.append(number)
        blank = 0
    return found


def _stack_up(lines: Sequence[str], wanted: int, measure: Callable[[str], int]) -> tuple[int, list[Stack]]:
    """How many of the lines, from the lowest up, make `wanted` heads, and these from left to right.

    None do where the line above would make more.
    """
    stacks: list[Stack] = []
    best: tuple[int, list[Stack]] = (0, [])
    for taken, line in enumerate(lines, 1):
        grown = _add_line(stacks, line, measure)
        if grown is None:
            break
        if len(grown) > wanted:
            return 0, []
        stacks = grown
        if len(stacks) == wanted:
            best = taken, stacks
    return best


def _add_line(stacks: Sequence[Stack], line: str, measure: Callable[[str], int]) -> list[Stack] | None:
    """The stacks with the words of the line above on them; None where a word stands over two of them.

    Nor where it says what stands under it: a head that goes over several lines is printed in each of them.
    """
    grown = list(stacks)
    for found in _WORD.finditer(line):
        if len(found.group()) > _LONGEST:
            return None
        start = measure(line[: found.start()])
        end = start + measure(found.group())
        under = [stack for stack in grown if stack.start < end and start < stack.end]
        if len(under) > 1 or any(stack not in stacks for stack in under):
            return None
        if under and under[0].parts[-1] == found.group():
            return None
        for stack in under:
            grown.remove(stack)
        parts = (*(under[0].parts if under else ()), found.group())
        grown.append(
            Stack(min([start, *(s.start for s in under)]), max([end, *(s.end for s in under)]), parts)
        )
    return sorted(grown)


def _columns(text: str) -> int:
    """The columns that a text takes up on a terminal."""
    return len(text) + sum(map(_WIDE.__contains__, map(unicodedata.east_asian_width, text)))
