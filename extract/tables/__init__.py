"""Text and sections → the cells of the statutory tables, read by their labels and headers.

rows (what is printed in one line) → marks (labels told from numbers) → entries (a label and its numbers,
under a header) → edition → columns → cells: a plan, which holds for every report that differs in nothing but
its numbers (`outline`, `plan`). Then the numbers are read where the plan says. Grids and plain lines go the
same way; only how much their geometry is trusted differs (`rows.Layout`). Numbers of cells may confirm a
reading and never decide it.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.report import Section, Tables, Text
from extract.tables.numbers import read_numbers
from extract.tables.outline import draw_outline
from extract.tables.plan import find_plan, make_plan

__all__ = ["read_all_tables", "read_tables"]


def read_tables(text: Text, sections: Sequence[Section], *, remember: bool = True) -> Tables:
    """All that the statutory tables of a report say.

    A table that is there has all cells of its edition, with value None where nothing could be read; a table
    that is absent has none. `spans` are all stretches of the text that are table. `remember` lets what was
    found in a report serve for others that differ in their numbers alone; the answer is the same.
    """
    return read_all_tables([(text, sections)], remember=remember)[0]


def read_all_tables(
    reports: Sequence[tuple[Text, Sequence[Section]]], *, remember: bool = True
) -> list[Tables]:
    """As `read_tables`, for each of the reports: all take a step before any takes the next."""
    outlines = [draw_outline(*one) for one in reports]
    plan = find_plan if remember else make_plan
    plans = [plan(*one, outline) for one, outline in zip(reports, outlines)]
    return [read_numbers(text, outline, its) for (text, _), outline, its in zip(reports, outlines, plans)]
