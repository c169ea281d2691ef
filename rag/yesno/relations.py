"""Whether a sentence has the things of a yes/no question in the same relation to each other.

"The bomb was under the car" does not say that it was in the car, "the rebels attacked the army"
not who attacked them, and "gas is cheaper than coal" not that coal is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from rag.language.opposites import opposite
from rag.language.terms import Term, terms
from rag.language.verbs import VERBS, is_past, is_verb
from rag.questions.intent import Asked
from rag.yesno.predicates import DETERMINERS, PREPOSITIONS, Predicate, same

_LINKS = PREPOSITIONS | frozenset(
    "behind inside outside within above below near beside beneath opposite across along around "
    "towards toward onto upon throughout past beyond despite".split())
# Prepositions of which one may be said for the other; the first, where nothing else is said.
_SAME_PLACE = [frozenset(row.split()) for row in (
    "in at inside within", "on onto upon", "near beside by", "beneath under below", "above over",
    "about on", "for of",
)]
_EQUAL = [frozenset(row.split()) for row in (
    "in at inside within into during throughout", "to into towards toward at in", "on at",
    "about on over", "of from in at", "by with of", "through via across over by along",
    "for of to towards", "after since from", "until to",
)] + _SAME_PLACE
_IS = re.compile(r"(?:is|are|was|were|am|will\b.*?\bbe|ha(?:s|ve|d)\b.*?\bbeen)\b", re.I)
_ADJECTIVE = ("able", "ible", "ful", "ous", "al", "ic", "ive", "less", "ed", "en", "ant", "ent")
_LYING = frozenset("placed put located situated based found born stands stand stood lies lay "
                   "lie comes come came remains remain remained stays stayed lives lived held kept "
                   "left sits sat hidden".split())
_PREDICATED = frozenset("is are was were be been not never remain remains remained stay "
                        "stays stayed".split())
_FAR = 4  # words between a preposition and the last of its noun
_TIMES = frozenset("monday tuesday wednesday thursday friday saturday sunday january february "
                   "march april may june july august september october november december weekend "
                   "week month year day night morning evening afternoon summer winter spring "
                   "autumn noon midnight".split())


def unrelated(asked: Asked, text: str, parts: Predicate) -> bool:
    """Tell whether a sentence has what a question names in another relation."""
    return (_elsewhere(asked, text) or _the_other_way(asked, text, parts)
            or _compared_otherwise(asked, text) or _nearer(asked, text, parts))


def of_the_subject(asked: Asked, parts: Predicate, term: Term) -> bool:
    """Tell whether a word of a question only tells which one its subject is: "the north gate"."""
    if parts.verb is not None and term.start >= parts.verb.start:
        return False
    after = next((t for t in terms(asked.text) if t.start >= term.end), None)
    return (after is not None and after.kind == "word") or (
        parts.verb is not None and not _IS.match(asked.text))


def _elsewhere(asked: Asked, text: str) -> bool:
    """Tell whether the last thing of a question stands behind another preposition in a sentence.

    Where the preposition is all that is said of the subject, "Was it in the car?", a sentence
    without it decides nothing.
    """
    words, here = terms(asked.text), terms(text)
    for i, word in enumerate(words):
        mine_too = linked(words, i) if word.kind == "name" else None
        named = [linked(here, j) for j, t in enumerate(here) if t.key == word.key]
        if mine_too and named and None not in named and not any(
                _may_be(mine_too, link, _EQUAL) for link in named):
            return True  # "the train from Oslo", "to Oslo"
    last = next((i for i in reversed(range(len(words))) if words[i].kind != "empty"), None)
    if last is None or words[last].kind == "number" or words[last].text.lower() in _TIMES:
        return False
    at = before(words, last)
    if at is None or at == 0:
        return False
    mine = words[at].text.lower()
    thing = words[last]
    theirs = [linked(here, j) for j, t in enumerate(here) if same(thing, {t.key})]
    if not theirs:
        return False
    if any(same(thing, {b.key}) and a.text.lower() in _PREDICATED for a, b in pairwise(here)):
        return False  # "Is the guard at the gate ill?": what is said of him, and not where
    said = [t for t in words[1:at] if t.kind != "empty"]
    if _IS.match(asked.text) and _only_placed(words, at):
        return not any(_may_be(mine, linked(here, j), _SAME_PLACE) and _lies(said[-1], here, j)
                       for j, t in enumerate(here) if same(thing, {t.key}))
    if any(_may_be(mine, link, _EQUAL) for link in theirs):
        return False
    if None in theirs:  # "The minister spoke to the president": to whom the other one spoke
        first = said[0] if said else None
        return first is not None and any(
            same(first, {t.key}) and linked(here, j) == mine for j, t in enumerate(here))
    return True


def _only_placed(words: Sequence[Term], at: int) -> bool:
    """Tell whether nothing but a preposition is said of a question's subject."""
    said = [t for t in words[1:at] if t.kind != "empty"]
    if not said or any(t.text.lower() in _LINKS for t in words[1:at]):
        return False
    if words[at].key == "of" or (words[0].key not in ("is", "are", "was", "were")
                                 and words[at - 1].key not in ("be", "been")):
        return False  # "Has the ban on fishing been lifted?"
    if len(said) == 1 or all(t.kind == "name" for t in said):
        return True
    final = said[-1]
    low = final.text.lower()
    return not (final.kind != "word" or low in VERBS or is_past(low) or low.endswith(_ADJECTIVE)
                or opposite(final.key))


def before(words: Sequence[Term], at: int) -> int | None:
    """Return where the preposition of a noun stands."""
    for back in range(at - 1, max(0, at - _FAR) - 1, -1):
        low = words[back].text.lower()
        if low in _LINKS:
            return back
        if low in DETERMINERS and words[back - 1].text.lower() not in _LINKS:
            return None
        if words[back].kind == "number" and words[back - 1].kind in ("word", "name"):
            return None  # "the rent for the boat | forty crowns"
        if low not in DETERMINERS and words[back].kind == "word" and is_verb(low):
            return None
        if words[back].kind == "empty" and low in ("and", "or", "than", "that", "is", "was"):
            return None
    return None


def linked(words: Sequence[Term], at: int) -> str | None:
    """Return the preposition that a noun stands behind, over what tells which one it is."""
    back = before(words, at)
    return None if back is None else words[back].text.lower()


def _lies(subject: Term, here: Sequence[Term], at: int) -> bool:
    """Tell whether no verb between a subject and a place says something else of the subject."""
    start = max((j + 1 for j in range(at) if same(subject, {here[j].key})), default=at)
    return not any(t.kind == "word" and t.text.lower() not in _LYING and (
        is_verb(t.text.lower()) or t.text.endswith("ed")) for t in here[start:at]
        if not same(subject, {t.key}))


def _may_be(one: str, other: str | None, rows: Sequence[Collection[str]]) -> bool:
    return one == other or any(one in row and other in row for row in rows)


def _the_other_way(asked: Asked, text: str, parts: Predicate) -> bool:
    """Tell whether a sentence has the one who does it where the question has whom it is done to."""
    pair = _actor(asked, parts)
    if pair is None:
        return False
    actor, other = pair
    here = terms(text)
    does = [j for j, t in enumerate(here) if same(actor, {t.key})]
    undergoes = [j for j, t in enumerate(here) if same(other, {t.key})]
    if not does or not undergoes:
        return False
    if any(linked(here, j) == "by" for j in does):
        return False
    if all(linked(here, j) == "by" for j in undergoes):
        return True
    return min(does) > max(undergoes) and linked(here, max(undergoes)) is None


def _actor(asked: Asked, parts: Predicate) -> tuple[Term, Term] | None:
    """Return who does what a question asks, and whom or what it is done to."""
    words = terms(asked.text)
    first = next((t for t in words[1:] if t.kind in ("word", "name")), None)
    if first is None:
        return None
    if re.match(r"(?:is|are|was|were|has|have|had|will)\b", asked.text, re.I):
        by = next((i for i, t in enumerate(words) if t.key == "by"), None)
        agent = next((t for t in words[by + 1 :] if t.kind != "empty"), None) if by else None
        if agent is not None and agent.kind != "number" and not agent.text.endswith("ing"):
            return agent, first
    if not re.match(r"(?:do|does|did|has|have|had|will|can|could|would)\b(?!.*\bbe(?:en)?\b)",
                    asked.text, re.I) or parts.verb is None:
        return None
    subject = next((t for t in words[1:] if t.kind in ("word", "name") and t.start < (
        parts.verb.start)), None)
    behind = [t for t in words if t.start >= parts.end]
    objects: list[Term] = []
    for term in behind:
        if term.text.lower() in _LINKS or term.text.lower() in ("to", "that"):
            break
        if term.kind in ("word", "name") and not term.text.endswith("ly"):
            objects.append(term)
    if subject is None or not objects:
        return None
    return parts.subject or subject, objects[-1]


def _compared_otherwise(asked: Asked, text: str) -> bool:
    """Tell whether a question compares two things and a sentence does not, or the other way."""
    words, here = terms(asked.text), terms(text)
    than = next((i for i, t in enumerate(words) if t.key == "than"), None)
    if than is None:
        return False
    measure = next((t for t in words[than + 1 :] if t.kind != "empty"), None)
    if measure is None or measure.kind == "number":
        return False
    places = [i for i, t in enumerate(here) if t.key == "than"]
    behind = {t.key for i in places for t in here[i + 1 : i + 1 + _FAR]}
    first = next((t for t in words[1:than] if t.kind != "empty"), None)
    ahead = {t.key for i in places for t in here[:i]}
    return not same(measure, behind) or (first is not None and not same(first, ahead))


def _nearer(asked: Asked, text: str, parts: Predicate) -> bool:
    """Tell whether the opposite of a question's verb stands nearer to its subject.

    "Exports fell as imports rose": of the exports it says that they fell.
    """
    if parts.verb is None:
        return False
    here = terms(text)
    verbs = [j for j, t in enumerate(here) if same(parts.verb, {t.key})]
    against = [j for j, t in enumerate(here) if t.key in opposite(parts.verb.key)]
    subject = [t for t in asked.terms if t.kind in ("word", "name") and t.end <= parts.verb.start]
    if not verbs or not against or not subject:
        return False
    return not any(_follows(here, j, verbs, against) for j, t in enumerate(here)
                   if same(subject[-1], {t.key}))


def _follows(here: Sequence[Term], at: int, verbs: Collection[int],
             against: Collection[int]) -> bool:
    behind = [j for j in (*verbs, *against) if j > at]
    return not behind or min(behind) in verbs or any(  # "opened in 1971 and closed in 2008"
        j > at and here[j - 1].text.lower() in ("and", "then", "later") for j in verbs)
