"""What a report is compared by: a row of hashes, kept beside the journal, a file a part.

A run pays for the rows of its own parts only, as long as they are made in one way: others are made anew.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from extract.agencies import normalised_agency
from extract.bulk.rules import digest_likeness
from extract.similarity import masked, shingle_hashes, signatures
from extract.store.files import Place
from extract.store.journal import FOLDER, live_parts, read_contents
from extract.store.reading import read_part_table
from extract.store.rows import hash_text

SIGNED = f"{FOLDER}/signatures"
ROW = np.dtype(
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
_COLUMNS = ("report_key", "sha256", "text", "agency", "year", "n_units")
_AT_ONCE = 64  # reports of which there are texts outside of Arrow
_OFFICE = re.compile(r"(?:人民)?政府$|办事处$|办公室$")


class Narrative(NamedTuple):
    """A report as far as it is compared; `year` and `agency` None where they are not known."""

    key: str
    file: str
    text: str
    agency: str | None
    year: int | None
    narrative: str

    def masked(self) -> str:
        """Without regard to the agency, which one copy may name where the other does not."""
        return masked(self.narrative, None)


def load_signed(place: Place) -> Iterator[tuple[str, NDArray[Any]]]:
    """Each part that counts with a row for each of its reports; rows that are missing are made and kept."""
    parts = live_parts(place)
    wanted, kept = set(map(_name, parts)), set()
    for name in list(place.files(SIGNED)):
        if name in wanted:
            kept.add(name)
        else:
            place.remove(name)
    for part in parts:
        yield part, _load(place, part, kept)


def _name(part: str) -> str:
    return f"{SIGNED}/{digest_likeness()}/{part}.npy"


def _load(place: Place, part: str, kept: Collection[str]) -> NDArray[Any]:
    name = _name(part)
    if name in kept:
        found = _parse(place.read(name))
        if found.dtype == ROW:
            return found
    rows = sign(read_narratives(place, part))
    _keep(place, part, rows)
    return rows


def merge_signed(place: Place, parts: Sequence[str], name: str) -> None:
    """Keep the rows of some parts as those of the part into which they are merged, where all are there.

    Within a part reports lie by year, those without one last.
    """
    try:
        found = [_parse(content) for content in place.read_many([_name(part) for part in parts])]
    except FileNotFoundError:
        return
    if any(one.dtype != ROW for one in found):
        return
    rows = np.empty(sum(map(len, found)), dtype=ROW)  # np.concatenate would give a type without its padding
    np.concatenate(found, out=rows)
    last = np.iinfo(np.int32).max
    order = np.argsort(np.where(rows["year"] == 0, last, rows["year"]), kind="stable")
    _keep(place, name, rows[order])


def _parse(content: bytes) -> NDArray[Any]:
    found: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    return found


def _keep(place: Place, part: str, rows: NDArray[Any]) -> None:
    content = io.BytesIO()
    np.save(content, rows, allow_pickle=False)
    place.write(_name(part), content.getvalue())


def sign(reports: Iterable[Narrative]) -> NDArray[Any]:
    """A row for each report."""
    found = list(reports)
    rows = np.zeros(len(found), dtype=ROW)
    rows["key"] = [one.key.encode() for one in found]
    rows["file"] = [int(one.file[:16], 16) for one in found]
    rows["text"] = [hash_text("".join(one.text.split())) for one in found]
    rows["agency"] = [_hash_agency(one.agency) for one in found]
    rows["year"] = [one.year or 0 for one in found]
    rows["signature"] = signatures([shingle_hashes(one.masked()) for one in found])
    return rows


def read_narratives(place: Place, part: str, rows: Collection[int] | None = None) -> Iterator[Narrative]:
    """The reports of a part in order, only those of these numbers where given."""
    contents = read_contents(place, part)
    heads = read_part_table(place, contents, "reports", _COLUMNS)
    units = read_part_table(place, contents, "units", ["text"]).column("text")
    at = 0
    few = heads.to_batches(max_chunksize=_AT_ONCE)
    for number, row in enumerate(row for batch in few for row in batch.to_pylist()):
        end = at + row["n_units"]
        if rows is None or number in rows:
            narrative = "\n".join(units.slice(at, end - at).to_pylist()) or row["text"]
            yield Narrative(
                row["report_key"], row["sha256"], row["text"], row["agency"], row["year"], narrative
            )
        at = end


def _hash_agency(name: str | None) -> int:
    """0 where it is not known; the same with and without the office in the name."""
    bare = normalised_agency(name or "")
    return hash_text(_OFFICE.sub("", bare) or bare) if bare else 0
