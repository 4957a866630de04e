"""Numerals: every form of a Chinese number, its bounds, and what is none."""

from __future__ import annotations

import time

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.numerals import parse_numeral

FORMS = {
    "一点五万": (15000, "exact", 15000, 15000),
    "九十八点六": (98.6, "exact", 98.6, 98.6), "二点五": (2.5, "exact", 2.5, 2.5),
    "三、四十": (30, "range", 30, 40), "十五、六": (15, "range", 15, 16), "1万5": (15000, "exact", 15000, 15000),
    "12": (12, "exact", 12, 12), "１２": (12, "exact", 12, 12), "1,234": (1234, "exact", 1234, 1234),
    "1, 234": (1234, "exact", 1234, 1234), "12 000": (12000, "exact", 12000, 12000),
    "3 0 2": (302, "exact", 302, 302), "1.2万": (12000, "exact", 12000, 12000),
    "5.419万": (54190, "exact", 54190, 54190), "1.2亿": (120000000, "exact", 120000000, 120000000),
    "3万4000": (34000, "exact", 34000, 34000), "5万8千": (58000, "exact", 58000, 58000),
    "0万": (0, "exact", 0, 0), "2.5": (2.5, "exact", 2.5, 2.5), "一百二十": (120, "exact", 120, 120),
    "一百二": (120, "exact", 120, 120), "三万五": (35000, "exact", 35000, 35000),
    "三万零五": (30005, "exact", 30005, 30005), "廿": (20, "exact", 20, 20),
    "卅二": (32, "exact", 32, 32), "一千零五十六": (1056, "exact", 1056, 1056),
    "二〇二三": (2023, "exact", 2023, 2023), "两": (2, "exact", 2, 2),
    "壹佰贰拾": (120, "exact", 120, 120), "一亿三千万": (130000000, "exact", 130000000, 130000000),
    "140余": (140, "more", 140, None), "140 余": (140, "more", 140, None),
    "两万三千余": (23000, "more", 23000, None), "2千余万": (20000000, "more", 20000000, None),
    "五十多万": (500000, "more", 500000, None), "百余": (100, "more", 100, None),
    "上百": (100, "more", 100, None), "十几": (10, "more", 10, None), "二十几": (20, "more", 20, None),
    "100+": (100, "more", 100, None), "超过53万": (530000, "more", 530000, None),
    "不少于50": (50, "more", 50, None), "突破6.3万": (63000, "more", 63000, None),
    "50以上": (50, "more", 50, None), "近200": (200, "less", None, 200),
    "不足一百": (100, "less", None, 100), "近千": (1000, "less", None, 1000),
    "5以内": (5, "less", None, 5), "不超过3": (3, "less", None, 3), "约300": (300, "about", None, None),
    "300左右": (300, "about", None, None), "十来": (10, "about", None, None), "3至5": (3, "range", 3, 5),
    "3-5": (3, "range", 3, 5), "三到五": (3, "range", 3, 5), "两三": (2, "range", 2, 3),
    "三五": (3, "range", 3, 5), "七八十": (70, "range", 70, 80), "两三百": (200, "range", 200, 300),
    "3至5万": (30000, "range", 30000, 50000), "100-200": (100, "range", 100, 200),
    "12~15": (12, "range", 12, 15),
}  # fmt: skip
RATES = {
    "百分之九十五": 95,
    "百分之百": 100,
    "八成": 80,
    "八成五": 85,
    "10%": 10,
    "百分之二点五": 2.5,
    "三成多": 30,
}
NONE = [
    "",
    "万",
    "千",
    "余",
    "几",
    "数十",
    "几十",
    "三二",
    "第三",
    "abc",
    "1-",
    "5至3",
    "一百一百",
    "9" * 40,
    "十几余",
    "，",
]


@pytest.mark.parametrize(("surface", "expected"), FORMS.items())
def test_forms(surface: str, expected: tuple[float, str, float | None, float | None]) -> None:
    """Value, bound and both ends of every form."""
    numeral = parse_numeral(surface)
    assert numeral is not None
    assert (numeral.value, numeral.bound, numeral.low, numeral.high) == expected
    assert isinstance(numeral.value, type(expected[0]))


@pytest.mark.parametrize(("surface", "value"), RATES.items())
def test_rates(surface: str, value: float | None) -> None:
    """百分之, 成 and % say a rate; what cannot be read is None."""
    numeral = parse_numeral(surface)
    assert (numeral.value, numeral.unit) == (value, "%") if numeral else value is None


@pytest.mark.parametrize("surface", NONE)
def test_no_numerals(surface: str) -> None:
    """What states no number is None, never a guess."""
    assert parse_numeral(surface) is None


@given(st.integers(1, 10**11))
def test_agrees_with_an_oracle(number: int) -> None:
    """Every number written in Chinese is read back, as an independent library writes it."""
    written = cn2an.an2cn(number)
    bare = written[0] in "百千万亿"
    numeral = parse_numeral(written)
    assert bare or (numeral is not None and numeral.value == number), written


@given(st.integers(0, 10**9), st.sampled_from(["{:d}", "{:,}"]))
def test_digits(number: int, form: str) -> None:
    """Plain digits and thousands separators."""
    numeral = parse_numeral(form.format(number))
    assert numeral is not None
    assert (numeral.value, numeral.low, numeral.high, numeral.bound) == (number, number, number, "exact")


@pytest.mark.parametrize("piece", ["9", "一", "1,", "余", "十余", "百分之", "1-"])
def test_long_surfaces(piece: str) -> None:
    """A hundred thousand characters are refused quickly."""
    start = time.process_time()
    parse_numeral(piece * (100_000 // len(piece)))
    assert time.process_time() - start < 2
