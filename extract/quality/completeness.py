"""How much of what the form and the law ask for is there."""

from __future__ import annotations

from functools import cache

from extract.forms import form_of, load_forms
from extract.quality.facts import Facts, indicator
from extract.quality.measure import Measure, rate, unknown

SECTIONS = ("overview", "proactive", "requests", "review", "problems", "other")
_AFTER = frozenset(SECTIONS[1:])  # what follows section 一
TOPICS = ("proactive", "request", "management", "platform", "supervision")


@indicator
def sections_present(facts: Facts) -> Measure:
    """Statutory sections present, by their meaning, / 6. Range 0–1. Unknown of a text that breaks off.

    Source: 条例第五十条; 国办公开办函〔2021〕30号.
    """
    if facts.may_have_lost(*SECTIONS):
        return unknown("cut")
    present = {section.id for section in facts.report.sections}
    return rate(sum(one in present for one in SECTIONS), len(SECTIONS), "no_units")


@indicator
def cells_filled(facts: Facts) -> Measure:
    """Cells of the statutory tables that hold a number / cells of the form (198, 200; 58 of 2014). Range 0–1.

    A blank, "/" and "—" are not filled; 0 is. Without any table the form is unknown: no value; neither
    where the text breaks off before the section of a table.
    """
    form = form_of(facts.report.form)
    if form is None:
        return unknown("no_form")
    ids = _cell_ids(form.edition)
    if facts.may_have_lost(*(table.id for table in form.tables if table.id in SECTIONS)):
        return unknown("cut")
    return rate(sum(facts.cells.get(one) is not None for one in ids), len(ids), "no_form")


@cache
def _cell_ids(edition: str) -> tuple[str, ...]:
    form = form_of(edition)
    return form.cell_ids() if form is not None else ()


@indicator
def topics_covered(facts: Facts) -> Measure:
    """Of the five topics of section 一, those with at least one unit of that kind there / 5. Range 0–1.

    主动公开, 依申请公开, 政府信息管理, 政府信息公开平台建设, 监督保障; asked for since the reports for 2019.
    Source: 国办公开办函〔2021〕30号.
    """
    report = facts.report
    if report.year is not None and report.year < 2019:
        return unknown("before_2019")
    kinds = {unit.kind for unit in report.units if unit.section == "overview"}
    if not kinds:
        return unknown("no_overview")
    covered = sum(topic in kinds for topic in TOPICS)
    if (
        covered < len(TOPICS)
        and facts.may_have_lost(*SECTIONS)
        and not _AFTER & {one.id for one in report.sections}
    ):
        return unknown("cut")
    return rate(covered, len(TOPICS), "no_overview")


@indicator
def form_ok(facts: Facts) -> Measure:
    """1 where the tables follow the edition in force for the reporting year, else 0.

    Source: 国办公开办函〔2019〕60号, 〔2021〕30号; before 2019 the statistics of 2014 were in use.
    """
    report = facts.report
    if report.form is None:
        return unknown("no_form")
    if report.year is None:
        return unknown("no_year")
    in_force = [form.edition for form in load_forms() if form.first_year <= report.year]
    return rate(int(bool(in_force) and report.form == in_force[-1]), 1, "no_form")
