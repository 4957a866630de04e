"""Words that are surely no label: told by letters that stand in none."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from extract.fold import CHINESE, OPENING
from extract.tables.values import NUMBER_LETTERS
from extract.tables.vocabulary import MOST_EDITS, load_vocabulary

UNIT_LETTERS = "计量单位万元件条个项"  # of the unit that may stand behind a label
FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF


def is_foreign(text: str, *, near: bool) -> bool:
    """Whether `text` is surely no label, nor a part of one, nor a number, whatever table it is in.

    A letter that stands in none of them stands before any note in it; where labels may be misprinted (`near`)
    more of them than a misprint may have edits.

    >>> is_foreign("（一）加强平台建设", near=False), is_foreign("（三）不予公开", near=False)
    (True, False)
    """
    if "勾" in text:
        return False
    find = _foreign().match
    found = find(text)
    for _ in range(MOST_EDITS if near else 0):
        if found is not None:
            found = find(text, found.end())
    return found is not None


@cache
def _foreign() -> re.Pattern[str]:
    """A letter that no label has, with what stands before it: known letters and numbers in brackets."""
    words = load_vocabulary()
    known = set("其中它" + CHINESE).union(UNIT_LETTERS, NUMBER_LETTERS, *words.exact, *words.misprints)
    edges = [FIRST_HAN - 1, *sorted(ord(letter) for letter in known if FIRST_HAN <= ord(letter) <= LAST_HAN)]
    others = "".join(f"{chr(a + 1)}-{chr(b - 1)}" for a, b in pairwise([*edges, LAST_HAN + 1]) if b > a + 1)
    number = rf"(?:[（(][{CHINESE}\d]{{1,3}}[）)])?"
    return re.compile(rf"{number}[^{others}{re.escape(OPENING)}]*+[{others}]")
