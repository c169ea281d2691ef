"""A folder of files -> Articles, and every file that was skipped, with why.

Every entry of the folder is reported exactly once: files that can be read become Articles,
all else is ``Skipped`` with one plain sentence. No link is followed, no archive opened as a
folder, no URL fetched, and nothing in a file's content stops a walk.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rag.articles import formats, furniture
from rag.articles.titles import choose_title
from rag.errors import ArticlesError
from rag.settings import Settings
from rag.types import Article, Skipped

_ENTRY_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_NEXT = "the next build of the index tries it again."
SOFT_HYPHEN = "\u00ad"  # where a word may be parted; no part of it
_PARTED = re.compile(rf"{SOFT_HYPHEN}(?:\n(?=\w))?")
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that looks like an article and has not been read yet.

    Attributes:
        name: Path relative to the articles' folder, with forward slashes.
        path: Where it is.
        size: Its size in bytes when the folder was listed.
    """

    name: str
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Hindered(Skipped):
    """A file that was skipped for what the moment was like, not for what it holds."""


def walk(folder: Path, settings: Settings) -> Iterator[Found | Skipped]:
    """List a folder recursively, in a fixed order.

    Hidden folders and links are reported as one entry and not entered.

    Raises:
        ArticlesError: The folder is missing, is no folder, or cannot be listed.
    """
    try:
        with os.scandir(folder):
            pass
    except FileNotFoundError:
        raise ArticlesError(f"no folder at {str(folder)!r}; name one that is there") from None
    except NotADirectoryError:
        raise ArticlesError(f"{str(folder)!r} is a file; name the folder that holds it") from None
    except (OSError, ValueError) as error:
        raise ArticlesError(f"cannot list {str(folder)!r}: {_why(error)}") from None
    return _walk(folder, settings)


def _walk(folder: Path, settings: Settings) -> Iterator[Found | Skipped]:
    todo = [(folder, "")]
    while todo:
        here, prefix = todo.pop()
        try:
            with os.scandir(here) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Skipped(_printable(prefix), f"the folder cannot be listed: {_why(error)}.")
            continue
        folders = []
        for entry in entries:
            name = prefix + entry.name
            found = _judge(entry, name, settings)
            if found is None:
                folders.append((Path(entry.path), name + "/"))
            else:
                yield found
        todo += reversed(folders)


def _judge(entry: os.DirEntry[str], name: str, settings: Settings) -> Found | Skipped | None:
    """Decide about one entry; None is a folder to enter."""
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return Skipped(_printable(name), f"it cannot be looked at: {_why(error)}.")
    mode = status.st_mode
    if reason := _bad_name(entry.name):
        return Skipped(_printable(name), reason)
    if stat.S_ISLNK(mode):
        return Skipped(name, "it is a link; links are not followed.")
    if entry.name.startswith("."):
        return Skipped(name, "it is hidden (its name begins with a dot).")
    if stat.S_ISDIR(mode):
        return None
    for is_kind, kind in _ENTRY_KINDS:
        if is_kind(mode):
            return Skipped(name, f"it is {kind}, not a file.")
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in formats.SUFFIXES:
        known = ", ".join(sorted(formats.SUFFIXES))
        kind = f"files of type {suffix}" if suffix else "files without a suffix"
        return Skipped(name, f"{kind} are not read; {known} are.")
    if status.st_size > settings.max_file_bytes:
        return Skipped(name, _too_large(status.st_size, settings))
    return Found(name, Path(entry.path), status.st_size)


def read(found: Found, settings: Settings) -> Article | Skipped:
    r"""Read one file that ``walk`` found. Never raises for what the file holds.

    The text is normalised once, here: line ends become ``\n``; NUL and lone surrogates become
    U+FFFD; soft hyphens go, with the line end that one parts a word at. All offsets anywhere are
    into this text.
    """
    try:
        data = _read_bytes(found, settings)
        parsed = formats.parse(found.name, data, settings)
        text = _NOT_TEXT.sub("\ufffd", _PARTED.sub("", _LINE_ENDS.sub("\n", parsed.text)))
        if not text.strip():
            raise formats.Unreadable("it is empty.")
        if len(text) > settings.max_text_chars:
            raise formats.Unreadable(
                f"its text has {len(text):,} characters, more than "
                f"max_text_chars={settings.max_text_chars:,}."
            )
    except formats.Hindered as error:
        return Hindered(found.name, f"{str(error).rstrip('.')}; {_NEXT}")
    except formats.Unreadable as error:
        return Skipped(found.name, str(error))
    except OSError as error:
        return Hindered(found.name, f"it cannot be read: {_why(error)}.")
    except MemoryError:
        return Hindered(found.name, f"there was too little memory to read it; {_NEXT}")
    except RecursionError as error:
        return Skipped(found.name, f"it is too complex to read ({type(error).__name__}).")
    marked = furniture.mark(text)
    return Article(
        name=found.name,
        title=choose_title(_without_soft(parsed.title), text, marked, found.name),
        text=text,
        digest=hashlib.sha256(data).hexdigest(),
        publisher=_one_line(parsed.publisher),
        author=_one_line(parsed.author),
        published=parsed.published,
        furniture=marked,
    )


def _read_bytes(found: Found, settings: Settings) -> bytes:
    """Read a regular file whole, never through a link, never blocking on a pipe."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(found.path, flags | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
    with open(handle, "rb") as file:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise formats.Unreadable("it is no longer a regular file.")
        data = file.read(settings.max_file_bytes + 1)
        after = os.fstat(handle)
    if len(data) > settings.max_file_bytes:
        raise formats.Unreadable(_too_large(max(len(data), after.st_size), settings))
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise formats.Unreadable("it changed while it was being read; refresh to read it again.")
    return data


def _bad_name(name: str) -> str | None:
    """Why a name cannot be shown or stored, if it cannot."""
    kinds = {unicodedata.category(ch) for ch in name}
    if "Cs" in kinds:
        return "its name is not valid UTF-8; rename it."
    if kinds & {"Cc", "Zl", "Zp"} or _BIDI.intersection(name):
        return "its name holds control characters; rename it."
    return None


def _printable(name: str) -> str:
    """The name with what cannot be shown written as escapes, on one line."""
    if not _bad_name(name):
        return name
    return "".join(
        ch.encode("unicode_escape").decode() if _bad_name(ch) or ch == "\\" else ch for ch in name
    )


def _too_large(size: int, settings: Settings) -> str:
    return f"it has {size:,} bytes, more than max_file_bytes={settings.max_file_bytes:,}."


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _without_soft(value: str | None) -> str:
    return (value or "").replace(SOFT_HYPHEN, "")


def _one_line(value: str | None) -> str | None:
    cleaned = " ".join(_NOT_TEXT.sub("\ufffd", _without_soft(value)).split())
    return cleaned[:200] or None
