"""The labelled corpus on disk: its schema, reading it with every line checked, and writing it.

    corpus/units/SPLIT/YEAR.jsonl     one labelled unit a line (the config `units`)
    corpus/reports/SPLIT/YEAR.jsonl   one report a line, its text and sections (`reports`)
    corpus/figures/SPLIT/YEAR.jsonl   one sentence with its figures and platforms a line (`figures`)

SPLIT is train, validation or test; no agency stands in two. `part` of a report is main (the balance of
real reports), boost (rare kinds and themes), hard (difficult cases) or rough (dialect, shorthand, ornament:
learnt from, and scored apart).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from extract.classify.cues import load_labels
from extract.errors import BadData
from extract.report import Section, SectionId, Severity, Value

SPLITS = ("train", "validation", "test")
Part = Literal["main", "boost", "hard", "rough"]
THEMED = ("problem", "measure")


class Row(Value, frozen=True, forbid_unknown_fields=True):
    """What every line of the corpus says of the report it is from. `hand` names the writer's manner."""

    id: str
    report_id: str
    agency: str
    level: str
    year: int
    hand: str
    part: Part


class UnitRow(Row, frozen=True, forbid_unknown_fields=True):
    """A labelled unit; `start` and `end` are code points in the text of its report, end exclusive.

    `hard` marks a unit over which a careful reader could hesitate. `source` says where the text is from.
    """

    section: SectionId
    path: tuple[str, ...]
    marker: str | None
    text: str
    start: int
    end: int
    kind: str
    themes: tuple[str, ...]
    hard: bool
    source: str = "written"


class SectionSpan(Section, frozen=True, forbid_unknown_fields=True):
    """A section of a corpus report, from its heading line to the next."""


class ReportRow(Row, frozen=True, forbid_unknown_fields=True):
    """A report of the corpus, whole; `id` and `report_id` are the same."""

    title: str | None
    text: str
    sections: tuple[SectionSpan, ...]
    source: str = "written"


class FigureSpan(Value, frozen=True, forbid_unknown_fields=True):
    """A figure as the contract defines it.

    Where the contract leaves room, `…_ok` lists what is right as well (`text_ok`: other surfaces that hold or
    are held by `text`), and `optional` says that the figure may be left out.
    """

    text: str
    start: int
    end: int
    value: int | float
    unit: str | None
    bound: str
    low: int | float | None
    high: int | float | None
    negated: bool
    object: str | None
    metric: str
    channel: str | None
    optional: bool = False
    object_ok: tuple[str | None, ...] = ()
    metric_ok: tuple[str, ...] = ()
    channel_ok: tuple[str | None, ...] = ()
    unit_ok: tuple[str | None, ...] = ()
    text_ok: tuple[str, ...] = ()


class PlatformSpan(Value, frozen=True, forbid_unknown_fields=True):
    """A platform as the contract defines it; `optional` and `text_ok` as with figures."""

    text: str
    start: int
    end: int
    type: str
    optional: bool = False
    text_ok: tuple[str, ...] = ()


class FigureRow(Value, frozen=True, forbid_unknown_fields=True):
    """A sentence with all its figures and platforms; offsets into `text`."""

    id: str
    text: str
    figures: tuple[FigureSpan, ...]
    platforms: tuple[PlatformSpan, ...]
    hand: str = ""
    level: str = ""
    year: int | None = None
    section: str | None = None
    path: tuple[str, ...] = ()
    trap: str = ""  # what makes the sentence hard; see figure_scores.TRAPS


CONFIGS: dict[str, type[Any]] = {"units": UnitRow, "reports": ReportRow, "figures": FigureRow}
Loaded = TypeVar("Loaded", UnitRow, ReportRow, FigureRow)


class Fault(Value, frozen=True):
    """What is wrong with a line of the corpus, and where; a `warning` may be right all the same."""

    file: str
    line: int
    field: str
    message: str
    rule: str = "schema"
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


# ---- reading ---------------------------------------------------------------------------------------------


def load_units(folder: str | os.PathLike[str], splits: Sequence[str] = SPLITS) -> list[UnitRow]:
    """The labelled units of the splits, by file and line. Raises `BadData` naming file, line and field."""
    return [row for _, row in iterate_rows(folder, UnitRow, splits)]


def load_reports(folder: str | os.PathLike[str], splits: Sequence[str] = SPLITS) -> list[ReportRow]:
    """The reports of the splits, by file and line. Raises `BadData` naming file, line and field."""
    return [row for _, row in iterate_rows(folder, ReportRow, splits)]


def iterate_rows(
    folder: str | os.PathLike[str], schema: type[Loaded], splits: Sequence[str] = SPLITS
) -> Iterator[tuple[str, Loaded]]:
    """Each row of one config with the name of its split. Raises `BadData` at the first bad line."""
    for split, file in find_files(folder, schema, splits):
        for _, row in read_rows(file, schema, _refuse):
            yield split, row


def find_files(
    folder: str | os.PathLike[str], schema: type[Any], splits: Sequence[str] = SPLITS
) -> Iterator[tuple[str, Path]]:
    """The files of one config, each with the name of its split, in the order of splits and years."""
    config = next(name for name, type_ in CONFIGS.items() if type_ is schema)
    for split in splits:
        for file in sorted((Path(folder) / config / split).glob("*.jsonl")):
            yield split, file


def read_rows(
    file: Path, schema: type[Loaded], complain: Callable[[Fault], None]
) -> Iterator[tuple[int, Loaded]]:
    """The rows of one file with their line numbers; a bad line goes to `complain` and is left out."""
    decoder = msgspec.json.Decoder(schema)
    for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            complain(Fault(str(file), number, _field_of(str(error)), str(error)))
            continue
        faults = list(find_faults(row))
        for field, message in faults:
            complain(Fault(str(file), number, field, message))
        if not faults:
            yield number, row


def _refuse(fault: Fault) -> None:
    raise BadData(str(fault))


def _field_of(message: str) -> str:
    """The field that a message of msgspec names: ``$.year`` or `year` in backquotes."""
    if "$." in message:
        return message.rsplit("$.", 1)[1].rstrip("`")
    if "field `" in message:
        return message.split("field `", 1)[1].split("`", 1)[0]
    return "line"


def find_faults(row: UnitRow | ReportRow | FigureRow) -> Iterator[tuple[str, str]]:
    """What the types do not say: pairs of field and fault."""
    if isinstance(row, UnitRow):
        yield from _unit_faults(row)
    elif isinstance(row, ReportRow):
        yield from _section_faults(row)
    else:
        for field, spans in (("figures", row.figures), ("platforms", row.platforms)):
            for span in spans:
                if row.text[span.start : span.end] != span.text:
                    yield field, f"{span.text!r} is not what stands at {span.start}:{span.end}"


def _unit_faults(row: UnitRow) -> Iterator[tuple[str, str]]:
    labels = load_labels()
    if row.kind not in labels.kinds:
        yield "kind", f"no kind {row.kind!r}; there are: {', '.join(labels.kinds)}"
    for theme in row.themes:
        if theme not in labels.themes:
            yield "themes", f"no theme {theme!r}; there are: {', '.join(labels.themes)}"
    if len(set(row.themes)) != len(row.themes):
        yield "themes", "a theme twice"
    if row.themes and row.kind not in THEMED:
        yield "themes", f"only a problem or a measure has themes, none a unit that is {row.kind}"
    if row.end - row.start != len(row.text):
        yield "end", f"{row.start}:{row.end} is not as long as the text"
    if not row.text.strip() or row.text != row.text.strip():
        yield "text", "empty, or with white space around"
    if not 2000 <= row.year <= 2100:
        yield "year", f"{row.year} is no year of a report"


def _section_faults(row: ReportRow) -> Iterator[tuple[str, str]]:
    at = 0
    for section in row.sections:
        if not at <= section.start <= section.end <= len(row.text):
            yield "sections", f"{section.id} at {section.start}:{section.end} is out of order"
        if section.heading and not row.text.startswith(section.heading, section.start):
            yield "sections", f"{section.heading!r} does not stand at {section.start}"
        at = section.end


# ---- writing ---------------------------------------------------------------------------------------------


def write_rows(folder: str | os.PathLike[str], rows: Iterable[tuple[str, UnitRow | ReportRow]]) -> list[Path]:
    """Write rows, each with its split, beside what lies there; return the files written.

    All rows of the same report that lie there are replaced; every file is sorted by id, so that a diff shows
    what changed and nothing else.
    """
    coming = list(rows)
    replaced: dict[type[Any], set[str]] = {}
    for _, row in coming:
        replaced.setdefault(type(row), set()).add(row.report_id)
    files: dict[Path, list[UnitRow | ReportRow]] = {}
    for schema, reports in replaced.items():
        for _, file in find_files(folder, schema):
            kept = [row for _, row in read_rows(file, schema, _refuse)]
            files[file] = [row for row in kept if row.report_id not in reports]
    for split, row in coming:
        config = "units" if isinstance(row, UnitRow) else "reports"
        files.setdefault(Path(folder) / config / split / f"{row.year}.jsonl", []).append(row)
    return [file for file, content in sorted(files.items()) if _write_file(file, content)]


def _write_file(file: Path, rows: Sequence[UnitRow | ReportRow]) -> bool:
    """Write one file, sorted; say whether anything changed. A file without rows is taken away."""
    content = b"".join(msgspec.json.encode(row) + b"\n" for row in sorted(rows, key=lambda row: row.id))
    if file.exists() and file.read_bytes() == content:
        return False
    if not content:
        file.unlink(missing_ok=True)
        return True
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return True


@cache
def theme_order() -> dict[str, int]:
    """The place of each theme in labels.toml."""
    return {theme: place for place, theme in enumerate(load_labels().themes)}


def sort_themes(themes: Iterable[str]) -> tuple[str, ...]:
    """Themes once each, in the order of labels.toml; unknown ones last, for the check to name."""
    return tuple(sorted(set(themes), key=lambda theme: (theme_order().get(theme, 99), theme)))
