"""Digits that a picture's reader took for letters: 2O6 for 206, l4 for 14.

O beside a digit is nothing but nought. l and I may be 1 or a stroke that is no digit at all: they are read as
1 where the total of the row bears it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extract.report import Number
from extract.tables.plan import Places
from extract.tables.values import read_lookalike

_TOTAL = "total"


def settle_lookalikes(
    places: Places, raws: Sequence[str | None], values: Sequence[Number | None]
) -> Mapping[int, int]:
    """The numbers of the cells, by their place, in which letters stand for digits beyond doubt."""
    guessed = {
        at: number
        for at, (raw, value) in enumerate(zip(raws, values))
        if value is None and raw and (number := read_lookalike(raw)) is not None
    }
    if not guessed:
        return guessed
    rows: dict[tuple[str, str], list[int]] = {}
    for at, key in enumerate(zip(places.tables, places.rows)):
        rows.setdefault(key, []).append(at)
    settled: dict[int, int] = {}
    for cells in rows.values():
        inside = [at for at in cells if at in guessed]
        if inside and (_adds_up(places, cells, values, guessed) or all(_is_round(raws[at]) for at in inside)):
            settled.update((at, guessed[at]) for at in inside)
    return settled


def _is_round(raw: str | None) -> bool:
    """Whether all letters are O, beside a digit."""
    return raw is not None and not {"l", "I"} & set(raw) and any(map(str.isdecimal, raw))


def _adds_up(
    places: Places, cells: Sequence[int], values: Sequence[Number | None], guessed: Mapping[int, int]
) -> bool:
    """Whether the row has a total, and it is the sum of the others, with the guesses."""
    numbers = {places.columns[at]: guessed.get(at, values[at]) for at in cells}
    total = numbers.pop(_TOTAL, None)
    parts = [number for number in numbers.values() if number is not None]
    return total is not None and len(parts) == len(numbers) > 1 and total == sum(parts)
