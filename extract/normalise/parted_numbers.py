"""Numbers that stand on lines of their own in running text, as where the runs of a text were printed apart.

主动公开政府信息 / 5928 / 条，其中… is one sentence: the number is joined to the words before it and to the
counting word behind it. A number between labels of a table stays a line.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from extract.normalise.furniture import Draft
from extract.patterns import late
from extract.report import Grid, Paragraph

_NUMBER = late(r"\d[\d,.]*(?:万|亿)?[%％]?")
COUNTED = r"[万亿]?[余多]?(?:[条件个次篇份人项期场起宗名处户页批家]|万?元|[%％]|个?百分点)"  # behind a number
_COUNTED = late(rf"{COUNTED}(?=[，。；、,;（(]|[^\n]{{0,200}}[，。；])|[，。；、,;]")
_BEGUN = late(rf"\d[\d,.]*{COUNTED}[^\n]*(?:[，。；;]|,(?!\d))")
_DAY = late(r"\d{1,2}月\d{0,2}")
_ASKS = late(r"(?:[了共达到为约计近有]|公开|发布|推送|收到|受理|信息|申请|文件|答复)\Z")
_CLAUSE = late(r"[，。；;]|,(?!\d)")
_LEAST = 8  # characters of running text


def join_parted_numbers(draft: Draft) -> Draft:
    """The draft, lines of running text that were parted at their numbers as one line."""
    blocks = draft.blocks
    if not any(isinstance(one, Paragraph) and one.wrapped and one.text[:1].isdecimal() for one in blocks):
        return draft
    joined: list[Grid | Paragraph] = []
    at = 0
    while at < len(blocks):
        block, count = blocks[at], _count_parts(blocks, at, joined[-1] if joined else None)
        if count:
            before = joined[-1]
            assert isinstance(before, Paragraph)
            parts = [one.text.strip() for one in blocks[at : at + count] if isinstance(one, Paragraph)]
            joined[-1] = replace(before, text="".join((before.text.rstrip(), *parts)))
        else:
            joined.append(block)
        at += count or 1
    return draft if len(joined) == len(blocks) else replace(draft, blocks=tuple(joined))


def _count_parts(blocks: Sequence[Grid | Paragraph], at: int, before: Grid | Paragraph | None) -> int:
    """How many blocks from `at` on belong to the line before: a number and what it counts, or one line."""
    block = blocks[at]
    if not (
        isinstance(before, Paragraph) and isinstance(block, Paragraph) and before.wrapped and block.wrapped
    ):
        return 0
    said, text = before.text.rstrip(), block.text.strip()
    if len(said) < _LEAST or not text[:1].isdecimal() or not _ends_open(said):
        return 0
    if _NUMBER.fullmatch(text):
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        follows = isinstance(after, Paragraph) and after.wrapped and _COUNTED.match(after.text.strip())
        return 2 if follows and (_ASKS.search(said) or _CLAUSE.search(said)) else 0
    if said.endswith("年") and _DAY.match(text):
        return int(said[-2].isdecimal())
    return int(
        _ASKS.search(said) is not None and _CLAUSE.search(said) is not None and _BEGUN.match(text) is not None
    )


def _ends_open(said: str) -> bool:
    return "\u4e00" <= said[-1] <= "\u9fff"
