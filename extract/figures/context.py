"""What reading one number hands to the next: values that go along the numbers of a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from extract.figures.clauses import Token
from extract.figures.objects import Phrase
from extract.figures.scan import Candidate
from extract.patterns import late
from extract.report import Platform

MEASURED = frozenset(("money", "area", "score"))  # amounts: no counts of a list or an account
JOINT_LENGTH = 4  # characters of the longest joint with its blanks
_CLOSING = late("(?:、|和|(?<![惠涉普波遍提顾])及|与|以及)(?:有|另有|还有|其余)?[ \u3000]?\\Z")
_BRACKETS = late("[（()）]")
JOINTS = frozenset(("、", "，", ",", "和", "及", "与", "以及"))


def find_topic(section: str | None, path: Sequence[str]) -> str | None:
    """The section that a text belongs to by its matter: what a heading on requests leads is of `requests`.

    In the form of 2021 the requests are told of under a heading of the overview.

    >>> find_topic("overview", ["（二）依申请公开情况"])
    'requests'
    """
    return "requests" if any("申请" in one and "主动" not in one for one in path) else section


class Whole(msgspec.Struct, frozen=True, gc=False):
    """A count of things published that later ones may be parts of, or go on from in a list."""

    metric: str
    channel: str | None
    unit: str
    verb: str
    named: bool  # words of parting (其中, 包括) stand behind it


class Context(msgspec.Struct, frozen=True, gc=False):
    """What the figure before in the same sentence has settled; `metric` None at a sentence's beginning."""

    sentence: int = -1
    end: int = 0  # where the words that belong to the next number begin
    metric: str | None = None
    channel: str | None = None
    unit: str = ""
    verb: str = ""
    role: str = ""  # what the channel's mention does in its clause
    bare: bool = False  # the number before had no counting word of its own
    spread: bool = False  # the list was opened by 分别
    given: tuple[str, ...] = ()  # channels of that list still to be given out
    shared: Phrase | None = None
    parts: tuple[Phrase, ...] = ()  # nouns of that list still to be given out
    several: bool = False  # figures of more than one channel stand before it in the sentence
    parted: bool = False  # a count stands before it of which it is a part (不予公开的9件中，…)
    before: str = ""  # the metric of the last figure of the sentences before
    trained: bool = False  # a count of trainings stands before it in the sentence
    among: bool = False  # 其中 has opened a list before it in the sentence
    whole: Whole | None = None
    listed: bool = False  # the number before was an item by its noun alone, without a verb


class Spot(msgspec.Struct, frozen=True, gc=False):
    """A number in its clause: the words that speak of it begin at `start`; the next number at `limit`."""

    number: Candidate
    start: int
    limit: int
    spread: bool  # 分别 stands before it or before a number that it goes on from
    run: int  # numbers that follow it with nothing but a joint between
    tokens: list[Token]  # of the words that speak of it
    mentions: list[Platform]


def cross_brackets(text: str, outer: list[Context], context: Context, start: int) -> Context:
    """What a bracket held is left with it: behind it goes on what stood before (公开9件（含转载2件），…).

    `outer` are the contexts of the brackets that are open, changed in place.
    """
    for mark in _BRACKETS.findall(text, context.end, start):
        if mark in "（(":
            outer.append(context)
            context = _open_bracket(context) if context.whole else context
        elif outer:
            context = replace(outer.pop(), end=context.end)
    return context


def _open_bracket(context: Context) -> Context:
    """Inside a bracket the number before it is the whole, or nothing is: 解读14条（图片9条、视频5条）."""
    whole = context.whole
    parted = whole is not None and context.metric == whole.metric and not context.listed
    return replace(context, whole=replace(whole, named=True) if whole and parted else None, listed=False)


def leave_behind(text: str, context: Context, start: int) -> Context:
    """The words between two numbers belong to the first where a joint right before the second closes them.

    5件维持、2件纠正: what the second counts stands behind it, too.
    """
    if context.metric is None:
        return context
    joint = _CLOSING.search(text, max(context.end, start - JOINT_LENGTH), start)
    return replace(context, end=joint.start()) if joint else context
