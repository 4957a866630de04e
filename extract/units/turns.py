"""Where a list ends that more text follows in the same paragraph: at a turn to remedies, or at their label.

三是人员兼职多。下一步，我局将…… is an item and what will be done about all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.headings.knowledge import load_headings
from extract.sentences import find_sentence_ends
from extract.units.blocks import Block


def find_turn(text: str, blocks: Sequence[Block], place: int) -> int | None:
    """Where the last item of a list within one paragraph ends, where a turn to remedies comes after it.

    An item of the same list with a turn of its own shows that each has its remedy: then nothing ends there.
    """
    block = blocks[place]
    mark = block.mark
    if mark is None or block.leads or mark.number < 2:
        return None
    end = _turns_at(text, block)
    before = place - 1
    while end is not None and before >= 0 and blocks[before].paragraph == block.paragraph:
        one = blocks[before]
        if one.mark is not None and one.mark.style == mark.style:
            if _turns_at(text, one) is not None:
                return None
            if one.mark.number == 1:
                break
        before -= 1
    return end


def _turns_at(text: str, block: Block) -> int | None:
    """The end of the first sentence of a block that a turn follows."""
    if text.find("。", block.start, block.end - 1) < 0:
        return None
    for end in find_sentence_ends(text, block.start, block.end)[:-1]:
        at = end
        while at < block.end and text[at].isspace():
            at += 1
        if is_turn(text[at : block.end]):
            return end
    return None


def is_turn(sentence: str) -> bool:
    """Whether a sentence turns from the items of a list to what will be done about them all.

    >>> is_turn("针对上述不足，我办将逐项改进。"), is_turn("人员兼职多。")
    (True, False)
    """
    return load_headings().patterns["turn"].match(sentence) is not None


def is_remedy(label: str) -> bool:
    """Whether a run-in label is one of remedy, not of a shortcoming or its cause.

    >>> is_remedy("整改措施"), is_remedy("原因分析")
    (True, False)
    """
    return any(word in label for word in load_headings().bare["remedies"])
