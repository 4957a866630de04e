"""SQL over a dataset: every table is there, only reading is possible, and errors are told clearly."""

from __future__ import annotations

import json
import subprocess
import sys

import pandas
import pytest
from datasets_made import made_reports, make_dataset

from extract.cli import main
from extract.query import BadQuery, answer, connect, run_query
from extract.store import Store, report_key


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = make_dataset(tmp_path_factory.mktemp("data") / "o'ut")
    (folder / "quality").mkdir()
    table = pandas.DataFrame({"report_key": ["a"], "indicator": ["grant_rate"], "value": [0.5]})
    table.to_parquet(folder / "quality" / "indicators.parquet")
    return folder


def ask(out, sql):
    with connect(Store(out)) as database:
        return [row for batch in answer(database, run_query(database, sql)) for row in batch.to_pylist()]


def test_tables_join_on_report_key(out):
    sql = "select count(*) as n from units join reports using (report_key) where reports.text is not null"
    assert ask(out, sql) == [{"n": sum(len(one.units) for one in made_reports())}]


def test_years_are_numbers_and_the_unknown_one_is_null(out):
    years = [row["year"] for row in ask(out, "select distinct year from reports order by 1")]
    assert years == [*sorted({one.year for one in made_reports()} - {None}), None]


def test_reports_carry_what_they_duplicate(out):
    made = made_reports()
    found = ask(out, "select report_key, duplicate_of from reports where duplicate_of is not null")
    assert found == [{"report_key": report_key(made[5]), "duplicate_of": report_key(made[1])}]
    assert ask(out, "select count(*) as n from reports") == [{"n": 7}]


def test_tables_written_later_and_views_are_there(out):
    assert ask(out, "select value from quality_indicators") == [{"value": 0.5}]
    assert ask(out, "select value from indicators") == [{"value": 0.5}]
    assert ask(out, "select count(distinct report_key) as n from request_totals")[0]["n"] >= 4
    assert {row["name"] for row in ask(out, "show tables")} >= {"problems", "unit_themes", "faults"}


def test_replaced_files_are_not_seen(out):
    extra = out / "units" / "2017" / "part-zzzz.parquet"
    first = next((out / "units" / "2017").iterdir())
    extra.write_bytes(first.read_bytes())
    try:
        found = ask(out, "select count(*) as n from units")
    finally:
        extra.unlink()
    assert found == [{"n": sum(len(one.units) for one in made_reports())}]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/hosts'",
        "select * from read_text('../x')",
        "copy units to 'x.csv'",
        "attach 'x.db'",
        "drop view units",
        "set enable_external_access = true",
        "install httpfs",
        "select 1; select 2",
        "",
        "selec",
        "select nope from units",
        "select cast(text as int) from units",
    ],
)
def test_nothing_but_reading_the_dataset_is_possible(out, sql):
    with pytest.raises(BadQuery):
        ask(out, sql)


def test_a_table_of_quality_that_is_not_there_yet_is_told_with_its_command(out):
    with pytest.raises(BadQuery, match="twins is written by `gongkai quality`"):
        ask(out, "select * from twins")
    with pytest.raises(BadQuery, match="pairs is written by"):
        ask(out, "select * from quality_pairs")
    with pytest.raises(BadQuery) as error:
        ask(out, "select * from nothing_known")
    assert "gongkai quality" not in str(error.value)


def test_without_a_question_tables_are_listed(out, capsys):
    assert main(["query", str(out)]) == 0
    shown = capsys.readouterr().out
    for word in ("quality_indicators", "request_totals", "region_code", "cells"):
        assert word in shown


def test_answers_are_printed_up_to_a_limit(out, capsys):
    assert main(["query", str(out), "select year, path from reports order by path", "--limit", "2"]) == 0
    shown = capsys.readouterr()
    assert shown.out.count("│\n") == 2
    assert "more rows" in shown.err
    assert main(["query", str(out), "select * from units limit 2"]) == 0
    assert "row 2" in capsys.readouterr().out


@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl", "xlsx"])
def test_answers_are_written(out, tmp_path, ending, capsys):
    path = tmp_path / f"a.{ending}"
    sql = "select year, count(*) as n, list(kind) as kinds from units group by year order by year"
    assert main(["query", str(out), sql, "-o", str(path)]) == 0
    readers = {"csv": pandas.read_csv, "parquet": pandas.read_parquet, "xlsx": pandas.read_excel}
    if ending == "jsonl":
        found = pandas.DataFrame([json.loads(line) for line in path.read_bytes().splitlines()])
    else:
        found = readers[ending](path)
    assert found["n"].sum() == sum(len(one.units) for one in made_reports())
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_nothing_is_written_into_the_dataset(out, tmp_path, capsys):
    (tmp_path / "link").symlink_to(out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    part = next(iter(out.rglob("*.parquet"))).relative_to(out)
    for target in (out / part, out / "a.csv", tmp_path / "link" / part, out / "units" / ".." / "a.jsonl"):
        assert main(["query", str(out), "select 1", "-o", str(target)]) == 2
        assert "lies inside the dataset" in capsys.readouterr().err
    assert main(["query", str(tmp_path / "link"), "select 1", "-o", str(out / "a.csv")]) == 2
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_errors_are_told_on_standard_error(out, capsys, tmp_path):
    assert main(["query", str(out), "select nope from units"]) == 1
    assert 'Referenced column "nope" not found' in capsys.readouterr().err
    assert main(["query", str(out), "select 1", "-o", "a.doc"]) == 2
    assert main(["query", str(tmp_path), "select 1"]) == 1


def test_an_empty_dataset_can_be_asked(tmp_path):
    from extract.store import write_reports

    write_reports([], tmp_path / "empty")
    assert ask(tmp_path / "empty", "select sum(value) as v, count(*) as n from cells") == [
        {"v": None, "n": 0}
    ]
    assert ask(tmp_path / "empty", "select themes from units") == []


def test_the_command_says_nothing_but_its_answer(out):
    """What DuckDB leaves behind as the process ends is nobody's business."""
    command = [sys.executable, "-m", "extract.cli", "query", str(out), "select 1 as one"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert "one" in done.stdout
    assert done.stderr == ""
