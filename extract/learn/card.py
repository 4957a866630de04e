"""The model card of a release, in the form of the Hugging Face hub, from what its `meta.json` says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from string import Template
from typing import Any

from extract.datafiles import read_words

COLUMNS = {"full": "all context", "section": "section and text", "bare": "text alone", "rules": "rules"}
ROWS = {
    "kinds_macro_f1": "kinds, macro-F1",
    "accuracy": "kinds, accuracy",
    "accuracy_hard": "accuracy, hard units",
    "themes_micro_f1": "themes, micro-F1",
    "themes_macro_f1": "themes, macro-F1",
    "calibration_error": "calibration error (ECE)",
}

# Whose text the units are, and what a model of them has not seen.
WRITTEN = (
    "The reports are fictional: written for this project by a language model in several manners of writing, "
    "and labelled by\nit after the guideline `corpus/GUIDELINES.md`. Agreement between machine readings is "
    "no human agreement, and scores on\nsuch text are no scores on real reports."
)
WRITTEN_LIMITS = (
    "Township reports by real authors are more formulaic than the corpus, and their headings mislead more "
    "often; text that\nis no annual report was never seen."
)
OWN = (
    "$own of the units came with their labels from outside the project (`gongkai corpus import`): whose text "
    "they are, and\nwho labelled them after which guideline, stands to be said here by those who did."
)
OWN_LIMITS = "Text unlike that of the corpus was never seen."


def write_card(meta: Mapping[str, Any]) -> str:
    """The card as Markdown with its YAML head."""
    training, scores = meta["training"], meta["scores"]
    parts = []
    for name in ("hands held out", "agencies held out", "rough hands held out", "test", "validation"):
        if name in scores:
            parts += [f"### {TITLES[name]}", _score_table(scores[name])]
    if "test" in scores:
        parts += ["### Each label, test split, all context", _label_table(scores["test"]["full"])]
    parts += _calibration_parts(scores) + _study_parts(meta.get("study", {}))
    template = Template(read_words("model_card.md"))
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
        **_tell_origin(training),
    )


def _tell_origin(training: Mapping[str, Any]) -> dict[str, str]:
    """Whose text the units are: that of the project, or that of labels brought from outside."""
    own, units = training.get("own", 0), training["units"]
    told = Template(OWN).substitute(own="All" if own == units else f"{own:,}")
    if own == units:
        return {"origin": told, "limits": OWN_LIMITS}
    origin = f"{WRITTEN.replace('The reports', 'The others')}\n{told}" if own else WRITTEN
    return {"origin": origin, "limits": WRITTEN_LIMITS}


TITLES = {
    "hands held out": "Whole hands held out (trained without them, tested on them: the honest figure)",
    "agencies held out": "Whole agencies held out (trained without them, tested on them: the honest figure)",
    "rough hands held out": "Rough hands held out (dialect, shorthand, ornament; in no other table)",
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


def _calibration_parts(scores: Mapping[str, Any]) -> list[str]:
    """How far a score is to be believed, and what is gained by leaving out the low ones."""
    name = next((one for one in TITLES if "coverage" in scores.get(one, {}).get("full", {})), None)
    if name is None:
        return []
    rows = [
        (f"{floor:.2f}", f"{kept:.1%}", f"{right:.1%}")
        for floor, kept, right in scores[name]["full"]["coverage"]
    ]
    said = f"{TITLES[name].split(' (')[0]}, all context. Below `--min-score` no kind is given."
    table = _table(("min-score", "units kept", "of these right"), rows)
    return ["### Coverage against accuracy", said, table, "![Reliability diagram](reliability.svg)"]


def _study_parts(study: Mapping[str, Any]) -> list[str]:
    """What the parts are worth, what active choice saves, what retraining gains."""
    if not study:
        return []
    head = ("", "kinds, macro-F1", "accuracy, hard units", "themes, micro-F1")
    rows = [
        (name, _cell(row, "kinds_macro_f1"), _cell(row, "accuracy_hard"), _cell(row, "themes_micro_f1"))
        for name, row in study["ablation"].items()
    ]
    return [
        "### What each part is worth",
        "Hands held out in three folds, the rough ones left out, all context; trained anew without the part.",
        _table(head, rows),
        *_choice_parts(study["choice"]),
        "### What retraining gains",
        "Macro-F1 of kinds on half the agencies of a year: by a model of the years before, and with the "
        "labelled units of the other half added. In brackets the 95 % interval of the gain, by bootstrap "
        "over reports.",
        _table(
            ("year", "units", "labels added", "years before", "retrained", "gain"),
            map(_gain_row, study["retraining"]),
        ),
    ]


def _choice_parts(choice: Mapping[str, Any]) -> list[str]:
    mean, low, high = choice["saved"]
    said = (
        f"Macro-F1 of kinds on {choice['tested']} units of hands outside the pool, mean of {choice['seeds']} "
        "runs (lowest–highest), where `gongkai suggest` chooses what is labelled next, and where chance "
        "does. "
        f"To reach what random choice has at the end, active choice needs {mean:.0%} fewer labels "
        f"({low:.0%} to {high:.0%} by run)."
    )
    rows = [
        (str(step["labels"]), _spread(step["active"]), _spread(step["random"])) for step in choice["steps"]
    ]
    return ["### What active choice saves", said, _table(("labels", "active choice", "random choice"), rows)]


def _spread(runs: Sequence[float]) -> str:
    return f"{sum(runs) / len(runs):.3f} ({min(runs):.3f}–{max(runs):.3f})"


def _gain_row(gain: Mapping[str, Any]) -> tuple[str, ...]:
    low, high = gain["gain_interval"]
    change = f"{gain['after'] - gain['before']:+.3f} [{low:+.3f}, {high:+.3f}]"
    counts = (str(gain["year"]), str(gain["units"]), str(gain["added"]))
    return (*counts, f"{gain['before']:.3f}", f"{gain['after']:.3f}", change)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


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
