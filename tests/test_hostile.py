"""Every hostile file gives what it must, in time, and leaves the worker able to go on."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest
from hostile import Hostile, make_hostile

from extract.errors import UnreadableFile
from extract.pipeline import describe_source, parse_document
from extract.read.sandbox import read_isolated
from extract.report import Report

FILES = list(make_hostile())


def outcome(hostile: Hostile) -> Report | UnreadableFile:
    """The first report, or error, that the file gives."""
    (first, *_) = read_isolated(hostile.data, hostile.name)
    if isinstance(first.document, UnreadableFile):
        return first.document
    try:
        return parse_document(first.document, describe_source(hostile.data, hostile.name, first.document))
    except UnreadableFile as error:
        return error


def test_there_are_forty():
    assert len(FILES) >= 40


@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.name)
def test_hostile(hostile):
    begin = time.monotonic()
    found = outcome(hostile)
    assert time.monotonic() - begin < 40  # twice the limit: the start of a worker on a busy machine
    if hostile.must is None:
        assert isinstance(found, Report), found
    elif isinstance(found, Report):
        assert hostile.must == ".*"
    else:
        assert re.search(hostile.must, found.reason), found.reason


# The peak of a command and its children alone: of this process's children the largest may be another test's.
MEASURED = """
import pathlib, resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
pathlib.Path(sys.argv[1]).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""


@pytest.mark.slow
def test_the_command_reads_a_folder_of_them_all(tmp_path):
    folder = tmp_path / "hostile"
    folder.mkdir()
    for hostile in FILES:
        (folder / hostile.name).write_bytes(hostile.data)
    (folder / "again").symlink_to(folder)
    peak = tmp_path / "peak"
    command = [sys.executable, "-m", "extract", "parse", str(folder)]
    measured = [sys.executable, "-c", MEASURED, str(peak), *command]
    done = subprocess.run(measured, capture_output=True, timeout=20 * len(FILES))
    assert done.returncode == 1
    told = done.stderr.decode()
    written = b"\n".join(done.stdout.splitlines()).decode()
    assert [hostile.name for hostile in FILES if hostile.name not in told + written] == []
    assert len(told.splitlines()) + len(done.stdout.splitlines()) == len(FILES)
    assert int(peak.read_text()) < 1.5 * 2**20  # kilobytes
