"""The year that a report reports on, as its title, its period or its narrative tell it.

A year is four digits, as digits or as characters, with or without 年; 20231月1日 is the year 2023 with its 年
lost. Publication days, plans, comparisons and the years of laws and circulars are not the year reported on.
"""

from __future__ import annotations

import re
from collections import Counter

from extract.patterns import late

_ZERO = "〇○零◯ОO0ΟＯ０oо"
_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9"}
_YEAR_IN_TITLE = late(
    rf"(?<!\d)(?:(?P<digits>20[0-4]\d)|(?P<words>[二2][{_ZERO}][一二三四{_ZERO}1-4][一二三四五六七八九{_ZERO}1-9]))"
    r"(?!\d)[）)】\]]?(?P<mark>年度|年)?度?"
)
_PERIOD = late(
    r"(?P<year>20(?<!\d20)[0-4]\d)(?:年度?|[-./])?0?1(?:月|[-./])?0?1日?(?:0?0[时点:：]\S{0,4})?(?:起|开始|始)?(?:，)?"
    r"(?:至|到|[-—–－~～]{1,2})(?:20\d{2,4})?(?:年|当年|同年|本年)?[-./]?12"
)
_STATED = late(
    r"(?P<year>20(?<!\d20)[0-4]\d)年?(?:度)?[\u4e00-\u9fff]{0,20}?(?:信息|政务)公开(?:工作)?(?:年度)?(?:工作)?(?:情况)?(?:的)?"
    r"(?:报告|年报|汇报|总结)"
)
_SCHOOL_YEAR = late(r"(?<!\d)(20[0-4]\d)(?:[-—–－~～/]{0,2}|至)(20[0-4]\d)学年")  # the dash may be lost
_SCHOOL_PERIOD = late(  # from September to August
    r"(20[0-4]\d)年?9月1日?起?，?,?(?:至|到|[-—–－~～]{1,2})(20[0-4]\d)年?8月31日"
)
_DATE_LINES = late(r"^[ ]*20\d\d ?年 ?\d{1,2} ?月(?: ?\d{1,2} ?日)?[ ]*$", re.MULTILINE)
_YEAR = late(r"(20(?<![\d〔﹝\[（(第]20)[0-4]\d)年(?P<after>度?)")
_BOOK = late(r"《[^《》]{0,80}》")
_COMPARED = late(r"(?:较|比|与|同|对比|相比|上年|相较于?)$")
_PLANNED = late(r"度?[，,]?[^，。；]{0,12}?(?:将|拟|计划|要(?!求|点)|继续|着力|下一步|我们会|力争)")
_DAY_AFTER = late(r"\d{1,2}月\d{1,2}日")
_LONGEST = 60_000


def find_title_year(title: str) -> int | None:
    """The year in the part of a title before its words, blanks removed; the last where it names several.

    >>> find_title_year("某某镇二〇二〇年度"), find_title_year("某某局"), find_title_year("二0二一年某局")
    (2020, None, 2021)
    """
    years = [_value(found) for found in _YEAR_IN_TITLE.finditer(title)]
    return years[-1] if years else None


def strip_years(title: str) -> list[str]:
    """What the years of a title leave over, in order, empty parts dropped."""
    parts = _YEAR_IN_TITLE.sub("\x00", title).split("\x00")
    return [part for part in parts if part]


def _value(found: re.Match[str]) -> int:
    if found["digits"]:
        return int(found["digits"])
    return int("".join(_DIGITS.get(letter, "0" if letter in _ZERO else letter) for letter in found["words"]))


def find_told_year(text: str) -> int | None:
    """The year of the period that the text states, else that it couples with its own name.

    Else that of the school year it tells of: the one in which it ends, when the report on it is due.
    """
    bare = "".join(text[:_LONGEST].split())
    return _count_period_years(bare) or _count_stated_years(bare) or _count_school_years(bare)


def find_period_year(text: str) -> int | None:
    """The year of the sentence that states the period: 统计期限自2023年1月1日起至12月31日止.

    Blanks and lost characters are allowed for: 自20231月1日起至202312月31日止. Where several periods are
    stated, the one most often; None where they are even.

    >>> find_period_year("统计期限自 20231月1日起至202312月31日止")
    2023
    """
    return _count_period_years("".join(text[:_LONGEST].split()))


def _count_period_years(bare: str) -> int | None:
    return _most_common([int(year) for year in _PERIOD.findall(bare)])


def _count_stated_years(bare: str) -> int | None:
    """The year of a text's own name: 现将2021年度政府信息公开工作情况报告如下.

    >>> _count_stated_years("现将我局2021年度政府信息公开工作情况报告如下：")
    2021
    """
    return _most_common([int(year) for year in _STATED.findall(bare)])


def _count_school_years(bare: str) -> int | None:
    """The year in which the school year ends; a dash may be lost, and the months be told instead.

    >>> _count_school_years("20192020学年"), _count_school_years("统计时间为2019年9月1日至2020年8月31日")
    (2020, 2020)
    """
    if "学年" not in bare and "8月31日" not in bare:
        return None
    told = (*_SCHOOL_YEAR.findall(bare), *_SCHOOL_PERIOD.findall(bare))
    pairs = [(int(first), int(last)) for first, last in told]
    return _most_common([last for first, last in pairs if last == first + 1])


def find_prevailing_year(text: str) -> int | None:
    """The year that the narrative mostly speaks of as past; None where it names none or two alike.

    Left out: names of documents, comparisons, plans, and days (a date line may be the day of signing).
    """
    bare = _BOOK.sub("", "".join(_DATE_LINES.sub("", text[:_LONGEST]).split()))
    years: list[int] = []
    for found in _YEAR.finditer(bare):
        if _COMPARED.search(bare, max(0, found.start() - 4), found.start()):
            continue
        if _DAY_AFTER.match(bare, found.end()) or _PLANNED.match(bare, found.end()):
            continue
        years.append(int(found[1]))
    return _most_common(years)


def _most_common(years: list[int]) -> int | None:
    """The year named most often; None where two are named as often."""
    if len(years) < 2:
        return years[0] if years else None
    ranked = Counter(years).most_common(2)
    return ranked[0][0] if len(ranked) < 2 or ranked[0][1] > ranked[1][1] else None
