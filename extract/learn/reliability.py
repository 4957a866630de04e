"""The reliability diagram of a model as SVG: mean score against share right, a bar for each bin's units."""

from __future__ import annotations

from collections.abc import Sequence

SIDE, EDGE = 320, 46  # pixels: the square of the diagram, and what is left around it
INK, LINE, BAR = "#1f2933", "#2563a6", "#cfd8e3"


def draw_reliability(bins: Sequence[tuple[float, float, int]]) -> str:
    """The diagram of `metrics.calibration`: for each bin mean score, share right, units."""
    total = max(1, sum(units for _, _, units in bins))
    bars = [_bar(score, units / total) for score, _, units in bins]
    points = [(_x(score), _y(right)) for score, right, _ in bins]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{LINE}"/>' for x, y in points]
    size = SIDE + 2 * EDGE
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}" '
        'font-family="sans-serif" font-size="12" role="img" aria-label="reliability diagram">',
        f'<rect width="{size}" height="{size}" fill="#ffffff"/>',
        *bars,
        f'<rect x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{INK}"/>',
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="{INK}" stroke-dasharray="4 4"/>',
        f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>',
        *dots,
        *_ticks(),
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">mean score (bars: share of units)</text>',
        f'<text transform="translate(13 {size / 2}) rotate(-90)" text-anchor="middle">share right</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _x(share: float) -> float:
    return round(EDGE + SIDE * share, 1)


def _y(share: float) -> float:
    return round(EDGE + SIDE * (1 - share), 1)


def _bar(score: float, share: float) -> str:
    width = SIDE * 0.06
    x, y = _x(score) - width / 2, _y(share)
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_y(0) - y:.1f}" fill="{BAR}"/>'


def _ticks() -> list[str]:
    marks = []
    for step in range(0, 11, 2):
        share = step / 10
        marks.append(f'<text x="{_x(share)}" y="{_y(0) + 16}" text-anchor="middle">{share:.1f}</text>')
        marks.append(f'<text x="{EDGE - 6}" y="{_y(share) + 4}" text-anchor="end">{share:.1f}</text>')
    return marks
