"""Names typed in small letters: they get the capitals that quotes and articles give them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache

from rag.language.nouns import (
    DEGREES,
    GROUP_NOUNS,
    MEASURES,
    PLACE_NOUNS,
    SITES,
    TITLES,
    is_person,
)
from rag.language.verbs import BARE, VERBS
from rag.language.words import DETERMINERS, is_content, words
from rag.types import Turn

_SENTENCE_END = re.compile(r"[.!?:\n“\"‘]\s*\Z")
_COMMON = DEGREES | GROUP_NOUNS | MEASURES | PLACE_NOUNS | SITES | TITLES | BARE
# What a text may call somebody with a capital, too: "Broadcaster Tele Sahel".
_DOERS = ("er", "or", "ist", "ian", "man", "woman")
_CHARS = 20_000
_ENDS = re.compile(r"[.!?]")


def names(texts: Iterable[str]) -> dict[str, str]:
    """Return the words that texts write with a capital only, by their small form.

    A sentence's first word counts where another capital follows it ("Ann Lee left"); a text
    without a full stop is a heading, whose capitals say nothing.

    Example:
        >>> names(["The baker Jonas Feld was there. Bread is baked by Feld."])
        {'jonas': 'Jonas', 'feld': 'Feld'}
    """
    found: dict[str, str] = {}
    small: set[str] = set()
    for text in texts:
        if not _ENDS.search(text):
            continue
        all_words = list(words(text))
        for at, match in enumerate(all_words):
            word = re.sub(r"['’]s$", "", match[0])
            if not word[:1].isupper():
                small.add(word.casefold())
                continue
            opens = at == 0 or _SENTENCE_END.search(text[: match.start()]) is not None
            after = all_words[at + 1][0] if at + 1 < len(all_words) else ""
            if is_content(word) and not (opens and not after[:1].isupper()):
                found.setdefault(word.casefold(), word)
    return {word: name for word, name in found.items() if word not in small and not _common(word)}


def _common(word: str) -> bool:
    """Whether a word is a noun or a verb also where a name holds it: "the University".

    The ending "-ed" alone makes no verb of it: "Mohamed".
    """
    return word in _COMMON or word in VERBS or is_person(word)


def cased(text: str, known: Mapping[str, str]) -> str:
    """Write the names of a question that is typed in small letters as they are known.

    A word alone behind an article stays: "the canal" is no name, whatever "the Oster Canal" is.
    """
    pieces: list[str] = []
    at = 0
    found = list(words(text))
    for place, match in enumerate(found):
        led = place > 0 and found[place - 1][0].casefold() in DETERMINERS
        behind = found[place + 1][0].casefold() if place + 1 < len(found) else ""
        if led and behind not in known:
            continue
        name = known.get(re.sub(r"['’]s$", "", match[0]))
        if name is not None:
            pieces += [text[at : match.start()], name]
            at = match.start() + len(name)
    return "".join([*pieces, text[at:]])


def cased_as(question: str, texts: Iterable[str]) -> str:
    """Return a question typed in small letters with the capitals that texts give its names.

    >>> cased_as("who is ann lee", ["So the baker Ann Lee said."]), cased_as("Who is Lee?", [])
    ('who is Ann Lee', 'Who is Lee?')
    """
    if any(c.isupper() for c in question[1:]):
        return question
    known = names(line for text in texts for line in text.splitlines())
    return cased(question, {w: name for w, name in known.items() if not w.endswith(_DOERS)})


# A follow-up asks for the same names more than once, and the next one often for them again.
@lru_cache(maxsize=8)
def _names(texts: tuple[str, ...]) -> Mapping[str, str]:
    return names(texts)


def known_in(
    turns: Sequence[Turn], read: Callable[[str], str] | None = None
) -> Mapping[str, str]:
    """Return the names that the quotes of some turns, and their articles, write with capitals."""
    cited = [c for turn in turns for c in turn.answer.citations]
    texts = [c.quote for c in cited]
    for article in dict.fromkeys(c.article for c in cited) if read else ():
        with suppress(KeyError):
            texts += read(article)[:_CHARS].splitlines() if read else []
    return _names(tuple(texts))


def recased(
    turns: Sequence[Turn], read: Callable[[str], str] | None = None
) -> tuple[Turn, ...]:
    """Return turns whose questions have the capitals of their names."""
    if all(any(m[0][:1].isupper() for m in list(words(t.question))[1:]) for t in turns):
        return tuple(turns)  # typed with care
    known = known_in(turns, read)
    return tuple(replace(turn, question=cased(turn.question, known)) for turn in turns)
