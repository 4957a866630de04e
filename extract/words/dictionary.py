"""A cutter that holds of jieba's dictionary only the words that its texts can hold.

rjieba reads the whole dictionary when it is made: 350,000 words, a tenth of a second and 30 MiB. But a text
holds a word only where the word's first two characters stand side by side; of such words 2,000 reports have a
few ten thousand. So an empty cutter is given the words that begin as two characters of a text do, before it
is cut. What else counts in cutting is the sum of all frequencies: a word that no text can hold makes it up.
"""

from __future__ import annotations

import mmap
import threading
import zlib
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

# Of the dictionary that jieba 0.42 and rjieba 0.2 have alike: its checksum, and the frequencies summed up.
CHECKSUM = 0x1394096D
FREQUENCIES = 60_101_964
HOLDER = "\ue000\ue001"  # of private use, which the cutter always parts: it looks up no such word
MOST = 50_000  # pairs of characters that are kept: then the rest of the dictionary is given at once
_AT_ONCE = 8192  # words that are taken out of the dictionary together
_SHIFT = 21  # bits of a code point
_SLOTS = 16  # bits: of the table of pairs seen last
_MIX = np.uint64(0x9E3779B97F4A7C15)


class PartialCutter:
    """`cutter`, an empty one of rjieba, with the words of the file `dictionary` that a text may hold."""

    def __init__(self, cutter: Any, dictionary: mmap.mmap) -> None:
        self._cutter = cutter
        self._dictionary = dictionary
        self._keys, self._places = _index(dictionary)
        self._latest = np.zeros(2**_SLOTS, dtype=np.uint64)  # pairs of characters, each at its hash
        self._known: set[int] = set()  # all pairs so far
        self._left = FREQUENCIES
        self._whole = False  # whether all words are given
        self._lock = threading.Lock()  # words cannot be given to a cutter that is at work

    def add_words(self, words: Sequence[str], frequency: int, tag: str) -> None:
        """Make `words` some of the dictionary, with this frequency in place of what they may have there."""
        with self._lock:
            self._learn("\n".join(words))
            for word in words:
                self._cutter.add_word(word, frequency, tag)

    def cut(self, text: str) -> list[str]:
        """The words of `text` in order; joined they are `text`."""
        return self.cut_all([text])[0]

    def cut_all(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text, in order."""
        with self._lock:
            self._learn("\n".join(texts))
            return [self._cutter.cut(text) for text in texts]

    def tag(self, text: str) -> list[tuple[str, str]]:
        """The words of `text`, each with what jieba says of its part of speech."""
        with self._lock:
            self._learn(text)
            tagged: list[tuple[str, str]] = self._cutter.tag(text)
            return tagged

    def _learn(self, text: str) -> None:
        """Give the cutter the words that begin as two characters of `text` do, or are one of them."""
        if self._whole:
            return
        new = self._find_new(text)
        if not new:
            return
        if len(self._known) + len(new) > MOST:
            places = self._places.tolist()
            self._whole = True
            self._known.clear()
            self._keys = self._places = self._latest = np.zeros(0)
        else:
            self._known |= new
            alone = {pair >> _SHIFT << _SHIFT | ord(" ") for pair in new}  # a blank ends a word
            places = self._find(new | alone)
        for first in range(0, len(places), _AT_ONCE):
            self._left -= self._give(places[first : first + _AT_ONCE])
        self._cutter.add_word(HOLDER, self._left, "")

    def _find_new(self, text: str) -> set[int]:
        """The pairs of neighbouring characters that no text before had."""
        codes = np.frombuffer(f"{text}\n".encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        pairs = codes[:-1] << np.uint64(_SHIFT) | codes[1:]
        slots = pairs * _MIX >> np.uint64(64 - _SLOTS)
        fresh = np.flatnonzero(np.take(self._latest, slots) != pairs)
        self._latest[slots[fresh]] = pairs[fresh]
        return set(pairs[fresh].tolist()) - self._known

    def _find(self, pairs: Iterable[int]) -> list[int]:
        """The places in the dictionary of words that begin with a pair of characters."""
        begins = [(chr(pair >> _SHIFT) + chr(pair & (1 << _SHIFT) - 1)).encode() for pair in pairs]
        lows = np.array([int.from_bytes(one, "big") for one in begins], dtype=np.uint64)
        free = np.array([64 - 8 * len(one) for one in begins], dtype=np.uint64)  # bits of what may follow
        lows <<= free
        highs = lows + ((np.uint64(1) << free) - np.uint64(1))
        firsts, lasts = np.searchsorted(self._keys, lows), np.searchsorted(self._keys, highs, "right")
        held = firsts < lasts
        ranges = zip(firsts[held].tolist(), lasts[held].tolist())
        return [place for first, last in ranges for place in self._places[first:last].tolist()]

    def _give(self, places: Iterable[int]) -> int:
        """Give the cutter the words at `places` that it has not; the sum of their frequencies."""
        dictionary, has_word, add_word = self._dictionary, self._cutter.has_word, self._cutter.add_word
        lines = b" ".join([dictionary[place : dictionary.find(b"\n", place)] for place in places])
        fields = iter(lines.decode().split(" "))
        total = 0
        for word, frequency, tag in zip(fields, fields, fields):
            if not has_word(word):
                add_word(word, int(frequency), tag)
                total += int(frequency)
        return total


def _index(dictionary: mmap.mmap) -> tuple[Any, Any]:
    """The first eight bytes of each line as a number, sorted, and where each line begins."""
    characters = np.frombuffer(dictionary, dtype=np.uint8)
    ends = np.flatnonzero(characters == ord("\n"))
    places = np.zeros(len(ends), dtype=np.int32)
    np.add(ends[:-1], 1, out=places[1:], casting="unsafe")
    eight = np.ndarray((len(characters) - 7,), dtype=">u8", buffer=dictionary, strides=(1,))
    keys = eight[places].astype(np.uint64)
    order = np.argsort(keys, kind="stable")  # nearly so as it is
    return keys[order], places[order]


def open_dictionary() -> mmap.mmap | None:
    """jieba's dictionary, a word with frequency and tag a line; None where it is not the one known."""
    package = find_spec("jieba")
    if package is None or not package.submodule_search_locations:
        return None
    try:
        with (Path(package.submodule_search_locations[0]) / "dict.txt").open("rb") as file:
            dictionary = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None
    return dictionary if zlib.crc32(dictionary) == CHECKSUM else None
