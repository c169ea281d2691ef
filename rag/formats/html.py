"""HTML -> the main text of the page and what its metadata declares, through trafilatura.

trafilatura parses what it is given and fetches nothing. Two things are kept from it: bytes (it
would unpack compressed ones) and documents nested so deep that parsers recurse.
"""

from __future__ import annotations

import datetime as dt
import re

import trafilatura

from rag.formats.parsed import Parsed, Unreadable
from rag.formats.plain import decode
from rag.settings import Settings

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
_DEEPEST = 200  # elements inside each other; libxml2 itself stops at 256


def parse(data: bytes, settings: Settings) -> Parsed:
    """Read the main text of a page.

    Raises:
        Unreadable: The page is nested too deep, or has no text.
    """
    charset = _CHARSET.search(data[:4096])
    page = _XML_DECLARATION.sub("", decode(data, charset.group(1).decode() if charset else None))
    depth = nesting(page)
    if depth > _DEEPEST:
        raise Unreadable(f"its HTML is nested {depth:,} deep; {_DEEPEST} is the most that is read.")
    found = trafilatura.bare_extraction(
        page,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is None or isinstance(found, dict) or not (found.text or "").strip():
        raise Unreadable("it is a page without text.")
    title = _clean(found.title)
    text = found.text or ""
    if title and title.casefold() not in text[: 2 * len(title) + 200].casefold():
        text = f"{title}\n{text}"
    return Parsed(
        text=text,
        title=title,
        publisher=_clean(found.sitename),
        author=_clean(found.author),
        published=_day(found.date),
    )


def nesting(page: str) -> int:
    """How deep the elements of a page are nested, counted without building a tree."""
    depth = deepest = 0
    for closing, name, closed in _TAG.findall(page):
        if closed or _VOID.fullmatch(name):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _clean(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _day(value: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat((value or "")[:10])
    except ValueError:
        return None
