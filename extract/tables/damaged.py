"""Labels of which some characters are lost, as a file in a damaged encoding has them: U+FFFD for each."""

from __future__ import annotations

from collections.abc import Iterable

from extract.fold import fold_label

LOST = "\ufffd"
_STAND_IN = "囗"  # a letter that no label has: what is no letter would be folded away
_FEWEST = 2  # characters that are left


def find_damaged(text: str, names: Iterable[str]) -> str | None:
    """The one of some folded labels that `text` is but for its lost characters; None where two are.

    >>> find_damaged("一、\ufffd然人", ["自然人", "总计"]), find_damaged("总\ufffd", ["总计", "总数"])
    ('自然人', None)
    """
    word = fold_label(text.replace(LOST, _STAND_IN)).flat
    if len(word) - word.count(_STAND_IN) < max(_FEWEST, len(word) / 2):
        return None
    fitting = {name for name in names if len(name) == len(word) and _fits(word, name)}
    return fitting.pop() if len(fitting) == 1 else None


def _fits(word: str, name: str) -> bool:
    return all(printed in (meant, _STAND_IN) for printed, meant in zip(word, name))
