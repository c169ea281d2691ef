"""Articles that people add on the page: stored under the folder's caps, or refused with why."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rag import Settings
from rag.articles.formats import SUFFIXES

# Folder inside the articles' folder that takes what is added.
PLACE: Final = "added"
KINDS: Final = tuple(sorted(SUFFIXES))
MOST_AT_ONCE: Final = 20
TOO_MANY: Final = f"Nothing was added: at most {MOST_AT_ONCE} files can be added at once."
MOST_FILES: Final = 5_000
_UNSAFE = re.compile(r"[^\w .()-]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was put into the folder.

    Attributes:
        given: The name that it came with.
        name: Its article name, relative to the articles' folder.
    """

    given: str
    name: str


class Refused(Exception):
    """A file is not taken; the message is one sentence for the person who added it."""


def store(folder: Path, given: str, content: bytes, settings: Settings) -> Stored:
    """Put one file into the articles' folder, under a name that nobody else has.

    Args:
        folder: The articles' folder.
        given: The file's name as the browser sent it; only its last part is used.
        content: Its bytes.
        settings: The caps.

    Raises:
        Refused: The file is not taken, and why.
    """
    shown = given[:80]
    name = safe_name(given)
    if Path(name).suffix.lower() not in KINDS:
        raise Refused(f"{shown!r} is not taken: only {', '.join(KINDS)} files are.")
    if not content:
        raise Refused(f"{shown!r} is not taken: it is empty.")
    if len(content) > settings.max_file_bytes:
        raise Refused(f"{shown!r} is not taken: it has {len(content):,} bytes, the most is "
                      f"{settings.max_file_bytes:,}.")
    try:
        return _store(folder, given, shown, name, content)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refused(f"{shown!r} is not taken: {why} (in the folder {PLACE!r}).") from None


def _store(folder: Path, given: str, shown: str, name: str, content: bytes) -> Stored:
    place = folder / PLACE
    if place.is_symlink():
        raise Refused(f"{shown!r} is not taken: the folder {PLACE!r} is a link.")
    if place.exists() and not place.is_dir():
        raise Refused(f"{shown!r} is not taken: {PLACE!r} is a file where a folder should be.")
    place.mkdir(exist_ok=True)
    if sum(1 for _ in place.iterdir()) >= MOST_FILES:
        raise Refused(f"{shown!r} is not taken: {MOST_FILES:,} files were added already.")
    stem, suffix = Path(name).stem, Path(name).suffix.lower()
    for number in range(1, 1_000):
        path = place / (f"{stem}{suffix}" if number == 1 else f"{stem} ({number}){suffix}")
        try:
            # Never follows a link and never overwrites.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            continue
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except BaseException:
            path.unlink()  # half an article is none
            raise
        return Stored(given, path.relative_to(folder).as_posix())
    raise Refused(f"{shown!r} is not taken: there are too many files of this name.")


def discard(folder: Path, stored: Stored) -> None:
    """Take a file out again that turned out not to be an article."""
    (folder / stored.name).unlink(missing_ok=True)


def safe_name(given: str) -> str:
    """Return the last part of a file's name with nothing in it but letters, digits and `` .()-_``.

    The result is never hidden, never a path, and at most 100 characters long.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    clean = " ".join(_UNSAFE.sub(" ", last).split()).strip(". ")
    stem, dot, suffix = clean.rpartition(".")
    if not dot:
        return clean[:100] or "article"
    return f"{stem.strip()[:90] or 'article'}.{suffix[:9]}"
