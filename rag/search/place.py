"""Where an index lives, who may write to it, and whether it is the one that is asked for."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rag.encoding.embedding import Embedder
from rag.errors import IndexLocked, IndexMismatch, StoreError
from rag.search.store import checks
from rag.search.store.beside import read_at
from rag.search.store.connection import build_command, create
from rag.search.store.schema import DATABASE, LOCK, SEAL
from rag.search.store.state import State
from rag.search.store.writing import Writer
from rag.settings import Settings

File = tuple[int, int]  # device and number of a file: another of the same path has others
WAIT_S = 10.0  # seconds to wait for another process's writing


def default_index(folder: Path) -> Path:
    """Return where a folder's index lives unless told otherwise: among the user's caches."""
    import platformdirs

    name = hashlib.sha256(str(Path(folder).absolute()).encode("utf-8", "surrogateescape"))
    return Path(platformdirs.user_cache_dir("rag")) / name.hexdigest()[:16]


def checked_index(folder: Path, index: Path | None) -> Path:
    """Return the index's absolute folder.

    Raises:
        StoreError: It is inside the articles' folder, or is a file.
    """
    chosen = (index if index is not None else default_index(folder)).absolute()
    if chosen.resolve().is_relative_to(folder.resolve()):
        raise StoreError(
            f"the index {chosen} would lie inside the articles' folder {folder}; name another "
            "place with --index"
        )
    if chosen.exists() and not chosen.is_dir():
        raise StoreError(f"the index {chosen} is a file; name a folder with --index")
    return chosen


@contextmanager
def locked(index: Path, wait_s: float | None = None) -> Iterator[None]:
    """Hold the index's lock inside the block, so that one process writes at a time.

    Raises:
        IndexLocked: Another process holds it and does not let go in time.
        StoreError: The index's folder cannot be written.
    """
    from filelock import FileLock, Timeout

    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / LOCK, timeout=WAIT_S if wait_s is None else wait_s)
        lock.acquire()
    except Timeout:
        raise IndexLocked(
            f"another process is writing to the index in {index}; try again when it is done"
        ) from None
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreError(
            f"the index in {index} cannot be written ({reason}); make the folder writable or "
            "name another with --index"
        ) from error
    try:
        yield
    finally:
        lock.release()


def file_of(index: Path) -> File | None:
    """Return which file is the index's truth; None where there is none or it has no number."""
    try:
        found = (index / DATABASE).stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_ino else None  # Windows may have no numbers


def is_blank(index: Path) -> bool:
    """Whether a folder holds no index yet, or only the start of one that a kill cut off."""
    path = index / DATABASE
    try:
        if not path.is_file() or path.stat().st_size == 0:
            return not path.exists() or path.is_file()
        if any(read_at(path, 68, 4)):  # the application id, which is written with the tables
            return False
        # Only for writing can SQLite undo a start that was cut off in the middle.
        mode = "rw" if os.access(index, os.W_OK) else "ro"
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True)) as found:
            return bool(found.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0)
    except (OSError, sqlite3.Error):
        return False


def clear(index: Path) -> None:
    """Delete an index; other files in its folder stay.

    Raises:
        IndexLocked: Another process is writing to it.
        StoreError: It cannot be deleted.
    """
    with locked(index):
        names = (SEAL, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")
        try:
            for path in (*(index / name for name in names), *checks.derived(index)):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"the index in {index} cannot be deleted: {error}") from error


def start(index: Path, folder: Path, settings: Settings, embedder: Embedder) -> None:
    """Make a truth that holds nothing yet, unless another process was quicker.

    Raises:
        IndexLocked: Another process is writing to it.
        StoreError: It cannot be written.
    """
    with locked(index):
        if is_blank(index):
            writer = Writer(create(index), index)
            try:
                writer.begin(first_state(folder, settings, embedder))
            finally:
                writer.connection.close()


def first_state(folder: Path, settings: Settings, embedder: Embedder) -> State:
    """Return the state of a truth that holds nothing yet."""
    return State(
        store=uuid.uuid4().hex,
        folder=str(folder),
        embedder=embedder.name,
        embedder_digest=embedder.digest,
        dimension=embedder.dimension,
        passage_tokens=settings.passage_tokens,
        overlap_sentences=settings.overlap_sentences,
    )


def match(
    state: State, folder: Path, index: Path, settings: Settings, embedder: Embedder, refresh: bool
) -> None:
    """Refuse an index that was made with something else than what is asked for.

    Raises:
        IndexMismatch: It was; the message names what differs and what makes a new one.
    """
    differences = []
    if state.embedder_digest != embedder.digest:
        differences.append(
            f"the embedder {state.embedder} ({state.embedder_digest[:12]}), not "
            f"{Path(embedder.name).name} ({embedder.digest[:12]})"  # the command has it whole
        )
    for name in ("passage_tokens", "overlap_sentences"):
        made, asked = getattr(state, name), getattr(settings, name)
        if made != asked:
            differences.append(f"{name}={made}, not {asked}")
    if differences:
        # The program `python -m index` is not in the wheel; deleting the file needs none.
        raise IndexMismatch(
            f"the index in {index} was made with {' and '.join(differences)}; keep to that, "
            f"delete its {DATABASE} and ask again, or build it anew: "
            f"{build_command(index, str(folder), settings, fresh=True)}"
        )
    if state.folder != str(folder) and not refresh:
        raise IndexMismatch(
            f"the index in {index} is of the articles in {state.folder}, not {folder}; bring it "
            f"in step: {build_command(index, str(folder), settings)}"
        )
