"""Figures beside the one that is asked for: what it was before, an age, a share of something else.

A sentence often has several. What tells them apart here are the words right before and behind one.
"""

from __future__ import annotations

import re

from rag.compare.numbers import quantities
from rag.language.opposites import alike, opposite
from rag.language.terms import keys, terms
from rag.questions.intent import Asked

_NOW = re.compile(r"\b(?:is|are|does|do|will|now|today|currently)\b", re.I)
_ONCE = re.compile(
    r"\b(?:was|were|did|had|before|first|original\w*|initial\w*|earlier|previous\w*|used|from|last|"
    r"ago|than|compared|since)\b", re.I)
_ABOUT = r"(?:about\s+|around\s+|some\s+)?"
_ROSE = r"(?:risen|grown|fallen|doubled|tripled|climbed|increased|dropped)"
# "rose from ", "up from "; and behind it, ", has risen to".
_FROM = re.compile(
    rf"\b(?:up|down|rose|fell|grew|raised|cut|reduced|lowered|{_ROSE})\s+from\s+{_ABOUT}\Z", re.I)
_SINCE = re.compile(rf"\s+when\b[^.;]{{0,60}},\s+(?:has|have|had)\s+(?:since\s+)?{_ROSE}\b", re.I)
_NUMBER = r"[$€£]?\d[\d,.]*(?:\s?(?:million|billion|m|bn|%|percent|per\s?cent))?"
_RANGE = re.compile(rf"(?:from\s+)?{_NUMBER}\s+to\s+{_NUMBER}", re.I)
_CHANGED = re.compile(
    r"\b(?:cut|reduc|rais|rose|ris|fell|fall|grew|grow|drop|increas|decreas|lower|shr[au]nk|"
    r"declin)\w*\b[^.;]{0,60}?(?:\bfrom\s+)?\Z", re.I)
_TWO = re.compile(r"\d.*\band\s+(?:the\s+)?[A-Z]\w+.*\d")
_OLD = re.compile(r"\b(?:old|ages?|aged|young\w*|birthday)\b", re.I)
_YEARS = re.compile(r"\d{1,2}")
_NAMED = re.compile(r"[A-Z][\w’'-]+,\s\Z")
_OLDER = re.compile(r"(?:over|under|above|below|aged)\s+\d", re.I)
_WHO = re.compile(
    r"\b(?:people|men|women|children|those|anyone|adults|everyone|patients|pupils)\s+\Z", re.I)
# "12 minutes by car and nine by train": nine minutes, not nine of anything else.
_BY = re.compile(r"\s+by\s")
_UNIT = re.compile(r"\b\d[\d,.]*\s+([a-z]+s)\b[^.;]{0,40}?\band\s+\Z")
_HOW_MANY = re.compile(r"how\s+many\b", re.I)
_MONEY = re.compile(
    r"[$€£¥]|\b(?:dollars?|euros?|(?<!per )cents?|pence|francs?|crowns?|kron\w+|rupees?|yuan)\b",
    re.I)
_COUNTS = re.compile(r"how\s+(?:many|much)\b", re.I)
_HOW_MUCH = re.compile(r"how\s+much\s+(?!more\b|less\b|of\b)[a-z]+\b(?<!did)(?<!do)(?<!does)", re.I)
_PER_CENT = re.compile(r"(?:an?\s+)?\d+(?:\.\d+)?\s?(?:%|per\s?cent)", re.I)
_RATHER = re.compile(r"\s+(?:higher|lower|greater|increased|reduced)\b", re.I)
_ROUNDED = 0.1  # share by which one sum may be told as another
_NEAR = 25  # characters between a number and the word that says what became of it
# "Lost their lives" and "died" say the same of one number.
_LIVES = keys("live life lives alive die dead death survive kill fatal birth born")


def another_figure(asked: Asked, sentence: str, start: int, end: int) -> bool:
    """Tell whether a number is another than asked for, by the words beside it.

    "It cost 2 million when it was planned, and has risen to 5 million" does not tell that it costs
    2 million; "closed 27 bases" not how many are open. Of 37,558 annotated answers that rules out
    two.

    Args:
        asked: The question.
        sentence: The sentence that the number stands in.
        start: First character of the number in it.
        end: One past its last.
    """
    if asked.wanted not in ("number", "money", "duration"):
        return False
    before, text, behind = sentence[:start], sentence[start:end], sentence[end:]
    if asked.wanted != "duration" and (_TWO.search(text) or (
            _RANGE.fullmatch(text) and _CHANGED.search(before))):
        return True  # two figures, of which one is asked for
    return (_superseded(asked, before, behind) or _age(asked, before, text, behind)
            or _amount(asked, text) or _elliptical(asked, before, behind)
            or _of_opposite(asked, sentence, start, end) or _share(asked, text, behind))


def another_sum(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence has other sums of money than the one that a question names.

    "A reward of £15,000" does not tell who gets one of £480,000.
    """
    mine = [q for q in quantities(asked.text) if q.currency]
    told = [q for q in quantities(sentence) if q.currency] if mine else []
    return bool(told) and not any(
        a.currency != b.currency or abs(a.value - b.value) <= _ROUNDED * max(a.value, b.value)
        for a in mine for b in told)


def _superseded(asked: Asked, before: str, behind: str) -> bool:
    if not _NOW.search(asked.text) or _ONCE.search(asked.text):
        return False
    return bool(_FROM.search(before) or _SINCE.match(behind))


def _age(asked: Asked, before: str, text: str, behind: str) -> bool:
    if _OLD.search(asked.text):
        return False
    aside = _YEARS.fullmatch(text) and _NAMED.search(before) and behind.startswith(",")
    return bool(aside or (_OLDER.match(text) and _WHO.search(before)))


def _amount(asked: Asked, text: str) -> bool:
    """Tell whether a sum of money stands for how many there are."""
    return bool(_HOW_MANY.match(asked.text) and _MONEY.search(text)
                and not _MONEY.search(asked.text))


def _share(asked: Asked, text: str, behind: str) -> bool:
    """Tell whether a share is by how much something else is higher: "a 27% higher risk"."""
    return bool(_HOW_MUCH.match(asked.text) and _PER_CENT.fullmatch(text)
                and _RATHER.match(behind))


def _elliptical(asked: Asked, before: str, behind: str) -> bool:
    unit = _UNIT.search(before) if _BY.match(behind) else None
    return unit is not None and not keys(unit[1]) & keys(asked.text)


def _of_opposite(asked: Asked, sentence: str, start: int, end: int) -> bool:
    if not _COUNTS.match(asked.text):
        return False
    words = terms(sentence)
    present = {t.key for t in words}
    near = {t.key for t in words if abs(t.end - start) <= _NEAR or abs(t.start - end) <= _NEAR}
    return any(
        opposite(t.key) & near and t.key not in _LIVES
        for t in terms(asked.text)
        if t.kind == "word" and t.key not in present and not alike(t.key) & present)
