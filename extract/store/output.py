"""Where a dataset may be written: a new folder, an empty one, or one that is a dataset already."""

from __future__ import annotations

import os

from extract.errors import GongkaiError
from extract.store.files import CannotWrite, Place, explain
from extract.store.journal import FOLDER


def open_output(out: str | os.PathLike[str]) -> Place:
    """The place to write to. Raises `CannotWrite` where it is a file, holds files of others, or is no place.

    Nothing is written by that. Hidden files are nobody's; a folder of which a run was killed is a dataset.
    """
    try:
        place = Place(out)
        names = _list(place)
    except (GongkaiError, KeyboardInterrupt):
        raise
    except Exception as error:  # every file system has its own: no package, no credentials, no bucket
        raise CannotWrite(f"{os.fspath(out)}: {explain_place(error)}") from error
    shown = sorted(name for name in names if not name.startswith("."))
    if shown and FOLDER not in shown:
        named = ", ".join(shown[:3]) + (" …" if len(shown) > 3 else "")
        raise CannotWrite(
            f"{place.url}: is no dataset of gongkai, and not empty ({named}): nothing was written; "
            "name a new folder, or an empty one"
        )
    return place


def _list(place: Place) -> list[str]:
    """The names in a folder, none where it is not there."""
    if place.local:
        if not os.path.lexists(place.root):
            return []
        if not os.path.isdir(place.root):
            raise CannotWrite(
                f"{place.url}: is a file: -o takes a folder, which is made where it is not there"
            )
        return os.listdir(place.root)
    try:
        found = place.fs.ls(place.root, detail=False)
    except FileNotFoundError:
        return []
    return [str(path).rstrip("/").rpartition("/")[2] for path in found if str(path).rstrip("/") != place.root]


def explain_place(error: Exception) -> str:
    """Why a place, near or far, cannot be used, and what to do where something can be done."""
    said = explain(error) if isinstance(error, OSError) else str(error)
    said = " ".join(said.split()) or type(error).__name__
    if "redential" in said:
        return (
            f"{said}: set the credentials of the storage in the environment, then run the same command again"
        )
    return said
