"""The values that cross modules: frozen dataclasses without behaviour beyond their own invariants.

All character offsets are Python string offsets (code points) into ``Article.text``, half open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["answered", "disputed", "not_found"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read from its file.

    Attributes:
        name: Path of the file relative to the articles' folder, with forward slashes. Unique.
        title: The article's title; falls back to the first line, then to the file's name.
        text: The whole text, page furniture included, so that offsets stay true.
        digest: Hex SHA-256 of the file's bytes.
        publisher: Who published it, where the file tells.
        author: Who wrote it, where the file tells.
        published: Day of publication, where the file tells.
        furniture: Sorted, disjoint spans of ``text`` that are page furniture ("You may also
            like", share bars, cookie notes): never evidence.
    """

    name: str
    title: str
    text: str
    digest: str
    publisher: str | None = None
    author: str | None = None
    published: dt.date | None = None
    furniture: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was walked and is not an article, and why (one plain sentence)."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article: ``article.text[start:end] == text``.

    Attributes:
        article: Name of the article.
        ordinal: Position among the article's passages, from 0.
        start: First character.
        end: One past the last character.
        text: The characters themselves.
        sentences: Spans of the passage's sentences, as offsets into the article's text.
    """

    article: str
    ordinal: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with where it came from in the ranking.

    Attributes:
        passage: The passage.
        title: Title of its article.
        rank: Position in the fused ranking, from 1.
        score: Reciprocal rank fusion score.
        dense_rank: Rank by cosine, from 1; None when the vector search did not return it.
        dense_score: Cosine similarity with the question in [-1, 1]; None as above.
        word_rank: Rank by BM25, from 1; None when the word search did not return it.
        word_score: BM25 score, larger is better; None as above.
        publisher: Publisher of its article, if known.
        published: Day of publication of its article, if known.
    """

    passage: Passage
    title: str
    rank: int
    score: float
    dense_rank: int | None = None
    dense_score: float | None = None
    word_rank: int | None = None
    word_score: float | None = None
    publisher: str | None = None
    published: dt.date | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the hit as plain JSON-ready values."""
        return {
            "rank": self.rank,
            "score": self.score,
            "article": self.passage.article,
            "title": self.title,
            "publisher": self.publisher,
            "published": self.published.isoformat() if self.published else None,
            "text": self.passage.text,
            "start": self.passage.start,
            "end": self.passage.end,
            "dense_rank": self.dense_rank,
            "dense_score": self.dense_score,
            "word_rank": self.word_rank,
            "word_score": self.word_score,
        }


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is restricted to; an empty field restricts nothing.

    Attributes:
        articles: Article names.
        publishers: Publisher names, compared without case.
        since: Earliest day of publication; articles without a date are then left out.
        until: Latest day of publication; articles without a date are then left out.
    """

    articles: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One span that the reader proposes as an answer.

    Attributes:
        hit: The passage it was read from.
        start: First character of the span in the article's text.
        end: One past its last character.
        text: The span itself, ``article.text[start:end]``.
        score: Sum of the start and end logits, less what the span loses by its length.
        margin: ``score`` minus the score of "not here" of the same window.
        probability: Probability of the span among all of its window, by the reader's own softmax.
        absent: Logit that its window does not answer, of the reader's head for just that; 0 for
            a reader without one.
    """

    hit: Hit
    start: int
    end: int
    text: str
    score: float
    margin: float
    probability: float = 0.0
    absent: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote. ``quote`` is ``article.text[start:end]``, character for character.

    Attributes:
        number: The marker in ``Answer.text``, from 1, in order of appearance.
        article: Name of the article (its file).
        title: Title of the article.
        quote: The words of the article.
        start: First character of the quote in the article's text.
        end: One past its last character.
        publisher: Publisher of the article, if known.
        published: Day of publication of the article, if known.
        said_by: The exact words that attribute the sentence to somebody, if there are any.
    """

    number: int
    article: str
    title: str
    quote: str
    start: int
    end: int
    publisher: str | None = None
    published: dt.date | None = None
    said_by: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to one question.

    Attributes:
        outcome: "answered", "disputed" (the articles disagree) or "not_found".
        text: What a person reads, with markers like [1] for the citations.
        short: The exact words of the answer; None unless ``outcome`` is "answered".
        confidence: Probability in [0, 1] that the answer is right; for "not_found" the
            probability of the best answer that was held back.
        citations: The quotes that ``text`` stands on, numbered from 1 in order of appearance.
        question: The question that was searched, follow-ups resolved.
        asked: The question as it was asked.
        trace: What was retrieved and why it was decided so; JSON-ready.
    """

    outcome: Outcome
    text: str
    short: str | None
    confidence: float
    citations: tuple[Citation, ...]
    question: str
    asked: str
    trace: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain JSON-ready values."""
        return {
            "outcome": self.outcome,
            "text": self.text,
            "short": self.short,
            "confidence": self.confidence,
            "citations": [
                {
                    "number": c.number,
                    "article": c.article,
                    "title": c.title,
                    "quote": c.quote,
                    "start": c.start,
                    "end": c.end,
                    "publisher": c.publisher,
                    "published": c.published.isoformat() if c.published else None,
                    "said_by": c.said_by,
                }
                for c in self.citations
            ],
            "question": self.question,
            "asked": self.asked,
            "trace": dict(self.trace),
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """One past turn of a conversation.

    Attributes:
        asked: The question as it was asked.
        question: The question as it was searched.
        answer: What the assistant said.
    """

    asked: str
    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of answering, for those who show progress.

    Attributes:
        name: "resolving", "searching", "reading" or "weighing".
        text: What is being done, in a few words for a person.
    """

    name: str
    text: str
