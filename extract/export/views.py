"""The views that a database of the tables has beside them, from data/views.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

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
    content = files("extract").joinpath("data", "views.toml").read_text("utf-8")
    try:
        return msgspec.convert(tomllib.loads(content)["view"], tuple[View, ...])
    except msgspec.ValidationError as error:
        raise BadData(f"data/views.toml: {error}") from error
