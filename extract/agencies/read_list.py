"""A table of the user's (CSV, TSV, Excel, Parquet, Stata) → rows as plain dicts, one of them in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from extract.errors import BadData
from extract.user_files import decode_text, find_delimiter, read_sheet

Rows = list[dict[str, Any]]


def read_list(path: str) -> Rows:
    """The rows of the file, in order, keyed by column; `BadData` where it cannot be read."""
    reader = READERS.get(Path(path).suffix.lower())
    if reader is None:
        raise BadData(f"{path}: no table known by this ending; there are: {', '.join(READERS)}")
    try:
        return reader(path)
    except OSError as error:
        raise BadData(f"{path}: {error.strerror or error}") from error
    except (ValueError, KeyError, csv.Error) as error:  # pyarrow, pandas and zipfile say so by ValueError
        raise BadData(f"{path}: cannot be read as a table: {error}") from error


def _read_csv(path: str) -> Rows:
    text = decode_text(Path(path).read_bytes(), path)
    lines = io.StringIO(text, newline="")
    return [
        {str(key): value for key, value in row.items() if key is not None}
        for row in csv.DictReader(lines, delimiter=find_delimiter(text))
    ]


def _read_xlsx(path: str) -> Rows:
    header, *rows = list(read_sheet(path, path)) or [()]
    names = [str(name) if name is not None else "" for name in header]
    kept = [row for row in rows if any(value is not None for value in row)]
    return [{name: value for name, value in zip(names, row) if name} for row in kept]


def _read_parquet(path: str) -> Rows:
    import pyarrow.parquet

    rows: Rows = pyarrow.parquet.read_table(path).to_pylist()
    return rows


def _read_dta(path: str) -> Rows:
    import pandas

    frame = pandas.read_stata(path, convert_categoricals=False)
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


READERS: dict[str, Callable[[str], Rows]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".txt": _read_csv,
    ".xlsx": _read_xlsx,
    ".parquet": _read_parquet,
    ".dta": _read_dta,
}
