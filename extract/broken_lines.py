"""Lines broken in mid-sentence joined again, letter-spaced lines closed up; only where it is certain.

A line goes on with the next where it ends open and fills the page's width, where a bracket or quotation mark
stays open or the mark before the break asks for more, or where the next begins with a closing mark. Never
across a heading, an enumerator that begins a paragraph, a table row or label, or a signature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from extract.forms import FormColumn, FormRow, load_forms
from extract.furniture import TITLE_LINE, Draft, load_furniture_data
from extract.patterns import late
from extract.report import Grid, Paragraph

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_CLOSED = late(r"[。！？!?；;：:…]['\"”’」』）)】]?$")
_ASKS_MORE = tuple("，、《（“‘「『〔【—")
_BEGINS_CLOSING = late(r"[，。、；：！？）》〕】」』,;!?]")
_PARAGRAPH_MARK = late(
    r"""
    [#|•●◆■★□➢]
    | 第[一二三四五六七八九十]{1,3}[条章节部]                       # 第一部分
    | [一二三四五六七八九十]{1,3}[ ]?[、.．]                        # 一、
    | [（(][ ]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[ ]?[）)]    # （一） (1)
    | \d{1,2}[ ]?(?:[、．]|\.(?!\d))                              # 1. 2、 but not 1.5
    | [①-⑳] | 附[件表注：:] | 注[：:]
    """,
    re.VERBOSE,
)
_INLINE_MARK = late(
    r"[一二三四五六七八九十]{1,2}是|其[一二三四五]|首先|其次|再次|最后|第[一二三四五]，|改进|问题"
)
_DATE_LINE = late(r"[12０-９〇零○二]\S{0,5} ?年 ?\S{1,3} ?月 ?\S{1,3} ?日")
_SPACED = late(rf"(?:[{_HAN}、][ ]{{1,2}}){{1,60}}[{_HAN}]")
_SPACED_BREAK = late(rf"(?<=[{_HAN}、])[ ]{{1,2}}(?=[{_HAN}、])")
_LATIN_BREAK = late(r"[A-Za-z]{2}")
_CLAUSES = late(r"[，；,;]")
_NOTE = late(r"[（(][^（(]*?(?:[）)]|$)")
_PAUSE = late(r"[，。；：,;:]")
_REMEMBERED = 2048  # short lines; each is asked about several times, and the form's labels in every report
_MIN_WIDTH = 30  # columns (15 characters), the narrowest page seen in e-books
_SLACK = 6  # columns by which a full line may stay short: a number or a mark that was not to be parted
_OUTLIERS = 0.03  # of the lines may be wider than the page (addresses of pages, lines already joined)
_NONE = frozenset("无零")
_COUNTED = late(r"[，。；、].*\d$")  # running text that ends in a number
_MEASURE = late(r"万?(?:余|多)?(?:[条件个次篇份人项期场]|万?元|%|％|个?百分点)")
_HEAD_WORDS, _HEAD_WORD = 3, 8  # words parted by blanks, and their characters, that make a row of a header
_INDENT = 2  # blanks; the customary indent of a paragraph is two wide ones, which are plain by now


def close_spaced_words(draft: Draft) -> Draft:
    """Letter-spaced headings closed up (引 言), where they spell a word that reports use.

    >>> close_spaced("引 言")
    '引言'
    >>> close_spaced("总 计")
    '总 计'
    """
    blocks = tuple(
        replace(block, text=closed)
        if isinstance(block, Paragraph) and (closed := close_spaced(block.text)) != block.text
        else block
        for block in draft.blocks
    )
    return replace(draft, blocks=blocks)


def close_spaced(line: str) -> str:
    """`line` with its letter-spaced runs closed, if each run spells a known word."""
    if " " not in line or len(line) > 200:
        return line
    return _SPACED.sub(_close_run, line)


def _close_run(found: re.Match[str]) -> str:
    run = found.group()
    before, after = found.string[: found.start()], found.string[found.end() :]
    if re.search(rf"[{_HAN}]$", before) or re.match(rf"[{_HAN}]", after):
        return run  # the last or first letter belongs to a word beside
    closed = _SPACED_BREAK.sub("", run)
    return closed if _spaced_words().search(closed) else run


@cache
def _spaced_words() -> re.Pattern[str]:
    return re.compile("|".join(load_furniture_data()["spaced"]["words"]))


@cache
def _tabular_words() -> re.Pattern[str]:
    return re.compile("|".join(load_furniture_data()["tabular"]["words"]))


# ---- broken lines ----------------------------------------------------------------------------------------


class Page(NamedTuple):
    """What the lines of a text show of the page that broke them.

    `width` is its columns, 0 where lines are whole paragraphs; `indent` the blanks before a line that begin a
    paragraph, 0 where the text marks its paragraphs otherwise; `margin` the blanks before every line.
    `letters` is the number of characters at which lines were broken where these were counted and not columns,
    else 0.
    """

    width: int
    indent: int
    margin: int
    letters: int = 0

    def is_full(self, line: str) -> bool:
        """Whether nothing more went into the line."""
        if self.width > 0 and _printed_width(line, self.margin) >= self.width - _SLACK:
            return True
        return self.letters > 0 and self.letters - 1 <= len(line.rstrip())


def join_broken_lines(draft: Draft) -> Draft:
    """The lines of one sentence that a page's width or end had parted, as one line again."""
    shifted = shift_to_margin(draft.blocks)
    lines = [block for block in shifted if isinstance(block, Paragraph) and block.wrapped]
    if len(lines) < 2:
        return draft
    page = measure_page(lines)
    runs: list[list[Paragraph]] = []
    blocks: list[Grid | list[Paragraph]] = []
    last: Paragraph | None = None  # the wrapped line before, as printed
    for block, line in zip(draft.blocks, shifted):
        if isinstance(block, Grid):
            blocks.append(block)
            last = None
            continue
        wrapped = line if isinstance(line, Paragraph) and line.wrapped else None
        if last is not None and wrapped is not None and goes_on(last, wrapped, page):
            runs[-1].append(block)
        else:
            runs.append([block])
            blocks.append(runs[-1])
        last = wrapped
    return replace(draft, blocks=tuple(b if isinstance(b, Grid) else _join(b) for b in blocks))


def shift_to_margin(blocks: Sequence[Grid | Paragraph]) -> list[Grid | Paragraph]:
    """The blocks, lines without the margin that their stretch of the text keeps.

    A program that lays pages out as text gives each as much margin as its widest part asks for. A stretch
    shows its margin by lines of running text that go on at less indent than the line before; one that shows
    none has that of the stretch above. Blank lines, tables and rows part stretches.
    """
    shifted: list[Grid | Paragraph] = []
    stretch: list[Paragraph] = []
    margin = 0
    for block in blocks:
        line = block if isinstance(block, Paragraph) else None
        if stretch and (line is None or line.gap or not line.wrapped or _is_laid_out(line.text.strip())):
            margin = _find_margin(stretch, margin)
            shifted.extend(_outdent(one, margin) for one in stretch)
            stretch = []
        if line is not None and line.wrapped and not _is_laid_out(line.text.strip()):
            stretch.append(line)
        else:
            shifted.append(block)
    margin = _find_margin(stretch, margin)
    return [*shifted, *(_outdent(one, margin) for one in stretch)]


def _find_margin(lines: Sequence[Paragraph], before: int) -> int:
    """The blanks before every line of a stretch; `before` are those of the stretch above."""
    going_on: list[int] = []
    for line, after in pairwise(lines):
        first, second = line.text.strip(), after.text.strip()
        inner = _indent(after.text)
        if inner < _indent(line.text) or inner in going_on:
            short = len(first) < _MIN_WIDTH // 2 or _is_heading(first)
            if not short and not _is_closed(first) and not _PARAGRAPH_MARK.match(second):
                going_on.append(inner)
    least = min(map(_indent, (line.text for line in lines)), default=before)
    return min(going_on, default=min(before, least))


def _outdent(line: Paragraph, margin: int) -> Paragraph:
    return replace(line, text=line.text[min(margin, _indent(line.text)) :]) if margin else line


def goes_on(line: Paragraph, after: Paragraph, page: Page) -> bool:
    """Whether `after` is the rest of the sentence that `line` began."""
    first, second = line.text.strip(), after.text.strip()
    if not first or not second or line.heading or after.heading or _is_heading(first):
        return False
    if is_tabular(first) or is_tabular(second) or _PARAGRAPH_MARK.match(second):
        return False
    if _BEGINS_CLOSING.match(second):
        return True
    if page.indent and _indent(after.text) >= page.indent:
        return False
    if _COUNTED.search(first) and _MEASURE.match(second):
        return True
    full = page.is_full(line.text)
    if _is_closed(first):
        # Even so the paragraph goes on, where this text indents its paragraphs and the next line is not.
        return full and page.indent > 0 and not after.gap and not _INLINE_MARK.match(second)
    if _DATE_LINE.match(second) and len(second) < 16:
        return False
    if full or first.endswith(_ASKS_MORE):
        return True
    return _leaves_open(first, "《", "》", second) or _leaves_open(first, "〔", "〕", second)


def measure_page(lines: Sequence[Paragraph]) -> Page:
    """The page that broke these lines.

    Its width shows in lines of running text that end in mid-sentence, at least three of them within `_SLACK`
    of the widest, and nearly none wider; the rows of a table may be wider than the page.
    """
    margin = min(_indent(line.text) for line in lines)
    indented = sum(_indent(line.text) - margin >= _INDENT for line in lines)
    running = [line.text for line in lines if not _is_laid_out(line.text.strip())]
    widths = [_printed_width(text, margin) for text in running] or [0]
    width = sorted(widths, reverse=True)[int(len(widths) * _OUTLIERS)]
    broken = sum(
        width - _SLACK <= own <= width + 2 and _is_open(text.strip()) for own, text in zip(widths, running)
    )
    if width < _MIN_WIDTH or broken < 3:
        width = 0
    return Page(width, margin + _INDENT if indented >= 3 else 0, margin, _measure_letters(lines))


def _measure_letters(lines: Sequence[Paragraph]) -> int:
    """The characters at which a program broke the lines: three open lines have as many, no prose has more."""
    lengths: dict[int, list[str]] = {}
    for line in lines:
        lengths.setdefault(len(line.text.rstrip()), []).append(line.text.strip())
    for most in sorted(lengths, reverse=True):
        if 2 * most < _MIN_WIDTH:
            return 0
        if sum(map(_is_open, lengths[most])) >= 3:
            return most
        if not all(map(is_tabular, lengths[most])):
            return 0
    return 0


def _is_laid_out(line: str) -> bool:
    """Whether a line is a table's, or has its words set apart in columns."""
    return "   " in line or is_tabular(line)


def _is_open(line: str) -> bool:
    """Whether a line of running text ends in mid-sentence."""
    return not _is_closed(line) and not is_tabular(line) and not _is_heading(line)


def _is_closed(line: str) -> bool:
    """Whether a line ends with a stop, and perhaps a closing quote or bracket after it."""
    return _CLOSED.search(line, max(0, len(line) - 2)) is not None


def _is_heading(line: str) -> bool:
    """Whether a line is a title, or begins as a heading does and has no sentence in it."""
    return len(line) <= 60 and _is_short_heading(line)


@lru_cache(_REMEMBERED)
def _is_short_heading(line: str) -> bool:
    if "公开" in line and TITLE_LINE.search(line):
        return True
    return _PARAGRAPH_MARK.match(line) is not None and not _PAUSE.search(line)


def is_tabular(line: str) -> bool:
    """Whether a line is a table's: numbers at its end, a row of short words, or a label of the form."""
    return len(line) <= 120 and _is_row(line)


@lru_cache(_REMEMBERED)
def _is_row(line: str) -> bool:
    if line in _NONE or line in _labels():
        return True
    words = line.split()
    if len(words) >= _HEAD_WORDS and max(map(len, words)) <= _HEAD_WORD and not _PAUSE.search(line):
        return True
    if words and all(_is_value(word) for word in words[-2:]) and (len(words) > 1 or len(line) < 12):
        return True
    if len(line) >= 60 or "。" in line or not _tabular_words().search(line):
        return False
    return not _CLAUSES.search(_NOTE.sub("", line))  # 自然人申请5件，商业企业申请3件 is running text


@cache
def _labels() -> frozenset[str]:
    """Every label of the statutory tables, alone on its line."""
    labels: set[str] = set()
    for table in (table for form in load_forms() for table in form.tables):
        labels.update((*table.corners, *table.subtotals, *table.spans))
        for band in table.bands:
            printed: tuple[FormRow | FormColumn, ...] = (*band.rows, *band.columns)
            labels.update(one.label for one in printed)
            labels.update(one.group for one in printed if one.group is not None)
    return frozenset(labels)


def _is_value(word: str) -> bool:
    return len(word) < 20 and not word.strip("0123456789.,+-—/") and not word.endswith((".", ","))


def _leaves_open(first: str, opening: str, closing: str, second: str) -> bool:
    """Whether `first` opens a bracket that `second` closes before it opens another."""
    if first.rfind(opening) <= first.rfind(closing):
        return False
    close = second.find(closing, 0, 80)
    return close >= 0 and second.find(opening, 0, close) < 0


def _join(run: Sequence[Paragraph]) -> Paragraph:
    """The lines of one sentence as one, with nothing between them but a blank between Latin words."""
    if len(run) == 1:
        return run[0]
    parts: list[str] = []
    for line in run:
        part = line.text.strip()
        if parts and _LATIN_BREAK.fullmatch(parts[-1][-1:] + part[:1]):
            parts.append(" ")
        parts.append(part)
    return replace(run[0], text="".join(parts))


def _printed_width(line: str, margin: int) -> int:
    """The columns of a line with its indent, which counts two characters at most."""
    indent = min(2 * (_indent(line) - margin), 4)
    return indent + _columns(line.strip())


def _columns(text: str) -> int:
    """The width of a text in columns: two for an ideograph, as its bytes in GB18030."""
    return len(text) if text.isascii() else len(text.encode("gb18030", "replace"))


def _indent(line: str) -> int:
    """The blanks before a line."""
    return len(line) - len(line.lstrip())
