"""A masked text as words, and as hashed runs of words: what is copied is copied in longer runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extract.similarity.mask import masked
from extract.similarity.shingles import Hashes, hash_runs
from extract.words import cut_words


def masked_words(text: str, agency: str | None) -> list[str]:
    """The words of the masked text, marks left out.

    >>> masked_words("我镇2023年公开信息140条。", None)
    ['Ａ', 'Ｎ', '年', '公开', '信息', 'Ｎ', '条']
    """
    return [word for word in cut_words(masked(text, agency)) if word[0].isalnum()]


class UnitWords(NamedTuple):
    """The words of some units as numbers, one after the other; `ends` has a 0 first, then the end of each."""

    codes: Hashes
    ends: NDArray[np.int64]


def unit_words(texts: Sequence[str], agency: str | None) -> UnitWords:
    """The masked words of each text as numbers, the same number for the same word on every machine."""
    words = [masked_words(text, agency) for text in texts]
    codes = np.array([_code(word) for one in words for word in one], dtype=np.uint64)
    return UnitWords(codes, np.cumsum([0, *map(len, words)], dtype=np.int64))


def runs_of(words: UnitWords, size: int) -> tuple[Hashes, NDArray[np.int64]]:
    """A hash for each run of `size` words within a unit, and the number of that unit; repeats kept."""
    hashes = hash_runs(words.codes, size)
    starts = np.arange(len(hashes), dtype=np.int64)
    units = np.searchsorted(words.ends, starts, side="right") - 1
    within = starts + size <= words.ends[np.minimum(units + 1, len(words.ends) - 1)]
    return hashes[within], units[within]


def are_in(hashes: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """For each hash whether it is among the sorted `known`.

    >>> are_in(np.array([3, 4], dtype=np.uint64), np.array([1, 3], dtype=np.uint64)).tolist()
    [True, False]
    """
    if not len(known):
        return np.zeros(len(hashes), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    found: NDArray[np.bool_] = known[places] == hashes
    return found


@lru_cache(maxsize=200_000)
def _code(word: str) -> int:
    """A number for a word, the same on every machine."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
