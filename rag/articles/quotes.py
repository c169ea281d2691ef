"""Quotes: the sentences that a span stands in, and the one place where a citation is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.errors import CitationError
from rag.types import Article, Citation, Hit, Span


def sentences_of(hit: Hit, start: int, end: int) -> Span:
    """Return the span of the whole sentences of a passage that hold a span of its article.

    Args:
        hit: The passage.
        start: First character of the span in the article's text.
        end: One past its last character.
    """
    touched = [s for s in hit.passage.sentences if s[0] < end and s[1] > start]
    if not touched:
        return _paragraph(hit, start, end)
    return min(touched[0][0], start), max(touched[-1][1], end)


def sentences_within(hit: Hit, start: int, end: int) -> Span:
    """Return the span of :func:`sentences_of`, counted from the passage's first character."""
    first, last = sentences_of(hit, start, end)
    return max(0, first - hit.passage.start), last - hit.passage.start


def in_furniture(article: Article, start: int, end: int) -> bool:
    """Tell whether any of a span is page furniture, which is never evidence."""
    return any(first < end and last > start for first, last in article.furniture)


def cite(
    article: Article, quote: str, start: int, end: int, number: int, said_by: str | None = None
) -> Citation:
    """Make a citation after checking that the article says it: no other code makes one.

    Args:
        article: The article.
        quote: The words to be shown.
        start: First character of the quote in the article's text.
        end: One past its last character.
        number: The marker in the answer's text.
        said_by: The words that attribute the quote to somebody, if any.

    Raises:
        CitationError: The quote is not what stands there, is empty, is page furniture, or the
            attribution is not the article's.
    """
    where = f"quote {start}:{end} of {article.name!r}"
    if not 0 <= start < end <= len(article.text) or not quote.strip():
        raise CitationError(f"{where} is empty or outside its {len(article.text)} characters")
    if article.text[start:end] != quote:
        raise CitationError(f"{where} is not what stands there: {quote[:80]!r}")
    if in_furniture(article, start, end):
        raise CitationError(f"{where} is page furniture")
    if said_by is not None and said_by not in article.text:
        raise CitationError(f"{where} is attributed to words that the article does not have")
    return Citation(
        number=number,
        article=article.name,
        title=article.title,
        quote=quote,
        start=start,
        end=end,
        publisher=article.publisher,
        published=article.published,
        said_by=said_by,
    )


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap or touch joined."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def trimmed(text: str, start: int, end: int) -> Span:
    """Return a span of a text without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def holds(spans: Sequence[Span], start: int, end: int) -> bool:
    """Tell whether one of the spans holds the whole of ``start:end``."""
    return any(first <= start and end <= last for first, last in spans)


def _paragraph(hit: Hit, start: int, end: int) -> Span:
    """Return the line that a span stands in, for passages without sentences."""
    passage = hit.passage
    first = passage.text.rfind("\n", 0, start - passage.start) + 1
    last = passage.text.find("\n", end - passage.start)
    last = len(passage.text) if last < 0 else last
    first, last = trimmed(passage.text, first, last)
    return passage.start + first, passage.start + last
