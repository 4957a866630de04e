"""Heads of a table without ruling lines at a page's end, its rows on the next page: the heads go along."""

from __future__ import annotations

from collections.abc import Sequence

from extract.read.bare_words import Word, find_reach, find_zones, is_prose, is_row, split_words
from extract.read.pdf_lines import PdfLine

MOST = 12  # lines of heads on either side of a page's end
_APART = 4.0  # heights of a line that the heads are set above the page, so that no cell goes on over its end


def carry_heads(
    before: Sequence[PdfLine], after: Sequence[PdfLine]
) -> tuple[list[PdfLine], list[PdfLine], int]:
    """The last stretch of a page and the first of the next, heads moved to their rows, and how many lines.

    They are heads if nothing but heads stands between them and the first row of numbers: no running text, no
    row. Lines moved stand above the page, in their own order and distances.
    """
    start = _find_heads(before) if _begins_with_row(after) else len(before)
    if start == len(before):
        return list(before), list(after), 0
    heads = before[start:]
    shift = after[0].y0 - heads[-1].y1 - _APART * heads[-1].size
    moved = [_move_down(line, shift) for line in heads]
    return list(before[:start]), [*moved, *after], len(moved)


def _begins_with_row(lines: Sequence[PdfLine]) -> bool:
    """Whether lines begin with a row of numbers, but for heads of columns."""
    for line in lines[: MOST + 1]:
        words = split_words(line)
        if is_row(words) or is_prose(words):
            return is_row(words)
    return False


def _find_heads(lines: Sequence[PdfLine]) -> int:
    """The first of the lines that end a page as heads of columns; their number where there are none."""
    words = [split_words(line, number) for number, line in enumerate(lines)]
    rows = [number for number, found in enumerate(words) if is_row(found)]
    start = max((number + 1 for number, found in enumerate(words) if is_prose(found)), default=0)
    zones = find_zones(rows, words)
    start = max(start, find_reach(zones[-1], 0, lines, words)[1] if zones else 0, _after(rows))
    while start < len(lines) and not _has_heads(words[start]):
        start += 1
    return start if len(lines) - start <= MOST else len(lines)


def _after(rows: Sequence[int]) -> int:
    return rows[-1] + 1 if rows else 0


def _has_heads(words: Sequence[Word]) -> bool:
    """Whether a line holds several words: it is no heading and no single label."""
    return len(words) > 1


def _move_down(line: PdfLine, by: float) -> PdfLine:
    chars = [char._replace(y0=char.y0 + by, y1=char.y1 + by) for char in line.chars]
    return line._replace(y0=line.y0 + by, y1=line.y1 + by, chars=chars)
