"""Which candidates are figures: with a counting word, sharing one in a list, or bare but a quantity."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from extract.figures.scan import Candidate
from extract.patterns import late

_JOINT = late(r"[ \u3000]?(?:、|，|,|和|及|以及|与|/|;|；)[ \u3000]?\Z")
_NOTED = r"(?:[（(](?:单位[:：])?[条件次份篇个项期人]{1,2}[）)])?"  # 信息公开数（条）：356
_QUANTITY = late(
    r"(?:[量数]|总计|合计|共计|条数|件数|总数|数量|金额|人数|次数)(?:共|共计|累计|总计|合计|分别|均|约)?(?:已)?(?:为|是|达|达到|达到了|有)?"
    rf"{_NOTED}[ \u3000]?[:：]?[ \u3000]?\Z"
)
_COLON = late(
    r"(?:申请|信息|复议|诉讼|答复|办结|公开|件|条|次|份|篇|推送|发布|网站|微信|微博|公众号|其他|其它)"
    rf"{_NOTED}[ \u3000]?[:：][ \u3000]?\Z"
)
_TOTALLED = late(r"(?:公开|发布|推送|上传)(?:各类|各项)?(?:政府|政务)?信息(?:共|共计|累计|总计|合计|达)?\Z")
_NEXT = late(r"、[\u4e00-\u9fff]{2,12}\Z")
_NOUN = late(
    r"[\u4e00-\u9fff]{2}(?<!附件|附表|附录|图表|方案|样例|版本|阶段|年度|序号)(?<![第图表号版期楼室])\Z"
)
LARGE = ("万", "亿", "w", "W")
_NAMED, _DIGITS = 13, 5  # characters of a joint and a noun; digits of a number that shares its counting word
_LARGE = late(
    r"(?:阅读|点击|浏览|访问|播放|关注|粉丝|曝光|传播|观看|转发|点赞|获赞|评论|用户|总|下载|收听|累计|日均|月均|年均|[涨增吸圈]粉|人口|会员)[^，。；]{0,8}\Z"
    r"|(?:微博|微信|公众号|抖音|视频号|快手|头条号|客户端)号?\Z"
)
_SPREAD = late(
    r"(?:粉丝|阅读|浏览|访问|播放|关注|点击|用户)[^，。；]{0,4}分别[^，。；]{0,40}[、和及][ \u3000]?\Z"
)
_OUTCOME = late(
    r"(?:维持|纠正|纠错|驳回|撤诉|审结|予以公开|部分公开|不予公开|无法提供|不予处理"
    r"|(?:纠正|驳回|不予处理)[0-9]{1,4}件?、其[他它](?:结果|处理)?)[:：]?\Z"
)
_NOT_QUANTITY = late(r"(?:多数|少数|全数|半数|如数|质量|力量|大量|尽量|数据量|文号|编号|序号|年|第)[:：]?\Z")
_AFTER = late(r"[ \u3000]?(?:[，,。；;、：！!？?\n）)（(]|\Z|和|及|其中|利用|增|提|上升|下降|减少|压减|降)")


def select_counts(text: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The figures among the candidates, in text order; members of a list get the counting word they share."""
    chosen: list[Candidate] = []
    following: Candidate | None = None
    for candidate in reversed(candidates):
        if not candidate.bare:
            following = candidate
            chosen.append(candidate)
            continue
        if following is not None and _shares(text, candidate, following):
            following = replace(candidate, unit=following.unit, stands=following.stands)
            chosen.append(following)
        elif _stands_alone(text, candidate):
            following = None
            chosen.append(replace(candidate, stands="bare"))
    chosen.reverse()
    return chosen


def _shares(text: str, candidate: Candidate, following: Candidate) -> bool:
    """Whether nothing but a joint parts a bare number from one with a counting word: 23、31、18条."""
    if following.unit is None or following.stands == "bare":
        return False
    between = text[candidate.end : following.start]
    if _JOINT.match(between):
        return not between.startswith(("，", ","))
    return len(between) <= _NAMED and bool(_NEXT.match(between)) and _counts_noun(text, candidate)


def _counts_noun(text: str, candidate: Candidate) -> bool:
    """Whether a bare number stands behind the noun that it counts: 规章2、规范性文件7、其他31件."""
    number = text[candidate.number_start : candidate.number_end]
    if not number.isdecimal() or len(number) > _DIGITS or (len(number) == 4 and number[:2] in ("19", "20")):
        return False
    return bool(_NOUN.search(text, max(0, candidate.start - 6), candidate.start))


def _stands_alone(text: str, candidate: Candidate) -> bool:
    """Whether a number without counting word is stated as a quantity: 阅读量2535万, 信息条数：366."""
    if not _AFTER.match(text, candidate.end):
        return False
    before = text[max(0, candidate.start - 24) : candidate.start]
    before = re.split(r"[，,。；;、\n]", before)[-1]
    if _NOT_QUANTITY.search(before):
        return False
    if _QUANTITY.search(before) or _COLON.search(before) or _TOTALLED.search(before):
        return len(text[candidate.number_start : candidate.number_end]) <= 9
    written = text[candidate.number_start : candidate.number_end]
    number = written.rstrip("+＋余多 ")
    if not number.endswith(LARGE):
        plus = written.endswith(("+", "＋")) and bool(_LARGE.search(before))
        return plus or _counts_outcome(text, candidate)
    spread = not before.strip() and _SPREAD.search(text, max(0, candidate.start - 60), candidate.start)
    return bool(spread or _LARGE.search(before))


def _counts_outcome(text: str, candidate: Candidate) -> bool:
    """Whether a bare number stands behind the name of an outcome: 维持2、纠正0、其他1."""
    start = candidate.start
    if candidate.number_end - start > _DIGITS or not text[start : candidate.number_end].isdecimal():
        return False
    return _OUTCOME.search(text, max(0, start - 16), start) is not None
