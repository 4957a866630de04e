"""One table → one file, by the ending of its name: .csv, .jsonl, .parquet or .xlsx; whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from extract.export.folder import CannotExport
from extract.export.source import Sheet


def write_answer(sheet: Sheet, path: Path) -> int:
    """The number of rows written. Raises `CannotExport` where the file cannot be written."""
    temporary = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        rows: int = _WRITERS[path.suffix](sheet, temporary)
        os.replace(temporary, path)
        return rows
    except OSError as error:
        raise CannotExport(f"{path}: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _write_csv(sheet: Sheet, path: Path) -> int:
    from extract.export.csv import write_csv

    return write_csv(sheet, path)


def _write_jsonl(sheet: Sheet, path: Path) -> int:
    from extract.export.jsonl import write_rows

    return write_rows(sheet, path)


def _write_parquet(sheet: Sheet, path: Path) -> int:
    import pyarrow.parquet as pq

    rows = 0
    with pq.ParquetWriter(path, sheet.schema, compression="zstd") as writer:
        for batch in sheet.batches():
            writer.write_batch(batch)
            rows += len(batch)
    return rows


def _write_xlsx(sheet: Sheet, path: Path) -> int:
    import xlsxwriter

    from extract.export.plain import plain_rows
    from extract.export.xlsx import OPTIONS, Cuts, write_notes, write_table

    cut = Cuts()
    with xlsxwriter.Workbook(path, OPTIONS) as book:
        rows = write_table(book, sheet.name, sheet.schema.names, plain_rows(sheet), cut)
        write_notes(book, cut)
    return rows


_WRITERS: dict[str, Any] = {
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".parquet": _write_parquet,
    ".xlsx": _write_xlsx,
}
