"""Tagged lines → a table: Parquet with nested columns, CSV and Excel with JSON in them, or JSON lines."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from extract.errors import GongkaiError

if TYPE_CHECKING:
    import pyarrow as pa

ENDINGS = (".parquet", ".csv", ".jsonl", ".xlsx")
_UNITS = ("kind", "score", "themes", "figures", "platforms")
_SPLIT = ("units", "figures", "platforms")


class Tagged(NamedTuple):
    """What became of one row: the tagged line, or the error that stands in its place."""

    id: Any
    line: bytes | None
    error: str | None
    place: str = ""

    def json(self) -> bytes:
        """The line, or an object that says the error."""
        return self.line or msgspec.json.encode({"id": self.id, "error": self.error}, enc_hook=str)


def write_tagged(chunks: Iterable[Sequence[Tagged]], target: str, *, split: bool) -> None:
    """Write the rows to a file, by its ending; it is there whole or not at all.

    Raises `GongkaiError` for an ending that is none of ENDINGS, or a file that cannot be written.
    """
    path = Path(target)
    if path.suffix not in ENDINGS:
        raise GongkaiError(f"{target}: the ending must be one of {', '.join(ENDINGS)}")
    if path.suffix == ".jsonl":
        _write_lines(chunks, path)
        return
    from extract.export.answers import write_answer
    from extract.export.source import Sheet

    flat = path.suffix != ".parquet"
    schema, batches = _typed(chunks, split=split, flat=flat)
    write_answer(Sheet("tagged", schema, lambda: batches), path)


def _write_lines(chunks: Iterable[Sequence[Tagged]], path: Path) -> None:
    temporary = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            for chunk in chunks:
                file.writelines(one.json() + b"\n" for one in chunk)
        os.replace(temporary, path)
    except OSError as error:
        raise GongkaiError(f"{path}: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _typed(
    chunks: Iterable[Sequence[Tagged]], *, split: bool, flat: bool
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The schema, and the rows in batches; the type of the ids is that of the first chunk's."""
    stream = iter(chunks)
    first = next(stream, ())
    schema = _schema([one.id for one in first], split=split, flat=flat)

    def batches() -> Iterator[pa.RecordBatch]:
        yield _batch(first, schema, flat=flat)
        for chunk in stream:
            yield _batch(chunk, schema, flat=flat)

    return schema, batches()


def _schema(ids: Sequence[Any], *, split: bool, flat: bool) -> pa.Schema:
    import pyarrow as pa

    whole = bool(ids) and all(map(_is_whole, ids))
    types = _types(split=split)
    fields = [
        pa.field(name, pa.string() if flat and pa.types.is_nested(types[name]) else types[name])
        for name in (_SPLIT if split else _UNITS)
    ]
    return pa.schema([("id", pa.int64() if whole else pa.string()), *fields, ("error", pa.string())])


def _types(*, split: bool) -> dict[str, pa.DataType]:
    import pyarrow as pa

    text, place, number = pa.string(), pa.int32(), pa.float64()
    span = [("text", text), ("start", place), ("end", place)]
    unit_id = [("unit_id", text)] if split else []
    figure = [
        *(*span, ("value", number), ("unit", text), ("bound", text), ("low", number), ("high", number)),
        *(("negated", pa.bool_()), ("object", text), ("metric", text), ("channel", text), *unit_id),
    ]
    platform = [*span, ("type", text), ("name", text), *unit_id]
    head = [("id", text), ("section", text), ("path", pa.list_(text)), ("marker", text)]
    unit = [*head, *span, ("kind", text), ("score", number), ("themes", pa.list_(text))]
    return {
        "kind": text,
        "score": number,
        "themes": pa.list_(text),
        "units": pa.list_(pa.struct(unit)),
        "figures": pa.list_(pa.struct(figure)),
        "platforms": pa.list_(pa.struct(platform)),
    }


def _batch(chunk: Sequence[Tagged], schema: pa.Schema, *, flat: bool) -> pa.RecordBatch:
    import pyarrow as pa

    answers = [msgspec.json.decode(one.line) if one.line else {} for one in chunk]
    columns: list[Any] = [_ids(chunk, schema.field("id").type)]
    for field in list(schema)[1:-1]:
        values = [answer.get(field.name) for answer in answers]
        columns.append([_flat(field.name, one) for one in values] if flat else _doubled(field.name, values))
    columns.append([one.error for one in chunk])
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _is_whole(value: Any) -> bool:
    """Whether an id is a whole number that a column of such numbers can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _ids(chunk: Sequence[Tagged], type_: Any) -> list[Any]:
    """The ids as of the type of their column. Raises `GongkaiError` where one is none: it would be lost."""
    import pyarrow as pa

    ids = [one.id for one in chunk]
    if type_ == pa.string():
        return [one if one is None or isinstance(one, str) else _shown(one) for one in ids]
    for one in chunk:
        if one.id is not None and not _is_whole(one.id):
            raise GongkaiError(
                f"{one.place}: the id {_shown(one.id)!r} is no whole number as those before it: nothing was "
                "written; -o FILE.jsonl keeps ids of every kind, --id-column names another column"
            )
    return ids


def _shown(value: Any) -> str:
    return msgspec.json.encode(value, enc_hook=str).decode().strip('"')


def _flat(name: str, value: Any) -> Any:
    """A value as a sheet holds it: themes parted by |, figures and the like as JSON."""
    if not isinstance(value, list):
        return value
    return "|".join(value) or None if name == "themes" else msgspec.json.encode(value).decode()


def _doubled(name: str, values: list[Any]) -> list[Any]:
    """Figures with their numbers as doubles: Arrow refuses whole numbers beyond 2 ** 53."""
    if name != "figures":
        return values
    for figure in (figure for one in values for figure in one or ()):
        for field in ("value", "low", "high"):
            figure[field] = None if figure[field] is None else float(figure[field])
    return values
