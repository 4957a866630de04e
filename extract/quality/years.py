"""One agency's report against its report of the year before: numbers that must carry over.

Measures take the earlier report first. Faults are findings of both reports: each names the cells on its side.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from extract.agencies.identity import write_in_full
from extract.check.evidence import show_number
from extract.quality.facts import Facts
from extract.quality.measure import Measure, Reason, rate, unknown
from extract.report import Number, Report, Severity, Value

Rule = Literal["carry", "stock", "previous_items", "duplicate_report", "twin_report", "foreign_place"]
COLUMNS = (
    "natural_person",
    "commercial",
    "research",
    "public_welfare",
    "legal_service",
    "other",
    "total",
)
STOCKS = ("regulations", "normative_documents")
ITEMS = ("licences", "other_services", "penalties", "coercive_measures", "fees")


class CrossFinding(Value, frozen=True, gc=False):
    """A fault between two reports. `where` are cells or spans of `report`, `other_where` those of `other`.

    Both reports are named by id. The severity is always `warning`: who is right cannot be told, and agencies
    merge, lapse and count anew.
    """

    rule: Rule
    severity: Severity
    message: str
    report: str
    where: tuple[str, ...]
    other: str
    other_where: tuple[str, ...]


def not_consecutive(old: Report, new: Report) -> Reason | None:
    """Why two reports cannot be compared as a year and the next, None where they can."""
    if old.year is None or new.year is None:
        return "no_year"
    return None if new.year == old.year + 1 else "not_consecutive"


def carry_agree(old: Report | Facts, new: Report | Facts) -> Measure:
    """Columns where carried_forward of t−1 = carried_over of t / columns known in both. Range 0–1.

    Seven columns: six applicants and the total. Source: the form's own balance.
    """
    before, after = _facts(old), _facts(new)
    if reason := not_consecutive(before.report, after.report):
        return unknown(reason)
    if not ("requests" in before.tables and "requests" in after.tables):
        return unknown("no_table")
    pairs = [pair for _, *pair in _carried(before, after)]
    known = [left == right for left, right in pairs if left is not None and right is not None]
    return rate(sum(known), len(known), "blank_cell")


def _carried(before: Facts, after: Facts) -> Iterator[tuple[str, Number | None, Number | None]]:
    for column in COLUMNS:
        forward = before.cells.get(f"requests.carried_forward.{column}")
        over = after.cells.get(f"requests.carried_over.{column}")
        yield column, forward, over


def stock_gap(old: Report | Facts, new: Report | Facts) -> Measure:
    """in_force(t) − (in_force(t−1) + issued(t) − repealed(t)), summed over the rows known in both years.

    A count, 0 where the stock carries on, of either sign. Numerator: in_force(t), denominator: what was to be
    expected. Form 2021 in both years. Modified rules, lapse by date and counting anew open an honest gap; the
    gap of each row is a finding `stock`. Source: 国办公开办函〔2021〕30号.
    """
    before, after = _facts(old), _facts(new)
    if reason := not_consecutive(before.report, after.report):
        return unknown(reason)
    if None in (before.report.form, after.report.form):
        return unknown("no_form")
    if not before.report.form == after.report.form == "2021":
        return unknown("other_form")
    known = [(gap, expected) for _, gap, expected in _stock_gaps(before, after) if gap is not None]
    if not known:
        return unknown("blank_cell")
    gap = sum(one for one, _ in known)
    expected = sum(one for _, one in known if one is not None)
    return Measure(float(gap), gap + expected, expected)


def _stock_gaps(before: Facts, after: Facts) -> Iterator[tuple[str, Number | None, Number | None]]:
    """Row, gap and the stock that was to be expected."""
    for row in STOCKS:
        stock = before.cells.get(f"proactive.{row}.in_force")
        now, issued, repealed = (
            after.cells.get(f"proactive.{row}.{column}") for column in ("in_force", "issued", "repealed")
        )
        if stock is None or now is None or issued is None or repealed is None:
            yield row, None, None
        else:
            yield row, now - (stock + issued - repealed), stock + issued - repealed


def find_year_faults(old: Report | Facts, new: Report | Facts) -> tuple[CrossFinding, ...]:
    """The findings `carry`, `stock` and `previous_items` of two consecutive reports, in this order."""
    before, after = _facts(old), _facts(new)
    if not_consecutive(before.report, after.report):
        return ()
    found = (*_carry_faults(before, after), *_stock_faults(before, after), *_item_faults(before, after))
    return tuple(found)


def _carry_faults(before: Facts, after: Facts) -> Iterator[CrossFinding]:
    for column, forward, over in _carried(before, after):
        if forward is None or over is None or forward == over:
            continue
        message = (
            f"{before.report.year}: 结转下年度继续办理 {show_number(forward)}, but {after.report.year}: "
            f"上年结转 {show_number(over)} (column {column})."
        )
        yield _fault(
            "carry",
            message,
            (before, (f"requests.carried_forward.{column}",)),
            (after, (f"requests.carried_over.{column}",)),
        )


def _stock_faults(before: Facts, after: Facts) -> Iterator[CrossFinding]:
    if not before.report.form == after.report.form == "2021":
        return
    for row, gap, expected in _stock_gaps(before, after):
        if not gap:
            continue
        now = after.cells[f"proactive.{row}.in_force"]
        message = (
            f"{row}: 现行有效件数 {show_number(now)} in {after.report.year}, but last year's stock, what was "
            f"issued and what was repealed make {show_number(expected)}."
        )
        columns = ("in_force", "issued", "repealed")
        yield _fault(
            "stock",
            message,
            (before, (f"proactive.{row}.in_force",)),
            (after, tuple(f"proactive.{row}.{column}" for column in columns)),
        )


def _item_faults(before: Facts, after: Facts) -> Iterator[CrossFinding]:
    """Form 2019: 上一年项目数量 of t is that of t−1 with its 增/减."""
    if not before.report.form == after.report.form == "2019":
        return
    for row in ITEMS:
        start, change = (before.cells.get(f"proactive.{row}.{one}") for one in ("previous_items", "change"))
        now = after.cells.get(f"proactive.{row}.previous_items")
        if start is None or change is None or now is None or start + change == now:
            continue
        message = (
            f"{row}: 上一年项目数量 {show_number(now)} in {after.report.year}, but {before.report.year} had "
            f"{show_number(start)} and a change of {show_number(change)}."
        )
        sides = (f"proactive.{row}.previous_items", f"proactive.{row}.change")
        yield _fault(
            "previous_items", message, (before, sides), (after, (f"proactive.{row}.previous_items",))
        )


def _fault(
    rule: Rule, message: str, old: tuple[Facts, tuple[str, ...]], new: tuple[Facts, tuple[str, ...]]
) -> CrossFinding:
    return CrossFinding(rule, "warning", message, new[0].report.id, new[1], old[0].report.id, old[1])


def duplicate_report(first: Report, second: Report) -> CrossFinding | None:
    """The finding that one agency has two differing reports for one year, None where it has not."""
    same_name = None not in (first.agency, second.agency) and write_in_full(
        first.agency or ""
    ) == write_in_full(second.agency or "")
    if not same_name or first.year is None or first.year != second.year or first.id == second.id:
        return None
    message = f"{first.agency} has two reports for {first.year} that differ."
    return CrossFinding("duplicate_report", "warning", message, second.id, (), first.id, ())


def _facts(subject: Report | Facts) -> Facts:
    return subject if isinstance(subject, Facts) else Facts(subject)
