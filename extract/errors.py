"""The exceptions that a caller of the package may meet."""

from __future__ import annotations


class GongkaiError(Exception):
    """Any failure that this package foresees."""


class UnreadableFile(GongkaiError):
    """A source that cannot be read, or that holds no such report.

    `path` names the source as the caller named it; `reason` says what is wrong and, where there is something
    to do about it, what to do.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[type[UnreadableFile], tuple[str, str]]:
        return (UnreadableFile, (self.path, self.reason))


class NotAReport(UnreadableFile):
    """A text that was read but is no annual report on information disclosure."""

    def __reduce__(self) -> tuple[type[NotAReport], tuple[str, str]]:
        return (NotAReport, (self.path, self.reason))


def blame_program(path: str, error: Exception) -> UnreadableFile:
    """An error that no file should cause, as what is said of the file that did: a batch goes on past it."""
    fault = f"a fault of this program, please report it: {type(error).__name__}: {error}"
    return UnreadableFile(path, fault[:500])


class BadData(GongkaiError):
    """A data file or model of the package itself, or of the user, that breaks its schema."""
