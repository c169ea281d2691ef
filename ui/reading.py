"""The right-hand pane as markup: an article with its quote marked, and the list of articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rag import Article
from ui.answers import day
from ui.render import Html, tag

_LINE = re.compile(r"[^\n]*\n*")
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the list of articles."""

    name: str
    title: str
    publisher: str | None
    published: date | None
    passages: int


def article_view(article: Article, marked: tuple[int, int] | None = None,
                 changed: bool = False) -> Html:
    """Return an article to read.

    The text content of ``.text`` is ``article.text``, and that of its ``mark`` elements together
    is ``article.text[start:end]``.

    Args:
        article: The article.
        marked: The span to mark, or None.
        changed: Whether the file has changed since the answer that cites it was given.
    """
    return tag(
        "article",
        tag("header",
            tag("h2", article.title, dir="auto", tabindex=-1, id="article-title"),
            _about(article),
            tag("p", "This file has changed since the answer was given. You are reading the text "
                     "that the answer was taken from.", cls="changed", role="note")
            if changed else None),
        tag("div", *_paragraphs(article, marked), cls="text", dir="auto", lang=None),
        cls="reading", data_article=article.name, aria_labelledby="article-title",
    )


def _about(article: Article) -> Html:
    known = [
        tag("span", article.publisher, cls="publisher") if article.publisher else None,
        tag("span", "By ", article.author, cls="author") if article.author else None,
        day(article.published.isoformat()) if article.published else None,
        tag("span", article.name, cls="file"),
    ]
    return tag("p", *known, cls="about")


def _paragraphs(article: Article, marked: tuple[int, int] | None) -> list[Html]:
    """Cut the text at line ends; each piece keeps its own, so that no character is lost."""
    start, end = marked or (0, 0)
    cuts = sorted({start, end, *(edge for span in article.furniture for edge in span)})
    made: list[Html] = []
    for line in _LINE.finditer(article.text):
        if line.end() == line.start():
            continue
        inner = [cut for cut in cuts if line.start() < cut < line.end()]
        edges = [line.start(), *inner, line.end()]
        pieces = []
        furniture = True
        for left, right in pairwise(edges):
            piece: Html | str = article.text[left:right]
            grey = any(a <= left and right <= b for a, b in article.furniture)
            furniture = furniture and (grey or not article.text[left:right].strip())
            if grey:
                piece = tag("span", piece, cls="furniture")
            if start <= left and right <= end:
                piece = tag("mark", piece, tabindex=-1)
            pieces.append(piece)
        kind = "furniture-line" if furniture else None
        if not made and line[0].strip() == article.title.strip():
            kind = "title-line"  # it stands above the text already
        made.append(tag("p", *pieces, cls=kind))
    return made


def shelf_view(entries: Sequence[Entry], total: int) -> Html:
    """Return the list of articles.

    Args:
        entries: The articles that match the filter; the first ``SHOWN`` are listed.
        total: The number of all articles.
    """
    shown = entries[:SHOWN]
    if len(shown) == total:
        count = f"{total} article{'' if total == 1 else 's'}"
    else:
        count = f"{len(shown)} of {total} articles"
    return tag(
        "div",
        tag("p", count, cls="count", role="status"),
        tag("ul", *(_row(entry) for entry in shown), cls="shelf") if shown else
        tag("p", "No article matches this filter.", cls="none"),
    )


def _row(entry: Entry) -> Html:
    about = [
        tag("span", entry.publisher, cls="publisher") if entry.publisher else None,
        day(entry.published.isoformat()) if entry.published else None,
        tag("span", f"{entry.passages} passage{'' if entry.passages == 1 else 's'}"),
    ]
    return tag("li", tag(
        "button", tag("span", entry.title, cls="title", dir="auto"),
        tag("span", *about, cls="about"), cls="entry", data_article=entry.name,
    ))


def matching(entries: Sequence[Entry], wanted: str) -> list[Entry]:
    """Return the entries whose title, publisher, date or file has every word of the filter."""
    words = wanted.casefold().split()
    return [entry for entry in entries if all(
        word in f"{entry.title} {entry.publisher or ''} {entry.published or ''} {entry.name}"
        .casefold() for word in words)]
