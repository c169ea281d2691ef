"""Whether somebody is "he" or "she": by what the articles call them, and by how a name ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice

from rag.conversation.mentions import Mention, mentions
from rag.conversation.said import Role, Said
from rag.language.nouns import TITLES
from rag.language.words import words

Read = Callable[[str], str]
GENDER = {
    **dict.fromkeys("he him his himself".split(), "he"),
    **dict.fromkeys("she her hers herself".split(), "she"),
}
_OWNS = re.compile(r"\s+[a-z]{3,}")
_ENDING = 2.0
_PLACES = 20  # where an article names somebody; and what is read before each
_BEFORE = 60
_SENTENCE = re.compile(r"[^.!?\n\"“”]{0,200}")
_GOES_ON = re.compile(r"[.!?]\s+(He|She)\b")
_SUBJECT = re.compile(r"(?:\A|[.!?\n]\s*)(?:[A-Z][\w.]*\s+){0,3}\Z")
_SOMEBODY = ("person", "group", "name")


def sounds(pronoun: str, mention: Mention) -> float:
    """Weigh a given name's ending: most English names in -a are women's, few are men's."""
    called = GENDER.get(pronoun.casefold())
    parts = [p for p in mention.text.split() if p.casefold().rstrip(".") not in TITLES]
    if called is None or mention.kind != "person" or len(parts) < 2 or parts[0][-1:] != "a":
        return 0.0
    return _ENDING if called == "she" else -_ENDING


def told(name: str, texts: Sequence[Said], roles: Sequence[Role] = ("quote",)) -> str | None:
    """Return what quotes, or other texts, call somebody: "she", of "Ann Bell left her house".

    The first such word behind the name, in its sentence and before any other person's name.
    """
    for said in texts:
        at = said.text.find(name) if said.role in roles and name[:1].isupper() else -1
        if at < 0:
            continue
        at += len(name)
        others = [m.start for m in said.found if m.kind == "person" and m.is_name and m.start >= at]
        called = _first(said.text[at:], min(others, default=len(said.text)) - at)
        if called is not None:
            return called
    return None


def _first(text: str, end: int) -> str | None:
    """Return what the words behind a name, up to a place in them, call somebody first."""
    for word in words(text[:end]):
        called = GENDER.get(word[0].casefold())
        # "Colm Reidy praised her": whom he praised is somebody else.
        whom = word[0].casefold() in ("him", "her") and not (
            word[0].casefold() == "her" and _OWNS.match(text, word.end()))
        if called is not None and not whom:
            return called
    return None


def called_in(name: str, text: str) -> str | None:
    """Return what an article calls somebody wherever it names them; None where it is not sure.

    Read is the sentence behind the name, as far as the next person or name, and whether the next
    sentence goes on with "He" or "She" where the name begins its own. Where two places differ,
    nothing is known.
    """
    found: set[str] = set()
    surname = re.escape(name.split()[-1])
    before = re.findall(rf"\b([A-Z][\w’-]*\w)\.?[^\S\n]+{surname}\b", text)
    namesakes = {w for w in before if w.casefold() not in TITLES} - set(name.split())
    if len(namesakes) > (" " not in name):
        return None  # a family: the surname may mean another of it
    places = re.finditer(rf"\b{surname}\b(?!['’]s)", text)
    for place in islice(places, _PLACES):
        sentence = _SENTENCE.match(text, place.end())
        behind = sentence[0] if sentence else ""
        others = [m.start for m in mentions(behind) if m.kind in _SOMEBODY]
        called = _first(behind, min(others, default=len(behind)))
        goes_on = _GOES_ON.match(text, place.end() + len(behind))
        subject = _SUBJECT.search(text, max(0, place.start() - _BEFORE), place.start())
        if called is None and not others and goes_on and subject:
            called = GENDER[goes_on[1].casefold()]
        found |= {called} if called else set()
    return found.pop() if len(found) == 1 else None


def called_otherwise(pronoun: str, name: str, articles: Sequence[str], read: Read) -> bool:
    """Whether one of some articles calls somebody "he" whom a question calls "she".

    Args:
        pronoun: The question's word.
        name: Whom it may mean.
        articles: Names of articles; one that is gone says nothing.
        read: Returns the text of an article by its name, or raises KeyError.
    """
    called = GENDER.get(pronoun.casefold())
    for article in articles if called else ():
        with suppress(KeyError):
            if called_in(name, read(article)) not in (None, called):
                return True
    return False
