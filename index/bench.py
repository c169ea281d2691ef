"""What building and asking cost here, next to the machine's own limit and to other libraries."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index import corpus, peers
from rag import Answer, Assistant
from rag.articles import passages
from rag.encoding.embedding import BundledEmbedder
from rag.search.library import Library

_LAYERS, _WIDTH, _INNER = 6, 384, 1536  # of the bundled encoder


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: its name, the median of its runs, the smallest and the largest, and its unit."""

    name: str
    value: float
    low: float
    high: float
    unit: str


def row(name: str, values: Sequence[float], unit: str) -> Row:
    """Return the median of some runs with their spread."""
    return Row(name, statistics.median(values), min(values), max(values), unit)


def run(articles: int, runs: int, with_peers: bool) -> list[Row]:
    """Measure everything on made articles and return the figures.

    Args:
        articles: Number of articles to build and ask.
        runs: Times that each build and each cold start is run.
        with_peers: Whether to measure the peers, too.
    """
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        corpus.write_articles(root / "articles", articles)
        index = root / "index"
        found = _building(root / "articles", index, runs)
        texts = _passages(root / "articles", index)
        found += _encoding(texts)
        found += _asking(root / "articles", index, articles)
        found += _cold(root / "articles", index, runs)
        if with_peers:
            found += _beside_peers(found, texts, root, runs)
        return found


def table(rows: Sequence[Row]) -> str:
    """Return figures as a Markdown table."""
    lines = ["| what | median | spread | |", "|---|---:|---:|---|"]
    for one in rows:
        spread = f"{one.low:.3g} to {one.high:.3g}"
        lines.append(f"| {one.name} | {one.value:.3g} | {spread} | {one.unit} |")
    return "\n".join(lines)


def _building(folder: Path, index: Path, runs: int) -> list[Row]:
    articles, parts = [], []
    count = sum(1 for _ in folder.iterdir())
    BundledEmbedder().embed(["warm"])
    for _ in range(runs):
        shutil.rmtree(index, ignore_errors=True)
        began = time.perf_counter()
        with Library.open(folder, index) as library:
            took = time.perf_counter() - began
            articles.append(count / took)
            parts.append(library.state.passages / took)
    again = []
    for _ in range(runs):
        began = time.perf_counter()
        Library.open(folder, index).close()
        again.append(time.perf_counter() - began)
    size = sum(path.stat().st_size for path in index.iterdir()) / count
    return [
        row(f"build, {count} articles from files to index", articles, "articles/s"),
        row("the same in passages", parts, "passages/s"),
        row(f"open again, {count} unchanged articles", again, "s"),
        row("index on disk", [size / 1000], "kB an article"),
    ]


def _passages(folder: Path, index: Path) -> list[str]:
    """Return what is encoded of each passage: its text behind its article's title."""
    with Library.open(folder, index, refresh=False) as library:
        count, size = library.embedder.count_tokens, library.embedder.max_tokens
        texts = []
        for name in library.names():
            title = passages.fit_title(library.article(name).title, count, size)
            texts += [passages.embedding_text(title, one.text) for one in library.passages(name)]
        return texts


def _encoding(texts: list[str]) -> list[Row]:
    """Encode some passages, and compute what the machine's own product would allow."""
    import torch

    embedder = BundledEmbedder()
    sample = texts[:2048]
    lengths = np.array(embedder.count_tokens(sample), float)
    rates = []
    for _ in range(3):
        began = time.perf_counter()
        embedder.embed(sample)
        rates.append(len(sample) / (time.perf_counter() - began))
    dense = 2 * lengths * (4 * _WIDTH**2 + 2 * _WIDTH * _INNER)
    work = _LAYERS * (dense + 4 * lengths**2 * _WIDTH)
    # A processor that has no bf16 is slower in it than in fp32.
    speed, kind = max(
        (_product_speed(kind), str(kind).removeprefix("torch."))
        for kind in (torch.bfloat16, torch.float32))
    limit = speed / float(work.mean())
    return [
        row("encode alone", rates, "passages/s"),
        row(f"limit: {kind} product, {speed / 1e9:.0f} GFLOP/s", [limit], "passages/s"),
        row("encode / limit", [rate / limit for rate in rates], ""),
    ]


def _product_speed(kind: Any, size: int = 2048) -> float:
    """Operations a second of a square matrix product, the best of six."""
    import torch

    left, right = (torch.ones(size, size, dtype=kind) for _ in range(2))
    took = []
    for _ in range(6):
        began = time.perf_counter()
        left @ right
        took.append(time.perf_counter() - began)
    return 2 * size**3 / min(took)


def _asking(folder: Path, index: Path, count: int) -> list[Row]:
    facts = [corpus.fact(number) for number in range(0, count, max(1, count // 100))]
    questions = [question for question, _ in facts]
    with Assistant.open(folder, index, refresh=False) as assistant:
        library = assistant.library
        for question in questions[:5]:
            assistant.ask(question)
        search = _milliseconds(questions, library.search)
        answers: list[Answer] = []
        ask = _milliseconds(questions, lambda question: answers.append(assistant.ask(question)))
        right = [told(one, sentence) for one, (_, sentence) in zip(answers, facts, strict=True)]
    return [
        row("questions answered, and with the right sentence", [100 * float(np.mean(right))], "%"),
        Row("search, warm, p50 (p5 to p95)", *_middle(search), "ms"),
        Row("whole answer, warm, p50 (p5 to p95)", *_middle(ask), "ms"),
    ]


def told(answer: Answer, sentence: str) -> bool:
    """Tell whether an answer is given and stands on a sentence."""
    return answer.outcome == "answered" and any(sentence in c.quote for c in answer.citations)


def _cold(folder: Path, index: Path, runs: int) -> list[Row]:
    command = [sys.executable, "-m", "rag", "ask", "--articles", str(folder)]
    command += ["--index", str(index), corpus.fact(7)[0]]
    took = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, env=dict(os.environ), check=False)
        took.append(time.perf_counter() - began)
        if done.returncode not in (0, 3):
            raise RuntimeError(done.stderr.decode()[-800:])
    return [row("rag ask, process start to answer", took[1:], "s")]


def _beside_peers(found: list[Row], texts: list[str], root: Path, runs: int) -> list[Row]:
    ours = {one.name: one.value for one in found}
    rate = ours["the same in passages"]
    cold = ours["rag ask, process start to answer"]
    rows: list[Row] = []
    for peer in peers.measure(texts, root, runs):
        speeds = [len(texts) / seconds for seconds in peer.build_s]
        rows += [
            row(f"{peer.name}: embed and index", speeds, "passages/s"),
            row(f"our whole build / {peer.name}", [rate / speed for speed in speeds], "times"),
            row(f"{peer.name}: process start, load, search once", peer.cold_s, "s"),
            row(f"{peer.name} / our cold answer", [one / cold for one in peer.cold_s], "times"),
        ]
    return rows


def _milliseconds(questions: Sequence[str], call: Callable[[str], Any]) -> list[float]:
    took = []
    for question in questions:
        began = time.perf_counter()
        call(question)
        took.append(1000 * (time.perf_counter() - began))
    return took


def _middle(values: Sequence[float]) -> tuple[float, float, float]:
    p5, p50, p95 = np.percentile(values, [5, 50, 95])
    return float(p50), float(p5), float(p95)
