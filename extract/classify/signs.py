"""Words that speak for a theme where they stand so: `[[sign]]` of `data/themes.toml`, columns of a model."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from ahocorasick_rs import AhoCorasick

from extract.classify.cues import load_labels, load_theme_cues, read_tables
from extract.errors import BadData
from extract.fold import fold_marks
from extract.patterns import late

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLACE = late(r"\{(publish|number)\}")


class Chain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the words `first`, and at once after it what `then` is a pattern of.

    Gaps in the pattern are bounded, so that a text is read once.
    """

    first: tuple[str, ...]
    then: str


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What speaks for `label`: one of the words, or one of the chains."""

    label: str
    says: str
    examples: tuple[str, ...]
    words: tuple[str, ...] = ()
    chains: tuple[Chain, ...] = ()
    never: tuple[str, ...] = ()


class Signs:
    """Signs compiled into one automaton of their first words; the rest of a chain is matched after them."""

    def __init__(self, signs: Sequence[Sign], words: dict[str, list[str]]) -> None:
        any_of = {name: "(?:" + "|".join(map(re.escape, some)) + ")" for name, some in words.items()}
        roles: dict[str, list[tuple[int, re.Pattern[str] | None]]] = {}
        for number, sign in enumerate(signs):
            for word in sign.words:
                roles.setdefault(word, []).append((number, None))
            for chain in sign.chains:
                then = late(PLACE.sub(lambda place: any_of[place[1]], chain.then))
                for word in _spell_out(chain.first, words):
                    roles.setdefault(word, []).append((number, then))
        self._roles = tuple(roles.values())
        self._automaton = AhoCorasick(list(roles))

    def find(self, joined: str, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The numbers of texts that hold a sign, and of the sign; `starts`: where texts begin in `joined`."""
        roles = self._roles
        for word, start, end in self._automaton.find_matches_as_indexes(joined, overlapping=True):
            after = bisect_right(starts, start)
            stop = starts[after] - 1
            for number, then in roles[word]:
                if then is None or then.match(joined, end, stop):
                    yield after - 1, number


def _spell_out(first: Iterable[str], words: dict[str, list[str]]) -> Iterator[str]:
    """The words that begin a chain, those that a place stands for among them."""
    for word in first:
        place = PLACE.fullmatch(word)
        yield from words[place[1]] if place else [word]


@cache
def load_signs() -> tuple[Sign, ...]:
    """The signs in the order of their columns. Raises `BadData`, naming the entry."""
    try:
        return tuple(msgspec.convert(read_tables("themes.toml")["sign"], list[Sign]))
    except (msgspec.ValidationError, KeyError) as error:
        raise BadData(f"data/themes.toml: [[sign]]: {error}") from error


@cache
def _compile_signs() -> Signs:
    try:
        return Signs(load_signs(), read_tables("themes.toml")["sign_words"])
    except KeyError as error:
        raise BadData(f"data/themes.toml: [sign_words]: {error}") from error


def count_columns() -> int:
    """How many columns `name_themes` has: the themes, then the signs."""
    return len(load_labels().themes) + len(load_signs())


def name_themes(texts: Sequence[str]) -> NDArray[Any]:
    """1 where the vocabulary finds a theme in a text, then where a sign is in it: `(texts, columns)`."""
    themes, vocabulary = load_labels().themes, load_theme_cues()
    columns = [themes.index(cue.label) for cue in vocabulary.cues]
    joined, starts = fold_marks("\n".join((*texts, ""))), [0, *accumulate([len(text) + 1 for text in texts])]
    cells = [(bisect_right(starts, at) - 1, columns[cue]) for at, _, cue in vocabulary.find_words(joined)]
    cells += [(row, len(themes) + number) for row, number in _compile_signs().find(joined, starts)]
    named = np.zeros((len(texts), count_columns()), dtype=np.float32)
    if cells:
        rows, found = zip(*cells)
        named[rows, found] = 1
    return named
