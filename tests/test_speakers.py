"""Who says it: the words of one office and of another."""

from __future__ import annotations

import pytest

from rag.evidence.speakers import of_another_speaker
from rag.questions.intent import analyse

TEXT = (
    "Finance minister Oskar Lund said the budget would stand. Governor Tessa Marrow called it a "
    "betrayal. Lund, who is also mayor of Arlow, said he would not go. The foreign minister, Ida "
    "Brandt, praised the fund. Justice minister Ann Roe called it a shame."
)


@pytest.mark.parametrize(("question", "words", "other"), [
    ("What did the finance minister say?", "the budget would stand", False),
    ("What did the minister say?", "the budget would stand", False),
    ("What did the foreign minister say?", "the budget would stand", True),
    ("What did the finance minister say?", "a betrayal", True),
    ("What did the prime minister say about it?", "a betrayal", True),
    ("What did the foreign minister say?", "a shame", True),
    ("What did Governor Marrow call it?", "a betrayal", False),
    ("What did the governor say about it?", "a betrayal", False),
    ("What did the mayor of Arlow say?", "he would not go", False),
    ("What did the mayor of Arlow say?", "the budget would stand", False),  # he is Lund
    ("What did the finance minister praise?", "the fund", False),  # praise gives no words
    ("What did Oskar Lund say?", "a betrayal", False),  # "called it" gives no words
    ("What did Oskar Lund say?", "the budget would stand", False),
    ("What did Tessa Marrow say?", "the budget would stand", True),
])
def test_the_words_of_another_speaker_are_not_those_of_the_questions(
    question: str, words: str, other: bool
) -> None:
    at = TEXT.index(words)
    low = max(TEXT.rfind(". ", 0, at) + 2, 0) if ". " in TEXT[:at] else 0
    assert of_another_speaker(analyse(question), TEXT, low, TEXT.index(".", at) + 1, at) is other
