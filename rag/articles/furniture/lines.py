"""Text -> its lines with what the signs need to know of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.articles.furniture import signs
from rag.language import sentences
from rag.language.paragraphs import paragraphs
from rag.types import Span

_STOPS = re.compile(r"[.!?…][\"'”’»)\]]*$")


@dataclass(slots=True)
class Line:
    """A paragraph of the text; ``marked`` once it is known to be furniture.

    Attributes:
        start: First character in the text.
        end: One past the last.
        text: The line itself.
        folded: As the patterns see it (``signs.fold``); empty if it is too long to be a sign.
        sentences: Spans of its sentences in the text.
        prose: Whether it ends as a sentence does.
        marked: Whether it is furniture.
    """

    start: int
    end: int
    text: str
    folded: str
    sentences: tuple[Span, ...]
    prose: bool
    marked: bool = False

    @property
    def words(self) -> int:
        """Number of words."""
        return len(self.text.split())

    @property
    def headline(self) -> bool:
        """Whether it could be the headline of another story."""
        if self.text.endswith(":"):
            return False
        asks = len(self.sentences) == 1 and self.text[-1] in "?!…" and self.words < 25
        return asks or not self.prose

    @property
    def teaser(self) -> bool:
        """Whether it is what stands beside a headline: a date, a time to read, a button."""
        return signs.TEASER.fills(self.folded) or signs.is_control(self.folded)


def read(text: str) -> list[Line]:
    """Cut the text into its lines, none of them marked."""
    return [Line(*fields) for fields in _read(text)]


_Fields = tuple[int, int, str, str, tuple[Span, ...], bool]


@lru_cache(maxsize=2)  # an article is marked and outlined one after the other
def _read(text: str) -> tuple[_Fields, ...]:
    lines: list[_Fields] = []
    every = iter(sentences.split(text))
    sentence = next(every, None)
    for start, end in paragraphs(text):
        inside: list[Span] = []
        while sentence is not None and sentence[0] < end:
            inside.append(sentence)
            sentence = next(every, None)
        line = text[start:end]
        folded = signs.fold(line) if end - start <= signs.LONGEST_SIGN else ""
        stops = bool(_STOPS.search(line[-4:]))
        prose = stops and (len(inside) > 1 or line.count(" ") >= 3)
        lines.append((start, end, line, folded, tuple(inside), prose))
    return tuple(lines)
