"""Which words of two sentences differ, for showing them side by side."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from extract.report import Value
from extract.words import cut_words

# A pair of longer texts is shown whole: the time of a comparison grows with the product of their lengths.
LONGEST = 4_000


class Stretch(Value, frozen=True, gc=False):
    """A stretch of a text, and whether the other text lacks it."""

    text: str
    differs: bool


def diff_words(old: str, new: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Both texts in stretches; the stretches of each, joined, are the text.

    >>> [one.text for one in diff_words("公开信息一百条", "公开信息二百条")[1] if one.differs]
    ['二百条']
    """
    if max(len(old), len(new)) > LONGEST:
        return (Stretch(old, True),), (Stretch(new, True),)
    left, right = cut_words(old), cut_words(new)
    return tuple(_stretches(left, right, side=0)), tuple(_stretches(left, right, side=1))


def _stretches(left: list[str], right: list[str], *, side: int) -> Iterator[Stretch]:
    from rapidfuzz.distance import Levenshtein

    words = (left, right)[side]
    blocks = Levenshtein.opcodes(left, right)
    for differs, group in itertools.groupby(blocks, key=lambda block: block.tag != "equal"):
        spans = [((one.src_start, one.src_end), (one.dest_start, one.dest_end))[side] for one in group]
        text = "".join(words[spans[0][0] : spans[-1][1]])
        if text:
            yield Stretch(text, differs)
