"""Charts as inline SVG: small, without a plotting library, readable in light and dark.

Colours are CSS variables of the page (``--line``, ``--accent``, ``--muted``), so one drawing serves
both themes, which a bitmap or a plotting library's SVG would not. All text goes through
``html.escape``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Final

WIDTH, HEIGHT = 460, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 24, 14, 44
INNER_W: Final = WIDTH - LEFT - RIGHT
INNER_H: Final = HEIGHT - TOP - BOTTOM

Point = tuple[float, float]


def lines(
    series: Sequence[tuple[str, Sequence[Point]]],
    x_title: str,
    y_title: str,
    y_max: float,
    marks: Sequence[float] = (),
    steps: bool = False,
) -> str:
    """A line chart; x runs from 0 to 1.

    Args:
        series: Name and points of each line, x ascending.
        x_title: Title of the x axis.
        y_title: Title of the y axis.
        y_max: Upper end of the y axis.
        marks: Heights of dashed lines across.
        steps: Draw points as well (few points), else only the line.
    """
    body = [_axes(x_title, y_title, [(i / 5, f"{20 * i} %") for i in range(6)], y_max)]
    for mark in marks:
        y = _y(mark / y_max)
        body.append(f'<line class="mark" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
    for number, (name, points) in enumerate(series):
        path = " ".join(f"{_x(x)},{_y(min(y, y_max) / y_max)}" for x, y in points)
        body.append(f'<polyline class="series s{number}" points="{path}"><title>'
                    f"{escape(name)}</title></polyline>")
        if steps:
            body += [
                f'<circle class="s{number}" cx="{_x(x)}" cy="{_y(min(y, y_max) / y_max)}" r="4">'
                f"<title>{100 * x:.0f} %: {100 * y:.1f} %</title></circle>"
                for x, y in points
            ]
    return _svg(f"{y_title} against {x_title}", body)


def reliability(bins: Sequence[tuple[float, float, int]]) -> str:
    """A reliability diagram.

    Args:
        bins: Mean confidence, share of right answers and number of answers of each bin.
    """
    body = [_axes("confidence", "share of right answers",
                  [(i / 5, f"{20 * i} %") for i in range(6)], 1.0)]
    largest = max((n for _, _, n in bins), default=1)
    body.append(f'<line class="mark" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>')
    for confidence, right, n in bins:
        radius = 3 + 9 * (n / largest) ** 0.5
        body.append(
            f'<circle class="s0" cx="{_x(confidence)}" cy="{_y(right)}" r="{radius:.1f}"><title>'
            f"{n} answers: confidence {100 * confidence:.0f} %, right {100 * right:.0f} %"
            f"</title></circle>"
        )
    return _svg("share of right answers against confidence", body)


def bars(rows: Sequence[tuple[str, float, float, float, int]]) -> str:
    """Horizontal bars of shares with intervals, one row per name.

    Args:
        rows: Name, value, low end, high end (in [0, 1]) and number of turns.
    """
    step, left = 24, 150
    height = step * len(rows) + 34
    room = WIDTH + 200 - left - 60

    def at(share: float) -> float:
        return round(left + room * share, 1)

    body = []
    for tick in range(6):
        x = at(tick / 5)
        body.append(f'<line class="grid" x1="{x}" x2="{x}" y1="4" y2="{height - 28}"/>'
                    f'<text class="tick" x="{x}" y="{height - 10}" text-anchor="middle">'
                    f"{20 * tick} %</text>")
    for number, (name, value, low, high, n) in enumerate(rows):
        y = step * number + 8
        body.append(
            f'<text x="{left - 10}" y="{y + 12}" text-anchor="end">{escape(name)}</text>'
            f'<rect class="s0" x="{left}" y="{y}" width="{at(value) - left:.1f}" height="15" '
            f'rx="2"><title>{100 * value:.1f} %, {n} turns</title></rect>'
            f'<line class="whisker" x1="{at(low)}" x2="{at(high)}" y1="{y + 7.5}" '
            f'y2="{y + 7.5}"/>'
            f'<text class="tick" x="{at(1) + 8}" y="{y + 12}">{100 * value:.0f} ({n})</text>'
        )
    return _svg("share of right answers by kind", body, WIDTH + 200, height)


def histogram(values: Sequence[float], x_title: str, bins: int = 24) -> str:
    """A histogram from 0 to the 99th percentile; larger values fall in the last bin."""
    ordered = sorted(values)
    top = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))] if ordered else 1.0
    top = top or 1.0
    counts = [0] * bins
    for value in ordered:
        counts[min(bins - 1, int(bins * value / top))] += 1
    most = max(counts) or 1
    ticks = [(i / 4, f"{top * i / 4:.0f}") for i in range(5)]
    body = [_axes(x_title, "questions", ticks, float(most), lambda v: f"{v:.0f}")]
    wide = INNER_W / bins
    for place, count in enumerate(counts):
        y = _y(count / most)
        body.append(
            f'<rect class="s0" x="{LEFT + place * wide + 0.5:.1f}" y="{y}" '
            f'width="{wide - 1:.1f}" height="{TOP + INNER_H - y:.1f}"><title>'
            f"{top * place / bins:.0f} to {top * (place + 1) / bins:.0f}: {count}</title></rect>"
        )
    return _svg(f"number of questions by {x_title}", body)


def _axes(
    x_title: str,
    y_title: str,
    ticks: Sequence[tuple[float, str]],
    y_max: float,
    label: Callable[[float], str] = lambda v: f"{100 * v:.0f} %",
) -> str:
    parts = []
    for tick in range(5):
        y = _y(tick / 4)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>'
                     f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">'
                     f"{label(y_max * tick / 4)}</text>")
    for share, name in ticks:
        parts.append(f'<text class="tick" x="{_x(share)}" y="{HEIGHT - BOTTOM + 16}" '
                     f'text-anchor="middle">{escape(name)}</text>')
    parts.append(f'<text class="axis" x="{LEFT + INNER_W / 2}" y="{HEIGHT - 6}" '
                 f'text-anchor="middle">{escape(x_title)}</text>')
    parts.append(f'<text class="axis" transform="translate(12 {TOP + INNER_H / 2}) rotate(-90)" '
                 f'text-anchor="middle">{escape(y_title)}</text>')
    return "".join(parts)


def _svg(title: str, body: Sequence[str], width: int = WIDTH, height: int = HEIGHT) -> str:
    return (f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
            f"{''.join(body)}</svg>")


def _x(share: float) -> float:
    return round(LEFT + INNER_W * share, 1)


def _y(share: float) -> float:
    return round(TOP + INNER_H * (1 - share), 1)
