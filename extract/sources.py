"""What the user named on the command line → the files to read, in a stable order."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator


def find_sources(names: Iterable[str]) -> Iterator[str]:
    """The files that `names` stand for: files as given, folders walked, glob patterns expanded, - kept.

    A name that is nothing of these is handed on as it is, so that reading it says what is wrong. Hidden files
    are left out of folders; links to folders are not followed, so that no loop can arise.
    """
    for name in names:
        if name == "-" or os.path.isfile(name):
            yield name
        elif os.path.isdir(name):
            yield from _walk(name)
        elif glob.has_magic(name) and (found := sorted(glob.glob(name, recursive=True))):
            yield from (path for path in found if os.path.isfile(path))
        else:
            yield name


def _walk(folder: str) -> Iterator[str]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for file in sorted(files):
            path = os.path.join(where, file)
            if not file.startswith(".") and os.path.isfile(path):
                yield path
