"""Writing the truth: a change of an article is in one transaction, all tables together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from rag.search.store import rows
from rag.search.store.connection import told
from rag.search.store.reading import Reader
from rag.search.store.schema import PIPELINE
from rag.search.store.state import State, VectorsFile, mix
from rag.types import Article, Passage, Skipped

_FOLD_WAIT_MS = 1000  # how long the fold waits for readers to finish with older versions
Embedded = tuple[Passage, bytes, bytes]  # passage, source digest, packed vector


class Writer(Reader):
    """Reads and writes one truth; whoever makes one holds the index's lock.

    Args:
        connection: An open connection for writing.
        folder: The index's folder, for messages.
    """

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        super().__init__(connection, folder)

    def begin(self, state: State) -> None:
        """Write the first state into new tables, in the transaction that made them."""
        with told(self.folder):
            self._save(state)
            self.connection.execute("COMMIT")

    def put(self, article: Article, outline: rows.Outlined, passages: Sequence[Embedded]) -> None:
        """Store an article with its passages, in place of any of the same name."""
        with self._transaction() as state:
            state = self._remove(state, article.name)
            id = self._next("articles")
            fields = rows.article_fields(article, outline.to_json())
            checksum = rows.checksum(id, *fields)
            self.connection.execute(
                "INSERT INTO articles (id, name, digest, title, publisher, author, published, "
                "furniture, outline, text_digest, checksum, text) "
                f"VALUES ({', '.join('?' * 12)})",
                (id, *fields, checksum, article.text),
            )
            self.connection.executemany(
                "INSERT OR IGNORE INTO edges VALUES (?, ?)",
                [(rows.edge_key(line), id) for line in outline.edges],
            )
            mixed = [checksum]
            for number, one in enumerate(passages, self._next("passages")):
                mixed.append(self._put_passage(number, id, checksum, article.title, one))
            self._save(
                replace(
                    state,
                    articles=state.articles + 1,
                    passages=state.passages + len(passages),
                    contents=mix(state.contents, *mixed),
                )
            )

    def forget(self, name: str) -> None:
        """Remove an article, its passages, vectors and words."""
        with self._transaction() as state:
            self._save(self._remove(state, name))

    def begin_refresh(self) -> None:
        """Record that changes are under way."""
        with self._transaction() as state:
            self._save(replace(state, complete=False))

    def finish(self, skipped: Mapping[Skipped, str | None], folder: str) -> None:
        """Record the skipped files, and that a refresh of this folder came to its end."""
        with self._transaction() as state:
            self.connection.execute("DELETE FROM skipped")
            self.connection.executemany(
                "INSERT OR REPLACE INTO skipped VALUES (?, ?, ?)",
                [(one.name, one.reason, known) for one, known in skipped.items()],
            )
            self._save(replace(state, complete=True, folder=folder, pipeline=PIPELINE))

    def published(self, vectors: VectorsFile) -> None:
        """Record a vectors file that holds exactly the passages that are there now."""
        with self._transaction() as state:
            self.connection.execute("DELETE FROM dead")
            self._save(replace(state, vectors=vectors))

    def rebuild_words(self) -> None:
        """Build the word index anew from the passages."""
        with self._transaction() as state:
            self.connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
            self._save(state)

    def fold(self) -> bool:
        """Move all that is written into the main file; False while a reader prevents it."""
        with told(self.folder):
            self.connection.execute(f"PRAGMA busy_timeout = {_FOLD_WAIT_MS}")
            busy = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make one transaction of several changes, which costs a wait for the disk each."""
        with self._transaction():
            yield

    @contextmanager
    def _transaction(self) -> Iterator[State]:
        if self.connection.in_transaction:  # one of several together
            yield self.state()
            return
        with told(self.folder):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.state()
                self.connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a failed write may have rolled back already
                    self.connection.execute("ROLLBACK")
                raise

    def _save(self, state: State) -> None:
        text = replace(state, generation=state.generation + 1).to_json()
        self.connection.execute(
            "INSERT OR REPLACE INTO state VALUES (1, ?, ?)", (text, rows.checksum(text))
        )

    def _next(self, table: str) -> int:
        row = self._one("SELECT seq FROM sqlite_sequence WHERE name = ?", table)
        return (row[0] if row else 0) + 1

    def _put_passage(
        self, id: int, article: int, article_checksum: bytes, title: str, one: Embedded
    ) -> bytes:
        passage, source, vector = one
        fields = rows.passage_fields(passage, source)
        checksum = rows.checksum(id, article_checksum, *fields, vector, passage.text)
        self.connection.execute(
            "INSERT INTO passages (id, article, ordinal, start, stop, sentences, source, "
            f"checksum, vector, text) VALUES ({', '.join('?' * 10)})",
            (id, article, *fields, checksum, vector, passage.text),
        )
        self.connection.execute(
            "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (id, title, passage.text)
        )
        return checksum

    def _remove(self, state: State, name: str) -> State:
        """Remove an article inside a transaction; return the state without it."""
        row = self._one("SELECT id, checksum, title, outline FROM articles WHERE name = ?", name)
        if row is None:
            return state
        gone = self.all("SELECT id, checksum, text FROM passages WHERE article = ?", row[0])
        for id, _, text in gone:
            self.connection.execute(
                "INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)",
                (id, row[2], text),
            )
        if state.vectors is not None:
            self.connection.executemany(
                "INSERT INTO dead VALUES (?)",
                [(one[0],) for one in gone if one[0] <= state.vectors.newest],
            )
        self.connection.executemany(
            "DELETE FROM edges WHERE line = ? AND article = ?",
            [(rows.edge_key(e), row[0]) for e in rows.Outlined.from_json(row[3]).edges],
        )
        self.connection.execute("DELETE FROM passages WHERE article = ?", (row[0],))
        self.connection.execute("DELETE FROM articles WHERE id = ?", (row[0],))
        return replace(
            state,
            articles=state.articles - 1,
            passages=state.passages - len(gone),
            contents=mix(state.contents, row[1], *(one[1] for one in gone)),
        )
