"""The trained models: list them, compare two, set the default, study what a model's parts are worth.

`gongkai models` lists; `gongkai models compare OLD NEW` tests both on the same units, paired, each as it
would be had it not seen them: where a release learnt of the split, a twin of it is trained without; `gongkai
models default NAME` says which of those listed is used where none is named (one elsewhere: `--model FOLDER`);
`gongkai models study NAME` measures what each feature is worth, what active choice saves and what retraining
gains, and writes it into the card (some minutes).
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="names, training and scores (as without an action)")
    compare = actions.add_parser("compare", help="is NEW better than OLD? paired test, kinds that moved")
    compare.add_argument("old", metavar="OLD", help="a name as `gongkai models` lists it, a folder, or rules")
    compare.add_argument("new", metavar="NEW", help="likewise")
    compare.add_argument("--corpus", metavar="FOLDER", default="corpus", help="default: corpus")
    compare.add_argument("--split", default="test", help="split of the corpus (default: test)")
    compare.add_argument("--year", type=int, help="only this year of the corpus")
    default = actions.add_parser("default", help="use this model where none is named")
    default.add_argument("name", metavar="NAME", help="as `gongkai models` lists it")
    study = actions.add_parser(
        "study", help="what features, active choice and retraining bring, into the card"
    )
    study.add_argument("name", metavar="NAME", nargs="?", help="default: the default model")


def run(options: argparse.Namespace) -> int:
    if options.action == "compare":
        _compare(options)
        return 0
    if options.action == "study":
        print(_study(options.name))
        return 0
    if options.action == "default":
        _set_default(options.name)
    _list()
    return 0


def _list() -> None:
    from extract.classify.release import default_release, list_releases, read_release
    from extract.commands.tables import print_rows

    rows = []
    for name, folder in list_releases().items():
        model = read_release(folder)
        scores = model.meta.get("scores", {})
        apart = scores.get("hands held out") or scores.get("agencies held out") or {}
        test, held = (split.get("full", {}) for split in (scores.get("test", {}), apart))
        mark = "default" if name == default_release() else ""
        units = str(model.meta.get("training", {}).get("units", "—"))
        rates = [_rate(part, key) for key in ("kinds_macro_f1", "themes_micro_f1") for part in (test, held)]
        rows.append((name, mark, units, *rates))
    columns = ["model", "", "training units", "kinds (test)", "kinds (held out)"]
    print_rows(
        "models: kinds macro-F1, themes micro-F1", [*columns, "themes (test)", "themes (held out)"], rows
    )


def _rate(scores: dict[str, float], name: str) -> str:
    return f"{scores[name]:.4f}" if scores.get(name) is not None else "—"


def _compare(options: argparse.Namespace) -> None:
    from extract.learn.evaluate import print_comparison

    print_comparison(options.old, options.new, Path(options.corpus), split=options.split, year=options.year)


def _study(name: str | None) -> Path:
    from extract.learn.study import study_release

    return study_release(_find(name))


def _set_default(name: str) -> None:
    from extract.learn.releasing import set_default

    folder = _find(name)
    set_default(folder.parent, folder.name)


def _find(name: str | None) -> Path:
    """The folder of a release by name, or of the default. Raises `BadData` where it is not there."""
    from extract.classify.release import default_release, list_releases
    from extract.errors import BadData

    releases = list_releases()
    wanted = name or default_release() or ""
    if wanted not in releases:
        raise BadData(f"no model {wanted!r}; there are: {', '.join(releases) or 'none'}")
    return releases[wanted]
