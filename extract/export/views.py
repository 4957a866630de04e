"""The views that a database of the tables has beside them, from data/views.toml."""

from __future__ import annotations

from functools import cache

import msgspec

from extract.datafiles import read_as
from extract.report import Value


class View(Value, frozen=True, forbid_unknown_fields=True):
    """A view and the tables that it reads."""

    name: str
    needs: tuple[str, ...]
    zh: str
    en: str
    sql: str


class _Views(Value, frozen=True):
    views: tuple[View, ...] = msgspec.field(name="view")


@cache
def load_views() -> tuple[View, ...]:
    """data/views.toml; raises `BadData` naming the key that breaks the schema."""
    return read_as("views.toml", _Views).views


def quote(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
