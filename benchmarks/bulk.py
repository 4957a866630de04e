"""What bulk runs cost, each row beside its reference in the same run: `python -m benchmarks.bulk [ROW ...]`.

CPU is that of a command and of all processes it started, workers too; memory that of the largest of them.
Rows: formats, cold, memory, journal, workers, parquet, dask; many (100,000 reports) only by name.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import itertools
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
PARSE = [sys.executable, "-m", "extract", "parse"]
JIEBA_COLD = "import jieba; jieba.setLogLevel(60); jieba.lcut('政府信息公开工作年度报告')"
# As a run does it, in a process of its own.
MARK_COPIES = """
import sys
from extract.bulk.dedup import mark_duplicates
from extract.bulk.local import begin
from extract.bulk.task import Job
begin(Job(sys.argv[1], ""))
mark_duplicates(sys.argv[1])
"""
# What a user would do by hand with one file of each kind, extraction only: the reference of its row.
BY_HAND = {
    "txt": """
import jieba; jieba.setLogLevel(60)
def read(path):
    for line in open(path, encoding="utf-8"):
        if "。" in line: jieba.lcut(line)
""",
    "html": """
import pandas
def read(path): pandas.read_html(path, flavor="lxml")
""",
    "docx": """
import docx
def read(path):
    document = docx.Document(path)
    [one.text for one in document.paragraphs]
    [cell.text for table in document.tables for row in table.rows for cell in row.cells]
""",
    "pdf": """
import pdfplumber
def read(path):
    with pdfplumber.open(path) as document:
        [(page.extract_text(), page.extract_tables()) for page in document.pages]
""",
}
_LOOP = "\nimport sys, glob\nfor path in sorted(glob.glob(sys.argv[1] + '/*')): read(path)"
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of Linux: orphans of a command come to us, so that they are counted
Row = tuple[str, str, str, str, str]  # what, ours, reference, ratio, must


@dataclass(frozen=True, slots=True)
class Run:
    """A command with all its descendants: CPU and wall in seconds, the largest process in MiB."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the corpus and the datasets lie, and how often a pair is run."""

    folder: Path
    count: int
    pairs: int

    def corpus(self, form: str, count: int) -> Path:
        """A folder of `count` varied reports of one format."""
        place = self.folder / f"{form}-{count}"
        if not place.exists():
            maker = [sys.executable, str(ROOT / "benchmarks" / "make_corpus.py")]
            options = ["--n", str(count), "--out", str(place), "--formats", form]
            subprocess.run([*maker, *options], check=True, stdout=subprocess.DEVNULL)
        return place / form

    def out(self) -> str:
        """A folder for a dataset, empty."""
        place = self.folder / "out"
        shutil.rmtree(place, ignore_errors=True)
        return str(place)


def run(command: Sequence[str]) -> Run:
    """Run a command to the end of its last descendant. Raises `RuntimeError` where it fails."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    with tempfile.TemporaryFile() as said:
        return _run(command, said)


def _run(command: Sequence[str], said: IO[bytes]) -> Run:
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=said)
    cpu = peak = wall = 0.0
    with contextlib.suppress(ChildProcessError):
        while True:
            ended, status, usage = os.wait4(-1, 0)
            if ended == process.pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                wall = time.monotonic() - start
            cpu += usage.ru_utime + usage.ru_stime
            peak = max(peak, usage.ru_maxrss / 1024)
    if process.returncode:
        said.seek(0)
        last = said.read()[-2000:].decode("utf-8", "replace")
        raise RuntimeError(f"{' '.join(command)[:200]} ended with {process.returncode}:\n{last}")
    return Run(cpu, wall, peak)


def parse_into(setting: Setting, sources: Path, *options: str) -> Run:
    """A bulk run over a folder."""
    return run([*PARSE, str(sources), "-o", setting.out(), *options])


# ---- rows ------------------------------------------------------------------------------------------------


def formats(setting: Setting) -> Iterator[Row]:
    """Reports a second and core by format, start-up taken off, beside what a user would do by hand."""
    for form, count in (("txt", 600), ("html", 200), ("docx", 200), ("pdf", 40)):
        sources = setting.corpus(form, count)
        few = setting.corpus(form, 2)
        ours = [
            _cost(lambda place: parse_into(setting, place, "--jobs", "1"), sources, few, count)
            for _ in range(setting.pairs)
        ]
        code = [sys.executable, "-c", BY_HAND[form] + _LOOP]
        theirs = [
            _cost(lambda place, code=code: run([*code, str(place)]), sources, few, count)  # type: ignore[misc]
            for _ in range(setting.pairs)
        ]
        mine, other = statistics.median(ours), statistics.median(theirs)
        what = f"{form} into a dataset, {count} reports"
        yield what, f"{1 / mine:.0f} a second and core", f"by hand {1 / other:.0f}", f"{mine / other:.2f}", ""


def _cost(work: Callable[[Path], Run], many: Path, few: Path, count: int) -> float:
    """CPU seconds of one report: what many cost beyond a few."""
    return max((work(many).cpu - work(few).cpu) / (count - 2), 1e-6)


def cold(setting: Setting) -> Iterator[Row]:
    """One file into a new dataset against importing jieba and one cut; goal 7 is of JSON, without -o."""
    sources = setting.corpus("txt", 2)
    mine = statistics.median(parse_into(setting, sources, "--limit", "1").cpu for _ in range(setting.pairs))
    theirs = statistics.median(run([sys.executable, "-c", JIEBA_COLD]).cpu for _ in range(setting.pairs))
    yield (
        "one file into a dataset, cold",
        f"{mine * 1000:.0f} ms",
        f"jieba {theirs * 1000:.0f} ms",
        f"{mine / theirs:.2f}",
        "",
    )


def memory(setting: Setting) -> Iterator[Row]:
    """Goal 9: the largest process at many reports against that at a tenth of them."""
    few, many = setting.count // 10, setting.count
    one = parse_into(setting, setting.corpus("txt", few), "--jobs", "2").peak
    other = parse_into(setting, setting.corpus("txt", many), "--jobs", "2").peak
    what = f"largest process, {many:,} reports against {few:,}"
    yield what, f"{other:.0f} MiB", f"{one:.0f} MiB", f"{other / one:.3f}", "1.10"
    yield from _memory_of_copies(setting)


def _memory_of_copies(setting: Setting) -> Iterator[Row]:
    """The search for copies alone, on reports that were never parsed: at five times as many."""
    found = []
    for count in (setting.count, 5 * setting.count):
        out = setting.out()
        make = [sys.executable, "-m", "benchmarks.bulk_copies", str(count), out]
        subprocess.run(make, cwd=ROOT, check=True)
        found.append(run([sys.executable, "-c", MARK_COPIES, out]))
    one, other = found
    what = f"search for copies, {5 * setting.count:,} reports against {setting.count:,}"
    ours = f"{other.peak:.0f} MiB, {other.wall:.0f} s"
    yield what, ours, f"{one.peak:.0f} MiB, {one.wall:.0f} s", f"{other.peak / one.peak:.3f}", "1.10"


def journal(setting: Setting) -> Iterator[Row]:
    """A run that finds nothing to do, over a dataset of very many parts: thirty sources each."""
    nothing = setting.folder / "nothing"
    nothing.mkdir(exist_ok=True)
    found = []
    for parts in (setting.count // 20, setting.count):
        out = setting.out()
        make = [sys.executable, "-m", "benchmarks.bulk_journal", str(parts), out]
        subprocess.run(make, cwd=ROOT, check=True)
        found.append(run([*PARSE, str(nothing), "-o", out]))
    one, other = found
    what = f"nothing to do, {setting.count:,} parts against {setting.count // 20:,}"
    ours = f"{other.cpu:.1f} s of CPU, {other.peak:.0f} MiB"
    yield what, ours, f"{one.cpu:.1f} s, {one.peak:.0f} MiB", "", ""


def workers(setting: Setting) -> Iterator[Row]:
    """Goals 11 and 12: two workers against one."""
    sources = setting.corpus("txt", setting.count // 5)
    pairs = []
    for _ in range(setting.pairs):
        one = parse_into(setting, sources, "--jobs", "1")
        pairs.append((one, parse_into(setting, sources, "--jobs", "2")))
    cpu = statistics.median(two.cpu / one.cpu for one, two in pairs)
    wall = statistics.median(two.wall / one.wall for one, two in pairs)
    (one, two), load = pairs[-1], os.getloadavg()[0]
    what = f"two workers, {setting.count // 5:,} reports"
    yield f"{what}, CPU", f"{two.cpu:.1f} s", f"one {one.cpu:.1f} s", f"{cpu:.2f}", "1.20"
    yield (
        f"{what}, wall (load {load:.1f})",
        f"{two.wall:.1f} s",
        f"one {one.wall:.1f} s",
        f"{wall:.2f}",
        "0.70",
    )


def parquet(setting: Setting) -> Iterator[Row]:
    """Goal 17: the tables and files of a chunk of a thousand against its parse, in one process."""
    from extract.pipeline import parse_many
    from extract.store.files import Place
    from extract.store.tables import to_tables
    from extract.store.writing import write_tables

    files = sorted(setting.corpus("txt", 600).iterdir())
    list(parse_many(files[:8]))
    write_tables(Place(setting.out()), "warm", [to_tables(list(parse_many(files[:8])))])
    ratios = []
    for number in range(setting.pairs):
        start = time.process_time()
        reports = list(parse_many(files))
        middle = time.process_time()
        batches = [to_tables(reports[at : at + 64]) for at in range(0, len(reports), 64)]
        write_tables(Place(setting.out()), str(number), batches)
        ratios.append(
            ((time.process_time() - middle) / (middle - start), time.process_time() - middle, middle - start)
        )
    ratio, mine, theirs = sorted(ratios)[len(ratios) // 2]
    each = 1000 / len(files)
    what = "Parquet of a chunk"
    yield what, f"{mine * each:.2f} ms a report", f"parse {theirs * each:.2f} ms", f"{ratio:.2f}", "0.30"


def dask(setting: Setting) -> Iterator[Row]:
    """Two workers of Dask against the local engine with two, reports a second of wall."""
    sources = setting.corpus("txt", setting.count // 5)
    with _cluster() as address:
        ratios = []
        for _ in range(setting.pairs):
            command = [*PARSE, str(sources), "-o"]
            local = _wall([*command, setting.out(), "--jobs", "2"])
            there = _wall([*command, setting.out(), "--engine", "dask", "--scheduler", address])
            ratios.append((local / there, there, local))
    ratio, there, local = sorted(ratios)[len(ratios) // 2]
    what = f"speed of two Dask workers, {setting.count // 5:,} reports"
    yield what, f"{there:.1f} s", f"local {local:.1f} s", f"{ratio:.2f}", "at least 0.85"


def many(setting: Setting) -> Iterator[Row]:
    """100,000 text reports in one run, duplicates looked for too."""
    count = 100_000
    done = parse_into(setting, setting.corpus("txt", count))
    from extract.store import Store

    store = Store(setting.folder / "out")
    reports = sum(part.reports for part in store.parts())
    size = sum(path.stat().st_size for path in (setting.folder / "out").rglob("*.parquet")) / 2**20
    ours = f"{reports:,} reports, {done.wall:.0f} s, {count / done.cpu:.0f} a second and core"
    yield f"{count:,} text reports", ours, f"{size:.0f} MiB of Parquet", f"{done.peak:.0f} MiB", ""


@contextlib.contextmanager
def _cluster() -> Iterator[str]:
    """A scheduler with two workers of one thread on this machine, warmed up by nobody."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    base = [sys.executable, "-m", "dask"]
    plain = ["--no-dashboard", "--host", "127.0.0.1"]
    running = [subprocess.Popen([*base, "scheduler", "--port", str(port), *plain], **quiet)]  # type: ignore[call-overload]
    try:
        time.sleep(5)
        worker = [*base, "worker", address, "--nthreads", "1", "--nworkers", "2", *plain]
        running.append(subprocess.Popen(worker, **quiet))  # type: ignore[call-overload]
        from distributed import Client

        with Client(address, set_as_default=False, timeout="60s") as client:
            client.wait_for_workers(2, timeout=120)
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait()


def _wall(command: Sequence[str]) -> float:
    """Seconds of a command; its workers live elsewhere and go on."""
    start = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - start


ROWS: dict[str, Callable[[Setting], Iterator[Row]]] = {
    "formats": formats,
    "cold": cold,
    "memory": memory,
    "journal": journal,
    "workers": workers,
    "parquet": parquet,
    "dask": dask,
    "many": many,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=20_000, help="text reports of the row `memory`")
    parser.add_argument("--pairs", type=int, default=3, help="pairs of runs for each ratio")
    parser.add_argument(
        "--folder", type=Path, help="where corpus and datasets lie (default: a temporary one)"
    )
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)} (default: all but many)"
    )
    options = parser.parse_args()
    table = Table(title=f"bulk runs, medians of {options.pairs} pairs", title_justify="left")
    for column in ("what", "ours", "reference", "ratio", "must"):
        table.add_column(column)
    with tempfile.TemporaryDirectory() as temporary:
        setting = Setting(options.folder or Path(temporary), options.n, options.pairs)
        wanted = options.rows or list(itertools.filterfalse("many".__eq__, ROWS))
        for row in itertools.chain.from_iterable(ROWS[name](setting) for name in wanted):
            table.add_row(*row)
            print(*row, sep="\t", file=sys.stderr)
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
