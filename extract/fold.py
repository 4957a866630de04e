"""What differs from copy to copy folded away: numbering, notes and blanks of labels, narrow punctuation."""

from __future__ import annotations

import re
from typing import NamedTuple

from extract.patterns import late

CHINESE = "一二三四五六七八九十"
OPENING = "（(［[【〔﹝"
CLOSING = "）)］]】〕﹞"

_NUMBERING = late(
    rf"""\s*(?:
        [（(]\s*(?P<bracket>[{CHINESE}]{{1,3}}|\d{{1,2}})\s*[）)]\s*[、.．]?   # （一） (1) （一）、
      | (?P<plain>[{CHINESE}]{{1,3}}|\d{{1,2}})\s*(?:[、．]|[.](?!\d)|[）)])   # 一、 1. 1、 一）
      | (?P<circle>[①-⑳])                                                    # ①
    )\s*""",
    re.VERBOSE,
)
_NOTE = late(rf"[{re.escape(OPENING)}][^{re.escape(OPENING + CLOSING)}]{{0,200}}[{re.escape(CLOSING)}]")
_OPEN_NOTE = late(rf"[{re.escape(OPENING)}][^{re.escape(CLOSING)}]*$")
_OPENING, _CLOSING = late(f"[{re.escape(OPENING)}]"), late(f"[{re.escape(CLOSING)}]")
_NO_WORD = late(r"[\W_]+")
_MARKS = tuple(zip(",;:()?!", "，；：（）？！"))


class Folded(NamedTuple):
    """A label taken apart: its number (None without), the words, the words without notes, the notes' words.

    `bracketed` says that the number stands in brackets: （六） is a group where 6. is a row.
    """

    number: int | None
    bracketed: bool
    flat: str
    core: str
    note: str


def fold_label(text: str) -> Folded:
    """A printed label without what may differ from copy to copy.

    >>> fold_label("（二） 部分公开(区分处理的)")
    Folded(number=2, bracketed=True, flat='部分公开区分处理的', core='部分公开', note='区分处理的')
    >>> fold_label("3、其它").flat
    '其他'
    """
    number, bracketed = None, False
    match = _NUMBERING.match(text)
    if match is not None:
        number = _number(match)
        bracketed = match["bracket"] is not None
        text = text[match.end() :]
    flat = fold_words(text)
    if not any(mark in text for mark in OPENING):
        return Folded(number, bracketed, flat, flat, "")
    core = fold_words(_OPEN_NOTE.sub("", _NOTE.sub("", text)))
    note = fold_words("".join(_NOTE.findall(text)) + "".join(_OPEN_NOTE.findall(_NOTE.sub("", text))))
    return Folded(number, bracketed, flat, core, note)


def drop_numbering(text: str) -> str:
    """A printed label without its number: 1. or （一）."""
    found = _NUMBERING.match(text)
    return text[found.end() :] if found else text


def drop_notes(text: str) -> str:
    """A printed label without what stands in brackets."""
    return _NOTE.sub("", text)


def fold_words(text: str) -> str:
    """The letters and digits alone; 它 as 他 (其它), and without a leading 其中.

    >>> fold_words("其中： 其它 对外")
    '其他对外'
    """
    flat = _NO_WORD.sub("", text).replace("它", "他")
    return flat[2:] if flat.startswith("其中") and len(flat) > 2 else flat


def open_bracket(text: str) -> bool:
    """Whether a bracket is opened in `text` and not closed in it."""
    opened = len(_OPENING.findall(text))
    return opened > 0 and opened > len(_CLOSING.findall(text))


def leaves_open(word: str) -> bool:
    """Whether a bracket is opened behind the last that is closed, so that the next words may be in it."""
    return _OPEN_NOTE.search(word) is not None


def _number(match: re.Match[str]) -> int:
    printed = match["bracket"] or match["plain"]
    if printed is None:
        return ord(match["circle"]) - ord("①") + 1
    if printed.isdecimal():
        return int(printed)
    head, ten, tail = printed.partition("十")
    if not ten:
        return CHINESE.index(printed[0]) + 1
    return (CHINESE.index(head[0]) + 1 if head else 1) * 10 + (CHINESE.index(tail[0]) + 1 if tail else 0)


def misprints_note(flat: str, core: str, note: str) -> bool:
    """Whether the note printed in a folded label misprints the form's own (只记 for 只计): none cut or other.

    `core` are the folded words of the form's label without note, `note` those of its note.
    """
    if len(note) < 6 or not flat.startswith(core):
        return False
    printed = flat[len(core) :]
    if not printed or printed in note:
        return False
    from rapidfuzz.fuzz import ratio

    return bool(ratio(printed, note) >= 70)


def fold_marks(text: str) -> str:
    """`text` with its punctuation in full width: who writes half-width commas says nothing else by them.

    >>> fold_marks("及时提供,定期维护;(略)")
    '及时提供，定期维护；（略）'
    """
    for half, full in _MARKS:
        if half in text:
            text = text.replace(half, full)
    return text
