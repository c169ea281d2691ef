"""Intervals and tests: the bootstrap and approximate randomization, by conversation.

Turns of one conversation hang together (a wrong answer spoils its follow-ups), so whole
conversations are drawn. Everything is seeded: the same records give the same figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from eval.measures import CURVES, RATIOS, Floats, Ratio, curve_data
from eval.records import Record

SEED: Final = 20_240_501
RESAMPLES: Final = 1_000
SHUFFLES: Final = 10_000
ROUNDING: Final = 1e-6
"""Kept results are rounded to six digits: a difference as small as this is none."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % percentile bootstrap interval.

    Attributes:
        value: The measure over all turns.
        low: 2.5th percentile over resamples.
        high: 97.5th percentile.
        n: Turns that count.
    """

    value: float
    low: float
    high: float
    n: int


def estimate(records: Sequence[Record], intervals: bool = True) -> dict[str, Estimate]:
    """Every measure that has a value over these turns, by name."""
    found: dict[str, Estimate] = {}
    if not records:
        return found
    clusters = _clusters(records)
    draws = _draws(len(clusters)) if intervals else np.ones((0, len(clusters)))
    for ratio in RATIOS:
        parts = _parts(ratio, clusters)
        if parts[:, 1].sum():
            values = _ratio(draws @ parts)
            n = sum(ratio.part(r)[1] > 0 for r in records)
            found[ratio.name] = _estimate(float(_ratio(parts.sum(axis=0))), values, n)
    whole = curve_data(records)
    samples = [
        curve_data([r for i, times in enumerate(draw) for _ in range(int(times))
                    for r in clusters[i]])
        for draw in draws[:200]
    ]
    for curve in CURVES:
        value = curve.of(*whole)
        if value is not None:
            drawn = [v for v in (curve.of(*sample) for sample in samples) if v is not None]
            n = len(whole[3]) if curve.name != "ece" else whole[0].size
            found[curve.name] = _estimate(value, np.array(drawn), n)
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """How a measure differs between two runs over the same turns.

    Attributes:
        before: Value in the first run.
        after: Value in the second.
        p: Two-sided p value of approximate randomization.
        n: Turns that both runs have.
    """

    before: float
    after: float
    p: float
    n: int


def differences(
    before: Sequence[Record], after: Sequence[Record], names: Iterable[str] | None = None
) -> dict[str, Difference]:
    """Test each ratio measure on the turns that both runs have.

    Approximate randomization (Noreen 1989; Smucker, Allan and Carterette, CIKM 2007): under the
    hypothesis that the runs do not differ, which run a conversation's answers came from is
    chance. Labels are swapped 10,000 times by whole conversations; p is the share of swaps whose
    difference is at least as large as the one seen, with one added above and below.
    """
    shared = {r.key for r in before} & {r.key for r in after}
    left = _clusters([r for r in before if r.key in shared])
    order = {cluster[0].cluster: i for i, cluster in enumerate(left)}
    right = sorted(
        _clusters([r for r in after if r.key in shared]), key=lambda c: order[c[0].cluster]
    )
    swaps = np.random.default_rng(SEED).integers(0, 2, (SHUFFLES, len(left))).astype(np.float64)
    found: dict[str, Difference] = {}
    for ratio in RATIOS:
        if names is not None and ratio.name not in names:
            continue
        a, b = _parts(ratio, left), _parts(ratio, right)
        if not a[:, 1].sum() or not b[:, 1].sum():
            continue
        seen = float(_ratio(b.sum(axis=0)) - _ratio(a.sum(axis=0)))
        moved = swaps @ (b - a)
        drawn = _ratio(b.sum(axis=0) - moved) - _ratio(a.sum(axis=0) + moved)
        extreme = int((np.abs(np.nan_to_num(drawn)) >= abs(seen) - ROUNDING).sum())
        found[ratio.name] = Difference(
            before=float(_ratio(a.sum(axis=0))), after=float(_ratio(b.sum(axis=0))),
            p=(extreme + 1) / (SHUFFLES + 1), n=len(shared),
        )
    return found


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Holm's correction of p values for several comparisons (Holm 1979)."""
    corrected: dict[str, float] = {}
    highest = 0.0
    for place, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        highest = max(highest, min(1.0, p * (len(p_values) - place)))
        corrected[name] = highest
    return corrected


def _clusters(records: Sequence[Record]) -> list[list[Record]]:
    found: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        found.setdefault(record.cluster, []).append(record)
    return list(found.values())


def _parts(ratio: Ratio, clusters: Sequence[Sequence[Record]]) -> Floats:
    """Numerator and denominator of each cluster: shape (clusters, 2)."""
    sums = [np.sum([ratio.part(r) for r in cluster], axis=0) for cluster in clusters]
    return np.array(sums, dtype=np.float64).reshape(len(clusters), 2)


def _draws(clusters: int) -> Floats:
    """How often each cluster is drawn, per resample: shape (resamples, clusters)."""
    generator = np.random.default_rng(SEED)
    return generator.multinomial(
        clusters, np.full(clusters, 1 / max(clusters, 1)), RESAMPLES
    ).astype(np.float64)


def _ratio(sums: Floats) -> Floats:
    """Numerator over denominator along the last axis; NaN where nothing counts."""
    below = sums[..., 1]
    safe = np.where(below > 0, below, 1.0)
    return np.asarray(np.where(below > 0, sums[..., 0] / safe, np.nan))


def _estimate(value: float, drawn: Floats, n: int) -> Estimate:
    drawn = drawn[~np.isnan(drawn)]
    low, high = np.percentile(drawn, [2.5, 97.5]) if drawn.size else (value, value)
    return Estimate(value, float(low), float(high), n)
