"""Reports joined into groups of copies (union-find): four bytes a report."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Groups:
    """Rows joined into groups; the root of a group is its least row."""

    def __init__(self, size: int) -> None:
        self.above = np.arange(size, dtype=np.int32 if size < 2**31 else np.int64)

    def root(self, row: int) -> int:
        above = self.above
        while above[row] != row:
            above[row] = above[above[row]]
            row = int(above[row])
        return row

    def join(self, first: int, second: int) -> None:
        one, other = sorted((self.root(first), self.root(second)))
        self.above[other] = one

    def is_root(self, start: int, stop: int) -> NDArray[np.bool_]:
        """Whether rows from `start` to `stop` are the least of their groups."""
        found: NDArray[np.bool_] = self.above[start:stop] == np.arange(start, stop, dtype=self.above.dtype)
        return found

    def copies(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows that are no roots, and the root of each."""
        rows = np.flatnonzero(~self.is_root(0, len(self.above)))
        roots: NDArray[Any] = self.above[rows]
        while True:
            higher = self.above[roots]
            if (higher == roots).all():
                return rows, roots.astype(np.int64)
            roots = higher
