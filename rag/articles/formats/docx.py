"""DOCX -> its paragraphs and table rows in order, and its core properties, through python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from docx.oxml.xmlchemy import BaseOxmlElement

from rag.articles.formats.bylines import declared
from rag.articles.formats.parsed import Parsed, Unreadable
from rag.settings import Settings

_SMALL = 1_000_000  # unpacked bytes that are harmless at any ratio
_DEEPEST = 40  # tables and content controls inside each other
# What may stand around paragraphs, rows, cells and runs of words: content controls, custom XML,
# links, fields, and what was put in while changes were tracked. What was taken out is not read.
_WRAPPERS = {qn(f"w:{tag}") for tag in (
    "sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "dir",
    "bdo")}


def parse(data: bytes, settings: Settings) -> Parsed:
    """Read a Word document.

    Raises:
        Unreadable: It is broken, unpacks to far more than its size, or has no text.
    """
    _check_expansion(data, settings)
    try:
        document = docx.Document(io.BytesIO(data))
        text = "\n\n".join(_lines(document.element.body, 0))
        properties = document.core_properties
        title, author = properties.title or None, properties.author or None
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # a broken file breaks zipfile, lxml or python-docx in any place
        raise Unreadable(f"it is a broken Word document ({type(error).__name__}).") from error
    if not text.strip():
        raise Unreadable("it is a Word document without text.")
    author = None if author == "python-docx" else author  # the name of the tool
    byline = declared(text)
    return Parsed(
        text=text,
        title=title,
        publisher=byline.publisher,
        author=author or byline.author,
        published=byline.published,
    )


def _check_expansion(data: bytes, settings: Settings) -> None:
    """Refuse a zip bomb before anything is unpacked.

    The declared sizes can be trusted as a cap: ``zipfile`` never unpacks more than them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, EOFError, OSError) as error:
        raise Unreadable("it is not a Word document, whatever its name says.") from error
    most = settings.max_expansion * len(data)
    if unpacked > _SMALL and unpacked > most:
        raise Unreadable(
            f"it unpacks from {len(data):,} to {unpacked:,} bytes, more than "
            f"max_expansion={settings.max_expansion:,} times."
        )
    if unpacked > 10 * settings.max_file_bytes:
        raise Unreadable(
            f"it unpacks to {unpacked:,} bytes, more than ten times "
            f"max_file_bytes={settings.max_file_bytes:,}."
        )


def _lines(parent: BaseOxmlElement, depth: int) -> Iterator[str]:
    """The paragraphs and table rows under an element in order."""
    for element in _opened(parent, depth):
        if isinstance(element, CT_P):
            runs = (run.text for run in _opened(element, depth) if isinstance(run, CT_R))
            if words := "".join(runs).strip():
                yield words
        elif isinstance(element, CT_Tbl):
            for row in _opened(element, depth):
                if not isinstance(row, CT_Row):
                    continue
                cells = [" ".join(_lines(cell, depth + 1)) for cell in _opened(row, depth)
                         if isinstance(cell, CT_Tc)]
                if any(cells):
                    yield " | ".join(cells)


def _opened(parent: BaseOxmlElement, depth: int) -> Iterator[BaseOxmlElement]:
    """The elements in an element in order; of wrappers, what is in them."""
    if depth > _DEEPEST:
        raise Unreadable(f"its tables are nested more than {_DEEPEST} deep.")
    for element in parent:
        if element.tag in _WRAPPERS:
            yield from _opened(element, depth + 1)
        else:
            yield element
