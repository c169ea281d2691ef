"""What a number counts, where another thing is asked for."""

from __future__ import annotations

import pytest

from rag.encoding.embedding import BundledEmbedder
from rag.evidence.counting import counting
from rag.language.sentences import split
from rag.questions.intent import analyse
from rag.types import Candidate, Hit, Passage

EMBEDDER = BundledEmbedder()


def kept(question: str, text: str, words: str) -> bool:
    passage = Passage("a.txt", 0, 0, len(text), text, tuple(split(text)))
    hit = Hit(passage, "Harbour news", 1, 0.1)
    at = text.index(words)
    candidate = Candidate(hit, at, at + len(words), words, 1.0, 1.0)
    return bool(counting(analyse(question), [candidate], [hit], EMBEDDER))


@pytest.mark.parametrize(("question", "text", "words"), [
    ("How many tanks arrived?", "Then 100 military instructors arrived in Tolm.", "100"),
    ("How many tanks arrived?", "Then a hundred instructors arrived.", "a hundred instructors"),
    ("What is the number of missiles?", "Then 100 instructors arrived.", "100"),
    # What is asked for is counted elsewhere.
    ("How many houses were lost?", "The storm sank 51 boats. It hit 2,300 houses.", "51"),
    ("How many children fled?", "About 4,000 families fled. Two children drowned.", "About 4,000"),
])
def test_a_number_of_other_things_does_not_answer(question: str, text: str, words: str) -> None:
    assert not kept(question, text, words)


@pytest.mark.parametrize(("question", "text", "words"), [
    ("How many pictures burned?", "The fire destroyed 90 canvases.", "90"),
    ("How many trucks came?", "Then 12 vehicles came.", "12"),
    ("How many tanks arrived?", "Then 100 instructors came with some tanks.", "100"),
    ("How many houses were lost?", "The storm sank 51 boats. Houses were lost.", "51"),
    ("How many kids came?", "Then 12 children came. Two kids stayed.", "12"),
    ("How many people arrived?", "Then 100 instructors arrived.", "100"),
    ("How many tons does it weigh?", "It weighs 30 tonnes.", "30"),
    ("How many units were sold?", "They sold 20 million copies.", "20 million"),
    ("How many tanks arrived?", "Of the tanks, 100 arrived.", "100"),
    # A word that the embedder does not know whole is not held to be far from another.
    ("How many workmen died?", "Eleven navvies died in the tunnel.", "Eleven"),
    ("How many tanks arrived?", "Then Rolf Moor arrived.", "Rolf Moor"),
    ("Which tanks arrived?", "Then 100 instructors arrived.", "100"),
])
def test_what_may_count_it_is_kept(question: str, text: str, words: str) -> None:
    assert kept(question, text, words)
