"""Bringing a truth in step with its folder: what changed, and writing just that.

Files are compared by the SHA-256 of their bytes. Vectors are found again by the words that were
embedded, so a renamed file, or a changed one's unchanged passages, cost no encoding. While one
batch is encoded the next is read and split. Lines that recur across articles count as furniture;
an article is split again when the set of its lines that recur has changed.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from rag import articles, furniture, passages
from rag.bert import Floats
from rag.embedding import Embedder
from rag.errors import SettingsError
from rag.settings import Settings
from rag.store import rows
from rag.store.reading import Entry
from rag.store.writing import Writer
from rag.types import Article, Passage, Skipped

Progress = Callable[[str, int, int], None]
_BATCH = 512  # passages encoded together
_HELD = 50_000_000  # characters of articles kept in memory between the two passes


@dataclass(frozen=True, slots=True)
class Changes:
    """What a refresh found; names sorted.

    Attributes:
        added: New articles.
        changed: Articles whose file changed.
        removed: Articles whose file is gone or no longer an article.
        skipped: All files that are not articles, with why.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What differs between a folder and its truth.

    Attributes:
        read: Files to be read: new, or changed.
        removed: Articles that have no file.
        skipped: Files known to be no articles, with what they are known by.
        files: Number of files that can be articles.
    """

    read: tuple[articles.Found, ...]
    removed: tuple[str, ...]
    skipped: Mapping[Skipped, str | None]
    files: int


@dataclass(frozen=True, slots=True)
class _Ready:
    """An article that is split; its passages' sources, and the vectors already known."""

    article: Article
    outline: rows.Outlined
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    known: dict[str, bytes]


def plan(
    folder: Path,
    settings: Settings,
    entries: Mapping[str, Entry],
    skipped: Mapping[Skipped, str | None],
    progress: Progress,
) -> Plan:
    """Compare a folder with what its truth lists, by content.

    Args:
        folder: The articles' folder.
        settings: The limits of reading.
        entries: The truth's articles; empty to read everything again.
        skipped: The truth's skipped files; empty to read them again.
        progress: Told how many files were looked at.

    Raises:
        ArticlesError: The folder is missing or cannot be listed.
    """
    refused = {one.name: (one, known) for one, known in skipped.items() if known}
    read: list[articles.Found] = []
    still: dict[Skipped, str | None] = {}
    seen: set[str] = set()
    found = list(articles.walk(folder, settings))
    files = 0
    for done, one in enumerate(found, 1):
        if isinstance(one, Skipped):
            still[one] = None
        else:
            files += 1
            seen.add(one.name)
            digest = _digest(one.path)
            old, known = refused.get(one.name, (None, None))
            if one.name in entries and entries[one.name].digest == digest:
                pass
            elif old is not None and known == _known(digest, settings):
                still[old] = known
            else:
                read.append(one)
        progress("looking", done, len(found))
    gone = tuple(sorted(set(entries) - seen))
    return Plan(tuple(read), gone, still, files)


def apply(
    writer: Writer, plan: Plan, embedder: Embedder, settings: Settings, progress: Progress
) -> tuple[Changes, dict[Skipped, str | None]]:
    """Write a plan into the truth, one transaction an article.

    Returns:
        The changes, and the skipped files with what each is known by.
    """
    before = writer.entries()
    skipped = dict(plan.skipped)
    outlines: dict[str, furniture.Outline] = {}
    held: dict[str, Article] = {}
    room = _HELD
    for done, found in enumerate(plan.read, 1):
        digest = _digest(found.path)
        article = articles.read(found, settings)
        if isinstance(article, Skipped):
            lasting = digest if digest == _digest(found.path) else None
            skipped[article] = _known(lasting, settings)
        else:
            outlines[found.name] = furniture.outline(article.text)
            room -= len(article.text)
            if room > 0:
                held[found.name] = article
        progress("reading", done, len(plan.read))
    fallen = {one.name for one in skipped} & set(before)
    removed = sorted(fallen.union(plan.removed))
    kept = {name: one.outline for name, one in before.items() if name not in removed}
    lines = {name: furniture.Outline(o.edges, o.body) for name, o in kept.items()} | outlines
    recurring = furniture.recurring_lines(lines.values())
    again = [
        name
        for name, one in kept.items()
        if name not in outlines and one.applied != one.edges & recurring
    ]

    def texts() -> Iterator[tuple[Article, furniture.Outline]]:
        for found in plan.read:
            if found.name in outlines:
                article = held.pop(found.name, None) or articles.read(found, settings)
                if isinstance(article, Article):
                    yield article, furniture.outline(article.text)
        for name in again:
            stored = writer.article(name)
            if stored is not None:
                yield stored, lines[name]

    total = len(outlines) + len(again)
    _write(writer, texts(), recurring, embedder, settings, total, progress)
    for name in removed:
        writer.forget(name)
    changes = Changes(
        added=tuple(sorted(set(outlines) - set(before))),
        changed=tuple(sorted(set(outlines) & set(before))),
        removed=tuple(removed),
        skipped=tuple(sorted(skipped, key=lambda one: one.name)),
    )
    return changes, skipped


def _write(
    writer: Writer,
    found: Iterator[tuple[Article, furniture.Outline]],
    recurring: frozenset[str],
    embedder: Embedder,
    settings: Settings,
    total: int,
    progress: Progress,
) -> None:
    """Split, encode and store articles; one batch is encoded while the next is split."""
    waiting: tuple[list[_Ready], list[str], Future[Floats]] | None = None
    done = 0

    def store(batch: list[_Ready], texts: list[str], encoded: Future[Floats]) -> None:
        nonlocal done
        vectors = {t: rows.pack_vector(v) for t, v in zip(texts, encoded.result(), strict=True)}
        for one in batch:
            packed = [
                (p, rows.source_of(t), one.known.get(t) or vectors[t])
                for p, t in zip(one.passages, one.texts, strict=True)
            ]
            writer.put(one.article, one.outline, packed)
            done += 1
            progress("indexing", done, total)

    with ThreadPoolExecutor(1) as pool:
        for batch in _batches(_split(writer, found, recurring, embedder, settings)):
            texts = list(dict.fromkeys(t for r in batch for t in r.texts if t not in r.known))
            encoding = pool.submit(embedder.embed, texts)
            if waiting is not None:
                store(*waiting)
            waiting = (batch, texts, encoding)
        if waiting is not None:
            store(*waiting)


def _split(
    writer: Writer,
    found: Iterator[tuple[Article, furniture.Outline]],
    recurring: frozenset[str],
    embedder: Embedder,
    settings: Settings,
) -> Iterator[_Ready]:
    window = settings.passage_tokens
    for article, outline in found:
        if window > embedder.max_tokens:
            raise SettingsError(
                f"setting passage_tokens={window} is more than the {embedder.max_tokens} tokens "
                f"that the embedder {embedder.name} reads; use 0 for its whole window"
            )
        size = window or embedder.max_tokens
        applied = outline.edges & recurring
        marked = replace(article, furniture=furniture.mark(article.text, applied))
        parts = passages.split(marked, embedder.count_tokens, size, settings.overlap_sentences)
        title = passages.fit_title(article.title, embedder.count_tokens, size)
        texts = tuple(passages.embedding_text(title, part.text) for part in parts)
        known = {}
        for text in texts:
            vector = writer.vector_of(rows.source_of(text))
            if vector is not None:
                known[text] = vector
        lines = rows.Outlined(outline.edges, outline.body, applied)
        yield _Ready(marked, lines, parts, texts, known)


def _batches(ready: Iterator[_Ready]) -> Iterator[list[_Ready]]:
    batch: list[_Ready] = []
    size = 0
    for one in ready:
        batch.append(one)
        size += len(one.texts) - len(one.known)
        if size >= _BATCH or len(batch) >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _digest(path: Path) -> str | None:
    """Digest a regular file without following a link or waiting for a pipe; None if it cannot."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _known(digest: str | None, settings: Settings) -> str | None:
    """What a skipped file is known by: its content and the limits that it was read with."""
    if digest is None:
        return None
    limits = (
        settings.max_file_bytes,
        settings.max_text_chars,
        settings.max_pages,
        settings.max_expansion,
    )
    return f"{digest} {' '.join(map(str, limits))}"
