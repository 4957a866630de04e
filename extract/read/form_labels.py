"""The labels of the statutory tables, for readers that lay out anew what a file has printed out of place."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from extract.fold import drop_numbering, fold_label
from extract.forms import load_forms

_LONGEST = 100  # characters of a label with its note
Sizes = dict[tuple[str, str, str], tuple[int, ...]]  # edition, table, row → numbers of cells


class RowLabel(NamedTuple):
    """A row that a label may name: its edition, its table, and its place among the table's rows."""

    edition: str
    table: str
    order: int
    id: str


class FormLabels(NamedTuple):
    """Folded label → the rows that it may name; → the column ids that it may name, with their tables."""

    rows: dict[str, tuple[RowLabel, ...]]
    columns: dict[str, frozenset[tuple[str, str]]]
    spans: frozenset[str]  # labels over several rows


@cache
def load_form_labels() -> FormLabels:
    """The labels of all editions."""
    rows: dict[str, list[RowLabel]] = {}
    columns: dict[str, set[tuple[str, str]]] = {}
    spans: set[str] = set()
    for form in load_forms():
        for table in form.tables:
            order = 0
            spans.update(map(fold, table.spans))
            for band in table.bands:
                for column in band.columns:
                    for label in (column.label, *column.variants):
                        columns.setdefault(fold(label), set()).add((table.id, column.id))
                for row in band.rows:
                    order += 1
                    spans.update([fold(row.group)] if row.group else ())
                    for label in (row.label, *row.variants):
                        found = RowLabel(form.edition, table.id, order, row.id)
                        rows.setdefault(fold(label), []).append(found)
    return FormLabels(
        {word: tuple(found) for word, found in rows.items()},
        {word: frozenset(found) for word, found in columns.items()},
        frozenset(spans),
    )


@lru_cache(maxsize=1024)
def fold(label: str) -> str:
    """A label without number, notes and punctuation.

    >>> fold("（二）部分公开（区分处理的）"), fold("其中：涉及国家秘密")
    ('部分公开', '涉及国家秘密')
    """
    return fold_label(label).core


def find_rows(label: str) -> tuple[RowLabel, ...]:
    """The rows that a printed label may name; 总计 is that of a column, （七）总计 that of a row.

    >>> [row.id for row in find_rows("（七）总计") if row.edition == "2021"], find_rows("总计")
    (['total'], ())
    """
    if len(label) > _LONGEST or (find_columns(label) and drop_numbering(label) == label):
        return ()
    return load_form_labels().rows.get(fold(label), ())


def find_columns(label: str) -> frozenset[tuple[str, str]]:
    """The columns that a printed label may name, each with its table."""
    return load_form_labels().columns.get(fold(label), frozenset()) if len(label) <= _LONGEST else frozenset()


def order_columns(columns: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Columns, each with its table, in the order of the form."""
    return sorted(columns, key=list(_ranks()).index)


@cache
def _ranks() -> dict[tuple[str, str], None]:
    """All columns in the order of the editions and their bands."""
    return {
        (table.id, column.id): None
        for form in load_forms()
        for table in form.tables
        for band in table.bands
        for column in band.columns
    }


def is_span(label: str) -> bool:
    """Whether a printed label stands over several rows of a table."""
    return len(label) <= _LONGEST and fold(label) in load_form_labels().spans


def find_sizes(content: str) -> Sizes:
    """The cells that rows may have in the editions whose own labels stand in the text, else in all."""
    signs = [{table.sign for table in form.tables if table.sign} for form in load_forms()]
    own = [
        any(sign in content and sum(sign in others for others in signs) == 1 for sign in its) for its in signs
    ]
    return _list_sizes(tuple(form.edition for form, one in zip(load_forms(), own) if one or not any(own)))


@cache
def _list_sizes(editions: tuple[str, ...]) -> Sizes:
    """The cells of each row, and of the widest of its table; none for rows of one cell."""
    sizes: Sizes = {}
    for form in load_forms():
        for table in form.tables:
            widest = max(len(band.columns) for band in table.bands)
            for band in table.bands if form.edition in editions and not table.rows_across else ():
                width = len(band.columns)
                own = tuple(dict.fromkeys((width, widest))) if width > 1 else ()
                sizes.update({(form.edition, table.id, row.id): own for row in band.rows})
    return sizes
