"""What a trace tells: the milliseconds of each step, and how each passage was found."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from rag.types import Hit


@dataclass(slots=True)
class Clock:
    """Milliseconds of each step, for the trace."""

    steps: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        """Book the time since the last lap under a name."""
        now = time.perf_counter()
        self.steps[name] = round(self.steps.get(name, 0.0) + 1000 * (now - self._last), 2)
        self._last = now


def found_at(hit: Hit) -> dict[str, Any]:
    """Return a passage that was read, and how it was found, as JSON-ready values."""
    return {
        "article": hit.passage.article,
        "title": hit.title,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "rank": hit.rank,
        "score": round(hit.score, 5),
        "dense_rank": hit.dense_rank,
        "dense_score": None if hit.dense_score is None else round(hit.dense_score, 4),
        "word_rank": hit.word_rank,
        "word_score": None if hit.word_score is None else round(hit.word_score, 3),
    }
