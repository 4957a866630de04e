"""What decides how a source is read: the version, and a digest of rules, model and the user's wish."""

from __future__ import annotations

import hashlib
from functools import cache

from extract.datafiles import digest_rules
from extract.errors import GongkaiError


def describe_reading(model: str | None, media_type: str | None) -> tuple[str, str]:
    """`Entry.version` and `Entry.settings` of what is read here and now."""
    from extract.classify import load_model
    from extract.classify.model import Model
    from extract.version import VERSION

    found = load_model(model)
    weights = found.meta["files"].get("weights.npz", "") if isinstance(found, Model) else ""
    settings = "\n".join([digest_rules(), weights, media_type or ""])
    return f"{VERSION}+{found.name}", hashlib.sha256(settings.encode()).hexdigest()[:16]


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
