"""Compare a report with that of the year before: numbers that carry over, text kept, problems mended.

`gongkai compare OLD NEW` takes two report files; `gongkai compare OUT --agency NAME` takes both from a
dataset, the last two consecutive years or those that `--year` ends with; `gongkai compare OUT` lists all
agencies of a dataset that `gongkai quality OUT` has measured, `gongkai compare OUT1 OUT2` those that report
in OUT1 and a year later in OUT2.

Each unit of the later report is kept (word for word but for names and numbers), copied (it holds a run of
eight words of the earlier one), changed (half like one of its units) or new; the number below is its likeness
to the nearest unit of the earlier report. What nothing comes from is dropped.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from extract.commands.arguments import add_model
from extract.commands.targets import write_text

if TYPE_CHECKING:
    from extract.quality.across import Comparison
    from extract.report import Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources", nargs="+", metavar="OLD NEW | OUT", help="two reports, or a dataset or two"
    )
    parser.add_argument("--agency", metavar="NAME", help="whose reports to take from a dataset")
    parser.add_argument("--year", type=int, metavar="YEAR", help="the later year; default: the last")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument("--html", metavar="PAGE.html", help="write both side by side as one page")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="labels; default: zh")
    add_model(parser, "reads the two files")


def run(options: argparse.Namespace) -> int:
    if len(options.sources) > 2:
        print("gongkai compare: two reports, or a dataset or two", file=sys.stderr)
        return 2
    datasets = [Path(source).is_dir() or "://" in source for source in options.sources]
    if all(datasets) and options.agency is None:
        return _list_pairs(options)
    if not all(datasets) and len(options.sources) != 2:
        print(
            "gongkai compare: two reports, or a dataset that `gongkai parse … -o OUT` wrote", file=sys.stderr
        )
        return 2
    old, new = _from_datasets(options) if all(datasets) else _from_files(options)
    from extract.quality.across import Comparison
    from extract.quality.names import are_one_agency

    one_agency = all(datasets) or are_one_agency(old, new)  # a dataset was asked for one agency
    _warn(old, new, one_agency)
    _write(Comparison(old, new, one_agency=one_agency), options)
    return 0


def _warn(old: Report, new: Report, one_agency: bool) -> None:
    """Say on stderr what makes two reports no two years of one agency."""
    if not one_agency:
        print(
            f"gongkai compare: two agencies, {old.agency} and {new.agency}: only the texts are compared, "
            "no number carries over",
            file=sys.stderr,
        )
    if old.year is not None and old.year == new.year:
        print(
            f"gongkai compare: both reports are for {old.year}: neither follows the other, "
            "measures of two years have no value",
            file=sys.stderr,
        )


def _from_files(options: argparse.Namespace) -> tuple[Report, Report]:
    from extract.classify import load_model
    from extract.pipeline import parse

    model = load_model(options.model)
    old, new = (parse(source, model=model) for source in options.sources)
    if old.year is not None and new.year is not None and old.year > new.year:
        print(
            "gongkai compare: the first report is the later one: taken the other way round", file=sys.stderr
        )
        return new, old
    return old, new


def _from_datasets(options: argparse.Namespace) -> tuple[Report, Report]:
    from extract.quality.stores import find_two_years

    return find_two_years(options.sources, options.agency, options.year)


def _write(years: Comparison, options: argparse.Namespace) -> None:
    from extract.quality.compare_page import render_comparison
    from extract.quality.compare_show import comparison_json, show_comparison

    if options.html:
        write_text(options.html, render_comparison(years, language=options.lang))
        print(f"{options.html}: both reports side by side", file=sys.stderr)
    if options.format == "json":
        print(comparison_json(years))
    elif not options.html:
        show_comparison(years, language=options.lang)


def _list_pairs(options: argparse.Namespace) -> int:
    import msgspec

    from extract.quality.compare_show import show_pairs
    from extract.quality.stores import compare_stores, pair_rows

    rows = pair_rows(*options.sources) if len(options.sources) == 1 else compare_stores(*options.sources)
    if options.format == "json":
        for row in rows:
            print(msgspec.json.encode(row).decode())
    else:
        show_pairs(rows, options.lang)
    return 0
