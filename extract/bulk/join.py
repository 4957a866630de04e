"""Columns of the user's list of agencies, and region codes proposed by name, beside the reports."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence, Sized
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from extract.bulk.rules import digest_joining
from extract.datafiles import read_words
from extract.errors import UnreadableFile
from extract.store.schema import JOINED

if TYPE_CHECKING:
    import pyarrow as pa

    from extract.agencies import Agencies
    from extract.store.files import Place

_NAMED = 5  # rows of the list that fit no report, named
_TYPES = {"str": "string", "int": "int64", "float": "double"}


def own_columns(agencies: str | None) -> dict[str, str]:
    """The user's own columns by the names that they have in `reports`, and their types as in store.toml."""
    if agencies is None:
        return {}
    fields = _load(agencies).fields
    return {name: _TYPES[type_] for name, type_ in fields.items() if name not in JOINED}


def widen_own(before: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """The own columns of a dataset of which some parts are joined as of `before`, and some as of `own`.

    Those that have different types are text, as which both can be read.
    """
    mixed = {name for name, type_ in own.items() if before.get(name, type_) != type_}
    return {**before, **own, **dict.fromkeys(mixed, "string")}


def digest_join(agencies: str | None, *, regions: bool) -> str:
    """A digest of all that decides the joined columns; empty where nothing is joined."""
    if agencies is None and not regions:
        return ""
    found = hashlib.sha256(digest_joining().encode())
    for name in ("regions.toml", "places.tsv") if regions else ():
        found.update(read_words(name).encode())
    if agencies is not None:
        from extract.bulk.sources import read_source

        found.update(read_words("agency_columns.toml").encode())
        try:
            found.update(read_source(agencies))
        except UnreadableFile as error:  # what the list itself says of this is better
            found.update(str(error).encode())
    return found.hexdigest()[:16]


def faults(agencies: str | None) -> tuple[str, ...]:
    """What is wrong with the user's list: rows that are of no use, and why."""
    return () if agencies is None else tuple(_load(agencies).faults)


def survey_list(out: Place, agencies: str | None) -> list[str]:
    """What the user may not know of how the list fits the dataset: rows without a report, or with several."""
    if agencies is None:
        return []
    from extract.store.reading import Store

    batches = Store(out.url).batches("reports", ["path", "agency", "year"])
    reports = (tuple(row.values()) for batch in batches for row in batch.to_pylist())
    listed = _load(agencies)
    found = listed.survey((path, agency, year) for path, agency, year in reports)
    said = []
    if found.unmatched:
        said.append(
            f"{_some(found.unmatched, listed, agencies)} matched no report: {_first(found.unmatched)}"
        )
    if found.shared:
        name, (one, other) = next(iter(found.shared.items()))
        said.append(
            f"{_some(found.shared, listed, agencies)} name a file without its folder and hold for several, "
            f"as {name} for {one} and {other}: give the folder where they are not the same"
        )
    return said


def _some(rows: Sized, listed: Agencies, agencies: str) -> str:
    return f"{len(rows):,} of {len(listed):,} rows of {agencies}"


def _first(rows: Sequence[str]) -> str:
    return ", ".join(rows[:_NAMED]) + (" …" if len(rows) > _NAMED else "")


def join_columns(
    reports: pa.Table, agencies: str | None, *, regions: bool, own: Mapping[str, str]
) -> pa.Table:
    """The table `reports` with its joined columns filled: the list first, then what the name says.

    Without a list what an earlier one filled stays, and a region is proposed only where there is none.
    """
    if agencies is not None:
        reports = _join_listed(reports, _load(agencies), (*JOINED, *own))
    return _propose_regions(reports) if regions else reports


def _join_listed(reports: pa.Table, listed: Agencies, columns: Iterable[str]) -> pa.Table:
    paths, names, years = (reports.column(name).to_pylist() for name in ("path", "agency", "year"))
    keys = zip(paths, names, years, strict=True)
    rows = [listed.of(path, agency, year) for path, agency, year in keys]
    for name in columns:
        reports = _set_column(reports, name, [row.get(name) for row in rows])
    return reports


def _propose_regions(reports: pa.Table) -> pa.Table:
    from extract.agencies.regions import propose_region

    codes, names, years = (reports.column(name).to_pylist() for name in ("region_code", "agency", "year"))
    for row, (code, agency, year) in enumerate(zip(codes, names, years, strict=True)):
        if code is None and (region := propose_region(agency, year)) is not None:
            codes[row] = region.code
    return _set_column(reports, "region_code", codes)


def _set_column(reports: pa.Table, name: str, values: list[Any]) -> pa.Table:
    import pyarrow as pa

    place = reports.schema.get_field_index(name)
    field = reports.schema.field(place)
    return reports.set_column(place, field, pa.array(values, type=field.type))


def _load(path: str) -> Agencies:
    """The list as it is now: a process that does several runs may meet one that was changed between them."""
    try:
        now = os.stat(path)
    except OSError:
        return _load_as_of(path, 0, 0)
    return _load_as_of(path, now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=1)
def _load_as_of(path: str, modified: int, size: int) -> Agencies:
    from extract.agencies import load_agencies

    return load_agencies(path)
