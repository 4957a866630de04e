"""What was read of a picture, set where the picture stands on a page."""

from __future__ import annotations

from extract.read.frames import Box
from extract.read.pdf_lines import PdfLine
from extract.read.ruled_tables import RuledTable
from extract.read.sheets import Sheet


def place_sheet(sheet: Sheet, box: Box) -> Sheet:
    """What was read of a picture, in the measures of the page that it stands on in `box` (points)."""
    left, top, scale = box[0], box[1], (box[2] - box[0]) / (sheet.page.width or 1.0)
    return sheet._replace(
        tables=[_move_table(table, left, top, scale) for table in sheet.tables],
        lines=[_move_line(line, left, top, scale) for line in sheet.lines],
    )


def _move_line(line: PdfLine, left: float, top: float, scale: float) -> PdfLine:
    sides = (left + scale * line.x0, top + scale * line.y0, left + scale * line.x1, top + scale * line.y1)
    chars = [
        char._replace(
            x0=left + scale * char.x0,
            y0=top + scale * char.y0,
            x1=left + scale * char.x1,
            y1=top + scale * char.y1,
        )
        for char in line.chars
    ]
    return PdfLine(*sides, line.text, chars)


def _move_table(table: RuledTable, left: float, top: float, scale: float) -> RuledTable:
    return table._replace(
        xs=tuple(left + scale * x for x in table.xs),
        top=top + scale * table.top,
        bottom=top + scale * table.bottom,
    )
