"""Reading the truth: every row is checked against its checksum before it is handed out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.encoding.bert import Floats
from rag.search.store import rows
from rag.search.store.connection import damaged, told
from rag.search.store.state import State
from rag.types import Article, Passage, Skipped

Ids = NDArray[np.int64]

_ARTICLE = "name, digest, title, publisher, author, published, furniture, outline, text_digest"
_ROW = "id, article, checksum, vector, text, ordinal, start, stop, sentences, source"
_BLOCK = 4096  # rows read at a time


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as the truth lists it, without its text.

    Attributes:
        id: Its number in the truth; a changed article gets a new one.
        name: Its name.
        digest: Hex SHA-256 of its file.
        checksum: Of its row.
        outline: The lines of it that can recur.
    """

    id: int
    name: str
    digest: str
    checksum: bytes
    outline: rows.Outlined


@dataclass(frozen=True, slots=True)
class Stored:
    """A passage with what a hit says about its article, and its vector."""

    id: int
    passage: Passage
    title: str
    publisher: str | None
    published: str | None
    vector: bytes
    checksum: bytes


class Reader:
    """Reads one truth over one connection.

    Args:
        connection: An open connection.
        folder: The index's folder, for messages.

    Raises (all methods):
        IndexDamaged: A row is not what was written.
    """

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self.connection = connection
        self.folder = folder

    @contextmanager
    def snapshot(self) -> Iterator[State]:
        """Read one version of everything inside the block, whatever is written meanwhile."""
        with told(self.folder):
            self.connection.execute("BEGIN")
            try:
                yield self.state()
            finally:
                self.connection.execute("ROLLBACK")

    def state(self) -> State:
        """Return what the truth says about itself."""
        row = self._one("SELECT json, checksum FROM state")
        if row is None:
            raise damaged(self.folder, "it has no state")
        if rows.checksum(row[0]) != row[1]:
            raise damaged(self.folder, "its state fails its checksum")
        try:
            return State.from_json(row[0])
        except ValueError as error:
            raise damaged(self.folder, str(error)) from error

    def entries(self) -> dict[str, Entry]:
        """Return every article by name, without the texts."""
        found = self.all(f"SELECT id, checksum, {_ARTICLE} FROM articles ORDER BY name")
        return {row[2]: self._entry(row) for row in found}

    def entry(self, name: str) -> Entry | None:
        """Return one article without its text."""
        row = self._one(f"SELECT id, checksum, {_ARTICLE} FROM articles WHERE name = ?", name)
        return self._entry(row) if row else None

    def carriers(self, line: str, most: int) -> list[Entry]:
        """Return the articles that have a line among their edges, the oldest first."""
        found = self.all(
            f"SELECT id, checksum, {_ARTICLE} FROM articles WHERE id IN "
            "(SELECT article FROM edges WHERE line = ? ORDER BY article LIMIT ?) ORDER BY id",
            rows.edge_key(line),
            most,
        )
        entries = [self._entry(row) for row in found]
        return [entry for entry in entries if line in entry.outline.edges]

    def edges(self) -> list[tuple[int, int]]:
        """Return all keys of lines with their articles, sorted."""
        return self.all("SELECT line, article FROM edges ORDER BY line, article")

    def digests(self) -> dict[str, str]:
        """Return the digest of every article's file by name."""
        return dict(self.all("SELECT name, digest FROM articles"))

    def names(self) -> list[str]:
        """Return the names of all articles, sorted."""
        return [row[0] for row in self.all("SELECT name FROM articles ORDER BY name")]

    def article(self, name: str) -> Article | None:
        """Return one article with its text; None when there is none of that name."""
        row = self._one(f"SELECT id, checksum, {_ARTICLE}, text FROM articles WHERE name = ?", name)
        if row is None:
            return None
        entry = self._entry(row[:-1])
        fields, text = row[2:-1], row[-1]
        if rows.checksum(text) != fields[8]:
            raise damaged(self.folder, f"the text of {name!r} fails its checksum")
        return Article(
            name=entry.name,
            title=fields[2],
            text=text,
            digest=entry.digest,
            publisher=fields[3],
            author=fields[4],
            published=rows.day(fields[5]),
            furniture=rows.unpack_spans(fields[6]),
        )

    def passages_of(self, name: str) -> list[Stored]:
        """Return the passages of one article in their order."""
        found = self.all(
            "SELECT passages.id FROM passages JOIN articles ON articles.id = passages.article "
            "WHERE articles.name = ? ORDER BY ordinal",
            name,
        )
        by_id = self.stored([row[0] for row in found])
        return [by_id[row[0]] for row in found]

    def stored(self, ids: Sequence[int]) -> dict[int, Stored]:
        """Return passages by id; every id must be there."""
        articles: dict[int, tuple[Any, ...]] = {}
        result: dict[int, Stored] = {}
        for id in ids:
            row = self._one(
                f"SELECT {_ROW} FROM passages WHERE id = ?",
                int(id),
            )
            if row is None:
                raise damaged(self.folder, f"passage {id} is missing")
            if row[1] not in articles:
                found = self._one(
                    f"SELECT id, checksum, {_ARTICLE} FROM articles WHERE id = ?", row[1]
                )
                if found is None:
                    raise damaged(self.folder, f"article {row[1]} is missing")
                self._entry(found)
                articles[row[1]] = found
            result[int(id)] = self._stored(row, articles[row[1]])
        return result

    def vectors(self, after: int, dimension: int) -> Iterator[tuple[Ids, Floats]]:
        """Yield blocks of the ids and vectors of all passages with ids above ``after``, checked."""
        columns = ", ".join(f"passages.{name}" for name in _ROW.split(", "))
        query = (
            f"SELECT {columns}, articles.checksum FROM passages LEFT JOIN articles "
            "ON articles.id = passages.article WHERE passages.id > ? ORDER BY passages.id"
        )
        with told(self.folder):
            cursor = self.connection.execute(query, (after,))
            while found := cursor.fetchmany(_BLOCK):
                for row in found:
                    if self._passage_checksum(row[:-1], row[-1]) != row[2]:
                        raise damaged(self.folder, f"passage {row[0]} fails its checksum")
                ids = np.array([row[0] for row in found], np.int64)
                yield ids, rows.unpack_vectors([row[3] for row in found], dimension)

    def vectors_of(self, ids: Sequence[int], dimension: int) -> Floats:
        """Return the vectors of some passages, one row each, in the order of the ids."""
        found = dict(
            self.all(
                "SELECT id, vector FROM passages WHERE id IN (SELECT value FROM json_each(?))",
                json.dumps(list(ids)),
            )
        )
        return rows.unpack_vectors([found[id] for id in ids], dimension)

    def newest(self) -> int:
        """Return the largest passage id; 0 when there are none."""
        row = self._one("SELECT max(id) FROM passages")
        return (row[0] if row else None) or 0

    def count_after(self, id: int) -> int:
        """Return how many passages have larger ids."""
        row = self._one("SELECT count(*) FROM passages WHERE id > ?", id)
        return int(row[0]) if row else 0

    def vector_of(self, source: bytes) -> bytes | None:
        """Return the stored vector of an embedded text, if some passage has it."""
        row = self._one("SELECT id FROM passages WHERE source = ? LIMIT 1", source)
        return self.stored([row[0]])[row[0]].vector if row else None

    def dead(self) -> Ids:
        """Return ids that the published vectors file may hold and that are gone."""
        return np.array([row[0] for row in self.all("SELECT id FROM dead ORDER BY id")], np.int64)

    def skipped(self) -> dict[Skipped, str | None]:
        """Return the files that are not articles, by name, each with what it is known by."""
        found = self.all("SELECT name, reason, known FROM skipped ORDER BY name")
        return {Skipped(row[0], row[1]): row[2] for row in found}

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        """Check an article's row (id, checksum, then ``_ARTICLE``)."""
        if rows.checksum(row[0], *row[2:]) != row[1]:
            raise damaged(self.folder, f"article {row[2]!r} fails its checksum")
        return Entry(row[0], row[2], row[3], row[1], rows.Outlined.from_json(row[9]))

    def _stored(self, row: tuple[Any, ...], article: tuple[Any, ...]) -> Stored:
        if self._passage_checksum(row, article[1]) != row[2]:
            raise damaged(self.folder, f"passage {row[0]} fails its checksum")
        passage = Passage(
            article=article[2],
            ordinal=row[5],
            start=row[6],
            end=row[7],
            text=row[4],
            sentences=rows.unpack_spans(row[8]),
        )
        return Stored(row[0], passage, article[4], article[5], article[7], row[3], row[2])

    @staticmethod
    def _passage_checksum(row: tuple[Any, ...], article: bytes) -> bytes:
        return rows.checksum(row[0], article, *row[5:], row[3], row[4])

    def _one(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        with told(self.folder):
            row: tuple[Any, ...] | None = self.connection.execute(query, values).fetchone()
            return row

    def all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return all rows of a query; what is in them is not checked."""
        with told(self.folder):
            return self.connection.execute(query, values).fetchall()
