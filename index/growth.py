"""How costs grow with the number of passages, up to a million.

The passages are those of made articles; from the second round on their vectors are real ones with
a little noise, so that they lie in clusters as real ones do. Each size is measured in a process
of its own, so that its memory is its own.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import corpus
from rag.encoding.embedding import BundledEmbedder
from rag.search import place, upkeep
from rag.search.library import Library
from rag.search.store import connection, rows, searching
from rag.search.store.reading import Reader
from rag.search.store.writing import Embedded, Writer
from rag.search.words import query_words
from rag.settings import Settings
from rag.types import Article, Filters, Passage

SIZES = (1_000, 10_000, 100_000, 1_000_000)
_PER_ARTICLE = 20
_REAL = 4_000  # passages whose vectors are computed
NOISE = 0.02  # standard deviation of the noise in each of the 384 components
_QUESTIONS = 100
Floats = NDArray[np.float32]
LABELS = {
    "build_s": "build, vectors given, s",
    "open_s": "open, checked whole, s",
    "first_s": "first search, s",
    "search_ms": "search, p50, ms",
    "search_p95_ms": "search, p95, ms",
    "words_ms": "common words alone, ms",
    "recall": "recall@10",
    "memory_mb": "resident memory, MB",
    "disk_mb": "on disk, MB",
    "add_s": "add 100 articles, s",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one size costs.

    Attributes:
        passages: Size.
        build_s: Seconds to write the truth, vectors given, and to publish and seal it.
        open_s: Seconds to open it, checked whole.
        first_s: Seconds of the first search, which loads the vectors and the encoder.
        search_ms: Median of a fused search, question encoded.
        search_p95_ms: 95th percentile of it.
        words_ms: Median of the word search alone, for questions of common words.
        recall: Share of the exact ten nearest that the vector search returns.
        memory_mb: Largest resident memory of the process that opened and searched.
        disk_mb: Size of the index.
        add_s: Seconds to add 100 articles of one passage, publish what must be and seal.
    """

    passages: int
    build_s: float
    open_s: float
    first_s: float
    search_ms: float
    search_p95_ms: float
    words_ms: float
    recall: float
    memory_mb: float
    disk_mb: float
    add_s: float


def measure(largest: int, folder: Path | None = None) -> Iterator[Step]:
    """Yield the costs of each size up to ``largest``."""
    with tempfile.TemporaryDirectory(dir=folder) as place_:
        for size in (size for size in SIZES if size <= largest):
            root = Path(place_) / str(size)
            (root / "articles").mkdir(parents=True)
            built, used = (_apart(mode, root, size) for mode in ("build", "use"))
            yield Step(passages=size, **built, **used)


def _apart(mode: str, root: Path, size: int) -> dict[str, float]:
    """Run one part in a process of its own, of a small one: Linux passes a peak of memory on."""
    command = [sys.executable, "-m", "index.growth", mode, str(root), str(size)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def table(steps: Sequence[Step]) -> str:
    """Return steps as a Markdown table, one column a size."""
    lines = ["| passages | " + " | ".join(f"{step.passages:,}" for step in steps) + " |"]
    lines.append("|---|" + "---:|" * len(steps))
    for name, label in LABELS.items():
        values = " | ".join(f"{getattr(step, name):.3g}" for step in steps)
        lines.append(f"| {label} | {values} |")
    return "\n".join(lines)


def build(folder: Path, index: Path, size: int) -> float:
    """Write an index of ``size`` passages without files; return the seconds it took."""
    texts, vectors = real(min(size, _REAL))
    rng = np.random.default_rng(size)
    embedder = BundledEmbedder()
    began = time.perf_counter()
    with place.locked(index):
        writer = Writer(connection.create(index), index)
        writer.begin(place.first_state(folder, Settings(), embedder))
        for start in range(0, size, _PER_ARTICLE):
            numbers = range(start, min(start + _PER_ARTICLE, size))
            noisy = vectors[np.array(numbers) % len(texts)].copy()
            if start >= len(texts):
                noisy += rng.normal(scale=NOISE, size=noisy.shape).astype(np.float32)
                noisy /= np.linalg.norm(noisy, axis=1, keepdims=True)
            _put(writer, start // _PER_ARTICLE, [texts[n % len(texts)] for n in numbers], noisy)
        writer.finish({}, str(folder))
        upkeep.settle(index, writer)
        writer.connection.close()
    return time.perf_counter() - began


def _put(writer: Writer, number: int, texts: list[str], vectors: Floats) -> None:
    name = f"{number:06}.txt"
    stamped = [f"{text} Copy {number} of the survey." for text in texts]
    whole = "\n".join(stamped)
    passages: list[Embedded] = []
    here = 0
    for ordinal, (text, vector) in enumerate(zip(stamped, vectors, strict=True)):
        end = here + len(text)
        passage = Passage(name, ordinal, here, end, text, ((here, end),))
        passages.append((passage, rows.source_of(text), rows.pack_vector(vector)))
        here = end + 1
    nothing = rows.Outlined(frozenset(), frozenset(), frozenset())
    writer.put(Article(name, f"Report {number}", whole, f"{number:064x}"), nothing, passages)


def real(count: int) -> tuple[list[str], Floats]:
    """Return made passages of about 100 words with their real vectors."""
    known = corpus.seed_sentences()
    texts = []
    for number in range(count):
        picks = random.Random(number)
        chosen = [*picks.sample(known, 3), corpus.fact(number)[1]]
        picks.shuffle(chosen)
        texts.append(" ".join(chosen))
    return texts, BundledEmbedder().embed(texts)


def use(root: Path, size: int) -> dict[str, float]:
    """Open, search and extend an index; return what that cost."""
    folder, index = root / "articles", root / "index"
    began = time.perf_counter()
    with Library.open(folder, index, refresh=False) as library:
        opened = time.perf_counter()
        library.search("How many lamps did the survey of Garrow 17 count?")
        first = time.perf_counter()
        questions = [corpus.fact(n * 37 % size)[0] for n in range(_QUESTIONS)]
        search = [_seconds(partial(library.search, question)) for question in questions]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    opened_index = connection.connect(index, write=False)
    reader = Reader(opened_index, index)
    common = query_words("the military government of the country and its security")
    rank = partial(searching.rank_words, reader, common, 50, 0.5, Filters())
    words = [_seconds(rank) for _ in range(10)]
    with Library.open(folder, index, Settings(ranking="dense"), refresh=False) as library:
        recall = _recall(library, reader, questions[:50])
    opened_index.close()
    return {
        "open_s": opened - began,
        "first_s": first - opened,
        "search_ms": 1000 * float(np.median(search)),
        "search_p95_ms": 1000 * float(np.percentile(search, 95)),
        "words_ms": 1000 * float(np.median(words)),
        "recall": recall,
        "memory_mb": memory,
        "disk_mb": sum(path.stat().st_size for path in index.iterdir()) / 1e6,
        "add_s": _add(index),
    }


def _recall(library: Library, reader: Reader, questions: list[str]) -> float:
    """Return the share of the exact ten nearest passages that the vector search returns."""
    asked = np.stack([library.embedder.embed_question(question) for question in questions])
    best = np.zeros((len(questions), 0), np.float32)
    ids = np.zeros((len(questions), 0), np.int64)
    for block, vectors in reader.vectors(0, asked.shape[1]):
        best = np.concatenate([best, asked @ vectors.T], axis=1)
        ids = np.concatenate([ids, np.broadcast_to(block, (len(asked), len(block)))], axis=1)
        keep = np.argsort(-best, axis=1, kind="stable")[:, :10]
        best, ids = np.take_along_axis(best, keep, 1), np.take_along_axis(ids, keep, 1)
    shares = []
    for question, wanted in zip(questions, ids.tolist(), strict=True):
        exact = {
            (one.passage.article, one.passage.ordinal) for one in reader.stored(wanted).values()
        }
        hits = {
            (hit.passage.article, hit.passage.ordinal) for hit in library.search(question, k=10)
        }
        shares.append(len(exact & hits) / len(exact))
    return float(np.mean(shares))


def _add(index: Path) -> float:
    """Add 100 articles of one passage, vectors given; return the seconds until it is sealed."""
    texts, vectors = real(100)
    began = time.perf_counter()
    with place.locked(index):
        writer = Writer(connection.connect(index, write=True), index)
        for number, (text, vector) in enumerate(zip(texts, vectors, strict=True)):
            _put(writer, 900_000 + number, [text], vector[None])
        upkeep.settle(index, writer)
        writer.connection.close()
    return time.perf_counter() - began


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    _root, _size = Path(sys.argv[2]), int(sys.argv[3])
    if sys.argv[1] == "build":
        print(json.dumps({"build_s": build(_root / "articles", _root / "index", _size)}))
    else:
        print(json.dumps(use(_root, _size)))
