"""The metric of a figure by its own clause, else by the list that it goes on: 公开规章2件、规范性文件5件."""

from __future__ import annotations

from extract.figures.channels import STATS
from extract.figures.context import JOINTS, MEASURED, Context
from extract.figures.metrics import Evidence, find_metric
from extract.patterns import late

# Metrics that a channel or a verb of publishing gives: weaker than what a list inherits.
ITEMS = frozenset(
    [
        *("disclosed_items", "website_items", "wechat_items", "weibo_items"),
        *("new_media_items", "bulletin_items", "other"),
    ]
)
_OF_ITEMS = ITEMS - {"other"}
_PUBLISHING = frozenset(("", "publish", "post"))
_NOTICE = late(  # what is published beside interpretations, and is none
    "(?:动态|公告|公示|通告|任免|预决算|预算|决算|规划|计划|总结|年报|公报|要闻|新闻|快讯|资讯|文件|法规|目录|采购|招标|许可|处罚)"
    r"(?:类|方面)?(?:的)?(?:政府)?(?:信息)?\Z"
)
_GOES_ON = late("其中|包括|包含|分别|含")
_ATTENDING = frozenset(("", "hold", "cover"))
_BOUND = frozenset(  # metrics that only a channel gives
    ["website_items", "wechat_items", "weibo_items", "new_media_items", "bulletin_items", "broadcasts"]
)
_ATTENDS = late("参[加训与会]|覆盖|听课|到会|受训")
_TRAINED = late("参加[^，。；、]{0,12}(?:培训|轮训)")
_TEACHES = late("师资|讲师|专家|教员|授课|邀请|聘请|竞赛|答题|活动|开放日|征集")
_ONCE = frozenset(("press_conferences", "trainings", "meetings", "inspections", "gazette_issues"))


def inherit_metric(seen: Evidence, verb: str, context: Context, *, named: bool) -> str:
    """The metric by the clause itself, else by the list it goes on; `named` where it names a platform.

    `verb` is the clause's own; the evidence may hold the verb that a list carries on.
    """
    metric, hint = find_metric(seen)
    nested = _GOES_ON.search(seen.clause) is not None
    inherited = context.whole if context.whole and not nested else context.metric
    if metric == "other" and seen.stands == "person" and _attends(seen.around, verb, told=context.trained):
        return "training_attendees"
    if metric == "rate" or seen.stands in MEASURED or inherited in (None, "rate"):
        return metric
    if metric == "other" and hint and STATS.search(seen.clause):
        return metric
    assert inherited is not None
    elided = not seen.object and not verb
    readers = seen.stands == "bare" and inherited == "other" and not named
    joined = readers or (seen.clause.strip(" \u3000") in JOINTS and not context.given)
    if elided and joined and _goes_on(seen, inherited):
        return inherited
    if seen.stands == "person" and inherited in ("trainings", "training_attendees"):
        return "training_attendees" if not hint or not verb else metric
    if not _goes_on(seen, inherited):
        return metric
    listed = context.parted or nested
    if not hint:
        if inherited in _BOUND and not seen.channel:
            return metric
        joined = seen.clause.startswith("、") or seen.unit == context.unit
        other = seen.object and (inherited in _ONCE or not joined)
        own = not listed and (verb not in ("", "other") or other)
        return metric if own else inherited
    once = inherited in _ONCE and seen.clause.startswith("、")
    weak = metric in ITEMS and inherited not in ITEMS and (not named or once)
    if inherited == "interpretations" and not listed and _NOTICE.search(seen.object):
        return metric  # 发布解读8条，工作动态120条
    return inherited if weak and (not verb or listed) else metric


def find_whole(metric: str, seen: Evidence, context: Context) -> str:
    """The metric of the list that a figure stands in, "" where it is the figure's own.

    公开信息107条，其中公告6条、解读2条、动态55条: behind the 解读 the list of items goes on.
    """
    before = context.whole or context.metric or ""
    if metric in ITEMS or before not in _OF_ITEMS or seen.unit != context.unit:
        return ""
    return before if seen.verb in _PUBLISHING and seen.stands == "piece" else ""


def _attends(clause: str, verb: str, *, told: bool) -> bool:
    """Whether the people of a clause took part in a training, in the clause's own or one `told` of before."""
    took_part = _TRAINED.search(clause) or (told and verb in _ATTENDING and _ATTENDS.search(clause))
    return bool(took_part) and not _TEACHES.search(clause)


def _goes_on(seen: Evidence, inherited: str) -> bool:
    """Whether a count in this counting word can still be of the metric before."""
    if inherited == "gazette_issues":
        return seen.unit in ("期", "号")
    if seen.unit in ("家", "户") and seen.verb != "publish":
        return seen.verb != "cover" and (inherited not in ITEMS or inherited == "other")
    if seen.stands == "person":
        return inherited in ("responses", "accountability_cases", "other", "requests_received")
    return True
