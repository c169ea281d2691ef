"""Candidate spans that say the same, from all passages, as one answer with its support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.articles.duplicates import sources
from rag.articles.quotes import sentences_of
from rag.language.demonyms import country
from rag.language.terms import Term, content, normal
from rag.questions.intent import Asked
from rag.types import Candidate

# Candidates that are looked at, best first: those further down are hardly ever right.
_MOST = 24


@dataclass(frozen=True, slots=True)
class Group:
    """One answer: the candidates that give it, best first.

    Attributes:
        candidates: At least one; the first has the best margin and its words are shown.
    """

    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate:
        """The candidate whose words are shown."""
        return self.candidates[0]

    @property
    def margin(self) -> float:
        """The best margin over "not here"."""
        return self.best.margin

    @property
    def places(self) -> frozenset[tuple[str, int]]:
        """Where it stands: article and the start of the span (overlapping passages count once)."""
        return frozenset((c.hit.passage.article, c.start) for c in self.candidates)

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that give it, best first."""
        return tuple(dict.fromkeys(c.hit.passage.article for c in self.candidates))

    @property
    def support(self) -> tuple[int, int]:
        """How many independent sources give it, and in how many places of theirs.

        Articles that are copies of one text are one source, which has as many places as the
        article of them that has most: to print a story twice does not make it truer.
        """
        number = sources([_told(c) for c in self.candidates])
        most: dict[int, int] = {}
        for article in self.articles:
            places = sum(name == article for name, _ in self.places)
            most[number[article]] = max(places, most.get(number[article], 0))
        return len(most), sum(most.values())


def group(asked: Asked, candidates: Sequence[Candidate]) -> list[Group]:
    """Return the different answers among candidates, best margin first."""
    groups: list[list[Candidate]] = []
    best = sorted(candidates, key=lambda c: (-c.margin, c.hit.rank, c.start))[:_MOST]
    for candidate in best:
        for members in groups:
            if _same(asked, members[0], candidate):
                members.append(candidate)
                break
        else:
            groups.append([candidate])
    return [Group(tuple(members)) for members in groups]


def echoes(asked: Asked, text: str) -> bool:
    """Tell whether an answer only repeats its question, or names whom it asks about.

    "Who ousted Bazoum?" is not answered by "President Mohamed Bazoum".
    """
    words = content(text)
    said = {t.key for t in words}
    if said and said <= {t.key for t in asked.terms}:
        return True
    people = {t.key for t in asked.names if country(t.text.casefold()) is None}
    return asked.wanted == "person" and bool(people & said)


def _told(candidate: Candidate) -> tuple[str, str, str]:
    """Article, passage and sentence of a candidate."""
    passage = candidate.hit.passage
    start, end = sentences_of(candidate.hit, candidate.start, candidate.end)
    return passage.article, passage.text, passage.text[start - passage.start : end - passage.start]


def _same(asked: Asked, a: Candidate, b: Candidate) -> bool:
    if a.hit.passage.article == b.hit.passage.article and a.start < b.end and b.start < a.end:
        return True
    return same(asked, a.text, b.text)


def same(asked: Asked, a: str, b: str) -> bool:
    """Tell whether two spans are the same answer in other words.

    They are when their words that say something are the same, or when one's are among the
    other's and what is more there was in the question ("100", "100 Russian instructors") or
    belongs to one name ("Tchiani", "General Abdourahamane Tchiani").
    """
    if normal(a) == normal(b):
        return True
    first, second = content(a), content(b)
    if len(first) > len(second):
        first, second = second, first
    short, long = {t.key for t in first}, {t.key for t in second}
    if not short or not short <= long:
        return False
    if _figures(first) != _figures(second):
        return False
    more = long - short
    if more <= {t.key for t in asked.terms}:
        return True
    if asked.wanted in ("number", "money", "duration") and _figures(first):
        return True
    # One name within the other: it must be its end ("Tchiani") or all but its title.
    names = all(t.kind == "name" or t.text[:1].isupper() for t in (*first, *second))
    return names and second[-1].key == first[-1].key


def _figures(words: Sequence[Term]) -> list[str]:
    return sorted(t.key for t in words if t.kind == "number")
