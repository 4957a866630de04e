"""Bulk runs: nothing lost, nothing twice, no half file, whatever happens while they run."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from itertools import chain
from pathlib import Path

import pytest
from bulk_runs import ROOT, here, make_reports, parse, rows, start, stray_files, work_or_die, write_report
from renderings import xlsx
from whole_reports import load_whole, write_text

from extract.agencies import regions
from extract.bulk import plan as planning
from extract.bulk.local import run_local
from extract.bulk.run import Wish, run
from extract.bulk.sources import Roots, SourceFile, choose
from extract.bulk.task import Job, Task, halve
from extract.cli import main
from extract.errors import GongkaiError
from extract.query import connect
from extract.report import Document, Grid, Paragraph
from extract.store import Store, report_key
from extract.store.files import CannotWrite, Place
from extract.store.journal import live_parts

COUNT = 60


def in_two_lanes(tasks, job, stop):
    """The local engine with a reader that some files bring down."""
    return run_local(tasks, job, stop, 2, work_or_die)


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    return make_reports(tmp_path_factory.mktemp("bulk") / "reports", COUNT)


@pytest.fixture(scope="module")
def undisturbed(sources, tmp_path_factory) -> dict[str, list[str]]:
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    parse(sources, out, "--jobs", "2")
    return rows(out)


@pytest.fixture
def own(tmp_path) -> Path:
    """Sources that a test may change; old enough for their times to be trusted."""
    folder = make_reports(tmp_path / "reports", 30)
    for path in folder.rglob("*.txt"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return folder


def paths(out) -> list[str]:
    return sorted(Store(out).table("reports").column("path").to_pylist())


# ---- the plain run ---------------------------------------------------------------------------------------


def test_every_source_is_a_row_under_the_name_of_its_folder(sources, undisturbed):
    names = {f"reports/{path.relative_to(sources)}" for path in sources.rglob("*.txt")}
    assert len(undisturbed["reports"]) == COUNT
    assert all(any(f"'{name}'" in row for row in undisturbed["reports"]) for name in names)
    assert not undisturbed["errors"]


def test_a_dataset_has_what_parse_says(sources, tmp_path):
    from msgspec.structs import replace

    import extract

    run([str(sources)], str(tmp_path / "out"), Wish(limit=5), here)
    for report in Store(tmp_path / "out").reports():
        alone = extract.parse(sources.parent / report.source.path, name=report.source.path)
        assert report == replace(alone, omitted=())


def test_a_second_run_reads_nothing(own, tmp_path):
    run([str(own)], str(tmp_path / "out"), Wish(), here)
    before = live_parts(Store(tmp_path / "out").place)
    summary = run([str(own)], str(tmp_path / "out"), Wish(), here)
    assert (summary.read, summary.same, summary.reports) == (0, 30, 30)
    assert live_parts(Store(tmp_path / "out").place) == before


def test_ids_are_the_same_wherever_the_folder_lies(own, tmp_path):
    run([str(own)], str(tmp_path / "one"), Wish(), here)
    shutil.copytree(own, tmp_path / "elsewhere" / "reports")
    run([str(tmp_path / "elsewhere" / "reports")], str(tmp_path / "other"), Wish(), here)
    assert rows(tmp_path / "one") == rows(tmp_path / "other")


def test_limit_and_sample(own, tmp_path):
    assert run([str(own)], str(tmp_path / "first"), Wish(limit=7), here).reports == 7
    assert paths(tmp_path / "first") == [f"reports/000/{number:05}.txt" for number in range(7)]
    listed = Roots([str(own)])
    few, more = ({one.path for one in choose(listed.list(), None, size)} for size in (5, 12))
    assert few < more
    assert len(more) == 12
    assert {one.path for one in choose(listed.list(), None, 5)} == few


def test_a_dataset_in_memory_and_sources_by_url(own, tmp_path):
    run([f"file://{own}"], "memory://bulk", Wish(), here)
    run([str(own)], str(tmp_path / "out"), Wish(), here)
    assert rows("memory://bulk") == rows(tmp_path / "out")
    assert run([f"file://{own}"], "memory://bulk", Wish(), here).read == 0


def test_one_file_named_twice_is_read_once(own, tmp_path):
    file = next(iter(sorted(own.rglob("*.txt"))))
    assert run([str(file), str(file)], str(tmp_path / "out"), Wish(), here).reports == 1


def test_a_folder_named_with_one_within_it_is_read_once(own, tmp_path):
    inner = own / "000"
    file = next(iter(sorted(inner.iterdir())))
    for number, names in enumerate(([own, inner, file], [inner, own], [file, f"{own}/**/*.txt"])):
        run([str(name) for name in names], str(tmp_path / str(number)), Wish(), here)
        assert len(rows(tmp_path / str(number))["reports"]) == 30


def test_a_folder_read_before_by_another_name_is_told_of(own, tmp_path, capsys):
    run([str(own / "000")], str(tmp_path / "out"), Wish(), here)
    assert capsys.readouterr().err == ""
    run([str(own)], str(tmp_path / "out"), Wish(), here)
    assert "stands in it twice" in capsys.readouterr().err


def test_two_folders_of_one_name_are_kept_apart(own, tmp_path):
    shutil.copytree(own, tmp_path / "b" / "reports")
    out = str(tmp_path / "out")
    assert run([str(own), str(tmp_path / "b" / "reports")], out, Wish(), here).reports == 60
    assert len({report_key(one) for one in Store(out).reports()}) == 60
    run([str(own)], str(tmp_path / "other"), Wish(), here)
    with pytest.raises(GongkaiError, match="same name"):
        run([str(tmp_path / "b" / "reports")], str(tmp_path / "other"), Wish(), here)


def test_what_cannot_be_read_is_a_row_and_stops_nothing(own, tmp_path):
    (own / "empty.txt").write_bytes(b"")
    (own / "other.txt").write_text("今天天气很好，大家一起去公园散步。" * 20, "utf-8")
    (own / "broken.docx").write_bytes(b"PK\x03\x04 nothing")
    out = tmp_path / "out"
    summary = run([str(own)], str(out), Wish(), here)
    assert (summary.reports, summary.errors) == (30, 3)
    reasons = dict(zip(*(Store(out).table("errors").column(name).to_pylist() for name in ("path", "reason"))))
    assert reasons["reports/empty.txt"] == "the file is empty: fetch it again"
    assert run([str(own)], str(out), Wish(), here).read == 0
    (own / "empty.txt").write_bytes((own / "000" / "00000.txt").read_bytes())
    assert run([str(own)], str(out), Wish(), here).errors == 2
    again = run([str(own)], str(out), Wish(retry=True), here)
    assert (again.read, again.same, again.gone) == (2, 31, 0)


def test_a_name_that_stands_for_nothing_is_told_and_has_no_row(own, tmp_path, capsys):
    out, absent, named = tmp_path / "out", str(own / "absent.txt"), tmp_path / "named.txt"
    assert run([str(own)], str(out), Wish(), here).reports == 30
    for sources in ([str(own), absent], [absent]):
        assert main(["parse", *sources, "-o", str(out)]) == 1
        assert f"gongkai: {absent}: no such file or folder\n" in capsys.readouterr().err
        assert Store(out).table("errors").num_rows == 0
    named.write_bytes(b"")
    assert run([str(named)], str(out), Wish(), here).errors == 1
    named.unlink()
    assert run([str(named)], str(out), Wish(), here).errors == 1
    assert run([str(named)], str(out), Wish(prune=True), here).errors == 0
    assert Store(out).table("reports").num_rows == 30


def test_a_fault_of_the_program_costs_one_report(own, tmp_path, monkeypatch):
    import extract.pipeline

    right = extract.pipeline.find_sections
    monkeypatch.setattr(
        "extract.pipeline.find_sections",
        lambda text, *more: 1 / 0 if "第7号" in text.text else right(text, *more),
    )
    summary = run([str(own)], str(tmp_path / "out"), Wish(), here)
    assert (summary.reports, summary.errors) == (29, 1)
    assert "fault of this program" in Store(tmp_path / "out").table("errors").column("reason")[0].as_py()


def test_a_chunk_that_takes_long_is_cut_short(own, tmp_path, monkeypatch):
    monkeypatch.setattr("extract.bulk.work.SECONDS", 0.0)
    assert run([str(own)], str(tmp_path / "out"), Wish(), here).reports == 30
    assert len(live_parts(Store(tmp_path / "out").place)) == 30


# ---- reports in two files --------------------------------------------------------------------------------


def halves(name: str) -> tuple[Document, Document]:
    """A whole report as its narrative and its tables."""
    blocks = load_whole(name).document.blocks
    prose = tuple(block for block in blocks if isinstance(block, Paragraph))
    return Document(prose), Document(tuple(block for block in blocks if isinstance(block, Grid)))


@pytest.fixture
def split(own) -> Path:
    """Sources of which one is a report in two files, their names far apart in the alphabet."""
    text, tables = halves("city_review3")
    (own / "000" / "0 青石镇2023年报正文.txt").write_bytes(write_text(text))
    (own / "000" / "附件1：青石镇2023年报附表.xlsx").write_bytes(xlsx(tables))
    return own


def joined_cells(out) -> int:
    table = Store(out).table("reports").to_pylist()
    (report,) = (row for row in table if "青石镇2023年报正文" in row["path"])
    return report["n_cells"]


@pytest.mark.parametrize("least", [1, 16])
def test_a_report_and_its_annex_are_one_row(split, tmp_path, monkeypatch, least):
    monkeypatch.setattr(planning, "LEAST", least)
    monkeypatch.setattr(planning, "LARGEST", least)
    summary = run([str(split)], str(tmp_path / "out"), Wish(), here)
    assert (summary.read, summary.reports, summary.errors) == (32, 31, 0)
    assert joined_cells(tmp_path / "out") == 200
    assert run([str(split)], str(tmp_path / "out"), Wish(), here).read == 0


def test_an_annex_that_comes_later_joins_its_report(split, tmp_path):
    annex = split / "000" / "附件1：青石镇2023年报附表.xlsx"
    tables = annex.read_bytes()
    annex.unlink()
    out = tmp_path / "out"
    run([str(split)], str(out), Wish(), here)
    assert joined_cells(out) == 0
    annex.write_bytes(tables)
    assert run([str(split)], str(out), Wish(), here).read == 2
    assert joined_cells(out) == 200
    annex.unlink()
    assert run([str(split)], str(out), Wish(), here).reports == 31
    assert joined_cells(out) == 200
    run([str(split)], str(out), Wish(prune=True), here)
    assert joined_cells(out) == 0


def test_a_report_that_changes_is_joined_with_its_annex_anew(split, tmp_path):
    out = tmp_path / "out"
    run([str(split)], str(out), Wish(), here)
    text = split / "000" / "0 青石镇2023年报正文.txt"
    text.write_bytes(text.read_bytes() + b"\n")
    assert run([str(split)], str(out), Wish(), here).read == 2
    assert joined_cells(out) == 200


def test_a_chunk_that_is_halved_keeps_families_whole():
    names = ["a/1.txt", "a/甲镇正文.txt", "a/甲镇附表.xlsx", "a/2.txt"]
    sources = tuple(SourceFile(name, name, 1, 1) for name in names)
    parts = [[one.path for one in half.sources] for half in halve(Task(sources))]
    assert parts in ([names[:1], names[1:]], [names[:3], names[3:]])


# ---- what changes between runs ---------------------------------------------------------------------------


def test_a_changed_source_is_read_again_and_no_other(own, tmp_path):
    out = tmp_path / "out"
    run([str(own)], str(out), Wish(), here)
    write_report(own / "001" / "00012.txt", 12_345)
    summary = run([str(own)], str(out), Wish(), here)
    assert (summary.read, summary.same, summary.reports) == (1, 29, 30)
    run([str(own)], str(tmp_path / "anew"), Wish(), here)
    assert rows(out) == rows(tmp_path / "anew")
    assert not stray_files(out)


def test_a_touched_source_is_not_read_again(own, tmp_path):
    run([str(own)], str(tmp_path / "out"), Wish(), here)
    for path in own.rglob("*.txt"):
        os.utime(path, (1_710_000_000, 1_710_000_000))
    assert run([str(own)], str(tmp_path / "out"), Wish(), here).read == 0


def test_a_change_within_the_tick_of_the_clock_is_seen(tmp_path):
    folder = make_reports(tmp_path / "reports", 1)
    (file,) = folder.rglob("*.txt")
    when = file.stat().st_mtime_ns
    run([str(folder)], str(tmp_path / "out"), Wish(), here)
    text = file.read_text("utf-8")
    file.write_text(text.replace("第0号", "第1号"), "utf-8")
    os.utime(file, ns=(when, when))
    assert run([str(folder)], str(tmp_path / "out"), Wish(), here).read == 1


def test_an_added_source_is_read_alone(own, tmp_path):
    run([str(own)], str(tmp_path / "out"), Wish(), here)
    write_report(own / "new" / "a.txt", 99)
    summary = run([str(own)], str(tmp_path / "out"), Wish(), here)
    assert (summary.read, summary.reports) == (1, 31)


def test_rows_of_a_vanished_source_go_only_when_asked(own, tmp_path):
    out = tmp_path / "out"
    run([str(own)], str(out), Wish(), here)
    (own / "000" / "00003.txt").unlink()
    summary = run([str(own)], str(out), Wish(), here)
    assert (summary.gone, summary.reports) == (1, 30)
    assert run([str(own)], str(out), Wish(prune=True), here).reports == 29
    assert "reports/000/00003.txt" not in paths(out)
    assert not stray_files(out)
    write_report(own / "000" / "00003.txt", 3)
    assert run([str(own)], str(out), Wish(), here).reports == 30


def test_pruning_leaves_other_folders_alone(own, tmp_path):
    other = shutil.copytree(own, tmp_path / "more")
    out = str(tmp_path / "out")
    run([str(own), str(other)], out, Wish(), here)
    assert run([str(own)], out, Wish(prune=True), here).reports == 60


def test_a_run_reads_each_entry_of_the_journal_once(own, tmp_path, monkeypatch):
    out = tmp_path / "out"
    monkeypatch.setattr("extract.bulk.work.SECONDS", 0.0)
    run([str(own)], str(out), Wish(), here)
    read = []
    right = Place.read
    monkeypatch.setattr(Place, "read", lambda place, name: read.append(name) or right(place, name))
    assert run([str(own)], str(out), Wish(), here).read == 0
    entries = [name for name in read if name.endswith(".json") and name.startswith("_journal/")]
    assert len(entries) == len(set(entries)) == 30


def test_the_process_that_leads_a_run_imports_no_pandas(own, tmp_path):
    code = (
        "import sys; from extract.bulk.run import Wish, run;"
        f"print(run([{str(own)!r}], {str(tmp_path / 'out')!r}, Wish(jobs=1, limit=2)).reports);"
        "print('pandas' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["2", "False"]


def test_another_version_reads_everything_again(own, tmp_path, monkeypatch):
    out = tmp_path / "out"
    run([str(own)], str(out), Wish(model="rules"), here)
    (own / "000" / "00003.txt").unlink()
    summary = run([str(own)], str(out), Wish(), here)
    assert (summary.read, summary.reports) == (29, 30)
    versions = Store(out).table("reports").column("version").to_pylist()
    assert sum(version.endswith("+rules") for version in versions) == 1  # of the source that is gone
    assert not stray_files(out)
    write_report(own / "000" / "00003.txt", 3)
    os.utime(own / "000" / "00003.txt", (1_700_000_000, 1_700_000_000))
    assert run([str(own)], str(out), Wish(), here).read == 1


def test_a_list_of_agencies_is_joined_without_reading_again(own, tmp_path):
    out = tmp_path / "out"
    run([str(own)], str(out), Wish(), here)
    before = rows(out)
    table = tmp_path / "list.csv"
    table.write_text("file,region_code,人口\nreports/000/00003.txt,410184,1200\n", "utf-8")
    summary = run([str(own)], str(out), Wish(agencies=str(table)), here)
    assert (summary.read, summary.reports) == (0, 30)
    found = {row["path"]: row for row in Store(out).table("reports").to_pylist()}
    row = found["reports/000/00003.txt"]
    assert (row["region_code"], row["x_人口"]) == ("410184", 1200)
    assert found["reports/000/00004.txt"]["region_code"] is None
    assert {name: rows(out)[name] for name in rows(out) if name != "reports"} == {
        name: before[name] for name in before if name != "reports"
    }
    assert not stray_files(out)
    assert run([str(own)], str(out), Wish(), here).read == 0  # the columns stay
    assert len(set(Store(out).table("reports").column("x_人口").to_pylist())) == 2


def test_regions_asked_for_later_leave_what_the_list_said(own, tmp_path, monkeypatch):
    out, table = tmp_path / "out", tmp_path / "list.csv"
    table.write_text("file,region_code,人口\nreports/000/00003.txt,410184,1200\n", "utf-8")
    run([str(own)], str(out), Wish(agencies=str(table)), here)
    listed = by_path(out)
    monkeypatch.setattr(regions, "propose_region", lambda agency, year: regions.Region("330106", "浙江省"))
    assert run([str(own)], str(out), Wish(regions=True), here).read == 0
    for before, after in zip(listed, by_path(out), strict=True):
        assert after["x_人口"] == before["x_人口"]
        assert after["region_code"] == (before["region_code"] or "330106")


def by_path(out: Path) -> list[dict[str, object]]:
    """The reports in an order that no name of a part decides."""
    return sorted(Store(out).table("reports").to_pylist(), key=lambda row: row["path"])


def scores(out: Path) -> set[object]:
    """The values of the list's column `score`, the same however the dataset is read."""
    import duckdb

    store = Store(out)
    said = set(store.table("reports").column("x_score").to_pylist())
    plain = {str(score).removesuffix(".0") for score in said}  # 8 as text is 8.0 to some readers
    with connect(store) as database:
        found = database.execute("select x_score from reports").fetchall()
    assert {str(row[0]).removesuffix(".0") for row in found} == plain
    files = f"read_parquet('{out}/reports/**/*.parquet', union_by_name = true)"
    found = duckdb.sql(f"select x_score from {files}").fetchall()
    assert {str(row[0]).removesuffix(".0") for row in found} == plain
    for form in ("csv", "datasets"):
        exported = str(out.parent / form)
        shutil.rmtree(exported, ignore_errors=True)
        assert main(["export", str(out), "--to", form, "-d", exported, "--tables", "reports", "--panel"]) == 0
    return said


def test_a_column_of_the_list_that_turns_into_numbers(own, tmp_path):
    out, table = tmp_path / "out", tmp_path / "list.csv"

    def stopped(tasks, job, stop):
        yield next(here(tasks, job, stop))
        raise KeyboardInterrupt

    def join(score, engine=here):
        table.write_text(f"file,score\nreports/000/00003.txt,{score}\nreports/002/00023.txt,8\n", "utf-8")
        run([str(own)], str(out), Wish(agencies=str(table)), engine)

    run([str(own)], str(out), Wish(limit=15), here)
    join("five")  # in two parts
    assert scores(out) == {None, "five", "8"}
    with pytest.raises(KeyboardInterrupt):
        join("7.5", stopped)
    assert scores(out) in ({None, "five", "8"}, {None, "7.5", "8"}, {None, "five", "8.0"})
    write_report(own / "new" / "a.txt", 99)
    run([str(own)], str(out), Wish(), here)
    assert Store(out).own == {"x_score": "string"}
    join("7.5")
    assert scores(out) == {None, 7.5, 8.0}
    assert Store(out).own == {"x_score": "double"}
    join("five")
    assert scores(out) == {None, "five", "8"}


def test_of_many_faults_of_a_list_the_rest_is_counted(own, tmp_path, capsys):
    table = tmp_path / "list.csv"
    table.write_text("file,region_code\n" + "".join(f"{number}.txt,12\n" for number in range(23)), "utf-8")
    run([str(own)], str(tmp_path / "out"), Wish(agencies=str(table), limit=1), here)
    said = [line for line in capsys.readouterr().err.splitlines() if "row " in line or " more" in line]
    assert len(said) == 21
    assert said[-1] == f"gongkai: {table}: and 3 more"


# ---- what may happen while it runs -----------------------------------------------------------------------


def kill_and_resume(sources: Path, out: Path, seed: int, times: int) -> None:
    """Runs that are killed at random moments, each over what the one before has left, and one that ends."""
    lot = random.Random(seed)
    for _ in range(times):
        process = start(sources, out, "--jobs", "2")
        try:
            process.wait(timeout=lot.uniform(0.3, 8.0))
        except Exception:  # noqa: BLE001
            os.killpg(process.pid, signal.SIGKILL) if lot.random() < 0.5 else process.kill()
        process.communicate()
        if (out / "schema.json").exists():
            keys = Store(out).table("reports").column("report_key").to_pylist()
            assert len(keys) == len(set(keys))
    parse(sources, out, "--jobs", "2")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_run_that_is_killed_goes_on(sources, undisturbed, tmp_path, seed):
    kill_and_resume(sources, tmp_path / "out", seed, 1)
    assert rows(tmp_path / "out") == undisturbed
    assert not stray_files(tmp_path / "out")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_a_run_that_is_killed_again_and_again_goes_on(sources, undisturbed, tmp_path, seed):
    kill_and_resume(sources, tmp_path / "out", seed, 2)
    assert rows(tmp_path / "out") == undisturbed
    assert not stray_files(tmp_path / "out")


def test_a_renewal_that_is_killed_goes_on(own, tmp_path):
    out = tmp_path / "out"
    parse(own, out, "--model", "rules")
    process = start(own, out)
    time.sleep(3)
    process.kill()
    process.communicate()
    parse(own, out)
    run([str(own)], str(tmp_path / "anew"), Wish(), here)
    assert rows(out) == rows(tmp_path / "anew")
    assert not stray_files(out)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_asked_and_says_how_to_go_on(sources, undisturbed, tmp_path, number):
    out = tmp_path / "out"
    process = start(sources, out, "--jobs", "2")
    while not (out / "schema.json").exists():
        time.sleep(0.05)
    time.sleep(0.5)
    os.killpg(process.pid, number)  # as a terminal does: to workers too
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130, said
    assert "the same command goes on from there" in said
    assert "Traceback" not in said
    assert not stray_files(out)
    parse(sources, out)
    assert rows(out) == undisturbed


def test_a_file_that_kills_its_worker_costs_its_own_row(own, tmp_path):
    for name in ("000/poison-a.txt", "002/poison-b.txt"):
        shutil.copy(own / "000" / "00000.txt", own / name)
    out = tmp_path / "out"
    summary = run([str(own)], str(out), Wish(), in_two_lanes)
    assert (summary.reports, summary.errors) == (30, 2)
    errors = Store(out).table("errors").to_pylist()
    assert {row["path"] for row in errors} == {"reports/000/poison-a.txt", "reports/002/poison-b.txt"}
    assert all("brings the program down" in row["reason"] for row in errors)
    again = run([str(own)], str(out), Wish(), in_two_lanes)
    assert again.read == 0


def test_a_renewal_that_kills_its_worker_keeps_the_rest(own, tmp_path):
    shutil.copy(own / "000" / "00000.txt", own / "000" / "poison.txt")
    out = tmp_path / "out"
    assert run([str(own)], str(out), Wish(), here).reports == 31
    write_report(own / "000" / "poison.txt", 4_444)
    write_report(own / "000" / "00001.txt", 5_555)
    summary = run([str(own)], str(out), Wish(), in_two_lanes)
    assert (summary.reports, summary.errors) == (30, 1)
    assert not stray_files(out)


def test_halves_hold_what_the_whole_held():
    sources = tuple(SourceFile(str(number), str(number), 1, 1) for number in range(5))
    first, second = halve(Task(sources, replaces="p", kept=("k",)))
    assert first.sources + second.sources == sources
    assert (first.replaces, first.kept, second.replaces) == ("p", ("k",), None)
    (again,) = halve(Task(sources[:1], replaces="p"))
    assert again.tries == 1
    (given_up,) = halve(again)
    assert given_up.sources == ()
    assert given_up.poison[0][0] == sources[0]


def test_a_second_run_into_the_same_folder_waits_not(own, tmp_path):
    from extract.bulk.run import _alone

    with (
        _alone(Place(tmp_path / "out")),
        pytest.raises(GongkaiError, match="another run"),
    ):
        run([str(own)], str(tmp_path / "out"), Wish(), here)


# ---- output that cannot be written -----------------------------------------------------------------------


def test_a_full_disk_is_named_and_the_run_goes_on_after(own, tmp_path, monkeypatch):
    import errno

    from extract.store import files

    out = tmp_path / "out"
    room = iter(chain([True] * 12, [False] * 100_000))
    right = files.os.fsync

    def fsync(handle):
        if not next(room):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        right(handle)

    monkeypatch.setattr(planning, "LEAST", 5)
    monkeypatch.setattr(files.os, "fsync", fsync)
    with pytest.raises(CannotWrite, match="disk is full"):
        run([str(own)], str(out), Wish(), here)
    monkeypatch.setattr(files.os, "fsync", right)
    assert run([str(own)], str(out), Wish(), here).reports == 30
    assert not stray_files(out)


def test_an_output_that_is_a_file_is_named(own, tmp_path):
    (tmp_path / "out").write_text("", "utf-8")
    with pytest.raises(CannotWrite, match="out"):
        run([str(own)], str(tmp_path / "out"), Wish(), here)


def test_an_error_in_a_worker_that_cannot_write_reaches_the_user(own, tmp_path):
    out = tmp_path / "out"
    run([str(own)], str(out), Wish(limit=1), here)
    shutil.rmtree(out / "units")
    (out / "units").write_text("in the way", "utf-8")
    with pytest.raises(CannotWrite, match="units"):
        run([str(own)], str(out), Wish(jobs=1))
    (out / "units").unlink()


# ---- the command -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["x", "--prune"],
        ["-", "-o", "out"],
        ["x", "-o", "out", "--prune", "--limit", "3"],
        ["x", "-o", "out", "--engine", "dask"],
        ["x", "-o", "out", "--jobs", "0"],
    ],
)
def test_options_that_do_not_go_together(arguments, capsys):
    from extract.cli import main

    try:
        status = main(["parse", *arguments])
    except SystemExit as stop:
        status = stop.code
    assert status == 2
    assert capsys.readouterr().err


def test_jobs_are_plain_values():
    import pickle

    job = Job(out="o", version="v", own={"x_a": "string"})
    task = Task((SourceFile("a\udc80", "b", 1, 2),))
    assert pickle.loads(pickle.dumps((job, task))) == (job, task)
