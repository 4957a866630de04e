"""分别: 行政复议、行政诉讼分别为9件、8件 says of each figure what stands in its place of the list before."""

from __future__ import annotations

from collections.abc import Sequence

from extract.check.mentions import Mention
from extract.patterns import late

_RESPECTIVELY = "分别"
_VERB = late(r"^(?:为|是|达|共|有|计)*$")
_OPENING = late(r"^(?:其中|全年|本年度?|年内|全年共)+")
_NAMES = late(r"[、和与及]")
_BETWEEN = late(r"^[、，,和与及\s]+$")
_MOST = 8  # names in a list


def pair_names(paragraph: Sequence[Mention]) -> Sequence[Mention]:
    """The mentions of a paragraph; those of a list with 分别 as if each stood after its own name."""
    if not any(_RESPECTIVELY in mention.before for mention in paragraph):
        return paragraph
    paired = list(paragraph)
    for number, mention in enumerate(paragraph):
        if _RESPECTIVELY not in mention.before:
            continue
        listed, _, verb = mention.before.partition(_RESPECTIVELY)
        names = _NAMES.split(_OPENING.sub("", listed)) if _VERB.match(verb) else []
        if 2 <= len(names) <= _MOST and all(names) and _count_list(paragraph, number) == len(names):
            for place, name in enumerate(names, number):
                paired[place] = paragraph[place].renamed(name)
    return paired


def _count_list(paragraph: Sequence[Mention], first: int) -> int:
    """How many figures stand side by side from the `first` on, of one unit."""
    unit, end = paragraph[first].figure.unit, first + 1
    while (
        end < min(len(paragraph), first + _MOST + 1)
        and _BETWEEN.match(paragraph[end].gap)
        and paragraph[end].figure.unit == unit
    ):
        end += 1
    return end - first
