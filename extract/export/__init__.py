"""A dataset folder → files for other programs: CSV, Excel, Stata, DuckDB, JSON lines, `datasets`.

Every export is a folder with a codebook beside the data. Rows flow in batches, so that memory stays flat.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extract.errors import GongkaiError
from extract.export.folder import CannotExport, new_folder, put_file, scratch
from extract.export.source import Language, Sheet, Years

if TYPE_CHECKING:
    from extract.store import Store

Writer = Callable[[Sequence[Sheet], Path], dict[str, int]]
FORMATS = ("csv", "xlsx", "dta", "duckdb", "jsonl", "datasets")
_ENDINGS = {f".{form}": form for form in FORMATS if form != "datasets"}


class Exported(NamedTuple):
    """Where an export is, and how many rows each of its tables has."""

    folder: Path
    rows: dict[str, int]


class NoSuchTable(GongkaiError):
    """A table that the dataset does not have."""


class ExtraMissing(GongkaiError):
    """A package of the extra `gongkai[export]` that is not installed."""


def export(
    store: Store,
    form: str,
    folder: str | os.PathLike[str],
    *,
    tables: Sequence[str] | None = None,
    years: Years = None,
    language: Language = "zh",
) -> Exported:
    """Write tables of a dataset into `folder` in one of FORMATS, with a codebook.

    `tables` None: every table, and the panel; for `jsonl` the reports as objects of the contract. An earlier
    export in the folder is replaced, any other folder must be empty. `language` is that of Stata's labels,
    which have room for one. Raises `GongkaiError` where it fails.
    """
    with new_folder(Path(folder)) as target:
        rows = _write(store, form, target, tables=tables, years=years, language=language)
    return Exported(Path(folder), rows)


def export_file(
    store: Store,
    form: str,
    path: str | os.PathLike[str],
    *,
    tables: Sequence[str] | None = None,
    years: Years = None,
    language: Language = "zh",
) -> Exported:
    """As `export`, but into one file, with its codebook beside it (`panel.dta`, `panel.codebook.md`).

    Raises `CannotExport` where the export is more than one file.
    """
    target = Path(path)
    with scratch(target) as folder:
        rows = _write(store, form, folder, tables=tables, years=years, language=language)
        put_file(folder, target)
    return Exported(target, rows)


def is_file(path: str, form: str) -> bool:
    """Whether a destination names a file of the format and not a folder.

    >>> is_file("panel.dta", "dta"), is_file("panel", "dta"), is_file("a.datasets", "datasets")
    (True, False, False)
    """
    return form != "datasets" and Path(path).suffix.lower() == f".{form}" and not Path(path).is_dir()


def check_destination(path: str, form: str) -> None:
    """Raise `CannotExport` where a destination ends as files of another format do.

    >>> check_destination("panel.csv", "csv")
    """
    ending = Path(path).suffix.lower()
    meant = _ENDINGS.get(ending)
    if ending in (".xls", ".parquet", ".json", ".zip", ".sqlite", ".db") or meant not in (None, form):
        instead = f"say --to {meant}" if meant else f"--to is one of {', '.join(FORMATS)}"
        file = f", name a file as {Path(path).stem}.{form}" if form != "datasets" else ""
        raise CannotExport(f"{path}: {form} has not the ending {ending}: {instead}{file}, or name a folder")


def _write(
    store: Store,
    form: str,
    target: Path,
    *,
    tables: Sequence[str] | None,
    years: Years,
    language: Language,
) -> dict[str, int]:
    """The data and the codebook, in a folder that is there; the rows of each table."""
    from extract.export.codebook import write_codebook

    if form == "jsonl" and tables is None:
        from extract.export.jsonl import write_reports

        write_codebook(store, target)
        return write_reports(store, target, years)
    sheets = choose_sheets(store, tables, years)
    for sheet in sheets:
        sheet.language = language
    write_codebook(store, target, tables)
    return _writer(form)(sheets, target)


def choose_sheets(store: Store, tables: Sequence[str] | None = None, years: Years = None) -> list[Sheet]:
    """The named tables as sheets, in the order named; None: all of them and the panel.

    Raises `NoSuchTable`.
    """
    from extract.export.sheets import PANEL, open_sheet
    from extract.export.source import table_names

    known = (*table_names(store), PANEL)
    for name in tables or ():
        if name not in known:
            raise NoSuchTable(f"no table {name!r}; there are: {', '.join(known)}")
    return [open_sheet(store, name, years) for name in tables or known]


def _writer(form: str) -> Writer:
    from importlib import import_module

    if form not in FORMATS:
        raise GongkaiError(f"no format {form!r}; there are: {', '.join(FORMATS)}")
    module = {"dta": "stata", "duckdb": "duckdb_file", "datasets": "hub"}.get(form, form)
    try:
        writer: Writer = import_module(f"extract.export.{module}").write
    except ImportError as error:
        raise ExtraMissing(f'{form} needs {error.name}: pip install "gongkai[export]"') from error
    return writer
