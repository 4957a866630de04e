"""A report against its peers, and a whole dataset measured: planted twins, names left in, broken carry-overs."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace
from tiny import make_report

from extract.cli import main
from extract.errors import BadData
from extract.quality.dataset import measure_dataset
from extract.quality.foreign import Neighbours, find_foreign_places
from extract.quality.indicators import describe_indicators
from extract.quality.names import join_names
from extract.quality.peers import (
    boilerplate_share,
    find_common_runs,
    percentile_ranks,
    report_shingles,
    report_words,
)
from extract.quality.results import TABLES
from extract.quality.tables import describe_rules, describe_tables
from extract.quality.twins import ALL_PAIRS_UP_TO, compare_peers
from extract.quality.weights import FORM, Weights, load_weights, weighted_mean
from extract.quality.years import Rule
from extract.report import Report
from extract.similarity import signatures
from extract.store import Store, write_reports

COMMON = "坚持以公开为常态不公开为例外的原则，及时准确全面地公开政府信息。"
WORDS = [
    "供水",
    "排水",
    "节水",
    "渠道",
    "水库",
    "灌区",
    "抗旱",
    "防汛",
    "巡查",
    "检修",
    "收费",
    "报装",
    "水质",
    "水价",
    "泵站",
    "闸门",
    "河长",
    "取水",
    "计量",
    "管网",
]


def own_text(number: int) -> str:
    """A sentence that no other number has."""
    draw = random.Random(number)
    return (
        "、".join(draw.sample(WORDS, 12))
        + f"等{draw.randint(10, 99)}项由{''.join(draw.sample(WORDS, 4))}股办理。"
    )


def peers(count: int, *, common: int) -> list[Report]:
    """Reports of one year of which the first `common` share a sentence."""
    return [
        make_report(
            [("overview", "proactive", own_text(number))]
            + [("overview", "overview", COMMON)] * (number < common),
            agency=f"云溪县第{number}水务局",
            checked=False,
        )
        for number in range(count)
    ]


# ---- boilerplate -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("common", "holds"), [(10, True), (4, True), (3, False), (1, False)])
def test_boilerplate_is_what_three_in_ten_peers_share(common: int, holds: bool) -> None:
    """Ten reports: of the nine peers of each, 2.7 must share the run beside the report itself."""
    reports = peers(10, common=common)
    runs = find_common_runs(map(report_words, reports))
    first = reports[0]
    lengths = [len(unit.text) for unit in first.units]
    measure = boilerplate_share(report_words(first), lengths, runs, counted=True)
    assert measure.numerator == (len(COMMON) if holds else 0)
    assert measure.denominator == sum(lengths)


def test_a_report_that_was_not_counted_needs_no_holder_more() -> None:
    reports = peers(11, common=4)
    runs = find_common_runs(map(report_words, reports[1:]))
    lengths = [len(unit.text) for unit in reports[0].units]
    assert boilerplate_share(report_words(reports[0]), lengths, runs, counted=False).numerator == len(COMMON)


def test_too_few_peers_have_no_boilerplate() -> None:
    reports = peers(5, common=5)
    runs = find_common_runs(map(report_words, reports))
    assert boilerplate_share(report_words(reports[0]), [1, 1], runs, counted=True).reason == "too_few_peers"
    six = find_common_runs(map(report_words, peers(6, common=6)))
    empty = make_report([], checked=False)
    assert boilerplate_share(report_words(empty), [], six, counted=False).reason == "no_units"


# ---- twins -----------------------------------------------------------------------------------------------


def long_report(agency: str, seed: int, *, extra: str = "") -> Report:
    units = [("overview", "proactive", own_text(seed * 100 + number)) for number in range(6)]
    return make_report(
        [*units, ("overview", "overview", extra)] if extra else units, agency=agency, checked=False
    )


def compare(reports: list[Report]) -> Any:
    hashes = [report_shingles(report) for report in reports]
    return compare_peers(signatures(hashes), [report.agency for report in reports], hashes.__getitem__)


def test_a_copy_under_another_name_is_a_twin() -> None:
    reports = [long_report(f"云溪县第{number}局", number) for number in range(6)]
    copy = replace(reports[2], agency="宝丰县水利局", id="copy")
    likeness = compare([*reports, copy])
    assert [(one.first, one.second, one.jaccard) for one in likeness.twins] == [(2, 6, 1.0)]
    assert likeness.measures[2].value == 1.0
    value = likeness.measures[0].value
    assert value is not None
    assert value < 0.3


def test_the_same_agency_twice_is_no_twin_and_a_lonely_report_has_no_value() -> None:
    one = long_report("云溪县水务局", 1)
    likeness = compare([one, one])
    assert not likeness.twins
    assert likeness.measures[0].reason == "too_few_peers"
    assert compare([one]).measures[0].reason == "too_few_peers"
    unnamed = replace(one, agency=None)
    assert not compare([one, unnamed]).twins


def test_a_large_group_finds_the_same_twins_by_bands() -> None:
    draw = np.random.default_rng(5)
    count = ALL_PAIRS_UP_TO + 50
    sets = [np.unique(draw.integers(0, 2**63, size=300, dtype=np.uint64)) for _ in range(count)]
    sets[7] = np.unique(np.concatenate([sets[500][:270], sets[7][:30]]))
    likeness = compare_peers(signatures(sets), [f"第{number}局" for number in range(count)], sets.__getitem__)
    assert [(one.first, one.second) for one in likeness.twins] == [(7, 500)]
    assert likeness.measures[0].reason == "below_floor"


# ---- foreign places --------------------------------------------------------------------------------------


def foreign(agency: str, text: str, *twins: str) -> list[str]:
    report = make_report([("overview", "overview", text)], agency=agency, checked=False)
    found = find_foreign_places(report, twins)
    assert all(report.text[one.start : one.end] == one.name for one in found)
    return [one.name for one in found]


@pytest.mark.parametrize(
    ("agency", "text", "twins", "expected"),
    [
        (
            "宝丰县石桥镇人民政府",
            "石桥镇公开信息，柳林镇群众可到便民服务中心查阅。",
            ["乌恰县柳林镇人民政府"],
            ["柳林镇"],
        ),
        ("宝丰县水利局", "乌恰县水利局公开信息。", ["乌恰县水利局"], ["乌恰县"]),
        (
            "宝丰县水利局",
            "宝丰县人民政府网站、平顶山市人民政府网站、河南省人民政府网站。",
            ["乌恰县水利局"],
            [],
        ),
        ("宝丰县水利局", "通过乌恰县人民政府门户网站公开。", [], ["乌恰县"]),
        ("宝丰县水利局", "赴乌恰县人民政府学习政务公开经验。", [], []),
        ("宝丰县水利局", "与鲁山县水利局共建河长制。", [], []),
        ("宝丰县水利局", "鲁山县水利局严格落实三审三校。", [], ["鲁山县"]),
        ("平顶山市水利局", "宝丰县人民政府网站同步公开。", [], []),
        ("宝丰县水利局", "乌恰县水利局认真落实条例，由乌恰县融媒体中心推送。", [], ["乌恰县", "乌恰县"]),
        ("宝丰县水利局", "被乌恰县人民法院判决驳回。", [], []),
        ("宝丰县水利局", "宝丰县公开信息。", ["宝丰县教育局"], []),
        ("石桥镇人民政府", "通过乌恰县人民政府门户网站公开。", [], []),
    ],
)
def test_foreign_places(agency: str, text: str, twins: list[str], expected: list[str]) -> None:
    """A twin's place, or another place's government; not the places above, nor those visited."""
    assert foreign(agency, text, *twins) == expected


def test_places_of_the_dataset_are_known_though_no_list_has_them() -> None:
    known = Neighbours(["白沙县水利局", "云溪县水利局", "云溪县柳林镇人民政府", "白沙县石桥镇人民政府", None])

    def left(agency: str, text: str) -> list[str]:
        report = make_report([("overview", "overview", text)], agency=agency, checked=False)
        return [one.name for one in find_foreign_places(report, (), known)]

    assert left("白沙县水利局", "云溪县水利局高度重视，经云溪县人民政府网站公开。") == ["云溪县", "云溪县"]
    assert left("白沙县水利局", "石桥镇人民政府配合公开，云溪县群众点赞。") == []
    assert left("白沙县石桥镇人民政府", "柳林镇人民政府未收到申请，白沙县人民政府网站公开。") == ["柳林镇"]
    assert left("白沙县水利局", "赴云溪县水利局学习。") == []
    assert left("青江市水利局", "云溪县人民政府网站。") == []


# ---- percentiles, weights --------------------------------------------------------------------------------


def test_percentiles_count_half_of_the_ties() -> None:
    assert percentile_ranks([1.0] * 6) == [50.0] * 6
    assert percentile_ranks([None, 1.0, 2.0]) == [None, None, None]
    assert percentile_ranks([5.0, 1.0, 2.0, 3.0, 4.0, 6.0])[0] == pytest.approx(75.0)


def test_weights_are_the_users_own(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text('use = "value"\n[weights]\narith_pass = 3\nvague_problem_share = -1\n', "utf-8")
    weights = load_weights(path)
    assert weighted_mean({"arith_pass": 0.5, "vague_problem_share": 1.0}, weights).value == pytest.approx(
        0.375
    )
    assert weighted_mean({"arith_pass": 0.5}, weights).reason == "missing_indicator"
    skipping = replace(weights, missing="skip")
    assert weighted_mean({"arith_pass": 0.5}, skipping).value == 0.5
    assert weighted_mean({"arith_pass": 50.0}, Weights({"arith_pass": 1.0})).value == 0.5


@pytest.mark.parametrize(
    "source",
    [
        "[weights]\nno_such = 1\n",
        "[weights]\n",
        "[weights]\narith_pass = 0\n",
        'use = "value"\n[weights]\nspecificity = 1\n',
        "weights",
    ],
)
def test_weights_that_make_no_sense_are_refused(tmp_path: Path, source: str) -> None:
    path = tmp_path / "w.toml"
    path.write_text(source, "utf-8")
    with pytest.raises(BadData, match=r"w\.toml"):
        load_weights(path)


def test_a_weights_file_of_another_form_is_told_the_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "w.toml"
    path.write_text("arith_pass = 2\n", "utf-8")
    assert main(["quality", "any.txt", "--weights", str(path)]) == 1
    shown = capsys.readouterr().err
    assert "arith_pass" in shown.splitlines()[0]
    assert "  [weights]" in shown
    assert main(["quality", "any.txt", "--weights", str(tmp_path / "no.toml")]) == 1
    assert capsys.readouterr().err.endswith("no.toml: No such file or directory\n")
    path.write_text(FORM.partition("\n")[2], "utf-8")
    assert load_weights(path).weights == {"arith_pass": 2, "vague_problem_share": -1}


# ---- a whole dataset -------------------------------------------------------------------------------------

COUNTIES = ("宝丰县", "鲁山县", "叶县", "郏县", "舞钢市", "汝州市", "禹州市", "长葛市")


def write_dataset(folder: Path) -> None:
    """Eight county bureaus over two years, with four things to find."""
    reports = []
    for number, county in enumerate(COUNTIES):
        for year in (2022, 2023):
            extra = f"通过{county}人民政府网站公开。" + COMMON
            report = long_report(f"{county}水利局", number * 10 + year, extra=extra)
            reports.append(replace(report, id=f"{number:02}{year}", year=year))
    forward = make_report(cells={"requests.carried_forward.total": 2}, checked=False).cells
    reports[0] = replace(reports[0], cells=forward)  # 宝丰县 2022: nothing of it carried over
    copied = reports[5]  # 叶县 2023 copies 鲁山县 2023, its name changed but for one place
    text = reports[3].text.replace("鲁山县", "叶县")
    units = tuple(
        replace(unit, text=unit.text.replace("鲁山县水利局", "叶县水利局")) for unit in reports[3].units
    )
    reports[5] = replace(copied, text=text, units=units)
    reports.append(replace(reports[14], id="second", source=replace(reports[14].source, path="again.txt")))
    write_reports(reports, folder)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("panel")
    write_dataset(folder)
    measure_dataset(str(folder), jobs=1)
    return folder


def rows(dataset: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(dataset / "quality" / f"{name}.parquet").to_pylist()
    return found


def test_every_report_has_every_indicator_or_a_reason(dataset: Path) -> None:
    found = rows(dataset, "indicators")
    assert list(found[0]) == [one.name for one in describe_tables()["indicators"].columns]
    by_report: dict[str, set[str]] = {}
    for row in found:
        by_report.setdefault(row["report_key"], set()).add(row["indicator"])
        assert (row["value"] is None) == (row["reason"] is not None), row
    assert len(by_report) == 17
    assert all(names == set(describe_indicators()) for names in by_report.values())
    assert len(found) == 17 * len(describe_indicators())
    assert set(by_report) == set(Store(dataset).table("reports").column("report_key").to_pylist())


def test_tables_and_rules_are_described(dataset: Path) -> None:
    assert {*TABLES, "scores"} == set(describe_tables())
    assert set(get_args(Rule)) == set(describe_rules())
    for table in describe_tables().values():
        assert all(one.zh and one.en for one in table.columns), table.name


def test_the_planted_faults_are_found_and_no_others(dataset: Path) -> None:
    found = {(row["rule"], row["agency"], row["year"]) for row in rows(dataset, "findings")}
    first = "叶县水利局" if ("twin_report", "叶县水利局", 2023) in found else "鲁山县水利局"
    assert found == {
        ("carry", "宝丰县水利局", 2023),
        ("twin_report", first, 2023),
        ("foreign_place", "叶县水利局", 2023),
        ("duplicate_report", "长葛市水利局", 2022),
    }


def test_twins_have_a_row_each_and_the_place_left_in(dataset: Path) -> None:
    found = {row["agency"]: row for row in rows(dataset, "twins")}
    assert set(found) == {"鲁山县水利局", "叶县水利局"}
    assert found["叶县水利局"]["foreign_places"] == ["鲁山县"]
    assert found["鲁山县水利局"]["foreign_places"] == []
    assert found["叶县水利局"]["similarity"] > 0.9


def test_percentiles_are_within_level_and_year(dataset: Path) -> None:
    found = [
        row
        for row in rows(dataset, "indicators")
        if row["indicator"] == "clause_length" and row["year"] == 2023
    ]
    assert [row["level"] for row in found] == ["county"] * len(COUNTIES)
    assert np.mean([row["percentile"] for row in found]) == pytest.approx(50.0)
    described = [row for row in rows(dataset, "percentiles") if row["indicator"] == "clause_length"]
    assert sum(row["reports"] for row in described) == 17


def test_an_agencys_second_report_is_no_peer_of_its_first(tmp_path: Path) -> None:
    """Five agencies and a second report of one: everybody has four peers, one too few."""
    reports = peers(5, common=5)
    again = make_report([("overview", "overview", COMMON)], agency=reports[0].agency, checked=False)
    write_reports([*reports, replace(again, id="again")], str(tmp_path))
    measure_dataset(str(tmp_path), jobs=1)
    found = [row for row in rows(tmp_path, "indicators") if row["indicator"] == "boilerplate_share"]
    assert [(row["value"], row["reason"]) for row in found] == [(None, "too_few_peers")] * 6


def test_two_processes_say_the_same(dataset: Path, tmp_path: Path) -> None:
    write_dataset(tmp_path)
    measure_dataset(str(tmp_path), jobs=2)
    for name in TABLES:
        assert rows(tmp_path, name) == rows(dataset, name), name


def test_an_agency_that_writes_its_name_in_two_ways_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = make_report([("overview", "overview", COMMON)], agency="石桥镇", year=2022, checked=False)
    long = make_report(
        [("overview", "overview", COMMON)], agency="宝丰县石桥镇人民政府", year=2023, checked=False
    )
    unknown = make_report([("overview", "overview", COMMON)], agency="叶县水利局", year=None, checked=False)
    write_reports([short, long, unknown], tmp_path)
    measure_dataset(str(tmp_path))
    found = {(row["agency"], row["indicator"]): row for row in rows(tmp_path, "indicators")}
    assert found["宝丰县石桥镇人民政府", "copied_share"]["value"] == 1.0
    assert found["石桥镇", "copied_share"]["reason"] == "no_earlier_report"
    assert {found["叶县水利局", name]["reason"] for name in ("copied_share", "peer_max_similarity")} == {
        "no_year"
    }
    assert main(["compare", str(tmp_path), "--agency", "石桥镇", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"]["agency"] == "宝丰县石桥镇人民政府"
    assert main(["compare", str(tmp_path), "--format", "json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["agency"], row["year"]) for row in listed] == [
        ("叶县水利局", None),
        ("宝丰县石桥镇人民政府", 2022),
        ("宝丰县石桥镇人民政府", 2023),
    ]


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    """A dataset of an agency that has another name from its second year on, joined by the user's list."""
    (tmp_path / "r").mkdir()
    for year, agency in ((2021, "丰源县农业局"), (2022, "丰源县农业农村局")):
        said = (
            f"{agency}{year}年政府信息公开工作年度报告\n一、总体情况\n全年公开涉农补贴信息{year - 1900}条。\n"
        )
        (tmp_path / "r" / f"{year}.txt").write_text(said, "utf-8")
    listed = "file,agency\n2021.txt,丰源县农业农村局\n2022.txt,丰源县农业农村局\n"
    (tmp_path / "list.csv").write_text(listed, "utf-8")
    out, list_ = str(tmp_path / "out"), str(tmp_path / "list.csv")
    assert main(["parse", str(tmp_path / "r"), "-o", out, "--agencies", list_, "--model", "rules"]) == 0
    assert main(["quality", out]) == 0
    return tmp_path / "out"


def test_the_users_list_joins_an_agency_that_changed_its_name(
    merged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {(row["agency"], row["indicator"]): row for row in rows(merged, "indicators")}
    assert found["丰源县农业农村局", "self_similarity"]["value"] == 1.0  # names and numbers masked
    assert found["丰源县农业局", "self_similarity"]["reason"] == "no_earlier_report"
    capsys.readouterr()
    for name in ("丰源县农业局", "丰源县农业农村局"):  # by the name of either year
        assert main(["compare", str(merged), "--agency", name, "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["old"]["year"], told["new"]["year"], told["one_agency"]) == (2021, 2022, True)
    assert main(["compare", str(merged), str(merged), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["self_similarity"] == 1.0
    assert main(["compare", str(merged), "--format", "json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["agency"], row["year"]) for row in listed] == [
        ("丰源县农业农村局", 2021),
        ("丰源县农业农村局", 2022),
    ]


def test_a_median_says_of_how_many_reports_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = ("problems", "problem", "个别栏目更新不够及时。", ("timeliness",))
    reports = [
        make_report([problem], agency="丰源县农业农村局", checked=False),
        make_report([("overview", "overview", COMMON)], agency="丰源县水利局", checked=False),
    ]
    write_reports(reports, tmp_path)
    assert main(["quality", str(tmp_path), "--lang", "en"]) == 0
    shown = {
        line.split("│")[1].split()[-1]: line for line in capsys.readouterr().out.splitlines() if "│" in line
    }
    assert "1.000 (1)" in shown["vague_problem_share"]  # of one of the two
    assert "0.500 │" in shown["problem_units"]  # of both


def test_two_datasets_of_a_year_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for year, agency in ((2022, "石桥镇"), (2023, "宝丰县石桥镇人民政府")):
        report = make_report([("overview", "overview", COMMON)], agency=agency, year=year, checked=False)
        write_reports([report], tmp_path / str(year))
    assert main(["compare", str(tmp_path / "2022"), str(tmp_path / "2023"), "--format", "json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["agency"], row["year"], row["copied_share"]) == ("宝丰县石桥镇人民政府", 2023, 1.0)


def test_of_two_reports_of_a_year_the_first_is_what_the_next_follows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In two datasets as in one, where the second of a year is a duplicate."""
    said = [COMMON, "公开栏更换两块，新设查阅点一处，便于群众就近查看各类办事指南与政策文件。"]
    old = [
        make_report([("overview", "overview", one)], agency="石桥镇", year=2022, checked=False)
        for one in said
    ]
    write_reports([replace(one, id=f"old{number}") for number, one in enumerate(old)], tmp_path / "old")
    new = make_report([("overview", "overview", COMMON)], agency="石桥镇", year=2023, checked=False)
    write_reports([new], tmp_path / "new")
    for sources in (["old", "new"], ["old", "new", "--agency", "石桥镇"]):
        names = [str(tmp_path / one) if one in ("old", "new") else one for one in sources]
        assert main(["compare", *names, "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        measures = {name: one["value"] for name, one in told.get("measures", {}).items()} or told
        assert measures["copied_share"] == 1.0, sources


def test_names_are_joined_only_where_it_is_sure() -> None:
    joined = join_names(
        {
            "教育局": {2020},
            "甲县教育局": {2021},
            "乙县教育局": {2021},
            "丙镇政府": {2020},
            "丙镇人民政府": {2021},
        }
    )
    assert joined["教育局"] == "教育局"
    assert joined["丙镇政府"] == "丙镇人民政府"
    assert join_names({"新村镇": {2020, 2021}, "甲县新村镇": {2021}})["新村镇"] == "新村镇"


def test_the_command_on_a_dataset(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weights = tmp_path / "w.toml"
    weights.write_text('missing = "skip"\n[weights]\nclause_length = 1\n', "utf-8")
    assert main(["quality", str(dataset), "--weights", str(weights), "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "clause_length × 1" in shown
    assert "twin_report" in shown
    assert main(["quality", str(dataset), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["reports"] == 17
    assert main(["compare", str(dataset)]) == 0
    shown = capsys.readouterr().out
    assert "宝丰县水利局 2023" in shown
    assert "宝丰县水利局 2022" not in shown
    assert "8 more with no value" in shown
    assert main(["compare", str(dataset), "--agency", "宝丰县水利局", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"][0]["rule"] == "carry"
    assert main(["compare", str(dataset), "--agency", "没有的局"]) == 1
    assert main(["compare", str(dataset), "--agency", "宝丰县水利局", "--year", "1999"]) == 1
    assert "1998 and 1999 there; years found: 2022, 2023" in capsys.readouterr().err


def test_the_command_on_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.txt"
    path.write_text("云溪县水务局2023年政府信息公开工作年度报告\n一、总体情况\n全年公开信息30条。\n", "utf-8")
    weights = tmp_path / "w.toml"
    weights.write_text('use = "value"\n[weights]\nsections_present = 1\n', "utf-8")
    assert (
        main(["quality", str(path), "--model", "rules", "--format", "json", "--weights", str(weights)]) == 0
    )
    result = json.loads(capsys.readouterr().out)
    assert result["indicators"]["sections_present"]["numerator"] == 1
    assert result["score"]["value"] == pytest.approx(1 / 6)
    assert main(["quality", str(path), "--model", "rules", "--lang", "en"]) == 0
    assert "statutory sections present" in capsys.readouterr().out
    assert main(["quality", str(path), "no-such-file.txt", "--model", "rules"]) == 1
    with pytest.raises(SystemExit, match="2"):
        main(["quality", str(path), "--jobs", "0"])


def test_an_empty_dataset_has_empty_tables(tmp_path: Path) -> None:
    write_reports([], tmp_path)
    summary = measure_dataset(str(tmp_path))
    assert summary.reports == 0
    assert set(summary.tables.values()) == {0}
    assert {name for name in TABLES if (tmp_path / "quality" / f"{name}.parquet").exists()} == set(TABLES)
    assert main(["quality", str(tmp_path)]) == 0


def test_what_is_no_dataset_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", str(tmp_path)]) == 1
    assert "no dataset" in capsys.readouterr().err
    write_reports([make_report(checked=False)], tmp_path)
    assert main(["compare", str(tmp_path)]) == 1
    assert "run `gongkai quality" in capsys.readouterr().err
