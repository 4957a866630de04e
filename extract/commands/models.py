"""The trained models: list them, or set the one that is used where none is named."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--default", metavar="NAME", help="use this model from now on")


def run(options: argparse.Namespace) -> int:
    from extract.commands.tables import print_rows
    from extract.release import default_release, list_releases, read_release

    if options.default:
        _set_default(options.default)
    rows = []
    for name, folder in list_releases().items():
        model = read_release(folder)
        test = model.meta.get("scores", {}).get("test", {}).get("full", {})
        mark = "default" if name == default_release() else ""
        units = str(model.meta.get("training", {}).get("units", "—"))
        rows.append((name, mark, units, _rate(test, "kinds_macro_f1"), _rate(test, "themes_micro_f1")))
    columns = ["model", "", "training units", "kinds macro-F1 (test)", "themes micro-F1 (test)"]
    print_rows("models", columns, rows)
    return 0


def _rate(scores: dict[str, float], name: str) -> str:
    return f"{scores[name]:.4f}" if scores.get(name) is not None else "—"


def _set_default(name: str) -> None:
    from extract.errors import BadData
    from extract.release import list_releases

    releases = list_releases()
    if name not in releases:
        raise BadData(f"no model {name!r}; there are: {', '.join(releases) or 'none'}")
    (releases[name].parent / "default").write_text(f"{name}\n", encoding="utf-8")
