"""Why not: which name, number, date or word of a question no article has.

Every statement comes from a look-up that is kept beside it: nothing is guessed. Where all of the
question's words are there, it says so, and that what was asked about them was not found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rag.compare.names import TITLES, is_person
from rag.demonyms import country, words_of
from rag.questions import Asked
from rag.terms import Term, terms
from rag.types import Hit

# Words of a question that say what kind of answer is wanted, not what it is about.
_ASKING = frozenset(
    "year month day date time name number amount percentage share kind sort type person "
    "people country city town village place company reason way happen happened cause start "
    "begin end long much many old exact exactly total first last new take place give make get "
    "go come based located situated called live born mean stand describe explain answer "
    "question thing something anything information detail details currently today now".split())
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


@dataclass(frozen=True, slots=True)
class _Subject:
    """A run of the question's words that is looked up as one."""

    text: str
    kind: str
    keys: tuple[str, ...]


def explain(asked: Asked, hits: Sequence[Hit], mentions: Mentions) -> Missing:
    """Tell what is missing for a question that found no answer.

    Args:
        asked: The question.
        hits: The passages that were read, best first.
        mentions: Looks words up in all articles.
    """
    look = _Looker(mentions)
    subjects = _subjects(asked)
    firm = [s for s in subjects if s.kind != "word"]
    absent = [s for s in firm if not look.articles(s)]
    if absent:
        text = _absent(asked, absent[:_NAMED], hits, look)
    elif apart := _apart(asked, firm, hits, look):
        text = apart
    else:
        words = [s for s in subjects if s.kind == "word" and not look.articles(s)][:_NAMED]
        absent = words
        text = _unsaid(firm, words, look)
    if not hits:
        text = "None of the articles that were chosen has a passage to read."
    return Missing(text, tuple(s.text for s in absent), tuple(look.checks))


class _Looker:
    """Looks subjects up, each once, and keeps what was found."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions
        self._known: dict[tuple[str, ...], frozenset[str]] = {}
        self.checks: list[Mapping[str, Any]] = []

    def articles(self, subject: _Subject) -> frozenset[str]:
        """The articles that have a subject, in any spelling that is known for it."""
        return frozenset[str]().union(*(self.together(s) for s in _spellings(subject)))

    def spelling(self, subject: _Subject) -> str:
        """The first spelling of a subject that some article has, quoted if it is another one."""
        found = next((s for s in _spellings(subject) if self.together(s)), subject.text)
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


def _subjects(asked: Asked) -> list[_Subject]:
    """What the question is about: names as runs, numbers, and the other words that say something.

    >>> from rag.questions import analyse
    >>> [s.text for s in _subjects(analyse("When did Anna Bell open 3 schools in Harwick?"))]
    ['Anna Bell', '3', 'Harwick', 'schools']
    """
    text = asked.text
    runs: list[list[Term]] = []
    last: Term | None = None
    for term in asked.terms:
        gap = text[last.end : term.start] if last else "."
        named = last is not None and last.kind == "name" and gap.strip() in ("", "of")
        if named and (term.kind == "name" or (term.kind == "number" and gap in ("", " "))):
            runs[-1].append(term)  # "Anna Bell", "Bank of Tolm", "AquaDry 20", "E2"
        else:
            runs.append([term])
        last = term
    runs = [_untitled(r, text) for r in runs]
    firm = [_Subject(text[r[0].start : r[-1].end], r[0].kind, tuple(t.key for t in r))
            for r in runs if r[0].kind in ("name", "number")
            and r[0].text.lower() not in _AMBIGUOUS]
    soft = [_Subject(t.text, "word", (t.key,)) for t in asked.terms
            if t.kind == "word" and t.text.lower() not in _ASKING and len(t.text) > 2
            and _is_noun(asked, t)]
    return firm + soft


def _is_noun(asked: Asked, term: Term) -> bool:
    """Whether a word is by its place a noun: right after "the", "of", "many", "Russian" or "'s".

    People look for things, and not for the verbs and adjectives that they ask with.
    """
    before = asked.text[: term.start].split()
    word = before[-1] if before else ""
    return (word.lower() in _BEFORE_NOUNS or word.isdigit() or word.endswith(("'s", "’s"))
            or _of_a_country(word))


_BEFORE_NOUNS = frozenset("the a an of his her its their any no which what many much in for with "
                          "by my our us".split())


def _untitled(run: list[Term], text: str) -> list[Term]:
    """A name without its titles: "Bishop Bell" is "Bell"; "Justice Department" is no person."""
    while len(run) > 1 and run[0].text.lower().rstrip(".") in TITLES:
        rest = text[run[1].start : run[-1].end]
        if not (is_person(rest) or country(rest.lower())):
            break
        run = run[1:]
    return run


def _spellings(subject: _Subject) -> list[str]:
    """A subject as asked, then as the country or the people of it, then as the other figure."""
    spellings = [subject.text]
    if subject.kind == "name":
        plain = subject.text.lower()
        spellings += [w.title() for w in words_of(plain) if w not in (plain, *_AMBIGUOUS)]
    if subject.kind == "number":
        spellings += [k for k in subject.keys if k != subject.text]
        spellings += [w for w in _WRITTEN.get(subject.keys[0], ()) if w != subject.text.lower()]
    return spellings


# Without its capital "US" is a pronoun: a look-up without case tells nothing.
_AMBIGUOUS = frozenset(("us", "pole", "poles", "dane", "swede"))
_WRITTEN: dict[str, tuple[str, ...]] = {
    str(n): (word,) for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split())
} | {"100": ("hundred",), "12": ("twelve", "dozen"), "30": ("thirty",), "40": ("forty",),
     "50": ("fifty",), "1000": ("thousand",)}


def _absent(asked: Asked, absent: Sequence[_Subject], hits: Sequence[Hit], look: _Looker) -> str:
    """Say what no article mentions, and what one mentions in its place."""
    named = [_with_noun(asked, s) for s in absent]
    text = f"No article mentions {_either([n for n, _ in named])}."
    for subject, (_, noun) in zip(absent, named, strict=True):
        last = subject.text.split()[-1]
        if last != subject.text and (count := len(look.together(last))):
            return f"{text[:-1]}; {_articles(count)} {last}."
        near = _in_place(noun, hits) if noun else None
        if near:
            count = len(look.together(near))
            if count:
                return f"{text[:-1]}; {_articles(count)} “{near}”."
    return text


def _with_noun(asked: Asked, subject: _Subject) -> tuple[str, str | None]:
    """A subject with the noun that it qualifies: "Chinese instructors"; and the noun."""
    between = r"(?:[A-Z][\w-]+\s+)?" if subject.kind == "number" else ""
    match = re.search(rf"{re.escape(subject.text)}\s+{between}([a-z][\w-]{{2,}})\b", asked.text)
    if not match:
        return subject.text, None
    after = terms(match[1])
    if len(after) != 1 or after[0].kind != "word" or after[0].text.lower() in _ASKING:
        return subject.text, None
    if subject.kind == "name" and not _of_a_country(subject.text):
        return subject.text, None  # "Bazoum travel", "Mali happen": a verb
    return match[0], after[0].text


def _of_a_country(word: str) -> bool:
    """Whether a word says whose something is: "Chinese", "US"; not a country's own name."""
    return country(word.lower()) not in (None, word.lower())


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
    asked: Asked, firm: Sequence[_Subject], hits: Sequence[Hit], look: _Looker
) -> str:
    """Say that the question's names and its noun are there, but never together."""
    for subject in firm:
        phrase, noun = _with_noun(asked, subject)
        if noun is None:
            continue
        spellings = [*_spellings(subject)]
        if not any(look.together(s, noun, within=_CLOSE) for s in spellings):
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


def _unsaid(firm: Sequence[_Subject], words: Sequence[_Subject], look: _Looker) -> str:
    """Say what is there, and that what was asked about it is not."""
    quoted = _either([f"“{w.text}”" for w in words])
    if firm:
        there = {look.spelling(s): len(look.articles(s)) for s in firm[:_NAMED]}
        told = "; ".join(f"{_articles(n)} {name}" for name, n in there.items())
        told = told[:1].upper() + told[1:]
        if words:
            return f"{told}, but no article has the word {quoted}."
        return f"{told}, but no passage that was read gives what was asked."
    if words:
        return f"No article has the word {quoted}."
    return "The question's words are in the articles, but no passage that was read answers it."


def _articles(count: int) -> str:
    return "one article mentions" if count == 1 else f"{count} articles mention"


def _either(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
