"""Breakdowns in the narrative: 共 N 条，其中 A a 条、B b 条, whose parts do not add up to the whole.

其中 without a full list is no breakdown, and channels may overlap, so a list counts as full only by the
signs in `_is_full`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import msgspec

from extract.check.evidence import Evidence, find, show_number
from extract.check.mentions import Mention, by_paragraph
from extract.check.quoted import find_excess
from extract.patterns import late
from extract.report import Finding, Number

_OPENS = late(r"其中|包括|包含|涵盖|分为|具体为|具体是")
_COLON = late(r"^[：:]\s*[^，,、；;。：:]{1,20}$")  # 共171条：工作动态34条
_OPEN_LIST = late(r"主要|例如|譬如|比如|重点|但不限于|部分为")
_BRACKET = late(r"^[^，,；;。（()）]{0,8}[（(](?:其中|含|包括|包含|分别为|即)?[：:，,]?[^，,；;。）)]*$")
_ENDS = late(
    r"其中|另|此外|同时|全年|[总合]计|较|比上|同比|环比|增长|下降|增加|减少|占|比例|平均|以及举办|答复率|办结率|[。！？\n]"
)
_NOTE = late(r"(?<=[\u4e00-\u9fff])[（(][^（()）\d]*[）)](?=[\u4e00-\u9fff])")
_LEFT_OVER = late(r"(?:结转|转结|顺延|转入)(?:至|到)?(?:下|次|明|20\d\d年)|跨年")
_OPEN, _CLOSE = late(r"[（(]"), late(r"[）)]")
_SENTENCE = late("[。；;]")
_SEPARATOR = late(r"[、，,；;]")
_LEVEL = {"、": 0, "，": 1, ",": 1, "；": 2, ";": 2}
_RESIDUAL = late(r"^[、，,；;\s]*(?:以及|及|和)?(?:其他|其它|其余|剩余|余下|另外)")
_COMPARED = late(r"(?:较|比|同比|相比)[^，。；]{0,10}$|(?:上|去|前)年(?:度|同期)?(?:的|为|是|共)*$")
_REST = late(r"^等|^余|^[件条份个次起项宗）)]*(?:为主|居多|居前|最多|较多)|^(?:[^、，,；;。]{0,6})等(?!级)")
# 领域信息85条，发布公开年报。 the last part goes without its number
_UNCOUNTED = late(
    r"[、，,]?(?:(?:以及|及|和|并)|(?:公开|发布|公布|公示|编制|更新|转载)(?![率量面了]|及时|完整|规范|准确))"
    r"[^\d，,、；;。]{2,24}(?:[。；;\n]|$)"
)
_TOTAL = late(r"^[，,、；;：:\s]*(?:总共|共计|合计|总计|累计|共)(?:为|有|达)?$")
_YEAR = late(r"(?:20\d\d|[上去前])年(?:度|同期)?[^，。；、]{0,4}$")
_CHANNEL = late(
    r"网站|微信|微博|公众号|公开栏|公示栏|公告栏|平台|新媒体|广播|抖音|报纸|电视|客户端|LED|短信|公报"
)
_TOPICS = frozenset(["reconsiderations", "litigations", "requests_received", "fees_collected", "proposals"])
# parts that leave nothing over between them
_COMPLEMENTS = (
    ("自然人|公民|个人", "法人|组织|单位"),
    ("人大|代表|建议", "政协|委员|提案"),
    ("线上|网上|网络|在线|互联网", "线下|当面|信函|现场|邮寄|窗口|来信"),
    ("镇级|乡级|街道|镇本级", "村"),
    ("县级|县本级|区级|区本级|市本级|本级", "乡|镇|街道|部门|县"),
    ("专职", "兼职"),
    ("新制定|新增|制定", "修改|修订|废止"),
)
_PERSON = late(r"自然人|公民|个人")
FULL_FROM = {2: 0.95, 3: 0.95}  # parts → share of the whole from which a list without a sign counts as full
FULL_FROM_MORE = 0.85
LONGEST = 100  # figures that a list may hold, so that the time stays linear


class Breakdown(msgspec.Struct):
    """A whole, its parts in text order, what stands before each, the counts before the list and after it."""

    whole: Mention
    parts: list[Mention] = []
    labels: list[str] = []
    earlier: list[Mention] = []
    later: list[Mention] = []


def check_breakdowns(evidence: Evidence) -> Iterator[Finding]:
    """A whole whose full list of parts does not add up to it."""
    if len(evidence.report.figures) < 3:
        return
    yield from find_excess(evidence)
    for paragraph in by_paragraph(evidence.mentions):
        counts = [one for one in paragraph if not one.figure.negated]
        if len(counts) < 3:
            continue
        told: set[str] = set()
        for breakdown in find_breakdowns(evidence.report.text, counts):
            finding = _judge(evidence.report.text, breakdown)
            if finding is not None and finding.where[0] not in told:
                told.add(finding.where[0])
                yield finding


def find_breakdowns(text: str, counts: Sequence[Mention]) -> Iterator[Breakdown]:
    """The lists of parts among the counts of a paragraph, nested ones too."""
    for number in range(1, len(counts)):
        gap = text[counts[number - 1].figure.end : counts[number].figure.start]
        if _begins_list(gap):
            whole = _whole_before(text, counts, number)
            if whole is not None:
                yield _collect(text, counts, number, whole)
        if _TOTAL.match(gap) and number >= 2:
            yield _collect_back(text, counts, number)


def _begins_list(gap: str) -> bool:
    if len(gap) > 80:
        return False
    said = _SENTENCE.split(gap.rstrip("。；;"))[-1]  # 其中涉企的全部公开；年末58件: no list begins
    return bool(_OPENS.search(said) or _COLON.match(gap) or _BRACKET.match(gap))


def _whole_before(text: str, counts: Sequence[Mention], number: int) -> Mention | None:
    """The count before `number`, if in the same unit; rates and what stands in brackets are passed over."""
    unit = counts[number].figure.unit
    depth = 0  # brackets that have closed since, going back
    for place in range(number - 1, max(-1, number - 8), -1):
        gap = text[counts[place].figure.end : counts[place + 1].figure.start]
        depth = max(0, depth + len(_CLOSE.findall(gap)) - len(_OPEN.findall(gap)))
        if depth or counts[place].figure.unit == "%" or _is_left_over(counts[place]):
            continue
        if _COMPARED.search(counts[place].before):
            continue  # 286件，较上年的241件增长18.7%。其中…
        return counts[place] if counts[place].figure.unit == unit else None
    return None


def _collect(text: str, counts: Sequence[Mention], number: int, whole: Mention) -> Breakdown:
    """The parts from `number` on, as long as they go on in one way: one unit, one separator, one bracket."""
    found = Breakdown(
        whole, [counts[number]], [_label(text, counts, number)], list(counts[max(0, number - 4) : number])
    )
    depth = 1 if re.search(r"[（(][^）)]*$", found.labels[0]) else 0
    level: int | None = None
    inside = 0  # brackets open since the last part
    for place in range(number + 1, min(len(counts), number + LONGEST)):
        gap = text[counts[place - 1].figure.end : counts[place].figure.start]
        opened, closed = len(_OPEN.findall(gap)), len(_CLOSE.findall(gap))
        inside += opened - closed
        if inside < 0 and depth:  # the bracket of the list itself has closed
            break
        if inside > 0 or (opened and not closed):
            continue
        if counts[place].figure.unit == "%":
            continue
        label = re.sub(r"^.*[）)]", "", _NOTE.sub("", gap)) if closed else gap  # 、政务（工作）动态30条
        step = _step(label)
        if (
            step is None
            or _other_topic(counts[place], whole)
            or counts[place].figure.unit != whole.figure.unit
            or (level is not None and step > level)
            or (step == _LEVEL["；"] and counts[place].figure.value > whole.figure.value)  # another account
        ):
            break
        level = step if level is None else level
        found.parts.append(counts[place])
        found.labels.append(label)
    after = counts.index(found.parts[-1], number) + 1
    found.later = list(counts[after : after + 1])
    return found


def _is_left_over(whole: Mention) -> bool:
    """办结53件，结转下年度5件。其中予以公开20件: what goes into the next year has no outcomes yet."""
    return bool(_LEFT_OVER.search(whole.before))


def _other_topic(part: Mention, whole: Mention) -> bool:
    """行政复议34件，其中纠正1件；行政诉讼139件: suits are no part of the reviews."""
    topics = {part.figure.metric, whole.figure.metric}
    return len(topics) == 2 and bool(topics & _TOPICS)


def _step(label: str) -> int | None:
    """The level of the separator before a part, None where the list does not go on."""
    if _ENDS.search(label):
        return None
    separators = _SEPARATOR.findall(label)
    if not separators:
        return 0 if re.fullmatch(r"\s*(?:和|及|与|以及).{0,20}", label) else None
    words = _SEPARATOR.split(label)
    # 全部按期答复 between two figures ends the list; a label may hold 、
    if any(_LEVEL[one] > 0 for one in separators[1:]) or len(words[0]) > 12:
        return None
    return _LEVEL[separators[0]]


def _label(text: str, counts: Sequence[Mention], number: int) -> str:
    return text[counts[number - 1].figure.end : counts[number].figure.start]


def _collect_back(text: str, counts: Sequence[Mention], number: int) -> Breakdown:
    """镇级25条、村级118条，共143条: the parts stand before their whole."""
    found = Breakdown(counts[number])
    for place in range(number - 1, -1, -1):
        if (
            counts[place].figure.unit != counts[number].figure.unit
            or counts[place].sentence != counts[number].sentence
        ):
            break
        found.parts.insert(0, counts[place])
        gap = _label(text, counts, place) if place else ""
        found.labels.insert(0, gap)
        if place == 0 or _step(gap) != 0:
            break
    return found


def _judge(text: str, breakdown: Breakdown) -> Finding | None:
    parts, whole = breakdown.parts, breakdown.whole
    if len(parts) < 2 or all(_YEAR.search(label) for label in breakdown.labels):
        return None  # 58件（2022年44件、2021年39件）: years beside each other
    low, high = _add([one.low for one in parts]), _add([one.high for one in parts])
    too_much = low is not None and whole.high is not None and low > whole.high
    too_little = high is not None and whole.low is not None and high < whole.low
    if not (too_much or too_little) or _fits_otherwise(breakdown):
        return None
    if not _is_full(text, breakdown, too_much=too_much):
        return None
    total = sum(one.figure.value for one in parts)
    listed = " + ".join(one.figure.text for one in parts)
    message = f"The parts {listed} add up to {show_number(total)}, not to {whole.figure.text}."
    return find("breakdown_sum", message, [whole.place, *(one.place for one in parts)])


def _add(bounds: Sequence[Number | None]) -> Number | None:
    total: Number = 0
    for bound in bounds:
        if bound is None:
            return None
        total += bound
    return total


def _fits_otherwise(breakdown: Breakdown) -> bool:
    """Whether a shorter list adds up, or the list to other counts before it, or with the one after it.

    共90件，其中予以公开51件、…、其他处理2件，结转2件: what is left over closes the list in other words.
    """
    values = [one.figure.value for one in breakdown.parts]
    whole = breakdown.whole.figure
    if whole.value in {sum(values[:length]) for length in range(2, len(values))}:
        return True
    if whole.value in {
        sum(values) + one.figure.value for one in breakdown.later if one.figure.unit == whole.unit
    }:
        return True
    near = [one.figure.value for one in breakdown.earlier if one.figure.unit == whole.unit]
    others = [value for value in near if value != whole.value]
    pairs = {left + right for left, right in itertools.pairwise(near)} if len(near) > 1 else set()
    return sum(values) in {*others, *pairs}


def _is_full(text: str, breakdown: Breakdown, *, too_much: bool) -> bool:
    """Whether the list is meant to leave nothing over."""
    labels = breakdown.labels
    names = [one.gap[-16:] + one.after[:8] for one in breakdown.parts]
    # 网站公开89条，其中…: what all parts share with the whole keeps them apart no less
    shared = breakdown.whole.figure.channel
    channels = sum(
        bool(_CHANNEL.search(name)) or one.figure.channel not in (None, shared)
        for name, one in zip(names, breakdown.parts)
    )
    if too_much:
        return channels < 2
    last = breakdown.parts[-1].figure
    if (
        _REST.match(text[last.end : last.end + 10])
        or _UNCOUNTED.match(text, last.end, last.end + 32)
        or _OPEN_LIST.search(labels[0])
        or breakdown.whole.figure.bound == "more"
    ):
        return False
    if breakdown.whole.figure.start > last.start or "分别" in labels[0] or _RESIDUAL.match(labels[-1]):
        return True
    if _complementary(names) or (len(names) > 2 and _COLON.match(labels[0])):
        return True
    if any(_PERSON.search(name) for name in names):  # five kinds of organisations stand beside them
        return False
    share = sum(one.figure.value for one in breakdown.parts) / (breakdown.whole.figure.value or 1)
    return share >= FULL_FROM.get(len(names), FULL_FROM_MORE)


def _complementary(names: Sequence[str]) -> bool:
    return any(
        re.search(left, names[0]) and any(re.search(right, name) for name in names[1:])
        for pair in _COMPLEMENTS
        for left, right in (pair, pair[::-1])
    )
