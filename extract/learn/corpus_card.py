"""The card of the corpus (`corpus/README.md`), in the form of the Hugging Face hub."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from extract.classify.cues import load_labels
from extract.datafiles import read_words
from extract.errors import BadData
from extract.learn.agreement import Agreement
from extract.learn.corpus import CONFIGS, SPLITS, find_files
from extract.learn.stats import REAL_LENGTHS, CorpusStats, learning_curves, run_stats

# The rules on the 74 units of the five real reports, labelled by the same guideline (see tests/real).
REAL_RULES_RIGHT = 0.919
_NAME = "pretty_name: gongkai corpus"

HEAD: dict[str, str] = {
    "id": "string",
    "report_id": "string",
    "agency": "string",
    "level": "string",
    "year": "int32",
    "hand": "string",
    "part": "string",
}
Record = dict[str, str | list[str]]  # name → type, or a list of one type
Feature = str | list[str] | Record
FIGURE: Record = {
    "text": "string",
    "start": "int32",
    "end": "int32",
    "value": "float64",
    "unit": "string",
    "bound": "string",
    "low": "float64",
    "high": "float64",
    "negated": "bool",
    "object": "string",
    "metric": "string",
    "channel": "string",
    "optional": "bool",
    "object_ok": ["string"],
    "metric_ok": ["string"],
    "channel_ok": ["string"],
    "unit_ok": ["string"],
    "text_ok": ["string"],
}
SECTION: Record = {"id": "string", "heading": "string", "start": "int32", "end": "int32"}
PLATFORM: Record = {
    "text": "string",
    "start": "int32",
    "end": "int32",
    "type": "string",
    "optional": "bool",
    "text_ok": ["string"],
}


def features_of(config: str) -> dict[str, Feature]:
    """The columns of a config: a type, a list of one type, or a list of records."""
    if config == "units":
        return {
            **HEAD,
            "section": "string",
            "path": ["string"],
            "marker": "string",
            "text": "string",
            "start": "int32",
            "end": "int32",
            "kind": "class_label",
            "themes": ["string"],
            "hard": "bool",
            "source": "string",
        }
    if config == "reports":
        return {**HEAD, "title": "string", "text": "string", "sections": SECTION, "source": "string"}
    rest: dict[str, Feature] = {"hand": "string", "level": "string", "year": "int32", "section": "string"}
    return {
        "id": "string",
        "text": "string",
        "figures": FIGURE,
        "platforms": PLATFORM,
        **rest,
        "path": ["string"],
        "trap": "string",
    }


def write_corpus_card(folder: str | os.PathLike[str], *, curves: bool = True) -> Path:
    """Write `folder`/README.md anew from what the corpus holds; without `curves` nothing is trained.

    Raises `BadData` where no such card stands there: what it says of where the text is from is true of one
    corpus alone, and a page of somebody's own is not written over.
    """
    file = Path(folder) / "README.md"
    if not file.is_file() or _NAME not in file.read_text("utf-8"):
        why = "is no card of the project's own corpus, and what such a card says is true of no other"
        raise BadData(f"{file}: {why}: nothing was written")
    stats = run_stats(folder)
    template = Template(read_words("corpus_card.md"))
    text = template.substitute(
        head="\n".join(_head(folder)),
        reports=stats.reports,
        units=f"{stats.units:,}",
        sentences=stats.figure_sentences,
        hands=stats.hands,
        counts=_counts(stats),
        likeness=_likeness(stats),
        agreement=_agreement(stats.agreement),
        curves=_curves(learning_curves(folder)) if curves else "Not measured.",
    )
    file.write_text(text, encoding="utf-8")
    return file


def _head(folder: str | os.PathLike[str]) -> list[str]:
    """The YAML head, without its fences: configs and columns of what the folder holds."""
    lines = ["language:", "- zh", "license: mit", _NAME, "task_categories:"]
    lines += ["- text-classification", "- token-classification", "configs:"]
    held = {name: _held_splits(folder, name) for name in CONFIGS}
    for name, splits in held.items():
        if splits:
            lines += [f"- config_name: {name}"] + (["  default: true"] if name == "units" else [])
            lines += ["  data_files:"]
            lines += [f"  - split: {split}\n    path: {name}/{split}/*.jsonl" for split in splits]
    lines += ["dataset_info:"]
    for name, splits in held.items():
        if splits:
            lines += [f"- config_name: {name}", "  features:"]
            for column, feature in features_of(name).items():
                lines += _feature(column, feature)
    return lines


def _held_splits(folder: str | os.PathLike[str], config: str) -> list[str]:
    return [split for split in SPLITS if any(find_files(folder, CONFIGS[config], [split]))]


def _feature(column: str, feature: Feature) -> list[str]:
    lines = [f"  - name: {column}"]
    if isinstance(feature, list):
        return [*lines, f"    list: {feature[0]}"]
    if isinstance(feature, dict):
        lines.append("    list:")
        for name, kind in feature.items():
            lines += [f"    - name: {name}"]
            lines += [f"      list: {kind[0]}" if isinstance(kind, list) else f"      dtype: {kind}"]
        return lines
    if feature == "class_label":
        names = [f"          '{place}': {kind}" for place, kind in enumerate(load_labels().kinds)]
        return [*lines, "    dtype:", "      class_label:", "        names:", *names]
    return [*lines, f"    dtype: {feature}"]


def _table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def _counts(stats: CorpusStats) -> str:
    parts = []
    for name in ("split", "part", "kind", "theme", "year", "level", "hand"):
        counts = stats.by[name]
        total = stats.by["themed"]["units"] if name == "theme" else stats.units
        rows = [(value, count, f"{count / max(1, total):.1%}") for value, count in counts.items()]
        of = "of problems and measures" if name == "theme" else "of units"
        parts.append(_table((name, "units", of), rows))
    parts.append(f"{stats.hard_units} units are marked hard. {stats.agencies} agencies.")
    return "\n\n".join(parts)


def _likeness(stats: CorpusStats) -> str:
    lengths, main = stats.unit_lengths, stats.unit_lengths_main
    rows = [
        ("length of units, median (characters)", lengths.get("p50"), main.get("p50"), REAL_LENGTHS["p50"]),
        ("length of units, 90th centile", lengths.get("p90"), main.get("p90"), REAL_LENGTHS["p90"]),
        (
            "kinds that the keyword rules get right",
            stats.rules_right,
            stats.rules_right_main,
            REAL_RULES_RIGHT,
        ),
    ]
    duplicates = f"{stats.duplicates_within} / {stats.duplicates_between}"
    rest = [
        f"near-duplicates within splits / between: {duplicates} (Jaccard of 5-character shingles ≥ 0.6; "
        "names and numbers masked; set phrases below 24 characters left out)",
        "length of reports: " + ", ".join(f"{key} {value:g}" for key, value in stats.report_lengths.items()),
        ", ".join(f"{key} {value:.3f}" for key, value in stats.distinct.items()),
    ]
    table = _table(("measure", "corpus", "part main", "five real reports"), rows)
    return table + "\n\n" + "\n".join(f"- {line}" for line in rest)


def _agreement(agreement: Agreement | None) -> str:
    if agreement is None or not agreement.units:
        return "No second reading yet."
    rows = [(kind, _kappa(value)) for kind, value in agreement.kinds.items()]
    themes = [(theme, _kappa(value)) for theme, value in agreement.themes.items()]
    said = (
        "A second reader, a language model that saw only text, section, path and marker, labelled "
        f"{agreement.units} units: the same kind for {agreement.share:.1%}, Cohen's κ "
        f"{_kappa(agreement.kappa)}; the same kind and themes for {agreement.exact:.1%}. κ by kind (each "
        f"against the rest) and by theme (over {agreement.themed_units} units that both took for problem or "
        "measure):"
    )
    return "\n\n".join([said, _table(("kind", "κ"), rows), _table(("theme", "κ"), themes)])


def _kappa(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _curves(curves: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    said = (
        "Macro-F1 of kinds on `test`, plain model (TF-IDF of words and word pairs, linear SVM, text alone; "
        "the rough hands left out):"
    )
    by_units = _table(("training units", "macro-F1"), [(n, f"{f1:.3f}") for n, f1 in curves["units"]])
    by_hands = _table(
        ("hands, 600 units in all", "macro-F1"), [(n, f"{f1:.3f}") for n, f1 in curves["hands"]]
    )
    return "\n\n".join([said, by_units, by_hands])
