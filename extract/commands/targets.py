"""Where a command may write a file, never over its own input or into a dataset folder; and how a text is."""

from __future__ import annotations

import os
from pathlib import Path


def refuse_target(target: str, source: str | None = None, dataset: str | None = None) -> str | None:
    """Why `target` may not be written, in a line; None where it may.

    `source` is the file that is read, `-` standard input; `dataset` is a local folder that is read. Links
    and other spellings of a path are looked through: a file that is replaced while it is read is lost.
    """
    if source is not None and _same(source, target):
        return f"{target}: is the very file that is read: nothing was written; name another one"
    for folder in Path(os.path.realpath(target)).parents:
        if (dataset is not None and _same(dataset, str(folder))) or _is_dataset(folder):
            return f"{target}: lies inside the dataset {folder}: nothing was written; name a place outside it"
    return None


def write_text(target: str | Path, content: str) -> None:
    """Write a text file, lines ended as they are. Raises `CannotWrite` naming the path and why."""
    from extract.store.files import CannotWrite, explain

    try:
        Path(target).write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise CannotWrite(f"{target}: {explain(error)}") from error


def _same(one: str, other: str) -> bool:
    """Whether both are one file or folder, links followed; `-` is standard input."""
    try:
        return os.path.samestat(os.fstat(0) if one == "-" else os.stat(one), os.stat(other))
    except OSError:  # one of them is not there
        return False


def _is_dataset(folder: Path) -> bool:
    """Whether a folder is one that `gongkai parse -o` has written, or begun."""
    from extract.store.journal import FOLDER

    return (folder / FOLDER).is_dir()
