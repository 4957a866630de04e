"""What the comparisons need of one part of a dataset, kept on disk while `gongkai quality` runs.

A part's reports are read once; their signatures, shingles, words and a slim form of each stay in
files that are read where they are wanted, so that memory holds no more than one group at a time.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from extract.quality.peers import report_shingles, report_words
from extract.report import Report
from extract.similarity.minhash import Signature, signatures
from extract.similarity.shingles import Hashes
from extract.similarity.words import UnitWords

# Cells that two years are compared by.
_KEPT_CELLS = ("requests.carried_", "proactive.")
_ENDS = ("shingle_ends", "word_ends", "unit_ends", "slim_ends")


def slim(report: Report) -> Report:
    """The report with its units and the cells that two years are compared by, without all else."""
    cells = tuple(cell for cell in report.cells if cell.id.startswith(_KEPT_CELLS))
    nothing = {"sections": (), "platforms": (), "figures": (), "findings": (), "omitted": ()}
    return replace(report, text="", cells=cells, **nothing)


def write_shard(folder: Path, name: str, reports: Sequence[Report]) -> None:
    """Put what the comparisons need of some reports into files of the folder."""
    shingles = [report_shingles(report) for report in reports]
    words = [report_words(report) for report in reports]
    records = [zlib.compress(msgspec.msgpack.encode(slim(report)), 1) for report in reports]
    contents: dict[str, np.ndarray] = {
        "signatures": signatures(shingles),
        "shingles": _joined(shingles),
        "shingle_ends": _ends(map(len, shingles)),
        "words": _joined([one.codes for one in words]),
        "word_ends": _ends(len(one.codes) for one in words),
        "unit_words": np.concatenate([np.empty(0, np.int64), *(np.diff(one.ends) for one in words)]),
        "unit_ends": _ends(len(report.units) for report in reports),
        "lengths": np.array([len(unit.text) for report in reports for unit in report.units], dtype=np.int32),
        "slim": np.frombuffer(b"".join(records), dtype=np.uint8),
        "slim_ends": _ends(map(len, records)),
    }
    for kind, content in contents.items():
        np.save(folder / f"{name}.{kind}.npy", content)


def _joined(arrays: Sequence[Hashes]) -> Hashes:
    return np.concatenate(arrays) if arrays else np.empty(0, dtype=np.uint64)


def _ends(lengths: Iterable[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *lengths], dtype=np.int64)


class Shard:
    """The files of one part; rows are its reports in order."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name

    def _load(self, kind: str) -> np.ndarray:
        path = self.folder / f"{self.name}.{kind}.npy"
        loaded: np.ndarray = np.load(path, mmap_mode="r") if path.stat().st_size > 128 else np.load(path)
        return loaded

    @cached_property
    def _ends(self) -> dict[str, np.ndarray]:
        return {kind: self._load(kind) for kind in _ENDS}

    @cached_property
    def signatures(self) -> Signature:
        """Shape (reports, 128)."""
        return self._load("signatures")

    @cached_property
    def _shingles(self) -> Hashes:
        return self._load("shingles")

    @cached_property
    def _words(self) -> Hashes:
        return self._load("words")

    @cached_property
    def _unit_words(self) -> np.ndarray:
        return self._load("unit_words")

    @cached_property
    def _lengths(self) -> np.ndarray:
        return self._load("lengths")

    @cached_property
    def _slim(self) -> np.ndarray:
        return self._load("slim")

    def shingles(self, row: int) -> Hashes:
        """The shingles of one report."""
        return self._slice(self._shingles, "shingle_ends", row)

    def words(self, row: int) -> UnitWords:
        """The masked words of each unit of one report."""
        first, last = self._units(row)
        ends = np.concatenate([[0], np.cumsum(self._unit_words[first:last])]).astype(np.int64)
        return UnitWords(np.asarray(self._slice(self._words, "word_ends", row)), ends)

    def lengths(self, row: int) -> list[int]:
        """The characters of each unit of one report."""
        first, last = self._units(row)
        lengths: list[int] = self._lengths[first:last].tolist()
        return lengths

    def report(self, row: int) -> Report:
        """The slim form of one report."""
        return msgspec.msgpack.decode(
            zlib.decompress(self._slice(self._slim, "slim_ends", row).tobytes()), type=Report
        )

    def _units(self, row: int) -> tuple[int, int]:
        ends = self._ends["unit_ends"]
        return int(ends[row]), int(ends[row + 1])

    def _slice(self, flat: np.ndarray, ends: str, row: int) -> np.ndarray:
        bounds = self._ends[ends]
        part: np.ndarray = flat[bounds[row] : bounds[row + 1]]
        return part
