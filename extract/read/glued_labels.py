"""Tables on one line whose rows run into one another: a blank between a number and the label behind it.

    …数量12 3 0 0 0 1 16二、上年结转…    …0 0 51.属于国家秘密…

The labels say where each begins, their own numbers with them: 51.属于国家秘密 is 5, then 1.属于国家秘密.
"""

from __future__ import annotations

import re
from functools import cache

from extract.forms import list_signs, load_forms

_LONG = 200  # characters of a line that may be a whole table
_NUMBERED = re.compile(r"([（(]?[一二三四五六七八九十\d]{1,2})[）).．、]")
_LETTERS = 4  # of a label that tell it


def part_glued_labels(lines: list[str], content: str) -> list[str]:
    """The lines, labels on long ones parted from the numbers before them."""
    if not any(sign in content for sign in list_signs()):
        return lines
    long = [
        at for at, line in enumerate(lines) if len(line) > _LONG and any(map(line.__contains__, list_signs()))
    ]
    if not long:
        return lines
    parted = list(lines)
    for at in long:
        parted[at] = _between().sub(" ", lines[at])
    return parted


@cache
def _between() -> re.Pattern[str]:
    """The place before a label of the form, and the one between a label and a number."""
    numbered: dict[str, None] = {}
    plain: dict[str, None] = {}
    for form in load_forms():
        for table in form.tables:
            rows = [row for band in table.bands for row in band.rows]
            for label in (*table.spans, *(row.label for row in rows), *(row.group or "" for row in rows)):
                found = _NUMBERED.match(label)
                if found is not None:
                    words = re.escape(label[found.end() :][:_LETTERS])
                    numbered[rf"{re.escape(found[1])}[）).．、]\s?{words}"] = None
                elif len(label) > _LETTERS:
                    plain[re.escape(label[:_LETTERS])] = None
    before = rf"(?<=\S)(?={'|'.join(numbered)})|(?<=\d)(?={'|'.join(plain)})"
    return re.compile(rf"{before}|(?<=[\u4e00-\u9fff）)”\"])(?=\d+(?:\s|$))")
