"""Document to Text: everything that is folded is folded here, once, and offsets count from the result.

Characters first (`CHARACTER_STEPS`), then whole lines (`BLOCK_STEPS`), then the text is laid out. Punctuation
stays as found. A step folds only what is certain; what it takes out goes to `Text.removed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby, islice, repeat
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from extract.broken_lines import close_spaced_words, join_broken_lines
from extract.copies import find_copy
from extract.datafiles import read_words
from extract.furniture import (
    TITLE_LINE,
    Blocks,
    Draft,
    find_kept_furniture,
    take_out_furniture,
    take_out_page_numbers,
    take_out_running_heads,
)
from extract.patterns import late
from extract.report import Document, Grid, GridCell, Line, Paragraph, Text, TextCell, TextGrid
from extract.torn_heads import join_torn_heads

_INVISIBLE = late(
    "[\x00-\x08\x0e-\x1d\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_TRADITIONAL = late("[開報總體關務實處門會國對時間辦請機]")  # common in every such report
_SIMPLIFIED = late("[开报总体关务实处门会国对时间办请机]")
_FEW = 4  # letters that may be a name
_SURROGATE = late("[\ud800-\udfff]")
# Apart from the rest, since a class with characters beyond U+FFFF is searched three times as slowly.
_RADICAL = late("[\u2e80-\u2fdf\uf900-\ufaff]")
_FAR_IDEOGRAPH = late("[\U0002f800-\U0002fa1f]")
_FULL_WIDTH = late("[０-９Ａ-Ｚａ-ｚ]")
_WIDTH_SHIFT = 0xFEE0
_SIGN = late("[％．＋－／～]")
_SIGN_BY_DIGIT = late("(?<=[0-9])[％．＋－／～]|[＋－](?=[0-9])")
_BLANK = late("[\t\v\f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_LOST_INDENT = late(r"^[ ]*\?{2,}[ ]*(?=[^\s?])", re.MULTILINE)
_LINE_END = late(r"\r\n?")
_CELL_BREAK = late(r"[ ]*\n[ \n]*")
_BLANK_RUN = late(r"[ ]{2,}")
_TEXT_END = "\x1e"  # parts the texts of a document while their characters are folded together
_ROW, _PLACE = attrgetter("row"), attrgetter("row", "column")
_WIDEST = 1000  # columns; a table that claims more is damaged


def normalise(document: Document) -> Text:
    """The text that all offsets point into, with its lines and tables."""
    draft = Draft(fold_characters(document.blocks))
    for step in BLOCK_STEPS:
        draft = step(draft)
    text = lay_out(draft)
    return replace(text, pictures=document.pictures) if document.pictures else text


# ---- characters ------------------------------------------------------------------------------------------


def fold_characters(blocks: Blocks) -> Blocks:
    """The blocks with the characters of all their texts folded by `CHARACTER_STEPS`."""
    texts = list(_texts(blocks))
    if not texts:
        return blocks
    joined = _TEXT_END.join(texts)
    if joined.count(_TEXT_END) >= len(texts):
        texts = [text.replace(_TEXT_END, " ") for text in texts]
        blocks = tuple(map(_with_texts, blocks, repeat(iter(texts))))
        joined = _TEXT_END.join(texts)
    found = joined
    for fold in CHARACTER_STEPS:
        joined = fold(joined)
    if joined == found:
        return blocks
    folded = iter(joined.split(_TEXT_END))
    return tuple(_with_texts(block, folded) for block in blocks)


def _texts(blocks: Blocks) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Grid):
            yield from [cell.text for cell in block.cells]
        else:
            yield block.text


def _with_texts(block: Paragraph | Grid, folded: Iterator[str]) -> Paragraph | Grid:
    if isinstance(block, Paragraph):
        text = next(folded)
        return block if text == block.text else replace(block, text=text)
    texts = list(islice(folded, len(block.cells)))
    if texts == [cell.text for cell in block.cells]:
        return block
    cells = tuple(
        GridCell(text, cell.row, cell.column, cell.row_span, cell.column_span)
        for text, cell in zip(texts, block.cells)
    )
    return Grid(cells, block.exact, block.read_by)


def drop_invisible(text: str) -> str:
    """Without zero-width characters, soft hyphens, byte-order marks and controls; line ends as \\n."""
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    return _SURROGATE.sub("\ufffd", text) if _SURROGATE.search(text) else text


def fold_traditional(text: str) -> str:
    """Simplified characters throughout, where the text as a whole is in traditional ones.

    A simplified text is left as it is: its rare traditional letters may be names (乾县 is not 干县).

    >>> fold_traditional("政府信息公開工作年度報告，總體情況")
    '政府信息公开工作年度报告，总体情况'
    """
    traditional = len(_TRADITIONAL.findall(text))
    if traditional < _FEW or traditional <= 4 * len(_SIMPLIFIED.findall(text)):
        return text
    simplified: str = _load_converter().convert(text)
    return simplified if len(simplified) == len(text) else text


@cache
def _load_converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def fold_radicals(text: str) -> str:
    """Kangxi and CJK radicals and compatibility ideographs as the characters they look like.

    >>> fold_radicals("⼈⺠政府⻓")
    '人民政府长'
    """
    for pattern in (_RADICAL, _FAR_IDEOGRAPH):
        if pattern.search(text):
            text = pattern.sub(_unify, text)
    return text


def _unify(found: re.Match[str]) -> str:
    return load_radicals().get(found.group(), found.group())


def fold_width(text: str) -> str:
    """Full-width digits and letters as half width, ％．＋－／～ likewise beside a digit.

    >>> fold_width("（１．２％）Ａ")
    '（1.2%）A'
    """
    if _FULL_WIDTH.search(text):
        text = _FULL_WIDTH.sub(_narrow, text)
    return _fold_signs(text)


def _fold_signs(text: str) -> str:
    return _SIGN_BY_DIGIT.sub(_narrow, text) if _SIGN.search(text) else text


def _narrow(found: re.Match[str]) -> str:
    return chr(ord(found.group()) - _WIDTH_SHIFT)


def fold_blanks(text: str) -> str:
    """Every kind of blank as a plain one, one to one; ???? where a line's indent was lost goes."""
    if _BLANK.search(text):
        text = _BLANK.sub(" ", text)
    return _LOST_INDENT.sub("", text) if "??" in text else text


CHARACTER_STEPS: tuple[Callable[[str], str], ...] = (
    drop_invisible,
    fold_radicals,
    fold_traditional,
    fold_width,
    fold_blanks,
)


@cache
def load_radicals() -> dict[str, str]:
    """Radical or compatibility character → the unified ideograph.

    Source: EquivalentUnifiedIdeograph of Unicode 14 and the canonical decompositions, but for ⼾, which
    Unicode gives as the traditional 戶.
    """
    rows = read_words("radicals.tsv").splitlines()
    return {row[0]: row[2:] for row in rows}


# ---- lines -----------------------------------------------------------------------------------------------


def split_paragraphs(draft: Draft) -> Draft:
    """Paragraphs with line ends inside (<br>, text boxes) as several; empty ones only as a gap."""
    if not any(isinstance(block, Paragraph) and _needs_split(block.text) for block in draft.blocks):
        return draft
    blocks: list[Paragraph | Grid] = []
    gap = False
    for block in draft.blocks:
        if isinstance(block, Grid):
            blocks.append(block)
            gap = False
            continue
        for index, line in enumerate(block.text.split("\n")):
            if not line.strip():
                gap = True
                continue
            blocks.append(replace(block, text=line, gap=gap or (block.gap and index == 0)))
            gap = False
    return replace(draft, blocks=tuple(blocks))


def _needs_split(text: str) -> bool:
    return "\n" in text or not text.strip()


def unwrap_layout_tables(draft: Draft) -> Draft:
    """A table that only lays out the page, with running text in a cell, as the paragraphs it holds."""
    if not any(isinstance(block, Grid) and _is_layout(block) for block in draft.blocks):
        return draft
    blocks: list[Paragraph | Grid] = []
    for block in draft.blocks:
        if isinstance(block, Grid) and _is_layout(block):
            lines = (line for cell in block.cells for line in cell.text.split("\n"))
            blocks.extend(Paragraph(line) for line in lines if line.strip())
        else:
            blocks.append(block)
    return replace(draft, blocks=tuple(blocks))


def _is_layout(grid: Grid) -> bool:
    """One column, and a cell with the sentences of several paragraphs, or the report's title."""
    if any(cell.column > 0 for cell in grid.cells):
        return False
    for cell in grid.cells:
        text = cell.text.strip()
        if len(text) > 150 and "\n" in text and text.count("。") > 1:
            return True
        if 10 < len(text) < 150 and TITLE_LINE.search(text):
            return True
    return False


def strip_lines(draft: Draft) -> Draft:
    """Lines without the blanks at their ends."""
    blocks: list[Paragraph | Grid] = []
    for block in draft.blocks:
        if isinstance(block, Grid):
            blocks.append(block)
        elif text := block.text.strip():
            blocks.append(block if len(text) == len(block.text) else replace(block, text=text))
    return replace(draft, blocks=tuple(blocks))


def fold_joined_signs(draft: Draft) -> Draft:
    """Signs that came to stand beside a digit only when their lines were joined (12 | ％)."""
    blocks = tuple(
        replace(block, text=_fold_signs(block.text))
        if isinstance(block, Paragraph) and _SIGN.search(block.text)
        else block
        for block in draft.blocks
    )
    return replace(draft, blocks=blocks)


BLOCK_STEPS: tuple[Callable[[Draft], Draft], ...] = (
    unwrap_layout_tables,
    split_paragraphs,
    take_out_furniture,
    take_out_page_numbers,
    take_out_running_heads,
    close_spaced_words,
    join_torn_heads,
    join_broken_lines,
    fold_joined_signs,
    strip_lines,
)


# ---- the text --------------------------------------------------------------------------------------------


def lay_out(draft: Draft) -> Text:
    """One line a paragraph, one line a table row with tabs between its cells, each ended by \\n."""
    parts: list[str] = []
    lines: list[Line] = []
    grids: list[TextGrid] = []
    at = 0
    for block in draft.blocks:
        if isinstance(block, Paragraph):
            lines.append(Line(at, at + len(block.text), block.heading, block.gap))
            parts.append(block.text + "\n")
            at += len(block.text) + 1
        elif block.cells:
            text, grid = lay_out_grid(block, at)
            parts.append(text)
            grids.append(grid)
            at += len(text)
    text = "".join(parts)
    removed = tuple(line.strip() for line in draft.removed)
    apart = find_kept_furniture(text, lines) + find_copy(text, lines)
    return Text(text, tuple(lines), tuple(grids), apart, removed)


def lay_out_grid(grid: Grid, at: int) -> tuple[str, TextGrid]:
    """The rows of `grid` as text that begins at `at`, and where its cells then stand.

    Columns that no cell begins in (covered by a span, or left out) stand as empty cells; rows likewise.
    """
    parts: list[str] = []
    cells: list[TextCell] = []
    start = at
    width = _width(grid.cells) if grid.exact else 0
    in_order = sorted(grid.cells, key=_PLACE)
    previous = in_order[0].row
    for row, group in groupby(in_order, key=_ROW):
        blank_rows = min(row - previous - 1, _WIDEST)
        for _ in range(blank_rows):
            parts.append("\t" * max(0, width - 1) + "\n")
            at += len(parts[-1])
        line = _lay_out_row(group, at, width, cells)
        parts.append(line)
        at += len(line)
        previous = row
    return "".join(parts), TextGrid(start, at, tuple(cells), grid.exact, grid.read_by)


def _width(cells: Iterable[GridCell]) -> int:
    return min(_WIDEST, max(cell.column + max(1, cell.column_span) for cell in cells))


def _lay_out_row(row: Iterable[GridCell], at: int, width: int, cells: list[TextCell]) -> str:
    """A row as text that begins at `at`; where its cells then stand is added to `cells`."""
    line = ""
    column, first = 0, True
    for cell in row:
        content = cell.text if cell.text.isdecimal() else fold_cell(cell.text)
        tabs = (cell.column if cell.column < _WIDEST else _WIDEST) - column
        if tabs < 1 and not first:
            tabs = 1
        if tabs > 0:
            line += "\t" * tabs
            column += tabs
        first = False
        start = at + len(line)
        line += content
        cells.append(TextCell(start, at + len(line), cell.row, cell.column, cell.row_span, cell.column_span))
    return line + "\t" * max(0, width - 1 - column) + "\n"


def fold_cell(text: str) -> str:
    """The content of a cell on one line: a line break is nothing beside a Chinese character, else a blank.

    >>> fold_cell(" 本年新\\n制作数量 ")
    '本年新制作数量'
    """
    text = text.strip()
    if len(text) < 3:
        return text.replace("\n", "")
    if "\n" in text:
        text = _CELL_BREAK.sub(_mend_break, text)
    return _BLANK_RUN.sub(" ", text) if "  " in text else text


def _mend_break(found: re.Match[str]) -> str:
    before, after = found.string[found.start() - 1], found.string[found.end()]
    return " " if before < "\u2e80" and after < "\u2e80" else ""
