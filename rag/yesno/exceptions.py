"""What a sentence leaves out: "every day except Monday", "of wood instead of stone", "Ann did not".

An exception and an ellipsis hold the question's words and say them of something else. An ellipsis
repeats what stands before it for another subject, mostly to deny it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.language.terms import terms
from rag.questions.intent import AUXILIARY, Asked

_VERBAL = "|".join(AUXILIARY)
# Words behind which the thing stands that it is not said of; those that may also mean "besides"
# ("apart from") or that only compare ("unlike") leave it open what is true of that thing.
_EXCEPT = re.compile(
    r"\b(?:(?P<sure>except(?:\s+for)?|excluding|with\s+the\s+exception\s+of|instead\s+of|"
    r"rather\s+than|but\s+not|(?<=,\s)not(?!\s+(?:only|just|least|to)\b))|"
    r"apart\s+from|other\s+than|unlike)\s+"
    rf"(?P<what>(?:(?!\b(?:{_VERBAL})\b)[^,;.:()]){{1,60}})", re.I,
)
_ALL = re.compile(r"\b(?:all|every|each|everyone|everybody|always|daily)\b", re.I)
_NEGATION = re.compile(r"\b(?:no|not|none|nobody|nothing|never|neither|nor)\b|n['’]t\b", re.I)
_CONJUNCTION = r"(?:but|while|whereas|although|though)"
_ELLIPSIS = re.compile(
    rf"(?:[,;]\s+(?:(?:{_CONJUNCTION}|and)\s+)?|\s(?:{_CONJUNCTION}|and)\s+)"
    rf"(?P<subject>(?:(?!\b{_CONJUNCTION}\b)[^,;.]){{1,60}}?)\s+"
    r"(?:ca(?=n['’]t)|wo(?=n['’]t)|is|are|was|were|do|does|did|has|have|had|can|could|will|would|"
    r"should|must|may)(?P<not>n['’]t|not|\s+not)?\s*(?=[.;,!]|\Z)", re.I,
)
_SUBJECT_WORDS = 6


@dataclass(frozen=True, slots=True)
class Ellipsis:
    """A clause whose predicate stands in the clause before: "..., but Ann did not".

    Attributes:
        front: The words before it.
        asked_for: Whether the question is about its subject.
        denies: Whether it denies the predicate for its subject.
    """

    front: str
    asked_for: bool
    denies: bool


def excepted(asked: Asked, sentence: str) -> str | None:
    """Return the words by which a sentence excludes what is asked about, or None.

    Returns:
        "" where they do not tell whether it is true of that thing.
    """
    for match in _EXCEPT.finditer(sentence):
        marker = match.group()[: match.start("what") - match.start()].strip().lower()
        if re.search(rf"\b{re.escape(marker)}\b", asked.text, re.I):
            continue
        rest = {t.key for t in terms(sentence[: match.start()] + " . " + sentence[match.end() :])}
        left_out = {t.key for t in terms(match["what"]) if t.kind != "empty"} - rest
        every = _ALL.search(asked.text) and _ALL.search(sentence[: match.start()])
        if every or any(t.key in left_out for t in asked.terms):
            # "No pets except guide dogs"
            sure = match["sure"] and not _NEGATION.search(sentence[: match.start()])
            return marker if sure else ""
    return None


def elided(asked: Asked, sentence: str) -> Ellipsis | None:
    """Return the ellipsis at the end of a clause, if a sentence has one."""
    match = _ELLIPSIS.search(sentence)
    front = sentence[: match.start()] if match else ""
    if match is None or len(terms(front)) < 2:
        return None
    subject = terms(match["subject"])
    own = {t.key for t in subject if t.kind != "empty"} - {t.key for t in terms(front)}
    if not own or len(subject) > _SUBJECT_WORDS:
        return None
    return Ellipsis(front, any(t.key in own for t in asked.terms), match["not"] is not None)
