"""The bytes of the main file, read beside SQLite without dropping its locks.

POSIX drops all locks of a process on a file as soon as the process closes any handle of it
(SQLite, "How To Corrupt An SQLite Database File", 2.2). Another process that closes its connection
would then take itself for the last one, and delete the log that this one still reads and writes.
So a handle that was opened once stays open while the process runs.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

_handles: dict[tuple[int, int], int] = {}  # by device and number of the file
_opening = threading.Lock()


def read_at(path: Path, start: int, size: int) -> bytes:
    """Return up to ``size`` bytes of a file from ``start`` on.

    Raises:
        OSError: It cannot be read.
    """
    if os.name != "posix":  # closing a handle drops no lock of another one there
        with path.open("rb", buffering=0) as file:
            file.seek(start)
            return file.read(size)
    return os.pread(_handle(path), size, start)


def _handle(path: Path) -> int:
    with _opening:
        found = path.stat()
        known = _handles.get((found.st_dev, found.st_ino))
        if known is not None:
            return known
        fresh = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        found = os.fstat(fresh)  # the path may name another file by now
        return _handles.setdefault((found.st_dev, found.st_ino), fresh)
