"""The user's own list of agencies: which region code, level, publication day and other columns a report has.

A report finds its row by its file first, then by its agency and year, then by its agency. Where two rows that
differ fit equally well, nothing is handed on: the list is told to be ambiguous there, and nothing is guessed.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Literal, NamedTuple

from extract.agencies.agency_types import AgencyType, describe_agency, level_of_code, load_agency_types
from extract.agencies.read_list import read_list
from extract.datafiles import read_data
from extract.errors import BadData

__all__ = [
    "Agencies",
    "AgencyType",
    "describe_agency",
    "level_of_code",
    "load_agencies",
    "load_agency_types",
    "normalised_agency",
]

FieldType = Literal["str", "int", "float"]
Row = dict[str, Any]
FIXED = ("region_code", "level", "publication_day")
NAMED = "x_agency"  # the agency's name in a list of files: reports of one agency may name it differently
_KEYS = ("file", "agency", "year")
_YEAR = re.compile(r"((?:19|20)[0-9][0-9])(?:\.0)?(?:年度?)?")
_CODE = re.compile(r"([0-9]{6}|[0-9]{9}|[0-9]{12})(?:\.0)?")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?|(\d{4})(\d\d)(\d\d)")
_SAID = {
    "region_code": "a code has 6, 9 or 12 digits (411426; of a town 411426101)",
    "publication_day": "a day is written 2024-01-31",
    "level": "it is empty",
}
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_REAL = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}$")  # of a file name; 2023.12 has none
_CODED = re.compile(r"code|编码|代码|编号|(?:^|[_ ])id$|电话|邮编|phone|zip", re.IGNORECASE)


class Survey(NamedTuple):
    """How a list fits a dataset.

    `unmatched` are the rows (as 某某县教育局 2023) that fit no report; `shared` those that name a file
    without its folder and hold for several, with two of them.
    """

    unmatched: list[str]
    shared: dict[str, tuple[str, str]]


class Agencies:
    """The rows of a list, found by file or by agency and year.

    `fields` names the columns that `of` answers with, and their types, the same for every report. `faults`
    says which rows are of no use, and why: keys that several differing rows share, codes and days that are
    none.
    """

    def __init__(self, rows: Sequence[Mapping[str, Any]], name: str = "<list>") -> None:
        columns = _find_columns(rows[0].keys() if rows else (), name)
        self.fields: dict[str, FieldType] = dict.fromkeys(FIXED, "str")
        others = {column: f"x_{column}" for column in (rows[0] if rows else ()) if column not in columns}
        for column, field in others.items():
            self.fields[field] = _type_of(column, [row[column] for row in rows])
        if {"file", "agency"} <= set(columns.values()):
            self.fields.setdefault(NAMED, "str")
        self._faults: list[str] = []
        self._rows: list[tuple[str, Row]] = []  # as each names itself, for those that match nothing
        self._by_path: dict[str, list[Row]] = {}
        self._by_tail: dict[str, list[Row]] = {}
        self._bare: dict[int, str] = {}  # rows that name a file without its folder
        self._by_stem: dict[str, list[Row]] = {}  # bare names that the list gives without an ending
        self._by_agency: dict[tuple[str, int | None], list[Row]] = {}
        for number, row in enumerate(rows, 2):
            self._add(number, row, columns, others)
        self._faults += _ambiguities(self._by_path, self._by_agency)
        self.faults = tuple(self._faults)

    def of(self, report_path: str | None, agency: str | None, year: int | None) -> Row:
        """The list's columns for one report: every name of `fields`, None where the list says nothing."""
        for rows in self._matches(report_path, agency, year):
            if rows:
                return dict(rows[0]) if len(rows) == 1 else dict.fromkeys(self.fields)
        return dict.fromkeys(self.fields)

    def survey(self, reports: Iterable[tuple[str | None, str | None, int | None]]) -> Survey:
        """Which rows fit no report of path, agency and year, and which hold for files of several folders."""
        hit: set[int] = set()
        first: dict[int, str] = {}
        several: dict[int, tuple[str, str]] = {}
        for path, agency, year in reports:
            files = list(self._by_file(path)) if path else []
            hit.update(id(row) for rows in (*files, *self._by_name(agency, year)) for row in rows)
            for row in next(filter(None, files), ()):
                if path and id(row) in self._bare and first.setdefault(id(row), path) != path:
                    several.setdefault(id(row), (first[id(row)], path))
        alike = {name for name, row in self._rows if id(row) in hit}
        unmatched = [name for name, row in self._rows if id(row) not in hit and name not in alike]
        shared = {self._bare[row]: both for row, both in several.items()}
        return Survey(unmatched, shared)

    def __len__(self) -> int:
        """How many rows name a file or an agency."""
        return len(self._rows)

    def _matches(self, path: str | None, agency: str | None, year: int | None) -> Iterator[list[Row]]:
        """The rows that fit, most trusted key first."""
        if path:
            yield from self._by_file(path)
        yield from self._by_name(agency, year)

    def _by_name(self, agency: str | None, year: int | None) -> Iterator[list[Row]]:
        if agency:
            name = normalised_agency(agency)
            yield self._by_agency.get((name, year), []) if year is not None else []
            yield self._by_agency.get((name, None), [])

    def _by_file(self, path: str) -> Iterator[list[Row]]:
        tails = _tails(_posix(path))
        yield from (self._by_path.get(tail, []) for tail in tails)
        yield self._by_tail.get(tails[0], [])
        yield self._by_stem.get(_stem(tails[-1]), [])

    def _add(
        self, number: int, row: Mapping[str, Any], columns: Mapping[str, str], others: Mapping[str, str]
    ) -> None:
        """File one row under its key; rows that say the same twice count once."""
        found = {column: row[column] for column in columns if _filled(row[column])}
        keys = {columns[column]: value for column, value in found.items() if columns[column] in _KEYS}
        values: Row = dict.fromkeys(self.fields)
        for column, value in found.items():
            if columns[column] in FIXED:
                values[columns[column]] = self._parse(columns[column], value, number)
        for column, field in others.items():
            values[field] = _typed(row[column], self.fields[field])
        if NAMED in self.fields and "agency" in keys:
            values[NAMED] = str(keys["agency"]).strip()
        year = self._year(keys.get("year"), number)
        if "file" in keys:
            self._file_path(_posix(str(keys["file"])), values)
        if "agency" in keys and (year is not None or ("year" not in keys and "file" not in keys)):
            _file(self._by_agency, (normalised_agency(str(keys["agency"])), year), values)
        if {"file", "agency"} & keys.keys():
            named = [keys.get("file", keys.get("agency")), *([] if "file" in keys else [year])]
            self._rows.append((" ".join(str(one).strip() for one in named if one is not None), values))
        else:
            self._faults.append(f"row {number}: neither file nor agency")

    def _file_path(self, path: str, values: Row) -> None:
        """A list may know more folders than the report's path, or fewer; a bare name may lack its ending.

        One that has its ending is that file's alone: `a.docx` says nothing of `a.html`.
        """
        tails = _tails(path)
        if len(tails) == 1:
            self._bare[id(values)] = path
        _file(self._by_path, tails[0], values)
        for tail in tails:
            _file(self._by_tail, tail, values)
        if len(tails) == 1 and not _ENDING.search(tails[0]):
            _file(self._by_stem, tails[0], values)

    def _parse(self, field: str, value: Any, number: int) -> str | None:
        parsed = {"region_code": _parse_code, "publication_day": _parse_day}.get(field, _parse_text)(value)
        if parsed is None:
            self._faults.append(f"row {number}: {field} {str(value)!r} is none: {_SAID[field]}")
        return parsed

    def _year(self, value: Any, number: int) -> int | None:
        found = _YEAR.fullmatch(_narrow(value)) if value is not None else None
        if value is not None and found is None:
            self._faults.append(f"row {number}: year {value!r} is none")
        return int(found[1]) if found else None


def load_agencies(path: str | os.PathLike[str]) -> Agencies:
    """The list in a CSV, TSV, Excel, Parquet or Stata file.

    Raises `BadData` where the file cannot be read, or has neither a column of files nor one of agencies.
    """
    return Agencies(read_list(os.fspath(path)), os.fspath(path))


def normalised_agency(name: str) -> str:
    """An agency's name as two lists write it alike: half width, without spaces and punctuation.

    >>> normalised_agency(" 云溪县 人民政府（本级）")
    '云溪县人民政府本级'
    """
    folded = unicodedata.normalize("NFKC", name)
    return "".join(char for char in folded if char.isalnum()).casefold()


@cache
def _synonyms() -> dict[str, str]:
    return {word: field for field, words in read_data("agency_columns.toml").items() for word in words}


def _find_columns(columns: Sequence[str] | Any, name: str) -> dict[str, str]:
    """Column of the list → the field it means; only the first of two that mean the same."""
    found: dict[str, str] = {}
    for column in columns:
        field = _synonyms().get(re.sub(r"[\s_-]", "", str(column)).casefold())
        if field is not None and field not in found.values():
            found[column] = field
    if not {"file", "agency"} & set(found.values()):
        had = ", ".join(map(str, columns)) or "none"
        raise BadData(f"{name}: no column of files or agencies (named file or agency); its columns: {had}")
    return found


def _file(index: dict[Any, list[Row]], key: Any, values: Row) -> None:
    rows = index.setdefault(key, [])
    if values not in rows:
        rows.append(values)


def _ambiguities(*indexes: Mapping[Any, list[Row]]) -> list[str]:
    said = []
    for index in indexes:
        for key, rows in index.items():
            if len(rows) > 1:
                shown = " ".join(str(part) for part in key if part) if isinstance(key, tuple) else key
                said.append(f"{shown}: {len(rows)} rows that differ; none is used")
    return list(dict.fromkeys(said))


def _posix(path: str) -> str:
    return unicodedata.normalize("NFC", path.strip().replace("\\", "/"))


def _tails(path: str) -> list[str]:
    """The path, then without its first folder, and so on down to the bare name."""
    parts = [part for part in PurePosixPath(path).parts if part != "/"] or [""]
    return ["/".join(parts[start:]) for start in range(len(parts))]


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0] if "." in name[1:] else name


def _filled(value: Any) -> bool:
    return value is not None and str(value).strip() not in ("", "nan", "NaT")


def _parse_text(value: Any) -> str | None:
    return str(value).strip() or None


def _narrow(value: Any) -> str:
    """Codes, days and years are often typed full width: ４１１４２６ is 411426."""
    return unicodedata.normalize("NFKC", str(value)).strip()


def _parse_code(value: Any) -> str | None:
    found = _CODE.fullmatch(_narrow(value))
    return found[1] if found else None


def _parse_day(value: Any) -> str | None:
    """The day as YYYY-MM-DD, or None where it is none."""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    found = _DAY.fullmatch(_narrow(value))
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups() if part)).isoformat()
    except ValueError:
        return None


def _type_of(column: str, values: Sequence[Any]) -> FieldType:
    """int or float where every filled value is such a number and the column is none of codes, else str."""
    shown = [str(value).strip() for value in values if _filled(value)]
    if not shown or _CODED.search(str(column)):
        return "str"
    if all(_WHOLE.fullmatch(one) for one in shown):
        return "int"
    return "float" if all(_REAL.fullmatch(one) for one in shown) else "str"


def _typed(value: Any, kind: FieldType) -> str | int | float | None:
    if not _filled(value):
        return None
    shown = str(value).strip()
    return int(shown) if kind == "int" else float(shown) if kind == "float" else shown
