"""The files under `extract/data`: what the rules know, as text or as TOML.

Read by path: `importlib.resources` brings zipfile and tempfile with it, a tenth of what one report costs. By
tomli, which is the standard library's `tomllib` compiled: reading the files is a tenth of a cold command.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, TypeVar

import tomli

T = TypeVar("T")
FOLDER = Path(__file__).resolve().parent / "data"


# What no report is read by: what is reckoned from rows that are there, and how they are shown.
NO_RULES = frozenset(
    (
        *("agency_columns.toml", "agency_types.toml", "compare.html", "corpus_card.md", "indicators.toml"),
        *("masking.toml", "model_card.md", "panel.toml", "panel_page.toml", "places.tsv", "quality.toml"),
        *("regions.toml", "short_names.toml", "store.toml", "views.toml", "wording.toml"),
    )
)


def read_words(name: str) -> str:
    """The text of a data file."""
    return (FOLDER / name).read_text(encoding="utf-8")


def read_data(name: str) -> dict[str, Any]:
    """What a TOML file says, uncached."""
    return tomli.loads(read_words(name))


def read_as(name: str, type_: type[T]) -> T:
    """What a TOML file says, as the type that is its schema; `BadData` as of `parse_as`."""
    return parse_as(read_words(name), type_, name)


def parse_as(source: str, type_: type[T], name: str) -> T:
    """What TOML says, as a type. Raises `BadData` naming the file, the entry and the key that break it."""
    import msgspec

    from extract.errors import BadData

    try:
        return msgspec.convert(tomli.loads(source), type_)
    except (tomli.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadData(f"data/{name}: {error}") from error


def digest_rules() -> str:
    """The same as long as no data file that a report is read by is another; 2 ms."""
    found = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file() and path.name not in NO_RULES and not path.name.startswith("."):
            content = path.read_bytes()
            found.update(f"{path.relative_to(FOLDER).as_posix()} {len(content)}\n".encode())
            found.update(content)
    return found.hexdigest()[:16]
