"""Labels that name a row and a column at once (行政复议结果维持), and labels run together with their number.

Only of tables whose rows stand side by side: where such a table is printed as a list, each line has to say
which row and which column its number is of.
"""

from __future__ import annotations

from functools import cache, lru_cache

from extract.forms import load_forms
from extract.patterns import late
from extract.tables.fold import fold_words
from extract.tables.values import is_value
from extract.tables.vocabulary import read_label

Part = tuple[int, int]  # start and end in the text

_NUMBER = late(r"\s*[：:]\s*(?P<value>[^\s：:][^：:]{0,23})$")
_JOINTS = " \t\u3000-—–－·/：:、，,>＞→"
SHORTEST = 4
LONGEST = 48  # characters; 行政诉讼（未经复议直接起诉）—尚未审结（单位：件）：12件 has 31


@lru_cache(maxsize=4096)
def find_parts(text: str) -> tuple[Part, ...]:
    """Where the parts of a composed label stand: row, column and number; empty where it is none.

    >>> text = "行政复议-结果维持：22件"
    >>> [text[start:end] for start, end in find_parts(text)]
    ['行政复议', '结果维持', '22件']
    >>> find_parts("行政复议"), find_parts("予以公开：3件")
    ((), ())
    """
    if not SHORTEST <= len(text) <= LONGEST or not any(word in text for word in _outcomes()):
        return ()
    found = _NUMBER.search(text)
    numbered = found is not None and is_value(found["value"])
    end = found.start() if found is not None and numbered else len(text)
    labels = _split_label(text[:end])
    if not labels and (not numbered or not _reads_as(text[:end], ("column",))):
        return ()
    labels = labels or ((0, end),)
    return (*labels, (found.start("value"), found.end("value"))) if found is not None and numbered else labels


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
