"""Counts → figures: each number's clause read for its object, channel and metric, in text order.

What a clause leaves out is taken from the figure before it: the channel and metric of lists (其中 …、…), of 分别
by position, of a second count of the same account.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.figures.channels import MANY, find_channel, find_leading, pair
from extract.figures.clauses import SENTENCE_ENDS, Clauses
from extract.figures.metrics import Evidence, find_metric
from extract.figures.objects import Phrase, find_before, find_behind
from extract.figures.scan import Candidate
from extract.report import Figure

_ITEMS = frozenset(
    ["disclosed_items", "website_items", "wechat_items", "weibo_items", "new_media_items", "bulletin_items", "broadcasts", "other"]
)
_BY_CHANNEL = {
    "website": "website_items", "wechat": "wechat_items", "weibo": "weibo_items", "bulletin": "bulletin_items",
    "video": "new_media_items", "app": "new_media_items", "wechat_group": "new_media_items", "other": "new_media_items",
    "broadcast": "broadcasts",
}  # fmt: skip
_STATS = re.compile("阅读|浏览|访问|点击|粉丝|关注|播放|转发|点赞|观看|用户|下载|订阅")
_ACCOUNT_VERBS = frozenset(("", "read", "cover", "change"))


class Context:
    """What the figures before in the same sentence have settled."""

    def __init__(self) -> None:
        self.sentence = -1
        self.end = 0
        self.metric: str | None = None
        self.channel: str | None = None
        self.object: str | None = None
        self.verb = ""
        self.group: list[str] | None = None  # channels of a 分别 list still to be given out
        self.shared: Phrase | None = None
        self.bare = False  # the number before had no counting word of its own
        self.spread = False  # the list was opened by 分别


def read_counts(
    clauses: Clauses, counts: Sequence[Candidate], section: str, path: Sequence[str]
) -> list[Figure]:
    """The figures of the counts, in text order."""
    context, figures = Context(), []
    for number, count in enumerate(counts):
        sentence = clauses.sentence_start(count.start)
        if sentence != context.sentence:
            context.__init__()  # type: ignore[misc]
            context.sentence, context.end = sentence, sentence
        figures.append(_read(clauses, count, counts[number + 1 :], context, section))
    return figures


def _read(
    clauses: Clauses, count: Candidate, later: Sequence[Candidate], context: Context, section: str
) -> Figure:
    text = clauses.text
    start = max(context.end, _region_start(clauses, count))
    before = find_before(clauses, start, count.start)
    behind = find_behind(clauses, count.end)
    phrase, is_behind = _choose(clauses, count, before, behind)
    verb = before.verb if before is not None else _verb_of(clauses, start, count.start)
    if is_behind:
        verb = verb or _verb_of(clauses, start, count.start)
    if phrase is None and context.shared is not None and _is_joined(text, context, count):
        phrase, verb = context.shared, verb or context.verb
    context.spread = context.spread or "分别" in text[start : count.start]
    span = (phrase.start, phrase.end) if phrase else None
    channel = _find_channel(clauses, count, later, context, start, verb, span, is_behind)
    object_ = text[phrase.start : phrase.end] if phrase else None
    if count.stands == "rate" and object_ is not None:
        object_ = _name_rate(object_)
    said = text[start : count.start] + (object_ if is_behind and object_ else "")
    around = text[start : clauses.clause_end(count.end)]
    seen = Evidence(
        object_ or "",
        said,
        around,
        verb,
        count.unit or "",
        count.stands or "",
        _plain(channel) or "",
        section,
    )
    metric = _find_metric(seen, context, count, text, start)
    if metric == "press_conferences" and channel is None:
        channel = "press"
    _settle(context, count, metric, channel, object_, verb, phrase)
    return _figure(text, count, object_, metric, _plain(channel))


def _region_start(clauses: Clauses, count: Candidate) -> int:
    """Where the words that speak of a number begin: its clause, or the one before an opening bracket or colon."""
    start = clauses.clause_start(count.start)
    while (
        start
        and not clauses.text[start : count.start].strip(" \u3000共约为计有：:")
        and clauses.text[start - 1] in "（(：:"
    ):
        start = clauses.clause_start(start - 1)
    return start


def _choose(
    clauses: Clauses, count: Candidate, before: Phrase | None, behind: Phrase | None
) -> tuple[Phrase | None, bool]:
    if behind is None:
        return before, False
    if before is None or not before.direct:
        return behind, True
    return before, False


def _verb_of(clauses: Clauses, start: int, end: int) -> str:
    for token in reversed(clauses.between(start, end)):
        if token.kind == "verb":
            return token.group
    return ""


def _is_joined(text: str, context: Context, count: Candidate) -> bool:
    """Whether this number shares its noun with the one before (23、31、18条, 分别为12条、8条)."""
    if not (context.bare or context.spread):
        return False
    return context.metric is not None and text[context.end : count.start].strip(" \u3000") in (
        "、",
        "和",
        "及",
        "与",
        "以及",
    )


def _find_channel(
    clauses: Clauses, count: Candidate, later: Sequence[Candidate], context: Context, start: int, verb: str,
    span: tuple[int, int] | None, is_behind: bool,
) -> str | None:  # fmt: skip
    if context.group:
        return context.group.pop(0)
    mentions = clauses.platforms_between(start, count.start)
    if "分别" in clauses.text[start : count.start]:
        spread = pair(mentions, 1 + _run_length(clauses.text, count, later))
        if spread:
            context.group = spread[1:]
            return spread[0]
    found = find_channel(clauses, start, count.start, verb, span, behind=is_behind)
    if found is not None:
        return found
    if count.stands in ("money", "area", "score"):
        return None
    leading = find_leading(clauses, start) if start > context.end or context.metric is None else None
    if leading is not None and verb in ("publish", "read", "", "receive", "answer", "post"):
        return leading
    return _carry(clauses, count, context, start, verb)


def _run_length(text: str, count: Candidate, later: Sequence[Candidate]) -> int:
    length, end = 0, count.end
    for one in later:
        if text[end : one.start].strip(" \u3000") not in ("、", "，", ",", "和", "及", "与", "以及"):
            break
        length, end = length + 1, one.end
    return length


def _carry(clauses: Clauses, count: Candidate, context: Context, start: int, verb: str) -> str | None:
    """The channel of the figure before, for a count of the same account."""
    if context.channel is None or context.metric is None:
        return None
    said = clauses.text[context.end : count.start]
    if (
        _STATS.search(said)
        or verb in _ACCOUNT_VERBS
        or (verb == context.verb and not _has_owner(clauses, context.end, count.start))
    ):
        return context.channel
    return None


def _has_owner(clauses: Clauses, start: int, end: int) -> bool:
    return any(token.kind in ("owner", "preposition", "date") for token in clauses.between(start, end))


def _find_metric(seen: Evidence, context: Context, count: Candidate, text: str, start: int) -> str:
    metric, hint = find_metric(seen)
    if metric == "rate" or count.stands in ("money", "area", "score"):
        return metric
    inherited = context.metric
    if inherited is None or inherited == "rate":
        return metric
    said = text[context.end : count.start]
    if seen.verb and hint and seen.verb != "other":
        return metric
    if not hint:
        return inherited if _same_kind(count, context, inherited) else metric
    if (
        metric in _ITEMS
        and inherited not in _ITEMS
        and not seen.verb
        and _same_kind(count, context, inherited)
    ):
        return inherited
    if "其中" in said and inherited not in _ITEMS and metric in _ITEMS:
        return inherited
    return metric


def _same_kind(count: Candidate, context: Context, inherited: str) -> bool:
    if inherited == "trainings" and count.stands == "person":
        return False
    if inherited == "gazette_issues":
        return count.unit in ("期", "号")
    return not (
        count.stands == "person"
        and inherited not in ("training_attendees", "responses", "accountability_cases")
    )


def _name_rate(noun: str) -> str | None:
    """The rate as named, without the matters it is taken over (服务事项|网办率); None where it is no rate."""
    if not noun.endswith(("率", "度", "比", "比例", "比重", "量", "数")):
        return None
    return noun.rpartition("事项")[2] or noun


def _plain(channel: str | None) -> str | None:
    return None if channel == MANY else channel


def _settle(
    context: Context, count: Candidate, metric: str, channel: str | None, object_: str | None, verb: str,
    phrase: Phrase | None,
) -> None:  # fmt: skip
    if metric != "rate":
        context.metric = metric
        context.verb = verb
    context.bare = count.measure is None
    context.channel, context.object, context.end, context.shared = channel, object_, count.end, phrase


def _figure(text: str, count: Candidate, object_: str | None, metric: str, channel: str | None) -> Figure:
    numeral = count.numeral
    return Figure(
        text=text[count.start : count.end],
        start=count.start,
        end=count.end,
        value=numeral.value,
        unit=count.unit,
        bound=numeral.bound,
        low=numeral.low,
        high=numeral.high,
        negated=False,
        object=object_,
        metric=metric,
        channel=channel,
    )


__all__ = ["SENTENCE_ENDS", "read_counts"]
