"""Measure the quality of disclosure: each indicator with what it was computed from, no total score.

`gongkai quality OUT` measures a dataset that `gongkai parse … -o OUT` wrote, puts tables into OUT/quality and
prints medians by level and year; `gongkai quality FILE…` prints the indicators of single reports. A score is
only given for weights of your own: `--weights w.toml`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from extract.commands.arguments import add_model, count

if TYPE_CHECKING:
    from extract.quality.weights import Weights


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="OUT | FILE", help="a dataset, or reports")
    parser.add_argument(
        "--jobs", type=count, default=1, metavar="N", help="processes side by side; default: 1"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument(
        "--weights",
        metavar="FILE.toml",
        help="weigh the named indicators into one score; the file has a table of ids and weights, "
        "below 0 where less is better: [weights], then a line each such as arith_pass = 2 or "
        'vague_problem_share = -1; above it use = "value" for values instead of percentiles, '
        'missing = "skip" to weigh those that are there',
    )
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="labels; default: zh")
    add_model(parser, "reads report files")


def run(options: argparse.Namespace) -> int:
    from extract.quality.weights import load_weights

    weights = load_weights(options.weights) if options.weights else None
    first = options.sources[0]
    if Path(first).is_dir() or "://" in first:
        if len(options.sources) > 1:
            print("gongkai quality: one dataset at a time", file=sys.stderr)
            return 2
        return _measure_dataset(options, weights)
    return _measure_files(options, weights)


def _measure_dataset(options: argparse.Namespace, weights: Weights | None) -> int:
    from extract.quality import quality_show
    from extract.quality.dataset import measure_dataset
    from extract.quality.scores import write_scores

    source = options.sources[0]
    summary = measure_dataset(source, jobs=options.jobs)
    if weights is not None:
        summary.tables["scores"] = write_scores(source, weights)
    if options.format == "json":
        quality_show.print_summary_json(source, summary)
    else:
        quality_show.show_summary(source, summary, options.lang)
        quality_show.show_scores(source, weights)
    return 0


def _measure_files(options: argparse.Namespace, weights: Weights | None) -> int:
    from extract.classify import load_model
    from extract.errors import UnreadableFile
    from extract.pipeline import parse
    from extract.quality import quality_show

    reports, failed = [], 0
    model = load_model(options.model)
    for source in options.sources:
        try:
            reports.append(parse(source, model=model))
        except UnreadableFile as error:
            failed += 1
            print(f"gongkai: {error}", file=sys.stderr)
    if options.format == "json":
        quality_show.print_reports_json(reports, weights)
    else:
        quality_show.show_reports(reports, weights, options.lang)
    return 1 if failed else 0
