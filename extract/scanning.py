"""Searching long text for a large pattern: only where a character stands that the pattern can begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator


def find_from(
    first: re.Pattern[str], pattern: re.Pattern[str], text: str, start: int = 0, end: int | None = None
) -> Iterator[re.Match[str]]:
    """The matches of `pattern` in `text[start:end]`, as `finditer` gives them.

    `first` matches the single characters that a match can begin with. Python's engine looks for those at a
    few ns a character, but tries an alternation anew at each (November 2026: ten times as long on prose).

    >>> text = "共12条，3件"
    >>> [found.group() for found in find_from(re.compile("[0-9]"), re.compile("[0-9]+(?:条|件)"), text)]
    ['12条', '3件']
    """
    end = len(text) if end is None else end
    reached = start
    for character in first.finditer(text, start, end):
        at = character.start()
        if at >= reached and (found := pattern.match(text, at, end)):
            yield found
            reached = found.end()
