"""How many, where the answer is none."""

from __future__ import annotations

import pytest

from rag.evidence.nobody import candidates
from rag.language.sentences import split
from rag.questions.intent import analyse
from rag.types import Candidate, Hit, Passage


def hit(*sentences: str) -> Hit:
    text = " ".join(sentences)
    return Hit(Passage("ferry.txt", 0, 0, len(text), text, split(text)), "Ferry stopped", 1, 1.0)


@pytest.mark.parametrize(("question", "sentence", "expected"), [
    ("How many passengers were hurt?", "Nobody was hurt, the coast guard said.", "Nobody"),
    ("How many people were injured in the fire?", "No one was injured.", "No one"),
    ("How many houses burned?", "No houses burned.", "No houses"),
    ("How many houses burned?", "No boats burned.", None),
    ("How many passengers were hurt?", "Nobody knows how many were hurt.", None),
    ("How many passengers were hurt?", "Nobody on board had expected it.", None),
    ("How many of the Anna Linde's crew were hurt?", "Nobody was hurt.", None),
    ("Who was hurt?", "Nobody was hurt.", None),
    ("How many?", "Nobody was hurt.", None),
])
def test_none_is_an_answer_only_to_what_was_asked(
    question: str, sentence: str, expected: str | None
) -> None:
    passage = hit("All 214 passengers were brought ashore.", sentence)
    read = [Candidate(passage, 4, 7, "214", 9.0, 5.5)]
    found = candidates(analyse(question), read, [passage])
    assert [c.text for c in found] == ([expected] if expected else [])
    for one in found:
        assert passage.passage.text[one.start : one.end] == expected
        assert one.margin == 8.5  # ahead of the number that was read
