"""Whether the report came out in time."""

from __future__ import annotations

from datetime import date

from extract.quality.facts import Facts, indicator
from extract.quality.measure import Measure, unknown
from extract.report import Report

# Types of agency (data/agency_types.toml) and the day by which they publish, month and day of the next year.
DEPARTMENTS = frozenset(["department", "office", "vertical"])
BY_DEPARTMENT, BY_GOVERNMENT = (1, 31), (3, 31)
EARLIEST = (12, 1)  # of the reporting year: a day before that is not the day of this report


@indicator
def days_early(facts: Facts) -> Measure:
    """Deadline − day of publication, in days; below 0 is late.

    The day is the page's own, or that of the user's list (`--agencies`). Since the reports for 2019
    departments, those that report to their own line among them, publish by 31 January, governments from the
    county up by 31 March; before, all by 31 March. Townships, sub-districts and zones have no day in that
    article: no value since 2019.
    Source: 条例第四十九条; 2007年条例第三十一条.
    """
    report = facts.report
    if report.year is None:
        return unknown("no_year")
    published = parse_day(report.published)
    if published is None:
        return unknown("no_publication_day")
    if published < date(report.year, *EARLIEST):
        return unknown("implausible_day")
    due = deadline(report)
    if due is None:
        return unknown("no_deadline")
    return Measure(float((due - published).days), (due - published).days)


def parse_day(day: str | None) -> date | None:
    """The day of an ISO date, None where there is none.

    >>> parse_day("2024-01-26"), parse_day("2024")
    (datetime.date(2024, 1, 26), None)
    """
    if day is None or len(day) < 10:
        return None
    try:
        return date.fromisoformat(day[:10])
    except ValueError:
        return None


def deadline(report: Report) -> date | None:
    """The last day on which the agency may publish, None where no national rule names one."""
    from extract.agencies import describe_agency

    if report.year is None:
        return None
    level, kind = describe_agency(report.agency)
    if report.year < 2019 or (kind == "government" and level in ("province", "prefecture", "county")):
        return date(report.year + 1, *BY_GOVERNMENT)
    if kind in DEPARTMENTS and level != "township":
        return date(report.year + 1, *BY_DEPARTMENT)
    return None
