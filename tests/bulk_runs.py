"""What the tests of bulk runs share: reports on disk, a run as its own process, datasets compared row by row."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extract.bulk.run import Wish, run
from extract.bulk.task import Done, Job, Task
from extract.bulk.work import work
from extract.store import TABLES, Store
from extract.store.schema import EMPTY

ROOT = Path(__file__).parent.parent
SEED = (ROOT / "samples" / "report.txt").read_text("utf-8")
_NAMES = ("寒山镇", "青川乡", "白石街道", "金沟镇", "柳河乡")


def make_reports(folder: Path, count: int) -> Path:
    """`count` text reports in folders of ten; each is distinct, years from 2021 to 2024."""
    for number in range(count):
        write_report(folder / f"{number // 10:03}" / f"{number:05}.txt", number)
    return folder


def write_report(path: Path, number: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = SEED.replace("2023", str(2021 + number % 4))
    path.write_text(text + f"\n本报告由{_NAMES[number % 5]}人民政府负责解释，编号第{number}号。\n", "utf-8")


def start(sources: Path, out: Any, *options: str, **environment: str) -> subprocess.Popen[str]:
    """`gongkai parse SOURCES -o OUT` begun as a process of its own."""
    command = [sys.executable, "-m", "extract", "parse", str(sources), "-o", str(out), *options]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def parse(sources: Path, out: Any, *options: str) -> str:
    """The same to its end; what it said. Fails where something could not be read."""
    process = start(sources, out, *options)
    said = process.communicate()[1]
    assert process.returncode == 0, said
    return said


def rows(out: Any) -> dict[str, list[str]]:
    """Every row of every table as text, sorted: equal where the datasets are, however they lie in parts."""
    store = Store(out)
    return {name: sorted(map(repr, store.table(name).to_pylist())) for name in TABLES}


def stray_files(out: Path) -> list[str]:
    """Files in the folder that no part counts as its own: there must be none after a run."""
    counted = {path for name in TABLES for path in Store(out).files(name)}
    lying = {str(path) for name in TABLES for path in (out / name).rglob("*") if path.is_file()}
    lying -= {str(out / EMPTY.format(name)) for name in TABLES}
    temporary = [str(path) for path in (out / "_journal" / "tmp").glob("*")]
    return sorted(lying - counted) + temporary


def here(tasks: Any, job: Job, stop: Any) -> Iterator[Done]:
    """An engine without processes."""
    waiting = list(tasks)
    for task in waiting:
        done = work(task, job)
        waiting += [Task(done.left)] if done.left else []
        yield done


def run_and_die(sources: str, out: str, at: int) -> None:
    """A run whose process is gone, as by SIGKILL, before the file that is the `at`th written or taken away.

    It says how many there were where it comes to its end.
    """
    from extract.store.files import Place

    steps = itertools.count(1)

    def dying(right: Any) -> Any:
        def step(place: Place, *arguments: Any, **options: Any) -> Any:
            if next(steps) == at:
                os._exit(9)
            return right(place, *arguments, **options)

        return step

    for name in ("write", "settle", "remove"):
        setattr(Place, name, dying(getattr(Place, name)))
    run([sources], out, Wish(), here)
    print(next(steps) - 1)


def work_or_die(task: Task, job: Job) -> Done:
    """The work of a chunk, by a reader that some files bring down, and some hang."""
    for source in task.sources:
        if "poison" in source.path:
            os._exit(11)
    return work(task, job)


def work_slowly(task: Task, job: Job) -> Done:
    """The work of a chunk as on a slow machine."""
    import time

    time.sleep(0.3)
    return work(task, job)
