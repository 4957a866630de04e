"""Small parts that have piled up are merged: no row is lost or doubled, whenever a run is killed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bulk_runs import ROOT, here, make_reports, rows, stray_files, write_report

from extract.bulk import merging, signing
from extract.bulk.dedup import find_duplicates
from extract.bulk.run import Wish, run
from extract.bulk.task import Task, halve
from extract.errors import GongkaiError
from extract.store import Store
from extract.store.files import Place
from extract.store.journal import live_parts, read_entry

COUNT = 40


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    folder = make_reports(tmp_path_factory.mktemp("merging") / "reports", COUNT)
    shutil.copy(folder / "000" / "00003.txt", folder / "000" / "copy.txt")
    (folder / "bad.txt").write_bytes(b"x")
    for path in folder.rglob("*.txt"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return folder


@pytest.fixture(scope="module")
def piled(sources, tmp_path_factory) -> Path:
    """A dataset of as many parts as sources."""
    out = tmp_path_factory.mktemp("piled") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("extract.bulk.work.SECONDS", 0.0)
        patch.setattr(merging, "PILE", 10_000)
        run([str(sources)], str(out), Wish(), here)
    assert len(live_parts(Place(out))) == COUNT + 2
    return out


@pytest.fixture
def out(piled, tmp_path) -> Path:
    return shutil.copytree(piled, tmp_path / "out")


@pytest.fixture(scope="module")
def expected(piled) -> dict[str, list[str]]:
    return rows(piled)


def test_a_run_merges_the_small_parts_that_it_finds(sources, out, expected):
    duplicates = (out / "duplicates.parquet").read_bytes()
    summary = run([str(sources)], str(out), Wish(), here)
    assert (summary.read, summary.same, summary.reports, summary.errors) == (0, COUNT + 2, COUNT + 1, 1)
    assert len(live_parts(Place(out))) == 1
    assert rows(out) == expected
    assert not stray_files(out)
    assert (out / "duplicates.parquet").read_bytes() == duplicates
    assert run([str(sources)], str(out), Wish(), here).read == 0
    assert len(live_parts(Place(out))) == 1


def test_the_command_merges_too(sources, out, expected):
    command = [sys.executable, "-m", "extract", "parse", str(sources), "-o", str(out), "--jobs", "2"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr  # there is a file that cannot be read
    assert len(live_parts(Place(out))) == 1
    assert rows(out) == expected


def test_few_small_parts_are_left_alone(sources, out, monkeypatch):
    monkeypatch.setattr(merging, "PILE", COUNT + 3)
    run([str(sources)], str(out), Wish(), here)
    assert len(live_parts(Place(out))) == COUNT + 2


def test_parts_of_a_good_size_are_made_and_stay(sources, out, expected, monkeypatch):
    monkeypatch.setattr(merging, "SOURCES", 10)
    monkeypatch.setattr(merging, "PILE", 8)
    monkeypatch.setattr(merging, "SMALL", 10**9)
    run([str(sources)], str(out), Wish(), here)
    sizes = sorted(len(read_entry(Place(out), part).sources) for part in live_parts(Place(out)))
    assert sizes == [2, 10, 10, 10, 10]
    assert rows(out) == expected
    parts = live_parts(Place(out))
    run([str(sources)], str(out), Wish(), here)
    assert live_parts(Place(out)) == parts


def test_what_is_known_of_copies_is_merged_with_the_parts(sources, out, monkeypatch):
    before = find_duplicates(Store(out))
    run([str(sources)], str(out), Wish(), here)
    monkeypatch.setattr(signing, "sign", lambda reports: pytest.fail("signed anew"))
    kept = [array for _, array in signing.load_signed(Place(out))]
    assert find_duplicates(Store(out)) == before
    monkeypatch.undo()
    (part,) = live_parts(Place(out))
    assert (kept[0] == signing.sign(signing.read_narratives(Place(out), part))).all()


def test_a_merged_part_is_renewed_like_any_other(sources, out, tmp_path):
    own = shutil.copytree(sources, tmp_path / "reports")
    (out / "_journal" / "roots").unlink()  # the same folder, elsewhere
    run([str(own)], str(out), Wish(), here)
    write_report(own / "001" / "00012.txt", 12_345)
    summary = run([str(own)], str(out), Wish(), here)
    assert (summary.read, summary.same) == (1, COUNT + 1)
    run([str(own)], str(tmp_path / "anew"), Wish(), here)
    assert rows(out) == rows(tmp_path / "anew")


def test_parts_of_different_versions_are_not_merged(sources, out, monkeypatch):
    monkeypatch.setattr("extract.bulk.work.SECONDS", 0.0)
    run([str(sources)], str(out), Wish(model="rules", limit=20), here)
    assert len(live_parts(Place(out))) == COUNT + 2  # 22 of one model, 20 of the other


def test_a_dataset_in_memory_is_merged(sources, expected, monkeypatch):
    monkeypatch.setattr("extract.bulk.work.SECONDS", 0.0)
    run([str(sources)], "memory://merged", Wish(), here)
    assert len(live_parts(Place("memory://merged"))) == 1
    assert rows("memory://merged") == expected


def test_a_merge_that_brings_its_worker_down_is_left(sources):
    assert halve(Task((), merges=("a", "b"))) == []


def test_a_damaged_part_is_named(sources, out):
    next((out / "units").rglob("*.parquet")).write_bytes(b"PAR1")
    with pytest.raises(GongkaiError, match=r"part-[0-9a-f]{16}\.parquet: is damaged .* take it away"):
        run([str(sources)], str(out), Wish(), here)


def test_sources_that_come_back_after_all_were_pruned_are_read(sources, tmp_path):
    """A part whose name a part that counts says it replaces would not count: it has another name."""
    own, away, out = tmp_path / "reports", tmp_path / "away", tmp_path / "out"
    shutil.copytree(sources / "000", own)
    first = run([str(own)], str(out), Wish(), here)
    own.rename(away)
    own.mkdir()
    (own / "note.txt").write_text("nothing is left but this", "utf-8")
    assert run([str(own)], str(out), Wish(prune=True), here).reports == 0
    shutil.rmtree(own)
    away.rename(own)
    assert run([str(own)], str(out), Wish(), here).reports == first.reports
    assert run([str(own)], str(out), Wish(), here).read == 0


# ---- kills -----------------------------------------------------------------------------------------------


def run_and_die(sources: Path, out: Path, at: int) -> subprocess.CompletedProcess[str]:
    command = f"from bulk_runs import run_and_die; run_and_die({str(sources)!r}, {str(out)!r}, {at})"
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return subprocess.run(
        [sys.executable, "-c", command],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def steps(sources, piled, tmp_path_factory) -> int:
    """How many files a run that merges writes and takes away."""
    out = shutil.copytree(piled, tmp_path_factory.mktemp("steps") / "out")
    return int(run_and_die(sources, out, 0).stdout)


def kill_and_compare(sources: Path, out: Path, expected: dict[str, list[str]], at: int) -> None:
    assert run_and_die(sources, out, at).returncode == 9
    assert rows(out) == expected  # whole at any moment
    parse_again = run([str(sources)], str(out), Wish(), here)
    assert parse_again.read == 0
    assert rows(out) == expected
    assert not stray_files(out)


@pytest.mark.parametrize("share", [0.01, 0.03, 0.05, 0.4, 0.98])
def test_a_run_that_is_killed_while_it_merges_loses_nothing(sources, out, expected, steps, share):
    kill_and_compare(sources, out, expected, max(1, int(steps * share)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_a_merge_that_is_killed_anywhere_loses_nothing(sources, out, expected, steps, seed):
    kill_and_compare(sources, out, expected, random.Random(seed).randint(1, steps))
