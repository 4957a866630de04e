"""The wording of data/check_words.toml: by what the rules on the narrative know what a figure is told of."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Literal

import msgspec

from extract.datafiles import read_words
from extract.errors import BadData
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
    try:
        entries = msgspec.convert(tomllib.loads(read_words("check_words.toml")), _Wordings).entries
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadData(f"data/check_words.toml: {error}") from error
    return {one.id: one for one in entries}


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
