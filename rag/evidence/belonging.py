"""Whose it is: what is told of Greece is not Romania's, nor is the army's delegation the rebels'.

A reader is drawn to a sentence that has the noun of a question, whoever it belongs to there. Only
sentences that have nothing of the question's owner and do have another one are told apart.
"""

from __future__ import annotations

import re

from rag.language.demonyms import country
from rag.language.terms import Term, keys, keys_inside, terms
from rag.questions.intent import Asked

_NAME = r"(?:the\s+)?(?P<name>[A-Z][\w’-]*)"
# Whose number or amount it is: "How many Greek soldiers", "How many jets does Greece have?"
_COUNTED = re.compile(rf"[Hh]ow\s+(?:many|much)\s+{_NAME}\s+[a-z]+\s")
_OWNED = re.compile(
    rf"[Hh]ow\s+(?:many|much)\b.*\b(?:did|does|do|will|would|has|have|had|can)\s+{_NAME}")
_IN = re.compile(rf"\bin\s+{_NAME}")
_WHERE = re.compile(rf"{_IN.pattern}\s*\?*\Z")
_GROUPS = (r"(?:delegation|team|party|army|force|side|government|company|firm|union|movement|"
           r"alliance|group|militia|mission|club|bank|council|committee)")
# "Who leads the rebel delegation?", "the head of the Greens"
_LEADS = re.compile(
    rf"who\s+(?:is\s+)?(?:lead|led|head|command|chair|run|ran)\w*\s+(?:the|an?)\s+(?P<whose>.+?)\s+"
    rf"(?P<group>{_GROUPS})\s*\?*\Z", re.I)
_HOLDS = re.compile(
    r"who\s+(?:is|was)\s+(?:the\s+)?(?P<office>leader|head|chief|chair\w*|president|founder|director)"
    r"\s+of\s+(?:the\s+)?(?P<whose>(?-i:[A-Z])[^?]*?)\s*\?*\Z", re.I)


def of_another_country(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence names only another country than the one whose it is asked.

    "Greece will station four F-16s" does not tell how many Romania has, nor "100,000 people in the
    UK" how many in Denmark. Of 37,558 annotated answers that rules out those to one question.

    Args:
        asked: The question.
        sentence: The sentence of a span.
    """
    owners = (_COUNTED.match(asked.text), _OWNED.match(asked.text))
    mine = {land for match in owners if match and (land := _land(match["name"]))}
    if mine:
        told = _lands(terms(sentence))
        return bool(told) and not mine & told
    place = _WHERE.search(asked.text)
    land = _land(place["name"]) if place else None
    return (land is not None and land not in _lands(terms(sentence))
            and any(_land(m["name"]) for m in _IN.finditer(sentence)))


def of_another_group(asked: Asked, sentence: str) -> bool:
    """Tell whether the group of a sentence, or its leader, is another's than the question's.

    "The army's delegation was led by" does not tell who leads the rebels', nor "PUP leader Ann
    Bell" who leads the Green Alliance.
    """
    present = keys_inside(sentence)
    if match := _LEADS.match(asked.text):
        owners = [m[1] for m in re.finditer(
            rf"\b([\w-]+)['’]s?\s+(?:[\w-]+\s+){{0,2}}?{match['group']}\b", sentence, re.I)]
    elif match := _HOLDS.match(asked.text):
        owners = [m[1] for m in re.finditer(
            rf"\b([A-Z]{{2,6}})(?:['’]s)?\s+{match['office']}\b", sentence)]
    else:
        return False
    whose = keys_inside(match["whose"])
    initials = "".join(w[0] for w in re.findall(r"[A-Z]\w*", match["whose"]))
    return bool(owners) and not whose & present and not any(
        keys(one) & whose or one == initials for one in owners)


def _land(name: str) -> str | None:
    return country(name.lower().replace(".", ""))


def _lands(words: tuple[Term, ...]) -> set[str]:
    named = (_land(t.text) for t in words if t.text[0].isupper())
    return {land for land in named if land is not None}
