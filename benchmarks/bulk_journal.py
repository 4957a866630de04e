"""A dataset with a long journal and empty files: `python -m benchmarks.bulk_journal PARTS OUT`.

Only how a run begins can be measured with it: thirty sources a part, a file a table.
"""

from __future__ import annotations

import hashlib
import os
import sys

import msgspec

from extract.store.files import Place
from extract.store.journal import FOLDER, Entry, Origin, PartFile, entry_name
from extract.store.schema import TABLES
from extract.store.writing import write_description

SOURCES = 30  # of a part
ROWS = 5_000  # of each table, as the journal has it: too many for the parts to be merged


def make_journal(folder: str, parts: int) -> None:
    """A dataset of `parts` parts in `folder`, without a report."""
    place = Place(folder)
    write_description(place)
    os.makedirs(place.at(FOLDER), exist_ok=True)
    place.write("duplicates.parquet", b"")  # not to be looked for
    for number in range(parts):
        entry = _make(number)
        for file in entry.files:
            os.makedirs(os.path.dirname(place.at(file.name)), exist_ok=True)
            os.close(os.open(place.at(file.name), os.O_CREAT | os.O_WRONLY))
        with open(place.at(entry_name(entry.part)), "wb") as stream:
            stream.write(msgspec.json.encode(entry))


def _make(number: int) -> Entry:
    part, year = _digest(f"{number}"), 2015 + number % 10
    folder = f"reports/{number // 1000:04}/{number:06}"
    sources = tuple(
        Origin(
            f"{folder}/政府信息公开工作年度报告 {one}.html",
            60_000 + one,
            1_700_000_000,
            _digest(f"{number} {one}"),
        )
        for one in range(SOURCES)
    )
    files = tuple(
        PartFile(name, year, f"{name}/{year}/part-{part}.parquet", ROWS)
        for name in TABLES
        if name != "errors"
    )
    return Entry(part, "none", "", sources, files)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


if __name__ == "__main__":
    make_journal(sys.argv[2], int(sys.argv[1]))
