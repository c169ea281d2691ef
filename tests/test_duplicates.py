"""Copies of one story share a group, whatever was put around them; other stories do not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles import duplicates
from rag.articles.duplicates import copies, group, shingles, sources

AGENCY = (
    "The old mill by the river burned down on Monday night, the fire brigade said. Sparks from a "
    "stove are thought to be the cause. Nobody was hurt, but two cows and the miller's piano were "
    "lost. The valley has no other mill, and bakers will have to buy flour in town."
)
OTHER = (
    "A mill in the hills burned on Monday. The miller says that the stove was cold, and that boys "
    "had been seen with matches. Flour will be dearer, a baker told us, since there is no other "
    "mill in the valley. The piano could be saved."
)


def test_a_copy_with_a_paragraph_more_is_a_copy_and_another_report_is_not() -> None:
    assert group([AGENCY, OTHER, AGENCY + " The mill was built in 1804."]) == (0, 1, 0)


def test_a_copy_with_another_headline_case_accents_and_quotes_is_a_copy() -> None:
    changed = "MILL BURNS\n" + AGENCY.replace("miller's", "miller’s").upper()
    assert group([AGENCY, changed]) == (0, 0)


def test_a_quoted_agency_text_within_a_longer_article_is_one_source_with_it() -> None:
    assert group([OTHER + "\n\n" + AGENCY + "\n\nWe shall report further.", AGENCY]) == (0, 0)


def test_short_sentences_that_are_the_same_may_be_chance() -> None:
    assert group(["The bridge opened in 2019.", "The bridge opened in 2019."]) == (0, 1)


def test_groups_are_numbered_in_order_of_appearance() -> None:
    assert group([OTHER, AGENCY, OTHER, "", AGENCY]) == (0, 1, 0, 2, 1)
    assert group([]) == ()


@pytest.mark.parametrize("size", [45, 120])
def test_minhash_finds_the_same_groups_as_looking_at_all_pairs(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(size)
    words = [f"word{n}" for n in range(400)]
    texts = []
    for n in range(size):
        text = dice.choices(words, k=60)
        texts.append(" ".join(text))
        if n % 3 == 0:  # a copy with three words changed and five more
            for at in dice.sample(range(60), 3):
                text[at] = "changed"
            texts.append(" ".join([*text, *dice.choices(words, k=5)]))
    by_minhash = group(texts)
    monkeypatch.setattr(duplicates, "_ALL_PAIRS", len(texts))
    assert group(texts) == by_minhash
    assert len(set(by_minhash)) == size


@given(st.lists(st.text(max_size=80), max_size=8))
def test_numbers_begin_at_0_and_rise_by_one(texts: list[str]) -> None:
    numbers = group(texts)
    assert len(numbers) == len(texts)
    highest = -1
    for number in numbers:
        assert 0 <= number <= highest + 1
        highest = max(highest, number)


@given(st.text(max_size=300), st.text(max_size=300))
def test_being_copies_is_mutual(a: str, b: str) -> None:
    assert copies(shingles(a), shingles(b)) == copies(shingles(b), shingles(a))


def test_an_agency_sentence_within_two_reports_is_one_source() -> None:
    agency = "Sparks from a stove are thought to be the cause of the fire, the brigade said."
    told = [("a.txt", f"We went to the mill on Tuesday. {agency} The miller wept.", agency),
            ("b.txt", f"Bakers are worried about flour. {agency} The town has no other.", agency),
            ("c.txt", OTHER, "The miller says that the stove was cold.")]
    assert sources(told) == {"a.txt": 0, "b.txt": 0, "c.txt": 1}
    assert sources(told[:1]) == {"a.txt": 0}
    assert sources([]) == {}


def test_two_articles_that_say_it_in_other_words_are_two_sources() -> None:
    told = [("a.txt", AGENCY, "Nobody was hurt, but two cows were lost."),
            ("b.txt", OTHER, "The piano could be saved.")]
    assert sources(told) == {"a.txt": 0, "b.txt": 1}
