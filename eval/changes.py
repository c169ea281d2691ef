"""What changed against a baseline: tested differences, and the cases that turned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.measures import CURVES, TITLES
from eval.records import Record
from eval.statistics import Difference, differences, estimate

REAL = 0.05
"""Differences with a smaller p value are called real."""


@dataclass(frozen=True, slots=True)
class Changes:
    """A run against its baseline.

    Attributes:
        tested: Ratio measures, tested on the turns that both have.
        untested: Before and after of the measures that have no paired test here.
        mended: Cases that are right now and were not.
        broken: Cases that were right and are not.
        otherwise: Cases whose answer differs and whose rightness does not.
        added: Turns that only the new run has.
        gone: Turns that only the baseline has.
    """

    tested: dict[str, Difference]
    untested: dict[str, tuple[float, float]]
    mended: tuple[tuple[Record, Record], ...]
    broken: tuple[tuple[Record, Record], ...]
    otherwise: tuple[tuple[Record, Record], ...]
    added: int
    gone: int

    @property
    def worse(self) -> tuple[str, ...]:
        """Measures that are worse than the baseline, and really so."""
        return tuple(
            name for name, d in self.tested.items() if d.after < d.before and d.p < REAL
        )


def changes(baseline: Sequence[Record], now: Sequence[Record]) -> Changes:
    """Compare two runs case by case."""
    old = {r.key: r for r in baseline}
    new = {r.key: r for r in now}
    pairs = [(old[key], record) for key, record in new.items() if key in old]
    before = estimate([a for a, _ in pairs], intervals=False)
    after = estimate([b for _, b in pairs], intervals=False)
    return Changes(
        tested=differences(baseline, now),
        untested={
            c.name: (before[c.name].value, after[c.name].value)
            for c in CURVES if c.name in before and c.name in after
        },
        mended=tuple((a, b) for a, b in pairs if b.right and not a.right),
        broken=tuple((a, b) for a, b in pairs if a.right and not b.right),
        otherwise=tuple(
            (a, b) for a, b in pairs
            if a.right == b.right and (a.outcome, a.short) != (b.outcome, b.short)
        ),
        added=len(new) - len(pairs),
        gone=len(old) - len(pairs),
    )


def as_text(found: Changes) -> str:
    """The changes for a terminal."""
    lines = []
    for name, d in found.tested.items():
        word = "real" if d.p < REAL else "may be chance"
        if d.before == d.after:
            word = "the same"
        lines.append(f"{TITLES[name]:>8}  {100 * d.before:6.1f} -> {100 * d.after:6.1f}  "
                     f"{100 * (d.after - d.before):+6.1f}  p={d.p:.3f}  {word}")
    for name, (a, b) in found.untested.items():
        scale = 1 if name in ("p50", "p95") else 100
        lines.append(f"{TITLES[name]:>8}  {scale * a:6.1f} -> {scale * b:6.1f}  "
                     f"{scale * (b - a):+6.1f}  not tested")
    for title, pairs in (("broken", found.broken), ("mended", found.mended),
                         ("otherwise", found.otherwise)):
        if pairs:
            lines.append(f"\n{len(pairs)} {title}:")
            lines += [f"  {b.set} {b.id} [{b.kind}] {b.asked}\n"
                      f"    was {_given(a)}; is {_given(b)}" for a, b in pairs]
    if found.added or found.gone:
        lines.append(f"\n{found.added} turns are new, {found.gone} are gone; "
                     "neither is compared")
    return "\n".join(lines)


def _given(record: Record) -> str:
    return f"{record.outcome} {record.short!r}" if record.short else record.outcome
