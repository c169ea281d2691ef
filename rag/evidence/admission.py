"""Whether a span may answer at all: what its form, or its sentence, rules out.

A reader is drawn to words that fit in all but one thing: the day of a dateline where a count is
asked for, "the former mayor" for the mayor, what will be for what was. Such spans are not weighed.
Of 37,554 annotated answers of public sets and our own 521 are ruled out.
"""

from __future__ import annotations

import re

from rag.articles.formats.bylines import BYLINE
from rag.articles.quotes import sentences_within
from rag.compare.dates import MONTH_NAMES
from rag.evidence.belonging import (
    of_another_country,
    of_another_group,
    of_another_holder,
    of_another_line,
    of_another_person,
    of_another_thing,
    of_another_trade,
)
from rag.evidence.clauses import CAME_OF_IT
from rag.evidence.contrary import says_otherwise
from rag.evidence.figures import another_figure, another_sum
from rag.evidence.groups import echoes
from rag.evidence.moments import (
    ABOUT_WRITING,
    fine_enough,
    of_an_age,
    of_another_act,
    of_another_rank,
    of_dateline,
)
from rag.evidence.offices import of_another_office
from rag.evidence.reference import of_somebody_else
from rag.evidence.roles import turned_round
from rag.evidence.signals import fits
from rag.evidence.speakers import of_another_speaker
from rag.language.terms import inside, is_month, keys, keys_inside, terms
from rag.language.verbs import is_past
from rag.questions.intent import Asked
from rag.types import Candidate

# Types that an answer has or has not.
_TYPED = ("number", "money", "duration", "date")
_NAMING = re.compile(r"\b(?:what|which)\s+(?:[\w-]+\s+){0,3}?number\b", re.I)
_MONEY = re.compile(r"[$€£¥₦₹]")
_COUNTS = re.compile(r"\bhow\s+(?:many|old|much)\b", re.I)
_BARE = re.compile(r"\d[\d,.]*")
_CALENDAR = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{MONTH_NAMES})\.?(?:\s+\d{{1,2}}(?:st|nd|rd|th)?,?)?"
    r"\s+(?:19|20)\d\d", re.I)
_BEFORE = re.compile(r"([^\W\d_][\w’'.]*)[ \u00a0-]\Z")
_NEXT = re.compile(r"[ \u00a0]([a-z][\w’'-]*)")
_OFFERED = re.compile(r"[,:]\s*(?:the\s+)?([^,:?]{2,40}?)\s+or\s+([^,:?]{2,40}?)\s*\?*\Z|"
                      r"\A(?i:is|are|was|were|do|does|did|has|have|will|can)\s.*?\b([\w-]+)\s+or\s+"
                      r"(?:(?:in|for|by|at|on|to|with)\s+)?(?:the\s+)?([\w-]+)\s*\?*\Z")
_NOBODY = frozenset("he she they it him her them".split())  # somebody named elsewhere
# "Niamey airport" is not the name of the plane that landed there.
_NAME_OF = re.compile(r"what\s+(?:is|was|are|were)\s+the\s+names?\s+of\s+(?:the|an?|that|this)\s+"
                      r"(?:[a-z-]+\s+){0,2}?(?P<noun>[a-z]+)\b(?:\s+(?:that|which|who|in|at|on|of|by|"
                      r"to|from)\b|\s*\?*\Z)", re.I)
_PLACES = keys("airport port harbour base station hotel university ministry region province "
               "district")
_WILL_DO = re.compile(r"what\s+(?:will|would|can|should|could)\b.*\bdo\b", re.I)
_WHO_IS = re.compile(r"[Ww]ho(?:['’]s|\s+(?:is|was))\s+((?:[A-Z][\w’'.-]*\s+){1,3}[A-Z][\w’'.-]*)"
                     r"\s*\?*\Z")
_ENDS_IN_NAME = re.compile(r"[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)+\s*\Z")
_AND_ANOTHER = re.compile(r"[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)+(?=\s+and\s)")
_RELATES = re.compile(r"\b(?:of|for|at|in|by|from|to|with|under)\b|['’]s\b")
_HALVES = re.compile(r"[,;]\s+(?:while|but|whereas|and)\s+(?=(?:the\s+)?[A-Z])|;\s+")
_CAME_OF_IT = re.compile(CAME_OF_IT, re.I)
# "until the end of the trial" is when; "until his knees gave out" may well be why.
_UNTIL = re.compile(r"\buntil\s+the\s+(?:end|start|beginning|middle|completion)\s+of\s+")
_MORE = re.compile(
    r"\bhow\s+(?:many|much)\s+(?:more|fewer|less)\b|\bby\s+how\s+(?:many|much)\b", re.I)
_DIFFERS = re.compile(
    r"\b(?:more|fewer|less|than|extra|additional|another|further|ahead|behind|margin|lead|"
    r"difference|short|late|early|by|up|down|off|rose|risen|rises?|fell|fall(?:s|en)?|gain\w*|"
    r"increas\w*|decreas\w*|reduc\w*|grew|grow\w*|drop\w*|climb\w*|cut\w*|\w+er)\b", re.I)


def admitted(asked: Asked, candidate: Candidate) -> bool:
    """Tell whether a span may answer: it says something new, of the type and time asked for.

    Args:
        asked: The question.
        candidate: The span, with the passage that it is in.
    """
    text, passage = candidate.text, candidate.hit.passage
    first, last = sentences_within(candidate.hit, candidate.start, candidate.end)
    sentence = passage.text[first:last]
    at = candidate.start - passage.start
    start, end = at - first, at - first + len(text)  # in the sentence
    offered = _offered(asked)
    if offered:
        if not offered & keys_inside(text):
            return False
    elif echoes(asked, text) and not _counted(asked, passage.text, at, at + len(text)):
        return False
    if text.strip() == candidate.hit.title or text.lower() in _NOBODY:
        return False
    if asked.wanted in _TYPED and not fits(asked.wanted, text):
        return False
    if asked.wanted == "date" and not (fine_enough(asked.text, text)
                                       and not of_dateline(asked, passage.text, at)):
        return False
    if asked.wanted in ("duration", "number") and of_an_age(asked, passage.text, first, at, text):
        return False
    if asked.kind == "why" and (_only_until(passage.text, first, at) or (
            _CAME_OF_IT.match(text) and passage.text[:at].endswith(", "))):
        return False
    if _COUNTS.search(asked.text) and _no_count(asked, passage.text, at, at + len(text)):
        return False
    if asked.wanted in ("number", "money") and _CALENDAR.fullmatch(text.strip()):
        return False
    if _NAMING.match(asked.text) and _MONEY.search(text):
        return False
    if _place_of(asked, text) or (_WILL_DO.match(asked.text) and _did(text)):
        return False
    if _MORE.search(asked.text) and not _DIFFERS.search(sentence):
        return False
    if of_another_rank(asked.text, passage.text, first, at, last):
        return False
    if _of_byline(asked, passage.text, at):
        return False
    if of_another_speaker(asked, passage.text, first, last, at) or of_somebody_else(
            asked, sentence, start, end):
        return False
    if another_sum(asked, sentence) or another_figure(asked, sentence, start, end):
        return False
    if of_another_act(asked, sentence, start, end):
        return False
    low, high = _half(passage.text, first, last, at, at + len(text))
    half = passage.text[low:high]
    if turned_round(asked, half, at - low) or of_another_country(asked, half, at - low):
        return False
    if of_another_group(asked, sentence) or of_another_holder(asked, sentence):
        return False
    if of_another_office(asked, passage.text, at, at + len(text)):
        return False
    if of_another_trade(asked, sentence) or of_another_line(asked, passage.text[:last]):
        return False
    if of_another_person(asked, sentence, start) or of_another_thing(
            asked, passage.text, first, last):
        return False
    if _another_person(asked, text):
        return False
    return not says_otherwise(asked, sentence, start)


def _place_of(asked: Asked, text: str) -> bool:
    """Tell whether a span names a place where the name of something else is asked for."""
    named = _NAME_OF.match(asked.text)
    last = keys(text.rpartition(" ")[2])
    return named is not None and bool(last & _PLACES) and not last & keys(named["noun"])


def _did(text: str) -> bool:
    """Tell whether a span begins with what was done."""
    first = re.match(r"[a-z]+", text)
    return first is not None and is_past(first[0])


def _only_until(passage: str, first: int, at: int) -> bool:
    """Tell whether a span begins inside "until the end of": it tells until when, not why."""
    return any(m.start() < at <= m.end() + len("the ") for m in _UNTIL.finditer(passage, first))


def _of_byline(asked: Asked, passage: str, at: int) -> bool:
    """Tell whether a span is of the line that only says who wrote the article."""
    if ABOUT_WRITING.search(asked.text):
        return False
    first, last = passage.rfind("\n", 0, at) + 1, passage.find("\n", at)
    return BYLINE.match(passage[first : last if last > 0 else len(passage)].strip()) is not None


def _half(text: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """Return the half of a sentence that a span is in: "Ann sends five, while Ben sends six"."""
    low = max((m.end() for m in _HALVES.finditer(text, first, start)), default=first)
    behind = _HALVES.search(text, end, last)
    return low, behind.start() if behind else last


def _offered(asked: Asked) -> frozenset[str]:
    """Return the words of two answers of which a question offers the choice: "Ann or Ben?"."""
    match = _OFFERED.search(asked.text) if asked.kind == "fact" else None
    if match is None:
        return frozenset()
    return keys_inside(match[1] or match[3]) | keys_inside(match[2] or match[4])


def _counted(asked: Asked, passage: str, start: int, end: int) -> bool:
    """Tell whether a number counts what is asked for: "320 litres", in spite of a "Frost 320"."""
    following = _NEXT.match(passage, end)
    if not _BARE.fullmatch(passage[start:end].strip()) or following is None:
        return False
    return bool(keys(following[1]) & _focus(asked))


def _another_person(asked: Asked, text: str) -> bool:
    """Tell whether a span only names another than who is asked: "Who is Ann Bell?" "Carl Dorn"."""
    match = _WHO_IS.match(asked.text)
    name = _ENDS_IN_NAME.search(text) or _AND_ANOTHER.search(text)
    return (match is not None and name is not None and not _RELATES.search(text)
            and not keys_inside(name[0]) & keys_inside(match[1]))


def _focus(asked: Asked) -> set[str]:
    return {t.key for t in terms(asked.focus) if t.kind == "word"}


def _no_count(asked: Asked, passage: str, start: int, end: int) -> bool:
    """Tell whether a bare number is the day of a date or part of a name: "May 25", "Frost 320"."""
    before = _BEFORE.search(passage, max(0, start - 24), start)
    if not _BARE.fullmatch(passage[start:end]) or before is None or "," in passage[start:end]:
        return False
    following = _NEXT.match(passage, end)
    if is_month(before[1].rstrip(".")):
        return following is None or not keys(following[1]) & _focus(asked)
    named = inside(before[1])[0].kind == "name"
    return named and following is None and (
        passage[start - 1] == "-" or bool(re.match(r" [A-Z]", passage[end:])))
