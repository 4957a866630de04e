"""Linear time, as a ratio of processor time in one run: no clock, no machine's speed, no neighbour's load."""

from __future__ import annotations

import time
from collections.abc import Callable

NOTHING = 0.3  # seconds of processor time that say nothing either way


def assert_linear(prepare: Callable[[int], Callable[[], object]], length: int) -> None:
    """Four times the input takes about four times as long, ten times at most.

    `prepare` makes what is measured ready for an input of some length; squared time would take sixteen times.
    """
    short, long = (_spend(prepare(size)) for size in (length // 4, length))
    assert long < max(10 * short, NOTHING)


def _spend(work: Callable[[], object]) -> float:
    """The least processor time of three goes."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
        if spent[-1] < NOTHING / 10:
            break
    return min(spent)
