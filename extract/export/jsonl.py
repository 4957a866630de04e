"""JSON lines: the reports as `gongkai parse` writes them, or named tables with one object a row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from extract.export.source import Sheet, Years

if TYPE_CHECKING:
    from extract.store import Store

_ENCODER = msgspec.json.Encoder()


def write_reports(store: Store, folder: Path, years: Years = None) -> dict[str, int]:
    """`reports.jsonl`: one object of the contract a report; `omitted` is empty, datasets do not keep it."""
    rows = 0
    with (folder / "reports.jsonl").open("wb") as file:
        for report in store.reports(years):
            file.write(report.to_json() + b"\n")
            rows += 1
    return {"reports": rows}


def write(sheets: Sequence[Sheet], folder: Path) -> dict[str, int]:
    """`NAME.jsonl` for each sheet, one object a row, lists as lists; the rows of each."""
    return {sheet.name: write_rows(sheet, folder / f"{sheet.name}.jsonl") for sheet in sheets}


def write_rows(sheet: Sheet, path: Path) -> int:
    """One table as JSON lines; the number of its rows."""
    rows = 0
    with path.open("wb") as file:
        for batch in sheet.batches():
            for row in batch.to_pylist():
                file.write(_ENCODER.encode(row) + b"\n")
            rows += len(batch)
    return rows
