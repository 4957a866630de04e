"""Lines broken in mid-sentence joined again, only where it is certain.

A line goes on with the next where it ends open and fills the page's width, where a bracket or quotation mark
stays open or the mark before the break asks for more, or where the next begins with a closing mark. Never
across a heading, an enumerator that begins a paragraph, a table row or label, or a signature.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import count, pairwise
from typing import Literal, NamedTuple

from msgspec.structs import replace

from extract.forms import FormColumn, FormRow, load_forms
from extract.normalise.characters import fold_signs
from extract.normalise.furniture import TITLE_LINE, Draft, load_furniture_data
from extract.normalise.parted_numbers import COUNTED
from extract.patterns import late
from extract.report import Grid, Paragraph

_STOPS = frozenset("。！？!?；;：:…")
_AFTER_STOP = frozenset("'\"”’」』）)】")
_ASKS_MORE = tuple("，、《（“‘「『〔【—")
_BEGINS_CLOSING = tuple("，。、；：！？）》〕】」』,;!?")
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
_LATIN_BREAK = late(r"[A-Za-z]{2}")
_CLAUSES = late(r"[，；,;]")
_NOTE = late(r"[（(][^（(]*?(?:[）)]|$)")
_PAUSE = late(r"[，。；：,;:]")
_REMEMBERED = 2048  # short lines; each is asked about several times, and the form's labels in every report
_MIN_WIDTH = 30  # columns (15 characters), the narrowest page seen in e-books
_SLACK = 6  # columns by which a full line may stay short: a number or a mark that was not to be parted
_OUTLIERS = 0.03  # of the lines may be wider than the page (addresses of pages, lines already joined)
_NONE = frozenset("无零")
_CLAUSE = late(r"[，。；、]")
_MEASURE = late(COUNTED)
_HEAD_WORDS, _HEAD_WORD = 3, 8  # words parted by blanks, and their characters, that make a row of a header
_INDENT = 2  # blanks; the customary indent of a paragraph is two wide ones, which are plain by now


@cache
def _tabular_words() -> re.Pattern[str]:
    return re.compile("|".join(load_furniture_data()["tabular"]["words"]))


End = Literal["open", "closed", "apart"]


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
    ends = [_find_end(line.text.strip()) for line in lines]
    rests = _find_rests(shifted, ends, measure_page(lines, ends))
    if not rests:
        return draft
    blocks: list[Grid | Paragraph] = []
    for at, block in enumerate(draft.blocks):
        if at + 1 in rests and at not in rests:
            end = next(after for after in count(at + 1) if after not in rests)
            blocks.append(_join([one for one in draft.blocks[at:end] if isinstance(one, Paragraph)]))
        elif at not in rests:
            blocks.append(block)
    return replace(draft, blocks=tuple(blocks))


def _find_rests(blocks: Sequence[Grid | Paragraph], ends: Iterable[End], page: Page) -> set[int]:
    """The places of the lines that go on with the one before; `ends` are those of the wrapped lines."""
    rests: set[int] = set()
    last: Paragraph | None = None  # the wrapped line before, as printed, unless nothing goes on with it
    end: End = "apart"
    waiting = iter(ends)
    for at, block in enumerate(blocks):
        if not isinstance(block, Paragraph) or not block.wrapped:
            last = None
            continue
        if last is not None and goes_on(last, end, block, page):
            rests.add(at)
        end = next(waiting)
        last = None if end == "apart" else block
    return rests


def shift_to_margin(blocks: Sequence[Grid | Paragraph]) -> Sequence[Grid | Paragraph]:
    """The blocks, lines without the margin that their stretch of the text keeps.

    A program that lays pages out as text gives each as much margin as its widest part asks for. A stretch
    shows its margin by lines of running text that go on at less indent than the line before; one that shows
    none has that of the stretch above. Blank lines, tables and rows part stretches.
    """
    if not _shows_margin(blocks):
        return blocks
    shifted: list[Grid | Paragraph] = []
    stretch: list[Paragraph] = []
    margin = 0
    for block in blocks:
        line = block if isinstance(block, Paragraph) and block.wrapped else None
        if line is not None and _is_laid_out(line.text.strip()):
            line = None
        if stretch and (line is None or line.gap):
            margin = _find_margin(stretch, margin)
            shifted.extend(_outdent(one, margin) for one in stretch)
            stretch = []
        if line is not None:
            stretch.append(line)
        else:
            shifted.append(block)
    margin = _find_margin(stretch, margin)
    return [*shifted, *(_outdent(one, margin) for one in stretch)]


def _shows_margin(blocks: Sequence[Grid | Paragraph]) -> bool:
    """Whether a line may go on at less indent than the line before; without such lines no margin is found."""
    last: Paragraph | None = None
    indent = 0
    for block in blocks:
        line = block if isinstance(block, Paragraph) and block.wrapped else None
        before, indent = indent, 0 if line is None else _indent(line.text)
        if 0 < indent < before and last is not None and line is not None and _may_go_on(last, line):
            return True
        last = line
    return False


def _find_margin(lines: Sequence[Paragraph], before: int) -> int:
    """The blanks before every line of a stretch; `before` are those of the stretch above."""
    going_on: list[int] = []
    for line, after in pairwise(lines):
        inner = _indent(after.text)
        if (inner < _indent(line.text) or inner in going_on) and _may_go_on(line, after):
            going_on.append(inner)
    least = min(map(_indent, (line.text for line in lines)), default=before)
    return min(going_on, default=min(before, least))


def _may_go_on(line: Paragraph, after: Paragraph) -> bool:
    """Whether nothing but its indent tells `after` from the rest of the sentence in `line`."""
    first = line.text.strip()
    if len(first) < _MIN_WIDTH // 2 or _is_closed(first) or _is_heading(first):
        return False
    return not _PARAGRAPH_MARK.match(after.text.strip())


def _outdent(line: Paragraph, margin: int) -> Paragraph:
    return replace(line, text=line.text[min(margin, _indent(line.text)) :]) if margin else line


def goes_on(line: Paragraph, end: End, after: Paragraph, page: Page) -> bool:
    """Whether `after` is the rest of the sentence that `line` began; `end` is open or closed."""
    if line.heading or after.heading:
        return False
    first, second = line.text.strip(), after.text.strip()
    if not first or not second:
        return False
    if not second.startswith(_BEGINS_CLOSING):
        if page.indent and _indent(after.text) >= page.indent:
            return False
        if not (_is_broken_off(line, after, page) if end == "open" else _goes_past_stop(line, after, page)):
            return False
    if end == "closed" and (_is_heading(first) or is_tabular(first)):
        return False
    return not is_tabular(second) and not _PARAGRAPH_MARK.match(second)


def _goes_past_stop(line: Paragraph, after: Paragraph, page: Page) -> bool:
    """Whether a paragraph goes on after the stop that ends `line`.

    So it is where the page is full, this text indents its paragraphs, and `after` is not.
    """
    if page.indent == 0 or after.gap or not page.is_full(line.text):
        return False
    return not _INLINE_MARK.match(after.text.strip())


def _is_broken_off(line: Paragraph, after: Paragraph, page: Page) -> bool:
    """Whether the open end of `line`, or its length, asks for `after`."""
    first, second = line.text.strip(), after.text.strip()
    if first[-1].isdecimal() and _CLAUSE.search(first) and _MEASURE.match(second):
        return True  # running text that ends in a number
    if len(second) < 16 and _DATE_LINE.match(second):
        return False
    if first.endswith(_ASKS_MORE) or page.is_full(line.text):
        return True
    return _leaves_open(first, "《", "》", second) or _leaves_open(first, "〔", "〕", second)


def measure_page(lines: Sequence[Paragraph], ends: Sequence[End]) -> Page:
    """The page that broke these lines, which end so."""
    indents = [_indent(line.text) for line in lines]
    margin = min(indents)
    indented = sum([indent - margin >= _INDENT for indent in indents])
    indent = margin + _INDENT if indented >= 3 else 0
    if ends.count("open") < 3:
        return Page(0, indent, margin)
    return Page(_measure_width(lines, ends, margin), indent, margin, _measure_letters(lines, ends))


def _measure_width(lines: Sequence[Paragraph], ends: Sequence[End], margin: int) -> int:
    """The columns of the page, 0 where lines are whole paragraphs.

    It shows in lines of running text that end in mid-sentence, at least three of them within `_SLACK` of the
    widest, and nearly none wider; the rows of a table may be wider than the page.
    """
    broken = _list_widths([line for line, end in zip(lines, ends) if end == "open"], margin)
    near = sorted(width for width in broken if width >= _MIN_WIDTH - _SLACK)
    if all(third - first > _SLACK + 2 for first, third in zip(near, near[2:])):
        return 0
    whole = _list_widths([line for line, end in zip(lines, ends) if end != "open"], margin)
    widths = sorted(broken + whole, reverse=True)
    width = widths[int(len(widths) * _OUTLIERS)]
    full = sum(width - _SLACK <= own <= width + 2 for own in near)
    return width if width >= _MIN_WIDTH and full >= 3 else 0


def _list_widths(lines: Sequence[Paragraph], margin: int) -> list[int]:
    """The columns of each line of running text."""
    return [_printed_width(line.text, margin) for line in lines if not _is_laid_out(line.text.strip())]


def _measure_letters(lines: Sequence[Paragraph], ends: Sequence[End]) -> int:
    """The characters at which a program broke the lines: three open lines have as many, no prose has more."""
    lengths = [len(line.text.rstrip()) for line in lines]
    times = Counter(length for length, end in zip(lengths, ends) if end == "open")
    most = max((length for length, count in times.items() if count >= 3), default=0)
    if 2 * most < _MIN_WIDTH:
        return 0
    longer = (line.text.strip() for line, length in zip(lines, lengths) if length > most)
    return most if all(map(is_tabular, longer)) else 0


def _find_end(line: str) -> End:
    """How a line ends: with a stop, in mid-sentence, or as headings and the lines of tables do."""
    if _is_closed(line):
        return "closed"
    return "apart" if _is_heading(line) or is_tabular(line) else "open"


def _is_laid_out(line: str) -> bool:
    """Whether a line is a table's, or has its words set apart in columns."""
    return "   " in line or is_tabular(line)


def _is_closed(line: str) -> bool:
    """Whether a line ends with a stop, and perhaps a closing quote or bracket after it."""
    return line[-1:] in _STOPS or (line[-1:] in _AFTER_STOP and line[-2:-1] in _STOPS)


def _is_heading(line: str) -> bool:
    """Whether a line is a title, or begins as a heading does and has no sentence in it."""
    return len(line) <= 60 and _is_short_heading(line)


@lru_cache(_REMEMBERED)
def _is_short_heading(line: str) -> bool:
    if "公开" in line and TITLE_LINE.search(line):
        return True
    return _PARAGRAPH_MARK.match(line) is not None and not _PAUSE.search(line)


def find_labels(line: str) -> set[str]:
    """The labels of the statutory tables that a line holds.

    >>> sorted(find_labels("信息内容本年制发件数规章"))
    ['信息内容', '本年制发件数']
    """
    return set(_tabular_words().findall(line))


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
    if words and _is_value(words[-1]) and (_is_value(words[-2]) if len(words) > 1 else len(line) < 12):
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
    if opening not in first or first.rfind(opening) <= first.rfind(closing):
        return False
    close = second.find(closing, 0, 80)
    return close >= 0 and second.find(opening, 0, close) < 0


def _join(run: Sequence[Paragraph]) -> Paragraph:
    """The lines of one sentence as one, with nothing between them but a blank between Latin words.

    Signs that come to stand beside a digit (12 | ％) are folded.
    """
    parts: list[str] = []
    for line in run:
        part = line.text.strip()
        if parts and _LATIN_BREAK.fullmatch(parts[-1][-1:] + part[:1]):
            parts.append(" ")
        parts.append(part)
    return replace(run[0], text=fold_signs("".join(parts)))


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
