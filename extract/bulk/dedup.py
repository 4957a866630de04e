"""The same report twice: marked in OUT/duplicates.parquet, never dropped.

Twice the same file, twice the same text (white space aside), or nearly: reports of one agency and year, where
both are known, whose narratives with names and numbers made alike share nine tenths of their runs of eight
characters. What is known of each report lies in temporary files that are passed through band by band
(`extract.similarity.minhash`), so that memory hardly grows with their number: five bytes a report, and some
hundred a copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extract.bulk.columns import Columns, Numbers, Rows, Table, open_spool, read_at, shares, write_at
from extract.bulk.groups import Groups
from extract.bulk.rules import digest_likeness
from extract.bulk.signing import load_signed, read_narratives
from extract.similarity import estimate, jaccard, shingle_hashes, signature
from extract.similarity.minhash import PERMUTATIONS, buckets_of, pairs_in_buckets, rows_per_band
from extract.similarity.shingles import Hashes, mix
from extract.store.files import Place
from extract.store.journal import DUPLICATES, FOUND_BY
from extract.store.reading import Store

if TYPE_CHECKING:
    import pyarrow as pa

NEAR = 0.9  # share of common runs from which two reports are taken for one
WIDTH = rows_per_band(NEAR)
BANDS = tuple(f"band {number}" for number in range(PERMUTATIONS // WIDTH))
# A pair is compared where its estimate is within three standard deviations of what it is asked for.
SLACK = 3 * (NEAR * (1 - NEAR) / PERMUTATIONS) ** 0.5
PAIRS = 4096  # pairs that are compared side by side
_WAITING = 50_000  # pairs that wait to be joined by their likeness
_HELD = 256  # reports whose hashes are held while they are compared, some ten KiB each
_HEAD = np.dtype([("key", "S32"), ("file", "<u8"), ("text", "<u8"), ("agency", "<u8"), ("year", "<i4")])
_HALF = np.uint64(32)
_SIGNED = np.dtype([("signature", "<u4", (PERMUTATIONS,))])


class Duplicate(NamedTuple):
    """A report that is there already; `how`: same_file, same_text or near; `similarity` 0 to 1."""

    report_key: str
    duplicate_of: str
    how: str
    similarity: float


def mark_duplicates(path: str) -> int:
    """Write the duplicates of a dataset, and by what they were found, beside it; how many there are."""
    from extract.store.writing import encode_parquet

    place = Place(path)
    found = _find(place)
    place.write(DUPLICATES, encode_parquet(found))
    place.write(FOUND_BY, digest_likeness().encode())
    return len(found)


def find_duplicates(store: Store) -> list[Duplicate]:
    """Every report that is there already, by its key; the one with the least key of a group is none."""
    return [Duplicate(**row) for row in _find(store.place).to_pylist()]


def _find(place: Place) -> pa.Table:
    with ExitStack() as stack:
        reports = _Reports(place, stack)
        groups = Groups(reports.count)
        for name in ("file", "text"):
            _join_equal(reports, groups, name)
        candidates = _Pairs(stack)
        for band in BANDS:
            _pair_known(reports, groups, band, candidates)
            _pair_unknown(reports, groups, band, candidates)
        chosen, wanted = _choose(reports, candidates, stack)
        texts = _Texts(reports, wanted, stack)
        _join_near(reports, groups, chosen, texts)
        return _describe(reports, groups, texts)


class _Reports:
    """What is known of each report, in files: `heads`, `signatures`, and in `columns` what is compared.

    `whose`: of agency and year, 0 where one is not known. `rank`: an order in which reports of one wording
    stand side by side, the same however they lie in parts. A band is 0 where there is no narrative.
    """

    def __init__(self, place: Place, stack: ExitStack) -> None:
        self.place = place
        self.heads, self.signatures = Table(_HEAD, stack), Table(_SIGNED, stack)
        self.parts: list[tuple[str, int, int]] = []  # the numbers of its reports: from, to
        self.unknown = 0  # how many do not say their agency or year
        for part, rows in load_signed(place):
            self.parts.append((part, self.heads.count, self.heads.count + len(rows)))
            self._add(rows)
        self.count = self.heads.count
        self.columns = Columns(("file", "text", "whose", "rank", *BANDS), self.count, stack)
        start = 0
        for heads, signed in zip(self.heads.blocks(), self.signatures.blocks(), strict=True):
            self._put(start, heads, signed["signature"])
            start += len(heads)

    def _add(self, rows: NDArray[Any]) -> None:
        heads = np.empty(len(rows), dtype=_HEAD)
        for name in _HEAD.names or ():
            heads[name] = rows[name]
        self.heads.add(heads)
        self.signatures.add(rows[["signature"]].astype(_SIGNED))

    def _put(self, start: int, heads: NDArray[Any], matrix: NDArray[np.uint32]) -> None:
        known = (heads["agency"] != 0) & (heads["year"] != 0)
        self.unknown += int(np.count_nonzero(~known))
        whose = np.where(known, mix(heads["agency"] + heads["year"].astype(np.uint64)), np.uint64(0))
        keys = np.ascontiguousarray(heads["key"]).view("<u4").reshape(len(heads), -1)
        order = buckets_of(matrix) & ~np.uint64(0xFFFFFFFF) | buckets_of(keys) >> np.uint64(32)
        told = (matrix != _nothing()).any(axis=1)
        for name, values in (("file", heads["file"]), ("text", heads["text"]), ("whose", whose)):
            self.columns.put(name, start, values)
        self.columns.put("rank", start, order)
        for number, name in enumerate(BANDS):
            band = buckets_of(matrix[:, number * WIDTH : (number + 1) * WIDTH])
            self.columns.put(name, start, np.where(told, band, np.uint64(0)))

    def are_known(self, rows: Rows) -> NDArray[np.bool_]:
        """Whether reports say both their agency and their year."""
        heads = self.heads.take(rows)
        found: NDArray[np.bool_] = (heads["agency"] != 0) & (heads["year"] != 0)
        return found

    def whose(self, row: int) -> dict[str, int]:
        """The agency (as a hash) and year of a report, 0 where it does not say them."""
        (head,) = self.heads.get(row, row + 1)
        return {name: int(head[name]) for name in ("agency", "year")}


@lru_cache(maxsize=1)
def _nothing() -> NDArray[np.uint32]:
    """The signature of a report without narrative, which is no copy of another such."""
    return signature(np.empty(0, dtype=np.uint64))


class _Pairs:
    """Pairs of rows in a file, each as one number: the lesser row in the upper half."""

    def __init__(self, stack: ExitStack) -> None:
        self._table = Table(np.dtype("<u8"), stack)

    def add(self, first: Rows, second: Rows) -> None:
        low, high = np.minimum(first, second), np.maximum(first, second)
        self._table.add(low.astype(np.uint64) << _HALF | high.astype(np.uint64))

    def distinct(self) -> Iterator[tuple[Rows, Rows]]:
        """Every pair once, some thousand at a time; those of one first row follow each other."""
        firsts = lambda start, stop: mix((self._table.get(start, stop) >> _HALF) + np.uint64(1))  # noqa: E731
        for _, places in shares(self._table.count, firsts):
            found = np.unique(self._table.take(places))
            for start in range(0, len(found), PAIRS):
                yield _unpack(found[start : start + PAIRS])

    def blocks(self) -> Iterator[tuple[Rows, Rows]]:
        """The pairs as they were added, some thousand at a time."""
        return map(_unpack, self._table.blocks(PAIRS))


def _unpack(pairs: Numbers) -> tuple[Rows, Rows]:
    return (pairs >> _HALF).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


# ---- who may be a copy of whom ---------------------------------------------------------------------------


def _join_equal(reports: _Reports, groups: Groups, name: str) -> None:
    """Reports with equal values in a column are one group."""
    for values, rows in shares(reports.count, lambda start, stop: reports.columns.get(name, start, stop)):
        order = np.argsort(values, kind="stable")
        same = np.flatnonzero(values[order][1:] == values[order][:-1])
        for first, second in zip(rows[order[same]].tolist(), rows[order[same + 1]].tolist(), strict=True):
            groups.join(first, second)


def _pair_known(reports: _Reports, groups: Groups, band: str, found: _Pairs) -> None:
    """Reports of one agency and year, both known, with one band."""

    def values_of(start: int, stop: int) -> Numbers:
        band_, whose = (reports.columns.get(name, start, stop) for name in (band, "whose"))
        asked = groups.is_root(start, stop) & (band_ != 0) & (whose != 0)
        return np.where(asked, mix(band_ ^ whose), np.uint64(0))

    for values, rows in shares(reports.count, values_of):
        order = np.argsort(reports.columns.take("rank", rows), kind="stable")
        for first, second in pairs_in_buckets(values[order]):
            found.add(rows[order[first]], rows[order[second]])


def _pair_unknown(reports: _Reports, groups: Groups, band: str, found: _Pairs) -> None:
    """Reports with one band, of which one does not say its agency or its year."""
    if not reports.unknown:
        return

    def values_of(start: int, stop: int) -> Numbers:
        return np.where(groups.is_root(start, stop), reports.columns.get(band, start, stop), np.uint64(0))

    for values, rows in shares(reports.count, values_of):
        unknown = reports.columns.take("whose", rows) == 0
        beside = np.isin(values, values[unknown])
        values, rows, unknown = values[beside], rows[beside], unknown[beside]
        order = np.argsort(reports.columns.take("rank", rows), kind="stable")
        values, rows, unknown = values[order], rows[order], unknown[order]
        heads = reports.heads.take(rows)[["agency", "year"]]
        for first, second in pairs_in_buckets(values):
            asked = (unknown[first] | unknown[second]) & _may_be_one(heads[first], heads[second])
            found.add(rows[first[asked]], rows[second[asked]])


def _may_be_one(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether reports are of one agency and year as far as both are known."""
    found = np.ones(len(first), dtype=np.bool_)
    for name in ("agency", "year"):
        found &= (first[name] == second[name]) | (first[name] == 0) | (second[name] == 0)
    return found


# ---- who is one ------------------------------------------------------------------------------------------


def _choose(reports: _Reports, candidates: _Pairs, stack: ExitStack) -> tuple[_Pairs, NDArray[np.bool_]]:
    """The candidates whose signatures are alike enough, and which rows they are of."""
    chosen = _Pairs(stack)
    wanted = np.zeros(reports.count, dtype=np.bool_)
    for first, second in candidates.distinct():
        one, other = (reports.signatures.take(rows)["signature"] for rows in (first, second))
        near = estimate(one, other) >= NEAR - SLACK
        chosen.add(first[near], second[near])
        wanted[first[near]] = wanted[second[near]] = True
    return chosen, wanted


def _join_near(reports: _Reports, groups: Groups, chosen: _Pairs, texts: _Texts) -> None:
    """Join groups that are nearly the same.

    Those who say whose they are first. One that does not joins the group that it is most like, and by way of
    it never two that are not of one agency and year.
    """
    alike: list[tuple[float, int, int]] = []
    for first, second in chosen.blocks():
        known = reports.are_known(first) & reports.are_known(second)
        for one, other, both in zip(first.tolist(), second.tolist(), known.tolist(), strict=True):
            if groups.root(one) == groups.root(other):
                continue
            likeness = texts.compare(one, other)
            if likeness >= NEAR and both:
                groups.join(one, other)
            elif likeness >= NEAR:
                alike.append((likeness, one, other))
        if len(alike) > _WAITING:
            _join_unknown(reports, groups, alike)
            alike.clear()
    _join_unknown(reports, groups, alike)


def _join_unknown(reports: _Reports, groups: Groups, alike: list[tuple[float, int, int]]) -> None:
    """Join pairs, given with their likeness, of which one does not say whose it is: the most alike first."""
    first, second = (np.array([pair[place] for pair in alike], dtype=np.int64) for place in (1, 2))
    keys = np.sort(np.stack([reports.heads.take(rows)["key"] for rows in (first, second)]), axis=0)
    told: dict[int, dict[str, int]] = {}  # by the root of a group, where its members say more than the root
    for place in np.lexsort((keys[1], keys[0], [-pair[0] for pair in alike])).tolist():
        roots = [groups.root(row) for row in alike[place][1:]]
        one, other = (told.get(root) or reports.whose(root) for root in roots)
        if all(one[name] == other[name] or not one[name] or not other[name] for name in one):
            groups.join(*roots)
            told[min(roots)] = {name: one[name] or other[name] for name in one}


class _Texts:
    """The wanted reports, each as the hashes of its runs of characters, in a file."""

    def __init__(self, reports: _Reports, wanted: NDArray[np.bool_], stack: ExitStack) -> None:
        self._file = open_spool(stack)
        self._rows = np.flatnonzero(wanted)
        self._starts = np.zeros(len(self._rows) + 1, dtype=np.int64)
        self._read = lru_cache(maxsize=_HELD)(self._read_back)
        at = 0
        for part, start, stop in reports.parts:
            own = set(np.flatnonzero(wanted[start:stop]).tolist())
            for one in read_narratives(reports.place, part, own) if own else ():
                content = shingle_hashes(one.masked()).tobytes()
                write_at(self._file, content, int(self._starts[at]))
                self._starts[at + 1] = self._starts[at] + len(content)
                at += 1

    def compare(self, first: int, second: int) -> float:
        """How like two wanted reports are, exactly."""
        return jaccard(self._read(first), self._read(second))

    def hold(self, row: int) -> bool:
        """Whether a report is among the wanted."""
        place = int(np.searchsorted(self._rows, row))
        return place < len(self._rows) and int(self._rows[place]) == row

    def _read_back(self, row: int) -> Hashes:
        place = int(np.searchsorted(self._rows, row))
        start, end = (int(self._starts[place + step]) for step in (0, 1))
        return np.frombuffer(read_at(self._file, end - start, start), dtype=np.uint64)


# ---- what is written -------------------------------------------------------------------------------------


def _describe(reports: _Reports, groups: Groups, texts: _Texts) -> pa.Table:
    """The members of each group beside its first: the one with the least key."""
    import pyarrow as pa

    copies, roots = groups.copies()
    rows, root = (np.concatenate([one, np.unique(roots)]) for one in (copies, roots))
    heads = reports.heads.take(rows)
    order = np.lexsort((heads["key"], root))
    rows, root, heads = rows[order], root[order], heads[order]
    begins = np.flatnonzero(np.diff(root, prepend=-1))
    first = np.repeat(begins, np.diff([*begins, len(root)]))
    how = np.where(heads["text"] == heads["text"][first], "same_text", "near")
    how = np.where(heads["file"] == heads["file"][first], "same_file", how)
    others = np.flatnonzero(first != np.arange(len(first)))
    others = others[np.argsort(heads["key"][others], kind="stable")]
    near = how[others] == "near"
    likeness = np.ones(len(others))
    likeness[near] = _measure(
        texts, _stand_ins(rows, heads["text"], texts), others[near], first[others[near]]
    )
    keys = heads["key"].astype(str)
    columns = (keys[others], keys[first[others]], how[others], likeness)
    types = (pa.string(), pa.string(), pa.string(), pa.float64())
    arrays = [pa.array(column.tolist(), type_) for column, type_ in zip(columns, types, strict=True)]
    return pa.table(arrays, names=list(Duplicate._fields))


def _stand_ins(rows: Rows, said: Numbers, texts: _Texts) -> list[int]:
    """For each row one of the same text that was compared: of such only one was."""
    pairs = list(zip(rows.tolist(), said.tolist(), strict=True))
    compared = {text: row for row, text in pairs if texts.hold(row)}
    return [row if texts.hold(row) else compared.get(text, -1) for row, text in pairs]


def _measure(texts: _Texts, stand_ins: list[int], places: Rows, firsts: Rows) -> list[float]:
    """How like each copy is to the report that it is named a copy of."""
    pairs = (
        (stand_ins[copy], stand_ins[of]) for copy, of in zip(places.tolist(), firsts.tolist(), strict=True)
    )
    return [texts.compare(*pair) for pair in pairs]
