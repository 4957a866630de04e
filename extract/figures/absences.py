"""Stated absences: 未收到申请, 无投诉、行政复议及行政诉讼发生, 均为零; one figure for each thing denied."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from extract.figures.knowledge import Negators, load_negators
from extract.patterns import late

CLAUSE_END = late(r"[，,。；;！!？?\n\t（()）：:]|(?:、|和|及|以及)(?=无|未|没有|也未|也无)")
SCOPE = 160  # characters that a negator may reach over
_JOINT = late(r"、|，|,|以及|及其(?![他它])|及|和|或者|或|与")
_JOINED = ("和", "及", "与", "以及")
# 不存在|和2件…
_COUNT_NEXT = late("(?:和|及|与|以及)(?:另有|其余)?[0-9一二两三四五六七八九十]+[件条起份个宗次项]")
_EDGE = " \u3000\u00a0“”\"'"
_SOUGHT = (
    "信息",
    "资料",
    "材料",
    "档案",
    "文件",
    "记录",
    "作出",
    "属于",
)  # 信息不存在 is an answer to a request
_ANSWERED = ("答复", "告知", "决定", "”", "的答复", "类")
_OPENERS = (
    "长期",
    "常年",
    "对",
    "毫",
    "从",
    "有",
    "是",
    "将",
    "应",
    "可",
)  # before a negator that states nothing
_CLAIMS = late(r"如|若|凡|一旦|逾期|是否|杜绝|防止|避免|严防|谨防|有无|个别|部分|少数|一些|有的|尚有|仍有")
_REVIEW = late(r"(?:政府信息公开)?(?:有关|相关)?(行政复议|复议)(?:、|和|及|与|或)?(行政诉讼|诉讼)")
_SHARED_TAIL = late(
    r"(?:的?(?:纠错|被纠错|败诉))?(?:的?(?:案件)?(?:(?:处理|办理|审理)?情况|情形|案件|事项|现象|事件|案例|申请|问题|行为|决定))(?:发生|产生|出现|存在)?$"
)
_SUM = late("等(?:各类|各项|任何|其他)?(?:有关|相关)?((?:成本|工本)?费用?|收费|情况|信息处理费)$")
_APART = late(  # 针对公开的行政复议、举报和有关的申诉: a thing with its own 的 before another
    "的([^的、]{0,6}(?:复议|诉讼|投诉|举报|申诉|信访)(?:案件?|件|申请)?)(?:、|和|及|以及|或者?|与)"
)
_ASKED = ("信息", "政府信息", "内容", "政务信息")
_OWN = late("(?<=[、和及或者与])(?:[^、的和及或与]{0,20}的)(?=[^、的]{1,12}(?:[、和及或与]|$))")
_LISTED = late("等(?!提出|提交|组织|申请)(?:的|[^、]{0,20}|其[它他].*)?$")
_TAILS = (
    "的情况发生",
    "的情形发生",
    "的情况",
    "的情形",
    "的案件",
    "的现象",
    "的事件",
    "的问题",
    "的要求",
    "的请求",
    "发生",
    "产生",
    "出现",
    "存在",
)
_DENIED = late("不(?![予实良当服])|未|[0-9０-９]")
# One of these is in all that `_CAUSE`, `_FILED` and `_DONE` match.
_ACT = late("受到|引发|造成|引起|导致|提出|被|而[出发产]|申请|提起|制发|制定|出台|负责")
_CAUSE = late("^.{2,}?(?:受到|引发|造成|引起|导致|提出|被|而出现|而发生|而产生)(?=..)")
_FILED = late("^.*(?:申请|提起|提出)(?=(?:行政)?(?:复议|诉讼))")
_LEAD_UP = late(
    "任何|其[他它]组织(?=.)|涉及|关于|有关|相关|相应|其[他它]|各类|[一1](?:起|例|件|次|宗|条)|过|了|因|到|被申请|被提起|提起|收到|受理|被"
)
_SUED = late(
    "[，,] ?(?:或者?|和|及)?(?:(?:被)?提起|被提)?(?:行政)?诉讼"
    "[^，。；、,;（(：:0-9一二两三四五六七八九十]{0,12}"
    r"(?=[，。；,;！!？?\n\t]|\Z)"
)
_ALSO = late(
    "(?:(?:和|及|或者?|、)(?:处理|办理|受理|答复|回复|减免|收取|废止|修改|修订|制定|印发|出台)){1,4}(?=.)"
)
_JUDGED = late(
    "(行政诉讼|诉讼)(?:案件)?被(?:撤销|纠[错正]|确认违法|判)[^、]{0,4}(?:(?:、|或者?|和|及)败诉)?(?:等)?的?(?:情况|情形|案件)?$"
)
_DONE = late("(?:制发数|制发|制定|出台|提出|提起|负责)$")
_COUNTED = late("(?:的)?(?:数量|制发数|数|件数|总数|总计|合计|金额|情况|次数)?(?:均|都|皆|也|亦)?$")
_WHOSE = late(r"^.*?(?:年度?|我镇|我局|本机关|我乡|我县|我区|本单位|全镇|全年|我街道|其中|对外|本年)(?=\S)")
_STATED = late(r"(?P<body>[^，,。；;：:\n]{2,40})[:：] ?(?P<negator>无|零|没有)(?=[。；;，,\n]|$)")
_APPLIED = late("申请(?=(?:行政)?(?:复议|诉讼))")
_STATED_MARK = late("[:：] ?(?:无|零|没有)")
_HEAD_END = late("(?:复议|诉讼|应诉|申请|投诉|举报|追究|问责|信访|收费|减免|许可|处罚|强制|泄密)$")


class Absence(msgspec.Struct, frozen=True, gc=False):
    """A stated absence: the span of the negator, the thing denied (None: elided)."""

    start: int
    end: int
    object: str | None
    tail: str  # the clause behind the negator, for the metric
    verb: str = ""


def find_negators(text: str) -> list[int]:
    """Where a stated absence may begin."""
    return [match.start() for match in load_negators().first.finditer(text)]


def find_absences(text: str, places: Iterable[int]) -> list[Absence]:
    """All absences in text order; one for each thing a negator denies.

    `places` are those that `find_negators` gives.
    """
    negators = load_negators()
    before, behind = negators.lead.match, negators.trail.match
    leads: list[Absence] = []
    trails: list[Absence] = []
    lead_end = trail_end = done = 0  # where the last match of each ends, and that of the last that was read
    for start in places:
        if start >= lead_end and (match := before(text, start)):
            lead_end = match.end()
            if not _is_void(text, start, negators) and (absences := _read_lead(text, match, negators)):
                leads += absences
                done = lead_end
        if start >= trail_end and (match := behind(text, start)):
            trail_end = match.end()
            if start >= done:
                trails += _read_trail(text, match, trails[-1].end if trails else 0, negators)
    found = leads + trails
    for match in _STATED.finditer(text) if _STATED_MARK.search(text) else ():
        if negators.heads.search(match["body"]):
            found += _read_stated(match, negators)
    if "零" in text:
        found += _find_zeros(text, negators)
    found.sort(key=_place)
    return found


def _find_zeros(text: str, negators: Negators) -> list[Absence]:
    """零投诉、零复议, 投诉零: the absences that 零 itself states, unless they are only aimed at."""
    found: list[Absence] = []
    for match in negators.zero.finditer(text):
        start = match.start()
        low = _clause_start(text, start)
        if negators.aims.search(text, low, start):
            continue
        thing = match["behind"] or split_things(text[low:start], negators)[-1]
        found.append(Absence(start, start + 1, thing, thing))
    return found


def _place(absence: Absence) -> tuple[int, int]:
    return absence.start, absence.end


def _is_void(text: str, start: int, negators: Negators) -> bool:
    for place in (start, start - 1):
        if place >= 0 and text.startswith(negators.void.get(text[place], ()), place):
            return True
    before = text[_clause_start(text, start) : start]
    if text.startswith("不存在", start) and (
        before.endswith(_SOUGHT) or text.startswith(_ANSWERED, start + len("不存在"))
    ):
        return True
    return before.endswith(_OPENERS) or _CLAIMS.search(before) is not None


def _clause_start(text: str, place: int) -> int:
    low = place
    while low > 0 and text[low - 1] not in "，,。；;！!？?\n\t（(：:）)":
        low -= 1
        if place - low > 80:
            break
    return low


def _read_lead(text: str, match: re.Match[str], negators: Negators) -> list[Absence]:
    """The absences of a negator that stands before what it denies."""
    stop = _scope_end(text, match.end())
    rest = text[match.end() : stop]
    also = _ALSO.match(rest) if match["verb"] else None
    rest = rest[also.end() :] if also else rest  # 未收到|和处理|申请
    start, end = match.start(), match.end()
    if rest.startswith(_JOINED) and _COUNT_NEXT.match(rest):
        return []
    if match["noun"] and not match["negator"]:
        return _read_noun(text, match, rest, negators)
    if match["negator"] and not match["verb"]:
        return _read_parted(text, match, rest, negators)
    verb = match["verb"] or ""
    if verb == "有" and rest.startswith(("效", "关", "序")) and not rest.startswith("关于"):
        return []
    if verb in negators.doing and not negators.heads.search(rest):
        return []
    if verb == "收费" and rest.strip():
        rest = verb + rest
    elif verb == "收费" or (not rest.strip() and verb):
        return _read_elided(match, verb, negators)
    if rest.startswith(("的", "及时", "后", "前", "时", "率")) or _is_modifier(rest, verb):
        return []
    things = [thing for thing in split_things(rest, negators) if not _DENIED.search(thing)]
    if len(things) == 1 and things[0].endswith(negators.nothing) and not negators.heads.search(things[0]):
        return []
    return [Absence(start, end, thing, rest, verb) for thing in things]


def _is_modifier(rest: str, verb: str) -> bool:
    """Whether the negated verb only modifies a noun behind it (未发现的问题, 未收到答复的)."""
    return rest.endswith("的") or (verb == "有" and rest.startswith("的"))


def _read_noun(text: str, match: re.Match[str], rest: str, negators: Negators) -> list[Absence]:
    """无 before a noun: an absence only of what can be counted."""
    body = rest.strip(_EDGE)
    if not body or not negators.heads.search(body) or body.endswith("报告的事项"):
        return []
    if match["noun"] == "没有" and text.startswith(negators.not_before, match.end()):
        return []
    negator = match.start()
    word = match["noun"]
    if word[0] in "均也亦仍全":
        negator += 1
    things = split_things(rest, negators)
    things = [thing for thing in things if negators.heads.search(thing)] or things[-1:]
    return [Absence(negator, match.end(), thing, rest) for thing in things]


def _read_parted(text: str, match: re.Match[str], rest: str, negators: Negators) -> list[Absence]:
    """A negator and its verb with words between: 未向申请人收取费用, 没有行政复议发生."""
    if match["negator"] in ("没有", "并没有", "还没有", "尚没有", "暂没有", "从没有") and not rest.startswith(
        ("因", "向", "对", "就", "由", "在", "被")
    ):
        if text.startswith(negators.not_before, match.end()) or not rest.strip(_EDGE):
            return []
        if rest.strip(_EDGE).endswith("报告的事项") or not negators.heads.search(rest):
            return []
        things = [thing for thing in split_things(rest, negators) if negators.heads.search(thing)]
        return [Absence(match.start(), match.end(), thing, rest) for thing in things]
    if not rest.startswith(("向", "因", "对", "就", "由", "在", "被", "从", "以", "于", "将", "接", "收")):
        return []
    verb = _find_verb(rest, negators)
    if verb is None:
        return []
    also = _ALSO.match(rest, verb.end())
    things = split_things(rest[also.end() if also else verb.end() :], negators)
    if verb.group() == "收费":
        return [Absence(match.start(), match.end(), None, "收费")]
    if not things or things[0] == "":
        return _read_suffered(match.start(), match.end(), verb.group(), negators)
    if verb.group() in negators.doing and not negators.heads.search(rest):
        return []
    return [Absence(match.start(), match.end(), thing, rest) for thing in things]


def _find_verb(rest: str, negators: Negators) -> re.Match[str] | None:
    """What is denied to have been done: 因公开|引发|复议, or 申请 before what is applied for."""
    applied = _APPLIED.search(rest)
    for verb in negators.verbs.finditer(rest):
        if verb.start() > 0 and verb.group() not in ("有", "涉及", "组织", "建设", "发布", "办理"):
            return applied if applied and applied.start() < verb.start() else verb
    return applied


def _read_elided(match: re.Match[str], verb: str, negators: Negators) -> list[Absence]:
    """A negated verb at the clause's end: what is denied stands before it (行政复议未发生)."""
    if verb == "收费":
        return [Absence(match.start(), match.end(), None, "收费")]
    return _read_suffered(match.start(), match.end(), verb, negators)


def _read_suffered(start: int, end: int, verb: str, negators: Negators) -> list[Absence]:
    """What a clause that ends with its verb denies: 未因公开不力被问责 the 问责."""
    thing = verb.removeprefix("被")
    return [Absence(start, end, thing, thing)] if thing != verb and negators.heads.search(thing) else []


def _read_trail(text: str, match: re.Match[str], after: int, negators: Negators) -> list[Absence]:
    """为零 and its like behind a list of things, which begins no earlier than `after`."""
    end = match.end()
    word = match.group()
    following = text[end : end + 1]
    if following and following not in "，,。；;！!？?\n\t（(）) 、":
        return []
    low = max(_clause_start(text, match.start()), after)
    body = text[low : match.start()].lstrip("、和及与")
    body = _COUNTED.sub("", body)
    if not body.strip() and low:
        return []
    if word.endswith(("涉及", "无", "发生", "产生", "出现")) and not negators.heads.search(body):
        return []
    body = _WHOSE.sub("", body)
    things = split_things(body, negators)
    start = match.start()
    if word.startswith("均") and word not in ("均为零", "均为0", "均是零"):
        start += 1
    return [Absence(start, end, thing, body) for thing in things if thing]


def _read_stated(match: re.Match[str], negators: Negators) -> list[Absence]:
    """行政复议情况：无 names what there is none of."""
    start, end = match.span("negator")
    body = _SHARED_TAIL.sub("", match["body"].strip(_EDGE))
    return [Absence(start, end, thing, body) for thing in split_things(body, negators)]


def _scope_end(text: str, start: int) -> int:
    match = CLAUSE_END.search(text, start, start + SCOPE)
    if match and text.endswith("复议", start, match.start()) and _SUED.match(text, match.start()):
        match = CLAUSE_END.search(text, match.end(), start + SCOPE)  # 未发生申请行政复议，提起行政诉讼
    return match.start() if match else min(len(text), start + SCOPE)


def split_things(body: str, negators: Negators) -> list[str]:
    """The things denied, as written: 投诉、行政复议及行政诉讼情况 → 投诉, 行政复议, 行政诉讼.

    A single thing keeps its last word (责任追究情形); in a list the shared tail goes (行政诉讼纠错情况).
    """
    body = _cut_lead(_cut_tail(body.strip(_EDGE)), negators)
    body = _JUDGED.sub(r"\1", body) if "被" in body else body
    if "诉讼" in body and (review := _REVIEW.fullmatch(_SHARED_TAIL.sub("", body))):
        return [review[1], review[2]]
    parts = [part.strip(_EDGE) for part in _JOINT.split(body)]
    parts = _merge([part for part in parts if part], negators)
    if len(parts) > 1:
        bare = _SHARED_TAIL.sub("", parts[-1])
        if bare and _HEAD_END.search(bare):
            parts[-1] = bare
    return [_strip(part) for part in parts]


def _cut_tail(body: str) -> str:
    """Without the verb that closes the clause (泄密行为|发生) and 的情况 behind it."""
    if body.endswith(_TAILS):
        for word in _TAILS:
            if body.endswith(word) and len(body) > len(word):
                return body[: -len(word)]
    return body


def _cut_lead(body: str, negators: Negators) -> str:
    """The list before 等, or what 等 sums up (检索、复制等|费用); what stands behind the last 的."""
    merged = _SUM.search(body)
    if merged and (merged[1] != "情况" or not negators.heads.search(body[: merged.start()])):
        return merged[1]
    apart = _APART.search(body) if "的" in body else None
    if apart:
        return _OWN.sub("", body[apart.start(1) :])
    listed = _LISTED.search(body)
    if listed and negators.heads.search(body[: listed.start()]):
        body = body[: listed.start()]
    joint = body.rfind("的")
    if joint < 0 or joint == len(body) - 1:
        return body
    if body.endswith("申请公开", 0, joint) and body[joint + 1 :] in _ASKED:
        return body  # 依申请公开的信息
    if body[joint + 1 :] in negators.nothing and negators.heads.search(body[:joint]):
        return body  # 依申请公开的事项: the noun alone names nothing
    return body[joint + 1 :]


def _merge(parts: list[str], negators: Negators) -> list[str]:
    """Parts that are no things themselves belong to the part behind them (公民、法人和其他组织…申请)."""
    if len(parts) < 2:
        return parts
    kept = [part for part in parts if negators.heads.search(part)]
    return kept or parts[-1:]


def _strip(thing: str) -> str:
    """The thing without the words that lead up to it (任何, 涉及, 关于, 因)."""
    if _ACT.search(thing):
        thing = _DONE.sub("", _FILED.sub("", _CAUSE.sub("", thing))) or thing
    previous = None
    while thing != previous:
        previous = thing
        match = _LEAD_UP.match(thing)
        thing = thing[match.end() :] if match and match.end() < len(thing) else thing
    return thing
