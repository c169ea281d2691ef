"""The bytes of a file -> what it says: text, title, publisher, author, day of publication.

Every parser takes bytes and opens nothing else: no file, no link, no URL. What it cannot read
it refuses with ``Unreadable`` and one plain sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from rag.articles.formats.parsed import Hindered, Parsed, Unreadable
from rag.settings import Settings

__all__ = ["SUFFIXES", "Hindered", "Parsed", "Unreadable", "parse"]


def _plain(data: bytes, settings: Settings) -> Parsed:
    from rag.articles.formats import plain

    return plain.parse(data, settings)


def _markdown(data: bytes, settings: Settings) -> Parsed:
    from rag.articles.formats import markdown

    return markdown.parse(data, settings)


def _html(data: bytes, settings: Settings) -> Parsed:
    from rag.articles.formats import html

    return html.parse(data, settings)


def _pdf(data: bytes, settings: Settings) -> Parsed:
    from rag.articles.formats import pdf

    return pdf.parse(data, settings)


def _docx(data: bytes, settings: Settings) -> Parsed:
    from rag.articles.formats import docx

    return docx.parse(data, settings)


# Imported on first use: trafilatura, pypdf and python-docx together take a second to load, and
# a folder of plain text needs none of them.
_PARSERS: dict[str, Callable[[bytes, Settings], Parsed]] = {
    ".txt": _plain,
    ".text": _plain,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".pdf": _pdf,
    ".docx": _docx,
}
SUFFIXES = frozenset(_PARSERS)


def parse(name: str, data: bytes, settings: Settings) -> Parsed:
    """Read a file's bytes by the suffix of its name.

    Raises:
        Unreadable: The bytes are not what the suffix says, hold no text, or go over a cap.
    """
    return _PARSERS[PurePosixPath(name).suffix.lower()](data, settings)
