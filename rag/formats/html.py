"""HTML -> the main text of the page and what its metadata declares, through trafilatura.

trafilatura parses what it is given and fetches nothing. Kept from it are bytes (it would unpack
compressed ones), documents nested so deep that parsers recurse, more elements than any article
has (each costs a tenth of a millisecond), and attributes as long as chapters (its patterns for
names and dates take quadratic time on them).
"""

from __future__ import annotations

import datetime as dt
import logging
import re

import trafilatura

from rag.formats.parsed import Parsed, Unreadable
from rag.formats.plain import decode
from rag.settings import Settings

for _library in ("trafilatura", "htmldate", "courlan"):  # else their warnings go to stderr
    logging.getLogger(_library).addHandler(logging.NullHandler())

_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# Elements that have no end tag, or whose end tag may be left out.
_VOID = re.compile(
    "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
    "|p|li|td|th|tr|dt|dd|option|thead|tbody|tfoot",
    re.IGNORECASE,
)
_LONG_TAG = re.compile(r"<(/?[a-zA-Z][^\s<>/]{0,40})[^<>]{2000,}>")
_RULE = re.compile(r"^\|(?:-+\|)+[ \t]*(?:\n|$)", re.MULTILINE)
_ROW = re.compile(r"^\| ?(.*?) ?\|[ \t]*$", re.MULTILINE)
_MOST_ELEMENTS = 100_000
_DEEPEST = 200  # elements inside each other; libxml2 itself stops at 256


def parse(data: bytes, settings: Settings) -> Parsed:
    """Read the main text of a page.

    Raises:
        Unreadable: The page is nested too deep, or has no text.
    """
    charset = _CHARSET.search(data[:4096])
    page = _XML_DECLARATION.sub("", decode(data, charset.group(1).decode() if charset else None))
    elements, depth = elements_and_nesting(page)
    if elements > _MOST_ELEMENTS:
        raise Unreadable(f"its HTML has {elements:,} elements, more than {_MOST_ELEMENTS:,}.")
    if depth > _DEEPEST:
        raise Unreadable(f"its HTML is nested {depth:,} deep, more than {_DEEPEST}.")
    page = _LONG_TAG.sub(r"<\1>", page)
    try:
        found = trafilatura.bare_extraction(
            page,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # a broken page breaks lxml or trafilatura in any place
        raise Unreadable(f"it is a broken page ({type(error).__name__}).") from error
    if found is None or isinstance(found, dict) or not (found.text or "").strip():
        raise Unreadable("it is a page without text.")
    title = _clean(found.title)
    text = _ROW.sub(r"\1", _RULE.sub("", found.text or ""))
    if title and title.casefold() not in text[: 2 * len(title) + 200].casefold():
        text = f"{title}\n{text}"
    return Parsed(
        text=text,
        title=title,
        publisher=_clean(found.sitename),
        author=_clean(found.author),
        published=_day(found.date),
    )


def elements_and_nesting(page: str) -> tuple[int, int]:
    """How many elements a page has and how deep they nest, counted without building a tree."""
    count = depth = deepest = 0
    for tag in _TAG.finditer(page):
        closing, name, closed = tag.groups()
        count += not closing
        if closed or _VOID.fullmatch(name):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return count, deepest


def _clean(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _day(value: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat((value or "")[:10])
    except ValueError:
        return None
