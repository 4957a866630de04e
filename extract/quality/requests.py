"""Rates of requests, reviews and suits, from the totals of the statutory tables.

T is （七）总计, the outcomes of the year. A blank part makes a rate unknown, unless the stated parts already
add up to the stated total: then the blank is a nought. Reports on the form of 2014 have other rows: no value.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.quality.facts import Facts, indicator
from extract.quality.measure import Measure, rate_of_cases, unknown
from extract.report import Number

SUITS = ("litigation_direct", "litigation_after_reconsideration")


def _add(parts: Sequence[Number | None]) -> Number | None:
    known = [part for part in parts if part is not None]
    return sum(known) if parts and len(known) == len(parts) else None


def _of_total(facts: Facts, *groups: str) -> Measure:
    """The outcomes in some groups (a row, or all rows below it) / T."""
    if "requests" not in facts.tables:
        return unknown("no_table")
    part = _add([_group(facts, group) for group in groups])
    return rate_of_cases(part, facts.flow("total"), "nothing_concluded")


def _group(facts: Facts, group: str) -> Number | None:
    return _add([n for row, n in facts.outcomes.items() if row == group or row.startswith(f"{group}.")])


@indicator
def grant_rate(facts: Facts) -> Measure:
    """(granted + granted_in_part) / T. Range 0–1. Source: 条例第三十六条, 第三十七条."""
    return _of_total(facts, "granted", "granted_in_part")


@indicator
def full_grant_rate(facts: Facts) -> Measure:
    """granted / T. Range 0–1. Source: 条例第三十六条."""
    return _of_total(facts, "granted")


@indicator
def merits_grant_rate(facts: Facts) -> Measure:
    """(granted + granted_in_part) / (granted + granted_in_part + Σ denied). Range 0–1.

    Of the requests decided on their merits: without what is not held, not processed or otherwise closed.
    """
    if "requests" not in facts.tables:
        return unknown("no_table")
    given = _add([_group(facts, "granted"), _group(facts, "granted_in_part")])
    return rate_of_cases(given, _add([given, _group(facts, "denied")]), "nothing_decided")


@indicator
def denial_rate(facts: Facts) -> Measure:
    """Σ denied / T. Range 0–1. Refusals in part are in granted_in_part. Source: 条例第十四至十六条."""
    return _of_total(facts, "denied")


@indicator
def unavailable_rate(facts: Facts) -> Measure:
    """Σ unavailable / T. Range 0–1. Source: 条例第三十、三十六、三十八条."""
    return _of_total(facts, "unavailable")


@indicator
def not_processed_rate(facts: Facts) -> Measure:
    """Σ not_processed / T. Range 0–1. Source: 条例第三十五、三十六、三十九条."""
    return _of_total(facts, "not_processed")


@indicator
def other_rate(facts: Facts) -> Measure:
    """Other outcomes / T. Range 0–1. One row in form 2019, three in form 2021."""
    return _of_total(facts, "other")


@indicator
def clearance_rate(facts: Facts) -> Measure:
    """T / (received + carried_over). Range 0–1. Source: the form's own balance."""
    if "requests" not in facts.tables:
        return unknown("no_table")
    load = _add([facts.flow("received"), facts.flow("carried_over")])
    return rate_of_cases(facts.flow("total"), load, "nothing_received")


@indicator
def backlog_rate(facts: Facts) -> Measure:
    """carried_forward / (received + carried_over). Range 0–1. Source: the form's own balance."""
    if "requests" not in facts.tables:
        return unknown("no_table")
    load = _add([facts.flow("received"), facts.flow("carried_over")])
    return rate_of_cases(facts.flow("carried_forward"), load, "nothing_received")


@indicator
def dispute_rate(facts: Facts) -> Measure:
    """(reconsiderations + suits) / T. From 0 up; a case may rest on a request of an earlier year."""
    if not {"requests", "review"} <= facts.tables:
        return unknown("no_table")
    cases = _add([facts.review(row)["total"] for row in ("reconsideration", *SUITS)])
    return rate_of_cases(cases, facts.flow("total"), "nothing_concluded")


@indicator
def reversal_rate(facts: Facts) -> Measure:
    """corrected / (upheld + corrected + other), reconsiderations and suits together. Range 0–1."""
    return _reversals(facts, ("reconsideration", *SUITS))


@indicator
def reversal_rate_reconsideration(facts: Facts) -> Measure:
    """corrected / (upheld + corrected + other) of reconsiderations. Range 0–1."""
    return _reversals(facts, ("reconsideration",))


@indicator
def reversal_rate_litigation(facts: Facts) -> Measure:
    """corrected / (upheld + corrected + other) of suits, with and without reconsideration. Range 0–1."""
    return _reversals(facts, SUITS)


def _reversals(facts: Facts, rows: Sequence[str]) -> Measure:
    if "review" not in facts.tables:
        return unknown("no_table")
    columns = [facts.review(row) for row in rows]
    corrected = _add([one.get("corrected") for one in columns])
    decided = _add([one.get(name) for one in columns for name in ("upheld", "corrected", "other")])
    return rate_of_cases(corrected, decided, "nothing_decided")


@indicator
def natural_person_share(facts: Facts) -> Measure:
    """Requests of natural persons / requests received this year. Range 0–1."""
    if "requests" not in facts.tables:
        return unknown("no_table")
    received = facts.cells.get("requests.received.natural_person")
    return rate_of_cases(received, facts.flow("received"), "nothing_received")
