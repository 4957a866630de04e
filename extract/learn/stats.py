"""What the corpus holds, and how like the real it is: the figures of its card."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from extract.classify.cues import load_labels
from extract.errors import BadData
from extract.learn.agreement import Agreement, measure_agreement, read_readings, settle
from extract.learn.corpus import (
    SPLITS,
    THEMED,
    FigureRow,
    ReportRow,
    UnitRow,
    find_files,
    iterate_rows,
    read_rows,
)
from extract.learn.judge import judge
from extract.learn.likeness import describe_lengths, distinct_n, find_near_duplicates, missing_words
from extract.learn.metrics import accuracy
from extract.report import Report, Value

# Of the units of five real reports (measured with this program's segmentation guideline; ../shared/reports).
REAL_LENGTHS = {"p50": 72.0, "p90": 134.0}


class CorpusStats(Value, frozen=True):
    """Counts and likenesses of a corpus; shares are 0 to 1, lengths are characters."""

    reports: int
    agencies: int
    hands: int
    units: int
    hard_units: int
    figure_sentences: int
    by: dict[str, dict[str, int]]  # split, part, level, year, hand, kind, theme, section → units
    report_lengths: dict[str, float]
    unit_lengths: dict[str, float]
    unit_lengths_main: dict[str, float]
    distinct: dict[str, float]
    duplicates_within: int
    duplicates_between: int
    rules_right: float
    rules_right_main: float
    agreement: Agreement | None


def run_stats(folder: str | os.PathLike[str]) -> CorpusStats:
    """All figures of the corpus at `folder` that need no training."""
    from extract.classify import Rules

    placed = list(iterate_rows(folder, UnitRow))
    units = [unit for _, unit in placed]
    reports = [report for _, report in iterate_rows(folder, ReportRow)]
    main = [unit for unit in units if unit.part == "main"]
    pairs = find_near_duplicates([unit.text for unit in units])
    between = sum(placed[pair.first][0] != placed[pair.second][0] for pair in pairs)
    second = Path(folder) / "second"
    texts = [unit.text for unit in units]
    return CorpusStats(
        reports=len(reports),
        agencies=len({report.agency for report in reports}),
        hands=len({report.hand for report in reports}),
        units=len(units),
        hard_units=sum(unit.hard for unit in units),
        figure_sentences=_count_figures(folder),
        by=count_by(placed),
        report_lengths=describe_lengths(report.text for report in reports),
        unit_lengths=describe_lengths(texts),
        unit_lengths_main=describe_lengths(unit.text for unit in main),
        distinct={f"distinct-{n}": round(distinct_n(texts, n), 4) for n in (1, 2, 3)},
        duplicates_within=len(pairs) - between,
        duplicates_between=between,
        rules_right=round(accuracy(judge(Rules(), units)), 4),
        rules_right_main=round(accuracy(judge(Rules(), main)), 4),
        agreement=measure_agreement(as_first_read(units, folder), read_readings(second))
        if second.exists()
        else None,
    )


def as_first_read(units: Sequence[UnitRow], folder: str | os.PathLike[str]) -> list[UnitRow]:
    """The units with the labels that the first reader gave, where `folder`/first keeps them.

    Agreement is of two readings, not of the second with what was settled between them.
    """
    first = Path(folder) / "first"
    return settle(units, read_readings(first)) if first.exists() else list(units)


def _count_figures(folder: str | os.PathLike[str]) -> int:
    return sum(
        1 for _, file in find_files(folder, FigureRow) for _ in read_rows(file, FigureRow, lambda fault: None)
    )


def count_by(placed: Sequence[tuple[str, UnitRow]]) -> dict[str, dict[str, int]]:
    """Units by each column worth counting, in the order of labels.toml for labels."""
    columns: dict[str, Callable[[UnitRow], Any]] = {
        "part": lambda unit: unit.part,
        "level": lambda unit: unit.level,
        "year": lambda unit: str(unit.year),
        "hand": lambda unit: unit.hand,
        "section": lambda unit: unit.section,
    }
    counts = {"split": dict(Counter(split for split, _ in placed))}
    counts["split"] = {split: counts["split"].get(split, 0) for split in SPLITS}
    for name, key in columns.items():
        counts[name] = dict(sorted(Counter(key(unit) for _, unit in placed).items()))
    kinds = Counter(unit.kind for _, unit in placed)
    themes = Counter(theme for _, unit in placed for theme in unit.themes)
    counts["kind"] = {kind: kinds[kind] for kind in load_labels().kinds}
    counts["theme"] = {theme: themes[theme] for theme in load_labels().themes}
    counts["themed"] = {"units": sum(unit.kind in THEMED for _, unit in placed)}
    return counts


def compare_with_real(
    folder: str | os.PathLike[str], files: Sequence[str | os.PathLike[str]]
) -> dict[str, Any]:
    """Lengths of the units of real reports beside the corpus's, and the words that the corpus lacks."""
    from extract.pipeline import parse

    parsed: list[Report] = [parse(file) for file in files]
    real = [unit.text for report in parsed for unit in report.units]
    ours = [unit.text for _, unit in iterate_rows(folder, UnitRow)]
    lacking = missing_words(real, ours)
    words = sum(count for _, count in lacking)
    return {
        "real": describe_lengths(real),
        "corpus": describe_lengths(ours),
        "missing": lacking,
        "missing_running_words": words,
    }


def learning_curves(
    folder: str | os.PathLike[str], steps: Sequence[float] = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0), seed: int = 7
) -> dict[str, list[tuple[int, float]]]:
    """Macro-F1 on `test` of a plain TF-IDF and linear model, by training units and by training hands.

    The rough hands are left out: the curves say what more text like the tested brings.
    """
    import numpy as np

    placed = iterate_rows(folder, UnitRow, ("train", "validation"))
    training = [unit for _, unit in placed if unit.part != "rough"]
    test = [unit for _, unit in iterate_rows(folder, UnitRow, ("test",))]
    if not training or not test:
        raise BadData(f"{os.fspath(folder)}: a curve needs labelled units in `train` and in `test`")
    random = np.random.default_rng(seed)
    order = random.permutation(len(training))
    by_units = []
    for step in steps:
        chosen = [training[place] for place in order[: int(len(order) * step)]]
        by_units.append((len(chosen), _plain_score(chosen, test)))
    hands = sorted({unit.hand for unit in training})
    shuffled = [hands[place] for place in random.permutation(len(hands))]
    by_hands = []
    size = min(len(training), 600)  # the same number of units for every number of hands
    for count in range(1, len(hands) + 1):
        pool = [unit for unit in training if unit.hand in shuffled[:count]]
        picked = random.permutation(len(pool))[:size]
        by_hands.append((count, _plain_score([pool[place] for place in picked], test)))
    return {"units": by_units, "hands": by_hands}


def _plain_score(training: Sequence[UnitRow], test: Sequence[UnitRow]) -> float:
    """Macro-F1 of TF-IDF over words with a linear SVM, text alone."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import f1_score
    from sklearn.svm import LinearSVC

    from extract.words import cut_words

    vectorizer = TfidfVectorizer(tokenizer=cut_words, token_pattern=None, ngram_range=(1, 2))
    matrix = vectorizer.fit_transform([unit.text for unit in training])
    model = LinearSVC(random_state=7).fit(matrix, [unit.kind for unit in training])
    found = model.predict(vectorizer.transform([unit.text for unit in test]))
    return round(float(f1_score([unit.kind for unit in test], found, average="macro")), 4)
