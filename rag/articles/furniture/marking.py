"""One text -> the spans of its page furniture, by general signs.

Signs of a line alone (controls, calls to act, notices), of its neighbours (share bars, menus,
headings over lists of other stories) and of its place (runs of headlines after the last
paragraph). In doubt a line stays: furniture that is kept costs less than evidence that is lost.
A list that is introduced, numbered, labelled or parallel is the article's own.
"""

from __future__ import annotations

import re

from rag.articles.furniture import runs, signs
from rag.articles.furniture.lines import Line, read
from rag.articles.quotes import merged
from rag.types import Span

# A control that the scraper glued to the text after it: "Back to topParliament".
_GLUED = re.compile(
    r"(?:(?:scroll|back) to top|skip to (?:main )?content|advertisement|share this|read more"
    r"|(?:sign up|subscribe) now|log in)(?=(?-i:[A-Z][a-z]))",
    re.IGNORECASE,
)


def mark(text: str, recurring: frozenset[str] = frozenset()) -> tuple[Span, ...]:
    """Return the spans of page furniture, sorted and disjoint. Linear in ``len(text)``.

    Args:
        text: An article's text.
        recurring: Lines that recur across the folder's articles (``recurring_lines``).
    """
    lines = read(text)
    spans: list[Span] = []
    for line in lines:
        spans += _by_itself(text, line, recurring)
    runs.mark_bars_and_menus(lines)
    runs.mark_sections(lines)
    runs.mark_comments(lines)
    runs.mark_headlines_at_the_end(lines)
    spans += [(line.start, line.end) for line in lines if line.marked]
    return tuple(merged(spans))


def _by_itself(text: str, line: Line, recurring: frozenset[str]) -> list[Span]:
    """Mark the line, or return those of its sentences that are furniture."""
    if line.folded and (signs.is_control(line.folded) or line.folded in recurring):
        line.marked = True
        return []
    if glued := _GLUED.match(line.text):
        return [(line.start, line.start + glued.end())]
    spans = [
        (start, end)
        for at, (start, end) in enumerate(line.sentences)
        if signs.is_call(text[start:end]) or (at == 0 and signs.is_labelled(text[start:end]))
    ]
    if spans:  # short buttons beside a call belong to it: "Sign up here."
        spans += [(a, b) for a, b in line.sentences if signs.is_control(signs.fold(text[a:b]))]
    line.marked = len(set(spans)) == len(line.sentences)
    return spans
