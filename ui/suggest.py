"""Questions to begin and to go on with: each was asked, and answered, before it is shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Final

from rag import Answer, Article, Assistant, RagError, Turn
from ui.answers import suggestions
from ui.conversations import Conversation
from ui.desk import Desk, NotOpen
from ui.gate import Busy
from ui.render import NOTHING, Html
from ui.wonder import Wondered, wonder

EXAMPLES: Final = 3
FOLLOWUPS: Final = 2
# Articles and questions that are looked at before it is enough.
ARTICLES: Final = 12
TRIES: Final = 24
TRIES_BETWEEN: Final = 6
# An answer of less is right too seldom to be held up as an example.
SURE: Final = 0.7
_REMEMBERED: Final = 2_000
_WORD = re.compile(r"\w+")


class Suggester:
    """Finds questions that the articles answer, and asks them before anybody sees them.

    Args:
        desk: Who answers.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[tuple[str, ...], bool] = {}
        self._examples: tuple[object, list[str]] = (None, [])
        self._search: asyncio.Task[None] | None = None

    async def examples(self) -> AsyncGenerator[tuple[tuple[str, ...], bool], None]:
        """Yield the examples found so far and whether the search goes on, until it is over.

        One search serves all sessions, and begins anew when the articles have changed.
        """
        version = self._desk.assistant.library.version
        if self._examples[0] != version:
            self._examples = (version, [])
            if self._search is not None:
                self._search.cancel()
            self._search = asyncio.create_task(self._find(self._examples[1]))
        shown = 0
        while self._search is not None and not self._search.done():
            if len(self._examples[1]) > shown:
                shown = len(self._examples[1])
                yield tuple(self._examples[1]), True
            await asyncio.sleep(0.2)
        yield tuple(self._examples[1]), False

    async def followups(self, conversation: Conversation) -> Html:
        """Return questions that go on from the last answer, near to what it stands on."""
        exchanges = conversation.exchanges
        if not exchanges:
            return NOTHING
        answer = exchanges[-1].answer
        # A question that stands alone may be taken for a follow-up there: it is tried as one.
        history = conversation.history()
        asked = {_plain(question) for exchange in exchanges
                 for question in (exchange.answer.asked, exchange.answer.question)}
        # Near to what was quoted first, then in the other articles that were read.
        places = {c.article: (c.start, c.end) for c in reversed(answer.citations)}
        for name in _read(answer):
            places.setdefault(name, (0, 0))
        if not places:
            return suggestions("For example", [
                one for one in self._examples[1] if _plain(one) not in asked])
        found: list[str] = []
        tries = 0
        for name, (start, end) in places.items():
            article = self._article(name)
            if article is None:
                continue
            near = sorted(
                (w for w in self._wonders(article) if w.end <= start or w.start >= end),
                key=lambda w: (abs(w.start - start), w.form))
            for wondered in near:
                if len(found) >= FOLLOWUPS or tries >= TRIES_BETWEEN:
                    break
                if _plain(wondered.question) in asked:
                    continue
                tries += _key(article, wondered, history) not in self._known
                if await self._answered(article, wondered, history):
                    found.append(wondered.question)
                    asked.add(_plain(wondered.question))
        return suggestions("Go on with", found)

    async def _find(self, found: list[str]) -> None:
        articles = [a for a in map(self._article, await asyncio.to_thread(self._sample))
                    if a is not None]
        queues = [_varied(self._wonders(article)) for article in articles]
        forms: set[str] = set()
        tries = 0
        while any(queues) and len(found) < EXAMPLES and tries < TRIES:
            for article, queue in zip(articles, queues, strict=True):
                fresh = next((w for w in queue if w.form not in forms), None) or (
                    queue[0] if queue else None)
                if fresh is None or len(found) >= EXAMPLES or tries >= TRIES:
                    continue
                queue.remove(fresh)
                tries += 1
                if await self._answered(article, fresh, patient=True):
                    found.append(fresh.question)
                    forms.add(fresh.form)

    def _sample(self) -> list[str]:
        names = [entry.name for entry in self._desk.entries()]
        step = max(1, len(names) // ARTICLES)
        return names[::step][:ARTICLES]

    def _article(self, name: str) -> Article | None:
        try:
            return self._desk.assistant.article(name)
        except KeyError:
            return None

    def _wonders(self, article: Article) -> list[Wondered]:
        spans = sorted({
            sentence for passage in self._desk.assistant.library.passages(article.name)
            for sentence in passage.sentences})
        once: dict[str, Wondered] = {}
        for wondered in wonder(article.text, spans):
            once.setdefault(_plain(wondered.question), wondered)
        return list(once.values())

    async def _answered(self, article: Article, wondered: Wondered,
                        history: tuple[Turn, ...] = (), patient: bool = False) -> bool:
        """Ask a question unless that was done; true when its own sentence answers it."""
        key = _key(article, wondered, history)
        if key in self._known:
            return self._known[key]
        while not self._desk.gate.idle:
            if not patient:
                return False
            await asyncio.sleep(0.1)

        def ask(assistant: Assistant) -> Answer:
            return assistant.ask(wondered.question, history)

        try:
            answer = await self._desk.run(ask)
        except (Busy, NotOpen, RagError):
            return False
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[key] = _answers(answer, article, wondered)
        return self._known[key]


def _key(article: Article, wondered: Wondered, history: Sequence[Turn]) -> tuple[str, ...]:
    return (article.digest, wondered.question, *(turn.question for turn in history))


def _answers(answer: Answer, article: Article, wondered: Wondered) -> bool:
    """Tell whether an answer is sure, quotes the question's own sentence and says its words."""
    said = set(_WORD.findall((answer.short or "").casefold()))
    expected = set(_WORD.findall(wondered.expected.casefold()))
    return (
        answer.outcome == "answered" and answer.confidence >= SURE
        and len(said & expected) * 2 >= min(len(said), len(expected)) > 0
        and any(c.article == article.name and c.start < wondered.end and c.end > wondered.start
                for c in answer.citations)
    )


def _varied(wonders: Sequence[Wondered]) -> list[Wondered]:
    """Order questions so that the short ones of each form come first."""
    return sorted(wonders, key=lambda w: (w.form == "said", len(w.question)))


def _read(answer: Answer) -> list[str]:
    hits: Iterable[dict[str, object]] = answer.trace.get("passages", ())
    return list(dict.fromkeys(str(hit["article"]) for hit in hits))


def _plain(question: str) -> str:
    return " ".join(question.casefold().rstrip("?").split())
