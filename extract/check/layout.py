"""Which cells a report has, and where each stands among them: worked out once for all reports with the same.

A report has the tables of an edition of the form whole or not at all, so that few sets of cells ever come.
What the rules look up by id, by table or by row is then a place among the numbers of the report at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

APPLICANTS = ("natural_person", "commercial", "research", "public_welfare", "legal_service", "other")
COLUMN_GROUPS = {"applicants": APPLICANTS, "organisations": APPLICANTS[1:]}
_SETS = 32  # sets of cells kept: those of each edition, and what is left of them where a table is missing
_FORMULAS = 512  # formulas kept; nearly all are those of data/checks.toml

Key = tuple[str, str, str]  # table, row, column
Term = tuple[int, tuple[int, ...]]  # sign, and the places of the cells


class Table(NamedTuple):
    """The places of the cells of one table, in the order of the report, and those of each row and column.

    The columns are those of the first row. `width` is the number of cells in each row where the rows lie end
    to end and all have these columns, the last of them `total`; else 0.
    """

    places: list[int]
    rows: dict[str, list[int]]
    columns: dict[str, dict[str, int]]  # column → row → place
    width: int


class Layout:
    """The cells of a report by id and by table; `ids` are in the order of the report."""

    def __init__(self, keys: Iterable[Key]) -> None:
        keys = list(keys)
        self.ids = [f"{table}.{row}.{column}" for table, row, column in keys]
        self.places = {ident: place for place, ident in enumerate(self.ids)}
        rows: dict[str, dict[str, list[int]]] = {}
        for place, (table, row, _) in enumerate(keys):
            rows.setdefault(table, {}).setdefault(row, []).append(place)
        columns = [column for _, _, column in keys]
        self.tables = {table: _lay_table(found, columns) for table, found in rows.items()}

    def rows(self, table: str) -> list[str]:
        """The row ids of a table, in the order of the form, each once."""
        return list(self.tables[table].rows) if table in self.tables else []


def _lay_table(rows: dict[str, list[int]], columns: list[str]) -> Table:
    named = [[columns[place] for place in row] for row in rows.values()]
    places = [place for row in rows.values() for place in row]
    end_to_end = places == list(range(places[0], places[0] + len(places)))
    even = end_to_end and named[0][-1] == "total" and all(row == named[0] for row in named)
    crossed: dict[str, dict[str, int]] = {column: {} for column in named[0]}
    for row, found in rows.items():
        for place in found:
            crossed.setdefault(columns[place], {})[row] = place
    crossed = {column: crossed[column] for column in named[0]}
    return Table(sorted(places), rows, crossed, len(named[0]) if even else 0)


@lru_cache(_SETS)
def lay_out(tables: tuple[str, ...], rows: tuple[str, ...], columns: tuple[str, ...]) -> Layout:
    """The layout of cells whose tables, rows and columns these are."""
    return Layout(zip(tables, rows, columns))


@lru_cache(_FORMULAS)
def find_terms(layout: Layout, formula: str) -> tuple[Term, ...]:
    """The terms of a formula of cells, each with the places of those cells that the report has.

    A row that ends in * stands for all rows that begin so, `applicants` and `organisations` for columns.

    >>> review = lay_out(("review",) * 2, ("reconsideration", "litigation"), ("total",) * 2)
    >>> find_terms(review, "review.*.total - review.litigation*.total")
    ((1, (0, 1)), (-1, (1,)))
    """
    terms, sign = [], 1
    for part in re.split(r" ([+-]) ", formula):
        if part in "+-":
            sign = 1 if part == "+" else -1
            continue
        table, _, rest = part.partition(".")
        row, _, column = rest.rpartition(".")
        rows = [row]
        if row.endswith("*"):
            rows = [one for one in layout.rows(table) if one.startswith(row[:-1])]
        columns = COLUMN_GROUPS.get(column, (column,))
        ids = [f"{table}.{one}.{each}" for one in rows for each in columns]
        terms.append((sign, tuple([layout.places[one] for one in ids if one in layout.places])))
    return tuple(terms)
