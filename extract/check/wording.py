"""The wording of data/check_words.toml: by what the rules on the narrative know what a figure is told of."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

import msgspec

from extract.datafiles import read_as
from extract.patterns import late
from extract.report import Value


class Wording(Value, frozen=True, gc=False):
    """A pattern in verbose notation, with what it does and does not find.

    `then` names the entry whose pattern follows, `first` matches the characters that a match can begin with.
    """

    id: str
    says: str
    pattern: str
    examples: tuple[str, ...]
    never: tuple[str, ...]
    then: str | None = None
    first: str | None = None
    fit: Literal["anywhere", "start", "whole"] = "anywhere"


class _Wordings(Value, frozen=True):
    entries: tuple[Wording, ...] = msgspec.field(name="wording")


@cache
def load_wordings() -> dict[str, Wording]:
    """The entries by their ids. Raises `BadData` naming the entry and the key that break the schema."""
    return {one.id: one for one in read_as("check_words.toml", _Wordings).entries}


def wording(entry: str) -> re.Pattern[str]:
    """The pattern of an entry, read and compiled when it is first searched for."""
    return late(lambda: _source_of(entry), re.VERBOSE)


def first_of(entry: str) -> re.Pattern[str]:
    """The characters that a match of an entry can begin with."""
    return late(lambda: load_wordings()[entry].first or ".", re.DOTALL)


def _source_of(entry: str) -> str:
    known = load_wordings()
    found = known[entry]
    return f"(?:{found.pattern})(?:{known[found.then].pattern})" if found.then else found.pattern
