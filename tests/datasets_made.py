"""A small dataset folder for tests: real parses of the project's own reports, with lists and duplicates joined."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec.structs import replace

from extract import Report, parse
from extract.classify import Rules
from extract.report import Unit
from extract.store import Failure, report_key, to_tables
from extract.store.files import Place
from extract.store.journal import Entry, write_entry
from extract.store.writing import write_description, write_tables

REPORTS = Path(__file__).parent / "reports"
NAMES = ("stat2014.txt", "city_pipe_rows.txt", "county_torn.txt", "town_slash.txt", "dept_ragged.txt")
OWN = {"x_人口": "double", "x_note": "string"}
LONG = "甲" * 40_000
FORMULA = "=1+1"


@cache
def made_reports() -> tuple[Report, ...]:
    """Five reports of three editions, one of them twice, one without agency and year, one with a huge unit."""
    found = [parse(REPORTS / name, model=Rules()) for name in NAMES]
    again = replace(found[1], source=replace(found[1].source, path="mirror/city.txt"))
    nameless = replace(found[2], agency=None, year=None, source=replace(found[2].source, path="nameless.txt"))
    first = found[3].units[0]
    odd = (
        replace(first, text=LONG, path=("甲|乙", "丙")),
        Unit("u0", "other", (), None, FORMULA, 0, 4, "other", 0.5),
    )
    found[3] = replace(found[3], units=(*odd, *found[3].units[1:]))
    return (*found, again, nameless)


def make_dataset(folder: Path, *, duplicates: bool = True) -> Path:
    """A dataset of these reports in two parts, with a failure, and duplicates.parquet where asked for."""
    place = Place(folder)
    write_description(place, OWN)
    reports = made_reports()
    failure = Failure("broken.pdf", None, "the PDF is damaged", "0.1.0+rules")
    for part, some in (("aaaa", [*reports[:3], failure]), ("bbbb", list(reports[3:]))):
        extras = [_joined(number) for number, one in enumerate(some) if isinstance(one, Report)]
        files = write_tables(place, part, [to_tables(some, extras, OWN)], OWN)
        write_entry(place, Entry(part, "0.1.0+rules", "", (), files))
    if duplicates:
        row = {
            "report_key": [report_key(reports[5])],
            "duplicate_of": [report_key(reports[1])],
            "how": ["same_file"],
            "similarity": [1.0],
        }
        pq.write_table(pa.table(row), folder / "duplicates.parquet")
    return folder


def _joined(number: int) -> dict[str, object]:
    return {"region_code": "010203", "level": "county", "x_人口": 1.5 * number, "x_note": "a"}
