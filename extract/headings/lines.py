"""What else the words of a line say: a bare name, a label, a lead-in, a title, a date, a caption."""

from __future__ import annotations

from functools import lru_cache

from extract.headings.knowledge import (
    CLOSING,
    DRESS,
    JOINTS,
    LONGEST,
    REMEMBERED,
    SHORT,
    load_headings,
    simplify,
)
from extract.patterns import late

_LABEL_DRESS = late(r"^(?:当前|目前|今年|本年度?|\d{4}年度?)(?=存在|主要)|[一二三四五六七八九十\d]{1,2}$")
# 全年未出现收费的情况 says something; 未予公开情况 is a name
_DENIED = late(
    "^[未无]|没有(?!现成)|不存在|未(?!予|成年)|(?<=[年月镇乡局委办厅府位院均暂也尚])无(?!障碍|纸化)"
)
_MARK = late("[，,。；;：:！？“]")
_CLOSING_WORD = late("(?:工作)?(?:情况|方面)$")
_WORKS = ("信息公开", "政务信息公开")
_LONGEST_NAME = 30
_LINES = ("title", "date", "sender", "signed", "caption", "furniture")


def find_kinds_of_line(line: str, *, opening: bool = True) -> frozenset[str]:
    """Which of `title`, `date`, `sender`, `signed`, `caption` and `furniture` a whole line is.

    `signed` is sender and date on one line. A long line behind the `opening` is no title and no sender.

    >>> find_kinds_of_line("2024年 1月12日"), find_kinds_of_line("某县2020年政府信息公开工作年度报告")
    (frozenset({'date'}), frozenset({'title'}))
    """
    if len(line) > 2 * LONGEST:
        return frozenset()
    return _recall_kinds(line, True) if len(line) <= SHORT else _match_kinds(line, opening)


def _match_kinds(line: str, opening: bool) -> frozenset[str]:
    compact = "".join(line.strip(DRESS).split())
    patterns = load_headings().patterns
    if not compact or (not opening and patterns["apart"].match(compact) is None):
        return frozenset()
    return frozenset([what for what in _LINES if patterns[what].match(compact)])


_recall_kinds = lru_cache(REMEMBERED)(_match_kinds)


@lru_cache(REMEMBERED)
def is_label(words: str) -> bool:
    """Whether `words` are a label of problem or remedy, such as 问题 or 改进措施.

    >>> is_label("改进的措施"), is_label("问题二"), is_label("存在以下不足")
    (True, True, False)
    """
    return len(words) <= 20 and _LABEL_DRESS.sub("", _strip(words)) in load_headings().bare["labels"]


def is_bare_name(words: str) -> bool:
    """Whether `words` (without enumerator and closing stop) name a topic and state nothing.

    >>> [is_bare_name(one) for one in ("平台建设方面", "监督保障及教育培训", "加强组织领导")]
    [True, True, False]
    """
    name = words.strip(CLOSING)
    if name.startswith("“") and name.endswith(load_headings().bare["ends"]):
        name = name.replace("“", "").replace("”", "")  # “主动公开”工作情况
    return _MARK.search(name) is None and _is_topic(name)


@lru_cache(REMEMBERED)
def _is_topic(words: str) -> bool:
    known = load_headings()
    name = _strip(words).strip("（）()【】")
    if not 2 <= len(name) <= _LONGEST_NAME and not _is_long_name(name):
        return False
    scope = known.scope.match(name)
    skipped = scope.end() if scope and not known.deeds.match(name) else 0
    if name[:skipped].endswith("公开") and name[:skipped] not in known.bare["topics"] + _WORKS:
        skipped = 0  # 未收取政府信息公开|信息处理费 says something
    for candidate in (name, name[skipped:]):
        pieces = [piece.replace("的", "") for piece in JOINTS.split(candidate)]
        pieces[-1] = _CLOSING_WORD.sub("", pieces[-1]) or pieces[-1]
        if all(piece in known.vocabulary for piece in pieces):
            return True
    if is_lead_in(name):
        return False
    if name.endswith(known.bare["ends"]):
        return _DENIED.search(name) is None
    stated = known.verbs.match(name) or known.statements.search(name)
    if len(name) == 4 and name.endswith(known.bare["acts"]):
        return not stated
    if len(name) == 3 and name[1:] in known.bare["nouns"]:
        return False  # one character before it is a verb: 强监督, 答申请
    return name.endswith(known.bare["nouns"]) and not stated


def _is_long_name(name: str) -> bool:
    """Whether a long name lists what it is of, as article 50 does: 工作考核、社会评议和责任追究结果情况."""
    listed = len(name) <= LONGEST // 2 and name.endswith("情况") and "、" in name
    return listed and load_headings().verbs.match(name) is None


def match_core(words: str) -> tuple[str, int, bool] | None:
    """Which of the five topics `words` begin with, how long its name is, and whether 情况 or 方面 closes it.

    >>> match_core("依申请公开情况全县共收到申请58件。")
    ('request', 7, True)
    """
    found = load_headings().patterns["core"].match(words)
    if found is None:
        return None
    topics = ("proactive", "request", "management", "platform", "supervision")
    topic = next(name for name in topics if found[name])
    return topic, found.end(), found["tail"] is not None


def is_colon_lead(words: str) -> bool:
    """Whether `words` before a colon and a list are read as saying what comes: 存在的主要不足：一、……"""
    return _strip(words) in load_headings().bare["lead_ins"]


def is_lead_in(clause: str) -> bool:
    """Whether a clause before a list says that a list comes.

    >>> is_lead_in("2025年，我县将重点从以下三个方面着手，推动工作再上新水平。"), is_lead_in("公开信息30条。")
    (True, False)
    """
    return load_headings().patterns["lead_in"].search(clause) is not None


def is_pointer(clause: str) -> bool:
    """Whether a clause only points to the report itself (现报告如下：): it leads into no list."""
    return load_headings().patterns["pointer"].search(clause[-LONGEST:]) is not None


def is_fragment(clause: str) -> bool:
    """Whether a clause before a list has an occasion, a subject, an auxiliary, and no predicate.

    >>> [is_fragment(one) for one in ("下一步，", "我镇主要通过", "针对以上问题，我们将：", "存在以下不足：")]
    [True, True, True, False]
    """
    if len(clause) > 2 * LONGEST:
        return False
    rest = clause.strip()
    pattern = load_headings().patterns["fragment"]
    at = 0
    while at < len(rest):
        found = pattern.match(rest, at)
        if found is None or found.end() == at:
            return False
        at = found.end()
        while at < len(rest) and rest[at] in "，,：:、 \t　。":
            at += 1
    return True


def _strip(words: str) -> str:
    return simplify("".join(words.strip(CLOSING).split()))
