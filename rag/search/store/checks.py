"""Finding damage: the seal over the main file, and the check of every row when it is broken.

A sealed truth is one whose main file has the recorded CRC-32 of every block and no pending log,
so nothing else needs to be looked at: all of it is as it was written. After a kill, while
somebody writes, or after damage the seal does not hold, and every row is checked instead.
CRC-32 is enough for accidents (every burst up to 32 bits is found) and as fast as the disk;
it is no protection against a forger, who could as well write another index.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rag.encoding.encoder import cores
from rag.search.store import rows
from rag.search.store.beside import read_at
from rag.search.store.connection import damaged, told
from rag.search.store.reading import Reader
from rag.search.store.schema import DATABASE, SEAL, VECTORS
from rag.search.store.state import State, mix

_BLOCK = 1 << 22
_FILE = re.escape(VECTORS.format(generation=0)).replace("0", "[0-9]+")
_DERIVED = re.compile(rf"{_FILE}(?:\.new)?|{re.escape(SEAL)}\.new")
Progress = Callable[[str, int, int], None]


def seal(folder: Path) -> None:
    """Record the CRC-32 of every block of a main file that has no pending log."""
    content = json.dumps({"size": (folder / DATABASE).stat().st_size, "crc": _blocks(folder)})
    write_whole(folder / SEAL, content.encode())


def is_sealed(folder: Path) -> bool:
    """Whether the main file is exactly as it was sealed and no log is pending."""
    log = folder / f"{DATABASE}-wal"
    try:
        if log.exists() and log.stat().st_size > 0:
            return False
        expected: Any = json.loads((folder / SEAL).read_bytes())
        return (
            isinstance(expected, dict)
            and expected.get("size") == (folder / DATABASE).stat().st_size
            and expected.get("crc") == _blocks(folder)
        )
    except (OSError, ValueError):
        return False


def write_whole(path: Path, content: bytes | memoryview) -> None:
    """Publish a file by one atomic rename, its bytes and its name synced to the disk."""
    beside = path.with_name(f"{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    os.replace(beside, path)
    sync_folder(path.parent)


def derived(folder: Path) -> list[Path]:
    """Return the vectors files and what a kill left half written; no file of anybody else."""
    return [path for path in folder.iterdir() if _DERIVED.fullmatch(path.name)]


def sync_folder(folder: Path) -> None:
    """Sync a folder's names to the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def check_rows(reader: Reader, progress: Progress | None = None) -> State:
    """Check the tables' structure and every row of articles and passages.

    Raises:
        IndexDamaged: Something is not as it was written.
    """
    folder = reader.folder
    with told(folder), reader.snapshot() as state:
        found = reader.connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise damaged(folder, f"SQLite: {' '.join(found.split())[:200]}")
        entries = reader.entries()
        contents, passages, done = state.contents, 0, 0
        edges = {
            (rows.edge_key(line), entry.id)
            for entry in entries.values()
            for line in entry.outline.edges
        }
        if sorted(edges) != reader.edges():
            raise damaged(folder, "the table of recurring lines does not fit the articles")
        for name, entry in entries.items():
            article = reader.article(name)
            stored = reader.passages_of(name)
            if article is None:
                raise damaged(folder, f"article {name!r} is missing")
            for one in stored:
                if article.text[one.passage.start : one.passage.end] != one.passage.text:
                    raise damaged(folder, f"passage {one.id} is not in the text of {name!r}")
            contents = mix(contents, entry.checksum, *(one.checksum for one in stored))
            passages, done = passages + len(stored), done + 1
            if progress is not None:
                progress("checking", done, len(entries))
        if (len(entries), passages, int(contents, 16)) != (state.articles, state.passages, 0):
            raise damaged(folder, "articles or passages are missing")
        return state


def words_fit(reader: Reader) -> bool:
    """Whether the word index holds exactly the words of the passages.

    The connection must be one for writing, though nothing is written.
    """
    try:
        reader.connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            return False
        raise
    return True


def _blocks(folder: Path) -> list[int]:
    """Return the CRC-32 of every block of the main file, computed on all cores."""
    path = folder / DATABASE

    def one(start: int) -> int:
        return zlib.crc32(read_at(path, start, _BLOCK))

    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(one, range(0, path.stat().st_size, _BLOCK)))


def sha256_of(path: Path) -> str:
    """Return the hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
