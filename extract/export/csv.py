"""CSV: one file a table, UTF-8 with a byte order mark (Excel needs it), RFC 4180 quoting, LF.

Texts stand as they are, also those that begin with = + - @: whoever opens the file in a spreadsheet should
import such columns as text, or take the export to xlsx, where no text is ever a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow.csv

from extract.export.plain import plain_batches, plain_schema
from extract.export.source import Sheet

BOM = b"\xef\xbb\xbf"


def write(sheets: Sequence[Sheet], folder: Path) -> dict[str, int]:
    """`NAME.csv` for each sheet; the rows of each. Null is an empty field, an empty text is \"\"."""
    return {sheet.name: write_csv(sheet, folder / f"{sheet.name}.csv") for sheet in sheets}


def write_csv(sheet: Sheet, path: Path) -> int:
    """One table as CSV; the number of its rows."""
    rows = 0
    with path.open("wb") as file:
        file.write(BOM)
        with pyarrow.csv.CSVWriter(file, plain_schema(sheet.schema)) as writer:
            for batch in plain_batches(sheet):
                writer.write_batch(batch)
                rows += len(batch)
    return rows
