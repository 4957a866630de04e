"""Patterns that speak for a theme (`[[sign]]` of `data/themes.toml`): columns of the model beside words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from extract.cues import load_labels, load_theme_cues, read_tables
from extract.errors import BadData
from extract.patterns import late

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAP = late(r"\{(publish|number)\}")


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pattern that speaks for `label`; gaps between its words are bounded, so that a text is read once."""

    label: str
    says: str
    pattern: str
    examples: tuple[str, ...]
    never: tuple[str, ...] = ()


@cache
def load_signs() -> tuple[tuple[Sign, re.Pattern[str]], ...]:
    """The signs in the order of their columns, compiled. Raises `BadData`, naming the entry."""
    raw = read_tables("themes.toml")
    words = {name: "(?:" + "|".join(map(re.escape, some)) + ")" for name, some in raw["sign_words"].items()}
    try:
        signs = msgspec.convert(raw["sign"], list[Sign])
        return tuple((sign, re.compile(GAP.sub(lambda gap: words[gap[1]], sign.pattern))) for sign in signs)
    except (msgspec.ValidationError, KeyError, re.error) as error:
        raise BadData(f"data/themes.toml: [[sign]]: {error}") from error


def count_columns() -> int:
    """How many columns `name_themes` has: the themes, then the signs."""
    return len(load_labels().themes) + len(load_signs())


def name_themes(texts: Sequence[str]) -> NDArray[Any]:
    """1 where the vocabulary finds a theme in a text, then where a sign is in it: `(texts, columns)`."""
    themes, vocabulary, signs = load_labels().themes, load_theme_cues(), load_signs()
    joined, starts = "\n".join((*texts, "")), [0, *accumulate(len(text) + 1 for text in texts)]
    cells = [
        (bisect_right(starts, hit.start) - 1, themes.index(vocabulary.cues[hit.cue].label))
        for hit in vocabulary.find(joined)
    ]
    for column, (_, pattern) in enumerate(signs, len(themes)):
        cells += [(row, column) for row in _find_rows(pattern, joined, starts)]
    named = np.zeros((len(texts), count_columns()), dtype=np.float32)
    if cells:
        named[tuple(zip(*cells))] = 1
    return named


def _find_rows(pattern: re.Pattern[str], joined: str, starts: Sequence[int]) -> Iterator[int]:
    """The numbers of the texts that hold a match; they lie in `joined`, each from its start to a line end.

    One search over all, since nearly none holds one; a match over a line end is looked for again within it.
    """
    at = 0
    while (found := pattern.search(joined, at)) is not None:
        row = bisect_right(starts, found.start()) - 1
        end = starts[row + 1] - 1
        if found.end() <= end or pattern.search(joined, starts[row], end) is not None:
            yield row
        at = starts[row + 1]
