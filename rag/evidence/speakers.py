"""Who says it: whether a sentence gives words to somebody else than the one who is asked about.

"What did Ann Bell say?" is not answered by what Carl Dorn said, nor "What did the finance minister
say?" by what the governor, or the foreign minister, said. Only offices are compared that one person
hardly holds beside another, and only where the passage does not give the question's office to the
same name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.compare.names import TITLES
from rag.language.attribution import said_by
from rag.language.terms import Term, inside, keys, keys_inside, terms
from rag.questions.intent import Asked

_ASKS = re.compile(
    r"what\s+(?:exactly\s+)?(?:did|does|do|has|have)\s+(?P<who>[^?]{3,80}?)\s+(?:say|said|tell|told|"
    r"claim|claimed|announced?|promised?|warn|warned|demand|demanded|argued?|admit|admitted|call|"
    r"called|ask|asked|urged?|want|proposed?|deny|denied|explain|explained|described?)\b", re.I)
# What is somebody's own words, and not what others say that they want.
_SAYS = re.compile(
    r"\b(?:say|said|tell|told|claim|argue|admit|explain|describe|warn|promise)\b", re.I)
_WHOSE = re.compile(r"\b(?:of|for|in|at|from)\b")
_HE = re.compile(r"\b(?:he|she|they|who|it)\b", re.I)
_OFFICES = keys("the president minister premier mayor governor king queen ambassador judge senator "
                "coach bishop") - keys("the")
# What a sentence opens with, where no words in it attribute it to anybody.
_OPENING = re.compile(r"[^,;:“\"(]{1,80}")

_ENDS = re.compile(r"[.!?;]\s")


@dataclass(frozen=True, slots=True)
class _Office:
    """An office with the word that tells it from others: "finance" minister, mayor of "Varde"."""

    title: str
    of: str | None


def of_another_speaker(asked: Asked, text: str, low: int, high: int, answer: int) -> bool:
    """Tell whether a sentence is said by somebody else, by name or office, than the question's.

    Args:
        asked: The question.
        text: The passage.
        low: First character of the sentence.
        high: One past its last character.
        answer: First character of the answer.
    """
    match = _ASKS.match(asked.text)
    if match is None:
        return False
    voice = said_by(text, low, high)
    if voice and _SAYS.search(asked.text) and _other_name(match["who"], voice, text[low:high]):
        return True
    mine = _offices(match["who"])
    if len(mine) != 1:
        return False
    if voice is None:
        opening = _OPENING.match(text, low, answer)
        voice = opening[0] if opening else ""
    theirs = _offices(voice)
    if not theirs or not all(_differ(mine[0], one, keys(voice)) for one in theirs):
        return False
    names = {t.key for t in inside(voice) if t.kind == "name"} - _OFFICES
    names -= {one.of for one in theirs}
    return not _given(mine[0], names, text)


def _other_name(who: str, voice: str, sentence: str) -> bool:
    """Tell whether only another name speaks: "Kuku said", where it is asked what Waberi said."""
    mine = set() if _WHOSE.search(who) else _own(who)  # "the mayor of Varde" is not Varde
    return bool(mine and _own(voice)) and not _HE.search(voice) and not mine & keys_inside(sentence)


def _own(words: str) -> set[str]:
    return {t.key for t in inside(words) if t.kind == "name" and t.text.lower() not in TITLES}


def _offices(text: str) -> list[_Office]:
    words = terms(text)
    return [_Office(one.key, _of(words, at))
            for at, one in enumerate(words) if one.key in _OFFICES]


def _of(words: tuple[Term, ...], at: int) -> str | None:
    if [t.key for t in words[at + 1 : at + 2]] == ["of"]:
        return next((t.key for t in words[at + 2 :] if t.kind != "empty"), None)
    before = words[at - 1] if at else None
    if before is None or before.kind == "empty" or words[at].start - before.end != 1:
        return None
    return before.key


def _differ(mine: _Office, other: _Office, voice: frozenset[str]) -> bool:
    if mine.title != other.title:
        return True
    return None not in (mine.of, other.of) and mine.of not in voice


def _given(mine: _Office, names: set[str], text: str) -> bool:
    """Tell whether a passage has the office and one of the names close together."""
    words = terms(text)
    for at, one in enumerate(words):
        near = {t.key for t in words[max(0, at - 2) : at + 4]}
        if one.key != mine.title or not (mine.of is None or mine.of in near):
            continue
        for other in words[max(0, at - 6) : at + 7]:
            between = text[min(one.end, other.end) : max(one.start, other.start)]
            if other.key in names and not _ENDS.search(between):
                return True
    return False
