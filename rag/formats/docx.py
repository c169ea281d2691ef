"""DOCX -> its paragraphs and table rows in order, and its core properties, through python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.table import Table, _Cell

from rag.formats.bylines import declared
from rag.formats.parsed import Parsed, Unreadable
from rag.settings import Settings

_SMALL = 1_000_000  # unpacked bytes that are harmless at any ratio
_DEEPEST = 20  # tables inside tables


def parse(data: bytes, settings: Settings) -> Parsed:
    """Read a Word document.

    Raises:
        Unreadable: It is broken, unpacks to far more than its size, or has no text.
    """
    _check_expansion(data, settings)
    try:
        document = docx.Document(io.BytesIO(data))
        text = "\n\n".join(_lines(document, 0))
        properties = document.core_properties
        title, author = properties.title or None, properties.author or None
    except Unreadable:
        raise
    except Exception as error:  # a broken file breaks zipfile, lxml or python-docx in any place
        raise Unreadable(f"it is a broken Word document ({type(error).__name__}).") from error
    if not text.strip():
        raise Unreadable("it is a Word document without text.")
    author = None if author == "python-docx" else author  # the name of the tool
    return Parsed(text=text, title=title, author=author, published=declared(text).published)


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


def _lines(parent: Document | _Cell, depth: int) -> Iterator[str]:
    for block in parent.iter_inner_content():
        if isinstance(block, Table):
            if depth == _DEEPEST:
                raise Unreadable(f"its tables are nested more than {_DEEPEST} deep.")
            for row in block.rows:
                cells = [" ".join(_lines(cell, depth + 1)) for cell in row.cells]
                if any(cells):
                    yield " | ".join(cells)
        elif block.text.strip():
            yield block.text.strip()
