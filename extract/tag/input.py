"""Rows of a table of texts (Parquet, CSV, Excel, JSON lines) → requests to tag, in flat memory."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple, TextIO, get_args

import msgspec

from extract.errors import BadData, UnreadableFile
from extract.report import SectionId
from extract.tag import NO_TEXT, without_mark
from extract.user_files import find_delimiter, find_encoding, read_sheet

_ROWS = 1024  # read from Parquet at a time
_FAULT = "\0fault"  # the key of a record under which the reader of a file says what is wrong with it
_LONGEST = 2**30  # characters of a CSV field
_FIELDS = ("id", "section", "path", "marker")
_LINES = (".jsonl", ".json", ".ndjson")
Record = dict[str, Any]
Records = Iterator[
    tuple[int, Record]
]  # each with its number: of the file's line or the sheet's row, else from 1


class Columns(NamedTuple):
    """Which columns of a table hold what. None: a column of the field's own name, where there is one."""

    text: str = "text"
    id: str | None = None
    section: str | None = None
    path: str | None = None
    marker: str | None = None


class Row(NamedTuple):
    """One request: its line as `gongkai tag` takes it, the id that it goes by, and where it stands.

    `table`: the line was made from a row of a table, and nobody has seen it; `fault` is why the row of the
    table was not read as it was meant, where that is known already.
    """

    line: bytes
    id: Any
    place: str
    table: bool = False
    fault: str | None = None

    def explain(self, reason: str) -> str:
        """Why it cannot be tagged: `reason`, or for a row of a table the same without a word of JSON."""
        if self.fault or not self.table:
            return self.fault or reason
        request = msgspec.json.decode(self.line)
        text = request["text"]
        if not isinstance(text, str):
            return NO_TEXT if text is None else "what stands for the text is no text"
        if not text.strip():
            return NO_TEXT
        if "section" in request and request["section"] not in get_args(SectionId):
            known = ", ".join(get_args(SectionId))
            return f"no section {request['section']!r}; there are: {known}"
        return "its path or marker is no text"


def is_lines(source: str) -> bool:
    """Whether a source holds JSON lines, by its ending; standard input always does."""
    return source == "-" or Path(source).suffix.lower() in _LINES


def read_rows(source: str, columns: Columns) -> Iterator[Row]:
    """The rows of the table, in order. A row without an id goes by its number, from 1.

    Raises `UnreadableFile` where the file cannot be read, `BadData` where it is no workbook, or where a named
    column is not there.
    """
    try:
        if is_lines(source):
            yield from _read_lines(source)
            return
        reader = _READERS.get(Path(source).suffix.lower())
        if reader is None:
            known = ", ".join([*_LINES, *_READERS])
            raise UnreadableFile(source, f"no table known by this ending; there are: {known}")
        yield from _requests(source, reader(source, columns), columns)
    except OSError as error:
        raise UnreadableFile(source, error.strerror or str(error)) from error
    except (ValueError, csv.Error) as error:  # pyarrow and the decoders say so
        raise UnreadableFile(source, f"cannot be read as a table: {error}") from error


def _requests(source: str, records: Records, columns: Columns) -> Iterator[Row]:
    chosen: dict[str, str] = {}
    for number, (place, record) in enumerate(records, 1):
        if number == 1:
            chosen = _choose(record, columns)
        found = {field: record.get(column) for field, column in chosen.items()}
        name = found.get("id") if "id" in chosen else number
        request = {"id": name, "text": _text(found.get("text"))}
        request |= {field: _plain(field, found[field]) for field in _FIELDS[1:] if found.get(field)}
        where, fault = f"{source}:{place}", record.get(_FAULT)
        try:
            line = msgspec.json.encode(request, enc_hook=str)
        except UnicodeEncodeError:  # a byte that was no character of the file's encoding
            fault = fault or "holds bytes that are no characters: neither UTF-8 nor GB 18030"
        if fault:
            name = _whole(name)
            line = msgspec.json.encode({"id": name, "text": None}, enc_hook=str)
        yield Row(line, name, where, table=True, fault=fault)


def _choose(record: Record, columns: Columns) -> dict[str, str]:
    """Field → column, of the columns named and of those that are named like a field."""
    wanted = {"text": columns.text, **dict(zip(_FIELDS, columns[1:]))}
    return {
        field: column or field for field, column in wanted.items() if column is not None or field in record
    }


def _whole(name: Any) -> Any:
    """An id with what is no character of it replaced."""
    return name.encode("utf-8", "replace").decode() if isinstance(name, str) else name


def _text(value: Any) -> Any:
    """The text, or what JSON says of another type, so that it is refused: bytes would become a string."""
    return value if isinstance(value, str | int | float | list | dict | None) else {}


def _plain(field: str, value: Any) -> Any:
    """`path` as a list: as it is in Parquet, parted by | in text, as an export writes it."""
    return value.split("|") if field == "path" and isinstance(value, str) else value


# ---- the formats -----------------------------------------------------------------------------------------


def _read_lines(source: str) -> Iterator[Row]:
    import sys

    name = "<stdin>" if source == "-" else source
    with nullcontext(sys.stdin.buffer) if source == "-" else open(source, "rb") as lines:
        for number, line in enumerate(without_mark(lines), 1):
            if line.strip():
                yield Row(line, _id_of(line), f"{name}:{number}")


def _id_of(line: bytes) -> Any:
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return found.get("id") if isinstance(found, dict) else None


def _read_parquet(source: str, columns: Columns) -> Records:
    import pyarrow.parquet as pq

    with pq.ParquetFile(source) as file:
        names = file.schema_arrow.names
        _check_header(source, names, columns)
        asked = [name for name in columns if name is not None]
        wanted = None  # all of them, so that the message of a missing one can list them
        if set(asked) <= set(names):
            wanted = [name for name in names if name in asked or name in _FIELDS]
        batches = file.iter_batches(_ROWS, columns=wanted)
        yield from enumerate((record for batch in batches for record in batch.to_pylist()), 1)


def _read_csv(source: str, columns: Columns) -> Records:
    csv.field_size_limit(_LONGEST)
    with open(source, "rb") as head:
        encoding = find_encoding(head)
    with open(source, encoding=encoding, errors="surrogateescape", newline="") as file:
        delimiter = find_delimiter(file.readline())
        file.seek(0)
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=delimiter)
        header = next(reader, [])
        _check_header(source, header, columns)
        blank: Record = dict.fromkeys(header)  # a row may be shorter
        while True:
            before = reader.line_num  # a row may go over several lines: it is named by its first
            lines.taken.clear()
            if (row := next(reader, None)) is None:
                return
            if row:
                record = blank | {name: value or None for name, value in zip(header, row)}
                if fault := _find_fault(row, header, delimiter, lines):
                    record[_FAULT] = fault
                yield before + 1, record


class _Lines:
    """The lines of a file; `taken` are those since it was last cleared, `ended`: there are no more."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._next = next(file, None)
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._next
        if line is None:
            raise StopIteration
        self._next = next(self._file, None)
        self.taken.append(line)
        return line

    @property
    def ended(self) -> bool:
        return self._next is None


def _find_fault(row: Sequence[str], header: Sequence[str], delimiter: str, lines: _Lines) -> str | None:
    """Why a row cannot have been meant as it was read, or None: nobody would see what is lost of its text."""
    if any(row[len(header) :]):
        return (
            f"{len(row)} fields where the header has {len(header)}: "
            f"a text that holds {delimiter!r} needs quotes around it"
        )
    if lines.ended:
        try:
            list(csv.reader(lines.taken, delimiter=delimiter, strict=True))
        except csv.Error as error:
            if "end of data" in str(error):
                return (
                    f"a quote is opened and never closed: {len(lines.taken):,} lines were taken for one row"
                )
    return None


def _check_header(source: str, header: Sequence[Any], columns: Columns) -> None:
    """Raises `BadData` where there is none, or where a column that is asked for is not there, or twice."""
    if not header:
        raise BadData(f"{source}: is empty: not even a header is there")
    for name in columns:
        if name is not None and name not in header:
            raise BadData(f"{source}: no column {name!r}; there are: {', '.join(map(str, header))}")
    for name in (*columns, *_FIELDS):
        if name is not None and list(header).count(name) > 1:
            raise BadData(
                f"{source}: the column {name!r} is there more than once: give them names of their own"
            )


def _read_xlsx(source: str, columns: Columns) -> Records:
    rows = read_sheet(source, source)
    header = next(rows, ())
    _check_header(source, header, columns)
    for number, row in enumerate(rows, 2):
        if any(value is not None for value in row):
            yield number, {str(name): value for name, value in zip(header, row) if name is not None}


_READERS: dict[str, Callable[[str, Columns], Records]] = {
    ".parquet": _read_parquet,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".xlsx": _read_xlsx,
}
