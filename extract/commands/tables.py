"""Tables in the terminal, as every command prints them: full width for a person, 150 columns for a file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

COLUMNS = 150  # where no terminal says how wide it is


def print_rows(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with its first column to the left and the rest, mostly numbers, to the right."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    print_table(table)


def print_table(table: Table) -> None:
    """Print a ready table on standard output."""
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else COLUMNS).print(table)


def print_mapping(title: str, values: Mapping[str, Any]) -> None:
    """A table of plain values, and one of its own for each mapping within."""
    plain = [(name, _shown(value)) for name, value in values.items() if not isinstance(value, Mapping)]
    if plain:
        print_rows(title, ["what", "value"], plain)
    for name, value in values.items():
        if isinstance(value, Mapping):
            print_mapping(name, value)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    return "—" if value is None else str(value)
