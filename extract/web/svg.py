"""Plots as inline SVG: text in, text out, sized in user units, coloured by CSS classes of the page.

Every mark carries a `<title>`, so that a browser tells its value. Text is escaped; nothing is ever loaded.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape

import msgspec

WIDTH = 720
ROW = 22
LABEL = 190  # room for the labels of rows, wide enough for fourteen Chinese characters
TOP = 26
SHADES = 6  # classes shade-0 … shade-5 of the page's style sheet
COLOURS = 10  # classes hue-0 … hue-9


class Range(msgspec.Struct, frozen=True):
    """The spread of one group: five quantiles (5, 25, 50, 75, 95 %) and how many values there are."""

    label: str
    quantiles: tuple[float, float, float, float, float]
    n: int


def bars(rows: Sequence[tuple[str, float]], *, unit: str = "") -> str:
    """A bar a row, with its number at its end; lengths from 0."""
    if not rows:
        return ""
    most = max(value for _, value in rows) or 1
    room = WIDTH - LABEL - 80
    marks: list[str] = []
    for place, (label, value) in enumerate(rows):
        y = place * ROW
        length = room * value / most
        marks.append(_text(LABEL - 8, y + 15, label, anchor="end"))
        marks.append(
            f'<rect class="bar" x="{LABEL}" y="{y + 3}" width="{length:.1f}" height="{ROW - 6}">'
            f"<title>{escape(label)} {number(value)}{escape(unit)}</title></rect>"
        )
        marks.append(_text(LABEL + length + 5, y + 15, number(value) + unit, style="value"))
    return _frame(marks, len(rows) * ROW)


def heat(rows: Sequence[str], columns: Sequence[str], values: Mapping[tuple[str, str], float]) -> str:
    """Cells shaded by their number, rows down and columns across; a cell without a number is blank."""
    if not rows or not columns:
        return ""
    wide = min(90.0, (WIDTH - LABEL) / len(columns))
    most = max(values.values(), default=0) or 1
    marks = [
        _text(LABEL + wide * (place + 0.5), TOP - 8, column, anchor="middle")
        for place, column in enumerate(columns)
    ]
    for down, row in enumerate(rows):
        y = TOP + down * ROW
        marks.append(_text(LABEL - 8, y + 15, row, anchor="end"))
        for across, column in enumerate(columns):
            value = values.get((row, column))
            if value is not None:
                marks.append(_square(LABEL + wide * across, y, wide, f"{row} {column}", value, most))
    return _frame(marks, TOP + len(rows) * ROW)


def _square(x: float, y: float, wide: float, name: str, value: float, most: float) -> str:
    shade = min(SHADES - 1, int(SHADES * math.sqrt(value / most))) if value else 0
    light = "light" if shade >= SHADES // 2 else "dark"
    return (
        f'<rect class="shade-{shade}" x="{x + 1:.1f}" y="{y + 1}" width="{wide - 2:.1f}" height="{ROW - 2}">'
        f"<title>{escape(name)}: {number(value)}</title></rect>"
        + _text(x + wide / 2, y + 15, number(value), anchor="middle", style=light)
    )


def ranges(rows: Sequence[Range], *, low: float | None = None, high: float | None = None) -> str:
    """A box a row: 25 to 75 %, the median marked, whiskers from 5 to 95 %; one axis for all rows."""
    if not rows:
        return ""
    least = min(row.quantiles[0] for row in rows) if low is None else low
    most = max(row.quantiles[4] for row in rows) if high is None else high
    extent = (most - least) or 1.0
    room = WIDTH - LABEL - 60

    def place(value: float) -> float:
        return LABEL + room * min(1.0, max(0.0, (value - least) / extent))

    height = len(rows) * ROW
    marks = [_tick(place(value), height, number(value)) for value in ticks(least, most)]
    for down, row in enumerate(rows):
        marks.extend(_box(row, [place(value) for value in row.quantiles], down * ROW))
    return _frame(marks, height + 20)


def _box(row: Range, at: Sequence[float], y: float) -> Iterable[str]:
    said = " · ".join(number(value) for value in row.quantiles)
    yield _text(LABEL - 8, y + 15, row.label, anchor="end")
    yield f'<line class="whisker" x1="{at[0]:.1f}" x2="{at[4]:.1f}" y1="{y + 11}" y2="{y + 11}"/>'
    yield (
        f'<rect class="box" x="{at[1]:.1f}" y="{y + 4}" width="{max(1.0, at[3] - at[1]):.1f}"'
        f' height="{ROW - 8}"><title>{escape(row.label)}: {said} (n={row.n})</title></rect>'
    )
    yield f'<line class="median" x1="{at[2]:.1f}" x2="{at[2]:.1f}" y1="{y + 3}" y2="{y + ROW - 3}"/>'
    yield _text(WIDTH - 4, y + 15, f"n={row.n:,}", anchor="end", style="value")


def lines(series: Mapping[str, Mapping[int, float]], *, height: int = 260, percent: bool = False) -> str:
    """A line a series over years, named at its end; the y axis starts at 0."""
    years = sorted({year for points in series.values() for year in points})
    if not years:
        return ""
    most = max(value for points in series.values() for value in points.values()) or 1.0
    plane = _Plane(tuple(years), most, float(height), percent)
    marks = [*plane.axes()]
    lasts = {name: plane.up(points[max(points)]) for name, points in series.items() if points}
    ends = _apart(lasts, lowest=height - 6.0)
    for hue, (name, points) in enumerate(series.items()):
        if points:
            marks.extend(plane.line(name, points, f"hue-{hue % COLOURS}"))
            marks.append(_text(plane.right + 8, ends[name] + 4, name, style=f"hue-{hue % COLOURS}"))
    return _frame(marks, height)


class _Plane(msgspec.Struct, frozen=True):
    """Years across and numbers from 0 up, in user units of the plot."""

    years: tuple[int, ...]
    most: float
    height: float
    percent: bool
    left: float = 50.0
    right: float = WIDTH - 150.0

    def across(self, year: int) -> float:
        first, last = self.years[0], self.years[-1]
        return self.left + (self.right - self.left) * (year - first) / max(1, last - first)

    def up(self, value: float) -> float:
        floor = self.height - 22
        return floor - (floor - 10) * value / self.most

    def said(self, value: float) -> str:
        return f"{value:.0%}" if self.percent else number(value)

    def axes(self) -> Iterable[str]:
        for year in self.years:
            yield _text(self.across(year), self.height - 6, str(year), anchor="middle")
        for value in ticks(0, self.most):
            y = f"{self.up(value):.1f}"
            yield f'<line class="grid" x1="{self.left}" x2="{self.right}" y1="{y}" y2="{y}"/>'
            yield _text(self.left - 6, self.up(value) + 4, self.said(value), anchor="end", style="value")

    def line(self, name: str, points: Mapping[int, float], hue: str) -> Iterable[str]:
        path = " ".join(f"{self.across(year):.1f},{self.up(points[year]):.1f}" for year in sorted(points))
        yield f'<polyline class="line {hue}" points="{path}"/>'
        for year in sorted(points):
            at = f'cx="{self.across(year):.1f}" cy="{self.up(points[year]):.1f}"'
            said = f"<title>{escape(name)} {year}: {self.said(points[year])}</title>"
            yield f'<circle class="dot {hue}" {at} r="3">{said}</circle>'


def _apart(places: Mapping[str, float], lowest: float, least: float = 14.0) -> dict[str, float]:
    """The heights of labels, moved so that none lies on another nor below `lowest`.

    >>> _apart({"a": 90.0, "b": 91.0}, lowest=92.0)
    {'a': 78.0, 'b': 92.0}
    """
    order = sorted(places, key=lambda name: places[name])
    result: dict[str, float] = {}
    last = -least
    for name in order:
        result[name] = last = max(places[name], last + least)
    below = lowest + least
    for name in reversed(order):
        result[name] = below = min(result[name], below - least)
    return result


def ticks(least: float, most: float, about: int = 5) -> list[float]:
    """Round numbers from `least` to `most`, about as many as asked.

    >>> ticks(0, 1)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    >>> ticks(3, 47)
    [10.0, 20.0, 30.0, 40.0]
    """
    if not most > least:
        return [float(least)]
    raw = (most - least) / about
    power = 10 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    first = math.ceil(least / step - 1e-9)
    return [round(float(step * k), 10) for k in range(first, math.floor(most / step + 1e-9) + 1)]


def number(value: float) -> str:
    """A number for a person: thousands parted, three places where it is small.

    >>> number(1234), number(0.98765), number(12.5)
    ('1,234', '0.988', '12.5')
    """
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.3f}".rstrip("0") if abs(value) < 10 else f"{value:,.1f}"


def _tick(x: float, height: float, said: str) -> str:
    return f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}"/>' + _text(
        x, height + 14, said, anchor="middle", style="value"
    )


def _text(x: float, y: float, said: str, *, anchor: str = "start", style: str = "") -> str:
    name = f' class="{style}"' if style else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{name}>{escape(said)}</text>'


def _frame(marks: Iterable[str], height: float) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" xmlns="http://www.w3.org/2000/svg" role="img">'
        + "".join(marks)
        + "</svg>"
    )
