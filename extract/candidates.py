"""The lines of a report that may head a section: numbered lines, and lines that name one.

A contents list and the row labels of the tables are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.enumerators import parse_chinese_ordinal, parse_leading
from extract.headings import (
    CLOSING,
    LONGEST,
    STRONG,
    USUAL,
    SectionName,
    is_table_row,
    match_misspelt,
    match_section,
)
from extract.patterns import late
from extract.report import Line, SectionId, Text, Value

_PREFIX = late(
    r"(?:第([一二三四五六七八九十]{1,3})部分|([一二三四五六七八九十]{1,3})(?=[\s，,:：]))[\s、，,:：]*"
)
_DRESS = "*#|｜丨>"  # marks of layout before a line, beside blanks
_LEADERS = ".…·‥．。—_-"
_CONTENTS = late(rf"[{_LEADERS}]{{2,}}\s*\d{{0,3}}\s*$|[^\d\s年月]\s+\d{{1,3}}\s*$|\t\d{{1,3}}\s*$")
_CORNER = late(r"统计指标(?:\s*单位)?(?:\s*统计数)?")
_COUNT = late(r"(?:(?:[条次篇件个人元]|人次|万元)\s*)?\d[\d,.]*|[条次篇件个人元]|人次|万元")
_TEXT_BEGINS = late(r"[\d我本全今无按根依为截自一]")
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


def find_candidates(text: Text) -> Iterator[Candidate]:
    """The candidates of a text in order, furniture left out."""
    furniture = {line.start for line in text.furniture}
    table = _find_statistics(text)
    for number, line in enumerate(text.lines):
        if line.start not in furniture and line.end > line.start and number not in table:
            candidate = _read_candidate(text.text, line, number)
            if candidate is not None:
                yield candidate


def _find_statistics(text: Text) -> set[int]:
    """The lines of the table of 2014 where it is set a cell a line: its parts are numbered like sections."""
    if "统计指标" not in text.text:
        return set()
    words = [text.text[line.start : line.end].strip() for line in text.lines]
    corner = next((number for number, one in enumerate(words) if _CORNER.fullmatch(one)), len(words))
    return {
        number
        for number in range(corner, len(words))
        if len(words[number]) < LONGEST and any(map(_COUNT.fullmatch, words[number + 1 : number + 4]))
    }


def _read_candidate(text: str, line: Line, number: int) -> Candidate | None:
    """The line as a candidate; None where it neither is numbered nor names a section."""
    style, count, begin = _read_number(text, line)
    until = _contents_page(text, begin, line.end)
    words = text[begin : min(until, begin + 2 * LONGEST)]
    if not words.strip():
        return _bare_number(text, line, begin) if style == "cn_comma" and count == 1 else None
    if style == "none":
        name, short = None if _is_prose(words) else _match_alone(words), True
        if name is None:
            return None
    else:
        short = until - begin <= 40 and not _SENTENCE.search(words)
        row = is_table_row(words)
        name = None if row else _match_numbered(words, style, short=short)
        short = name is not None or (short and not row)
    start = _skip_dress(text, line)
    if name is None:
        end = begin + len(words.rstrip("。：:，,；; \t　*#"))
        return Candidate(line.start, start, end, style, count, None, 0, True, short, number)
    end = begin + name.length
    return Candidate(line.start, start, end, style, count, name.id, name.strength, name.whole, True, number)


def _contents_page(text: str, begin: int, end: int) -> int:
    """Where the dots or blanks before the page number of a contents line begin; its end where it is none."""
    last = text[begin:end].rstrip()[-2:] if end - begin <= 2 * LONGEST else ""
    if not last or not (last[-1].isdecimal() or last.strip(_LEADERS) == ""):
        return end
    listed = _CONTENTS.search(text, begin, end)
    return listed.start() if listed else end


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


def _bare_number(text: str, line: Line, begin: int) -> Candidate:
    """A bare 一、 with nothing after it heads the first section."""
    end = begin - len(text[line.start : begin]) + len(text[line.start : begin].rstrip())
    return Candidate(line.start, _skip_dress(text, line), end, "cn_comma", 1, None, 0, True, True, -1)


def _skip_dress(text: str, line: Line) -> int:
    at = line.start
    while at < line.end and (text[at] in _DRESS or text[at].isspace()):
        at += 1
    return at


def _read_number(text: str, line: Line) -> tuple[str, int, int]:
    """The style and number of the line's enumerator and where its words begin; "none" and 0 without one."""
    entry = parse_leading(text, line.start, line.end)
    if entry is not None and entry.rank:
        return entry.style, entry.number, entry.body
    begin = _skip_dress(text, line)
    prefix = _PREFIX.match(text, begin, line.end)
    if prefix:
        style = "part" if prefix.group(1) else "cn_comma"
        return style, parse_chinese_ordinal(prefix.group(1) or prefix.group(2)), prefix.end()
    return "none", 0, begin


def runs_in(words: str, length: int, strength: int, style: str) -> bool:
    """Whether text runs on after a name on the heading's own line (一、总体情况2024年，我镇……)."""
    following = words[length : length + 1]
    if style == "none":
        return strength == STRONG and following in "：:" and bool(following)
    if following in "。：:　 \t":
        return True
    return strength >= USUAL and _TEXT_BEGINS.match(following) is not None


def drop_contents(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without a contents list: names of sections in a row that all come again later."""
    last_seen = {(one.style, one.id): place for place, one in enumerate(candidates)}
    kept: list[Candidate] = []
    run: list[Candidate] = []
    for place, one in enumerate([*candidates, None]):
        if one is None or not run or not _continues(run, one):
            named = {(each.style, each.id) for each in run if each.id and each.whole}
            again = sum(1 for each in named if last_seen[each] >= place)
            if len(named) < 3 or again < len(named) - 1:
                kept.extend(run)
            run = []
        if one is not None:
            run.append(one)
    return kept


def _continues(run: Sequence[Candidate], one: Candidate) -> bool:
    """Whether a candidate stands on the next line of a run, in its style, and begins no second round."""
    follows = one.line == run[-1].line + 1 and one.style == run[-1].style
    return follows and one.number > run[-1].number - (one.style == "none")
