"""The enumerations that are open at a block, as a stack.

A mark of a style that is open closes what stands under it; a paragraph without mark closes the lists that do
not go on after it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from extract.enumerators import LAST, Enumerator
from extract.report import Atom, SectionId
from extract.units.blocks import Block, Left
from extract.units.turns import is_remedy

LABEL = "label"  # the style of headings without number


class Level(msgspec.Struct):
    """An open enumeration: its latest enumerator or label, and the heading that it puts into `path`."""

    style: str
    rank: int
    number: int
    block: int
    path: str | None = None
    owns: bool = False  # an item of this list has paragraphs of its own


class Outline(msgspec.Struct):
    """A section in the making: its blocks, the open levels, and what has come of the blocks so far."""

    text: str
    section: SectionId
    blocks: Sequence[Block]
    first_paragraph: int
    following: dict[int, int]
    names: dict[int, int]  # block → end of a name that runs into its text without a stop
    stack: list[Level] = []
    atoms: list[Atom] = []
    left: list[Left] = []


def find_following(blocks: Sequence[Block]) -> dict[int, int]:
    """For each marked block the next one of its style."""
    following: dict[int, int] = {}
    latest: dict[str, int] = {}
    for place in range(len(blocks) - 1, -1, -1):
        mark = blocks[place].mark
        if mark is not None:
            if mark.style in latest:
                following[place] = latest[mark.style]
            latest[mark.style] = place
    return following


def goes_on(outline: Outline, level: Level, limit: int) -> int | None:
    """The block with the next item of a list, where there is one before block `limit`."""
    place = outline.following.get(level.block)
    if place is None or place >= limit:
        return None
    mark = outline.blocks[place].mark
    if mark is None or not level.number:
        return None
    succeeds = level.number < mark.number <= level.number + 2 or mark.number == LAST
    return place if succeeds else None


def close_finished(outline: Outline) -> None:
    """Close the lists that do not go on after the unmarked text that comes now."""
    if not outline.stack:
        return
    keep = 0
    limit = len(outline.blocks)
    for depth, level in enumerate(outline.stack, 1):
        following = goes_on(outline, level, limit)
        if following is not None:
            limit = following
            keep = depth
            level.owns = True
        elif level.path is not None or level.owns:
            keep = depth
    del outline.stack[keep:]


def open_level(outline: Outline, place: int, mark: Enumerator) -> tuple[Level, Level | None]:
    """The level of a mark, opened, and the level of the item before it in the same list, if any."""
    stack = outline.stack
    before: Level | None = None
    if mark.style in [level.style for level in outline.stack]:
        depth = [level.style for level in stack].index(mark.style)
        before = stack[depth]
        del stack[depth:]
        if mark.number == 1:
            before = None
    else:
        _close_above(outline, mark)
    level = Level(mark.style, mark.rank, mark.number, place, owns=bool(before and before.owns))
    stack.append(level)
    return level, before


def _close_above(outline: Outline, mark: Enumerator) -> None:
    """Close what a mark of a style that is not open cannot stand under.

    That is a deeper level; for 一、 and （一） that begin a line a finished 一是 series, for （二） a name.
    """
    stack = outline.stack
    while stack and mark.rank:
        level = stack[-1]
        runs_on = goes_on(outline, level, len(outline.blocks)) is not None
        if mark.number == 1 and level.rank > mark.rank and (runs_on or level.owns):
            level.owns = True
            break  # 一、 begins within （一）, which （二） comes after
        ended = (level.style != LABEL or mark.number > 1) and not level.rank and mark.leads and mark.rank <= 2
        if not (level.rank > mark.rank or (ended and not runs_on)):
            break
        stack.pop()


def has_under(outline: Outline, place: int, level: Level) -> bool:
    """Whether something stands under the item at `place`: a list within it, or paragraphs of its own."""
    if place + 1 >= len(outline.blocks):
        return False
    following = outline.blocks[place + 1]
    if following.mark is None:
        if (
            following.label is not None
            and not following.leads
            and is_remedy(outline.text[slice(*following.label)])
        ):
            return False
        inline = not following.leads and level.rank > 0
        return inline or level.owns or goes_on(outline, level, len(outline.blocks)) is not None
    mark = following.mark
    if mark.style in [level.style for level in outline.stack]:
        return False
    if level.rank == 0:
        return not (following.leads and 0 < mark.rank <= 2)
    return not (mark.rank and level.rank > mark.rank)
