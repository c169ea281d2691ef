"""The sentences of passages, each with what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.terms import keys
from rag.types import Hit

# Sentences back in which "he" or "the country" may have its name.
CHAIN = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article.

    Attributes:
        hit: The passage it is in.
        start: First character in the article's text.
        end: One past the last.
        text: The words.
        before: The sentence before it in the passage; empty for the first.
        chain: The few sentences before it.
    """

    hit: Hit
    start: int
    end: int
    text: str
    before: str
    chain: str

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands: the article and the first character."""
        return self.hit.passage.article, self.start

    @property
    def around(self) -> frozenset[str]:
        """Keys of the words in which a name that it leaves out may stand."""
        return keys(self.hit.title) | keys(self.chain)


def sentences(hits: Sequence[Hit]) -> Iterator[Sentence]:
    """Yield the sentences of passages, those that several passages hold once."""
    seen = set()
    for hit in hits:
        passage = hit.passage
        before = ""
        far: list[str] = []
        for start, end in passage.sentences or ((passage.start, passage.end),):
            text = passage.text[start - passage.start : end - passage.start]
            made = Sentence(hit, start, end, text, before, " ".join(far[-CHAIN:]))
            if made.place not in seen:
                seen.add(made.place)
                yield made
            before = text
            far.append(text)
