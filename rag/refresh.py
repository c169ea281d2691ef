"""Bringing a truth in step with its folder: what changed, and writing just that.

Files are compared by the SHA-256 of their bytes. Vectors are found again by the words that were
embedded, so a renamed file, or a changed one's unchanged passages, cost no encoding. While some
passages are encoded others are split. Lines that recur across articles count as furniture;
an article is split again when the set of its lines that recur has changed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from rag import articles, furniture, passages
from rag.bert import Floats
from rag.embedding import Embedder
from rag.errors import SettingsError
from rag.planning import Plan, Progress, digest_of, known_by
from rag.settings import Settings
from rag.store import rows
from rag.store.writing import Writer
from rag.types import Article, Passage, Skipped

_BATCH = 512  # passages encoded together
_AHEAD = 2  # batches that wait for vectors: one is cut into tokens while the other is encoded
_TOGETHER = 16  # articles written in one transaction: fewer waits, and little to do again
_MANY = 50  # files to read from which some passage will need encoding, almost surely
_CARRIERS = 1000  # articles that are looked at to see whether a line recurs
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
class _Ready:
    """An article that is split; its passages' sources, and the vectors already known."""

    article: Article
    outline: rows.Outlined
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    known: dict[str, bytes]


def apply(
    writer: Writer, plan: Plan, embedder: Embedder, settings: Settings, progress: Progress
) -> tuple[Changes, dict[Skipped, str | None]]:
    """Write a plan into the truth, an article and its passages in one transaction.

    Returns:
        The changes, and the skipped files with what each is known by.
    """
    with ThreadPoolExecutor(_AHEAD) as encoding:
        if len(plan.read) >= _MANY:
            # The model loads while the files are read; what is wrong with it is told when it
            # is first needed.
            encoding.submit(embedder.prepare)
        return _apply(writer, plan, embedder, settings, progress, encoding)


def _apply(
    writer: Writer, plan: Plan, embedder: Embedder, settings: Settings, progress: Progress,
    encoding: ThreadPoolExecutor,
) -> tuple[Changes, dict[Skipped, str | None]]:
    complete = writer.state().complete
    writer.begin_refresh()
    before = {found.name: writer.entry(found.name) for found in plan.read}
    skipped = dict(plan.skipped)
    outlines: dict[str, furniture.Outline] = {}
    held: dict[str, Article] = {}
    room = _HELD
    for done, found in enumerate(plan.read, 1):
        digest = digest_of(found.path)
        article = articles.read(found, settings)
        if isinstance(article, Skipped):
            lasting = digest if digest == digest_of(found.path) else None
            skipped[article] = known_by(lasting, settings)
        else:
            outlines[found.name] = furniture.outline(article.text)
            room -= len(article.text)
            if room > 0:
                held[found.name] = article
        progress("reading", done, len(plan.read))
    fallen = {one.name for one in skipped if before.get(one.name)}
    removed = sorted(fallen.union(plan.removed))
    recurring, again = _recurring(writer, outlines, removed, complete)

    def texts() -> Iterator[tuple[Article, rows.Outlined]]:
        for found in plan.read:
            if found.name in outlines:
                article = held.pop(found.name, None)
                one = outlines[found.name]
                if article is None:
                    reread = articles.read(found, settings)
                    if not isinstance(reread, Article):
                        continue
                    article, one = reread, furniture.outline(reread.text)
                outlined = rows.Outlined(one.edges, one.body, one.edges & recurring)
                # Read just now, it is marked but for the lines that recur.
                yield _marked(article, outlined) if outlined.applied else article, outlined
        for name, outlined in again.items():
            stored = writer.article(name)
            if stored is not None:
                yield _marked(stored, outlined), outlined

    total = len(outlines) + len(again)
    _write(writer, texts(), embedder, settings, total, progress, encoding)
    for name in removed:
        writer.forget(name)
    changes = Changes(
        added=tuple(sorted(name for name in outlines if not before[name])),
        changed=tuple(sorted(name for name in outlines if before[name])),
        removed=tuple(removed),
        skipped=tuple(sorted(skipped, key=lambda one: one.name)),
    )
    return changes, skipped


def _recurring(
    writer: Writer,
    outlines: Mapping[str, furniture.Outline],
    removed: Sequence[str],
    complete: bool,
) -> tuple[frozenset[str], dict[str, rows.Outlined]]:
    """Decide anew which lines recur, as far as that can have changed.

    Whether a line recurs depends on the articles that carry it alone, so only the lines of what
    changed are looked at; after an interrupted refresh, those of all articles.

    Returns:
        The lines of the read articles that recur, and the unread articles that are to be split
        again, with what of them recurs now.
    """
    gone = {*outlines, *removed}
    before = list(writer.entries().values()) if not complete else map(writer.entry, sorted(gone))
    touched = {line for one in outlines.values() for line in one.edges}
    touched |= {line for one in before if one for line in one.outline.edges}
    carriers: dict[str, list[furniture.Outline]] = {line: [] for line in touched}
    for one in outlines.values():
        for line in one.edges:
            carriers[line].append(one)
    recurring = set()
    again: dict[str, rows.Outlined] = {}
    for line in sorted(carriers):
        kept = [one for one in writer.carriers(line, _CARRIERS) if one.name not in gone]
        bodies = [one.outline.body for one in kept] + [one.body for one in carriers[line]]
        alone = frozenset((line,))
        if line in furniture.recurring_lines(furniture.Outline(alone, body) for body in bodies):
            recurring.add(line)
        for entry in kept:
            now = again.get(entry.name, entry.outline)
            if (line in now.applied) != (line in recurring):
                again[entry.name] = replace(now, applied=now.applied ^ alone)
    return frozenset(recurring), again


def _write(
    writer: Writer,
    found: Iterator[tuple[Article, rows.Outlined]],
    embedder: Embedder,
    settings: Settings,
    total: int,
    progress: Progress,
    encoding: ThreadPoolExecutor,
) -> None:
    """Split, encode and store articles; some passages are encoded while others are split."""
    waiting: deque[tuple[list[_Ready], list[str], Future[Floats]]] = deque()
    done = 0

    def store() -> None:
        nonlocal done
        batch, texts, encoded = waiting.popleft()
        vectors = {t: rows.pack_vector(v) for t, v in zip(texts, encoded.result(), strict=True)}
        for first in range(0, len(batch), _TOGETHER):
            some = batch[first : first + _TOGETHER]
            with writer.together():
                for one in some:
                    packed = [
                        (p, rows.source_of(t), one.known.get(t) or vectors[t])
                        for p, t in zip(one.passages, one.texts, strict=True)
                    ]
                    writer.put(one.article, one.outline, packed)
            done += len(some)
            progress("indexing", done, total)

    for batch in _batches(_split(writer, found, embedder, settings)):
        texts = list(dict.fromkeys(t for r in batch for t in r.texts if t not in r.known))
        if len(waiting) == _AHEAD:
            store()
        waiting.append((batch, texts, encoding.submit(embedder.embed, texts)))
    while waiting:
        store()


def _split(
    writer: Writer,
    found: Iterator[tuple[Article, rows.Outlined]],
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
        parts = passages.split(article, embedder.count_tokens, size, settings.overlap_sentences)
        title = passages.fit_title(article.title, embedder.count_tokens, size)
        texts = tuple(passages.embedding_text(title, part.text) for part in parts)
        known = {}
        for text in texts:
            vector = writer.vector_of(rows.source_of(text))
            if vector is not None:
                known[text] = vector
        yield _Ready(article, outline, parts, texts, known)


def _marked(article: Article, outline: rows.Outlined) -> Article:
    return replace(article, furniture=furniture.mark(article.text, outline.applied))


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
