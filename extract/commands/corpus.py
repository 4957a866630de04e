"""Labelled text: check it, count it, bring it in from annotation tools and take it out to them.

Example: `gongkai suggest new.jsonl --to csv -o label.csv`, correct `kind` and `themes` in a spreadsheet, then
`gongkai corpus import --from csv label.csv --corpus mine` and `gongkai corpus check --corpus mine`. What the
labels mean says corpus/GUIDELINES.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

FORMATS = ("markup", "labelstudio", "doccano", "prodigy", "csv", "xlsx")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = _add(actions, "check", "schema, guideline, duplicates, disagreements")
    check.add_argument("--second", metavar="FOLDER", help="second readings (default: second/ in the corpus)")
    stats = _add(actions, "stats", "counts, lengths, likeness, agreement")
    stats.add_argument(
        "--real", nargs="+", metavar="FILE", help="real reports to compare lengths and words with"
    )
    bring = _add(actions, "import", "put labels into the corpus")
    bring.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="labels; tables as `suggest --to` and `corpus export --to` write them. A new folder "
        "begins a corpus",
    )
    bring.add_argument("--from", dest="form", required=True, choices=FORMATS, help="what wrote the files")
    take = _add(actions, "export", "write the labels for an annotation tool or a spreadsheet")
    take.add_argument("--to", dest="form", required=True, choices=FORMATS[1:], help="what will read them")
    take.add_argument("-o", "--output", metavar="FILE", help="default: standard output")
    take.add_argument("--split", action="append", metavar="SPLIT", help="only this split (may be repeated)")
    doubts = _add(actions, "doubts", "labels that a model held out from them finds unlikely")
    doubts.add_argument(
        "--config", metavar="TOML", help="how that model is trained (default: as the default of `train`)"
    )
    curves = _add(actions, "curves", "what more units and more hands bring a plain model")
    curves.add_argument("--seed", type=int, default=7, help="of what is drawn by lot (default: 7)")
    _add(actions, "card", "README.md of the project's own corpus anew, from what it holds (half a minute)")
    settle = _add(actions, "settle", "put settled disagreements into the corpus")
    settle.add_argument("settlements", metavar="FILE.jsonl", help="a line a unit: unit_id, kind, themes, why")
    for action in actions.choices.values():
        action.add_argument(
            "--corpus", metavar="FOLDER", default="corpus", help="the corpus (default: corpus)"
        )


def _add(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, says: str
) -> argparse.ArgumentParser:
    return actions.add_parser(name, help=says, description=says[0].upper() + says[1:] + ".")


def run(options: argparse.Namespace) -> int:
    actions = {
        "check": _check,
        "stats": _stats,
        "import": _import,
        "export": _export,
        "doubts": _doubts,
        "curves": _curves,
        "card": _card,
        "settle": _settle,
    }
    if options.action != "import" and not Path(options.corpus).is_dir():  # an import may begin a corpus
        says = "no corpus there; run this in a checkout, or name a folder with --corpus"
        print(f"gongkai: {options.corpus}: {says}", file=sys.stderr)
        return 1
    return actions[options.action](options)


def _check(options: argparse.Namespace) -> int:
    from extract.learn.checks import run_check

    faults = run_check(options.corpus, options.second)
    for fault in faults:
        print(f"{fault.file}:{fault.line}: {fault.severity}: {fault.field}: {fault.message} [{fault.rule}]")
    errors = sum(fault.severity == "error" for fault in faults)
    print(f"{errors} errors, {len(faults) - errors} warnings", file=sys.stderr)
    return 1 if errors else 0


def _stats(options: argparse.Namespace) -> int:
    from extract.commands.tables import print_mapping
    from extract.learn.stats import compare_with_real, run_stats

    print_mapping("corpus", run_stats(options.corpus).to_dict())
    if options.real:
        print_mapping("beside real reports", compare_with_real(options.corpus, options.real))
    return 0


def _import(options: argparse.Namespace) -> int:
    from extract.learn.bring import import_labels

    for path in import_labels(options.corpus, options.files, options.form):
        print(path)
    return 0


def _export(options: argparse.Namespace) -> int:
    from extract.learn.bring import export_labels
    from extract.learn.corpus import SPLITS

    data = export_labels(options.corpus, options.form, options.split or SPLITS)
    if options.output:
        Path(options.output).write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
    return 0


def _doubts(options: argparse.Namespace) -> int:
    from extract.learn.config import Config, load_config
    from extract.learn.corpus import load_units
    from extract.learn.doubts import find_doubts

    config = load_config(options.config) if options.config else Config()
    for doubt in find_doubts(load_units(options.corpus), config):
        sys.stdout.buffer.write(_json_line(doubt))
    return 0


def _curves(options: argparse.Namespace) -> int:
    from extract.commands.tables import print_rows
    from extract.learn.stats import learning_curves

    for name, points in learning_curves(options.corpus, seed=options.seed).items():
        print_rows(name, [name, "kinds macro-F1"], [(str(size), f"{score:.4f}") for size, score in points])
    return 0


def _card(options: argparse.Namespace) -> int:
    from extract.learn.corpus_card import write_corpus_card

    print(write_corpus_card(options.corpus))
    return 0


def _settle(options: argparse.Namespace) -> int:
    from extract.learn.bring import settle_labels

    for path in settle_labels(options.corpus, options.settlements):
        print(path)
    return 0


def _json_line(value: object) -> bytes:
    import msgspec

    return msgspec.json.encode(value) + b"\n"
