"""The parts of a list: nouns and rates that numbers behind it are given to, and matters named in a row;
nouns that stand apart from their number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from extract.figures.clauses import Clauses, Token
from extract.figures.context import Context, Spot
from extract.figures.objects import FRONTING, LISTS, Phrase, find_before
from extract.figures.scan import Candidate
from extract.patterns import late

_RATE_END = late("(?:率|度|比例|比重|占比)(?=[、和及与分依])")
_PEOPLE = frozenset(
    ("企业", "自然人", "公民", "个人", "法人", "社会组织", "商业企业", "科研机构", "法律服务机构")
)
_KINDS = frozenset(("个", "类", "大类", "种", "项", "方面", "家", "处", "所"))
_SAID = ("信息", "文件", "公告", "内容")
_NAME = 12  # characters of a rate's name


def share_out(
    text: str, phrase: Phrase | None, spot: Spot, context: Context, *, is_behind: bool
) -> tuple[Phrase | None, tuple[Phrase, ...]]:
    """The noun of this number, and the nouns that a 分别 list leaves for the numbers to come."""
    if context.parts:
        return context.parts[0], context.parts[1:]
    if spot.run and spot.number.stands == "rate":
        parts = split_rates(text, spot.start, spot.number.start, spot.run + 1)
        if parts:
            return parts[0], parts[1:]
    if phrase is not None and spot.run and not is_behind:
        parts = split_phrase(text, phrase, spot.run + 1)
        if parts:
            return parts[0], parts[1:]
    return phrase, ()


def split_phrase(text: str, phrase: Phrase, count: int) -> tuple[Phrase, ...]:
    """The nouns of a list, where there are `count` of them, else none: 行政复议、行政诉讼分别为…"""
    places = [match.start() for match in re.finditer("[、和及与]", text[phrase.start : phrase.end])]
    if len(places) + 1 != count or count < 2:
        return ()
    starts = [phrase.start, *(phrase.start + place + 1 for place in places)]
    ends = [*(phrase.start + place for place in places), phrase.end]
    return tuple(replace(phrase, start=low, end=high) for low, high in zip(starts, ends))


def split_rates(text: str, start: int, end: int, count: int) -> tuple[Phrase, ...]:
    """The rates of a list before 分别, where there are `count` of them: 办结率、满意率分别为…"""
    stop = max(text.rfind("分别", start, end), text.rfind("依次", start, end))
    if stop < 0 or count < 2:
        return ()
    places = [match.end() for match in _RATE_END.finditer(text, start, stop + 1) if match.end() <= stop]
    if len(places) != count or places[-1] != stop:
        return ()
    starts = [start, *(place + 1 for place in places[:-1])]
    if any(low >= high - 1 or high - low > _NAME for low, high in zip(starts[1:], places[1:])):
        return ()
    first = max(start, places[0] - 5) if places[0] - start > _NAME else start
    return tuple(Phrase(low, high, "", True) for low, high in zip([first, *starts[1:]], places))


def are_listed(text: str, tokens: Sequence[Token]) -> bool:
    """Whether every verb closes a part of a list of matters: 路灯维护、违建拆除等业务信息13条."""
    return all(text.startswith(LISTS, one.end) for one in tokens if one.kind == "verb")


def lead_verb(text: str, tokens: Sequence[Token], phrase: Phrase) -> str:
    """ "publish" where a verb of publishing leads to a list of matters that 等信息 closes, else "".

    公开安全检查、专项整治、城市管理等信息90条: the checks are what is told of.
    """
    first = next((one for one in tokens if one.kind == "verb"), None)
    if first is None or first.group != "publish" or not text.endswith(_SAID, phrase.start, phrase.end):
        return ""
    return first.group if text.find("、", first.end, phrase.start) >= 0 else ""


def find_people(clauses: Clauses, start: int) -> Phrase | None:
    """Those counted behind a number of people or firms, whose word says who applies elsewhere: 9家|企业."""
    token = clauses.token_at(start)
    if token is None or clauses.text[token.start : token.end] not in _PEOPLE:
        return None
    return Phrase(token.start, token.end, "", True)


def find_sum(clauses: Clauses, start: int, stands: str) -> Phrase | None:
    """The noun that the doing before `start` takes, whose sum stands alone: 公开政策文件，|共32件."""
    if start < 2 or clauses.text[start - 1] not in "，,":
        return None
    low = clauses.clause_start(start - 1)
    found = find_before(clauses, clauses.between(low, start - 1), low, start - 1, stands)
    return found if found is not None and found.direct and found.verb in FRONTING else None


def are_named(clauses: Clauses, before: Phrase, count: Candidate) -> bool:
    """Whether a list only names the things that stand behind their number: 设教育、卫生、社保|三类栏目."""
    listed = before.end == count.start and clauses.text.find("、", before.start, before.end) >= 0
    return listed and count.unit in _KINDS
