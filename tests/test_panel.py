"""The panel: names that never change, every cell of every edition, counts, copies numbered, duplicates marked."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pyarrow as pa
import pytest
from datasets_made import made_reports, make_dataset

from extract.export.panel import (
    MAX_LABEL,
    MAX_NAME,
    cell_variables,
    count_variables,
    fixed_variables,
    load_panel,
)
from extract.export.wide import Wide, own_names
from extract.forms import load_forms
from extract.platforms import TYPES
from extract.store import Store, report_key

PINNED = Path(__file__).parent / "cases" / "panel_names.txt"
LABELS = tomllib.loads((Path(__file__).parent.parent / "extract" / "data" / "labels.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    store = Store(make_dataset(tmp_path_factory.mktemp("data") / "out"))
    return {row["report_key"]: row for row in pa.Table.from_batches(Wide(store).batches()).to_pylist()}


def test_the_names_are_those_that_scripts_rely_on():
    assert [one.name for one in fixed_variables()] == PINNED.read_text("utf-8").split()


def test_names_are_ascii_short_and_unique():
    names = [one.name for one in fixed_variables()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) and len(name) <= MAX_NAME for name in names)


def test_labels_fit_stata_and_say_something_in_both_languages():
    for one in fixed_variables():
        assert 0 < len(one.zh) <= MAX_LABEL, one
        assert 0 < len(one.en) <= MAX_LABEL, one
    labels = [one.en for one in (*cell_variables().values(), *count_variables())]
    assert len(set(labels)) == len(labels)


def test_every_cell_of_every_edition_has_its_variable():
    assert set(cell_variables()) == {cell for form in load_forms() for cell in form.cell_ids()}


def test_every_row_and_column_of_the_forms_is_named_in_english():
    for form in load_forms():
        for table in form.tables:
            names = next(one for one in load_panel().cells if one.table == table.id)
            for row, column in table.cells():
                assert row in names.rows
                assert column in names.columns or column in names.alone


def test_counts_know_every_kind_theme_and_platform():
    values = {one.prefix: tuple(one.values) for one in load_panel().counts}
    assert values["u"] == tuple(LABELS["kinds"])
    assert values["pt"] == values["mt"] == tuple(LABELS["themes"])
    assert set(values["pf"]) == TYPES


def test_a_row_says_what_the_report_says(rows):
    for report in made_reports():
        row = rows[report_key(report)]
        assert (row["agency"], row["year"], row["form"]) == (report.agency, report.year, report.form)
        cells = {cell.id: cell.value for cell in report.cells}
        for cell, variable in cell_variables().items():
            assert row[variable.name] == cells.get(cell), cell
        assert row["u_problem"] == sum(unit.kind == "problem" for unit in report.units)
        assert row["pf_website"] == sum(one.type == "website" for one in report.platforms)
        themes = [theme for unit in report.units if unit.kind == "measure" for theme in unit.themes]
        assert row["mt_mechanism"] == themes.count("mechanism")
        rules = [one.rule for one in report.findings if one.origin == "report"]
        assert row["fi_row_sum"] == rules.count("row_sum")
        assert row["n_units"] == len(report.units)


def test_two_reports_of_one_agency_and_year_are_both_there_and_numbered(rows):
    reports = made_reports()
    first, again = rows[report_key(reports[5])], rows[report_key(reports[1])]
    found = sorted([(one["path"], one["report_number"], one["reports_of_year"]) for one in (first, again)])
    assert [one[1:] for one in found] == [(1, 2), (2, 2)]
    alone = rows[report_key(reports[6])]
    assert (alone["agency"], alone["report_number"], alone["reports_of_year"]) == (None, 1, 1)


def test_an_agency_that_prints_its_name_in_two_ways_has_one_name_over_the_years(tmp_path):
    import pandas
    from msgspec.structs import replace

    from extract.export import export
    from extract.store import write_reports

    report = made_reports()[1]
    printed = [("石柘镇政府", 2021, "a"), ("石柘镇人民政府", 2021, "b"), ("栖河县石柘镇人民政府", 2022, "c")]
    reports = [
        replace(report, agency=agency, year=year, source=replace(report.source, path=f"{path}.txt"))
        for agency, year, path in (*printed, (None, 2022, "d"))
    ]
    write_reports(reports, tmp_path / "out")
    export(Store(tmp_path / "out"), "csv", tmp_path / "csv", tables=["panel", "reports"], years={2021, 2022})
    for name in ("panel", "reports"):
        rows = pandas.read_csv(tmp_path / "csv" / f"{name}.csv").sort_values("path")
        assert list(rows["agency_name"].fillna("")) == ["栖河县石柘镇人民政府"] * 3 + [""]
        assert list(rows["report_number"]) == [1, 2, 1, 1]
        assert list(rows["reports_of_year"]) == [2, 2, 1, 1]
        columns = list(rows.columns)
        assert columns.index("agency_name") == columns.index("agency") + 1


def test_duplicates_are_marked_and_kept(rows):
    reports = made_reports()
    row = rows[report_key(reports[5])]
    assert (row["duplicate_of"], row["duplicate_how"]) == (report_key(reports[1]), "same_file")
    assert rows[report_key(reports[1])]["duplicate_of"] is None


def test_codes_are_text_and_the_users_columns_come_last(rows):
    row = rows[report_key(made_reports()[1])]
    assert (row["region_code"], row["province_code"], row["prefecture_code"]) == (
        "010203",
        "010000",
        "010200",
    )
    assert list(row)[-2:] == ["x_1", "x_note"]
    assert row["x_1"] == 1.5


def test_names_of_the_users_columns_stay_where_stata_takes_them():
    assert own_names(["x_gdp", "x_人口", "x_" + "a" * 40]) == {
        "x_gdp": "x_gdp",
        "x_人口": "x_2",
        "x_" + "a" * 40: "x_3",
    }


def test_only_some_years(tmp_path):
    store = Store(make_dataset(tmp_path / "out"))
    years = {report.year for report in made_reports()} - {None}
    year = max(years)
    table = pa.Table.from_batches(Wide(store, {year, None}).batches())
    assert set(table.column("year").to_pylist()) == {year, None}


def test_indicators_are_columns_where_they_were_measured(tmp_path):
    import pandas

    folder = make_dataset(tmp_path / "out")
    first, second = made_reports()[:2]
    rows = [
        (report_key(first), first.year, "grant_rate", 0.25),
        (report_key(first), first.year, "sections_present", None),
        (report_key(second), second.year, "sections_present", 1.0),
        ("gone-00000000", second.year, "grant_rate", 9.0),
    ]
    frame = pandas.DataFrame(rows, columns=["report_key", "year", "indicator", "value"])
    (folder / "quality").mkdir()
    frame.to_parquet(folder / "quality" / "indicators.parquet")
    fault = pandas.DataFrame({"report_key": [report_key(first)], "year": [first.year], "rule": ["carry"]})
    fault["other_key"] = report_key(second)
    fault.to_parquet(folder / "quality" / "findings.parquet")
    wide = Wide(Store(folder))
    found = {row["report_key"]: row for row in pa.Table.from_batches(wide.batches()).to_pylist()}
    assert found[report_key(first)]["q_grant_rate"] == 0.25
    assert found[report_key(first)]["q_sections_present"] is None
    assert found[report_key(second)]["q_sections_present"] == 1.0
    assert [found[report_key(one)]["fx_carry"] for one in (first, second)] == [1, 0]
    assert found[report_key(made_reports()[6])]["q_grant_rate"] is None
    assert all(len(one.name) <= MAX_NAME and len(one.en) <= MAX_LABEL for one in wide.variables)


def test_what_is_said_of_two_reports_is_counted_for_both(tmp_path):
    import pandas
    from msgspec.structs import replace

    from extract.store import write_reports

    report = made_reports()[1]
    first, second = (replace(report, source=replace(report.source, path=f"{one}.txt")) for one in "ab")
    write_reports([first, second], tmp_path)
    keys = [report_key(first), report_key(second)]
    found = {"rule": ["carry", "twin_report", "duplicate_report"], "other_key": [keys[1]] * 3}
    (tmp_path / "quality").mkdir()
    frame = pandas.DataFrame({"report_key": [keys[0]] * 3, "year": [first.year] * 3, **found})
    frame.to_parquet(tmp_path / "quality" / "findings.parquet")
    rows = {
        row["report_key"]: row for row in pa.Table.from_batches(Wide(Store(tmp_path)).batches()).to_pylist()
    }
    for rule, counted in {"carry": [1, 0], "twin_report": [1, 1], "duplicate_report": [1, 1]}.items():
        assert [rows[key][f"fx_{rule}"] for key in keys] == counted, rule


def test_copies_are_numbered_last(tmp_path):
    """Where the first of several is taken, it is none that is marked as a copy, whatever its path."""
    from msgspec.structs import replace

    from extract.export.wide_columns import number_copies
    from extract.store import write_reports

    report = made_reports()[1]
    reports = [replace(report, source=replace(report.source, path=f"{one}.txt")) for one in "abc"]
    write_reports(reports, tmp_path)
    keys = [report_key(one) for one in reports]
    names = {report.agency: report.agency}
    numbered = number_copies(Store(tmp_path), names, report.year, {keys[0]})
    assert [numbered[key].number for key in keys] == [3, 1, 2]
