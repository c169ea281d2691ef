"""Whether a text denies what a question says: "has yet to respond", "was never published"."""

from __future__ import annotations

import re
from collections.abc import Collection

from rag.language.opposites import alike
from rag.language.terms import terms
from rag.questions.intent import Asked

_NOT = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|hardly|barely|unable\s+to|"
    r"(?:yet|fail(?:s|ed)?|refus(?:e|es|ed)|declin(?:e|es|ed))\s+to|den(?:y|ies|ied)|ruled?\s+out|"
    r"(?:was|were|been)\s+refused)"
    r"\b|n['’]t\b", re.I,
)
_CLAUSE = re.compile(r"[;:—–]|,\s+(?:but|and|while|although|which|who)\b|\bbut\b")
_REACH = 7  # words behind a negation that it can deny


def negated(text: str, asked: Asked) -> bool:
    """Tell whether one of a question's words, or one like it, is negated in a text.

    Args:
        text: A sentence, or the question itself.
        asked: The question.
    """
    wanted = {t.key for t in asked.words}
    return denies(text, wanted | {other for key in wanted for other in alike(key)})


def denies(text: str, wanted: Collection[str]) -> bool:
    """Tell whether one of some words, by their keys, is negated in a text."""
    for match in _NOT.finditer(text):
        rest = text[match.end() :]
        clause = _CLAUSE.search(rest)
        scope = terms(rest[: clause.start()] if clause else rest)[:_REACH]
        if any(t.key in wanted for t in scope):
            return True
    return False
