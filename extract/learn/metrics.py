"""Scores of kinds and themes: macro-F1, micro-F1, calibration, intervals by bootstrap over reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from extract.classify.cues import load_labels
from extract.learn.corpus import THEMED, UnitRow


class Verdict(NamedTuple):
    """What was found of one unit: kind, its score, the themes."""

    unit: UnitRow
    kind: str
    score: float
    themes: tuple[str, ...]


class KindScore(NamedTuple):
    """Precision, recall and F1 of one label over `gold` units; None where nothing was found or to find."""

    precision: float | None
    recall: float | None
    f1: float | None
    gold: int


def score_label(right: int, found: int, gold: int) -> KindScore:
    """The scores of one label from its counts."""
    f1 = 2 * right / (found + gold) if found + gold else None
    return KindScore(right / found if found else None, right / gold if gold else None, f1, gold)


def score_each_kind(verdicts: Sequence[Verdict]) -> dict[str, KindScore]:
    """The scores of each kind, in the order of labels.toml."""
    gold = Counter(verdict.unit.kind for verdict in verdicts)
    found = Counter(verdict.kind for verdict in verdicts)
    right = Counter(verdict.kind for verdict in verdicts if verdict.kind == verdict.unit.kind)
    return {kind: score_label(right[kind], found[kind], gold[kind]) for kind in load_labels().kinds}


def macro_f1(verdicts: Sequence[Verdict]) -> float:
    """The mean F1 of the kinds that occur in the gold."""
    scores = [one.f1 or 0.0 for one in score_each_kind(verdicts).values() if one.gold]
    return sum(scores) / len(scores) if scores else 0.0


def accuracy(verdicts: Sequence[Verdict]) -> float:
    """The share of units whose kind is right."""
    return sum(v.kind == v.unit.kind for v in verdicts) / len(verdicts) if verdicts else 0.0


def score_each_theme(verdicts: Sequence[Verdict]) -> dict[str, KindScore]:
    """The scores of each theme over the units that are problem or measure in the gold."""
    gold: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for verdict in verdicts:
        if verdict.unit.kind in THEMED:
            gold.update(verdict.unit.themes)
            found.update(verdict.themes)
            right.update(set(verdict.themes) & set(verdict.unit.themes))
    return {t: score_label(right[t], found[t], gold[t]) for t in load_labels().themes}


def themes_micro_f1(verdicts: Sequence[Verdict]) -> float:
    """F1 of all themes together over the units that are problem or measure in the gold."""
    themed = [verdict for verdict in verdicts if verdict.unit.kind in THEMED]
    right = sum(len(set(v.themes) & set(v.unit.themes)) for v in themed)
    both = sum(len(v.themes) + len(v.unit.themes) for v in themed)
    return 2 * right / both if both else 0.0


def themes_macro_f1(verdicts: Sequence[Verdict]) -> float:
    """The mean F1 of the themes that occur in the gold."""
    scores = [one.f1 or 0.0 for one in score_each_theme(verdicts).values() if one.gold]
    return sum(scores) / len(scores) if scores else 0.0


def calibration(verdicts: Sequence[Verdict], bins: int = 10) -> list[tuple[float, float, int]]:
    """For each bin of the score that is not empty: mean score, share right, units."""
    filled: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        filled.setdefault(min(bins - 1, int(verdict.score * bins)), []).append(verdict)
    return [
        (sum(v.score for v in mine) / len(mine), accuracy(mine), len(mine))
        for _, mine in sorted(filled.items())
    ]


def calibration_error(verdicts: Sequence[Verdict]) -> float:
    """Expected calibration error: mean distance of score and share right over ten bins."""
    total = len(verdicts)
    return sum(abs(score - right) * n for score, right, n in calibration(verdicts)) / total if total else 0.0


def coverage(verdicts: Sequence[Verdict], floors: Sequence[float]) -> list[tuple[float, float, float]]:
    """For each floor of the score: the share of units at or above it, and the share of those right."""
    rows = []
    for floor in floors:
        kept = [verdict for verdict in verdicts if verdict.score >= floor]
        rows.append((floor, len(kept) / len(verdicts) if verdicts else 0.0, accuracy(kept)))
    return rows


def confusions(verdicts: Sequence[Verdict]) -> list[tuple[str, str, int]]:
    """Gold kind, kind found, units, of what went wrong; commonest first."""
    wrong = Counter((v.unit.kind, v.kind) for v in verdicts if v.unit.kind != v.kind)
    return [(gold, found, count) for (gold, found), count in wrong.most_common()]


def interval(
    verdicts: Sequence[Verdict],
    measure: Callable[[Sequence[Verdict]], float],
    *,
    rounds: int = 500,
    seed: int = 7,
) -> tuple[float, float]:
    """The 95 % interval of a measure by bootstrap over reports (units of a report are not independent)."""
    reports: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        reports.setdefault(verdict.unit.report_id, []).append(verdict)
    groups = list(reports.values())
    random = np.random.default_rng(seed)
    found = []
    for _ in range(rounds):
        drawn = random.integers(0, len(groups), len(groups))
        found.append(measure([verdict for place in drawn for verdict in groups[place]]))
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def gain_interval(
    first: Sequence[Verdict],
    second: Sequence[Verdict],
    measure: Callable[[Sequence[Verdict]], float],
    *,
    rounds: int = 500,
    seed: int = 7,
) -> tuple[float, float]:
    """The 95 % interval of a measure of `first` less that of `second`, on the same units, over reports."""
    reports: dict[str, list[tuple[Verdict, Verdict]]] = {}
    for one, other in zip(first, second, strict=True):
        reports.setdefault(one.unit.report_id, []).append((one, other))
    groups, random = list(reports.values()), np.random.default_rng(seed)
    found = []
    for _ in range(rounds):
        pairs = [pair for place in random.integers(0, len(groups), len(groups)) for pair in groups[place]]
        found.append(measure([one for one, _ in pairs]) - measure([other for _, other in pairs]))
    low, high = np.percentile(found, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def paired_test(
    first: Sequence[Verdict], second: Sequence[Verdict], *, rounds: int = 2000, seed: int = 7
) -> tuple[float, float]:
    """Difference in accuracy (first less second) on the same units; two-sided p by sign flips a report."""
    differences: dict[str, float] = {}
    for one, other in zip(first, second, strict=True):
        gain = float(one.kind == one.unit.kind) - float(other.kind == other.unit.kind)
        differences[one.unit.report_id] = differences.get(one.unit.report_id, 0.0) + gain
    values = np.array(list(differences.values()))
    seen = abs(values.sum())
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(rounds, len(values)))
    p = float((np.abs(signs @ values) >= seen - 1e-9).mean())
    return float(values.sum() / max(1, len(first))), p
