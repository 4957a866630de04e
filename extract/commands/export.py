"""Write a dataset for other programs, with a codebook: CSV, Excel, Stata, DuckDB, JSON lines, datasets.

Long tables, and the panel: one row a report, with every cell of the form and counts of units and findings.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract.store import Store

FORMATS = ("csv", "xlsx", "dta", "duckdb", "jsonl", "datasets")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="OUT", help="a dataset folder of `gongkai parse … -o OUT`")
    parser.add_argument("--to", dest="form", required=True, choices=FORMATS)
    parser.add_argument(
        "-d",
        "--destination",
        metavar="PATH",
        help="a folder (default: OUT-FORMAT in the current folder), or a file as panel.dta",
    )
    parser.add_argument(
        "--tables", nargs="+", metavar="TABLE", help="only these (default: all tables and the panel)"
    )
    parser.add_argument("--lang", choices=["zh", "en"], default="zh", help="of Stata's labels (default: zh)")
    parser.add_argument("--panel", action="store_true", help="the panel, with --tables besides them")
    parser.add_argument(
        "--years", nargs="+", metavar="YEAR", help="only these, as 2021 or 2019-2023; none: year not known"
    )


def run(options: argparse.Namespace) -> int:
    from extract.export import check_destination, export, export_file, is_file
    from extract.store import Store

    tables = list(options.tables) if options.tables else None
    if options.panel:
        tables = list(dict.fromkeys([*(tables or ()), "panel"]))
    folder = options.destination or f"{name_of(options.dataset)}-{options.form}"
    if options.destination:
        check_destination(options.destination, options.form)
    store = Store(options.dataset)
    years = parse_years(options.years) if options.years else None
    if years is not None:
        _check_years(store, years)
    write = export_file if is_file(folder, options.form) else export
    done = write(store, options.form, folder, tables=tables, years=years, language=options.lang)
    for name, rows in done.rows.items():
        print(f"{done.folder}: {name}: {rows:,} rows", file=sys.stderr)
    return 0


def _check_years(store: Store, years: set[int | None]) -> None:
    """Raise `GongkaiError` where the dataset has no report of any of the years."""
    from extract.errors import GongkaiError

    there = {year for part in store.parts() for year in part.years}
    if not there & years:
        known = [str(year) for year in sorted(year for year in there if year is not None)]
        listed = ", ".join([*known, *(["none (year not known)"] if None in there else [])])
        raise GongkaiError(f"no reports of these years; there are: {listed or 'no reports at all'}")


def name_of(dataset: str) -> str:
    """The last part of a path or URL; `dataset` where that says nothing.

    >>> name_of("s3://bucket/panel/"), name_of(".")
    ('panel', 'dataset')
    """
    name = dataset.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return name if name.strip(".") else "dataset"


def parse_years(said: list[str]) -> set[int | None]:
    """The years that the words state: 2021, 2019-2023, 2019,2021, none.

    >>> parse_years(["2019-2021", "none"]) == {2019, 2020, 2021, None}
    True
    """
    from extract.errors import GongkaiError

    years: set[int | None] = set()
    for word in (part for one in said for part in one.split(",") if part):
        first, _, last = word.partition("-")
        if word == "none":
            years.add(None)
        elif first.isdecimal() and (not last or last.isdecimal()):
            years.update(range(int(first), int(last or first) + 1))
        else:
            raise GongkaiError(f"no year: {word!r}; say 2021, 2019-2023 or none")
    return years
