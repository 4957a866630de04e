"""Another year named as the year reported on: in the title, the period sentence, the lead, an account.

Each such place votes for its year; the year of most of them stands (the year of the report where they tie),
and the places that name another are told. No such places: comparisons, plans, citations, names of documents
(《…》, 〔2021〕, “2021年”), days and months of events, publication dates, totals since a year.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from extract.forms import load_forms
from extract.patterns import late
from extract.report import Report, Unit

_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "O": "0",
}
_Y = r"(?P<year>20\d\d|二[〇○零O][一二三四五六七八九〇○零O]{2})"
_WRITTEN = late("二[〇○零O]")
_YEAR = late(_Y)
_PERIOD = late(
    rf"{_Y}\s*年?\s*0?1\s*月\s*0?1\s*日[^。；\n]{{0,12}}?(?:(?P<until>20\d\d)\s*年?\s*)?12\s*月\s*31\s*日"
)
_LEAD = late(
    rf"(?:现将|现就|编制|公布|发布|公开|就|对|作出|将)[^。；\n《》“”〔]{{0,24}}?{_Y}\s*年度?(?:的)?[^。；，\n《》]{{0,14}}?"
    r"(?:政府信息公开|政务公开|信息公开)[^。；，\n《》]{0,12}?(?:报告|年报|情况|如下|总结)(?!编制|工作的?通知|格式|有关|和|的?通知|要求)"
)
# not the first of 2019-2020学年, not those of 〔2024〕1号, 【2024】 before a title, 2024年公开
_TITLE = late(
    rf"(?<![\d【\[]){_Y}(?!\s*[-—–－~～至]{{1,2}}\s*20\d\d|\s*[〕﹞\]）)】]\s*第?\d{{1,4}}\s*号|[】\]])"
    r"\s*年?+度?+(?!\d|公开[）)]|[印制]发|发布|公布|报送)"
)
_ACCOUNT = late(
    rf"\s*(?:[（(]?[一二三四五六七八九十\d]{{1,2}}[）)、.．]\s*)?(?:[^\d，。；]{{0,16}}[。：:]\s*)?(?:[我本][局镇乡县区市办委厅院])?{_Y}\s*年(?:度|全年)?\s*[，,]?\s*"
    r"(?=我|本[局镇乡县区市办委厅院部单街机]|全[局镇乡县区市街系年]|未收|未发|未接|没有|共|累计|收到|受理|主动公开|[\u4e00-\u9fff]{2,24}?(?:镇|乡|街道|局|委|办|厅|县|区|市|政府|中心|处|室|院|会|站|所|队)(?:认真|坚持|结合|立足|聚焦|深入|严格|高度|紧紧|切实|全面|持续|共|在|以|按|未|积极|政府信息))"
)
_NAMED = late(r"(20(?<![比较与同自\d]20)\d\d)\s*年(?!\s*\d)")  # looks back late: engines look for 20 first
_PLAN = late(r"将|计划|拟|下一步|今后|打算|力争|预计|展望|新的一年")
_COMPARED = late(r"相比|同比|比20|较20|与20|对比|以来|起至今|至今|截至20")
_COMPARING = tuple("比与较同自从至")
_SINCE = late(r"以来|相比|至今|起|—|-|至")
_QUOTED = late(
    r"《[^》\n]{0,80}》|“[^”\n]{0,80}”|〔[^〕\n]{0,12}〕|﹝[^﹞\n]{0,12}﹞|\[[^\]\n]{0,8}\]|关于[^。；，\n]{0,40}?(?:通知|意见|要求|方案|要点)"
)


ACCOUNT = "account of work"


class Place(NamedTuple):
    """A place that names a reporting year, what kind of place it is, and the span of the year."""

    year: int
    kind: str
    start: int
    end: int


def reporting_year(report: Report, places: list[Place]) -> int | None:
    """The year that most places name.

    Where they tie: the year whose form the tables follow, then the one that the rest of the text names most
    often, then the one that was read. A stale title is thus told from a stale period sentence.
    """
    if report.year is None or {place.year for place in places} <= {report.year}:
        return report.year
    votes: Counter[int] = Counter({report.year: 0})
    for place in places:
        votes[place.year] += 1 if place.kind == ACCOUNT else 2
    most = max(votes.values())
    leaders = [year for year, count in votes.items() if count == most]
    if len(leaders) == 1:
        return leaders[0]
    fits = [year for year in leaders if edition_for(year) == report.form] or leaders
    rest = _LEAD.sub("", _PERIOD.sub("", _QUOTED.sub("", report.text))).replace(report.title or "\0", "")
    named = Counter(int(found) for found in _NAMED.findall(rest))
    return max(fits, key=lambda year: (named[year], year == report.year))


def edition_for(year: int | None) -> str | None:
    """The edition of the form that the report of a year should follow, None before the first.

    >>> [edition_for(year) for year in (2012, 2016, 2019, 2020, 2021, 2024)]
    [None, '2014', '2019', '2019', '2021', '2021']
    """
    if year is None:
        return None
    editions = [form.edition for form in load_forms() if form.first_year <= year]
    return editions[-1] if editions else None


def find_year_places(report: Report) -> Iterator[Place]:
    """The places that name the reporting year: title, period, lead, accounts of work; in this order."""
    yield from _in_title(report)
    units = _find_dated(report)
    text = _blank_out(report.text, units)
    for unit in units:
        if unit.section == "problems":
            continue
        for found in _PERIOD.finditer(text, unit.start, unit.end):
            yield _place(found, "period sentence")
            if found["until"] and found["until"] != found["year"]:
                yield Place(int(found["until"]), "period sentence", found.start("until"), found.end("until"))
        for found in _LEAD.finditer(text, unit.start, unit.end):
            if not _COMPARED.search(found.group()):
                yield _place(found, "lead")
    yield from _in_accounts(units, text)


def _find_dated(report: Report) -> list[Unit]:
    """The units that may name a year, in digits or written out."""
    text, units = report.text, report.units
    if _WRITTEN.search(text):
        return [one for one in units if _YEAR.search(text, one.start, one.end)]
    return [one for one in units if text.find("20", one.start, one.end) >= 0]


def _blank_out(text: str, units: Iterable[Unit]) -> str:
    """`text` with blanks in the place of what is quoted in the lines of `units`."""
    parts: list[str] = []
    at = 0
    for start, end in sorted({_find_lines(text, unit) for unit in units}):
        for found in _QUOTED.finditer(text, max(start, at), end):
            parts += (text[at : found.start()], " " * len(found.group()))
            at = found.end()
    return "".join((*parts, text[at:]))


def _find_lines(text: str, unit: Unit) -> tuple[int, int]:
    """Where the line that a unit begins in starts, and the one that it ends in stops."""
    end = text.find("\n", unit.end)
    return text.rfind("\n", 0, unit.start) + 1, len(text) if end < 0 else end


def _since(surface: str, found: re.Match[str]) -> bool:
    """Whether a year is compared with, or the start of a longer time: 与2022年相比, 自2018年, 2018年至今."""
    before = surface[max(0, found.start("year") - 3) : found.start("year")]
    after = surface[found.end("year") : found.end("year") + 8]
    return before.rstrip().endswith(_COMPARING) or bool(_SINCE.search(after))


def _place(found: re.Match[str], kind: str) -> Place:
    return Place(_as_year(found["year"]), kind, found.start("year"), found.end("year"))


def _as_year(surface: str) -> int:
    """
    >>> _as_year("二〇二三")
    2023
    """
    if surface.isdecimal():
        return int(surface)
    digits = "".join("2" if one == "二" else _DIGITS.get(one, one) for one in surface)
    return int(digits) if digits.isdecimal() else 0


def _in_title(report: Report) -> Iterator[Place]:
    """Each year of the title, where it stands in the text."""
    if not report.title:
        return
    years = list(_TITLE.finditer(report.title))
    at = report.text.find(report.title)
    for found in years:
        start = at + found.start("year") if at >= 0 else report.text.find(found["year"])
        if start >= 0:
            yield Place(_as_year(found["year"]), "title", start, start + len(found["year"]))


def _in_accounts(units: Iterable[Unit], text: str) -> Iterator[Place]:
    """Paragraphs that begin with a year, name no other, and tell the agency's own work."""
    for unit in units:
        if unit.section in ("problems", "preamble"):
            continue
        found = _ACCOUNT.match(text, unit.start, unit.end)
        if found is None or _PLAN.search(text, unit.start, unit.end) or _since(text, found):
            continue
        start, end = text.rfind("\n", max(0, unit.start - 40), unit.start) + 1, text.find("\n", unit.end)
        if start == 0 and unit.start > 40:  # not at the beginning of its paragraph
            continue
        paragraph = text[start : end if end >= 0 else len(text)]
        if len(set(_NAMED.findall(paragraph))) == 1:
            yield _place(found, ACCOUNT)
