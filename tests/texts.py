"""Texts for tests of the steps after reading: a line a paragraph; lines with tabs in a row are a grid."""

from __future__ import annotations

from extract.report import Line, Text, TextCell, TextGrid


def make_text(source: str) -> Text:
    """The `Text` that `source` stands for, its characters unchanged."""
    lines: list[Line] = []
    rows: list[tuple[int, int]] = []
    grids: list[TextGrid] = []
    at = 0
    gap = False
    for content in source.split("\n"):
        end = at + len(content)
        if "\t" in content:
            rows.append((at, end))
        else:
            grids.extend(make_grids(source, rows))
            rows = []
            if content.strip():
                lines.append(Line(at, end, gap=gap))
            gap = not content.strip()
        at = end + 1
    grids.extend(make_grids(source, rows))
    return Text(source, tuple(lines), tuple(grids))


def make_grids(source: str, rows: list[tuple[int, int]]) -> list[TextGrid]:
    """The grid of some rows in a list; an empty list where there are none."""
    cells: list[TextCell] = []
    for row, (start, end) in enumerate(rows):
        at = start
        for column, cell in enumerate(source[start:end].split("\t")):
            cells.append(TextCell(at, at + len(cell), row, column))
            at += len(cell) + 1
    return [TextGrid(rows[0][0], rows[-1][1], tuple(cells))] if rows else []
