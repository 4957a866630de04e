"""From bytes to a checked report: every step once, in order. The map of the program.

read → normalise → title, sections → tables → units → classify → platforms → figures → check
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from msgspec.structs import replace

from extract.check import check_report
from extract.classify import Classifier, classify_reports, load_model
from extract.errors import NotAReport, UnreadableFile, blame_program
from extract.figures import find_all_figures, find_topic
from extract.normalise import normalise
from extract.platforms import find_all_platforms
from extract.read import read_document
from extract.report import (
    Atom,
    Document,
    Figure,
    Label,
    Omitted,
    Platform,
    Report,
    Section,
    Source,
    Tables,
    Text,
    Unit,
)
from extract.sections import find_sections
from extract.tables import read_tables
from extract.title import Heading, is_report, read_heading
from extract.units import join_atoms, split_atoms
from extract.version import VERSION

if TYPE_CHECKING:
    from extract.read.member import Member

MAX_BYTES = 200 * 2**20
BATCH = 16  # reports classified together; 8 take 5% more time, 32 gain nothing and take 6 MiB (2026-11)
Read = tuple[Document, Source] | UnreadableFile  # what reading a file came to
Found = TypeVar("Found", Platform, Figure)


def parse(
    source: str | os.PathLike[str] | bytes,
    *,
    name: str | None = None,
    media_type: str | None = None,
    model: Classifier | None = None,
) -> Report:
    """One report, read whole.

    `source` is a path, the bytes of a file, or the text of a report (a string with a line break in it).
    `name` stands in messages and in `source.path` where there is no path; `media_type` overrides what the
    content looks like; `model` overrides the default model of kinds and themes.

    Raises `UnreadableFile` where the source cannot be read, `NotAReport` (a subclass) where it is no report.
    """
    document, origin = _read(source, name, media_type)
    return parse_document(document, origin, model=model)


def parse_many(
    sources: Iterable[str | os.PathLike[str] | bytes], *, model: Classifier | None = None
) -> Iterator[Report | UnreadableFile]:
    """A report for each source (as `parse` takes them), in order; the error in its place where there is one.

    Sources are read `BATCH` at a time, so that their narratives are classified together. Raises `TypeError`
    for one source by itself, whose characters would else be taken for as many paths.
    """
    if isinstance(sources, (str, bytes, os.PathLike)):
        raise TypeError("parse_many takes several sources: [source], or sorted(Path(folder).rglob('*.html'))")
    yield from parse_batches(map(_read_source, sources), model=model)


def parse_document(document: Document, source: Source, *, model: Classifier | None = None) -> Report:
    """The steps after reading. `source` says where `document` came from and gives the report its id."""
    (report,) = parse_documents([(document, source)], model=model)
    if isinstance(report, UnreadableFile):
        raise report
    return report


def parse_documents(
    documents: Iterable[Read], *, model: Classifier | None = None
) -> list[Report | UnreadableFile]:
    """The steps after reading for several documents, in order; an error in its place.

    The result is what `parse_document` gives for each; all are classified at once, which costs a fifth.
    """
    outlines = [_read_outline(one) for one in documents]
    classifier = model or load_model()
    whole = [one for one in outlines if isinstance(one, _Outline)]
    labels = iter(classify_reports([(one.text.text, one.atoms) for one in whole], classifier))
    return [
        _finish(one, next(labels), classifier.name) if isinstance(one, _Outline) else one for one in outlines
    ]


def parse_batches(
    documents: Iterable[Read], *, model: Classifier | None = None
) -> Iterator[Report | UnreadableFile]:
    """As `parse_safely`, over any number of documents: `BATCH` are classified at a time."""
    waiting = iter(documents)
    while batch := list(islice(waiting, BATCH)):
        yield from parse_safely(batch, model=model)


def parse_safely(
    documents: Sequence[Read], *, model: Classifier | None = None
) -> list[Report | UnreadableFile]:
    """As `parse_documents`; a document that trips the program up costs itself alone, and says so."""
    try:
        return parse_documents(documents, model=model)
    except Exception as error:  # noqa: BLE001 - the batch boundary
        if len(documents) > 1:
            return [result for one in documents for result in parse_safely([one], model=model)]
        return [blame_program(_name(one), error) for one in documents]


class _Outline(NamedTuple):
    """What is known of a report before its atoms are labelled."""

    source: Source
    published: str | None
    text: Text
    heading: Heading
    sections: tuple[Section, ...]
    tables: Tables
    atoms: tuple[Atom, ...]
    omitted: tuple[Omitted, ...]


def _read_outline(read: Read) -> _Outline | UnreadableFile:
    """The steps up to the labels; an error stays what it is, and what is no report becomes one."""
    if isinstance(read, UnreadableFile):
        return read
    document, source = read
    text = normalise(document)
    reason = is_report(text)
    if reason is not None:
        return NotAReport(_name(read), reason)
    heading = read_heading(text, document)
    sections = find_sections(text)
    tables = read_tables(text, sections)
    if document.read_by == "ocr":  # also where the lines of a table were read as running text
        cells = tuple(replace(cell, read_by="ocr") for cell in tables.cells)
        tables = replace(tables, cells=cells)
    atoms, omitted = split_atoms(text, sections, tables.spans)
    published = document.published or heading.published
    return _Outline(source, published, text, heading, sections, tables, atoms, omitted)


def _name(read: Read) -> str:
    """How messages name a document."""
    if isinstance(read, UnreadableFile):
        return read.path
    _, source = read
    return source.path if source.member is None else f"{source.path}!{source.member}"


def _finish(outline: _Outline, labels: Sequence[Label], model_name: str) -> Report:
    """The steps after the labels."""
    text, heading, tables = outline.text, outline.heading, outline.tables
    units = join_atoms(text, outline.atoms, labels)
    platforms, figures = _find_in_units(units)
    report = Report(
        id=outline.source.sha256[:16],
        source=replace(outline.source, version=f"{outline.source.version}+{model_name}"),
        agency=heading.agency,
        year=heading.year,
        title=heading.title,
        form=tables.form,
        published=outline.published,
        text=text.text,
        sections=outline.sections,
        units=units,
        platforms=platforms,
        figures=figures,
        cells=tables.cells,
        findings=(),
        omitted=outline.omitted,
    )
    findings = check_report(report, tables, text)
    return replace(report, findings=findings) if findings else report


def _find_in_units(units: Sequence[Unit]) -> tuple[tuple[Platform, ...], tuple[Figure, ...]]:
    """Platforms and figures of all units, with offsets into the whole text."""
    texts = [unit.text for unit in units]
    named = find_all_platforms(texts)
    counted = find_all_figures(texts, named, [find_topic(unit.section, unit.path) for unit in units])
    return _place(named, units), _place(counted, units)


def _place(found: Sequence[Sequence[Found]], units: Sequence[Unit]) -> tuple[Found, ...]:
    """What was found in each unit, with the name of the unit and offsets into the whole text."""
    return tuple(
        [
            replace(one, start=one.start + unit.start, end=one.end + unit.start, unit_id=unit.id)
            for unit, each in zip(units, found)
            for one in each
        ]
    )


def parse_members(
    members: Iterable[Member], path: str, *, model: Classifier | None = None
) -> Iterator[Report | UnreadableFile]:
    """A report for each document of a file or archive, in order; an error in its place."""
    yield from parse_batches((describe(member, path) for member in members), model=model)


def describe(member: Member, path: str) -> Read:
    """A document of a file or archive with where it came from; the error where it could not be read."""
    if isinstance(member.document, UnreadableFile):
        return member.document
    return member.document, describe_member(member, path)


def describe_member(member: Member, path: str) -> Source:
    """Where a document of a file or archive came from."""
    document = member.document
    assert isinstance(document, Document)
    return Source(path, member.name, member.sha256, document.media_type, document.encoding, VERSION)


def describe_source(data: bytes, path: str, document: Document, member: str | None = None) -> Source:
    """Where a document came from; the hash is of the bytes read."""
    return Source(
        path=path,
        member=member,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=document.media_type,
        encoding=document.encoding,
        version=VERSION,
    )


def _read(
    source: str | os.PathLike[str] | bytes, name: str | None = None, media_type: str | None = None
) -> tuple[Document, Source]:
    data, path = _load(source, name)
    document = read_document(data, path, media_type)
    return document, describe_source(data, path, document)


def _read_source(source: str | os.PathLike[str] | bytes) -> Read:
    try:
        return _read(source)
    except UnreadableFile as error:
        return error
    except Exception as error:  # noqa: BLE001 - one file must not end a batch
        return blame_program("<bytes>" if isinstance(source, bytes) else os.fspath(source)[:200], error)


def _load(source: str | os.PathLike[str] | bytes, name: str | None) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, name or "<bytes>"
    if isinstance(source, str) and "\n" in source:
        return source.encode("utf-8", "surrogatepass"), name or "<text>"
    path = os.fspath(source)
    return read_bytes(path), name or path


def read_bytes(path: str) -> bytes:
    """The content of a file, or `UnreadableFile` with the reason in words."""
    try:
        with open(path, "rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise UnreadableFile(
                    path, f"{size:,} bytes is more than the {MAX_BYTES:,} that a report may have"
                )
            return file.read()
    except FileNotFoundError:
        raise UnreadableFile(path, "no such file") from None
    except IsADirectoryError:
        raise UnreadableFile(path, "is a folder, not a file") from None
    except (OSError, ValueError) as error:
        raise UnreadableFile(path, getattr(error, "strerror", None) or str(error)) from error
