"""Whether a sentence has what a yes/no question names in the place where the question has it.

A sentence may hold all words of a question and say them of others: "the mayor held a meeting at the
dam" of whether the dam held, "fees were raised and wages cut" of whether fees were cut.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Sequence

from rag.language.opposites import alike, opposite
from rag.language.terms import Term, inside, terms
from rag.language.verbs import is_past
from rag.questions.intent import AUXILIARY, Asked
from rag.yesno.predicates import (
    ADVERBS,
    DETERMINERS,
    INNER,
    PREPOSITIONS,
    Predicate,
    predicate,
    same,
    told,
)

# "May" is too often the verb.
_DAYS = frozenset(name.lower() for name in (*calendar.day_name, *calendar.month_name)) - {"", "may"}
_PIECES = re.compile(r"[;,:]\s+|\s+(?:and|but|or|while|whereas|then|before|after)\s+")


def rival(asked: Asked, term: Term, text: str) -> bool:
    """Tell whether a sentence has another word behind the preposition of one of the question.

    "Tickets for May are refunded" tells nothing of tickets for June.
    """
    words = terms(asked.text)
    at = next((i for i, t in enumerate(words) if t.start == term.start), 0)
    before = next((t for t in reversed(words[:at]) if t.text.lower() in PREPOSITIONS), None)
    if before is None:
        return False
    mine = {t.key for t in asked.terms}
    here = terms(text)
    for i, word in enumerate(here):
        if word.text.lower() != before.text.lower():
            continue
        behind = [t for t in here[i + 1 : i + 5] if t.kind != "empty"][:1]
        if behind and behind[0].key not in mine and not alike(behind[0].key) & mine:
            return True
    return False


def moved(asked: Asked, text: str) -> bool:
    """Tell whether a name or day of the question stands in a sentence in another relation.

    "It belongs to A, which bought it from B" does not say that it belongs to B, nor "the fire of
    Friday was put out on Sunday" that it was on Friday.
    """
    words, here = terms(asked.text), terms(text)
    for i, word in enumerate(words):
        if word.kind != "name" and not (word.kind == "number" and len(word.text) == 4):
            continue
        link = _link(words, i)
        theirs = [_link(here, j) for j, t in enumerate(here) if t.key == word.key]
        if link is None or not theirs or link in theirs or None in theirs:
            continue
        if any(t.kind == word.kind and t.key != word.key and _link(here, j) == link
               for j, t in enumerate(here)):
            return True
    days = [t.key for t in here if t.text.lower().rstrip("s") in _DAYS]
    asked_for = [t.key for t in asked.terms if t.text.lower().rstrip("s") in _DAYS]
    linked = any(t.key in asked_for and _link(words, i) for i, t in enumerate(words))
    if len(asked_for) == 1 and linked and len(set(days)) > 1 and asked_for[0] in days:
        verb = predicate(asked).verb
        places = [i for i, t in enumerate(here) if verb is not None and told(verb, {t.key})]
        where = {key: min((abs(i - p) + (i < p) for p in places), default=0)
                 for i, t in enumerate(here) if (key := t.key) in days}
        return bool(places) and where[asked_for[0]] > min(where.values())
    return False


def _link(words: Sequence[Term], at: int) -> str | None:
    """Return the preposition that a word stands behind: "to", of "to the Holt family"."""
    for back in reversed(words[max(0, at - 4) : at]):
        low = back.text.lower()
        if low in PREPOSITIONS:
            return low
        if low not in DETERMINERS and back.kind not in ("name", "number"):
            return None
    return None


def misplaced(asked: Asked, text: str, parts: Predicate) -> bool:
    """Tell whether a sentence has the question's verb where it is not said of the subject.

    "The mayor held a meeting at the dam" does not say that the dam held, nor "a plan by the firm
    that approved it" who else approved it.
    """
    if parts.verb is None:
        return False
    words = terms(text)
    verbs = [i for i, t in enumerate(words) if same(parts.verb, {t.key})]
    verbs = verbs or [i for i, t in enumerate(words) if told(parts.verb, {t.key})]
    if not verbs:
        return False
    mine = {t.key for t in asked.terms}
    mine |= {other for key in mine for other in alike(key)}
    if all(_of_another(words, i, mine) for i in verbs):
        return True
    if parts.subject is None:
        return False
    subjects = [i for i, t in enumerate(words) if same(parts.subject, {t.key})]
    if not subjects or min(subjects) < max(verbs):
        return False
    last = max(verbs)
    noun = {t.text.lower() for t in words[max(0, last - 2) : last]} & DETERMINERS
    if noun and words[last + 1].text.lower() in ("in", "of"):
        return False  # "a rise in prices"
    agent = any(t.text.lower() == "by" for t in words[last : min(subjects)])
    return agent != _acts(asked)


def _acts(asked: Asked) -> bool:
    """Tell whether a question asks what its subject does, not what it is or undergoes."""
    return re.match(r"(?:do|does|did|will|can|has|have|had)\b(?!.*\bbe(?:en)?\b)",
                    asked.text, re.I) is not None


def _of_another(words: Sequence[Term], at: int, mine: Collection[str]) -> bool:
    """Tell whether a verb stands in a relative clause of a noun that is not the question's."""
    back = at - 1
    while back > 0 and (words[back].text.lower() in AUXILIARY or words[back].text.endswith("ly")
                        or words[back].text.lower() in INNER | ADVERBS | {"not", "never"}):
        back -= 1
    if back < 1 or words[back].text.lower() not in ("who", "which", "that"):
        return False
    noun = words[back - 1]
    return noun.kind != "empty" and noun.key not in mine


def both_ways(asked: Asked, text: str, parts: Predicate) -> bool:
    """Tell whether another verb of a sentence has what the question has behind its verb.

    "They raised fees and cut wages" says that something was cut, but not fees.
    """
    verb = parts.verb
    if verb is None:
        return False
    pieces = [inside(piece) for piece in _PIECES.split(text)]
    mine = [(piece, i) for piece in pieces for i, t in enumerate(piece) if same(verb, {t.key})]
    others = {t.key for t in asked.terms if t.key != verb.key}
    for piece in pieces:
        if not piece or any(same(verb, {t.key}) for t in piece):
            continue
        at = next((i for i, t in enumerate(piece) if t.key in opposite(verb.key)), None)
        full = [held for held, i in mine if any(t.kind != "empty" for t in held[i + 1 :])]
        if at is None and _acts(asked) and len(full) == len(mine):  # "and blamed the butler"
            at = next((i for i, t in enumerate(piece) if _is_past(t)), None)
        if at is None:
            continue
        theirs = others & {t.key for t in piece[at + 1 :]}
        if mine and not any(theirs <= {t.key for t in held} for held, _ in mine):
            return True
    return False


def _is_past(word: Term) -> bool:
    return word.kind == "word" and is_past(word.text)
