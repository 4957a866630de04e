"""What decides the rows of a source: the version, and a digest of code, rules, model and the user's wish.

What is reckoned from those rows has digests of its own: where their code is another, the columns of the
user's list and the marks of copies are made anew, and no source is read for it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from extract.datafiles import digest_rules, read_words
from extract.errors import GongkaiError

_PACKAGE = Path(__file__).resolve().parent.parent
# What no report is read by: it carries files and rows about, or reckons with reports that were read.
NO_READING = frozenset(
    (
        *("agencies", "bulk", "commands", "data", "export", "learn", "quality", "similarity", "store"),
        *("tag", "web", "__main__.py", "cli.py", "components.py", "plots.py", "progress.py", "query.py"),
        *("show.py", "sources.py", "user_files.py"),
    )
)
# Of those what finds the files of a report, joins its annexes, and makes rows of it.
ROWS = (
    *("bulk/sources.py", "bulk/task.py", "bulk/work.py"),
    *("store/rows.py", "store/schema.py", "store/tables.py", "store/writing.py"),
)
JOINING = ("agencies/", "bulk/join.py", "user_files.py")  # what puts the columns of a list beside reports
LIKENESS = (  # what finds copies
    *("agencies/__init__.py", "bulk/columns.py", "bulk/dedup.py", "bulk/groups.py", "bulk/signing.py"),
    *("similarity/", "store/rows.py"),
)


def describe_reading(model: str | None, media_type: str | None) -> tuple[str, str]:
    """`Entry.version` and `Entry.settings` of what is read here and now."""
    from extract.classify import load_model
    from extract.classify.model import Model
    from extract.store.schema import digest_columns
    from extract.version import VERSION

    found = load_model(model)
    weights = found.meta["files"].get("weights.npz", "") if isinstance(found, Model) else ""
    settings = "\n".join([digest_code(), digest_columns(), digest_rules(), weights, media_type or ""])
    return f"{VERSION}+{found.name}", hashlib.sha256(settings.encode()).hexdigest()[:16]


@cache
def digest_code() -> str:
    """The same as long as no module that decides the rows of a report is another; 4 ms.

    Of the modules as they were when it was first asked for: a process goes on by what it has loaded then.
    """
    return _digest([*find_modules(), *ROWS])


@cache
def digest_joining() -> str:
    """The same as long as no module is another that joins the columns of a list."""
    return _digest(_list_modules(JOINING))


@cache
def digest_likeness() -> str:
    """The same as long as nothing is another by which copies are found: modules, names of places, words."""
    words = (read_words(name) for name in ("masking.toml", "places.tsv"))
    return _digest(_list_modules(LIKENESS), words)


def _digest(modules: Iterable[str], words: Iterable[str] = ()) -> str:
    found = hashlib.blake2b(digest_size=8)
    for name in modules:
        content = (_PACKAGE / name).read_bytes()
        found.update(f"{name} {len(content)}\n".encode())
        found.update(content)
    for text in words:
        found.update(text.encode())
    return found.hexdigest()


def _list_modules(names: Iterable[str]) -> list[str]:
    """The modules of folders (`similarity/`), and single ones."""
    return [module for name in names for module in (_list_folder(name) if name[-1] == "/" else [name])]


def _list_folder(folder: str) -> list[str]:
    names = sorted(os.listdir(_PACKAGE / folder))
    return [f"{folder.rstrip('/')}/{name}" for name in names if name.endswith(".py")]


def find_modules() -> list[str]:
    """The modules that a report is read by, as `read/pdf.py`, in order; none where no sources lie there."""
    found = []
    for name in sorted(set(os.listdir(_PACKAGE)) - NO_READING):
        if name.endswith(".py"):
            found.append(name)
        elif (_PACKAGE / name).is_dir():
            found += _list_folder(name)
    return found


@cache
def check_reading(model: str | None, media_type: str | None, asked: tuple[str, str]) -> None:
    """Raises `GongkaiError` where another machine would read otherwise than it is `asked` to."""
    here = describe_reading(model, media_type)
    if here != asked:
        import socket

        raise GongkaiError(
            f"the worker on {socket.gethostname()} reads as {here[0]} (rules {here[1][:6]}), the command as "
            f"{asked[0]} (rules {asked[1][:6]}): install the same gongkai everywhere, start the workers anew"
        )
