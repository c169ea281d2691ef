"""Check a question set against its articles: every supporting sentence is where it says.

Reading the articles is the product's own business, so the check sees exactly the text that the
assistant will see. What is reported is a list of plain sentences; an empty list is a sound set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from eval.cases import ExpectedTurn, QuestionSet
from eval.normalise import contains, normalise
from eval.support import SupportIndex

ANSWER_KINDS = frozenset({"fact", "number", "date", "person", "place"})
"""Kinds whose best answer must itself stand in a supporting sentence."""


def faults(
    question_set: QuestionSet, texts_in: Callable[[Path], Mapping[str, str]]
) -> list[str]:
    """Say what does not hold.

    Args:
        question_set: The set.
        texts_in: Name to text of the articles of a folder.

    Returns:
        One sentence per fault, in the order of the set.
    """
    found: list[str] = []
    for conversation in question_set.conversations:
        texts = texts_in(conversation.articles)
        for turn in conversation.turns:
            where = f"{question_set.name}: {turn.id}"
            for support in SupportIndex(turn, texts.get).missing():
                reason = (
                    "is not there, word for word" if support.article in texts
                    else "names an article that does not exist"
                )
                found.append(
                    f"{where}: support in {support.article} {reason}: {support.sentence!r}"
                )
            found += [f"{where}: {fault}" for fault in _answer_faults(turn)]
    return found


def _answer_faults(turn: ExpectedTurn) -> list[str]:
    sentences = [normalise(s.sentence) for s in turn.support]
    found = []
    if turn.kind in ANSWER_KINDS and turn.answers and any(sentences) and not any(
        contains(sentence, normalise(answer)) for sentence in sentences for answer in turn.answers
    ):
        found.append(f"no accepted answer stands in a supporting sentence: {turn.answers!r}")
    for number, point in enumerate(turn.points):
        own = [
            normalise(s.sentence) for s in turn.support if s.point in (None, number)
        ]
        if any(own) and not any(
            contains(sentence, normalise(phrase)) for sentence in own for phrase in point
        ):
            found.append(f"point {number} stands in none of its sentences: {point!r}")
    return found
