"""The worker for binary files: what it gives, and what it gives when it is slow, large or dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from layouts import exact_grids, fill_form
from pdf_writer import lay_out

from extract.errors import UnreadableFile
from extract.read import office, read_document, sandbox
from extract.read.sandbox import read_isolated

PDF = lay_out(exact_grids(fill_form("2021", 1)))


@pytest.fixture(autouse=True)
def _new_worker():
    yield
    sandbox._pool.end()


def test_the_worker_gives_what_reading_gives():
    (member,) = read_isolated(PDF, "x.pdf")
    assert member.document == read_document(PDF, "x.pdf")
    assert len(member.sha256) == 64


def test_the_worker_is_used_again():
    read_isolated(PDF, "x.pdf")
    first = sandbox._pool.process
    read_isolated(PDF, "x.pdf")
    assert sandbox._pool.process is first


def test_a_worker_that_died_is_replaced():
    read_isolated(PDF, "x.pdf")
    assert sandbox._pool.process is not None
    os.kill(sandbox._pool.process.pid, signal.SIGKILL)
    time.sleep(0.2)
    (member,) = read_isolated(PDF, "x.pdf")
    assert not isinstance(member.document, UnreadableFile)


def test_a_slow_file_is_given_up(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS", 0.0)
    monkeypatch.setattr(sandbox, "_START", 0.0)
    (member,) = read_isolated(PDF, "x.pdf")
    assert isinstance(member.document, UnreadableFile)
    assert "takes more than" in member.document.reason


def test_the_worker_may_not_hold_more_than_its_memory():
    code = "from extract.read import sandbox; sandbox._limit_memory(); bytearray(sandbox.MEMORY + 2**26)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MemoryError" in done.stderr


# A command that starts another in the background, as LibreOffice does; both write their ids down.
_FAMILY = ("sh", "-c", "sleep 60 & echo $! > child; echo $$ > self; wait")


def _wait_for_ids(folder: Path) -> list[int]:
    for _ in range(100):
        files = [folder / "child", folder / "self"]
        if all(file.exists() and file.read_text().strip() for file in files):
            return [int(file.read_text()) for file in files]
        time.sleep(0.05)
    raise AssertionError("the command did not start")


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _all_end(pids: list[int]) -> bool:
    for _ in range(100):
        if not any(map(_is_alive, pids)):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_what_a_conversion_started_ends_with_a_reader_that_is_killed(tmp_path):
    code = f"from pathlib import Path; from extract.read import office; office.run_guarded({_FAMILY!r}, Path({str(tmp_path)!r}), {dict(os.environ)!r}, 60)"
    reader = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    pids = _wait_for_ids(tmp_path)
    assert all(map(_is_alive, pids))
    os.killpg(reader.pid, signal.SIGKILL)
    reader.wait()
    assert _all_end(pids)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_what_a_conversion_started_ends_when_its_time_is_up(tmp_path):
    with pytest.raises(subprocess.TimeoutExpired):
        office.run_guarded(_FAMILY, tmp_path, dict(os.environ), 1.0)
    assert _all_end(_wait_for_ids(tmp_path))


def test_a_conversion_that_is_done_leaves_nothing(tmp_path):
    start = time.monotonic()
    office.run_guarded(("sh", "-c", "echo done > made; cat"), tmp_path, dict(os.environ), 20)
    assert (tmp_path / "made").read_text() == "done\n"
    assert time.monotonic() - start < 10  # its standard input is empty
