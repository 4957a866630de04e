"""How new reports differ from what a model learnt: unseen words, kinds, confidence, strange units."""

from __future__ import annotations

import argparse

MEANINGS = {  # of the fields of `Drift`, for a person
    "units": "new units",
    "unseen": "share of running words never met in training",
    "divergence": "kinds: divergence from training (bits; 0 alike, 1 apart)",
    "score": "mean probability of the kind found",
    "trained_score": "the same on the model's own test units",
    "unsure": "share of units with a probability below 0.5",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="reports, or JSON lines of `gongkai parse`")
    parser.add_argument("--model", metavar="NAME|PATH", help="a trained model; default: the released one")
    parser.add_argument("--format", choices=["table", "json"], default="table", help="default: table")


def run(options: argparse.Namespace) -> int:
    import sys

    from extract.commands.tables import print_mapping, print_rows
    from extract.learn.drift import run_drift

    drift = run_drift(options.model, options.files).to_dict()
    if options.format == "json":
        import msgspec

        sys.stdout.buffer.write(msgspec.json.encode(drift) + b"\n")
        return 0
    words, strange = drift.pop("unseen_words"), drift.pop("strange")
    kinds, trained = drift.pop("kinds"), drift.pop("trained_kinds")
    print_mapping("drift", {MEANINGS.get(name, name): value for name, value in drift.items()})
    shares = [(kind, f"{kinds[kind]:.3f}", f"{trained[kind]:.3f}") for kind in kinds]
    print_rows("kinds, shares of all units", ["kind", "new", "training"], shares)
    print_rows("unseen words", ["word", "times"], [(word, str(count)) for word, count in words])
    print_rows(
        "strange units", ["unit", "share known", "text"], [(i, f"{s:.2f}", t[:60]) for i, s, t in strange]
    )
    return 0
