"""The noun that a number counts, as written: before the number, behind it, or fronted before the verb."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from extract.figures.clauses import Clauses, Token
from extract.figures.knowledge import load_words
from extract.figures.trimming import BLANK, NOTICES, reach_account, trim, trim_title
from extract.patterns import late

_JOINTS = "、和及与或"
_NOUNS = frozenset(("noun", "nounverb"))
_MARKS = frozenset(BLANK + "：:")
_GENERIC = "信息"  # 推送二十几条信息: behind the number, the bare word is not taken as its object
_NAMED = (
    "信息",
    "文件",
    "材料",
    "公告",
    "公示",
    "通知",
    "解读",
    "事项",
    "新闻",
    "动态",
    "稿件",
)  # whole by themselves
_COUNTED_DOINGS = frozenset(("answer", "receive", "carry", "publish", "issue"))
FRONTING = frozenset(
    ["publish", "handout", "receive", "answer", "issue", "post", "hold", "carry", "inspect", "build", "fee"]
)
_NO_NOUN = ("以上", "左右", "以内", "以下", "和", "及", "与", "至", "到", "等", "多", "余")
_CUT = late("的|和|及|与")
_BRACKET = late(rf"[{BLANK}]*(?:[（(][次个条件篇份]{{1,2}}[）)])?[{BLANK}]*")
_PARTS = frozenset("次期上下中内后前里总全各所")  # light alone, part of a noun inside one
_TOWARD = frozenset(("由", "从", "自", "至", "到"))  # 由三百多个压减到180个
_INNER = frozenset(("公开", "服务", "管理", "维护", "建设", "处理", "监督", "宣讲", "更新", "审核"))
_STATES = ("不", "较", "滞后", "缓慢", "迟缓")  # 两个栏目|更新不及时
_DONE = frozenset("建签办开发贴写做挂设换用看问去到印拿占给")  # verbs of one character
_CLOSING = ("”", "’", "」", "』", "）", ")")
_PARTED = ("  ", "\u3000", "\t")
REACH = 30  # characters behind a number in which its noun must end
_STOPS = late(r"[，,。；;：:！!？?、（）()\n\t“”‘’\"']")
_BOTH = late("专[、（(/]兼[）)]?职")
_PARTING = frozenset("，,。；;：:！!？?、）)/／｜|\n“”‘’\"'")  # of these, what no blank or bracket is
_BRACKETED = frozenset(BLANK + "（(")  # what `_BRACKET` skips begins with


_PUBLISHED = "publish"
_BODIES = ("小组", "委员会", "办公室", "单位", "部门", "政府", "局", "办", "中心", "专班")
LISTS = ("、", "等", "和", "与", "及", "以及")
_MEANS = frozenset(
    ("方式", "形式", "渠道", "途径", "载体", "平台", "在线", "线上", "网上", "线下", "现场", "电话")
)  # 以…方式公开96条
_HOSTS = ("媒体", "系统", "平台", "栏目", "专栏", "频道", "网站")  # 信息公开系统公开25条
_PAPERS = ("媒体", "日报", "晚报", "电视台")
_NEAR = 20  # tokens before 公示 in which its place is named
_PLACING = frozenset(("通过", "在", "依托", "利用", "于"))
_AND = late("[并和且、](?:妥善|依法|依规|按时|按期|及时|全部|按规定)?")
_OPEN_DAYS = ("开放日活动", "开放日”活动")
_RATES = frozenset(("change", "cover", "other", ""))


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
    if stop > start and text[stop - 1] in "”’」』）)":
        stop = _skip_closed(text, tokens, start, stop)
    if stop > start and text[stop - 1] == "》" and (title := text.rfind("《", start, stop - 2)) >= 0:
        verb = find_verb(text, [one for one in tokens if one.end <= title])
        return Phrase(*trim_title(clauses, title + 1, stop - 1), verb, bool(verb))
    low, rest = _walk_back(text, tokens, start, stop, stands)
    verb = find_verb(text, rest)
    first = low
    low, stop = trim(clauses, low, stop, whole=stands == "rate")
    if text.startswith("每", first):
        return None
    if not verb and [one for one in tokens if one.end <= low and text[one.start : one.end] in NOTICES]:
        verb = _PUBLISHED
    shown = stands == "piece" and text.endswith(_PAPERS, low, stop)  # 省级媒体|13篇
    if low < stop and not shown and (stands == "place" or not _is_account(clauses, low, stop)):
        verb = _PUBLISHED if _is_published(text, low, stop) else verb
        return Phrase(low, stop, verb, bool(verb))
    if verb not in FRONTING and not (stands == "rate" and verb in _RATES):
        return None
    return _find_fronted(clauses, rest, (start, stop), verb, stands)


def _skip_closed(text: str, tokens: Sequence[Token], start: int, stop: int) -> int:
    """`stop` before the end of a quoted outcome (“予以公开”|5件), before a bracket (预算（含补助）|7条)."""
    if any(one.end == stop - 1 and one.kind == "outcome" for one in tokens):
        return stop - 1
    if text[stop - 1] not in "）)":
        return stop
    opening = max(text.rfind("（", start, stop), text.rfind("(", start, stop))
    return opening if opening > start else stop


def _find_fronted(
    clauses: Clauses, rest: list[Token], span: tuple[int, int], verb: str, stands: str
) -> Phrase | None:
    """The noun before the verb that stands next to the number: 政策信息|发布|12条. `rest` are the tokens."""
    text, (start, stop) = clauses.text, span
    act_end = stop
    built = text.startswith("了", stop) or text.endswith(("有", "配备"), start, stop)
    while rest and rest[-1].kind in ("verb", "light", "preposition") and rest[-1].end == stop:
        stop = _skip_light(text, rest[:-1], start, rest.pop().start)
    stop = _skip_light(text, rest, start, stop)
    itself = stands if verb in ("build", "inspect") else ""
    low, rest = _walk_back(text, rest, start, stop, itself)
    first = low
    parted = stands == "rate" and text.find("的", low, stop) >= 0  # 对政策的知晓率|仅有38%
    if rest and rest[-1].kind == "preposition" and rest[-1].end == low and not parted:
        return None
    low, stop = trim(clauses, low, stop, whole=stands == "rate")
    acts = rest[-1] if rest and rest[-1].kind == "verb" and rest[-1].end == first else None
    hosted = stands == "piece" and text.endswith(_HOSTS, low, stop)
    if acts is not None and low < stop < act_end and not hosted:
        if not built:
            return Phrase(low, act_end, acts.group, True)
        verb = acts.group if text.startswith("的", first) else verb  # 公开的文件|有41份
    listed = text[first - 1 : first] in _JOINTS and rest and rest[-1].kind == "platform"
    named = not listed and low < stop and not hosted and not _names_means(text, low, stop, verb)
    return Phrase(low, stop, verb, False) if named else None


def _names_means(text: str, low: int, stop: int, verb: str) -> bool:
    """Whether a fronted noun says by what or by whom the thing is done: 以线上方式公开, 领导小组召开."""
    return (verb != "build" and text[low:stop] in _MEANS) or (
        verb == "hold" and text.endswith(_BODIES, low, stop)
    )


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
    low, stop = trim(clauses, start, stop)
    return Phrase(low, stop, "", False) if low < stop else None


def find_behind(clauses: Clauses, start: int, limit: int) -> Phrase | None:
    """The noun directly behind a number that ends at `start`, up to `limit`, where the next number begins.

    None where a verb or the clause's end follows, and for the bare word 信息.
    """
    text = clauses.text
    if start >= len(text) or text[start] in _PARTING or text.startswith(_PARTED, start):
        return None  # a mark, or a table's blanks: 发布会 2场  访谈 3期
    if text[start] in _BRACKETED:
        match = _BRACKET.match(text, start)
        start = match.end() if match else start
    both = None
    if text.startswith("专", start):
        led = load_words().determiner.match(text, start, limit)  # 1个|专门的受理点
        start = led.end() if led else start
        both = _BOTH.match(text, start)  # 3名|专、兼职工作人员
    stop_mark = _STOPS.search(text, both.end() if both else start, min(limit, start + REACH))
    end = stop_mark.start() if stop_mark else min(limit, start + REACH, len(text))
    if start >= end:
        return None
    tokens = clauses.between(start, end)
    stop = _walk_on(text, tokens, start, end)
    joint = _CUT.search(text, start + 1, stop)
    stop = joint.start() if joint and not _is_shared(text, joint, stop) else stop
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
    low, stop = trim(clauses, start, stop)
    return Phrase(low, stop, "", True) if low < stop and text[low:stop] != _GENERIC else None


def _walk_on(text: str, tokens: Sequence[Token], start: int, end: int) -> int:
    """Where the noun phrase that begins at `start` ends: before a verb, a preposition, a light word."""
    stop = start
    for number, token in enumerate(tokens):
        kind = token.kind
        if kind == "platform" and token.start == stop and _is_done_to(tokens, number):
            stop = token.end
        elif kind == "platform":
            whole = token.start == stop or token.group in ("print", "venue")  # 公安|查阅点
            return reach_account(text, token.end) if whole else token.start
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
        elif kind != "light" or token.end - token.start > 1 or token.start == start or _is_all(text, token):
            return token.start
    return end


def _is_shared(text: str, joint: re.Match[str], stop: int) -> bool:
    """Whether what both name stands behind the second alone: 46条|安全和消防信息."""
    return (
        joint[0] != "的" and text.endswith(_GENERIC, 0, stop) and not text.endswith(_NAMED, 0, joint.start())
    )


def _is_all(text: str, token: Token) -> bool:
    """Whether a word of one character leads on to what became of the things: 16件提案|均公开."""
    return text[token.start] in "均已都也"


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
        if token.kind == "nounverb" and _publishes(text, token, rest, stop):
            return token.end, rest
        if token.kind not in _NOUNS:
            before = rest[-2] if len(rest) > 1 else None
            if not _goes_with(text, token, before, stop, stands):
                return token.end, rest
        rest.pop()
    return start, rest


def _publishes(text: str, token: Token, rest: Sequence[Token], stop: int) -> bool:
    """Whether 公示 or 公告 is a verb behind the place of publishing: 通过共享平台|公示|行政许可."""
    if text[token.start : token.end] not in NOTICES or token.end >= stop:
        return False
    placed = any(one.kind == "preposition" and text[one.start : one.end] in _PLACING for one in rest[-_NEAR:])
    return placed and not text.startswith(load_words().compound, token.end)


def _goes_with(text: str, token: Token, before: Token | None, stop: int, stands: str) -> bool:
    """Whether a token that is no noun is part of the noun phrase that ends at `stop` all the same."""
    kind, end = token.kind, token.end
    if kind == "platform" and (
        _is_counted(token, before, stop, stands) or text.startswith(_OPEN_DAYS, end - 3)
    ):
        return True
    if kind in ("verb", "light", "preposition") and text.startswith("率", end):
        return True
    if end == stop:
        return kind == "outcome" and before is not None and before.kind in ("verb", "nounverb")
    if kind == "outcome" or (kind == "owner" and text[end - 1] == "级" and text[end - 2] != "本"):
        return True
    word = text[token.start : end]
    if word == "与" and stands == "piece" and _joins(text, token, before):
        return True
    if kind == "light" and word in _PARTS:
        return True
    return stands == "rate" and text.startswith("率", stop - 1) and word in _INNER


def _joins(text: str, token: Token, before: Token | None) -> bool:
    """Whether 与 stands between two nouns (职业|与|社会教育), not before those that somebody meets."""
    place = token.start
    if not text[max(0, place - 2) : place].isalpha() or place < 2:
        return False
    return before is None or before.end <= place - 2 or before.kind in _NOUNS


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
    low -= 2 * text.endswith(("各类", "各项"), 0, low)
    return text.endswith(NOTICES, 0, low) or text.startswith(NOTICES, stop)


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


def is_outcome(clauses: Clauses, phrase: Phrase, start: int) -> bool:
    """Whether the words before a number at `start` only say which: 同意公开|答复数4件, 适合公开的|3件."""
    said = clauses.text[phrase.end : start].strip(BLANK)
    if not said or "由" in said or "从" in said:
        return False
    token = clauses.token_at(phrase.start)
    if token is not None and token.kind == "outcome" and token.end == phrase.end:
        return True
    if not said.endswith("的"):
        return False
    last = clauses.between(phrase.start, phrase.end)[-1:]
    return len(said) > 1 or any(one.end == phrase.end and one.kind in ("outcome", "verb") for one in last)


def _is_account(clauses: Clauses, low: int, stop: int) -> bool:
    """Whether a noun is but the name of an account, whose items are counted: 抖音号|48条."""
    named = clauses.text.startswith("号", stop - 1)
    return named and any(one.start == low and one.end == stop - 1 for one in clauses.platforms)
