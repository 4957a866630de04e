"""The noun that a number counts, as written: before the number, behind it, or fronted before the verb."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from extract.figures.clauses import Clauses, Token
from extract.figures.knowledge import load_words
from extract.numerals import CHINESE
from extract.patterns import late

BLANK = " \u00a0\u3000\t"
_JOINTS = "、和及与或"
_NOUNS = frozenset(("noun", "nounverb"))
_MARKS = frozenset(BLANK + "：:")
_EDGE = BLANK + "、，,：:。；;“”\"'‘’「」『』（）()《》—–-｜|/／"
_TRIMMED = frozenset(_EDGE + _JOINTS)
_TRIMMED_END = _TRIMMED | set("的等")
_GENERIC = "信息"  # 推送二十几条信息: behind the number, the bare word is not taken as its object
_COUNTED_DOINGS = frozenset(("answer", "receive", "carry", "publish", "issue"))
_FRONTING = frozenset(
    ["publish", "handout", "receive", "answer", "issue", "post", "hold", "carry", "inspect", "build", "fee"]
)
_NO_NOUN = ("以上", "左右", "以内", "以下", "和", "及", "与", "至", "到", "等", "多", "余")
_CUT = late("的|和|及|与")
_BRACKET = late(rf"[{BLANK}]*(?:[（(][次个条件篇份]{{1,2}}[）)])?[{BLANK}]*")
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
_PARTS = frozenset("次期上下中内后前里总全各所")  # light alone, part of a noun inside one
_SHORT = frozenset("村县镇乡区市户书信")  # nouns of one character that are counted
_TOWARD = frozenset(("由", "从", "自", "至", "到"))  # 由三百多个压减到180个
_INNER = frozenset(("公开", "服务", "管理", "维护", "建设", "处理", "监督", "宣讲", "更新", "审核"))
_STATES = ("不", "较", "滞后", "缓慢", "迟缓")  # 两个栏目|更新不及时
_DONE = frozenset("建签办开发贴写做挂设换用看问去到印拿占给")  # verbs of one character
_CLOSING = ("”", "’", "」", "』", "）", ")")
_PARTED = ("  ", "\u3000", "\t")
REACH = 30  # characters behind a number in which its noun must end
_STOPS = late(r"[，,。；;：:！!？?、（）()\n\t“”‘’\"']")
_PARTING = frozenset("，,。；;：:！!？?、）)/／｜|\n“”‘’\"'")  # of these, what no blank or bracket is
_BRACKETED = frozenset(BLANK + "（(")  # what `_BRACKET` skips begins with


_NOTICES = ("公示", "公告")
_PUBLISHED = "publish"
_BODIES = ("小组", "委员会", "办公室", "单位", "部门", "政府", "局", "办", "中心", "专班")
LISTS = ("、", "等", "和", "与", "及", "以及")
_MEANS = frozenset(("方式", "形式", "渠道", "途径", "载体", "平台"))  # 以…方式公开96条
_EQUALS = ("等级", "等次", "等同", "等待", "等候")  # words that begin like 等
_DIGIT = late("[0-9]")
_AND = late("[并和且、](?:妥善|依法|依规|按时|按期|及时|全部|按规定)?")
_RATES = frozenset(("change", "cover", ""))


class Phrase(msgspec.Struct, frozen=True, gc=False):
    """A noun phrase in the text, and the group of the verb that governs it ("" where there is none)."""

    start: int
    end: int
    verb: str
    direct: bool  # stands between its verb and the number


def find_before(
    clauses: Clauses, tokens: Sequence[Token], start: int, end: int, stands: str
) -> Phrase | None:
    """The noun between `start` and a number at `end`: next to the number, else fronted before its verb.

    `tokens` are those between. `stands` is what the counting word stands for: only places and prints count
    a platform itself.
    """
    text = clauses.text
    stop = _skip_light(text, tokens, start, end)
    if text.endswith(_CLOSING, start, stop) and any(
        one.end == stop - 1 and one.kind == "outcome" for one in tokens
    ):
        stop -= 1  # “予以公开”|5件
    low, rest = _walk_back(text, tokens, start, stop, stands)
    verb = find_verb(text, rest)
    first = low
    low, stop = _trim(clauses, low, stop, whole=stands == "rate")
    if text.startswith("每", first):
        return None
    if not verb and [one for one in tokens if one.end <= low and text[one.start : one.end] in _NOTICES]:
        verb = _PUBLISHED
    if low < stop and (stands == "place" or not _is_account(clauses, low, stop)):
        verb = _PUBLISHED if _is_published(text, low, stop) else verb
        return Phrase(low, stop, verb, bool(verb))
    if verb not in _FRONTING and not (stands == "rate" and verb in _RATES):
        return None
    act_end = stop
    while rest and rest[-1].kind in ("verb", "light", "preposition") and rest[-1].end == stop:
        stop = _skip_light(text, rest[:-1], start, rest.pop().start)
    stop = _skip_light(text, rest, start, stop)
    itself = stands if verb in ("build", "inspect") else ""
    low, rest = _walk_back(text, rest, start, stop, itself)
    first = low
    parted = stands == "rate" and text.find("的", low, stop) >= 0  # 对政策的知晓率|仅有38%
    if rest and rest[-1].kind == "preposition" and rest[-1].end == low and not parted:
        return None
    low, stop = _trim(clauses, low, stop, whole=stands == "rate")
    acts = rest[-1] if rest and rest[-1].kind == "verb" and rest[-1].end == first else None
    if acts is not None and low < stop < act_end:
        return Phrase(low, act_end, acts.group, True)
    listed = text[first - 1 : first] in _JOINTS and rest and rest[-1].kind == "platform"
    named = not listed and low < stop and not _names_means(text, low, stop, verb)
    return Phrase(low, stop, verb, False) if named else None


def _names_means(text: str, low: int, stop: int, verb: str) -> bool:
    """Whether a fronted noun says by what or by whom the thing is done: 以线上方式公开, 领导小组召开."""
    return text[low:stop] in _MEANS or (verb == "hold" and text.endswith(_BODIES, low, stop))


def find_verb(text: str, tokens: Sequence[Token]) -> str:
    """The group of the last verb among the tokens, "" where there is none.

    A verb that closes a part of a list (公开危房改造、城市管理等信息) is a noun there, if a verb stands
    before it.
    """
    first, part = "", -1  # where a verb that is part of a list begins
    for place in range(len(tokens) - 1, -1, -1):
        token = tokens[place]
        if token.kind != "verb":
            continue
        first = token.group
        if token.end != part and not text.startswith(LISTS, token.end):
            return (
                "receive" if first == "answer" and _is_received(text, tokens[:place], token.start) else first
            )
        part = token.start
    return first


def _is_received(text: str, tokens: Sequence[Token], start: int) -> bool:
    """Whether the verb at `start` only says what became of what was received: 收到并答复|5件."""
    before = next((one for one in reversed(tokens) if one.kind == "verb"), None)
    if before is None or before.group != "receive" or not text.startswith("到", before.end - 1):
        return False
    return _AND.fullmatch(text, before.end, start) is not None


def find_item(clauses: Clauses, start: int, end: int) -> Phrase | None:
    """The whole of `[start, end)` as a noun, without what leads up to it: 教育收费 in a list of matters."""
    stop = _skip_light(clauses.text, clauses.between(start, end), start, end)
    stop -= stop > start and clauses.text[stop - 1] == "有"  # 工作动态|有50篇
    start += 2 * clauses.text.startswith("其中", start, stop)
    low, stop = _trim(clauses, start, stop)
    return Phrase(low, stop, "", False) if low < stop else None


def find_behind(clauses: Clauses, start: int, limit: int) -> Phrase | None:
    """The noun directly behind a number that ends at `start`, up to `limit`, where the next number begins.

    None where a verb or the clause's end follows, and for the bare word 信息.
    """
    text = clauses.text
    if start >= len(text) or text[start] in _PARTING:
        return None
    if text.startswith(_PARTED, start):
        return None  # a table's blanks: 发布会 2场  访谈 3期
    if text[start] in _BRACKETED:
        match = _BRACKET.match(text, start)
        start = match.end() if match else start
    stop_mark = _STOPS.search(text, start, min(limit, start + REACH))
    end = stop_mark.start() if stop_mark else min(limit, start + REACH, len(text))
    if start >= end:
        return None
    tokens = clauses.between(start, end)
    stop = _walk_on(text, tokens, start, end)
    joint = _CUT.search(text, start + 1, stop)
    stop = joint.start() if joint else stop
    done = text.find("了", start + 2, stop)
    if done >= 0:
        stop = done - (1 if text[done - 1] in _DONE else 2)  # 两个村|建了, 3名干部|参加了
        if stop <= start:
            return None
    if text.startswith(load_words().predicates, start):
        return None
    owner = tokens[0] if tokens and tokens[0].end <= stop else None
    if owner and owner.kind == "owner" and owner.start == start and text[owner.end - 1] != "级":
        start = owner.end if owner.end < stop else start
    if text.startswith(_NO_NOUN, start, stop):
        return None
    stop = _skip_light(text, [one for one in tokens if start <= one.start and one.end <= stop], start, stop)
    low, stop = _trim(clauses, start, stop)
    return Phrase(low, stop, "", True) if low < stop and text[low:stop] != _GENERIC else None


def _walk_on(text: str, tokens: Sequence[Token], start: int, end: int) -> int:
    """Where the noun phrase that begins at `start` ends: before a verb, a preposition, a light word."""
    stop = start
    for number, token in enumerate(tokens):
        kind = token.kind
        if kind == "platform" and token.start == stop and _is_done_to(tokens, number):
            stop = token.end
        elif kind == "platform":
            return token.end if token.start == stop or token.group == "print" else token.start
        elif (
            kind in _NOUNS
            or (kind == "owner" and token.start == start)
            or (
                token.end < end
                and text[token.start : token.end] in _INNER
                and not text.startswith(_STATES, token.end)
            )
        ):
            stop = token.end
        elif kind != "light" or token.end - token.start > 1 or token.start == start:
            return token.start
    return end


def _is_done_to(tokens: Sequence[Token], number: int) -> bool:
    """Whether the platform is what the doing behind it is done to: 4次|网站巡检."""
    following = tokens[number + 1] if number + 1 < len(tokens) else None
    return following is not None and following.kind == "nounverb" and following.start == tokens[number].end


def _skip_light(text: str, tokens: Sequence[Token], start: int, end: int) -> int:
    """`end` moved back over light words, blanks and colons."""
    place = len(tokens) - 1
    while True:
        while end > start and text[end - 1] in _MARKS:
            end -= 1
        while place >= 0 and tokens[place].start >= end:
            place -= 1
        last = tokens[place] if place >= 0 else None
        if last is None or last.end != end:
            return end
        if last.kind != "light" and text[last.start : end] not in _TOWARD:
            return end
        end = last.start
        place -= 1


def _walk_back(
    text: str, tokens: Sequence[Token], start: int, stop: int, stands: str
) -> tuple[int, list[Token]]:
    """Where the noun phrase that ends at `stop` begins, and the tokens before it."""
    rest = [token for token in tokens if token.end <= stop]
    while rest:
        token = rest[-1]
        if token.kind not in _NOUNS:
            before = rest[-2] if len(rest) > 1 else None
            if not _goes_with(text, token, before, stop, stands):
                return token.end, rest
        rest.pop()
    return start, rest


def _goes_with(text: str, token: Token, before: Token | None, stop: int, stands: str) -> bool:
    """Whether a token that is no noun is part of the noun phrase that ends at `stop` all the same."""
    kind, end = token.kind, token.end
    if kind == "platform" and _is_counted(token, before, stop, stands):
        return True
    if kind in ("verb", "light") and text.startswith("率", end):
        return True
    if end == stop:
        return kind == "outcome" and before is not None and before.kind in ("verb", "nounverb")
    if kind == "outcome" or (kind == "owner" and text[end - 1] == "级"):
        return True
    word = text[token.start : end]
    if kind == "light" and word in _PARTS:
        return True
    return stands == "rate" and text.startswith("率", stop - 1) and word in _INNER


def _is_counted(token: Token, before: Token | None, stop: int, stands: str) -> bool:
    """Whether a platform is itself what is counted or made: 公开栏15块, 编印政府公报, 政府开放日活动."""
    if token.group in ("print", "press"):
        return True
    governed = before is not None and before.kind == "verb" and before.end == token.start
    if token.end == stop:
        return stands == "place" or governed
    return governed and token.group == "venue"


def _is_published(text: str, low: int, stop: int) -> bool:
    """Whether 公示 or 公告 stands beside the noun as its verb (公示|低保资金, 许可决定|公示)."""
    return text.endswith(_NOTICES, 0, low) or text.startswith(_NOTICES, stop)


def _trim(clauses: Clauses, low: int, stop: int, *, whole: bool = False) -> tuple[int, int]:
    """The phrase without what is no part of the noun: 的 and 等 clauses, 各类, marks and joints at the edges.

    `whole` keeps the words for a number (公开数量), as the noun of a rate.
    """
    text, words = clauses.text, load_words()
    for mark in "的等":
        joint = text.rfind(mark, low, stop)
        if low <= joint < stop - 2 and not text.startswith(_EQUALS, joint):
            low = joint + 1
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


def part_doing(text: str, phrase: Phrase) -> tuple[Phrase | None, str]:
    """The noun and the verb of 申请办结|数: the doing is the verb, what stands before it the noun.

    Without a noun (答复数) only the verb stays.
    """
    if "数" not in text[phrase.end - 1 : phrase.end + 1]:
        return phrase, phrase.verb
    stop = phrase.end - (text[phrase.end - 1] == "数")
    if text.endswith("申请公开", phrase.start, stop):
        return phrase, phrase.verb
    groups = load_words().by_word
    for size in (4, 3, 2):
        group = groups.get(text[stop - size : stop]) if stop - size >= phrase.start else None
        if group in _COUNTED_DOINGS:
            noun = Phrase(phrase.start, stop - size, group, True) if phrase.start < stop - size else None
            return noun, group
    return phrase, phrase.verb


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


def _is_account(clauses: Clauses, low: int, stop: int) -> bool:
    """Whether a noun is but the name of an account, whose items are counted: 抖音号|48条."""
    named = clauses.text.startswith("号", stop - 1)
    return named and any(one.start == low and one.end == stop - 1 for one in clauses.platforms)


def _opens_quote(text: str, low: int, stop: int) -> bool:
    """Whether the quote at `low` closes inside the phrase: “政务公开日”活动."""
    return text[low] in "“《" and {"“": "”", "《": "》"}[text[low]] in text[low:stop]


def _cut_verbal(clauses: Clauses, low: int, stop: int) -> tuple[int, int]:
    """解读政策文件 → 政策文件, 许可决定公示 → 许可决定: nouns that are verbs beside another noun."""
    text, words = clauses.text, load_words()
    if text.endswith(_NOTICES, low + 4, stop):
        return low, stop - 2
    token = clauses.token_at(low)
    if token is None or token.kind != "nounverb" or token.end >= stop or token.end > low + 6:
        return low, stop
    if text[low : token.end] in _NOTICES:
        return (low, stop) if text.startswith(words.compound, token.end) else (token.end, stop)
    return (token.end, stop) if text.startswith(words.patients, token.end) else (low, stop)
