"""A question -> ranked passages: cosines and BM25 scores, fused by their weighted sum.

Both are brought to a common scale by what is known of them: the least a cosine can be is -1, the
least a BM25 score 0 (Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval,
TOIS 2023, who find 0.8 of the cosine best). Ranks alone would not do: a passage that alone holds
the number that is asked for would stand behind all that both rankings hold somewhere. BM25 after
Robertson & Zaragoza (2009), as FTS5 computes it, over title and text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from rag.encoding.bert import Floats
from rag.errors import SettingsError
from rag.search.store import rows, searching
from rag.search.store.reading import Ids, Reader
from rag.search.vectors import VectorIndex
from rag.search.words import query_phrases, query_words
from rag.settings import MOST_PASSAGES, Settings
from rag.types import Filters, Hit

TITLE_WEIGHT = 0.5  # of a word in the title, against one in the passage

_WEAK = 1.0  # a best BM25 score below this tells little: its words stand in most passages
_AGAIN = 3  # times as many candidates where the index rounds; the truth's vectors then rank them

Ranking = Sequence[tuple[int, float]]  # passage ids with scores, best first


def fuse(dense: Ranking, words: Ranking, cosine_weight: float) -> list[tuple[int, float]]:
    """Fuse the two rankings by the weighted sum of their scores.

    A passage that a ranking lacks counts there as its last one, the most that it can have.

    Args:
        dense: Passages with their cosines in [-1, 1]; each at most once.
        words: Passages with their BM25 scores, 0 or more; each at most once.
        cosine_weight: Share of the cosines in [0, 1]; the rest is the words'. Where one ranking is
            empty the other counts alone.

    Returns:
        Passages with their scores in [0, 1], best first; equal scores in the order of their ids.
    """
    scaled = []
    for ranking, least in ((dense, -1.0), (words, 0.0)):
        best = max((score for _, score in ranking), default=0.0)
        scale = max(best - least, _WEAK)
        scaled.append({item: (score - least) / scale for item, score in ranking})
    cosines, found = scaled
    weight = cosine_weight if cosines and found else float(bool(cosines))
    low = [min(one.values(), default=0.0) for one in scaled]
    scores = {
        item: weight * cosines.get(item, low[0]) + (1 - weight) * found.get(item, low[1])
        for item in {**cosines, **found}
    }
    return sorted(scores.items(), key=lambda one: (-one[1], one[0]))


def search(
    reader: Reader,
    index: VectorIndex,
    question: str,
    embed: Callable[[str], Floats],
    settings: Settings,
    filters: Filters,
    k: int,
) -> list[Hit]:
    """Return the passages nearest to a question.

    Args:
        reader: The truth, inside one snapshot.
        index: The vectors of that snapshot.
        question: The question in plain words.
        embed: Returns the question's vector; called in a thread of its own.
        settings: ``candidates``, ``ranking`` and ``cosine_weight`` are used.
        filters: Applied before anything is cut off, so that a narrow filter still finds.
        k: Most hits to return, up to ``settings.MOST_PASSAGES``.

    Raises:
        SettingsError: More hits are asked for.
        IndexDamaged: A passage is not what was written.
    """
    if k > MOST_PASSAGES:
        raise SettingsError(f"k={k} must be at most {MOST_PASSAGES:,} passages")
    count = max(settings.candidates, k)
    allowed = searching.allowed(reader, filters)
    asked = (*query_words(question), *query_phrases(question))
    dense: Ranking = []
    # The question is encoded and its neighbours are found while its words are looked up.
    with ThreadPoolExecutor(1) as beside:
        near = (beside.submit(_nearest, index, embed, question, count, allowed)
                if settings.ranking != "words" else None)
        words = searching.rank_words(reader, asked if settings.ranking != "dense" else (), count,
                                     TITLE_WEIGHT, filters)
        if near is not None:
            vector, dense = near.result()
            dense = _ranked_by_truth(reader, dense, vector, count) if index.rounded else dense
    fused = fuse(dense, words, settings.cosine_weight)[:k]
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
    index: VectorIndex, embed: Callable[[str], Floats], question: str, count: int,
    allowed: Ids | None,
) -> tuple[Floats, Ranking]:
    """Return a question's vector and its neighbours; more of them where the index rounds."""
    vector = embed(question)
    return vector, index.search(vector, count * (_AGAIN if index.rounded else 1), allowed)


def _ranked_by_truth(reader: Reader, near: Ranking, vector: Floats, count: int) -> Ranking:
    """Rank neighbours again by the vectors of the truth, which nothing rounded for searching."""
    ids = [id for id, _ in near]
    cosines = (reader.vectors_of(ids, len(vector)) @ vector).tolist()
    ranked = sorted(zip(ids, cosines, strict=True), key=lambda one: (-one[1], one[0]))
    return ranked[:count]
