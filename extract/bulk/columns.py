"""Numbers of every report in temporary files, read a share at a time: memory does not grow with them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from extract.store.files import in_temporary_files

Numbers = NDArray[np.uint64]
Rows = NDArray[np.int64]
SHARE = 1 << 17  # values that are looked at side by side
BLOCK = 1 << 14  # rows read from a file in one go
_NEAR_BY = 1 << 10  # rows that are read in one go where one in 32 of them is asked for
_UPPER = np.uint64(32)


class Columns:
    """`names` with one 64-bit number for each of `count` rows, as files that go with `stack`."""

    def __init__(self, names: Sequence[str], count: int, stack: ExitStack) -> None:
        self.count = count
        self._file = open_spool(stack)
        self._at = {name: number * count * 8 for number, name in enumerate(names)}

    def put(self, name: str, start: int, values: Numbers) -> None:
        """Write the values of some rows, the first of which is `start`."""
        content = np.ascontiguousarray(values, dtype=np.uint64)
        write_at(self._file, content.tobytes(), self._at[name] + start * 8)

    def get(self, name: str, start: int, stop: int) -> Numbers:
        """The values of the rows from `start` to `stop`."""
        content = read_at(self._file, (stop - start) * 8, self._at[name] + start * 8)
        return np.frombuffer(content, dtype=np.uint64)

    def take(self, name: str, rows: Rows) -> Numbers:
        """The values of some rows that ascend."""
        found = [np.empty(0, np.uint64)]
        for start in range(0, self.count, BLOCK):
            first, last = np.searchsorted(rows, (start, start + BLOCK))
            if first < last:
                block = self.get(name, start, min(start + BLOCK, self.count))
                found.append(block[rows[first:last] - start])
        return np.concatenate(found)


class Table:
    """Rows of a NumPy type in a file that goes with `stack`, written in order and read by number."""

    def __init__(self, dtype: np.dtype[Any], stack: ExitStack) -> None:
        self.dtype = dtype
        self._file = open_spool(stack)
        self.count = 0

    def add(self, rows: NDArray[Any]) -> None:
        content = np.ascontiguousarray(rows, dtype=self.dtype)
        write_at(self._file, content.tobytes(), self.count * self.dtype.itemsize)
        self.count += len(rows)

    def take(self, rows: Rows) -> NDArray[Any]:
        """The rows of these numbers, in that order."""
        numbers, places = np.unique(rows, return_inverse=True)
        content = b"".join(self._read(numbers))
        found: NDArray[Any] = np.frombuffer(content, dtype=self.dtype)[places]
        return found

    def _read(self, numbers: Rows) -> Iterator[bytes]:
        """The bytes of rows that ascend: those that lie close together in one go."""
        for start in range(0, self.count if len(numbers) else 0, _NEAR_BY):
            own = numbers[np.searchsorted(numbers, start) : np.searchsorted(numbers, start + _NEAR_BY)]
            if len(own) > _NEAR_BY // 32:
                yield self.get(start, min(start + _NEAR_BY, self.count))[own - start].tobytes()
            else:
                yield from (self.get(number, number + 1).tobytes() for number in own.tolist())

    def get(self, start: int, stop: int) -> NDArray[Any]:
        """The rows from `start` to `stop`."""
        size = self.dtype.itemsize
        return np.frombuffer(read_at(self._file, (stop - start) * size, start * size), dtype=self.dtype)

    def blocks(self, length: int = BLOCK) -> Iterator[NDArray[Any]]:
        """All rows in order, some at a time."""
        for start in range(0, self.count, length):
            yield self.get(start, min(start + length, self.count))


def shares(count: int, values_of: Callable[[int, int], Numbers]) -> Iterator[tuple[Numbers, Rows]]:
    """The values of `count` rows with the numbers of their rows, a share at a time; zeros are left out.

    `values_of(start, stop)` gives those of some rows. Equal values come in one share; the values must be
    spread evenly (hashes) for the shares to be of one size.
    """
    many = -(-count // SHARE)
    for share in range(many):
        values, rows = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
        for start in range(0, count, BLOCK):
            found = values_of(start, min(start + BLOCK, count))
            own = (found >> _UPPER) * np.uint64(many) >> _UPPER
            kept = np.flatnonzero((own == np.uint64(share)) & (found != 0))
            values.append(found[kept])
            rows.append(kept + start)
        yield np.concatenate(values), np.concatenate(rows)


def open_spool(stack: ExitStack) -> IO[bytes]:
    """A temporary file that is gone when `stack` is left."""
    with in_temporary_files():
        spool: IO[bytes] = stack.enter_context(tempfile.TemporaryFile(prefix="gongkai-", buffering=0))  # noqa: SIM115
    return spool


def read_at(file: IO[bytes], length: int, start: int) -> bytes:
    """The bytes of a stretch of a file."""
    return os.pread(file.fileno(), length, start)


def write_at(file: IO[bytes], content: Any, start: int) -> None:
    """Put bytes into a temporary file, all of them. Raises `CannotWrite`."""
    view = memoryview(content)
    with in_temporary_files():
        while len(view):
            written = os.pwrite(file.fileno(), view, start)
            view, start = view[written:], start + written
