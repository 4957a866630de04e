"""The findings: what is found, with its cells or span, and what is no fault."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from planting_drafts import Draft, make_draft
from planting_write import write_values

import extract.check
from extract import parse
from extract.check import RULES, check_report
from extract.check.knowledge import absence_fits, claim_fits, compiled, load_knowledge
from extract.check.wording import Wording, first_of, load_wordings, wording
from extract.forms import form_of, list_sums
from extract.learn.finding_scores import Expected, compare_findings
from extract.report import Cell, Doubt, Finding, Omitted, PrintedLabel, Report, Section, Tables, Text

FOLDER = Path(__file__).parent / "cases"
CASES = tomllib.loads((FOLDER / "check_narrative.toml").read_text("utf-8"))["case"]
HANDS = tomllib.loads((FOLDER / "check_hands.toml").read_text("utf-8"))
ARITHMETIC = {"balance", "column_sum", "row_sum", "review_sum"}  # judged apart: the cases fill single cells
SEVERITIES = {
    "balance": "error",
    "column_sum": "error",
    "row_sum": "error",
    "review_sum": "error",
    "narrative_mismatch": "error",
    "narrative_conflict": "error",
}


def check(draft: Draft) -> tuple[Finding, ...]:
    return check_report(*write_values(draft))


def plain_draft(year: int = 2023, edition: str = "2021") -> Draft:
    """A report of six sections with all cells 0 and hardly a word."""
    form = form_of(edition)
    assert form is not None
    draft = make_draft(0)
    draft.year, draft.edition = year, edition
    draft.title = f"{draft.agency}{year}年政府信息公开工作年度报告"
    draft.cells = dict.fromkeys(form.cell_ids(), 0)
    draft.preamble, draft.labels = "", {}
    words = "公开工作按部署进行，情况平稳有序。"
    draft.paragraphs = {id_: [words] for id_ in draft.order}
    return draft


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_narrative(case: dict[str, Any]) -> None:
    draft = plain_draft()
    draft.agency = case.get("agency", draft.agency)
    draft.title = f"{draft.agency}2023年政府信息公开工作年度报告"
    for id_, value in case.get("cells", {}).items():
        assert id_ in draft.cells, id_
        draft.cells[id_] = None if value == "blank" else value
    draft.paragraphs[case.get("section", "overview")] = [case["text"]]
    report, tables, text = write_values(draft)
    found = [one for one in check_report(report, tables, text) if one.rule not in ARITHMETIC]
    expected = [Expected(rule, place) for rule, place in case["expect"]]
    _, missed, false = compare_findings(expected, found, report.text)
    assert not missed
    assert not false


@pytest.mark.parametrize(
    ("words", "expect"),
    [(one, []) for one in HANDS["clean"]] + [(one["text"], one["expect"]) for one in HANDS["fault"]],
)
def test_many_hands(words: str, expect: list[list[str]]) -> None:
    draft = plain_draft()
    draft.cells.update(HANDS["cells"])
    draft.paragraphs["overview"] = [words]
    report, tables, text = write_values(draft)
    found = [one for one in check_report(report, tables, text) if one.rule not in ARITHMETIC]
    _, missed, false = compare_findings([Expected(*one) for one in expect], found, report.text)
    assert not missed
    assert not false


def test_a_clean_report_raises_nothing() -> None:
    for year, edition in ((2020, "2019"), (2023, "2021")):
        assert check(plain_draft(year, edition)) == ()


def test_rules_and_severities_are_those_of_the_contract() -> None:
    for rule in RULES:
        SEVERITIES.setdefault(rule, "warning")
    assert len(RULES) == 15


# ---- sums and blanks ------------------------------------------


def test_a_row_and_a_column_that_are_off_name_their_cells() -> None:
    draft = plain_draft()
    draft.cells["requests.granted.natural_person"] = 2
    findings = check(draft)
    assert [(one.rule, one.severity, one.origin) for one in findings] == [
        ("column_sum", "error", "report"),
        ("row_sum", "error", "report"),
    ]
    assert findings[0].where[0] == "requests.total.natural_person"
    assert findings[1].where[0] == "requests.granted.total"
    assert all("requests.granted.natural_person" in one.where for one in findings)


def test_balance_is_told_for_each_column() -> None:
    draft = plain_draft()
    draft.cells["requests.received.natural_person"] = 3
    draft.cells["requests.received.total"] = 3
    found = [one for one in check(draft) if one.rule == "balance"]
    assert [one.where[0] for one in found] == ["requests.received.natural_person", "requests.received.total"]


def blank(draft: Draft, *ids: str) -> Draft:
    for one in ids:
        draft.cells[one] = None
    return draft


def rules(draft: Draft) -> list[str]:
    return [one.rule for one in check(draft)]


def test_a_blank_part_breaks_a_sum_only_where_the_rest_is_too_much() -> None:
    draft = blank(plain_draft(), "requests.received.commercial")
    draft.cells["requests.received.natural_person"] = 3
    draft.cells["requests.received.total"] = 5
    draft.cells["requests.carried_forward.natural_person"] = 3
    draft.cells["requests.carried_forward.total"] = 5
    draft.cells["requests.carried_forward.commercial"] = 2
    assert rules(draft) == ["missing_cell"]
    draft.cells["requests.received.natural_person"] = 6
    draft.cells["requests.carried_forward.natural_person"] = 6
    assert rules(draft) == ["row_sum", "row_sum", "missing_cell"]


def test_a_blank_total_is_missing_and_breaks_no_sum() -> None:
    draft = blank(
        plain_draft(), "requests.total.total", "requests.granted.total", "review.reconsideration.total"
    )
    draft.cells["requests.granted.natural_person"] = 4
    draft.cells["requests.total.natural_person"] = 4
    draft.cells["requests.received.natural_person"] = 4
    draft.cells["requests.received.total"] = 4
    draft.cells["review.reconsideration.upheld"] = 2
    assert set(rules(draft)) == {"missing_cell"}


def test_every_nought_and_every_outcome_total_left_blank_is_no_error() -> None:
    draft = plain_draft(2020, "2019")
    draft.cells.update({"requests.received.natural_person": 9, "requests.received.total": 9})
    draft.cells.update({"requests.granted.natural_person": 9, "requests.total.natural_person": 9})
    for id_, value in draft.cells.items():
        outcome = id_.startswith("requests.") and id_.endswith(".total") and "received" not in id_
        if value == 0 or outcome:
            draft.cells[id_] = None
    assert rules(draft) == ["missing_cell"] * 3


def test_a_table_blank_throughout_is_missing_cells_of_one_table() -> None:
    draft = plain_draft()
    ids = [one for one in draft.cells if one.startswith("review.")]
    (finding,) = check(blank(draft, *ids))
    assert (finding.rule, finding.where) == ("missing_cell", tuple(ids))


def test_findings_that_rest_on_a_doubt_are_of_origin_reading() -> None:
    draft = plain_draft()
    draft.cells["review.reconsideration.total"] = 2
    draft.doubts.append(("review.reconsideration.total",))
    assert [(one.rule, one.origin) for one in check(draft)] == [("review_sum", "reading")]


def test_nothing_in_a_torn_row_is_sure() -> None:
    draft = plain_draft()
    for row in ("granted", "total", "received"):
        draft.cells[f"requests.{row}.total"] = 4
    draft.cells["requests.granted.total"] = 0
    torn = tuple(f"requests.granted.{one}" for one in ("natural_person", "commercial"))
    draft.doubts.append(torn)
    sums = [(one.rule, one.origin) for one in check(draft) if one.rule == "column_sum"]
    assert sums == [("column_sum", "reading")]


def test_findings_on_a_scan_are_of_origin_reading() -> None:
    draft = plain_draft()
    draft.cells["review.reconsideration.total"] = 2
    report, tables, text = write_values(draft)
    cells = tuple(replace(cell, read_by="ocr") for cell in tables.cells)
    findings = check_report(report, replace(tables, cells=cells), text)
    assert [(one.rule, one.origin) for one in findings] == [("review_sum", "reading")]


def test_the_sums_of_the_old_statistics() -> None:
    form = form_of("2014")
    assert form is not None
    values = dict.fromkeys(form.cell_ids(), 0) | {
        "statistics.answered.count": 5,
        "statistics.granted.count": 3,
        "statistics.received.count": 6,
        "statistics.online.count": 4,  # received in another way: two
        "statistics.reconsiderations.count": 3,
        "statistics.reconsideration_upheld.count": 2,  # one is pending
        "statistics.litigation_upheld.count": 1,  # of none
        "statistics.staff.count": 4,
        "statistics.staff_full_time.count": 1,
        "statistics.staff_part_time.count": 3,
    }
    cells = tuple(
        Cell(
            *one.split(".", 1)[:1],
            one.split(".", 1)[1].rpartition(".")[0],
            "count",
            value,
            str(value),
            None,
            None,
            None,
            "grid",
        )
        for one, value in values.items()
    )
    report, _, text = write_values(plain_draft())
    old = replace(report, year=2016, form="2014", cells=cells, title=None)
    found = check_report(old, Tables("2014", cells, (), forms={"statistics": "2014"}), text)
    wrong = [one.where[0] for one in found if one.rule == "column_sum"]
    assert wrong == ["statistics.answered.count", "statistics.litigations.count"]


# ---- sections, tables, labels, editions ------------------------------------------


def test_a_section_without_its_heading_is_missing_and_its_table_is_not() -> None:
    draft = plain_draft()
    draft.order.remove("review")
    (finding,) = check(draft)
    assert (finding.rule, finding.where) == ("missing_section", ())
    assert "review" in finding.message


def test_a_heading_without_its_table_is_a_missing_table_even_with_words_under_it() -> None:
    draft = plain_draft()
    draft.lost_tables.add("requests")
    (finding,) = check(draft)
    assert finding.rule == "missing_table"


def test_a_heading_followed_by_a_signature_is_an_empty_section() -> None:
    draft = plain_draft()
    draft.paragraphs["other"] = []
    report, tables, _ = write_values(draft)
    signed = report.text + "青石镇人民政府\n2024年1月20日\n"
    last = replace(report.sections[-1], end=len(signed))
    omitted = (Omitted(len(report.text), len(signed), "signature"),)
    report = replace(report, text=signed, sections=(*report.sections[:-1], last), omitted=omitted)
    (finding,) = check_report(report, tables, Text(signed, ()))
    start, end = map(int, finding.where[0].split(":"))
    assert (finding.rule, signed[start:end]) == ("empty_section", last.heading)


def test_reports_before_2019_need_not_have_six_sections() -> None:
    text = "概述\n一切正常。\n"
    report, _, _ = write_values(plain_draft())
    sections = (Section("overview", "概述", 0, len(text)),)
    report = replace(
        report, year=2012, form=None, title=None, text=text, sections=sections, units=(), figures=(), cells=()
    )
    found = check_report(report, Tables(None, (), ()), Text(text, ()))
    assert {one.rule for one in found} == {"missing_section"}
    assert len(found) == 3


def test_a_university_has_an_order_of_parts_of_its_own() -> None:
    source = (
        "云岭大学2022-2023学年信息公开工作年度报告\n按照《高等学校信息公开办法》，编制本报告。\n一、概述\n"
        "学校重视公开。\n二、主动公开信息情况\n公开信息30条。\n三、依申请公开情况\n未收到申请。\n"
        "四、师生评议情况\n评价良好。\n五、存在的主要问题和改进措施\n更新不够及时。\n"
    )
    report = parse(source)
    assert (report.agency, report.year, report.findings) == ("云岭大学", 2023, ())


def test_the_form_of_another_year() -> None:
    assert rules(plain_draft(2023, "2019")) == ["form_mismatch"]
    assert rules(plain_draft(2020, "2021")) == ["form_mismatch"]


def test_an_old_annex_beside_the_new_tables_is_no_fault() -> None:
    report, tables, text = write_values(plain_draft(2020, "2019"))
    annex = Cell("statistics", "received", "count", 0, "0", None, None, None, "grid")
    tables = replace(tables, cells=(*tables.cells, annex), forms={**tables.forms, "statistics": "2014"})
    assert check_report(report, tables, text) == ()


def test_a_misprinted_label_names_its_span() -> None:
    draft = plain_draft()
    draft.labels["本年废止件数"] = "本年度止件数"
    report, tables, text = write_values(draft)
    (finding,) = check_report(report, tables, text)
    start, end = map(int, finding.where[0].split(":"))
    assert (finding.rule, report.text[start:end]) == ("misprinted_label", "本年度止件数")


def test_an_amount_of_nought_needs_no_unit() -> None:
    draft = plain_draft(2020, "2019")
    draft.unitless.append("proactive.procurement.amount")
    assert rules(draft) == []
    draft.cells["proactive.procurement.amount"] = 251000
    assert rules(draft) == ["unit_unknown"]


# ---- years ------------------------------------------

STALE = [
    ("preamble", "报告中所列数据的统计期限自2022年1月1日起至2022年12月31日止。", "2022"),
    ("preamble", "现将2022年度政府信息公开工作情况报告如下。", "2022"),
    ("overview", "2022年，我镇认真落实条例要求，公开工作稳步推进。", "2022"),
    ("other", "2022年度，我镇未收取信息处理费。", "2022"),
    ("overview", "（一）主动公开。2022年，我镇主动公开政府信息若干。", "2022"),
]
NOT_STALE = [
    ("problems", "在2024年的工作中，我镇将加大公开力度；2024年，我镇将增派人手。"),
    ("overview", "与2022年相比，2023年公开的信息更多；2022年，我镇受到表彰，2023年继续努力。"),
    ("overview", "按照《2022年政务公开工作要点》和国办发〔2021〕30号文件，2019年修订的条例得到落实。"),
    ("overview", "2018年以来，我镇持续建设公开专区。"),
    ("overview", "根据关于做好2022年度政府信息公开工作年度报告编制工作的通知要求，我镇开展了自查。"),
    ("preamble", "统计期限为2023年1月1日至12月31日，本报告于2024年1月20日公布。"),
    ("overview", "2022年12月，我镇建成政务公开专区，全年运行良好。"),
]


def draft_with(section: str, words: str) -> Draft:
    draft = plain_draft()
    if section == "preamble":
        draft.preamble = words
    else:
        draft.paragraphs[section] = [words]
    return draft


@pytest.mark.parametrize(("section", "words", "year"), STALE)
def test_another_year_named_as_the_reporting_year(section: str, words: str, year: str) -> None:
    report, tables, text = write_values(draft_with(section, words))
    found = check_report(report, tables, text)
    assert {one.rule for one in found} == {"stale_year"}
    for one in found:
        start, end = map(int, one.where[0].split(":"))
        assert report.text[start:end] == year


@pytest.mark.parametrize(("section", "words"), NOT_STALE)
def test_other_years_that_are_no_fault(section: str, words: str) -> None:
    assert check(draft_with(section, words)) == ()


def test_a_stale_title_is_told_though_the_year_was_read_from_it() -> None:
    draft = draft_with(
        "preamble", "现公布2023年度政府信息公开情况，数据统计自2023年1月1日起至2023年12月31日止。"
    )
    draft.title = draft.title.replace("2023", "2022")
    draft.extra["year"] = 2022
    report, tables, text = write_values(draft)
    (finding,) = [one for one in check_report(report, tables, text) if one.rule == "stale_year"]
    assert int(finding.where[0].split(":")[0]) < len(draft.title)


@pytest.mark.parametrize(
    "dress", ["溪政办〔2024〕3号 {}", "{}（溪政发[2024]12号）", "【2024】{}", "{}（2024年公开）"]
)
def test_the_year_of_a_paper_or_of_a_folder_in_the_title_is_none_reported_on(dress: str) -> None:
    title = dress.format("云岭乡人民政府2023年政府信息公开工作年度报告")
    report = parse(f"{title}\n一、总体情况\n2023年，我乡公开信息20条。\n二、主动公开政府信息情况\n")
    assert report.year == 2023
    assert "stale_year" not in {one.rule for one in report.findings}


# ---- the data ------------------------------------------


def test_every_claim_fits_its_examples_and_not_its_counter_examples() -> None:
    for claim in load_knowledge().claims:
        for example in claim.examples:
            assert claim_fits(claim, example), (claim.id, example)
        for example in claim.counter:
            assert not claim_fits(claim, example), (claim.id, example)


def test_every_absence_fits_its_examples_and_not_its_counter_examples() -> None:
    for absence in load_knowledge().absences:
        for example in absence.examples:
            assert absence_fits(absence, example, example), (absence.id, example)
        for example in absence.counter:
            assert not absence_fits(absence, example, example), (absence.id, example)


def test_every_scope_fits_its_examples_and_not_its_counter_examples() -> None:
    for scope in load_knowledge().scopes:
        for example in scope.examples:
            assert compiled(scope.pattern).search(example), (scope.id, example)
        for example in scope.counter:
            assert not compiled(scope.pattern).search(example), (scope.id, example)


@pytest.mark.parametrize("entry", load_wordings().values(), ids=lambda entry: entry.id)
def test_wording_fits_its_examples_and_not_its_counter_examples(entry: Wording) -> None:
    """`text → name=words`: the group of that name holds these in the last match."""
    pattern = wording(entry.id)
    fits = {"anywhere": pattern.search, "start": pattern.match, "whole": pattern.fullmatch}[entry.fit]
    for example in entry.examples:
        text, _, group = example.partition(" → ")
        assert fits(text), text
        if group:
            found = [*pattern.finditer(text)][-1]
            name, _, words = group.partition("=")
            assert found[name] == words, example
            assert first_of(entry.id).match(text, found.start())
    assert [text for text in entry.never if fits(text)] == []
    assert entry.examples
    assert entry.never


def test_every_wording_is_asked_for_and_there() -> None:
    """The modules of the rules name every entry once or more, and no other."""
    folder = Path(extract.check.__file__).parent
    code = "".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    asked = set(re.findall(r'(?:wording|first_of)\("(\w+)"\)', code))
    follow = {entry.then for entry in load_wordings().values() if entry.then}
    assert asked | follow == set(load_wordings())


def test_every_cell_of_the_data_is_a_cell_of_some_form() -> None:
    cells = {one for edition in ("2014", "2019", "2021") for one in form_of(edition).cell_ids()}  # type: ignore[union-attr]
    knowledge = load_knowledge()
    entries = (*knowledge.claims, *knowledge.absences, *knowledge.outcomes, *knowledge.applicants)
    for formula in (value for entry in entries for value in entry.values):
        for term in formula.replace(" - ", " + ").split(" + "):
            if "*" in term or term.endswith("organisations"):
                continue
            assert term in cells, term
    assert all(one in cells for entry in list_sums() for one in (entry.whole, *entry.parts))


# ---- whatever the report ------------------------------------------


@st.composite
def any_report(draw: st.DrawFn) -> tuple[Report, Tables, Text]:
    draft = make_draft(draw(st.integers(0, 400)))
    for id_ in draw(st.lists(st.sampled_from(sorted(draft.cells)), max_size=20)):
        draft.cells[id_] = draw(st.one_of(st.none(), st.integers(-5, 10**7), st.floats(-1, 1e6)))
    draft.year = draw(st.integers(1990, 2090))
    report, tables, text = write_values(draft)
    words = draw(st.text(alphabet="一二2023年，。；：（）共其中收到申请件条复议诉讼占%结转", max_size=60))
    figures = tuple(
        replace(
            one,
            object=draw(st.one_of(st.none(), st.just(words))),
            unit=draw(st.sampled_from(["件", "%", None])),
        )
        for one in report.figures
    )
    keep = draw(st.integers(0, len(report.sections)))
    labels = (PrintedLabel("requests", "received", words, words, 0, 1, True),)
    doubts = (Doubt(tuple(draw(st.lists(st.sampled_from(sorted(draft.cells)), max_size=3))), "torn"),)
    report = replace(
        report,
        figures=figures,
        sections=report.sections[:keep],
        title=draw(st.one_of(st.none(), st.just(words))),
    )
    return report, replace(tables, labels=labels, doubts=doubts), text


@settings(max_examples=150, deadline=None)
@given(any_report())
def test_no_report_crashes_the_checks(one: tuple[Report, Tables, Text]) -> None:
    report, tables, text = one
    for finding in check_report(report, tables, text):
        assert finding.rule in RULES
        assert finding.severity == SEVERITIES.get(finding.rule, "warning")
        for place in finding.where:
            start, colon, end = place.partition(":")
            if colon:
                assert 0 <= int(start) <= int(end) <= len(report.text)
            else:
                assert place in {cell.id for cell in tables.cells}
