"""What may be asked: a question is checked before anything is done with it."""

from __future__ import annotations

import re
import unicodedata

from rag.errors import QuestionError

# Words that are typed without their apostrophe, and are no other words.
_JOINED = re.compile(
    r"\b(?:(what|who|where|when|how)(s)|(did|does|do|is|was|were|has|have|had|would|could|should|"
    r"are)n(t))\b", re.I)


def spelt(question: str) -> str:
    """Return a question with the apostrophes that typing in haste leaves out.

    >>> spelt("whats it worth, and why didnt they sell it")
    "what's it worth, and why didn't they sell it"
    """
    return _JOINED.sub(lambda m: f"{m[1]}'{m[2]}" if m[1] else f"{m[3]}n'{m[4]}", question)


def check(question: object, longest: int) -> str:
    """Return a question without white space around it.

    Args:
        question: What was given as the question.
        longest: Longest accepted question, in characters.

    Raises:
        QuestionError: It is not text, has no words, or is too long.
    """
    if not isinstance(question, str):
        raise QuestionError(
            f"the question must be text, not {type(question).__name__}; ask in plain words"
        )
    if len(question) > longest:
        raise QuestionError(
            f"the question has {len(question):,} characters, the longest accepted has "
            f"{longest:,}; ask it shorter"
        )
    for character in question:
        kind = unicodedata.category(character)
        if kind == "Cs" or (kind == "Cc" and not character.isspace()):
            raise QuestionError(
                f"the question is not text: it holds the character U+{ord(character):04X}; "
                "ask in plain words"
            )
    if not question.strip():
        raise QuestionError("the question is empty; ask in plain words")
    if not any(character.isalnum() for character in question):
        raise QuestionError(f"the question {question.strip()[:40]!r} has no words; ask in plain "
                            "words")
    return " ".join(question.split())
