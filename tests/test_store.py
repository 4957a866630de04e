"""The dataset folder: what is written is read again, by us and by the libraries that people use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from extract import parse
from extract.report import Report
from extract.store import TABLES, Failure, NotAStore, Store, report_key, to_tables, write_reports
from extract.store.files import CannotWrite, Place
from extract.store.journal import Entry, entry_name, live_parts, write_entry
from extract.store.ledger import sweep
from extract.store.schema import ELEMENTS, arrow_schema, load_schema
from extract.store.writing import write_part, write_tables

REPORTS = sorted((Path(__file__).parent / "reports").glob("*.txt"))[:8]


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [replace(parse(path), omitted=()) for path in REPORTS]


@pytest.fixture
def out(tmp_path, reports) -> str:
    folder = str(tmp_path / "out")
    write_reports(reports, folder)
    return folder


def by_key(reports) -> dict[str, Report]:
    return {report_key(report): report for report in reports}


def test_reports_are_read_as_they_were_written(out, reports):
    assert by_key(Store(out).reports()) == by_key(reports)
    assert {report.to_json() for report in Store(out).reports()} == {report.to_json() for report in reports}


def test_a_dataset_in_memory_works_like_one_on_disk(reports):
    write_reports(reports[:2], "memory://dataset")
    store = Store("memory://dataset")
    assert by_key(store.reports()) == by_key(reports[:2])
    assert store.table("units").num_rows == sum(len(report.units) for report in reports[:2])


def test_parts_and_years_divide_the_reports(tmp_path, reports):
    folder = tmp_path / "out"
    write_reports(reports[:3], folder)
    write_reports(reports[3:], folder)
    store = Store(folder)
    assert len(store.parts()) == 2
    assert by_key(report for part in store.parts() for report in store.reports_of(part)) == by_key(reports)
    year = reports[0].year
    assert by_key(store.reports(years=[year])) == by_key(one for one in reports if one.year == year)
    assert set(store.table("cells", years=[year]).column("year").to_pylist()) <= {year}


def test_every_row_has_its_keys_and_version(out):
    store = Store(out)
    keys = set(store.table("reports").column("report_key").to_pylist())
    for name in TABLES[:-1]:
        table = store.table(name)
        assert set(table.column("report_key").to_pylist()) <= keys
        assert all(table.column("version").to_pylist())
        assert table.schema == arrow_schema(name)


def test_the_same_reports_give_the_same_bytes(tmp_path, reports):
    for name in ("one", "other"):
        write_reports(reports, tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.parquet"))
    assert files == sorted(
        path.relative_to(tmp_path / "other") for path in (tmp_path / "other").rglob("*.parquet")
    )
    assert all(
        (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes() for file in files
    )


def test_two_copies_of_a_file_have_two_keys_and_one_id(reports):
    copy = replace(reports[0], source=replace(reports[0].source, path="elsewhere.txt"))
    member = replace(reports[0], source=replace(reports[0].source, member="a.txt"))
    assert len({report_key(one) for one in (reports[0], copy, member)}) == 3
    assert len({one.id for one in (reports[0], copy, member)}) == 1


def test_batches_hold_what_the_table_holds(out):
    store = Store(out)
    rows = sum(batch.num_rows for batch in store.batches("cells", columns=["report_key", "value"]))
    assert rows == store.table("cells").num_rows


def test_what_could_not_be_read_is_a_row_of_errors():
    tables = to_tables([Failure("a/b.pdf", None, "the file is empty", "0.1.0+rules")])
    assert tables["errors"].to_pylist() == [
        dict.fromkeys(("report_key", "report_id", "agency", "year"))
        | {"version": "0.1.0+rules", "path": "a/b.pdf", "member": None, "reason": "the file is empty"}
    ]
    assert all(len(tables[name]) == 0 for name in TABLES[:-1])


def test_numbers_and_characters_that_parquet_has_no_room_for(reports):
    cell = replace(reports[0].cells[0], value=10**400, raw="1\ud800")
    second = replace(cell, value=2**60)
    table = to_tables([replace(reports[0], cells=(cell, second))])["cells"]
    assert table.column("value").to_pylist() == [None, float(2**60)]
    assert table.column("raw").to_pylist() == ["1\ufffd"] * 2


def test_columns_of_the_users_list_stand_beside_the_report(reports):
    extras = [{"region_code": "230883", "x_note": "东"}, {}]
    table = to_tables(reports[:2], extras, {"x_note": "string"})["reports"]
    assert table.column("region_code").to_pylist() == ["230883", None]
    assert table.column("x_note").to_pylist() == ["东", None]


def test_a_folder_that_is_no_dataset_is_told_apart(tmp_path):
    with pytest.raises(NotAStore, match="no dataset"):
        Store(tmp_path)
    (tmp_path / "schema.json").write_text('{"format": "other"}')
    with pytest.raises(NotAStore, match=r"schema\.json"):
        Store(tmp_path)


def test_the_folder_says_what_its_columns_mean(out):
    described = json.loads(Path(out, "schema.json").read_text("utf-8"))
    page = Path(out, "README.md").read_text("utf-8")
    assert [table["name"] for table in described["tables"]] == list(TABLES)
    for table in load_schema().table:
        for column in table.columns:
            assert column.zh in page
            assert column.en in page


def test_the_columns_of_elements_are_the_fields_of_their_types():
    from extract.store.reading import _RENAMED, _TYPES

    for name in ELEMENTS:
        fields = [_RENAMED.get(name, {}).get(field, field) for field in _TYPES[name].__struct_fields__]
        assert sorted(arrow_schema(name).names[6:]) == sorted(fields)
        assert arrow_schema(name).names[5] == "number"


# ---- parts and their entries -----------------------------------------------------------------------------


def test_a_part_without_its_entry_is_not_there_and_is_swept_away(tmp_path, reports):
    place = Place(tmp_path / "out")
    write_reports(reports[:2], place.url)
    entry = write_part(place, "b" * 12, [to_tables(reports[2:4])], version="v")
    place.remove(entry_name(entry.part))
    (tmp_path / "out/_journal/tmp").mkdir(exist_ok=True)
    (tmp_path / "out/_journal/tmp/half").write_bytes(b"PAR1")
    assert by_key(Store(place.url).reports()) == by_key(reports[:2])
    sweep(place)
    assert not list(Path(place.url).rglob(f"*{entry.part}*"))
    assert not (tmp_path / "out/_journal/tmp/half").exists()
    assert by_key(Store(place.url).reports()) == by_key(reports[:2])


def test_a_part_that_is_replaced_counts_no_longer(tmp_path, reports):
    place = Place(tmp_path / "out")
    write_reports(reports[:2], place.url)
    (old,) = live_parts(place)
    files = write_tables(place, "c" * 12, [to_tables(reports[1:3])])
    write_entry(place, Entry("c" * 12, "v", "", (), files, replaces=(old,)))
    assert live_parts(place) == ("c" * 12,)
    assert by_key(Store(place.url).reports()) == by_key(reports[1:3])
    sweep(place)
    assert not list(Path(place.url).rglob(f"*{old}*"))


def test_an_output_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="file"):
        write_entry(Place(tmp_path / "file"), Entry("a", "v", "", (), ()))
