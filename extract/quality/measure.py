"""One measured value, or why there is none."""

from __future__ import annotations

from typing import Literal

from extract.report import Number, Value

# Rates over fewer requests than this swing with every single case.
FEW = 30

Reason = Literal[
    "no_units",
    "no_problems",
    "no_measures",
    "no_themes",
    "no_figures",
    "no_comparable_figures",
    "no_breakdowns",
    "no_relations",
    "no_sentences",
    "no_form",
    "no_year",
    "no_overview",
    "cut",
    "before_2019",
    "no_table",
    "blank_cell",
    "nothing_received",
    "nothing_concluded",
    "nothing_decided",
    "no_publication_day",
    "implausible_day",
    "no_deadline",
    "no_earlier_report",
    "not_consecutive",
    "other_agency",
    "other_form",
    "too_few_peers",
    "below_floor",
    "missing_indicator",
]


class Measure(Value, frozen=True, gc=False):
    """A value with what it was computed from; None with a `reason` where it cannot be had.

    `few` marks a rate over less than `FEW` requests.
    """

    value: float | None
    numerator: Number | None = None
    denominator: Number | None = None
    few: bool = False
    reason: Reason | None = None


def unknown(reason: Reason) -> Measure:
    """No value, and why."""
    return Measure(None, reason=reason)


def count(number: Number) -> Measure:
    """A plain count: its value is its numerator."""
    return Measure(float(number), number)


def rate(numerator: Number, denominator: Number, empty: Reason, *, per: float = 1) -> Measure:
    """`per` × numerator / denominator; None with the reason `empty` where the denominator is 0.

    >>> rate(3, 4, "no_units").value, rate(0, 0, "no_units").reason
    (0.75, 'no_units')
    """
    if not denominator:
        return Measure(None, numerator, denominator, reason=empty)
    return Measure(per * numerator / denominator, numerator, denominator)


def rate_of_cases(numerator: Number | None, denominator: Number | None, empty: Reason) -> Measure:
    """A rate over requests or suits, `few` below `FEW`; None where a cell of it is blank."""
    if numerator is None or denominator is None:
        return Measure(None, numerator, denominator, reason="blank_cell")
    if not denominator:
        return Measure(None, numerator, denominator, few=True, reason=empty)
    return Measure(numerator / denominator, numerator, denominator, few=denominator < FEW)
