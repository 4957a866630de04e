"""The platform that a count belongs to: named in its clause, carried over, or paired with it by 分别."""

from __future__ import annotations

from collections.abc import Sequence

from extract.figures.clauses import Clauses
from extract.report import Platform

MANY = "*"  # several channels: the count is a total over them
PLACE, OBJECT, SUBJECT = "place", "object", "subject"

_HANDED = frozenset(("handout", "receive", "answer", "hold", "inspect", "read", "cover", "fee"))
_JOINTS = tuple("、，,和及与或/")
_PLACES = frozenset(("venue", "bulletin"))


def find_channel(
    clauses: Clauses, start: int, end: int, verb: str, object_span: tuple[int, int] | None, *, behind: bool
) -> str | None:
    """The channel of a number whose clause stretches over `[start, end)`; `MANY` for several, None for none.

    `object_span` is the noun counted: a platform that is the noun itself is the channel of its own counts.
    """
    mentions = clauses.platforms_between(start, end)
    if object_span is not None:
        own = clauses.platforms_between(*object_span)
        if own and (behind or all(one.type == "print" for one in own)):
            return _one_of(own)
    mentions = [
        one
        for one in mentions
        if not (verb in _HANDED and one.type in _PLACES and not _is_object(one, object_span))
    ]
    return _one_of(_keep_last(clauses, mentions)) if mentions else None


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
        if any(joint in between for joint in _JOINTS):
            kept.append(one)
        elif last.type == "venue" or not _has_verb(clauses, last.end, one.start):
            kept[-1] = one
    return kept


def _has_verb(clauses: Clauses, start: int, end: int) -> bool:
    return any(token.kind == "verb" for token in clauses.between(start, end))


def find_leading(clauses: Clauses, start: int, after: int) -> str | None:
    """The channel that the clause before `start` introduces: 依托政府网站，公开… · 门户网站，…

    Only a clause that begins at `after` or later, where the words of the number before end.
    """
    text = clauses.text
    if start < 2 or text[start - 1] not in "，,":
        return None
    low = clauses.clause_start(start - 1)
    mentions = clauses.platforms_between(low, start - 1)
    if not mentions or low < after:
        return None
    alone = not text[low : mentions[0].start].strip() and mentions[-1].end >= start - 1
    return _one_of(mentions) if alone or find_role(clauses, low, mentions[0].start) == PLACE else None


def find_role(clauses: Clauses, start: int, end: int) -> str:
    """What a mention at `end` does in the clause from `start`: place of the doing, object, or subject."""
    for token in reversed(clauses.between(start, end)):
        if token.kind == "preposition":
            return PLACE
        if token.kind == "verb":
            return OBJECT
    return SUBJECT


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
