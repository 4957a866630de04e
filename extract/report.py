"""The types of what is read and found; the JSON that gongkai writes is these types written out.

Values are frozen. `start` and `end` are code points in `Text.text` (and so in `Report.text`), end exclusive:
`text[start:end]` is the surface that a value was read from.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

SectionId = Literal["preamble", "overview", "proactive", "requests", "review", "problems", "other"]
Severity = Literal["error", "warning"]
Origin = Literal["report", "reading"]
ReadBy = Literal["text", "grid", "ocr"]
Bound = Literal["exact", "more", "less", "about", "range"]
Number = int | float


class Value(msgspec.Struct, frozen=True, gc=False):
    """A frozen record; `replace` gives a copy with some fields changed."""

    def to_dict(self) -> dict[str, Any]:
        """The record and all it holds as plain dicts, lists, strings and numbers."""
        result: dict[str, Any] = msgspec.to_builtins(self)
        return result


# ---- what a reader hands on ------------------------------------------------------------------------------


class Paragraph(Value, frozen=True, gc=False):
    """A line of running text as the reader met it, without its line end.

    `wrapped` says that the line end may be no paragraph end (text files, PDF); a reader that knows its
    paragraphs (HTML, DOCX) leaves it False. `gap` says that blank space stood before it. `heading` says that
    the container marks it as a heading (`<h2>`, a Word heading style, Markdown #).
    """

    text: str
    wrapped: bool = False
    gap: bool = False
    heading: bool = False


class GridCell(Value, frozen=True, gc=False):
    """One cell of a table as found: text (inner line breaks as \\n), place and spans, all from 0."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


class Grid(Value, frozen=True, gc=False):
    """A table as found, cells in reading order.

    `exact` says that rows, columns and spans are known (HTML, DOCX, ruled PDF, spreadsheet); False that they
    were told by tabs, pipes or blank lines, so that rows may be ragged or shifted.
    """

    cells: tuple[GridCell, ...]
    exact: bool = False
    read_by: ReadBy = "grid"


class Document(Value, frozen=True, gc=False):
    """What a reader hands on: paragraphs and grids in reading order, and what the file says of itself."""

    blocks: tuple[Paragraph | Grid, ...]
    media_type: str = "text/plain"
    encoding: str | None = None
    title: str | None = None  # the container's own title (<title>, document property); a hint, not the answer
    publisher: str | None = None  # 发布机构 of the page's own metadata, likewise a hint
    published: str | None = None  # publication day, ISO date, where the page states it
    pictures: int = 0  # pictures large enough to be a table
    read_by: ReadBy = "text"  # "ocr" where the text itself comes from OCR


# ---- the normalised text ---------------------------------------------------------------------------------


class TextCell(Value, frozen=True, gc=False):
    """A cell of a `TextGrid`; `text[start:end]` is its content without the white space around."""

    start: int
    end: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


class TextGrid(Value, frozen=True, gc=False):
    """A table in the normalised text: row by row, cells parted by tabs, blank cells kept."""

    start: int
    end: int
    cells: tuple[TextCell, ...]
    exact: bool = False
    read_by: ReadBy = "grid"


class Line(Value, frozen=True, gc=False):
    """A line of the normalised text outside any grid, without its line end."""

    start: int
    end: int
    heading: bool = False  # marked as a heading by the container
    gap: bool = False


class Text(Value, frozen=True, gc=False):
    """The normalised text that all offsets point into, and where its lines and tables lie."""

    text: str
    lines: tuple[Line, ...]
    grids: tuple[TextGrid, ...] = ()
    furniture: tuple[Omitted, ...] = ()  # lines kept in `text` that are no part of the report
    removed: tuple[str, ...] = ()  # lines taken out of the text: site furniture, page numbers, running heads
    pictures: int = 0  # of the document, large enough to be a table and not read as one


# ---- what is found ---------------------------------------------------------------------------------------


class Source(Value, frozen=True, gc=False):
    """Where a report came from. `sha256` is of the bytes; `version`: gongkai with its rules + model."""

    path: str
    member: str | None
    sha256: str
    media_type: str
    encoding: str | None
    version: str


class Section(Value, frozen=True, gc=False):
    """A part of the report; `heading` as printed (None for the preamble), span from heading to the next."""

    id: SectionId
    heading: str | None
    start: int
    end: int


class Omitted(Value, frozen=True, gc=False):
    """A stretch of narrative that is in no unit, and why."""

    start: int
    end: int
    # heading | marker | table | caption | title | signature | fragment | contents | furniture | copy
    reason: str


class Unit(Value, frozen=True, gc=False):
    """The smallest stretch that says one thing, with its kind and themes."""

    id: str
    section: SectionId
    path: tuple[str, ...]
    marker: str | None
    text: str
    start: int
    end: int
    kind: str | None = None
    score: float | None = None
    themes: tuple[str, ...] = ()


class Platform(Value, frozen=True, gc=False):
    """A mention of a channel; `name` is the account's or site's own name where it stands beside it."""

    text: str
    start: int
    end: int
    type: str
    unit_id: str | None = None
    name: str | None = None


class Figure(Value, frozen=True, gc=False):
    """A count, amount, rate or stated absence in the narrative.

    `value` in the base unit (12000 for 1.2万条); `low` and `high` inclusive, None where open.
    """

    text: str
    start: int
    end: int
    value: Number
    unit: str | None
    bound: Bound
    low: Number | None
    high: Number | None
    negated: bool
    object: str | None
    metric: str
    channel: str | None
    unit_id: str | None = None


class Cell(Value, frozen=True, gc=False):
    """One number of the statutory form; `value` is None where the cell is empty or cannot be read."""

    table: str
    row: str
    column: str
    value: Number | None
    raw: str | None
    label: str | None
    start: int | None
    end: int | None
    read_by: ReadBy

    @property
    def id(self) -> str:
        return f"{self.table}.{self.row}.{self.column}"


class PrintedLabel(Value, frozen=True, gc=False):
    """A row, column or band label as printed, and the statutory label it stands for.

    `misprinted` where the wording differs beyond punctuation, local notes and 其它/其他.
    """

    table: str
    id: str  # the row or column id it names
    printed: str
    statutory: str
    start: int
    end: int
    misprinted: bool = False


class Doubt(Value, frozen=True, gc=False):
    """Cells whose reading is unsure, and why: the findings that rest on them have origin `reading`."""

    cells: tuple[str, ...]
    reason: str


class Tables(Value, frozen=True, gc=False):
    """All that was read from the statutory tables of one report."""

    form: str | None
    cells: tuple[Cell, ...]
    spans: tuple[tuple[int, int], ...]  # stretches of the text that are table: rows, headers, captions, notes
    labels: tuple[PrintedLabel, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    unitless: tuple[str, ...] = ()  # ids of amounts whose unit is stated nowhere
    forms: dict[str, str] = {}  # table → edition its labels follow, where tables differ


class Finding(Value, frozen=True, gc=False):
    """One fault found. `where` lists cells as `table.row.column` and spans as `start:end`."""

    rule: str
    severity: Severity
    origin: Origin
    message: str
    where: tuple[str, ...]


class Report(Value, frozen=True, gc=False):
    """One report, read whole."""

    id: str
    source: Source
    agency: str | None
    year: int | None
    title: str | None
    form: str | None
    published: str | None
    text: str
    sections: tuple[Section, ...]
    units: tuple[Unit, ...]
    platforms: tuple[Platform, ...]
    figures: tuple[Figure, ...]
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    omitted: tuple[Omitted, ...] = ()

    def to_json(self) -> bytes:
        """The report as one line of JSON, UTF-8, without the line end."""
        return msgspec.json.encode(self)


# ---- between segmentation and classification --------------------------------------------------------------


class Atom(Value, frozen=True, gc=False):
    """The least stretch that a kind is given to: an enumerated item, a lead-in, or a sentence of a paragraph.

    Atoms of one `paragraph` that are no items are joined into one unit while their kind stays the same.
    """

    section: SectionId
    path: tuple[str, ...]
    marker: str | None
    start: int
    end: int
    paragraph: int  # number of the paragraph in the report
    item: bool = False  # enumerated: never joined with its neighbours
    lead_in: bool = False  # a clause such as 存在以下问题： : a unit by itself, without themes


class Label(Value, frozen=True, gc=False):
    """What a classifier says of one atom or unit: a probability a kind (order of labels.toml), and themes."""

    scores: tuple[float, ...]
    themes: tuple[str, ...] = ()
