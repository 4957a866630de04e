"""What the classifier sees of the atoms of many reports: hashed words and characters, place and neighbours.

The same in training and in parsing. All atoms of a batch are laid end to end in one buffer; a word or a run
of characters is a span of it, and the hash of any span is had from prefix sums, so that no loop in Python
touches a character. Digits are made alike: 2023 and 1999 are one word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, get_args

import numpy as np

from extract.report import Atom, SectionId
from extract.words import load_cutter

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array: TypeAlias = "NDArray[Any]"

TEXT_BITS = 17  # size of the tables of words and of runs of characters
PATH_BITS = 16  # of the table of headings
SECTIONS: tuple[str, ...] = (*get_args(SectionId), "unknown")
RUNS = (2, 3)  # lengths of the runs of characters
# How an atom hangs together with its neighbour, in the order of the codes.
LINKS = ("none", "sentence", "item", "lead_in", "paragraph", "heading", "section")

_BASE = np.uint64(0x9E3779B97F4A7C15 | 1)
_INVERSE = np.uint64(pow(int(_BASE), -1, 2**64))
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_DIGITS = np.zeros(128, dtype=bool)
_DIGITS[48:58] = True

Reports = Sequence[tuple[str, Sequence[Atom]]]
Embed = Callable[[Sequence[str]], Array]  # texts → a vector each


class Ragged(NamedTuple):
    """Rows of hashed features: `ids[starts[i]:starts[i + 1]]` are those of row i, repeated as they occur."""

    ids: Array
    starts: Array

    @property
    def lengths(self) -> Array:
        """How many features each row has."""
        return np.diff(self.starts)


class Hashes(NamedTuple):
    """The hashes of all words, word pairs and runs of characters of some pieces of text, laid end to end.

    Any stretch that begins and ends where words do is a row of features without being cut or hashed again.
    """

    places: Array  # (pieces + 1,): where each piece begins among all characters, and where the last ends
    begins: Array  # (words + 1,): where each word begins, and where the last ends
    single: Array  # (words,)
    double: Array  # (words - 1,): of a word and the next, also where they are of two pieces
    runs: tuple[Array, ...]  # for each length of `RUNS`, of the characters from each place on

    def rows(self, starts: Array, ends: Array) -> tuple[Ragged, Ragged]:
        """Words with word pairs, and runs of characters, of each stretch of characters from start to end."""
        first, last = np.searchsorted(self.begins, starts), np.searchsorted(self.begins, ends)
        words = _gather([(self.single, first, last), (self.double, first, last - 1)])
        return words, _gather([(run, starts, ends - size + 1) for run, size in zip(self.runs, RUNS)])


class Features(NamedTuple):
    """The features of all atoms of a batch, one row an atom, in the order of reports and atoms.

    `path` has a row for each different path, `path_row` says which is whose. `before` and `after` are the
    rows of the neighbours in the same report, -1 where there is none; `link_before` and `link_after` are
    codes of `LINKS`. `counts` tells how many atoms each report has. `vectors` are sentence embeddings, of
    width 0 for a model without them. `hashes` are those of the atoms' text, of which atom i is piece i.
    """

    words: Ragged
    chars: Ragged
    path: Ragged
    path_row: Array
    section: Array
    before: Array
    after: Array
    link_before: Array
    link_after: Array
    counts: tuple[int, ...]
    vectors: Array
    hashes: Hashes


def read_features(reports: Reports, embed: Embed | None = None) -> Features:
    """The features of the atoms of `reports` (a text, its atoms); `embed` adds sentence embeddings."""
    pieces: list[str] = []
    sections: list[int] = []
    paths: dict[tuple[str, ...], int] = {}
    path_row: list[int] = []
    for text, atoms in reports:
        for atom in atoms:
            pieces.append(text[atom.start : atom.end])
            sections.append(SECTIONS.index(atom.section))
            path_row.append(paths.setdefault(atom.path, len(paths)))
    pieces += ["\n".join(path) for path in paths]
    atoms_in_all = len(sections)
    hashes = read_hashes([encodable(piece) for piece in pieces])
    words, chars = hashes.rows(hashes.places[:-1], hashes.places[1:])
    cut = words.starts[atoms_in_all]
    links = [_link(atoms) for _, atoms in reports]
    before, after = _neighbours([len(atoms) for _, atoms in reports])
    joined = np.concatenate([np.zeros(0, np.int8), *links])
    return Features(
        words=Ragged(words.ids[:cut], words.starts[: atoms_in_all + 1]),
        chars=Ragged(chars.ids[: chars.starts[atoms_in_all]], chars.starts[: atoms_in_all + 1]),
        path=Ragged(words.ids[cut:] >> (TEXT_BITS - PATH_BITS), words.starts[atoms_in_all:] - cut),
        path_row=np.array(path_row, dtype=np.int64),
        section=np.array(sections, dtype=np.int64),
        before=before,
        after=after,
        link_before=joined,
        link_after=np.where(after >= 0, joined[after], 0) if atoms_in_all else joined,
        counts=tuple(len(atoms) for _, atoms in reports),
        vectors=embed_texts(pieces[:atoms_in_all], embed),
        hashes=hashes,
    )


def embed_texts(texts: Sequence[str], embed: Embed | None) -> Array:
    """The vectors of `texts`, `(texts, width)`; of width 0 without `embed`."""
    return np.zeros((len(texts), 0), dtype=np.float32) if embed is None else embed(texts)


def _neighbours(counts: Sequence[int]) -> tuple[Array, Array]:
    """The rows before and after each row within its report, -1 at the ends."""
    total = sum(counts)
    rows = np.arange(total)
    before, after = rows - 1, rows + 1
    ends = np.cumsum(np.array(counts, dtype=np.int64)) if counts else np.zeros(0, np.int64)
    sizes = np.array(counts, dtype=np.int64)
    before[(ends - sizes)[sizes > 0]] = -1
    after[(ends - 1)[sizes > 0]] = -1
    return before, after


def _link(atoms: Sequence[Atom]) -> Array:
    """How each atom hangs together with the one before it: codes of `LINKS`."""
    codes = np.zeros(len(atoms), dtype=np.int8)
    for place in range(1, len(atoms)):
        codes[place] = LINKS.index(_name_link(atoms[place - 1], atoms[place]))
    return codes


def _name_link(first: Atom, second: Atom) -> str:
    if first.section != second.section:
        return "section"
    if first.path != second.path:
        return "heading"
    if first.lead_in:
        return "lead_in"
    if first.item and second.item:
        return "item"
    if first.paragraph == second.paragraph and not second.item:
        return "sentence"
    return "paragraph"


# ---- hashing ---------------------------------------------------------------------------------------------


def hash_pieces(pieces: Sequence[str]) -> tuple[Ragged, Ragged]:
    """Hashed words and word pairs, and hashed runs of characters, of each piece of text."""
    hashes = read_hashes([encodable(piece) for piece in pieces])
    return hashes.rows(hashes.places[:-1], hashes.places[1:])


def read_hashes(pieces: Sequence[str]) -> Hashes:
    """The hashes of pieces of text that are `encodable`."""
    sizes = [len(word) for words in load_cutter().cut_all(pieces) for word in words]
    places = np.cumsum([0, *map(len, pieces)], dtype=np.int64)
    begins = np.cumsum([0, *sizes], dtype=np.int64)
    buffer = np.frombuffer("".join(pieces).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    sums = _prefix_sums(buffer)
    runs = []
    for size in RUNS:
        at = np.arange(max(len(buffer) - size + 1, 0))
        runs.append(_hash_spans(sums, at, at + size, salt=2 + size))
    return Hashes(
        places,
        begins,
        _hash_spans(sums, begins[:-1], begins[1:], salt=1),
        _hash_spans(sums, begins[:-2], begins[2:], salt=2),
        tuple(runs),
    )


def encodable(piece: str) -> str:
    """`piece` with lone surrogates, which no cutter takes, as replacement characters."""
    try:
        piece.encode()
    except UnicodeEncodeError:
        return piece.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return piece


def _gather(parts: Sequence[tuple[Array, Array, Array]]) -> Ragged:
    """Rows of features: for each row what each part holds from its first to its last place, in turn."""
    counts = [np.maximum(last - first, 0) for _, first, last in parts]
    starts = np.zeros(len(counts[0]) + 1, dtype=np.int64)
    np.cumsum(sum(counts), out=starts[1:])
    merged = np.empty(starts[-1], dtype=np.int64)
    free = starts[:-1].copy()  # by row: the first place that is still free
    for (values, first, _), count in zip(parts, counts):
        passed = np.cumsum(count) - count
        within = np.arange(count.sum())
        merged[within + np.repeat(free - passed, count)] = values[within + np.repeat(first - passed, count)]
        free += count
    return Ragged(merged, starts)


def _prefix_sums(buffer: Array) -> Array:
    """Sums of characters times powers of the base, digits alike; one longer than `buffer`."""
    ascii_part = buffer < 128
    buffer[ascii_part & _DIGITS[np.minimum(buffer, 127).astype(np.int64)]] = 48
    sums = np.zeros(len(buffer) + 1, dtype=np.uint64)
    np.cumsum(buffer * _powers(len(buffer))[0][: len(buffer)], out=sums[1:])
    return sums


def _hash_spans(sums: Array, starts: Array, ends: Array, *, salt: int) -> Array:
    """The bucket of each span, below 2 ** `TEXT_BITS`; equal text, equal bucket, wherever it stands."""
    inverse = _powers(len(sums))[1]
    value = (sums[ends] - sums[starts]) * inverse[starts] + np.uint64(salt * int(_MIX) % 2**64)
    value ^= value >> np.uint64(33)
    value *= _MIX
    value ^= value >> np.uint64(29)
    value *= _BASE
    return (value >> np.uint64(64 - TEXT_BITS)).astype(np.int64)


def _powers(length: int) -> tuple[Array, Array]:
    """Powers of the base and of its inverse modulo 2 ** 64, `length` of them at least."""
    bits = (length - 1).bit_length()
    return _power_table(max(bits, 12 if bits <= 12 else 16))  # one report's narrative; a batch


@cache
def _power_table(bits: int) -> tuple[Array, Array]:
    ones = np.ones(2**bits, dtype=np.uint64)
    tables = []
    for base in (_BASE, _INVERSE):
        factors = ones.copy()
        factors[1:] = base
        tables.append(np.cumprod(factors))
    return tables[0], tables[1]
