"""What active choice saves and what retraining gains, by simulation over the corpus's years and hands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.classify import Classifier
from extract.learn.config import Config
from extract.learn.corpus import UnitRow
from extract.learn.design import group_folds
from extract.learn.examples import group_reports, read_units
from extract.learn.judge import judge
from extract.learn.metrics import macro_f1
from extract.learn.suggest import choose
from extract.learn.train import as_model, fit
from extract.report import Value


class Step(Value, frozen=True):
    """Macro-F1 on the test units after `labels` labelled units: mean and extremes over the runs."""

    labels: int
    active: tuple[float, float, float]  # mean, lowest, highest
    random: tuple[float, float, float]


class Gain(Value, frozen=True):
    """Macro-F1 on half the agencies of `year`: trained on the years before, and with the other half too."""

    year: int
    units: int
    before: float
    after: float


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
        column = {name: [scores[place] for scores in each] for name, each in runs.items()}
        summary = {name: (round(sum(f1) / len(f1), 4), min(f1), max(f1)) for name, f1 in column.items()}
        steps.append(Step(first + place * batch, summary["active"], summary["random"]))
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
        model = as_model(fit([pool[place] for place in chosen], config), config)
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
        before = macro_f1(judge(as_model(fit(earlier, config), config), tested))
        after = macro_f1(judge(as_model(fit([*earlier, *added], config), config), tested))
        gains.append(Gain(year, len(tested), round(before, 4), round(after, 4)))
    return gains


def measure_ablation(units: Sequence[UnitRow], config: Config) -> dict[str, tuple[float, float, float]]:
    """What each part is worth, hands held out: kinds macro-F1, accuracy, themes micro-F1 without it."""
    from msgspec.structs import replace

    from extract.learn.judge import hold_out_hands
    from extract.learn.metrics import accuracy, themes_micro_f1

    scheme = config.features
    variants = {
        "all": config,
        "without words": replace(config, features=replace(scheme, words=0.0)),
        "without characters": replace(config, features=replace(scheme, chars=0.0)),
        "without section": replace(config, features=replace(scheme, section=0.0)),
        "without headings": replace(config, features=replace(scheme, path=0.0)),
        "headings at full weight": replace(config, features=replace(scheme, path=1.0)),
        "without neighbours (second pass)": replace(config, features=replace(scheme, neighbours=0.0)),
        "without the sentences of units": replace(config, sentence=0.0),
        "without the vocabulary of themes": replace(config, features=replace(scheme, lexicon=0.0)),
    }
    found = {}
    for name, variant in variants.items():
        verdicts = hold_out_hands(units, variant)
        scores = (macro_f1(verdicts), accuracy(verdicts), themes_micro_f1(verdicts))
        found[name] = (round(scores[0], 4), round(scores[1], 4), round(scores[2], 4))
    return found
