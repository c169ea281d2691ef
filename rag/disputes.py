"""Answers that exclude each other: a dispute told from both sides, or what it was earlier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rag.compare import Claim, Side, Sides, sides, stated
from rag.duplicates import group
from rag.evidence import ArticleOf, Quote, Statement, Verdict, Weighed
from rag.questions import Asked
from rag.types import Article
from rag.yesno import Decision

# Least probability of an answer that may stand against another.
FLOOR = 0.5
# Quotes that are shown for each side.
QUOTES = 2
DISAGREE = "The articles disagree"
DISAGREES = "The article disagrees with itself"

Told = tuple[Claim, Quote]


def claims_of(weighed: Sequence[Weighed]) -> list[Told]:
    """Return each answer as each of its articles gives it, with its quote."""
    told: dict[tuple[str, int, int], Told] = {}
    for one in weighed:
        best = one.group.best
        for candidate in one.group.candidates:
            hit = candidate.hit
            name = hit.passage.article
            quote = Quote.of(hit, candidate.start, candidate.end)
            # A span that the reader itself would not give is no statement of its article.
            if any(name == n and candidate.start < last and first < candidate.end
                   for n, first, last in told) or (candidate is not best and candidate.margin < 0):
                continue
            claim = Claim(
                text=candidate.text,
                sentence=quote.text,
                article=name,
                published=hit.published,
                probability=one.probability,
                title=hit.title,
                passage=hit.passage.text,
                offset=candidate.start - quote.start,
            )
            told[name, candidate.start, candidate.end] = claim, quote
    return list(told.values())


def claims_of_decisions(decisions: Sequence[Decision]) -> list[Told]:
    """Return each yes or no as its article says it, with its quote."""
    return [
        (
            Claim(
                text=one.says,
                sentence=one.quote.text,
                article=one.quote.article,
                published=one.hit.published,
                probability=one.confidence,
                title=one.hit.title,
                passage=one.hit.passage.text,
            ),
            one.quote,
        )
        for one in decisions
    ]


def confronted(
    asked: Asked, verdict: Verdict, told: Sequence[Told], article_of: ArticleOf
) -> Verdict:
    """Return the verdict as it is once answers that exclude the given one are heard.

    Args:
        asked: The question.
        verdict: What was decided without them; only an answered one can be disputed.
        told: The answers as the articles give them.
        article_of: An article by its name.
    """
    if verdict.outcome != "answered":
        return verdict
    found = sides(asked, [claim for claim, _ in told], FLOOR)
    if found is None:
        return _with_sources(_not_denied(asked, verdict, told), told)
    quotes = {id(claim): quote for claim, quote in told}
    trace = {**verdict.trace, "sides": [_traced(s) for s in found.sides], "why": found.why}
    if found.kind == "updated":
        newest, *older = found.sides
        return replace(
            verdict,
            short=newest.text,
            lead=None,
            quotes=_quotes(newest, quotes),
            confidence=newest.claims[0].probability,
            further=tuple(_earlier(side, quotes) for side in older),
            trace=trace,
        )
    return Verdict(
        outcome="disputed",
        short=None,
        confidence=max(c.probability for side in found.sides for c in side.claims),
        lead=DISAGREE if _articles(found) > 1 else DISAGREES,
        further=tuple(_told(side, quotes, article_of) for side in found.sides),
        trace=trace,
    )


def _not_denied(asked: Asked, verdict: Verdict, told: Sequence[Told]) -> Verdict:
    """Return another article's answer where the given one is only told to be denied."""
    instead = stated(asked, [claim for claim, _ in told], FLOOR)
    if instead is None:
        return verdict
    quote = next(quote for claim, quote in told if claim is instead)
    why = f"{verdict.short} is only denied; {instead.text} is said"
    return replace(verdict, short=instead.text, lead=None, quotes=(quote,),
                   confidence=instead.probability, trace={**verdict.trace, "why": why})


def _with_sources(verdict: Verdict, told: Sequence[Told]) -> Verdict:
    """Return an answer that says of how many sources it is, where some of them are copies."""
    behind = {claim.article: claim.passage for claim, quote in told if quote in verdict.quotes}
    sources = len(set(group(list(behind.values()))))
    if sources == len(behind):
        return verdict
    note = f"{len(behind)} articles, {_count(sources, 'source')}: the others are copies."
    trace = {**verdict.trace, "sources": sources, "articles": sorted(behind)}
    return replace(verdict, note=note, trace=trace)


def _told(side: Side, quotes: dict[int, Quote], article_of: ArticleOf) -> Statement:
    first = article_of(side.claims[0].article)
    many = len(side.articles)
    text = f"{side.text} — {_named(first)}"
    if many > 1:
        text += f" and {many - 1} more ({many} articles, {_count(side.sources, 'source')})"
    return Statement(text + ":", _quotes(side, quotes))


def _earlier(side: Side, quotes: dict[int, Quote]) -> Statement:
    day = f" ({side.published.isoformat()})" if side.published else ""
    return Statement(f"Earlier{day}: {side.text}", _quotes(side, quotes))


def _named(article: Article) -> str:
    known = [article.publisher, article.published.isoformat() if article.published else None]
    told = ", ".join(k for k in known if k)
    return f"“{article.title}”" + (f" ({told})" if told else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _quotes(side: Side, quotes: dict[int, Quote]) -> tuple[Quote, ...]:
    by_article: dict[str, Quote] = {}
    for claim in side.claims:
        by_article.setdefault(claim.article, quotes[id(claim)])
    return tuple(by_article.values())[:QUOTES]


def _articles(found: Sides) -> int:
    return len({name for side in found.sides for name in side.articles})


def _traced(side: Side) -> dict[str, Any]:
    return {
        "text": side.text,
        "articles": list(side.articles),
        "sources": side.sources,
        "published": side.published.isoformat() if side.published else None,
        "probability": round(side.claims[0].probability, 4),
    }
