"""The straight edges and the pictures of a PDF page: what its paths and images draw, in the page's own space.

Measures are points, y upwards, as the page's content states them. PDFium is not thread-safe.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from itertools import repeat
from typing import Any

import pypdfium2.raw as pdfium

from extract.read import pdf_calls as calls
from extract.read.fixed_page import THIN, Edge
from extract.read.matrix import UNTURNED, Matrix, move_box, multiply

MAX_OBJECTS = 60_000  # of one page
MAX_DEPTH = 4  # forms within forms
MAX_SEGMENTS = 20_000  # of one path
_WHITE = 250  # colour values from which nothing is to be seen on paper


class ShapeReader:
    """Reads a page; `edges` and `pictures` are boxes (x0, y0, x1, y1), an edge as thin as its line."""

    def __init__(self) -> None:
        self.edges: list[Edge] = []
        self.pictures: list[Edge] = []
        floats, numbers = (ctypes.c_float * 6)(), (ctypes.c_uint * 4)()  # where PDFium puts its answers
        self._floats = memoryview(floats).cast("B").cast("f")
        self._numbers = memoryview(numbers).cast("B").cast("I")
        self._sides = [ctypes.addressof(floats) + 4 * number for number in range(4)]
        self._parts = [ctypes.addressof(numbers) + 4 * number for number in range(4)]

    def read(self, page: Any) -> None:
        """All that a raw PDFium page draws, the forms on it included."""
        address = calls.find_address(page)
        self._collect(address, calls.count_objects(address), calls.get_object, UNTURNED, 0)

    def _collect(
        self,
        holder: int | None,
        count: int,
        get: Callable[..., int],
        matrix: Matrix,
        depth: int,
    ) -> None:
        """The edges and pictures of a page or form, those of forms in it included."""
        count = min(count, MAX_OBJECTS - len(self.edges))
        items = list(map(get, repeat(holder, count), range(count)))
        for item, kind in zip(items, map(calls.get_kind, items), strict=True):
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._read_path(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                box = move_box(matrix, self._read_bounds(item))
                thin = min(box[2] - box[0], box[3] - box[1]) <= THIN
                (self.edges if thin else self.pictures).append(box)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                inner = multiply(self._read_matrix(item), matrix)
                self._collect(item, calls.count_inner(item), calls.get_inner, inner, depth + 1)

    def _read_path(self, item: int, outer: Matrix) -> None:
        """The straight edges that a path draws: its strokes, and filled shapes as thin as lines."""
        if not calls.get_draw_mode(item, self._parts[0], self._parts[1]):
            return
        if self._numbers[1]:  # it is stroked
            if not self._is_white(item, calls.get_stroke_color):
                self._read_strokes(item, multiply(self._read_matrix(item), outer))
        elif self._numbers[0] and not self._is_white(item, calls.get_fill_color):
            if calls.count_segments(item) > 6:  # several bars in one path
                self._read_bars(item, multiply(self._read_matrix(item), outer))
                return
            box = move_box(outer, self._read_bounds(item))
            if min(box[2] - box[0], box[3] - box[1]) <= THIN:
                self.edges.append(box)

    def _read_points(self, item: int, matrix: Matrix) -> list[tuple[int, int, float, float]]:
        """(segment, its kind, x, y) in order."""
        floats, place_x, place_y = self._floats, self._sides[0], self._sides[1]
        get_segment, get_point, get_kind = calls.get_segment, calls.get_point, calls.get_segment_kind
        a, b, c, d, e, f = matrix
        points = []
        for index in range(min(calls.count_segments(item), MAX_SEGMENTS)):
            segment = get_segment(item, index)
            get_point(segment, place_x, place_y)
            x, y = floats[0], floats[1]
            points.append((segment, get_kind(segment), a * x + c * y + e, b * x + d * y + f))
        return points

    def _read_strokes(self, item: int, matrix: Matrix) -> None:
        """The straight strokes of a path."""
        start_x = start_y = last_x = last_y = 0.0
        for segment, kind, x, y in self._read_points(item, matrix):
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start_x, start_y = last_x, last_y = x, y
                continue
            if kind == pdfium.FPDF_SEGMENT_LINETO:
                self._add_edge(last_x, last_y, x, y)
            last_x, last_y = x, y
            if calls.is_closing(segment):
                self._add_edge(start_x, start_y, x, y)

    def _add_edge(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if x0 > x1:
            x0, x1 = x1, x0
        if y0 > y1:
            y0, y1 = y1, y0
        self.edges.append((x0, y0, x1, y1))

    def _read_bars(self, item: int, matrix: Matrix) -> None:
        """The thin figures of a filled path, each as a line."""
        figure: list[tuple[float, float]] = []
        for _, kind, x, y in self._read_points(item, matrix):
            if kind == pdfium.FPDF_SEGMENT_MOVETO and figure:
                self._add_bar(figure)
                figure = []
            figure.append((x, y))
        self._add_bar(figure)

    def _add_bar(self, figure: list[tuple[float, float]]) -> None:
        xs, ys = [x for x, _ in figure], [y for _, y in figure]
        box = (min(xs, default=0.0), min(ys, default=0.0), max(xs, default=0.0), max(ys, default=0.0))
        if min(box[2] - box[0], box[3] - box[1]) <= THIN:
            self.edges.append(box)

    def _read_bounds(self, item: int) -> Edge:
        if not calls.get_bounds(item, *self._sides):
            return 0.0, 0.0, 0.0, 0.0
        left, bottom, right, top, _, _ = self._floats
        return left, bottom, right, top

    def _read_matrix(self, item: int) -> Matrix:
        if not calls.get_object_matrix(item, self._sides[0]):
            return UNTURNED
        a, b, c, d, e, f = self._floats
        return a, b, c, d, e, f

    def _is_white(self, item: int, read: Callable[..., int]) -> bool:
        red, green, blue, cover = self._parts
        if not read(item, red, green, blue, cover):
            return False
        values = self._numbers.tolist()
        return values[3] == 0 or min(values[:3]) >= _WHITE
