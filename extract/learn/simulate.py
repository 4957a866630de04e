"""What active choice saves and what retraining gains, by simulation over the corpus's years and hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from extract.classify import Classifier
from extract.learn.config import Config
from extract.learn.corpus import UnitRow
from extract.learn.design import group_folds
from extract.learn.examples import group_reports, read_units
from extract.learn.judge import hold_out_hands, judge
from extract.learn.metrics import accuracy, gain_interval, interval, macro_f1, themes_micro_f1
from extract.learn.suggest import choose
from extract.learn.train import as_model, fit
from extract.report import Value


class Step(Value, frozen=True):
    """Macro-F1 on the test units after `labels` labelled units, one value a run."""

    labels: int
    active: tuple[float, ...]
    random: tuple[float, ...]


class Gain(Value, frozen=True):
    """Macro-F1 on half the agencies of `year`: trained on the years before, and with the other half too.

    `added` are the units of the other half; `gain_interval` is the 95 % interval of the difference by
    bootstrap over reports.
    """

    year: int
    units: int
    added: int
    before: float
    after: float
    gain_interval: tuple[float, float]


def simulate_choice(
    pool: Sequence[UnitRow],
    test: Sequence[UnitRow],
    config: Config,
    *,
    first: int = 150,
    batch: int = 100,
    rounds: int = 5,
    seeds: Sequence[int] = (1, 2, 3),
) -> list[Step]:
    """Active against random choice of what to label next from `pool`, `batch` units a round."""
    runs: dict[str, list[list[float]]] = {"active": [], "random": []}
    for seed in seeds:
        for strategy, scores in runs.items():
            scores.append(_run(pool, test, config, (first, batch, rounds, seed), active=strategy == "active"))
    steps = []
    for place in range(rounds + 1):
        column = {name: tuple(scores[place] for scores in each) for name, each in runs.items()}
        steps.append(Step(first + place * batch, column["active"], column["random"]))
    return steps


def _run(
    pool: Sequence[UnitRow],
    test: Sequence[UnitRow],
    config: Config,
    plan: tuple[int, int, int, int],
    *,
    active: bool,
) -> list[float]:
    """Macro-F1 at the start and after each round."""
    first, batch, rounds, seed = plan
    order = np.random.default_rng(seed).permutation(len(pool)).tolist()
    chosen = order[:first]
    scores = []
    for number in range(rounds + 1):
        model = as_model(fit([pool[place] for place in chosen], config, alone=False), config)
        scores.append(round(macro_f1(judge(model, test)), 4))
        taken = set(chosen)
        free = [place for place in order if place not in taken]
        if number < rounds and free:
            chosen += _choose(model, pool, free, batch, seed) if active else free[:batch]
    return scores


def _choose(
    model: Classifier, pool: Sequence[UnitRow], free: Sequence[int], batch: int, seed: int
) -> list[int]:
    """The places of the pool that `suggest` would choose from those still free."""
    by_id = {pool[place].id: place for place in free}
    examples = [read_units(report) for report in group_reports([pool[place] for place in free])]
    rows = [unit for example in examples for unit in example.units]
    labelled = model.label_reports([(example.text, example.atoms) for example in examples])
    scores = np.array([label.scores for report in labelled for label in report])
    found = choose(scores, [unit.text for unit in rows], batch, seed)
    return [by_id[rows[place].id] for place in sorted(found)]


def simulate_retraining(
    units: Sequence[UnitRow], config: Config, years: Sequence[int] = (2022, 2023, 2024, 2025)
) -> list[Gain]:
    """For each year: how a model of the years before scores on it, and what half its agencies add."""
    gains = []
    for year in years:
        earlier = [unit for unit in units if unit.year < year]
        now = [unit for unit in units if unit.year == year]
        if not earlier or len({unit.agency for unit in now}) < 2:
            continue
        half = group_folds([unit.agency for unit in now], 2)[0]
        tested = [unit for unit, inside in zip(now, half) if inside]
        added = [unit for unit, inside in zip(now, half) if not inside]
        before = judge(as_model(fit(earlier, config, alone=False), config), tested)
        after = judge(as_model(fit([*earlier, *added], config, alone=False), config), tested)
        ends = gain_interval(after, before, macro_f1)
        scores = (round(macro_f1(before), 4), round(macro_f1(after), 4))
        gains.append(Gain(year, len(tested), len(added), *scores, ends))
    return gains


def measure_ablation(units: Sequence[UnitRow], config: Config) -> dict[str, dict[str, Any]]:
    """What each part is worth, hands held out in three folds: the scores without it, beside all."""
    found = {}
    for name, variant in leave_out(replace(config, folds=3)).items():
        verdicts = hold_out_hands(units, variant)
        low, high = interval(verdicts, macro_f1)
        found[name] = {
            "kinds_macro_f1": round(macro_f1(verdicts), 4),
            "kinds_macro_f1_interval": [round(low, 4), round(high, 4)],
            "accuracy": round(accuracy(verdicts), 4),
            "accuracy_hard": round(accuracy([verdict for verdict in verdicts if verdict.unit.hard]), 4),
            "themes_micro_f1": round(themes_micro_f1(verdicts), 4),
        }
    return found


def leave_out(config: Config) -> dict[str, Config]:
    """The configuration, and what it is without each of its parts."""
    scheme = config.features
    changed = {
        "words": {"words": 0.0},
        "characters": {"chars": 0.0},
        "section in the first pass": {"section": 0.0},
        "headings": {"path": 0.0},
        "neighbours (second pass)": {"neighbours": 0.0},
        "vocabulary and signs of themes": {"lexicon": 0.0},
    }
    variants = {"all": config}
    for name, change in changed.items():
        variants[f"without {name}"] = replace(config, features=replace(scheme, **change))
    variants["headings at full weight"] = replace(config, features=replace(scheme, path=1.0))
    variants["without the sentences of units"] = replace(config, sentence=0.0)
    variants["without asking the rules"] = replace(config, rules=0.0)
    return variants
