"""What the form asks for and the report lacks: sections, tables, cells, units; labels and editions."""

from __future__ import annotations

from collections.abc import Iterator

from extract.check.cut import bare_at_end, find_lost, lacks_last_rows
from extract.check.evidence import Evidence, find
from extract.check.knowledge import load_knowledge
from extract.check.years import edition_for
from extract.forms import form_of, load_forms
from extract.headings.names import list_sections
from extract.patterns import late
from extract.report import Cell, Finding, Section

HEADINGS = {
    "overview": "一、总体情况",
    "proactive": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "review": "四、政府信息公开行政复议、行政诉讼情况",
    "problems": "五、存在的主要问题及改进情况",
    "other": "六、其他需要报告的事项",
}
# before the form of 2019 there was no order of parts; these the Regulation of 2007 asked for (art. 32)
OLD_HEADINGS = ("proactive", "requests", "problems")
SIX_PARTS_FROM = 2019
# left out of the units for these reasons, a stretch says nothing: a section of such stretches is empty
SILENT = frozenset(["furniture", "copy", "signature", "title", "contents", "heading", "marker"])
_NUMBERING = "一二三四五六七八九十0123456789第部分（()）、.． "
_MARKS = "一二三四五六七八九十0123456789（()）、.． "
_LONGEST_NUMBER = 8  # characters of a number before a label, （十二）
_NOTE = late(r"[（(][^（）()]{4,}[）)]")
_SCHOOL = late(r"高等学校信息公开|高校信息公开|20\d\d\s*学年")  # schools have an order of parts of their own
_OPENING = 3_000  # characters in which a report says by what rules it is written
# what of the cell before a label sticks to it where a page was flattened: 0行政规范性文件, 其他一、本年新收…
_CELL_BEFORE = late(r"[\d.,/—-]+|其他|总计")
_ANY_WORD = late(r"[^\s\W_]")


def check_missing_sections(evidence: Evidence) -> Iterator[Finding]:
    """A part that the form asks for and no heading announces, by meaning and not by number."""
    wanted = HEADINGS if _has_six_parts(evidence) else OLD_HEADINGS
    missing = [section_id for section_id in wanted if section_id not in evidence.sections]
    if not missing:
        return
    named: set[str] = set()  # by headings that name several
    for section in evidence.report.sections:
        named.update(list_sections((section.heading or "").lstrip(_NUMBERING)))
    missing = [section_id for section_id in missing if section_id not in named]
    lost = find_lost(evidence, missing)
    for section_id in missing:
        message = f"The section {HEADINGS[section_id]} ({section_id}) is missing"
        if section_id in lost:
            message += "; the text may break off before it"
        yield find("missing_section", f"{message}.", origin="reading" if section_id in lost else "report")


def check_empty_sections(evidence: Evidence) -> Iterator[Finding]:
    """A heading with nothing under it; a section that should hold a table is `missing_table` instead."""
    tables = _expected_tables(evidence)
    for section_id in HEADINGS:
        sections = evidence.sections.get(section_id)
        if not sections or section_id in tables or any(_says_something(evidence, one) for one in sections):
            continue
        bare = bare_at_end(evidence)
        for section in sections:
            message = f"The section “{section.heading or HEADINGS[section_id]}” ({section_id}) is empty."
            place = [_heading_place(evidence, section)]
            yield find("empty_section", message, place, origin="reading" if section is bare else "report")


def check_missing_tables(evidence: Evidence) -> Iterator[Finding]:
    """A table whose section is there and which cannot be read anywhere."""
    for table in _expected_tables(evidence):
        sections = evidence.sections.get(table)
        if sections and table not in evidence.layout.tables:
            pictures = evidence.text.pictures
            where = (
                f"{pictures} picture{'s' if pictures > 1 else ''} in the document may hold it: tables in "
                "pictures are read with the extra gongkai[ocr]"
                if pictures
                else "it may be published as a picture or an attachment"
            )
            heading = sections[0].heading or HEADINGS[table]
            message = f"The section “{heading}” holds no table that can be read ({table}); {where}."
            place = [_heading_place(evidence, sections[0])]
            doubt = pictures or sections[-1] is bare_at_end(evidence)
            yield find("missing_table", message, place, origin="reading" if doubt else "report")


def check_missing_cells(evidence: Evidence) -> Iterator[Finding]:
    """The cells of a table that hold no number: blank, "/", torn."""
    if not evidence.blank:
        return
    for table in evidence.layout.tables:
        cells = evidence.of_table(table)
        blank = [cell.id for cell in cells if cell.value is None]
        if not blank:
            continue
        how = "All" if len(blank) == len(cells) else str(len(blank))
        message = f"{how} of the {len(cells)} cells of the table {table} hold no number: {_list_rows(cells)}."
        torn = lacks_last_rows(evidence, table) or any(
            _stands_in_text(evidence, cell) for cell in {one.row: one for one in cells}.values()
        )
        yield find("missing_cell", message, blank, origin="reading" if torn else evidence.origin(blank))


def _stands_in_text(evidence: Evidence, cell: Cell) -> bool:
    """Whether the label of a row that was not found begins a line or a cell all the same."""
    if cell.label is not None or cell.raw is not None:
        return False
    name = _NOTE.sub("", load_knowledge().row_name(cell.table, cell.row)).lstrip(_MARKS)
    text, at = evidence.report.text, -1
    while len(name) > 3 and (at := text.find(name, at + 1)) >= 0:
        line = text[max(0, at - _LONGEST_NUMBER) : at].rstrip(_MARKS)
        if line[-1:] in ("", "\n", "\t"):
            return True
    return False


def _list_rows(cells: list[Cell], most: int = 4) -> str:
    """The labels of the rows that have blanks, the first few of them."""
    names = load_knowledge()
    rows = {cell.row: cell for cell in reversed(cells) if cell.value is None}
    labels = [names.row_name(cell.table, row, cell.label) for row, cell in reversed(rows.items())]
    return "; ".join(labels[:most]) + (f"; and {len(labels) - most} more rows" if len(labels) > most else "")


def check_labels(evidence: Evidence) -> Iterator[Finding]:
    """A label of a table that differs from the statutory wording."""
    for label in [one for one in evidence.tables.labels if one.misprinted]:
        message = f"The label “{label.printed}” should read “{label.statutory}”."
        cells = [cell for cell in evidence.of_table(label.table) if label.id in (cell.row, cell.column)]
        ours = bool(cells) and all(cell.read_by == "ocr" for cell in cells)
        ours = ours or any(sign in label.printed for sign in "\ufffd?□")  # what a reader could not tell
        ours = ours or _is_glued(label.printed, label.statutory)
        yield find(
            "misprinted_label",
            message,
            [f"{label.start}:{label.end}"],
            origin="reading" if ours else "report",
        )


def _is_glued(printed: str, statutory: str) -> bool:
    """Whether a label is right but for the cell before it, which lost its boundary: 33二、上年结转….

    >>> _is_glued("0行政规范性文件", "行政规范性文件"), _is_glued("地方规章", "规章")
    (True, False)
    """
    return printed.endswith(statutory) and _CELL_BEFORE.fullmatch(printed.removesuffix(statutory)) is not None


def check_form(evidence: Evidence) -> Iterator[Finding]:
    """Tables that follow another edition of the form than the one for the year."""
    year = evidence.year
    wanted = edition_for(year)
    if year is None or wanted is None or evidence.report.form is None:
        return  # no label tells an edition: a table of reviews alone, or the first rows of the requests
    editions = evidence.tables.forms or dict.fromkeys(_shared_tables(evidence), evidence.report.form or "")
    off = [table for table, edition in editions.items() if edition and edition != wanted]
    if not off:
        return
    form = form_of(wanted)
    named = {table.id for table in form.tables} if form else set()
    if any(table in named for table in evidence.layout.tables):  # an old annex beside the new is no fault
        off = [table for table in off if table in named]
    if off:
        tables = ", ".join(f"{table} ({editions[table]})" for table in off)
        message = f"The report for {year} should follow the form of {wanted}; these tables do not: {tables}."
        yield find("form_mismatch", message, _table_places(evidence, off))


def _shared_tables(evidence: Evidence) -> list[str]:
    return [table for table in evidence.layout.tables if table != "review"] or ["report"]


def _table_places(evidence: Evidence, tables: list[str]) -> list[str]:
    places = []
    for table in tables:
        cells = [cell for cell in evidence.of_table(table) if cell.start is not None and cell.end is not None]
        if cells:
            start, end = min([one.start or 0 for one in cells]), max([one.end or 0 for one in cells])
            places.append(f"{start}:{end}")
    return places


def check_years(evidence: Evidence) -> Iterator[Finding]:
    """A place that names another year than the rest as the year reported on."""
    year = evidence.year
    told: set[int] = set()
    for place in evidence.year_places:
        if place.year == year or place.start in told or not 2000 <= place.year <= 2100:
            continue
        told.add(place.start)
        message = f"The {place.kind} names {place.year} as the year reported on; the report is for {year}."
        yield find("stale_year", message, [f"{place.start}:{place.end}"])


def check_units(evidence: Evidence) -> Iterator[Finding]:
    """An amount that is not nought and whose unit is stated nowhere."""
    for cell_id in evidence.tables.unitless:
        cell = evidence.cell(cell_id)
        if cell is None or not cell.value:
            continue
        name = load_knowledge().row_name(cell.table, cell.row, cell.label)
        message = f"{name}: the amount {cell.raw} has no unit, in its cell or in the header."
        yield find("unit_unknown", message, [cell_id], origin=evidence.origin([cell_id]))


def _has_six_parts(evidence: Evidence) -> bool:
    """Whether the report is to have the parts of 2019: not before, and not a university without tables."""
    year = evidence.year
    if evidence.report.form is None and _SCHOOL.search(evidence.report.text, 0, _OPENING):
        return False
    return (year is None and evidence.report.form != "2014") or (year is not None and year >= SIX_PARTS_FROM)


def _expected_tables(evidence: Evidence) -> list[str]:
    """The tables of the form that stand in the section of their name; the old annex may stand anywhere."""
    if not _has_six_parts(evidence):
        return []
    form = form_of(edition_for(evidence.year) or evidence.report.form or load_forms()[-1].edition)
    return [table.id for table in form.tables if table.id in HEADINGS] if form else []


def _heading_place(evidence: Evidence, section: Section) -> str:
    """Where the heading of a section stands; its first line where the wording cannot be found there."""
    text = evidence.report.text
    if section.heading:
        at = text.find(section.heading, section.start, section.end)
        if at >= 0:
            return f"{at}:{at + len(section.heading)}"
    end = text.find("\n", section.start, section.end)
    return f"{section.start}:{section.end if end < 0 else end}"


def _says_something(evidence: Evidence, section: Section) -> bool:
    """Whether anything stands under a heading but headings, a signature and furniture of the page."""
    report = evidence.report
    start, end = section.start, section.end
    for unit in report.units:
        if start <= unit.start < end:
            return True
    if any(start <= first < end for first, _ in evidence.tables.spans):
        return True
    place = _heading_place(evidence, section)
    at = int(place.split(":")[1])
    silent = [one for one in (*report.omitted, *evidence.text.furniture) if one.reason in SILENT]
    for one in sorted(silent, key=lambda one: one.start):
        if one.end <= at or one.start >= end:
            continue
        if _ANY_WORD.search(report.text, at, max(at, one.start)):
            return True
        at = max(at, one.end)
    return bool(_ANY_WORD.search(report.text, at, end))
