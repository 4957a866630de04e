"""Which names are one agency: 石柘镇人民政府 of one year and 栖河县石柘镇人民政府 of the next.

A name that another name ends with is that agency's short form, where what the longer one puts before it is a
place, the short one names a place of its own, and no other longer name ends so. Nothing is guessed: a town
whose name two counties have stays by itself, and so does a name that reports
beside the longer one for one year.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from extract.agencies import normalised_agency
from extract.agencies.agency_types import describe_agency, level_of
from extract.datafiles import read_data

_PLACES = re.compile(r"(?:[^局厅委办处]{1,12}?[省市县区旗盟州]){1,4}|[^局厅委办处镇乡]{2,3}")
_TOWN = re.compile(r"[^局厅委办处]{2,6}?(?:镇|乡|街道)(?:人民政府|办事处)")  # 新村镇: its 村镇 is no word
LONGEST_PLACE = 30  # characters that may stand before a short form: province, city and county


def identify_agencies(reports: Iterable[tuple[str, int | None]]) -> dict[str, str]:
    """The name by which each agency is known, the longest that is printed, for each name as printed.

    `reports` are the agency and year of each report of a dataset.

    >>> names = identify_agencies([("石柘镇政府", 2021), ("栖河县石柘镇人民政府", 2022)])
    >>> names["石柘镇政府"]
    '栖河县石柘镇人民政府'
    """
    years: dict[str, set[int]] = defaultdict(set)
    printed: dict[str, list[str]] = defaultdict(list)
    for name, year in reports:
        full = write_in_full(name)
        if name not in printed[full]:
            printed[full].append(name)
        if year is not None:
            years[full].add(year)
    known = _find_long_forms(years.keys() | printed.keys(), years)
    shown = {
        full: max(names, key=lambda name: (name == full, len(name), name)) for full, names in printed.items()
    }
    return {name: shown[known[full]] for full, names in printed.items() for name in names}


def write_in_full(name: str) -> str:
    """A name with its ending in full.

    >>> write_in_full("汀南经济开发区管委会")
    '汀南经济开发区管理委员会'
    >>> write_in_full("栖河县人民政府")
    '栖河县人民政府'
    """
    bare = normalised_agency(name)
    if bare.endswith(("镇", "乡", "县", "市", "区", "省")):
        return bare + "人民政府"  # a place that reports is its government
    for ending in _load()["ending"]:
        if bare.endswith(ending["short"]) and not bare.endswith(ending["full"]):
            return str(bare.removesuffix(ending["short"]) + ending["full"])
    return bare


@cache
def _load() -> dict[str, Any]:
    return read_data("short_names.toml")


def _find_long_forms(names: Iterable[str], years: Mapping[str, set[int]]) -> dict[str, str]:
    """The longest form of each name; a name stays as it is where two agencies could be meant."""
    every = set(names)
    longer: dict[str, list[str]] = defaultdict(list)
    for name in every:
        for cut in range(1, min(LONGEST_PLACE, len(name) - 3) + 1):
            if name[cut:] in every and _is_short_form(name[cut:], name[:cut]):
                longer[name[cut:]].append(name)
    known = {name: name for name in every}
    for short in sorted(longer, key=len, reverse=True):
        forms = {known[form] for form in longer[short]}
        if len(forms) == 1:
            full = forms.pop()
            family = [form for form in known if known[form] == full] if years[short] else []
            if not any(years[form] & years[short] for form in family):
                known[short] = full
    return known


def _is_short_form(short: str, before: str) -> bool:
    """Whether a name that lacks `before` still says which place is meant, and `before` is a place."""
    return _PLACES.fullmatch(before) is not None and _names_a_place(short)


@lru_cache(100_000)
def _names_a_place(name: str) -> bool:
    if _level(name) is not None or _TOWN.match(name):
        return True
    if describe_agency(name).type != "zone":
        return False
    for word in _load()["zone_words"]:
        name = name.replace(word, "")
    return len(name) >= 2


@lru_cache(100_000)
def _level(name: str) -> str | None:
    return level_of(name)
