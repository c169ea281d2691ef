"""Questions that an article puts itself: "Can I bring a dog? No.", of a list of questions.

The words of such a question are never a statement. Where it is the one that is asked, and what
stands behind it begins with yes or no, that answers it. Nor is all of a question asked for, or
enough of it to be answered: "Did she say why?", "Did Ann Bell do it?".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from rag.evidence.negation import negated
from rag.language.demonyms import country
from rag.language.opposites import alike
from rag.language.terms import content
from rag.questions.intent import Asked, analyse
from rag.types import Hit
from rag.yesno.figures import bound_words, scales

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
# What somebody comments on is seldom said again: "Turkey has not commented."
_REMARKED = re.compile(r"\b(?:comment|respond|repl[iy])(?:e?d)?\s+"
                       r"(?P<on>(?:on|to)\s+(?:the|this|these)\s+[a-z]+)\s*\?*\Z", re.I)
# "Wasn't he arrested?" asks whether he was.
_NEGATIVE = re.compile(r"\A(?P<verb>is|are|was|were|do|does|did|has|have|had|could|would|should|"
                       r"must|wo|ca)n['’]t\b", re.I)
_WHOLE = {"wo": "Will", "ca": "Can"}
# A question within the question: "Did she say why?".
_WITHIN = re.compile(
    r"\b(?P<told>sa(?:y|ys|id|ying)|t(?:ell|ells|old)|kn(?:ow|ows|ew|own)|clear|expla\w+|reveal\w*|"
    r"disclos\w+|announc\w+|decid\w+|certain|sure|underst\w+|f(?:ind|ound)\s+out|learn\w*|"
    r"established?|determin\w+|ask(?:s|ed)?)"
    r"\s+(?:(?:exactly|yet|the\s+\w+|\w+)\s+)?(?P<wh>who|whom|whose|what|when|where|why|how|which|"
    r"whether|if)\b", re.I)
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


def affirmed(question: str) -> str:
    """Return a question without the "n't" of its first word, which does not turn what it asks."""
    match = _NEGATIVE.match(question)
    if match is None:
        return question
    return _WHOLE.get(match["verb"].lower(), match["verb"]) + question[match.end() :]


def nameless(asked: Asked) -> bool:
    """Tell whether a question says nothing of what it names: "Did Ann Bell do it?"."""
    if asked.words:
        return False
    if len(asked.terms) < 2 or re.match(r"(?:do|does|did)\b", asked.text, re.I):
        return True
    names = asked.names
    return len(names) == len(asked.terms) and all(
        b.start - a.end == 1 and country(b.text.lower()) is None for a, b in pairwise(names))


def unasked(asked: Asked) -> set[int]:
    """Return where the words of a question begin that a sentence need not have."""
    found = bound_words(asked) | scales(asked) | {t.start for t in asked.terms if t.key == "while"}
    if remarked := _REMARKED.search(asked.text):
        found |= {t.start for t in asked.terms if t.start >= remarked.start("on")}
    return found


def unanswered(asked: Asked, sentence: str) -> bool:
    """Tell whether a question holds another that a sentence does not: "Did she say why?"."""
    mine = _WITHIN.search(asked.text)
    if mine is None:
        return False
    theirs = {m["wh"].lower() for m in _WITHIN.finditer(sentence)}
    return mine["wh"].lower() not in theirs
