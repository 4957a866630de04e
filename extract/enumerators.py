"""Enumerators of running text: 一、 （一） 1. 一是 首先 ①, with what they count.

A form alone does not make an enumerator: inside a line it must stand where a clause begins, outside quotes
and brackets, and its neighbour in the series must be there too (data/enumerators.toml).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from msgspec.structs import replace

from extract.datafiles import read_data
from extract.errors import BadData
from extract.headings.lines import is_label
from extract.patterns import late
from extract.report import Value
from extract.sentences import find_nested

LAST = 99  # 最后 may follow any number
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
_STOPS = "。；;：:！!？?"  # a clause begins after these
_COMMAS = "，,、）)”’》】"
_LEADS = "有是为括在过："  # 主要有1.…；2.…
_GOES_ON = "，,、：:．."  # between an enumerator and its text, as blanks do
_DRESS = "*#|｜丨>_lIi1"  # what `_BEFORE` skips, beside blanks
_BEFORE = late(r"[\s*#|｜丨>_]*(?:[lIi1](?=[一二三四五六七八九十]{1,2}、))?")  # |六、 l六、


class Style(Value, frozen=True, gc=False):
    """One way to enumerate. `rank` orders the formal levels from 1; 0 stands under whatever is open."""

    name: str
    rank: int
    number: str
    pattern: str
    chain: bool
    word: bool
    inline: bool
    examples: tuple[str, ...]
    never: tuple[str, ...]


class Enumerator(Value, frozen=True, gc=False):
    """An enumerator in the text: `text[start:end]` is its marker; what it counts begins at `body`.

    `leads` says that it stands first in its paragraph.
    """

    style: str
    rank: int
    number: int
    start: int
    end: int
    body: int
    paragraph: int
    leads: bool


class Enumerators(Value, frozen=True):
    """The known styles, the pattern of all of them, and the words that stand for numbers."""

    styles: dict[str, Style]
    by_group: dict[
        int, Style
    ]  # by the number of the style's group in `pattern`; its number is the next group
    pattern: re.Pattern[str]
    first: re.Pattern[str]  # a character that an enumerator can begin with, before one that it can go on with
    bare: re.Pattern[str]  # a number at the start of a line that has lost its mark
    words: dict[str, int]
    inside: str


@cache
def load_enumerators() -> Enumerators:
    """The styles of data/enumerators.toml; raises `BadData` where an entry breaks the schema."""
    import msgspec

    data = read_data("enumerators.toml")
    try:
        styles = {entry["name"]: msgspec.convert(entry, Style) for entry in data["style"]}
        pattern = re.compile("|".join(f"(?P<{style.name}>{style.pattern})" for style in styles.values()))
        first = re.compile(data["first"]["pattern"])
        by_group = {group: styles[name] for name, group in pattern.groupindex.items()}
        bare = re.compile(data["bare"]["pattern"])
        inside: str = data["inside_words"]["before"]
        return Enumerators(styles, by_group, pattern, first, bare, data["words"], inside)
    except (KeyError, msgspec.ValidationError, re.error) as error:
        raise BadData(f"data/enumerators.toml: {error}") from error


def parse_chinese_ordinal(surface: str) -> int:
    """The number that one to three characters of 一…十 state; 0 where they state none.

    >>> [parse_chinese_ordinal(one) for one in ("三", "十", "十二", "二十", "二十一", "一二")]
    [3, 10, 12, 20, 21, 0]
    """
    tens, ten, ones = surface.partition("十")
    if not ten:
        return _DIGITS.get(surface, 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + _DIGITS.get(ones, 0)


def find_enumerators(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[Enumerator]:
    """The enumerators of paragraphs that belong together, in order; the spans have no blank ends."""
    known = load_enumerators()
    by_style: dict[str, list[tuple[Enumerator, str]]] = {}
    for number, (start, end) in enumerate(paragraphs):
        for found in _find_candidates(known, text, start, end, number):
            by_style.setdefault(found[0].style, []).append(found)
    if not by_style:
        return []
    if "arabic" in by_style:
        _add_bare(known, text, paragraphs, by_style["arabic"])
    kept: list[Enumerator] = []
    for style, series in by_style.items():
        kept += _keep_series(series, chain=known.styles[style].chain)
    if len(by_style) > 1:
        kept.sort(key=_start)
    return _part_nested(_drop_overlaps(kept))


def _add_bare(
    known: Enumerators, text: str, paragraphs: Sequence[tuple[int, int]], series: list[tuple[Enumerator, str]]
) -> None:
    """Add to `series` the numbers at line starts that have lost their mark, between those beside them."""
    place = 0
    for before, after in pairwise([entry for entry, boundary in series if boundary == "line"]):
        place = series.index((before, "line"), place)
        if after.number != before.number + 2:
            continue
        for number in range(before.paragraph + 1, after.paragraph):
            start, end = paragraphs[number]
            found = known.bare.match(text, start, end) if text[start].isdecimal() else None
            if found is not None and int(found[1]) == before.number + 1:
                lost = found.end()
                entry = Enumerator(
                    before.style, before.rank, before.number + 1, start, lost, lost, number, True
                )
                series.insert(place + 1, (entry, "line"))
                break


def _start(entry: Enumerator) -> int:
    return entry.start


def parse_leading(text: str, start: int, end: int) -> Enumerator | None:
    """The enumerator that `text[start:end]` begins with, marks of layout (|, #) skipped; None without one."""
    known = load_enumerators()
    at = _skip_dress(text, start, end)
    if known.first.match(text, at, end) is None:
        return None
    found = known.pattern.match(text, at, end)
    return _read(known, text, end, found, 0, True) if found else None


def _skip_dress(text: str, start: int, end: int) -> int:
    """Where a line begins behind blanks, marks of layout and a letter that was one."""
    if start < end and (text[start] in _DRESS or text[start].isspace()):
        skipped = _BEFORE.match(text, start, end)
        return skipped.end() if skipped else start
    return start


def _find_candidates(
    known: Enumerators, text: str, start: int, end: int, paragraph: int
) -> list[tuple[Enumerator, str]]:
    """What looks like an enumerator, and the boundary before it: line, stop, comma, lead, blank or word."""
    search, read = known.first.search, known.pattern.match
    found: list[tuple[Enumerator, str]] = []
    nested: bytearray | None = None
    begin = reached = _skip_dress(text, start, end)
    after = -1  # where the text of the enumerator before begins
    while first := search(text, reached, end):
        at = first.start()
        match = read(text, at, end)
        reached = match.end() if match else at + 1
        if match is None:
            continue
        boundary = "line" if at == begin else _boundary(text, begin, at)
        if at == after or (boundary == "word" and is_label(text[max(after, at - 20) : at])):
            boundary = "stop"  # （一）1.…  and  （一）存在问题1.…
        entry = _read(known, text, end, match, paragraph, at == begin)
        if entry is None:
            continue
        if at > begin:
            if not _may_stand(known, entry, boundary, text[at - 1]):
                continue
            nested = nested or find_nested(text, start, end)
            if nested[at - start]:
                continue
        found.append((entry, boundary))
        after = entry.body
    return found


def _boundary(text: str, begin: int, at: int) -> str:
    before = at - 1
    while before > begin and text[before].isspace():
        before -= 1
    mark = text[before]
    if mark in _STOPS:
        return "stop"
    if mark in _COMMAS:
        return "comma"
    if before < at - 1:
        return "blank"
    return "lead" if mark in _LEADS else "word"


def _may_stand(known: Enumerators, entry: Enumerator, boundary: str, before: str) -> bool:
    """Whether the form may be an enumerator where it stands, its neighbours not yet asked."""
    style = known.styles[entry.style]
    if not style.inline or entry.number == 0:
        return False
    if boundary in ("stop", "blank"):
        return True
    if boundary == "comma":
        return style.word or (style.number == "arabic" and before in "，,)）")
    if boundary == "lead" and entry.number == 1:
        return style.word or style.number == "arabic"
    return style.name == "yishi" and before not in known.inside


def _read(
    known: Enumerators, text: str, end: int, match: re.Match[str], paragraph: int, leads: bool
) -> Enumerator | None:
    group = match.lastindex or 0
    style = known.by_group[group]
    start, body = match.span()
    if style.number == "arabic" and start and text[start - 1].isdigit():
        return None
    number = _parse_number(style.number, match[group + 1])
    if number == 0 and style.number != "none":
        return None
    after = body
    while after < end and (text[after] in _GOES_ON or text[after].isspace()):
        after += 1
    return Enumerator(style.name, style.rank, number, start, body, after, paragraph, leads)


@lru_cache(512)
def _parse_number(how: str, surface: str) -> int:
    if how == "chinese":
        return parse_chinese_ordinal(surface)
    if how == "arabic":
        return int(surface)
    if how == "letter":
        return ord(surface.upper()) - ord("A") + 1
    if how == "circled":
        return int(unicodedata.numeric(surface, 0))
    return load_enumerators().words.get(surface, 0)


def _keep_series(series: list[tuple[Enumerator, str]], *, chain: bool) -> list[Enumerator]:
    """The candidates of one style that stand at a line start or beside their neighbour in the series.

    Of a `chain` those at a line start need a neighbour too.
    """
    kept: list[Enumerator] = []
    for place, (entry, boundary) in enumerate(series):
        if boundary == "line" and not chain:
            kept.append(entry)
            continue
        following = series[place + 1][0].number if place + 1 < len(series) else 0
        follows = bool(kept) and _succeeds(kept[-1].number, entry.number)
        leads_on = _succeeds(entry.number, following) and following != entry.number
        if leads_on if entry.number == 1 else follows or (leads_on and boundary in ("line", "stop")):
            kept.append(entry)
    return kept


def _succeeds(before: int, after: int) -> bool:
    """Whether `after` may come next after `before`; one number left out or printed twice is a misprint.

    >>> _succeeds(1, 2), _succeeds(2, 2), _succeeds(2, 4), _succeeds(2, 1), _succeeds(3, LAST)
    (True, True, True, False, True)
    """
    return 0 < before < LAST and (before <= after <= before + 2 or after == LAST) and after > 1


def _part_nested(entries: list[Enumerator]) -> list[Enumerator]:
    """The lists of words (一是) that begin again within an item of their own list, as another style.

    So does 三是拓宽渠道。一是……；二是……, where 三是 begins its paragraph and others of its list begin theirs.
    """
    leads = Counter([entry.style for entry in entries if entry.leads and not entry.rank])
    if not any(count > 1 for count in leads.values()):
        return entries
    parted: list[Enumerator] = []
    outer: Enumerator | None = None  # the item that the list within begins in
    for before, entry in pairwise([None, *entries]):
        assert entry is not None
        if entry.leads:
            outer = None
        elif before is not None and before.leads and entry.number == 1 and before.style == entry.style:
            outer = before if leads[before.style] > 1 else None
        nested = outer is not None and entry.style == outer.style and entry.paragraph == outer.paragraph
        parted.append(replace(entry, style=f"{entry.style}_within") if nested else entry)
    return parted


def _drop_overlaps(entries: list[Enumerator]) -> list[Enumerator]:
    kept: list[Enumerator] = []
    for entry in entries:
        if not kept or entry.start >= kept[-1].end:
            kept.append(entry)
    return kept
