"""A question -> ranked passages: cosine and BM25 ranks, fused by reciprocal rank.

Reciprocal rank fusion after Cormack, Clarke & Büttcher (SIGIR 2009): a passage's score is the sum
of 1 / (rrf_k + rank) over the rankings that hold it. BM25 after Robertson & Zaragoza (2009), as
FTS5 computes it, over title and text.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.bert import Floats
from rag.settings import Settings
from rag.store import rows, searching
from rag.store.reading import Ids, Reader
from rag.types import Filters, Hit
from rag.vectors import VectorIndex
from rag.words import query_words

TITLE_WEIGHT = 0.5  # of a word in the title, against one in the passage

_AGAIN = 3  # times as many candidates where the index rounds; the truth's vectors then rank them

Ranking = Sequence[tuple[int, float]]  # passage ids with scores, best first


def fuse(rankings: Sequence[Ranking], rrf_k: int) -> list[tuple[int, float]]:
    """Fuse rankings by reciprocal rank.

    Args:
        rankings: Each holds an item at most once.
        rrf_k: The constant of the method; the larger, the less the first ranks stand out.

    Returns:
        Items with their scores, best first; equal scores in the order of the items' best rank,
        then of the first ranking that has it there.
    """
    scores: dict[int, float] = {}
    best: dict[int, tuple[int, int]] = {}
    for number, ranking in enumerate(rankings):
        for rank, (item, _) in enumerate(ranking, 1):
            scores[item] = scores.get(item, 0.0) + 1 / (rrf_k + rank)
            best[item] = min(best.get(item, (rank, number)), (rank, number))
    return sorted(scores.items(), key=lambda one: (-one[1], best[one[0]]))


def search(
    reader: Reader,
    index: VectorIndex,
    question: str,
    vector: Floats,
    settings: Settings,
    filters: Filters,
    k: int,
) -> list[Hit]:
    """Return the passages nearest to a question.

    Args:
        reader: The truth, inside one snapshot.
        index: The vectors of that snapshot.
        question: The question in plain words.
        vector: Its vector.
        settings: ``candidates``, ``ranking`` and ``rrf_k`` are used.
        filters: Applied before anything is cut off, so that a narrow filter still finds.
        k: Most hits to return.

    Raises:
        IndexDamaged: A passage is not what was written.
    """
    count = max(settings.candidates, k)
    allowed = searching.allowed(reader, filters)
    dense = _nearest(reader, index, vector, count, allowed) if settings.ranking != "words" else []
    asked = query_words(question) if settings.ranking != "dense" else ()
    words = searching.rank_words(reader, asked, count, TITLE_WEIGHT, filters)
    fused = fuse([dense, words], settings.rrf_k)[:k]
    stored = reader.stored([id for id, _ in fused])
    dense_at = {id: (rank, score) for rank, (id, score) in enumerate(dense, 1)}
    words_at = {id: (rank, score) for rank, (id, score) in enumerate(words, 1)}
    hits = []
    for rank, (id, score) in enumerate(fused, 1):
        one = stored[id]
        dense_rank, dense_score = dense_at.get(id, (None, None))
        word_rank, word_score = words_at.get(id, (None, None))
        hits.append(
            Hit(
                passage=one.passage,
                title=one.title,
                rank=rank,
                score=score,
                dense_rank=dense_rank,
                dense_score=dense_score,
                word_rank=word_rank,
                word_score=word_score,
                publisher=one.publisher,
                published=rows.day(one.published),
            )
        )
    return hits


def _nearest(
    reader: Reader, index: VectorIndex, vector: Floats, count: int, allowed: Ids | None
) -> Ranking:
    """Rank by cosine; where the index rounds its vectors, by those of the truth."""
    if not index.rounded:
        return index.search(vector, count, allowed)
    ids = [id for id, _ in index.search(vector, count * _AGAIN, allowed)]
    cosines = (reader.vectors_of(ids, len(vector)) @ vector).tolist()
    ranked = sorted(zip(ids, cosines, strict=True), key=lambda one: (-one[1], one[0]))
    return ranked[:count]
