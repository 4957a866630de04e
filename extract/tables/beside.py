"""Grids that print parts of a table beside one another: one below the other before they are read.

A part is a band with its caption, or what stands under a header that comes twice in one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec.structs import replace

from extract.tables.marks import LONGEST_LABEL
from extract.tables.rows import Piece, Row
from extract.tables.vocabulary import read_label


def part_bands(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows in order; parts that stand side by side, by their captions or headers, from left to right."""
    for grid, members in groupby(rows, key=lambda row: row.grid):
        if grid < 0:
            yield from members
            continue
        block: list[Row] = []
        places: list[int] = []
        for row in members:
            found = _find_captions(row) or _find_halves(row)
            if found:
                yield from _part(block, places)
                block, places = [], found
            block.append(row)
        yield from _part(block, places)


def _find_captions(row: Row) -> list[int]:
    """The columns in which captions of bands begin, each band's once: a merged cell may be repeated."""
    found: dict[str, int] = {}
    for piece in row.pieces:
        band = _read_caption(piece.text)
        if band is not None:
            found.setdefault(band, piece.column)
    return list(found.values())


def _find_halves(row: Row) -> list[int]:
    """The columns in which two headers of the same words begin, a corner (统计指标) the first of each."""
    pieces = [piece for piece in row.pieces if piece.text]
    half = len(pieces) // 2
    if half < 2 or len(pieces) % 2 or pieces[0].text != pieces[half].text:
        return []
    if any(one.text != other.text for one, other in zip(pieces[:half], pieces[half:], strict=True)):
        return []
    corner = read_label(pieces[0].text)
    whole = corner.how == "exact" and any(term.role == "corner" for term in corner.terms)
    return [pieces[0].column, pieces[half].column] if whole else []


def _read_caption(text: str) -> str | None:
    """The band that a text is the caption of."""
    if not 3 < len(text) <= LONGEST_LABEL or "条" not in text:
        return None
    reading = read_label(text)
    bands = {term.id for term in reading.terms if term.role == "band"}
    return bands.pop() if reading.how == "exact" and len(bands) == 1 else None


def _part(rows: Sequence[Row], places: Sequence[int]) -> Iterator[Row]:
    """The rows once for each place, with what stands up to the next; as they are where one lost a cell."""
    even = all(row.layout == "exact" for row in rows) or len({len(row.pieces) for row in rows}) == 1
    if len(places) < 2 or not even:
        yield from rows
        return
    ends = [*places[1:], max(piece.column for row in rows for piece in row.pieces) + 1]
    for start, end in zip([0, *places[1:]], ends, strict=True):
        for row in rows:
            pieces = [piece for piece in row.pieces if start <= piece.column < end]
            if any(piece.text for piece in pieces):
                yield row._replace(pieces=tuple(_move(piece, start) for piece in pieces))


def _move(piece: Piece, start: int) -> Piece:
    return replace(piece, column=piece.column - start)
