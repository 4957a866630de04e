"""Text and sections → the cells of the statutory tables, read by their labels and headers.

rows (what is printed in one line) → marks (labels told from numbers) → entries (a label and its numbers,
under a header) → edition → columns → cells. Grids and plain lines go the same way; only how much their
geometry is trusted differs (`rows.Layout`). Numbers of cells may confirm a reading and never decide it.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from extract.forms import Form, load_forms
from extract.report import Cell, Doubt, PrintedLabel, Section, Tables, Text
from extract.tables.cells import read_cells
from extract.tables.edition import choose_editions, form_table
from extract.tables.entries import Found, build_entries
from extract.tables.marks import Marker
from extract.tables.rows import split_rows
from extract.tables.spans import find_labels, find_stretches, keep_tables

__all__ = ["read_tables"]


def read_tables(text: Text, sections: Sequence[Section]) -> Tables:
    """All that the statutory tables of a report say.

    A table that is there has all cells of its edition, with value None where nothing could be read; a table
    that is absent has none. `spans` are all stretches of the text that are table.
    """
    forms = load_forms()
    across = frozenset(table.id for form in forms for table in form.tables if table.rows_across)
    rows = list(Marker(sections).mark(split_rows(text)))
    found = build_entries(rows, across)
    stretches = find_stretches(text, rows, found)
    found = keep_tables(found, stretches)
    editions, overall = choose_editions(found, forms)
    tables = _tables(text, found, editions, forms)
    spans = tuple((stretch.start, stretch.end) for stretch in stretches if stretch.kept)
    return replace(tables, form=overall, spans=spans)


def _tables(text: Text, found: Found, editions: dict[str, str], forms: tuple[Form, ...]) -> Tables:
    cells: list[Cell] = []
    doubts: list[Doubt] = []
    unitless: list[str] = []
    order = [table.id for form in reversed(forms) for table in form.tables]
    for name in sorted(editions, key=order.index):
        table = form_table(forms, editions[name], name)
        if table is None:
            continue
        result = read_cells(found, table)
        cells += result.cells
        doubts += result.reasons()
        unitless += result.unitless
    labels: tuple[PrintedLabel, ...] = find_labels(text.text, found, editions)
    return Tables(
        form=None,
        cells=tuple(cells),
        spans=(),
        labels=labels,
        doubts=tuple(doubts),
        unitless=tuple(unitless),
        forms=editions,
    )
