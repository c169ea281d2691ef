"""Searching the truth by words and by what is known of the articles.

Word scores are BM25 (Robertson & Zaragoza, 2009) as FTS5 computes it. In a large index words that
very many passages hold are left out while rarer ones remain: they tell little and cost most.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.search.store.reading import Ids, Reader
from rag.types import Filters

LARGE = 5_000  # passages above which common words are left out
_MOST = 30_000  # passages that may hold a word that is looked up in a large index
_SHARE = 4  # of every so many passages one may hold it
_ROWS = 12_000  # passages that its words may have together, beyond those of the rarest
_FILTERED = "SELECT passages.id FROM passages JOIN articles ON articles.id = passages.article"


def rank_words(
    reader: Reader, words: Sequence[str], limit: int, title_weight: float, filters: Filters
) -> list[tuple[int, float]]:
    """Return the best passages by BM25 with their scores, larger is better.

    Args:
        reader: The truth.
        words: Words, or phrases of several, of which a passage must hold one.
        limit: Most passages to return.
        title_weight: Of a word in the title, against one in the passage.
        filters: Which passages may be found.
    """
    if not words:
        return []
    passages = reader.newest()  # about as many
    if passages > LARGE:
        words = _telling(reader, words, min(_MOST, passages // _SHARE))
    if not words:
        return []
    where, values = _conditions(reader, filters)
    inside = f"AND rowid IN ({_FILTERED} WHERE {where})" if where else ""
    found = reader.all(
        f"SELECT rowid, -rank FROM words WHERE words MATCH ? {inside} "
        f"AND rank MATCH 'bm25({title_weight!r}, 1.0)' ORDER BY rank LIMIT ?",
        " OR ".join(f'"{word}"' for word in words),
        *values,
        limit,
    )
    return sorted(((int(i), float(s)) for i, s in found), key=lambda one: (-one[1], one[0]))


@dataclass(frozen=True, slots=True)
class Owners:
    """Which article each passage is of, for look-ups that find very many passages.

    Attributes:
        articles: By passage id, the article's id; 0 where there is no passage.
        names: By article id, its name.
    """

    articles: Ids
    names: Mapping[int, str]

    @classmethod
    def of(cls, reader: Reader) -> Owners:
        """Read them all; both queries are answered by indexes, without the tables' long rows."""
        pairs = np.array(reader.all("SELECT id, article FROM passages"), np.int64).reshape(-1, 2)
        articles = np.zeros(int(pairs[:, 0].max(initial=0)) + 1, np.int64)
        articles[pairs[:, 0]] = pairs[:, 1]
        return cls(articles, dict(reader.all("SELECT id, name FROM articles")))


def mentions(reader: Reader, owners: Owners, expression: str) -> list[str]:
    """Return the names of the articles with a passage that matches an FTS5 expression, sorted."""
    found = reader.all("SELECT rowid FROM words WHERE words MATCH ?", expression)
    articles = np.unique(owners.articles[np.array(found, np.int64).ravel()])
    return sorted(owners.names[article] for article in articles.tolist())


def allowed(reader: Reader, filters: Filters) -> Ids | None:
    """Return the ids that filters let through, sorted; None when nothing is restricted."""
    where, values = _conditions(reader, filters)
    if not where:
        return None
    found = reader.all(f"{_FILTERED} WHERE {where} ORDER BY passages.id", *values)
    return np.array([row[0] for row in found], np.int64)


def _telling(reader: Reader, words: Sequence[str], most: int) -> list[str]:
    """Return the words that at most so many passages hold, the rarest first, few enough together.

    BM25 weighs a word that half of the passages hold with 0 and one that a fourth holds with 1.1,
    where a name has 5 to 10; and the common ones cost as much as all others.
    """
    query = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
    counts: dict[str, int] = {}
    for word in sorted(words, key=lambda w: " " in w):  # single ones first
        # A phrase costs as much as its rarest word; one of common words alone is not looked up.
        common = " " in word and min(counts.get(w, most + 1) for w in word.split()) > most
        counts[word] = most + 1 if common else reader.all(query, f'"{word}"', most + 1)[0][0]
    chosen: list[str] = []
    for word in sorted((w for w in words if 0 < counts[w] <= most), key=lambda w: (counts[w], w)):
        if chosen and sum(counts[w] for w in chosen) + counts[word] > _ROWS:
            break
        chosen.append(word)
    return chosen


def _conditions(reader: Reader, filters: Filters) -> tuple[str, list[Any]]:
    """Return filters as an SQL condition over ``articles``, and its values."""
    where: list[str] = []
    values: list[Any] = []
    if filters.articles:
        where.append("articles.name IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(filters.articles))
    if filters.publishers:
        wanted = {name.casefold() for name in filters.publishers}
        known = reader.all("SELECT DISTINCT publisher FROM articles WHERE publisher NOT NULL")
        where.append("articles.publisher IN (SELECT value FROM json_each(?))")
        values.append(json.dumps([row[0] for row in known if row[0].casefold() in wanted]))
    for bound, sign in ((filters.since, ">="), (filters.until, "<=")):
        if bound is not None:
            where.append(f"articles.published {sign} ?")
            values.append(bound.isoformat())
    return " AND ".join(where), values
