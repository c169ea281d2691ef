"""Lists under a heading that says what a question asks: all of their items are the answer.

"What is in the box?" is answered by the items under "What is in the box", and "What are the
ingredients?" by those under "Ingredients". A reader takes one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.articles.quotes import in_furniture
from rag.evidence.weighing import ArticleOf, Quote, Verdict
from rag.language.labels import Listing, listings
from rag.language.terms import Term, content, keys, normal
from rag.questions.intent import Asked
from rag.types import Article, Hit

# A careful guess, not a fitted probability.
SURE = 0.85
_LONGEST = 1500  # characters
_ASKS = re.compile(
    r"(?:what|which|how\s+(?:do|does|did|can|could|should|must|is|are|to)|list|name)\b", re.I)
# What a list's heading may be called for one who asks for these.
_CALLED = {key: keys(headings) for asked, headings in (
    ("step instruction direction", "steps method instructions directions procedure preparation"),
    ("tool equipment", "tools equipment"),
    ("ingredient", "ingredients"),
) for key in keys(asked)}
_LIGHT = keys("need use have get require take recipe follow list item")


def under_heading(
    asked: Asked, hits: Sequence[Hit], article_of: ArticleOf
) -> Verdict | None:
    """Return the items of the one list whose heading a question repeats, or None.

    Args:
        asked: The question.
        hits: The passages; a list must begin in one of them.
        article_of: An article by its name.
    """
    if asked.kind not in ("fact", "list", "how") or asked.wanted != "any" or asked.count or (
            not _ASKS.match(asked.text)):
        return None
    found: dict[str, tuple[Article, Listing]] = {}
    for name in dict.fromkeys(hit.passage.article for hit in hits):
        article = article_of(name)
        read = [(h.passage.start, h.passage.end) for h in hits if h.passage.article == name]
        for one in listings(article.text):
            first, last = one.items[0][0], one.items[-1][1]
            if (any(a <= first < b for a, b in read) and last - first <= _LONGEST
                    and _asked_for(asked, one, article.title)
                    and not in_furniture(article, first, last)):
                found.setdefault(normal(article.text[first:last]), (article, one))
    if len(found) != 1:
        return None
    ((article, one),) = found.values()
    first, last = one.items[0][0], one.items[-1][1]
    return Verdict(
        "answered", "; ".join(article.text[a:b].rstrip(".;,") for a, b in one.items), SURE,
        (Quote(article.name, first, last, article.text[first:last]),),
        trace={"why": f"it is the list under “{one.lead or one.heading}”"})


def _asked_for(asked: Asked, one: Listing, title: str) -> bool:
    """Tell whether a list's heading has what is asked for, and nothing else."""
    said = content(asked.text)
    around = keys(title) | _LIGHT
    # Right above stands the heading, or a sentence; steps also follow an introduction.
    heads = [one.lead] if one.lead else [one.heading] if one.numbered else []
    for head in (keys(h) for h in heads):
        matched = [t for t in said if _meant(t) & head and t.key not in _LIGHT]
        rest = [t for t in said if not _meant(t) & head]
        meant = frozenset[str]().union(*(_meant(t) for t in said))
        if matched and head <= meant | around and all(t.key in around for t in rest) and (
                any(t.key not in around for t in matched) or not rest):
            return True
    return False


def _meant(term: Term) -> frozenset[str]:
    return frozenset((term.key,)) | _CALLED.get(term.key, frozenset())
