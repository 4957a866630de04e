"""The day of publication as scripts and the state of a page have it: a date, or seconds since 1970."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice

from extract.datafiles import read_data
from extract.days import parse_day
from extract.read.literals import Literals

MAX_DAYS = 1_000  # of one script that are looked at
MAX_WORDS = 100_000  # var, let and const of one page
_SCRIPT = re.compile(r"<[sS][cC][rR][iI][pP][tT]\b([^<]*(?:<(?!/[sS][cC][rR])[^<]*)*)")
_VARIABLE = re.compile(r"[vlc](?<![\w$].)(?:ar|et|onst)\s{1,3}")  # var, let, const, found by the first letter
_CHINA = timedelta(hours=8)
_VALUE = r"[\"']?\s{0,3}[:=]\s{0,3}[\"']?(\d{13}(?!\d)|\d{10}(?!\d)|20\d\d[^\"',;}]{4,30})"
_JSON_LD = re.compile(r"<script[^<>]{0,200}ld\+json[^<>]{0,200}>([^<]{0,20000})", re.IGNORECASE)


@functools.cache
def _load_names() -> dict[str, int]:
    """Names that scripts give to the day, each with its rank of trust."""
    return {name.lower(): rank for rank, name in enumerate(read_data("page.toml")["state"]["published"])}


@functools.cache
def _load_pattern(before: str) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _load_names()), key=lambda name: (-len(name), name)))
    return re.compile(rf"{before}({names}){_VALUE}", re.IGNORECASE)


def find_day_beside(source: str, literals: Literals, path: list[int]) -> str | None:
    """The day in the scopes of `path`, the first of them first; there, by the most trusted name."""
    order = {scope: at for at, scope in enumerate(path)}
    found: list[tuple[int, int, str]] = []
    for match in islice(_load_pattern(r"(?<![\w$])").finditer(source), MAX_DAYS):
        at = order.get(literals.scope_at(match.start()))
        day = _parse_value(match[2])
        if at is not None and day:
            found.append((at, _load_names()[match[1].lower()], day))
    return min(found)[2] if found else None


def find_day_of_page(text: str) -> str | None:
    """The day that a page's own script states of it: a variable of the whole page, or its JSON-LD."""
    for script in _SCRIPT.finditer(text):
        words = islice(_VARIABLE.finditer(text, script.start(1), script.end(1)), MAX_WORDS)
        stated = (_load_pattern("").match(text, word.end(), script.end(1)) for word in words)
        if day := _choose_day(match for match in stated if match):
            return day
    for one in _JSON_LD.findall(text)[:20] if "ld+json" in text else ():
        if day := _choose_day(_load_pattern(r"(?<![\w$])").finditer(one)):
            return day
    return None


def _choose_day(found: Iterable[re.Match[str]]) -> str | None:
    """The day by the most trusted name."""
    days = [
        (_load_names()[match[1].lower()], day)
        for match in islice(found, MAX_DAYS)
        if (day := _parse_value(match[2]))
    ]
    return min(days)[1] if days else None


def _parse_value(value: str) -> str | None:
    """The day of a date, or of seconds or milliseconds since 1970, in China.

    >>> _parse_value("1705656600"), _parse_value("2024-01-19 17:30")
    ('2024-01-19', '2024-01-19')
    """
    if not value.isdecimal():
        return parse_day(value)
    moment = datetime.fromtimestamp(int(value[:10]), UTC) + _CHINA
    return moment.date().isoformat() if 2008 <= moment.year < 2100 else None
