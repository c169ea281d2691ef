"""PDF -> text, page after page, lines joined to paragraphs, through pypdf."""

from __future__ import annotations

import io
import logging
import re
import time

from pypdf import PdfReader
from pypdf.errors import DependencyError

from rag.articles.formats.bylines import declared
from rag.articles.formats.parsed import Hindered, Parsed, Unreadable
from rag.language.paragraphs import paragraphs
from rag.settings import Settings

_LONGEST = 60.0  # seconds that the pages of one file may take
logging.getLogger("pypdf").addHandler(logging.NullHandler())  # it reports every oddity to stderr
_HYPHENATED = re.compile(
    r"(?P<left>[^\W\d_]+)(?P<hyphen>[-\u00ad\u2010])\n(?P<right>[^\W\d_]+)")
_LIGATURES = {0xFB00 + at: letters for at, letters in enumerate(
    ("ff", "fi", "fl", "ffi", "ffl", "st", "st"))}
_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)*(?![\w-])")


def parse(data: bytes, settings: Settings) -> Parsed:
    """Read the text layer of a PDF.

    Raises:
        Unreadable: It is broken, locked by a password, has no text layer, or goes over a cap.
        Hindered: It takes too long, as it may on a busy machine only.
    """
    if b"%PDF-" not in data[:1024]:
        raise Unreadable("it is not a PDF, whatever its name says.")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("it is locked by a password.")
        text = _pages(reader, settings).translate(_LIGATURES)
        info = reader.metadata
        title = str(info.title) if info and info.title else None
        author = str(info.author) if info and info.author else None
    except (Unreadable, MemoryError):
        raise
    except RecursionError:
        raise Unreadable("its structure is nested too deep.") from None
    except DependencyError:
        raise Unreadable("it is encrypted in a way that is not read; save it unlocked.") from None
    except Exception as error:  # a broken file breaks pypdf in any place
        raise Unreadable(f"it is a broken PDF ({type(error).__name__}).") from error
    if not text.strip():
        raise Unreadable("it is a PDF without text; scanned pages are not read.")
    text = join_lines(text)
    byline = declared(text)
    return Parsed(
        text=text,
        title=title,
        publisher=byline.publisher,
        author=author or byline.author,
        published=byline.published,
    )


def _pages(reader: PdfReader, settings: Settings) -> str:
    count = len(reader.pages)
    if count > settings.max_pages:
        raise Unreadable(f"it has {count:,} pages, more than max_pages={settings.max_pages:,}.")
    until = time.monotonic() + _LONGEST

    def check_time(*_: object) -> None:  # before every drawing operation, nested forms included
        if time.monotonic() > until:
            raise Hindered(f"its pages take longer than {_LONGEST:.0f} seconds to read.")

    pages: list[str] = []
    length = 0
    for page in reader.pages:
        check_time()
        pages.append(page.extract_text(visitor_operand_before=check_time))
        length += len(pages[-1])
        if length > settings.max_text_chars:
            break  # the caller refuses it by its length
    return "\n".join(pages)


def join_lines(text: str) -> str:
    """Put every paragraph on one line, and words that were hyphenated at a line end together.

    The hyphen stays where the document itself says so: the hyphenated word stands elsewhere
    ("state-owned"), or both halves are words of it and the whole is not. A soft one never stays.
    """
    words = set(_WORD.findall(_HYPHENATED.sub(" ", text).lower()))

    def whole(match: re.Match[str]) -> str:
        left, right = match["left"].lower(), match["right"].lower()
        compound = f"{left}-{right}" in words or (left in words and right in words)
        kept = compound and left + right not in words and match["hyphen"] != "\u00ad"
        hyphen = "-" if kept else ""
        return f"{match['left']}{hyphen}{match['right']}"

    joined = (_HYPHENATED.sub(whole, text[start:end]) for start, end in paragraphs(text))
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in joined)
