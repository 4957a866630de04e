"""The worker for binary files: what it gives, and what it gives when it is slow, large or dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from layouts import exact_grids, fill_form
from pdf_writer import lay_out

from extract.errors import UnreadableFile
from extract.read import read_document, sandbox
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
