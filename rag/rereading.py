"""The words of a file by the standard library alone, to check a quote without the parsers.

Plain text is read exactly as an article is. For Markdown, HTML and DOCX the words are read in
their order, markup dropped: enough to see that a quote's words stand there, not at which offset.
A PDF's words are beyond the standard library.
"""

from __future__ import annotations

import html.parser
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Literal

from rag.articles import Found, read
from rag.formats.plain import decode
from rag.settings import Settings
from rag.types import Article

Level = Literal["exact", "words", "file"]

_WORD = re.compile(r"[^\W_]+")
_MARKDOWN_LINK = re.compile(r"\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_TAG = re.compile(r"<[^<>]*>")
# Words of a page (a footnote's number, a caption) that may stand between two of a quote's.
_BETWEEN = 8


class Unreadable(Exception):
    """A file cannot be read again; the message is one plain sentence."""


def level(name: str) -> Level:
    """How closely a file's quotes can be checked, by its name.

    >>> level("a.txt"), level("b.html"), level("c.pdf")
    ('exact', 'words', 'file')
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in (".txt", ".text"):
        return "exact"
    return "file" if suffix == ".pdf" else "words"


def text_of(found: Found, settings: Settings) -> str:
    """The text of a plain text file as an article has it.

    Raises:
        Unreadable: The file is no article.
    """
    article = read(found, settings)
    if not isinstance(article, Article):
        raise Unreadable(article.reason)
    return article.text


def words_of(name: str, data: bytes, settings: Settings) -> tuple[str, ...]:
    """The words of a Markdown, HTML or DOCX file, case dropped, in their order.

    Raises:
        Unreadable: The bytes are not what the name says, or unpack to too much.

    >>> words_of("a.html", b"<p>The <b>old</b> mill</p><script>x</script>", Settings())
    ('the', 'old', 'mill')
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".docx":
        return words(_docx(data, settings))
    source = decode(data)
    if suffix in (".md", ".markdown"):
        return words(html.unescape(_TAG.sub(" ", _MARKDOWN_LINK.sub("]", source))))
    page = _Page()
    page.feed(source)
    page.close()
    return words("".join(page.parts))


def words(text: str) -> tuple[str, ...]:
    """The words of a text, case dropped."""
    return tuple(w.casefold() for w in _WORD.findall(text))


def stand_in(quote: Sequence[str], page: Sequence[str]) -> bool:
    """Whether a quote's words stand in a page's in their order, close together.

    >>> stand_in(("old", "mill"), ("the", "old", "1", "mill")), stand_in(("mill", "old"), ("old",))
    (True, False)
    """
    if not quote:
        return False
    for start in (i for i, word in enumerate(page) if word == quote[0]):
        at = start
        for word in quote[1:]:
            try:
                at = page.index(word, at + 1, at + 2 + _BETWEEN)
            except ValueError:
                break
        else:
            return True
    return False


class _Page(html.parser.HTMLParser):
    """Collects what a page shows; tags that break a line break a word."""

    _HIDDEN = ("script", "style", "template")
    _INLINE = ("b", "i", "em", "strong", "span", "a", "sup", "sub", "u", "small", "mark", "abbr",
               "code", "cite", "q", "s", "del", "ins", "font", "wbr")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._HIDDEN
        if tag not in self._INLINE:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN and self._hidden:
            self._hidden -= 1
        if tag not in self._INLINE:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _docx(data: bytes, settings: Settings) -> str:
    """The characters of a DOCX's document part, a space at every paragraph's end."""
    most = settings.max_expansion * max(len(data), 10_000)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(
                "word/document.xml") as part:
            source = part.read(most + 1)
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError) as error:
        raise Unreadable(f"it is no DOCX file that can be read ({error}).") from error
    if len(source) > most:
        raise Unreadable(f"it unpacks to more than {most:,} bytes.")
    # Tags are dropped, not parsed: no entity is ever expanded.
    flat = re.sub(r"</w:p>|<w:(?:br|tab|cr)\b[^<>]*>", " ", source.decode("utf-8", "replace"))
    return html.unescape(_TAG.sub("", flat))
