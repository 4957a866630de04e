"""Numbers as they are written in Chinese text, as values with bounds; knows nothing of reports.

Order: approximator before → number or range (digits, 万 and 亿, Chinese numerals, 百分之, 成) → approximator
after. A bare 百, 千, 万 or 亿 is a number only beside an approximator (上百, 百余, 近千).
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Literal

import msgspec

from extract.datafiles import read_data
from extract.errors import BadData
from extract.patterns import late
from extract.report import Bound, Number

DIGITS = "0-9０-９"
CHINESE = "零〇○一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟萬億"
BLANK = " \u00a0\u3000"
MAX_WORD = 4  # characters of the longest approximator
MAX_DIGITS = 15  # longer runs of digits are identifiers, and stay exact as float

_OUTER: tuple[Literal["after", "before"], ...] = ("after", "before")
_VALUES = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_VALUES |= {"零": 0, "○": 0, "两": 2}
_VALUES |= {char: value for value, char in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_TENS = {"廿": ("二", "十"), "卅": ("三", "十")}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8}
_WIDTHS = str.maketrans("０１２３４５６７８９．，＋％", "0123456789.,+%") | {ord("w"): "万", ord("W"): "万"}

# A number in digits: thousands parted by commas or blanks (1,234 · 1, 234 · 12 000), digits set apart
# (3 0 2), else a plain run.
DIGIT_RUN = (
    rf"(?:[{DIGITS}]{{1,3}}(?:(?:[{BLANK}]?[,，][{BLANK}]?|[{BLANK}])[{DIGITS}]{{3}}(?![{DIGITS}]))++"
    rf"|[{DIGITS}](?:[{BLANK}][{DIGITS}](?![{DIGITS}]))++|[{DIGITS}]++)"
    rf"(?:[.．][{DIGITS}]++)?+"
)
_ONES = "零〇一二三四五六七八九"
# Neighbouring digits parted by a mark, a spread all the same: 三、四十 · 十五、六
_PARTED = "(?:一、二|[两二]、三|三、四|四、五|五、六|六、七|七、八|八、九)"
# A maximal run of what one number may be made of: 3万4000 · 2千余万 · 一百二十 · 140 余 · 二十几 · 100+
RUN = (
    rf"(?:{DIGIT_RUN}|{_PARTED}|[{CHINESE}])(?:{_PARTED}|[{CHINESE}]|(?<=[{CHINESE}])点(?=[{_ONES}])|[{BLANK}]?+[余多几来](?![{DIGITS}])|(?<=[{CHINESE}]){DIGIT_RUN}"
    rf"|(?<=[{DIGITS}])[{BLANK}](?=[万亿])|(?<=[{DIGITS}])[wW](?![A-Za-z0-9])|(?<=[{DIGITS}万亿wW])[+＋])*+"
)
DASH_MARKS = "-－–—~～～至到"  # what a dash can begin with
DASHES = r"[-－–—~～～]{1,2}|至|到"

# What most numbers are: no more than nine digits, with a fraction, as a rate, or with 余 or 多 behind them.
_PLAIN = late(rf"([0-9]{{1,9}}(\.[0-9]{{1,5}})?)(?:(%)|[{BLANK}]?([余多]))?\Z")
_NINE = 9  # digits of a plain number
_TOKEN = late(rf"{DIGIT_RUN}|[{CHINESE}余多几来+＋点]")
_WHOLE = late(rf"(?:{RUN})\Z")
_RANGE = late(rf"({RUN})[{BLANK}]?(?:{DASHES})[{BLANK}]?({RUN})\Z")
_PERCENT = late(r"百分之?(?=.)")
_TENTHS = late(r"([一二两三四五六七八九1-9])成([一二三四五六七八九半])?([多余])?\Z")


class Numeral(msgspec.Struct, frozen=True, gc=False, repr_omit_defaults=True):
    """What a number states, in the base unit. `low`, `high` inclusive, None: open; `unit` "%" or None."""

    value: Number
    bound: Bound
    low: Number | None
    high: Number | None
    unit: str | None = None


class Approximator(msgspec.Struct, frozen=True, gc=False):
    """A word that makes a bound of a number, by its place: before, inside or after."""

    word: str
    place: Literal["before", "inside", "after"]
    bound: Bound
    not_after: tuple[str, ...]
    before_bare: bool


class _Core(msgspec.Struct, frozen=True, gc=False):
    """A number without the words around: lower and upper end (equal but for ranges), and the word inside."""

    low: Decimal
    high: Decimal
    inside: str | None  # 余, 多, 几 …
    bare: bool  # begins with 百, 千, 万, 亿 and no digit before


def parse_numeral(surface: str) -> Numeral | None:
    """The number that `surface` states, or None where it states none.

    In the base unit: 万 and 亿 are multiplied out. A range gives its lower end; bounds are inclusive.

    >>> parse_numeral("1.2万")
    Numeral(value=12000, bound='exact', low=12000, high=12000)
    >>> parse_numeral("一百四十余")
    Numeral(value=140, bound='more', low=140, high=None)
    >>> parse_numeral("近八成")
    Numeral(value=80, bound='less', low=None, high=80, unit='%')
    """
    if len(surface) <= _NINE and surface.isascii() and surface.isdecimal():
        value = int(surface)
        return Numeral(value, "exact", value, value)
    plain = _PLAIN.match(surface)
    if plain is not None:
        return _state_plain(*plain.groups())
    rest, before = _take_before(surface.strip().translate(_WIDTHS))
    rest, after = _take_after(rest)
    rest, unit = _take_percent(rest)
    core = _read_tenths(rest) if unit is None else None
    if core is not None:
        unit = "%"
    else:
        core = _read_core(rest)
    if core is None:
        return None
    if core.bare and not (before or after or core.inside or unit):
        return None
    if before is not None and before.before_bare and not core.bare:
        return None
    return _state(core, before or after, unit)


def ends_with_approximator(text: str, end: int, *, bare: bool) -> int:
    """Where the approximator that ends at `end` in `text` begins, blanks skipped; `end` where there is none.

    `bare` says that the number after it begins with 百, 千, 万 or 亿.

    >>> ends_with_approximator("粉丝突破6.3万", 4, bare=False)
    2
    """
    stop = end
    while stop > 0 and text[stop - 1] in BLANK:
        stop -= 1
    if stop == 0 or text[stop - 1] not in _load_last("before"):
        return end
    match = _load_edge("before").search(text, max(0, stop - MAX_WORD), stop)
    while match is not None:
        found = _load_by_word()[match.group()]
        start = match.start()
        if not (found.before_bare and not bare) and not (start and text[start - 1] in found.not_after):
            return start
        match = _load_edge("before").search(text, start + 1, stop)
    return end


@cache
def _load_edge(place: Literal["before", "inside", "after"]) -> re.Pattern[str]:
    """What ends with an approximator of one place; searching finds the longest first."""
    words = "|".join(re.escape(one.word) for one in load_approximators(place) if _is_edge(one))
    return re.compile(rf"(?:{words})\Z")


@cache
def _load_last(place: Literal["before", "after"]) -> frozenset[str]:
    """The characters that approximators of one place end with."""
    return frozenset(one.word[-1] for one in load_approximators(place))


@cache
def _load_start() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(one.word) for one in load_approximators("before")))


@cache
def _load_by_word() -> dict[str, Approximator]:
    return {one.word: one for place in _OUTER for one in load_approximators(place)}


def _is_edge(one: Approximator) -> bool:
    """余 and 多 at the end of a number stand inside it."""
    return one.place == "before" or len(one.word) > 1


@cache
def load_approximators(place: Literal["before", "inside", "after"]) -> tuple[Approximator, ...]:
    """The approximators of one place, longest first; raises `BadData` where an entry breaks the schema."""
    found: list[Approximator] = []
    for entry in read_data("approximators.toml")["approximator"]:
        if entry["place"] not in {"before", "inside", "after"} or entry["bound"] not in {
            "more",
            "less",
            "about",
        }:
            raise BadData(f"approximators.toml: {entry['words'][0]}: unknown place or bound")
        found.extend(
            Approximator(
                word,
                entry["place"],
                entry["bound"],
                tuple(entry.get("not_after", ())),
                entry.get("before_bare", False),
            )
            for word in entry["words"]
        )
    return tuple(sorted((one for one in found if one.place == place), key=lambda one: -len(one.word)))


def _take_before(surface: str) -> tuple[str, Approximator | None]:
    match = _load_start().match(surface)
    if match is None:
        return surface, None
    return surface[match.end() :].lstrip(), _load_by_word()[match.group()]


def _take_after(surface: str) -> tuple[str, Approximator | None]:
    match = _load_edge("after").search(surface) if surface[-1:] in _load_last("after") else None
    if match is None:
        return surface, None
    return surface[: match.start()].rstrip(), _load_by_word()[match.group()]


def _take_percent(surface: str) -> tuple[str, str | None]:
    if surface.endswith("%"):
        return surface[:-1].rstrip().replace("%", ""), "%"
    match = _PERCENT.match(surface)
    return (surface[match.end() :].replace("百分之", ""), "%") if match else (surface, None)


def _read_tenths(surface: str) -> _Core | None:
    match = _TENTHS.match(surface)
    if match is None:
        return None
    ones = {"半": 5}.get(match[2], _VALUES.get(match[2], 0))
    value = (
        Decimal(_VALUES.get(match[1], 0) * 10 + ones)
        if match[1] in _VALUES
        else Decimal(int(match[1]) * 10 + ones)
    )
    return _Core(value, value, match[3], False)


def _read_core(surface: str) -> _Core | None:
    if _WHOLE.match(surface):
        return _evaluate(_TOKEN.findall(surface))
    match = _RANGE.match(surface)
    if match is None:
        return None
    first, second = (_evaluate(_TOKEN.findall(part)) for part in match.groups())
    if first is None or second is None:
        return None
    low = first.low
    if low < second.low and not first.inside and match[2][-1] in _LARGE and match[1][-1] not in _LARGE:
        low *= _LARGE[match[2][-1]]  # 3至5万: the multiplier is shared
    if low >= second.high:
        return None
    return _Core(low, second.high, None, False)


def _evaluate(tokens: list[str]) -> _Core | None:
    """The value of the tokens of one number; None where they make none."""
    tokens = [part for token in tokens for part in _TENS.get(token, (token,))]
    if "点" in tokens:
        return _read_decimal(tokens)
    inside = next((token for token in tokens if token in "余多几来+"), None)
    if tokens and tokens[0] == "几":
        return None
    plain = [token for token in tokens if token not in "余多几来+"]
    spread = _split_spread(plain)
    if spread is not None:
        low, high = (_add_up(part) for part in spread)
    else:
        low = high = _add_up(plain)
    if low is None or high is None or (inside is not None and spread is not None):
        return None
    if inside is not None and not _may_hold(tokens):
        return None
    return _Core(low, high, inside, bool(plain) and (plain[0] in _LARGE or plain[0] in "百千佰仟"))


def _read_decimal(tokens: list[str]) -> _Core | None:
    """九十八点六, 一点五万: the whole part, the digits behind 点 by their places, and a multiplier."""
    if tokens[-1] in _LARGE:
        core = _read_decimal(tokens[:-1])
        factor = _LARGE[tokens[-1]]
        return core and _Core(core.low * factor, core.high * factor, core.inside, core.bare)
    place = tokens.index("点")
    whole, digits = _add_up(tokens[:place]), tokens[place + 1 :]
    if whole is None or not digits or len(digits) > MAX_DIGITS or any(one not in _VALUES for one in digits):
        return None
    value = whole + Decimal("0." + "".join(str(_VALUES[one]) for one in digits))
    return _Core(value, value, None, False)


def _may_hold(tokens: list[str]) -> bool:
    """Whether the word inside stands last, or before a last 万 or 亿 (2千余万), and once."""
    places = [place for place, token in enumerate(tokens) if token in "余多几来+"]
    last = len(tokens) - 1
    if len(places) != 1 or places[0] == 0:
        return False
    if tokens[places[0]] == "几" and tokens[places[0] - 1] not in "十廿卅拾":
        return False
    return places[0] == last or (places[0] == last - 1 and tokens[last] in _LARGE)


def _split_spread(tokens: list[str]) -> tuple[list[str], list[str]] | None:
    """两三百 as 两百 and 三百, 三五 as 三 and 五; None where no two neighbouring digits say a spread."""
    for place in range(len(tokens) - 1):
        first, second = _VALUES.get(tokens[place]), _VALUES.get(tokens[place + 1])
        if first is None or second is None:
            continue
        if place + 2 < len(tokens) and tokens[place + 2] in _VALUES:
            return None
        if first and (second == first + 1 or (first, second) == (3, 5)):
            return [*tokens[: place + 1], *tokens[place + 2 :]], [*tokens[:place], *tokens[place + 1 :]]
        return None
    return None


def _add_up(tokens: list[str]) -> Decimal | None:
    """The sum of digits and multipliers; None where they do not stand in falling order."""
    if tokens and all(token in _VALUES for token in tokens):
        return _read_places(tokens)
    total, section, current, last = Decimal(0), Decimal(0), None, Decimal(0)
    for token in tokens:
        if token in _SMALL:
            if section and 0 < last <= _SMALL[token]:
                return None  # 一百一百
            section += (Decimal(1) if current is None else current) * _SMALL[token]
            current, last = None, Decimal(_SMALL[token])
        elif token in _LARGE:
            total = _multiply(total, section, current, _LARGE[token])
            section, current, last = Decimal(0), None, Decimal(_LARGE[token])
        else:
            value = _read_digit(token)
            if value is None or (current is not None and current != 0):
                return None
            current, last = value, Decimal(0) if current == 0 else last
    return total + section + _close(current, last, tokens)


def _read_places(digits: list[str]) -> Decimal | None:
    """二〇二三 by its places; two digits side by side (三二) are no number."""
    if len(digits) == 2 and not {"零", "〇"} & set(digits):
        return None
    return Decimal("".join(str(_VALUES[digit]) for digit in digits)) if len(digits) < MAX_DIGITS else None


def _multiply(total: Decimal, section: Decimal, current: Decimal | None, factor: int) -> Decimal:
    """The total after 万 or 亿: a bare one counts itself, 一万亿 multiplies what stands before."""
    amount = section + (current or 0)
    if amount == 0 and total == 0 and current is None:
        amount = Decimal(1)
    return (total + amount) * factor if factor > total > 0 else total + amount * factor


def _close(current: Decimal | None, last: Decimal, tokens: list[str]) -> Decimal:
    """The value of a last digit: 三万五 is 35,000, 三万零五 is 30,005."""
    if current is None:
        return Decimal(0)
    single = tokens[-1] in _VALUES or (len(tokens[-1]) == 1 and tokens[-1].isdigit())
    if last >= 100 and len(tokens) > 1 and single and tokens[-2] not in "零〇○":
        return current * last / 10
    return current


def _read_digit(token: str) -> Decimal | None:
    if token in _VALUES:
        return Decimal(_VALUES[token])
    digits = (
        token.translate(_WIDTHS).replace(",", "").replace("\u00a0", "").replace("\u3000", "").replace(" ", "")
    )
    if len(digits) > MAX_DIGITS:
        return None
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _state(core: _Core, outer: Approximator | None, unit: str | None) -> Numeral:
    value, high = _to_number(core.low), _to_number(core.high)
    if value != high:
        return Numeral(value, "range", value, high, unit)
    bound: Bound = outer.bound if outer else "exact"
    if outer is None and core.inside:
        bound = "about" if core.inside == "来" else "more"
    if bound == "more":
        return Numeral(value, "more", value, None, unit)
    if bound == "less":
        return Numeral(value, "less", None, value, unit)
    if bound == "about":
        return Numeral(value, "about", None, None, unit)
    return Numeral(value, "exact", value, value, unit)


def _state_plain(digits: str, fraction: str | None, unit: str | None, more: str | None) -> Numeral:
    value: Number = int(digits) if fraction is None else float(digits)
    if fraction is not None and value == int(value):
        value = int(value)
    return Numeral(value, "more", value, None) if more else Numeral(value, "exact", value, value, unit)


def _to_number(value: Decimal) -> Number:
    return int(value) if value == value.to_integral_value() else float(value)
