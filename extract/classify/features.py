"""What the classifier sees of the atoms of many reports: hashed words and characters, place and neighbours.

The same in training and in parsing. All atoms of a batch are laid end to end in one buffer; a word or a run
of characters is a span of it, and the hash of any span is had from prefix sums, so that no loop in Python
touches a character. Digits are made alike: 2023 and 1999 are one word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, get_args

import numpy as np

from extract.fold import fold_marks
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
_PARTING = "\ue000"  # between pieces: no word has it, so each piece is cut as if it stood alone

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

    places: Array  # (pieces,): where each piece begins among all characters
    sizes: Array  # (pieces,): how many characters it has
    begins: Array  # (words + 1,): where each word begins, and where the last ends
    words: Array  # of each word, then of each with the next, also where they are of two pieces
    runs: Array  # for each length of `RUNS` in turn, of the characters from each place on
    turns: tuple[int, ...]  # where the runs of each length begin

    def rows(self, starts: Array, ends: Array) -> tuple[Ragged, Ragged]:
        """Words with word pairs, and runs of characters, of each stretch of characters from start to end."""
        first, last = np.searchsorted(self.begins, starts), np.searchsorted(self.begins, ends)
        words = len(self.begins) - 1
        return (
            _gather(self.words, [(first, last), (first + words, last + words - 1)]),
            _gather(self.runs, [(starts + at, ends + at - run + 1) for at, run in zip(self.turns, RUNS)]),
        )

    def pieces(self) -> tuple[Ragged, Ragged]:
        """The rows of the pieces themselves."""
        return self.rows(self.places, self.places + self.sizes)


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
    hashes = read_hashes(pieces)
    words, chars = hashes.pieces()
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
    return read_hashes(pieces).pieces()


def read_hashes(pieces: Sequence[str]) -> Hashes:
    """The hashes of pieces of text."""
    text = _PARTING.join(pieces)
    if encodable(text) is not text:
        pieces = [encodable(piece) for piece in pieces]
        text = _PARTING.join(pieces)
    text = fold_marks(text)
    sizes = np.fromiter(map(len, pieces), np.int64, len(pieces))
    places = np.cumsum(sizes + len(_PARTING)) - sizes - len(_PARTING)
    words = load_cutter().cut(text)
    begins = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, words), np.int64, len(words)), out=begins[1:])
    sums = _prefix_sums(np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64))
    inverse = _powers(len(sums))[1][: len(sums)]
    at_words, shift = np.take(sums, begins), np.take(inverse, begins)
    single = _mix((at_words[1:] - at_words[:-1]) * shift[:-1], salt=1)
    double = _mix((at_words[2:] - at_words[:-2]) * shift[:-2], salt=2)
    runs = [_mix((sums[run:] - sums[:-run]) * inverse[:-run], salt=2 + run) for run in RUNS]
    turns = (0, *accumulate(map(len, runs[:-1])))
    return Hashes(places, sizes, begins, np.concatenate([single, double]), np.concatenate(runs), turns)


def encodable(piece: str) -> str:
    """`piece` with lone surrogates, which no cutter takes, as replacement characters."""
    try:
        piece.encode()
    except UnicodeEncodeError:
        return piece.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return piece


def _gather(values: Array, parts: Sequence[tuple[Array, Array]]) -> Ragged:
    """Rows of features: for each row the `values` from first to last of each part, the parts in turn."""
    firsts = np.stack([first for first, _ in parts], axis=1)
    counts = np.maximum(np.stack([last for _, last in parts], axis=1) - firsts, 0)
    starts = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts.sum(axis=1), out=starts[1:])
    held = counts > 0
    first, count = firsts[held], counts[held]
    steps = np.ones(starts[-1], dtype=np.int64)  # from the place of one value to that of the next
    jumps = np.cumsum(count) - count
    steps[jumps] = first
    steps[jumps[1:]] -= (first + count)[:-1] - 1
    return Ragged(np.take(values, np.cumsum(steps)), starts)


def _prefix_sums(buffer: Array) -> Array:
    """Sums of characters times powers of the base, digits alike; one longer than `buffer`."""
    buffer[(buffer >= ord("0")) & (buffer <= ord("9"))] = ord("0")
    sums = np.zeros(len(buffer) + 1, dtype=np.uint64)
    np.cumsum(buffer * _powers(len(buffer))[0][: len(buffer)], out=sums[1:])
    return sums


def _mix(value: Array, *, salt: int) -> Array:
    """The bucket of each span by its sum, below 2 ** `TEXT_BITS`: the same for equal text anywhere."""
    value += np.uint64(salt * int(_MIX) % 2**64)
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
