"""The straight edges that a path of OFD draws. Source: GB/T 33190-2016, 9.3."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.read.fixed_page import THIN, Edge
from extract.read.matrix import Matrix

MAX_STEPS = 20_000  # of one path
_STEP = re.compile(r"([MSLQBAC])|([-+]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})(?:[eE][-+]?\d{1,3})?)")
_NUMBERS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}  # that an operator takes

Point = tuple[float, float]


def find_edges(data: str, matrix: Matrix, *, stroked: bool, filled: bool) -> list[Edge]:
    """The edges of a path, boxes as thin as their lines, in the space that `matrix` leads to.

    Strokes that are straight; of what is only filled, the figures as thin as lines.

    >>> find_edges("M 0 0 L 9 0 L 9 4 C", (1, 0, 0, 1, 10, 10), stroked=True, filled=False)
    [(10.0, 10.0, 19.0, 10.0), (19.0, 10.0, 19.0, 14.0), (10.0, 10.0, 19.0, 14.0)]
    >>> find_edges("M0 0L90 0L90 1L0 1C", (1, 0, 0, 1, 0, 0), stroked=False, filled=True)
    [(0.0, 0.0, 90.0, 1.0)]
    """
    a, b, c, d, e, f = matrix
    edges: list[Edge] = []
    for straight, figure in _find_figures(data):
        points = [(a * x + c * y + e, b * x + d * y + f) for x, y in figure]
        if stroked:
            edges += [_span(points[n - 1], points[n]) for n in range(1, len(points)) if straight[n]]
        elif filled and points:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            box = min(xs), min(ys), max(xs), max(ys)
            if min(box[2] - box[0], box[3] - box[1]) <= THIN:
                edges.append(box)
    return edges


def _span(one: Point, other: Point) -> Edge:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _find_figures(data: str) -> Iterator[tuple[list[bool], list[Point]]]:
    """The corners of each figure, and of each whether a straight line leads to it."""
    straight: list[bool] = []
    points: list[Point] = []
    for step, numbers in _list_steps(data):
        if step in "MS":
            if points:
                yield straight, points
            straight, points = [False], [(numbers[0], numbers[1])]
        elif step == "C":
            if points and points[-1] != points[0]:
                straight.append(True)
                points.append(points[0])
        elif points:
            straight.append(step == "L")
            points.append((numbers[-2], numbers[-1]))
    if points:
        yield straight, points


def _list_steps(data: str) -> Iterator[tuple[str, list[float]]]:
    """The operators with their numbers; one with too few ends the path."""
    step, count = "", 0
    numbers: list[float] = []
    for found in _STEP.finditer(data):
        if found[1]:
            step, numbers = found[1], []
        elif step:
            numbers.append(float(found[2]))
        if step and len(numbers) == _NUMBERS[step]:
            yield step, numbers
            numbers, count = [], count + 1
            step = "" if step == "C" else "L" if step in "MS" else step  # more numbers go on as lines
        if count >= MAX_STEPS:
            return
