"""Two years of one agency: what carries over, what is copied, what became of the problems."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from tiny import make_report

from extract.cli import main
from extract.quality.across import Comparison, measure_years
from extract.quality.compare_page import render_comparison
from extract.quality.compare_show import show_comparison
from extract.quality.diff import diff_words
from extract.quality.done import done_measures, is_done
from extract.quality.indicators import describe_indicators
from extract.quality.years import carry_agree, duplicate_report, find_year_faults, stock_gap
from extract.report import Report

FORWARD, OVER = "requests.carried_forward", "requests.carried_over"
OPENING = "全年通过县政府门户网站、政务公开栏和便民服务中心查阅点主动公开各类政府信息"


def two_years(
    old: dict[str, float | None], new: dict[str, float | None], form: str = "2021"
) -> tuple[Report, Report]:
    first, second = (2019, 2020) if form == "2019" else (2022, 2023)
    return (
        make_report(year=first, form=form, cells=old, checked=False),
        make_report(year=second, form=form, cells=new, checked=False),
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {}, (1.0, 7, 7)),
        (
            {f"{FORWARD}.total": 3, f"{FORWARD}.natural_person": 3},
            {f"{OVER}.total": 2, f"{OVER}.natural_person": 3},
            (6 / 7, 6, 7),
        ),
        ({f"{FORWARD}.total": 3}, {f"{OVER}.total": None}, (1.0, 6, 6)),
    ],
)
def test_carry_agree(
    old: dict[str, float | None], new: dict[str, float | None], expected: tuple[float, int, int]
) -> None:
    measure = carry_agree(*two_years(old, new))
    assert (measure.value, measure.numerator, measure.denominator) == pytest.approx(expected)


def test_carry_agree_without_a_table_or_with_a_year_between() -> None:
    old, new = two_years({}, {})
    assert carry_agree(make_report(year=2022, without=["requests"]), new).reason == "no_table"
    assert carry_agree(make_report(year=2020), new).reason == "not_consecutive"
    assert carry_agree(make_report(year=None), new).reason == "no_year"
    assert carry_agree(old, new).reason is None


def test_a_carry_over_that_differs_is_a_finding_with_both_cells() -> None:
    (fault,) = find_year_faults(*two_years({f"{FORWARD}.total": 3}, {f"{OVER}.total": 2}))
    assert (fault.rule, fault.severity) == ("carry", "warning")
    assert fault.other_where == (f"{FORWARD}.total",)
    assert fault.where == (f"{OVER}.total",)


ROW = "proactive.normative_documents"


@pytest.mark.parametrize(
    ("old", "new", "value", "expected"),
    [
        (10, (12, 3, 1), 0.0, 12),
        (10, (11, 3, 1), -1.0, 12),
        (10, (20, 3, 1), 8.0, 12),
    ],
)
def test_stock_gap(old: int, new: tuple[int, int, int], value: float, expected: int) -> None:
    cells = {f"{ROW}.in_force": new[0], f"{ROW}.issued": new[1], f"{ROW}.repealed": new[2]}
    years = two_years({f"{ROW}.in_force": old}, cells)
    measure = stock_gap(*years)
    assert (measure.value, measure.numerator, measure.denominator) == (value, new[0], expected)
    assert [fault.rule for fault in find_year_faults(*years)] == (["stock"] if value else [])


def test_stock_gap_has_no_value_over_two_forms_or_with_blanks() -> None:
    assert stock_gap(make_report(year=2020, form="2019"), make_report(year=2021)).reason == "other_form"
    assert stock_gap(make_report(year=2022, form=None), make_report(year=2023)).reason == "no_form"
    blank = {f"proactive.{row}.in_force": None for row in ("regulations", "normative_documents")}
    assert stock_gap(*two_years(blank, {})).reason == "blank_cell"


def test_items_of_form_2019_go_on_from_last_year() -> None:
    old = {"proactive.licences.previous_items": 40, "proactive.licences.change": -2}
    assert not find_year_faults(*two_years(old, {"proactive.licences.previous_items": 38}, "2019"))
    (fault,) = find_year_faults(*two_years(old, {"proactive.licences.previous_items": 40}, "2019"))
    assert fault.rule == "previous_items"
    assert fault.other_where == ("proactive.licences.previous_items", "proactive.licences.change")
    assert not find_year_faults(*two_years(old, {"proactive.licences.previous_items": None}, "2019"))


def test_two_reports_of_one_year_are_a_finding_but_a_copy_of_the_file_is_none() -> None:
    one = make_report([("overview", "overview", "甲。")])
    assert duplicate_report(one, replace(one, id="other")) is not None
    assert duplicate_report(one, one) is None
    assert duplicate_report(one, make_report(year=2022)) is None


# ---- texts -----------------------------------------------------------------------------------------------


def years_of(old: list[tuple], new: list[tuple]) -> Comparison:
    return Comparison(make_report(old, year=2022, checked=False), make_report(new, year=2023, checked=False))


def test_the_same_text_with_other_numbers_is_kept_and_wholly_copied() -> None:
    years = years_of(
        [("overview", "proactive", f"2022年，{OPENING}120条。")],
        [("overview", "proactive", f"2023年，{OPENING}98条；")],
    )
    assert [one.fate for one in years.kept] == ["kept"]
    assert years.copied_share().value == 1.0
    assert years.self_similarity().value == pytest.approx(1.0)


def test_nothing_in_common_is_new() -> None:
    years = years_of(
        [("overview", "proactive", "公开栏张贴通知。")], [("overview", "supervision", "组织培训两期。")]
    )
    assert [one.fate for one in years.kept] == ["new"]
    assert years.copied_share().value == 0.0
    assert years.self_similarity().value == 0.0
    assert [unit.id for unit in years.dropped] == ["u1"]


def test_copied_share_counts_units_that_hold_a_run_of_eight_words() -> None:
    copied, own = f"{OPENING}120条，群众反映良好。", "组织培训。"
    years = years_of(
        [("overview", "proactive", f"{OPENING}98条。")],
        [("overview", "proactive", copied), ("overview", "supervision", own)],
    )
    measure = years.copied_share()
    assert (measure.numerator, measure.denominator) == (len(copied), len(copied) + len(own))
    assert [one.fate for one in years.kept] == ["copied", "new"]


def test_cosine_by_hand() -> None:
    """公开 信息 against 公开 目录: one word of two in common."""
    years = years_of([("overview", "proactive", "公开，信息")], [("overview", "proactive", "公开，目录")])
    assert years.self_similarity().value == pytest.approx(0.5)


def test_text_measures_need_consecutive_years_and_text() -> None:
    old, new = make_report(year=2020), make_report([("overview", "overview", "甲。")], year=2023)
    assert {one.reason for one in measure_years(Comparison(old, new)).values()} == {"not_consecutive"}
    empty = years_of([], [])
    assert empty.self_similarity().reason == "no_units"
    assert empty.copied_share().reason == "no_units"
    assert empty.problem_repeat().reason == "no_problems"
    assert empty.followed_up().reason == "no_themes"


OLD_PROBLEMS = [
    ("problems", "problem", "主要问题有："),
    ("problems", "problem", "水质信息更新不及时，用户查询扑空。", ["timeliness"]),
    ("problems", "problem", "政策解读形式单一，以文字为主。", ["interpretation"]),
]


def test_problems_repeated_and_followed_up() -> None:
    years = years_of(
        OLD_PROBLEMS,
        [
            ("overview", "measure", "针对去年水质信息更新慢的问题，已建立月度台账。", ["timeliness"]),
            ("problems", "problem", "政策解读形式单一，以文字为主；", ["interpretation"]),
            ("problems", "problem", "水管站没有专人。", ["staffing"]),
            ("problems", "measure", "下一步将丰富解读形式。", ["interpretation"]),
        ],
    )
    repeat, followed = years.problem_repeat(), years.followed_up()
    assert (repeat.numerator, repeat.denominator) == (1, 2)
    assert (followed.numerator, followed.denominator) == (1, 2)
    assert [
        (one.problem.id, [unit.id for unit in one.measures], one.repeated and one.repeated.id)
        for one in years.follow_ups
    ] == [
        ("u2", ["u1"], None),
        ("u3", [], "u2"),
    ]


@pytest.mark.parametrize(
    ("new", "answered"),
    [
        # answers what stands before it, this year's problem of the same theme
        (
            [
                ("problems", "problem", "办事指南的图示看不清。", ["interpretation"]),
                ("problems", "measure", "对此，我们已换成可放大的矢量图。", ["interpretation"]),
            ],
            False,
        ),
        # stands there too, but names last year
        (
            [
                ("problems", "problem", "办事指南的图示看不清。", ["interpretation"]),
                ("problems", "measure", "去年提到的解读问题，已添视频8个。", ["interpretation"]),
            ],
            True,
        ),
        # answers a problem that was stated last year already
        (
            [
                ("problems", "problem", "政策解读形式单一，以文字为主。", ["interpretation"]),
                ("problems", "measure", "对此，已为政策解读增加图文形式。", ["interpretation"]),
            ],
            True,
        ),
        # of the theme, and nothing else
        ([("problems", "measure", "已请专家到村里宣讲。", ["interpretation"])], False),
        ([("problems", "measure", "上年的短板已补，专家到村里宣讲。", ["interpretation"])], True),
    ],
)
def test_a_measure_for_this_year_is_not_credited_to_last_year(new: list[tuple], answered: bool) -> None:
    years = years_of([OLD_PROBLEMS[2]], new)
    assert bool(years.follow_ups[0].answers) == answered


def test_all_problems_again_and_nothing_done() -> None:
    years = years_of(OLD_PROBLEMS, OLD_PROBLEMS)
    assert years.problem_repeat().value == 1.0
    assert years.followed_up().value == 0.0


def test_no_problem_this_year_is_no_rate() -> None:
    assert years_of(OLD_PROBLEMS, []).problem_repeat().reason == "no_problems"


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("针对上年指出的更新慢问题，已增设提醒。", True),
        ("下一步将建立台账。", False),
        ("下一步，在已建台账的基础上加强督促。", False),
        ("组织了2期培训，今后将每季度一期。", True),
        ("进一步加强学习。", False),
    ],
)
def test_done_is_not_promised(text: str, done: bool) -> None:
    assert is_done(make_report([("problems", "measure", text, ["mechanism"])]).units[0]) == done


LEAD = ("problems", "measure", "2024年，我局将从三方面改进。")
ITEM = ("problems", "measure", "每项涉民政策配发一图读懂，目前样式有三种。", ["interpretation"])


@pytest.mark.parametrize(
    ("units", "marked", "done"),
    [
        ([LEAD, ITEM], True, []),
        ([LEAD, ITEM], False, []),
        ([LEAD, ("problems", "measure", "已在网站增设检索功能。")], True, ["u2"]),
        ([LEAD, ("problems", "problem", "检索不便。"), ITEM], False, ["u3"]),
        ([("problems", "measure", "组织了2期培训，今后每季一期。"), ITEM], False, ["u1", "u2"]),
        ([("problems", "measure", "栏目清单于2024年3月公布，分类由五级减少到三级。")], False, []),
        ([("overview", "measure", "下一步，我局将改进检索。"), ITEM], False, ["u2"]),
        ([("problems", "measure", "对照《公开规划（2021—2025年）》，先后补录28条。")], False, ["u1"]),
        ([("problems", "measure", "按2021—2025年规划，先后补录28条。")], False, ["u1"]),
    ],
)
def test_a_promise_governs_the_items_it_leads_into(units: list[tuple], marked: bool, done: list[str]) -> None:
    report = make_report(units, year=2023, checked=False)
    items = tuple(replace(one, marker="一是" if marked else None) for one in report.units[1:])
    assert [one.id for one in done_measures(replace(report, units=(report.units[0], *items)))] == done


def test_a_heading_that_promises_governs_what_stands_under_it() -> None:
    report = make_report([ITEM, ("problems", "measure", "对照上年问题，已建台账。")], checked=False)
    under = tuple(replace(one, path=("（二）下一步打算",)) for one in report.units)
    assert [one.id for one in done_measures(replace(report, units=under))] == ["u2"]


def test_stretches_of_a_diff_join_to_both_texts() -> None:
    old, new = "全年公开信息120条，解读4篇。", "全年公开信息165条，开设专栏。"
    left, right = diff_words(old, new)
    assert "".join(one.text for one in left) == old
    assert "".join(one.text for one in right) == new
    assert any(one.differs for one in right)


def test_the_page_escapes_what_reports_say() -> None:
    years = years_of(
        [("overview", "overview", "<script>alert(1)</script>旧")], [("overview", "overview", "<b>新</b>&")]
    )
    page = render_comparison(years)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "沿用" in page
    assert "copied" in render_comparison(years, language="en")


def test_ids_are_shown_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    years = years_of(OLD_PROBLEMS, OLD_PROBLEMS[1:])
    assert "问题及改进情况 · 问题" in render_comparison(years)
    assert "problems · problem" in render_comparison(years, language="en")
    show_comparison(years)
    shown = capsys.readouterr().out
    assert "照旧" in shown
    assert "删去" in shown
    show_comparison(years, language="en")
    assert "kept" in capsys.readouterr().out


def test_pair_indicators_are_in_the_codebook() -> None:
    pairs = [one.id for one in describe_indicators().values() if one.level == "pair"]
    assert pairs == list(measure_years(years_of([], [])))


def test_the_command_compares_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = []
    for year, items in ((2022, 120), (2023, 98)):
        path = tmp_path / f"{year}.txt"
        path.write_text(
            f"云溪县水务局{year}年政府信息公开工作年度报告\n\n一、总体情况\n{year}年，{OPENING}{items}条。\n",
            "utf-8",
        )
        paths.append(str(path))
    assert (
        main(["compare", *paths, "--model", "rules", "--format", "json", "--html", str(tmp_path / "c.html")])
        == 0
    )
    result = json.loads(capsys.readouterr().out)
    assert result["measures"]["copied_share"]["value"] == 1.0
    assert (tmp_path / "c.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert main(["compare", *reversed(paths), "--model", "rules"]) == 0
    shown = capsys.readouterr()
    assert "2022 → 2023" in shown.out
    assert "later" in shown.err
    assert main(["compare", paths[0]]) == 2


def write_two(folder: Path, *heads: str) -> list[str]:
    paths = []
    for number, head in enumerate(heads):
        path = folder / f"{number}.txt"
        path.write_text(f"{head}年政府信息公开工作年度报告\n\n一、总体情况\n{OPENING}3条。\n", "utf-8")
        paths.append(str(path))
    return paths


def test_two_agencies_are_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = write_two(tmp_path, "云溪县水务局2022", "宝丰县教育局2023")
    assert main(["compare", *paths, "--model", "rules", "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert "two agencies, 云溪县水务局 and 宝丰县教育局" in shown.err
    result = json.loads(shown.out)
    assert not result["one_agency"]
    assert not result["findings"]
    assert result["measures"]["carry_agree"]["reason"] == "other_agency"
    assert main(["compare", *paths, "--model", "rules"]) == 0
    assert "云溪县水务局 2022 → 宝丰县教育局 2023" in capsys.readouterr().out


def test_numbers_of_two_agencies_need_not_carry_over() -> None:
    years = two_years({f"{FORWARD}.total": 3}, {f"{OVER}.total": 2})
    assert Comparison(*years).faults
    assert not Comparison(*years, one_agency=False).faults


def test_one_agency_under_two_names_and_one_year_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = write_two(tmp_path, "石柘镇人民政府2022", "栖河县石柘镇人民政府2022")
    assert main(["compare", *paths, "--model", "rules"]) == 0
    shown = capsys.readouterr().err
    assert "both reports are for 2022" in shown
    assert "two agencies" not in shown


def test_a_page_that_cannot_be_written_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = write_two(tmp_path, "云溪县水务局2022", "云溪县水务局2023")
    page = str(tmp_path / "nowhere" / "x.html")
    assert main(["compare", *paths, "--model", "rules", "--html", page]) == 1
    assert f"{page}: " in capsys.readouterr().err
