"""Retrieval measures of one question, computed by trec_eval through ``ir_measures``.

A passage is relevant when it holds a supporting sentence (``eval.support.holds``); relevance is
0 or 1. R@k is recall at k, RR the reciprocal rank of the first relevant passage (its mean is MRR),
nDCG@10 the normalised discounted cumulative gain, Success@5 whether one of the first five is
relevant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

DEPTH: Final = 20
"""Passages that are asked for when a ranking is measured."""

RANKING_MEASURES: Final = ("Success@5", "R@5", "R@10", "RR", "nDCG@10")


def ranking_measures(ranked: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    """Measure one ranking.

    Args:
        ranked: Passage ids, best first, without repetition.
        relevant: Grade by passage id; those that are left out have grade 0.

    Returns:
        Value by measure name, each in [0, 1].
    """
    import ir_measures  # here: it takes a quarter of a second, and only measured runs need it

    qrels = {"q": dict(relevant)}
    # trec_eval orders by score and breaks ties by name: distinct scores keep our order.
    run = {"q": {name: float(len(ranked) - place) for place, name in enumerate(ranked)}}
    measures = [ir_measures.parse_measure(name) for name in RANKING_MEASURES]
    if not ranked:
        return dict.fromkeys(RANKING_MEASURES, 0.0)
    values = ir_measures.calc_aggregate(measures, qrels, run)
    return {str(measure): float(value) for measure, value in values.items()}
