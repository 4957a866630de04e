"""The one tokenizer: jieba's dictionary and algorithm with the project's own words, cut by rjieba.

rjieba is a binding of the same algorithm, some twenty times as fast; where Latin letters and digits stand
together it joins what jieba parts (`1-12`), which is why a model names its cutter.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any, Protocol

from extract.datafiles import read_words
from extract.words.dictionary import PartialCutter, open_dictionary

# One frequency for all our words: high enough that each is kept whole against its parts (the commonest
# part, 公开, has 5,600 in jieba's dictionary), the same in both cutters.
WORD_FREQUENCY = 20_000


class Cutter(Protocol):
    """What cuts text into words; words lie end to end, so their lengths give the offsets."""

    def add_words(self, words: Sequence[str], frequency: int, tag: str) -> None:
        """Make `words` some of the dictionary, with this frequency in place of what they may have there."""

    def cut(self, text: str) -> list[str]:
        """The words of `text` in order; joined they are `text`."""

    def cut_all(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text, in order."""

    def tag(self, text: str) -> list[tuple[str, str]]:
        """The words of `text`, each with what jieba says of its part of speech."""


class WholeCutter:
    """rjieba with its own dictionary, for where jieba's is another than the one that is known."""

    def __init__(self, cutter: Any) -> None:
        self._cutter = cutter
        self.cut = cutter.cut
        self.tag = cutter.tag

    def add_words(self, words: Sequence[str], frequency: int, tag: str) -> None:
        """As `Cutter` says."""
        for word in words:
            self._cutter.add_word(word, frequency, tag)

    def cut_all(self, texts: Sequence[str]) -> list[list[str]]:
        """As `Cutter` says."""
        return [self._cutter.cut(text) for text in texts]


@cache
def load_words() -> tuple[str, ...]:
    """The project's own words, sorted by code point."""
    lines = read_words("words.txt").split("\n")
    return tuple(line for line in lines if line)


@cache
def load_cutter() -> Cutter:
    """The cutter with the project's words, one a process."""
    jieba, dictionary = _load_extension().Jieba, open_dictionary()
    cutter: Cutter = WholeCutter(jieba()) if dictionary is None else PartialCutter(jieba.empty(), dictionary)
    cutter.add_words(load_words(), WORD_FREQUENCY, "n")
    return cutter


def _load_extension() -> ModuleType:
    """The compiled module of rjieba, without its package around it.

    The package makes a cutter of its own when imported: a second dictionary, 110 ms and 25 MiB, that others
    in the process may share and change. Ours is our own.
    """
    name = "rjieba.rjieba"
    if name not in sys.modules:
        package = find_spec("rjieba")
        places = package.submodule_search_locations if package else None
        if places is None or (spec := PathFinder.find_spec(name, places)) is None or spec.loader is None:
            raise ImportError("rjieba is not installed: it comes with gongkai", name="rjieba")
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
    return sys.modules[name]


def cut_words(text: str) -> list[str]:
    """The words of `text`, end to end.

    >>> cut_words("政务公开栏更新不够及时")
    ['政务公开栏', '更新', '不够', '及时']
    """
    return load_cutter().cut(text)


def describe_cutter() -> str:
    """Name and version of the cutter, and a digest of the words it was given: stands in every model."""
    import hashlib
    from importlib.metadata import version

    digest = hashlib.sha256("\n".join(load_words()).encode()).hexdigest()
    return f"rjieba {version('rjieba')} words {digest[:12]}"
