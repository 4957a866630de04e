"""Two figures of the narrative for one thing: 主动公开22条, then 通过网站公开55条.

One thing is one wording: the same act, object, channel and unit, told of the agency itself and the whole
year. Parts, periods, other bodies and comparisons are other things. Where the tables can judge a figure,
`narrative_mismatch` does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from extract.check.claims import match_figure
from extract.check.evidence import Evidence, find
from extract.check.mentions import Mention
from extract.check.scope import is_own_total
from extract.patterns import late
from extract.report import Finding, Platform, Value

# 依申请公开, 不予公开, 应公开: other than what was disclosed of the agency's own motion
_DISCLOSED = late(
    r"(?:(?<!应)主动公开|(?<![请予不未意应拟分宜动以])公开)(?:的)?(?:了)?(?:各类|各种|各项)?(?:政府|政务)?信息(?:的)?(?:数量|总数|总量|条数)?(?:共计|累计|合计|总计|共|达|为|有|约|虽然|虽|仅|只|才)*$"
    r"|信息主动公开(?:共计|累计|共)*$"
)
_WHOLE_YEAR = late(r"^(?:但|虽然?)?(?:全年|一年来|年内|本年度?)")
_ON_OWN_MOTION = late(r"主动公开|公开(?:各类)?(?:政府|政务)信息")
_POSTED = late(
    r"(?P<act>公开|发布|推送|刊发|更新|编发|转发|上传|公示)(?:的)?(?:了)?(?:各类|各种|各项|相关)?(?P<object>[\u4e00-\u9fff]{0,8}?)"
    r"(?:共计|累计|合计|总计|共|达|为|有)*$"
)
_ACCOUNT = late(
    r"(?:全年|年内|本年度?|20\d\d年)[^，。；]{0,12}?“(?P<before>[^”]{1,20})”[^，。；“”]{0,8}?(?P<object>推文|图文|信息|消息|稿件|视频|作品)$"
    r"|“(?P<name>[^”]{1,20})”[^，。；“”]{0,12}?(?:全年|年内|本年度?|20\d\d年)[^，。；“”]{0,8}?(?P<posts>推文|图文|信息|消息|稿件|视频|作品)$"
)
_PART = late(r"其中|另|包括|主要|重点|涉及|有关|关于|(?<!各)类|其他|领域|专栏|栏目|板块|转载|原创|第一|首")
_TOTAL = late(r"共计|累计|总计|合计|共")
_SEVERAL = late(r"等(?:[^，。；]{0,4})(?:媒体|渠道|途径|平台|方式|形式|载体)")
_UNTIL = late("截[至止]|到(?:本?年底|年末|岁末|12月底)|新增")  # 新增311条，累计3174条
_OWNER = late(r"“([^”]{1,20})”|([\u4e00-\u9fff]{0,4})$")
# what is counted once a year, where the clause says so
_COUNTED = frozenset(
    ["trainings", "press_conferences", "interpretations", "meetings", "gazette_issues", "training_attendees"]
)
_TOPIC_CLAIMS = frozenset(["received", "carried_forward", "reconsiderations", "litigations"])


class Told(Value, frozen=True, gc=False):
    """What a figure counts: `key` is one thing; `channel` the platform type of a disclosed total, if any."""

    key: tuple[str, ...]
    mention: Mention
    disclosed: bool = False


def check_conflicts(evidence: Evidence) -> Iterator[Finding]:
    """A figure that says otherwise than an earlier figure for the same thing."""
    if len(evidence.report.figures) < 2:
        return
    seen: dict[tuple[str, ...], Told] = {}
    disclosed: list[Told] = []
    for mention in evidence.mentions:
        told = _read(evidence, mention)
        if told is None:
            continue
        first = seen.setdefault(told.key, told)
        if first is not told and _apart(first.mention, mention):
            yield _conflict(first.mention, mention)
            continue
        if told.disclosed:
            larger = next((one for one in disclosed if _exceeds(one, told) or _exceeds(told, one)), None)
            if larger is not None:
                yield _conflict(larger.mention, mention)
            disclosed.append(told)


def _read(evidence: Evidence, mention: Mention) -> Told | None:
    figure = mention.figure
    if figure.negated or figure.unit in ("%", "元", "倍", "百分点", None):
        return None
    if mention.section == "problems" and not _WHOLE_YEAR.search(mention.before):
        return None  # plans and examples, unless the clause tells of the year
    told = _read_wording(evidence, mention)
    if told is None or not is_own_total(evidence, mention) or _in_list(mention):
        return None
    return told


def _is_stock(mention: Mention) -> bool:
    """Whether what has come together over the years is told: 截至2019年底，累计公开6.4万条.

    So it is beside what the year added: 新增主动公开信息311条，累计3174条.
    """
    return "累计" in mention.before and _UNTIL.search(mention.lead) is not None


def _read_wording(evidence: Evidence, mention: Mention) -> Told | None:
    figure = mention.figure
    said = mention.before
    if "公开" in said and _DISCLOSED.search(said) and not _PART.search(said):
        if _is_stock(mention):
            return None
        return _read_disclosed(evidence, mention)
    if figure.metric in _COUNTED and _TOTAL.search(said) and not _PART.search(said):
        return Told((figure.metric, figure.unit or "", figure.object or ""), mention)
    return (
        _read_account(evidence, mention) or _read_posted(evidence, mention) or _read_claim(evidence, mention)
    )


def _read_disclosed(evidence: Evidence, mention: Mention) -> Told | None:
    """All that was disclosed, or what went out by one channel; by several (日报、电视台) is neither."""
    channel = mention.figure.channel or ""
    if not channel and (_SEVERAL.search(mention.before) or len(_platforms_near(evidence, mention)) > 1):
        return None
    owner = _channel_name(evidence, mention) if channel else ""
    return Told(("disclosed", mention.figure.unit or "", channel, owner), mention, disclosed=True)


def _read_account(evidence: Evidence, mention: Mention) -> Told | None:
    """What an account with a name posted in the year, wherever the name stands: 全年编发“望江”推文438篇."""
    found = _ACCOUNT.search(mention.before) if "“" in mention.before else None
    if found is None or _PART.search(mention.before):
        return None
    name, posts = found["before"] or found["name"], found["object"] or found["posts"]
    if not any(platform.name == name for platform in evidence.platforms):
        return None
    return Told(("account", name, posts, mention.figure.unit or ""), mention)


def _read_posted(evidence: Evidence, mention: Mention) -> Told | None:
    """A count by one channel, told in the same words: 微信公众号推送信息16条."""
    channel = mention.figure.channel
    found = _POSTED.search(mention.before) if channel else None
    if channel is None or found is None or _PART.search(mention.before):
        return None
    name = _channel_name(evidence, mention)
    if not name:
        return None
    key = ("posted", channel, name, found["act"], found["object"], mention.figure.unit or "")
    return Told(key, mention)


def _read_claim(evidence: Evidence, mention: Mention) -> Told | None:
    """Requests and reviews, only where there is no table to judge them."""
    if "requests" in evidence.layout.tables or "statistics" in evidence.layout.tables:
        return None
    match = match_figure(evidence, mention)
    if (
        match is None
        or match.part
        or match.claim not in _TOPIC_CLAIMS
        or "结转" in mention.lead + mention.after
    ):
        return None
    return Told((match.claim,), mention)


def _channel_name(evidence: Evidence, mention: Mention) -> str:
    """The platform of a figure with its owner's name, "" where none stands in the clause."""
    near = _platforms_near(evidence, mention)
    if len(near) != 1:
        return ""
    start = max(mention.figure.start - len(mention.gap), mention.paragraph, near[0].start - 24)
    owner = _OWNER.search(evidence.report.text[start : near[0].start].rstrip("的"))
    named = near[0].name or (owner.group(1) or owner.group(2) or "" if owner else "")
    return named + near[0].text


def _platforms_near(evidence: Evidence, mention: Mention) -> Sequence[Platform]:
    """The platforms named in the words of a figure before it."""
    end = mention.figure.start
    start = max(end - len(mention.gap), mention.paragraph)
    first = bisect_left(evidence.platforms, start, key=lambda one: one.start)
    return evidence.platforms[first : bisect_left(evidence.platforms, end, key=lambda one: one.start)]


def _in_list(mention: Mention) -> bool:
    """Whether a figure stands in a list of parts: after 其中 in its sentence, or in a bracket."""
    return "其中" in mention.lead or mention.lead.count("（") + mention.lead.count("(") > mention.lead.count(
        "）"
    ) + mention.lead.count(")")


def _apart(one: Mention, other: Mention) -> bool:
    """Whether no number satisfies the bounds of both."""
    low = [bound for bound in (one.low, other.low) if bound is not None]
    high = [bound for bound in (one.high, other.high) if bound is not None]
    return bool(low and high) and max(low) > min(high)


def _exceeds(part: Told, whole: Told) -> bool:
    """Whether what went out by one channel is more than all that was disclosed."""
    if not part.key[2] or whole.key[2] or part.key[1] != whole.key[1]:
        return False
    if not _ON_OWN_MOTION.search(whole.mention.before):
        return False
    low, high = part.mention.low, whole.mention.high
    return low is not None and high is not None and low > high


def _conflict(first: Mention, second: Mention) -> Finding:
    message = (
        f"The narrative says “{second.before}{second.figure.text}”, "
        f"but also “{first.before}{first.figure.text}” for the same thing."
    )
    return find("narrative_conflict", message, [second.place, first.place], severity="error")
