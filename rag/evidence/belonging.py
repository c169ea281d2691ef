"""Whose it is: what is told of Greece is not Romania's, nor is the army's delegation the rebels'.

A reader is drawn to a sentence that has the noun of a question, whoever it belongs to there. Only
sentences that have nothing of the question's owner and do have another one are told apart.
"""

from __future__ import annotations

import re

from rag.language.demonyms import country
from rag.language.terms import Term, keys, keys_inside, terms
from rag.questions.intent import Asked
from rag.questions.wanted import EXACT

_NAME = r"(?:the\s+)?(?P<name>[A-Z][\w’-]*)"
# Whose number or amount it is: "How many Greek soldiers", "How many jets does Greece have?"
_COUNTED = re.compile(rf"[Hh]ow\s+(?:many|much)\s+{_NAME}\s+[a-z]+\s")
_OWNED = re.compile(
    rf"[Hh]ow\s+(?:many|much)\b.*\b(?:did|does|do|will|would|has|have|had|can)\s+{_NAME}")
_THEIRS = re.compile(r"\d+\s+(?:[a-z]+\s+)?(?:from\s+)?(?:the\s+)?(?P<name>[A-Z][\w’-]*)")
_IN = re.compile(rf"\bin\s+{_NAME}")
_WHERE = re.compile(rf"{_IN.pattern}\s*\?*\Z")
_EXECUTIVE = re.compile(r"\bchief\s+executive\b|\bCEO\b|\bboss\b")
_OFFICER = re.compile(r"\bchief\s+(?!executive)\w+\s+officer\b", re.I)
_FULL = r"[A-Z][a-z’'-]+(?:\s+[A-Z][a-z’'-]+)+"
_PERSON_DID = re.compile(rf"\b(?:did|does|was|is|has|will|had|were)\s+(?P<who>{_FULL})\s+[a-z]+")
_SOMEBODY_DID = re.compile(
    rf"{_FULL},?\s+(?:[^,]{{0,40}},\s+)?(?:was|is|has|had|[a-z]+ed)\b")
_HE = re.compile(r"\b(?:he|she|they|his|her|their|him|who|whose|it|its)\b", re.I)
_THING = re.compile(
    r"The\s+(?:[a-z]+\s+)?(?P<noun>vessel|ship|ferry|boat|yacht|plane|aircraft|jet|train|car|"
    r"bridge|tower|building|company|firm)(?=,|\s+[a-z]+(?:\s|ed\b))")
_OPENED = re.compile(r"(?:The\s+)?(?:[A-Z][\w’'-]*\s+)+(?:is|was|had|has|were|will|[a-z]+ed|"
                     r"[a-z]+s|left|sank|ran|came|made)\b")
_BREAK = re.compile(r"(?<=[.!?”\"])\s+|\n")
_NEAR = 400  # characters before a sentence in which the one before it begins
_NUMBERED = re.compile(
    r"\b(?:act|article|block|bus|chapter|clause|flight|gate|hall|highway|house|lane|line|lot|phase|"
    r"platform|reactor|room|route|section|stage|terminal|track|tram|unit|ward|zone)\s\d+\b", re.I)
_TRADES = keys("doctors nurses soldiers porters teachers pilots drivers firefighters miners "
               "farmers judges lawyers priests sailors engineers journalists civilians "
               "peacekeepers fishermen")
_GROUPS = (r"(?:delegation|team|party|army|force|side|government|company|firm|union|movement|"
           r"alliance|group|militia|mission|club|bank|council|committee)")
# "Who leads the rebel delegation?", "the head of the Greens"
_LEADS = re.compile(
    rf"who\s+(?:is\s+)?(?:lead|led|head|command|chair|run|ran)\w*\s+(?:the|an?)\s+(?P<whose>.+?)\s+"
    rf"(?P<group>{_GROUPS})\s*\?*\Z", re.I)
_HOLDS = re.compile(
    r"who\s+(?:is|was)\s+(?:the\s+)?(?P<office>leader|head|chief|chair\w*|president|founder|director)"
    r"\s+of\s+(?:the\s+)?(?P<whose>(?-i:[A-Z])[^?]*?)\s*\?*\Z", re.I)


def of_another_country(asked: Asked, sentence: str, start: int) -> bool:
    """Tell whether a sentence names only another country than the one whose it is asked.

    "Greece will station four F-16s" does not tell how many Romania has, nor "100,000 people in the
    UK" how many in Denmark. Of 37,558 annotated answers that rules out those to one question.

    Args:
        asked: The question.
        sentence: The sentence of a span.
        start: First character of the span in it.
    """
    words = terms(sentence)
    told = _lands(words)
    owned = _OWNED.match(asked.text)
    mine = _land(owned["name"]) if owned else None
    if mine is not None and mine not in told:
        first = next((t for t in words if t.text[0].isupper() and t.kind != "empty"), None)
        if first is not None and first.end < start and _land(first.text):
            return True
    counted = _COUNTED.match(asked.text)
    mine = _land(counted["name"]) if counted else None
    if mine is not None and mine not in told and any(
            _land(m["name"]) for m in _THEIRS.finditer(sentence)):
        return True
    place = _WHERE.search(asked.text)
    land = _land(place["name"]) if place else None
    return (land is not None and land not in told
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


def of_another_holder(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence has another chief officer than the chief executive asked for."""
    return (_EXECUTIVE.search(asked.text) is not None and _OFFICER.search(sentence) is not None
            and not _EXECUTIVE.search(sentence))


def of_another_person(asked: Asked, sentence: str, start: int) -> bool:
    """Tell whether a sentence has somebody else, by first and last name, do what is asked of one.

    "Carl Dorn was jailed for eight years" does not tell for how long Ann Bell was. Of 37,558
    annotated answers that rules out three.

    Args:
        asked: The question.
        sentence: The sentence of a span.
        start: First character of the span in it.
    """
    match = _PERSON_DID.search(asked.text) if asked.wanted in EXACT else None
    before = sentence[:start]
    return (match is not None and _SOMEBODY_DID.search(before) is not None
            and not _HE.search(before) and not keys_inside(match["who"]) & keys_inside(sentence))


def of_another_thing(asked: Asked, passage: str, start: int, end: int) -> bool:
    """Tell whether "The vessel" that a sentence begins with is the ship of the sentence before.

    "The Marlin left at noon. The vessel was built in 1987" does not tell when the Petrel was built.

    Args:
        asked: The question.
        passage: The words of the passage.
        start: First character of the sentence in it.
        end: One past its last.
    """
    thing = _THING.match(passage, start, end)
    mine = {t.key for t in asked.names if not t.text.isupper()}
    if thing is None or not mine or keys(thing["noun"]) & {t.key for t in asked.terms}:
        return False
    before = _BREAK.split(passage[max(0, start - _NEAR) : start].rstrip(" "))[-1]
    opened = _OPENED.match(before)
    return opened is not None and not mine & (
        keys_inside(before) | keys_inside(passage[start:end]))


def of_another_line(asked: Asked, passage: str) -> bool:
    """Tell whether a passage is about Line 4 and not about the Line 2 that a question names.

    Args:
        asked: The question.
        passage: The words of the passage up to the end of the span's sentence.
    """
    mine = set(map(str.lower, _NUMBERED.findall(asked.text)))
    told = set(map(str.lower, _NUMBERED.findall(passage))) if mine else set()
    kinds = {one.split()[0] for one in mine}
    return not mine & told and any(one.split()[0] in kinds for one in told)


def of_another_trade(asked: Asked, sentence: str) -> bool:
    """Tell whether a figure is of nurses where it is asked of doctors.

    Only trades that nobody calls by another's name are told apart.
    """
    mine = keys(asked.text) & _TRADES if asked.wanted in ("number", "money") else set()
    told = keys(sentence) & _TRADES if mine else set()
    return bool(told) and not mine & told


def _land(name: str) -> str | None:
    return country(name.lower().replace(".", ""))


def _lands(words: tuple[Term, ...]) -> set[str]:
    named = (_land(t.text) for t in words if t.text[0].isupper())
    return {land for land in named if land is not None}
