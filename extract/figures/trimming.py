"""A noun phrase without what is no part of the noun: lead-ups, marks, the words for its number, verbs."""

from __future__ import annotations

import re

from extract.figures.clauses import Clauses
from extract.figures.knowledge import load_words
from extract.numerals import CHINESE
from extract.patterns import late

BLANK = " \u00a0\u3000\t"
_EDGE = BLANK + "、，,：:。；;“”\"'‘’「」『』（）()《》—–-｜|/／"
_TRIMMED = frozenset(_EDGE + "、和及与或")
_TRIMMED_END = _TRIMMED | set("的等")
_NUMBERED = (
    "信息数",
    "公开数",
    "申请数",
    "文件数",
    "答复数",
    "稿件数",
    "项目数",
    "复议数",
    "诉讼数",
    "栏目数",
    "班数",
)
_SHORT = frozenset("村县镇乡区市户书信")  # nouns of one character that are counted
NOTICES = ("公示", "公告")
_NOTED = (  # 业务类公示|公告, 受理|公示
    *("公示", "公告", "通知", "类", "、", "和", "及"),
    *("受理", "审批", "验收", "招标", "中标"),
)
_EQUALS = ("等级", "等次", "等同", "等待", "等候")  # words that begin like 等
_FILED = ("行政复议", "复议")
_PLAIN = 3  # characters of a noun in which none of these stands: 申请|行政复议, 解读|政策, 各类|信息
_DIGIT = late("[0-9]")


def trim(clauses: Clauses, low: int, stop: int, *, whole: bool = False) -> tuple[int, int]:
    """The phrase without what is no part of the noun: 的 and 等 clauses, 各类, marks and joints at the edges.

    `whole` keeps the words for a number (公开数量), as the noun of a rate.
    """
    text, words = clauses.text, load_words()
    for mark in "的等":
        joint = text.rfind(mark, low, stop)
        if low <= joint < stop - 2 and not text.startswith(_EQUALS, joint):
            low = joint + 1
    if stop - low > _PLAIN:
        filed = text.rfind("申请", low, stop - 3)
        if filed >= low and text.startswith(_FILED, filed + 2):
            low = filed + 2  # 因信息公开申请|行政复议
        low = max(low, text.rfind("各类", low, stop - 2), text.rfind("各项", low, stop - 2))
    low = _skip_marks(text, low, stop)
    length = -1
    while length != stop - low and low < stop:  # until nothing falls away
        length = stop - low
        low += text[low] in _TRIMMED and not _opens_quote(text, low, stop)
        stop -= low < stop and text[stop - 1] in _TRIMMED_END
        stop -= 2 * (stop > low + 3 and text[stop - 2] in "（(")  # 信息公开数（条）
        if low < stop and text[low] in words.determiner_heads:
            low += _length(words.determiner.match(text, low, stop))
        if whole:
            continue
        stop -= text.endswith(_NUMBERED, low, stop)
        if text[stop - 1] in words.quantity_tails:
            stop -= _length(words.quantity.search(text, max(low, stop - 6), stop))
    if text.startswith("每", low) or _DIGIT.search(text, low, stop):
        return low, low
    low, stop = _widen(clauses, *_cut_verbal(clauses, low, stop))
    return (low, low) if stop - low == 1 and text[low] not in _SHORT else (low, stop)


def trim_title(clauses: Clauses, low: int, stop: int) -> tuple[int, int]:
    """What a paper is, by its name in 《》; the whole name, where nothing of it may be left out."""
    first, last = trim(clauses, low, stop)
    return (first, last) if first < last else (low, stop)


def reach_account(text: str, end: int) -> int:
    """The end of a platform's name with the word for an account: 一个|抖音号, 3个|政务新媒体账号."""
    return end + next((len(one) for one in ("账号", "帐号", "号") if text.startswith(one, end)), 0)


def _skip_marks(text: str, low: int, stop: int) -> int:
    """`low` behind an enumerator (一、信息) and behind a quote that closes there: 我来说”|来信."""
    if text.startswith("、", low + 1, stop) and text[low] in CHINESE:
        low += 2
    said = text[low:stop]
    if "”" in said and "“" not in said[: said.find("”")]:
        low += said.rfind("”", 0, -1) + 1
    elif "“" in said and "”" not in said[said.rfind("“") :]:
        low += max(said.rfind("“"), 0)
    return low


def _length(match: re.Match[str] | None) -> int:
    return match.end() - match.start() if match else 0


def _widen(clauses: Clauses, low: int, stop: int) -> tuple[int, int]:
    """抖音|号, 政务新媒体|账号: a bare word for an account takes the platform's name before it."""
    text = clauses.text
    if not clauses.platforms:
        return low, stop
    if text[low:stop] in ("号", "账号", "官方账号"):
        named = [one for one in clauses.platforms_between(max(0, low - 12), low) if one.end == low]
        return (named[0].start, stop) if named else (low, stop)
    if text.startswith("号", low) and any(one.end == low for one in clauses.platforms_between(low - 8, low)):
        return low + 1, stop  # 抖音|号|粉丝
    return low, stop


def _opens_quote(text: str, low: int, stop: int) -> bool:
    """Whether the quote at `low` closes inside the phrase: “政务公开日”活动."""
    return text[low] in "“《" and {"“": "”", "《": "》"}[text[low]] in text[low:stop]


def _cut_verbal(clauses: Clauses, low: int, stop: int) -> tuple[int, int]:
    """解读政策文件 → 政策文件, 许可决定公示 → 许可决定: nouns that are verbs beside another noun."""
    text, words = clauses.text, load_words()
    if text.endswith(NOTICES, low + 4, stop) and not text.endswith(_NOTED, low, stop - 2):
        return low, stop - 2
    inner = text.rfind("解读", low + 2, stop - 2) if stop - low > _PLAIN else 0
    if inner > 0 and text[inner - 2 : inner] != "政策" and text.startswith(words.patients, inner + 2):
        kind = clauses.token_at(inner)
        low = inner + 2 if kind is not None and kind.kind == "nounverb" else low  # 负责人带头解读|政策
    token = clauses.token_at(low)
    if token is None or token.kind != "nounverb" or token.end >= stop or token.end > low + 6:
        return low, stop
    if text[low : token.end] in NOTICES:
        return (low, stop) if text.startswith(words.compound, token.end) else (token.end, stop)
    return (token.end, stop) if text.startswith(words.patients, token.end) else (low, stop)
