"""Rows of pipes whose label stands on a line above its numbers, made whole again.

    行政许可 |      →   行政许可 | 12 | ||
    12 | ||

So pages are copied where a label is a paragraph within its cell and the numbers are none.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.patterns import late

_FEWEST = 2  # such rows in a text
_NUMBERS = late(r"\s*[-+]?\d[\d.,]*\s*\|[^|]*\|")  # more than one cell, of which the first is a number
_LABEL = late(r"\s*(?:\|\s*)?[^|]{0,60}[^|\s\d.,+-][^|]{0,60}\|\s*")


def join_lone_labels(lines: list[str]) -> list[str]:
    """The lines, labels that stand alone before a row of numbers put at its head."""
    below = [at for at in range(1, len(lines)) if _is_parted(lines, at)]
    if len(below) < _FEWEST:
        return lines
    joined = list(lines)
    for at in reversed(below):
        joined[at - 1 : at + 1] = [f"{lines[at - 1].rstrip()} {lines[at]}"]
    return joined


def _is_parted(lines: Sequence[str], at: int) -> bool:
    """Whether a line is a row of numbers alone, and the one above it a label alone."""
    if "|" not in lines[at] or not lines[at - 1].rstrip().endswith("|"):
        return False
    return _NUMBERS.match(lines[at]) is not None and _LABEL.fullmatch(lines[at - 1]) is not None
