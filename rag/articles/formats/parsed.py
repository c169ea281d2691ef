"""What a parser returns, and how it refuses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


class Unreadable(Exception):
    """A file cannot be read as what its suffix says; the message is one plain sentence.

    Never leaves ``rag.articles.loading``, which turns it into ``Skipped``.
    """


class Hindered(Unreadable):
    """The moment was in the way, not what the file holds: another time it may be read."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file says, before its text is normalised.

    Attributes:
        text: The text, paragraphs on lines of their own.
        title: The title that the file declares, if it does.
        publisher: Who published it, if the file tells.
        author: Who wrote it, if the file tells.
        published: Day of publication, if the file tells.
    """

    text: str
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: dt.date | None = None
