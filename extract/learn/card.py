"""The model card of a release, in the form of the Hugging Face hub, from what its `meta.json` says."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from string import Template
from typing import Any

COLUMNS = {"full": "all context", "section": "section and text", "bare": "text alone", "rules": "rules"}
ROWS = {
    "kinds_macro_f1": "kinds, macro-F1",
    "accuracy": "kinds, accuracy",
    "accuracy_hard": "accuracy, hard units",
    "themes_micro_f1": "themes, micro-F1",
    "themes_macro_f1": "themes, macro-F1",
    "calibration_error": "calibration error (ECE)",
}


def write_card(meta: Mapping[str, Any]) -> str:
    """The card as Markdown with its YAML head."""
    training, scores = meta["training"], meta["scores"]
    parts = []
    for name in ("hands held out", "test", "validation"):
        if name in scores:
            parts += [f"### {TITLES[name]}", _score_table(scores[name])]
    if "test" in scores:
        parts += ["### Each label, test split, all context", _label_table(scores["test"]["full"])]
    template = Template((files("extract") / "data" / "model_card.md").read_text(encoding="utf-8"))
    return template.substitute(
        name=meta["name"],
        version=meta["version"],
        units=f"{training['units']:,}",
        reports=training["reports"],
        hands=training["hands"],
        first_year=training["years"][0],
        last_year=training["years"][-1],
        corpus=meta["corpus"][:16],
        cutter=meta["cutter"],
        sklearn=meta["scikit-learn"],
        seed=meta["config"]["seed"],
        scores="\n\n".join(parts) or "None measured.",
    )


TITLES = {
    "hands held out": "Whole hands held out (trained without them, tested on them: the honest figure)",
    "test": "Test split of the corpus (by the same configuration trained without it)",
    "validation": "Validation split of the corpus",
}


def _score_table(scores: Mapping[str, Any]) -> str:
    columns = [name for name in COLUMNS if name in scores]
    lines = ["| | " + " | ".join(COLUMNS[name] for name in columns) + " |"]
    lines.append("|---|" + "---|" * len(columns))
    for key, title in ROWS.items():
        cells = [_cell(scores[name], key) for name in columns]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    first = scores[columns[0]]
    lines.append(
        f"\n{first['units']} units, {first['hard_units']} of them hard. In brackets the 95 % interval "
        "by bootstrap over reports."
    )
    return "\n".join(lines)


def _cell(scores: Mapping[str, Any], key: str) -> str:
    value = scores.get(key)
    if value is None:
        return "—"
    ends = scores.get(f"{key}_interval")
    return f"{value:.3f}" + (f" [{ends[0]:.3f}, {ends[1]:.3f}]" if ends else "")


def _label_table(scores: Mapping[str, Any]) -> str:
    lines = ["| label | F1 |", "|---|---|"]
    for group in ("kinds", "themes"):
        for label, f1 in scores[group].items():
            lines.append(f"| {label} | {'—' if f1 is None else f'{f1:.3f}'} |")
    return "\n".join(lines)
