"""Answers as articles give them, the sides that they make, and the values of their words."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from rag.compare.dates import Date, dates
from rag.compare.numbers import Quantity, quantities


@dataclass(frozen=True, slots=True)
class Claim:
    """One answer as one article gives it.

    Attributes:
        text: The exact words of the answer.
        sentence: The sentence that holds them.
        article: Name of the article.
        published: Day of the article's publication, if known.
        probability: Probability that this answers the question rightly.
        title: Title of the article.
        passage: The text around the sentence: it tells one event from another.
        offset: Where the answer starts in its sentence; found by its words when None.
    """

    text: str
    sentence: str
    article: str
    published: dt.date | None = None
    probability: float = 1.0
    title: str = ""
    passage: str = ""
    offset: int | None = None

    @property
    def context(self) -> str:
        """Everything known around the answer."""
        return f"{self.title}\n{self.passage or self.sentence}"

    @property
    def span(self) -> tuple[int, int] | None:
        """Where the answer stands in its sentence; None where it does not stand there.

        A number is looked for as a whole word first: "5" is not in "15".
        """
        at = self.offset
        if at is None or self.sentence[at : at + len(self.text)] != self.text:
            whole = re.search(rf"(?<!\w){re.escape(self.text)}(?!\w)", self.sentence)
            at = whole.start() if whole else self.sentence.find(self.text)
        return (at, at + len(self.text)) if at >= 0 else None

    @property
    def rest(self) -> str:
        """The sentence without the answer."""
        if self.span is None:
            return self.sentence
        return f"{self.sentence[: self.span[0]]} … {self.sentence[self.span[1] :]}"


@dataclass(frozen=True, slots=True)
class Side:
    """One side: answers that can all be right together.

    Attributes:
        claims: The answers, most probable first; the first one's words are shown.
        sources: How many independent sources say so: copies of one text count once.
    """

    claims: tuple[Claim, ...]
    sources: int

    @property
    def text(self) -> str:
        """The exact words that are shown for the side."""
        return self.claims[0].text

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that say so."""
        return tuple(dict.fromkeys(c.article for c in self.claims))

    @property
    def published(self) -> dt.date | None:
        """The newest day on which an article said so, if known."""
        return max((c.published for c in self.claims if c.published), default=None)


@dataclass(frozen=True, slots=True)
class Sides:
    """What answers that exclude each other come to.

    Attributes:
        kind: "disputed", or "updated" where a later article supersedes an earlier one.
        sides: At least two, the newest first, undated ones last, then by sources.
        why: One plain line for the trace.
    """

    kind: Literal["disputed", "updated"]
    sides: tuple[Side, ...]
    why: str


def quantity_of(claim: Claim) -> Quantity | None:
    """The number that an answer gives, hedges and units in its sentence included.

    >>> quantity_of(Claim("100", "More than 100 people came.", "a.txt")).low
    100.0
    >>> quantity_of(Claim("5", "It is 5 miles long.", "a.txt")).unit.name
    'mile'
    """
    inside = quantities(claim.text)
    if claim.span is None:
        return inside[0] if inside else None
    at, end = claim.span
    read = quantities(claim.sentence)
    here = [q for q in read if q.start < end and at < q.end]
    if here and any(_TOTAL.fullmatch(claim.sentence[q.end : here[0].start]) for q in read
                    if q.end < here[0].start):
        return None  # "forty" of "eleven of its forty piles" counts what there is in all
    return next(iter((*here, *inside)), None)


_TOTAL = re.compile(r"\s+(?:out\s+)?of\s+(?:the|its|their|these|those|his|her|our|all)\s+")


def dates_of(claim: Claim) -> tuple[Date, ...]:
    """The dates that an answer gives, resolved against the article's day."""
    if claim.span is None:
        return dates(claim.text, claim.published)
    at, end = claim.span
    return tuple(d for d in dates(claim.sentence, claim.published) if d.start < end and at < d.end)


_YES = re.compile(r"\s*(?:yes|yeah|true|correct)\b", re.IGNORECASE)
_NO = re.compile(r"\s*(?:no|nope|false|not)\b(?!\s+one)", re.IGNORECASE)


def polarity(text: str) -> bool | None:
    """True for yes, False for no, None for neither.

    >>> polarity("Yes"), polarity("no, it was not"), polarity("perhaps")
    (True, False, None)
    """
    return True if _YES.match(text) else False if _NO.match(text) else None
