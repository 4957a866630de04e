"""Numbers that a word processor or browser draws before a paragraph, as text.

Formats go by their names in WordprocessingML (ST_NumberFormat, ISO/IEC 29500-1 17.18.59); those of CSS are
mapped to these.
"""

from __future__ import annotations

import re

_HAN = "〇一二三四五六七八九"
_LEGAL_SIMPLE = "零壹贰叁肆伍陆柒捌玖"
_LEGAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_ENCLOSED = {  # format → first character of its run in Unicode, and how many there are
    "decimalEnclosedCircle": ("①", 20),
    "decimalEnclosedCircleChinese": ("①", 20),
    "decimalEnclosedFullstop": ("⒈", 20),
    "decimalEnclosedParen": ("⑴", 20),
    "ideographEnclosedCircle": ("㊀", 10),
    "chineseEnclosedParen": ("㈠", 10),
}
_CSS = {
    "decimal": "decimal",
    "1": "decimal",
    "decimal-leading-zero": "decimalZero",
    "a": "lowerLetter",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "i": "lowerRoman",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "cjk-ideographic": "chineseCountingThousand",
    "simp-chinese-informal": "chineseCountingThousand",
    "trad-chinese-informal": "chineseCountingThousand",
    "japanese-informal": "chineseCountingThousand",
    "simp-chinese-formal": "chineseLegalSimplified",
    "trad-chinese-formal": "ideographLegalTraditional",
    "cjk-decimal": "ideographDigital",
    "cjk-heavenly-stem": "ideographTraditional",
    "cjk-earthly-branch": "ideographZodiac",
}


def format_number(number: int, style: str) -> str:
    """`number` as the format draws it; digits where the format is not known or has no sign for the number.

    >>> format_number(11, "chineseCounting"), format_number(11, "decimalEnclosedCircle")
    ('十一', '⑪')
    """
    if style in ("none", "bullet") or not 0 <= number < 10_000:
        return "" if style in ("none", "bullet") else str(number)
    if style in _ENCLOSED:
        first, count = _ENCLOSED[style]
        return chr(ord(first) + number - 1) if 1 <= number <= count else str(number)
    if style in ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital2"):
        return "".join(_HAN[int(digit)] for digit in str(number))
    if style in ("chineseCounting", "taiwaneseCounting", "chineseCountingThousand", "japaneseCounting") or (
        style == "taiwaneseCountingThousand"
    ):
        return _count_in_chinese(number, _HAN, "十百千")
    if style == "chineseLegalSimplified":
        return _count_in_chinese(number, _LEGAL_SIMPLE, "拾佰仟")
    if style in ("ideographLegalTraditional", "japaneseLegal"):
        return _count_in_chinese(number, _LEGAL, "拾佰仟")
    return _format_by_cycle(number, style)


def _format_by_cycle(number: int, style: str) -> str:
    if style in ("ideographTraditional", "ideographZodiac"):
        cycle = _STEMS if style == "ideographTraditional" else _BRANCHES
        return cycle[(number - 1) % len(cycle)] if number else str(number)
    if style in ("lowerLetter", "upperLetter") and 0 < number <= 780:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if style == "upperLetter" else letter
    if style in ("lowerRoman", "upperRoman"):
        roman = _count_in_roman(number)
        return roman.upper() if style == "upperRoman" else roman
    if style == "decimalZero":
        return f"{number:02d}"
    if style in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(ord("０") + int(digit)) for digit in str(number))
    return f"- {number} -" if style == "numberInDash" else str(number)


def _count_in_chinese(number: int, digits: str, units: str) -> str:
    """Below 10,000: 12 → 十二, 120 → 一百二十, 105 → 一百〇五 (零 with the formal digits)."""
    if number < 10:
        return digits[number]
    drawn, gap = "", False
    figures = str(number)
    for place, figure in zip(range(len(figures) - 1, -1, -1), figures):
        if figure == "0":
            gap = True
            continue
        if gap and drawn:
            drawn += "零"
        gap = False
        drawn += digits[int(figure)] + (units[place - 1] if place else "")
    return drawn[1:] if digits == _HAN and drawn.startswith("一十") else drawn


def _count_in_roman(number: int) -> str:
    drawn = ""
    for value, sign in _ROMAN:
        drawn += sign * (number // value)
        number %= value
    return drawn


# ---- lists of web pages -----------------------------------------------------------------------------------

_OWN_MARK = re.compile(
    r"[（(]?[一二三四五六七八九十\d０-９]{1,3}[）)、.．](?!\d)|[一二三四五六七八九十]是|[①-⒛㈠-㈩•·●○■◆▪–—]"
)


class HtmlList:
    """A list of a web page: which mark its next item gets."""

    __slots__ = ("_next", "_style")

    def __init__(self, *, ordered: bool, style: str, start: str) -> None:
        named = next(
            (word for word in re.split(r"[\s;:]+", style) if word == "none" or word.lower() in _CSS), ""
        )
        if named == "none":
            self._style = "none"
        elif ordered or named:
            roman_or_letter = {"A": "upperLetter", "I": "upperRoman"}.get(named)
            self._style = roman_or_letter or _CSS.get(named.lower(), "decimal")
        else:
            self._style = "bullet"
        self._next = _parse_int(start, 1)

    def next_mark(self, value: str = "") -> str:
        """The next item's mark: 1. or 一、 or • or nothing; `value` is its own number, if it has one."""
        number = _parse_int(value, self._next)
        self._next = number + 1
        if self._style == "none":
            return ""
        if self._style == "bullet":
            return "• "
        drawn = format_number(number, self._style)
        return f"{drawn}." if drawn.isascii() else f"{drawn}、"


def number_item(mark: str, text: str) -> str:
    """The item with its mark, unless it brings a mark of its own.

    >>> number_item("1.", "2024年"), number_item("• ", "一是加强领导。")
    ('1. 2024年', '一是加强领导。')
    """
    if not mark or _OWN_MARK.match(text):
        return text
    return f"{mark} {text}" if mark[-1] == "." and text[0].isdigit() else mark + text


def _parse_int(text: str, default: int) -> int:
    text = text.strip()
    return int(text) if re.fullmatch(r"-?\d{1,6}", text, re.ASCII) else default
