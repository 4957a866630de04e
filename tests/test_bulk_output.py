"""Output that cannot be written: what is wrong is named in one line, and the same command goes on afterwards."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import fsspec
import pytest
from bulk_runs import ROOT, here, make_reports, rows, stray_files
from fsspec.implementations.memory import MemoryFileSystem

from extract.bulk.run import Wish, run
from extract.store import Store
from extract.store.files import CannotWrite, Place


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    return make_reports(tmp_path_factory.mktemp("output") / "reports", 40)


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of 1 MiB, where one can be had."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def parse(sources: Path, out: Path, **options) -> subprocess.CompletedProcess[str]:
    """The command, with what `subprocess.run` takes."""
    command = [sys.executable, "-m", "extract", "parse", str(sources), "-o", str(out), "--jobs", "1"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)


def fill(disk: Path, but: int = 0) -> Path:
    """A file that takes all room of a disk `but` some KiB."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    os.truncate(ballast, ballast.stat().st_size - but * 1024)
    return ballast


def assert_told(ended: subprocess.CompletedProcess[str], *words: str) -> None:
    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr
    (line,) = ended.stderr.strip().splitlines()
    assert all(word in line for word in words), line


@pytest.mark.rights
def test_a_disk_that_is_full(sources, small_disk, tmp_path):
    ballast = fill(small_disk, but=40)
    assert_told(parse(sources, small_disk / "out"), str(small_disk / "out"), "the disk is full: make room")
    ballast.unlink()
    assert parse(sources, small_disk / "out").returncode == 0
    run([str(sources)], str(tmp_path / "whole"), Wish(), here)
    assert rows(small_disk / "out") == rows(tmp_path / "whole")
    assert not stray_files(small_disk / "out")


@pytest.mark.rights
def test_a_folder_for_temporary_files_that_is_full(sources, small_disk, tmp_path):
    fill(small_disk, but=4)
    ended = parse(sources, tmp_path / "out", env=os.environ | {"TMPDIR": str(small_disk)})
    assert_told(ended, f"{small_disk} (TMPDIR names another folder", "the disk is full")
    assert parse(sources, tmp_path / "out").returncode == 0
    assert len(Store(tmp_path / "out").table("reports")) == 40


def test_files_that_may_not_grow_so_large(sources, tmp_path):
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (20_000, 20_000))
    assert_told(
        parse(sources, tmp_path / "out", preexec_fn=limit), "may not grow so large there", "ulimit -f"
    )
    assert parse(sources, tmp_path / "out").returncode == 0
    assert not stray_files(tmp_path / "out")


@pytest.mark.rights
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(sources, tmp_path):
    (tmp_path / "out").mkdir(mode=0o500)
    assert_told(parse(sources, tmp_path / "out"), "no permission to write there")


class Failing(MemoryFileSystem):
    """A distant file system that fails after some files."""

    protocol = "failing"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    left = 10
    error: Exception = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def pipe_file(self, path, value, mode="overwrite", **options):
        if Failing.left <= 0:
            raise Failing.error
        Failing.left -= 1
        return super().pipe_file(path, value, mode, **options)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (PermissionError(errno.EACCES, "Access Denied"), "no permission to write there"),
        (OSError("Bucket quota exceeded"), "Bucket quota exceeded"),
        (RuntimeError("Could not connect to the\nendpoint URL"), "Could not connect to the endpoint URL"),
    ],
)
def test_a_distant_folder_that_fails(sources, tmp_path, error, said):
    fsspec.register_implementation("failing", Failing, clobber=True)
    Failing.left, Failing.error = 10, error
    Failing.store.clear()
    with pytest.raises(CannotWrite, match=f"failing://out/.*: {said}"):
        run([str(sources)], "failing://out", Wish(), here)
    Failing.left = 1_000_000
    assert run([str(sources)], "failing://out", Wish(), here).reports == 40
    run([str(sources)], str(tmp_path / "whole"), Wish(), here)
    assert rows("failing://out") == rows(tmp_path / "whole")


def test_a_file_that_cannot_be_taken_away_is_named(tmp_path):
    (tmp_path / "out" / "a folder").mkdir(parents=True)
    with pytest.raises(CannotWrite, match="a folder: cannot be taken away"):
        Place(tmp_path / "out").remove("a folder")
