"""Exports: what other programs read from them is what the dataset holds, and nothing is lost unsaid."""

from __future__ import annotations

import csv
import json
import warnings

import pandas
import pytest
from datasets_made import FORMULA, LONG, made_reports, make_dataset

from extract.cli import main
from extract.errors import GongkaiError
from extract.export import FORMATS, choose_sheets, export
from extract.export.panel import fixed_variables
from extract.store import TABLES, Store, report_key

ROWS = {
    "reports": 7,
    "units": sum(len(one.units) for one in made_reports()),
    "cells": sum(len(one.cells) for one in made_reports()),
    "panel": 7,
    "errors": 1,
    "duplicates": 1,
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(make_dataset(tmp_path_factory.mktemp("data") / "out"))


@pytest.fixture(scope="module")
def folder(store, tmp_path_factory):
    """One export of everything in each format, made once."""
    root = tmp_path_factory.mktemp("exports")
    for form in FORMATS:
        done = export(store, form, root / form)
        for name, rows in (ROWS if form != "jsonl" else {"reports": 7}).items():
            assert done.rows[name] == rows, (form, name)
    return root


@pytest.mark.parametrize("form", FORMATS)
def test_a_codebook_lies_beside_every_export(folder, form):
    assert "rq_internal_affairs_tot" in (folder / form / "codebook.md").read_text("utf-8")
    book = pandas.read_csv(folder / form / "codebook.csv", encoding="utf-8-sig")
    panel = book[book["table"] == "panel"]
    assert list(panel["name"])[: len(fixed_variables())] == [one.name for one in fixed_variables()]
    assert {*TABLES, "panel", "indicators", "values", "views"} <= set(book["table"])


# ---- CSV -------------------------------------------------------------------------------------------------


def test_csv_begins_with_a_byte_order_mark_and_keeps_codes_and_texts(folder):
    assert (folder / "csv" / "panel.csv").read_bytes().startswith(b'\xef\xbb\xbf"report_key"')
    panel = pandas.read_csv(folder / "csv" / "panel.csv", dtype={"region_code": str})
    assert set(panel["region_code"]) == {"010203"}
    reports = pandas.read_csv(folder / "csv" / "reports.csv")
    texts = {report_key(one): one.text for one in made_reports()}
    assert dict(zip(reports["report_key"], reports["text"])) == texts


def test_csv_keeps_what_looks_like_a_formula_and_joins_lists(folder):
    with (folder / "csv" / "units.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert FORMULA in {row["text"] for row in rows}
    assert "甲|乙|丙" in {row["path"] for row in rows}
    assert {row["text"] for row in rows} == {unit.text for one in made_reports() for unit in one.units}


def test_blank_cells_stay_blank_and_zeros_stay_zero(folder):
    cells = pandas.read_csv(folder / "csv" / "cells.csv")
    values = [cell.value for one in made_reports() for cell in one.cells]
    assert cells["value"].isna().sum() == sum(value is None for value in values) > 0
    assert (cells["value"] == 0).sum() == sum(value == 0 for value in values) > 0


# ---- Excel -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(folder):
    import openpyxl

    return openpyxl.load_workbook(folder / "xlsx" / "gongkai.xlsx")


def test_excel_has_a_sheet_a_table_with_frozen_header(book):
    assert book.sheetnames == [*TABLES, "duplicates", "panel", "variables", "notes"]
    assert all(book[name].freeze_panes == "A2" for name in TABLES)
    assert book["units"].max_row == ROWS["units"] + 1
    header = [cell.value for cell in book["panel"][1]]
    row = dict(zip(header, [cell.value for cell in book["panel"][2]]))
    assert row["region_code"] == "010203"


def test_excel_has_no_formula(book):
    column = [cell.value for cell in book["units"][1]].index("text")
    found = [row[column] for row in book["units"].iter_rows() if row[column].value == FORMULA]
    assert [cell.data_type for cell in found] == ["s"]


def test_excel_cuts_what_it_cannot_hold_and_says_so(book):
    column = [cell.value for cell in book["units"][1]].index("text")
    longest = max(len(str(row[column].value)) for row in book["units"].iter_rows())
    assert longest == 32_767
    notes = list(book["notes"].iter_rows(values_only=True))
    assert notes[0] == ("cell", "characters", "characters kept")
    assert [row[1:] for row in notes[1:]] == [(len(LONG), 32_767)]
    assert notes[1][0].startswith("units!text ")


def test_excel_goes_on_on_a_further_sheet(tmp_path, monkeypatch):
    import openpyxl
    import xlsxwriter

    from extract.export import xlsx

    monkeypatch.setattr(xlsx, "MAX_ROWS", 4)
    for rows, sheets in ((3, {"t": 4}), (4, {"t": 4, "t_2": 2}), (7, {"t": 4, "t_2": 4, "t_3": 2})):
        with xlsxwriter.Workbook(tmp_path / "a.xlsx", xlsx.OPTIONS) as made:
            assert xlsx.write_table(made, "t", ["n"], [(n,) for n in range(rows)]) == rows
        found = openpyxl.load_workbook(tmp_path / "a.xlsx")
        assert {name: found[name].max_row for name in found.sheetnames} == sheets


def test_excel_cuts_by_its_own_count_of_characters():
    from extract.export.xlsx import Cuts

    cuts = Cuts()
    assert cuts.cell("𠮷" * 20_000, "a") == "𠮷" * 16_383
    assert cuts.cell("甲" * 32_767, "a") == "甲" * 32_767
    assert len(cuts.rows) == 1


# ---- Stata -----------------------------------------------------------------------------------------------


def test_stata_reads_names_labels_and_values(folder):
    import pyreadstat

    frame, meta = pyreadstat.read_dta(folder / "dta" / "panel.dta")
    assert meta.column_names[: len(fixed_variables())] == [one.name for one in fixed_variables()]
    assert (
        meta.column_names_to_labels["rq_internal_affairs_tot"] == "申请：不予公开：属于三类内部事务信息：总计"
    )
    assert set(frame["region_code"]) == {"010203"}
    by_key = frame.set_index("report_key")
    for report in made_reports():
        cells = {cell.id: cell.value for cell in report.cells}
        value = by_key.loc[report_key(report), "rq_received_tot"]
        expected = cells.get("requests.received.total")
        assert value == expected or (pandas.isna(value) and expected is None)


def test_labels_in_stata_are_chinese_or_english(store, tmp_path):
    import pyreadstat

    export(store, "dta", tmp_path / "en", tables=["panel", "units"], language="en")
    _, meta = pyreadstat.read_dta(tmp_path / "en" / "panel.dta", metadataonly=True)
    labels = meta.column_names_to_labels
    assert labels["rq_internal_affairs_tot"] == "requests: denied: internal affairs, total"
    assert labels["x_1"] == "x_人口"


def test_stata_keeps_long_chinese_texts_and_labels_of_values(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        units = pandas.read_stata(folder / "dta" / "units.dta")
    assert {unit.text for one in made_reports() for unit in one.units} == set(units["text"])
    assert set(units["kind"].dropna()) <= {unit.kind for one in made_reports() for unit in one.units}
    codes = pandas.read_stata(folder / "dta" / "units.dta", convert_categoricals=False)["kind"]
    assert set(codes[units["kind"] == "problem"]) == {0}
    assert "end_" in units.columns


def test_stata_writes_without_a_warning_and_in_files_of_a_size(store, tmp_path):
    from extract.export import stata

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        counted = stata.write(choose_sheets(store, ["units", "reports", "sections"]), tmp_path, 10)
    parts = sorted(tmp_path.glob("units_*.dta"), key=lambda path: int(path.stem.split("_")[1]))
    assert len(parts) == -(-counted["units"] // 10)
    frames = [pandas.read_stata(path) for path in parts]
    assert {len(frame) for frame in frames[:-1]} == {10}
    assert sum(map(len, frames)) == ROWS["units"]
    codes = {tuple(frame["kind"].cat.categories) for frame in frames if len(frame["kind"].cat.categories)}
    known = list(stata.coded()["kind"])
    assert all([one for one in known if one in found] == list(found) for found in codes)
    assert (tmp_path / "reports.dta").is_file()


# ---- DuckDB, JSON lines, datasets --------------------------------------------------------------------------


def test_duckdb_has_tables_views_and_comments(folder):
    import duckdb

    with duckdb.connect(str(folder / "duckdb" / "gongkai.duckdb"), read_only=True) as database:
        for table, rows in ROWS.items():
            assert database.execute(f"select count(*) from {table}").fetchall() == [(rows,)]
        problems = sum(unit.kind == "problem" for one in made_reports() for unit in one.units)
        assert database.execute("select count(*) from problems").fetchall() == [(problems,)]
        question = "select comment from duckdb_columns() where column_name = 'rq_received_tot'"
        assert "本年新收" in database.execute(question).fetchall()[0][0]
    assert sorted(path.name for path in (folder / "duckdb").iterdir()) == [
        "codebook.csv",
        "codebook.md",
        "gongkai.duckdb",
    ]


def test_json_lines_are_the_reports_themselves(folder):
    lines = (folder / "jsonl" / "reports.jsonl").read_bytes().splitlines()
    found = {(one["id"], one["source"]["path"]): one for one in map(json.loads, lines)}
    for report in made_reports():
        expected = json.loads(report.to_json()) | {"omitted": []}
        assert found[report.id, report.source.path] == expected


def test_json_lines_of_a_table_are_its_rows(store, tmp_path):
    assert export(store, "jsonl", tmp_path / "x", tables=["units", "panel"]).rows["panel"] == 7
    rows = [json.loads(line) for line in (tmp_path / "x" / "units.jsonl").read_bytes().splitlines()]
    assert ["甲|乙", "丙"] in [row["path"] for row in rows]


def test_datasets_loads_the_export_from_disk(folder):
    import datasets

    found = datasets.load_from_disk(str(folder / "datasets"))
    assert {name: len(found[name]) for name in ROWS} == ROWS
    assert found["units"].features["themes"].feature.dtype == "string"
    assert LONG in found["units"]["text"]
    assert len(datasets.load_from_disk(str(folder / "datasets" / "panel"))) == 7


def test_datasets_loads_the_dataset_folder_itself(store, tmp_path):
    import datasets

    units = datasets.load_dataset(
        "parquet", data_dir=f"{store.place.root}/units", split="train", cache_dir=str(tmp_path)
    )
    assert len(units) == ROWS["units"]
    assert set(units["report_key"]) <= {report_key(one) for one in made_reports()}


# ---- what is chosen, and where it goes ---------------------------------------------------------------------


def test_reports_are_numbered_and_marked_in_the_long_table_too(folder):
    reports = pandas.read_csv(folder / "csv" / "reports.csv").set_index("report_key")
    made = made_reports()
    assert reports.loc[report_key(made[5]), "duplicate_of"] == report_key(made[1])
    assert set(reports["reports_of_year"]) == {1, 2}


def test_only_some_tables_and_years(tmp_path, store, capsys):
    arguments = ["export", store.place.root, "--to", "csv", "-d", str(tmp_path / "e")]
    assert main([*arguments, "--tables", "cells", "--panel", "--years", "2015-2018", "none"]) == 0
    assert sorted(path.name for path in (tmp_path / "e").iterdir()) == [
        "cells.csv",
        "codebook.csv",
        "codebook.md",
        "panel.csv",
    ]
    assert set(pandas.read_csv(tmp_path / "e" / "panel.csv")["year"].dropna()) == {2017}
    assert "panel: 2 rows" in capsys.readouterr().err


def test_a_dataset_without_duplicates_or_reports_can_be_exported(tmp_path):
    from extract.store import write_reports

    write_reports([], tmp_path / "empty")
    for form in FORMATS:
        assert set(export(Store(tmp_path / "empty"), form, tmp_path / form).rows.values()) == {0}
    plain = Store(make_dataset(tmp_path / "plain", duplicates=False))
    assert "duplicates" not in export(plain, "csv", tmp_path / "csv2").rows


def test_an_earlier_export_is_replaced_and_anything_else_is_not(store, tmp_path):
    target = tmp_path / "e"
    export(store, "csv", target, tables=["errors"])
    (target / "errors.csv").write_text("old")
    export(store, "csv", target, tables=["errors"])
    assert "old" not in (target / "errors.csv").read_text("utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("mine")
    with pytest.raises(GongkaiError, match="holds no earlier export"):
        export(store, "csv", tmp_path / "mine")


def test_a_failure_leaves_nothing_behind(store, tmp_path, monkeypatch):
    import errno

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("extract.export.csv.write_csv", full)
    with pytest.raises(GongkaiError, match="No space left"):
        export(store, "csv", tmp_path / "e")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--tables", "nonsense"], "no table 'nonsense'; there are: reports, "),
        (["--years", "last"], "no year: 'last'"),
        (["--years", "2030"], "no reports of these years; there are: 2017, "),
        (
            ["-d", "p.dta"],
            "csv has not the ending .dta: say --to dta, name a file as p.csv, or name a folder",
        ),
        (["-d", "p.parquet"], "name a file as p.csv"),
    ],
)
def test_wrong_wishes_are_told(store, tmp_path, capsys, arguments, says):
    assert main(["export", store.place.root, "--to", "csv", "-d", str(tmp_path / "e"), *arguments]) == 1
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_no_dataset_is_told(tmp_path, capsys):
    assert main(["export", str(tmp_path), "--to", "csv"]) == 1
    assert "no dataset there" in capsys.readouterr().err


def test_rows_flow_in_pieces_so_that_memory_stays_flat(tmp_path):
    from msgspec.structs import replace

    from extract.export.source import ROWS as PIECE
    from extract.store import write_reports

    report = made_reports()[1]
    many = (
        replace(report, source=replace(report.source, path=f"{number}.txt"), agency=f"第{number}局")
        for number in range(600)
    )
    write_reports(many, tmp_path / "many")
    store = Store(tmp_path / "many")
    for sheet in choose_sheets(store, ["cells", "units", "reports", "panel"]):
        sizes = [len(batch) for batch in sheet.batches()]
        assert len(sizes) >= 3, sheet.name
        assert max(sizes) <= PIECE, sheet.name
    assert sum(sizes) == 600


@pytest.mark.parametrize("form", ["csv", "dta", "xlsx", "duckdb", "jsonl"])
def test_one_table_can_go_into_one_file(store, tmp_path, form, capsys):
    target = tmp_path / f"panel.{form}"
    assert main(["export", store.place.root, "--to", form, "--panel", "-d", str(target)]) == 0
    found = sorted(path.name for path in tmp_path.iterdir())
    assert found == ["panel.codebook.csv", "panel.codebook.md", f"panel.{form}"]
    assert target.stat().st_size > 1000
    assert "panel: 7 rows" in capsys.readouterr().err


def test_several_tables_are_no_file(store, tmp_path, capsys):
    assert main(["export", store.place.root, "--to", "csv", "-d", str(tmp_path / "a.csv")]) == 1
    assert "no single file" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
