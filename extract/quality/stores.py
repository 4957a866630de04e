"""A dataset folder as the comparisons read it: its reports part by part, or the two years of one agency."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec.structs import replace

from extract.agencies import NAMED
from extract.errors import GongkaiError
from extract.quality.across import PAIR_INDICATORS, Comparison, measure_years
from extract.quality.names import join_names
from extract.quality.shards import slim
from extract.quality.tables import FOLDER, Head
from extract.report import Report
from extract.store import Store, report_key

_HEAD = ("report_key", "level", "region_code", "publication_day")


@lru_cache(maxsize=4)
def open_store(path: str) -> Store:
    """The dataset at a path, opened once a process."""
    return Store(path)


def read_part(path: str, number: int) -> list[tuple[Head, Report]]:
    """The reports of the part with that number, each with its head.

    The day of publication is that of the user's list where it names one, the level likewise, else that of the
    division code, else that which the agency's name tells.
    """
    store = open_store(path)
    part = store.parts()[number]
    joined = _joined(store, part.id, part.years)
    found = []
    for row, report in enumerate(store.reports_of(part)):
        key = report_key(report)
        own = joined.get(key, {})
        if day := own.get("publication_day"):
            report = replace(report, published=day)
        level = own.get("level") or level_of(report.agency, own.get("region_code"))
        named = own.get(NAMED) or report.agency
        head = Head(key, report.id, report.agency, report.year, level, str(number), row, same=named)
        found.append((head, report))
    return found


def level_of(agency: str | None, code: str | None = None) -> str | None:
    """The level by the division code, else by the agency's name."""
    from extract.agencies import describe_agency, level_of_code

    return level_of_code(code) or describe_agency(agency).level


def _joined(store: Store, part: str, years: Sequence[int | None]) -> dict[str, dict[str, Any]]:
    """Key of a report → what the user's list says of it."""
    import pyarrow.parquet as pq

    found = {}
    for file in store.files("reports", years):
        if part in os.path.basename(file):
            filesystem = None if store.place.local else store.place.fs
            columns = [*_HEAD, *({NAMED} & store.own.keys())]
            table = pq.read_table(file, columns=columns, filesystem=filesystem, partitioning=None)
            found.update({row["report_key"]: row for row in table.to_pylist()})
    return found


def find_two_years(sources: Sequence[str], agency: str, year: int | None) -> tuple[Report, Report]:
    """The reports of an agency for a year and the one before; the last two such years where none is named.

    Raises `GongkaiError` where there are none.
    """
    reported = [(source, one) for source in sources for one in _reported(source)]
    names = _names_of([one for _, one in reported], agency)
    own = {(source, one.key) for source, one in reported if one.name in names}
    there = {one.year for _, one in reported if one.name in names}
    by_year: dict[int, Report] = {}
    for source in sources:
        years = None if year is None else {year - 1, year}
        for report in open_store(source).reports(years=years):
            if (source, report_key(report)) in own and report.year is not None:
                by_year.setdefault(report.year, report)
    later = sorted(one for one in by_year if one - 1 in by_year and year in (None, one))
    if not later:
        known = ", ".join(map(str, sorted(there))) or "none"
        wanted = "two consecutive years" if year is None else f"{year - 1} and {year}"
        raise GongkaiError(f"{agency}: no reports of {wanted} there; years found: {known}")
    return by_year[later[-1] - 1], by_year[later[-1]]


def compare_stores(old: str, new: str) -> list[dict[str, Any]]:
    """One row a report of `new` whose agency reports in `old` for the year before; as `pair_rows`."""
    reported = {source: {one.key: one for one in _reported(source)} for source in (old, new)}
    names = join_names(_years_of(one for found in reported.values() for one in found.values()))
    standing: dict[tuple[str, int], Report] = {}
    for report in open_store(old).reports():
        one = reported[old].get(report_key(report))
        if one and (names[one.name], one.year) not in standing:  # the first, as `find_two_years` takes it
            standing[names[one.name], one.year] = slim(report)
    rows = []
    for report in open_store(new).reports():
        one = reported[new].get(report_key(report))
        before = standing.get((names[one.name], one.year - 1)) if one else None
        if one and before is not None:
            measures = measure_years(Comparison(before, report))
            values = {name: measure.value for name, measure in measures.items()}
            rows.append({"agency": names[one.name], "year": one.year, **values})
    return sorted(rows, key=lambda row: (row["agency"], row["year"]))


class _Reported(NamedTuple):
    """A report that has an agency and a year; `name` is what the user's list says, else what is printed."""

    key: str
    name: str
    printed: str | None
    year: int


def _reported(source: str) -> Iterator[_Reported]:
    """The reports of a dataset that have both."""
    store = open_store(source)
    columns = ["report_key", "agency", "year", *([NAMED] if NAMED in store.own else [])]
    for row in store.table("reports", columns).to_pylist():
        name = row.get(NAMED) or row["agency"]
        if name is not None and row["year"] is not None:
            yield _Reported(row["report_key"], name, row["agency"], row["year"])


def _years_of(reported: Iterable[_Reported]) -> dict[str, set[int]]:
    """The years for which each name reports."""
    years: dict[str, set[int]] = {}
    for one in reported:
        years.setdefault(one.name, set()).add(one.year)
    return years


def _names_of(reported: Sequence[_Reported], agency: str) -> set[str]:
    """The agency's name, whether listed or printed, and the others that stand for it in other years."""
    names = join_names({agency: set(), **_years_of(reported)})
    meant = {names[one.name] for one in reported if one.printed == agency} or {names[agency]}
    return {name for name, standing in names.items() if standing in meant}


def pair_rows(source: str) -> list[dict[str, Any]]:
    """One row an agency and year with its indicators against the year before, from OUT/quality.

    An agency has one name, the same for all its years; of two reports for a year the values of the first.
    """
    chosen = list(_chosen(read_results(source, "indicators"), PAIR_INDICATORS))
    named = {one.key: one.name for one in _reported(source)}
    years: dict[str, set[int]] = {}
    for one in chosen:
        if (name := named.get(one["report_key"], one["agency"])) is not None:
            years.setdefault(name, set()).update({one["year"]} - {None})
    names = join_names(years)
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    first: dict[tuple[str, int], str] = {}
    for one in chosen:
        key = (names.get(named.get(one["report_key"], one["agency"]), "—"), one["year"])
        row = rows.setdefault(key, {"agency": key[0], "year": key[1], **dict.fromkeys(PAIR_INDICATORS)})
        if first.setdefault(key, one["report_key"]) == one["report_key"]:
            row[one["indicator"]] = one["value"]
    return [rows[key] for key in sorted(rows, key=lambda key: (key[0], key[1] or 0))]


def _chosen(table: Any, names: Sequence[str] | Any) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pc.is_in(table.column("indicator"), pa.array(list(names)))
    yield from table.filter(wanted).to_pylist()


def read_results(source: str, name: str) -> Any:
    """A table that `gongkai quality` wrote; `GongkaiError` where it has not run."""
    import io

    import pyarrow.parquet as pq

    place = open_store(source).place
    path = f"{FOLDER}/{name}.parquet"
    if not place.exists(path):
        raise GongkaiError(f"{place.show(path)} is not there: run `gongkai quality {source}` first")
    # In this thread: of `read_table` a thread of Arrow may still hold the bytes when Python ends, asks to let
    # them go, and the whole process is aborted after its work is done, once in fifty runs.
    return pq.ParquetFile(io.BytesIO(place.read(path))).read(use_threads=False)
