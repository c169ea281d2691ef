"""Why not: which name, number, date or word of a question no article has.

Every statement comes from a look-up that is kept beside it: nothing is guessed. Where all of the
question's words are there, it says so, and that what was asked about them was not found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rag.answers.lookup import ASKING, Subject, of_a_country, spellings, subjects, tells
from rag.language.terms import terms
from rag.questions.intent import Asked
from rag.types import Hit

_NAMED = 3  # words that are named as missing; more read like a list of everything
_LISTED = 20  # articles that a look-up is kept with; all are counted
_CLOSE = 6  # words that stand this close are taken to belong together


class Mentions(Protocol):
    """Looks words up in all articles."""

    def __call__(self, *phrases: str, within: int = 0) -> Collection[str]:
        """Names of the articles that have all phrases in one passage.

        They stand within so many words of each other; with ``within`` 0 anywhere in the passage.
        """


@dataclass(frozen=True, slots=True)
class Missing:
    """Why there is no answer.

    Attributes:
        text: One or two plain sentences for a person.
        absent: The question's words that no article has.
        checks: Each look-up that the text rests on: words, number of articles, the first of them.
    """

    text: str
    absent: tuple[str, ...]
    checks: tuple[Mapping[str, Any], ...]


def explain(asked: Asked, hits: Sequence[Hit], mentions: Mentions) -> Missing:
    """Tell what is missing for a question that found no answer.

    Args:
        asked: The question.
        hits: The passages that were read, best first.
        mentions: Looks words up in all articles.
    """
    look = _Looker(mentions)
    about = subjects(asked)
    firm = [s for s in about if s.kind != "word"]
    absent = [s for s in firm if not look.articles(s)]
    if absent:
        text = _absent(asked, absent[:_NAMED], hits, look)
    elif apart := _apart(asked, firm, hits, look):
        text = apart
    else:
        words = [s for s in about if s.kind == "word" and not look.articles(s)][:_NAMED]
        absent = words
        text = _unsaid(firm, words, hits, look)
    if not hits:
        text = "None of the articles that were chosen has a passage to read."
    return Missing(text, tuple(s.text for s in absent), tuple(look.checks))


class _Looker:
    """Looks subjects up, each once, and keeps what was found."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions
        self._known: dict[tuple[str, ...], frozenset[str]] = {}
        self.checks: list[Mapping[str, Any]] = []

    def articles(self, subject: Subject) -> frozenset[str]:
        """The articles that have a subject, in any spelling that is known for it."""
        return frozenset[str]().union(*(self.together(s) for s in spellings(subject)))

    def spelling(self, subject: Subject) -> str:
        """The first spelling of a subject that some article has, quoted if it is another one."""
        found = next((s for s in spellings(subject) if self.together(s)), subject.text)
        return found if found == subject.text else f"“{found}”"

    def together(self, *phrases: str, within: int = 0) -> frozenset[str]:
        """The articles that have all phrases."""
        key = (*phrases, str(within))
        if key not in self._known:
            self._known[key] = frozenset(self._mentions(*phrases, within=within))
            found = sorted(self._known[key])
            check = {"words": list(phrases), "count": len(found), "articles": found[:_LISTED]}
            self.checks.append(check | ({"within": within} if within else {}))
        return self._known[key]


def _absent(asked: Asked, absent: Sequence[Subject], hits: Sequence[Hit], look: _Looker) -> str:
    """Say what no article mentions, and what one mentions in its place."""
    named = [_with_noun(asked, s) for s in absent]
    text = f"No article mentions {_either([n for n, _ in named])}."
    for subject, (_, noun) in zip(absent, named, strict=True):
        first, _, last = subject.text.rpartition(" ")
        if first and last.isdigit():
            last = first  # the Corran of "Corran 250": a number is in many texts
        if last != subject.text and (count := len(look.together(last))):
            return f"{text[:-1]}; {_articles(count)} {last}."
        near = _in_place(noun, hits) if noun else None
        if near:
            count = len(look.together(near))
            if count:
                return f"{text[:-1]}; {_articles(count)} “{near}”."
    return text


def _with_noun(asked: Asked, subject: Subject) -> tuple[str, str | None]:
    """A subject with the noun that it qualifies: "Chinese instructors"; and the noun."""
    between = r"(?:[A-Z][\w-]+\s+)?" if subject.kind == "number" else ""
    match = re.search(rf"{re.escape(subject.text)}\s+{between}([a-z][\w-]{{2,}})\b", asked.text)
    if not match:
        return subject.text, None
    after = terms(match[1])
    if len(after) != 1 or after[0].kind != "word" or after[0].text.lower() in ASKING:
        return subject.text, None
    people = subject.text.endswith("s") and of_a_country(subject.text[:-1])
    if subject.kind == "name" and (people or not of_a_country(subject.text)):
        return subject.text, None  # "Bazoum travel", "Mali happen", "Russians bring": a verb
    return match[0], after[0].text


def _in_place(noun: str, hits: Sequence[Hit]) -> str | None:
    """The first phrase of the passages that ends with a noun and names or counts something else.

    >>> from rag.types import Passage
    >>> text = "According to radio, 100 Russian military instructors arrived."
    >>> _in_place("instructors", [Hit(Passage("a", 0, 0, len(text), text), "", 1, 1.0)])
    '100 Russian military instructors'
    """
    key = terms(noun)[-1].key
    for hit in hits:
        text = hit.passage.text
        words = terms(text)
        for at, term in enumerate(words):
            if term.key != key or term.kind == "empty":
                continue
            first = at
            while first and at - first < 4 and words[first - 1].kind != "empty" and (
                    text[words[first - 1].end : words[first].start] in (" ", "-")):
                first -= 1
            if any(w.kind in ("name", "number") for w in words[first:at]):
                while words[first].kind == "word":
                    first += 1
                return text[words[first].start : term.end]
    return None


def _apart(
    asked: Asked, firm: Sequence[Subject], hits: Sequence[Hit], look: _Looker
) -> str:
    """Say that the question's names and its noun are there, but never together."""
    for subject in firm:
        phrase, noun = _with_noun(asked, subject)
        if noun is None:
            continue
        if not any(look.together(s, noun, within=_CLOSE) for s in spellings(subject)):
            count = len(look.articles(subject))
            either = "" if look.together(noun) else f", none {noun}"
            near = _in_place(noun, hits) if not either else None
            if near and near != phrase and look.together(near):
                told = f"{_articles(len(look.together(near)))} “{near}”"
            else:
                told = f"{_articles(count)} {look.spelling(subject)}{either}"
            return f"No article mentions {phrase}; {told}."
    for at, one in enumerate(firm):
        for other in firm[at + 1 :]:
            if not look.articles(one) & look.articles(other):
                return f"No article mentions both {one.text} and {other.text}."
    return ""


def _unsaid(
    firm: Sequence[Subject], words: Sequence[Subject], hits: Sequence[Hit], look: _Looker
) -> str:
    """Say what is there, and that what was asked about it is not."""
    quoted = _either([f"“{w.text}”" for w in words])
    firm = [s for s in firm if tells(s)][:_NAMED]
    if firm:
        there = {_as_written(look.spelling(s), hits): len(look.articles(s)) for s in firm}
        told = "; ".join(f"{_articles(n)} {name}" for name, n in there.items())
        told = told[:1].upper() + told[1:]
        if words:
            return f"{told}, but no article has the word {quoted}."
        return f"{told}, but no passage that was read gives what was asked."
    if words:
        return f"No article has the word {quoted}."
    return "The question's words are in the articles, but no passage that was read answers it."


def _as_written(word: str, hits: Sequence[Hit]) -> str:
    """A word without the capital that only the question gave it: "soldiers" for "Soldiers"."""
    texts = [hit.passage.text for hit in hits]
    plain = re.compile(rf"\b{re.escape(word.lower())}\b")
    named = re.compile(rf"(?<=[\w,;] ){re.escape(word)}\b")
    common = any(map(plain.search, texts)) and not any(map(named.search, texts))
    return word.lower() if word[1:].islower() and common else word


def _articles(count: int) -> str:
    return "one article mentions" if count == 1 else f"{count} articles mention"


def _either(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
