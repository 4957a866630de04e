"""What is too large to be a report: all readers refuse it in the same words."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from contextlib import contextmanager

from extract.errors import UnreadableFile


class TableTooLarge(Exception):
    """A table beyond what any report has; says how large it is."""


def check_length(data: Sized, limit: int, what: str, path: str) -> None:
    """Raises `UnreadableFile` where a file has more bytes than one of its kind may have."""
    if len(data) > limit:
        raise UnreadableFile(path, f"{len(data):,} bytes are more than the {limit:,} of {what}")


@contextmanager
def within_bounds(path: str) -> Iterator[None]:
    """Says of what is read in it that it is too large or nested too deep. Raises `UnreadableFile`."""
    try:
        yield
    except TableTooLarge as error:
        raise UnreadableFile(path, f"holds {error}: no report has such a table") from error
    except RecursionError as error:
        raise UnreadableFile(path, "its elements are nested deeper than any report's") from error
