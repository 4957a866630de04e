"""The scores of a model on labelled units, beside the rules, as a person reads them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extract.classify import Classifier, Rules, load_model
from extract.classify.cues import load_labels
from extract.errors import BadData
from extract.learn.corpus import UnitRow, find_files, load_units
from extract.learn.judge import CONTEXTS, judge
from extract.learn.metrics import (
    KindScore,
    Verdict,
    accuracy,
    calibration,
    calibration_error,
    confusions,
    coverage,
    interval,
    macro_f1,
    paired_test,
    score_each_kind,
    score_each_theme,
    themes_macro_f1,
    themes_micro_f1,
)
from extract.learn.releasing import FLOORS
from extract.learn.unseen import load_unseen

if TYPE_CHECKING:
    from rich.table import Table

MEASURES: dict[str, Callable[[Sequence[Verdict]], float]] = {
    "kinds macro-F1": macro_f1,
    "accuracy": accuracy,
    "themes micro-F1": themes_micro_f1,
    "themes macro-F1": themes_macro_f1,
    "calibration error": calibration_error,
}


def print_evaluation(
    model: str,
    corpus: Path,
    *,
    split: str = "test",
    year: int | None = None,
    against: str | None = None,
) -> None:
    """Print all scores of `model` (a name, a folder, or `rules`) on one split; `against` another model."""
    for name in (model, *([against] if against is not None else [])):
        load_model(name)  # a model that is not there is told before a corpus that is not
    units = choose_units(corpus, split, year)
    classifier = load_unseen(model, corpus, split)
    _print(overall_table(classifier, units))
    verdicts = judge(classifier, units)
    _print(label_table("kinds", score_each_kind(verdicts)))
    _print(label_table("themes", score_each_theme(verdicts)))
    for name, key in GROUPS.items():
        _print(group_table(name, verdicts, key))
    _print(confusion_table(verdicts))
    _print(calibration_table(verdicts))
    _print(coverage_table(verdicts))
    if against is not None:
        _print(comparison_table(load_unseen(against, corpus, split), classifier, units))


def print_comparison(
    old: str, new: str, corpus: Path, *, split: str = "test", year: int | None = None
) -> None:
    """Print whether the model `new` is better than `old` on the same units, and which kinds moved."""
    for name in (old, new):
        load_model(name)
    units = choose_units(corpus, split, year)
    _print(comparison_table(load_unseen(old, corpus, split), load_unseen(new, corpus, split), units))


def print_real(model: str, reports: Path, labels: Path) -> None:
    """Print the scores of `model` on the real reports that `labels` holds labels of."""
    from extract.learn.real_scores import score_real

    classifier = load_model(model)
    scores = score_real(classifier, reports, labels)
    table = _table(f"{classifier.name}: {scores[0].units} units of real reports", "context", "kinds macro-F1")
    for column in ("accuracy", "themes micro-F1"):
        table.add_column(column, justify="right")
    for one in scores:
        kinds = f"{one.kinds_macro_f1:.3f} [{one.kinds_interval[0]:.3f}, {one.kinds_interval[1]:.3f}]"
        themes = f"{one.themes_micro_f1:.3f} [{one.themes_interval[0]:.3f}, {one.themes_interval[1]:.3f}]"
        table.add_row(one.context, kinds, f"{one.right:.3f}", themes)
    _print(table)


def choose_units(corpus: Path, split: str, year: int | None) -> list[UnitRow]:
    """The labelled units of a split, of one year or of all. Raises `BadData` where there are none."""
    units = [unit for unit in load_units(corpus, [split]) if year is None or unit.year == year]
    if not units:
        if not any(find_files(corpus, UnitRow)):
            raise BadData(
                f"{corpus}: no labelled corpus there; run this where the corpus is: a checkout of the"
                " project, or name its folder with --corpus"
            )
        raise BadData(f"{corpus}: no labelled units in split {split!r}" + (f" of {year}" if year else ""))
    return units


def overall_table(classifier: Classifier, units: Sequence[UnitRow]) -> Table:
    """Each measure with its interval: all context, section alone, bare text; the rules beside."""
    table = _table(f"{classifier.name}: {len(units)} units", "measure", "all context", "section", "bare text")
    table.add_column("rules", justify="right")
    verdicts = {context: judge(classifier, units, context) for context in CONTEXTS}
    rules = judge(Rules(), units)
    rows = dict(MEASURES)
    for name, measure in rows.items():
        cells = []
        for context in CONTEXTS:
            low, high = interval(verdicts[context], measure)
            cells.append(f"{measure(verdicts[context]):.3f} [{low:.3f}, {high:.3f}]")
        table.add_row(name, *cells, f"{measure(rules):.3f}")
    hard = {context: [v for v in mine if v.unit.hard] for context, mine in verdicts.items()}
    if not any(hard.values()):
        return table
    cells = [f"{accuracy(hard[context]):.3f} (n={len(hard[context])})" for context in CONTEXTS]
    table.add_row("accuracy, hard units", *cells, f"{accuracy([v for v in rules if v.unit.hard]):.3f}")
    return table


GROUPS: dict[str, Callable[[Verdict], str]] = {
    "level": lambda verdict: verdict.unit.level,
    "year": lambda verdict: str(verdict.unit.year),
    "part": lambda verdict: verdict.unit.part,
    "difficulty": lambda verdict: "hard" if verdict.unit.hard else "easy",
    "hand": lambda verdict: verdict.unit.hand,
}


def group_table(name: str, verdicts: Sequence[Verdict], key: Callable[[Verdict], str]) -> Table:
    """Macro-F1, accuracy and themes for each value of a column."""
    table = _table(f"by {name}", name, "units", "kinds macro-F1", "accuracy", "themes micro-F1")
    for value in sorted({key(verdict) for verdict in verdicts}):
        mine = [verdict for verdict in verdicts if key(verdict) == value]
        scores = (macro_f1(mine), accuracy(mine), themes_micro_f1(mine))
        table.add_row(value, str(len(mine)), *(f"{score:.3f}" for score in scores))
    return table


def label_table(title: str, scores: dict[str, KindScore]) -> Table:
    """Precision, recall and F1 of each label."""
    table = _table(title, "label", "gold", "precision", "recall", "F1")
    for label, score in scores.items():
        rates = (score.precision, score.recall, score.f1)
        table.add_row(label, str(score.gold), *("—" if rate is None else f"{rate:.3f}" for rate in rates))
    return table


def confusion_table(verdicts: Sequence[Verdict]) -> Table:
    """Gold kinds in rows, kinds found in columns."""
    kinds = load_labels().kinds
    table = _table("confusion (rows: gold, columns: found)", "", *(kind[:6] for kind in kinds))
    wrong = {(gold, found): count for gold, found, count in confusions(verdicts)}
    right = {kind: sum(v.kind == kind == v.unit.kind for v in verdicts) for kind in kinds}
    for gold in kinds:
        cells = [right[gold] if gold == found else wrong.get((gold, found), 0) for found in kinds]
        table.add_row(gold, *(str(cell) if cell else "·" for cell in cells))
    return table


def calibration_table(verdicts: Sequence[Verdict]) -> Table:
    """Mean score and share right in each bin of the score."""
    table = _table("calibration", "mean score", "share right", "units")
    for score, right, count in calibration(verdicts):
        table.add_row(f"{score:.3f}", f"{right:.3f}", str(count))
    return table


def coverage_table(verdicts: Sequence[Verdict]) -> Table:
    """What is kept, and how much of it is right, where lower scores are left out (`--min-score`)."""
    table = _table("coverage against accuracy", "min-score", "coverage", "accuracy")
    for floor, kept, right in coverage(verdicts, FLOORS):
        table.add_row(f"{floor:.2f}", f"{kept:.3f}", f"{right:.3f}")
    return table


def comparison_table(old: Classifier, new: Classifier, units: Sequence[UnitRow]) -> Table:
    """Whether `new` is better than `old` on the same units, which kinds moved, and the themes together."""
    before, after = judge(old, units), judge(new, units)
    gain, p = paired_test(after, before)
    table = _table(
        f"{new.name} against {old.name}: accuracy {gain:+.4f}, p = {p:.3f}", "kind", "old F1", "new F1"
    )
    table.add_column("change", justify="right")
    old_scores, new_scores = score_each_kind(before), score_each_kind(after)
    for kind in load_labels().kinds:
        first, second = old_scores[kind].f1, new_scores[kind].f1
        if first is not None and second is not None:
            table.add_row(kind, f"{first:.3f}", f"{second:.3f}", f"{second - first:+.3f}")
    for name, measure in (("macro", macro_f1), ("themes", themes_micro_f1)):
        first, second = measure(before), measure(after)
        table.add_row(name, f"{first:.3f}", f"{second:.3f}", f"{second - first:+.3f}")
    return table


def _table(title: str, *columns: str) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table


def _print(table: Table) -> None:
    from rich.console import Console

    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120).print(table)
