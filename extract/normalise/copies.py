"""A report that was pasted twice into one file: the second copy is told from the text alone.

The copies need not end alike: page furniture, or the title of the second, may have been taken out before.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.report import Line, Omitted

_FIRST = 8  # lines from which the first copy may begin
_TRIES = 4  # places at which the second may begin: headings come again in a contents list
_LEAST = 400  # characters of a copy; a form that is repeated blank has its headings alone in common
_SLACK = 120  # characters of title, date and page furniture in which the copies may differ
_STEP = 4096


def find_copy(text: str, lines: Sequence[Line]) -> tuple[Omitted, ...]:
    """The lines of a second copy of the whole report, with the reason `copy`; nothing where there is none.

    >>> report = "".join(f"{number}、全年公开政府信息{number}条。\\n" for number in range(60))
    >>> find_copy(report, [Line(0, 13)])
    ()
    """
    for line in lines[:_FIRST]:
        words = text[line.start : line.end]
        if len(words) < 4:
            continue
        begin = line.start
        for _ in range(_TRIES):
            begin = text.find(f"\n{words}\n", max(begin, line.start + _LEAST)) + 1
            if not begin:
                break
            length = _count_equal(text, line.start, begin)
            if _is_copy(line.start, begin, length, len(text)):
                end = begin + length
                return tuple(
                    Omitted(one.start, one.end, "copy")
                    for one in lines
                    if begin <= one.start < one.end <= end
                )
    return ()


def _is_copy(start: int, begin: int, length: int, end: int) -> bool:
    """Whether what two places have in common is the whole report: up to the second, or to the text's end."""
    if length < _LEAST:
        return False
    return length >= begin - start - _SLACK or (
        begin + length >= end - _SLACK and length >= 0.5 * (begin - start)
    )


def _count_equal(text: str, first: int, second: int) -> int:
    """How many characters the text has in common from two places on."""
    count, step = 0, _STEP
    while step:
        here = text[second + count : second + count + step]
        if here and text[first + count : first + count + len(here)] == here:
            count += len(here)
        else:
            step //= 2
    return count
