"""The metric of a figure by its own clause, else by the list that it goes on: 公开规章2件、规范性文件5件."""

from __future__ import annotations

from extract.figures.channels import STATS
from extract.figures.clauses import Clauses
from extract.figures.context import JOINTS, MEASURED, Context, Spot, Whole
from extract.figures.metrics import Evidence, find_metric
from extract.figures.parts import are_listed
from extract.figures.scan import Candidate
from extract.patterns import late

# Metrics that a channel or a verb of publishing gives: weaker than what a list inherits.
ITEMS = frozenset(
    [
        *("disclosed_items", "website_items", "wechat_items", "weibo_items"),
        *("new_media_items", "bulletin_items", "other"),
    ]
)
_LISTED = ITEMS | {"requests_received", "requests_answered"}
_PARTED = late("包括|包含|涵盖|涉及")
INSIDE = frozenset(
    ("build", "fee", "process", "inspect", "hold", "cover", "other")
)  # verbs in names of matters
_NAMED = frozenset(("build", "fee", "process"))  # those behind a comma, too, in a short name
_NAME = 12  # characters of a short name
PUBLISHED = ITEMS - {"other"}
_PARTING = late("其中|包括|包含|涵盖|涉及|含")
_NAMED_SO = frozenset(  # metrics that the noun of a published item gives
    ["interpretations", "documents_issued", "proposals", "inspections", "meetings"]
)
_NOTICE = late(  # what is published beside interpretations, and is none
    "(?:动态|公告|公示|通告|任免|预决算|预算|决算|规划|计划|总结|年报|公报|要闻|新闻|快讯|资讯|文件|法规|目录|采购|招标|许可|处罚)"
    r"(?:类|方面)?(?:的)?(?:政府)?(?:信息)?\Z"
)
_RISEN = (
    "增至",
    "升至",
    "降至",
    "减至",
    "增加到",
    "增加至",
    "上升到",
    "上升至",
    "提升至",
    "提升到",
    "提高到",
    "增长到",
    "减少到",
    "下降到",
)
_ITEM_OPENS = frozenset("、，,；;：:（(和及")
_GOES_ON = late("其中|包括|包含|分别|含")
_ATTENDING = frozenset(("", "hold", "cover"))
_BOUND = frozenset(  # metrics that only a channel gives
    ["website_items", "wechat_items", "weibo_items", "new_media_items", "bulletin_items", "broadcasts"]
)
_ATTENDS = late("参[加训与会]|覆盖|听课|到会|受训")
_TRAINED = late("参加[^，。；、]{0,12}(?:培训|轮训)")
_TEACHES = late("师资|讲师|专家|教员|授课|邀请|聘请|竞赛|答题|活动|开放日|征集")
_OPEN_DAYS = ("开放日", "开放日活动", "开放日”活动")
_ONCE = frozenset(("press_conferences", "trainings", "meetings", "inspections", "gazette_issues"))


def inherit_metric(seen: Evidence, verb: str, context: Context, *, named: bool) -> str:
    """The metric by the clause itself, else by the list it goes on; `named` where it names a platform.

    `verb` is the clause's own; the evidence may hold the verb that a list carries on.
    """
    metric, hint = find_metric(seen)
    inherited = context.metric
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
    joined = joined or seen.clause.startswith(_RISEN)
    if elided and joined and _goes_on(seen, inherited):
        return inherited
    if seen.stands == "person" and inherited in ("trainings", "training_attendees"):
        return "training_attendees" if not hint or not verb else metric
    if not _goes_on(seen, inherited):
        return metric
    listed = context.parted or _GOES_ON.search(seen.clause) is not None
    if not hint:
        if inherited in _BOUND and not seen.channel:
            return metric
        joined = seen.clause.startswith("、") or seen.unit == context.unit
        other = seen.object and (inherited in _ONCE or not joined)
        own = not listed and (verb not in ("", "other") or other)
        return metric if own else inherited
    once = inherited in _ONCE and seen.clause.startswith("、")
    if once and metric == "other" and seen.object.endswith(_OPEN_DAYS):
        return metric  # 发布会2场、政府开放日活动4次
    weak = metric in ITEMS and inherited not in ITEMS and (not named or once)
    if inherited == "interpretations" and not listed and _NOTICE.search(seen.object):
        return metric  # 发布解读8条，工作动态120条
    return inherited if weak and (not verb or listed) else metric


def find_whole(
    text: str, context: Context, read: tuple[str, str | None, str], count: Candidate, limit: int
) -> Whole | None:
    """The whole for the numbers to come, the next of which begins at `limit`; `read` of this number are the
    metric, the channel and the verb.

    What is parted itself (解读9件，其中长图4件) ends the list that it stands in.
    """
    metric, channel, verb = read
    if limit >= len(text) or (metric not in PUBLISHED and context.whole is None):
        return None  # there is no number to come, or no whole
    parting = _PARTING.search(text, count.end, limit) is not None
    if context.whole is not None and context.whole.named and not parting:
        return context.whole
    if metric in PUBLISHED:
        return Whole(metric, channel, count.unit or "", verb, parting)
    return None if parting else context.whole


def goes_back(text: str, context: Context, count: Candidate) -> bool:
    """Whether an item, named by its noun alone, is a part of the whole again, not of the item before it:
    公开文件29项，政策解读5项，民生信息9项.
    """
    whole = context.whole
    if whole is None or context.metric in (None, "rate") or whole.unit != count.unit:
        return False
    if text[context.end : context.end + 1] not in _ITEM_OPENS or count.start - context.end < 2:
        return False
    so_named = context.listed and context.unit == count.unit and context.metric in _NAMED_SO
    return whole.named or (so_named and text[context.end] not in "；;")


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


def is_part(text: str, context: Context, count: Candidate) -> bool:
    """Whether what stands before a number only says that it is a part: 公开信息90条，涉及规划类12条."""
    return context.metric in _LISTED and _PARTED.search(text, context.end, count.start) is not None


def is_item(clauses: Clauses, spot: Spot, context: Context, verb: str) -> bool:
    """Whether a number goes on a list of matters in the same counting word, so that the verb before it is
    part of the matter's name: 公开信息63条，其中教育收费20条、项目建设12条.

    What begins with the verb is a doing of its own (、整改问题5条).
    """
    if context.metric not in _LISTED or context.unit != spot.number.unit or not spot.tokens:
        return False
    said = clauses.text[context.end : spot.number.start]
    first = next((one for one in spot.tokens if one.kind != "light"), spot.tokens[0])
    kinds = said.endswith(("类信息", "类")) or (
        context.whole is not None and context.whole.named and said.endswith("等信息")
    )
    if said[:1] not in JOINTS and not ((kinds or context.among) and said[:1] in "；;"):
        return False
    named = kinds or (verb in _NAMED and len(said) <= _NAME)
    if said[0] in "，," and not named and not ("等" in said and are_listed(clauses.text, spot.tokens)):
        return False
    return (
        first.kind in ("noun", "nounverb", "outcome")
        or clauses.text[spot.start : first.start].strip("，,、和及与其中 ") != ""
    )
