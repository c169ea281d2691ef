"""A folder of articles kept in step with its index, and searched.

Opening compares the folder with the index and writes only what changed. Every read sees one
version of the truth; ``Library.snapshot`` holds one version over several reads of a thread.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.encoding import embedding
from rag.encoding.embedding import Embedder
from rag.errors import ArticlesError, StoreError
from rag.search import place, retrieval, upkeep
from rag.search.planning import Progress, nothing_in, plan, require_window
from rag.search.refresh import Changes, apply
from rag.search.store import connection, searching
from rag.search.store.schema import PIPELINE
from rag.search.store.state import State, VectorsFile
from rag.search.versions import Versions
from rag.search.words import phrase_expression
from rag.settings import Settings
from rag.types import Article, Filters, Hit, Passage, Skipped

_log = logging.getLogger("rag.search.library")

__all__ = ["Changes", "Library"]


def _silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


class Library:
    """The articles of one folder with their index; safe to use from several threads.

    Open one with :meth:`open`.

    Attributes:
        folder: The articles' folder.
        index: The index's folder.
        settings: Every setting.
        embedder: What makes the vectors.
        notices: What was repaired or is not as usual, one plain line each.
    """

    def __init__(self, folder: Path, index: Path, settings: Settings, embedder: Embedder) -> None:
        self.folder = folder
        self.index = index
        self.settings = settings
        self.embedder = embedder
        self.notices: list[str] = []
        self._versions = Versions(index)

    @classmethod
    def open(
        cls,
        folder: Path,
        index: Path | None = None,
        settings: Settings | None = None,
        progress: Progress | None = None,
        refresh: bool = True,
        fresh: bool = False,
        retry: bool = False,
    ) -> Self:
        """Open a folder's library, building or refreshing its index first.

        Args:
            folder: The articles.
            index: The index's folder; by default :func:`rag.search.place.default_index`.
            settings: Every setting; the defaults if not given.
            progress: Told the stage, how many are done, and of how many.
            refresh: Whether to look for changes of the folder.
            fresh: Delete the index that is there and build another; nothing is deleted where the
                folder or a setting is refused.
            retry: Read again the files that a busy machine kept from being read.

        Raises:
            ArticlesError: The folder is missing, or nothing in it is an article.
            SettingsError: A setting does not fit the embedder.
            ModelError: The embedder is not on this machine.
            IndexMismatch: The index was made with other settings or of other articles.
            IndexLocked: Another process is writing to it.
            IndexDamaged: It is damaged; the message names the mend.
            StoreError: It cannot be opened or written.
        """
        folder = Path(folder).absolute()
        settings = settings or Settings()
        where = place.checked_index(folder, Path(index) if index is not None else None)
        library = cls(folder, where, settings, embedding.load(settings))
        try:
            if fresh:
                library._require_articles(progress or _silent)
                place.clear(where)
            library._open(progress or _silent, refresh, retry)
        except BaseException:
            library.close()
            raise
        return library

    def refresh(
        self, progress: Progress | None = None, wait_s: float | None = None, retry: bool = False
    ) -> Changes:
        """Take in new and changed files and forget deleted ones.

        Args:
            progress: As :meth:`open`.
            wait_s: Seconds to wait for another process's writing; ``place.WAIT_S`` by default.
            retry: As :meth:`open`.

        Raises:
            As :meth:`open`.
        """
        report = progress or _silent
        with self._versions.view() as (reader, state):
            self._match(state)
            again = state.pipeline != PIPELINE
            stored = reader.skipped()
            names = reader.digests()
            planned = plan(self.folder, self.settings, names, stored, again, report, retry)
        unchanged = state.complete and state.folder == str(self.folder) and not again
        if unchanged and not planned.read and not planned.removed and planned.skipped == stored:
            changes = Changes(skipped=tuple(sorted(stored, key=lambda one: one.name)))
        else:
            with place.locked(self.index, wait_s), upkeep.writing(self.index) as writer:
                newest = writer.state()
                self._match(newest)
                if newest.version != state.version:  # somebody else was quicker
                    names, stored = writer.digests(), writer.skipped()
                    planned = plan(self.folder, self.settings, names, stored, again, report, retry)
                changes, skipped = apply(writer, planned, self.embedder, self.settings, report)
                writer.finish(skipped, str(self.folder))
                upkeep.settle(self.index, writer)
        if not self.state.articles:
            raise ArticlesError(nothing_in(self.folder, changes.skipped))
        return changes

    @property
    def generation(self) -> int:
        """Version of the truth; rises with every transaction."""
        with self._versions.view() as (_, state):
            return state.generation

    @property
    def version(self) -> tuple[str, int]:
        """Which truth it is, and its generation: equal versions, equal articles."""
        return self.state.version

    @property
    def state(self) -> State:
        """What the index says about itself."""
        with self._versions.view() as (_, state):
            return state

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Files of the folder that are no articles, with why, sorted by name."""
        with self._versions.view() as (reader, _):
            return tuple(reader.skipped())

    @contextmanager
    def snapshot(self) -> Iterator[int]:
        """Show this thread one version inside the block; yields its generation."""
        with self._versions.view(pin=True) as (_, state):
            yield state.generation

    def names(self) -> tuple[str, ...]:
        """Return the names of all articles, sorted."""
        with self._versions.view() as (reader, _):
            return tuple(reader.names())

    def articles(self) -> tuple[Article, ...]:
        """Return all articles with their texts, by name."""
        with self._versions.view() as (reader, _):
            found = (reader.article(name) for name in reader.names())
            return tuple(article for article in found if article is not None)

    def article(self, name: str) -> Article:
        """Return one article.

        Raises:
            KeyError: There is none of that name.
        """
        with self._versions.view() as (reader, _):
            article = reader.article(name)
        if article is None:
            raise KeyError(name)
        return article

    def passages(self, article: str) -> tuple[Passage, ...]:
        """Return an article's passages in their order; none if there is no such article."""
        with self._versions.view() as (reader, _):
            return tuple(one.passage for one in reader.passages_of(article))

    def mentions(self, *phrases: str, within: int = 0) -> tuple[str, ...]:
        """Return the names of the articles that have all phrases in one passage.

        Case, accents and endings do not count, and page furniture is not looked at.

        Args:
            phrases: Each is looked for word for word.
            within: Most words between two phrases; 0 for anywhere in a passage.
        """
        expression = phrase_expression(*phrases, within=within)
        if expression is None:
            return ()
        with self._versions.view() as (reader, state):
            owners = self._versions.owners(reader, state)
            return tuple(searching.mentions(reader, owners, expression))

    def search(
        self, question: str, filters: Filters | None = None, k: int | None = None
    ) -> list[Hit]:
        """Return the passages nearest to a question, best first.

        Args:
            question: In plain words.
            filters: What to search; everything by default.
            k: Most hits; ``settings.top_k`` by default.
        """
        wanted = self.settings.top_k if k is None else k
        chosen = filters or Filters()
        with self._versions.view() as (reader, state):
            self._match(state)
            index = self._versions.vectors(reader, state)
            hits = retrieval.search(reader, index, question, self.embedder.embed_question,
                                    self.settings, chosen, wanted)
        if self._versions.broken is not None:
            self._republish(self._versions.broken)
        return hits

    def close(self) -> None:
        """Close the index; nothing can be read afterwards."""
        self._versions.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def notice(self, line: str) -> None:
        """Keep and log a line about something that was repaired or is not as usual."""
        self.notices.append(line)
        _log.warning("%s", line)

    def _open(self, progress: Progress, refresh: bool, retry: bool) -> None:
        if place.is_blank(self.index):
            if not refresh:
                command = connection.build_command(self.index, str(self.folder),
                                                   self.settings)
                raise StoreError(f"there is no index in {self.index}; build it: {command}")
            self._require_articles(progress)
            place.start(self.index, self.folder, self.settings, self.embedder)
        if found := upkeep.check(self.index, progress):
            self.notice(found)
        self._match(self.state, refresh)
        if refresh:
            if self.state.folder != str(self.folder):
                was = self.state.folder
                self.notice(f"the index in {self.index} was of {was}; it now follows {self.folder}")
            self.refresh(progress, retry=retry)
        elif not self.state.complete:
            self.notice(f"the last refresh of the index in {self.index} was interrupted")

    def _match(self, state: State, refresh: bool = True) -> None:
        """Refuse an index of other models or sizes; another process may have built it anew."""
        place.match(state, self.folder, self.index, self.settings, self.embedder, refresh)

    def _require_articles(self, progress: Progress) -> None:
        """Refuse what no index can be made of, before one is made or deleted."""
        planned = plan(self.folder, self.settings, {}, {}, True, progress)
        if not planned.read:
            raise ArticlesError(nothing_in(self.folder, tuple(planned.skipped)))
        require_window(self.embedder, self.settings)

    def _republish(self, broken: VectorsFile) -> None:
        """Publish the vectors anew after their file was found missing or damaged."""
        self._versions.broken = None
        if self.state.vectors != broken:  # superseded by a writer, not damaged
            return
        self.notice(f"the vectors file {self.index / broken.name} was damaged and is built anew")
        try:
            with place.locked(self.index, wait_s=0), upkeep.writing(self.index) as writer:
                if writer.state().vectors == broken:
                    upkeep.settle(self.index, writer, anew=True)
        except StoreError as error:
            _log.warning("the vectors file was not published anew: %s", error)
