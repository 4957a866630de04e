"""What stands round a report and is no part of it: site furniture, page numbers, running heads.

What is certain to be furniture is taken out, and its lines handed on, for they may name the publisher and the
day; what may matter to a reader (letterhead, 抄送) stays in the text and is listed. data/furniture.toml holds
the knowledge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from extract.datafiles import read_data
from extract.days import DAY, iso_day
from extract.normalise.characters import Blocks
from extract.patterns import late
from extract.report import Grid, Line, Omitted, Paragraph, Value

_SHORT = 60  # characters; no heading of a section has more
_LONGEST = 240  # characters; a longer line is text
_SECTION = late(
    r"[\s#*|]{0,8}(?:[一1][ ]?[、.．]|[（(]一[）)]|第一(?:部分|章))"
    r"|[#* ]{0,6}(?:(?:工作)?(?:总体|基本)情况|概[述况])[：:]?$"
)
_HEADING = late(r"[\s#*|l]{0,8}(?:[一二三四五六七八九][ ]?[、.．]|[1-9][、.．])[^。；]{2,40}$")
_NUMBERED = late(r"[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十]{1,2}[)）]")
_SEPARATOR = r"[\s|｜·,，;；/\\\-—_【】\[\]()（）<>《》:：•]"
_SEPARATORS = late(f"{_SEPARATOR}+")
_NUMBER_LINE = late(r"\d{1,3}")
_FRACTION_LINE = late(r"(\d{1,3}) ?/ ?(\d{1,3})")
TITLE_LINE = late(r"(?:信息|政务)公开.{0,8}(?:报告|年报)(?:[（(].{1,8}[）)])?$")
_TAIL_NUMBER = late(r"^\d{1,3}[ ]+|[ ]+[-—]?[ ]?\d{1,3}[ ]?[-—]?$")
_CARD_LABEL = late(r"索 ?引 ?号|发布机[构关]|发布日期|成文日期|主题分类|公开方式|有效性|发文字号|生成日期")
_OPEN_LABEL = late(r"[^:：]{2,8}[:：]")
_NAME_LABEL = late(r"(?:文件|信息)?(?:名 ?称|标 ?题)[:：]?")
# How each of the labels ends; a day is after it.
_DAY_LABEL = late(r"(?:时间|日期|发[布表]于)[】\]）)]?\s{0,6}[:：】\]）)\d]")
_DAY_LABELS = (  # of the page, its day at once after it: no sentence says 公开时间为 …
    late(
        r"(?:发布|公开|公布|发表|上传|发稿)(?:时间|日期)[】\]）)]?\s{0,3}[:：】\]）)]\s{0,3}"
        r"|(?<![\u4e00-\u9fff])(?:(?:发布|公布)(?:时间|日期)|发[布表]于)\s{0,6}"
    ),
    late(r"(?<![\u4e00-\u9fff])(?:创建|录入|信息|文章)?(?:时间|日期)[】\]）)]?\s{0,3}[:：】\]）)]\s{0,3}"),
)


class Draft(Value, frozen=True, gc=False):
    """A document on its way to be a text: its blocks, and the lines taken out so far."""

    blocks: Blocks
    removed: tuple[str, ...] = ()


class Words(Value, frozen=True, gc=False):
    """Words that make furniture of a line which has nothing but them and what parts them."""

    anywhere: re.Pattern[str]
    first: re.Pattern[str]  # with what parts words before it, from the line's begin

    def make_up(self, line: str) -> bool:
        """Whether the line has such words and nothing else."""
        return self.first.match(line) is not None and not _SEPARATORS.sub("", self.anywhere.sub("", line))


class Furniture(Value, frozen=True, gc=False):
    """The knowledge of data/furniture.toml, compiled."""

    words: Words
    words_outside: Words
    lines: dict[str, re.Pattern[str]]  # by where they may stand: "", "outside", "head", "foot"
    kept: re.Pattern[str]
    labels: re.Pattern[str]  # labels whose value comes on the next line


@cache
def load_furniture() -> Furniture:
    """The patterns that tell furniture; every place's patterns in one."""
    data = load_furniture_data()
    anywhere = [entry["pattern"] for entry in data["word"] if "where" not in entry]
    every = [entry["pattern"] for entry in data["word"]]
    lines: dict[str, list[str]] = {"": [], "outside": [], "head": [], "foot": []}
    kept: list[str] = []
    for entry in data["line"]:
        (kept if entry.get("keep") else lines[entry.get("where", "")]).append(entry["pattern"])
    return Furniture(
        words=_compile_words(anywhere),
        words_outside=_compile_words(every),
        lines={where: late("|".join(patterns)) for where, patterns in lines.items()},
        kept=late("|".join(kept)),
        labels=late("|".join(entry["pattern"] for entry in data["line"] if entry.get("opens"))),
    )


def _compile_words(patterns: Sequence[str]) -> Words:
    words = "|".join(patterns)
    return Words(late(words), late(f"{_SEPARATOR}*?(?:{words})"))


@cache
def load_furniture_data() -> dict[str, Any]:
    """data/furniture.toml as it stands."""
    return read_data("furniture.toml")


# ---- site furniture --------------------------------------------------------------------------------------


def take_out_furniture(draft: Draft) -> Draft:
    """Without breadcrumbs, catalogue cards, buttons, imprints and the pages beside."""
    first, last = find_body([block.text if isinstance(block, Paragraph) else "" for block in draft.blocks])
    blocks: list[Paragraph | Grid] = []
    removed: list[str] = []
    value_of_label = False
    for index, block in enumerate(draft.blocks):
        place = "head" if index < first else "outside" if index > last else ""
        if isinstance(block, Grid):
            if place == "head" and _is_card(block):
                removed.extend(_card_lines(block))
            else:
                blocks.append(block)
            continue
        line = block.text.strip()
        if value_of_label and place == "head" and len(line) < 40 and not TITLE_LINE.search(line):
            removed[-1] += line
            value_of_label = False
        elif is_furniture(line, place):
            removed.append(line)
            value_of_label = place == "head" and load_furniture().labels.fullmatch(line) is not None
        else:
            value_of_label = False
            blocks.append(block)
    if not removed:
        return draft
    return Draft(tuple(blocks), draft.removed + tuple(removed))


def find_body(lines: Sequence[str]) -> tuple[int, int]:
    """The index of the first section's heading and of the last one's; everything is body where none is.

    `lines` has an empty one in the place of each table.
    """
    first = next(
        (at for at, line in enumerate(lines) if len(line) < _SHORT and _SECTION.match(line.strip())), 0
    )
    headings = (
        at
        for at in range(len(lines) - 1, first, -1)
        if len(lines[at]) < _SHORT and _HEADING.match(lines[at].strip())
    )
    return first, next(headings, len(lines))


def is_furniture(line: str, place: str) -> bool:
    """Whether a line is site furniture; `place` is head, outside (after the last heading) or empty."""
    return 0 < len(line) <= _LONGEST and line[-1] not in "。；" and _is_furniture(line, place)


@lru_cache(2048)  # the labels of the tables, and of most sites, come again in every report
def _is_furniture(line: str, place: str) -> bool:
    if _NUMBERED.match(line):
        return False
    known = load_furniture()
    if known.lines[""].fullmatch(line):
        return True
    if place and known.lines["outside"].fullmatch(line):
        return True
    if place and known.lines["head" if place == "head" else "foot"].fullmatch(line):
        return True
    return (known.words_outside if place else known.words).make_up(line)


def _is_card(grid: Grid) -> bool:
    """A table that catalogues the page (索引号, 发布机构 …), or a menu."""
    texts = [cell.text.strip() for cell in grid.cells if len(cell.text) < 200]
    labels = sum(_CARD_LABEL.match(text) is not None for text in texts)
    return labels >= 2 or any(text in ("首页", "网站首页") for text in texts)


def _card_lines(grid: Grid) -> list[str]:
    """The entries of a catalogue card as `label：value`."""
    lines: list[str] = []
    label = ""
    for cell in grid.cells:
        text = " ".join(cell.text.split())
        if label:
            lines.append(f"{label}：{text}")
            label = ""
        elif _OPEN_LABEL.fullmatch(text) or (_CARD_LABEL.fullmatch(text) or _NAME_LABEL.fullmatch(text)):
            label = text.rstrip("：:")
        elif text:
            lines.append(text)
    return lines


def find_kept_furniture(lines: Sequence[Line], surfaces: Sequence[str]) -> tuple[Omitted, ...]:
    """The lines of a letterhead or a circular's imprint, which stay in the text; `surfaces` are the words."""
    first, last = find_body(surfaces)
    kept = load_furniture().kept.fullmatch
    return tuple(
        [
            Omitted(lines[at].start, lines[at].end, "furniture")
            for at in (*range(first), *range(last + 1, len(lines)))
            if len(surfaces[at]) < _LONGEST and kept(surfaces[at])
        ]
    )


# ---- pages -----------------------------------------------------------------------------------------------


def take_out_page_numbers(draft: Draft) -> Draft:
    """Without bare page numbers (3, 1 / 6), where they count up through the whole text and nothing else does.

    Numbers with marks (— 3 —, 第3页) are furniture already.
    """
    places: list[int] = []
    numbers: list[int] = []
    for index, block in enumerate(draft.blocks):
        if isinstance(block, Paragraph) and len(block.text) < 16:
            line = block.text.strip()
            if not line[:1].isdecimal():
                continue
            found = _FRACTION_LINE.fullmatch(line) or _NUMBER_LINE.fullmatch(line)
            if found:
                places.append(index)
                numbers.append(int(found.group(1) if found.lastindex else line))
    if len(numbers) < 2 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return draft
    # Rows of one cell a line may count up too (1 2 3 beside one another); pages have text between them.
    if numbers[0] > 2 or any(after - before < 4 for before, after in pairwise(places)):
        return draft
    return _without(draft, set(places))


def take_out_running_heads(draft: Draft) -> Draft:
    """Without the repetitions of the title on later pages, also with a page number beside it."""
    titles = [
        (index, block.text.strip())
        for index, block in enumerate(draft.blocks)
        if isinstance(block, Paragraph) and "公开" in block.text and _may_be_title(block.text)
    ]
    if len(titles) < 2:
        return draft
    seen: Counter[str] = Counter()
    again: set[int] = set()
    for index, title in titles:
        line = _TAIL_NUMBER.sub("", title)
        if TITLE_LINE.search(line):
            seen[line] += 1
            if seen[line] > 1:
                again.add(index)
    return _without(draft, again) if again else draft


def _may_be_title(line: str) -> bool:
    return len(line) <= 80 and ("报告" in line or "年报" in line)


def _without(draft: Draft, places: set[int]) -> Draft:
    """The draft without the paragraphs at `places`; a gap stays where they stood."""
    blocks: list[Paragraph | Grid] = []
    removed: list[str] = []
    for index, block in enumerate(draft.blocks):
        if index in places and isinstance(block, Paragraph):
            removed.append(block.text)
        elif index - 1 in places and isinstance(block, Paragraph):
            blocks.append(replace(block, gap=True))
        else:
            blocks.append(block)
    return Draft(tuple(blocks), draft.removed + tuple(removed))


# ---- what furniture tells --------------------------------------------------------------------------------


def find_published(lines: Iterable[str]) -> str | None:
    """The day of publication that page furniture states, as ISO date: 发布日期 before a plain 日期.

    The day on which the document was made (成文日期) is none, nor is the first or last of a period.

    >>> find_published(["成文日期：2021-01-18", "发布时间：2021年1月20日 10:23 来源：县政府办"])
    '2021-01-20'
    """
    candidates = [line for line in lines if len(line) <= _LONGEST and _DAY_LABEL.search(line)]
    for label in _DAY_LABELS:
        for line in candidates:
            for found in label.finditer(line):
                day = DAY.match(line, found.end())
                if day and (iso := iso_day(day)):
                    return iso
    return None
