"""What a number counts: "100 instructors" does not tell how many tanks arrived.

A reader that finds no tanks takes the number of what did arrive. Where no passage that was read
has the noun that is asked for, the noun behind the number must at least be near it: "canvases"
for "pictures". Where one counts it ("2,300 houses"), a number of something else ("51 boats") does
not tell of it unless both mean nearly the same. How near two nouns are is the cosine of their
vectors. Of 4,093 "how many" questions of public sets that have an answer the first takes it from
4, of which two name no noun, and the second from 9, four different questions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from rag.articles.quotes import sentences_within
from rag.compare.numbers import quantities
from rag.language.opposites import alike
from rag.language.terms import Term, inside, keys
from rag.questions.intent import Asked
from rag.types import Candidate, Hit

if TYPE_CHECKING:
    from rag.encoding.embedding import Embedder

# Cosine below which a noun does not count what another asks for: where no passage has that one,
# and where one counts it.
_FAR, _APART = 0.3, 0.6
_HOW_MANY = re.compile(
    r"\b(?:how\s+many|number\s+of)((?:\s+[\w’'-]+){1,5})", re.I)
_BEHIND = re.compile(r"(?:[ \u00a0-](?:of\s+(?:the|its|his|her|their)\s+)?[\w’'-]+){1,4}")
_PLURALS = frozenset("people men women children police troops crew staff".split())
# What may be counted under any name, and what counts nothing by itself.
_ANYTHING = keys("people persons men women humans individuals souls lives times ways units copies "
                 "items things pieces cases examples kinds types sorts forms pages dead")
_ONE_WORD = 3  # tokens of a word that the embedder knows whole, special tokens included


def counting(
    asked: Asked, candidates: Sequence[Candidate], hits: Sequence[Hit], embedder: Embedder
) -> Sequence[Candidate]:
    """Return the candidates without those whose number counts something else than is asked for.

    Args:
        asked: The question; only one that asks "how many" has candidates taken out.
        candidates: The spans that a reader found.
        hits: All passages that were read.
        embedder: What the passages were found with; a noun that it does not know as one word
            is never held to be far from another.
    """
    head = _HOW_MANY.search(asked.text)
    wanted = _noun(head[1]) if head else None
    if wanted is None or wanted.key in _ANYTHING or quantities(f"2 {wanted.text}")[0].unit:
        return candidates  # "tons" are told in tonnes, too
    names = {wanted.key} | alike(wanted.key)
    if not any(names & (keys(hit.title) | keys(hit.passage.text)) for hit in hits):
        least = _FAR
    elif any(noun.key in names for hit in hits for noun in _nouns(hit.passage.text)):
        least = _APART
    else:
        return candidates
    counted = [None if names & keys(_sentence(one)) else _counted(one) for one in candidates]
    others = dict.fromkeys(
        noun.text.lower() for noun in counted if noun is not None and noun.key not in _ANYTHING)
    far = _far(wanted.text.lower(), tuple(others), least, embedder)
    return [one for one, noun in zip(candidates, counted, strict=True)
            if noun is None or noun.text.lower() not in far]


def _far(word: str, others: Sequence[str], least: float, embedder: Embedder) -> Collection[str]:
    """Return those of some nouns whose cosine with a noun is below the least."""
    if not others:
        return ()
    known = [n == _ONE_WORD for n in embedder.count_tokens([word, *others])]
    if not known[0]:
        return ()
    vectors = embedder.embed([word, *others])
    near = vectors[1:] @ vectors[0]
    return {other for other, cosine, one in zip(others, near, known[1:], strict=True)
            if one and cosine < least}


def _sentence(candidate: Candidate) -> str:
    low, high = sentences_within(candidate.hit, candidate.start, candidate.end)
    return candidate.hit.passage.text[low:high]


def _nouns(text: str) -> Iterator[Term]:
    """Yield what is counted in a text: the nouns that stand right behind a number."""
    for number in quantities(text):
        noun = _behind(text, number.end)
        if noun is not None:
            yield noun


def _counted(candidate: Candidate) -> Term | None:
    """Return the noun that a candidate's last number counts, if one stands right behind it."""
    numbers = quantities(candidate.text)
    if not numbers:
        return None
    passage = candidate.hit.passage
    return _behind(passage.text, candidate.start - passage.start + numbers[-1].end)


def _behind(text: str, end: int) -> Term | None:
    words = _BEHIND.match(text, end)
    return _noun(words[0]) if words else None


def _noun(words: str) -> Term | None:
    """Return the first plural of a few words, unless a small word comes before it.

    >>> _noun("Russian military instructors have"), _noun("have arrived in barracks")
    (Term(text='instructors', start=17, end=28, key='instructor', kind='word'), None)
    """
    for term in inside(words):
        word = term.text.lower()
        if term.kind == "empty" and word not in ("of", "the", "other", "more"):
            return None
        plural = word.endswith("s") and not word.endswith("ss")
        if word in _PLURALS or (term.kind == "word" and plural):
            return term
    return None
