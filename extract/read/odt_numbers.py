"""The numbers that an OpenDocument text draws before the items of its lists and its headings.

A list names a style, whose levels tell how numbers look; items count on from one another, and lists from
those that they say they continue. Source: OpenDocument 1.3, part 3, 5.3 and 16.30 to 16.36.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from extract.read.numbering import format_number
from extract.read.odf import STYLE, TEXT, read_count

_NUMBER_LEVELS = (TEXT + "list-level-style-number", TEXT + "outline-level-style")
_FORMAT, _PREFIX, _SUFFIX = (STYLE + name for name in ("num-format", "num-prefix", "num-suffix"))
_PATTERN = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}num-list-format"
_ALIGNMENT, _FOLLOWED = STYLE + "list-level-label-alignment", TEXT + "label-followed-by"
_PLACE = re.compile(r"%([1-9]|10)%")
# How a format begins → its name in WordprocessingML; "" draws nothing.
_FORMATS = {
    "1": "decimal",
    "01": "decimalZero",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一": "chineseCountingThousand",
    "壹": "chineseLegalSimplified",
    "壱": "ideographLegalTraditional",
    "〇": "ideographDigital",
    "甲": "ideographTraditional",
    "子": "ideographZodiac",
    "①": "decimalEnclosedCircle",
    "１": "decimalFullWidth",
}


class Level(NamedTuple):
    """How a level draws its number: its format, what stands around it, how many levels above are shown."""

    style: str
    prefix: str = ""
    suffix: str = ""
    start: int = 1
    shown: int = 1
    pattern: str = ""
    gap: bool = True  # a tab or blank after the number


class ListNumbers:
    """The levels of the list styles of a file, and what its lists have counted so far."""

    def __init__(self, roots: Iterable[Any]) -> None:
        self._styles: dict[str, dict[int, Level]] = {}
        self._outline: dict[int, Level] = {}
        self._outlined: dict[int, int] = {}
        self._counts: dict[str, dict[int, int]] = {}  # by the name of a list, or the style of the last such
        for root in roots:
            for style in root.iter(TEXT + "list-style"):
                self._styles[style.get(STYLE + "name") or ""] = _read_levels(style)
            for outline in root.iter(TEXT + "outline-style"):
                self._outline = _read_levels(outline)

    def begin(self, element: Any, style: str) -> dict[int, int]:
        """What a list of the first level counts on from; nothing where it begins anew."""
        before = element.get(TEXT + "continue-list")
        goes_on = element.get(TEXT + "continue-numbering") == "true"
        counts = self._counts.get(before or (f" {style}" if goes_on else "")) if before or goes_on else None
        counts = counts if counts is not None else {}
        self._counts[f" {style}"] = counts
        self._counts[element.get("{http://www.w3.org/XML/1998/namespace}id") or ""] = counts
        return counts

    def draw(self, style: str, level: int, counts: dict[int, int], item: Any) -> str:
        """The number of the next item at a level (from 1), with a blank behind it where it needs one."""
        return _advance(self._styles.get(style, {}), level, counts, item.get(TEXT + "start-value"))

    def draw_heading(self, level: int, start: str | None) -> str:
        """The number of the next heading that stands in no list."""
        return _advance(self._outline, level, self._outlined, start)


def _advance(levels: dict[int, Level], level: int, counts: dict[int, int], start: str | None) -> str:
    here = levels.get(level)
    first = here.start if here is not None else 1
    counts[level] = counts[level] + 1 if level in counts else first
    if start is not None and start.isascii() and start.isdigit():
        counts[level] = int(start[:6])
    for deeper in [one for one in counts if one > level]:
        del counts[deeper]
    if here is None:
        return ""
    if here.style == "bullet":
        return "• "
    drawn = _draw(levels, here, level, counts)
    return drawn + " " if drawn and here.gap and drawn[-1].isascii() and not drawn[-1].isspace() else drawn


def _draw(levels: dict[int, Level], here: Level, level: int, counts: dict[int, int]) -> str:
    def draw_one(at: int) -> str:
        found = levels.get(at, here)
        return format_number(counts.get(at, found.start), found.style) if found.style else ""

    if here.pattern:
        return _PLACE.sub(lambda found: draw_one(int(found[1])), here.pattern)
    if not here.style:
        return ""
    parts = [draw_one(at) for at in range(max(1, level - here.shown + 1), level + 1)]
    return here.prefix + ".".join(part for part in parts if part) + here.suffix


def _read_levels(style: Any) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for element in style:
        level = read_count(element, TEXT + "level")
        if element.tag in _NUMBER_LEVELS:
            levels[level] = Level(
                _find_format(element.get(_FORMAT) or ""),
                element.get(_PREFIX) or "",
                element.get(_SUFFIX) or "",
                read_count(element, TEXT + "start-value"),
                read_count(element, TEXT + "display-levels"),
                element.get(_PATTERN) or "",
                not any(one.get(_FOLLOWED) == "nothing" for one in element.iter(_ALIGNMENT)),
            )
        elif element.tag == TEXT + "list-level-style-bullet":
            levels[level] = Level("bullet")
    return levels


def _find_format(value: str) -> str:
    """The name of a format, which OpenDocument tells by how it begins to count: 一, 二, 三, ..."""
    first = value.partition(",")[0].strip()
    return _FORMATS.get(first, _FORMATS.get(first[:1], "decimal")) if first else ""
