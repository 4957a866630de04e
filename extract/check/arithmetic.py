"""The sums that the statutory tables must keep.

Blanks: a blank is not a nought. Where a part is blank, a sum is wrong only if the parts that are known
already exceed a known total; a blank total is a missing cell and breaks no sum (seen: reports that leave
every nought blank). Source: the form's own note, 勾稽关系.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.check.evidence import Evidence, find, show_number
from extract.check.knowledge import Knowledge, Sum, load_knowledge
from extract.report import Cell, Finding, Number

# money has decimals: two sums that differ by less than this differ only in binary
NOUGHT = 1e-6


def check_balance(evidence: Evidence) -> Iterator[Finding]:
    """A column of the requests table where received + carried over ≠ total + carried forward."""
    names = load_knowledge()
    for column in _columns(evidence, "requests"):
        ids = [f"requests.{row}.{column}" for row in ("received", "carried_over", "total", "carried_forward")]
        received, carried_over, total, forward = (evidence.value(one) for one in ids)
        if total is None or not _unbalanced((received, carried_over), (total, forward)):
            continue
        message = (
            f"Column {names.column_name('requests', column)} of the requests table does not balance: "
            f"本年新收 {show_number(received)} + 上年结转 {show_number(carried_over)} ≠ "
            f"总计 {show_number(total)} + 结转下年度 {show_number(forward)}."
        )
        yield find("balance", message, ids, severity="error", origin=evidence.origin(ids))


def check_column_sums(evidence: Evidence) -> Iterator[Finding]:
    """A column whose outcomes do not add up to its 总计; likewise the sums of the statistics of form 2014."""
    knowledge = load_knowledge()
    rows = [row for row in evidence.rows("requests") if row not in knowledge.not_outcomes]
    for column in _columns(evidence, "requests"):
        total, parts = f"requests.total.{column}", [f"requests.{row}.{column}" for row in rows]
        wrong = _wrong_sum(evidence, total, parts)
        if wrong is None:
            continue
        message = (
            f"Column {knowledge.column_name('requests', column)} of the requests table: the outcomes add up "
            f"to "
            f"{show_number(wrong)}, but （七）总计 says {show_number(evidence.value(total))}."
        )
        yield find(
            "column_sum", message, [total, *parts], severity="error", origin=evidence.origin([total, *parts])
        )
    for one in knowledge.sums:
        yield from _check_statistics(evidence, one, knowledge)


def _check_statistics(evidence: Evidence, one: Sum, knowledge: Knowledge) -> Iterator[Finding]:
    if one.whole not in evidence.cells:
        return
    parts = [part for part in one.parts if part in evidence.cells]
    wrong = _wrong_sum(evidence, one.whole, parts, at_most=one.at_most or len(parts) < len(one.parts))
    if wrong is not None:
        message = (
            f"Statistics: the parts of {one.name} add up to {show_number(wrong)}, "
            f"but {one.name} is {show_number(evidence.value(one.whole))}."
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
    for row, cells in evidence.by_row.get(table, {}).items():
        if _plainly_right(cells):
            continue
        total = f"{table}.{row}.total"
        parts = [cell.id for cell in cells if cell.column != "total"]
        wrong = _wrong_sum(evidence, total, parts)
        if wrong is None:
            continue
        name = load_knowledge().row_name(table, row, evidence.cells[total].label)
        message = f"{name}: {says} {show_number(wrong)}, but 总计 says {show_number(evidence.value(total))}."
        ids = [total, *parts]
        yield find(rule, message, ids, severity="error", origin=evidence.origin(ids))


def _plainly_right(cells: Sequence[Cell]) -> bool:
    """Whether a row whose last cell is its total adds up, with nothing blank: nearly every row does."""
    values = [cell.value for cell in cells]
    return (
        cells[-1].column == "total"
        and None not in values
        and 2 * (values[-1] or 0) == sum(map(float, filter(None, values)))
    )


def _columns(evidence: Evidence, table: str) -> list[str]:
    first = next(iter(evidence.by_row.get(table, {}).values()), [])
    return [cell.column for cell in first]


def _wrong_sum(
    evidence: Evidence, total_id: str, part_ids: Sequence[str], *, at_most: bool = False
) -> Number | None:
    """What the parts add up to, where that contradicts the total; else None.

    `at_most` says that the list of parts may be open, so that they may only not exceed the total.
    """
    total = evidence.value(total_id)
    if total is None or not part_ids:
        return None
    values = [evidence.value(part) for part in part_ids]
    known = sum(value for value in values if value is not None)
    if known > total + NOUGHT:
        return known
    if at_most or None in values:
        return None
    return known if known < total - NOUGHT else None


def _unbalanced(left: Sequence[Number | None], right: Sequence[Number | None]) -> bool:
    """Whether two sums differ for sure, whatever their blanks stand for (a blank is at least nought)."""
    known_left = sum(value for value in left if value is not None)
    known_right = sum(value for value in right if value is not None)
    if None not in left and None not in right:
        return abs(known_left - known_right) > NOUGHT
    if None not in left:
        return known_right > known_left + NOUGHT
    return None not in right and known_left > known_right + NOUGHT
