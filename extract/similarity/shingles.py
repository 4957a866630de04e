"""A text as the set of its runs of characters, each run a 64-bit number: the same on every machine."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
SIZE = 8  # characters a run; shorter ones are shared by texts that have only set phrases in common
_SEED = 20_190_515  # any fixed number: the day the Regulation of 2019 came into force


def shingle_hashes(text: str, size: int = SIZE) -> Hashes:
    """The distinct runs of `size` characters of `text` as sorted hashes, shape (runs,).

    A text shorter than a run is one run; an empty one has none. Two different runs share a hash with a
    probability of about 2^-64.

    >>> len(shingle_hashes("公开信息一百条公开信息一百条"))
    7
    """
    if size < 1:
        raise ValueError("a shingle has at least one character")
    if not text:
        return np.empty(0, dtype=np.uint64)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    return np.unique(hash_runs(codes, min(size, len(codes))))


def hash_runs(codes: Hashes, width: int) -> Hashes:
    """A hash for each run of `width` numbers, in order, shape (len(codes) - width + 1,), repeats kept."""
    runs = len(codes) - width + 1
    if runs < 1:
        return np.empty(0, dtype=np.uint64)
    hashes = np.full(runs, width, dtype=np.uint64)
    for place, factor in enumerate(_factors(width)):
        hashes += codes[place : place + runs] * factor
    return mix(hashes)


@cache
def _factors(width: int) -> Hashes:
    """An odd 64-bit factor a place in the run."""
    drawn = np.random.Generator(np.random.PCG64(_SEED)).integers(0, 2**64, size=width, dtype=np.uint64)
    return drawn | np.uint64(1)


def mix(hashes: Hashes) -> Hashes:
    """Each number spread over all 64 bits (the last step of splitmix64)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = hashes ^ (hashes >> np.uint64(31))
    return mixed
