"""The names of China's provinces, cities and counties, from data/places.tsv, and where they stand in a text.

Names of townships and villages are in no list; `extract.similarity.mask` knows them by their endings.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import tomli

from extract.datafiles import read_words


class Place(NamedTuple):
    """A place by its full name; `within` are the places that a place of this name lies or lay in."""

    name: str
    level: str  # province | city | county; the highest where the name stands for several
    within: frozenset[str]


class Mention(NamedTuple):
    """A place named in a text, offsets in code points, end exclusive."""

    start: int
    end: int
    place: Place


@cache
def load_masking() -> Mapping[str, frozenset[str]]:
    """The lists of data/masking.toml."""
    source = read_words("masking.toml")
    return {name: frozenset(words) for name, words in tomli.loads(source).items()}


@cache
def load_places() -> Mapping[str, Place]:
    """Full name → place; namesakes are one entry with all that they lie in.

    >>> sorted(load_places()["新密市"].within)
    ['河南省', '郑州市']
    """
    source = read_words("places.tsv")
    places: dict[str, Place] = {}
    everyday = load_masking()["everyday_places"]
    order = ("province", "city", "county")
    for line in source.splitlines():
        name, level, within = line.split("\t")
        known = places.get(name)
        above = frozenset(within.split()) | (known.within if known else frozenset())
        level = min(level, known.level, key=order.index) if known else level
        if name not in everyday:
            places[name] = Place(name, level, above)
    return places


@cache
def _automaton() -> tuple[Any, tuple[Place, ...]]:
    import ahocorasick_rs

    places = tuple(load_places().values())
    names = [place.name for place in places]
    kind = ahocorasick_rs.MatchKind.LeftmostLongest
    return ahocorasick_rs.AhoCorasick(names, matchkind=kind), places


def find_places(text: str) -> list[Mention]:
    """The provinces, cities and counties named in `text`, in text order; of two that overlap the first.

    >>> [(one.start, one.place.name) for one in find_places("在河南省新密市岳村镇")]
    [(1, '河南省'), (4, '新密市')]
    """
    automaton, places = _automaton()
    return [
        Mention(start, end, places[number]) for number, start, end in automaton.find_matches_as_indexes(text)
    ]
