"""Reports labelled in plain text → rows of the corpus.

A line of the file is a line of the report. `@@ key=value` begins a report, `=SECTION heading` a section, `-`
and `--` a sub-heading alone on its line. In a paragraph each unit begins with its tag: `{kind}`,
`{problem:content,channel}`, `{measure|一是}` with the marker that stands before it, `!` for a hard case.
`<heading>` and `<<heading>>` run into the line, `‹…›` stands between marker and text, `⟦…⟧` is in no unit.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

from msgspec.structs import replace

from extract.classify.cues import clause_ends, load_labels
from extract.errors import BadData
from extract.learn.corpus import THEMED, Part, ReportRow, SectionSpan, UnitRow, sort_themes
from extract.report import SectionId
from extract.user_files import decode_text

TOKEN = re.compile(
    r"""
    \{(?P<tag>[a-z_:,!\s]+)(?:\|(?P<marker>[^}]*))?\}   # {problem:content!|一是}
    | <<(?P<second>[^<>]+)>>                            # <<1.栏目维护。>>
    | <(?P<first>[^<>]+)>                               # <（一）主动公开情况。>
    | ‹(?P<between>[^›]*)›                              # ‹，›
    | ⟦(?P<fragment>[^⟧]*)⟧                             # ⟦下一步，⟧
    """,
    re.VERBOSE,
)
LOOSE = re.compile(r"[{}<>⟦⟧‹›]")
SECTION_IDS = frozenset(get_args(SectionId))
PARTS = frozenset(get_args(Part))
HEADER_KEYS = frozenset(["id", "hand", "agency", "level", "year", "title", "split"])
REQUIRED_KEYS = ("id", "hand", "agency", "level", "year")


class MarkedReport(NamedTuple):
    """A report and its labelled units."""

    report: ReportRow
    units: tuple[UnitRow, ...]


class _Tagged(NamedTuple):
    """A unit while its text is being read."""

    kind: str
    themes: tuple[str, ...]
    hard: bool
    marker: str | None


def read_markup(file: str | os.PathLike[str]) -> list[MarkedReport]:
    """The reports of one file of markup. Raises `BadData` naming file and line."""
    name = os.fspath(file)
    reports: list[MarkedReport] = []
    builder: _Builder | None = None
    lines = decode_text(Path(file).read_bytes(), str(file)).splitlines()
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}"
        if line.startswith("@@"):
            if builder is not None:
                reports.append(builder.finish())
            builder = _Builder(_read_header(line, where))
        elif line.strip() and not line.startswith("#"):
            if builder is None:
                raise BadData(f"{where}: text before the first @@ line")
            builder.add_line(line, where)
    if builder is not None:
        reports.append(builder.finish())
    return reports


def _read_header(line: str, where: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in line[2:].split()]
    header = {key: value for key, _, value in pairs}
    if unknown := sorted(set(header) - HEADER_KEYS):
        raise BadData(f"{where}: header key {unknown[0]!r} is not known")
    for key in REQUIRED_KEYS:
        if not header.get(key):
            raise BadData(f"{where}: header key {key!r} is missing")
    if not header["year"].isdigit():
        raise BadData(f"{where}: year: {header['year']!r} is no number")
    if header.setdefault("split", "main") not in PARTS:
        raise BadData(f"{where}: split: {header['split']!r} is not one of {', '.join(sorted(PARTS))}")
    return header


class _Builder:
    """Rebuilds the text of one report line by line and notes where its units and sections lie."""

    def __init__(self, header: dict[str, str]) -> None:
        self._shared: dict[str, Any] = {
            "report_id": header["id"],
            "agency": header["agency"],
            "level": header["level"],
            "year": int(header["year"]),
            "hand": header["hand"],
            "part": header["split"],
        }
        self._title = header.get("title")
        self._text = ""
        self._sections: list[tuple[SectionId, str | None, int]] = []
        self._units: list[UnitRow] = []
        self._top: tuple[str, ...] = ()
        self._path: dict[int, str] = {}
        if self._title:
            self._begin_line()
            self._text += self._title

    def add_line(self, line: str, where: str) -> None:
        """One line of the file that is neither blank, comment nor header."""
        if line.startswith("="):
            self._add_section(line[1:], where)
        elif line.startswith("-"):
            deep = line.startswith("--")
            heading = line.lstrip("-").strip()
            self._enter(2 if deep else 1, heading)
            self._begin_line()
            self._text += heading
        else:
            self._add_paragraph(line.strip(), where)

    def finish(self) -> MarkedReport:
        """The report with its units, ids numbered in text order."""
        ends = [start for _, _, start in self._sections[1:]] + [len(self._text)]
        sections = tuple(
            SectionSpan(id=section, heading=heading, start=start, end=end)
            for (section, heading, start), end in zip(self._sections, ends)
        )
        report = ReportRow(
            id=self._shared["report_id"],
            **self._shared,
            title=self._title,
            text=self._text,
            sections=_merge_split(sections),
        )
        return MarkedReport(report, number_units(join_parted(self._units, self._text)))

    def _begin_line(self) -> None:
        if self._text:
            self._text += "\n"

    def _add_section(self, line: str, where: str) -> None:
        name, _, heading = line.partition(" ")
        heading = heading.strip()
        if name not in SECTION_IDS:
            raise BadData(f"{where}: no section {name!r}")
        again = bool(self._sections) and self._sections[-1][0] == name
        self._top = (_path_name(heading),) if again and heading else ()
        self._path = {}
        if heading:
            self._begin_line()
        start = len(self._text) + (1 if not heading and self._text else 0)
        self._sections.append((name, heading or None, start))  # type: ignore[arg-type]
        self._text += heading

    def _enter(self, level: int, heading: str) -> None:
        self._path = {deep: name for deep, name in self._path.items() if deep < level}
        self._path[level] = _path_name(heading)

    def _add_paragraph(self, line: str, where: str) -> None:
        if not self._sections:
            raise BadData(f"{where}: text before the first section")
        self._begin_line()
        tagged: _Tagged | None = None
        at = 0
        for token in TOKEN.finditer(line):
            self._add_text(line[at : token.start()], tagged, where)
            at = token.end()
            if token["between"] is not None:
                self._text += token["between"]
                continue
            tagged = None
            if token["tag"] is not None:
                tagged = _read_tag(token["tag"], token["marker"], where)
                self._text += tagged.marker or ""
            elif token["fragment"] is not None:
                self._text += token["fragment"]
            else:
                self._enter(1 if token["first"] is not None else 2, token["first"] or token["second"])
                self._text += token["first"] or token["second"]
        self._add_text(line[at:], tagged, where)

    def _add_text(self, text: str, tagged: _Tagged | None, where: str) -> None:
        """Text after a tag is its unit; white space alone is nobody's."""
        if loose := LOOSE.search(text):
            raise BadData(f"{where}: {loose.group()!r} that belongs to no tag: {text[:30]!r}")
        bare = text.strip()
        if bare and tagged is None:
            raise BadData(f"{where}: text in no unit (tag it, or put it in ⟦⟧): {bare[:30]!r}")
        start = len(self._text) + len(text) - len(text.lstrip())
        self._text += text
        if bare and tagged is not None:
            self._units.append(self._as_unit(bare, start, tagged))

    def _as_unit(self, text: str, start: int, tagged: _Tagged) -> UnitRow:
        return UnitRow(
            id="",  # numbered when the report is whole
            **self._shared,
            section=self._sections[-1][0],
            path=self._top + tuple(name for _, name in sorted(self._path.items())),
            marker=tagged.marker,
            text=text,
            start=start,
            end=start + len(text),
            kind=tagged.kind,
            themes=tagged.themes,
            hard=tagged.hard,
        )


def join_parted(units: Sequence[UnitRow], text: str) -> list[UnitRow]:
    """Units that the guideline takes for one (§1.6) as one unit, with the themes of both.

    Units of one kind that follow one another in a paragraph, and clauses of one sentence, which is never
    cut. An enumerated item is a unit by itself, and so is a lead-in.
    """
    joined: list[UnitRow] = []
    for unit in units:
        before = joined[-1] if joined else None
        if before is None or not _goes_on(before, unit, text):
            joined.append(unit)
            continue
        kind = _kind_of_both(before, unit)
        themes = sort_themes((*before.themes, *unit.themes)) if kind in THEMED else ()
        joined[-1] = replace(
            before,
            text=text[before.start : unit.end],
            end=unit.end,
            kind=kind,
            themes=themes,
            hard=before.hard or unit.hard or before.kind != unit.kind,
        )
    return joined


def _goes_on(before: UnitRow, after: UnitRow, text: str) -> bool:
    same_place = (before.path, before.section) == (after.path, after.section)
    markers = before.marker is not None or after.marker is not None
    free = not markers and before.text[-1] not in "：:" and after.text[-1] not in "：:"
    between = text[before.end : after.start]
    together = same_place and free and not between.strip() and "\n" not in between
    return together and (before.kind == after.kind or before.text[-1] in "；;，,、")


def _kind_of_both(before: UnitRow, after: UnitRow) -> str:
    """The kind of a sentence with two, in the order of the guideline's questions (§2.3, §2.4, §2.6).

    Of fault and remedy the last; a fault or remedy before any topic; of topics the one with more clauses.
    """
    themed = [unit.kind for unit in (before, after) if unit.kind in THEMED]
    if themed:
        return themed[-1]
    first, second = (len(clause_ends(unit.text.rstrip("。；"))) for unit in (before, after))
    return after.kind if second > first else before.kind


def number_units(units: Sequence[UnitRow]) -> tuple[UnitRow, ...]:
    """The units with ids by their order in the report, from 001."""
    return tuple(replace(unit, id=f"{unit.report_id}-{n:03d}") for n, unit in enumerate(units, 1))


def _path_name(heading: str) -> str:
    """A heading as it stands in `path`: without the stop, colon or comma that closes it."""
    return heading.strip().rstrip("。：:，,").strip()


def _read_tag(tag: str, marker: str | None, where: str) -> _Tagged:
    labels = load_labels()
    kind, _, themes = tag.replace("!", "").replace(" ", "").partition(":")
    names = [theme for theme in themes.split(",") if theme]
    if kind not in labels.kinds:
        raise BadData(f"{where}: no kind {kind!r}; there are: {', '.join(labels.kinds)}")
    for theme in names:
        if theme not in labels.themes:
            raise BadData(f"{where}: no theme {theme!r}; there are: {', '.join(labels.themes)}")
    return _Tagged(kind, sort_themes(names), "!" in tag, marker or None)


def _merge_split(sections: Sequence[SectionSpan]) -> tuple[SectionSpan, ...]:
    """Parts of one section that follow one another (五、问题 六、措施) as one section, first heading kept."""
    merged: list[SectionSpan] = []
    for section in sections:
        if merged and merged[-1].id == section.id:
            first = merged.pop()
            section = SectionSpan(id=first.id, heading=first.heading, start=first.start, end=section.end)
        merged.append(section)
    return tuple(merged)


def read_files(files: Sequence[str | os.PathLike[str]]) -> Iterator[MarkedReport]:
    """The reports of several files. Raises `BadData` where two reports have one id."""
    seen: dict[str, str] = {}
    for file in files:
        for marked in read_markup(file):
            name = os.fspath(file)
            if marked.report.id in seen:
                raise BadData(f"{name}: report {marked.report.id} stands also in {seen[marked.report.id]}")
            seen[marked.report.id] = name
            yield marked
