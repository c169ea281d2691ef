"""The sentences of passages with what stands around them, where "it" or "Tull" has its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.language.phrasal import plain
from rag.language.terms import Term, inside, terms
from rag.questions.intent import Asked
from rag.types import Hit

# Sentences back in which "he" or "the country" may have its name.
CHAIN = 3
PRONOUN = re.compile(r"(?:She|He|It|They|Her|His|Its|Their)\b")
# Asks what somebody has: "Had she a child?", but not "Has her team won?".
HAVING = re.compile(
    r"(?:did|does|do)\b.*\bhave\b|(?:has|have|had)\b.*?\b(?:an?|any|children|sons?|daughters?)\b",
    re.I)
OWNED = re.compile(r"(?:His|Her|Its|Their)\b")
_OPENING = 6  # words of a sentence among which its subject stands


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage.

    Attributes:
        hit: The passage.
        start: First character of the sentence in the article.
        end: One past its last.
        text: Its words, phrasal verbs as single words.
        before: The sentence before it.
        chain: That, and those before it.
        whole: The title and all passages of the article that were found.
    """

    hit: Hit
    start: int
    end: int
    text: str
    before: str
    chain: str
    whole: str


def meant_by(asked: Asked, sentence: Sentence) -> int:
    """Return where the question's subject begins that a sentence calls "it", or -1.

    Only where the sentence before begins with it: "The bridge is long. It was closed."
    """
    subject = next((t for t in asked.terms if t.kind == "word"), None)
    opening = {t.key for t in terms(sentence.before)[:_OPENING]}
    if subject is None or not PRONOUN.match(sentence.text) or subject.key not in opening:
        return -1
    return subject.start if re.match(r"\w+\s+(?:the|this|that|its|his|her|their)\s",
                                     asked.text, re.I) else -1


def of_another(asked: Asked, sentence: Sentence, name: Term) -> bool:
    """Tell whether a name of the question, not in a sentence, is told apart from what is there.

    "Its profits fell" behind a sentence that begins with Brae is of Brae, and not of Tolm. "A lower
    court" is not the Supreme Court.

    Args:
        asked: The question.
        sentence: The sentence.
        name: The name.
    """
    for one, two in pairwise(asked.names):
        other = two if one == name else one
        if name in (one, two) and two.start - one.end == 1 and re.search(
                rf"\b{re.escape(other.text.lower())}\b", sentence.text) and (
                other.text not in sentence.text):
            return True
    if not OWNED.match(sentence.text) or HAVING.match(asked.text):
        return False  # "Their child": they had one, whoever is meant
    before = inside(sentence.before)
    first = next((t for t in before if t.kind != "empty"), None)
    return (first is not None and first.kind == "name" and name.key not in {t.key for t in before}
            and first.key not in {t.key for t in asked.terms})


def first_names(asked: Asked, sentence: Sentence, present: set[str]) -> set[str]:
    """Return the first names of those whom a sentence calls by the last: "Tull", of Gordon Tull.

    Only where the title or a passage of the article has the whole name.
    """
    found: set[str] = set()
    for one, last in zip(asked.names, asked.names[1:], strict=False):
        name = asked.text[one.start : last.end]
        if last.start - one.end == 1 and last.key in present and name in sentence.whole:
            found.add(one.key)
    return found


def sentences(hits: Sequence[Hit]) -> Iterator[Sentence]:
    """Yield the sentences of passages, each once."""
    seen = set()
    whole: dict[str, str] = {}
    for hit in hits:
        read = whole.get(hit.passage.article, hit.title)
        whole[hit.passage.article] = f"{read}\n{hit.passage.text}"
    for hit in hits:
        passage = hit.passage
        spans = passage.sentences or ((passage.start, passage.end),)
        before = ""
        far: list[str] = []
        for start, end in spans:
            text = plain(passage.text[start - passage.start : end - passage.start])
            if (passage.article, start) not in seen:
                seen.add((passage.article, start))
                yield Sentence(hit, start, end, text, before, " ".join(far[-CHAIN:]),
                                whole[passage.article])
            before = text
            far.append(text)
