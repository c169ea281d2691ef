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
from typing import Any

import trafilatura

from rag.articles.formats import markup
from rag.articles.formats.parsed import Parsed, Unreadable
from rag.settings import Settings

for _library in ("trafilatura", "htmldate", "courlan"):  # else their warnings go to stderr
    logging.getLogger(_library).addHandler(logging.NullHandler())

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*?(/?)>")
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
_NUMBERED = re.compile(r"^- (?=\d{1,3}\. )", re.MULTILINE)
# What a page says besides its main text; and what tells where that is.
_BESIDE = frozenset(("nav", "header", "footer", "aside", "form", "menu"))
_MAIN = frozenset(("article", "main"))
_STRUCTURE = ("h2", "h3", "h4", "li", "dt")
_MOST_ELEMENTS = 100_000
_DEEPEST = 200  # elements inside each other; libxml2 itself stops at 256


def parse(data: bytes, settings: Settings) -> Parsed:
    """Read the main text of a page.

    Raises:
        Unreadable: The page is nested too deep, or has no text.
    """
    page = _XML_DECLARATION.sub("", markup.page(data))
    elements, depth = elements_and_nesting(page)
    if elements > _MOST_ELEMENTS:
        raise Unreadable(f"its HTML has {elements:,} elements, more than {_MOST_ELEMENTS:,}.")
    if depth > _DEEPEST:
        raise Unreadable(f"its HTML is nested {depth:,} deep, more than {_DEEPEST}.")
    page = _LONG_TAG.sub(r"<\1>", page)
    try:
        found = _extracted(page)
    except MemoryError:
        raise
    except Exception as error:  # a broken page breaks lxml or trafilatura in any place
        raise Unreadable(f"it is a broken page ({type(error).__name__}).") from error
    if found is None or isinstance(found, dict) or not (found.text or "").strip():
        raise Unreadable("it is a page without text.")
    title = _clean(found.title)
    text = _NUMBERED.sub("", _ROW.sub(r"\1", _RULE.sub("", found.text or "")))
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
    """How many elements a page has and how deep they nest, counted without building a tree.

    What a script writes like a tag ("i<n;i++") may count, but nests nothing.
    """
    count = depth = deepest = 0
    spans = markup.hidden(page)
    start = end = 0  # of the script, style or comment that ends next
    for tag in _TAG.finditer(page):
        closing, name, closed = tag.groups()
        count += not closing
        while end <= tag.start():
            start, end = next(spans, (len(page), len(page)))
        if closed or _VOID.fullmatch(name) or start <= tag.start():
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return count, deepest


def _extracted(page: str) -> Any:
    """Return what trafilatura finds, with the headings and lists that it would leave out.

    On pages that do not tell where their main text is, it keeps the paragraphs alone. Then the
    smallest element that holds all of these is told to be it, and the page is read again.
    """
    tree = _prepared(page)
    if tree is None:
        return None
    told = any(e.tag in _MAIN or e.get("role") == "main" for e in tree.iter())
    found = _bare(tree)
    text = getattr(found, "text", None) or ""
    again = None if told else _prepared(page)
    around = _around(again, text) if again is not None and text else None
    if around is None:
        return found
    inner = around.makeelement("article")
    inner.text, around.text = around.text, None
    inner.extend(list(around))
    around.append(inner)
    whole = _bare(again)
    more = getattr(whole, "text", None) or ""
    return whole if all(line in more for line in text.splitlines()) else found


def _prepared(page: str) -> Any:
    tree = trafilatura.load_html(page)
    if tree is not None:
        _join_terms(tree)
        _number_items(tree)
    return tree


def _bare(tree: Any) -> Any:
    return trafilatura.bare_extraction(
        tree,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )


def _around(tree: Any, text: str) -> Any:
    """Return the smallest element around the paragraphs of a text; None if it lost nothing.

    Lost are headings and list items; those that are mere links, or stand beside the main text,
    are well left out.
    """
    known = " ".join(text.split())
    shared: list[Any] | None = None
    for paragraph in tree.iter("p"):
        if (said := _said(paragraph)) and said in known:
            above = [*reversed(list(paragraph.iterancestors()))]
            shared = above if shared is None else [
                a for a, b in zip(shared, above, strict=False) if a is b]
    around = shared[-1] if shared else None
    if around is None or any(e.tag in _BESIDE for e in (around, *around.iterancestors())):
        return None
    if around.tag == "html":
        around = tree.find(".//body")
    lost = around is not None and any(
        (said := _said(e)) and said not in known
        and said != " ".join(_said(link) for link in e.iter("a"))
        and not any(a.tag in _BESIDE for a in e.iterancestors())
        for e in around.iter(*_STRUCTURE)
    )
    return around if lost else None


def _join_terms(tree: Any) -> None:
    """Write a definition list's terms and descriptions as lines: "Weight: 82 kg"."""
    for description in list(tree.iter("dd")):
        term = description.getprevious()
        if term is None or term.tag != "dt" or len(term) or len(description):
            continue  # several of either, or further elements inside
        label, value = _said(term).rstrip(":"), _said(description)
        if label and value and not label.endswith(("?", ".", "!")):
            description.text = f"{label}: {value}"
            term.getparent().remove(term)


def _number_items(tree: Any) -> None:
    """Write the numbers of a numbered list's items in front of them."""
    for numbered in list(tree.iter("ol")):
        items = numbered.findall("li")
        counted = markup.numbers(numbered.attrib, [item.get("value") for item in items])
        for number, item in zip(counted, items, strict=True):
            first = item if (item.text or "").strip() or not len(item) else item[0]
            if isinstance(first.tag, str) and (said := _said(first)) and not said[0].isdigit():
                first.text = f"{number}. {(first.text or '').lstrip()}"


def _said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _clean(value: str | None) -> str | None:
    return " ".join(value.split()) or None if value else None


def _day(value: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat((value or "")[:10])
    except ValueError:
        return None
