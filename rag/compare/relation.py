"""The relation of two answers to one question: the same, compatible, conflicting or unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from rag.compare import dates, names, quantities, times
from rag.compare.asked import asks_past_age
from rag.compare.numbers import Quantity
from rag.compare.units import UNITS
from rag.compare.values import Claim, dates_of, polarity, quantity_of
from rag.language.terms import Term, keys, terms
from rag.questions.intent import Asked

Relation = Literal["same", "compatible", "conflicting", "unknown"]
Kind = Literal["number", "date", "time", "person", "place", "name", "score", "yes/no", "text"]

# Nouns for a part of the people: "4 children" may be among "12 people" or "12 villagers".
_PARTS = keys("children child women woman men man boys girls babies infants teenagers pensioners "
              "soldiers civilians troops officers policemen police firefighters rescuers medics "
              "doctors nurses teachers pupils students foreigners tourists nationals citizens "
              "journalists members crew drivers pedestrians cyclists households families homes "
              "more others injured")
_OLDEST = 150  # years; a greater number without a unit is no age
_SCORE = re.compile(r"\s*(\d{1,3})\s?[-–:]\s?(\d{1,3})\s*(?:win|victory|defeat|draw)?\s*")


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


def is_typed(asked: Asked, claim: Claim) -> bool:
    """Whether an answer is of the type that the question asks for.

    >>> from rag.questions.intent import analyse
    >>> is_typed(analyse("How many came?"), Claim("twice", "He counted twice.", "a"))
    False
    """
    if asked.wanted in ("number", "money", "duration"):
        return quantity_of(claim) is not None and not _difference(asked, claim)
    if asked.wanted == "date":
        return bool(dates_of(claim) or times.times(claim.text))
    if asked.wanted == "person" and _loser(asked, claim):
        return False
    if asked.wanted in ("person", "place"):
        return bool(names.proper_names(claim.text))
    return True


def _loser(asked: Asked, claim: Claim) -> bool:
    """Whether a person is the one beaten or replaced, where the other one is asked for."""
    before = claim.sentence[: claim.span[0]] if claim.span else ""
    return bool(_AGAINST.search(before)) and not _ASKED_LOSER.search(asked.text)


_AGAINST = re.compile(r"\b(?:beat|beats|beating|beaten|defeat(?:s|ed|ing)?|oust(?:s|ed|ing)?|"
                      r"succeed(?:s|ed|ing)|replac(?:es|ed|ing)|against|victory\s+over)\s+$", re.I)
_ASKED_LOSER = re.compile(r"\bwhom\b|\bwho\s+(?:did|was|were|is)\b.*\b(?:beat|beaten|defeat\w*|"
                          r"oust\w*|succeed|replac\w+|lost|against)\b|\b(?:lost|loser)\b", re.I)


def _difference(asked: Asked, claim: Claim) -> bool:
    """Whether a number is by how much ("won by 41 votes"), where that is not asked."""
    before = claim.sentence[: claim.span[0]] if claim.span else ""
    after = claim.sentence[claim.span[1] :] if claim.span else ""
    # "Backed by 53% of voters" is no difference.
    shared = re.match(r"\W*of\b", after)
    return bool(_BY.search(before)) and not shared and not _ASKED_BY.search(asked.text)


_BY = re.compile(r"\bby\s+(?:just|only|about|a\s+mere|some|nearly|almost|more\s+than)?\s*$", re.I)
_ASKED_BY = re.compile(r"\bby\b|\b(?:margin|majority|lead|differ\w*|rise|rose|fall|fell|grow|grew|"
                       r"increase\w*|drop\w*|decrease\w*|cut)\b", re.I)


def relation(asked: Asked, a: Claim, b: Claim) -> Comparison:
    """Compare two answers to a question by the type of the question, or else of the answers.

    >>> from rag.questions.intent import analyse
    >>> ask = analyse("How many people came to the fair?")
    >>> one, other = Claim("100", "100 people came.", "a"), Claim("300", "300 came.", "b")
    >>> relation(ask, one, other).relation
    'conflicting'
    """
    words = [" ".join(c.text.split()).casefold() for c in (a, b)]
    if words[0] == words[1] and not quantity_of(a):
        return Comparison("same", "text", "the words are the same")
    yes_a, yes_b = polarity(a.text), polarity(b.text)
    if yes_a is not None and yes_b is not None:
        same = yes_a == yes_b
        return Comparison("same" if same else "conflicting", "yes/no",
                          "both say the same" if same else "one says yes, one says no")
    scores = [_SCORE.fullmatch(c.text) for c in (a, b)]
    if scores[0] and scores[1] and asked.wanted != "date":
        same = sorted(scores[0].groups()) == sorted(scores[1].groups())
        return Comparison("same" if same else "conflicting", "score",
                          f"{a.text.strip()} and {b.text.strip()}")
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
    if all(_is_name(c) or _quoted(c.text) for c in (a, b)):
        return Comparison(*_pair(names.compare_names(a.text, b.text), "name"))
    return Comparison("unknown", "text", "free text is not compared")


def _is_name(claim: Claim) -> bool:
    """Whether an answer is a name, and not a word that only begins its sentence ("Cash")."""
    if not claim.text[:1].isupper() or not names.proper_names(claim.text):
        return False
    first, *more = claim.text.split()
    opens = claim.span is None or not claim.sentence[: claim.span[0]].strip(" “\"'‘")
    return not opens or any(w[0].isupper() for w in more) or bool(
        re.search(rf"[\w,]\s+{re.escape(first)}\b", claim.context))


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
    if asks_past_age(asked):
        x, y = _years(x), _years(y)
    compared = quantities.compare(x, y)
    if compared[0] == "conflicting" and x.unit is None and x.currency is None:
        other = _other_noun(asked, a, x.value, b, y.value)
        if other:
            return Comparison("unknown", "number", other)
    return Comparison(*_pair(compared, "number"))


def _years(age: Quantity) -> Quantity:
    """Return an age with its unit: "died at 79" are years, "built in 1904" are none."""
    told = age.unit or age.currency or age.value > _OLDEST
    return age if told else replace(age, unit=UNITS["years"])


def _noun(claim: Claim) -> tuple[Term, ...]:
    """The words right after the number: what is counted."""
    quantity = quantity_of(claim)
    if quantity is None:
        return ()
    text, start = (claim.sentence if claim.span else claim.text), quantity.end
    found: list[Term] = []
    last = start
    for term in terms(text[start : start + 80]):
        gap = text[last : start + term.start]
        if len(found) == 4 or term.kind in ("number", "empty") or set(gap) & set(".,;:!?()—–\"“”"):
            break
        found.append(term)
        last = start + term.end
    return tuple(found)


def _other_noun(asked: Asked, a: Claim, x: float, b: Claim, y: float) -> str:
    """Why two numbers count different things; empty when they may count the same.

    They may when a noun is not told, or both are, or share, a noun; when one's is a part of the
    people that the other's are ("children", "Italian tourists"), they may as long as the part is
    the larger number, which no part can be.
    """
    first, second = _noun(a), _noun(b)
    m, n = frozenset(t.key for t in first), frozenset(t.key for t in second)
    focus = {t.key for t in asked.terms}
    verbs = focus | _VERBS
    if bool(m & _EVENTS) != bool(n & _EVENTS) and not focus & _EVENTS:
        return f"one counts {'/'.join(sorted(m))}, the other {'/'.join(sorted(n))}"
    parts = [bool(k & _PARTS - focus) or any(t.kind == "name" and t.key not in focus for t in k_)
             for k, k_ in ((m, first), (n, second))]
    if not m - verbs or not n - verbs or m & n - _VERBS:
        # "Three children" may be among the "seven people" that were asked for.
        few, many = (0, 1) if x < y else (1, 0)
        among = parts[few] and not parts[many]
        return "one may be a part of the other" if among else ""
    if parts == [True, True]:
        return f"one counts {'/'.join(sorted(m))}, the other {'/'.join(sorted(n))}"
    if (parts[0] and x <= y) or (parts[1] and y <= x):
        return "one may be a part of the other"
    return "" if asked.focus or focus & (m | n) else (
        f"one counts {'/'.join(sorted(m))}, the other {'/'.join(sorted(n))}")


_EVENTS = keys("times copies votes points pages goals matches rounds games lines shares tickets")
_VERBS = keys("dead killed died injured hurt arrested attended came took turned arrived left "
              "joined voted signed perished drowned lost missing rescued evacuated")
