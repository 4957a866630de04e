"""Plain text and Markdown to a Document: paragraphs as lines, and what is visibly a table as a grid.

A table that shows itself by nothing but blanks or line ends stays a run of lines. Order matters: a line is
first told as a table row, and only what is none is read as Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from extract.days import parse_day
from extract.patterns import late
from extract.read.blank_lines import lay_out_blanks
from extract.read.column_lists import lay_out_columns
from extract.read.cut_rows import join_cut_rows
from extract.read.encoding import decode
from extract.read.glued_labels import part_glued_labels
from extract.read.lone_labels import join_lone_labels
from extract.read.lost_line_ends import restore_line_ends
from extract.read.parted_rows import part_rows
from extract.read.rows import find_grid, has_pipes
from extract.read.stacked_heads import join_stacked_heads
from extract.read.told_rows import lay_out_told
from extract.read.told_statistics import lay_out_statistics
from extract.read.wrapped_numbers import join_wrapped_numbers
from extract.report import Document, Grid, Paragraph

# Unicode line ends, but for the separators U+001C–001E, which are found inside lines of database dumps.
_LINE_ENDS = "\r\v\f\x85\u2028\u2029"
_LINE_MARKS = "↵¶↓"  # ends of lines where a word processor shows them; tabs are arrows there, blanks dots
_HASHES = late(r"[ \u3000]{0,3}#{1,6}(?!#)[ \t\u3000\xa0]*(?=\S)")
_BEGINS_MARK = " \t\u3000#>-*+_=`~"  # or the blanks before one
_RULE = late(r"[ \t]*(?:(?:-[ \t]?){3,}|(?:\*[ \t]?){3,}|(?:_[ \t]?){3,}|={3,}|[`~]{3,}\w*)[ \t]*")
_UNDERLINE = late(r"[ ]{0,3}(?:={3,}|-{3,})[ \t]*")
_BULLET = late(r"[ \t]*[-*+][ \t]+(?=[^\s\d\-—])")
_QUOTE = late(r"[ ]{0,3}>[ \t]?(?=\S)")
_QUOTES = late(r"(?:>[ ]?)+")
_EMPHASIS = late(r"(\*\*|__)(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1")
_ESCAPED = late(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_IMAGE = late(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,1000}\)")
_LINK = late(r"\[([^\]\n]{1,200})\]\((?:https?:|/|\.|#|mailto:|javascript:)[^)\s]{0,1000}\)")
_BREAK_TAG = late(r"<br[ ]?/?>", re.IGNORECASE)
_ENTITY = late(r"&(?:nbsp|emsp|ensp|amp|lt|gt|quot|[lr]dquo|middot|mdash|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_READER_HEAD = late(  # what a service writes above a page that it turned into Markdown
    r"Title: ([^\n]{0,300})\n\s*URL Source: [^\n]*\n\s*"
    r"(?:Published Time: ([^\n]{0,60})\n\s*)?Markdown Content:[ ]*\n"
)
_MARKDOWN_SIGNS = (  # each with a character that it has
    ("#", late(r"\n#{1,6}[ \t]*\S")),
    ("|", late(r"\n\|[ :|-]+\|[ \t]*$", re.MULTILINE)),
    ("*", late(r"\*\*\S")),
)
_TABLE_ROWS = 3  # with three cells or more, that values parted by commas have
_HEADING_LENGTH = 40  # a line set bold as a whole is a heading up to this length


def read_text(data: bytes, path: str) -> Document:
    """The paragraphs and visible tables of a text or Markdown file, in reading order.

    Markdown marks (heading #, bold, bullets, links, <br>) are taken away; a heading is remembered as such.
    Raises `UnreadableFile` where the bytes are empty, binary or in no known encoding.
    """
    content, encoding = decode(data, path)
    head = _READER_HEAD.match(content) if content.startswith("Title: ") else None
    content = content[head.end() :] if head else content
    if path.lower().endswith(".csv") and (rows := _read_table(content)):
        return Document(rows, media_type="text/csv", encoding=encoding)
    markdown = head is not None or path.lower().endswith((".md", ".markdown", ".mkd"))
    pictures = len(_IMAGE.findall(content)) if "!" in content else 0
    return Document(
        blocks=tuple(read_blocks(content, markdown=markdown)),
        media_type="text/markdown" if markdown else "text/plain",
        encoding=encoding,
        title=head[1].strip() if head else None,
        published=parse_day(head[2] or "") if head else None,
        pictures=pictures,
    )


def _read_table(content: str) -> tuple[Paragraph | Grid, ...]:
    """The blocks of a workbook that was saved as values parted by commas; none where it is not such.

    As in a sheet a row of one filled cell may be a line of the report.
    """
    import csv

    from extract.read.spreadsheet import MAX_ROWS, MAX_WIDTH, lay_out

    try:
        rows = list(islice(csv.reader(content.splitlines(keepends=True)), MAX_ROWS))
    except csv.Error:
        return ()
    if sum(sum(map(bool, row)) > 2 for row in rows) < _TABLE_ROWS:
        return ()
    values = {
        (at, column): text.strip()
        for at, row in enumerate(rows)
        for column, text in enumerate(row[:MAX_WIDTH])
        if text.strip()
    }
    blocks = lay_out(values, {})
    return tuple(block for block in blocks if isinstance(block, (Paragraph, Grid)))


def read_blocks(content: str, *, markdown: bool = False) -> Iterator[Paragraph | Grid]:
    """The blocks of a text that is already decoded."""
    markdown = markdown or _shows_markdown(content)
    content = _clean(content)
    lines, pipes = _split_lines(content), has_pipes(content)
    if "|\n" in content:
        lines = join_lone_labels(lines)
    at, plain, gap = 0, 0, False
    while at < len(lines):
        line = lines[at]
        if at >= plain and (line or pipes):
            grid, plain = find_grid(lines, at, pipes=pipes)
            if grid is not None:
                yield grid
                at, gap = plain, True
                continue
        at += 1
        if not line or line.isspace():
            gap = True
            continue
        if not markdown:
            yield Paragraph(_BREAK_TAG.sub(" ", line) if "<" in line else line, True, gap)
            gap = False
            continue
        paragraph = _read_markdown(line, gap=gap)
        if paragraph and _may_be_underlined(line) and _is_underlined(lines, at):
            paragraph = Paragraph(paragraph.text, wrapped=True, gap=gap, heading=True)
        if paragraph is not None:
            yield paragraph
        gap = paragraph is None


def _shows_markdown(content: str) -> bool:
    return any(sign in content and pattern.search(f"\n{content}") for sign, pattern in _MARKDOWN_SIGNS)


def _clean(content: str) -> str:
    """Entities and line-break tags as characters, the byte-order mark away."""
    if "\ufeff" in content:
        content = content.replace("\ufeff", "")
    if "\x07" in content:  # ends each cell and each row where Word hands its text to a program
        content = content.replace("\r\x07", "\n").replace("\x07", "\n")
    for sign in _LINE_MARKS:
        if sign in content and 2 * content.count(f"{sign}\n") > content.count("\n"):
            content = content.replace(sign, "").replace("→", "\t").replace("··", "  ")
    if "&" in content:
        import html

        content = _ENTITY.sub(lambda found: html.unescape(found.group()), content)
    return content


def _split_lines(content: str) -> list[str]:
    """The lines, heads of columns that stand one over another on one, and so broken numbers."""
    if "\r" in content:
        content = content.replace("\r\n", "\n")
    for end in _LINE_ENDS:
        content = content.replace(end, "\n")
    lines = content.split("\n")
    if "\n>" in content:
        lines = _take_off_quotes(lines)
    lines = restore_line_ends(lines)
    if content.count("\t") > len(lines):
        lines = join_cut_rows(lines)
    lines = part_rows(lay_out_blanks(lines, content), content)
    lines = lay_out_told(lay_out_columns(lines, content), content)
    lines = part_glued_labels(lay_out_statistics(lines, content), content)
    lines = join_wrapped_numbers(lines)
    return join_stacked_heads(lines) if "  " in content else lines


def _take_off_quotes(lines: list[str]) -> list[str]:
    """The lines without the > of an e-mail's quoted text, where most lines have it; a few may be arrows."""
    quoted = sum(line.startswith(">") for line in lines)
    if 2 * quoted < sum(map(bool, lines)):
        return lines
    return [_QUOTES.sub("", line) if line.startswith(">") else line for line in lines]


def _may_be_underlined(line: str) -> bool:
    """Whether a line of = or - below makes it a heading: no list entry, and short."""
    return len(line) <= 2 * _HEADING_LENGTH and not _BULLET.match(line)


def _is_underlined(lines: Sequence[str], after: int) -> bool:
    return after < len(lines) and _UNDERLINE.fullmatch(lines[after]) is not None


def _read_markdown(line: str, *, gap: bool) -> Paragraph | None:
    """One line as a paragraph; None where it is nothing but a Markdown rule or picture."""
    heading = False
    if line[0] in _BEGINS_MARK:
        if _RULE.fullmatch(line):
            return None
        if found := _HASHES.match(line):
            line, heading = line[found.end() :].rstrip().rstrip("#"), True
        elif found := _QUOTE.match(line) or _BULLET.match(line):
            line = line[found.end() :]
    line = _fold_inline(line)
    if "**" in line or "__" in line:
        bold = _EMPHASIS.fullmatch(line.strip())
        heading = heading or (bold is not None and len(bold.group(2)) <= _HEADING_LENGTH)
        line = _EMPHASIS.sub(r"\2", line)
    line = _ESCAPED.sub(r"\1", line) if "\\" in line else line
    if not line.strip():
        return None
    return Paragraph(line, True, gap, heading)


def _fold_inline(line: str) -> str:
    """Links as their words, pictures away, line-break tags as blanks."""
    if "](" in line:
        line = _LINK.sub(r"\1", _IMAGE.sub("", line))
    return _BREAK_TAG.sub(" ", line) if "<" in line else line
