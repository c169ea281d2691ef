"""Which parts of an article's text are page furniture, never evidence."""

from __future__ import annotations

from rag.types import Span


def mark(text: str, recurring: frozenset[str] = frozenset()) -> tuple[Span, ...]:
    """Return the spans of page furniture, sorted and disjoint."""
    return ()
