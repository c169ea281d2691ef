"""Bringing a truth in step with its folder: what changed, and writing just that.

Files are compared by the SHA-256 of their bytes. Vectors are found again by the words that were
embedded, so a renamed file, or a changed one's unchanged passages, cost no encoding. While some
passages are encoded other files are read and split. Lines that recur across articles count as
furniture, so an article that has lines which can recur waits until all files are read; it is
split again when the set of its lines that recur has changed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from rag.articles import furniture, loading, passages
from rag.encoding.bert import Floats
from rag.encoding.embedding import Embedder
from rag.search.planning import Plan, Progress, digest_of, known_by, require_window
from rag.search.store import rows
from rag.search.store.reading import Entry
from rag.search.store.writing import Writer
from rag.settings import Settings
from rag.types import Article, Passage, Skipped

_BATCH = 512  # passages encoded together
_FIRST = 160  # of the first batch, so that encoding begins soon
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


@dataclass(frozen=True, slots=True)
class _Encoding:
    """Threads that encode; ``prepared`` is done when the model is loaded."""

    pool: ThreadPoolExecutor
    prepared: Future[None] | None


def apply(
    writer: Writer, plan: Plan, embedder: Embedder, settings: Settings, progress: Progress
) -> tuple[Changes, dict[Skipped, str | None]]:
    """Write a plan into the truth, an article and its passages in one transaction.

    Returns:
        The changes, and the skipped files with what each is known by.
    """
    with ThreadPoolExecutor(_AHEAD) as encoding:
        prepared = None
        if len(plan.read) >= _MANY:
            # The model loads while the first files are read; what is wrong with it is told when
            # it is first needed.
            prepared = encoding.submit(embedder.prepare)
        return _apply(writer, plan, embedder, settings, progress, _Encoding(encoding, prepared))


def _apply(
    writer: Writer, plan: Plan, embedder: Embedder, settings: Settings, progress: Progress,
    encoding: _Encoding,
) -> tuple[Changes, dict[Skipped, str | None]]:
    complete = writer.state().complete
    writer.begin_refresh()
    before = {found.name: writer.entry(found.name) for found in plan.read}
    skipped = dict(plan.skipped)
    outlines: dict[str, furniture.Outline] = {}
    done, total = 0, len(plan.read)

    def indexed(count: int) -> None:
        nonlocal done
        done += count
        progress("indexing", done, total)

    def removed() -> list[str]:
        fallen = {one.name for one in skipped if before.get(one.name)}
        return sorted(fallen.union(plan.removed))

    def texts() -> Iterator[tuple[Article, rows.Outlined]]:
        nonlocal total
        later: list[loading.Found] = []
        held: dict[str, Article] = {}
        room = _HELD
        for number, found in enumerate(plan.read, 1):
            article = _read(found, settings, skipped)
            if not done:
                progress("reading", number, len(plan.read))
            if article is None:
                total -= 1
                continue
            outlines[found.name] = one = furniture.outline(article.text)
            if not one.edges:
                yield article, rows.Outlined(one.edges, one.body, frozenset())
                continue
            later.append(found)
            if len(article.text) <= room:
                room -= len(article.text)
                held[found.name] = article
        earlier = [entry for entry in before.values() if entry]
        recurring, again = _recurring(writer, outlines, earlier, removed(), complete)
        total += len(again)
        for found in later:
            article, one = held.pop(found.name, None), outlines[found.name]
            if article is None:
                reread = loading.read(found, settings)
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

    _write(writer, texts(), embedder, settings, indexed, encoding)
    gone = removed()
    for name in gone:
        writer.forget(name)
    changes = Changes(
        added=tuple(sorted(name for name in outlines if not before[name])),
        changed=tuple(sorted(name for name in outlines if before[name])),
        removed=tuple(gone),
        skipped=tuple(sorted(skipped, key=lambda one: one.name)),
    )
    return changes, skipped


def _read(
    found: loading.Found, settings: Settings, skipped: dict[Skipped, str | None]
) -> Article | None:
    """Read a file; one that is no article joins those that are skipped."""
    digest = digest_of(found.path)
    article = loading.read(found, settings)
    if isinstance(article, Article):
        return article
    lasting = digest if digest == digest_of(found.path) else None
    hindered = isinstance(article, loading.Hindered)
    skipped[Skipped(article.name, article.reason)] = known_by(lasting, settings, hindered)
    return None


def _recurring(
    writer: Writer,
    outlines: Mapping[str, furniture.Outline],
    earlier: Sequence[Entry],
    removed: Sequence[str],
    complete: bool,
) -> tuple[frozenset[str], dict[str, rows.Outlined]]:
    """Decide anew which lines recur, as far as that can have changed.

    Whether a line recurs depends on the articles that carry it alone, so only the lines of what
    changed are looked at; after an interrupted refresh, those of all articles.

    Args:
        writer: The truth; some of the articles read may be stored in it already.
        outlines: The articles read.
        earlier: What was stored of them before.
        removed: Articles that are to be removed.
        complete: Whether the refresh before this one came to its end.

    Returns:
        The lines of the read articles that recur, and the unread articles that are to be split
        again, with what of them recurs now.
    """
    gone = {*outlines, *removed}
    before = [*earlier, *filter(None, map(writer.entry, removed))]
    before += [] if complete else writer.entries().values()
    touched = {line for one in outlines.values() for line in one.edges}
    touched |= {line for one in before for line in one.outline.edges}
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
    indexed: Callable[[int], None],
    encoding: _Encoding,
) -> None:
    """Split, encode and store articles; some passages are encoded while others are split."""
    waiting: deque[tuple[list[_Ready], list[str], Future[Floats]]] = deque()

    def store() -> None:
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
            indexed(len(some))

    for batch in _batches(_split(writer, found, embedder, settings)):
        texts = list(dict.fromkeys(t for r in batch for t in r.texts if t not in r.known))
        if len(waiting) == _AHEAD:
            store()
        waiting.append((batch, texts, encoding.pool.submit(embedder.embed, texts)))
        if encoding.prepared is not None:
            # Reading and loading are Python for the most part, and would slow each other down.
            wait([encoding.prepared])
    while waiting:
        store()


def _split(
    writer: Writer,
    found: Iterator[tuple[Article, rows.Outlined]],
    embedder: Embedder,
    settings: Settings,
) -> Iterator[_Ready]:
    for article, outline in found:
        require_window(embedder, settings)
        size = settings.passage_tokens or embedder.max_tokens
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
    size, room = 0, _FIRST
    for one in ready:
        batch.append(one)
        size += len(one.texts) - len(one.known)
        if size >= room or len(batch) >= room:
            yield batch
            batch, size, room = [], 0, _BATCH
    if batch:
        yield batch
