"""Citations: only what an article says, character for character, and no furniture, is cited."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles.quotes import cite, merged, sentences_of
from rag.errors import CitationError
from rag.types import Article, Hit, Passage

TEXT = "The mill burned. Nobody was hurt.\nSubscribe now!"
ARTICLE = Article("mill.txt", "The mill", TEXT, "0", furniture=((34, 48),))
PASSAGE = Passage("mill.txt", 0, 0, 33, TEXT[:33], ((0, 16), (17, 33)))
HIT = Hit(PASSAGE, "The mill", 1, 0.1)


def test_a_quote_that_stands_there_is_cited() -> None:
    made = cite(ARTICLE, "Nobody was hurt.", 17, 33, 2, None)
    assert (made.number, made.quote, made.title) == (2, "Nobody was hurt.", "The mill")
    assert ARTICLE.text[made.start : made.end] == made.quote


@pytest.mark.parametrize(
    ("quote", "start", "end"),
    [
        ("Nobody was harmed.", 17, 33),
        ("Nobody was hurt.", 16, 32),
        ("nobody was hurt.", 17, 33),
        ("", 17, 17),
        ("Subscribe now!", 34, 48),
        ("hurt.\nSubscribe", 28, 43),
        ("Nobody was hurt.", -16, 0),
        (TEXT, 0, 99),
    ],
)
def test_what_does_not_hold_is_refused(quote: str, start: int, end: int) -> None:
    with pytest.raises(CitationError, match=r"mill\.txt"):
        cite(ARTICLE, quote, start, end, 1)


def test_an_attribution_must_be_the_article_s_own() -> None:
    with pytest.raises(CitationError, match="attributed"):
        cite(ARTICLE, "Nobody was hurt.", 17, 33, 1, "the mayor said")


@given(st.integers(-3, 60), st.integers(-3, 60), st.text(max_size=20))
def test_whatever_is_asked_for_a_citation_is_verbatim(start: int, end: int, quote: str) -> None:
    for words in (quote, TEXT[max(0, start) : max(0, end)]):
        try:
            made = cite(ARTICLE, words, start, end, 1)
        except CitationError:
            continue
        assert ARTICLE.text[made.start : made.end] == made.quote == words
        assert made.end <= 34


def test_a_span_is_quoted_with_its_whole_sentences() -> None:
    assert sentences_of(HIT, 17, 23) == (17, 33)
    assert sentences_of(HIT, 9, 23) == (0, 33)


def test_spans_that_touch_are_one() -> None:
    assert merged([(5, 7), (0, 2), (2, 4), (6, 9)]) == [(0, 4), (5, 9)]
