"""One name for each agency of a dataset, where its reports of several years write it differently.

新村镇 in one year is 新郑市新村镇人民政府 in the next. Only what is sure is joined: names that differ by what
stands before or by 人民政府, with no third name that fits as well, and never two that report for one year.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from extract.agencies import normalised_agency

_GOVERNMENT = re.compile(r"(?:人民政府|政府|街道办事处|街道办|办事处)$")
_STREET = re.compile(r"街道(?:办事处|办)$")
SHORTEST = 3  # characters of a name that may be the end of a longer one


def join_names(years: Mapping[str, set[int]]) -> dict[str, str]:
    """Each name → the name that stands for its agency; `years` says for which years a name reports.

    >>> join_names({"新村镇": {2020}, "新郑市新村镇人民政府": {2021}})["新村镇"]
    '新郑市新村镇人民政府'
    >>> join_names({"新村镇": {2020}, "甲县新村镇": {2021}, "乙县新村镇": {2021}})["新村镇"]
    '新村镇'
    """
    written: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(years):
        written[core_of(name)].append(name)
    reported = {core: set().union(*(years[name] for name in names)) for core, names in written.items()}
    longer = _longer(written)
    found = {}
    for core, names in written.items():
        fits = longer.get(core, [])
        home = fits[0] if len(fits) == 1 and not reported[core] & reported[fits[0]] else core
        standing = max(written[home], key=lambda name: (len(name), name))
        for name in names:
            found[name] = standing
    return found


def core_of(name: str) -> str:
    """The name without what a short form leaves out: 人民政府, 办事处.

    >>> core_of("云溪市东门街道办事处"), core_of("云溪县人民政府办公室")
    ('云溪市东门街道', '云溪县人民政府办公室')
    """
    bare = normalised_agency(name)
    if _STREET.search(bare):
        return _STREET.sub("街道", bare)
    return _GOVERNMENT.sub("", bare) or bare


def _longer(cores: Iterable[str]) -> dict[str, list[str]]:
    """Each name → the longer ones that end in it."""
    known = set(cores)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for core in sorted(known):
        for start in range(1, len(core) - SHORTEST + 1):
            if core[start:] in known:
                found[core[start:]].append(core)
    return found
