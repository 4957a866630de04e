"""Report → Findings: where the report contradicts itself or the form, and what it lacks; one function a rule.

An `error` of origin `report` accuses an agency: it is raised only where the reading is sure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from extract.check.arithmetic import check_balance, check_column_sums, check_review_sums, check_row_sums
from extract.check.breakdowns import check_breakdowns
from extract.check.claims import check_narrative
from extract.check.conflicts import check_conflicts
from extract.check.evidence import Evidence, gather_evidence
from extract.check.form import (
    check_empty_sections,
    check_form,
    check_labels,
    check_missing_cells,
    check_missing_sections,
    check_missing_tables,
    check_units,
    check_years,
)
from extract.report import Finding, Report, Tables, Text

__all__ = ["RULES", "check_report", "check_reports"]

RULES: dict[str, Callable[[Evidence], Iterator[Finding]]] = {
    "balance": check_balance,
    "column_sum": check_column_sums,
    "row_sum": check_row_sums,
    "review_sum": check_review_sums,
    "narrative_mismatch": check_narrative,
    "narrative_conflict": check_conflicts,
    "breakdown_sum": check_breakdowns,
    "missing_section": check_missing_sections,
    "empty_section": check_empty_sections,
    "missing_table": check_missing_tables,
    "missing_cell": check_missing_cells,
    "misprinted_label": check_labels,
    "form_mismatch": check_form,
    "stale_year": check_years,
    "unit_unknown": check_units,
}


def check_report(report: Report, tables: Tables, text: Text) -> tuple[Finding, ...]:
    """All findings on a report, in the order of `RULES`.

    `tables` holds the cells with the doubts of their reading, `text` the furniture round the report.
    """
    return check_reports([(report, tables, text)])[0]


def check_reports(reports: Sequence[tuple[Report, Tables, Text]]) -> list[tuple[Finding, ...]]:
    """As `check_report`, for each of the reports: a rule is put to all of them before the next."""
    evidence = [gather_evidence(*one) for one in reports]
    findings: list[list[Finding]] = [[] for _ in reports]
    for check in RULES.values():
        for one, found in zip(evidence, findings):
            found += check(one)
    return [_ascribe(report, found) for (report, _, _), found in zip(reports, findings)]


def _ascribe(report: Report, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, those on a report that was not read as it is printed with the reading as their origin."""
    if findings and (is_recognised(report) or is_bodiless_page(report)):
        return tuple([replace(finding, origin="reading") for finding in findings])
    return tuple(findings)


def is_recognised(report: Report) -> bool:
    """Whether a report was read by optical recognition, its words as well as its numbers.

    What seems wrong with it may be ours, whatever it is: a sum, a heading that is missing, a figure.
    """
    picture = report.source.media_type.startswith("image/")
    return picture or "ocr" in [cell.read_by for cell in report.cells]


def is_bodiless_page(report: Report) -> bool:
    """Whether a web page gave no section and no table: its report is then put in by a script or a picture.

    That it lacks all of them says nothing of the report, which was not seen.
    """
    page = report.source.media_type in ("text/html", "application/xhtml+xml", "multipart/related")
    return page and not report.cells and all(section.heading is None for section in report.sections)
