"""The name of an agency → its level and type, as far as the name says it; knowledge in agency_types.toml.

A level is that of the last place in the name, a type that of its last word; what is not said is None.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from extract.datafiles import read_data

_TAILS = {  # the last characters of a place → its level; 市 and 区 alone depend on what stands before
    "自治区": "province",
    "省": "province",
    "自治州": "prefecture",
    "地区": "prefecture",
    "盟": "prefecture",
    "市": "prefecture",
    "自治县": "county",
    "县": "county",
    "自治旗": "county",
    "旗": "county",
    "区": "county",
    "街道": "township",
    "民族乡": "township",
    "苏木": "township",
    "镇": "township",
    "乡": "township",
}
_PLACE = re.compile(
    r"""
    .{1,14}?(?:
      (?P<long>自治区|自治州|自治县|自治旗|民族乡|地区|街道|苏木)
    | (?P<name>省|盟|市|县|旗|区|镇|乡)(?![市县区州省])  # 景德镇|市, 新乡|县: the tail comes later
    | (?P<inner>市)(?=市[中北南]区)                          # 济南市|市中区
    )
    """,
    re.VERBOSE,
)


class AgencyType(NamedTuple):
    """What a name says: level (`province`, `prefecture`, `county`, `township`) and type (ids of the data)."""

    level: str | None
    type: str | None


@cache
def load_agency_types() -> dict[str, Any]:
    """data/agency_types.toml as it stands."""
    return read_data("agency_types.toml")


def describe_agency(name: str | None) -> AgencyType:
    """Level and type by the name.

    >>> describe_agency("夏邑县王集乡人民政府")
    AgencyType(level='township', type='government')
    >>> describe_agency("某省教育厅")
    AgencyType(level='province', type='department')
    >>> describe_agency("寒山")
    AgencyType(level=None, type=None)
    """
    if not name:
        return AgencyType(None, None)
    bare = "".join(name.split())
    kind = type_of(bare)
    if kind == "zone":  # of any level, and its name does not say which
        return AgencyType(None, kind)
    return AgencyType("township" if kind == "subdistrict" else level_of(bare), kind)


def level_of_code(code: str | None) -> str | None:
    """The level of a division code: xx0000 province, xxxx00 prefecture, nine digits or more township.

    >>> [level_of_code(code) for code in ("410000", "411400", "411426", "411426101", None)]
    ['province', 'prefecture', 'county', 'township', None]
    """
    if code is None or not code.isdecimal() or len(code) not in (6, 9, 12):
        return None
    if len(code) > 6 and code[6:9] != "000":
        return "township"
    return "province" if code[2:6] == "0000" else "prefecture" if code[4:6] == "00" else "county"


def type_of(name: str) -> str | None:
    """The type by the last word of the name (some vertical agencies: by the first), or None."""
    for entry in load_agency_types()["type"]:
        if any(word in name for word in entry.get("except", ())):
            continue
        if name.endswith(tuple(entry["ends"])) or name.startswith(tuple(entry.get("starts", ()))):
            return str(entry["id"])
    return None


def level_of(name: str) -> str | None:
    """The level of the last place in the name, or None where it names none."""
    level, above = None, None
    for place, tail in _places(name):
        if place in load_agency_types()["places"]["municipalities"]:
            found = "province"
        elif tail == "市":
            found = "county" if above == "prefecture" or _is_county_city(place) else "prefecture"
        else:
            found = _TAILS.get(tail, "prefecture")
        level = above = found
    return level


def _is_county_city(name: str) -> bool:
    from extract.similarity.places import load_places

    place = load_places().get(name)
    return place is not None and place.level == "county"


def _places(name: str) -> list[tuple[str, str]]:
    """The places at the start of a name, from the widest, each with its last word."""
    rest = _without_line(name)
    found: list[tuple[str, str]] = []
    while place := _first_place(rest):
        found.append(place)
        rest = rest[len(place[0]) :]
    return found


def _without_line(name: str) -> str:
    starts = tuple(word for entry in load_agency_types()["type"] for word in entry.get("starts", ()))
    start = next((word for word in starts if name.startswith(word)), "")
    return _never().sub(lambda match: "＿" * len(match.group()), name.removeprefix(start))


def _first_place(name: str) -> tuple[str, str] | None:
    for short in load_agency_types()["places"]["prefectures"]:
        if name.startswith(short):
            return short, "州"
    match = _PLACE.match(name)
    if match is None or "＿" in match.group() or "人民政府" in match.group():
        return None
    return match.group(), str(match["long"] or match["name"] or match["inner"])


@cache
def _never() -> re.Pattern[str]:
    words = sorted(load_agency_types()["places"]["never_places"], key=len, reverse=True)
    # a name that ends so is a town's: 新村镇, 古城乡
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))})(?!(?:人民)?政府)(?!(?<=[镇乡])$)")
