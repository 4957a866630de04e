"""Which stretches of the text are table, and the labels printed there."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from extract.patterns import late
from extract.report import Line, PrintedLabel, Text
from extract.tables.entries import Found
from extract.tables.marks import Mark, MarkedRow
from extract.tables.vocabulary import Term, is_sentence, load_vocabulary

_NOTE = late(
    r"""\s*[（(]?(?:
        (?:备?注|附注)\s*[:：]                 # 注：本表……
      | (?:单位|计量单位)\s*[:：]              # 单位：件
      | (?:附?表|续表)\s*[一二三四五\d]{0,2}\s*(?:[:：]|$)   # 表二：
      | (?:单位|部门|分管)?\s?负责人(?:[（(]?签[字章名][）)]?)?\s*[:：]   # 单位负责人：某某  审核人：某某
      | (?:联\s?系\s?(?:人|电\s?话|方式)|(?:单位|办公)?电\s?话|传\s?真|报\s?[送出]\s?日期)\s*[:：](?!.*。)
      | (?:审\s?核|复\s?核|填\s?[报表]|制\s?表|统\s?计|经\s?办)\s?(?:人员?|单位|日期|时间)\s*[:：]
    )""",
    re.VERBOSE,
)
_FOOTNOTES = frozenset("*＊※△▲#①②③④⑤⑥⑦⑧⑨⑩")  # in a label, and again before the note below the table
ENOUGH = 3  # labels that make a table where numbers stand with them
ENOUGH_BLANK = 6  # labels that make one without a number


class Stretch(Struct, gc=False):
    """Rows of table without running text between; `kept` once they prove to be the form."""

    rows: list[MarkedRow] = field(default_factory=list)
    labels: set[tuple[str, str]] = field(default_factory=set)
    numbers: int = 0
    kept: bool = False
    start: int = 0
    end: int = 0


def find_stretches(text: Text, rows: list[MarkedRow], found: Found) -> list[Stretch]:
    """The rows parted where running text stands between; kept where their labels make a table of the form."""
    labelled: dict[int, list[tuple[Mark, tuple[Term, ...]]]] = {}
    for mark, terms, row in found.labels:
        labelled.setdefault(row.number, []).append((mark, terms))
    stretches: list[Stretch] = []
    for row in rows:
        if not stretches or row.fresh:
            stretches.append(Stretch())
        _extend(stretches[-1], row, labelled.get(row.number, []))
    for stretch in stretches:
        stretch.kept = len(stretch.labels) >= (ENOUGH if stretch.numbers else ENOUGH_BLANK)
    sections = {stretch.rows[0].section for stretch in stretches if stretch.kept} - {None}
    for stretch in stretches:
        stretch.kept = stretch.kept or bool(
            stretch.labels and stretch.numbers and stretch.rows[0].section in sections and _tabular(stretch)
        )
        _measure(text, stretch, labelled)
    return stretches


def keep_tables(found: Found, stretches: list[Stretch]) -> Found:
    """What was found in stretches that are kept."""
    numbers = {row.number for stretch in stretches if stretch.kept for row in stretch.rows}
    return Found(
        [entry for entry in found.entries if entry.row.number in numbers],
        [run for run in found.runs if run.rows and run.rows[0].number in numbers],
        [label for label in found.labels if label[2].number in numbers],
    )


def find_labels(text: str, found: Found, editions: dict[str, str]) -> tuple[PrintedLabel, ...]:
    """Every label as printed, with the statutory label of the edition that its table follows."""
    labels: list[PrintedLabel] = []
    for mark, terms, _ in found.labels:
        if not terms:
            continue
        edition = editions.get(terms[0].table)
        own = [term for term in terms if edition in term.editions]
        term = own[0] if own else _counterpart(terms[0], edition)
        start = mark.pieces[0].start
        end = mark.pieces[0].end if mark.interrupted else mark.pieces[-1].end
        printed = mark.printed if mark.interrupted or len(mark.pieces) > 1 else text[start:end]
        misprinted = mark.misprinted or (mark.whole and not own and term.flat != mark.flat)
        labels.append(PrintedLabel(term.table, term.id, printed, term.statutory, start, end, misprinted))
    return tuple(labels)


def _extend(stretch: Stretch, row: MarkedRow, labelled: list[tuple[Mark, tuple[Term, ...]]]) -> None:
    stretch.rows.append(row)
    stretch.labels.update([(terms[0].role, terms[0].id) for mark, terms in labelled if mark.whole and terms])
    stretch.numbers += len([mark for mark in row.marks if mark.kind == "slot" and mark.pieces[0].text])


def _tabular(stretch: Stretch) -> bool:
    """Whether a few rows after a sentence go on with the table: a grid, or several numbers."""
    return stretch.rows[0].row.grid >= 0 or stretch.numbers > 1


def _measure(text: Text, stretch: Stretch, labelled: dict[int, list[tuple[Mark, tuple[Term, ...]]]]) -> None:
    """Set start and end: without other text at either end, with the notes that stand close by."""
    rows = stretch.rows
    while len(rows) > 1 and rows[-1].row.grid < 0 and not _anchored(rows[-1], labelled):
        rows = rows[:-1]
    first = rows[0]
    stretch.start, stretch.end = first.row.start, rows[-1].row.end
    if first.row.grid < 0 and first.row.layout == "loose" and first.marks:
        known = [mark for mark in first.marks if mark.kind != "text"]
        stretch.start = (known or first.marks)[0].pieces[0].start
    stretch.end = _end(rows[-1])
    for row in rows:
        if row.row.grid >= 0:
            grid = text.grids[row.row.grid]
            stretch.start, stretch.end = min(stretch.start, grid.start), max(stretch.end, grid.end)


def _end(row: MarkedRow) -> int:
    """The end of a row; of a line that goes on with sentences, the end of its last label or number."""
    known = [mark for mark in row.marks if mark.kind != "text"]
    if row.row.grid >= 0 or row.row.layout != "loose" or not known:
        return row.row.end
    last = known[-1].pieces[-1]
    after = (mark.text for mark in row.marks if mark.pieces[0].start > last.start)
    return last.end if any(map(is_sentence, after)) else row.row.end


def _anchored(row: MarkedRow, labelled: dict[int, list[tuple[Mark, tuple[Term, ...]]]]) -> bool:
    return bool(labelled.get(row.number)) or not row.marks or any(mark.kind == "slot" for mark in row.marks)


def take_notes(text: Text, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans with the lines directly before and after each that are captions or notes of the table."""
    lines = text.lines
    for start, end in spans:
        after = bisect_left(lines, end, key=_line_start)
        table = start, end
        while after < len(lines) and _is_note_of(text.text, lines[after], table):
            end = lines[after].end
            after += 1
        before = bisect_left(lines, start, key=_line_start) - 1
        while before >= 0 and _is_note(text.text[lines[before].start : lines[before].end]):
            start = lines[before].start
            before -= 1
        yield start, end


def _line_start(line: Line) -> int:
    return line.start


def _is_note_of(text: str, line: Line, table: tuple[int, int]) -> bool:
    """Whether a line below a table says that it is a note, or begins with a mark that stands in the table."""
    words = text[line.start : line.end]
    mark = words.lstrip()[:1]
    return (mark in _FOOTNOTES and text.find(mark, *table) >= 0) or _is_note(words)


def _is_note(line: str) -> bool:
    return _NOTE.match(line) is not None


def _counterpart(term: Term, edition: str | None) -> Term:
    """The term of that edition that names the same row or column; the term itself where there is none."""
    for terms in load_vocabulary().exact.values():
        for other in terms:
            same = (other.table, other.role, other.id) == (term.table, term.role, term.id)
            if same and edition in other.editions:
                return other
    return term
