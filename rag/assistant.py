"""The assistant: a folder of articles that can be asked, alone or in a conversation."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from rag.errors import CitationError
from rag.questions import asking
from rag.settings import Settings
from rag.types import Answer, Article, Filters, Hit, Skipped, Stage, Turn

if TYPE_CHECKING:
    from rag.answering import Answerer
    from rag.conversation import Shelf
    from rag.search.library import Changes, Library

Progress = Callable[[str, int, int], None]
# How often a question is answered anew because the articles changed while it was being answered.
_RETRIES = 3


class Assistant:
    """Answers questions from a folder of articles, and only from it.

    Open one with :meth:`open`; it may be used from several threads.

    Args:
        library: The articles and their index.
        settings: Every setting.
    """

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._settings = settings
        self._lock = threading.Lock()
        self._answerer: Answerer | None = None
        self._known: tuple[tuple[str, int], Shelf] | None = None

    @classmethod
    def open(
        cls,
        folder: str | PathLike[str],
        index: str | PathLike[str] | None = None,
        *,
        progress: Progress | None = None,
        refresh: bool = True,
        **settings: object,
    ) -> Self:
        """Open a folder of articles; its index is built, or brought up to date, first.

        Args:
            folder: The articles: .txt, .md, .html, .pdf and .docx files, also in folders below.
            index: Where the index lives; by default among the user's other caches.
            progress: Called with a stage's name, the number done and the number in all.
            refresh: Look for new, changed and deleted files.
            settings: Any field of :class:`rag.Settings`.

        Raises:
            ArticlesError: The folder is missing, empty or unreadable.
            SettingsError: A setting is unknown or has a value that cannot be.
            ModelError: A model is not on this machine.
            StoreError: The index cannot be used as it is.
        """
        from rag.search.library import Library

        chosen = Settings.of(**settings)
        library = Library.open(
            Path(folder),
            Path(index) if index is not None else None,
            settings=chosen,
            progress=progress,
            refresh=refresh,
        )
        return cls(library, chosen)

    def ask(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Answer:
        """Answer a question.

        Args:
            question: The question in plain words.
            history: The turns before it, oldest first, for a follow-up.
            filters: Which articles to answer from; all by default.

        Raises:
            QuestionError: The question is empty, too long or not text.
            ModelError: The reader is not on this machine, or is not what it says it is.
        """
        answer = None
        for step in self.stream(question, history, filters):
            if isinstance(step, Answer):
                answer = step
        assert answer is not None  # the stream always ends with one
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Iterator[Stage | Answer]:
        """Yield the stages of answering as they begin, then the answer; see :meth:`ask`."""
        asked = asking.check(question, self._settings.max_question_chars)
        return self._steps(asked, tuple(history), filters or Filters())

    def conversation(self, turns: Sequence[Turn] = ()) -> Conversation:
        """Begin a conversation, or go on with one from its turns so far."""
        return Conversation(self, turns)

    def search(
        self, question: str, k: int | None = None, filters: Filters | None = None
    ) -> list[Hit]:
        """Return the passages nearest to a question, best first.

        Args:
            question: The question in plain words.
            k: Most passages; by default as many as the reader reads.
            filters: Which articles to search; all by default.

        Raises:
            QuestionError: The question is empty, too long or not text.
        """
        asked = asking.check(question, self._settings.max_question_chars)
        return list(self._library.search(asked, filters or Filters(), k))

    def articles(self) -> tuple[Article, ...]:
        """Return the articles, in the order of their names."""
        return tuple(self._library.articles())

    def article(self, name: str) -> Article:
        """Return one article by its name.

        Raises:
            KeyError: There is no such article.
        """
        return self._library.article(name)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The files of the folder that are not articles, with why."""
        return tuple(self._library.skipped)

    @property
    def library(self) -> Library:
        """The articles and their index, for programs that look deeper."""
        return self._library

    @property
    def settings(self) -> Settings:
        """Every setting."""
        return self._settings

    @property
    def models(self) -> dict[str, dict[str, str]]:
        """Name and digest of each model, by its part ("embedder", "reader")."""
        reader = self._loaded().reader
        embedder = self._library.embedder
        return {
            "embedder": {"name": embedder.name, "digest": embedder.digest},
            "reader": {"name": reader.name, "digest": reader.digest},
        }

    def refresh(self, wait_s: float | None = None) -> Changes:
        """Take in new and changed files and forget deleted ones.

        Args:
            wait_s: Seconds to wait while another process writes to the index; by default some.

        Raises:
            IndexLocked: It still writes then; what was indexed before can be asked all the same.
        """
        return self._library.refresh(wait_s=wait_s)

    def close(self) -> None:
        """Close the index."""
        self._library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _loaded(self) -> Answerer:
        with self._lock:
            if self._answerer is None:
                from rag import reader
                from rag.answering import Answerer
                from rag.evidence import confidence

                with ThreadPoolExecutor(1) as pool:
                    reading = pool.submit(reader.load, self._settings)
                    # The embedder loads on its first question; both are needed for an answer.
                    self._library.embedder.embed_question("?")
                    self._answerer = Answerer(
                        self._library,
                        reading.result(),
                        confidence.load(self._settings),
                        confidence.load_second(self._settings),
                        self._settings,
                    )
            return self._answerer

    def _shelf(self) -> Shelf:
        from rag import conversation

        version = self._library.version
        with self._lock:
            if self._known is None or self._known[0] != version:
                shelf = conversation.Shelf.of(
                    self._library.articles(), lambda name: self._library.article(name).text
                )
                self._known = version, shelf
            return self._known[1]

    def _steps(
        self, asked: str, history: tuple[Turn, ...], filters: Filters
    ) -> Iterator[Stage | Answer]:
        from rag import conversation

        yield Stage("resolving", "Understanding the question")
        resolved = conversation.resolve(asked, history, self._shelf())
        trace: dict[str, Any] = {"understood": resolved.kind, "added": list(resolved.added)}
        if resolved.reply is not None:
            yield Answer("not_found", resolved.reply, None, 0.0, (), asked, asked, trace)
            return
        meant = [n for n in resolved.articles if n in (filters.articles or resolved.articles)]
        if meant:
            filters = replace(filters, articles=tuple(meant))
        carried = conversation.carried(history) if resolved.kind == "followup" else ()
        answerer = self._loaded()
        for attempt in range(1, _RETRIES + 1):
            version = self._library.version
            try:
                quoting = conversation.last_cited(history)
                if resolved.kind == "source" and quoting is not None:
                    yield answerer.source(asked, quoting, trace)
                    return
                if resolved.kind == "summary":
                    yield from answerer.summarise(asked, resolved.topic, filters, trace)
                    return
                yield from answerer.answer(
                    resolved.question, asked, filters, trace, answerer.hits_of(carried)
                )
                return
            except (CitationError, KeyError):
                # The articles changed between search and quote: answer from what is there now.
                if attempt == _RETRIES or self._library.version == version:
                    raise


class Conversation:
    """Questions that may refer to those before them.

    Args:
        assistant: Who answers.
        turns: The turns so far, oldest first.
    """

    def __init__(self, assistant: Assistant, turns: Sequence[Turn] = ()) -> None:
        self._assistant = assistant
        self._turns: list[Turn] = list(turns)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns so far, oldest first."""
        return tuple(self._turns)

    def ask(self, question: str, filters: Filters | None = None) -> Answer:
        """Answer a question that may refer to the turns before it; see :meth:`Assistant.ask`."""
        answer = self._assistant.ask(question, self._turns, filters)
        self._turns.append(Turn(answer.asked, answer.question, answer))
        return answer

    def stream(self, question: str, filters: Filters | None = None) -> Iterator[Stage | Answer]:
        """Yield the stages, then the answer; the turn counts once the answer was yielded."""
        for step in self._assistant.stream(question, self._turns, filters):
            if isinstance(step, Answer):
                self._turns.append(Turn(step.asked, step.question, step))
            yield step
