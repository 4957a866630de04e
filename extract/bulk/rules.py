"""What decides how a source is read: the version, and a digest of code, rules, model and the user's wish."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

from extract.datafiles import digest_rules
from extract.errors import GongkaiError

_PACKAGE = Path(__file__).resolve().parent.parent
# What no report is read by: it carries files and rows about, or reckons with reports that were read.
NO_READING = frozenset(
    (
        *("agencies", "bulk", "commands", "data", "export", "learn", "quality", "similarity", "store"),
        *("tag", "web", "__main__.py", "cli.py", "components.py", "plots.py", "progress.py", "query.py"),
        *("show.py", "sources.py"),
    )
)


def describe_reading(model: str | None, media_type: str | None) -> tuple[str, str]:
    """`Entry.version` and `Entry.settings` of what is read here and now."""
    from extract.classify import load_model
    from extract.classify.model import Model
    from extract.version import VERSION

    found = load_model(model)
    weights = found.meta["files"].get("weights.npz", "") if isinstance(found, Model) else ""
    settings = "\n".join([digest_code(), digest_rules(), weights, media_type or ""])
    return f"{VERSION}+{found.name}", hashlib.sha256(settings.encode()).hexdigest()[:16]


@cache
def digest_code() -> str:
    """The same as long as no module that a report is read by is another, whatever the version; 4 ms.

    Of the modules as they were when it was first asked for: a process goes on by what it has loaded then.
    """
    found = hashlib.blake2b(digest_size=8)
    for name in find_modules():
        content = (_PACKAGE / name).read_bytes()
        found.update(f"{name} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def find_modules() -> list[str]:
    """The modules that a report is read by, as `read/pdf.py`, in order; none where no sources lie there."""
    found = []
    for name in sorted(set(os.listdir(_PACKAGE)) - NO_READING):
        if name.endswith(".py"):
            found.append(name)
        elif (_PACKAGE / name).is_dir():
            found += [f"{name}/{one}" for one in sorted(os.listdir(_PACKAGE / name)) if one.endswith(".py")]
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
