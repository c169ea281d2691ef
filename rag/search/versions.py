"""The versions of one index: readers are lent to threads, and each sees one version at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.search import place, vectors
from rag.search.store import connection, searching
from rag.search.store.reading import Reader
from rag.search.store.state import State, VectorsFile


class Versions:
    """Lends readers of one index; safe to use from several threads.

    Args:
        index: The index's folder.

    Attributes:
        broken: A recorded vectors file that was missing or not as recorded when it was read.
    """

    def __init__(self, index: Path) -> None:
        self.index = index
        self.broken: VectorsFile | None = None
        self._local = threading.local()
        self._lock = threading.RLock()
        self._spare: list[tuple[Reader, place.File | None]] = []
        self._vectors: tuple[State, vectors.VectorIndex] | None = None
        self._owners: tuple[tuple[str, int], searching.Owners] | None = None

    @contextmanager
    def view(self, *, pin: bool = False) -> Iterator[tuple[Reader, State]]:
        """Read one version inside the block: the thread's pinned one, else the newest.

        Args:
            pin: Let every view of this thread inside the block see the same version.
        """
        pinned: tuple[Reader, State] | None = getattr(self._local, "pinned", None)
        if pinned is not None:
            yield pinned
            return
        with self.reader() as reader, reader.snapshot() as state:
            if pin:
                self._local.pinned = (reader, state)
            try:
                yield reader, state
            finally:
                self._local.pinned = None

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Lend a reader that no other thread uses, of the file that lies in the index now."""
        with self._lock:
            spare = self._spare.pop() if self._spare else None
        # Looked at before it is opened: a file that comes in between is opened once more, no more.
        file = place.file_of(self.index)
        if spare is not None and file and spare[1] != file and not place.is_blank(self.index):
            spare[0].connection.close()  # of a file that is deleted: the index was built anew
            spare = None
        if spare is None:
            spare = Reader(connection.connect(self.index, write=False), self.index), file
        try:
            yield spare[0]
        finally:
            with self._lock:
                self._spare.append(spare)

    def vectors(self, reader: Reader, state: State) -> vectors.VectorIndex:
        """Return the vectors of exactly this version."""
        with self._lock:
            base = None
            if self._vectors is not None:
                cached, found = self._vectors
                if cached.version == state.version:
                    return found
                if cached.vectors == state.vectors:
                    base = found.base
            if base is None and state.vectors is not None:
                base = vectors.load(self.index, state.vectors)
                self.broken = state.vectors if base is None else None
            found = vectors.at(reader, state, base)
            self._vectors = (state, found)
            return found

    def owners(self, reader: Reader, state: State) -> searching.Owners:
        """Return which article each passage of exactly this version is of."""
        with self._lock:
            if self._owners is None or self._owners[0] != state.version:
                self._owners = state.version, searching.Owners.of(reader)
            return self._owners[1]

    def close(self) -> None:
        """Close all readers that are not lent."""
        with self._lock:
            for reader, _ in self._spare:
                reader.connection.close()
            self._spare.clear()
            self._vectors = self._owners = None
