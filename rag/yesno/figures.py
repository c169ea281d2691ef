"""Numbers of a yes/no question and of a sentence: bounds ("more than 100"), scales, years."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.compare.numbers import quantities
from rag.language.opposites import alike
from rag.language.terms import Term, keys
from rag.questions.intent import Asked

_LOWER = r"more\s+than|over|above|at\s+least|later\s+than|after|since"
_UPPER = r"fewer\s+than|less\s+than|under|below|at\s+most|up\s+to|earlier\s+than|before|prior\s+to"
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
# What is done to a thing once: another year of it denies the year that is asked for.
_ONCE = keys("x born died killed founded established built constructed erected opened completed "
             "invented discovered published launched created abolished demolished sank inaugurated "
             "died formed introduced written painted")
_SCALES = keys("x thousand million billion trillion")
_BOUND = re.compile(
    rf"\b(?:(?P<low>{_LOWER})|(?P<high>{_UPPER}))\s+"
    r"(?:the\s+(?:year|age)\s+(?:of\s+)?)?(?:an?\s+)?\Z", re.I,
)


def bounded(text: str, term: Term) -> str | None:
    """Return "low" for "more than 100" and "after 1900", "high" for the other way, or None."""
    match = _BOUND.search(text, 0, term.start)
    return None if match is None else "low" if match["low"] else "high"


def includes(text: str, term: Term) -> bool:
    """Tell whether a bound before a number means the number, too: "at least", "up to"."""
    before = text[: term.start]
    return re.search(r"\b(?:at\s+least|at\s+most|up\s+to|since)\s+\Z", before, re.I) is not None


def within(side: str, limit: float | None, there: float | None, told_side: str | None,
           included: bool) -> bool | None:
    """Tell whether a number that is told, or its own bound, lies on the side of an asked bound.

    Args:
        side: "low" or "high".
        limit: The question's number.
        there: The sentence's number.
        told_side: What :func:`bounded` says of it in the sentence.
        included: Whether the bound itself is meant, too ("at least", "up to").

    Returns:
        None where that is open: "more than 100" says nothing of "more than 200".
    """
    if there is None or limit is None:
        return None
    if told_side is None and there == limit:
        return included
    if told_side is None:
        return there > limit if side == "low" else there < limit
    if side == told_side:
        return True if (there >= limit if side == "low" else there <= limit) else None
    return False if (there <= limit if side == "low" else there >= limit) else None


def left_open(asked: Asked, number: Term, told: Term, text: str) -> bool:
    """Tell whether a sentence's number leaves room for the question's.

    "At least 23 died", and 27 may have; "61 died in 1994" tells of another time.

    Args:
        asked: The question.
        number: Its number.
        told: The sentence's number.
        text: The sentence.
    """
    side, years = bounded(text, told), set(_YEAR.findall(text))
    if not years <= {told.key, *_YEAR.findall(asked.text)}:
        return True
    if _YEAR.fullmatch(number.text) and not _ONCE & keys(asked.text):
        return True  # "Inflation rose in 2022": and perhaps in 2023, too
    here, there = value(asked.text, number), value(text, told)
    if here is None or there is None or here == there:
        return True
    return side is not None and (here > there) == (side == "low")


def value(text: str, term: Term) -> float | None:
    """Return a number of a text with what scales it, "2 million", or None where it is none."""
    return next((q.value for q in quantities(text) if q.start <= term.start < q.end), None)


def same_value(asked: Asked, number: Term, text: str, here: Sequence[Term]) -> bool:
    """Tell whether a sentence has a number of the question with the same scale."""
    mine = value(asked.text, number)
    return mine is None or mine in {value(text, t) for t in here if t.key == number.key}


def scales(asked: Asked) -> set[int]:
    """Return where words of a question begin that scale its numbers: "million"."""
    return {t.start for t in asked.words if t.key in _SCALES and any(
        0 < t.start - n.end <= 1 for n in asked.numbers)}


def bound_words(asked: Asked) -> set[int]:
    """Return where the question's words of a bound begin: "more than", of "more than 100"."""
    found = set()
    for number in asked.numbers:
        match = _BOUND.search(asked.text, 0, number.start)
        if match is not None:
            found |= {t.start for t in asked.terms if match.start() <= t.start < match.end()}
    return found


def numbers_of(term: Term, asked: Asked, here: Sequence[Term]) -> list[Term]:
    """Return the numbers that a sentence gives for what the question numbers."""
    after = [t for t in asked.terms if t.start > term.start]
    counted = next((t.key for t in after if t.kind == "word" and t.key not in _SCALES), None)
    year = len(term.key) == 4 and term.key.isdigit()
    found = []
    for at, word in enumerate(here):
        if word.kind != "number":
            continue
        if year:
            if len(word.key) == 4 and word.key.isdigit():
                found.append(word)
            continue
        if at and here[at - 1].kind == "number" and here[at - 1].end + 1 == word.start:
            continue  # "two hundred" is one number
        near = {t.key for t in here[at + 1 : at + 5]}
        if counted is not None and (counted in near or alike(counted) & near):
            found.append(word)
    return found
