"""What a run takes care of unasked: changed rules, lost files, a folder that is away, a list that fits twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bulk_runs import ROOT, here, make_reports, rows, stray_files
from datasets_made import make_dataset
from test_imports import PACKAGE, imports_of

from extract import datafiles
from extract.bulk import rules
from extract.bulk.rules import check_reading, describe_reading
from extract.bulk.run import Wish, run
from extract.bulk.tagging import Options
from extract.bulk.tagging_dask import work as tag_in_worker
from extract.cli import main
from extract.errors import GongkaiError
from extract.store import Store, schema

WISH = Wish(model="rules")


@pytest.fixture
def own(tmp_path):
    folder = make_reports(tmp_path / "reports", 30)
    for path in folder.rglob("*.txt"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return folder


def test_changed_rules_are_read_by_anew_and_told(own, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out"
    run([str(own)], str(out), WISH, here)
    monkeypatch.setattr("extract.bulk.rules.digest_rules", lambda: "others")
    assert run([str(own)], str(out), WISH, here).read == 30
    assert "30 sources read by another version, model, rules or code" in capsys.readouterr().err
    assert run([str(own)], str(out), WISH, here).read == 0
    assert not capsys.readouterr().err


def test_changed_code_under_the_same_version_is_read_by_anew(own, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out"
    run([str(own / "000")], str(out), WISH, here)
    monkeypatch.setattr("extract.bulk.rules.digest_code", lambda: "others")
    assert run([str(own / "000")], str(out), WISH, here).read == 10
    assert "10 sources read by another version, model, rules or code than now" in capsys.readouterr().err


def test_the_digest_of_the_code_sees_what_decides_rows_and_nothing_else(tmp_path, monkeypatch):
    package = shutil.copytree(
        PACKAGE, tmp_path / "extract", ignore=shutil.ignore_patterns("data", "__pycache__")
    )
    monkeypatch.setattr(rules, "_PACKAGE", package)
    digest = rules.digest_code.__wrapped__  # a process goes on by what it has loaded
    before = digest()
    for name, seen in {
        "cli.py": False,
        "web/panel.py": False,
        "numerals.py": True,
        "read/pdf.py": True,
        "store/tables.py": True,
        "bulk/work.py": True,
        "store/reading.py": False,
        "bulk/plan.py": False,
    }.items():
        with (package / name).open("a", encoding="utf-8") as file:
            file.write("x = 1\n")
        assert (digest() != before) == seen, name
        before = digest()
    (package / "read" / "new.py").write_text("", "utf-8")
    assert digest() != before


def test_no_report_is_read_by_code_that_the_digest_leaves_out():
    every = {name for name in rules.find_modules() if name != "pipeline.py"}
    assert {*rules.ROWS, *rules._list_modules((*rules.JOINING, *rules.LIKENESS))} <= {
        str(file.relative_to(PACKAGE).as_posix()) for file in PACKAGE.rglob("*.py")
    }
    reached, waiting = set(), {"pipeline.py"} | {name for name in every if name.startswith("read/")}
    while waiting:
        name = waiting.pop()
        reached.add(name)
        files = {module_file(one) for one in imports_of(PACKAGE / name)} - {None}
        waiting |= {str(file.relative_to(PACKAGE).as_posix()) for file in files} - reached
    assert reached <= {*every, "pipeline.py"}
    assert not [name for name in rules.NO_READING if not (PACKAGE / name).exists()]


def module_file(name: str) -> Path | None:
    """The file of a module, or None for a name that is none."""
    place = ROOT / Path(*name.split("."))
    files = (place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def test_the_digest_of_the_rules_sees_words_and_not_how_pages_look(tmp_path, monkeypatch):
    folder = shutil.copytree(datafiles.FOLDER, tmp_path / "data")
    monkeypatch.setattr(datafiles, "FOLDER", folder)
    before = datafiles.digest_rules()
    (folder / "panel_page.toml").write_text("other = 1", "utf-8")
    assert datafiles.digest_rules() == before
    with (folder / "platforms.toml").open("a", encoding="utf-8") as file:
        file.write("# one word more\n")
    assert datafiles.digest_rules() != before


def test_a_column_of_another_type_is_another_reading_and_other_words_for_it_are_not(tmp_path, monkeypatch):
    folder = shutil.copytree(datafiles.FOLDER, tmp_path / "data")
    monkeypatch.setattr(datafiles, "FOLDER", folder)
    monkeypatch.setattr(schema, "load_schema", schema.load_schema.__wrapped__)
    before = describe_reading("rules", None)
    words = (folder / "store.toml").read_text("utf-8")
    (folder / "store.toml").write_text(words.replace("报告机关，按报告自称", "报告机关"), "utf-8")
    assert describe_reading("rules", None) == before
    (folder / "store.toml").write_text(words.replace('type = "int32"', 'type = "int64"', 1), "utf-8")
    assert describe_reading("rules", None) != before


def test_another_way_to_join_a_list_joins_it_anew_and_reads_nothing(own, tmp_path, monkeypatch):
    table, out = tmp_path / "list.csv", tmp_path / "out"
    table.write_text("file,level\n" + "".join(f"{path.name},县\n" for path in own.rglob("*.txt")), "utf-8")
    wish = Wish(model="rules", agencies=str(table))
    run([str(own)], str(out), wish, here)
    before = set(Store(out).files("reports"))
    assert run([str(own)], str(out), wish, here).read == 0
    assert set(Store(out).files("reports")) == before
    monkeypatch.setattr("extract.bulk.join.digest_joining", lambda: "others")
    assert run([str(own)], str(out), wish, here).read == 0
    assert not before & set(Store(out).files("reports"))


def test_copies_are_looked_for_anew_where_they_are_found_in_another_way(own, tmp_path, monkeypatch):
    out = tmp_path / "out"
    assert run([str(own)], str(out), WISH, here).duplicates is not None
    assert run([str(own)], str(out), WISH, here).duplicates is None
    signed = set((out / "_journal/signatures").rglob("*.npy"))
    for module in ("dedup", "run", "signing"):
        monkeypatch.setattr(f"extract.bulk.{module}.digest_likeness", lambda: "others")
    assert run([str(own)], str(out), WISH, here).duplicates is not None
    anew = set((out / "_journal/signatures").rglob("*.npy"))
    assert signed
    assert len(anew) == len(signed)
    assert not anew & signed
    assert run([str(own)], str(out), WISH, here).duplicates is None


def test_no_report_is_read_by_a_file_that_the_digest_leaves_out():
    code = """
import pathlib
from extract import datafiles, parse
opened, right = set(), pathlib.Path.read_text
def read(path, *arguments, **options):
    opened.add(path.name)
    return right(path, *arguments, **options)
pathlib.Path.read_text = read
from extract.classify import load_model
for model in (None, load_model("rules")):
    parse("samples/report.txt", **({"model": model} if model else {}))
print(sorted(opened & datafiles.NO_RULES), {"platforms.toml", "kinds.toml"} <= opened)
assert all((datafiles.FOLDER / name).is_file() for name in datafiles.NO_RULES)
"""
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["[]", "True"]


def test_a_worker_elsewhere_with_other_rules_refuses():
    here_and_now = describe_reading("rules", None)
    check_reading("rules", None, here_and_now)
    with pytest.raises(GongkaiError, match="install the same gongkai"):
        check_reading("rules", None, (here_and_now[0], "0" * 16))


def test_a_worker_elsewhere_that_reads_otherwise_tags_nothing():
    asked = describe_reading("rules", None)
    assert tag_in_worker([], Options("rules"), asked) == []
    with pytest.raises(GongkaiError, match="install the same gongkai"):
        tag_in_worker([], Options("rules"), (asked[0], "0" * 16))


def test_files_that_are_lost_are_made_anew_and_no_other(own, tmp_path, capsys):
    out = tmp_path / "out"
    run([str(own / "000"), str(own / "001")], str(out), WISH, here)
    run([str(own / "002")], str(out), WISH, here)
    whole = rows(out)
    for table in ("units", "cells"):
        file = next(one for one in Store(out).files(table) if "unknown" not in one)
        os.unlink(file)
    first = run([str(own / "000"), str(own / "001"), str(own / "002")], str(out), WISH, here)
    assert 0 < first.read < 30
    assert first.reports == 30
    assert "are gone: their sources are read again" in capsys.readouterr().err
    assert rows(out) == whole
    assert not stray_files(out)


def test_files_that_are_lost_of_a_folder_that_is_not_named_are_told_of(own, tmp_path, capsys):
    out = tmp_path / "out"
    run([str(own / "000")], str(out), WISH, here)
    os.unlink(Store(out).files("units")[0])
    with pytest.raises(GongkaiError, match="is gone"):
        run([str(own / "001")], str(out), WISH, here)
    assert "10 sources of parts whose files are gone could not be had" in capsys.readouterr().err
    assert run([str(own / "000")], str(out), WISH, here).read == 10


def test_a_damaged_file_is_named_with_what_to_do(own, tmp_path, capsys):
    out = tmp_path / "out"
    run([str(own)], str(out), WISH, here)
    whole, file = rows(out), Store(out).files("units")[0]
    os.truncate(file, 100)
    for command in (["query", str(out), "select count(*) from units"], ["export", str(out), "--to", "csv"]):
        assert main(command) == 1
        told = capsys.readouterr().err
        assert os.path.basename(file) in told
        assert "take it away" in told
    os.unlink(file)
    run([str(own)], str(out), WISH, here)
    assert rows(out) == whole


def test_a_folder_that_is_empty_now_loses_nothing(own, tmp_path, capsys):
    out = tmp_path / "out"
    run([str(own)], str(out), WISH, here)
    own.rename(tmp_path / "away")
    own.mkdir()
    prune = Wish(model="rules", prune=True)
    assert run([str(own)], str(out), prune, here).reports == 30
    assert f"{own}: no file is there now" in capsys.readouterr().err
    shutil.copytree(tmp_path / "away" / "000", own / "000")
    summary = run([str(own)], str(out), prune, here)
    assert (summary.reports, summary.dropped) == (10, 20)
    assert "20 that are gone dropped" in summary.tell()


def test_a_bare_name_that_holds_for_several_files_is_told(own, tmp_path, capsys):
    shutil.copy(own / "000" / "00003.txt", own / "001" / "00003.txt")
    table = tmp_path / "list.csv"
    table.write_text("file,region_code\n00003,410184\n00004.txt,410185\n002/00021.txt,410186\n", "utf-8")
    run([str(own)], str(tmp_path / "out"), Wish(model="rules", agencies=str(table)), here)
    told = capsys.readouterr().err
    assert "1 of 3 rows" in told
    assert "as 00003 for reports/000/00003.txt and reports/001/00003.txt" in told


@pytest.mark.parametrize("output", [[], ["-o", "out.csv"]])
def test_a_query_without_end_is_stopped(tmp_path, output):
    out = make_dataset(tmp_path / "data")
    endless = "select sum(a.range * b.range % 7) from range(10000000) a, range(10000000) b"
    command = [sys.executable, "-m", "extract.cli", "query", str(out), endless, *output]
    code = "import os, signal, sys, threading, time; from extract.cli import main; import extract.query as query\n"
    code += "ask = query.run_query\n"
    code += "def later():\n    time.sleep(.5)\n    os.kill(os.getpid(), signal.SIGINT)\n"
    code += "def run_query(*given):\n    threading.Thread(target=later).start()\n    return ask(*given)\n"
    code += "query.run_query = run_query\nsys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, *command[3:]], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (130, "gongkai: stopped\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_a_store_that_refuses_to_be_read_is_one_line(tmp_path, monkeypatch, capsys):
    from fsspec.implementations.memory import MemoryFileSystem

    def refuse(*given):
        raise RuntimeError("Unable to locate\ncredentials")

    monkeypatch.setattr(MemoryFileSystem, "isdir", refuse)
    assert main(["parse", "memory://reports", "-o", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert told.startswith("gongkai: memory://reports: Unable to locate credentials: set the credentials")
    assert told.count("\n") == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_standard_output_that_is_full_is_one_line():
    command = [sys.executable, "-m", "extract.cli", "parse", "samples/report.txt"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (1, "gongkai: standard output: No space left on device\n")


@pytest.mark.skipif(os.name == "nt", reason="no shell that closes streams")
@pytest.mark.parametrize(
    ("sources", "closed", "status", "lines", "told"),
    [
        ("samples/report.txt " * 21, "2>&-", 0, 21, ""),
        ("nowhere.txt", "2>&-", 1, 0, ""),  # what is told to nobody is not told to standard output
        ("samples/report.txt -", "<&-", 1, 1, "gongkai: <stdin>: the file is empty: fetch it again\n"),
        ("samples/report.txt", ">&-", 1, 0, "gongkai: standard output: Bad file descriptor\n"),
    ],
)
def test_standard_streams_that_are_closed(sources, closed, status, lines, told):
    command = f"{sys.executable} -m extract.cli parse --model rules {sources} {closed}"
    done = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (status, lines, told)


def test_a_pipe_to_a_worker_that_breaks_is_no_success(capfd, monkeypatch):
    def break_pipe(*given):
        raise BrokenPipeError

    monkeypatch.setattr("extract.commands.query.run", break_pipe)
    assert main(["query", "anything"]) == 1
    assert "ended too early" in capfd.readouterr().err


def test_workers_that_cannot_be_started_are_told(own, tmp_path, monkeypatch):
    def refuse(*given):
        raise BrokenPipeError

    monkeypatch.setattr("extract.bulk.local.ProcessPoolExecutor.submit", refuse)
    with pytest.raises(GongkaiError, match="no worker process can be started"):
        run([str(own)], str(tmp_path / "out"), WISH)
