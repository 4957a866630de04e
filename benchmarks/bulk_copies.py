"""A dataset for measuring the search for copies: `python -m benchmarks.bulk_copies COUNT OUT`.

Reports of meaningless characters, written as tables and never parsed. Of a hundred, ten are nearly a report
of ten parts before, two have its text and two its file; five do not say their agency.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from extract.store.files import Place
from extract.store.schema import arrow_schema
from extract.store.writing import write_description, write_part

PART = 1000  # reports
APART = 10  # parts between a report and its copy
LENGTH = 700  # characters of a narrative, half of a real one's
_ALL = np.frombuffer("".join(map(chr, range(0x4E00, 0x9FA5))).encode("utf-32-le"), dtype=np.uint32)


def make_copies(folder: str, count: int) -> None:
    """A dataset of `count` reports in `folder`."""
    place = Place(folder)
    write_description(place)
    for part in range(-(-count // PART)):
        rows = [_make(number) for number in range(part * PART, min((part + 1) * PART, count))]
        write_part(place, f"{part:016x}", [_to_tables(rows)], version="none")


def _make(number: int) -> dict[str, Any]:
    """A report as a row; one that repeats another is made of that one's number."""
    of = number - APART * PART
    lot = number % 100
    copy = of >= 0 and lot < 14 and (of // PART // APART) % 2 == 0
    text = _write(of if copy else number)
    if copy and lot < 10:
        text = f"{text[:-20]}{_write(number)[:20]}"
    source = of if copy and lot >= 12 else number
    agency = None if lot in (3, 23, 43, 63, 83) else f"第{(of if copy else number)}号镇人民政府"
    key = f"{_mix(source):016x}-{_mix(number) & 0xFFFFFFFF:08x}"
    year = 2015 + number // PART % APART
    return {
        "report_key": key,
        "sha256": f"{_mix(source):016x}" * 4,
        "agency": agency,
        "year": year,
        "text": text,
    }


def _write(number: int) -> str:
    codes = np.random.Generator(np.random.PCG64(number)).choice(_ALL, LENGTH)
    return codes.tobytes().decode("utf-32-le")


def _mix(number: int) -> int:
    return (number + 1) * 0x9E3779B97F4A7C15 % 2**64


def _to_tables(rows: list[dict[str, Any]]) -> dict[str, pa.Table]:
    units = [{**row, "number": 0} for row in rows]
    reports = [{**row, "n_units": 1} for row in rows]
    return {
        name: pa.Table.from_pylist(found, schema=arrow_schema(name))
        for name, found in (("reports", reports), ("units", units))
    }


if __name__ == "__main__":
    make_copies(str(Path(sys.argv[2])), int(sys.argv[1]))
