"""The key of a report, and what stands in the table `errors`."""

from __future__ import annotations

import hashlib

from extract.report import Report, Value


class Failure(Value, frozen=True, gc=False):
    """A source, or a member of an archive, that could not be read, and why."""

    path: str
    member: str | None
    reason: str
    version: str


def report_key(report: Report) -> str:
    """What joins the tables: the report's id, and eight digits that tell apart two copies of one file.

    The same on every run and machine where the path, as given, is the same.
    """
    place = f"{report.source.path}\0{report.source.member or ''}"
    digest = hashlib.sha256(place.encode("utf-8", "backslashreplace")).hexdigest()
    return f"{report.id}-{digest[:8]}"


def hash_text(text: str) -> int:
    """A number of 64 bits, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
