"""Counts → figures: each number's clause read for its object, channel and metric, in text order.

What a clause leaves out is taken from the figure before it in the sentence: the metric and channel of lists
(其中 …、…), channels by position after 分别, the account that a second count still speaks of.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from extract.figures.channels import MANY, TOTAL, choose_channel, find_role
from extract.figures.clauses import Clauses
from extract.figures.context import (
    JOINT_LENGTH,
    JOINTS,
    Context,
    Spot,
    cross_brackets,
    leave_behind,
)
from extract.figures.inherit import INSIDE, find_whole, goes_back, inherit_metric, is_item, is_part
from extract.figures.lists import LARGE
from extract.figures.metrics import Evidence
from extract.figures.objects import (
    Phrase,
    find_before,
    find_behind,
    find_item,
    find_verb,
    is_outcome,
    part_doing,
)
from extract.figures.parts import are_named, find_people, find_sum, lead_verb, share_out
from extract.figures.scan import Candidate
from extract.patterns import late
from extract.report import Figure

BEFORE = 160  # characters of its clause before a number of people, in which they may be said to be trained
AROUND = 60  # characters behind a number that may still say what is done to the things counted
_WHEN = late(  # possessive: what it looks at may be long
    "(?:先后|陆续|每[月年周季]度?|年度|全年|本年度|上半年|下半年|截至|目前|今年以来|一年来|本年"
    "|[0-9年月日底末初至到\\-—– \u3000])*+"
)
_AND_SO_ON = ("等", "等各类", "等各项", "等相关")
_SUMS = frozenset(("共", "共计", "合计", "总计", "累计", "一共", "总共", "全年共", "全年共计", "全年累计"))
_REQUESTED = ("requests_received", "requests_answered")
_TOPICS = (
    *("复议方面", "诉讼方面", "申请方面", "渠道上", "申请中", "案件中", "复议", "诉讼"),
    *("复议结果", "诉讼结果", "复议情况", "诉讼情况", "复议案件", "诉讼案件"),
)
_OPENING = "，,、；;其中有共均已 \u3000"
_BARE_OPENING = _OPENING + "计另余剩尚仍和及与（(：:"
_OF_THESE = ("中，", "中,", "中：", "中:", "里，")
_ASPECT = late(  # 从申请内容看，涉及…: all of the sentence parts the requests, or their outcomes
    "[ \u3000]*(?:[0-9一二三四五六][、.．])?从?(?:"
    "(?:公开)?(申请)的?(?:内容|人|主体|方式|渠道|途径|事项|类型|类别|领域|形式|对象)"
    "|(?:申请)?(?:办理|答复|处理)的?(?:结果|方式|类型)"
    ")(?:情况)?来?看[，,：:]"
)
_AMONG = ("其中，", "其中,", "其中：", "其中:")
_SHARE = late("占[^比，,、；;。]*\\Z")  # 占|信息总数比例为20%
_NAME = 12  # characters
_ACCOUNT = late("“[^“”]{1,20}发布”")  # an account's name does nothing
_COLUMN = late("“[^“”]{1,20}”(?:等)?(?:栏目|专栏|板块|版块|专题|频道)")  # its name is not what is counted
_BREAKS = frozenset(("owner", "preposition", "platform", "outcome"))  # what opens a new statement in a list
_DOINGS = frozenset(("培训", "轮训", "参训", "受训", "宣传", "辅导", "约谈", "问责", "公示", "公告"))


def read_counts(clauses: Clauses, counts: Sequence[Candidate], section: str) -> list[Figure]:
    """The figures of the counts, in text order."""
    starts = [_region_start(clauses, count) for count in counts]
    clauses.find_tokens(starts[0], counts[-1].end)
    context, figures = Context(), []
    bracketed, outer = "（" in clauses.text or "(" in clauses.text, list[Context]()
    for place, count in enumerate(counts):
        sentence = clauses.sentence_start(count.start)
        if sentence != context.sentence:
            context = _begin(clauses.text, sentence, context)
            outer.clear()
        if bracketed:
            context = cross_brackets(clauses.text, outer, context, count.start)
        limit = counts[place + 1].start if place + 1 < len(counts) else len(clauses.text)
        context = leave_behind(clauses.text, context, count.start)
        start = max(context.end, starts[place])
        start = _skip_bracket(clauses.text, start, count.start)
        spread = context.spread or clauses.text.find("分别", start, count.start) >= 0
        run = 0 if context.given else _run_length(clauses.text, counts, place, alike=not spread)
        tokens = clauses.between(start, count.start)
        mentions = clauses.platforms_between(start, count.start)
        spot = Spot(count, start, limit, spread, run, tokens, mentions)
        figure, context = _read(clauses, spot, context, section)
        figures.append(figure)
    return figures


def _region_start(clauses: Clauses, count: Candidate) -> int:
    """Where the words that speak of a number begin: its clause, or that before a bracket or colon."""
    start = clauses.clause_start(count.start)
    if clauses.text.endswith(_AMONG, 0, start):
        start -= len(_AMONG[0])
    for _ in range(3):
        between = clauses.text[start : count.start]
        if not start or clauses.text[start - 1] not in "（(：:" or between.strip(" \u3000共约为计有：:"):
            break
        start = clauses.clause_start(start - 1)
    return start


def _begin(text: str, sentence: int, context: Context) -> Context:
    """What a new sentence begins with: nothing, but for one that parts the count before it (其中…) or all
    requests (从申请内容看，…).
    """
    aspect = _ASPECT.match(text, sentence, sentence + 20)
    if aspect:
        metric = "requests_received" if aspect[1] else "requests_answered"
        return Context(sentence, sentence, metric=metric, parted=True)
    if context.metric is None or not text.startswith("其中", sentence):
        return Context(sentence, sentence, before=context.metric or context.before)
    return replace(context, sentence=sentence, end=sentence)


def _skip_bracket(text: str, start: int, end: int) -> int:
    """`start` moved behind a bracket that closes before `end`: 12个县（市、区）和45个…"""
    if start < end and text[start] in "（(":
        close = max(text.find("）", start, end), text.find(")", start, end))
        return close + 1 if close > start else start
    return start


def _run_length(text: str, counts: Sequence[Candidate], place: int, *, alike: bool) -> int:
    """How many numbers follow with nothing but a joint between, `alike`: in the same counting word."""
    length, one = 0, counts[place]
    for following in counts[place + 1 : place + 12]:
        if following.start - one.end > JOINT_LENGTH or (alike and one.unit != following.unit):
            break
        if text[one.end : following.start].strip(" \u3000") not in JOINTS:
            break
        length, one = length + 1, following
    return length


class Clue(msgspec.Struct, frozen=True, gc=False):
    """What a number's clause says: the noun and where it stands, the nearest verb's group, the channel."""

    phrase: Phrase | None
    verb: str
    is_behind: bool
    channel: str | None  # MANY for several
    given: tuple[str, ...]  # channels and nouns left for the numbers to come
    parts: tuple[Phrase, ...]
    listed: bool  # the noun alone, without a verb, names the item


def _read(clauses: Clauses, spot: Spot, context: Context, section: str) -> tuple[Figure, Context]:
    """The figure, and what it settles for the next."""
    text, count = clauses.text, spot.number
    phrase, verb, is_behind = _find_doing(clauses, spot, context)
    phrase, parts = share_out(text, phrase, spot, context, is_behind=is_behind)
    listed = phrase is not None and not verb and not is_behind
    back = listed and not (spot.mentions or context.given) and goes_back(text, context, count)
    if back and context.whole is not None:
        whole = context.whole
        context = replace(context, metric=whole.metric, channel=whole.channel, verb=whole.verb)
    channel, given = choose_channel(clauses, spot, context, verb, phrase, is_behind=is_behind)
    channel = context.channel if back and channel is None else channel
    clue = Clue(phrase, verb, is_behind, channel, given, parts, listed)
    seen = _gather(clauses, spot, clue, context, section)
    mentions = spot.mentions
    named = bool(mentions or context.given) and not _is_large(text, count)
    metric = inherit_metric(seen, verb, context, named=named)
    if metric == "press_conferences" and channel is None:
        channel = "press"
    if phrase is not None and phrase is context.shared and _is_alike(count, context):
        metric = context.metric or metric  # 予以公开、不予公开的申请分别为12件、3件
    only = phrase is not None and phrase.end < count.start and count.stands != "rate"
    said = phrase if not only or phrase is None or not is_outcome(clauses, phrase, count.start) else None
    noun = _name(text, count, said)
    if channel == MANY or (metric == "rate" and "占" in seen.clause):
        channel = None
    figure = _build(text, count, noun, metric, channel)
    return figure, _hand_on(clauses, spot, context, clue, metric)


def _hand_on(clauses: Clauses, spot: Spot, context: Context, clue: Clue, metric: str) -> Context:
    """What a number settles for the next."""
    count, phrase, channel, mentions = spot.number, clue.phrase, clue.channel, spot.mentions
    verb = clue.verb or context.verb
    if metric == "rate" and context.metric is not None and not (clue.parts or clue.given):
        return replace(context, end=count.end)  # 公告11条，占2%，…
    return Context(
        sentence=context.sentence,
        end=max(count.end, phrase.end) if clue.is_behind and phrase else count.end,
        metric=metric if metric != "rate" or context.metric is None else context.metric,
        channel=channel,
        unit=count.unit or "",
        verb=verb,
        role=find_role(clauses, spot.start, mentions[0].start) if mentions else context.role,
        bare=count.measure is None,
        spread=spot.spread,
        given=clue.given,
        shared=phrase,
        parts=clue.parts,
        several=context.several or (context.channel is not None and channel not in (None, context.channel)),
        parted=context.parted or clauses.text.startswith(_OF_THESE, count.end),
        before=context.before,
        trained=context.trained or metric == "trainings",
        among=context.among or clauses.text.find("其中", spot.start, count.start) >= 0,
        whole=find_whole(clauses.text, context, (metric, channel, verb), count, spot.limit),
        listed=clue.listed,
    )


def _find_doing(clauses: Clauses, spot: Spot, context: Context) -> tuple[Phrase | None, str, bool]:
    """What `_find_phrase` finds, without the verbs that only lead up to the item of a list."""
    text, count = clauses.text, spot.number
    phrase, verb, is_behind = _find_phrase(clauses, spot, context)
    if not is_behind and verb in INSIDE and is_item(clauses, spot, context, verb):
        return find_item(clauses, spot.start, count.start), "", False
    if phrase is None and verb == "build" and _opens(text[spot.start : count.start]):
        verb = ""  # 已有|20条
    if phrase is not None and verb in INSIDE and text.endswith(_AND_SO_ON, 0, phrase.start):
        verb = lead_verb(text, spot.tokens, phrase) or verb
    if verb == "cover" and context.unit == count.unit and is_part(text, context, count):
        verb = ""
    return phrase, verb, is_behind


def _is_alike(count: Candidate, context: Context) -> bool:
    """Whether a number counts the same as the one before, in a list without channels or of readers."""
    if context.parts or (context.given and not (count.stands == "bare" and context.metric == "other")):
        return False
    return (count.unit or "") == context.unit and count.stands != "rate"


def _is_large(text: str, count: Candidate) -> bool:
    """Whether a number without counting word is in 万 or 亿: of readers rather than of items (微博2900万)."""
    return count.stands == "bare" and text[count.start : count.end].rstrip(" +＋余多").endswith(LARGE)


def _gather(clauses: Clauses, spot: Spot, clue: Clue, context: Context, section: str) -> Evidence:
    """The evidence for the metric; where the clause has no noun, the clause before it gives the topic."""
    text, count, phrase = clauses.text, spot.number, clue.phrase
    noun = _name(text, count, phrase) or ""
    said = text[spot.start : count.start] + (noun if clue.is_behind else "")
    said = _ACCOUNT.sub("账号", _COLUMN.sub("栏目", said)) if "”" in said else said
    end = clauses.clause_end(count.end)
    verb = clue.verb
    if phrase is None and not verb and _opens(said):
        said += text[count.end : min(end, spot.limit)]
        verb = _find_done(clauses, spot, end, context)
    itself = count.stands == "place" and phrase is not None and _is_platform(clauses, phrase)
    topic = ""
    if phrase is None:
        topic = _find_held(clauses, spot, said) or _find_topic(clauses, spot, context, named=not verb)
    return Evidence(
        object=noun or topic,
        clause=said,
        around=text[
            max(clauses.clause_start(count.start), count.start - BEFORE) : min(end, count.end + AROUND)
        ]
        if count.stands == "person"
        else text[spot.start : min(end, count.end + AROUND)],
        verb=verb or _carry_verb(clauses, spot, context),
        unit=count.unit or "",
        stands=count.stands or "",
        channel="" if itself or clue.channel in (None, MANY) else str(clue.channel),
        section=section,
        after=context.metric or (context.before if phrase is None and clue.verb == "answer" else ""),
    )


def _opens(said: str) -> bool:
    """Whether what is said before a number tells nothing of it but when, so that it stands behind."""
    return _WHEN.fullmatch(said.strip(_BARE_OPENING)) is not None


def _find_done(clauses: Clauses, spot: Spot, end: int, context: Context) -> str:
    """What was done to the things of a number that opens its clause: 受理9件，8件已按期答复.

    Of requests that is disclosing, too (1件已公开).
    """
    if spot.number.stands not in ("piece", "event"):
        return ""
    behind = find_verb(clauses.text, clauses.between(spot.number.end, min(end, spot.limit)))
    requested = behind == "publish" and context.metric in _REQUESTED
    return behind if behind == "answer" or requested else ""


def _find_held(clauses: Clauses, spot: Spot, said: str) -> str:
    """What is held, of a count that opens its clause before the verb: 三次|召开推进会."""
    count = spot.number
    token = clauses.token_at(count.end)
    if count.stands != "event" or token is None or token.group != "hold":
        return ""
    if not _opens(said[: count.start - spot.start]):
        return ""
    return clauses.text[token.end : min(clauses.clause_end(count.end), spot.limit, token.end + AROUND)]


def _carry_verb(clauses: Clauses, spot: Spot, context: Context) -> str:
    """The verb of the number before, where this one goes on its list: 公开规章2件、规范性文件5件."""
    if context.metric is None or clauses.text[context.end : context.end + 1] not in JOINTS:
        return ""
    if context.several and TOTAL.match(clauses.text, context.end, spot.number.start):
        return ""
    said = clauses.between(context.end, spot.number.start)
    return "" if any(token.kind in _BREAKS for token in said) else context.verb


def _find_topic(clauses: Clauses, spot: Spot, context: Context, *, named: bool) -> str:
    """The clause before, where no number stands in it: 及时回复网民留言，全年共回复23条.

    What only says when is passed over; `named`: only a clause that names its topic (行政诉讼方面，共7件).
    """
    if context.metric is not None:
        return ""
    text, start = clauses.text, spot.start
    for _ in range(3):
        if start < 2 or text[start - 1] not in "，,：:":
            break
        low = clauses.clause_start(start - 1)
        said = text[low : start - 1]
        if not _WHEN.fullmatch(said):
            return said[-AROUND:] if not named or said.endswith(_TOPICS) else ""
        start = low
    return ""


def _name(text: str, count: Candidate, phrase: Phrase | None) -> str | None:
    """The noun as written; of a rate only a noun that is a rate."""
    if phrase is None:
        return None
    noun = text[phrase.start : phrase.end]
    if count.stands != "rate":
        return noun
    return None if _SHARE.search(text, max(0, phrase.start - _NAME), phrase.start) else _name_rate(noun)


def _find_phrase(clauses: Clauses, spot: Spot, context: Context) -> tuple[Phrase | None, str, bool]:
    """The noun counted, the group of the nearest verb, and whether the noun stands behind the number."""
    count = spot.number
    before = find_before(clauses, spot.tokens, spot.start, count.start, count.stands or "")
    verb = before.verb if before is not None else find_verb(clauses.text, spot.tokens)
    if before is not None:
        before, verb = part_doing(clauses.text, before)
    behind = find_behind(clauses, count.end, spot.limit)
    doing = count.stands == "person" or count.unit in ("户", "户次", "家")
    if doing and behind is None:
        behind = find_people(clauses, count.end)
    if doing and before is not None and _is_training(clauses.text, before):
        before = None
    # 从事信息发布的|三名同志, 公文起草、保密审查等|五项制度
    told = clauses.text.endswith(
        ("的", "”") if count.stands == "person" else ("的", "等", "”"), 0, count.start
    )
    if behind is not None and (
        before is None or told or not before.direct or are_named(clauses, before, count)
    ):
        return behind, verb or find_verb(clauses.text, spot.tokens), True
    if before is None and context.metric is None and clauses.text[spot.start : count.start].strip() in _SUMS:
        whole = find_sum(clauses, spot.start, count.stands or "")
        return whole, whole.verb if whole is not None else verb, False
    if before is None and context.shared is not None and (context.bare or context.spread):
        between = clauses.text[context.end : count.start].strip(" \u3000")
        if between in JOINTS:
            return context.shared, verb or context.verb, False
    return before, verb, False


def _is_training(text: str, phrase: Phrase) -> bool:
    """Whether the noun is the doing itself (培训480余人次): the people are counted, not the doing."""
    return text[phrase.start : phrase.end] in _DOINGS


def _is_platform(clauses: Clauses, phrase: Phrase) -> bool:
    """Whether the thing counted is the channel itself: 18个村务公开栏."""
    named = clauses.platforms_between(phrase.start, phrase.end)
    return any(clauses.text[one.end : phrase.end] in ("", "号", "账号") for one in named)


def _name_rate(noun: str) -> str | None:
    """The rate as named, without the matters it is taken over (服务事项|网办率); None where it is no rate."""
    if not noun.endswith(("率", "度", "比", "比例", "比重", "量", "数", "幅")):
        return None
    return noun.rpartition("事项")[2] or noun


def _build(text: str, count: Candidate, noun: str | None, metric: str, channel: str | None) -> Figure:
    numeral = count.numeral
    start, end = count.start, count.end
    low, high, bound = numeral.low, numeral.high, numeral.bound
    return Figure(
        text[start:end], start, end, numeral.value, count.unit, bound, low, high, False, noun, metric, channel
    )
