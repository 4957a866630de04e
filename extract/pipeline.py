"""From bytes to a checked report: every step once, in order. The map of the program.

read → normalise → title, sections → tables → units → classify → platforms → figures → check
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from msgspec.structs import replace

from extract.check import check_reports
from extract.classify import Classifier, classify_reports, load_model
from extract.errors import NotAReport, UnreadableFile, blame_program
from extract.figures import find_all_figures, find_topic
from extract.normalise import normalise_all
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
from extract.tables import read_all_tables
from extract.title import Heading, is_report, read_heading
from extract.units import join_atoms, split_all_atoms
from extract.version import VERSION

if TYPE_CHECKING:
    from extract.read.member import Member

MAX_BYTES = 200 * 2**20
BATCH = 64  # reports that take each step together; 16 take a tenth more time and 6 MiB less (2026-11)
SECONDS = 1.0  # after which a batch is as large as it gets: scans are read one in some ten seconds
LOT = 32  # of a batch, scored together: 16 take up to a tenth more time, 64 take 8 MiB more (2026-11)
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

    Sources are read `BATCH` at a time, or as many as a second is enough for, and parsed together. Raises
    `TypeError` for one source by itself, whose characters would else be taken for as many paths.
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

    The result is what `parse_document` gives for each. All documents take a step before any takes the next,
    so that the step's code and vocabulary stay in the processor's cache: one by one they take twice the time.
    """
    drafts = _start(list(documents))
    classifier = model or load_model()
    outlines = _outline([one for one in drafts if isinstance(one, _Draft)])
    finished = iter(_finish(outlines, _label(outlines, classifier), classifier.name))
    return [next(finished) if isinstance(one, _Draft) else one for one in drafts]


def parse_batches(
    documents: Iterable[Read], *, model: Classifier | None = None
) -> Iterator[Report | UnreadableFile]:
    """As `parse_safely`, over any number of documents: `BATCH` at a time, or those of a second."""
    waiting = iter(documents)
    while batch := list(_take_batch(waiting)):
        yield from parse_safely(batch, model=model)


def _take_batch(waiting: Iterator[Read]) -> Iterator[Read]:
    """The next documents, which are read as they are taken."""
    end = time.monotonic() + SECONDS
    for one in islice(waiting, BATCH):
        yield one
        if time.monotonic() > end:
            return


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


class _Draft(NamedTuple):
    """A document that is a report, and its text."""

    document: Document
    source: Source
    text: Text


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


def _start(documents: Sequence[Read]) -> list[_Draft | UnreadableFile]:
    """Each document with its text; an error stays what it is, and what is no report becomes one."""
    read = [one for one in documents if not isinstance(one, UnreadableFile)]
    texts = iter(normalise_all([document for document, _ in read]))
    return [one if isinstance(one, UnreadableFile) else _accept(*one, next(texts)) for one in documents]


def _accept(document: Document, source: Source, text: Text) -> _Draft | NotAReport:
    """The document, or the error that it is no report."""
    reason = is_report(text)
    return _Draft(document, source, text) if reason is None else NotAReport(_name((document, source)), reason)


def _outline(drafts: Sequence[_Draft]) -> list[_Outline]:
    """The steps up to the labels."""
    headings = [read_heading(one.text, one.document) for one in drafts]
    sections = [find_sections(one.text, its.title_end) for one, its in zip(drafts, headings)]
    tables = read_all_tables([(one.text, theirs) for one, theirs in zip(drafts, sections)])
    tables = [
        _mark_scanned(those) if one.document.read_by == "ocr" else those for one, those in zip(drafts, tables)
    ]
    parted = split_all_atoms(
        [(one.text, its, those.spans) for one, its, those in zip(drafts, sections, tables)]
    )
    return [
        _Outline(
            source=one.source,
            published=one.document.published or heading.published,
            text=one.text,
            heading=heading,
            sections=its,
            tables=those,
            atoms=atoms,
            omitted=omitted,
        )
        for one, heading, its, those, (atoms, omitted) in zip(drafts, headings, sections, tables, parted)
    ]


def _mark_scanned(tables: Tables) -> Tables:
    """The tables of a scan: OCR read all their cells, also where it read lines of running text."""
    return replace(tables, cells=tuple(replace(cell, read_by="ocr") for cell in tables.cells))


def _label(outlines: Sequence[_Outline], classifier: Classifier) -> list[tuple[Label, ...]]:
    """The labels of the atoms of each report."""
    reports = [(one.text.text, one.atoms) for one in outlines]
    lots = (reports[at : at + LOT] for at in range(0, len(reports), LOT))
    return [labels for lot in lots for labels in classify_reports(lot, classifier)]


def _name(read: Read) -> str:
    """How messages name a document."""
    if isinstance(read, UnreadableFile):
        return read.path
    _, source = read
    return source.path if source.member is None else f"{source.path}!{source.member}"


def _finish(
    outlines: Sequence[_Outline], labels: Sequence[tuple[Label, ...]], model_name: str
) -> list[Report]:
    """The steps after the labels."""
    units = [join_atoms(one.text, one.atoms, theirs) for one, theirs in zip(outlines, labels)]
    reports = [
        _compose(one, its, *found, model_name) for one, its, found in zip(outlines, units, _find(units))
    ]
    findings = check_reports([(report, one.tables, one.text) for report, one in zip(reports, outlines)])
    return [replace(report, findings=found) if found else report for report, found in zip(reports, findings)]


def _find(reports: Sequence[Sequence[Unit]]) -> list[tuple[tuple[Platform, ...], tuple[Figure, ...]]]:
    """Platforms and figures in the units of each report, with offsets into its whole text."""
    units = [unit for each in reports for unit in each]
    texts = [unit.text for unit in units]
    named = find_all_platforms(texts)
    counted = find_all_figures(texts, named, [find_topic(unit.section, unit.path) for unit in units])
    ends = list(accumulate(map(len, reports)))
    parts = [slice(end - len(each), end) for each, end in zip(reports, ends)]
    return [(_place(named[part], units[part]), _place(counted[part], units[part])) for part in parts]


def _compose(
    outline: _Outline,
    units: tuple[Unit, ...],
    platforms: tuple[Platform, ...],
    figures: tuple[Figure, ...],
    model_name: str,
) -> Report:
    """The report as it is before it is checked."""
    heading, tables = outline.heading, outline.tables
    return Report(
        id=outline.source.sha256[:16],
        source=replace(outline.source, version=f"{outline.source.version}+{model_name}"),
        agency=heading.agency,
        year=heading.year,
        title=heading.title,
        form=tables.form,
        published=outline.published,
        text=outline.text.text,
        sections=outline.sections,
        units=units,
        platforms=platforms,
        figures=figures,
        cells=tables.cells,
        findings=(),
        omitted=outline.omitted,
    )


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
