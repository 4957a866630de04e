"""The lines of a report that may head a section: numbered lines, and lines that name one.

A contents list and the row labels of the tables are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from extract.enumerators import parse_chinese_ordinal, parse_leading
from extract.forms import UNITS
from extract.headings.knowledge import CLOSING, LONGEST, STRONG, USUAL
from extract.headings.names import SectionName, is_table_row, match_misspelt, match_section
from extract.patterns import late
from extract.report import SectionId, Text, Value

_PREFIX = late(
    r"(?:第([一二三四五六七八九十]{1,3})部分|([一二三四五六七八九十]{1,3})(?=[\s，,:：]))[\s、，,:：]*"
)
_SHORT = 40  # characters of a line that may be nothing but a heading
_DRESS = "*#|｜丨>【〖"  # marks of layout before a line, beside blanks
_LEADERS = ".…·‥．。—_-"
_CONTENTS = late(rf"[{_LEADERS}]{{2,}}\s*\d{{0,3}}\s*$|[^\d\s年月]\s+\d{{1,3}}\s*$|\t\d{{1,3}}\s*$")
_CORNER = late(r"(?:统计指标|指标名称)(?:\s*(?:计量)?单位)?(?:\s*(?:统计数[据量]?|数量))?")
_FIRST_ROW = late(r"(?:[（(]一[）)])?\s*主动公开政府信息数\s*[（(]不同渠道")
_ROW = late(  # the first of each part of that table
    r"[（(][一1][）)]\s*(?:主动公开政府信息数|回应公众关注热点或重大舆情数|收到申请数|政府信息公开工作专门机构数|召开政府信息公开工作会议)"
)
_COUNT = late(rf"(?:{UNITS}\s*)?\d[\d,.]*|{UNITS}")
_COUNTED = late(rf"[\s：:]{UNITS}\s*\d[\d,.]*$|[\s：:]\d[\d,.]*\s*{UNITS}$|\s[—–－-]{{1,2}}$")
_TEXT_BEGINS = late(r"[\d我本全今无按根依为截自一]|[（(][一1][）)]")
_SENTENCE = late(r"[。；;，,：:！？].")
_MARK = late(r"[。；;，,：:（(]")


class Candidate(Value, frozen=True, gc=False):
    """A place that may be the heading of a section: its numbering, its words, and where they lie.

    `heading_end` is where the printed heading ends; `whole` says that the line ends there too. `strength`
    is 0 where the words name no section, `short` says that the words may be a heading all the same.
    """

    start: int
    heading_start: int
    heading_end: int
    style: str
    number: int
    id: SectionId | None
    strength: int
    whole: bool
    short: bool
    line: int


def find_candidates(text: Text) -> list[Candidate]:
    """The candidates of a text in order, furniture left out."""
    furniture = {line.start for line in text.furniture}
    table = _find_statistics(text)
    candidates: list[Candidate] = []
    for number, line in enumerate(text.lines):
        at = line.start
        if at in furniture or number in table:
            continue
        words = text.text[at : line.end]
        read = _recall_line(words) if len(words) <= _SHORT else _read_line(words)
        if read is not None:
            begin, end, style, count, section, strength, closes, short, listed = read
            place = number if listed else -1
            candidates.append(
                Candidate(at, at + begin, at + end, style, count, section, strength, closes, short, place)
            )
    return candidates


def _find_statistics(text: Text) -> set[int]:
    """The lines of the table of 2014 where it is set a cell or a row a line: its parts are numbered like
    sections.
    """
    if "统计指标" not in text.text and "政府信息数" not in text.text:
        return set()
    words = [text.text[line.start : line.end].strip() for line in text.lines]
    first = _find_first(words)
    return {
        number
        for number in range(first, len(words))
        if len(words[number]) < LONGEST and any(map(_counts, words[number : number + 4]))
    }


def _find_first(words: Sequence[str]) -> int:
    """The number of the first line of that table: its head, or the name of its first part or row."""
    for number, one in enumerate(words):
        if _CORNER.fullmatch(one):
            return number
        if _FIRST_ROW.match(one):
            above = words[number - 1] if number else ""
            return number - 1 if "主动公开" in above and len(above) < _SHORT else number
    return len(words)


def _counts(words: str) -> bool:
    """Whether a line is a number of that table, its unit, a row with these, or the first row of a part."""
    if not words or len(words) > 2 * LONGEST:
        return False
    return bool(_COUNT.fullmatch(words) or _COUNTED.search(words) or _ROW.match(words))


def _read_line(line: str) -> tuple[int, int, str, int, SectionId | None, int, bool, bool, bool] | None:
    """The line as a candidate; None where it neither is numbered nor names a section.

    That is `heading_start` and `heading_end`, counted from the start of the line, style, number, id,
    strength, `whole`, `short`; at last whether a contents list may hold it.
    """
    style, count, begin = _read_number(line)
    until = _contents_page(line, begin)
    words = line[begin : min(until, begin + 2 * LONGEST)]
    if not words or words.isspace():
        bare = style == "cn_comma" and count == 1  # a bare 一、 with nothing after it heads the first section
        end = len(line[:begin].rstrip())
        return (_skip_dress(line), end, style, 1, None, 0, True, True, False) if bare else None
    if style == "none":
        name, short = None if _is_prose(words) else _match_alone(words), True
        if name is None:
            return None
    else:
        short = until - begin <= _SHORT and not _SENTENCE.search(words)
        row = is_table_row(words) and not (style == "cn_comma" and _names_section(words))
        name = None if row else _match_numbered(words, style, short=short)
        short = short and not row
    start = _skip_dress(line)
    if name is None:
        end = begin + len(words.rstrip("。：:，,；; \t　*#"))
        return start, end, style, count, None, 0, True, short, True
    return start, begin + name.length, style, count, name.id, name.strength, name.whole, True, True


# The headings and labels of the form come again in every report, sentences do not.
_recall_line = lru_cache(2048)(_read_line)


def _contents_page(line: str, begin: int) -> int:
    """Where the dots or blanks before the page number of a contents line begin; its end where it is none."""
    last = line[begin:].rstrip()[-2:] if len(line) - begin <= 2 * LONGEST else ""
    if not last or not (last[-1].isdecimal() or last.strip(_LEADERS) == ""):
        return len(line)
    listed = _CONTENTS.search(line, begin)
    return listed.start() if listed else len(line)


def _is_prose(words: str) -> bool:
    """Whether the words of a line without number are sentences: no name holds a mark but in its brackets.

    >>> _is_prose("2024年，我镇公开信息30条。"), _is_prose("总体情况（一年来，稳中有进）。")
    (True, False)
    """
    mark = _MARK.search(words)
    return mark is not None and mark.group() not in "：:（(" and words[mark.end() :].strip(CLOSING) != ""


def _match_alone(words: str) -> SectionName | None:
    """The section that the words of a line without number name, alone or before a colon."""
    name = match_section(words)
    return name if name and (name.whole or runs_in(words, name.length, name.strength, "none")) else None


def _match_numbered(words: str, style: str, *, short: bool) -> SectionName | None:
    """The section that the words of a numbered line name, with nothing or a text of its own after it."""
    name = match_section(words)
    if name is not None and (name.whole or runs_in(words, name.length, name.strength, style)):
        return name
    return match_misspelt(words) if short else None


def _names_section(words: str) -> bool:
    """Whether words that a table's row may have are the whole of a section's name too: 八、其他."""
    name = match_section(words)
    return name is not None and name.whole


def _skip_dress(line: str) -> int:
    at = 0
    while at < len(line) and (line[at] in _DRESS or line[at].isspace()):
        at += 1
    return at


def _read_number(line: str) -> tuple[str, int, int]:
    """The style and number of the line's enumerator and where its words begin; "none" and 0 without one."""
    entry = parse_leading(line, 0, len(line))
    if entry is not None and entry.rank:
        return entry.style, entry.number, entry.body
    begin = _skip_dress(line)
    prefix = _PREFIX.match(line, begin)
    if prefix:
        style = "part" if prefix.group(1) else "cn_comma"
        return style, parse_chinese_ordinal(prefix.group(1) or prefix.group(2)), prefix.end()
    return "none", 0, begin


def runs_in(words: str, length: int, strength: int, style: str) -> bool:
    """Whether text runs on after a name on the heading's own line (一、总体情况2024年，我镇……)."""
    following = words[length : length + 1]
    if style == "none":
        return strength == STRONG and following in "：:】〗" and bool(following)
    if following in "。：:　 \t":
        return True
    return strength >= USUAL and _TEXT_BEGINS.match(words, length) is not None


def drop_contents(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without a contents list: names of sections in a row that all come again later."""
    kept: list[Candidate] = []
    last_seen: dict[tuple[str, SectionId | None], int] = {}
    start = 0
    for place in range(1, len(candidates) + 1):
        if place < len(candidates) and _continues(candidates[place - 1], candidates[place]):
            continue
        run = candidates[start:place]
        start = place
        named = {(one.style, one.id) for one in run if one.id and one.whole} if len(run) >= 3 else ()
        if len(named) >= 3:
            last_seen = last_seen or {(one.style, one.id): at for at, one in enumerate(candidates)}
            if sum(last_seen[one] >= place for one in named) >= len(named) - 1:
                continue
        kept += run
    return kept


def _continues(one: Candidate, following: Candidate) -> bool:
    """Whether a candidate stands on the next line of a run, in its style, and begins no second round."""
    follows = following.line == one.line + 1 and following.style == one.style
    return follows and following.number > one.number - (following.style == "none")
