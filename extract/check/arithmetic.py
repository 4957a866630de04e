"""The sums that the statutory tables must keep.

Blanks: a blank is not a nought. Where a part is blank, a sum is wrong only if the parts that are known
already exceed a known total; a blank total is a missing cell and breaks no sum (seen: reports that leave
every nought blank). Source: the form's own note, 勾稽关系.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from extract.check.evidence import Evidence, find, show_number
from extract.check.knowledge import Knowledge, load_knowledge
from extract.forms import FormSum, list_sums
from extract.report import Finding, Number

# money has decimals: two sums that differ by less than this differ only in binary
NOUGHT = 1e-6
_BALANCE = ("received", "carried_over", "total", "carried_forward")
Rows = Mapping[str, Sequence[Number]]  # row → its numbers, one a column


def check_balance(evidence: Evidence) -> Iterator[Finding]:
    """A column of the requests table where received + carried over ≠ total + carried forward."""
    if _plainly_balanced(evidence.whole_rows.get("requests", {})):
        return
    names = load_knowledge()
    for column, places in _columns(evidence):
        received, carried_over, total, forward = (evidence.at(places.get(row)) for row in _BALANCE)
        if total is None or not _unbalanced((received, carried_over), (total, forward)):
            continue
        message = (
            f"Column {names.column_name('requests', column)} of the requests table does not balance: "
            f"本年新收 {show_number(received)} + 上年结转 {show_number(carried_over)} ≠ "
            f"总计 {show_number(total)} + 结转下年度 {show_number(forward)}."
        )
        ids = [f"requests.{row}.{column}" for row in _BALANCE]
        yield find("balance", message, ids, severity="error", origin=evidence.origin(ids))


def _plainly_balanced(rows: Rows) -> bool:
    """Whether all columns of rows without a blank balance to the last digit: nearly all do."""
    received, carried_over, total, forward = (rows.get(row, []) for row in _BALANCE)
    left, right = zip(received, carried_over), zip(total, forward)
    return len(received) > 0 and list(map(sum, left)) == list(map(sum, right))


def check_column_sums(evidence: Evidence) -> Iterator[Finding]:
    """A column whose outcomes do not add up to its 总计; likewise the sums of the statistics of form 2014."""
    knowledge = load_knowledge()
    if not _plainly_adds_up(evidence.whole_rows.get("requests", {}), knowledge.not_outcomes):
        yield from _check_columns(evidence, knowledge)
    if "statistics" in evidence.layout.tables:
        for one in list_sums():
            yield from _check_statistics(evidence, one)


def _plainly_adds_up(rows: Rows, not_outcomes: Sequence[str]) -> bool:
    """Whether the outcomes of rows without a blank add up to the last digit in all columns: nearly all do."""
    outcomes = [numbers for row, numbers in rows.items() if row not in not_outcomes]
    return len(outcomes) > 0 and [sum(column) for column in zip(*outcomes)] == rows.get("total")


def _check_columns(evidence: Evidence, knowledge: Knowledge) -> Iterator[Finding]:
    rows = [row for row in evidence.layout.rows("requests") if row not in knowledge.not_outcomes]
    for column, places in _columns(evidence):
        total = evidence.at(places.get("total"))
        wrong = _wrong_sum(total, [evidence.at(places.get(row)) for row in rows])
        if wrong is None:
            continue
        message = (
            f"Column {knowledge.column_name('requests', column)} of the requests table: the outcomes add up "
            f"to {show_number(wrong)}, but （七）总计 says {show_number(total)}."
        )
        ids = [f"requests.{row}.{column}" for row in ("total", *rows)]
        yield find("column_sum", message, ids, severity="error", origin=evidence.origin(ids))


def _check_statistics(evidence: Evidence, one: FormSum) -> Iterator[Finding]:
    places = evidence.layout.places
    if one.whole not in places:
        return
    whole, parts = evidence.value(one.whole), [part for part in one.parts if part in places]
    is_open = one.at_most or len(parts) < len(one.parts)
    wrong = _wrong_sum(whole, [evidence.value(part) for part in parts], at_most=is_open)
    if wrong is not None:
        message = (
            f"Statistics: the parts of {one.name} add up to {show_number(wrong)}, "
            f"but {one.name} is {show_number(whole)}."
        )
        ids = [one.whole, *parts]
        yield find("column_sum", message, ids, severity="error", origin=evidence.origin(ids))


def check_row_sums(evidence: Evidence) -> Iterator[Finding]:
    """A row of the requests table whose applicants do not add up to its total."""
    yield from _check_rows(evidence, "requests", "row_sum", "the applicants add up to")


def check_review_sums(evidence: Evidence) -> Iterator[Finding]:
    """A row of the review table whose outcomes do not add up to its total."""
    yield from _check_rows(evidence, "review", "review_sum", "the outcomes add up to")


def _check_rows(evidence: Evidence, table: str, rule: str, says: str) -> Iterator[Finding]:
    layout, values = evidence.layout, evidence.values
    whole = evidence.whole_rows.get(table, {})
    for row in layout.rows(table):
        numbers = whole.get(row)
        if numbers is not None and 2 * numbers[-1] == sum(numbers):  # the total is the last of them
            continue
        ident = f"{table}.{row}.total"
        total = evidence.value(ident)
        parts = [place for place in layout.tables[table].rows[row] if layout.ids[place] != ident]
        wrong = _wrong_sum(total, [values[place] for place in parts])
        if wrong is None:
            continue
        cell = evidence.cell(ident)
        name = load_knowledge().row_name(table, row, cell.label if cell else None)
        message = f"{name}: {says} {show_number(wrong)}, but 总计 says {show_number(total)}."
        ids = [ident, *(layout.ids[place] for place in parts)]
        yield find(rule, message, ids, severity="error", origin=evidence.origin(ids))


def _columns(evidence: Evidence) -> Iterable[tuple[str, Mapping[str, int]]]:
    """The columns of the requests table, each with the place of its cell in each row."""
    found = evidence.layout.tables.get("requests")
    return found.columns.items() if found else ()


def _wrong_sum(
    total: Number | None, parts: Sequence[Number | None], *, at_most: bool = False
) -> Number | None:
    """What the parts add up to, where that contradicts the total; else None.

    `at_most` says that the list of parts may be open, so that they may only not exceed the total.
    """
    if total is None or not parts:
        return None
    known = sum([part for part in parts if part is not None])
    if known > total + NOUGHT:
        return known
    if at_most or None in parts:
        return None
    return known if known < total - NOUGHT else None


def _unbalanced(left: Sequence[Number | None], right: Sequence[Number | None]) -> bool:
    """Whether two sums differ for sure, whatever their blanks stand for (a blank is at least nought)."""
    known_left = sum([value for value in left if value is not None])
    known_right = sum([value for value in right if value is not None])
    if None not in left and None not in right:
        return abs(known_left - known_right) > NOUGHT
    if None not in left:
        return known_right > known_left + NOUGHT
    return None not in right and known_left > known_right + NOUGHT
