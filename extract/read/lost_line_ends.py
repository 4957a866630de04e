"""A report in one line, as crawlers and copies leave it: its lines again, by headings, enumerators and stops.

Told by headings of the form's parts within one line. Where blanks stand for the line ends, a run of short
pieces (labels and numbers of a table) becomes a line each; where nothing does, the headings alone come apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from extract.datafiles import read_data
from extract.patterns import late
from extract.report import Grid, Paragraph

_LEAST = 120  # characters of a line that may hold several parts
_APART = 60  # between two headings somewhere: else it is a table of contents, or a sentence on the parts
_BLANKS = late(r"[ \t\u3000\xa0]+")
_ENUMERATOR = late(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,2}[）)]|\d{1,2}(?:[、．]|\.(?!\d))"
)
_MARK = late(r"[，。；！？]|,(?!\d)")
_ENDS = ("。", "！", "？", "。”", "年度报告", "年报")
_LONG = 30  # characters of a piece that is running text whatever it holds
_HEADING = 40  # that a heading has at the most
_LAST_WORDS = ("情况", "事项", "措施", "问题")
_STOPPED = late(r"[。！？”][ \t\u3000\xa0]*\Z")
_RUN = 4  # pieces side by side that are no running text: a table


@cache
def _headings() -> re.Pattern[str]:
    names = re.sub(r"\s+", "", read_data("line_ends.toml")["heading"]["pattern"])
    before, blank, after = r"(?<![“‘《（(，、；;,])", r"[ \t\u3000\xa0]?", r"(?![，、；。,;”》）)的是等])"
    return re.compile(f"{before}(?P<number>[一二三四五六七八九])、{blank}(?:{names}){after}")


def restore_line_ends(lines: list[str]) -> list[str]:
    """The lines, those parted that hold headings of several parts of a report.

    >>> told = "全年公开信息312条，均在门户网站专栏可以查到，另有公众号和公开栏两处可看。" * 9
    >>> lines = restore_line_ends([f"甲局年报 一、总体情况 {told} 二、主动公开政府信息情况 规章 0 0 0"])
    >>> [line[:12] for line in lines]
    ['甲局年报', '一、总体情况', '全年公开信息312条，均', '二、主动公开政府信息情况', '规章', '0', '0', '0']
    """
    if not any(map(_may_hold_headings, [line for line in lines if len(line) > _HEADING])):
        return lines
    return [part for line in lines for part in _part(line)]


def restore_paragraphs(blocks: tuple[Paragraph | Grid, ...]) -> tuple[Paragraph | Grid, ...]:
    """The blocks, with a line's paragraphs apart as `restore_line_ends` does it."""
    texts = [one.text for one in blocks if isinstance(one, Paragraph)]
    if restore_line_ends(texts) is texts:
        return blocks
    return tuple([part for one in blocks for part in _part_block(one)])


def _part_block(block: Paragraph | Grid) -> Iterable[Paragraph | Grid]:
    if isinstance(block, Grid):
        return (block,)
    lines = list(_part(block.text))
    return (block,) if len(lines) == 1 else [Paragraph(line) for line in lines]


def _may_hold_headings(line: str) -> bool:
    """Whether a line longer than a heading may hold several, or one behind its last stop."""
    if len(line) > _LEAST and ("一、" in line or "三、" in line or "五、" in line):
        return True
    return line.endswith(_LAST_WORDS) and "。" in line


def _part(line: str) -> Iterable[str]:
    """The lines that a line holds; itself where it is one."""
    if len(line) <= _HEADING or not _may_hold_headings(line):
        return (line,)
    headings = list(_headings().finditer(line))
    ends = [*(found.start() for found in headings[1:]), len(line)]
    filled = [found for found, end in zip(headings, ends) if end - found.end() > _APART]
    several = len({found["number"] for found in headings}) > 1
    if len(line) > _LEAST and filled and (several or _follows_title(line, filled)):
        if _parts_by_bars(line, headings):
            return filter(None, map(str.strip, line.split("|")))
        return _part_at(line, headings)
    if headings and headings[-1].end() == len(line) and _STOPPED.search(line, 0, headings[-1].start()):
        return (line[: headings[-1].start()], headings[-1].group())  # one more heading behind the last stop
    return (line,)


def _parts_by_bars(line: str, headings: Sequence[re.Match[str]]) -> bool:
    """Whether bars stand where the line ends were: around all headings, and between more than these."""
    bare = [line[: found.start()].rstrip()[-1:] + line[found.end() :].lstrip()[:1] for found in headings]
    return all(ends.strip("|") == "" for ends in bare) and line.count("|") > 2 * len(headings)


def _follows_title(line: str, headings: Sequence[re.Match[str]]) -> bool:
    """Whether the one heading of a line is the first and stands behind a title: the rest was cut off."""
    title = line[: headings[0].start()].rstrip(" \t\u3000\xa0")
    begun = headings[0]["number"] == "一" and len(title) <= 2 * _HEADING
    return begun and title.endswith(("年度报告", "年报"))


def _part_at(line: str, headings: Iterable[re.Match[str]]) -> Iterator[str]:
    at = 0
    for found in headings:
        yield from _part_blanks(line[at : found.start()])
        yield found.group()
        at = found.end()
    yield from _part_blanks(line[at:])


def _part_blanks(text: str) -> Iterator[str]:
    """Running text as paragraphs, and a table a cell a line."""
    pieces = [piece for piece in _BLANKS.split(text) if piece]
    if not pieces:
        return
    table = _find_table([len(piece) > _LONG or _MARK.search(piece) is not None for piece in pieces])
    line = pieces[0]
    for place, (before, after) in enumerate(pairwise(pieces), 1):
        if _ENUMERATOR.fullmatch(before):
            line += after
        elif table[place - 1] or table[place] or _ends_between(before, after):
            yield line
            line = after
        else:
            line += " " + after
    yield line


def _find_table(prose: Sequence[bool]) -> list[bool]:
    """Which pieces stand in a run of such as are no running text."""
    table = [False] * len(prose)
    start = 0
    for place, runs_on in enumerate((*prose, True)):
        if runs_on:
            if place - start >= _RUN:
                table[start:place] = [True] * (place - start)
            start = place + 1
    return table


def _ends_between(before: str, after: str) -> bool:
    """Whether a line ends between two pieces, one of which at least is running text or a heading."""
    short = len(before) <= _HEADING and not _MARK.search(before)
    if before.endswith(_ENDS) or (short and _ENUMERATOR.match(before)):
        return True
    return _ENUMERATOR.match(after) is not None and (short or before.endswith(("；", "：", ";", ":")))
