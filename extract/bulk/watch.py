"""How a long run is coming along, on standard error: a bar for a person, now and then a line for a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

EVERY = 30.0  # seconds between the lines of a log


class Watch:
    """Counts sources done and errors; rate and time left are told of this run alone.

    `doing` is what is done to them, `what` what they are.
    """

    def __init__(self, total: int, doing: str = "parsing", what: str = "sources") -> None:
        self.total, self.done, self.errors = total, 0, 0
        self._doing, self._what = doing, what
        self._began = self._said = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Watch:
        if sys.stderr.isatty() and self.total:
            self._bar = _make_bar()
            self._task = self._bar.add_task(self._doing, total=self.total, rate="", errors=0)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    @property
    def rate(self) -> float:
        """Sources a second since the run began."""
        return self.done / max(time.monotonic() - self._began, 1e-6)

    def add(self, sources: int, errors: int) -> None:
        """So many more sources are done, and so many more errors met."""
        self.done += sources
        self.errors += errors
        if self._bar is not None:
            rate = f"{self.rate:,.0f}/s"
            self._bar.update(self._task, completed=self.done, rate=rate, errors=self.errors)
        elif time.monotonic() - self._said > EVERY:
            self._said = time.monotonic()
            self.say(f"gongkai: {self.tell()}")

    def say(self, line: str) -> None:
        """A line on standard error, above the bar where there is one."""
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr, flush=True)

    def tell(self) -> str:
        """The state in one line."""
        left = max(self.total - self.done, 0) / self.rate if self.done else 0.0
        total = max(self.total, self.done)  # what is read again by wish was not counted ahead
        return (
            f"{self.done:,} of {total:,} {self._what}, {self.rate:,.0f} a second, {_show(left)} left, "
            f"{self.errors:,} errors"
        )


def _show(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def _make_bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[errors]} errors"),
        console=Console(stderr=True),
        transient=True,
    )
