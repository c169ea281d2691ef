"""Who says so, of the answer before: the words that attribute its quote, or the article itself."""

from __future__ import annotations

import re

from rag.evidence.weighing import ArticleOf, Quote, Verdict
from rag.language.attribution import is_hearsay, said_by
from rag.language.sentences import split
from rag.types import Answer, Citation

# A careful guess: words beside a quotation say whose it is, and are hardly ever somebody else's.
_CONFIDENCE = 0.9
_PRONOUNS = ("he", "she", "they")
_BACK = 3  # sentences before a quote, at most, in which the one who goes on speaking is named
_LED = re.compile(
    r"(?:according\s+to|as\s+(?:reported|told|quoted|stated|announced)\s+by|(?:reported|quoted)\s+by|"
    r"in\s+the\s+words\s+of|citing|said|says|told|added|explained|argued|claimed|warned|stressed)\s+",
    re.I)
_VERB = re.compile(
    r"\s+(?:(?:was|were|is)\s+(?:quoted|cited)\s+as\s+saying|quote[ds]?\b.*|cite[ds]?\b.*|[a-z]+ed|"
    r"said|says|say|told|tells|wrote|writes|thinks?|believes?|states|adds|argues|claims)\Z", re.S)


def sourced(answer: Answer, article_of: ArticleOf) -> Verdict:
    """Return who says what an answer quotes.

    Args:
        answer: An answer with a citation; the first one that is given to somebody counts.
        article_of: An article by its name, to see who "she" is.
    """
    hearsay: Citation | None = None
    for citation in answer.citations:
        if citation.said_by and is_hearsay(citation.said_by):
            hearsay = hearsay or citation
        elif citation.said_by:
            quote = Quote(citation.article, citation.start, citation.end, citation.quote)
            who = speaker(citation.said_by)
            if who.lower() in _PRONOUNS:
                who, quote = _named(who, quote, article_of(citation.article).text)
            return Verdict("answered", who, _CONFIDENCE, (quote,),
                           trace={"why": f"the article has “{citation.said_by}”"})
    if hearsay is not None:
        return Verdict("not_found", None, 0.0, trace={"why": f"“{hearsay.said_by}” names nobody"},
                       lead=f"“{hearsay.title}” names nobody for it: it only has "
                            f"“{hearsay.said_by}”.")
    titles = " and ".join(dict.fromkeys(f"“{c.title}”" for c in answer.citations))
    return Verdict("not_found", None, 0.0, trace={"why": "no words attribute the quote"},
                   lead=f"No words there give it to anybody: {titles} says it without a source.")


def _named(who: str, quote: Quote, text: str) -> tuple[str, Quote]:
    """Return who "she" is that speaks in a quote, with the sentences from where she is named on."""
    paragraph = text.rfind("\n", 0, quote.start) + 1
    before = [(a + paragraph, b + paragraph) for a, b in split(text[paragraph : quote.start])]
    for start, end in reversed(before[-_BACK:]):
        words = said_by(text, start, end)
        if words and speaker(words).lower() not in _PRONOUNS:
            whole = Quote(quote.article, start, quote.end, text[start : quote.end])
            return speaker(words), whole
    return who, quote


def speaker(words: str) -> str:
    """Return the one who speaks, of the words that attribute something.

    >>> speaker("according to the mayor"), speaker("Ann Bell said"), speaker("said Mr Orm")
    ('the mayor', 'Ann Bell', 'Mr Orm')
    """
    led = _LED.match(words)
    rest = words[led.end() :] if led else _VERB.sub("", words)
    return rest.rstrip(", ") or words
