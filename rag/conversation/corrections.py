"""Corrections: "No, I meant the other mill", and the question that may follow in a sentence."""

from __future__ import annotations

import re

from rag.language.words import AUXILIARIES, QUESTION_WORDS

CORRECTION = re.compile(
    r"^\s*(?:(?:no|nope|sorry|wait|actually|not that)\b[\s,.!-]*)*"
    r"(?:(?:i\s+(?:meant|mean|was\s+asking\s+about|am\s+asking\s+about|asked\s+about))"
    r"|not\s+.{1,60}?,\s*(?:but\s+)?(?=\S))\s*",
    re.I,
)
_SENTENCES = re.compile(r"(?P<named>[^?!]{2,80})[.!]\s+(?P<asks>\S+\s[^?.!]+\?)\s*$")


def correction(question: str) -> tuple[str, str] | None:
    """Return what a correction names, and the question that follows it as its own sentence.

    Example:
        >>> correction("I meant Bo Lund's fine. Why was he fined?")
        ('Bo Lund, fine', 'Why was he fined?')
    """
    corrected = CORRECTION.match(question)
    told = _SENTENCES.match(question[corrected.end() :]) if corrected else None
    if told is None or told["asks"].split()[0].casefold() not in QUESTION_WORDS | AUXILIARIES:
        return None
    return re.sub(r"['’]s\s+", ", ", told["named"]), told["asks"]
