"""The tables as other libraries read them by the name of their folder: year and all, whatever years there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from extract import parse
from extract.report import Report
from extract.store import TABLES, Failure, Store, to_tables, write_reports
from extract.store.files import Place
from extract.store.ledger import read_ledger
from extract.store.schema import arrow_schema
from extract.store.writing import write_empty_tables, write_part

REPORTS = sorted((Path(__file__).parent / "reports").glob("*.txt"))[:4]
YEARS = {"known": (2021, 2022, 2021, 2023), "some": (2021, None, 2022, None), "none": (None,) * 4}
Years = list[int | None]


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [replace(parse(path), omitted=()) for path in REPORTS]


@pytest.fixture(params=YEARS)
def out(request, tmp_path, reports) -> Path:
    """A dataset with known years, some or none, and rows of errors, whose year is never known."""
    place = Place(tmp_path / "out")
    dated = [replace(one, year=year) for one, year in zip(reports, YEARS[request.param], strict=True)]
    write_reports(dated, place.url)
    write_part(place, "e" * 12, [to_tables([Failure("a.pdf", None, "empty", "v")])], version="v")
    write_empty_tables(place, read_ledger(place).filled())
    return tmp_path / "out"


def by_pandas(folder: Path) -> Years:
    import pandas

    years = pandas.read_parquet(folder)["year"]
    assert years.dtype.kind in "if"
    return [None if year != year else int(year) for year in years.tolist()]


def by_arrow(folder: Path) -> Years:
    import pyarrow.parquet as pq

    return pq.read_table(folder).column("year").to_pylist()


def by_arrow_dataset(folder: Path) -> Years:
    import pyarrow.dataset as ds

    return ds.dataset(folder).to_table().column("year").to_pylist()


def by_hive_dataset(folder: Path) -> Years:
    import pyarrow.dataset as ds

    return ds.dataset(folder, partitioning="hive").to_table().column("year").to_pylist()


def by_duckdb(folder: Path) -> Years:
    duckdb = pytest.importorskip("duckdb")
    rows = duckdb.sql(f"select year, typeof(year) from read_parquet('{folder}/**/*.parquet')").fetchall()
    assert {type_ for _, type_ in rows} <= {"INTEGER"}
    return [year for year, _ in rows]


def by_polars(folder: Path) -> Years:
    polars = pytest.importorskip("polars")
    return polars.scan_parquet(folder).collect()["year"].to_list()


READERS = (by_pandas, by_arrow, by_arrow_dataset, by_hive_dataset, by_duckdb, by_polars)


@pytest.mark.parametrize("read", READERS, ids=lambda one: one.__name__)
def test_every_reader_finds_the_year_of_every_row(out, read: Callable[[Path], Years]):
    for name in TABLES:
        expected = Store(out).table(name).column("year").to_pylist()
        assert sorted(map(str, read(out / name))) == sorted(map(str, expected))


def test_every_reader_filters_by_year(out):
    import pandas
    import pyarrow.dataset as ds

    expected = Store(out).table("units", years=[2021]).num_rows
    assert len(pandas.read_parquet(out / "units", filters=[("year", "=", 2021)])) == expected
    assert ds.dataset(out / "units").count_rows(filter=ds.field("year") == 2021) == expected


def test_datasets_reads_the_year_as_a_column(out, tmp_path):
    import datasets

    for number, name in enumerate(("reports", "units", "cells", "errors")):
        expected = sorted(map(str, Store(out).table(name).column("year").to_pylist()))
        cache = str(tmp_path / f"cache{number}")
        loaded = datasets.load_dataset("parquet", data_dir=f"{out}/{name}", split="train", cache_dir=cache)
        named = datasets.load_dataset(str(out), name, split="train", cache_dir=cache)
        assert loaded.features["year"].dtype == "int32"
        assert sorted(map(str, loaded["year"])) == sorted(map(str, named["year"])) == expected
        assert loaded.column_names == arrow_schema(name).names


def test_a_table_without_rows_is_read_with_its_columns(tmp_path, reports):
    duckdb = pytest.importorskip("duckdb")
    import pandas
    import pyarrow.dataset as ds

    place = Place(tmp_path / "out")
    write_reports(reports[:1], place.url)
    write_empty_tables(place, read_ledger(place).filled())
    folder = tmp_path / "out" / "errors"
    names = arrow_schema("errors").names
    assert list(pandas.read_parquet(folder)) == ds.dataset(folder).schema.names == names
    assert duckdb.sql(f"select * from '{folder}/**/*.parquet'").columns == names
    assert by_polars(folder) == []


def test_a_folder_by_another_layout_is_refused(out):
    from extract.store import NotAStore

    schema = out / "schema.json"
    said = schema.read_text("utf-8")
    for version, when in ((1, "an earlier"), (9, "a later")):
        schema.write_text(said.replace('"format_version": 2', f'"format_version": {version}'), "utf-8")
        with pytest.raises(NotAStore, match=when):
            Store(out)
