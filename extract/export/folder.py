"""The folder of an export: there whole or not at all, and never over files that are no export."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extract.errors import GongkaiError

CODEBOOK = "codebook.csv"  # the file that tells an export from another folder


class CannotExport(GongkaiError):
    """A folder that cannot be written; the message names it and says why."""


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` to write into, put into its place when all is written.

    Files of an earlier export with the same names are replaced. Raises `CannotExport` where `folder` holds
    anything that is no export, or cannot be written (a full disk says so).
    """
    _check(folder)
    with scratch(folder) as temporary:
        yield temporary
        _put(temporary, folder)


@contextmanager
def scratch(target: Path) -> Iterator[Path]:
    """A folder beside `target` that is gone afterwards. Raises `CannotExport` where writing fails."""
    temporary = target.parent / f".{target.name}.part-{os.getpid()}"
    try:
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        yield temporary
    except OSError as error:
        raise CannotExport(f"{target}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def put_file(folder: Path, target: Path) -> None:
    """Put the one data file of an export to `target`, its codebook beside it.

    Raises `CannotExport` where there are several: they need a folder.
    """
    data = [entry for entry in folder.iterdir() if entry.stem != Path(CODEBOOK).stem]
    if len(data) != 1:
        raise CannotExport(
            f"{target}: {len(data)} tables or parts are no single file: name a folder, or one table"
        )
    for book in folder.glob(f"{Path(CODEBOOK).stem}.*"):
        os.replace(book, target.with_name(f"{target.stem}.{book.name}"))
    os.replace(data[0], target)


def _check(folder: Path) -> None:
    if folder.is_file():
        raise CannotExport(f"{folder}: is a file; an export is a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / CODEBOOK).is_file():
        raise CannotExport(f"{folder}: is not empty and holds no earlier export: name another folder with -d")


def _put(temporary: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for entry in temporary.iterdir():
        target = folder / entry.name
        if target.is_dir():
            shutil.rmtree(target)
        os.replace(entry, target)
