"""Labels that name a row and a column at once (行政复议结果维持), and labels run together with their number.

Only of tables whose rows stand side by side: where such a table is printed as a list, each line has to say
which row and which column its number is of; and of tables of one column, where the row says it all.
Labels of columns may be run together as well, where the cells of a page leave no room between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from extract.fold import fold_label, fold_words
from extract.forms import FormColumn, FormRow, FormTable, load_forms
from extract.patterns import late
from extract.tables.values import is_value
from extract.tables.vocabulary import read_label

Part = tuple[int, int]  # start and end in the text

_NUMBER = late(r"\s*[：:]\s*(?P<value>[^\s：:][^：:]{0,23})$")
_JOINTS = " \t\u3000-—–－·/：:、，,>＞→"
SHORTEST = 4
LONGEST = 48  # characters; 行政诉讼（未经复议直接起诉）—尚未审结（单位：件）：12件 has 31
LONGEST_LISTED = 90  # of a row of one column with its number; the longest label has 60
_LEAST_LISTED = 5  # letters of such a label: shorter ones (举报投诉) are words of the narrative too


@lru_cache(maxsize=4096)
def find_parts(text: str) -> tuple[Part, ...]:
    """Where the parts of a composed label stand: row, column and number; empty where it is none.

    >>> text = "行政复议-结果维持：22件"
    >>> [text[start:end] for start, end in find_parts(text)]
    ['行政复议', '结果维持', '22件']
    >>> find_parts("行政复议"), find_parts("予以公开：3件")
    ((), ())
    >>> find_parts("2.传真申请数：3件")
    ((0, 7), (8, 10))
    """
    if not SHORTEST <= len(text) <= LONGEST or not any(word in text for word in _outcomes()):
        return (_part_listed(text) if "：" in text or ":" in text else ()) or _part_run(text)
    found = _NUMBER.search(text)
    numbered = found is not None and is_value(found["value"])
    end = found.start() if found is not None and numbered else len(text)
    labels = _split_label(text[:end]) or _part_run(text)
    if not labels and (not numbered or not _reads_as(text[:end], ("column",))):
        return ()
    labels = labels or ((0, end),)
    return (*labels, (found.start("value"), found.end("value"))) if found is not None and numbered else labels


def _part_run(text: str) -> tuple[Part, ...]:
    """The labels of a header that a text is a run of, and the first number of the row below behind them."""
    runs, label = _runs()
    found = runs.fullmatch(text) if len(text) <= LONGEST_LISTED else None
    if found is None:
        return ()
    labels = tuple(one.span() for one in label.finditer(text))
    return (*labels, found.span("value")) if found["value"] else labels


@cache
def _runs() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Two labels of a header and more without anything between them; one such label."""
    words = {word for form in load_forms() for table in form.tables for word in _header_words(table)}
    label = "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    return re.compile(f"(?:{label}){{2,}}(?P<value>\\d*)"), re.compile(label)


def _header_words(table: FormTable) -> Iterator[str]:
    """The labels of a header, and those of rows that have no number of their own (规章), which may follow."""
    yield from table.corners
    for band in table.bands:
        yield from (band.label,) if band.label else ()
        rows = [row for row in band.rows if fold_label(row.label).number is None]
        printed: list[FormColumn | FormRow] = [*band.columns, *rows]
        for one in printed:
            yield one.label
            yield from (one.group,) if one.group else ()


def _part_listed(text: str) -> tuple[Part, ...]:
    """The label and the number of a row of a table that has one column."""
    found = _NUMBER.search(text) if len(text) <= LONGEST_LISTED else None
    if found is None or not is_value(found["value"]):
        return ()
    label = read_label(text[: found.start()])
    listed = label.how == "exact" and len(label.folded.core) >= _LEAST_LISTED
    if not listed or not all(term.role == "row" and term.table in single_tables() for term in label.terms):
        return ()
    return (0, found.start()), (found.start("value"), found.end("value"))


@cache
def single_tables() -> frozenset[str]:
    """The tables that have one column in every edition."""
    tables = [table for form in load_forms() for table in form.tables]
    wide = {table.id for table in tables for band in table.bands if len(band.columns) > 1}
    return frozenset(table.id for table in tables) - wide


def _split_label(text: str) -> tuple[Part, ...]:
    """The label of a row and that of a column behind it."""
    for word in _outcomes():
        at = text.rfind(word)
        if at < 1 or not _reads_as(text[at:], ("column",)):
            continue
        end = len(text[:at].rstrip(_JOINTS))
        if _reads_as(text[:end], ("row", "stem")):
            return (0, end), (at, len(text))
    return ()


def _reads_as(text: str, roles: tuple[str, ...]) -> bool:
    """Whether a label is one of these in a table whose rows stand side by side."""
    reading = read_label(text)
    if reading.how != "exact":
        return False
    return any(term.role in roles and term.table in across_tables() for term in reading.terms)


@cache
def across_tables() -> frozenset[str]:
    """The tables whose rows stand side by side."""
    return frozenset(table.id for form in load_forms() for table in form.tables if table.rows_across)


@cache
def _outcomes() -> tuple[str, ...]:
    """The words of all columns of such tables, longest first."""
    words = {
        fold_words(label)
        for form in load_forms()
        for table in form.tables
        if table.rows_across
        for band in table.bands
        for column in band.columns
        for label in (column.label, *column.variants)
    }
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
