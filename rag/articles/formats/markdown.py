"""Markdown -> plain text, and what its front matter declares.

What is not the parser's own work (the front matter, odd files, the tags of HTML) is also for those
who read a file again without it: nothing but the standard library is imported until ``parse``.
"""

from __future__ import annotations

import html
import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.articles.formats.bylines import declared, parse_day
from rag.articles.formats.parsed import Parsed, Unreadable
from rag.articles.formats.plain import decode
from rag.language.labels import LABEL_LINE
from rag.settings import Settings

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FRONT = re.compile(r"\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z][\w-]*)[ \t]*:[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
# The parser takes quadratic time on long blocks and on brackets that open links.
_LONGEST_BLOCK = 40_000  # characters
_MOST_BRACKETS_OF_BLOCK = 150
_MOST_BRACKETS = 20_000
_NESTED = re.compile(r"^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*){20}|^[ \t]{80}", re.MULTILINE)
_ELEMENT = re.compile(r"</?[A-Za-z][^<>]*>")
_TAG = re.compile(rf"<!--.*?-->|{_ELEMENT.pattern}", re.DOTALL)


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
    if not front:
        return {}, source
    fields = {key.lower(): value.strip("\"' ") for key, value in _FIELD.findall(front.group(1))}
    return fields, source[front.end() :]


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
    """Return what a block of HTML shows: each tag and comment becomes a space.

    >>> strip_tags("<p>Tarn&nbsp;<b>Bridge</b>, 3 < 5</p>").split()
    ['Tarn', 'Bridge', ',', '3', '<', '5']
    """
    # Comments are looked for where one ends: else each "<!--" that nobody closes is looked for
    # to the file's end.
    closed, mark, rest = source.rpartition("-->")
    stripped = _TAG.sub(" ", closed + mark) + _ELEMENT.sub(" ", rest)
    return html.unescape(stripped).strip()


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
            markers.append(int(token.attrGet("start") or 1) if token.tag == "ol" else None)
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
                row.append(words)
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
    for child in children:
        if child.type == "hardbreak":
            text, line = f"{text}{line}\n", ""
        elif child.type == "softbreak":
            text, line = f"{text}{line}\r", ""
        elif child.type != "html_inline":
            line += child.content.replace("\r", " ")  # an image's content is its description
    return _joined((text + line).split("\r")).strip()


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
