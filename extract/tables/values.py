"""What a cell of the form says: a number, nothing, or something that is no number."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from extract.forms import ColumnKind
from extract.patterns import late
from extract.report import Number

State = Literal["number", "blank", "mark", "unreadable"]
MEASURES = "万元|亿元|元|件次|人次|场次|件|条|项|个|次|篇|份|人|期|宗|起|场|部|户|处"

_NUMBER = late(
    rf"""(?P<sign>[-+−－＋﹣]?)\s*(?P<money>[¥￥]|人民币)?\s*
    (?P<digits>\d{{1,3}}(?:[,，]\s?\d{{3}})+|\d+)      # 1,234  １２
    (?P<fraction>[.．]\d+)?
    \s*(?P<unit>{MEASURES})?""",
    re.VERBOSE,
)
_MARKS = frozenset(
    [
        "/",
        "／",
        "-",
        "—",
        "--",
        "——",
        "–",
        "―",
        "－",
        "−",
        "N/A",
        "n/a",
        "NA",
        "不适用",
        "\\",
        "~",
        "*",
        "……",
        "…",
        "----",
        "———",
        "---",
        "﹣",
    ]
)
_NONE = frozenset(["无", "零", "〇", "没有"])
_ROUND = frozenset("Oo○◯")  # noughts as recognised from a picture; a cell of a letter alone says nothing else
_LOOKALIKE = late(r"(?=.*[\dlI])[\dOolI]{1,9}")  # l2: a number's place, but which number is a guess
_LIKE = str.maketrans("OolI", "0011")
_UNCHANGED = frozenset(["无变化", "不变", "持平", "无增减", "无增/减", "未变", "没有变化", "与上年持平"])
_MEASURE = frozenset(MEASURES.split("|"))
NUMBER_LETTERS = frozenset("人民币增加新上升减少下降").union(MEASURES, *_NONE, *_UNCHANGED)
# Unreadable perhaps, but in a number's place: question marks and boxes are what a reader could not tell.
_UNWORDED = late(r"\d|^[-—–/／.*~\\…_?？�□■▯×#\s]+$")
_WORD = late(r"[^\W\d_]")
_ENUMERATOR = late(r"\d{1,2}\s*[.．、]")  # of a label that goes on elsewhere
# Words alone, nothing that could be folded to a digit; or more letters than stand together with a number.
_WORDS = late(r"^[（(“]*[一-鿿][一-鿿（）()“”、，：:。]*\Z|[一-鿿]{6}")
_AS_TEXT = frozenset("'‘’`´")  # before a number that a sheet keeps as text
# The mark of a note behind a number: 12①, 85*, 7（见注）, 3（其中1件转办）, 5[1]; (3) alone may be a number.
_NOTE_ENDS = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫¹²³⁴⁵⁶⁷⁸⁹*＊※#†‡)）]］】")
_NOTE = late(
    r"(?<=[\d件条项个元])\s*(?:[①-⑫¹²³⁴-⁹*＊※#†‡]{1,3}|[(（【\[［](?:注|备注|说明|见|详见|含|其中|包括|包含|同上)"
    r"[^()（）]{0,16}[)）】\]］]|[(（][件条项个][)）]|[\[［【]\d{1,2}[\]］】])$"
)
_BRACKETED_MONEY = late(r"(?<=\d)\s*[(（]([万亿]?元)[)）]$")
LONGEST = 24  # characters of a cell that may be a number; 7 and 8 digits are the most seen
DIGITS = 15  # more than this is no count, and beyond what JSON readers keep exact


class Reading(NamedTuple):
    """A cell read: `value` in the unit that `unit` names (None where the cell names none)."""

    state: State
    value: Decimal | None = None
    unit: str | None = None
    sure: bool = True


class Hidden(str):
    """Stands for any number or mark in a number's place; what it is (`shown`) only questions may see."""

    __slots__ = ("shown",)
    shown: str


def hide(text: str) -> str:
    """The text hidden: it reads as 0."""
    hidden = Hidden("0")
    hidden.shown = text
    return hidden


def shown(text: str) -> str:
    """The text itself, hidden or not."""
    return text.shown if isinstance(text, Hidden) else text


BLANK = Reading("blank")
MARK = Reading("mark")
UNREADABLE = Reading("unreadable", sure=False)


def read_value(text: str, kind: ColumnKind = "count") -> Reading:
    """The number that a cell states. `kind` is that of its column.

    >>> read_value("1,234").value, read_value("251000元").unit, read_value("减2", "change").value
    (Decimal('1234'), '元', Decimal('-2'))
    >>> read_value("¥251,000元", "money").value
    Decimal('251000')
    >>> read_value("25.1（万元）", "money").unit
    '万元'
    >>> read_value("/").state, read_value("").state, read_value("无").value
    ('mark', 'blank', Decimal('0'))
    >>> read_value("12①").value, read_value("12（见注）").value, read_value("12（3）").state
    (Decimal('12'), Decimal('12'), 'unreadable')
    """
    if isinstance(text, Hidden):
        raise TypeError("a hidden number may only be asked about")
    if text.isdecimal() and text.isascii() and len(text) <= DIGITS:
        return Reading("number", Decimal(text))
    text = text.strip()
    if not text:
        return BLANK
    if len(text) > LONGEST:
        return UNREADABLE
    if text[0] in _AS_TEXT:
        text = text[1:].lstrip() or text
    if text[-1] in _NOTE_ENDS:
        text = _BRACKETED_MONEY.sub(r"\1", _NOTE.sub("", text))
    if not text.isascii():
        if any(char.isdigit() and not char.isdecimal() for char in text):
            return UNREADABLE  # the mark of a note before or inside is no digit of the number
        text = unicodedata.normalize("NFKC", text).strip()
    if text in _NONE or (kind == "change" and text in _UNCHANGED):
        return Reading("number", Decimal(0))
    if text in _MARKS:
        return MARK
    if text in _ROUND:
        return Reading("number", Decimal(0), sure=False)
    return _read_number(text, kind)


def is_value(text: str) -> bool:
    """Whether `text` may stand in a number's place: a number, a mark for none, or anything without words.

    >>> [is_value(text) for text in ("12", "3件", "—", "无", "增10", "?", "规章", "1.属于国家秘密", "2.")]
    [True, True, True, True, True, True, False, False, False]
    """
    return text.isdecimal() or (len(text) <= LONGEST and _is_value(text))


@lru_cache(2048)  # labels, and marks for none
def _is_value(text: str) -> bool:
    if text in _MARKS or text in _NONE or text in _UNCHANGED or text in _ROUND:
        return True
    if text.isascii() and _LOOKALIKE.fullmatch(text):
        return True
    if _WORDS.search(text):
        return False
    if not _WORD.search(text):
        return _UNWORDED.search(text) is not None and _ENUMERATOR.fullmatch(text) is None
    reading = read_value(text, "change")
    return reading.state != "unreadable"


def read_lookalike(text: str) -> int | None:
    """The number that digits and letters like them make together; None for digits or letters alone but l, I.

    >>> read_lookalike("l2"), read_lookalike("2O6"), read_lookalike("12"), read_lookalike("O")
    (12, 206, None, None)
    """
    if text.isdecimal() or not text.isascii() or _LOOKALIKE.fullmatch(text) is None:
        return None
    return int(text.translate(_LIKE))


def is_number(text: str) -> bool:
    """Whether `text` is a bare number, so that a measure may follow it.

    >>> is_number("12"), is_number("3件"), is_number("-")
    (True, False, False)
    """
    return bool(text) and len(text) <= LONGEST and text[-1].isdecimal() and read_value(text).state == "number"


def is_measure(text: str) -> bool:
    """Whether `text` is a unit of counting or money by itself.

    >>> is_measure("件"), is_measure("规章")
    (True, False)
    """
    return text in _MEASURE


def in_unit(reading: Reading, kind: ColumnKind, header_unit: str | None) -> Number | None:
    """The cell's value as the form wants it: money in 万元, all else whole; None where it cannot be that.

    >>> in_unit(read_value("251000元"), "money", "万元")
    25.1
    """
    if reading.value is None:
        return None
    value = reading.value
    if kind == "money":
        unit = reading.unit if reading.unit in _TO_WAN else header_unit
        value = value * _TO_WAN.get(unit or "万元", Decimal(1))
    elif value != value.to_integral_value() or reading.unit in _TO_WAN:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


_TO_WAN = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}


def _read_number(text: str, kind: ColumnKind) -> Reading:
    match = _NUMBER.fullmatch(text)
    if match is not None:  # a sum of money is no count
        return UNREADABLE if match["money"] and kind == "count" else _number(match)
    if kind == "change":
        return _read_change(text)
    if re.fullmatch(r"[-+]?\d+(?:\s+\d+)+(?:\.\d+)?", text):  # 12 345 in one cell, or 12 broken by OCR
        joined = "".join(text.split())
        return Reading("number", Decimal(joined), sure=False) if len(joined) <= DIGITS else UNREADABLE
    return UNREADABLE


def _number(match: re.Match[str]) -> Reading:
    digits = re.sub(r"[,，\s]", "", match["digits"])
    if len(digits) > DIGITS:
        return UNREADABLE
    value = Decimal(digits + (match["fraction"] or "").replace("．", "."))
    return Reading("number", -value if match["sign"] in tuple("-−－﹣") else value, match["unit"])


@cache
def _change_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A rise, with a fall after it or without, and a fall alone."""
    signed = re.compile(
        rf"""(?P<up>增加?|新增|上升|[+＋↑▲])?\s*(?P<gain>\d{{1,12}})\s*(?:{MEASURES})?
        (?:\s*(?:[/／]|[，,;；]?\s*(?:减少?|下降|[-−－↓▼]))\s*-?(?P<loss>\d{{1,12}})\s*(?:{MEASURES})?)?""",
        re.VERBOSE,
    )
    fall = rf"(?:减少?|下降|[↓▼])\s*(?P<loss>\d{{1,12}})\s*(?:{MEASURES})?|\((?P<bracketed>\d{{1,12}})\)"
    return signed, re.compile(fall)


def _read_change(text: str) -> Reading:
    """A rise or fall: 增10, 减2, +5/-1, 2/0 for two more and none fewer, (4) as accountants write a fall."""
    signed, fall = _change_patterns()
    lost = fall.fullmatch(text)
    if lost is not None:
        return Reading("number", -Decimal(lost["loss"] or lost["bracketed"]))
    match = signed.fullmatch(text)
    if match is None:
        return UNREADABLE
    return Reading("number", Decimal(match["gain"]) - Decimal(match["loss"] or 0))
