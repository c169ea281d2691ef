"""A summary made of the articles' own sentences: at most six, each one quoted.

The sentences are ranked by continuous LexRank (Erkan & Radev, JAIR 2004): a random walk over the
cosines of their vectors, drawn to the beginnings of articles, where news says the most, or to a
subject (the biased form of Otterbacher et al., EMNLP 2005). They are then chosen one by one by
maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998), so that none repeats another.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.evidence.weighing import Quote, Verdict
from rag.language.terms import keys
from rag.types import Filters, Passage, Span

if TYPE_CHECKING:
    from rag.search.library import Library

MOST = 6
Floats = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Floats]

_DAMPING = 0.85  # of the random walk, as in LexRank and PageRank
_STEPS = 50
_LEAD = 0.4  # weight of a sentence's place: the beginning of an article tells most
_WEIGHT = 0.7  # of centrality against novelty in the choice
_SAME = 0.8  # cosine from which two sentences say the same
_READ = 240  # sentences that are compared, shared out among the articles
_TOPIC_PASSAGES = 16
_NEAR = 0.45  # cosine from which a sentence is about a subject that it does not name
_KEPT = 0.55  # share of the best sentence's relevance that the others need
_WORDS = (5, 60)
# A sentence that opens so leans on the one before it and reads badly alone.
_LEANING = re.compile(
    r"^\W*(?:he|she|it|they|his|her|its|their|this|that|these|those|such|but|and|so|however|"
    r"therefore|instead|meanwhile|moreover|also|then|there)\b", re.I)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article: its span in the article's text, and its place from 0."""

    article: str
    start: int
    end: int
    text: str
    place: int


def sentences(passages: Sequence[Passage]) -> tuple[Sentence, ...]:
    """Return the whole sentences of an article's passages, each once, without furniture."""
    seen: set[Span] = set()
    found: list[Sentence] = []
    for passage in passages:
        for start, end in passage.sentences:
            text = passage.text[start - passage.start : end - passage.start]
            if (start, end) in seen or not _whole(text):
                continue
            seen.add((start, end))
            found.append(Sentence(passage.article, start, end, text, len(found)))
    return tuple(found)


def summarise(library: Library, filters: Filters, topic: str | None = None) -> Verdict:
    """Choose the sentences that carry the articles, or what they say on a subject.

    Args:
        library: Where the articles are.
        filters: Which articles are meant.
        topic: The subject; None for no subject in particular.
    """
    names = _named(library, filters)
    if topic is None:
        pool = _spread([sentences(library.passages(name)) for name in names])
        chosen = choose(pool, library.embedder.embed)
    else:
        hits = library.search(topic, filters, _TOPIC_PASSAGES)
        pool = sentences([hit.passage for hit in hits])
        chosen = choose(pool, library.embedder.embed, topic)
    if not chosen:
        about = f"the articles say nothing on {topic!r}" if topic else "there is no whole sentence"
        return Verdict("not_found", None, 0.1, trace={"why": about})
    order = {name: place for place, name in enumerate(names)}
    shown = sorted(chosen, key=lambda s: (order.get(s.article, 0), s.start))
    return Verdict(
        "answered",
        chosen[0].text,
        0.9,
        tuple(Quote(s.article, s.start, s.end, s.text) for s in shown),
        lead="",
        trace={"why": f"{len(shown)} of {len(pool)} sentences, by LexRank and marginal relevance"},
    )


def choose(
    pool: Sequence[Sentence], embed: Embed, topic: str | None = None, most: int = MOST
) -> tuple[Sentence, ...]:
    """Choose sentences, the weightiest first.

    Without a subject, up to ``most`` articles take turns. With one, only sentences that name it,
    or are near it, are chosen.

    Args:
        pool: The sentences to choose from.
        embed: Texts to vectors of length 1, shape (texts, dimension).
        topic: The subject, if there is one.
        most: Largest number of sentences.
    """
    if not pool:
        return ()
    texts = [s.text for s in pool]
    vectors = embed([*texts, topic] if topic else texts)
    leads = np.array([1 / math.sqrt(1 + s.place) for s in pool], np.float32)
    alone = np.array([0.75 if _LEANING.match(t) else 1.0 for t in texts], np.float32)
    if topic is None:
        rank = centrality(vectors, leads) * alone * (1 - _LEAD + _LEAD * leads)
        allowed = np.ones(len(pool), bool)
        most = min(most, max(len({s.article for s in pool}), math.ceil(len(pool) / 4)))
    else:
        near, vectors = vectors[:-1] @ vectors[-1], vectors[:-1]
        named = np.array([_share(topic, t) for t in texts], np.float32)
        relevance = np.clip(near, 0, 1) + named
        allowed = (named >= 0.5) | (near >= _NEAR)
        allowed &= relevance >= _KEPT * relevance.max()
        rank = centrality(vectors, relevance) * alone * relevance
    if not allowed.any():
        return ()
    rank = np.asarray(rank / max(float(rank[allowed].max()), 1e-9), np.float32)
    each = topic is None and len({s.article for s in pool}) <= most
    return tuple(pool[i] for i in _pick(pool, vectors, rank, allowed, most, each))


def centrality(vectors: Floats, bias: Floats) -> Floats:
    """Return the stationary probability of each sentence: continuous LexRank.

    Args:
        vectors: Sentence vectors of length 1, shape (n, dimension).
        bias: Where the walk jumps to, not negative, shape (n,).
    """
    links = np.clip(vectors @ vectors.T, 0, None)
    links /= links.sum(axis=1, keepdims=True)
    jump = bias / bias.sum() if bias.sum() > 0 else np.full(len(bias), 1 / len(bias), np.float32)
    rank = jump
    for _ in range(_STEPS):
        rank = _DAMPING * (rank @ links) + (1 - _DAMPING) * jump
    return np.asarray(rank, np.float32)


def _pick(
    pool: Sequence[Sentence], vectors: Floats, rank: Floats, allowed: NDArray[np.bool_],
    most: int, each: bool,
) -> list[int]:
    """Choose by maximal marginal relevance, from the articles in turn if ``each``."""
    alike = vectors @ vectors.T
    chosen: list[int] = []
    while len(chosen) < most:
        given = Counter(pool[i].article for i in chosen)
        free = [
            i for i in np.flatnonzero(allowed).tolist()
            if i not in chosen and all(alike[i, j] < _SAME for j in chosen)
        ]
        fewest = min((given[pool[i].article] for i in free), default=0)
        fresh = [i for i in free if given[pool[i].article] == fewest] if each else []
        if not free:
            break
        chosen.append(max(fresh or free, key=lambda i: _WEIGHT * float(rank[i]) - (
            1 - _WEIGHT) * max((float(alike[i, j]) for j in chosen), default=0.0)))
    return chosen


def _named(library: Library, filters: Filters) -> tuple[str, ...]:
    """Return the names of the articles that pass the filters."""
    names = tuple(n for n in library.names() if not filters.articles or n in filters.articles)
    if not (filters.publishers or filters.since or filters.until):
        return names
    houses = {p.casefold() for p in filters.publishers}
    found = []
    for name in names:
        one = library.article(name)
        day = one.published
        held = not houses or (one.publisher or "").casefold() in houses
        if (filters.since or filters.until) and day is None:
            held = False
        if day and ((filters.since and day < filters.since) or (
                filters.until and day > filters.until)):
            held = False
        if held:
            found.append(name)
    return tuple(found)


def _spread(articles: Sequence[Sequence[Sentence]]) -> tuple[Sentence, ...]:
    """Take the first sentences of each article, so many that the cost stays bounded."""
    step = max(1, math.ceil(len(articles) / _READ))
    taken = articles[::step]
    share = max(1, _READ // max(1, len(taken)))
    return tuple(s for article in taken for s in article[:share])


def _share(topic: str, text: str) -> float:
    wanted = keys(topic)
    return len(wanted & keys(text)) / len(wanted) if wanted else 0.0


def _whole(text: str) -> bool:
    low, high = _WORDS
    return low <= len(text.split()) <= high and text.rstrip()[-1:] in ".!?”\"’…)"
