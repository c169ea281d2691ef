"""Tables of measures as aligned text and as Markdown."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from typing import Final

from eval.cases import KINDS
from eval.measures import CURVES, TITLES
from eval.records import Record
from eval.statistics import Estimate, estimate

MILLISECONDS: Final = frozenset(curve.name for curve in CURVES if curve.unit == "ms")

_PRECISIONS: Final = (("not_found", "refusal_precision"), ("disputed", "dispute_precision"))
Rows = Sequence[tuple[str, Mapping[str, Estimate]]]


def by_kind(records: Sequence[Record], intervals: bool = True) -> list[
    tuple[str, dict[str, Estimate]]
]:
    """Every measure over all turns, then over the turns of each kind."""
    rows = [("all", estimate(records, intervals))]
    for kind in KINDS:
        own = [r for r in records if r.kind == kind]
        if own:
            found = estimate(own, intervals)
            for outcome, name in _PRECISIONS:
                if not any(r.expected == outcome for r in own):
                    found.pop(name, None)  # 0 by definition: says nothing of this kind
            rows.append((kind, found))
    return rows


def cell(name: str, found: Estimate | None) -> str:
    """A value with half the width of its interval, in per cent or milliseconds."""
    if found is None:
        return "·"
    scale = 1.0 if name in MILLISECONDS else 100.0
    half = scale * (found.high - found.low) / 2
    digits = 0 if name in MILLISECONDS else 1
    return f"{scale * found.value:.{digits}f}±{half:.0f}"


def interval(name: str, found: Estimate | None) -> str:
    """A value with its whole interval."""
    if found is None:
        return "·"
    if name in MILLISECONDS:
        return f"{found.value:.0f} [{found.low:.0f}, {found.high:.0f}]"
    return f"{100 * found.value:.1f} [{100 * found.low:.1f}, {100 * found.high:.1f}]"


def text_table(rows: Rows, counts: Mapping[str, int], width: int | None = None) -> str:
    """An aligned table, in blocks of columns where the terminal is too narrow.

    Args:
        rows: Name and measures of each row.
        counts: Turns of each row.
        width: Columns of the terminal; asked for when None.
    """
    width = width or shutil.get_terminal_size((150, 24)).columns
    names = [n for n in TITLES if any(n in measures for _, measures in rows)]
    first = max(len(name) for name, _ in rows)
    columns = {
        n: [TITLES[n], *(cell(n, measures.get(n)) for _, measures in rows)] for n in names
    }
    head = [["", *(name for name, _ in rows)], ["turns", *(str(counts[n]) for n, _ in rows)]]
    blocks: list[list[list[str]]] = []
    room = 0
    for n in names:
        wide = max(map(len, columns[n])) + 2
        if not blocks or room + wide > width:
            blocks.append([])
            room = first + 7
        blocks[-1].append(columns[n])
        room += wide
    return "\n\n".join(_aligned([*head, *block]) for block in blocks)


def _aligned(columns: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in columns]
    lines = []
    for row in zip(*columns, strict=True):
        cells = [row[0].ljust(widths[0])]
        cells += [value.rjust(w) for value, w in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; bars and line ends in cells are escaped."""
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(_escaped(c) for c in cells) + " |"

    rule = "|" + "---|" * len(head)
    return "\n".join([line(head), rule, *(line(row) for row in rows)])


def _escaped(value: str) -> str:
    for sign in "\\|`*_<>":
        value = value.replace(sign, f"\\{sign}")
    return " ".join(value.split())
