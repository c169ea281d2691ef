"""What a person's next words are: a question, a follow-up, small talk, or a wish for a summary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from rag.conversation import terms
from rag.conversation.gender import Read
from rag.conversation.history import TURNS
from rag.conversation.language import foreign, language
from rag.conversation.overview import overview
from rag.conversation.resolve import has_kind, standalone
from rag.conversation.smalltalk import reply, reply_foreign, smalltalk
from rag.questions.asking import spelt
from rag.types import Answer, Article, Citation, Turn

Kind = Literal["standalone", "followup", "source", "smalltalk", "summary", "foreign"]
_SAMPLED = 40
_SAMPLE_CHARS = 1_500
_ASKS_ALSO = re.compile(
    r"^\W*(?:and\s+|but\s+)?(?:(?:what|how)\s+about\s+|what\s+does\s+|in\s+|does\s+)?(?:the\s+)?"
    r"other\s+(?:article|text|source|story|report|one)s?(?:\s+(?:say|say so|agree))?\W*$",
    re.I,
)
_WHO_SAYS = re.compile(
    # "Who claimed it?" and "Where does it come from?" ask of an attack and of a cheese.
    r"^\W*(?:(?:and|but|ok(?:ay)?)\W+)?(?:who\s+(?:says?|said|told\s+you)"
    r"(?:\s+(?:so|that|this|it))?|who\s+(?:reports?|reported|claims?|claimed)\s+(?:so|that|this)"
    r"|says\s+who|according\s+to\s+whom?|how\s+do\s+you\s+know"
    r"(?:\s+(?:that|this|it))?|what(?:['’]s|\s+is)\s+(?:the|your)\s+source"
    r"(?:\s+(?:of|for)\s+(?:that|this)|\s+for\s+it)?|where\s+does\s+(?:that|this)\s+come\s+from)\W*$",
    re.I)
_OTHER_ONE = re.compile(r"\bother\s+ones?\W*$", re.I)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question as it is to be searched.

    Attributes:
        question: The question that stands alone; the words as asked for every other kind.
        added: The phrases that come from the conversation, in order; empty unless "followup".
        kind: "standalone" (searched as asked), "followup" (resolved with the history),
            "source" (who says what the last answer quotes), "smalltalk", "summary" or "foreign"
            (in another language than the articles).
        articles: Names of the articles that are meant ("the second one", "the other article");
            empty for all.
        topic: For a summary, the subject it is about; None for no subject in particular.
        reply: For small talk and a foreign language, the text to answer with; it states nothing
            of the articles but their titles and languages.
    """

    question: str
    added: tuple[str, ...]
    kind: Kind
    articles: tuple[str, ...] = ()
    topic: str | None = None
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a conversation needs to know of the articles, in the order in which people see them.

    Attributes:
        names: Names of the articles.
        titles: Their titles.
        languages: The languages they are in, most frequent first.
        read: Returns the text of an article by its name, or raises KeyError; None where only the
            quotes may be read.
    """

    names: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    read: Read | None = field(default=None, compare=False)

    @classmethod
    def of(cls, articles: Sequence[Article], read: Read | None = None) -> Shelf:
        """Read the shelf of some articles; their languages are told from a sample of them."""
        step = max(1, len(articles) // _SAMPLED)
        found = [language(article.text[:_SAMPLE_CHARS]) for article in articles[::step]]
        known = [name for name in found if name]
        return cls(
            tuple(article.name for article in articles),
            tuple(article.title for article in articles),
            tuple(sorted(set(known), key=lambda name: (-known.count(name), name))),
            read,
        )


EMPTY = Shelf()


def resolve(question: str, turns: Sequence[Turn], shelf: Shelf = EMPTY) -> Resolved:
    """Resolve a question against the turns before it.

    Args:
        question: The question as asked.
        turns: The turns before it, oldest first; only the newest few are read, so that a turn
            costs the same however long the conversation is.
        shelf: What is known of the articles. Without it no question is foreign, and no article
            can be meant by its number or title.
    """
    question = spelt(question)
    if smalltalk(question):
        return Resolved(question, (), "smalltalk", reply=reply(question, shelf.titles))
    strange = foreign(question, shelf.languages)
    if strange:
        return Resolved(question, (), "foreign", reply=reply_foreign(strange, shelf.languages))
    score = terms.load().score if turns else None
    wish = overview(question, shelf.names, shelf.titles, turns)
    if wish is not None:
        topic = None
        if wish.topic:
            topic = standalone(wish.topic, turns, score, whole=False, read=shelf.read)[0]
        return Resolved(question, (), "summary", wish.articles, topic)
    if turns and _asks_also(question, turns, shelf):
        last = turns[-1]
        cited = {c.article for c in last.answer.citations}
        others = tuple(name for name in shelf.names if name not in cited) if cited else ()
        return Resolved(last.question, (last.question,), "followup", others)
    if last_cited(turns) is not None and _WHO_SAYS.match(question):
        return Resolved(question, (), "source")
    resolved, added = standalone(question, turns, score, read=shelf.read)
    return Resolved(resolved, added, "followup" if resolved != question else "standalone")


def last_cited(turns: Sequence[Turn]) -> Answer | None:
    """Return the newest answer that quotes something, of the last few turns."""
    answers = (turn.answer for turn in reversed(turns[-TURNS:]))
    return next((answer for answer in answers if answer.citations), None)


def _asks_also(question: str, turns: Sequence[Turn], shelf: Shelf) -> bool:
    """Whether a question is asked of the other article; "the other one" may be another thing."""
    if not _ASKS_ALSO.match(question):
        return False
    return not _OTHER_ONE.search(question) or (len(shelf.names) == 2 and not has_kind(turns))


def carried(turns: Sequence[Turn]) -> tuple[Citation, ...]:
    """Return the citations of the newest turn: the evidence that stays a candidate for the next."""
    return turns[-1].answer.citations if turns else ()

