"""The editions of the statutory form: which tables, rows and columns each has, from data/forms/*.toml.

A new edition is a new file there; no code names an edition.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from extract.datafiles import FOLDER, parse_as
from extract.report import Value

ColumnKind = Literal["count", "change", "money"]
UNITS = r"(?:人次|万元|[条件次篇个人元])"  # a pattern of what the forms print beside numbers


class FormRow(Value, frozen=True, gc=False):
    """A row of the form; `group` is the label printed over several rows, `unit` the unit printed beside it.

    `variants` are wordings that may stand for the label without being misprints.
    """

    id: str
    label: str
    group: str | None = None
    unit: str | None = None
    kind: ColumnKind = "count"
    variants: tuple[str, ...] = ()


class FormColumn(Value, frozen=True, gc=False):
    """A column of the form. `change` is signed, `money` is in 万元, all else are whole numbers."""

    id: str
    label: str
    group: str | None = None
    kind: ColumnKind = "count"
    variants: tuple[str, ...] = ()


class FormBand(Value, frozen=True, gc=False):
    """Rows that share their columns; `label` is the caption over them, if there is one."""

    id: str
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]
    label: str | None = None


class FormTable(Value, frozen=True, gc=False):
    """One table of the form, its bands in paper order.

    `corners` are texts in the header that name no column, `subtotals` columns that are no cells, `spans`
    labels printed over many rows. In a table with `rows_across` the rows stand side by side in the header.
    `sign` is in a label that every copy of the table has, `last` in its last label, `told` in the name of a
    column that has its number wherever a file tells the table in words.
    """

    id: str
    bands: tuple[FormBand, ...] = msgspec.field(name="band")
    corners: tuple[str, ...] = ()
    subtotals: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()
    rows_across: bool = False
    sign: str | None = None
    last: str | None = None
    told: str | None = None

    def cells(self) -> tuple[tuple[str, str], ...]:
        """Row and column id of each cell, in paper order."""
        return tuple(
            (row.id, column.id) for band in self.bands for row in band.rows for column in band.columns
        )


class Misprint(Value, frozen=True, gc=False):
    """A wording met in print that stands for a statutory label and is a misprint of it."""

    label: str
    means: str
    seen: str


class FormSum(Value, frozen=True, gc=False):
    """A cell and the cells it is the sum of, by their ids; `at_most`: others may belong to it.

    The sums of the grids, a column's outcomes or a row's applicants, follow from their layout.
    """

    name: str
    whole: str
    parts: tuple[str, ...]
    at_most: bool = False


class Form(Value, frozen=True, gc=False):
    """One edition of the form."""

    edition: str
    first_year: int
    source: str
    tables: tuple[FormTable, ...] = msgspec.field(name="table")
    misprints: tuple[Misprint, ...] = msgspec.field(name="misprint", default=())
    sums: tuple[FormSum, ...] = msgspec.field(name="sum", default=())

    def cell_ids(self) -> tuple[str, ...]:
        """`table.row.column` of every cell, in paper order."""
        return tuple(f"{table.id}.{row}.{column}" for table in self.tables for row, column in table.cells())


@cache
def load_forms() -> tuple[Form, ...]:
    """All editions, the oldest first.

    Raises `BadData` where a file breaks the schema.

    >>> [(form.edition, len(form.cell_ids())) for form in load_forms()]
    [('2014', 58), ('2019', 198), ('2021', 200)]
    """
    paths = sorted((FOLDER / "forms").glob("*.toml"))
    forms = [parse_form(path.read_text(encoding="utf-8"), path.name) for path in paths]
    return tuple(sorted(forms, key=lambda form: form.first_year))


def parse_form(source: str, name: str) -> Form:
    """The form that a TOML file states; `BadData` naming the file and the key where it breaks the schema."""
    return parse_as(source, Form, f"forms/{name}")


def form_of(edition: str | None) -> Form | None:
    """The form of that edition, or None where there is none."""
    return next((form for form in load_forms() if form.edition == edition), None)


@cache
def list_sums() -> tuple[FormSum, ...]:
    """The sums of all editions."""
    return tuple(one for form in load_forms() for one in form.sums)


@cache
def list_signs() -> tuple[str, ...]:
    """What shows that a text may have a table: words of a label that each copy has."""
    return tuple(sorted({table.sign for form in load_forms() for table in form.tables if table.sign}))


@cache
def list_last() -> tuple[str, ...]:
    """Words of the last label of each large table."""
    return tuple(sorted({table.last for form in load_forms() for table in form.tables if table.last}))


@cache
def list_told() -> tuple[str, ...]:
    """Words in the names of columns: where a table is told in words, a number stands behind one of them."""
    return tuple(sorted({table.told for form in load_forms() for table in form.tables if table.told}))
