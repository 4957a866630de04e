"""The views that a database of the tables has beside them, from data/views.toml."""

from __future__ import annotations

from functools import cache

import msgspec

from extract.datafiles import read_data
from extract.errors import BadData
from extract.report import Value


class View(Value, frozen=True, forbid_unknown_fields=True):
    """A view and the tables that it reads."""

    name: str
    needs: tuple[str, ...]
    zh: str
    en: str
    sql: str


@cache
def load_views() -> tuple[View, ...]:
    """data/views.toml; raises `BadData` naming the key that breaks the schema."""
    try:
        return msgspec.convert(read_data("views.toml")["view"], tuple[View, ...])
    except msgspec.ValidationError as error:
        raise BadData(f"data/views.toml: {error}") from error


def quote(text: str) -> str:
    """Text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
