"""Vocabularies with exceptions: what the words of `data/kinds.toml` and `data/themes.toml` speak for.

A cue's word counts where it stands, save inside a longer exception (`except`: 补齐短板 is no 短板) and in
a clause that holds one of its `unless` words (防止…泄密 tells of no leak).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

import msgspec
from ahocorasick_rs import AhoCorasick

from extract.datafiles import read_data
from extract.errors import BadData
from extract.patterns import late

CLAUSE_END = late(r"[，。；！？：,;!?:\n]")


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that speak for one label, with `weight`; `sections` limits where they do (empty: everywhere)."""

    label: str
    words: tuple[str, ...]
    weight: float = 1.0
    except_: tuple[str, ...] = msgspec.field(default=(), name="except")
    unless: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A word of cue number `cue` at `start:end` of the text, in clause number `clause`."""

    cue: int
    start: int
    end: int
    clause: int


class Vocabulary:
    """Cues compiled into one automaton: a text is read once, whatever the number of words."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self.cues = tuple(cues)
        self.told = tuple([(cue.label, cue.weight) for cue in self.cues])
        roles: dict[str, list[tuple[int, str]]] = {}
        for number, cue in enumerate(self.cues):
            for role, words in (("word", cue.words), ("except", cue.except_), ("unless", cue.unless)):
                for word in words:
                    roles.setdefault(word, []).append((number, role))
        self._roles = tuple(roles.values())
        self._automaton = AhoCorasick(list(roles)) if roles else None
        self._longest = max((len(word) for cue in self.cues for word in cue.except_), default=0)

    def find(self, text: str, ends: Sequence[int] | None = None) -> list[Hit]:
        """The hits in `text` by position, exceptions taken out; `ends` are its `clause_ends`, where known."""
        words = self.find_words(text, ends)
        if not words:
            return []
        ends = clause_ends(text) if ends is None else ends
        return [Hit(cue, start, end, bisect_right(ends, start)) for start, end, cue in sorted(words)]

    def find_words(self, text: str, ends: Sequence[int] | None = None) -> list[tuple[int, int, int]]:
        """Start, end and cue of each hit, by where they end; `ends` as for `find`."""
        if self._automaton is None:
            return []
        words: list[tuple[int, int, int]] = []
        covers: dict[int, tuple[list[int], list[int]]] = {}  # cue → the starts of its exceptions, their ends
        bars: list[tuple[int, int]] = []
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for cue, role in self._roles[pattern]:
                if role == "word":
                    words.append((start, end, cue))
                elif role == "except":
                    starts, stops = covers.setdefault(cue, ([], []))
                    starts.append(start)
                    stops.append(end)
                else:
                    bars.append((cue, start))
        if words and bars:
            ends = clause_ends(text) if ends is None else ends
            barred: dict[int, set[int]] = {}  # cue → the clauses where it does not count
            for cue, at in bars:
                barred.setdefault(cue, set()).add(bisect_right(ends, at))
            words = [
                one
                for one in words
                if one[2] not in barred or bisect_right(ends, one[0]) not in barred[one[2]]
            ]
        if covers:
            words = [
                one
                for one in words
                if (cover := covers.get(one[2])) is None or not self._covered(one[0], one[1], *cover)
            ]
        return words

    def _covered(self, start: int, end: int, starts: Sequence[int], ends: Sequence[int]) -> bool:
        """Whether a span holds `start:end`; spans lie by their ends, as the automaton finds them."""
        place, last = bisect_left(ends, end), start + self._longest
        while place < len(ends) and ends[place] <= last:
            if starts[place] <= start:
                return True
            place += 1
        return False

    def labels(self, text: str) -> set[str]:
        """The labels that any word of `text` speaks for."""
        return {self.cues[hit.cue].label for hit in self.find(text)}


def clause_ends(text: str) -> list[int]:
    """Where each clause of `text` ends, after its punctuation."""
    return [match.end() for match in CLAUSE_END.finditer(text)]


@lru_cache(2)
def read_tables(name: str) -> dict[str, Any]:
    """All that `data/name` says; the last two are kept, since their tables are asked for one by one."""
    return read_data(name)


def read_cues(name: str, table: str) -> tuple[Cue, ...]:
    """The entries `[[table]]` of `data/name`. Raises `BadData`, naming file and entry."""
    raw = read_tables(name)
    try:
        return tuple(msgspec.convert(raw[table], list[Cue]))
    except (msgspec.ValidationError, KeyError) as error:
        raise BadData(f"data/{name}: [[{table}]]: {error}") from error


@cache
def _read_kind_cues() -> tuple[Cue, ...]:
    return read_cues("kinds.toml", "cue")


@cache
def load_kind_cues() -> Vocabulary:
    """What the words of a unit say of its kind."""
    return Vocabulary(_read_kind_cues())


@cache
def load_kind_cues_of(section: str) -> Vocabulary:
    """What the words of a unit say of its kind in this section: half of the words speak in 五、 alone."""
    cues = _read_kind_cues()
    return _compile_some(
        tuple([number for number, cue in enumerate(cues) if not cue.sections or section in cue.sections])
    )


@cache
def _compile_some(numbers: tuple[int, ...]) -> Vocabulary:
    cues = _read_kind_cues()
    return Vocabulary([cues[number] for number in numbers])


@cache
def load_heading_cues() -> Vocabulary:
    """What the words of a heading say of the kind of the units under it: a hint."""
    return Vocabulary(read_cues("kinds.toml", "heading"))


@cache
def load_theme_cues() -> Vocabulary:
    """What the words of a problem or measure say of its themes."""
    return Vocabulary(read_cues("themes.toml", "cue"))


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ids of kinds and themes, in the order of every score vector."""

    kinds: tuple[str, ...]
    themes: tuple[str, ...]


@cache
def load_labels() -> Labels:
    """The ids of `data/labels.toml`."""
    raw = read_data("labels.toml")
    return msgspec.convert(raw, Labels)
