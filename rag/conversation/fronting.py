"""A subject put in front: "And the mill, how old is it?" asks how old the mill is."""

from __future__ import annotations

import re

from rag.conversation.fitting import FITS
from rag.conversation.mentions import mentions
from rag.conversation.shapes import Anaphor, anaphors, without_lead
from rag.language.verbs import is_verb
from rag.language.words import AUXILIARIES, QUESTION_WORDS, words

_FRONTED = re.compile(
    r"^(?:(?:what|how)\s+about\s+)?(?P<named>[^,?!.]{2,60}?)\s*[,?]\s*"
    r"(?P<asks>(?:who|whom|whose|what|which|when|where|why|how|is|was|are|were|did|does|do|has|have)\b.+)$",
    re.I,
)


# "What about the soldiers? How many are still there?"
_MANY = re.compile(r"(how\s+many)\b(?=\s+(?:is|are|was|were|have|has|had|will)\b)", re.I)


def fronted(question: str) -> str | None:
    """Return the question with its subject in its place; None where none is put in front.

    Example:
        >>> fronted("And the furnace in Ebbing, how old is it?")
        'how old is the furnace in Ebbing?'
        >>> fronted("In Ebbing, how old is it?") is None
        True
    """
    match = _FRONTED.match(without_lead(question))
    if match is None:
        return None
    named, asks = match["named"], match["asks"]
    parts = [m[0].casefold() for m in words(named)]
    if any(is_verb(p) or p in AUXILIARIES | QUESTION_WORDS for p in parts):
        return None
    found = mentions(named)
    back = next((a for a in anaphors(asks) if a.slot in ("he", "it", "they")), None)
    if found and back is None and (many := _MANY.match(asks)) and found[0].plural:
        return f"{many[1]} {found[0].text} {asks[many.end() :].lstrip()}"
    if not found or back is None or not _opens(named, found[0].start):
        return None
    if not _may_be(back, found[0].kind):
        return None
    owner = named + ("’" if named.endswith("s") else "’s") if back.possessive else named
    return f"{asks[: back.start]}{owner}{asks[back.end :]}"


def _opens(named: str, start: int) -> bool:
    """Whether only an article or an owner stands before the phrase: "In May, ..." is no subject."""
    return named[:start].strip().casefold() in ("", "the", "a", "an", "this", "that", "his", "her",
                                                "its", "their")


def _may_be(back: Anaphor, kind: str) -> bool:
    return kind in FITS[back.slot] and not (back.slot == "it" and kind == "person")
