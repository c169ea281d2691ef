"""The words of a file by the standard library alone, to check a quote without the parsers.

Plain text is read exactly as an article is. For Markdown, HTML and DOCX the words are read in
their order, markup dropped: enough to see that a quote's words stand there, not at which offset.
Where only Markdown's own parser can tell whether markup parts a word, both readings are there.
A PDF's words are beyond the standard library.
"""

from __future__ import annotations

import html.parser
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from rag.articles.formats import markup
from rag.articles.formats.markdown import BREAK, is_odd, opened, strip_tags
from rag.articles.formats.parsed import Unreadable
from rag.articles.loading import SOFT_HYPHEN, Found, read
from rag.settings import Settings
from rag.types import Article

Level = Literal["exact", "words", "file"]

_WORD = re.compile(r"[^\W_]+")
_XML_TAG = re.compile(r"<[^<>]*>")
# Words of a page (a footnote's number, a caption) that may stand between two of a quote's.
_BETWEEN = 8


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
    if suffix in (".md", ".markdown"):
        return _markdown(data)
    page = _Page()
    page.feed(markup.page(data))
    page.close()
    return words("".join(page.parts))


def words(text: str) -> tuple[str, ...]:
    """The words of a text, case dropped."""
    return tuple(w.casefold() for w in _WORD.findall(text.replace(SOFT_HYPHEN, "")))


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


@dataclass(slots=True)
class _List:
    """A numbered list of a page: its tag's attributes, each item's value, and where it stands."""

    attributes: dict[str, str | None]
    values: list[str | None] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


class _Page(html.parser.HTMLParser):
    """Collects what a page shows; tags that break a line break a word."""

    _HIDDEN = ("script", "style", "template")
    _INLINE = ("b", "i", "em", "strong", "span", "a", "sup", "sub", "u", "small", "mark", "abbr",
               "code", "cite", "q", "s", "del", "ins", "font", "wbr")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0
        self._lists: list[_List | None] = []  # those that are open, None for bullets

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._HIDDEN
        if tag not in self._INLINE:
            self.parts.append(" ")
        if tag in ("ol", "ul"):
            self._lists.append(_List(dict(attrs)) if tag == "ol" else None)
        elif tag == "li" and self._lists and (numbered := self._lists[-1]) is not None:
            numbered.values.append(dict(attrs).get("value"))
            numbered.places.append(len(self.parts))
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ol", "ul") and self._lists:
            self._number(self._lists.pop())
        if tag in self._HIDDEN and self._hidden:
            self._hidden -= 1
        if tag not in self._INLINE:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)

    def close(self) -> None:
        super().close()
        while self._lists:
            self._number(self._lists.pop())

    def _number(self, numbered: _List | None) -> None:
        """Write the numbers of a list that has ended: counting down begins with how many."""
        if numbered is not None:
            found = markup.numbers(numbered.attributes, numbered.values)
            for place, number in zip(numbered.places, found, strict=True):
                self.parts[place] = f" {number} "


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
    shown = re.sub(r"<w:(delText|instrText)\b[^<>]*>[^<]*</w:\1>", "",
                   source.decode("utf-8", "replace"))
    flat = re.sub(r"</w:p>|<w:(?:br|tab|cr|noBreakHyphen)\b[^<>]*>", " ", shown)
    return html.unescape(_XML_TAG.sub("", flat))


# Stands where markup was: whether it parts a word is left open.
_JOINT = "\0"
# Names and rules of CommonMark 0.31, sections 4.6 (HTML blocks) and 6.6 (raw HTML).
_BLOCKS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|"
    "dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|"
    "hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|pre|"
    "script|search|section|source|style|summary|table|tbody|td|textarea|tfoot|th|thead|title|tr|"
    "track|ul")
_ATTRIBUTE = r"""\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?"""
_TAG = rf"<[A-Za-z][A-Za-z0-9-]*(?:{_ATTRIBUTE})*\s*/?>|</[A-Za-z][A-Za-z0-9-]*\s*>"
_TEXT = r"(?:(?!\n[ \t]*\n).)"  # a character, never across an empty line
_MARKUP = re.compile(
    # A fenced block: its text as it stands. No real span of code is longer than a thousand.
    r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*\n"
    r"(?P<block>.*?)(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)"
    rf"|(?<!`)(?P<ticks>`+)(?!`)(?P<code>{_TEXT}{{1,1000}}?)(?<!`)(?P=ticks)(?!`)"
    # Hidden to where it ends: comments, scripts and styles; in a paragraph to its end at most.
    r"|(?P<hiding>(?P<alone>^ {0,3})?<!--|^ {0,3}<(?P<script>(?i:script|style))\b[^<>]*>)"
    rf"|(?P<inline><(?P<name>(?i:script|style))\b[^<>]*>{_TEXT}{{0,1000}}?</(?P=name)\s*>)"
    # A block of HTML; a tag of another name begins one alone on its line, not in a paragraph.
    rf"|^(?:(?= {{0,3}}</?(?i:{_BLOCKS})[\s/>])|(?<![^\n]\n)(?= {{0,3}}(?:{_TAG})[ \t]*$))"
    rf" {{0,3}}(?P<html>{_TEXT}*)"
    r"|^(?P<indent>[ \t>]*)(?:[-*+]|(?P<number>\d{1,9})[.)])(?=[ \t])"
    r"|(?P<end>\n[ \t]*\n(?!\s|\d{1,9}[.)][ \t])|^#{1,6}(?=[ \t]))"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|<(?P<address>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)>"
    rf"|(?P<joint>{_TAG}"
    r"|!\[|\]\((?:<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)"
    r"""(?:\s+(?:"[^"]*"|'[^']*'))?\s*\))"""
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]*);)",
    re.DOTALL | re.MULTILINE)
_PARTS = r"_*[\0*`\[\]][_\0*`\[\]]*"
_CHUNK = re.compile(rf"[^\W_]+(?:{_PARTS}[^\W_]+)*")
_MOST_PARTS = 4  # of a word, up to which every run of them is a reading


def _markdown(data: bytes) -> tuple[str, ...]:
    """The words of Markdown; those with markup inside also in one piece.

    >>> _markdown(b"**O**pen 2*3 `a<b>`, 1 < 2 <i>c</i>")
    ('o', 'open', 'pen', '2', '23', '3', 'a', 'b', '1', '2', 'c')
    """
    _, source = opened(data)
    if is_odd(source):
        return words(source)
    found: list[str] = []
    for chunk in _CHUNK.finditer("".join(_shown(source)).replace(SOFT_HYPHEN, "")):
        parts = words(chunk[0])
        if len(parts) <= _MOST_PARTS:
            ends = range(1, len(parts) + 1)
            found += ["".join(parts[a:b]) for a in range(len(parts)) for b in ends if b > a]
        else:
            found += [*parts, "".join(parts)]
    return tuple(found)


def _shown(source: str) -> Iterator[str]:
    """What Markdown shows, piece by piece, a joint where markup was."""
    ends = markup.Ends(source)
    numbers: dict[int, int] = {}  # of the open lists, by their indentation
    at = 0
    while match := _MARKUP.search(source, at):
        yield source[at : match.start()]
        at = match.end()
        if match["fence"]:
            yield f" {match['block']} "
        elif match["indent"] is not None:
            yield _numbered(match, numbers)
        elif match["end"]:
            numbers.clear()
            yield match["end"]
        elif match["html"]:
            yield f" {strip_tags(match['html'])} "
        elif match["hiding"]:
            at = ends.after(at, match["script"] or "") or at
            yield _JOINT
            if match["alone"] is not None or match["script"]:  # the line is HTML to its end
                rest = source[at : source.find("\n", at) + 1 or len(source)]
                at += len(rest)
                yield f"{strip_tags(rest)}\n"
        elif match["entity"]:
            yield html.unescape(match["entity"])
        elif match["joint"] or match["inline"]:
            yield " " if BREAK.match(match[0]) else _JOINT
        else:
            yield _JOINT + (match["code"] or match["address"] or match["escaped"]) + _JOINT
    yield source[at:]


def _numbered(item: re.Match[str], numbers: dict[int, int]) -> str:
    """A list item's number as written and, as Markdown shows it, counted from its list's first."""
    width = len(item["indent"])
    for deeper in [w for w in numbers if w > width or (w == width and not item["number"])]:
        del numbers[deeper]
    if not item["number"]:
        return item[0]
    numbers[width] = numbers.get(width, int(item["number"]) - 1) + 1
    return f"{item[0]} {numbers[width]} "
