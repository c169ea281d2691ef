"""How many, where the answer is none: "Nobody was hurt" for "How many passengers were hurt?".

A reader looks for a number and takes the nearest one ("214 passengers ...").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.language.opposites import alike
from rag.language.terms import Term, keys, terms
from rag.questions.intent import Asked
from rag.types import Candidate, Hit

_NONE = re.compile(r"\b(?:nobody|no\s+one|none|no\s+(?P<what>[\w’'-]+))\b", re.I)
_HOW_MANY = re.compile(r"\bhow\s+many\s+", re.I)
# "Nobody knows how many died" counts nothing.
_TELLING = frozenset(t.key for t in terms("know tell say sure see claim count understand explain"))
_REACH = 5  # words behind "nobody" in which it must be said of what
# How much surer such a sentence is than the best number that was read beside it.
_AHEAD = 3.0


def candidates(asked: Asked, read: Sequence[Candidate], hits: Sequence[Hit]) -> list[Candidate]:
    """Return the stretches that say "none" to a how-many question, with a margin of their own.

    What the counted things did must be said right behind, and names and numbers be in the passage.
    """
    head = _HOW_MANY.search(asked.text)
    words = [t for t in asked.terms if head and t.start >= head.end()]
    if not words or words[0].kind != "word":
        return []
    best = max((c.margin for c in read), default=0.0)
    return [
        Candidate(hit, hit.passage.start + start, hit.passage.start + end,
                  hit.passage.text[start:end], best, max(best, 0.0) + _AHEAD)
        for hit in hits for start, end in _said(words[0], words[1:], hit)
    ]


def _said(counted: Term, others: Sequence[Term], hit: Hit) -> Iterator[tuple[int, int]]:
    text = hit.passage.text
    if not {t.key for t in others if t.kind != "word"} <= keys(text) | keys(hit.title):
        return
    done = {key for t in others if t.kind == "word" for key in ({t.key} | alike(t.key))}
    for first, last in hit.passage.sentences:
        at = first - hit.passage.start
        for match in _NONE.finditer(text, at, last - hit.passage.start):
            what = match["what"]
            if what and terms(what)[-1].key not in {counted.key} | alike(counted.key):
                continue
            behind = terms(text[match.end() : last - hit.passage.start])[:_REACH]
            present = {t.key for t in behind}
            if done & present and not _TELLING & present:
                yield match.span()
