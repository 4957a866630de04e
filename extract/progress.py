"""A progress bar on standard error for work that takes long, and nothing where no person is looking."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
FEW = 20  # below this many steps a bar only flickers


def track(steps: Sequence[T], what: str) -> Iterator[T]:
    """The steps, one by one, with a bar where standard error is a terminal and there are more than a few."""
    if len(steps) <= FEW or not sys.stderr.isatty():
        yield from steps
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield from progress.track(steps, description=what)
