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
    weak = metric in ITEMS and inherited not in ITEMS and (not named or once)
    return inherited if weak and (not verb or listed) else metric


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
