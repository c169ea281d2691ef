"""Summaries are the articles' own sentences: which, in what order, and never furniture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from rag.answers.summary import MOST, Sentence, centrality, choose, summarise
from rag.search.library import Library
from rag.types import Filters

BRIDGE = """The bridge of Elver reopens

The stone bridge of Elver reopened on Monday after repairs that took three years.
Workers replaced two of its five arches, which the flood of 2019 had damaged.
The repairs of the bridge cost four million pounds and were paid for by the county.
Mayor Joan Pell cut the ribbon and walked across the bridge with two hundred pupils.
A brass band played until the rain came.

You may also like

Ten recipes for rhubarb

Subscribe to our newsletter
"""
BEES = """Bees in the city

Bees that live in the city make more honey than bees in the country, a study says.
The researchers weighed two hundred hives on roofs and in villages for four summers.
City bees find flowers in parks and on balconies from March to October.
The honey of the city holds fewer pesticides, because parks are not sprayed.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "a-bridge.txt").write_text(BRIDGE, "utf-8")
    (folder / "b-bees.txt").write_text(BEES, "utf-8")
    library = Library.open(folder, tmp_path_factory.mktemp("index") / "i")
    yield library
    library.close()


def said(library: Library, filters: Filters, topic: str | None = None) -> list[str]:
    verdict = summarise(library, filters, topic)
    for quote in verdict.quotes:
        assert library.article(quote.article).text[quote.start : quote.end] == quote.text
    return [quote.text for quote in verdict.quotes]


def test_all_articles_take_part_in_their_order(library: Library) -> None:
    verdict = summarise(library, Filters())
    names = [quote.article for quote in verdict.quotes]
    assert names == sorted(names)
    assert set(names) == {"a-bridge.txt", "b-bees.txt"}
    assert len(names) <= MOST
    assert verdict.quotes[0].text.startswith("The stone bridge of Elver reopened on Monday")


def test_one_article(library: Library) -> None:
    found = said(library, Filters(articles=("b-bees.txt",)))
    assert found[0].startswith("Bees that live in the city make more honey")
    assert not any("bridge" in sentence for sentence in found)


def test_a_subject_gets_only_sentences_about_it(library: Library) -> None:
    found = said(library, Filters(), "pesticides")
    assert found == [
        "The honey of the city holds fewer pesticides, because parks are not sprayed."]


def test_a_subject_that_no_article_has_is_not_found(library: Library) -> None:
    verdict = summarise(library, Filters(), "the price of copper in Chile")
    assert verdict.outcome == "not_found"
    assert verdict.quotes == ()


def test_furniture_never_speaks(library: Library) -> None:
    for topic in (None, "rhubarb", "newsletter"):
        assert not any("rhubarb" in s or "Subscribe" in s for s in said(library, Filters(), topic))


def test_centrality_is_the_stationary_probability() -> None:
    # Two sentences that say the same and one that stands alone; no bias. By hand: the pair's
    # walk stays with the pair (rows 1/2 1/2 0), the third's with itself.
    vectors = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    rank = centrality(vectors, np.ones(3, np.float32))
    assert rank.tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    # A third sentence between both: rows (.5 .5 0), with its own 1/s and the rest to the pair.
    vectors = np.array([[1, 0], [1, 0], [0.6, 0.8]], np.float32)
    rank = centrality(vectors, np.ones(3, np.float32))
    assert rank[0] == pytest.approx(rank[1])
    assert rank[0] > rank[2]
    assert float(rank.sum()) == pytest.approx(1)


def test_no_sentence_repeats_another() -> None:
    texts = ("The dam at Orr was closed.", "The dam at Orr was shut.", "Fish came back to Orr.")
    table = dict(zip(texts, ([1, 0], [0.99, 0.14], [0.5, 0.87]), strict=True))
    pool = [Sentence("a", 10 * i, 10 * i + 5, text, i) for i, text in enumerate(texts)]
    chosen = choose(pool, lambda wanted: np.array([table[t] for t in wanted], np.float32), most=3)
    assert {s.text for s in chosen} <= set(texts)
    assert not {texts[0], texts[1]} <= {s.text for s in chosen}


def test_a_large_folder_costs_no_more_sentences() -> None:
    asked: list[int] = []

    def embed(texts: list[str]) -> np.ndarray:
        asked.append(len(texts))
        rng = np.random.default_rng(len(texts))
        vectors = rng.normal(size=(len(texts), 8)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    from rag.answers.summary import _spread

    articles = [
        [Sentence(f"{n}", 9 * i, 9 * i + 8, f"Sentence {i} of article {n} is here.", i)
         for i in range(30)]
        for n in range(1000)
    ]
    pool = _spread(articles)
    assert len(pool) == 200
    assert len(choose(pool, embed)) == MOST
    assert asked == [200]


def test_nothing_to_say() -> None:
    assert choose((), lambda texts: np.zeros((0, 2), np.float32)) == ()
