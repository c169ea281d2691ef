"""What differs between a folder of articles and its truth, by the content of the files."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.articles import loading
from rag.encoding.embedding import Embedder
from rag.errors import SettingsError
from rag.settings import Settings
from rag.types import Skipped

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What differs between a folder and its truth.

    Attributes:
        read: Files to be read: new, or changed.
        removed: Articles that have no file.
        skipped: Files known to be no articles, with what they are known by.
        files: Number of files that can be articles.
    """

    read: tuple[loading.Found, ...]
    removed: tuple[str, ...]
    skipped: Mapping[Skipped, str | None]
    files: int


def plan(
    folder: Path,
    settings: Settings,
    digests: Mapping[str, str],
    skipped: Mapping[Skipped, str | None],
    reread: bool,
    progress: Progress,
    retry: bool = False,
) -> Plan:
    """Compare a folder with what its truth lists, by content.

    Args:
        folder: The articles' folder.
        settings: The limits of reading.
        digests: The truth's articles with their files' digests.
        skipped: The truth's skipped files, with what they are known by.
        reread: Read every file again, changed or not.
        progress: Told how many files were looked at.
        retry: Read again what the moment kept from being read; not with every question, as such
            a file may take a minute each time.

    Raises:
        ArticlesError: The folder is missing or cannot be listed.
    """
    refused = {one.name: (one, known) for one, known in skipped.items() if known}
    read: list[loading.Found] = []
    still: dict[Skipped, str | None] = {}
    seen: set[str] = set()
    found = list(loading.walk(folder, settings))
    files = 0
    for done, one in enumerate(found, 1):
        if isinstance(one, Skipped):
            still[one] = None
        else:
            files += 1
            seen.add(one.name)
            digest = None if reread else digest_of(one.path)
            # What cannot be opened is as it was where it is refused as it was.
            unopened = loading.read(one, settings) if digest is None and not reread else None
            old, known = refused.get(one.name, (None, None))
            if digest is not None and digests.get(one.name) == digest:
                pass
            elif old is not None and known in _holding(digest, settings, retry):
                still[old] = known
            elif isinstance(unopened, Skipped) and _plain(unopened) in skipped:
                still[_plain(unopened)] = None
            else:
                read.append(one)
        progress("looking", done, len(found))
    gone = tuple(sorted(set(digests) - seen))
    return Plan(tuple(read), gone, still, files)


def require_window(embedder: Embedder, settings: Settings) -> None:
    """Refuse passages that are longer than what the embedder reads.

    Raises:
        SettingsError: They are.
    """
    window = settings.passage_tokens
    if window and window > embedder.max_tokens:  # a named model has to load to tell its own
        raise SettingsError(
            f"setting passage_tokens={window} is more than the {embedder.max_tokens} tokens "
            f"that the embedder {embedder.name} reads; use 0 for its whole window"
        )


def nothing_in(folder: Path, skipped: tuple[Skipped, ...]) -> str:
    """Return the message for a folder in which nothing is an article."""
    if not skipped:
        return f"there is nothing to read in {folder}; put articles into it"
    one = skipped[0]
    return (
        f"none of the {len(skipped)} files in {folder} is an article; the first, {one.name!r}: "
        f"{one.reason}"
    )


def digest_of(path: Path) -> str | None:
    """Digest a regular file without following a link or waiting for a pipe; None if it cannot."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def known_by(digest: str | None, settings: Settings, hindered: bool = False) -> str | None:
    """What a skipped file is known by: its content and the limits that it was read with.

    Args:
        digest: Of its bytes; None if they cannot be told.
        settings: The limits.
        hindered: Whether the moment was in the way, so that the next build tries it again.
    """
    if digest is None:
        return None
    limits = (
        settings.max_file_bytes,
        settings.max_text_chars,
        settings.max_pages,
        settings.max_expansion,
    )
    return f"{digest} {' '.join(map(str, limits))}{' hindered' if hindered else ''}"


def _holding(digest: str | None, settings: Settings, retry: bool) -> tuple[str | None, ...]:
    """Return what a file's refusal may be known by to hold still."""
    kinds = (False,) if retry else (False, True)
    return tuple(known_by(digest, settings, hindered) for hindered in kinds)


def _plain(one: Skipped) -> Skipped:
    return Skipped(one.name, one.reason)  # as the truth lists it
