"""Text with the names of agencies, places, years and numbers made alike, so that only the wording is left.

Two reports of which one is a copy with the names changed have the same masked text, or nearly so. Time is
linear in the length of the text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extract.similarity.places import find_places, load_masking

AGENCY, PLACE, NUMBER = "Ａ", "Ｐ", "Ｎ"  # full-width: `normalise` leaves no such letter in a text

_NUMERAL = "一二两三四五六七八九十百千万亿〇零"
_COUNTED = "条件份篇次个项期场人家户名起处块年月日季元册张例宗批轮档栏页部套支台幅段倍"
_NUMBER = re.compile(
    rf"""
    [0-9]+(?:[.,:/][0-9]+)*[%％‰]?[万亿千百]{{0,2}}余?     # 1,234.5万余  98%  12:30
    | 百分之[{_NUMERAL}点]{{1,12}}                          # 百分之九十五
    | (?<![第之统进同单专唯逐{_NUMERAL}])[{_NUMERAL}]{{1,12}}[余多]?(?=[{_COUNTED}])   # 一百四十余条
    """,
    re.VERBOSE,
)
_ENDING = r"(?:自治[区州县旗]|特别行政区|地区|开发区|新区|社区|街道|苏木|[省市县区州盟旗镇乡村])"
_CHAIN = re.compile(rf"[\u4e00-\u9fff]{{1,9}}?{_ENDING}")
_OFFICE = re.compile(r"(?:人民)?政府(?:街道)?(?:办公室|办公厅|办事处|办)?$|办事处$|办公室$|办公厅$")
# 我镇, 本局, 全县: the same wording at another level (全会, 全部 are none)
_SELF = re.compile(
    r"[我本全](?:省|市|区|县|州|盟|旗|镇|乡|街道办事处|街道办|街道|办事处|处|局|厅|委|办|院|中心|单位|机关)"
    r"|[我本](?:部门|部|校|会)"
)
# A township or village that no list has begins after a mark, a masked name or a word that leads to a place.
_LOCAL = re.compile(
    r"""
    (?: (?<=[^\u4e00-\u9fff]) | (?<=[在由向对至到从和与及往赴为是经]) | ^ )
    (?![我本全各该每此乡镇城村街社辖基个余多与和及在由向对按以等])
    [\u4e00-\u9fff]{1,4}?(?<![乡城农各全新])              # 乡村, 城镇, 农村 name no place
    (?:街道办事处|街道办|街道|镇|乡|苏木|村|社区)
    (?![镇村级道办处务庄区])
    """,
    re.VERBOSE,
)
_OWN_GOVERNMENT = re.compile(rf"[{AGENCY}{PLACE}]+(?:党委|党工委)?(?:人民政府|政府|街道办事处|办事处)?")


def masked(text: str, agency: str | None) -> str:
    """`text` without white space, its agency and places as `AGENCY` or `PLACE` and numbers as `NUMBER`.

    A run of names is one placeholder: 河南省新密市岳村镇人民政府 reads like 某县某局. The result is no text
    to quote from: its offsets are its own.

    >>> masked("甲县丙镇2023年公开信息140余条，我镇……", "甲县丙镇人民政府")
    'ＡＮ年公开信息Ｎ条，Ａ……'
    """
    text = "".join(text.split())
    own = _own_names(agency)
    if own is not None:
        text = own.sub(AGENCY, text)
    text = _SELF.sub(AGENCY, _mask_listed(text))
    text = _LOCAL.sub(PLACE, text)
    return _NUMBER.sub(NUMBER, _OWN_GOVERNMENT.sub(_one_name, text))


def _one_name(found: re.Match[str]) -> str:
    return AGENCY if AGENCY in found.group() else PLACE


def _mask_listed(text: str) -> str:
    parts: list[str] = []
    at = 0
    for mention in find_places(text):
        parts += (text[at : mention.start], PLACE)
        at = mention.end
    parts.append(text[at:])
    return "".join(parts)


@lru_cache(maxsize=1024)
def agency_names(agency: str) -> tuple[str, ...]:
    """The agency's full name, its short forms and the places in it, longest first.

    >>> agency_names("新密市岳村镇人民政府")
    ('新密市岳村镇人民政府', '岳村镇人民政府', '新密市岳村镇', '岳村镇', '新密市', '岳村', '新密')
    """
    bare = "".join(agency.split())
    body = _OFFICE.sub("", bare) or bare
    places = _CHAIN.findall(body)
    names = {bare, body, *places}
    at = 0
    for place in places:  # each tail: 岳村镇人民政府, 教育局 of 新密市教育局
        at += len(place)
        names.add(bare[at - len(place) :])
        if len(body) - at > 1:
            names.add(bare[at:])
            names.add(body[at:])
    names |= {_stem(place) for place in places}
    return tuple(sorted((name for name in names if len(name) > 1), key=lambda name: (-len(name), name)))


def _stem(place: str) -> str:
    """The name without its ending (岳村镇 → 岳村), nothing where less than two characters are left."""
    stem = re.sub(_ENDING + "$", "", place)
    return stem if len(stem) > 1 and stem not in load_masking()["common_stems"] else ""


@lru_cache(maxsize=1024)
def _own_names(agency: str | None) -> re.Pattern[str] | None:
    names = agency_names(agency) if agency else ()
    return re.compile("|".join(map(re.escape, names))) if names else None
