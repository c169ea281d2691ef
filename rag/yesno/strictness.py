"""Small words of a yes/no question that decide it: "before 1800", "all", "only", "still"."""

from __future__ import annotations

import re
from collections.abc import Collection

from rag.language.opposites import alike
from rag.language.terms import inside, terms
from rag.language.verbs import is_verb
from rag.questions.intent import Asked
from rag.yesno.degrees import nearly_all, short_of

_ALL = re.compile(r"\b(?:all|every|each|both|everyone|everybody|always|entirely|whole)\b", re.I)
_SOLE = re.compile(r"\b(?:only|sole|solely|alone|just|exclusively)\b", re.I)
_STILL = re.compile(r"\bstill\b", re.I)
_NOW = re.compile(r"\b(?:now|nowadays|currently|today|at\s+present)\b", re.I)
_LASTS = re.compile(
    r"\b(?:is|are|has|have|still|remain|remains|continues?|today|now|currently|since|yet)\b", re.I)
_PAST = re.compile(
    r"\b(?:then|former|formerly|ex|once|late|previous|previously|used\s+to|no\s+longer)\b",
    re.I,
)
# Prepositions of which one cannot be said for the other, before the same word.
_PAIRS = {"before": "after", "after": "before", "with": "without", "without": "with",
          "above": "below", "below": "above", "inside": "outside", "outside": "inside",
          "for": "against", "against": "for"}
_IN_FAVOUR = re.compile(r"\bin\s+favou?r\s+of\b", re.I)
_PREDICATE = re.compile(
    r"(?:is|was|are|were)\s+(?:the\s+)?[\w.’'-]+(?:\s+(?!(?:of|the|an?)\b)[\w.’'-]+){0,3}\s+"
    r"(?:the|an?)\s+(?:[\w’'-]+\s+){0,2}?(?P<noun>[\w’'-]+)\s+of\b", re.I,
)
_PREFIXED = re.compile(r"\b(re|half|semi|non|ex|anti|pre|quarter)-(\w+)", re.I)
_RANKED = re.compile(r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+th)[ -]"
                     r"(most\s+[a-z]+|[a-z]+est)\b")
_LIMITED = re.compile(r"\b(?P<whom>[A-Za-z]+)\s+(?:under|over|above|below|aged)\s+(?P<age>\w+)")
_FREE = re.compile(r"\bfree\b(?!-)", re.I)
_FREE_FOR = re.compile(
    r"\bfree\s+(?:(?:for|to|on|in|at|if|until|till|after|before|from|during|with|when|unless|"
    r"provided|every)\s+)(?!(?:all|everyone|everybody|anyone|anybody|the\s+public)\b)"
    r"(?P<whom>[^,;.:]+)", re.I)
_IS_FREE = re.compile(r"\b(?:is|are|was|were|be|been|being|remain(?:s|ed)?|stay(?:s|ed)?|made)\s+"
                      r"(?:\w+\s+){0,2}?free\b", re.I)
_FOR_FREE = re.compile(r"\bfor\s+(?P<whom>(?:[\w’'-]+\s+){1,4}?)(?:is|are|was|were|will|remains?)"
                       r"\s+(?:\w+\s+){0,2}?free\b", re.I)


def predicated(asked: Asked, present: Collection[str]) -> bool:
    """Tell whether a sentence has what the question calls something: "the daughter of Ann Holt".

    "Is she the daughter of Ann Holt?" is not answered by whose granddaughter she is.
    """
    match = _PREDICATE.match(asked.text)
    if match is None:
        return True
    noun = inside(match["noun"])[0].key
    return noun in present or bool(alike(noun) & set(present))


def prefixed(asked: Asked, sentence: str) -> bool:
    """Tell whether only one of the two has a prefix: elected and re-elected, half a marathon."""
    theirs, mine = ({(m[1].lower(), m[2].lower()[:5]) for m in _PREFIXED.finditer(text)}
                    for text in (sentence, asked.text))
    words = {w.lower()[:5] for w in re.findall(r"[\w’']+", asked.text)}
    return not mine <= theirs or any(one[1] in words for one in theirs - mine)


def ranked(asked: Asked, sentence: str) -> str | None:
    """Return the rank that a sentence gives what the question calls first: "fourth largest"."""
    rank = _RANKED.search(sentence)
    held = rank and rank[1] in asked.text and rank[0] not in asked.text
    return rank[0] if rank and held else None


def allows(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence may say yes, by the small words of the question.

    "Are all farms organic?" needs "all", "Was she the only child?" needs "only", and what "still"
    asks for is not said by "her then husband". "Children under four" are not all children.
    """
    if _ALL.search(asked.text) and (not _ALL.search(sentence) or nearly_all(sentence)):
        return False
    if short_of(asked, sentence):
        return False
    if _SOLE.search(asked.text) and not _SOLE.search(sentence):
        return False
    if _STILL.search(asked.text) and (_PAST.search(sentence) or not _LASTS.search(sentence)):
        return False
    limited = None if asked.numbers else _LIMITED.search(sentence)
    if limited and not is_verb(limited["whom"]):
        whom, age = inside(f"{limited['whom']} {limited['age']}")
        told = [t.key for t in terms(sentence)]  # others of them may be told of, too
        if age.kind == "number" and told.count(whom.key) == 1 and (
                whom.key in {t.key for t in asked.words}):
            return False
    return not (_NOW.search(asked.text) and _PAST.search(sentence))


def limited(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence says of some, or of a time, that something is free: "for members"."""
    if not _FREE.search(asked.text):
        return False
    if re.match(r"(?:is|are|was|were)\b|.*\bbe\s+free\b", asked.text, re.I) and (
            _FREE.search(sentence) and _IS_FREE.search(sentence) is None):
        return True  # "Members enter free"
    mine = {t.key for t in asked.terms}
    return any(not {t.key for t in inside(m["whom"])} & mine
               for pattern in (_FREE_FOR, _FOR_FREE) for m in pattern.finditer(sentence))


def reserved(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence says it of one alone that the question does not name: "Only Ada"."""
    match = re.search(r"\b[Oo]nly\s+((?:the\s+)?[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*)", sentence)
    if match is None or not asked.names:
        return False
    mine = {t.key for t in asked.names}
    return any(t.kind != "empty" and t.key not in mine for t in inside(match[1]))


def turned(asked: Asked, sentence: str) -> str | None:
    """Return the preposition that a sentence has where the question has its opposite, or None.

    "Can it be frozen after baking?" is not answered by "frozen before baking".
    """
    question = terms(_IN_FAVOUR.sub("for", asked.text))
    words = terms(_IN_FAVOUR.sub("for", sentence))
    for at, word in enumerate(question):
        other = _PAIRS.get(word.text.lower())
        following = [t for t in question[at + 1 :][:3] if t.kind != "empty"]
        if other is None or not following:
            continue
        like = {following[0].key} | alike(following[0].key)
        held = {words[i].text.lower() for i in range(len(words))
                if any(t.key in like for t in words[i + 1 : i + 4])}
        if other in held and word.text.lower() not in held:
            return other
    return None
