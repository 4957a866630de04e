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

__all__ = ["read_tables"]


def read_tables(text: Text, sections: Sequence[Section], *, remember: bool = True) -> Tables:
    """All that the statutory tables of a report say.

    A table that is there has all cells of its edition, with value None where nothing could be read; a table
    that is absent has none. `spans` are all stretches of the text that are table. `remember` lets what was
    found in a report serve for others that differ in their numbers alone; the answer is the same.
    """
    outline = draw_outline(text, sections)
    plan = find_plan(text, sections, outline) if remember else make_plan(text, sections, outline)
    return read_numbers(text, outline, plan)
