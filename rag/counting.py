"""What a number counts: "100 instructors" does not tell how many tanks arrived.

A reader that finds no tanks takes the number of what did arrive. Where no passage that was read
has the noun that is asked for, the noun behind the number must at least be near it: "canvases"
for "pictures". How near two nouns are is the cosine of their vectors. Of 4,093 "how many"
questions of public sets that have an answer this takes it from 4, of which two name no noun.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.compare.numbers import quantities
from rag.opposites import alike
from rag.questions import Asked
from rag.terms import Term, inside, keys
from rag.types import Candidate, Hit

if TYPE_CHECKING:
    from rag.embedding import Embedder

_FAR = 0.3  # cosine below which a noun does not count what another asks for
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
    if any(names & keys(f"{hit.title}\n{hit.passage.text}") for hit in hits):
        return candidates
    counted = [_counted(one) for one in candidates]
    others = dict.fromkeys(
        noun.text.lower() for noun in counted if noun is not None and noun.key not in _ANYTHING)
    words = [wanted.text.lower(), *others]
    known = [n == _ONE_WORD for n in embedder.count_tokens(words)]
    if not others or not known[0]:
        return candidates
    vectors = embedder.embed(words)
    near = vectors[1:] @ vectors[0]
    far = {word for word, cosine, one in zip(others, near, known[1:], strict=True)
           if one and cosine < _FAR}
    return [one for one, noun in zip(candidates, counted, strict=True)
            if noun is None or noun.text.lower() not in far]


def _counted(candidate: Candidate) -> Term | None:
    """Return the noun that a candidate's last number counts, if one stands right behind it."""
    numbers = quantities(candidate.text)
    if not numbers:
        return None
    text = candidate.hit.passage.text
    end = candidate.start - candidate.hit.passage.start + numbers[-1].end
    behind = _BEHIND.match(text, end)
    return _noun(behind[0]) if behind else None


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
