"""Matrices (a b c d e f) that move and turn what is drawn: x' = ax + cy + e, y' = bx + dy + f."""

from __future__ import annotations

from extract.read.fixed_page import Edge

Matrix = tuple[float, float, float, float, float, float]

UNTURNED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that does `first`, then `second`."""
    if second is UNTURNED:
        return first
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def move_box(matrix: Matrix, box: Edge) -> Edge:
    """The box around a box that a matrix moves."""
    if matrix is UNTURNED:
        return box
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs = [a * x + c * y + e for x, y in corners]
    ys = [b * x + d * y + f for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
