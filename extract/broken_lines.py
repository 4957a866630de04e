"""Lines broken in mid-sentence joined again, letter-spaced lines closed up; only where it is certain.

A line goes on with the next where it ends open and fills the page's width, where a bracket or quotation mark
stays open or the mark before the break asks for more, or where the next begins with a closing mark. Never
across a heading, an enumerator that begins a paragraph, a table row or label, or a signature.
"""

from __future__ import annotations

import re
from functools import cache

from msgspec.structs import replace

from extract.furniture import TITLE_LINE, Draft, load_furniture_data
from extract.report import Grid, Paragraph

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_CLOSED = re.compile(r"[。！？!?；;：:…]['\"”’」』）)】]?$")
_ASKS_MORE = re.compile(r"[，、《（“‘「『〔【—]$")
_BEGINS_CLOSING = re.compile(r"[，。、；：！？）》〕】」』,;!?]")
_PARAGRAPH_MARK = re.compile(
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
_INLINE_MARK = re.compile(
    r"[一二三四五六七八九十]{1,2}是|其[一二三四五]|首先|其次|再次|最后|第[一二三四五]，|改进|问题"
)
_DATE_LINE = re.compile(r"[12０-９〇零○二]\S{0,5} ?年 ?\S{1,3} ?月 ?\S{1,3} ?日")
_SPACED = re.compile(rf"(?:[{_HAN}、][ ]{{1,2}}){{1,60}}[{_HAN}]")
_SPACED_BREAK = re.compile(rf"(?<=[{_HAN}、])[ ]{{1,2}}(?=[{_HAN}、])")
_LATIN_BREAK = re.compile(r"[A-Za-z]{2}")
_PAUSE = re.compile(r"[，。；：,;:]")
_MIN_WIDTH = 30  # columns (15 characters), the narrowest page seen in e-books
_SLACK = 6  # columns by which a full line may stay short: a number or a mark that was not to be parted
_OUTLIERS = 0.03  # of the lines may be wider than the page (addresses of pages, lines already joined)
_INDENT = 4  # columns; the customary indent of a paragraph, two characters


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


def join_broken_lines(draft: Draft) -> Draft:
    """The lines of one sentence that a page's width or end had parted, as one line again."""
    lines = [block for block in draft.blocks if isinstance(block, Paragraph) and block.wrapped]
    if len(lines) < 2:
        return draft
    width = find_page_width(lines)
    indented = sum(_indent(line.text) >= _INDENT for line in lines) >= 3
    blocks: list[Paragraph | Grid] = []
    open_parts: list[str] = []
    last: Paragraph | None = None  # the line before, as printed

    def close() -> None:
        if len(open_parts) > 1:
            head = blocks[-1]
            assert isinstance(head, Paragraph)
            blocks[-1] = replace(head, text=_join(open_parts))
        open_parts.clear()

    for block in draft.blocks:
        if isinstance(block, Paragraph) and block.wrapped:
            if last is not None and goes_on(last, block, width, indented=indented):
                open_parts.append(block.text)
            else:
                close()
                blocks.append(block)
                open_parts.append(block.text)
            last = block
        else:
            close()
            blocks.append(block)
            last = None
    close()
    return replace(draft, blocks=tuple(blocks))


def goes_on(line: Paragraph, after: Paragraph, width: int, *, indented: bool) -> bool:
    """Whether `after` is the rest of the sentence that `line` began.

    `width` is the page's, in columns (0 where the lines are whole paragraphs); `indented` says that this text
    marks its paragraphs by an indent.
    """
    first, second = line.text.strip(), after.text.strip()
    if not first or not second or line.heading or after.heading or _is_heading(first):
        return False
    if is_tabular(first) or is_tabular(second) or _PARAGRAPH_MARK.match(second):
        return False
    if _BEGINS_CLOSING.match(second):
        return True
    if indented and _indent(after.text) >= _INDENT:
        return False
    full = width > 0 and _columns(first) >= width - _SLACK
    if _CLOSED.search(first):
        return full and indented and not after.gap and not _INLINE_MARK.match(second)
    if _DATE_LINE.match(second) and len(second) < 16:
        return False
    if full:
        return True
    if _ASKS_MORE.search(first):
        return True
    return _leaves_open(first, "《", "》", second) or _leaves_open(first, "〔", "〕", second)


def find_page_width(lines: list[Paragraph]) -> int:
    """The width of the page in columns that broke these lines, or 0 where lines are whole paragraphs.

    A page's width shows in lines that end in mid-sentence, at least three of them within `_SLACK` of the
    widest line, and nearly none wider.
    """
    widths = sorted((_columns(line.text.strip()) for line in lines), reverse=True)
    width = widths[int(len(widths) * _OUTLIERS)]
    if width < _MIN_WIDTH:
        return 0
    return width if sum(_is_broken_at(width, line.text.strip()) for line in lines) >= 3 else 0


def _is_broken_at(width: int, line: str) -> bool:
    """Whether a line of running text ends in mid-sentence where a page of `width` columns would break it."""
    if not width - _SLACK <= _columns(line) <= width + 2 or _CLOSED.search(line):
        return False
    return not is_tabular(line) and not _is_heading(line)


def _is_heading(line: str) -> bool:
    """Whether a line is a title, or begins as a heading does and has no sentence in it."""
    if len(line) > 60:
        return False
    if TITLE_LINE.search(line):
        return True
    return _PARAGRAPH_MARK.match(line) is not None and not _PAUSE.search(line)


def is_tabular(line: str) -> bool:
    """Whether a line is a table's: it ends in two numbers, is one, or carries a label of the form."""
    if len(line) > 120:
        return False
    words = line.split()
    if words and all(_is_value(word) for word in words[-2:]) and (len(words) > 1 or len(line) < 12):
        return True
    return len(line) < 60 and "。" not in line and _tabular_words().search(line) is not None


def _is_value(word: str) -> bool:
    return len(word) < 20 and not word.strip("0123456789.,+-—/") and not word.endswith((".", ","))


def _leaves_open(first: str, opening: str, closing: str, second: str) -> bool:
    """Whether `first` opens a bracket that `second` closes before it opens another."""
    if first.rfind(opening) <= first.rfind(closing):
        return False
    close = second.find(closing, 0, 80)
    return close >= 0 and second.find(opening, 0, close) < 0


def _join(parts: list[str]) -> str:
    """The parts of a broken line, with nothing between them but a blank between Latin words."""
    joined = [parts[0].rstrip()]
    for part in parts[1:]:
        part = part.strip()
        if _LATIN_BREAK.fullmatch(joined[-1][-1:] + part[:1]):
            joined.append(" ")
        joined.append(part)
    return "".join(joined)


def _columns(text: str) -> int:
    """The width of a text in columns: two for an ideograph, as its bytes in GB18030."""
    return len(text) if text.isascii() else len(text.encode("gb18030", "replace"))


def _indent(text: str) -> int:
    """The columns of blank before a line; the wide blank counts two, and is folded to one by now."""
    return len(text) - len(text.lstrip())
