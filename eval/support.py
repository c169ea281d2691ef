"""Where supporting sentences stand in their articles, and which quotes and passages hold them."""

from __future__ import annotations

import re
from collections.abc import Callable

from eval.cases import ExpectedTurn, Support
from rag.types import Span

HELD_SHARE = 0.5
"""A span holds a sentence when it covers at least this share of the sentence's characters."""

WHOLE: tuple[Span, ...] = ((0, 0),)
"""Stands for a support that is a whole article: every span of the article holds it."""


def locate(sentence: str, text: str) -> tuple[Span, ...]:
    """Every place where the sentence stands in the text, white space aside.

    Args:
        sentence: The words, whose runs of white space match any run of white space.
        text: The article's text.

    Returns:
        Half-open spans of ``text``, from left to right; empty when it is not there.
    """
    words = sentence.split()
    if not words:
        return ()
    pattern = r"\s+".join(re.escape(word) for word in words)
    return tuple(match.span() for match in re.finditer(pattern, text))


def holds(span: Span, sentence: Span) -> bool:
    """Whether a quote or passage covers at least half of a sentence's characters."""
    common = min(span[1], sentence[1]) - max(span[0], sentence[0])
    return common >= HELD_SHARE * (sentence[1] - sentence[0])


class SupportIndex:
    """The supporting sentences of one turn, located once in their articles."""

    def __init__(self, turn: ExpectedTurn, text_of: Callable[[str], str | None]) -> None:
        """Locate the turn's sentences.

        Args:
            turn: The turn.
            text_of: The text of an article by its name; None when there is no such article.
        """
        self._found: list[tuple[Support, tuple[Span, ...]]] = []
        for support in turn.support:
            text = text_of(support.article)
            if text is None:
                spans: tuple[Span, ...] = ()
            elif support.sentence:
                spans = locate(support.sentence, text)
            else:
                spans = WHOLE
            self._found.append((support, spans))

    def missing(self) -> tuple[Support, ...]:
        """The sentences that are not in the article that they name."""
        return tuple(support for support, spans in self._found if not spans)

    def held_by(self, article: str, span: Span) -> tuple[Support, ...]:
        """The supporting sentences that a span of an article holds."""
        return tuple(
            support
            for support, spans in self._found
            if support.article == article
            and (spans is WHOLE or any(holds(span, s) for s in spans))
        )
