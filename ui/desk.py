"""The assistant behind the page: opened in the background, kept up to date, asked within bounds."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from rag import Answer, Article, Assistant, Filters, RagError, Skipped, Stage, Turn
from ui.gate import Gate
from ui.reading import Entry

T = TypeVar("T")
log = logging.getLogger("ui")

# Seconds for which the folder is taken to be as it was last seen.
FRESH: Final = 2.0
# Articles that are kept as they were when an answer cited them, for those who still read it.
KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the opening of the articles is: a stage, the number done, the number in all."""

    stage: str
    done: int
    total: int


class NotOpen(Exception):
    """The articles are still being read, or could not be."""


class Changed(Exception):
    """The articles changed while a question was answered, so that a quote no longer holds."""


class Desk:
    """Holds one assistant for all sessions.

    Args:
        folder: The articles.
        index: Where the index lives; None for the default place.
        running: Questions answered at the same time.
        waiting: Questions that may wait.
        **settings: Fields of :class:`rag.Settings`.
    """

    def __init__(self, folder: Path, index: Path | None = None, *, running: int = 2,
                 waiting: int = 16, **settings: object) -> None:
        self.folder = folder
        self.gate = Gate(running, waiting)
        self.progress = Progress("starting", 0, 0)
        self.failure: RagError | NotOpen | None = None
        self._index = index
        self._settings = settings
        self._pool = ThreadPoolExecutor(running, thread_name_prefix="question")
        # Where questions are taken in; known from the first one on.
        self.loop: asyncio.AbstractEventLoop | None = None
        self._assistant: Assistant | None = None
        self._seen = 0.0
        self._refreshing = threading.Lock()
        self._listing = threading.Lock()
        self._entries: tuple[object, tuple[Entry, ...]] | None = None
        self._kept: OrderedDict[tuple[str, str], Article] = OrderedDict()
        self._keeping = threading.Lock()

    def open(self) -> None:
        """Build or refresh the index and open it.

        Raises:
            RagError: It cannot be opened; also kept in ``failure`` for those who wait.
            NotOpen: The same after an error that nobody expected, whose traceback is logged.
        """
        try:
            self._assistant = Assistant.open(
                self.folder, self._index, progress=self._report,
                **self._settings,  # type: ignore[arg-type]
            )
            self._seen = time.monotonic()
        except RagError as error:
            self.failure = error
            raise
        except Exception as error:
            # Whatever it is: those who wait would otherwise wait for ever.
            log.exception("the articles could not be opened")
            words = " ".join(f"{type(error).__name__}: {error}".split())
            self.failure = NotOpen(f"the articles could not be opened ({words}); the details are "
                                   "in the terminal")
            raise self.failure from error

    def _report(self, stage: str, done: int, total: int) -> None:
        self.progress = Progress(stage, done, total)

    @property
    def ready(self) -> bool:
        """Whether questions can be asked."""
        return self._assistant is not None

    @property
    def assistant(self) -> Assistant:
        """The assistant.

        Raises:
            NotOpen: It is not open yet, or could not be opened.
        """
        if self._assistant is None:
            raise NotOpen(str(self.failure) if self.failure else
                          "the articles are still being read; ask again in a moment")
        return self._assistant

    async def stream(self, question: str, history: Sequence[Turn] = (),
                     filters: Filters | None = None) -> AsyncGenerator[Stage | Answer, None]:
        """Yield the stages of answering, then the answer.

        When whoever listens goes away, the work stops at its next stage; its place is given
        back only then.

        Raises:
            Busy: Too many questions are waiting.
            NotOpen: The articles are not open.
            RagError: As :meth:`rag.Assistant.ask`.
        """
        assistant = self.assistant
        await self.gate.enter()
        loop = self.loop = asyncio.get_running_loop()
        steps: asyncio.Queue[Stage | Answer | BaseException | None] = asyncio.Queue()
        stopped = threading.Event()

        def tell(step: Stage | Answer | BaseException | None) -> None:
            if not stopped.is_set():
                loop.call_soon_threadsafe(steps.put_nowait, step)

        def work() -> None:
            try:
                self.refresh_when_due()
                for step in assistant.stream(question, history, filters):
                    if stopped.is_set():
                        return
                    tell(step)
                tell(None)
            except BaseException as error:
                tell(error)

        loop.run_in_executor(self._pool, work).add_done_callback(lambda _: self.gate.leave())
        try:
            while (step := await steps.get()) is not None:
                if isinstance(step, BaseException):
                    raise step
                yield step
        finally:
            stopped.set()

    async def ask(self, question: str, history: Sequence[Turn] = (),
                  filters: Filters | None = None) -> Answer:
        """Answer a question; see :meth:`stream`."""
        answer: Answer | None = None
        async for step in self.stream(question, history, filters):
            if isinstance(step, Answer):
                answer = step
        assert answer is not None
        return answer

    async def run(self, work: Callable[[Assistant], T]) -> T:
        """Run something else on the assistant, in its turn among the questions."""
        assistant = self.assistant
        await self.gate.enter()
        self.loop = asyncio.get_running_loop()
        future = self.loop.run_in_executor(self._pool, work, assistant)
        future.add_done_callback(lambda _: self.gate.leave())
        return await future

    def refresh_when_due(self) -> None:
        """Look for new, changed and deleted files unless that was just done."""
        if time.monotonic() - self._seen < FRESH or not self._refreshing.acquire(blocking=False):
            return
        try:
            # While another process builds, questions are answered from what is there.
            self.assistant.refresh(wait_s=0)
        except RagError as error:
            # The version that was last seen whole goes on being served.
            log.warning("the articles were not refreshed: %s", error)
        finally:
            self._seen = time.monotonic()
            self._refreshing.release()

    def refresh(self) -> Any:
        """Look for new, changed and deleted files now, and return what changed.

        Raises:
            RagError: The folder or the index cannot be used now.
        """
        with self._refreshing:
            try:
                return self.assistant.refresh()
            finally:
                self._seen = time.monotonic()

    def entries(self) -> tuple[Entry, ...]:
        """Return the list of articles, read anew only when the articles changed.

        Reading it takes a moment for many articles: call it in a thread.
        """
        library = self.assistant.library
        with self._listing:
            version = library.version
            if self._entries is None or self._entries[0] != version:
                with library.snapshot():
                    # One article at a time, so that the texts are never held all at once.
                    listed = tuple(map(self._entry, library.names()))
                self._entries = (version, listed)
            return self._entries[1]

    def _entry(self, name: str) -> Entry:
        article = self.assistant.article(name)
        return Entry(name, article.title, article.publisher, article.published,
                     len(self.assistant.library.passages(name)))

    def counts(self) -> tuple[int, int]:
        """Return how many articles there are, and how many files that are none."""
        return len(self.entries()), len(self.skipped())

    def skipped(self) -> tuple[Skipped, ...]:
        """Return the files of the folder that are not articles, with why."""
        return self.assistant.skipped

    def article(self, name: str, digest: str = "") -> tuple[Article, bool]:
        """Return an article as it was when it had a digest, and whether it has changed since.

        Raises:
            KeyError: There is no such article, and no kept one of that digest.
        """
        try:
            now = self.assistant.article(name)
            if not digest or now.digest == digest:
                return now, False
        except KeyError:
            if not digest:
                raise
        with self._keeping:
            return self._kept[name, digest], True

    def keep(self, answer: Answer) -> dict[str, str]:
        """Keep the articles that an answer cites as they are now; return their digests.

        Raises:
            Changed: A quote is not in its article any more.
        """
        digests = {}
        for citation in answer.citations:
            try:
                article = self.assistant.article(citation.article)
            except KeyError:
                raise Changed(citation.article) from None
            if article.text[citation.start:citation.end] != citation.quote:
                raise Changed(citation.article)
            digests[article.name] = article.digest
            with self._keeping:
                self._kept[article.name, article.digest] = article
                self._kept.move_to_end((article.name, article.digest))
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return digests

    def close(self) -> None:
        """Let running questions end, then close the index."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._assistant is not None:
            self._assistant.close()
