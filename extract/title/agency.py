"""Who reports, as the report names itself: the full name where it gives one anywhere, else the longest.

A name is known by its last word (局, 人民政府, 街道办事处 …) and by where it stands: in the title, in a
statement (由…编制), under the text, as the subject of a sentence. No list of places is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from extract.datafiles import read_data
from extract.fold import fold_marks
from extract.patterns import late
from extract.report import Text

_WORKING_GROUP = late(r"(?:(?<!人民)政府)?(?:政务|信息)公开(?:工作)?(?:领导小组)?(?:办公室|办)?$")
_SHORT_FORM = late(r"[（(](?:以下|简称|下称)[^（()）]{0,40}[)）]?")
_EDGES = "　 ，,。.：:；;、·-—_|#*《》〈〉“”\"'‘’【】[]（）()\t"
_LEAD = late(
    r"^(?:附件[\d一二三四]?[：:]?|关于|现将|县级|各地|本年度"
    r"|(?:[现特](?:将|由|予以?|依法)?|依法)?(?:向?社会)?(?:编制|制作)?并?(?:公布|公开|发布|公示|印发|编制|制作)(?!处))+"
)
_TRAIL = late(
    r"(?:关于|的|本级|(?<=[局厅委办处府乡镇会道])部门|机关|全年|年|年度|对|向社会|本级政府|本部门|上一|上)+$"
)
_OFFICE = late(
    r"(?P<agency>.{3,}?)(?:政府信息公开办公室|政务公开办公室|综合办公室|党政办公室|党政综合办公室|(?:党委)?[校院]长办公室|学[校院]办公室"
    r"|党委办公室|党建(?:工作)?办公室|党建办|办公室|办公厅|党政办|[校院]办)$"
)
_WHOLE = late(
    r"(?:政府|局|厅|委员会|委|办事处|街道|镇|乡|管委会|中心|公司|集团|海关|税务局|院|大学|学校|[中小]学|队|处|站|所|社|行|部)$"
)
_PLACE = late(r"(?:[省市县区州盟旗镇乡]|街道|苏木|地区|街)$")
_CHAIN = late(
    r"(?:[^省市县区州盟旗]{1,8}?(?:自治区|自治州|自治县|特别行政区|地区|省|市|州|盟|县|区|旗)(?:人民政府)?){1,3}$"
)
_BARE_LEVEL = late(
    r"[省市县区州旗](?=.{2})(?!中区|南区|北区|中心|场|政|直|级|委)"
)  # 市卫生局: of which city?
_CORE = late(r"(?:.*[省市县区州盟旗])?(?P<core>.{1,8}(?:镇|乡|街道|苏木|街))$")
_HAN_BEFORE = late(r"[\u4e00-\u9fff]*$")
_SENDER = late(r"[\u4e00-\u9fff（）()]{4,40}")
_DATE_LINE = late(r"[12二][\d〇○零О０-９Oo一二三四五六七八九]{3}年.{1,4}月.{1,4}日")
_PUBLISHER = late(
    r"^(?:发布机[构关]|发布单位|公开机[构关]|公开单位|发文机关|发文单位|制发机关|发布部门|信息提供单位)[:：](?P<name>.{2,40}?)"
    r"(?:\s|$|成文|发文|生成|文号|发布|主题|索引|公开)"
)
_SUPPLEMENTS = ("人民政府", "人民政府街道办事处", "街道办事处", "办事处", "政府")
_HEAD = 6_000  # characters in which a report without title names itself; the narrative after that repeats


@cache
def load_titles() -> dict[str, Any]:
    """data/titles.toml as it stands."""
    return read_data("titles.toml")


@cache
def _tails() -> tuple[str, ...]:
    return tuple(sorted(load_titles()["agency"]["tails"], key=len, reverse=True))


@cache
def _stops() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, load_titles()["agency"]["stops"])))


@cache
def _starts() -> tuple[str, ...]:
    return tuple(load_titles()["agency"]["starts"])


@cache
def _joints() -> tuple[str, ...]:
    return tuple(load_titles()["agency"]["joints"])


@cache
def _bare() -> frozenset[str]:
    return frozenset(load_titles()["agency"]["bare"])


@cache
def _compilers() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in load_titles()["compiler"]["patterns"])


@cache
def _before() -> re.Pattern[str]:
    words = "|".join(map(re.escape, load_titles()["stop_words"]["before"]))
    return re.compile(f".*(?:{words})")


def find_agency(text: Text, titled: str | None, hints: Sequence[str | None] = ()) -> str | None:
    """The agency: of the title, else as the text names it, else as the page does (`hints`), else None.

    `titled` is the agency of the title. An …办公室 that only compiled the report stands for its agency; one
    that the title names reports for itself.
    """
    senders = tuple(_senders(text))
    bare = ""
    if titled is None or _names_place(titled) or _BARE_LEVEL.match(titled):
        bare = fold_marks("".join(text.text.replace("\n", "。").split()))  # no name goes over a line end
    name = titled or next(find_named(bare, senders), None)
    if name is None:
        names = (trim_agency("".join(hint.split())) for hint in (*_publishers(text.removed), *hints) if hint)
        name = next((one for one in names if one), None)
    if name is None:
        return None
    if titled is None:
        name = drop_office(name)
    return complete(name, bare, senders)


def find_named(bare: str, senders: Sequence[str]) -> Iterator[str]:
    """The names that the text gives its agency, most trusted first: stated, under it, as a subject."""
    head = bare[:_HEAD]
    patterns = _compilers()
    for pattern in patterns[:6]:
        yield from _names_in(pattern, head)
    for sender in senders:
        if name := trim_agency(sender):
            yield name
    for pattern in patterns[6:]:
        yield from _names_in(pattern, bare[: 5 * _HEAD])


def _names_in(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for found in pattern.finditer(text):
        if trimmed := trim_agency(found["name"]):
            yield trimmed


def trim_agency(name: str, *, title: bool = False) -> str | None:
    """The name of an agency without what clings to it; None where it names none.

    In a title every name of some length counts; elsewhere its last word must be one of an agency.

    >>> trim_agency("关于某某县教育局的"), trim_agency("我局"), trim_agency("全市")
    ('某某县教育局', None, None)
    """
    name = _WORKING_GROUP.sub("", _SHORT_FORM.sub("", name)).strip(_EDGES)
    if name.startswith("度") and not name.startswith("度假"):  # 2016年|度镇政府: of the year before it
        name = name[1:]
    if name.endswith("人民") and len(name) > 3:  # 合水镇人民|政府信息公开
        name += "政府"
    while (shorter := _TRAIL.sub("", _LEAD.sub("", name)).strip(_EDGES)) != name:
        name = shorter
    name = name.replace("政府政府", "政府")
    if name.count("（") > name.count("）"):
        name += "）"
    if not 2 <= len(name) <= 40 or name in _bare() or _stops().search(name):
        return None
    if name.startswith(_starts() if title else (*_starts(), *_joints())):
        return None
    if name.rstrip("）").endswith(_tails()):
        return name
    return name if title and len(name) >= 3 and re.fullmatch(r"[\u4e00-\u9fff（）()·]+", name) else None


def drop_office(name: str) -> str:
    """The agency whose office compiled the report: 王集乡人民政府办公室 → 王集乡人民政府.

    >>> drop_office("某市人民政府外事办公室"), drop_office("鸦岭镇政府办")
    ('某市人民政府外事办公室', '鸦岭镇政府')
    """
    found = _OFFICE.fullmatch(name)
    if found and _WHOLE.search(found["agency"]):
        return found["agency"]
    if name.endswith("政府办"):
        return name.removesuffix("办")
    return name


# ---- the full name ---------------------------------------------------------------------------------------


def complete(name: str, bare: str, senders: Sequence[str]) -> str:
    """The full form of `name` if the report gives it anywhere, else the longest, else `name` itself.

    A place is completed by 人民政府 or 办事处, a department by the place before it in the sender's line, and
    in the narrative where there is no title or one that says 市教育局 and not of which city.
    """
    forms = {name}
    if _names_place(name):
        forms.update(_governments(name.removesuffix("人民政府").removesuffix("政府"), bare))
    elif bare:
        forms.update(_placed(name, bare, 1 if _BARE_LEVEL.match(name) else 0))
    for sender in senders:
        if sender.endswith(name) and len(sender) - len(name) <= 14:
            forms.add(sender)
    return max(forms, key=lambda form: (_is_full(form), len(form)))


def _names_place(name: str) -> bool:
    """Whether a name is that of a place or of its government."""
    return name.endswith("政府") or _PLACE.search(name) is not None


def _is_full(name: str) -> bool:
    """Whether a name is that of an institution and not of its place, and not cut short (镇政府, 街道办)."""
    return not _PLACE.search(name) and (not name.endswith("政府") or name.endswith("人民政府"))


def _governments(place: str, bare: str) -> Iterator[str]:
    """The names of the government of `place` in the text, with the places above it that stand before."""
    core = _CORE.fullmatch(place)
    stem = core["core"] if core else place
    if len(stem) < 2:
        return
    for supplement in _SUPPLEMENTS:
        tail = supplement
        if stem.endswith("街道"):
            tail = supplement.removeprefix("街道")
        at = bare.find(stem + tail)
        seen = 0
        while at >= 0 and seen < 20:
            end = at + len(stem) + len(tail)
            if tail != "政府" or not bare.startswith(("信息", "网站信息"), end):
                yield _chain_before(bare, at) + bare[at:end]
            at = bare.find(stem + tail, end)
            seen += 1


def _placed(name: str, bare: str, own: int) -> tuple[str, ...]:
    """市卫生局 with the place that the text names before it, where it names one place only.

    `own` is how many characters of `name` belong to that place.
    """
    found: set[str] = set()
    at = bare.find(name)
    for _ in range(20):
        if at < 0:
            break
        chain = _chain_before(bare, at + own)
        if chain and trim_agency(chain + name[own:]):
            found.add(chain + name[own:])
        at = bare.find(name, at + 1)
    return tuple(found) if len(found) == 1 else ()


def _chain_before(bare: str, at: int) -> str:
    """The places that stand directly before `at` and surely belong to it: 长沙市天心区|桂花坪街道."""
    before = bare[max(0, at - 24) : at]
    words = _HAN_BEFORE.search(before)
    run = words.group() if words else ""
    if found := _before().match(run):
        run = run[found.end() :]
    return run if run and _CHAIN.fullmatch(run) else ""


def _senders(text: Text) -> Iterator[str]:
    """The lines under the text that sign it: the one before or after a date line, or the last line."""
    lines = ["".join(text.text[line.start : line.end].split()) for line in text.lines[-8:]]
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        dated = _DATE_LINE.search(line) if "日" in line[-3:] else None
        if dated and dated.start() > 3 and len(line) - dated.end() < 3:
            line = line[: dated.start()]
        elif not (at + 1 < len(lines) and _DATE_LINE.fullmatch(lines[at + 1]) and len(lines[at + 1]) < 16):
            continue
        if _SENDER.fullmatch(line) and trim_agency(line):
            yield line
    if lines and len(lines) > 3 and _SENDER.fullmatch(lines[-1]) and trim_agency(lines[-1]):
        yield lines[-1]


def _publishers(removed: Sequence[str]) -> Iterator[str]:
    """What the page's card says of who published it."""
    for line in removed:
        if found := _PUBLISHER.match(line):
            yield found["name"]
