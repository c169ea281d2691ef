"""Questions that an article puts itself: "Can I bring a dog? No.", of a list of questions.

The words of such a question are never a statement. Where it is the one that is asked, and what
stands behind it begins with yes or no, that answers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from rag.evidence.negation import negated
from rag.language.opposites import alike
from rag.language.terms import content
from rag.questions.intent import Asked, analyse
from rag.types import Hit

_REPLY = re.compile(r"\W*(?P<says>yes|no)\b\s*(?:[.,;:!—–]|\Z)", re.I)
# "Yes, but only in May" is neither.
_LIMITED = re.compile(r"\b(?:but|only|unless|except|if|provided|although|however|not\s+always)\b",
                      re.I)
# Questions that ask for different things with the same words: "Can I?", "Must I?".
_MODES = (
    re.compile(r"\b(?:can|could|may|allowed|permitted)\b", re.I),
    re.compile(r"\b(?:must|should|(?:have|has|had|need|needs)\s+to|necessary|required)\b", re.I),
    re.compile(r"\b(?:all|every|each|only|always|still|before|after|with|without|for|against)\b",
               re.I),
)
Reply = tuple[Hit, int, int, Literal["yes", "no"]]


def is_posed(sentence: str) -> bool:
    """Tell whether a sentence asks, or quotes somebody who asks."""
    return "?" in sentence


def replies(asked: Asked, hits: Sequence[Hit]) -> Iterator[Reply]:
    """Yield the questions of passages that are the one that is asked, with the reply behind them.

    Yields:
        The passage, the span of its article from the question to the end of the reply, and what
        the reply says.
    """
    for hit in hits:
        passage = hit.passage
        spans = passage.sentences
        texts = [passage.text[a - passage.start : b - passage.start] for a, b in spans]
        for at in range(len(spans) - 1):
            reply = _REPLY.match(texts[at + 1])
            if reply is None or not texts[at].rstrip("\"'”’* \n").endswith("?"):
                continue
            if _LIMITED.search(texts[at + 1]) or not _same(asked, texts[at]):
                continue
            last = at + 1
            if reply.end() >= len(texts[last].rstrip()) and last + 1 < len(spans):
                between = slice(spans[last][1] - passage.start, spans[last + 1][0] - passage.start)
                # "No. Dogs are not carried."
                last += "\n\n" not in passage.text[between]
                if _LIMITED.match(texts[last]):
                    continue
            says = reply["says"].lower()
            yield hit, spans[at][0], spans[last][1], "yes" if says == "yes" else "no"


def _same(asked: Asked, posed: str) -> bool:
    """Tell whether a question has the words of another, its names in the same order."""
    other = analyse(posed)
    mine, theirs = content(asked.text), content(other.text)
    for some, others in ((mine, theirs), (theirs, mine)):
        keys = {t.key for t in others}
        if any(t.key not in keys and not alike(t.key) & keys for t in some):
            return False
    return (
        [t.key for t in asked.names] == [t.key for t in other.names]
        and negated(asked.text, asked) == negated(other.text, asked)
        and all({m.lower() for m in mode.findall(asked.text)} == {
            m.lower() for m in mode.findall(other.text)} if mode is _MODES[2]
                else bool(mode.search(asked.text)) == bool(mode.search(other.text))
                for mode in _MODES)
    )
