"""Whether a text denies what a question says: "has yet to respond", "was never published"."""

from __future__ import annotations

import re
from collections.abc import Collection

from rag.language.opposites import alike
from rag.language.terms import inside, keys_inside, terms
from rag.language.verbs import is_past
from rag.questions.intent import AUXILIARY, Asked

_NOT = re.compile(
    r"\b(?:not(?!\s+(?:only|just|merely|least)\b)|"
    r"never|no|none|nobody|nothing|neither|nor|without|cannot|hardly|barely|unable\s+to|"
    r"(?:yet|fail(?:s|ed)?|refus(?:e|es|ed)|declin(?:e|es|ed))\s+to|den(?:y|ies|ied)|ruled?\s+out|"
    r"(?:was|were|been)\s+refused|avoid(?:s|ed)?(?=\s+\w+ing\b)|"
    r"(?:prevent(?:s|ed)?|banned|bar(?:s|red)|stop(?:s|ped)|block(?:s|ed)|kept)\s+"
    r"(?:[\w’'-]+\s+){0,4}?from(?=\s+(?:being\s+)?\w+ing\b))"
    r"\b|n['’]t\b", re.I,
)
_CLAUSE = re.compile(r"[;:—–]|,\s+(?:but|and|while|although|which|who)\b|\bbut\b")
_AND = re.compile(r"\band\s+(?:then\s+|later\s+)?(?P<verb>[a-z]+)")
_BE = re.compile(r"\b(?:is|are|was|were|be|been|has|have|had)\s*\Z", re.I)
_REACH = 7  # words behind a negation that it can deny
_CLOSE = 4  # words behind a negation among which a second one turns it: "did not refuse to"
_DISPUTED = re.compile(r"\b(?:doubt(?:s|ed)?|disput(?:es|ed)|would\s+dispute)\b", re.I)


def negated(text: str, asked: Asked, besides: Collection[str] = (), named: bool = False) -> bool:
    """Tell whether one of a question's words, or one like it, is negated in a text.

    Args:
        text: A sentence, or the question itself.
        asked: The question.
        besides: Keys of words that deny but are not to be counted: what is asked may be whether
            somebody denied it.
        named: Whether a name right behind the negation counts, too: "not in Oslo".
    """
    wanted = {t.key for t in asked.words}
    wanted |= {other for key in wanted for other in alike(key)}
    return denies(text, wanted, besides) or (
        named and _denies_next(text, {t.key for t in asked.names}, besides))


def denies(text: str, wanted: Collection[str], besides: Collection[str] = ()) -> bool:
    """Tell whether one of some words, by their keys, is negated in a text."""
    for match in _NOT.finditer(text):
        if _word(match) not in besides and any(
                t.key in wanted for t in terms(_scope(text, match))[:_REACH]):
            return True
    return False


def denying(text: str) -> frozenset[str]:
    """Return the keys of words of a text that deny and say something: "refused", "ruled out"."""
    return frozenset(word for match in _NOT.finditer(text) if (word := _word(match)))


def own_denials(asked: Asked, present: Collection[str], contrary: str | None) -> frozenset[str]:
    """Return the keys of words that deny of which a question asks itself: "Did she refuse to go?".

    Args:
        asked: The question.
        present: Keys of a sentence: its other words of denial count as such.
        contrary: What excludes a word of the question in the sentence: "banned", of "allowed".
    """
    mine = {key for key in denying(asked.text) if ({key} | alike(key)) & set(present)}
    mine |= {other for key in mine for other in alike(key)}
    return frozenset(mine) | denying(contrary or "") | keys_inside(contrary or "")


def turned_twice(text: str, besides: Collection[str] = ()) -> bool:
    """Tell whether a text denies what itself denies: "did not refuse to", "nobody disputes"."""
    for match in _NOT.finditer(text):
        behind = terms(text[match.end() :])[:_CLOSE]
        near = text[match.end() : match.end() + behind[-1].end] if behind else ""
        if _word(match) in besides:
            continue
        if _DISPUTED.search(near) or denying(text[match.end() :][: len(near) + 4]) - set(besides):
            return True
    return False


def _denies_next(text: str, wanted: Collection[str], besides: Collection[str]) -> bool:
    for match in _NOT.finditer(text):
        behind = next((t for t in terms(_scope(text, match)) if t.kind != "empty"), None)
        if behind is not None and behind.key in wanted and _word(match) not in besides:
            return True
    return False


def _word(match: re.Match[str]) -> str | None:
    return next((t.key for t in inside(match[0]) if t.kind == "word"), None)


def _scope(text: str, match: re.Match[str]) -> str:
    """Return the words that a negation may deny: none of a clause or a finite verb behind "and"."""
    rest = text[match.end() :]
    clause = _CLAUSE.search(rest)
    rest = rest[: clause.start()] if clause else rest
    for joined in _AND.finditer(rest):  # "failed to win and resigned"
        verb = joined["verb"]
        if verb in AUXILIARY or (
                is_past(verb) and not _BE.search(text, 0, match.start())):
            return rest[: joined.start()]
    return rest
