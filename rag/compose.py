"""A verdict as the text that a person reads, with its numbered citations."""

from __future__ import annotations

from collections.abc import Sequence

from rag.articles.quotes import cite
from rag.evidence.weighing import ArticleOf, Quote, Statement, Verdict
from rag.language.attribution import said_by
from rag.types import Citation

NOT_SAID = "The articles do not say."


def compose(verdict: Verdict, article_of: ArticleOf) -> tuple[str, tuple[Citation, ...]]:
    """Return the text of an answer and its citations, numbered in order of appearance.

    Raises:
        CitationError: A quote is not in its article (a defect).
    """
    if verdict.outcome == "not_found":
        return verdict.lead or NOT_SAID, ()
    lead = verdict.lead if verdict.lead is not None else verdict.short
    said = [Statement(lead or "", verdict.quotes), *verdict.further]
    citations = citations_of([q for one in said for q in one.quotes], article_of)
    numbered = iter(citations)
    lines = []
    for one in said:
        if one.text:
            lines.append(one.text if one.text.endswith(":") else sentence(one.text))
        for _ in one.quotes:
            citation = next(numbered)
            lines.append(f"“{citation.quote}” [{citation.number}]{_voice(citation)}")
    if verdict.note:
        lines.append(verdict.note)
    return "\n".join(lines), citations


def citations_of(quotes: Sequence[Quote], article_of: ArticleOf) -> tuple[Citation, ...]:
    """Return the citations of quotes, in order, numbered from 1.

    Raises:
        CitationError: A quote is not in its article (a defect).
    """
    made = []
    for number, quote in enumerate(quotes, 1):
        article = article_of(quote.article)
        voice = said_by(article.text, quote.start, quote.end)
        made.append(cite(article, quote.text, quote.start, quote.end, number, voice))
    return tuple(made)


def _voice(citation: Citation) -> str:
    """Who says so, where the quote itself does not show it."""
    voice = citation.said_by
    return f" ({' '.join(voice.split())})" if voice and voice not in citation.quote else ""


def sentence(text: str) -> str:
    """Return words as a sentence: a capital in front, a stop behind."""
    text = " ".join(text.split())
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else text + "."
