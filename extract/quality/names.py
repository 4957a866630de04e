"""One name for each agency of a dataset, where its reports of several years write it differently."""

from __future__ import annotations

from collections.abc import Mapping

from extract.agencies.identity import identify_agencies
from extract.report import Report


def join_names(years: Mapping[str, set[int]]) -> dict[str, str]:
    """Each name → the name that stands for its agency; `years` says for which years a name reports.

    >>> join_names({"新村镇": {2020}, "新郑市新村镇人民政府": {2021}})["新村镇"]
    '新郑市新村镇人民政府'
    """
    reports: list[tuple[str, int | None]] = [(name, None) for name in years]
    reports += [(name, year) for name, reported in years.items() for year in sorted(reported)]
    return identify_agencies(reports)


def are_one_agency(first: Report, second: Report) -> bool:
    """Whether two reports may be those of one agency: not where both name one and the names differ."""
    if first.agency is None or second.agency is None:
        return True
    names = identify_agencies([(first.agency, None), (second.agency, None)])
    return names[first.agency] == names[second.agency]
