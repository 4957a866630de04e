"""New, unlabelled reports as units: from files of any format, or from what `gongkai parse` wrote."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from extract.errors import BadData
from extract.learn.corpus import UnitRow
from extract.report import Report, Unit

PARSED = (".jsonl", ".ndjson")


class ParsedUnit(msgspec.Struct, frozen=True):
    """The fields of a parsed report that are needed here; others are passed over."""

    id: str
    section: str
    path: tuple[str, ...]
    marker: str | None
    text: str
    start: int
    end: int


class ParsedReport(msgspec.Struct, frozen=True):
    """A line of `gongkai parse`."""

    id: str
    agency: str | None
    year: int | None
    units: tuple[ParsedUnit, ...]


def read_incoming(files: Iterable[str | os.PathLike[str]]) -> list[UnitRow]:
    """The units of new reports, as rows without labels (kind and themes empty).

    Raises `BadData` where a line is not of `gongkai parse`, or no file has any unit; `UnreadableFile` where
    a file cannot be read.
    """
    rows: list[UnitRow] = []
    for file in files:
        path = Path(file)
        if path.suffix in PARSED:
            content = path.read_bytes().removeprefix(BOM_UTF8)
            for number, line in enumerate(content.split(b"\n"), 1):
                if line.strip():
                    rows += _from_parsed(line, f"{path}:{number}")
        else:
            rows += _from_report(path)
    if not rows:
        raise BadData("no units in the new reports")
    return rows


def _from_parsed(line: bytes, where: str) -> list[UnitRow]:
    try:
        report = msgspec.json.decode(line, type=ParsedReport)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadData(f"{where}: {error}") from error
    return _as_rows(report.id, report.agency, report.year, report.units)


def _from_report(path: Path) -> list[UnitRow]:
    from extract.pipeline import parse

    report: Report = parse(path)
    return _as_rows(report.id, report.agency, report.year, report.units)


def _as_rows(
    name: str, agency: str | None, year: int | None, units: Sequence[ParsedUnit | Unit]
) -> list[UnitRow]:
    shared = {"report_id": name, "agency": agency or "", "level": "", "year": year or 0, "hand": "own"}
    rows = []
    for number, unit in enumerate(units, 1):
        row = {
            "id": f"{name}-{number:03d}",
            **shared,
            "part": "main",
            "section": unit.section,
            "path": unit.path,
            "marker": unit.marker,
            "text": unit.text,
            "start": unit.start,
            "end": unit.end,
            "kind": "",
            "themes": (),
            "hard": False,
            "source": "own",
        }
        rows.append(msgspec.convert(row, UnitRow))
    return rows
