"""Best spans from scores, by hand-made scores; and spans made tidy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reader.spans import SHORTER, Found, scored, tidy


def found(
    start: list[float], end: list[float], longest: int = 4, count: int = 3,
    starts: list[bool] | None = None, ends: list[bool] | None = None,
    sentences: list[int] | None = None,
) -> list[Found]:  # fmt: skip
    n = len(start)
    return scored(
        np.array(start, np.float32), np.array(end, np.float32),
        np.array(starts or [True] * n), np.array(ends or [True] * n),
        np.array(sentences or [0] * n), longest,
    ).best(count)  # fmt: skip


def test_the_best_pair_wins_and_not_the_best_start_with_the_best_end() -> None:
    best = found([0, 5, 0, 4], [6, 0, 0, 3], longest=2)[0]
    assert (best.first, best.last, best.score) == (3, 3, 7.0)


def test_of_two_spans_with_the_same_logits_the_shorter_one_wins() -> None:
    first, second = found([5, 5, 0], [0, 0, 5], longest=3, count=2)
    assert (first.first, first.last) == (1, 2)
    assert first.score == pytest.approx(10 - 0.2 * np.log(2))
    assert (second.first, second.last, second.score) == (0, 0, 5.0)


def test_the_probability_is_the_softmax_of_start_times_that_of_end() -> None:
    best = found([0, 2], [0, 1])[0]
    expected = np.exp(2) / (1 + np.exp(2)) * np.exp(1) / (1 + np.exp(1))
    assert best.probability == pytest.approx(expected, rel=1e-5)
    best = found([3, 0], [0, 3])[0]  # of two tokens: what its score loses, this does not
    assert best.probability == pytest.approx((np.exp(3) / (1 + np.exp(3))) ** 2, rel=1e-5)


def test_spans_do_not_overlap() -> None:
    spans = found([5, 4, 0, 3], [0, 5, 0, 3])
    assert [(s.first, s.last) for s in spans] == [(0, 1), (3, 3), (2, 2)]


def test_a_span_is_no_longer_than_allowed() -> None:
    assert all(s.last - s.first < 2 for s in found([9, 0, 0, 0], [0, 0, 0, 9], longest=2))


def test_a_span_starts_and_ends_on_whole_words_of_one_sentence() -> None:
    spans = found(
        [9, 8, 0, 0], [0, 0, 8, 9], starts=[False, True, True, True], ends=[True, True, True, False]
    )
    assert (spans[0].first, spans[0].last) == (1, 2)
    crossing = found([9, 0, 0], [0, 0, 9], sentences=[0, 0, 1])
    assert all((s.first < 2) == (s.last < 2) for s in crossing)


def test_nothing_allowed_gives_nothing() -> None:
    assert found([1, 1], [1, 1], starts=[False, False]) == []


@given(st.lists(st.floats(-9, 9, width=32), min_size=1, max_size=40), st.integers(1, 50),
       st.integers(1, 6))  # fmt: skip
def test_what_comes_first_is_the_best_of_all(scores: list[float], longest: int, count: int) -> None:
    start, end = scores, scores[::-1]
    spans = found(start, end, longest, count)
    every = [start[i] + end[j] - SHORTER * np.log(j - i + 1) for i in range(len(start))
             for j in range(i, min(len(start), i + longest))]  # fmt: skip
    assert spans[0].score == pytest.approx(max(every), abs=1e-4)
    assert len(spans) <= count
    assert [s.score for s in spans] == sorted((s.score for s in spans), reverse=True)


@pytest.mark.parametrize(
    ("text", "span", "tidied"),
    [
        ("It cost 3.50 crowns.", "50", "3.50"),
        ("It cost £3.50 then.", "3", "£3.50"),
        ("some 1,200 people", "1", "1,200"),
        ("a rise of 4.5% then", "4", "4.5%"),
        ("in May 1911.", "May 1911.", "May 1911"),
        ("the U.S. army", "U.S.", "U.S."),
        ("he said “no” twice", "“no”", "“no”"),
        ("(the mill)", "(the mill", "the mill"),
        ("Tolm (Orrin)", "Tolm (Orrin", "Tolm (Orrin)"),
        ("sold, then", "sold,", "sold"),
        ("...", "...", ""),
        ("write to ann@tolm.example today", "ann@tolm", "ann@tolm.example"),
        ("see https://tolm.example/map for it", "tolm.example", "https://tolm.example/map"),
        ("A hum | Wait a while", "A hum | Wait", "A hum"),
        ('wrote "Steam" (1925) and "Air" (1934).', 'Steam" (1925) and "Air',
         '"Steam" (1925) and "Air"'),
        ('wrote "The Silent Air" then.', 'The Silent Air', 'The Silent Air'),
        ('wrote "Steam" (1925) and "Air".', 'Steam" (1925) and "Air"', '"Steam" (1925) and "Air"'),
    ],
)
def test_spans_are_made_tidy(text: str, span: str, tidied: str) -> None:
    at = text.index(span)
    start, end = tidy(text, at, at + len(span))
    assert text[start:end] == tidied


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_tidy_stays_inside_the_text(text: str, a: int, b: int) -> None:
    a, b = sorted((min(a, len(text)), min(b, len(text))))
    start, end = tidy(text, a, b)
    assert 0 <= start <= end <= len(text)
