"""Spans made whole: a name cut in its middle, an adjective without its noun."""

from __future__ import annotations

import re

from rag.language.demonyms import country
from rag.language.nouns import PERSON_NOUNS
from rag.language.terms import is_month, terms
from rag.types import Span

_NEXT_WORD = re.compile(r"[ \u00a0]([^\W\d_][\w’'-]*)")
_WORD_BEFORE = re.compile(r"([^\W\d_][\w’'.-]*)[ \u00a0]\Z")
_PARTICLES = frozenset("du de da di del della des van von der den el al bin ibn la le st".split())
# Who somebody is, in nouns that other nouns stand before: "lighthouse keeper", "cheese maker".
_DOES = PERSON_NOUNS | frozenset("maker watchman dealer merchant player guard driver".split())
_OWNER = re.compile(r"(?:\b(?:[Tt]he|[Aa]n?)\s+)?(?<![\w-])[\w-]+(?:['’]s|s['’])\s\Z")
# A few words in quotation marks are one thing: "serviceable, with reservations".
_QUOTED = re.compile(r"[\"“](?P<words>[^\s\"“”.?!]+(?:\s[^\s\"“”.?!]+){1,5}(?<!,))[\"”]")
_OPEN = re.compile(r"“[^”]*\Z|(?<!\w)\"(?=\w)[^\"]*\Z")
_CLOSES = re.compile(r"[^”\"]{0,80}?[”\"]")
# What a number says less, or more, without: "faces up to 20 years".
_HEDGE = re.compile(
    r"\b(?:up\s+to|at\s+(?:least|most)|(?:no\s+)?(?:more|less|fewer)\s+than|nearly|almost|about|"
    r"around|roughly|approximately|over|as\s+(?:many|much|few|little)\s+as)\s+\Z", re.I)
_COUNTS = re.compile(r"[$€£¥]?\d")
_MOST = 3  # words that are added at most


def completed(
    text: str, start: int, end: int, low: int, high: int, being: bool = False
) -> Span:
    """Return a span with the rest of the name or noun phrase that it cuts.

    A span that ends inside a run of capitalised words is widened to the run's end ("Mohamed" of
    "Mohamed Bazoum"), one that ends in the adjective of a country to its noun ("West African" of
    "West African nation"), and one that begins with a particle of a name to the name's begin.
    A quotation that a span begins is closed, and a number keeps what is said of it ("up to 20").
    Where it is asked who or what somebody is, a noun gets the one that says so ("lighthouse" of
    "lighthouse keeper"), and that one its owner ("chief of staff" of "the army's chief of staff").

    Args:
        text: The text.
        start: First character of the span.
        end: One past its last character.
        low: First character of the sentence.
        high: One past the sentence's last character.
        being: Whether it is asked who or what somebody is.
    """
    quoted = _QUOTED.match(text, max(low, start - 1), high)
    if quoted and quoted.start("words") == start and text[end : end + 1] == ",":
        end = max(end, quoted.end("words"))
    if _OPEN.search(text, start, end) and (closes := _CLOSES.match(text, end, high)):
        end = closes.end()
    if _COUNTS.match(text, start) and (hedge := _HEDGE.search(text, low, start)):
        start = hedge.start()
    for _ in range(_MOST):
        following = _NEXT_WORD.match(text, end, high)
        if following is None or not _goes_on(
                text[start:end].split(), following.group(1), being):
            break
        end = following.end()
    if not _PARTICLES.isdisjoint(text[start:end].split(maxsplit=1)[:1]):
        for _ in range(_MOST):
            before = _WORD_BEFORE.search(text, low, start)
            if before is None or not before.group(1)[0].isupper():
                break
            start = before.start(1)
    first = re.match(r"[a-z]+", text[start:end]) if being else None
    owner = _OWNER.search(text, low, start) if first and first[0] in PERSON_NOUNS else None
    return owner.start() if owner else start, end


def _goes_on(words: list[str], following: str, being: bool) -> bool:
    """Tell whether a word belongs to the name or noun phrase that words begin."""
    last = words[-1] if words else ""
    if not last[-1:].isalnum():
        return False
    if following[0].isupper():
        name = last[:1].isupper() and not is_month(last) and following != "I"
        return name and not following.isupper()
    if terms(following)[0].kind == "empty" or following.endswith("ed"):
        return False
    if _adjective(last):
        return True
    if being and following in _DOES and last.isalpha() and last.islower() and last not in _DOES:
        return terms(last)[0].kind == "word" and not last.endswith(("ed", "ing"))
    # "Russian military" wants "instructors".
    plural = following.endswith("s") and not last.endswith("s")
    return plural and len(words) > 1 and _adjective(words[-2])


def _adjective(word: str) -> bool:
    bare = word.lower()
    return word[:1].isupper() and not bare.endswith("s") and country(bare) not in (None, bare)
