"""When and for how long: whether a time is the one that a question asks for.

An hour is no day, the day of a dateline is not when it happened, and "35 years old" is not how long
it took. Only words are compared.
"""

from __future__ import annotations

import re

from rag.articles.formats.bylines import BYLINE_WITH_DAY, DATELINE_WITH_DAY
from rag.evidence.signals import DATE
from rag.language.terms import keys
from rag.language.verbs import is_past
from rag.questions.intent import Asked

# "What day?" is not answered by an hour, nor "at what time?" by a day.
_ASKS_DAY = re.compile(
    r"\b(?:what|which)\s+(?:\w+\s+)?(?:day|date|month|year|decade|century)\b", re.I)
_ASKS_HOUR = re.compile(r"(?:\bat\s+|^)what\s+(?:exact\s+)?(?:time|hour)\b(?!\s+of\b)", re.I)
_HOUR = re.compile(
    r"\b(?:\d{1,2}[:.]\d\d|\d{1,2}\s?[ap]\.?m|o['’]clock|noon|midday|midnight|dawn|daybreak|dusk|"
    r"mornings?|afternoons?|evenings?|nights?|nightfall|sunrise|sunset|(?<!\ban )(?<!\bper )hours?|"
    r"minutes?|half|quarter|"
    r"past|after|before|when|as|while|during|shortly|early|late|at|by)\b", re.I)
_CLOCK = re.compile(
    r"(?:\b\d{1,2}(?:[:.]\d\d)?)?\s?(?:[ap]\.?m\b\.?|o['’]clock)|\b\d{1,2}[:.]\d\d\b", re.I)
# What asks about the article itself.
ABOUT_WRITING = re.compile(
    r"\b(?:article|report|published|reported|written|wrote|author|by-?line|journalist|reporter|dated|"
    r"dateline)\b", re.I)
_OLD = re.compile(r"years?\s+old\b", re.I)
_TIME = re.compile(r"\b(?:year|decade|month|week|day|centur(?:y|ie)|generation|season)s?\b", re.I)
_NEAR = 8  # characters behind a number in which its unit ends
_ASKS_AGE = re.compile(r"\b(?:old|age[sd]?|young)\b", re.I)
# "the largest purchase in four decades", "the first time in two years": no time that it took.
_MOST = (r"\b(?:first|last|only|most|least|best|"
         r"(?!(?:inter|for|prot|requ|arr|harv|hon|contr|manif|conqu|inqu)est\b)[a-z]{3,}est)\b")
_EVER = re.compile(rf"{_MOST}[^.;:]{{0,60}}?\bin\s+(?:(?:more|less)\s+than\s+|over\s+|about\s+|"
                   r"nearly\s+|almost\s+|some\s+|at\s+least\s+|the\s+(?:last|past)\s+)?\Z", re.I)
_ASKS_MOST = re.compile(rf"{_MOST}|\b(?:since|ago|before|ha[dsv]e?)\b", re.I)
# "voted in April to end it": when it was voted, not when it ended.
_TO = re.compile(r"\s*,?\s+to\s+(?:\w+ly\s+)?([a-z]+)\b")
_WHEN_WILL = re.compile(r"when\s+will\b", re.I)
_AHEAD = re.compile(
    r"\b(?:will|would|shall|to|next|due|plan\w*|expect\w*|schedul\w*|until|set|going|may|could|"
    r"tomorrow|begins?|starts?|opens?|ends?|takes?|comes?|runs?|is|are|(?:for|from|by)\s+(?:the\s+)?"
    r"(?:(?-i:[A-Z\d])|mid|early|late|end))\b", re.I)
_IN_YEAR = re.compile(r"\b(?:in|of|for|during)\s+((?:1[5-9]|20)\d\d)\b", re.I)
_YEAR_BESIDE = re.compile(r"\b(?:last|this|next)\s+year\b", re.I)
_RANK = re.compile(r"\b(first|second|third|fourth|fifth|sixth|last)\b(?!-)", re.I)
_RANK_ALONE = re.compile(rf"\bthe\s+{_RANK.pattern}\s+(?=(?:in|on|at|by|to|for|from)\b)", re.I)
_BESIDE = re.compile(r"\b(?:after|since|before|other|next)\b", re.I)


def fine_enough(question: str, text: str) -> bool:
    """Tell whether a time answers a question for a day, or for an hour, by the words of both.

    >>> fine_enough("What day was he dismissed?", "11 am"), fine_enough("At what time?", "Friday")
    (False, False)
    """
    if _ASKS_DAY.search(question):
        rest = _CLOCK.sub(" ", text)
        return rest == text or bool(DATE.search(rest))
    return not _ASKS_HOUR.search(question) or bool(_HOUR.search(text))


def of_dateline(asked: Asked, passage: str, at: int) -> bool:
    """Tell whether a span is the day on which a report was written, and not one that it tells."""
    line = passage.rfind("\n", 0, at) + 1
    match = DATELINE_WITH_DAY.match(passage, line) or BYLINE_WITH_DAY.match(passage, line)
    return match is not None and at < match.end() and not ABOUT_WRITING.search(asked.text)


def of_another_rank(question: str, passage: str, first: int, at: int, last: int) -> bool:
    """Tell whether a span is told of the second of which the sentence tells the first, too.

    >>> text = "The first ship comes in May and the second in June."
    >>> of_another_rank("When does the first ship come?", text, 0, text.index("June"), len(text))
    True
    """
    asked = {m[1].lower() for m in _RANK.finditer(question)}
    told = {m[1].lower() for m in _RANK.finditer(passage, first, last)}
    before = [m[1].lower() for m in _RANK_ALONE.finditer(passage, first, at)]
    return (len(asked) == 1 and asked < told and bool(before) and before[-1] not in asked
            and not _BESIDE.search(question))


def of_another_act(asked: Asked, sentence: str, start: int, end: int) -> bool:
    """Tell whether a time is not of what is asked about, by the words around it.

    "They voted in April to end it" does not tell when it ended, nor "rose last year" how much it
    rose in 2019.
    """
    if _WHEN_WILL.match(asked.text) and not _AHEAD.search(sentence) and any(
            is_past(word) for word in re.findall(r"[a-z]+", sentence)):
        return True  # "passed a law in 2024" is not when it will be in force
    years = set(_IN_YEAR.findall(asked.text))
    if years and _YEAR_BESIDE.search(sentence) and not any(year in sentence for year in years):
        return True
    purpose = _TO.match(sentence, end) if asked.wanted == "date" else None
    if purpose is None:
        return False
    mine, clause = keys(asked.text), sentence[sentence.rfind(",", 0, start) + 1 : start]
    return bool(keys(purpose[1]) & mine) and not keys(clause) & mine


def of_an_age(asked: Asked, passage: str, first: int, at: int, text: str) -> bool:
    """Tell whether a time is an age, "35 years old", or the span that something is the first of."""
    unit = _TIME.search(passage, at, at + len(text) + _NEAR)
    if unit is None:
        return False
    if _OLD.match(passage, unit.start()) and not _ASKS_AGE.search(asked.text):
        return True
    return not _ASKS_MOST.search(asked.text) and bool(_EVER.search(passage[first:at]))
