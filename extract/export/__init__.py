"""A dataset folder → files for other programs: CSV, Excel, Stata, DuckDB, JSON lines, `datasets`.

Every export is a folder with a codebook beside the data. Rows flow in batches, so that memory stays flat.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extract.errors import GongkaiError
from extract.export.folder import new_folder
from extract.export.source import Language, Sheet, Years

if TYPE_CHECKING:
    from extract.store import Store

Writer = Callable[[Sequence[Sheet], Path], dict[str, int]]
FORMATS = ("csv", "xlsx", "dta", "duckdb", "jsonl", "datasets")


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
    from extract.export.codebook import write_codebook

    with new_folder(Path(folder)) as target:
        if form == "jsonl" and tables is None:
            from extract.export.jsonl import write_reports

            rows = write_reports(store, target, years)
            tables = ()
        else:
            sheets = choose_sheets(store, tables, years)
            for sheet in sheets:
                sheet.language = language
            rows = _writer(form)(sheets, target)
        write_codebook(store, target, tables)
    return Exported(Path(folder), rows)


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
    module = {"dta": "stata", "duckdb": "database", "datasets": "hub"}.get(form, form)
    try:
        writer: Writer = import_module(f"extract.export.{module}").write
    except ImportError as error:
        raise ExtraMissing(f'{form} needs {error.name}: pip install "gongkai[export]"') from error
    return writer
