"""Where a dataset may be written, and what among the sources is none: datasets, lists, pipes, lock files."""

from __future__ import annotations

import os

import pytest
from bulk_runs import make_reports

from extract.bulk.run import Wish, run
from extract.cli import main
from extract.errors import GongkaiError
from extract.sources import find_sources
from extract.store import Store, write_reports


@pytest.fixture
def reports(tmp_path):
    return make_reports(tmp_path / "reports", 3)


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def paths(out):
    return sorted(Store(out).table("reports").column("path").to_pylist())


def test_a_folder_of_other_files_is_refused_and_left_as_it_is(reports, tmp_path, capsys):
    out = tmp_path / "mine"
    out.mkdir()
    (out / "README.md").write_text("my own notes")
    assert main(["parse", str(reports), "-o", str(out)]) == 1
    told = capsys.readouterr().err
    assert "no dataset of gongkai" in told
    assert "README.md" in told
    assert files(out) == ["README.md"]
    assert (out / "README.md").read_text() == "my own notes"
    with pytest.raises(GongkaiError, match="no dataset"):
        write_reports([], out)


def test_an_empty_folder_hidden_files_and_a_dataset_are_welcome(reports, tmp_path):
    out = tmp_path / "mine"
    out.mkdir()
    (out / ".gitkeep").touch()
    assert run([str(reports)], str(out), Wish(jobs=1)).read == 3
    assert run([str(reports)], str(out), Wish(jobs=1)).same == 3


def test_a_file_is_no_folder(reports, tmp_path, capsys):
    out = tmp_path / "afile"
    out.write_text("x")
    assert main(["parse", str(reports), "-o", str(out)]) == 1
    assert "is a file: -o takes a folder" in capsys.readouterr().err


def test_a_mistyped_source_makes_no_dataset(tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["parse", str(tmp_path / "nowhere"), "-o", str(out)]) == 1
    assert "no such file or folder" in capsys.readouterr().err
    assert not out.exists()


def test_a_storage_that_does_not_answer_is_one_line(reports, monkeypatch, capsys):
    from fsspec.implementations.memory import MemoryFileSystem

    def refuse(*given, **named):
        raise RuntimeError("Unable to locate credentials")

    monkeypatch.setattr(MemoryFileSystem, "ls", refuse)
    assert main(["parse", str(reports), "-o", "memory://bucket/x"]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "set the credentials" in told
    assert main(["parse", str(reports), "-o", "nosuch://bucket/x"]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_dataset_among_the_sources_is_none(reports, tmp_path):
    out = reports / "out"
    first = run([str(reports)], str(out), Wish(jobs=1))
    again = run([str(reports)], str(out), Wish(jobs=1))
    assert (first.read, first.errors, again.read, again.same, again.errors) == (3, 0, 0, 3, 0)
    other = run([str(reports)], str(tmp_path / "other"), Wish(jobs=1))
    assert (other.read, other.errors) == (3, 0)
    assert all(not source.startswith(str(out)) for source in find_sources([str(reports)]))


def test_the_list_of_agencies_is_no_source(reports, tmp_path):
    agencies = reports / "agencies.csv"
    agencies.write_text("agency,level\n某某县教育局,县\n")
    out = tmp_path / "out"
    summary = run([str(reports)], str(out), Wish(jobs=1, agencies=str(agencies)))
    assert (summary.read, summary.errors) == (3, 0)


def test_pipes_links_to_nothing_and_lock_files_are_not_opened(reports, capsys):
    plain = list(find_sources([str(reports)]))
    os.mkfifo(reports / "pipe.txt")
    (reports / "gone.html").symlink_to(reports / "nowhere.html")
    (reports / "~$report.docx").write_bytes(b"lock")
    assert list(find_sources([str(reports)])) == plain
    told = capsys.readouterr().err
    assert "pipe.txt: no file" in told
    assert "gone.html: a link to nothing" in told
    assert "~$" not in told


def test_rows_of_the_list_that_match_nothing_are_told(reports, tmp_path, capsys):
    known = sorted(path.relative_to(reports.parent).as_posix() for path in reports.rglob("*.txt"))[0]
    table = tmp_path / "list.csv"
    table.write_text(
        f"file,agency,year,region_code\n{known},,,10101\n,天外县教育局,2023,411426\n,天外镇,,411426\n"
    )
    run([str(reports)], str(tmp_path / "out"), Wish(jobs=1, agencies=str(table)))
    told = capsys.readouterr().err
    assert f"2 of 3 rows of {table} matched no report: 天外县教育局 2023, 天外镇" in told
    assert "row 2: region_code '10101' is none: a code has 6, 9 or 12 digits" in told


def test_a_pruned_run_does_not_advise_to_prune(reports, tmp_path):
    out, single = tmp_path / "out", tmp_path / "single.txt"
    single.write_bytes(next(reports.rglob("*.txt")).read_bytes())
    run([str(reports), str(single)], str(out), Wish(jobs=1))
    said = run([str(reports)], str(out), Wish(jobs=1, prune=True)).tell()
    assert "1 not met this time" in said
    assert "--prune" not in said
    assert "--prune" in run([str(reports)], str(out), Wish(jobs=1)).tell()


def test_a_table_without_rows_is_there_with_its_columns(reports, tmp_path):
    pd = pytest.importorskip("pandas")
    out = tmp_path / "out"
    run([str(reports)], str(out), Wish(jobs=1))
    errors = pd.read_parquet(out / "errors")
    assert len(errors) == 0
    assert set(errors) == set(Store(out).table("errors").column_names)
    (reports / "bad.txt").write_bytes(b"x")
    run([str(reports)], str(out), Wish(jobs=1))
    assert not list((out / "errors").rglob("empty.parquet"))
    assert list(pd.read_parquet(out / "errors")["path"]) == ["reports/bad.txt"]
    assert {row["path"] for row in Store(out).table("errors").to_pylist()} == {"reports/bad.txt"}
