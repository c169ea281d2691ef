"""Fusion, word queries and the vector search, by hand-computed ranks and by invariants."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search import vectors
from rag.search.retrieval import fuse
from rag.search.store import searching
from rag.search.words import query_words

EMPTY = np.zeros(0, np.int64)


def test_fusion_adds_weighted_shares_of_the_best_scores() -> None:
    fused = fuse([(7, 0.6), (5, 0.2)], [(5, 8.0), (9, 2.0)], 0.8)
    assert [item for item, _ in fused] == [7, 5, 9]
    # 7 has the last BM25 score, 9 the last cosine: the most that they can have.
    assert [score for _, score in fused] == pytest.approx(
        [0.8 + 0.2 * 2 / 8, 0.8 * 1.2 / 1.6 + 0.2, 0.8 * 1.2 / 1.6 + 0.2 * 2 / 8])


def test_what_words_alone_find_stands_before_what_both_hold_somewhere() -> None:
    dense = [(item, 0.5 - item / 1000) for item in range(50)]
    words = [(99, 20.0), *((item, 8.0 - item / 100) for item in range(1, 50))]
    assert [item for item, _ in fuse(dense, words, 0.8)][:2] == [99, 1]


def test_weak_words_do_not_outweigh_cosines() -> None:
    assert [i for i, _ in fuse([(1, 0.5), (2, 0.3)], [(2, 0.001), (1, 0.0001)], 0.8)] == [1, 2]


def test_ties_go_to_the_smaller_id_and_one_ranking_counts_alone() -> None:
    assert fuse([(2, 1.0), (1, 1.0)], [], 0.3) == [(1, 1.0), (2, 1.0)]
    assert fuse([], [(3, 4.0), (2, 2.0)], 0.8) == [(3, 1.0), (2, 0.5)]
    assert fuse([], [], 0.8) == []


ranking = st.dictionaries(st.integers(0, 30), st.floats(0, 1), max_size=20).map(
    lambda scores: sorted(scores.items(), key=lambda one: -one[1]))


@given(ranking, ranking, st.floats(0, 1))
def test_fusion_keeps_every_item_once_in_falling_order(
    dense: list[tuple[int, float]], words: list[tuple[int, float]], weight: float
) -> None:
    fused = fuse(dense, words, weight)
    assert {item for item, _ in fused} == {item for one in (dense, words) for item, _ in one}
    assert len(fused) == len({item for item, _ in fused})
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in scores)


def test_stop_words_are_left_out_unless_there_is_nothing_else() -> None:
    asked = "How many Russian instructors arrived, Russian ones?"
    assert query_words(asked) == ("many", "russian", "instructors", "arrived", "ones")
    assert query_words("Who is it?") == ("who", "is", "it")
    assert query_words("?!") == ()


@pytest.fixture(scope="module")
def words() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
    database.execute("INSERT INTO words VALUES ('a NEAR near and or not text')")
    return database


@given(st.text(max_size=60))
def test_no_question_can_break_the_word_query(words: sqlite3.Connection, question: str) -> None:
    expression = " OR ".join(f'"{word}"' for word in query_words(question))
    if expression:
        words.execute("SELECT rowid FROM words WHERE words MATCH ?", (expression,)).fetchall()


@pytest.mark.parametrize("question", ['"', "a AND", "NEAR(x", "text:", "a*", "^a", "a\x00b", "-"])
def test_operators_of_the_word_index_are_plain_words(
    words: sqlite3.Connection, question: str
) -> None:
    test_no_question_can_break_the_word_query.hypothesis.inner_test(words, question)  # type: ignore[attr-defined]


class Rows:
    """What the word search asks of a reader, over a word index in memory."""

    def __init__(self, *texts: str) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.execute("CREATE VIRTUAL TABLE words USING fts5 (title, text)")
        self.database.executemany("INSERT INTO words VALUES ('', ?)", [(t,) for t in texts])

    def all(self, query: str, *values: object) -> list[tuple[int, ...]]:
        return self.database.execute(query, values).fetchall()


def test_a_phrase_of_common_words_alone_is_not_looked_up_in_a_large_index() -> None:
    rows = Rows(*["new moon"] * 6, "new york", "york moon")
    words = ("new", "york", "moon", "new york", "new moon")
    assert searching._telling(rows, words, 5) == ["new york", "york"]  # type: ignore[arg-type]
    chosen = searching._telling(rows, words, 9)  # type: ignore[arg-type]
    assert chosen == ["new york", "york", "new moon", "moon", "new"]


def unit(rows: list[list[float]]) -> np.ndarray:
    matrix = np.array(rows, np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def test_the_nearest_vector_is_first_and_ties_go_to_the_smaller_id(tmp_path: Path) -> None:
    rows = unit([[1, 0], [0, 1], [1, 1], [1, 0]])
    ids = np.array([4, 5, 6, 3], np.int64)
    index, kind = vectors.build([(ids, rows)], 4, 2)
    base = vectors.publish(tmp_path, 1, index, kind, newest=6)
    loaded = vectors.load(tmp_path, base.file)
    assert loaded is not None
    both = vectors.VectorIndex(loaded, np.array([5]), np.array([9]), unit([[2, 1]]))
    found = both.search(unit([[1, 0]])[0], 3)
    assert [id for id, _ in found] == [3, 4, 9]
    assert [cosine for _, cosine in found] == pytest.approx([1, 1, 2 / 5**0.5])
    assert [id for id, _ in both.search(unit([[0, 1]])[0], 9)] == [6, 9, 3, 4]
    only = both.search(unit([[0, 1]])[0], 9, np.array([4, 5, 9]))
    assert [id for id, _ in only] == [9, 4]
    assert both.search(unit([[0, 1]])[0], 9, EMPTY) == []


def test_a_vectors_file_with_any_bit_flipped_is_not_used(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(20, 8)).astype(np.float32)
    index, kind = vectors.build([(np.arange(20), rows)], 20, 8)
    file = vectors.publish(tmp_path, 1, index, kind, newest=19).file
    path = tmp_path / file.name
    whole = path.read_bytes()
    assert vectors.load(tmp_path, file) is not None
    for at in rng.integers(0, len(whole) * 8, 200):
        changed = bytearray(whole)
        changed[at // 8] ^= 1 << (at % 8)
        path.write_bytes(changed)
        assert vectors.load(tmp_path, file) is None
    path.unlink()
    assert vectors.load(tmp_path, file) is None


@given(st.integers(1, 40), st.integers(0, 40), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_search_equals_brute_force(old: int, new: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(old + new, 6)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    ids = np.arange(1, old + new + 1)
    dead = np.sort(rng.choice(ids[:old], rng.integers(0, old), replace=False))
    allowed = np.sort(rng.choice(ids, rng.integers(0, len(ids)), replace=False))
    index, kind = vectors.build([(ids[:old], rows[:old])], old, 6)
    base = vectors.Base(index, vectors.VectorsFile("", "", kind, old, old))
    question = rows[rng.integers(0, len(ids))]
    found = vectors.VectorIndex(base, dead, ids[old:], rows[old:]).search(question, k, allowed)
    live = np.setdiff1d(allowed, dead)
    cosines = rows[live - 1] @ question
    assert [id for id, _ in found] == live[np.argsort(-cosines, kind="stable")][:k].tolist()
