"""The same report twice: marked in OUT/duplicates.parquet, never dropped.

Twice the same file, twice the same text (white space aside), or nearly: reports of one agency and year, where
both are known, whose narratives with names and numbers made alike share nine tenths of their runs of eight
characters. Signatures are kept beside the journal, a file a part, so that a run pays for its own parts only.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from typing import IO, Any, NamedTuple

import numpy as np

from extract.agencies import normalised_agency
from extract.bulk.known import hash_text
from extract.similarity import candidates, jaccard, masked, shingle_hashes, signatures
from extract.similarity.shingles import Hashes
from extract.store.journal import DUPLICATES, FOLDER
from extract.store.reading import Part, Store

NEAR = 0.9  # share of common runs from which two reports are taken for one
HOW = ("same_file", "same_text", "near")
_SIGNED = f"{FOLDER}/signatures"
_HELD = 200_000  # rows held in memory; beyond, they lie in a temporary file
_OFFICE = re.compile(r"(?:人民)?政府$|办事处$|办公室$")
_ROW = np.dtype(
    [
        ("key", "S32"),
        ("file", "<u8"),
        ("text", "<u8"),
        ("agency", "<u8"),
        ("year", "<i4"),
        ("signature", "<u4", (128,)),
    ],
    align=True,
)
Rows = np.ndarray[Any, np.dtype[Any]]


class _Narrative(NamedTuple):
    """A report as far as it is compared."""

    key: str
    file: str
    text: str
    agency: str | None
    year: int | None
    narrative: str

    def masked(self) -> str:
        """Without regard to the agency, which one copy may name where the other does not."""
        return masked(self.narrative, None)


class Duplicate(NamedTuple):
    """A report that is there already; `how` as in HOW, `similarity` 0 to 1."""

    report_key: str
    duplicate_of: str
    how: str
    similarity: float


def mark_duplicates(path: str) -> int:
    """Write the duplicates of a dataset beside its tables; how many there are."""
    import pyarrow as pa

    from extract.store.writing import encode_parquet

    store = Store(path)
    found = find_duplicates(store)
    types = (pa.string(), pa.string(), pa.string(), pa.float64())
    columns = [pa.array([one[place] for one in found], type=type_) for place, type_ in enumerate(types)]
    store.place.write(DUPLICATES, encode_parquet(pa.table(columns, names=list(Duplicate._fields))))
    return len(found)


def find_duplicates(store: Store) -> list[Duplicate]:
    """Every report that is there already, by its key; the one with the least key of a group is none."""
    with ExitStack() as stack:
        rows = _sign_all(store, stack)
        groups = _Groups(len(rows))
        for how in ("file", "text"):
            groups.join_equal(rows[how])
        likeness = _join_near(store, rows, groups, stack)
        return _describe(rows, groups, likeness)


# ---- signatures ------------------------------------------------------------------------------------------


def _sign_all(store: Store, stack: ExitStack) -> Rows:
    """A row for each report; signatures that are missing are made and kept."""
    parts = {part.id: part for part in store.parts()}
    for name in list(store.place.files(_SIGNED)):
        if name.rpartition("/")[2].removesuffix(".npy") not in parts:
            store.place.remove(name)
    kept = set(store.place.files(_SIGNED))
    rows = _make_array(sum(part.reports for part in parts.values()), _ROW, stack)
    at = 0
    for part in parts.values():
        piece = _load(store, part, kept)
        rows[at : at + len(piece)] = piece
        at += len(piece)
    return rows


def _load(store: Store, part: Part, kept: set[str]) -> Rows:
    name = f"{_SIGNED}/{part.id}.npy"
    if name in kept:
        found: Rows = np.load(io.BytesIO(store.place.read(name)), allow_pickle=False)
        if found.dtype == _ROW:
            return found
    rows = _sign(_read(store, part))
    content = io.BytesIO()
    np.save(content, rows, allow_pickle=False)
    store.place.write(name, content.getvalue())
    return rows


def _sign(reports: Iterable[_Narrative]) -> Rows:
    found = list(reports)
    rows = np.zeros(len(found), dtype=_ROW)
    rows["key"] = [one.key.encode() for one in found]
    rows["file"] = [int(one.file[:16], 16) for one in found]
    rows["text"] = [hash_text("".join(one.text.split())) for one in found]
    rows["agency"] = [_hash_agency(one.agency) for one in found]
    rows["year"] = [one.year or 0 for one in found]
    rows["signature"] = signatures([shingle_hashes(one.masked()) for one in found])
    return rows


def _read(store: Store, part: Part, keys: frozenset[str] | None = None) -> Iterator[_Narrative]:
    """The reports of a part, only those of `keys` where given."""
    heads = store.part_table(part, "reports", ["report_key", "sha256", "text", "agency", "year", "n_units"])
    units = store.part_table(part, "units", ["text"]).column("text").to_pylist()
    at = 0
    for row in heads.to_pylist():
        end = at + row["n_units"]
        if keys is None or row["report_key"] in keys:
            narrative = "\n".join(units[at:end]) or row["text"]
            yield _Narrative(
                row["report_key"], row["sha256"], row["text"], row["agency"], row["year"], narrative
            )
        at = end


def _hash_agency(name: str | None) -> int:
    """0 where it is not known; the same with and without the office in the name."""
    bare = normalised_agency(name or "")
    return hash_text(_OFFICE.sub("", bare) or bare) if bare else 0


def _make_array(length: int, dtype: Any, stack: ExitStack, width: tuple[int, ...] = ()) -> Rows:
    if length <= _HELD:
        return np.zeros((length, *width), dtype=dtype)
    return np.memmap(_open_spool(stack), dtype=dtype, mode="w+", shape=(length, *width))


def _open_spool(stack: ExitStack) -> IO[bytes]:
    """A temporary file that is gone when `stack` is left."""
    spool: IO[bytes] = stack.enter_context(tempfile.TemporaryFile(prefix="gongkai-"))  # noqa: SIM115
    return spool


# ---- groups ----------------------------------------------------------------------------------------------


class _Groups:
    """Rows joined into groups (union-find); the root of a group is its least row."""

    def __init__(self, size: int) -> None:
        self.above = np.arange(size)

    def root(self, row: int) -> int:
        while self.above[row] != row:
            self.above[row] = self.above[self.above[row]]
            row = int(self.above[row])
        return row

    def join(self, first: int, second: int) -> None:
        one, other = sorted((self.root(first), self.root(second)))
        self.above[other] = one

    def join_equal(self, values: Rows) -> None:
        """Rows with equal values are one group."""
        order = np.argsort(values, kind="stable")
        same = np.flatnonzero(values[order][1:] == values[order][:-1])
        for place in same.tolist():
            self.join(int(order[place]), int(order[place + 1]))


def _join_near(store: Store, rows: Rows, groups: _Groups, stack: ExitStack) -> dict[int, float]:
    """Join groups that are nearly the same; the similarity of each row that was found so."""
    roots = np.array([row for row in range(len(rows)) if groups.root(row) == row], dtype=np.int64)
    # Copies stand side by side: of many texts that are alike, each is compared with its neighbours only.
    order = roots[np.lexsort((rows["key"][roots], rows["year"][roots], rows["agency"][roots]))]
    matrix = _make_array(len(order), np.uint32, stack, (128,))
    for start in range(0, len(order), 4096):
        matrix[start : start + 4096] = rows["signature"][order[start : start + 4096]]
    pairs = [
        pair for pair in candidates(order.tolist(), matrix, NEAR) if _may_be_one(rows[pair[0]], rows[pair[1]])
    ]
    likeness: dict[int, float] = {}
    for (first, second), share in zip(pairs, _compare(store, rows, pairs, stack), strict=True):
        if share >= NEAR:
            groups.join(first, second)
            for row in (first, second):
                likeness[row] = max(likeness.get(row, 0.0), share)
    return likeness


def _may_be_one(first: Any, second: Any) -> bool:
    """Whether two reports are of one agency and year as far as both are known."""
    return all(
        first[name] == second[name] or not first[name] or not second[name] for name in ("agency", "year")
    )


def _compare(store: Store, rows: Rows, pairs: Sequence[tuple[int, int]], stack: ExitStack) -> Iterator[float]:
    """The exact similarity of each pair, from texts that wait in a temporary file."""
    wanted = {rows["key"][row].decode(): row for pair in pairs for row in pair}
    spool = _open_spool(stack)
    places: dict[int, tuple[int, int]] = {}
    for part in store.parts() if wanted else ():
        for one in _read(store, part, frozenset(wanted)):
            content = one.masked().encode()
            places[wanted[one.key]] = (spool.tell(), len(content))
            spool.write(content)
    read = lru_cache(maxsize=256)(lambda row: _read_back(spool, *places[row]))
    for first, second in pairs:
        yield jaccard(read(first), read(second))


def _read_back(spool: IO[bytes], start: int, length: int) -> Hashes:
    spool.seek(start)
    return shingle_hashes(spool.read(length).decode())


def _describe(rows: Rows, groups: _Groups, likeness: dict[int, float]) -> list[Duplicate]:
    """The members of each group beside its first: the one with the least key."""
    members: dict[int, list[int]] = {}
    for row in range(len(rows)):
        root = groups.root(row)
        if root != row:
            members.setdefault(root, [root]).append(row)
    found = []
    for group in members.values():
        first, *others = sorted(group, key=lambda row: bytes(rows["key"][row]))
        for row in others:
            how = next((how for how in ("file", "text") if rows[how][row] == rows[how][first]), "near")
            share = likeness.get(row, likeness.get(groups.root(row), 1.0)) if how == "near" else 1.0
            name = how if how == "near" else f"same_{how}"
            found.append(Duplicate(rows["key"][row].decode(), rows["key"][first].decode(), name, share))
    return sorted(found)
