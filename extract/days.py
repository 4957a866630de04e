"""A day as pages write it, and what tells it from the first or last day of a period."""

from __future__ import annotations

import re
from datetime import date

from extract.patterns import late

# A period: 2023年1月1日至12月31日, 2023-01-01 — 2023-12-31, 自2023年1月1日起; none of its days counts.
_BEFORE = r"(?<![\d至到自从—–~～])(?<![至到自从—–~～] )"
_AFTER = (
    r"(?!日?\s{0,3}(?:\d{1,2}:\d\d(?::\d\d)?\s{0,3})?"
    r"(?:[至到起]|[-–—~～－]{1,2}\s{0,3}(?:(?:19|20)\d\d|\d{1,2}[月.])))"
)
DAY = late(
    rf"{_BEFORE}((?:19|20)\d\d)"
    rf"(?: ?[-/.年] ?(\d{{1,2}}) ?[-/.月] ?(\d{{1,2}})(?!\d)|(\d\d)(\d\d)(?!\d)){_AFTER}"
)


def iso_day(found: re.Match[str]) -> str | None:
    """The ISO date of a match of `DAY`, None where there is no such day."""
    try:
        return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5])).isoformat()
    except ValueError:
        return None


def parse_day(text: str) -> str | None:
    """The first date in the text as an ISO date, or None; a period has none.

    >>> parse_day("发布时间：2021年1月25日 10:30"), parse_day("2021年1月1日至2021年12月31日")
    ('2021-01-25', None)
    """
    return next((day for found in DAY.finditer(text) if (day := iso_day(found))), None)
