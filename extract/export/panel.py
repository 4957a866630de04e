"""The variables of the panel: their names, types and labels, from data/panel.toml and data/forms/*.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

import msgspec

from extract.datafiles import read_as
from extract.forms import load_forms
from extract.report import Value

VariableType = Literal["string", "int", "double"]
MAX_NAME = 32  # characters of a variable's name in Stata
MAX_LABEL = 80  # characters of its label there
_NUMBERING = re.compile(r"^(?:[（(][一二三四五六七八九十]+[)）]|\d+[.、]|[一二三四五六七八九十]+、|其中：)+")
_NOTE = re.compile(r"（(?!单位).*?）")


class Variable(Value, frozen=True, gc=False):
    """A column of the panel; `source` says what it is taken from or counts."""

    name: str
    type: VariableType
    zh: str
    en: str
    source: str


class Head(Value, frozen=True, forbid_unknown_fields=True):
    """A column that identifies or describes a report."""

    name: str
    type: VariableType
    from_: str = msgspec.field(name="from")
    zh: str = ""
    en: str = ""


Named = dict[str, tuple[str, str]]


class Cells(Value, frozen=True, forbid_unknown_fields=True):
    """How the cells of one table are named; id of a row or column → short name and English label."""

    table: str
    prefix: str
    zh: str
    en: str
    rows: Named
    columns: Named = msgspec.field(default_factory=dict)
    alone: tuple[str, ...] = ()


class Counts(Value, frozen=True, forbid_unknown_fields=True):
    """Rows of `table` counted by the value of `by`; `only` says what else must hold of them."""

    prefix: str
    table: str
    by: str
    zh: str
    en: str
    values: Named
    only: dict[str, str] = msgspec.field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """The variables, in the order of the values."""
        return tuple(f"{self.prefix}_{value}" for value in self.values)


class Panel(Value, frozen=True, forbid_unknown_fields=True):
    """data/panel.toml."""

    head: tuple[Head, ...]
    cells: tuple[Cells, ...]
    counts: tuple[Counts, ...]


@cache
def load_panel() -> Panel:
    """data/panel.toml; raises `BadData` naming the key that breaks the schema."""
    return read_as("panel.toml", Panel)


@cache
def cell_variables() -> Mapping[str, Variable]:
    """`table.row.column` of every cell of every edition → its variable, the newest edition's order first.

    >>> cell_variables()["requests.denied.internal_affairs.total"].name
    'rq_internal_affairs_tot'
    """
    found: dict[str, Variable] = {}
    editions: dict[str, list[str]] = {}
    for form in reversed(load_forms()):
        for cell in form.cell_ids():
            editions.setdefault(cell, []).append(form.edition)
    labels = _labels()
    for cell, years in editions.items():
        name, en = _name_cell(*_split(cell))
        source = f"cells: {cell}; form {', '.join(sorted(years))}"
        found[cell] = Variable(name, "double", labels[cell][:MAX_LABEL], en[:MAX_LABEL], source)
    return found


@cache
def count_variables() -> tuple[Variable, ...]:
    """The counts of units, themes, platforms and findings."""
    return tuple(count_variable(counts, value) for counts in load_panel().counts for value in counts.values)


def count_variable(counts: Counts, value: str) -> Variable:
    """The variable that counts one value."""
    zh, en = counts.values[value]
    labels = (counts.zh.format(zh)[:MAX_LABEL], counts.en.format(en)[:MAX_LABEL])
    return Variable(f"{counts.prefix}_{value}", "int", *labels, _counted(counts, value))


@cache
def fixed_variables() -> tuple[Variable, ...]:
    """Every variable that each panel has, in order: what identifies the row, the cells, the counts."""
    head = (Variable(one.name, one.type, one.zh, one.en, one.from_) for one in load_panel().head)
    return (*head, *cell_variables().values(), *count_variables())


def _counted(counts: Counts, value: str) -> str:
    only = "".join(f", {column} = {wanted}" for column, wanted in counts.only.items())
    return f"{counts.table}: rows with {counts.by} = {value}{only}"


def _split(cell: str) -> tuple[str, str, str]:
    table, rest = cell.split(".", 1)
    row, column = rest.rsplit(".", 1)
    return table, row, column


@cache
def _cells_of() -> dict[str, Cells]:
    return {cells.table: cells for cells in load_panel().cells}


def _name_cell(table: str, row: str, column: str) -> tuple[str, str]:
    """Name and English label of a cell; what panel.toml does not list keeps the last part of its id."""
    cells = _cells_of().get(table) or Cells(table, table[:2], table, table, {})
    row_name, row_en = cells.rows.get(row) or (row.rsplit(".", 1)[-1], row.replace("_", " "))
    if column in cells.alone:
        return f"{cells.prefix}_{row_name}", f"{cells.en}: {row_en}"
    column_name, column_en = cells.columns.get(column) or (column, column.replace("_", " "))
    return f"{cells.prefix}_{row_name}_{column_name}", f"{cells.en}: {row_en}, {column_en}"


@cache
def _labels() -> dict[str, str]:
    """Chinese label of each cell, in the words of the newest edition that has it."""
    return dict(label for form in load_forms() for label in _labels_of(form.edition))


def _labels_of(edition: str) -> Iterator[tuple[str, str]]:
    form = next(form for form in load_forms() if form.edition == edition)
    for table in form.tables:
        cells = _cells_of().get(table.id)
        for band in table.bands:
            for row in band.rows:
                for column in band.columns:
                    parts = [cells.zh if cells else table.id, row.group, row.label]
                    if cells is None or column.id not in cells.alone:
                        parts.append(column.label)
                    words = [_NOTE.sub("", _NUMBERING.sub("", part)) for part in parts if part]
                    unit = f"（{row.unit}）" if row.unit else ""
                    yield f"{table.id}.{row.id}.{column.id}", "：".join(words) + unit
