"""Ctrl-C and a scheduler's SIGTERM taken at a safe moment: never while a part is being counted.

The first request is heeded when the work next asks for it; a second one ends the run at once, which costs no
more than what is not counted yet.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")
SIGNALS = (signal.SIGINT, signal.SIGTERM)
PATIENCE = 0.2  # seconds at most between two looks at `Stop.heed`


class Stop:
    """Whether somebody has asked the run to stop."""

    def __init__(self) -> None:
        self.asked = False

    def heed(self) -> None:
        """Raises `KeyboardInterrupt` where the run was asked to stop."""
        if self.asked:
            raise KeyboardInterrupt

    def during(self, steps: Iterable[T]) -> Iterator[T]:
        """The steps, as long as nobody asks to stop."""
        for step in steps:
            self.heed()
            yield step

    def _ask(self, number: int, frame: Any) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


@contextlib.contextmanager
def stoppable() -> Iterator[Stop]:
    """Within it, both signals only ask. Elsewhere than in the main thread nothing changes."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop._ask) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
