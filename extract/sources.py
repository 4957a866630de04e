"""What the user named on the command line → the files to read, in a stable order."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator

_PASSED_OVER = (".", "~$")  # hidden files, and those by which Office locks an open document


def find_sources(names: Iterable[str]) -> Iterator[str]:
    """The files that `names` stand for: files as given, folders walked, glob patterns expanded, - kept.

    A name that is nothing of these is handed on as it is, so that reading it says what is wrong. In folders
    hidden files and datasets of this program are left out, and what is no file (a link to nothing, a pipe) is
    named on standard error and never opened; links to folders are not followed, so that no loop can arise.
    """
    for name in names:
        if name == "-" or os.path.isfile(name):
            yield name
        elif os.path.isdir(name):
            yield from _walk(name)
        elif glob.has_magic(name) and (found := sorted(glob.glob(name, recursive=True))):
            yield from _among(found, deep="**" in name)
        else:
            yield name


def _among(found: Iterable[str], *, deep: bool) -> Iterator[str]:
    """The files that a pattern fits, and those in folders that it fits; `deep`: it has named them itself."""
    for path in found:
        if is_passed_over(path):
            continue
        if os.path.isfile(path):
            yield path
        elif os.path.isdir(path) and not deep:
            yield from _walk(path)


def is_there(name: str) -> bool:
    """Whether a name stands for anything on this machine: a file, a folder, a pattern that fits some."""
    return os.path.lexists(name) or (
        glob.has_magic(name) and next(glob.iglob(name, recursive=True), None) is not None
    )


def is_passed_over(path: str) -> bool:
    """Whether a file of a folder is none that anybody meant, by its name.

    >>> is_passed_over("reports/~$2023.docx"), is_passed_over("reports/2023.docx")
    (True, False)
    """
    return os.path.basename(path).startswith(_PASSED_OVER)


def is_dataset(folder: str) -> bool:
    """Whether a folder is what `gongkai parse -o` wrote, whose files are no reports."""
    return os.path.isdir(os.path.join(folder, "_journal")) and os.path.isfile(
        os.path.join(folder, "schema.json")
    )


def _walk(top: str) -> Iterator[str]:
    for folder, folders, files in os.walk(top):
        if is_dataset(folder):
            folders.clear()
            if folder == top:
                tell(top, "is a dataset that gongkai wrote, no folder of reports: passed over")
            continue
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for file in sorted(files):
            path = os.path.join(folder, file)
            if is_passed_over(path):
                continue
            if os.path.isfile(path):
                yield path
            else:
                tell(path, "a link to nothing" if os.path.islink(path) else "no file, but a pipe or device")


def tell(path: str, reason: str) -> None:
    """A line on standard error about a source."""
    print(f"gongkai: {path}: {reason}", file=sys.stderr)
