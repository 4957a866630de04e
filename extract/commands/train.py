"""Train a model of kinds and themes as a TOML file says, and write it as a release with its card."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "config",
        metavar="CONFIG.toml",
        help="as models/train.toml: name, version, corpus (as seen from the current folder), years, seed",
    )
    parser.add_argument("-o", "--output", metavar="FOLDER", default="models", help="default: models")
    parser.add_argument(
        "--held-out",
        action="store_true",
        help="also score every hand (in a corpus of your own: agency) by a model without it",
    )


def run(options: argparse.Namespace) -> int:
    from extract.learn.config import load_config
    from extract.learn.releasing import honest_scores, train_release

    config = load_config(options.config)
    honest = honest_scores(config) if options.held_out else None
    print(train_release(config, options.output, honest))
    return 0
