"""What a model's parts are worth, what active choice saves and what retraining gains: the study in its card.

Every figure is of units that the model did not learn: whole hands held out, or half the agencies of a year.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from extract.learn.config import Config
from extract.learn.corpus import UnitRow, load_units
from extract.learn.simulate import Step, measure_ablation, simulate_choice, simulate_retraining


def run_study(
    config: Config,
    *,
    seeds: Sequence[int] = (1, 2, 3),
    first: int = 150,
    batch: int = 100,
    rounds: int = 5,
    years: Sequence[int] = (2022, 2023, 2024, 2025),
) -> dict[str, Any]:
    """The three studies as plain values, for `meta.json`: `ablation`, `choice` (steps and what is saved),
    `retraining`. The rough hands are left out of all: they would hide what the rest says."""
    units = [unit for unit in load_units(config.corpus) if unit.part != "rough"]
    pool = [unit for unit in units if unit.hand not in _tested_hands(units)]
    tested = [unit for unit in units if unit.hand in _tested_hands(units)]
    steps = simulate_choice(pool, tested, config, first=first, batch=batch, rounds=rounds, seeds=seeds)
    return {
        "ablation": measure_ablation(units, config),
        "choice": {
            "tested": len(tested),
            "seeds": len(seeds),
            "steps": [step.to_dict() for step in steps],
            "saved": saved_labels(steps),
        },
        "retraining": [gain.to_dict() for gain in simulate_retraining(units, config, years)],
    }


def _tested_hands(units: Sequence[UnitRow]) -> set[str]:
    """Every fourth hand: what active choice is measured on."""
    return set(sorted({unit.hand for unit in units})[::4])


def saved_labels(steps: Sequence[Step]) -> tuple[float, float, float]:
    """The share of labels that active choice saves: mean, lowest and highest over the runs.

    A run of active choice needs so many labels to reach what random choice has at the end; below 0 it needs
    more. Between two rounds the score is taken to rise evenly; what is never reached counts as nothing saved.
    """
    labels = np.array([step.labels for step in steps], dtype=float)
    shares = []
    for active, random in zip(
        *(zip(*(getattr(step, name) for step in steps)) for name in ("active", "random"))
    ):
        goal = random[-1]
        reached = np.maximum.accumulate(np.array(active))
        at = int(np.searchsorted(reached, goal))
        if at >= len(reached):
            shares.append(0.0)
            continue
        first, last = max(0, at - 1), at
        rise = reached[last] - reached[first]
        part = (goal - reached[first]) / rise if rise > 0 else 0.0
        needed = labels[first] + part * (labels[last] - labels[first])
        shares.append(1 - needed / labels[-1])
    return round(float(np.mean(shares)), 3), round(min(shares), 3), round(max(shares), 3)


def add_study(folder: Path, study: Mapping[str, Any]) -> Path:
    """Write the study into a release and its card; the weights stay as they are."""
    from extract.learn.releasing import rewrite_release

    return rewrite_release(folder, {"study": dict(study)})


def study_release(folder: Path) -> Path:
    """Run the study with the configuration of the release in `folder`, and write it there."""
    meta = json.loads((folder / "meta.json").read_bytes())
    return add_study(folder, run_study(msgspec.convert(meta["config"], Config)))
