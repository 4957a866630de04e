"""Characters folded to the one form that all later steps know: radicals, width, blanks, traditional ones.

The texts of a document are folded together, by the steps that one search over them shows to be concerned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from extract.datafiles import read_words
from extract.patterns import late
from extract.report import Grid, GridCell, Paragraph

Blocks = tuple[Paragraph | Grid, ...]

# Members of character classes.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1d\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
)
_SURROGATE = "\ud800-\udfff"
_RADICAL = "\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f"
_TRADITIONAL = "開報總體關務實處門會國對時間辦請機"  # common in every such report
_SIMPLIFIED = "开报总体关务实处门会国对时间办请机"
_FULL_WIDTH = "０-９Ａ-Ｚａ-ｚ"
_SIGN = "％．＋－／～"
_BLANK = "\t\v\f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

_FIND_INVISIBLE = late(f"[{_INVISIBLE}]")
_FIND_SURROGATE = late(f"[{_SURROGATE}]")
_FIND_RADICAL = late(f"[{_RADICAL}]")
_PART_AT_RADICALS = late(f"([{_RADICAL}])")
_FIND_TRADITIONAL = late(f"[{_TRADITIONAL}]")
_FIND_SIMPLIFIED = late(f"[{_SIMPLIFIED}]")
_FIND_FULL_WIDTH = late(f"[{_FULL_WIDTH}]")
_FIND_SIGN = late(f"[{_SIGN}]")
_SIGN_BY_DIGIT = late(f"(?<=[0-9])[{_SIGN}]|[＋－](?=[0-9])")
_FIND_BLANK = late(f"[{_BLANK}]")
_LOST_INDENT = late(r"^[ ]*\?{2,}[ ]*(?=[^\s?])", re.MULTILINE)
_LINE_END = late(r"\r\n?")
_FEW = 4  # letters that may be a name
_WIDTH_SHIFT = 0xFEE0
_TEXT_END = "\x1e"  # parts the texts of a document while their characters are folded together


def fold_characters(blocks: Blocks) -> Blocks:
    """The blocks with the characters of all their texts folded by `CHARACTER_STEPS`."""
    texts = _list_texts(blocks)
    if not texts:
        return blocks
    joined = _TEXT_END.join(texts)
    if joined.count(_TEXT_END) >= len(texts):
        texts = [text.replace(_TEXT_END, " ") for text in texts]
        blocks = _with_texts(blocks, texts)
        joined = _TEXT_END.join(texts)
    folded = fold_text(joined)
    return blocks if folded == joined else _with_texts(blocks, folded.split(_TEXT_END))


def fold_text(text: str) -> str:
    """`text` folded by those of `CHARACTER_STEPS` that have anything to do in it."""
    found = "".join(set(_CONCERNED.findall(text)))
    if found:
        for fold, concerned in CHARACTER_STEPS:
            if concerned.search(found):
                text, found = fold(text), fold(found)
    return text


def _list_texts(blocks: Blocks) -> list[str]:
    texts: list[str] = []
    for block in blocks:
        if isinstance(block, Grid):
            texts += [cell.text for cell in block.cells]
        else:
            texts.append(block.text)
    return texts


def _with_texts(blocks: Blocks, texts: Sequence[str]) -> Blocks:
    """The blocks with `texts` in place of theirs, in order; those that do not change are the same objects."""
    changed: list[Paragraph | Grid] = []
    at = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            text = texts[at]
            at += 1
            same = text == block.text
            changed.append(block if same else Paragraph(text, block.wrapped, block.gap, block.heading))
        else:
            own = texts[at : at + len(block.cells)]
            at += len(block.cells)
            same = own == [cell.text for cell in block.cells]
            changed.append(block if same else _with_cell_texts(block, own))
    return tuple(changed)


def _with_cell_texts(grid: Grid, texts: Sequence[str]) -> Grid:
    cells = tuple(
        GridCell(text, cell.row, cell.column, cell.row_span, cell.column_span)
        for text, cell in zip(texts, grid.cells)
    )
    return Grid(cells, grid.exact, grid.read_by)


def drop_invisible(text: str) -> str:
    """Without zero-width characters, soft hyphens, byte-order marks and controls; line ends as \\n."""
    text = _LINE_END.sub("\n", text)
    return _FIND_SURROGATE.sub("\ufffd", _FIND_INVISIBLE.sub("", text))


def fold_traditional(text: str) -> str:
    """Simplified characters throughout, where the text as a whole is in traditional ones.

    A simplified text is left as it is: its rare traditional letters may be names (乾县 is not 干县).

    >>> fold_traditional("政府信息公開工作年度報告，總體情況")
    '政府信息公开工作年度报告，总体情况'
    """
    traditional = len(_FIND_TRADITIONAL.findall(text))
    if traditional < _FEW or traditional <= 4 * len(_FIND_SIMPLIFIED.findall(text)):
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
    table = load_radicals()
    parts = _PART_AT_RADICALS.split(text)
    parts[1::2] = [table.get(radical, radical) for radical in parts[1::2]]
    return "".join(parts)


def fold_width(text: str) -> str:
    """Full-width digits and letters as half width, ％．＋－／～ likewise beside a digit.

    >>> fold_width("（１．２％）Ａ")
    '（1.2%）A'
    """
    return fold_signs(_FIND_FULL_WIDTH.sub(_narrow, text))


def fold_signs(text: str) -> str:
    """％．＋－／～ as half width beside a digit."""
    return _SIGN_BY_DIGIT.sub(_narrow, text) if _FIND_SIGN.search(text) else text


def _narrow(found: re.Match[str]) -> str:
    return chr(ord(found.group()) - _WIDTH_SHIFT)


def fold_blanks(text: str) -> str:
    """Every kind of blank as a plain one, one to one; ???? where a line's indent was lost goes."""
    text = _FIND_BLANK.sub(" ", text)
    return _LOST_INDENT.sub("", text) if "??" in text else text


# Each with the characters that show that it has anything to do.
CHARACTER_STEPS: tuple[tuple[Callable[[str], str], re.Pattern[str]], ...] = (
    (drop_invisible, late(f"[\r{_INVISIBLE}{_SURROGATE}]")),
    (fold_radicals, _FIND_RADICAL),
    (fold_traditional, _FIND_TRADITIONAL),
    (fold_width, late(f"[{_FULL_WIDTH}{_SIGN}]")),
    (fold_blanks, late(rf"[?{_BLANK}]")),
)
_CONCERNED = late(rf"[?\r{_INVISIBLE}{_SURROGATE}{_RADICAL}{_TRADITIONAL}{_FULL_WIDTH}{_SIGN}{_BLANK}]")


@cache
def load_radicals() -> dict[str, str]:
    """Radical or compatibility character → the unified ideograph.

    Source: EquivalentUnifiedIdeograph of Unicode 14 and the canonical decompositions, but for ⼾, which
    Unicode gives as the traditional 戶.
    """
    rows = read_words("radicals.tsv").splitlines()
    return {row[0]: row[2:] for row in rows}
