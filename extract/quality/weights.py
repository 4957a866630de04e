"""A score from the user's own weights: nobody else can say what good disclosure weighs.

A weights file is TOML:

    use = "percentile"        # or "value", for indicators whose range is 0–1
    missing = "null"          # or "skip": the mean of those that are there
    [weights]
    arith_pass = 2
    vague_problem_share = -1  # below 0: less is better, 1 − x counts
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal

from extract.errors import BadData
from extract.quality.indicators import describe_indicators
from extract.quality.measure import Measure, unknown
from extract.report import Value
from extract.user_files import read_settings

FORM = """a weights file is TOML such as:
  use = "percentile"        # among reports of the level and year; or "value"
  missing = "null"          # no score where an indicator has no value; or "skip"
  [weights]                 # indicators by their ids: gongkai codebook lists them
  arith_pass = 2
  vague_problem_share = -1  # below 0: less is better"""


class Weights(Value, frozen=True, forbid_unknown_fields=True):
    """Indicator → weight, and what is weighed: values from 0 to 1, or percentiles among peers."""

    weights: dict[str, float]
    use: Literal["value", "percentile"] = "percentile"
    missing: Literal["null", "skip"] = "null"


def load_weights(path: str | os.PathLike[str]) -> Weights:
    """The weights of a file. Raises `BadData` naming the key that is no indicator or cannot be weighed."""
    weights = read_settings(path, Weights, FORM)
    known = describe_indicators()
    for name, weight in weights.weights.items():
        if name not in known:
            raise BadData(f"{os.fspath(path)}: {name!r} is no indicator: `gongkai codebook` lists them")
        if weights.use == "value" and known[name].range not in ("0–1", "0 or 1"):
            raise BadData(f"{os.fspath(path)}: {name} has no range from 0 to 1: weigh percentiles instead")
        if not weight:
            raise BadData(f"{os.fspath(path)}: {name} has the weight 0: leave it out")
    if not weights.weights:
        raise BadData(f"{os.fspath(path)}: no weights; {FORM}")
    return weights


def weighted_mean(values: Mapping[str, float | None], weights: Weights) -> Measure:
    """Σ |w|·x / Σ |w| over the weighted indicators, x from 0 to 1; 1 − x where w is below 0. Range 0–1.

    `values` are values or percentiles (0 to 100) by what `weights.use` says. Numerator and denominator are
    the two sums.

    >>> weights = Weights({"arith_pass": 3.0, "vague_problem_share": -1.0}, use="value")
    >>> weighted_mean({"arith_pass": 1.0, "vague_problem_share": 0.5}, weights).value
    0.875
    """
    scale = 100.0 if weights.use == "percentile" else 1.0
    total = weight_sum = 0.0
    for name, weight in weights.weights.items():
        value = values.get(name)
        if value is None:
            if weights.missing == "null":
                return unknown("missing_indicator")
            continue
        part = value / scale
        total += abs(weight) * (part if weight > 0 else 1 - part)
        weight_sum += abs(weight)
    return Measure(total / weight_sum, total, weight_sum) if weight_sum else unknown("missing_indicator")
