"""Characters folded to the one form that all later steps know: radicals, width, blanks, traditional ones.

The texts of a document are folded together, and looked at only where a character stands that may fold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from extract.datafiles import read_words
from extract.patterns import late
from extract.report import Grid, GridCell, Paragraph

Blocks = tuple[Paragraph | Grid, ...]

# Members of character classes.
_INVISIBLES = (
    "\x00-\x08\x0e-\x1d\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
)
_SURROGATES = "\ud800-\udfff"
_BLANKS = "\t\v\f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_RADICALS = "\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f"
_FULL_WIDTHS = "０-９Ａ-Ｚａ-ｚ"
_SIGNS = "％．＋－／～"
_TRADITIONALS = "開報總體關務實處門會國對時間辦請機"  # common in every such report
_SIMPLIFIEDS = "开报总体关务实处门会国对时间办请机"

_INVISIBLE = late(f"[{_INVISIBLES}]")
_SURROGATE = late(f"[{_SURROGATES}]")
_BLANK = late(f"[{_BLANKS}]")
_FULL_WIDTH = late(f"[{_FULL_WIDTHS}]")
_SIGN = late(f"[{_SIGNS}]")
_SIGN_BY_DIGIT = late(f"(?<=[0-9])[{_SIGNS}]|[＋－](?=[0-9])")
_TRADITIONAL = late(f"[{_TRADITIONALS}]")
_SIMPLIFIED = late(f"[{_SIMPLIFIEDS}]")
_FOLDED = f"[{_INVISIBLES}{_SURROGATES}{_BLANKS}{_RADICALS}{_FULL_WIDTHS}{_SIGNS}{_TRADITIONALS}]"
_MAY_FOLD = late(f"({_FOLDED}{_FOLDED}*)")  # a class is searched for much faster than its repetition
_LINE_END = late(r"\r\n?")
_FEW = 4  # letters that may be a name
_WIDTH_SHIFT = 0xFEE0
# 发(fā)布: as some mirrors print what a simplified character is read.
# 共?12条?，: what stood round a number, of no width, printed as a question mark.
_LOST_FRAME = late(r"(?<=[\u4e00-\u9fff])\?(\d[\d,.]*[\u4e00-\u9fff]{0,2})\?(?=[\u4e00-\u9fff，,。；;、])")
_READINGS = ("(fā)", "wù)", "(jù)")  # of characters that no report is without
_READING = late(r"(?<=[\u4e00-\u9fff])[(（][a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{0,4}[)）]")
_TEXT_END = "\x1e"  # parts the texts of a document while their characters are folded together
# ????（一）; but before a digit it may be lost digits.
_LOST_INDENT = late(rf"(?:^|(?<={_TEXT_END}))[ ]*\?{{2,}}[ ]*(?=[^\s?\d])", re.MULTILINE)


def fold_characters(blocks: Blocks) -> Blocks:
    """The blocks with the characters of all their texts folded."""
    texts = _list_texts(blocks)
    if not texts:
        return blocks
    joined = _TEXT_END.join(texts)
    if joined.count(_TEXT_END) >= len(texts):
        texts = [text.replace(_TEXT_END, " ") for text in texts]
        blocks = _with_texts(blocks, _list_texts(blocks), texts)
        joined = _TEXT_END.join(texts)
    folded = fold_text(joined)
    return blocks if folded == joined else _with_texts(blocks, texts, folded.split(_TEXT_END))


def fold_text(text: str) -> str:
    """`text` with its characters folded: first each by itself, then those that ask what stands beside.

    Zero-width characters, soft hyphens, byte-order marks and controls go, line ends become \\n.

    >>> fold_text("⼈⺠政府⻓\u3000（１．２％）\u200bＡ")
    '人民政府长 （1.2%）A'
    """
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    parts = _MAY_FOLD.split(text)
    if len(parts) > 1:
        folds = {run: "".join(map(_fold_letter, run)) for run in set(parts[1::2])}
        parts[1::2] = [folds[run] for run in parts[1::2]]
        text = "".join(parts)
        found = "".join(folds.values())
        if _TRADITIONAL.search(found):
            text = fold_traditional(text)
        if _SIGN.search(found):
            text = fold_signs(text)
    if any(reading in text for reading in _READINGS):
        text = _READING.sub("", text)
    if "?" not in text:
        return text
    return _LOST_INDENT.sub("", _LOST_FRAME.sub(r"\1", text))


@lru_cache(1024)
def _fold_letter(letter: str) -> str:
    """What a character becomes by itself: nothing, a blank, or the character that it looks like."""
    if _INVISIBLE.match(letter):
        return ""
    if _BLANK.match(letter):
        return " "
    if _FULL_WIDTH.match(letter):
        return chr(ord(letter) - _WIDTH_SHIFT)
    return "\ufffd" if _SURROGATE.match(letter) else load_radicals().get(letter, letter)


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


def fold_signs(text: str) -> str:
    """％．＋－／～ as half width beside a digit.

    >>> fold_signs("（1．2％）＋")
    '（1.2%）＋'
    """
    return _SIGN_BY_DIGIT.sub(_narrow, text) if _SIGN.search(text) else text


def _narrow(found: re.Match[str]) -> str:
    return chr(ord(found.group()) - _WIDTH_SHIFT)


def _list_texts(blocks: Blocks) -> list[str]:
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, Grid):
            texts += [cell.text for cell in block.cells]
        else:
            texts.append(block.text)
    return texts


def _with_texts(blocks: Blocks, before: Sequence[str], texts: Sequence[str]) -> Blocks:
    """The blocks with `texts` in place of those `before`; those that do not change are the same objects."""
    changed: list[Paragraph | Grid] = []
    at = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            text = texts[at]
            at += 1
            same = text == block.text
            changed.append(block if same else Paragraph(text, block.wrapped, block.gap, block.heading))
        else:
            end = at + len(block.cells)
            own = texts[at:end]
            changed.append(block if own == before[at:end] else _with_cell_texts(block, own))
            at = end
    return tuple(changed)


def _with_cell_texts(grid: Grid, texts: Sequence[str]) -> Grid:
    cells = tuple(
        GridCell(text, cell.row, cell.column, cell.row_span, cell.column_span)
        for text, cell in zip(texts, grid.cells)
    )
    return Grid(cells, grid.exact, grid.read_by)


@cache
def load_radicals() -> dict[str, str]:
    """Radical or compatibility character → the unified ideograph.

    Source: EquivalentUnifiedIdeograph of Unicode 14 and the canonical decompositions, but for ⼾, which
    Unicode gives as the traditional 戶.
    """
    rows = read_words("radicals.tsv").splitlines()
    return {row[0]: row[2:] for row in rows}
