"""Whole processes, measured: CPU seconds and peak memory of a command, and ratios of pairs run in turn.

Bytecode is kept, in a folder of its own: an installed package has it, and some containers forbid to write it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

BYTECODE = os.path.join(tempfile.gettempdir(), f"gongkai-benchmarks-{os.getuid()}")


@dataclass(frozen=True, slots=True)
class Run:
    """CPU in seconds (user and system, with children), peak memory of the largest process in MiB."""

    cpu: float
    peak: float


def run(command: Sequence[str], stdin: str | None = None) -> Run:
    """Run a command with its output thrown away. Raises `RuntimeError` where it fails."""
    environment = os.environ | {"PYTHONPYCACHEPREFIX": BYTECODE, "PYTHONDONTWRITEBYTECODE": ""}
    with open(stdin or os.devnull, "rb") as given, open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, stdin=given, stdout=nowhere, stderr=nowhere, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)[:200]} ended with {process.returncode}")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def python(code: str, *arguments: str) -> list[str]:
    """The command that runs `code` with this interpreter."""
    return [sys.executable, "-c", code, *arguments]


def cpu_ratio(ours: Sequence[str], reference: Sequence[str], pairs: int = 5) -> tuple[float, float, float]:
    """Median of the CPU ratios of pairs run in turn, and the medians in seconds of either."""
    ratios, mine, theirs = [], [], []
    for _ in range(pairs):
        one, other = run(ours).cpu, run(reference).cpu
        ratios.append(one / other)
        mine.append(one)
        theirs.append(other)
    return statistics.median(ratios), statistics.median(mine), statistics.median(theirs)
