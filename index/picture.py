"""Draws how costs grow, both axes logarithmic, as an SVG that needs nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from index.growth import LABELS, Step

_SHOWN = ("build_s", "open_s", "search_ms", "memory_mb", "disk_mb", "add_s")
_COLOURS = ("#1b6ca8", "#b8500c", "#2a7f3f", "#8a3fa0", "#8c6d1f", "#b02a4a")
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _EDGE = 760, 420, 60, 210, 40


def draw(steps: Sequence[Step]) -> str:
    """Return the picture's text."""
    lows = [getattr(step, name) for step in steps for name in _SHOWN if getattr(step, name) > 0]
    bottom, top = math.floor(math.log10(min(lows))), math.ceil(math.log10(max(lows)))
    first, last = math.log10(steps[0].passages), math.log10(steps[-1].passages)

    def x(passages: float) -> float:
        share = (math.log10(passages) - first) / max(last - first, 1e-9)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        share = (math.log10(max(value, 10.0**bottom)) - bottom) / (top - bottom)
        return _HEIGHT - _EDGE - share * (_HEIGHT - 2 * _EDGE)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
    ]
    for power in range(bottom, top + 1):
        at = y(10.0**power)
        parts.append(f'<path d="M{_LEFT} {at:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g}</text>'
        )
    for step in steps:
        parts.append(
            f'<text x="{x(step.passages):.1f}" y="{_HEIGHT - 15}" text-anchor="middle">'
            f"{step.passages:,}</text>"
        )
    for number, (name, colour) in enumerate(zip(_SHOWN, _COLOURS, strict=True)):
        points = [(x(step.passages), y(getattr(step, name))) for step in steps]
        line = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in points]
        label = escape(LABELS[name])
        parts.append(
            f'<text x="{_WIDTH - _RIGHT + 15}" y="{_EDGE + 20 * number + 10}" fill="{colour}">'
            f"{label}</text>"
        )
    parts.append(f'<text x="{_LEFT}" y="20">costs by number of passages</text></svg>')
    return "\n".join(parts) + "\n"
