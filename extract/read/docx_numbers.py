"""The numbers that Word draws before paragraphs (一、 （一） 1.) and that stand nowhere in the text.

A paragraph's list and level come from itself or from its style and the styles that this is based on; the
level's format, pattern and start from numbering.xml. Source: ISO/IEC 29500-1, 17.9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from extract.read.numbering import format_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = W + "val"
_MAX_CHAIN = 20  # styles based on styles
_LEVELS = 9


class Level(NamedTuple):
    """How a level of a list is drawn: `pattern` as "%1.%2、"; `restart` the level (from 1) that resets it."""

    style: str = "decimal"
    pattern: str = ""
    start: int = 1
    restart: int | None = None
    legal: bool = False
    gap: bool = True  # a tab or blank after the number


class Style(NamedTuple):
    """A paragraph style: what counts for numbering and headings."""

    name: str
    based_on: str | None
    list_id: str | None
    level: int | None
    outline: int | None


class _List(NamedTuple):
    """A list (w:num): the definition that it counts with, its levels, the numbers it starts anew at."""

    definition: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


def read_styles(root: Any | None) -> tuple[dict[str, Style], str | None]:
    """The paragraph styles by id, and the id of the default one."""
    styles: dict[str, Style] = {}
    default = None
    for element in root.iter(W + "style") if root is not None else ():
        if element.get(W + "type") not in (None, "paragraph"):
            continue
        style_id = element.get(W + "styleId", "")
        properties = element.find(W + "pPr")
        list_id, level = read_list_place(properties)
        styles[style_id] = Style(
            name=_child_value(element, "name") or "",
            based_on=_child_value(element, "basedOn"),
            list_id=list_id,
            level=level,
            outline=_to_int(_child_value(properties, "outlineLvl")),
        )
        if element.get(W + "default") in ("1", "true", "on"):
            default = style_id
    return styles, default


def read_list_place(properties: Any | None) -> tuple[str | None, int | None]:
    """The list id and level (from 0) that paragraph properties name."""
    place = properties.find(W + "numPr") if properties is not None else None
    if place is None:
        return None, None
    return _child_value(place, "numId"), _to_int(_child_value(place, "ilvl"))


class Numbers:
    """Counts through a document: `draw` must be called for each paragraph in order."""

    def __init__(self, root: Any | None, styles: Mapping[str, Style]) -> None:
        self._styles = styles
        self._lists: dict[str, _List] = {}
        self._level_of_style: dict[tuple[str, str], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def counts(self, style_id: str | None) -> bool:
        """Whether paragraphs of a style may have numbers drawn, without naming a list themselves."""
        return self._find_in_styles(style_id) is not None

    def draw(self, list_id: str | None, level: int | None, style_id: str | None) -> str:
        """The number of the next paragraph, a blank behind it where it needs one; "" where it has none."""
        inherited = None
        if list_id is None or level is None:
            inherited = self._find_in_styles(style_id)
            if list_id is None and inherited is not None:
                list_id = inherited[0]
                level = level if level is not None else inherited[1]
        found = self._lists.get(list_id or "")
        if found is None or list_id is None:
            return ""
        return self._advance(list_id, found, min(max(level or 0, 0), _LEVELS - 1))

    def _find_in_styles(self, style_id: str | None) -> tuple[str, int | None] | None:
        level: int | None = None
        for _ in range(_MAX_CHAIN):
            style = self._styles.get(style_id or "")
            if style is None:
                return None
            level = style.level if level is None else level
            if style.list_id is not None:
                found = self._lists.get(style.list_id)
                if level is None and found is not None:
                    level = self._level_of_style.get((found.definition, style_id or ""))
                return style.list_id, level
            style_id = style.based_on
        return None

    def _advance(self, list_id: str, listed: _List, level: int) -> str:
        counts = self._counts.setdefault(listed.definition, {})
        here = listed.levels.get(level, Level())
        if level in listed.starts and (list_id, level) not in self._begun:
            counts[level] = listed.starts[level]
        else:
            counts[level] = counts[level] + 1 if level in counts else here.start
        self._begun.add((list_id, level))
        for deeper in [one for one in counts if one > level]:
            restart = listed.levels.get(deeper, Level()).restart
            if restart is None or (restart and level < restart):
                del counts[deeper]
        return _draw_level(listed.levels, counts, level)

    # -- numbering.xml

    def _read(self, root: Any) -> None:
        definitions: dict[str, dict[int, Level]] = {}
        linked: dict[str, str] = {}
        for element in root.iter(W + "abstractNum"):
            definition = element.get(W + "abstractNumId", "")
            definitions[definition] = _read_levels(element)
            for level in element.iter(W + "lvl"):
                if style := _child_value(level, "pStyle"):
                    number = _to_int(level.get(W + "ilvl")) or 0
                    self._level_of_style[(definition, style)] = number
            if style := _child_value(element, "numStyleLink"):
                linked[definition] = style
        raw = {
            element.get(W + "numId", ""): (_child_value(element, "abstractNumId") or "", element)
            for element in root.iter(W + "num")
        }
        for list_id, (definition, element) in raw.items():
            target = self._follow_link(definition, linked, raw)
            self._lists[list_id] = _read_list(element, target, definitions.get(target, {}))

    def _follow_link(
        self, definition: str, linked: Mapping[str, str], raw: Mapping[str, tuple[str, Any]]
    ) -> str:
        """The definition that a list style points to, where a definition only names such a style."""
        for _ in range(_MAX_CHAIN):
            style = self._styles.get(linked.get(definition, ""))
            if style is None or style.list_id is None or style.list_id not in raw:
                return definition
            definition = raw[style.list_id][0]
        return definition


def _read_list(element: Any, definition: str, levels: dict[int, Level]) -> _List:
    """A list with its own starts and levels over those of its definition."""
    starts: dict[int, int] = {}
    own = dict(levels)
    for override in element.iter(W + "lvlOverride"):
        level = _to_int(override.get(W + "ilvl")) or 0
        own.update(_read_levels(override))
        if (start := _to_int(_child_value(override, "startOverride"))) is not None:
            starts[level] = start
    return _List(definition, own, starts)


def _read_levels(element: Any) -> dict[int, Level]:
    levels = {}
    for level in element.iter(W + "lvl"):
        levels[_to_int(level.get(W + "ilvl")) or 0] = Level(
            style=_read_format(level),
            pattern=_child_value(level, "lvlText") or "",
            start=_default(_to_int(_child_value(level, "start")), 0),
            restart=_to_int(_child_value(level, "lvlRestart")),
            legal=is_on(level.find(W + "isLgl")),
            gap=_child_value(level, "suff") != "nothing",
        )
    return levels


def _read_format(level: Any) -> str:
    """w:numFmt, direct or in the fallback of mc:AlternateContent; decimal for a custom format alone."""
    for element in level.iter(W + "numFmt"):
        style = element.get(_VAL)
        if style and style != "custom":
            return str(style)
    return "decimal"


def _draw_level(levels: Mapping[int, Level], counts: Mapping[int, int], level: int) -> str:
    here = levels.get(level, Level())
    if here.style == "bullet":
        return "• "
    if here.style == "none" and "%" not in here.pattern:
        return here.pattern

    def draw_one(match: re.Match[str]) -> str:
        other = int(match[1]) - 1
        found = levels.get(other, Level())
        style = "decimal" if here.legal and other != level else found.style
        return format_number(counts.get(other, found.start), style)

    drawn = re.sub(r"%([1-9])", draw_one, here.pattern)
    return drawn + " " if drawn and drawn[-1].isascii() and here.gap and not drawn[-1].isspace() else drawn


def is_on(element: Any | None) -> bool:
    """Whether a switch such as w:vanish is there and not turned off."""
    return element is not None and element.get(_VAL) not in ("0", "false", "off")


def _child_value(element: Any | None, name: str) -> str | None:
    child = element.find(W + name) if element is not None else None
    value = child.get(_VAL) if child is not None else None
    return str(value) if value is not None else None


def _to_int(value: str | None) -> int | None:
    if value is None or not re.fullmatch(r"-?\d{1,9}", value.strip(), re.ASCII):
        return None
    return int(value)


def _default(value: int | None, other: int) -> int:
    return other if value is None else value
