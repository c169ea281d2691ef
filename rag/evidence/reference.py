"""Whether a sentence tells it of whom is asked: the daughter, not her mother; each, not all.

A reader is drawn to a sentence that has the verb of a question and one of its names. The name may
be only the one by which somebody else is told: "Ada's daughter", "the successor of Ada". Where the
sentence has nothing of the one that is meant, it does not answer.
"""

from __future__ import annotations

import re

from rag.language.opposites import alike
from rag.language.terms import inside, keys, keys_inside, terms
from rag.questions.intent import Asked

_RELATIVES = (
    "mother father parent son daughter child brother sister sibling wife husband widow "
    "widower uncle aunt nephew niece cousin grandmother grandfather grandson granddaughter "
    "fiance fiancee partner stepson stepdaughter stepfather stepmother twin predecessor successor "
    "deputy assistant lawyer solicitor spokesman spokeswoman").split()
_KIN = re.compile(
    rf"(?P<owner>[A-Z][\w-]*(?:\s+[A-Z][\w-]*)*)['’]s?\s+(?:\w+\s+){{0,2}}?"
    rf"(?P<kin>{'|'.join(_RELATIVES)})s?\b(?P<name>(?:\s+[A-Z][\w’-]*)*)")
_WORDS_OF_KIN = frozenset(keys(" ".join(_RELATIVES))) | frozenset(keys(
    "married couple family twins siblings survived succeeded replaced late"))
_HE = re.compile(r"\b(?:he|she|they|who|whose|him|her|them|his|their)\b", re.I)
# "Who is Ada Bell?" asks for what the others must not be: Ada Bell herself.
_IDENTITY = re.compile(r"[Ww]ho(?:['’]s|\s+(?:is|was|are|were))\s+(?:the\s+)?(?:[A-Z]|\w+\s+[A-Z])|"
                       r"\b[Ww]ho\s+(?:is|was)\b[^?]*\bcalled\b")
_HOW_OLD = re.compile(r"how\s+old\s+(?:is|was)\s+(?:[A-Z]|\w+\s+[A-Z])", re.I)
_WHO = re.compile(r"\bwho(?:m|se)?\b", re.I)
_DESCRIBED = re.compile(r"(?:the|an?|his|her|its|their)\s+[a-z]", re.I)
_NAME = r"[A-Z][\w’-]*(?:\s+[A-Z][\w’-]*)*"
_FOLLOWS = re.compile(rf"\s*,?\s+(?P<name>{_NAME})")
_PRECEDES = re.compile(rf"(?P<name>{_NAME}),\s+\Z")
_DIED_OF = re.compile(r"\bwhat\b.*\b(?:die|died|dying|dead)\s+(?:of|from)\b|"
                      r"\bof\s+what\b.*\bdie[ds]?\b", re.I)
# What puts a cause beside a death, and words of sentences that tell it without any of these.
_CAUSING = re.compile(
    r"\b(?:of|from|by|after|following|with|in|to|when|under|during)\s+(?:(?!for\b)[\w’'-]+\s+){0,3}"
    r"\Z|\b(?:was|were|had)\s+(?:\w+\s+){0,2}\Z", re.I)
_ILL = frozenset(keys(
    "cause suffer contract kill stroke catch caught claim succumb fall fell illness diagnose "
    "poison drown shot hit struck choke hang burn freeze certificate"))
_EACH = re.compile(r"\b(?:each|every|per)\s+(?:(?:of\s+the|one\s+of\s+the)\s+)?"
                   r"(?P<whom>(?:[a-z-]+\s+){0,2}?[a-z-]+)(?=\s+(?:get|gets|got|be|have|has|had|pay|"
                   r"pays|paid|receive|receives|received|earn|earns|cost|costs|need|needs)\b|\s*\?*$)",
                   re.I)
_SHARED = re.compile(r"\b(?:each|every|per|apiece|a\s+head|individual\w*|both|them|they|their|"
                     r"everyone|everybody|an?\s+(?:person|family|household|month|week|day|year|hour))"
                     r"\b", re.I)

_DEATHS = re.compile(r"\b(?:died?|dead|deaths?|killed|fatalities|perished)\b", re.I)
# Who is counted beside the dead: "killed six and infected 47", "31 cases".
_ALIVE = (r"(?:infect|injur|wound|hurt|hospitali[sz]|arrest|detain|displac|rescu|evacuat|surviv|"
          r"case|patient|missing|sick|ill\b|homeless)")
_ALIVE_BEFORE = re.compile(rf"\b{_ALIVE}\w*\s+(?:(?:about|some|at|least|nearly|over|more|than|"
                           r"another|almost|up|to)\s+)*\Z", re.I)
_ALIVE_AFTER = re.compile(rf"\s+(?:(?:others?|more|people|were|are|been|have|confirmed|known)\s+)*"
                          rf"{_ALIVE}", re.I)


def of_somebody_else(asked: Asked, sentence: str, start: int, end: int) -> bool:
    """Tell whether a sentence has nothing of the one that a question asks about.

    Args:
        asked: The question.
        sentence: The sentence that the span stands in.
        start: First character of the span in it.
        end: One past its last.
    """
    return (_of_the_owner(asked, sentence) or _one_asked_about(asked, sentence, start, end)
            or _no_cause(asked, sentence, start) or _of_all(asked, sentence)
            or _of_the_living(asked, sentence, start, end) or _age_of_another(asked, sentence))


def _age_of_another(asked: Asked, sentence: str) -> bool:
    """Tell whether an age is somebody else's: neither the one asked about nor "he" is there."""
    if not _HOW_OLD.match(asked.text) or not asked.names:
        return False
    return not {t.key for t in asked.names} & keys_inside(sentence) and not _HE.search(sentence)


def _of_the_owner(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence names only whose relative it is: "Ada Bell died in 1990".

    Asked is when Ada Bell's son died. A sentence that has a word of kin, another name or a pronoun
    may well tell it of the son.
    """
    match = _KIN.search(asked.text)
    if match is None:
        return False
    words = inside(sentence)
    present = {t.key for t in words}
    owner, name = keys_inside(match["owner"]), keys_inside(match["name"])
    kin = _WORDS_OF_KIN - ({t.key for t in asked.terms} - set(keys(match["kin"])))
    if not owner & present or name & present or present & kin or _HE.search(sentence):
        return False
    named = [m[0] for m in re.finditer(_NAME, sentence)]
    own = [n for n in named if owner & keys_inside(n)]
    first = min(sentence.find(n) for n in own) if own else -1
    # A relative may bear the owner's surname: only one that the question names is told apart.
    return first >= 0 and (bool(name) or owner == keys_inside(own[0])) and all(
        n in own or sentence.find(n) > first for n in named)


def _one_asked_about(asked: Asked, sentence: str, start: int, end: int) -> bool:
    """Tell whether a span only describes somebody whom the question names: "the mayor, Ada Bell".

    Asked is who follows Ada Bell, or who struck her.
    """
    text = sentence[start:end]
    if not _WHO.match(asked.text) or _IDENTITY.match(asked.text) or not _DESCRIBED.match(text):
        return False
    follows, precedes = _FOLLOWS.match(sentence, end), _PRECEDES.search(sentence[:start])
    mine = {t.key for t in asked.names}
    return any(m is not None and len(k := keys_inside(m["name"])) > 1 and k <= mine
               for m in (follows, precedes))


def _no_cause(asked: Asked, sentence: str, start: int) -> bool:
    """Tell whether nothing puts a span beside a death as what it came of."""
    if not _DIED_OF.search(asked.text) or _ILL & set(keys(sentence)):
        return False
    return not _CAUSING.search(sentence[:start])


def _of_all(asked: Asked, sentence: str) -> bool:
    """Tell whether a number is of all together where it is asked what each of them gets."""
    match = _EACH.search(asked.text) if asked.wanted in ("number", "money") else None
    if match is None or _SHARED.search(sentence):
        return False
    present, words = set(keys(sentence)), sentence.lower().split()
    whom = [t for t in terms(match["whom"]) if t.kind != "empty"]
    return not any(t.key in present or alike(t.key) & present
                   or any(w.startswith(t.text.lower()) for w in words) for t in whom)


def _of_the_living(asked: Asked, sentence: str, start: int, end: int) -> bool:
    """Tell whether a number counts the hurt or the ill where the dead are asked for."""
    if asked.wanted != "number" or not _DEATHS.search(asked.text) or re.search(
            rf"\b{_ALIVE}", asked.text, re.I):
        return False
    alive = re.search(rf"\b{_ALIVE}", sentence[start:end], re.I)
    return bool(alive or _ALIVE_BEFORE.search(sentence[:start])
                or _ALIVE_AFTER.match(sentence, end))
