"""Bulk runs join a report and the annex that is alone with it in its folder, as the plain command does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from bulk_runs import ROOT, here, rows, stray_files, work_or_die, write_report
from renderings import xlsx
from whole_reports import load_whole, write_text

from extract.bulk import plan as planning
from extract.bulk.dask import _absolute
from extract.bulk.local import run_local
from extract.bulk.run import Wish, run
from extract.bulk.sources import Roots, SourceFile, mark_pairs
from extract.bulk.task import Task, halve
from extract.cli import main
from extract.report import Document, Grid, Paragraph
from extract.store import Store
from extract.store.journal import live_parts

BLOCKS = load_whole("city_review3").document.blocks
TEXT = write_text(Document(tuple(block for block in BLOCKS if isinstance(block, Paragraph))))
TABLES = xlsx(Document(tuple(block for block in BLOCKS if isinstance(block, Grid))))
CELLS = 200  # of the two together
PAIRS = [
    ("年度报告.txt", "P0202401.xlsx"),
    ("青石镇人民政府.txt", "附件2.xlsx"),
    ("t20240131_5566.txt", "数据.xlsx"),
    ("关于2023年政府信息公开工作的报告.txt", "附表.xlsx"),
]
APART = [
    ("青石镇2022年正文.txt", "青石镇2023年附表.xlsx"),
    ("青石镇.txt", "白塔镇附表.xlsx"),
    ("1.txt", "2.xlsx"),
]


def put(path: Path, data: bytes) -> None:
    """A file old enough for its time to be trusted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (1_700_000_000, 1_700_000_000))


def put_whole(path: Path, number: int) -> None:
    write_report(path, number)
    put(path, path.read_bytes())


@pytest.fixture
def town(tmp_path) -> Path:
    """One folder with a pair of which the names do not agree, among others with whole reports."""
    root = tmp_path / "reports"
    for number in range(12):
        put_whole(root / f"{number % 4}" / f"{number}.txt", number)
    put(root / "2a" / "年度报告.txt", TEXT)
    put(root / "2a" / "P0202401.xlsx", TABLES)
    return root / "2a"


def update(town: Path, out: Path, **wish: bool | int) -> int:
    """The sources that a run has read."""
    return run([str(town.parent)], str(out), Wish(**wish), here).read


def cells(out: Path) -> dict[str, int]:
    """The reports of the folder with the pair, each once, and how many cells each has."""
    found = [
        (row["path"], row["n_cells"])
        for row in Store(out).table("reports").to_pylist()
        if row["path"].startswith("reports/2a/")
    ]
    assert len(found) == len(dict(found))
    return {path.rpartition("/")[2]: count for path, count in found}


def same_as_anew(town: Path, out: Path) -> bool:
    """Whether a dataset is the one that a single run makes of what is there, and holds nothing else."""
    anew = out.parent / "anew"
    run([str(town.parent)], str(anew), Wish(), here)
    return rows(out) == rows(anew) and not stray_files(out)


@pytest.mark.parametrize("least", [1, 16])
def test_a_dataset_has_the_records_of_the_plain_command(tmp_path, capsysbinary, monkeypatch, least):
    for name in ("LEAST", "LARGEST"):
        monkeypatch.setattr(planning, name, least)
    for number, (text, annex) in enumerate([*PAIRS, *APART]):
        put(tmp_path / "reports" / str(number) / text, TEXT)
        put(tmp_path / "reports" / str(number) / annex, TABLES)
    main(["parse", str(tmp_path / "reports")])
    plain = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    out = tmp_path / "out"
    run([str(tmp_path / "reports")], str(out), Wish(), here)
    found = Store(out).table("reports").to_pylist()
    assert sorted((one["report_id"], one["n_cells"]) for one in found) == sorted(
        (one["id"], len(one["cells"])) for one in plain
    )
    assert sum(one["n_cells"] == CELLS for one in found) >= len(PAIRS)
    assert run([str(tmp_path / "reports")], str(out), Wish(), here).read == 0


@pytest.mark.parametrize("name", ["年度报告.txt", "P0202401.xlsx"])
def test_where_one_of_a_pair_changes_both_are_read_again(town, tmp_path, name):
    out = tmp_path / "out"
    assert update(town, out) == 14
    (town / name).write_bytes((town / name).read_bytes() + b"\n")
    assert update(town, out) == 2
    assert cells(out) == {"年度报告.txt": CELLS}
    assert update(town, out) == 0
    assert same_as_anew(town, out)


def test_the_second_of_a_pair_comes_later(town, tmp_path):
    out = tmp_path / "out"
    (town / "P0202401.xlsx").unlink()
    update(town, out)
    assert cells(out) == {"年度报告.txt": 0}
    put(town / "P0202401.xlsx", TABLES)
    assert update(town, out) == 2
    assert cells(out) == {"年度报告.txt": CELLS}


def test_an_annex_of_another_name_takes_the_place_of_the_first(town, tmp_path):
    out = tmp_path / "out"
    update(town, out)
    (town / "P0202401.xlsx").rename(town / "P0202402.xlsx")
    assert update(town, out) == 2
    assert cells(out) == {"年度报告.txt": CELLS}
    update(town, out, prune=True)
    assert same_as_anew(town, out)


@pytest.mark.parametrize("third", ["0.txt", "另一份.txt", "zz.txt"])
def test_a_third_file_puts_a_pair_apart(town, tmp_path, third):
    """Three halves: it is not known which two belong together."""
    out = tmp_path / "out"
    update(town, out)
    put(town / third, TEXT + "另有一段。\n".encode())
    assert update(town, out) == 3
    assert cells(out)["年度报告.txt"] == cells(out)[third] == 0
    assert update(town, out) == 0
    assert same_as_anew(town, out)


def test_a_third_file_that_goes_leaves_a_pair(town, tmp_path):
    out = tmp_path / "out"
    put(town / "另一份.txt", TEXT)
    update(town, out)
    assert cells(out)["年度报告.txt"] == 0
    (town / "另一份.txt").unlink()
    assert update(town, out, prune=True) == 2
    assert cells(out) == {"年度报告.txt": CELLS}
    assert update(town, out, prune=True) == 0
    assert same_as_anew(town, out)


def test_a_report_is_read_again_when_its_annex_is_dropped(town, tmp_path):
    out = tmp_path / "out"
    update(town, out)
    (town / "P0202401.xlsx").unlink()
    assert update(town, out) == 0
    assert cells(out) == {"年度报告.txt": CELLS}
    assert update(town, out, prune=True) == 1
    assert cells(out) == {"年度报告.txt": 0}
    assert same_as_anew(town, out)


def test_a_limit_may_cut_between_the_two(town, tmp_path):
    out = tmp_path / "out"
    listed = [source.path for source in Roots([str(town.parent)]).list()]
    first = listed.index("reports/2a/P0202401.xlsx") + 1
    assert update(town, out, limit=first) == first
    assert update(town, out) == 14 - first + 1
    assert cells(out) == {"年度报告.txt": CELLS}
    put(town / "P0202401.xlsx", TABLES + b"\n")
    assert update(town, out, limit=first) == 2
    assert cells(out) == {"年度报告.txt": CELLS}
    assert update(town, out) == 0


def test_a_limit_that_cuts_off_a_third_file_makes_no_pair(town, tmp_path):
    put(town / "年度报告2.txt", TEXT)
    listed = [source.path for source in Roots([str(town.parent)]).list()]
    update(town, tmp_path / "out", limit=listed.index("reports/2a/年度报告.txt") + 1)
    assert cells(tmp_path / "out")["年度报告.txt"] == 0


def test_pairs_stay_whole_where_chunks_are_cut_short(town, tmp_path, monkeypatch):
    monkeypatch.setattr("extract.bulk.work.SECONDS", 0.0)
    out = tmp_path / "out"
    assert update(town, out) == 14
    assert len(live_parts(Store(out).place)) == 13
    assert cells(out) == {"年度报告.txt": CELLS}


def test_pairs_stay_whole_where_a_worker_is_brought_down(town, tmp_path):
    put_whole(town.parent / "2" / "poison.txt", 77)
    run([str(town.parent)], str(tmp_path / "out"), Wish(), lambda *given: run_local(*given, 2, work_or_die))
    assert cells(tmp_path / "out") == {"年度报告.txt": CELLS}


def test_another_version_joins_them_too(town, tmp_path, monkeypatch):
    out = tmp_path / "out"
    update(town, out)
    monkeypatch.setattr("extract.version.VERSION", "99.0.0")
    assert update(town, out) == 14
    assert cells(out) == {"年度报告.txt": CELLS}


# ---- killed ----------------------------------------------------------------------------------------------


def die(town: Path, out: Path, at: int) -> int:
    """A run that ends before the `at`th of its steps; how many there were where it comes to its end."""
    call = "import sys, bulk_runs; bulk_runs.run_and_die(sys.argv[1], sys.argv[2], int(sys.argv[3]))"
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    ended = subprocess.run(
        [sys.executable, "-c", call, str(town.parent), str(out), str(at)],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode in (0, 9), ended.stderr
    return int(ended.stdout) if ended.returncode == 0 else at


SLOW = pytest.mark.slow


@pytest.mark.parametrize("at", [pytest.param(6, marks=SLOW), 15, pytest.param(24, marks=SLOW), 30])
def test_a_run_over_a_pair_that_is_killed_goes_on(town, tmp_path, at):
    out = tmp_path / "out"
    die(town, out, at)
    update(town, out)
    assert cells(out) == {"年度报告.txt": CELLS}
    assert same_as_anew(town, out)


@pytest.mark.parametrize(
    "share", [0.4, 0.8, *(pytest.param(at, marks=SLOW) for at in (0.2, 0.5, 0.6, 0.7, 0.95))]
)
def test_a_third_file_and_a_kill_leave_nothing_joined(town, tmp_path, share):
    out = tmp_path / "out"
    update(town, out)
    put(town / "另一份.txt", TEXT)
    shutil.copytree(out, tmp_path / "tried")
    steps = die(town, tmp_path / "tried", 10**9)
    die(town, out, int(steps * share))
    update(town, out)
    assert same_as_anew(town, out)


def test_a_third_file_counts_from_when_the_two_are_apart(town, tmp_path):
    """It goes into the part in which they lie, whatever the order in which chunks end."""
    out = tmp_path / "out"
    update(town, out)
    put(town / "另一份.txt", TEXT)
    given: list[list[str]] = []

    def engine(tasks, job, stop):
        tasks = list(tasks)
        given.extend([source.path.rpartition("/")[2] for source in task.sources] for task in tasks)
        return here(tasks, job, stop)

    run([str(town.parent)], str(out), Wish(), engine)
    assert given == [["P0202401.xlsx", "年度报告.txt", "另一份.txt"]]


# ---- how pairs are told and carried ----------------------------------------------------------------------


def named(*paths: str) -> tuple[SourceFile, ...]:
    return tuple(SourceFile(path, path, 1, 1) for path in paths)


def test_pairs_are_told_while_the_listing_streams():
    taken: list[str] = []

    def listing():
        for source in named(
            "a/1.docx", "a/附件.xlsx", *(f"b/{number}.{'xlsx' if number else 'docx'}" for number in range(9))
        ):
            taken.append(source.path)
            yield source

    marked = mark_pairs(listing())
    assert [next(marked).paired for _ in range(3)] == [True, True, False]
    assert len(taken) == 5
    assert not any(source.paired for source in marked)


@pytest.mark.parametrize(
    "pair", [("a/2022.docx", "a/2023.docx"), ("a/甲.docx", "b/附件.xlsx"), ("a/1.docx", "a/b/附件.xlsx")]
)
def test_ordinary_files_are_no_pair(pair):
    assert not any(source.paired for source in mark_pairs(named(*pair)))


@pytest.mark.parametrize("url", [False, True])
def test_files_of_a_folder_are_listed_one_after_another(tmp_path, url):
    for name in ("a/1.docx", "a/b/附件.xlsx", "a/c.xlsx", "a/d.docx"):
        put(tmp_path / name, b"x")
    start = f"file://{tmp_path}" if url else str(tmp_path)
    for name in (start, f"{start}/a/**/*.*"):
        folders = [source.path.rpartition("/")[0] for source in Roots([name]).list()]
        assert folders == sorted(folders)
        assert len(folders) == 4


def test_what_carries_a_source_carries_that_it_is_one_of_a_pair():
    sources = tuple(mark_pairs(named("a/1.txt", "a/数据.xlsx", "b/1.txt", "b/数据.xlsx")))
    assert [part.sources for part in halve(Task(sources))] == [sources[:2], sources[2:]]
    assert all(source.paired for source in _absolute(Task(sources)).sources)
    assert tuple(SourceFile(*msgspec.to_builtins(source)) for source in sources) == sources
