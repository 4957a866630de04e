"""Names and values in the XML of an OFD file, which makers write in several dialects."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

MAX_NUMBERS = 100_000  # of one value
_SHORT = 64  # characters of a value that is worth keeping
_NUMBER = re.compile(r"[-+]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})(?:[eE][-+]?\d{1,3})?")


def local_name(element: Any) -> str:
    """The name of an element without its namespace, of which there are several; "" of what is no element."""
    tag = element.tag
    return _cut_name(tag) if isinstance(tag, str) else ""


@lru_cache(1024)
def _cut_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def find_child(element: Any, name: str) -> Any | None:
    """The first child of that name."""
    return next(list_children(element, name), None)


def list_children(element: Any, name: str) -> Iterator[Any]:
    """The children of that name."""
    return (child for child in element if local_name(child) == name)


def read_numbers(value: str | None) -> Sequence[float]:
    """The numbers in a value, which blanks or commas part.

    >>> read_numbers("0 0 210 297"), read_numbers(None), read_numbers("10,-2.5")
    ((0.0, 0.0, 210.0, 297.0), (), (10.0, -2.5))
    """
    if not value:
        return ()
    return _parse_short(value) if len(value) < _SHORT else _parse_numbers(value)


def _parse_numbers(value: str) -> tuple[float, ...]:
    try:
        numbers = tuple(map(float, value.split()))
    except ValueError:
        numbers = tuple(float(found) for found in _NUMBER.findall(value[: 20 * MAX_NUMBERS]))
    return tuple([number if math.isfinite(number) else 0.0 for number in numbers[:MAX_NUMBERS]])


_parse_short = lru_cache(4096)(_parse_numbers)  # matrices and sizes are the same all over a page


def read_box(value: str | None) -> Sequence[float] | None:
    """Left, top, width and height in millimetres; None where they are no box of some size."""
    numbers = read_numbers(value)
    return numbers[:4] if len(numbers) >= 4 and min(numbers[2:4]) >= 1 and max(numbers[2:4]) < 1e5 else None


def is_off(element: Any, name: str) -> bool:
    """Whether an attribute that is true by default is false."""
    value = element.get(name)
    return value is not None and value.strip().lower() in ("false", "0")
