"""Whether a later article supersedes an earlier one: running stories, offices, corrections."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from rag.compare.asked import asks_past_age
from rag.compare.events import fates
from rag.compare.numbers import quantities
from rag.compare.values import Claim, Side, quantity_of
from rag.questions.intent import Asked

# Words by which an article tells that its number moves on, or that it sets an earlier one right.
_MOVED = re.compile(
    r"\b(?:now|so\s+far|ris(?:es|en|ing)|rose|climb\w*|grown|grew|increas\w*|fell|fallen|dropped|"
    r"revis\w*|updat\w*|latest|as\s+of|toll|by\s+(?:monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday|evening|nightfall|\d)|total\s+(?:to|now)|brings?|bringing|brought|up\s+from|"
    r"down\s+from|postponed|rescheduled|delayed|moved|brought\s+forward|pushed|"
    r"changed|succeed\w*|replac\w*|took\s+over|takes\s+over|stepp?\w*\s+down|resign\w*|no\s+longer|"
    r"(?:is|as|has\s+a|names?|chooses?)\s+(?:the\s+|its\s+|a\s+)?new|raised|lowered|cut\s+to|"
    r"instead|still|recount\w*|correct(?:s|ed|ion))\b",
    re.IGNORECASE)
# The same, so plainly that no day of publication is needed.
_RISEN = re.compile(
    r"\b(?:risen|rises|rose|climbed|climbs|grown|grew|jumped|fallen|fell|dropped)\s+to\b|"
    r"\bnow\s+stands?\s+at\b|\b(?:a|the)\s+(?:corrected|revised|updated)\b", re.IGNORECASE)
# A story whose numbers run on from day to day.
_RUNNING = re.compile(
    r"\b(?:killed|died|dead|deaths?|toll|injured|wounded|hurt|missing|arrested|detained|evacuated|"
    r"displaced|homeless|rescued|infected|cases|raised|donated|collected|signed|signatures|counted|"
    r"confirmed|recovered|arrived|registered|vaccinated|burned|burnt|destroyed|damaged|"
    r"without\s+power|so\s+far|flooded|hospitali[sz]ed)\b",
    re.IGNORECASE)
# Questions that ask themselves for the latest of several: "the new date", "now that it is late".
_LATEST = re.compile(
    r"\b(?:latest|newest|most\s+recent|current|currently|now\s+(?:that|planned|expected|due|put|"
    r"scheduled)|as\s+things\s+stand|these\s+days|at\s+present|new\s+(?:date|day|deadline|time|"
    r"price|cost|estimate|total|toll|figure|plan|target))\b", re.IGNORECASE)
# Longest time between two reports of one running story.
_STORY = dt.timedelta(days=45)
# Reports that far apart count each its own event: the newer is the answer, the older "earlier".
_SEASON = dt.timedelta(days=150)


def superseded(asked: Asked, made: Sequence[Side]) -> str:
    """Why the newest side supersedes the others; empty when they are at odds."""
    newest, *older = made
    if not any(s.published for s in made) and moved_on(newest.claims[0]) and not any(
            moved_on(c) for side in older for c in side.claims):
        return f"{newest.claims[0].article} tells that it has changed"
    if all(_corrects(newest, side) for side in older):
        return f"{newest.claims[0].article} says that {older[0].text} is wrong"
    for side in older:
        days = [s.published for s in (newest, side)]
        if days[0] is None or days[1] is None or days[0] == days[1]:
            return ""
        first_said = min((c.published for c in newest.claims if c.published), default=days[0])
        if first_said <= days[1]:
            return ""
        if _LATEST.search(asked.text):
            continue
        apart = days[0] - days[1]
        claim = newest.claims[0]
        told = f"{claim.title}\n{claim.sentence}"
        names = _names(f"{asked.text}\n{claim.sentence}")
        running = _says(_RUNNING, f"{asked.text} {claim.sentence}", names) or fates(asked.text)
        grows = not asks_past_age(asked)
        counted = asked.wanted in ("number", "money") and grows
        if counted and running and apart <= _STORY:
            continue
        if grows and _says(_MOVED, told, names) and (asked.wanted != "date" or _rescheduled(told)):
            continue
        if apart >= _SEASON and (asked.wanted in ("number", "money") or _holds(asked)) and (
                not _lasting(asked)):
            continue
        return ""
    return f"the article of {newest.published} supersedes what was earlier"


def moved_on(claim: Claim) -> bool:
    """Tell whether a sentence says itself that its number is a later one: "has risen to 31".

    >>> moved_on(Claim("31", "The toll has risen to 31.", "a"))
    True
    """
    return _RISEN.search(claim.sentence) is not None


# A capital that does not begin a sentence.
_INNER_CAPITAL = re.compile(r"(?<=[^.!?:“”\"\s]\s)[A-Z][\w’'-]+")


def _names(text: str) -> frozenset[str]:
    return frozenset(_INNER_CAPITAL.findall(text))


def _says(pattern: re.Pattern[str], text: str, names: frozenset[str]) -> bool:
    """Whether a pattern's words stand in a text other than in a name: the ship "Alma Rose"."""
    return any(names.isdisjoint(match[0].split()) for match in pattern.finditer(text))


_INSTEAD = re.compile(r"\b(?:not|rather\s+than|instead\s+of)\s+(.{1,40})")


def _corrects(side: Side, other: Side) -> bool:
    """Whether a side says itself that another's answer is wrong: "nineteen, not eleven"."""
    quantity = quantity_of(other.claims[0])
    for claim in side.claims:
        for match in _INSTEAD.finditer(claim.sentence):
            read = quantities(match[1])
            if other.text.casefold() in match[1].casefold() or (
                    quantity and read and read[0].value == quantity.value):
                return True
    return False


def _rescheduled(text: str) -> bool:
    return bool(re.search(r"\b(?:postponed|rescheduled|delayed|moved|brought\s+forward|pushed|"
                          r"changed|instead|new\s+date)\b", text, re.IGNORECASE))


_MEASURE = re.compile(
    r"\bhow\s+(?:long|tall|high|wide|deep|far|big|large|heavy)\b|\b(?:length|height|distance|"
    r"width|depth|size|area)\b", re.IGNORECASE)


def _lasting(asked: Asked) -> bool:
    """Whether a number is of a thing that does not change: a length, an age at death."""
    return bool(_MEASURE.search(asked.text)) or asks_past_age(asked)


def _holds(asked: Asked) -> bool:
    """Whether the question is of an office or a title that passes on."""
    return bool(re.search(r"\bwho(?:m|se)?\b.*\b(?:is|leads|heads|runs|owns|holds|chairs|coaches|"
                          r"manages|mayor|president|minister|director|champion|winner|won)\b",
                          asked.text, re.IGNORECASE))
