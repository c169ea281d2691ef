"""Whether a question has one right answer, so that two different ones cannot both be right."""

from __future__ import annotations

import re

from rag.questions.intent import Asked

# Acts that one person or thing does, and offices that one person holds: the answer is single.
_SOLE = re.compile(
    r"\b(?:win|wins|won|winner|winning|leads?|leading|led|leader|heads?|headed|mayor|president|"
    r"minister|governor|chair\w*|director|chief|boss|ceo|coach|manager|captain|owner|owns?|owned|"
    r"author|wrote|written|painted|designed|architect|directed|composed|invented|discovered|"
    r"succeed\w*|replac\w+|took\s+over|appointed|elected|named|first|fastest|largest|biggest|"
    r"oldest|youngest|longest|highest|tallest|deepest|smallest|top|main|built|builds|maker|makes|"
    r"scored|goal|champion|editor|head|headteacher|principal|spokes\w+|judge|pilot|driver|driving|"
    r"drove|bought|buy|buyer|acquir\w+|founder|founded|sponsor|opened|opens|unveiled|found|set|"
    r"holds?|held|beat|defeated|designer|killed|shot|daughter|son|wife|husband|father|mother|"
    r"name|called|caused?|started|organi[sz]\w*|runs?|ran|supplied|supplies|donated|gave|paid|"
    r"sold|piloted|conduct\w*|presented|commission\w*|hosted?|hosts|venue|capital|"
    r"headquarter\w*|based|born|died|took\s+place|held|crash\w*|opened|launched|land\w*)\b",
    re.IGNORECASE)
# "What is the interest rate of ...": there is one.
_DEFINITE = re.compile(r"what(?:['’]s|\s+is|\s+was|\s+will\s+be)\s+the\s+\w+", re.IGNORECASE)
# An age at what has been: it is in years, and it does not grow from one report to the next.
_AGE_THEN = re.compile(
    r"\s*(?:how\s+old\s+(?:was|were)\b|(?:at\s+)?what\s+age\s+(?:did|was|were)\b|"
    r"what\s+(?:was|were)\s+the\s+ages?\s+of\b)", re.IGNORECASE)
# Questions that ask for one of several, or for opinions: different answers add up.
_OPEN = re.compile(
    r"\b(?:some|examples?|one\s+of|any\s+of|kinds?\s+of|sorts?\s+of|types?\s+of|else|said|says?|"
    r"thinks?|believes?|criticis\w+|praised?|support\w*|oppos\w+|attend\w*|took\s+part|helped|"
    r"accus\w+|welcomed|warned|besides|other\s+than|involved|affected)\b", re.IGNORECASE)


def single(asked: Asked) -> bool:
    """Tell whether a question has one right answer.

    Numbers, sums, durations, dates and yes or no always have; people, places and things only
    where the words name an office, an act of one, or a superlative; lists, reasons and
    descriptions never.

    >>> from rag.questions.intent import analyse
    >>> single(analyse("How many people died?")), single(analyse("Who won the race?"))
    (True, True)
    >>> single(analyse("Which countries took part?")), single(analyse("Who praised the plan?"))
    (False, False)
    """
    if asked.kind == "yesno":
        return True
    if asked.wanted in ("number", "money", "duration") and asked.kind in ("fact", "list"):
        return True
    if asked.kind != "fact" or asked.wanted == "reason":
        return False
    if asked.wanted == "date":
        return True
    if _OPEN.search(asked.text):
        return False
    if asked.wanted == "place":
        return True
    return bool(_SOLE.search(asked.text) or _DEFINITE.match(asked.text))


def asks_past_age(asked: Asked) -> bool:
    """Tell whether a question asks how old somebody was.

    >>> from rag.questions.intent import analyse
    >>> asks_past_age(analyse("How old was she when she died?")), asks_past_age(
    ...     analyse("How many people over the age of 65 died?"))
    (True, False)
    """
    return _AGE_THEN.match(asked.text) is not None
