"""Score the program on the project's own gold, or a model on labelled units.

`gongkai evaluate cells sections` scores whole reports; `gongkai evaluate all` everything there is gold for;
`gongkai evaluate MODEL` a model of kinds and themes on the corpus; `gongkai evaluate MODEL --real FOLDER` the
same on the five real reports, whose labels the project holds by hash and offset (the text it does not).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extract.commands.arguments import add_model

if TYPE_CHECKING:
    from extract.learn.report_scores import Pair
    from extract.learn.score import Score

WHOLE_REPORTS = ("title", "sections", "cells", "units", "kinds", "findings", "figures")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="+", metavar="WHAT", help=f"{', '.join(WHOLE_REPORTS)}, all, or a model"
    )
    parser.add_argument(
        "--gold", metavar="FOLDER", help="whole reports with their gold (default: tests/reports)"
    )
    parser.add_argument(
        "--corpus", metavar="FOLDER", default="corpus", help="labelled corpus (default: corpus)"
    )
    parser.add_argument("--each", action="store_true", help="a line for every report")
    add_model(parser, "parses the gold reports")
    parser.add_argument("--split", default="test", help="split of the corpus (default: test)")
    parser.add_argument("--year", type=int, help="only this year of the corpus")
    parser.add_argument("--against", metavar="MODEL", help="compare with another model")
    parser.add_argument("--real", metavar="FOLDER", help="the model on the real reports in this folder")
    parser.add_argument(
        "--labels", metavar="FOLDER", default="tests/real", help="their labels (default: tests/real)"
    )


def run(options: argparse.Namespace) -> int:
    asked = list(WHOLE_REPORTS) if "all" in options.what else options.what
    models = [what for what in asked if what not in WHOLE_REPORTS]
    for model in models:
        _evaluate_model(model, options)
    whole = [what for what in asked if what in WHOLE_REPORTS]
    if whole:
        _evaluate_reports(whole, options)
    return 0


def _evaluate_reports(asked: Sequence[str], options: argparse.Namespace) -> None:
    from extract.classify import load_model
    from extract.errors import BadData
    from extract.learn.gold import load_gold, parse_gold

    folder = Path(options.gold) if options.gold else Path("tests") / "reports"
    reports = load_gold(folder)
    if not reports:
        raise BadData(
            f"{folder}: no gold reports there; run this in a checkout, or name a folder with --gold"
        )
    pairs = list(parse_gold(reports, load_model(options.model)))
    for what in asked:
        _print_scores(what, pairs, each=options.each)
    if "figures" in asked:
        _evaluate_figure_sentences(Path(options.corpus))


def _print_scores(what: str, pairs: Sequence[Pair], *, each: bool) -> None:
    from rich.table import Table

    from extract.commands.tables import print_table
    from extract.learn.report_scores import SCORES
    from extract.learn.score import Score

    field, score = SCORES[what]
    scored = [(gold.name, score((gold, report))) for gold, report in pairs if field in gold.expected]
    total = sum((one for _, one in scored), Score())
    table = Table(title=f"{what}: {len(scored)} reports", title_justify="left")
    for column in ("report", "right", "false", "missed", "precision", "recall", "F1"):
        table.add_column(column, justify="left" if column == "report" else "right")
    for name, one in scored:
        if each or one.false or one.missed:
            table.add_row(name, *_columns(one))
    table.add_section()
    table.add_row("all", *_columns(total), style="bold")
    print_table(table)


def _columns(score: Score) -> list[str]:
    rates = (score.precision, score.recall, score.f1)
    counts = (score.right, score.false, score.missed)
    return [*map(str, counts), *("—" if rate is None else f"{rate:.4f}" for rate in rates)]


def _evaluate_figure_sentences(corpus: Path) -> None:
    """Figures and platforms on the corpus's sentences: those to work on, and those kept to test on."""
    from extract.commands.tables import print_rows
    from extract.learn import figure_scores

    for split in ("train", "test"):
        if not (corpus / "figures" / split).is_dir():
            continue
        rows = figure_scores.load_sentences(corpus, split)
        found = figure_scores.predict(rows)
        total = figure_scores.score_sentences(rows, found)
        by_trap = figure_scores.score_by(rows, found, lambda row: row.trap)
        header, *lines = figure_scores.table_rows(total, by_trap)
        print_rows(f"figures and platforms: {split} sentences", header, lines)


def _evaluate_model(model: str, options: argparse.Namespace) -> None:
    from extract.learn.evaluate import print_evaluation, print_real

    if options.real is not None:
        print_real(model, Path(options.real), Path(options.labels))
        return
    print_evaluation(
        model, Path(options.corpus), split=options.split, year=options.year, against=options.against
    )
