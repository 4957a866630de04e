"""Characters of a page to lines, and lines to paragraphs, by where they stand.

characters → lines (top to bottom, left to right) → paragraphs. All measures in points.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from extract.read.fixed_page import Char
from extract.report import Paragraph

_STOP = re.compile("[。，；]")
_MARK = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、．.]|[（(]\d{1,2}[）)]|\d{1,2}[、．](?!\d)|\d{1,2}\.(?!\d)|第[一二三四五六七八九十]{1,3}[部章节]|[①-⑳]|附件|表[一二三1-3]"
)
_PART = re.compile(r"[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十\d])")
_HEADING_END = re.compile(r"(?:情况|事项|措施|安排|打算|概述)$")
_GOES_ON = re.compile(r"[及和与、]")
_END = re.compile(r"[。！？；：;:.!?][”’」』）)》\"]*$")
_LATIN = re.compile(r"[A-Za-z0-9.,%/:_-]+")


_LEVEL = 0.08  # of a letter's height by which letters of one line may differ
_OVER = 1.1  # how far beyond a line's reach such a letter may stand


class PdfLine(NamedTuple):
    """A line of a page: its box, its text and its characters from left to right."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    chars: Sequence[Char]
    full: float = 0.0  # where a full line of its column ends; 0 where the margins of the text say it

    @property
    def size(self) -> float:
        """The height of its characters."""
        return self.y1 - self.y0


def group_lines(chars: Iterable[Char]) -> list[PdfLine]:
    """The lines that characters stand in, from top to bottom."""
    found = _part_lines(list(chars))
    return [line for line in map(make_line, found) if line is not None]


def _part_lines(chars: list[Char]) -> list[list[Char]]:
    """The characters of each line."""
    if not chars or _are_level(chars):
        return [chars]
    lines: list[list[Char]] = []
    line: list[Char] = []
    middle = height = last = 0.0
    for char in sorted(chars, key=_double_middle):
        own, tall = (char.y0 + char.y1) / 2, char.y1 - char.y0
        reach = 0.5 * (tall if tall < height else height) + 0.1 * height
        if own - last < _LEVEL * tall:  # of the letters of one line some stand lower by a hair
            reach *= _OVER
        last = own
        if not line or own - middle > reach:
            line = [char]
            lines.append(line)
            middle, height = own, tall
        else:
            line.append(char)
            if tall > height:
                middle, height = own, tall
    return lines


def _are_level(chars: Sequence[Char]) -> bool:
    """Whether characters are of one line at the first glance: no two are as far apart as a line reaches."""
    middles = [char.y0 + char.y1 for char in chars]
    return (max(middles) - min(middles)) / 2 < 0.59 * min([char.y1 - char.y0 for char in chars])


def _double_middle(char: Char) -> float:
    return char.y0 + char.y1


def make_line(chars: Iterable[Char]) -> PdfLine | None:
    """The line of some characters, blanks at its ends left out; None where there is nothing else."""
    ordered = sorted(chars)  # by x0
    if len(ordered) == 1:
        x0, y0, x1, y1, text, _ = ordered[0]
        return None if text.isspace() else PdfLine(x0, y0, x1, y1, text, ordered)
    inked = [char for char in ordered if not char.text.isspace()]
    if not inked:
        return None
    if len(inked) < len(ordered):
        first, behind = ordered.index(inked[0]), ordered[::-1].index(inked[-1])
        ordered = ordered[first : len(ordered) - behind]
    middle = len(inked) // 2
    return PdfLine(
        ordered[0].x0,
        sorted([char.y0 for char in inked])[middle],
        max([char.x1 for char in ordered]),
        sorted([char.y1 for char in inked])[middle],
        _join_characters(ordered),
        ordered,
    )


def _join_characters(ordered: Sequence[Char]) -> str:
    """The text of a line, with a blank where a gap is left: between letters a narrow one, else a wide one."""
    parts: list[str] = []
    end, before = ordered[0].x0, ""
    for x0, y0, x1, y1, text, _ in ordered:
        gap, high = x0 - end, y1 - y0
        if gap > 0.15 * high and text != " " and before != " ":
            latin = before.isascii() and text.isascii()
            if gap > (0.2 if latin else 0.7) * high:
                parts.append(" ")
        parts.append(text)
        end, before = x1, text
    return "".join(parts)


# ---- gaps ------------------------------------------------------------------------------------------------


def split_at_gaps(line: PdfLine, wide: float = 1.2) -> list[PdfLine]:
    """The stretches of a line between its gaps, `wide` in heights of the line, without their blanks."""
    return [part for chars in find_parts(line, wide) if (part := make_line(chars)) is not None]


def find_parts(line: PdfLine, wide: float = 1.2) -> list[list[Char]]:
    """The characters of each such stretch."""
    parts: list[list[Char]] = []
    gap, end = wide * line.size, 0.0
    for char in line.chars:
        if char.text.isspace():
            continue
        if parts and char.x0 - end <= gap:
            parts[-1].append(char)
        else:
            parts.append([char])
        end = char.x1
    return parts


# ---- paragraphs ------------------------------------------------------------------------------------------


class Margins(NamedTuple):
    """The sides of a column of text, and the usual distance from one of its lines to the next."""

    left: float
    right: float
    pitch: float
    indents: bool  # paragraphs of this text begin with an indent


def measure_margins(lines: Sequence[PdfLine]) -> Margins:
    """The margins that the lines of one column keep."""
    lefts = Counter(round(line.x0 / 2) * 2 for line in lines if len(line.text) > 12)
    lefts = lefts or Counter(round(line.x0 / 2) * 2 for line in lines)
    common = max(lefts.values(), default=0)
    left = float(min((place for place, count in lefts.items() if count >= 0.3 * common), default=0))
    usual = usual_size(lines)  # a title may be wider than the column below it
    right = max((line.x1 for line in lines if abs(line.size - usual) <= 0.25 * usual), default=0.0)
    steps = [
        after.y0 - before.y0
        for before, after in itertools.pairwise(lines)
        if 0 < after.y0 - before.y0 < 4 * before.size
    ]
    indented = sum(1.2 * line.size < line.x0 - left < 3.5 * line.size for line in lines)
    return Margins(left, right, median(steps) if steps else 0.0, indented >= max(1, 0.08 * len(lines)))


def usual_size(lines: Sequence[PdfLine]) -> float:
    """The height that most characters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def join_paragraphs(lines: Sequence[PdfLine], margins: Margins) -> list[Paragraph]:
    """The paragraphs of lines that follow one another; a gap above them is kept in mind."""
    runs: list[list[PdfLine]] = []
    gaps: list[bool] = []
    for line in lines:
        if runs and goes_on(runs[-1], line, margins):
            runs[-1].append(line)
            continue
        before = runs[-1][-1] if runs else None
        step = line.y0 - before.y0 if before else 0.0
        gaps.append(before is not None and (step < 0 or step > 1.6 * (margins.pitch or line.size)))
        runs.append([line])
    return [Paragraph(_join_lines(run), gap=gap) for run, gap in zip(runs, gaps, strict=True)]


def goes_on(run: Sequence[PdfLine], line: PdfLine, margins: Margins) -> bool:
    """Whether `line` is the rest of the paragraph whose lines so far are `run`."""
    last = run[-1]
    if _has_gap(last) or _has_gap(line) or (last.text.isdecimal() and _MARK.match(line.text)):
        return False
    if abs(last.size - line.size) > 0.25 * max(last.size, line.size):
        return False
    step = line.y0 - last.y0
    if step > 0 and margins.pitch and step > 1.7 * max(margins.pitch, last.size):
        return False
    if line.x0 - margins.left > 1.2 * line.size:  # indented, or set in the middle
        return False
    room = (last.full or margins.right) - last.x1
    first = _LATIN.match(line.text)
    needed = line.chars[first.end() - 1].x1 - line.x0 if first and first.end() <= len(line.chars) else 0.0
    if room > needed + 2.2 * last.size:
        return False
    ended = ends_sentence(last.text)
    if (ended and begins_paragraph(line.text)) or _begins_part(line.text):
        return False
    if len(run) == 1 and _is_whole_heading(last.text) and not _GOES_ON.match(line.text):
        return False
    heading = len(run) == 1 and is_short_heading(last.text)
    if heading and not ended and room > 1.2 * last.size:
        return False
    return not ended or margins.indents or (room < 1.2 * last.size and not begins_paragraph(line.text))


def begins_paragraph(text: str) -> bool:
    """Whether a line begins as a numbered paragraph or heading does: 一、 （一） 1. 附件."""
    return _MARK.match(text) is not None


def _begins_part(text: str) -> bool:
    """Whether a line is the heading of a part: 一、 and words without a stop, whatever stands above it."""
    return _PART.match(text) is not None and _STOP.search(text) is None


def _is_whole_heading(text: str) -> bool:
    """Whether a line is the heading of a part to its last word: a page of short lines shows no margin."""
    return _begins_part(text) and _HEADING_END.search(text) is not None


def ends_sentence(text: str) -> bool:
    """Whether a line ends with a stop, and perhaps a closing bracket or quotation mark behind it."""
    return _END.search(text) is not None


def is_short_heading(text: str) -> bool:
    """Whether a line is numbered and has no stop in it, as headings are."""
    return begins_paragraph(text) and _STOP.search(text) is None


def _has_gap(line: PdfLine) -> bool:
    """Whether a wide gap parts a line: it is a row of a table, or two things side by side."""
    return len(find_parts(line)) > 1


def _join_lines(run: Sequence[PdfLine]) -> str:
    parts = [run[0].text]
    for line in run[1:]:
        if (
            parts[-1][-1].isascii()
            and parts[-1][-1].isalpha()
            and line.text[0].isascii()
            and line.text[0].isalpha()
        ):
            parts.append(" ")
        parts.append(line.text)
    return "".join(parts)
