"""Connections to the truth, and SQLite's failures told as this package's errors."""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from rag.errors import IndexDamaged, IndexLocked, IndexMismatch, StoreError
from rag.search.store.schema import APPLICATION, DATABASE, FORMAT, TABLES
from rag.settings import DEFAULT, Settings

_WAIT_S = 20.0  # seconds a statement waits for another process's transaction
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_DENIED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def damaged(folder: Path, what: str) -> IndexDamaged:
    """Return the error for a truth that cannot be trusted, with the command that mends it."""
    return IndexDamaged(
        f"the index in {folder} is damaged ({what}); mend it: python -m index repair --index "
        f"{shlex.quote(str(folder))}, or delete that folder and ask again"
    )


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turn SQLite's errors inside the block into StoreErrors that name the index and the mend."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        primary = code & 0xFF if code is not None else None
        if primary in _BUSY:
            raise IndexLocked(
                f"another process is writing to the index in {folder}; try again when it is done"
            ) from error
        if primary in _FULL:
            raise StoreError(
                f"the index in {folder} cannot be read or written ({error}); make room on the "
                "disk and try again, nothing that was there is lost"
            ) from error
        if primary in _DENIED:
            raise StoreError(
                f"the index in {folder} cannot be opened or written ({error}); make the folder "
                "writable or name another with --index"
            ) from error
        raise damaged(folder, str(error)) from error


def connect(folder: Path, *, write: bool) -> sqlite3.Connection:
    """Open the truth in a folder.

    In a place that cannot be written, a truth that was closed properly is read without locks.

    Raises:
        StoreError: There is none, it cannot be opened, or it is no truth of this program.
        IndexMismatch: It was written by another version.
    """
    path = folder / DATABASE
    if not path.is_file():
        raise StoreError(f"there is no index in {folder}; build it: {build_command(folder)}")
    mode = "rw" if write else "ro"
    if not write and not os.access(folder, os.W_OK):
        pending = folder / f"{DATABASE}-wal"
        if not pending.exists() or pending.stat().st_size == 0:
            mode = "ro&immutable=1"
    with told(folder):
        connection = sqlite3.connect(
            f"file:{quote(str(path.resolve()))}?mode={mode}",
            uri=True,
            timeout=_WAIT_S,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=64,
        )
        try:
            _check_header(connection, folder)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
    return connection


def create(folder: Path) -> sqlite3.Connection:
    """Create the tables of a new truth in a folder and return a connection for writing.

    Raises:
        StoreError: The place cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"no index can be made in {folder} ({error.strerror or error}); name a folder that "
            "can be written with --index"
        ) from error
    with told(folder):
        connection = sqlite3.connect(
            folder / DATABASE, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA page_size = 8192")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in TABLES.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")
        except BaseException:
            connection.close()
            raise
    return connection


def build_command(
    index: Path, articles: str = "FOLDER", settings: Settings | None = None, *, fresh: bool = False
) -> str:
    """Return the command that builds an index, quoted for a shell, to be shown in messages.

    Args:
        index: The index's folder.
        articles: The articles' folder.
        settings: What the index is to be made with; the defaults if not given.
        fresh: Delete what is there first.
    """
    words = ["python", "-m", "index", "build", "--articles", articles, "--index", str(index)]
    asked, default = settings or Settings(), Settings()
    if asked.embedder != DEFAULT:
        # The command may be run in another folder than the one that a path was given in.
        model = Path(asked.embedder).expanduser()
        words += ["--embedder", str(model.absolute()) if model.is_dir() else asked.embedder]
    if asked.passage_tokens != default.passage_tokens:
        words += ["--passage-tokens", str(asked.passage_tokens)]
    if asked.overlap_sentences != default.overlap_sentences:
        words += ["--overlap-sentences", str(asked.overlap_sentences)]
    return shlex.join([*words, *["--fresh"] * fresh])


def _check_header(connection: sqlite3.Connection, folder: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION:
        raise damaged(folder, f"{DATABASE} is not the database of an index")
    if version != FORMAT:
        raise IndexMismatch(
            f"the index in {folder} has format {version}, this program reads {FORMAT}; delete "
            f"its {DATABASE} and ask again, or build it anew: "
            f"{build_command(folder, fresh=True)}"
        )
