"""The platform that a count belongs to: named in its clause, carried over, or paired with it by 分别."""

from __future__ import annotations

from collections.abc import Sequence

from extract.figures.clauses import Clauses, Token
from extract.figures.context import MEASURED, Context, Spot
from extract.figures.objects import Phrase
from extract.patterns import late
from extract.report import Platform

MANY = "*"  # several channels: the count is a total over them
PLACE, OBJECT, SUBJECT = "place", "object", "subject"

# By these a place publishes; what else is done there (handing out, receiving, checking) is not its count.
_SHOWN = frozenset(("publish", "post", "", "change"))
_JOINTS = tuple("、，,和及与或/")
COMMAS = frozenset("，,")
_COPIES = frozenset(("册", "本", "份"))
_BOARDS = frozenset(("bulletin", "venue", "tv_screen"))
_STANDING = frozenset(("place", "piece", "print"))
_BY = ("通过", "利用", "充分利用", "依托", "借助", "运用", "以", "在")
_ELSEWHERE = frozenset(("owner", "preposition"))  # words of another account
_TALKED = frozenset(("hotline", "mailbox"))
_PLACES = frozenset(("venue", "bulletin"))
STATS = late("阅读|浏览|访问|点击|粉丝|关注|播放量|转发|点赞|观看|用户|下载|订阅")
_ACCOUNT_VERBS = frozenset(("", "read", "change"))
_SUBJECT_VERBS = frozenset(("publish", "receive", "answer", "broadcast", "build", "post", "handout"))
_PUBLISHING = frozenset(("publish", "post"))
_ACTS = ("宣传", "培训", "检查", "督查", "走访", "活动")
_CHECKED = ("巡检", "检查", "抽查", "巡查", "监测", "普查", "自查", "评估", "测评")
_PUT = late("[挂贴登传发][上到至在][^，。；]{0,8}\\Z")  # 45条|挂上门户网站
_OTHER_WAYS = late(
    "其[他它](?:方式|渠道|形式|途径|载体|平台)|纸质|书面|信函|邮寄|当面|线下|现场(?:提交|申请)"
)
_ACCOUNTS = frozenset(("wechat", "weibo"))
_ASIDES = frozenset(("较", "比", "围绕", "按照", "根据", "结合", "针对", "为了"))
TOTAL = late("[，,；;、 \u3000]*(?:合计|共计|总计|总共|一共|共|累计(?=发布|公开|推送|$))")
_OWNED = 8  # characters of what may stand between a list's mark and a mention: 、|县广播|电视台
_NAMED_CHANNEL = late("(?<=[\u4e00-\u9fff]{2})(网|日报|晚报|时报|周报|电视|电台)(?=、[^0-9]{0,40}\\Z)")
_PAPER = late("《[^《》]{1,20}报》")


def choose_channel(
    clauses: Clauses, spot: Spot, context: Context, verb: str, phrase: Phrase | None, *, is_behind: bool
) -> tuple[str | None, tuple[str, ...]]:
    """The channel (`MANY` for several), and the channels that a 分别 list leaves for the numbers to come."""
    if context.given:
        return context.given[0], context.given[1:]
    if spot.run:
        spread = pair(spot.mentions, spot.run + 1)
        if spread:
            return spread[0], tuple(spread[1:])
    span = (phrase.start, phrase.end) if phrase else None
    found = None
    if not _are_items(spot, context, verb, span):
        found = find_channel(clauses, spot.mentions, verb, span, behind=is_behind)
    if found is not None or spot.number.stands in MEASURED:
        return found, ()
    if not clauses.text[spot.start : spot.number.start].strip("，,、和及与其中有共计约累已另 \u3000"):
        behind = _find_behind(clauses, spot)
        if behind is not None:
            return behind, ()
    if verb == "publish" and _PAPER.search(clauses.text, spot.start, spot.number.start):
        return "print", ()  # 在《…日报》刊发
    if spot.start > context.end or context.metric is None:
        leading = _find_led(clauses, spot, context)
        if leading in _PLACES and verb not in _SHOWN:
            leading = None
        if leading is not None and verb in ("publish", "read", "", "receive", "answer", "post", "broadcast"):
            return leading, ()
    return _carry(clauses, spot, context, verb, phrase), ()


def _are_items(spot: Spot, context: Context, verb: str, span: tuple[int, int] | None) -> bool:
    """Whether what is named is no channel but printed matter in a list of an account's items.

    推文60篇，其中动态40篇、简报12篇.
    """
    if not context.among or context.unit != spot.number.unit or context.channel in (None, "print") or verb:
        return False
    return bool(spot.mentions) and all(one.type == "print" and _is_object(one, span) for one in spot.mentions)


def _find_behind(clauses: Clauses, spot: Spot) -> str | None:
    """The channel named behind a number that opens its clause: 120条通过网站公开."""
    end = min(clauses.clause_end(spot.number.end), spot.limit)
    mentions = clauses.platforms_between(spot.number.end, end)
    if not mentions:
        return None
    put = _PUT.search(clauses.text, spot.number.end, mentions[0].start)
    if not put and find_role(clauses, spot.number.end, mentions[0].start) != PLACE:
        return None
    return find_channel(clauses, mentions, "", None, behind=False)


def _carry(clauses: Clauses, spot: Spot, context: Context, verb: str, phrase: Phrase | None) -> str | None:
    """The channel of the figure before, for a count of the same account.

    An account that is the subject keeps its counts until another subject or place is named; one that is the
    place or the object of the doing lends itself only to elided counts and to its readers.
    """
    channel = context.channel
    if channel is None or context.metric is None or _speaks_of_another(clauses, spot, context, phrase, verb):
        return None
    said = clauses.text[context.end : spot.number.start]
    if _OTHER_WAYS.search(said) or (context.several and TOTAL.match(said)):
        return None
    stats = STATS.search(said) is not None
    listed = context.among and not verb and context.unit == spot.number.unit
    if ("；" in said or ";" in said) and not stats and "其中" not in said and not listed:
        return None
    heard = context.role == OBJECT and context.verb == "receive" and context.unit != spot.number.unit
    if heard and not verb and phrase is not None and not stats:
        return None  # 接受电视采访2次、|解读9条
    built = context.role == OBJECT and context.verb == "build" and spot.number.stands in _STANDING
    if built and not verb and phrase is not None and not stats and not listed:
        return None  # 设置公开栏5个、|资料架3个
    copies = context.metric == "gazette_issues" and spot.number.unit in _COPIES and "每期" not in said
    if copies and phrase is None:
        return channel  # 编印公报9期，|发行800份
    again = verb == context.verb == "build" and context.unit == spot.number.unit and phrase is None
    if verb in _ACCOUNT_VERBS or stats or again:  # 新建公开栏5块，|翻新7块
        return channel
    if verb == "post" and channel not in _BOARDS:
        return None  # 微信群转发通知20条、|张贴公告5张
    if context.several and verb in ("answer", "receive"):
        return None  # 网站发布27条，公众号发布98条，|回复群众诉求11件
    if verb == channel or (
        verb in _SUBJECT_VERBS and (context.role == SUBJECT or channel in _TALKED)
    ):  # a broadcast carries on in what is broadcast
        return channel
    same = verb in _SUBJECT_VERBS and (verb == context.verb or {verb, context.verb} <= _PUBLISHING)
    return channel if context.role != OBJECT and same else None


def _speaks_of_another(
    clauses: Clauses, spot: Spot, context: Context, phrase: Phrase | None, verb: str
) -> bool:
    """Whether the words between name another owner, place or act, or a rate of its own.

    An owner without a verb is whose the items are (其中市政府文件15件).
    """
    text = clauses.text
    if phrase is not None:
        rate = spot.number.stands == "rate" and text.startswith("率", phrase.end - 1)
        own = verb or context.unit != (spot.number.unit or "")
        act = own and text.endswith(_ACTS, phrase.start, phrase.end)
        texted = "短信" in text[phrase.start : phrase.end]
        asked = context.channel in _TALKED and text.find("申请", phrase.start, phrase.end) >= 0
        if rate or act or texted or asked or context.channel in ("venue", "press"):
            return True
    tokens = clauses.between(context.end, spot.number.start)
    return any(
        (token.kind == "owner" and verb and text[token.end - 1] != "级")
        or (token.kind == "preposition" and not _is_aside(text, token, context.end))
        for token in tokens
    )


def _is_aside(text: str, token: Token, start: int) -> bool:
    """Whether a preposition leads to no other account: 较, 围绕, and 与 between nouns (资金与项目建设)."""
    word = text[token.start : token.end]
    return word in _ASIDES or (word == "与" and text[start : token.start].strip("，,、；; 其中") != "")


def find_channel(
    clauses: Clauses,
    mentions: Sequence[Platform],
    verb: str,
    object_span: tuple[int, int] | None,
    *,
    behind: bool,
) -> str | None:
    """The channel of a number whose clause holds `mentions`; `MANY` for several, None for none.

    `object_span` is the noun counted: a platform that is the noun itself is the channel of its own counts.
    """
    if object_span is not None:
        own = clauses.platforms_between(*object_span)
        if own and clauses.text.endswith(_CHECKED, *object_span):
            return None  # 4次|网站巡检
        if own and (behind or all(one.type == "print" for one in own)):
            return MANY if behind and _is_first_of_list(clauses, object_span[1]) else _one_of(own)
    mentions = [
        one
        for one in mentions
        if not (verb not in _SHOWN and one.type in _PLACES and not _is_object(one, object_span))
    ]
    if len(mentions) == 1 and _stands_among_others(clauses, mentions[0]):
        return MANY
    return _one_of(_keep_last(clauses, mentions)) if mentions else None


def _is_first_of_list(clauses: Clauses, end: int) -> bool:
    """Whether another channel goes on the noun that ends at `end`: 120篇|微博、微信图文."""
    return clauses.text.startswith("、", end) and any(
        one.start == end + 1 for one in clauses.platforms_between(end, end + _OWNED)
    )


def _stands_among_others(clauses: Clauses, one: Platform) -> bool:
    """Whether names of other channels stand in a list before a mention: 通过某某新闻网、县电视台."""
    text = clauses.text
    if not text.startswith("、", text.rfind("、", one.start - _OWNED, one.start)):
        return False
    others = {found[1] for found in _NAMED_CHANNEL.finditer(text, clauses.clause_start(one.start), one.start)}
    return bool(others) and not (one.type == "website" and others == {"网"})


def _keep_last(clauses: Clauses, mentions: Sequence[Platform]) -> list[Platform]:
    """Of mentions that stand one in the other the last (政府网站领导信箱, 服务大厅LED屏); lists stay whole.

    A mention behind a verb that the first does (网站转载客户端信息) is left out.
    """
    kept = [mentions[0]]
    for one in mentions[1:]:
        last = kept[-1]
        if one.start <= last.start:
            kept.append(one)
            continue
        between = clauses.text[last.end : one.start]
        beside = not between and {last.type, one.type} <= _ACCOUNTS  # 微博|微信回应
        if beside or any(joint in between for joint in _JOINTS):
            kept.append(one)
        elif last.type == "venue" or not _has_verb(clauses, last.end, one.start):
            kept[-1] = one
    return kept


def _has_verb(clauses: Clauses, start: int, end: int) -> bool:
    return any(token.kind == "verb" for token in clauses.between(start, end))


def _find_led(clauses: Clauses, spot: Spot, context: Context) -> str | None:
    """The channel that the clause before introduces, or the one before that, where the clause between only
    says what is published there: 利用公众号，及时发布动态，全年推送36条.
    """
    text = clauses.text
    read = STATS.search(text, spot.start, spot.number.start) is not None
    found = find_leading(clauses, spot.start, context.end, read=read)
    if found is not None or text[spot.start - 1 : spot.start] not in COMMAS:
        return found
    low = clauses.clause_start(spot.start - 1)
    tokens = clauses.between(low, spot.start)
    if low <= context.end or not tokens or clauses.platforms_between(low, spot.start):
        return None
    kinds = {token.kind for token in tokens}
    if not any(token.group == "publish" for token in tokens) or not kinds.isdisjoint(_ELSEWHERE):
        return None
    first = clauses.clause_start(low - 1) if text[low - 1 : low] in COMMAS else low
    return find_leading(clauses, low, context.end, read=True) if text.startswith(_BY, first, low) else None


def find_leading(clauses: Clauses, start: int, after: int, *, read: bool = False) -> str | None:
    """The channel that the clause before `start` introduces: 依托政府网站，公开… · 门户网站，…

    Only a clause that begins at `after` or later, where the words of the number before end. Those who `read`
    it may follow also where it is what is run: 运营公众号，粉丝3万.
    """
    text = clauses.text
    if start < 2 or text[start - 1] not in COMMAS:
        return None
    low = clauses.clause_start(start - 1)
    if low < after or not (mentions := clauses.platforms_between(low, start - 1)):
        return None
    if len(mentions) == 1 and _stands_among_others(clauses, mentions[0]):
        return MANY
    alone = not text[low : mentions[0].start].strip() and mentions[-1].end >= start - 1
    led = read or alone or find_role(clauses, low, mentions[0].start) == PLACE
    return _one_of(mentions) if led else None


def find_role(clauses: Clauses, start: int, end: int) -> str:
    """What a mention at `end` does in the clause from `start`: place of the doing, object, or subject."""
    tokens = clauses.between(start, end)
    for place in range(len(tokens) - 1, -1, -1):
        token = tokens[place]
        if token.kind == "preposition":
            return PLACE
        if token.kind == "verb" and not _ends_a_name(clauses.text, tokens, place, end):
            return OBJECT
    return SUBJECT


def _ends_a_name(text: str, tokens: Sequence[Token], place: int, end: int) -> bool:
    """Whether a verb closes the name of the account at `end`: 通过|长河发布|微信公众号."""
    token = tokens[place]
    if text[token.start : token.end] != "发布" or text[token.end : end].strip("”’」』"):
        return False
    before = tokens[place - 1] if place else None
    return before is not None and before.kind == "preposition" and token.start - before.end > 1


def pair(mentions: Sequence[Platform], count: int) -> list[str] | None:
    """The channels of `count` numbers behind 分别, by position; None where they do not match."""
    types: list[str] = []
    for one in mentions:
        types.append(one.type)
    return types if len(types) == count and count > 1 else None


def _one_of(mentions: Sequence[Platform]) -> str:
    types = {one.type for one in mentions}
    return types.pop() if len(types) == 1 else MANY


def _is_object(one: Platform, span: tuple[int, int] | None) -> bool:
    return span is not None and span[0] <= one.start and one.end <= span[1]
