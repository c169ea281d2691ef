"""Runs that survive a kill: each conversation's records are on disk before the next is asked.

A run is named by what it measures: the code of ``rag`` with its weights, the sets and the
settings. Running the same again goes on where the last one stopped; anything else starts anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from eval.records import Record

_CODE = (".py", ".json", ".toml", ".safetensors", ".txt", ".npz")


def run_key(
    code: Iterable[Path], sets: Iterable[Path], settings: Mapping[str, object]
) -> str:
    """A short name for what is measured.

    Args:
        code: Folders (or files) whose code and weights are measured.
        sets: Folders of the question sets.
        settings: Settings by name.
    """
    digest = hashlib.sha256(json.dumps(dict(settings), sort_keys=True, default=str).encode())
    for folder in code:
        for path in _files(folder):
            if path.suffix in _CODE:
                _add(digest, path, folder.parent)
    for folder in sets:
        for path in _files(folder):
            _add(digest, path, folder.parent)
    return digest.hexdigest()[:16]


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def _add(digest: hashlib._Hash, path: Path, base: Path) -> None:
    content = path.read_bytes()
    digest.update(f"{path.relative_to(base).as_posix()}\0{len(content)}\0".encode())
    digest.update(content)


class Journal:
    """Records on disk, one conversation per line.

    Args:
        path: The file; read when it exists, created when not.
    """

    def __init__(self, path: Path) -> None:
        self._done: dict[tuple[str, str], list[Record]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        good = 0
        if path.exists():
            data = path.read_bytes()
            for line in data.splitlines(keepends=True):
                if not line.endswith(b"\n"):
                    break  # torn by a kill: asked again
                records = [Record.from_dict(values) for values in json.loads(line)]
                self._done[records[0].cluster] = records
                good += len(line)
        self._file = path.open("ab")
        self._file.truncate(good)

    def __contains__(self, conversation: tuple[str, str]) -> bool:
        return conversation in self._done

    def __iter__(self) -> Iterator[Record]:
        for records in self._done.values():
            yield from records

    def __len__(self) -> int:
        return len(self._done)

    def add(self, records: Sequence[Record]) -> None:
        """Keep the records of one conversation; they are on disk when this returns."""
        line = json.dumps([record.to_dict() for record in records], ensure_ascii=True)
        self._file.write(line.encode("ascii") + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._done[records[0].cluster] = list(records)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
