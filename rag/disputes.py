"""Answers that exclude each other: a dispute told from both sides, or what it was earlier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rag.articles.duplicates import sources
from rag.compare import Claim, Side, Sides, otherwise, relation, same_event, sides, stated
from rag.evidence.confidence import Calibrator
from rag.evidence.weighing import ArticleOf, Quote, Statement, Verdict, Weighed, weigh_all
from rag.questions.intent import Asked
from rag.types import Article, Candidate, Hit
from rag.yesno.verdict import Decision

# Least probability of an answer that may stand against another, one of which must be sure enough to
# be given alone. That a rival is a little less likely than not makes it no less worth telling: on
# pairs of articles that disagree or only seem to, 0.5 missed a quarter of the disputes and 0.3 an
# eighth; 0.28 adds no false one on any question set.
RIVAL = 0.28
# The same for an answer that is given because another article says it, too, or stands beside one.
FLOOR = 0.35
# Least probability of an answer that is given as the latest.
LATEST = 0.5
# The reader's margin below which a span is no statement of its article at all.
LEAST_MARGIN = -9.0
# Sentences of one article that are heard: two voices need two.
SENTENCES = 2
# Quotes that are shown for each side.
QUOTES = 2
DISAGREE = "The articles disagree"
DISAGREES = "The article disagrees with itself"

Told = tuple[Claim, Quote]


def claims_of(
    asked: Asked, candidates: Sequence[Candidate], hits: Sequence[Hit], calibrator: Calibrator,
    among: Sequence[Weighed] = (),
) -> list[Told]:
    """Return each article's answers with their quotes, each weighed as if it were alone.

    Among all answers a rival makes an answer less probable, and rightly so; but whether an
    article says something does not hang on what another one says. It is no less probable than
    among them, though, where standing out is part of what speaks for it.

    Args:
        asked: The question.
        candidates: What the reader proposes.
        hits: The passages that were read.
        calibrator: Turns signals into a probability.
        among: The answers weighed among all.
    """
    crowd = {(c.hit.passage.article, c.start): w.probability for w in among
             for c in w.group.candidates}
    spans: dict[str, dict[int, list[Candidate]]] = {}
    quotes: dict[tuple[str, int], Quote] = {}
    for candidate in candidates:
        if candidate.margin < LEAST_MARGIN:
            continue
        quote = Quote.of(candidate.hit, candidate.start, candidate.end)
        quotes[quote.article, quote.start] = quote
        spans.setdefault(quote.article, {}).setdefault(quote.start, []).append(candidate)
    told = []
    for article, sentences in spans.items():
        own = [hit for hit in hits if hit.passage.article == article]
        best = sorted(sentences, key=lambda at: -max(c.margin for c in sentences[at]))
        for start in best[:SENTENCES]:
            quote = quotes[article, start]
            for one in weigh_all(asked, sentences[start], own, calibrator)[:1]:
                if not one.told_of_another:  # what is said of a namesake is no claim
                    best_among = crowd.get((article, one.group.best.start), 0.0)
                    one = replace(one, probability=max(one.probability, best_among))
                    told.append((_claim(one, quote), quote))
    return told


def _claim(one: Weighed, quote: Quote) -> Claim:
    best = one.group.best
    return Claim(
        text=best.text,
        sentence=quote.text,
        article=quote.article,
        published=best.hit.published,
        probability=one.probability,
        title=best.hit.title,
        passage=best.hit.passage.text,
        offset=best.start - quote.start,
    )


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
    asked: Asked,
    verdict: Verdict,
    told: Sequence[Told],
    article_of: ArticleOf,
    threshold: float = 0.0,
) -> Verdict:
    """Return the verdict as it is once every article is heard.

    Answers that exclude each other are a dispute, or an update. Where one was held back only
    because another article says the same in other words, it is given.

    Args:
        asked: The question.
        verdict: What was decided among all answers.
        told: The answers as the articles give them.
        article_of: An article by its name.
        threshold: Least probability of the surest side.
    """
    claims = [claim for claim, _ in told]
    if max((c.probability for c in claims), default=0.0) < threshold:
        return verdict
    found = sides(asked, claims, RIVAL)
    if found is None or not _sure(found, threshold):
        given = _not_denied(asked, _agreed(asked, verdict, told, threshold), told)
        return _with_sources(_told_otherwise(asked, given, told), told)
    quotes = {id(claim): quote for claim, quote in told}
    trace = {**verdict.trace, "sides": [_traced(s) for s in found.sides], "why": found.why}
    if found.kind == "updated":
        newest, *older = found.sides
        return Verdict(
            outcome="answered",
            short=newest.text,
            confidence=newest.claims[0].probability,
            quotes=_quotes(newest, quotes),
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


def _sure(found: Sides, threshold: float) -> bool:
    """Tell whether one side is sure enough, and what is told as the newest is not a mere guess."""
    best = [max(c.probability for c in side.claims) for side in found.sides]
    return max(best) >= threshold and (found.kind == "disputed" or best[0] >= LATEST)


def _agreed(
    asked: Asked, verdict: Verdict, told: Sequence[Told], threshold: float
) -> Verdict:
    """Give an answer that was held back only because of what another article says.

    That is no doubt where it says the same in other words, or speaks of another such event; the
    latter is told, too.
    """
    if verdict.outcome != "not_found" or asked.kind != "fact":
        return verdict
    best: dict[str, Told] = {}
    for one in sorted(told, key=lambda t: -t[0].probability):
        if one[0].probability >= FLOOR:
            best.setdefault(one[0].article, one)
    if len(best) < 2:
        return verdict
    (claim, quote), *others = best.values()
    agree: list[Quote] = []
    apart: list[Statement] = []
    for other, its_quote in others:
        related = relation(asked, claim, other).relation
        if related in ("same", "compatible"):
            agree.append(its_quote)
        elif related == "conflicting" and not same_event(asked, claim, other)[0]:
            apart.append(Statement(f"In “{other.title}”: {other.text}", (its_quote,)))
        else:
            return verdict
    if claim.probability < threshold:
        return verdict
    why = f"{len(agree) + 1} of {len(best)} articles agree on {claim.text}"
    if apart:
        why += "; the others speak of something else"
    return Verdict("answered", claim.text, claim.probability, (quote, *agree[:QUOTES]),
                   further=tuple(apart[:QUOTES]), trace={**verdict.trace, "why": why})


def _not_denied(asked: Asked, verdict: Verdict, told: Sequence[Told]) -> Verdict:
    """Return another article's answer where the given one is only told to be denied."""
    if verdict.outcome != "answered":
        return verdict
    instead = stated(asked, [claim for claim, _ in told], FLOOR)
    if instead is None:
        return verdict
    quote = next(quote for claim, quote in told if claim is instead)
    why = f"{verdict.short} is only denied; {instead.text} is said"
    return replace(verdict, short=instead.text, lead=None, quotes=(quote,),
                   confidence=instead.probability, trace={**verdict.trace, "why": why})


def _told_otherwise(asked: Asked, verdict: Verdict, told: Sequence[Told]) -> Verdict:
    """Add the figures of other articles that leave room for the given one: "at least 27"."""
    first = next((c for c, quote in told if quote in verdict.quotes and c.text == verdict.short),
                 None)
    if verdict.outcome != "answered" or first is None:
        return verdict
    quotes = {id(claim): quote for claim, quote in told}
    others = otherwise(asked, first, [claim for claim, _ in told], FLOOR)[:QUOTES]
    more = tuple(Statement(f"In “{c.title}”: {c.text}", (quotes[id(c)],)) for c in others)
    kept = tuple(q for q in verdict.quotes if all(q not in m.quotes for m in more))
    return replace(verdict, further=verdict.further + more, quotes=kept) if more else verdict


def _with_sources(verdict: Verdict, told: Sequence[Told]) -> Verdict:
    """Return an answer that says of how many sources it is, where some of them are copies."""
    behind = sources([(claim.article, claim.passage, claim.sentence)
                      for claim, quote in told if quote in verdict.quotes])
    count = len(set(behind.values()))
    if count == len(behind):
        return verdict
    note = f"{len(behind)} articles, {_count(count, 'source')}: the others are copies."
    trace = {**verdict.trace, "sources": count, "articles": sorted(behind)}
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
