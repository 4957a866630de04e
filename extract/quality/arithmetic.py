"""Whether the report's numbers agree: the tables with themselves, the narrative with the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extract.check.breakdowns import find_breakdowns
from extract.check.claims import match_figures
from extract.check.formulas import add_cells, has_cells
from extract.check.mentions import by_paragraph
from extract.forms import list_sums
from extract.quality.facts import NOT_OUTCOMES, Facts, indicator
from extract.quality.measure import Measure, rate
from extract.report import Number

NOUGHT = 1e-6  # money has decimals: sums that differ by less differ only in binary
Sides = tuple[Sequence[str], Sequence[str]]


@indicator
def arith_pass(facts: Facts) -> Measure:
    """Relations of the tables that hold / relations that can be assessed. Range 0–1.

    Balance and column sum of each applicant column, row sums, sums of the review rows; for form 2014 the sums
    of the statistics. A relation with a blank is assessed only where the blank cannot change the answer.
    Source: the form's own 勾稽关系.
    """
    answers = [holds(facts.cells, left, right) for left, right in relations(facts)]
    known = [answer for answer in answers if answer is not None]
    return rate(sum(known), len(known), "no_relations")


def relations(facts: Facts) -> Iterator[Sides]:
    """The sums that the tables must keep: ids of cells that add up to the same on both sides."""
    grid: dict[str, dict[str, list[str]]] = {"requests": {}, "review": {}}
    for cell in facts.report.cells:
        if cell.table in grid:
            grid[cell.table].setdefault(cell.row, []).append(cell.column)
    rows = grid["requests"]
    for column in next(iter(rows.values()), []):
        left = [f"requests.{row}.{column}" for row in ("received", "carried_over")]
        right = [f"requests.{row}.{column}" for row in ("total", "carried_forward")]
        yield left, right
        parts = [f"requests.{row}.{column}" for row in rows if row not in NOT_OUTCOMES]
        yield [f"requests.total.{column}"], parts
    for table, lines in grid.items():
        for row, columns in lines.items():
            parts = [f"{table}.{row}.{column}" for column in columns if column != "total"]
            yield [f"{table}.{row}.total"], parts
    if "statistics" in facts.tables:
        yield from (([one.whole], one.parts) for one in list_sums() if not one.at_most)


def holds(cells: Mapping[str, Number | None], left: Sequence[str], right: Sequence[str]) -> bool | None:
    """Whether two sums of cells are equal; None where a blank leaves it open.

    A blank stands for nought or more. A single blank total breaks no sum.
    """
    sides = [[cells.get(one) for one in side] for side in (left, right)]
    known = [sum(value for value in side if value is not None) for side in sides]
    blank = [None in side for side in sides]
    differ = known[0] - known[1]
    if not any(blank):
        return abs(differ) <= NOUGHT
    if any(all(value is None for value in side) for side in sides):
        return None
    if abs(differ) <= NOUGHT:
        return True
    surely_wrong = (differ > NOUGHT and not blank[1]) or (differ < -NOUGHT and not blank[0])
    return False if surely_wrong else None


@indicator
def narrative_agree(facts: Facts) -> Measure:
    """Figures of the narrative that agree with the cells they repeat / figures that can be compared.

    Range 0–1. A figure agrees if it equals any admissible value of its wording; those that contradict are the
    findings `narrative_mismatch`. Source: 条例第五十条 asks for both.
    """
    comparable = _comparable(facts)
    wrong = sum(finding.rule == "narrative_mismatch" for finding in facts.report.findings)
    return rate(max(0, comparable - wrong), comparable, "no_comparable_figures")


def _comparable(facts: Facts) -> int:
    """The figures whose wording repeats cells that are all known."""
    found = 0
    for _, match in match_figures(facts.evidence):
        values = [add_cells(facts.evidence, one) for one in match.values if has_cells(facts.evidence, one)]
        found += bool(values) and None not in values
    return found


@indicator
def breakdown_agree(facts: Facts) -> Measure:
    """Breakdowns in the narrative (共N条，其中…) that add up / those that add up or are found wrong.

    Range 0–1. A list that is not meant to be full is no breakdown; the wrong ones are the findings
    `breakdown_sum`.
    """
    wrong = sum(finding.rule == "breakdown_sum" for finding in facts.report.findings)
    right = _adding_up(facts) if len(facts.report.figures) > 2 else 0
    return rate(right, right + wrong, "no_breakdowns")


def _adding_up(facts: Facts) -> int:
    wholes: set[int] = set()
    for paragraph in by_paragraph(facts.evidence.mentions):
        counts = [one for one in paragraph if not one.figure.negated]
        for breakdown in find_breakdowns(facts.report.text, counts) if len(counts) > 2 else ():
            parts = [part.figure.value for part in breakdown.parts]
            if len(parts) > 1 and abs(sum(parts) - breakdown.whole.figure.value) <= NOUGHT:
                wholes.add(breakdown.whole.figure.start)
    return len(wholes)
