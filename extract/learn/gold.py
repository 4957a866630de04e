"""Whole reports with what parse() must say of them: NAME.txt (or .html, .pdf …) beside NAME.json.

The JSON holds some or all of: agency, year, title, form, published, sections `[{"id", "heading"}, …]`, cells
`{"table.row.column": value}`, units, figures, findings that must be raised, and those that may (`may`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extract.errors import BadData, UnreadableFile
from extract.report import Report, Value

GOLD_FIELDS = frozenset(
    [
        *("agency", "year", "title", "form", "published", "sections", "cells", "units"),
        *("figures", "platforms", "findings", "may", "note", "layout", "source", "planted"),
        *("encoding", "file", "stretch"),
    ]
)


class GoldReport(Value, frozen=True):
    """One report file and what is expected of it; a field that is absent from `expected` is not scored."""

    name: str
    path: str
    expected: dict[str, Any]


def load_gold(folder: str | os.PathLike[str]) -> list[GoldReport]:
    """All gold reports of a folder and its subfolders, by name. Raises `BadData` naming file and field."""
    return sorted(_find_gold(Path(folder)), key=lambda gold: gold.name)


def _find_gold(folder: Path) -> Iterator[GoldReport]:
    for described in folder.rglob("*.json"):
        sources = [one for one in described.parent.glob(described.stem + ".*") if one.suffix != ".json"]
        if not sources:
            continue
        try:
            expected = json.loads(described.read_text("utf-8"))
        except ValueError as error:
            raise BadData(f"{described}: {error}") from error
        if unknown := set(expected) - GOLD_FIELDS:
            raise BadData(f"{described}: unknown field {sorted(unknown)[0]!r}")
        for source in sorted(sources):
            name = source.relative_to(folder).as_posix()
            yield GoldReport(name, str(source), expected)


def parse_gold(reports: list[GoldReport], model: Any = None) -> Iterator[tuple[GoldReport, Report | None]]:
    """Each gold report with what the program reads; None where it refuses to."""
    from extract.pipeline import parse
    from extract.progress import track

    for gold in track(reports, "reading the gold"):
        try:
            yield gold, parse(Path(gold.path), model=model)
        except UnreadableFile:
            yield gold, None
