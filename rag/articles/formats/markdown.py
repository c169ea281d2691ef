"""Markdown -> plain text, and what its front matter declares.

What is not the parser's own work (the front matter, odd files, the tags of HTML) is also for those
who read a file again without it: nothing but the standard library is imported until ``parse``.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.articles.formats import markup
from rag.articles.formats.bylines import declared, parse_day
from rag.articles.formats.parsed import Parsed, Unreadable
from rag.articles.formats.plain import decode
from rag.language.labels import LABEL_LINE
from rag.settings import Settings

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FRONT = re.compile(r"\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
# A line of front matter: a field, a comment, an item, or what goes on from the line before. Prose
# between two horizontal rules is none, even where a line of it has a colon.
_FRONT_LINE = re.compile(r"""[\w.-]+[ \t]*:|["'][^"':]+["'][ \t]*:|#|-(?:[ \t]|$)|[ \t]+\S|[\]}]""")
_KNOWN = frozenset((
    "title", "subtitle", "headline", "description", "summary", "abstract", "excerpt", "author",
    "authors", "by", "byline", "publisher", "source", "site", "date", "published", "updated",
    "modified", "lastmod", "layout", "type", "tags", "categories", "category", "keywords", "slug",
    "permalink", "url", "id", "lang", "language", "draft", "aliases", "weight", "image"))
# Its value: the lines of a block scalar (">-"), or what stands behind the colon.
_FIELD = re.compile(
    r"^([A-Za-z][\w-]*)[ \t]*:[ \t]*"
    r"(?:[>|][-+0-9]{0,2}[ \t]*((?:\n[ \t]+\S[^\n]*)*)$|(.*?)[ \t]*$)", re.MULTILINE)
_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
# The parser takes quadratic time on long blocks and on brackets that open links.
_LONGEST_BLOCK = 40_000  # characters
_MOST_BRACKETS_OF_BLOCK = 150
_MOST_BRACKETS = 20_000
_NESTED = re.compile(r"^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*){20}|^[ \t]{80}", re.MULTILINE)
_ELEMENT = re.compile(r"</?[A-Za-z][^<>]*>")
# Tags in a paragraph that end a line; all others may stand in the middle of a word.
BREAK = re.compile(r"</?(?:br|hr|p|div|li|tr|t[dh])\b", re.IGNORECASE)


def parse(data: bytes, settings: Settings) -> Parsed:
    """Read Markdown: markup is dropped, the words stay, one paragraph or list item a line.

    Raises:
        Unreadable: The bytes are not text.
    """
    fields, source = opened(data)
    try:
        blocks, heading = ([source], None) if is_odd(source) else _blocks(_parser().parse(source))
    except MemoryError:
        raise
    except Exception as error:  # whatever a hostile file finds in the parser
        raise Unreadable(f"it is broken Markdown ({type(error).__name__}).") from error
    text = "\n\n".join(blocks)
    byline = declared(text)
    author = fields.get("author") or fields.get("authors") or fields.get("by")
    return Parsed(
        text=text,
        title=fields.get("title") or heading,
        publisher=fields.get("publisher")
        or fields.get("source")
        or fields.get("site")
        or byline.publisher,
        author=author.strip("[]") if author else byline.author,
        published=parse_day(fields.get("date") or fields.get("published") or "")
        or byline.published,
    )


def opened(data: bytes) -> tuple[dict[str, str], str]:
    """Return the fields of the front matter, and the Markdown after it.

    Raises:
        Unreadable: The bytes are not text.
    """
    source = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(source[:20_000])
    if not front or not all(map(_FRONT_LINE.match, front.group(1).split("\n"))):
        return {}, source
    fields = {key.lower(): " ".join(block.split()) or value.strip("\"' ")
              for key, block, value in _FIELD.findall(front.group(1))}
    if not _KNOWN.intersection(fields):
        return {}, source
    return {key: value for key, value in fields.items() if value}, source[front.end() :]


def is_odd(source: str) -> bool:
    """Whether this is no Markdown that a person wrote; it is then read as plain text."""
    if source.count("[") > _MOST_BRACKETS or _NESTED.search(source):
        return True
    return any(
        block.end() - block.start() > _LONGEST_BLOCK
        or source.count("[", block.start(), block.end()) > _MOST_BRACKETS_OF_BLOCK
        for block in _BLOCK.finditer(source)
    )


def strip_tags(source: str) -> str:
    """Return what a block of HTML shows: each tag, comment, script and style becomes a space.

    >>> strip_tags("<p>Tarn&nbsp;<b>Bridge</b>, 3 < 5</p><style>p {}</style>").split()
    ['Tarn', 'Bridge', ',', '3', '<', '5']
    """
    shown = []
    at = 0
    for start, end in [*markup.hidden(source), (len(source), len(source))]:
        shown.append(_ELEMENT.sub(" ", source[at:start]))
        at = end
    return html.unescape(" ".join(shown)).strip()


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"maxNesting": 50}).enable("table")


def _blocks(tokens: list[Token]) -> tuple[list[str], str | None]:
    """The text of every block in order, and the first heading of level one."""
    blocks: list[str] = []
    heading: str | None = None
    markers: list[int | None] = []  # of the open lists: the next number, or None for bullets
    item = ""
    row: list[str] | None = None  # cells of the open table row
    opened = level = ""  # type and tag of the token before
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            first = token.attrGet("start")  # not there if it is 1
            markers.append(None if token.tag != "ol" else 1 if first is None else int(first))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            markers.pop()
        elif token.type == "list_item_open":
            number = markers[-1]
            item = "- " if number is None else f"{number}. "
            markers[-1] = None if number is None else number + 1
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            blocks.append(" | ".join(row))
            row = None
        elif token.type == "inline":
            words = _inline(token.children or [])
            if heading is None and opened == "heading_open" and level == "h1":
                heading = words
            if row is not None:
                row.append(words.replace("\n", " "))
            elif words:
                blocks.append(item + words)
                item = ""
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content.rstrip("\n"))
        elif token.type == "html_block" and (words := strip_tags(token.content)):
            blocks.append(words)
        opened, level = token.type, token.tag
    return blocks, heading


def _inline(children: list[Token]) -> str:
    """The words of a paragraph: wrapped lines are joined, lines like "Serves: 4" are not."""
    text = line = ""
    for child in _shown(children):
        tag = child.type == "html_inline"
        if child.type == "hardbreak" or (tag and BREAK.match(child.content)):
            text, line = f"{text}{line.rstrip(' ')}\n", ""
        elif child.type == "softbreak":
            if line or not text.endswith("\n"):  # else the line has ended already
                text, line = f"{text}{line}\r", ""
        elif not tag:
            content = child.content.replace("\r", " ")  # an image's content is its description
            line += content if line else content.lstrip(" ")
    return _joined((text + line).split("\r")).strip()


def _shown(children: list[Token]) -> Iterator[Token]:
    """The pieces of a paragraph without the scripts and styles that are closed in it."""
    tags = [markup.SCRIPT_TAG.match(child.content) if child.type == "html_inline" else None
            for child in children]
    last = {tag[2].lower(): at for at, tag in enumerate(tags) if tag and tag[1]}
    hidden = ""  # the element that is open
    for at, (child, tag) in enumerate(zip(children, tags, strict=True)):
        name = tag[2].lower() if tag else ""
        if tag and not hidden and not tag[1] and last.get(name, -1) > at:
            hidden = name
        elif tag and tag[1] and name == hidden:
            hidden = ""
        elif not hidden:
            yield child


def _joined(lines: list[str]) -> str:
    r"""Lines that were wrapped in one, parted where two with a label meet.

    >>> _joined(["Serves: 4", "Time: 2 hours", "and more"])
    'Serves: 4\nTime: 2 hours and more'
    """
    text = lines[0]
    for before, line in itertools.pairwise(lines):
        apart = LABEL_LINE.match(before.rpartition("\n")[2]) and LABEL_LINE.match(line)
        text += ("\n" if apart else " ") + line
    return text
