"""One document of a file or archive, as the readers hand it on."""

from __future__ import annotations

from typing import NamedTuple

from extract.errors import UnreadableFile
from extract.report import Document


class Member(NamedTuple):
    """A document of a file: its name inside an archive (None: the file itself), the hash of its bytes."""

    name: str | None
    sha256: str
    document: Document | UnreadableFile
