"""The relation of two answers to one question: the same, compatible, conflicting or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.compare import dates, names, quantities, times
from rag.compare.values import Claim, dates_of, polarity, quantity_of
from rag.questions import Asked
from rag.terms import keys, terms

Relation = Literal["same", "compatible", "conflicting", "unknown"]
Kind = Literal["number", "date", "time", "person", "place", "name", "yes/no", "text"]

# Nouns for people in general: "12 people" and "15 villagers" count the same, "4 children" a part.
_PEOPLE = frozenset(keys("people person persons victims residents villagers passengers others "
                         "locals individuals dead deaths casualties lives fatalities visitors "
                         "guests spectators fans crowd attendees participants marchers "
                         "demonstrators protesters workers staff employees jobs posts"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two answers relate.

    Attributes:
        relation: "same", "compatible" (both can be right), "conflicting" or "unknown".
        kind: The type by which they were compared.
        why: One plain line for people who look.
    """

    relation: Relation
    kind: Kind
    why: str


def relation(asked: Asked, a: Claim, b: Claim) -> Comparison:
    """Compare two answers to a question by the type of the question, or else of the answers.

    >>> from rag.questions import analyse
    >>> ask = analyse("How many people came to the fair?")
    >>> relation(ask, Claim("100", "100 people came.", "a"), Claim("300", "300 came.", "b")).relation
    'conflicting'
    """
    if " ".join(a.text.split()).casefold() == " ".join(b.text.split()).casefold():
        if not quantity_of(a):
            return Comparison("same", "text", "the words are the same")
    yes_a, yes_b = polarity(a.text), polarity(b.text)
    if yes_a is not None and yes_b is not None:
        same = yes_a == yes_b
        return Comparison("same" if same else "conflicting", "yes/no",
                          "both say the same" if same else "one says yes, one says no")
    if asked.wanted in ("number", "money", "duration"):
        return _numbers(asked, a, b)
    if asked.wanted == "date":
        return _dates(a, b)
    if asked.wanted == "person":
        people = names.compare_people(a.text, b.text)
        if people[0] == "unknown" and not _acts_of_people(asked):
            return Comparison(*_pair(names.compare_names(a.text, b.text), "name"))
        return Comparison(*_pair(people, "person"))
    if asked.wanted == "place":
        context = f"{a.context}\n{b.context}"
        phrases = (_with_preposition(a), _with_preposition(b))
        return Comparison(*_pair(names.compare_places(*phrases, context), "place"))
    return _untyped(asked, a, b)


def _pair(compared: tuple[Relation, str], kind: Kind) -> tuple[Relation, Kind, str]:
    return compared[0], kind, compared[1]


def _acts_of_people(asked: Asked) -> bool:
    """Whether the answer must be a person: companies too can win or own."""
    return any(t.key in _OFFICES for t in asked.terms)


_OFFICES = keys("mayor president minister chairman director coach captain author pilot driver "
                "daughter son wife husband father mother editor principal judge born died")


def _with_preposition(claim: Claim) -> str:
    before = claim.sentence[: claim.span[0]].split() if claim.span else []
    word = before[-1].lower() if before else ""
    return f"{word} {claim.text}" if word in ("in", "at", "near", "on", "outside") else claim.text


def _untyped(asked: Asked, a: Claim, b: Claim) -> Comparison:
    """Compare by what the answers look like: numbers, dates, names; free text stays open."""
    whole_dates = [dates_of(c) for c in (a, b)]
    if all(whole_dates):
        return _dates(a, b)
    if quantity_of(a) and quantity_of(b):
        return _numbers(asked, a, b)
    if all((names.proper_names(c.text) and c.text[:1].isupper()) or _quoted(c.text)
           for c in (a, b)):
        return Comparison(*_pair(names.compare_names(a.text, b.text), "name"))
    return Comparison("unknown", "text", "free text is not compared")


def _quoted(text: str) -> bool:
    return text[:1] in "\"“'‘" and any(c.isupper() for c in text)


def _dates(a: Claim, b: Claim) -> Comparison:
    clocks = [times.times(c.text) for c in (a, b)]
    if all(clocks):
        return Comparison(*_pair(times.compare(clocks[0][0], clocks[1][0]), "time"))
    read = [dates_of(c) for c in (a, b)]
    if not all(read):
        return Comparison("unknown", "date", "one of them is no date")
    if max(map(len, read)) > 1:
        # Several dates in one answer are a span or a list: any one in common is no conflict.
        found = [dates.compare(x, y) for x in read[0] for y in read[1]]
        agreed = next((f for f in found if f[0] != "conflicting"), None)
        return Comparison(*_pair(agreed or found[0], "date"))
    return Comparison(*_pair(dates.compare(read[0][0], read[1][0]), "date"))


def _numbers(asked: Asked, a: Claim, b: Claim) -> Comparison:
    x, y = quantity_of(a), quantity_of(b)
    if x is None or y is None:
        return Comparison("unknown", "number", "one of them is no number")
    compared = quantities.compare(x, y)
    if compared[0] == "conflicting" and x.unit is None and x.currency is None:
        other = _other_noun(asked, a, x.value, b, y.value)
        if other:
            return Comparison("unknown", "number", other)
    return Comparison(*_pair(compared, "number"))


def _noun(claim: Claim) -> frozenset[str]:
    """The words right after the number: what is counted."""
    quantity = quantity_of(claim)
    if quantity is None:
        return frozenset()
    text, start = (claim.sentence if claim.span else claim.text), quantity.end
    found: set[str] = set()
    last = start
    for term in terms(text[start : start + 80]):
        gap = text[last : start + term.start]
        if any(c in gap for c in ".,;:!?()—–\"“”") or term.kind in ("number", "empty") or (
                len(found) == 4):
            break
        found.add(term.key)
        last = start + term.end
    return frozenset(found)


def _other_noun(asked: Asked, a: Claim, x: float, b: Claim, y: float) -> str:
    """Why two numbers count different things; empty when they may count the same."""
    m, n = _noun(a), _noun(b)
    if not m or not n or m & n:
        return ""
    focus = {t.key for t in asked.terms}
    for noun, value, other, whole in ((m, x, n, y), (n, y, m, x)):
        general = noun & _PEOPLE or noun & focus
        if general and (other & _PEOPLE or other & focus):
            return ""
        if general and not other & focus and whole > value and other - _PEOPLE:
            return ""  # a part cannot be more than the whole
    if (m & focus or n & focus) and not (m & focus and n & focus):
        # One counts what was asked, the other may name it by another noun or count a part.
        return "" if _verbs_only(asked, m if n & focus else n) else (
            f"one counts {'/'.join(sorted(m))}, the other {'/'.join(sorted(n))}")
    return f"one counts {'/'.join(sorted(m))}, the other {'/'.join(sorted(n))}"


def _verbs_only(asked: Asked, noun: frozenset[str]) -> bool:
    """Whether the words after a number are the question's own verb ("12 died", "30 arrived")."""
    return bool(noun) and noun <= {t.key for t in asked.terms} | keys(
        "dead killed died injured hurt arrested attended came took turned arrived left joined "
        "voted signed perished drowned lost missing rescued evacuated")
