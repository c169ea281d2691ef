"""Typed comparison of answers: what can be right together, what cannot, and what came later.

Numbers, money, quantities with units, shares, dates, times, people, places, names and yes or no
are compared by type; free text is left open, because no score for it paid (`EXPERIMENTS.md`).
When nothing is known to exclude two answers, they do not conflict.
"""

from rag.compare.asked import single
from rag.compare.events import same_event
from rag.compare.relation import Comparison, relation
from rag.compare.sides import otherwise, sides, stated
from rag.compare.values import Claim, Side, Sides

__all__ = [
    "Claim",
    "Comparison",
    "Side",
    "Sides",
    "otherwise",
    "relation",
    "same_event",
    "sides",
    "single",
    "stated",
]
